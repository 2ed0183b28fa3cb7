"""What students are told of the decisions of a grading run, from what it has kept of each."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from splitgrade.grading.fingerprints import read_state, state_path
from splitgrade.grading.record import OPEN_STATES
from splitgrade.grading.submitted import students_of
from splitgrade.submission.told import Told

FAILED = "the grader could not run it, which is not your fault"


def told_of(root: Path, assignment: str, student: str) -> Told:
    """Return what a student is told; nothing where no run has kept anything.

    Of a fault of the grader the student gets no details: they are for those who run it.

    Parameters
    ----------
    root : Path
        The course folder.
    assignment, student : str
        Whose submission.
    """
    state = read_state(state_path(root, assignment, student))
    if state is None:
        return Told()
    books = state.record.notebooks
    reasons = {
        name: FAILED if book.state == "failed" else book.reason
        for name, book in books.items()
        if book.state in OPEN_STATES
    }
    graded = {name for name, book in books.items() if book.state == "graded"}
    return Told(reasons, [note for note in state.record.notes if note.partition(": ")[0] not in graded])


def not_graded(root: Path, submitted: Path, assignment: str, graded: Container[str]) -> list[str]:
    """Return the students of whose work nothing could be graded: they are told why.

    Parameters
    ----------
    root : Path
        The course folder.
    submitted : Path
        Where work is handed in.
    assignment : str
        What was graded.
    graded : container of str
        The students who have graded notebooks.
    """
    others = (student for student in students_of(submitted, assignment) if student not in graded)
    return [student for student in others if told_of(root, assignment, student).reasons]
