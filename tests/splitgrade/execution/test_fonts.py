"""The list of fonts is read again where this user keeps a new one that nobody else can have written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import matplotlib
import pytest

from splitgrade.execution.interpreter import fonts

LIST = "fontlist-v1.json"


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Return a start with a new home in which matplotlib finds a list, or makes one with the given words."""
    monkeypatch.setattr(fonts, "_folder", lambda: tmp_path / "kept" / "fonts")
    monkeypatch.setattr(matplotlib, "get_cachedir", lambda: str(tmp_path))

    def run(words: str) -> str:
        path = tmp_path / LIST
        path.unlink(missing_ok=True)
        with fonts.kept_fonts():
            if not path.exists():
                path.write_text(words)
        return path.read_text()

    return run


def test_the_second_start_finds_what_the_first_has_made(start):
    """Fonts are read once a day."""
    assert (start("first"), start("second")) == ("first", "first")


@pytest.mark.parametrize("name", ["fonts", f"fonts/{LIST}"])
def test_what_others_may_write_is_not_read(start, tmp_path, name):
    """Neither the file nor its folder may be another's to change."""
    start("first")
    (tmp_path / "kept" / name).chmod(0o777)
    assert start("second") == "second"


def test_an_old_list_and_a_link_are_not_read(start, tmp_path):
    """Fonts come and go, and a link leads to what somebody else has written."""
    start("first")
    kept = tmp_path / "kept" / "fonts" / LIST
    os.utime(kept, (0, 0))
    assert start("second") == "second"
    (tmp_path / "elsewhere").write_text("foreign")
    kept.unlink()
    kept.symlink_to(tmp_path / "elsewhere")
    assert start("third") == "third"


def test_without_a_home_every_start_makes_its_own(start, tmp_path):
    """A home that is not there, or cannot be written, costs time and nothing else."""
    (tmp_path / "kept").write_text("no folder")
    assert (start("first"), start("second")) == ("first", "second")
