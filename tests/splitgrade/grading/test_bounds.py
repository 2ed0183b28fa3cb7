"""Bounds on what a submission can make the grader read, keep or show."""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PIL import Image

from splitgrade.errors import RefusedNotebookError
from splitgrade.execution.output_budget import OutputBudget
from splitgrade.execution.wire.pictures import is_picture
from splitgrade.execution.wire.text import one_line
from splitgrade.grading.record import NotebookRecord, SubmissionRecord
from splitgrade.sandbox.limits import MAX_PIXELS
from splitgrade.submission.identity import Identity
from splitgrade.submission.intake import inspect
from splitgrade.submission.notebook_file import read_notebook
from splitgrade.submission.snapshot import take_snapshot
from splitgrade.submission.staging import stage


def _picture(kind: str, width: int, height: int) -> bytes:
    """Return a small picture whose head claims another size, which Pillow confirms."""
    target = io.BytesIO()
    Image.new("L", (3, 5)).save(target, kind)
    old = struct.pack(">II", 3, 5) if kind == "PNG" else struct.pack(">HH", 5, 3)
    new = struct.pack(">II", width, height) if kind == "PNG" else struct.pack(">HH", height, width)
    raw = target.getvalue().replace(old, new, 1)
    if kind == "JPEG":
        assert Image.open(io.BytesIO(raw)).size == (width, height)
    return raw


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_kept_up_to_a_number_of_pixels(kind: str) -> None:
    """A photograph of a page stays; a picture that would fill a browser's memory goes."""
    assert is_picture(f"image/{kind.lower()}", _picture(kind, 8000, MAX_PIXELS // 8000))
    assert not is_picture(f"image/{kind.lower()}", _picture(kind, 8000, MAX_PIXELS // 8000 + 1))


def test_a_jpeg_that_ends_anywhere_is_read_without_an_error() -> None:
    """What is cut off claims nothing, or what it claimed."""
    raw = _picture("JPEG", 9000, 9000)
    assert {is_picture("image/jpeg", raw[:size]) for size in range(3, len(raw))} == {True, False}


def test_a_time_is_read_from_a_small_file_of_its_own(tmp_path: Path) -> None:
    """A time comes back; a file without an end, a link and a folder hold none, and each is said."""
    good, large, link, folder = (tmp_path / name / "timestamp.txt" for name in ("good", "large", "link", "folder"))
    for path in (good, large, link, folder):
        path.parent.mkdir()
    good.write_text("2026-03-01 10:00:00 UTC\n")
    with large.open("wb") as file:
        file.truncate(1 << 42)
    link.symlink_to(good)
    folder.mkdir()
    found = [inspect(take_snapshot(path.parent), {}, tmp_path) for path in (good, large, link, folder)]
    assert [each.handed_in.time for each in found] == [datetime(2026, 3, 1, 10), None, None, None]
    assert [bool(each.notes) for each in found] == [False, True, True, True]


@pytest.fixture
def ordinary_user() -> Iterator[Path]:
    """Yield a folder, with the rights of a user who may not read everything."""
    with TemporaryDirectory() as name:
        folder, root = Path(name), os.geteuid() == 0
        folder.chmod(0o777)
        if root:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)


def test_files_that_are_closed_to_the_grader_are_its_own_fault(ordinary_user: Path) -> None:
    """A notebook without the right to read is refused, other files stay behind, and no fingerprint ends the run."""
    for name in ("lab.ipynb", "data.csv", "timestamp.txt"):
        (ordinary_user / name).write_text("x")
        (ordinary_user / name).chmod(0)
    assert len(take_snapshot(ordinary_user).digest) == 64
    expected = {"lab": Identity(frozenset({"a"})), "other": Identity(frozenset({"b"}))}
    found = inspect(take_snapshot(ordinary_user), expected, ordinary_user / "none")
    assert "allows no reading" in found.refused["lab"]
    stage(found, ordinary_user / "staged", ordinary_user / "none")
    assert [note for note in found.notes if "data.csv left out" in note]
    assert found.handed_in.time is None


def test_a_file_without_blocks_is_not_read_for_the_fingerprint(tmp_path: Path) -> None:
    """Four terabytes cost no time, and still a change of the file is seen."""
    with (tmp_path / "large").open("wb") as file:
        file.truncate(1 << 42)
    before = take_snapshot(tmp_path).digest
    assert take_snapshot(tmp_path).digest == before
    os.utime(tmp_path / "large", ns=(1, 1))
    assert take_snapshot(tmp_path).digest != before


def test_outputs_beyond_the_room_of_a_notebook_leave_the_error() -> None:
    """A cell behind the bound keeps its first error without a traceback, and says what is left out."""
    printed = {"output_type": "stream", "name": "stdout", "text": "x" * 60}
    error = {"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["t"]}
    budget = OutputBudget(outputs=100, characters=100)
    assert budget.within([printed]) == [printed]
    note, kept = budget.within([printed, error, error])
    assert "left out" in note["text"]
    assert kept == {**error, "traceback": []}
    assert budget.within([]) == []


def test_a_test_keeps_what_it_says_when_outputs_are_too_many() -> None:
    """What a student's functions print in tests goes, the result and its table stay."""
    printed = {"output_type": "stream", "name": "stdout", "text": "x" * 60}
    table = {"output_type": "display_data", "data": {"application/vnd.x+json": {}, "text/html": "<p>"}, "metadata": {}}
    number = {"output_type": "execute_result", "data": {"text/plain": "1.0"}, "metadata": {}, "execution_count": 1}
    budget = OutputBudget(outputs=100, characters=100)
    assert budget.within_test([printed, table, number]) == [printed, table, number]
    assert budget.within_test([printed, table, number]) == [table, number]


def test_a_file_of_empty_lists_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    """Brackets in text do not count, those of the structure do."""
    text, lists = tmp_path / "text.ipynb", tmp_path / "lists.ipynb"
    cell = '{"cell_type": "raw", "metadata": {}, "source": "' + "[" * 400_000 + '\\"{"}'
    text.write_text(f'{{"nbformat": 4, "nbformat_minor": 4, "metadata": {{}}, "cells": [{cell}]}}')
    lists.write_text('{"nbformat": 4, "nbformat_minor": 4, "metadata": {"x": [%s[]]}, "cells": []}' % ("[]," * 400_000))
    files = take_snapshot(tmp_path).files
    assert len(read_notebook(files["text.ipynb"]).cells) == 1
    with pytest.raises(RefusedNotebookError, match="lists and objects"):
        read_notebook(files["lists.ipynb"])


def test_a_record_holds_nothing_that_moves_a_cursor() -> None:
    """Names of files and messages of libraries end up in terminals."""
    record = SubmissionRecord({"lab": NotebookRecord("refused", "a\x1b[2J")}, ["\u202eb\n\udc80"])
    assert record.notebooks["lab"].reason == one_line("a\x1b[2J")
    assert SubmissionRecord({}, ["x" * 5000] * 5000).notes[199:] == ["x" * 1000, "and 4800 more like these"]
    assert record.notes == ["\ufffdb \ufffd"]
