"""What may be said of a student's grade: the points, what is still open, and what was not read.

Nothing becomes 0 because it was not read: missing means that nothing lies there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
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


def class_standings(root: Path, graded: GradedAssignment) -> tuple[dict[str, Standing], list[str]]:
    """Return how every student of the gradebook stands, by id, and what was handed in and is nobody's, in words.

    Parameters
    ----------
    root : Path
        The course folder; what was handed in is looked at.
    graded : GradedAssignment
        Results and record of the assignment.
    """
    there = frozenset(_handed_in(root, graded.results.assignment))
    standings = {each.student: standing(graded, each, there) for each in graded.results.students}
    strangers = [f"{name}: handed in, not graded yet, not in the gradebook" for name in sorted(there - set(standings))]
    return standings, [*getattr(graded.record, "unplaced", ()), *strangers]


_UNREAD = {"failed": "could not be graded", "unread": "was not read"}


def _handed_in(root: Path, assignment: str) -> Iterator[str]:
    """Yield the students of whom something lies in ``submitted/`` for an assignment."""
    above = CourseFolders.at(root).submitted
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(above) as folders:
        for folder in folders:
            if not folder.name.startswith(".") and _holds(f"{folder.path}{os.sep}{assignment}"):
                yield folder.name


def _holds(folder: str) -> bool:
    """Say whether something lies in a folder; a class has many, and a Path takes longer to make than to look."""
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as inside:
        return next(inside, None) is not None
    return False
