"""The record of a run survives being written, read and interrupted."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from splitgrade.errors import CourseError
from splitgrade.grading.record import (
    NotebookRecord,
    RecordFile,
    RunRecord,
    State,
    SubmissionRecord,
    faults,
    read_record,
    read_seed,
    record_path,
)
from splitgrade.grading.run_summary import exit_status
from splitgrade.grading.submission_run import _events

ADA = SubmissionRecord({"one": NotebookRecord("graded"), "two": NotebookRecord("refused", "empty")}, ["a note"])
BOB = SubmissionRecord({"one": NotebookRecord("missing"), "two": NotebookRecord("graded")})


def record() -> RunRecord:
    """Return a record of one submission."""
    return RunRecord("tiny", 7, {"ada": ADA}, ["bob/tinny/: no assignment is called so; is 'tiny' meant?"])


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Nothing is lost on the way to the disk and back; what was added later counts, and is there at once."""
    with RecordFile(tmp_path, record()) as file:
        assert read_record(tmp_path, "tiny") == record()
        file.add("bob", ADA)
        file.add("bob", BOB)
        file.warn(["one: the solution fails"])
        found = read_record(tmp_path, "tiny")
        assert found is not None
        assert found.submissions == {"ada": ADA, "bob": BOB}
        assert found.warnings == ["one: the solution fails"]
    assert read_seed(tmp_path, "tiny") == 7


def test_the_record_grows_by_a_line_and_is_not_written_again(tmp_path: Path) -> None:
    """What is added costs its own line, whatever the size of the class; what is known already costs none."""
    path = record_path(tmp_path, "tiny")
    with RecordFile(tmp_path, record()) as file:
        before = path.read_bytes()
        for number in range(100):
            file.add(f"student {number}", BOB)
            file.add("ada", ADA)
        assert path.stat().st_ino == os.fstat(file._stream.fileno()).st_ino
    after = path.read_bytes()
    assert after.startswith(before)
    assert after.count(b"\n") == before.count(b"\n") + 100


def test_a_line_that_a_kill_cut_off_is_left_out(tmp_path: Path) -> None:
    """Wherever the last line ends, all others are read, and the next run begins with a whole record."""
    with RecordFile(tmp_path, record()) as file:
        file.add("bob", BOB)
    path = record_path(tmp_path, "tiny")
    whole = path.read_bytes()
    for cut in range(1, len(whole.splitlines(keepends=True)[-1]) + 1):
        path.write_bytes(whole[:-cut])
        found = read_record(tmp_path, "tiny")
        assert found == record(), cut
    with RecordFile(tmp_path, found) as file:
        file.add("bob", BOB)
    assert path.read_bytes() == whole


def test_there_is_no_record_before_the_first_run(tmp_path: Path) -> None:
    """A course that was never graded has none."""
    assert read_record(tmp_path, "tiny") is None
    assert read_seed(tmp_path, "tiny") is None


@pytest.mark.parametrize("text", ["", "{", "[]\n", '{"assignment": "tiny"}\n', "\0" * 100, '{"seed": "x"}\n', "folder"])
def test_a_damaged_record_says_what_to_do(tmp_path: Path, text: str) -> None:
    """The message names the file and says that no grade is lost."""
    path = record_path(tmp_path, "tiny")
    path.parent.mkdir(parents=True)
    path.mkdir() if text == "folder" else path.write_text(text)
    for read in (read_record, read_seed):
        with pytest.raises(CourseError, match=r"tiny\.jsonl is damaged .*no grade is lost"):
            read(tmp_path, "tiny")


def test_only_failed_notebooks_are_faults_of_the_run() -> None:
    """Refused, missing and graded notebooks do not change the exit status."""
    states = ("graded", "missing", "refused", "failed", "failed")
    record = SubmissionRecord({str(number): NotebookRecord(state) for number, state in enumerate(states)})
    assert faults([record, record]) == 4


@pytest.mark.parametrize(
    ("state", "unplaced", "status"),
    [
        ("graded", [], 0),
        ("missing", [], 0),
        ("unread", [], 3),
        ("refused", [], 3),
        ("graded", ["x"], 3),
        ("failed", [], 1),
    ],
)
def test_the_exit_status_tells_what_was_not_read(state: State, unplaced: list[str], status: int) -> None:
    """Whatever was handed in and could not be graded is no success; where nothing lies there, all is done."""
    assert exit_status({"ada": SubmissionRecord({"one": NotebookRecord(state)})}, unplaced) == status


def test_what_the_engine_decided_is_said_once_and_in_words() -> None:
    """Limits and deaths come as data of any of two shapes; each text stands once in the notes."""

    @dataclass
    class Event:
        text: str

    events = [Event("add took longer than 30 s"), {"text": "add took longer than 30 s"}, {"text": ""}, Event("b ended")]
    assert _events("one", {"splitgrade": {"events": events}}) == ["one: add took longer than 30 s", "one: b ended"]
    assert _events("one", {}) == []
