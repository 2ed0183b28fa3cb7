"""The record of a run survives being written, read and interrupted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from splitgrade.errors import CourseError
from splitgrade.grading.record import (
    NotebookRecord,
    RunRecord,
    State,
    SubmissionRecord,
    faults,
    read_record,
    record_path,
    write_record,
)
from splitgrade.grading.run_summary import exit_status
from splitgrade.grading.submission_run import _events

RECORD = RunRecord(
    "tiny",
    7,
    {"ada": SubmissionRecord({"one": NotebookRecord("graded"), "two": NotebookRecord("refused", "empty")}, ["a note"])},
    ["bob/tinny/: no assignment is called so; is 'tiny' meant?"],
)


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Nothing is lost on the way to the disk and back."""
    write_record(tmp_path, RECORD)
    assert read_record(tmp_path, "tiny") == RECORD


def test_there_is_no_record_before_the_first_run(tmp_path: Path) -> None:
    """A course that was never graded has none."""
    assert read_record(tmp_path, "tiny") is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"assignment": "tiny"}', '{"seed": 1, "submissions": {"a": 1}}'])
def test_a_damaged_record_says_what_to_do(tmp_path: Path, text: str) -> None:
    """The message names the file and says that no grade is lost."""
    write_record(tmp_path, RECORD)
    record_path(tmp_path, "tiny").write_text(text)
    with pytest.raises(CourseError, match=r"tiny\.json is damaged .*no grade is lost"):
        read_record(tmp_path, "tiny")


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
