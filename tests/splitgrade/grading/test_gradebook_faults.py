"""Gradebooks that are held, damaged or foreign, and folders that cannot be used: waited for, or said in a sentence."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from splitgrade.errors import CourseError
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.grading.record_file import record_path
from splitgrade.nbgrader import gradebook_faults
from splitgrade.nbgrader.gradebook_faults import in_one_sentence, when_free
from splitgrade.nbgrader.session import load_config, open_gradebook
from tests.course_fixture import ASSIGNMENT
from tests.splitgrade.grading.conftest import rows

pytestmark = pytest.mark.usefixtures("kept_servers")

HELD = 1.5  # seconds


def run_of(root: Path, *students: str) -> GradingRun:
    """Return a run over some students."""
    return GradingRun(Grader.of(root, load_config(root), ASSIGNMENT), students or ("ada", "bob"), 5, workers=1)


def hold(root: Path) -> sqlite3.Connection:
    """Lock the gradebook as another program's transaction does."""
    connection = sqlite3.connect(root / "gradebook.db", isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN EXCLUSIVE")
    return connection


def test_a_gradebook_that_is_held_is_waited_for_with_a_word(
    course: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Held while submissions are recorded, or before a run begins: all are graded, none failed, one word each."""
    monkeypatch.setattr(gradebook_faults, "_LISTEN_SECONDS", 0.1)
    monkeypatch.setattr(gradebook_faults, "_PAUSE_SECONDS", 0.05)
    caplog.set_level(logging.WARNING)
    for students, moment in ((("ada", "bob"), "recording"), (("cyd",), "beginning")):
        run = run_of(course, *students)
        outcomes = run.outcomes()
        records = dict([next(outcomes)] if moment == "recording" else [])
        connection = hold(course)
        threading.Timer(HELD, connection.rollback).start()
        caplog.clear()
        started = time.monotonic()
        records |= dict(outcomes)
        assert time.monotonic() - started > 0.9 * HELD
        said = [each.getMessage() for each in caplog.records]
        assert len(said) == 2, moment
        assert said[0].startswith("The gradebook is held by another program")
        assert said[1].startswith("The gradebook is free again")
        assert {each.state for record in records.values() for each in record.notebooks.values()} == {"graded"}
        connection.close()
    assert rows(course).keys() == {"ada", "bob", "cyd"}


def test_one_that_is_held_for_ever_ends_the_run_and_costs_nothing(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence says what to do; the next start records what had been run."""
    monkeypatch.setattr(gradebook_faults, "_LISTEN_SECONDS", 0.1)
    monkeypatch.setattr(gradebook_faults, "_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(when_free, "__kwdefaults__", {"patience": 0.3})
    outcomes = run_of(course).outcomes()
    next(outcomes)
    connection = hold(course)
    with pytest.raises(CourseError, match=r"was held by another program for \d+ s: .*start the same command again"):
        list(outcomes)
    connection.close()
    run = run_of(course)
    assert all(record.having("graded") == ["one", "two"] for _, record in run.outcomes())
    assert len(run.unchanged) == 1


def test_one_writer_and_many_readers(course: Path) -> None:
    """While four programs read without a pause, every submission is recorded, and no reader is turned away."""
    over, failed, reads = threading.Event(), list[Exception](), [0] * 4

    def read(number: int) -> None:
        while not over.is_set():
            try:
                with sqlite3.connect(course / "gradebook.db", timeout=30) as connection:
                    assert connection.execute("SELECT count(*), avg(auto_score) FROM grade, comment").fetchone()
                connection.close()
                reads[number] += 1
            except Exception as error:
                failed.append(error)
                return

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        records = dict(run_of(course, "ada", "bob").outcomes())
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert failed == []
    assert min(reads) > 3
    assert all(record.having("graded") == ["one", "two"] for record in records.values())


def damaged(root: Path) -> None:
    """Write zeros over the middle of the gradebook."""
    content = bytearray((root / "gradebook.db").read_bytes())
    content[: 100 + len(content) // 2] = bytes(100 + len(content) // 2)
    (root / "gradebook.db").write_bytes(content)


def foreign(root: Path) -> None:
    """Put another program's database in the gradebook's place."""
    (root / "gradebook.db").unlink()
    with sqlite3.connect(root / "gradebook.db") as connection:
        connection.execute("CREATE TABLE grade (subject TEXT, mark TEXT)")
        connection.execute("CREATE TABLE assignment (title TEXT)")
    connection.close()


def no_database(root: Path) -> None:
    """Put a text in the gradebook's place."""
    (root / "gradebook.db").write_text("points\n" * 1000)


def a_folder(root: Path) -> None:
    """Put a folder in the gradebook's place."""
    (root / "gradebook.db").unlink()
    (root / "gradebook.db").mkdir()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (damaged, "is damaged or no gradebook .*put a copy of it back"),
        (no_database, "is damaged or no gradebook .*put a copy of it back"),
        (foreign, r"is not one of this version of nbgrader .*moved away"),
        (a_folder, "cannot be opened for writing"),
    ],
)
def test_a_gradebook_that_is_none_is_one_sentence(course: Path, spoil: Callable[[Path], None], says: str) -> None:
    """Grading and every other command that opens it say which file it is, what is wrong, and what to do."""
    spoil(course)
    with pytest.raises(CourseError, match=f"(?s)^the gradebook .*{says}") as grading:
        list(run_of(course).outcomes())
    assert "\n" not in str(grading.value)
    with pytest.raises(CourseError, match=says), open_gradebook(course) as gradebook:
        gradebook.find_assignment(ASSIGNMENT)


def test_one_that_cannot_be_opened_is_let_go(course: Path) -> None:
    """No connection of a try in vain stays open; whoever waits for a gradebook tries once a second."""
    no_database(course)
    with pytest.raises(CourseError) as error, open_gradebook(course):
        raise AssertionError
    held = [str(each.resolve()) for each in Path("/proc/self/fd").iterdir()]
    assert not [each for each in held if each.startswith(str(course.resolve()))], error.value


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "cannot be used: .*db_url"),
        ("mysql+nothing://ta:secret@db/cnn", "cannot be used: .*db_url"),
        ("oracle+oracledb://ta:secret@db/cnn", "needs the driver oracledb"),
    ],
)
def test_a_url_that_leads_nowhere_is_one_sentence(course: Path, url: str, says: str) -> None:
    """What is not installed and what is no URL are said; a password is not."""
    config = load_config(course)
    config.CourseDirectory.db_url = url
    with pytest.raises(CourseError, match=says) as error, open_gradebook(course, config):
        raise AssertionError
    assert "secret" not in str(error.value)


def test_a_full_disk_is_named() -> None:
    """SQLite's words for it are understood."""
    error = OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))
    assert "the disk is full" in in_one_sentence(error, "sqlite:///gradebook.db")


@pytest.mark.parametrize("place", ["state", "record", "splitgrade", "autograded", "lock"])
def test_what_lies_in_the_place_of_the_runs_own_files(course: Path, place: str) -> None:
    """A folder where a file should be, a file where a folder should be: put right, or one sentence."""
    own = course / ".splitgrade"
    if place == "state":
        (own / "runs" / ASSIGNMENT / "ada.json" / "x").mkdir(parents=True)
        assert all(record.having("graded") for _, record in run_of(course).outcomes())
        assert (own / "runs" / ASSIGNMENT / "ada.json").is_file()
        return
    if place == "record":
        record_path(course, ASSIGNMENT).mkdir(parents=True)
    elif place == "lock":
        (own / "grading.lock").mkdir(parents=True)
    else:
        path = own if place == "splitgrade" else course / "autograded"
        path.unlink() if path.is_file() else None
        path.rmdir() if path.is_dir() else None
        path.write_text("a file")
    with pytest.raises(CourseError, match=r"is damaged|cannot write in|grading stopped") as error:
        list(run_of(course).outcomes())
    assert str(course) in str(error.value)
