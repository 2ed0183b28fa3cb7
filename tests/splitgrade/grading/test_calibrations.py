"""Calibrations from one run to the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from splitgrade.execution.calibrate import Apart, Calibration
from splitgrade.execution.endings import Ending
from splitgrade.grading.calibrations import Kept

RECORD = {"places": {"f 0": ["plain", [1, None, "é"]]}, "close": True}
GOOD = Calibration({"q": RECORD}, {"q": Ending.NUMBER, "p": Ending.NOTHING}, {}, (), frozenset({"out.txt"}))


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    """A calibration is read as it was, from a folder that has to be made."""
    kept = Kept(tmp_path / "deep" / "one.json", "abc")
    kept.write({"digest": GOOD})
    assert kept.read() == {"digest": GOOD}
    assert [path.name for path in kept.path.parent.iterdir()] == ["one.json"]


def test_that_of_something_else_is_not_read(tmp_path: Path) -> None:
    """Where the checks, the engine or a package have changed, solutions are run again."""
    Kept(tmp_path / "one.json", "abc").write({"digest": GOOD})
    assert Kept(tmp_path / "one.json", "abd").read() == {}


def test_what_an_instructor_is_warned_of_is_not_kept(tmp_path: Path) -> None:
    """A solution that failed, perhaps for want of time, is tried again by the next run."""
    kept = Kept(tmp_path / "one.json", "abc")
    slow = Calibration({}, {}, {}, ("one, q: the instructor's own solution fails it",))
    waits = Calibration({}, {}, {"q": Apart("waits", "fails it", "")}, ())
    kept.write({"slow": slow, "waits": waits, "digest": GOOD})
    assert kept.read().keys() == {"digest"}


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "3", '{"common": "abc"}', '{"common": "abc", "notebooks": {"d": {}}}']
)
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    """Solutions are run again then; nothing fails."""
    (tmp_path / "one.json").write_text(content)
    assert Kept(tmp_path / "one.json", "abc").read() == {}
