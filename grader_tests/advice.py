"""What a feedback page says beside a verdict: what to practice, a failing case that may be shown, an explanation.

The engine calls these functions with the grade_id of a test cell (``c.RedactFeedback.advice``). `reveal` runs in the
trusted process beside a student's that has never met a hidden test; the others need no student's code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader_tests.question import Question
from grader_tests.registry import QUESTIONS
from grader_tests.revealing import MIME_TYPE
from student_kit.call import silence, value_of


def topic(grade_id: str) -> str:
    """Return the topic of the bank that belongs to a question; nothing where there is none."""
    question = _question(grade_id)
    return "" if question is None else question.topic()


def explanation(grade_id: str, student: str) -> str:
    """Return in Markdown why the right answer is right, for pages made after a date; nothing where there is no text."""
    question = _question(grade_id)
    return "" if question is None else question.explanation(student)


def has_cases(grade_id: str) -> bool:
    """Return whether a question has cases that may be shown."""
    question = _question(grade_id)
    return question is not None and question.has_cases


def reveal(grade_id: str, value: Callable[[str], Any]) -> None:
    """Display a case of the pool that may be shown and that an answer fails; nothing where it fails none.

    Parameters
    ----------
    grade_id : str
        Of the test cell.
    value : callable
        Gives the student's value of a name.
    """
    question = _question(grade_id)
    if question is None or not question.has_cases:
        return
    with silence():
        case = question.reveal(value_of(lambda: value(question.name)))
    if case is not None:
        from IPython.display import display

        display({"text/plain": case["call"], MIME_TYPE: case}, raw=True)


def _question(grade_id: str) -> Question | None:
    return QUESTIONS.get(grade_id.removesuffix("-test"))
