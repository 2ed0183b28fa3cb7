"""What was handed in is looked at before anything is run, and nothing of it is changed."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import pytest

from splitgrade.execution.instructor import read_instructor_notebook
from splitgrade.submission import notebook_file
from splitgrade.submission.identity import identities
from splitgrade.submission.intake import Inspection
from splitgrade.submission.intake import inspect as look
from splitgrade.submission.staging import stage
from tests.course_fixture import notebook, question, source_notebooks

NOTEBOOKS = source_notebooks()
DEEP = "[" * 100_000
NO_NOTEBOOK = b"no notebook"


def _identities(folder: Path) -> Any:
    for name, content in NOTEBOOKS.items():
        nbformat.write(content, folder / f"{name}.ipynb")
    return identities(read_instructor_notebook(path) for path in sorted(folder.glob("*.ipynb")))


with TemporaryDirectory() as _folder:
    EXPECTED = _identities(Path(_folder))


def inspect(folder: Path, ours: Path = Path("none")) -> Inspection:
    """Look at a submission of the tiny assignment."""
    return look(folder, EXPECTED, ours)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a submission with both notebooks."""
    place = tmp_path / "submission"
    place.mkdir()
    for name, content in NOTEBOOKS.items():
        nbformat.write(content, place / f"{name}.ipynb")
    return place


def test_a_complete_submission_is_accepted(folder: Path) -> None:
    """Both notebooks are taken, there is nothing to say."""
    found = inspect(folder)
    assert (sorted(found.accepted), found.refused, found.missing, found.notes) == (["one", "two"], {}, [], [])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"hello", "not JSON"),
        (b'{"cells": [', "not JSON"),
        (b"\xff\xfe\x00\x01", "not UTF-8"),
        (b"[]", "not a notebook"),
        (b"{}", "not a notebook"),
        (b"null", "not a notebook"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1]}', "not a notebook"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": {"a": 1}}', "not a notebook"),
        (b'{"nbformat": 99, "cells": []}', "not a notebook"),
        (DEEP.encode(), "not a notebook"),
        (json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}).encode(), "no graded cell"),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_reason(folder: Path, content: bytes, reason: str) -> None:
    """Each damaged file is refused by name, the other notebook is accepted."""
    (folder / "one.ipynb").write_bytes(content)
    found = inspect(folder)
    assert reason in found.refused["one"]
    assert list(found.accepted) == ["two"]


def test_a_notebook_with_a_byte_order_mark_is_accepted(folder: Path) -> None:
    """Windows editors put a mark before the first character; that is no fault."""
    path = folder / "one.ipynb"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert "one" in inspect(folder).accepted


def test_a_notebook_of_another_assignment_is_refused(folder: Path) -> None:
    """Its graded cells have other names."""
    nbformat.write(notebook(*question("other-cell", "x = 1", 1.0, "x")), folder / "one.ipynb")
    assert "another assignment" in inspect(folder).refused["one"]


def test_a_notebook_under_the_name_of_another_one_is_named(folder: Path) -> None:
    """The student is told which notebook it is."""
    (folder / "one.ipynb").write_bytes((folder / "two.ipynb").read_bytes())
    assert "the notebook two, under the name one" in inspect(folder).refused["one"]


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    """A link in the place of a notebook is refused, also one that leads nowhere."""
    (tmp_path / "elsewhere.ipynb").write_bytes((folder / "one.ipynb").read_bytes())
    for target in (tmp_path / "elsewhere.ipynb", tmp_path / "nowhere"):
        (folder / "one.ipynb").unlink()
        (folder / "one.ipynb").symlink_to(target)
        assert "link" in inspect(folder).refused["one"]


def test_a_huge_file_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the limit is refused with both sizes."""
    monkeypatch.setattr(notebook_file, "MAX_NOTEBOOK_BYTES", 1_000)
    assert inspect(folder).refused["one"].endswith("at most 0 MB are read")


def test_a_renamed_notebook_is_taken_for_the_missing_one(folder: Path) -> None:
    """``one (1).ipynb`` is what a browser makes of a second download."""
    (folder / "one.ipynb").rename(folder / "one (1).ipynb")
    found = inspect(folder)
    assert found.accepted["one"].name == "one (1).ipynb"
    assert found.missing == []
    assert found.notes == ["one (1).ipynb taken for one.ipynb"]


def test_a_copy_beside_the_notebook_is_left_out(folder: Path) -> None:
    """Of two that are the same, the one with the usual name is taken."""
    (folder / "one copy.ipynb").write_bytes((folder / "one.ipynb").read_bytes())
    found = inspect(folder)
    assert found.accepted["one"].name == "one.ipynb"
    assert found.notes == ["one copy.ipynb left out: the same as one.ipynb"]


def test_staging_leaves_python_files_links_and_our_own_files_behind(folder: Path, tmp_path: Path) -> None:
    """Data travel with the notebooks; what could shadow a module, lead elsewhere or is ours does not."""
    ours = tmp_path / "ours"
    (ours / "images").mkdir(parents=True)
    (ours / "images" / "a.png").write_bytes(b"ours")
    (folder / "images").mkdir()
    (folder / "images" / "a.png").write_bytes(b"theirs")
    (folder / "data.csv").write_text("1,2")
    (folder / "numpy.py").write_text("1/0")
    (folder / "secret").symlink_to("/etc/passwd")
    (folder / "timestamp.txt").write_text("yesterday, more or less")
    found = inspect(folder)
    stage(found, tmp_path / "staged", ours)
    staged = sorted(path.relative_to(tmp_path / "staged").as_posix() for path in (tmp_path / "staged").rglob("*"))
    assert staged == ["data.csv", "one.ipynb", "two.ipynb"]
    assert found.notes == [
        "timestamp.txt left out: it holds no time: 'yesterday, more or less' is no date with an hour, such as "
        "2026-07-20 21:00:00 UTC; lateness is left open",
        "numpy.py left out: Python files beside a notebook are not used",
    ]
