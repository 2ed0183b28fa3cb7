"""What was collected, when and with which content: a JSON file for each student and assignment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from splitgrade.errors import CourseError

RECEIPTS = Path(".cnn-course") / "receipts"


@dataclass(frozen=True)
class Receipt:
    """One file that was collected.

    Parameters
    ----------
    file : str
        Its name in ``submitted/STUDENT/ASSIGNMENT/``.
    sha256 : str
        Of its content.
    bytes : int
        Its size.
    source : str
        The zip or folder, and the place in it.
    handed_in : str
        When it was handed in, ISO; empty where nobody knows.
    exact : bool
        Whether that time is exact (it came with a zone) or the archive's clock.
    collected : str
        When it was collected, ISO, UTC.
    state : str
        ``new``, ``same``, ``replaces`` or ``older``.
    recognized : str
        How student and notebook were recognized.
    """

    file: str
    sha256: str
    bytes: int
    source: str
    handed_in: str
    exact: bool
    collected: str
    state: str
    recognized: str


def receipt_path(root: Path, student: str, assignment: str) -> Path:
    """Return where a student's receipts of an assignment are kept."""
    return root / RECEIPTS / assignment / f"{student}.json"


def read_receipts(root: Path, student: str, assignment: str) -> list[Receipt]:
    """Return all receipts, oldest first.

    Raises
    ------
    CourseError
        When the file is damaged.
    """
    path = receipt_path(root, student, assignment)
    if not path.is_file():
        return []
    try:
        return [Receipt(**each) for each in json.loads(path.read_text(encoding="utf-8"))["receipts"]]
    except (ValueError, KeyError, TypeError) as error:
        raise CourseError(f"{path} is damaged ({error}); move it away: collecting goes on without it") from None


def last_receipt(root: Path, student: str, assignment: str, file: str) -> Receipt | None:
    """Return the receipt of what lies there now."""
    placed = [each for each in read_receipts(root, student, assignment) if each.file == file and each.state != "older"]
    return placed[-1] if placed else None


def add_receipts(root: Path, student: str, assignment: str, new: Sequence[Receipt]) -> None:
    """Add receipts to a student's file, in one step."""
    path = receipt_path(root, student, assignment)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "version": 1,
        "student": student,
        "assignment": assignment,
        "receipts": [asdict(each) for each in (*read_receipts(root, student, assignment), *new)],
    }
    attempt = path.with_name(f"{path.name}.new")
    attempt.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    attempt.replace(path)
