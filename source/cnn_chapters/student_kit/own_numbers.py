"""`ask`: a graded question with the numbers of whoever opened the notebook."""

from __future__ import annotations

from student_kit.call import value_of
from student_kit.drawn_items import Drawn, draw, drawn_items
from student_kit.plain import is_blank, type_name

HOW = 'Type your id above, in quotation marks, as in student = "ada", and run that cell and this one again.'


def ask(question: str, student: object) -> None:
    """Print a question with the numbers that belong to a student.

    Parameters
    ----------
    question : str
        Its id, such as "v01".
    student : callable or str
        ``lambda: student``, so that a missing name is a message instead of an error; or the id itself.

    Examples
    --------
    >>> ask("v01", lambda: ...)
    v01: your numbers depend on your id. Type your id above, in quotation marks, as in student = "ada", and run that \
cell and this one again.
    """
    found = value_of(student)
    if found.error or is_blank(found.value):
        print(f"{question}: your numbers depend on your id. {HOW}")
        return
    if type(found.value) is not str or not found.value.strip():
        kind = "an empty text" if type(found.value) is str else type_name(found.value)
        print(f"{question}: `student` is {kind}. {HOW}")
        return
    try:
        print(as_text(drawn_for(question, found.value), found.value))
    except ValueError as error:
        print(f"{question}: {error}")


def drawn_for(question: str, student: str) -> Drawn:
    """Return a question's variant for a student, whatever assignment it belongs to.

    Raises
    ------
    ValueError
        When no assignment has such a question.
    """
    items = drawn_items()
    for assignment, questions in items["own"].items():
        if question in questions:
            return draw(items["course"], assignment, question, student)
    known = [name for questions in items["own"].values() for name in questions]
    raise ValueError(f"there is no question {question!r}; legal: {', '.join(known)}")


def as_text(drawn: Drawn, student: str) -> str:
    """Return a question as text, with the form of its answer."""
    form = f"{drawn.question} = ({', '.join(drawn.asks)})" if drawn.asks else f"{drawn.question} = a number"
    decimals = f", {drawn.digits} decimals" if drawn.digits else ""
    return f"{drawn.title} (numbers for {student.strip()[:60]!r})\n\n{drawn.prompt}\n\nAnswer: {form}{decimals}"
