"""What may be said of a student's grade: the points, what is still open, and what was not read.

Nothing becomes 0 because it was not read: missing means that nothing lies there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cnn_course.reporting.gradebook import StudentResult
from cnn_course.reporting.table import GradedAssignment, having, points_text
from splitgrade.nbgrader.course_folders import CourseFolders


@dataclass(frozen=True)
class Standing:
    """How one student stands in one assignment.

    Parameters
    ----------
    points : float or None
        The points as far as they are known; None where nothing of the submission was read.
    state : {"final", "unfinished", "missing", "refused"}
        ``refused``: nothing of what was handed in could be graded, for a fault of its own.
    open : sequence of str
        What keeps the grade from being final, in words; empty unless ``unfinished``.
    remarks : sequence of str
        What is to be known of a grade that is final.
    """

    points: float | None
    state: str
    open: Sequence[str] = ()
    remarks: Sequence[str] = ()

    @property
    def words(self) -> str:
        """Return state and reasons as one field of a table."""
        return ": ".join(part for part in (self.state, "; ".join([*self.open, *self.remarks])) if part)


def standing(graded: GradedAssignment, student: StudentResult, handed_in: frozenset[str] = frozenset()) -> Standing:
    """Return how a student stands.

    Parameters
    ----------
    graded : GradedAssignment
        Results and record of the assignment.
    student : StudentResult
        One of its students.
    handed_in : frozenset of str
        Students of whom something lies in ``submitted/`` for this assignment.
    """
    submission = graded.submission(student.student)
    if submission is None and not student.notebooks:
        if student.student in handed_in:
            return Standing(None, "unfinished", ["handed in, not graded yet"])
        return Standing(None, "missing")
    notebooks = submission.notebooks if submission is not None else {}
    unread = [*having(submission, "failed"), *having(submission, "unread")]
    open_ = [f"{name} {_UNREAD[str(notebooks[name].state)]}: {notebooks[name].reason}" for name in unread]
    refused, missing = having(submission, "refused"), having(submission, "missing")
    waiting = {name: book.waiting for name, book in student.notebooks.items() if name not in unread and book.waiting}
    if waiting:
        open_.append(f"{points_text(sum(waiting.values()))} points wait for a marker ({', '.join(waiting)})")
    remarks = [f"{name} refused: {notebooks[name].reason}" for name in refused]
    remarks += [f"{', '.join(missing)} missing"] if missing and len(missing) < len(notebooks) else []
    nothing_read = bool(notebooks) and len(unread) + len(refused) + len(missing) == len(notebooks)
    points = None if nothing_read else student.score
    if open_:
        return Standing(points, "unfinished", open_, remarks)
    if nothing_read:
        return Standing(None, "refused" if refused else "missing", (), remarks)
    return Standing(points, "final", (), remarks)


def class_standings(root: Path, graded: GradedAssignment) -> dict[str, Standing]:
    """Return how every student of the gradebook stands, by id.

    Parameters
    ----------
    root : Path
        The course folder; what was handed in is looked at.
    graded : GradedAssignment
        Results and record of the assignment.
    """
    there = frozenset(_handed_in(root, graded.results.assignment))
    return {each.student: standing(graded, each, there) for each in graded.results.students}


def unplaced(root: Path, graded: GradedAssignment) -> list[str]:
    """Return what was handed in and belongs to no student or assignment that the gradebook knows, in words."""
    known = {each.student for each in graded.results.students}
    found = list(getattr(graded.record, "unplaced", ()))
    strangers = sorted(set(_handed_in(root, graded.results.assignment)) - known)
    return [*found, *(f"{name}: handed in, not graded yet, not in the gradebook" for name in strangers)]


_UNREAD = {"failed": "could not be graded", "unread": "was not read"}


def _handed_in(root: Path, assignment: str) -> Iterator[str]:
    """Yield the students of whom something lies in ``submitted/`` for an assignment."""
    above = CourseFolders.at(root).submitted
    for folder in above.iterdir() if above.is_dir() else ():
        inside = folder / assignment
        if not folder.name.startswith(".") and inside.is_dir() and any(inside.iterdir()):
            yield folder.name
