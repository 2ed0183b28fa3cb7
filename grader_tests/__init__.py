"""Hidden checks: the cases that are tried, the comparison, and the messages to the student."""

from grader_tests.grading import examine, grade
from grader_tests.prices import prices
from grader_tests.registry import QUESTIONS
from grader_tests.result import AspectResult, Result

__all__ = ["QUESTIONS", "AspectResult", "Result", "examine", "grade", "validate"]


def validate() -> None:
    """Raise ValueError with file, entry and rule where a price or a known answer is not legal; the build asks."""
    prices()
