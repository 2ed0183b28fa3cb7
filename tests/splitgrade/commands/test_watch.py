"""Grading what comes in: at rest, the newest, not too often; from a drop folder and from nbgrader's exchange."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nbgrader.converters import GenerateAssignment
from traitlets.config import Config

from splitgrade.errors import CourseError
from splitgrade.grading.arrivals import DropFolder, Exchange
from splitgrade.grading.watching import HOUR, Waiting
from splitgrade.nbgrader.course_folders import CourseFolders
from splitgrade.nbgrader.session import convert, load_config
from tests.course_fixture import ADD_RIGHT, ASSIGNMENT, PLUS_RIGHT, REPOSITORY, hand_in, make_course


def test_what_is_new_and_at_rest_is_ready_once(tmp_path: Path) -> None:
    """Nobody is graded while files still come, nor twice for the same; a change makes a submission new."""
    (tmp_path / "ada").mkdir()
    waiting = Waiting(lambda student: tmp_path / student, per_hour=9)
    assert waiting.ready(["ada"], 0) == []
    (tmp_path / "ada" / "one.ipynb").write_text("half")
    assert waiting.ready(["ada"], 1) == []
    assert waiting.ready(["ada"], 2) == ["ada"]
    waiting.begin("ada")
    assert waiting.ready(["ada"], 3) == []
    (tmp_path / "ada" / "one.ipynb").write_text("whole")
    assert [waiting.ready(["ada"], now) for now in (4, 5)] == [[], ["ada"]]
    waiting.begin("ada")
    waiting.forget("ada")
    assert waiting.ready(["ada"], 6) == ["ada"]


def test_who_hands_in_too_often_waits_and_nobody_else(tmp_path: Path) -> None:
    """After two runs within an hour the third waits until the first is an hour old; it is of the newest files then."""
    for student in ("ada", "bob"):
        (tmp_path / student).mkdir()
    waiting = Waiting(lambda student: tmp_path / student, per_hour=2)
    waiting.ready(["ada", "bob"], 0)
    for now in (0.0, 10.0):
        waiting.count("ada", now)
    assert waiting.ready(["ada", "bob"], 20) == ["bob"]
    assert waiting.ready(["ada"], HOUR - 1) == []
    assert waiting.ready(["ada"], HOUR) == ["ada"]
    with pytest.raises(ValueError, match="at least 1, got 0"):
        Waiting(lambda student: tmp_path / student, per_hour=0)


def test_the_newest_of_a_drop_folder_counts(tmp_path: Path) -> None:
    """Files at rest replace those of before; links stay behind, the drop is left as it is, odd names are told."""
    drop, place = tmp_path / "drop", tmp_path / "drop" / "ada" / "tiny"
    place.mkdir(parents=True)
    (tmp_path / "drop" / " bob" / "tiny").mkdir(parents=True)
    (place / "one.ipynb").write_text("first")
    (place / "link").symlink_to("/etc/passwd")
    folders = CourseFolders.of(Config(CourseDirectory={"root": str(tmp_path)}))
    source, target = DropFolder(drop, folders, "tiny"), tmp_path / "submitted" / "ada" / "tiny"
    assert ["blanks at its ends" in line for line in source.collect()] == [True]
    assert not target.exists()
    source.collect()
    assert {path.name: path.read_text() for path in target.iterdir()} == {"one.ipynb": "first"}
    (place / "two.ipynb").write_text("second")
    os.utime(place / "two.ipynb", (1_700_000_000, 1_700_000_000))
    (place / "one.ipynb").unlink()
    source.collect()
    source.collect()
    assert {path.name: path.read_text() for path in target.iterdir()} == {"two.ipynb": "second"}
    assert (target / "two.ipynb").stat().st_mtime == 1_700_000_000
    assert list((tmp_path / ".splitgrade" / "incoming").iterdir()) == []
    with pytest.raises(CourseError, match="is no folder"):
        DropFolder(tmp_path / "none", folders, "tiny")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a course in which nobody has handed in."""
    root = make_course(tmp_path_factory.mktemp("watched") / "course")
    assert convert(GenerateAssignment, load_config(root), ASSIGNMENT).success
    return root


def test_the_exchange_is_collected_by_nbgrader(released: Path, tmp_path: Path) -> None:
    """The newest that a student has submitted comes into submitted/, and a newer one takes its place."""
    root = shutil.copytree(released, tmp_path / "course")
    config = load_config(root)
    config.Exchange.root = str(tmp_path / "exchange")
    config.ExchangeCollect.check_owner = False
    inbound = tmp_path / "exchange" / "cnn" / "inbound"
    (tmp_path / "exchange" / "cnn" / "feedback").mkdir(parents=True)
    for hour in (10, 11):
        handed_in = inbound / f"ada+{ASSIGNMENT}+2026-01-05 {hour}:00:00.000000 UTC+abc"
        handed_in.mkdir(parents=True)
        (handed_in / "timestamp.txt").write_text(f"2026-01-05 {hour}:00:00.000000 UTC")
        (handed_in / "one.ipynb").write_text(str(hour))
        assert Exchange(config, ASSIGNMENT).collect() == []
        assert (root / "submitted" / "ada" / ASSIGNMENT / "one.ipynb").read_text() == str(hour)
    config.Exchange.root = str(tmp_path / "none")
    with pytest.raises(CourseError, match="exchange cannot be used"):
        Exchange(config, ASSIGNMENT).collect()


@pytest.mark.slow
def test_it_grades_and_gives_feedback_until_it_is_stopped(released: Path, tmp_path: Path) -> None:
    """A submission that is dropped is graded and gets a page; SIGTERM, a service's end, is no failure."""
    root = shutil.copytree(released, tmp_path / "course")
    place = hand_in(root, "ada", one_add=ADD_RIGHT, two_add=PLUS_RIGHT)
    (tmp_path / "drop" / "ada").mkdir(parents=True)
    place.rename(tmp_path / "drop" / "ada" / ASSIGNMENT)
    words = ["watch", ASSIGNMENT, "--drop", str(tmp_path / "drop"), "--every", "0.2", "--feedback"]
    command = [sys.executable, "-m", "splitgrade", *words]
    with subprocess.Popen(
        [*command, "--every", "0.2", "--feedback"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "ada: one graded, two graded" in line, line + process.communicate()[0]
        page = root / "feedback" / "ada" / ASSIGNMENT / "one.html"
        while not page.is_file():
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=60)[0]
    assert process.returncode == 0, rest
    assert "stopped; what was graded is recorded" in rest


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd's own check of units")
def test_the_service_in_the_docs_is_one_that_systemd_takes(tmp_path: Path) -> None:
    """No setting is misspelled or stands in the wrong section."""
    text = (REPOSITORY / "docs" / "running.md").read_text().partition("```ini\n")[2].partition("```")[0]
    unit = tmp_path / "cnn-watch.service"
    unit.write_text(text.replace("/srv/venv/bin/cnn-course", sys.executable))
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    assert "ExecStart=" in text
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
