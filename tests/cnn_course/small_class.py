"""A class of a few students with every state that a submission can be in, as data."""

from __future__ import annotations

from datetime import datetime

from cnn_course.reporting.gradebook import AssignmentResults, NotebookScore, QuestionScore, StudentResult
from cnn_course.reporting.table import GradedAssignment
from splitgrade.grading.record import NotebookRecord, RunRecord, SubmissionRecord

DUE = datetime(2026, 11, 20, 22, 0)


def book(*scores: float, waiting: bool = False, penalty: float = 0.0, name: str = "one") -> NotebookScore:
    """Return the score of a notebook with a question of 2 points and a written answer of 1."""
    easy, written = scores
    mark = "" if name == "one" else f"{name}-"
    questions = (
        QuestionScore(f"{mark}a-test", easy, 2.0, False, False),
        QuestionScore(f"{mark}b", written, 1.0, waiting, True),
    )
    return NotebookScore(name, questions, penalty)


def student(
    name: str, *notebooks: NotebookScore, late: float = 0.0, last: str = "", first: str = "", lms: str = ""
) -> StudentResult:
    """Return what a student has."""
    named = {each.name: each for each in notebooks}
    when = DUE if notebooks else None
    return StudentResult(name, first, last, f"{name}@example.org", lms, when, late, named)


def results(*students: StudentResult, maxima: dict[str, float] | None = None) -> AssignmentResults:
    """Return the results of a class in the assignment ``tiny``."""
    return AssignmentResults("tiny", DUE, maxima or {"one": 3.0}, students)


def graded(
    *students: StudentResult, states: dict[str, str] | None = None, ungraded: dict[str, str] | None = None
) -> GradedAssignment:
    """Return a class with a record in which some students' notebook ``one`` has another state than graded."""
    said = states or {}
    records = {
        each.student: SubmissionRecord({"one": NotebookRecord(said.get(each.student, "graded"), "the reason")})
        for each in students
        if each.notebooks
    }
    return GradedAssignment(results(*students), RunRecord("tiny", 1, records), ungraded or {})
