"""The record of a run survives being written, read and interrupted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from splitgrade.errors import CourseError
from splitgrade.grading.record import (
    NotebookRecord,
    State,
    SubmissionRecord,
    faults,
)
from splitgrade.grading.record_file import GONE, RecordFile, read_record, read_seed, record_path
from splitgrade.grading.run_summary import exit_status
from splitgrade.grading.submission_run import _events

ADA = SubmissionRecord({"one": NotebookRecord("graded"), "two": NotebookRecord("refused", "empty")}, ["a note"])
BOB = SubmissionRecord({"one": NotebookRecord("missing"), "two": NotebookRecord("graded")})


def record_file(root: Path) -> RecordFile:
    """Return the record of a run."""
    return RecordFile(root, "tiny", 7, ["bob/tinny/: no assignment is called so; is 'tiny' meant?"])


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Nothing is lost on the way to the disk and back; what was added later counts, and is there at once."""
    with record_file(tmp_path) as file:
        file.add("ada", ADA)
        file.add("bob", ADA)
        file.add("bob", BOB)
        file.warn(["one: the solution fails"])
        found = read_record(tmp_path, "tiny")
        assert found is not None
        assert (found.assignment, found.seed, found.submissions) == ("tiny", 7, {"ada": ADA, "bob": BOB})
        assert found.unplaced == ["bob/tinny/: no assignment is called so; is 'tiny' meant?"]
        assert found.warnings == ["one: the solution fails"]
    assert read_seed(tmp_path, "tiny") == 7


def test_a_later_run_adds_what_is_new(tmp_path: Path) -> None:
    """Its seed and what it found count; what it says of a submission that is known costs no line."""
    with record_file(tmp_path) as file:
        for number in range(100):
            file.add(f"student {number}", BOB)
        file.warn(["one: the solution fails"])
    path = record_path(tmp_path, "tiny")
    before = path.read_bytes()
    with RecordFile(tmp_path, "tiny", 8, []) as file:
        for number in range(100):
            file.add(f"student {number}", ADA if number == 50 else BOB)
        file.warn(["one: the solution fails"])
    after = path.read_bytes()
    assert after.startswith(before)
    assert after.count(b"\n") == before.count(b"\n") + 2
    found = read_record(tmp_path, "tiny")
    assert found is not None
    assert (found.seed, found.unplaced, found.warnings) == (8, [], ["one: the solution fails"])
    assert [name for name, each in found.submissions.items() if each == ADA] == ["student 50"]
    assert read_seed(tmp_path, "tiny") == 8


def test_the_record_does_not_grow_without_end(tmp_path: Path) -> None:
    """However many runs there are, at most half of the lines, and those of the last run, count no more."""
    most = 0
    for number in range(60):
        with RecordFile(tmp_path, "tiny", number, []) as file:
            for student in ("ada", "bob"):
                file.add(student, ADA if number % 2 else BOB)
        most = max(most, record_path(tmp_path, "tiny").read_bytes().count(b"\n"))
    found = read_record(tmp_path, "tiny")
    assert found is not None
    assert (found.seed, found.submissions) == (59, {"ada": ADA, "bob": ADA})
    assert most <= 2 * 3 + 3


def test_a_submission_that_is_gone_is_noted_once(tmp_path: Path) -> None:
    """Its result stays as it was, with a line; once it is back and graded, the line is no more."""
    with record_file(tmp_path) as file:
        file.add("ada", ADA)
        file.add("bob", BOB)
        for _ in range(2):
            file.mark_gone({"bob"})
            found = read_record(tmp_path, "tiny")
            assert found is not None
            assert found.submissions == {"ada": SubmissionRecord(ADA.notebooks, [GONE, *ADA.notes]), "bob": BOB}
        file.add("ada", ADA)
    found = read_record(tmp_path, "tiny")
    assert found is not None
    assert found.submissions["ada"] == ADA


def test_a_line_that_a_kill_cut_off_is_left_out(tmp_path: Path) -> None:
    """Wherever the last line ends, all others are read, and the next run goes on behind them."""
    with record_file(tmp_path) as file:
        file.add("ada", ADA)
        kept = read_record(tmp_path, "tiny")
        file.add("bob", BOB)
    path = record_path(tmp_path, "tiny")
    whole = path.read_bytes()
    for cut in range(1, len(whole.splitlines(keepends=True)[-1]) + 1):
        path.write_bytes(whole[:-cut])
        assert read_record(tmp_path, "tiny") == kept, cut
        with record_file(tmp_path) as file:
            file.add("bob", BOB)
        found = read_record(tmp_path, "tiny")
        assert found is not None
        assert found.submissions == {"ada": ADA, "bob": BOB}


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


def test_a_damaged_line_of_a_submission_that_is_gone_says_what_to_do(tmp_path: Path) -> None:
    """What nobody had to read so far may be damaged as well."""
    with record_file(tmp_path) as file:
        file.add("ada", ADA)
    with record_path(tmp_path, "tiny").open("a") as stream:
        stream.write('{"student": "ada", "notebooks": 5}\n')
    with record_file(tmp_path) as file:
        file.mark_gone({"ada"})
        with pytest.raises(CourseError, match=r"tiny\.jsonl is damaged .*no grade is lost"):
            file.mark_gone(())


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
