"""What lies in ``submitted/`` and is in no grade: never graded, or handed in anew since.

Anew is what `cnn-course collect` put there after the grading, by its receipts, and what has a later ``timestamp.txt``
than the gradebook.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from cnn_course.collecting.layouts import TIMESTAMP
from cnn_course.collecting.receipts import Receipt, read_receipts
from cnn_course.reporting.gradebook import AssignmentResults
from splitgrade.grading.fingerprints import state_path
from splitgrade.grading.record import RunRecord
from splitgrade.nbgrader.course_folders import CourseFolders

NEVER, ANEW = "handed in, not graded yet", "handed in anew, not graded since"


def find_ungraded(root: Path, results: AssignmentResults, record: RunRecord | None) -> dict[str, str]:
    """Return student -> `NEVER` or `ANEW`; people who are not in the gradebook too.

    Parameters
    ----------
    root : Path
        The course folder.
    results : AssignmentResults
        Of the assignment.
    record : RunRecord or None
        Of its last run.
    """
    there, found = CourseFolders.at(root), dict[str, str]()
    graded = {each.student: each.timestamp for each in results.students if each.notebooks}
    ran = record.submissions if record is not None else {}
    for student in _handed_in(there.submitted, results.assignment):
        if student not in graded and student not in ran:
            found[student] = NEVER
        elif _is_later(there.submitted / student / results.assignment, graded.get(student)) or _is_new(
            there, results.assignment, student
        ):
            found[student] = ANEW
    return found


def _handed_in(submitted: Path, assignment: str) -> Iterator[str]:
    """Yield the students of whom something lies there for an assignment."""
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(submitted) as folders:
        for folder in folders:
            if not folder.name.startswith(".") and _holds(f"{folder.path}{os.sep}{assignment}"):
                yield folder.name


def _holds(folder: str) -> bool:
    """Say whether something lies in a folder; a class has many, and a Path takes longer to make than to look."""
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as inside:
        return next(inside, None) is not None
    return False


def _is_later(folder: Path, known: datetime | None) -> bool:
    """Say whether the time of a hand-in is later than the one in the gradebook."""
    if known is None:
        return False
    try:  # without waiting and without following: it may be a pipe or a link
        handle = os.open(folder / TIMESTAMP, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as stream:
            said = stream.read(100).decode("ascii").strip()
        time = datetime.fromisoformat(said.removesuffix(" UTC"))  # as nbgrader and `collect` write it
    except (OSError, ValueError):
        return False
    return said.endswith(" UTC") and time.tzinfo is None and (time - known).total_seconds() >= 1


def _is_new(there: CourseFolders, assignment: str, student: str) -> bool:
    """Say whether a file was collected after the grading, and is another than the one that lay there then."""
    graded = _graded_at(there, assignment, student)
    if not graded:
        return False
    files: dict[str, list[Receipt]] = {}
    for each in read_receipts(there.root, student, assignment):
        if each.state != "older":
            files.setdefault(each.file, []).append(each)
    return any(_changed(receipts, graded) for receipts in files.values())


def _changed(receipts: list[Receipt], graded: float) -> bool:
    """Say whether the last of a file's receipts has another content than the last one before the grading."""
    before = [each for each in receipts if datetime.fromisoformat(each.collected).timestamp() <= graded]
    return not before or before[-1].sha256 != receipts[-1].sha256


def _graded_at(there: CourseFolders, assignment: str, student: str) -> float:
    """Return when a submission was graded last, by any path; 0 where nothing tells."""
    places = there.autograded / student / assignment, state_path(there.root, assignment, student)
    times = [0.0]
    for place in places:
        with suppress(OSError):
            times.append(place.stat().st_mtime)
    return max(times)
