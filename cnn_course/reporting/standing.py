"""What may be said of a student's grade: the points, what is still open, and what was not read.

Nothing becomes 0 because it was not read: missing means that nothing lies there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from cnn_course.reporting.gradebook import StudentResult
from cnn_course.reporting.table import GradedAssignment, having, points_text


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
        return ": ".join(part for part in (self.state, "; ".join(dict.fromkeys([*self.open, *self.remarks]))) if part)


def standing(graded: GradedAssignment, student: StudentResult) -> Standing:
    """Return how a student stands.

    Parameters
    ----------
    graded : GradedAssignment
        Results and record of the assignment.
    student : StudentResult
        One of its students.
    """
    submission = graded.submission(student.student)
    new = [graded.ungraded[student.student]] if student.student in graded.ungraded else []
    if submission is None and not student.notebooks:
        return Standing(None, "unfinished", new) if new else Standing(None, "missing")
    notebooks = submission.notebooks if submission is not None else {}
    unread = [*having(submission, "failed"), *having(submission, "unread")]
    open_ = [*new, *(f"{name} {_UNREAD[str(notebooks[name].state)]}: {notebooks[name].reason}" for name in unread)]
    refused, missing = having(submission, "refused"), having(submission, "missing")
    waiting = {name: book.waiting for name, book in student.notebooks.items() if name not in unread and book.waiting}
    remarks = []
    for name in refused:
        open_points = waiting.pop(name, 0.0)
        remarks.append(f"{name} refused: {notebooks[name].reason}")
        if open_points:
            remarks[-1] += f" ({points_text(open_points)} {'point is' if open_points == 1 else 'points are'} open)"
            open_.append(remarks[-1])
    if waiting:
        every = fsum(waiting.values())
        wait = "point waits" if every == 1 else "points wait"
        open_.append(f"{points_text(every)} {wait} for a marker ({', '.join(waiting)})")
    remarks += [f"{', '.join(missing)} missing"] if missing and len(missing) < len(notebooks) else []
    nothing_read = bool(notebooks) and len(unread) + len(refused) + len(missing) == len(notebooks)
    points = None if nothing_read else student.score
    if open_:
        return Standing(points, "unfinished", open_, remarks)
    if nothing_read:
        return Standing(None, "refused" if refused else "missing", (), remarks)
    return Standing(points, "final", (), remarks)


def class_standings(graded: GradedAssignment) -> tuple[dict[str, Standing], list[str]]:
    """Return how every student of the gradebook stands, by id, and what was handed in and is nobody's, in words.

    Parameters
    ----------
    graded : GradedAssignment
        Results and record of the assignment.
    """
    standings = {each.student: standing(graded, each) for each in graded.results.students}
    unknown = sorted(set(graded.ungraded) - set(standings))
    strangers = [f"{name}: {graded.ungraded[name]}, not in the gradebook" for name in unknown]
    return standings, [*getattr(graded.record, "unplaced", ()), *strangers]


_UNREAD = {"failed": "could not be graded", "unread": "was not read"}
