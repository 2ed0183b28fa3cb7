"""Read results from nbgrader's gradebook: one query for an assignment, whatever the size of the class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import fsum
from typing import Any, NamedTuple

from nbgrader.api import (
    BaseCell,
    Comment,
    Gradebook,
    MissingEntry,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)

from cnn_course.reporting.collation import collated
from cnn_course.reporting.graded_rows import graded_rows
from cnn_course.reporting.overlay import EXTENSION, PENALTY, GradeFields, Overlay, read_overlay
from splitgrade.errors import CourseError


class QuestionScore(NamedTuple):
    """What one student has for one graded cell; a class has a hundred thousand, and tuples are made fastest.

    Parameters
    ----------
    name : str
        The grade_id.
    score, max_score : float
        Points; the manual score where there is one.
    waiting : bool
        Whether a person has yet to mark it.
    written : bool
        Whether it is an answer in words.
    """

    name: str
    score: float
    max_score: float
    waiting: bool
    written: bool


@dataclass(frozen=True)
class NotebookScore:
    """What one student has for one notebook; ``penalty`` is taken off for lateness, in points."""

    name: str
    questions: Sequence[QuestionScore]
    penalty: float

    @property
    def score(self) -> float:
        """Return the points after the penalty."""
        return max(0.0, fsum(question.score for question in self.questions) - self.penalty)

    @property
    def waiting(self) -> float:
        """Return the points that a person has yet to decide on."""
        return fsum(question.max_score for question in self.questions if question.waiting)


@dataclass(frozen=True)
class StudentResult:
    """What one student has for one assignment; ``notebooks`` is empty where nothing was graded.

    Parameters
    ----------
    student, first_name, last_name, email, lms_user_id : str
        Who it is, as the gradebook says.
    timestamp : datetime or None
        When it was handed in, in UTC; None where nobody knows.
    seconds_late : float
        How late that was, extensions counted.
    notebooks : mapping of str to NotebookScore
        By name.
    decided : float or None
        The points after the instructor's decisions; None where they change nothing but questions.
    late_penalty : float
        What a decided late policy took off, in points.
    because : sequence of str
        The decisions that changed this student's points, in words.
    """

    student: str
    first_name: str
    last_name: str
    email: str
    lms_user_id: str
    timestamp: datetime | None
    seconds_late: float
    notebooks: Mapping[str, NotebookScore]
    decided: float | None = None
    late_penalty: float = 0.0
    because: Sequence[str] = ()

    @property
    def name(self) -> str:
        """Return the name in the order of class lists, or the id where no name is known."""
        return ", ".join(part for part in (self.last_name, self.first_name) if part) or self.student

    @property
    def score(self) -> float:
        """Return the points over all notebooks, penalties taken off, decisions applied."""
        return (
            self.decided if self.decided is not None else fsum(notebook.score for notebook in self.notebooks.values())
        )

    @property
    def waiting(self) -> float:
        """Return the points that a person has yet to decide on."""
        return fsum(notebook.waiting for notebook in self.notebooks.values())


@dataclass(frozen=True)
class AssignmentResults:
    """What a class has for one assignment.

    Parameters
    ----------
    assignment : str
        Its name.
    due : datetime or None
        The deadline, in UTC.
    maxima : mapping of str to float
        Points by notebook.
    students : sequence of StudentResult
        In the order of their names.
    undecided : AssignmentResults or None
        The results as graded, where decisions were applied to these.
    """

    assignment: str
    due: datetime | None
    maxima: Mapping[str, float]
    students: Sequence[StudentResult]
    undecided: AssignmentResults | None = None

    @property
    def max_score(self) -> float:
        """Return the points of the whole assignment."""
        return fsum(self.maxima.values())


def read_results(gradebook: Gradebook, assignment: str) -> AssignmentResults:
    """Return the results of every student of the gradebook for one assignment, as graded.

    Where decisions have written over a field of the gradebook, what was there before is returned.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        An open gradebook; it is only read.
    assignment : str
        The assignment's name.

    Raises
    ------
    CourseError
        When the gradebook does not know the assignment.
    """
    try:
        entry = gradebook.find_assignment(assignment)
    except MissingEntry:
        known = ", ".join(sorted(each.name for each in gradebook.assignments)) or "none yet"
        raise CourseError(
            f"the gradebook has no assignment {assignment!r}; it has: {known}. Release it first"
        ) from None
    return results_of(gradebook.db, entry)


def results_of(session: Any, entry: Any, only: str | None = None) -> AssignmentResults:
    """Return the results of an assignment as graded, of all students or of one.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Of the gradebook.
    entry : nbgrader.api.Assignment
        The assignment, of the same session.
    only : str, optional
        The student.
    """
    maxima = {notebook.name: float(notebook.max_score) for notebook in sorted(entry.notebooks, key=lambda n: n.name)}
    # Columns, not objects: a class has many, and making them takes longer than reading them.
    chosen = session.query(*_SUBMISSION).filter(SubmittedAssignment.assignment_id == entry.id)
    people = session.query(Student.id, Student.first_name, Student.last_name, Student.email, Student.lms_user_id)
    if only is not None:
        chosen = chosen.filter(SubmittedAssignment.student_id == only)
        people = people.filter(Student.id == only)
    submissions = {submission.student_id: submission for submission in chosen}
    overlay = read_overlay(session)
    graded = _notebooks(session, entry.id, overlay, only)
    late = {student: _seconds_late(each, entry.duedate, overlay) for student, each in submissions.items()}
    students = [_student(each, submissions.get(each.id), late.get(each.id, 0.0), graded[each.id]) for each in people]
    students.sort(key=name_order)
    return AssignmentResults(entry.name, entry.duedate, maxima, students)


_SUBMISSION = tuple(getattr(SubmittedAssignment, name) for name in ("id", "student_id", "timestamp", "extension"))


def name_order(student: StudentResult) -> tuple[Any, ...]:
    """Return what students are sorted by: last name, first name, id, as a dictionary would."""
    if not (student.last_name or student.first_name):
        return collated(student.student), (), student.student
    return collated(student.last_name or student.first_name), collated(student.first_name), student.student


@dataclass(frozen=True)
class Remark:
    """What a marker wrote about one answer."""

    notebook: str
    question: str
    text: str


def read_comments(gradebook: Gradebook, assignment: str) -> dict[str, list[Remark]]:
    """Return what markers wrote, by student, in the order of notebooks and questions.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        An open gradebook; it is only read.
    assignment : str
        The assignment's name.
    """
    rows = (
        gradebook.db.query(SubmittedAssignment.student_id, Notebook.name, BaseCell.name, Comment.manual_comment)
        .select_from(Comment)
        .join(SubmittedNotebook, Comment.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(BaseCell, Comment.cell_id == BaseCell.id)
        .filter(SubmittedAssignment.assignment_id == gradebook.find_assignment(assignment).id)
        .filter(Comment.manual_comment.isnot(None))
        .order_by(SubmittedAssignment.student_id, Notebook.name, BaseCell.name)
    )
    found: dict[str, list[Remark]] = defaultdict(list)
    for student, notebook, question, text in rows:
        if text.strip():
            found[student].append(Remark(notebook, question, text))
    return dict(found)


def _notebooks(
    session: Any, assignment_id: str, overlay: Overlay, only: str | None
) -> dict[str, dict[str, NotebookScore]]:
    """Return student -> notebook name -> score."""
    questions: dict[tuple[str, str], list[QuestionScore]] = defaultdict(list)
    penalties: dict[tuple[str, str], float] = {}
    # A class has many rows: they are read as the database gives them, and not looked into by names of columns.
    session.flush()
    rows = session.connection().execute(graded_rows(session, assignment_id, only).statement).all()
    for student, notebook, book, penalty, question, grade, auto, mark, credit, waits, most, kind in rows:
        fields = overlay.as_graded(grade, GradeFields(auto, mark, credit, bool(waits)))
        whose = (student, notebook)
        if whose not in penalties:
            penalties[whose] = float(overlay.before(book, PENALTY, penalty) or 0)
        questions[whose].append(QuestionScore(question, fields.score, float(most), fields.waits, kind == "markdown"))
    result: dict[str, dict[str, NotebookScore]] = defaultdict(dict)
    for (student, notebook), scores in questions.items():
        result[student][notebook] = NotebookScore(notebook, tuple(scores), penalties[student, notebook])
    return result


def _seconds_late(submission: Any, due: datetime | None, overlay: Overlay) -> float:
    """Return how late a submission is, with the extension that nbgrader was given, not with decided ones."""
    if submission.timestamp is None or due is None:
        return 0.0
    shown = None if submission.extension is None else submission.extension.total_seconds()
    extension = overlay.before(submission.id, EXTENSION, shown) or 0.0
    return max(0.0, float((submission.timestamp - due - timedelta(seconds=extension)).total_seconds()))


def _student(student: Any, submission: Any, late: float, notebooks: Mapping[str, NotebookScore]) -> StudentResult:
    """Return one student's result; a student without a submission has no notebooks."""
    return StudentResult(
        student=student.id,
        first_name=student.first_name or "",
        last_name=student.last_name or "",
        email=student.email or "",
        lms_user_id=student.lms_user_id or "",
        timestamp=submission.timestamp if submission else None,
        seconds_late=late,
        notebooks=notebooks,
    )
