"""Hidden checks: what is tried, how it is compared, what the student is told."""

from grader_tests.grading import examine, grade
from grader_tests.registry import QUESTIONS
from grader_tests.result import AspectResult, Result

__all__ = ["QUESTIONS", "AspectResult", "Result", "examine", "grade"]
