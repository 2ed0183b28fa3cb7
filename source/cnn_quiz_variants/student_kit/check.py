"""`check` and `progress`: what a student sees before handing in."""

from __future__ import annotations

import contextlib
import re
import sys

from student_kit.examples import FORMS, FUNCTIONS, WRITTEN
from student_kit.report import Report, report

SEEN: dict[str, Report] = {}
"""The last report of every question that was checked since the notebook was started."""

HEADS = {"holds": "✓", "fails": "✗", "not answered": "·"}


def check(question_id: str, answer: object) -> float | None:
    """Try the public examples of a question and print how far the answer comes.

    Parameters
    ----------
    question_id : str
        Id of the answer cell, such as "ex41-conv2d".
    answer : callable or object
        `lambda: conv2d`, so that a missing name is a message instead of an error; or the answer itself.

    Returns
    -------
    float or None
        None when everything that is public holds, else 0.0: `nbgrader validate` then names the question. It is no
        grade; hidden tests decide that.

    Examples
    --------
    >>> check("ex41-conv-parameters", lambda: ...)
    ex41-conv-parameters: not answered yet.
    0.0
    """
    # Anything on stderr would count as a failed test cell in nbgrader, so it goes where other printing goes.
    with contextlib.redirect_stderr(sys.stdout):
        found = report(question_id, answer)
    SEEN[question_id] = found
    print(as_text(found))
    return None if found.status == "holds" else 0.0


def as_text(found: Report) -> str:
    """Return a report in words."""
    if found.status == "not answered":
        return "\n".join([f"{found.question}: not answered yet.", *(f"  {line}" for line in found.lines)])
    head = "the public examples hold" if found.status == "holds" else "not there yet"
    if found.status == "holds" and found.question not in FUNCTIONS:
        return f"{found.question}: {found.lines[0]}"
    after = ["  Hidden tests try more than these examples."] if found.status == "holds" else []
    return "\n".join([f"{found.question}: {head}.", *(f"  {line}" for line in found.lines), *after])


def progress() -> None:
    """Print which questions of this notebook are answered and which public checks hold.

    Examples
    --------
    >>> _ = SEEN.clear()
    >>> progress()
    Run the check cells first, then this cell again.
    """
    notebooks = {notebook_of(question) for question in SEEN}
    if not notebooks:
        print("Run the check cells first, then this cell again.")
        return
    known = [*FUNCTIONS, *FORMS, *(question for question in SEEN if question not in {*FUNCTIONS, *FORMS})]
    questions = [question for question in known if notebook_of(question) in notebooks]
    questions.sort(key=lambda question: list(SEEN).index(question) if question in SEEN else len(SEEN))
    wide = max(map(len, questions))
    for question in questions:
        print(f"{_mark(question)} {question:<{wide}}  {_state(question)}")
    done = sum(question in SEEN and SEEN[question].status == "holds" for question in questions)
    print(f"\n{done} of {len(questions)} questions pass what is checked here.")
    print("Hidden tests try other inputs as well, so passing here does not mean full points.")
    _print_written({question: topic for question, topic in WRITTEN.items() if notebook_of(question) in notebooks})


def notebook_of(question_id: str) -> str:
    """Return what the ids of one notebook have in common: "ex41" of "ex41-conv2d", "q" of "q08"."""
    return re.split(r"-|\d+$", question_id, maxsplit=1)[0]


def _print_written(written: dict[str, str]) -> None:
    if written:
        print(f"\nWritten answers are read and marked by a person with a rubric: {', '.join(written.values())}.")
        print("This cell cannot see them; look for yourself whether you have answered.")


def _mark(question: str) -> str:
    return HEADS[SEEN[question].status] if question in SEEN else "·"


def _state(question: str) -> str:
    """Return one line on a question."""
    if question not in SEEN:
        return "not checked yet: run its check cell"
    found = SEEN[question]
    if found.status == "not answered":
        return "not answered yet"
    if found.status == "fails":
        return "answered, but a public check fails"
    return "answered, public examples hold" if question in FUNCTIONS else "answered, the form is fine"
