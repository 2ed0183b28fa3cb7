"""What was handed in and is in no grade is known: never graded, or other work since."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cnn_course.collecting.receipts import Receipt, add_receipts
from cnn_course.reporting.ungraded import ANEW, NEVER, find_ungraded
from tests.cnn_course.small_class import DUE, book, results, student

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def collect(root: Path, day: int, content: str, state: str = "new") -> None:
    """Write the receipt of a file that was collected some days after Monday."""
    time = (MONDAY + timedelta(days=day)).isoformat()
    add_receipts(root, "ada", "tiny", [Receipt("one.ipynb", content, 1, "a.zip", "", False, time, state, "id")])


def grade(root: Path, day: int) -> None:
    """Leave a graded folder of some days after Monday."""
    folder = root / "autograded" / "ada" / "tiny"
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder, ((MONDAY + timedelta(days=day)).timestamp(),) * 2)


def test_work_handed_in_after_the_grading_is_no_part_of_the_grade(tmp_path: Path) -> None:
    """The content tells: what was collected once more, or came back to what was graded, is nothing new."""
    for name in ("ada", "bob"):
        (tmp_path / "submitted" / name / "tiny").mkdir(parents=True)
        (tmp_path / "submitted" / name / "tiny" / "one.ipynb").touch()
    (tmp_path / "submitted" / "cyd" / "tiny").mkdir(parents=True)  # empty
    one = results(student("ada", book(1.0, 1.0)), student("bob"), student("cyd"))
    collect(tmp_path, 0, "first")
    assert find_ungraded(tmp_path, results(student("ada")), None) == {"ada": NEVER, "bob": NEVER}
    grade(tmp_path, 1)
    expected = {"bob": NEVER}
    assert find_ungraded(tmp_path, one, None) == expected
    for day, content, state, anew in (
        (2, "first", "same", False),
        (3, "old", "older", False),
        (4, "second", "replaces", True),
        (5, "first", "replaces", False),
        (6, "third", "replaces", True),
    ):
        collect(tmp_path, day, content, state)
        assert ("ada" in find_ungraded(tmp_path, one, None)) is anew, (day, content)
    assert find_ungraded(tmp_path, one, None) == {"ada": ANEW, **expected}
    grade(tmp_path, 7)
    assert find_ungraded(tmp_path, one, None) == expected


def test_a_later_time_than_the_gradebooks_is_other_work(tmp_path: Path) -> None:
    """That is how nbgrader's own collecting leaves a second hand-in; a pipe in its place is not waited for."""
    place = tmp_path / "submitted" / "ada" / "tiny" / "timestamp.txt"
    place.parent.mkdir(parents=True)
    one = results(replace(student("ada", book(1.0, 1.0)), timestamp=DUE))
    for text, found in (("2026-11-20 22:00:00 UTC", {}), ("2026-11-20 22:00:05 UTC", {"ada": ANEW}), ("soon", {})):
        place.write_text(text)
        assert find_ungraded(tmp_path, one, None) == found, text
    place.unlink()
    os.mkfifo(place)
    assert find_ungraded(tmp_path, one, None) == {}
