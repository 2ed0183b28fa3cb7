"""A released tiny course, made once and copied for each test, and a look at everything that a run leaves."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.converters import GenerateAssignment
from nbgrader.utils import parse_utc

from splitgrade.nbgrader.session import convert, load_config, open_gradebook
from tests.course_fixture import ADD_RIGHT, ADD_WRONG, ASSIGNMENT, PLUS_RIGHT, hand_in, make_course

STUDENTS = ("ada", "bob", "cyd", "dan", "eve", "fay")


@pytest.fixture(scope="session")
def _released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the course, with six submissions; one is no notebook, one lacks a notebook."""
    root = make_course(tmp_path_factory.mktemp("tiny") / "course")
    config = load_config(root)
    outcome = convert(GenerateAssignment, config, ASSIGNMENT)
    assert outcome.success, outcome.log
    with open_gradebook(root, config) as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate=parse_utc("2026-01-10 12:00:00 UTC"))
    hand_in(root, "ada", one_add=ADD_RIGHT, two_add=PLUS_RIGHT, one_why="The order does not matter.")
    hand_in(root, "bob", one_add=ADD_WRONG, two_add=PLUS_RIGHT)
    hand_in(root, "cyd")
    hand_in(root, "dan", one_add="def add(a, b):\n    raise KeyError('mine')", two_add=PLUS_RIGHT)
    (hand_in(root, "eve", one_add=ADD_RIGHT) / "two.ipynb").write_text("no notebook")
    (hand_in(root, "fay", one_add=ADD_RIGHT) / "two.ipynb").unlink()
    for student, time in (("ada", "2026-01-09 10:00:00 UTC"), ("bob", "2026-01-11 10:00:00 UTC")):
        (root / "submitted" / student / ASSIGNMENT / "timestamp.txt").write_text(time)
    return root


@pytest.fixture
def course(_released: Path, tmp_path: Path) -> Path:
    """Return a course of the test's own; its submissions have not been graded."""
    return shutil.copytree(_released, tmp_path / "course")


def rows(root: Path, config: Any = None, assignment: str = ASSIGNMENT) -> dict[str, Any]:
    """Return everything that the gradebook holds of an assignment's submissions, but for keys."""
    found: dict[str, Any] = {}
    with open_gradebook(root, config or load_config(root)) as gradebook:
        for submission in gradebook.assignment_submissions(assignment):
            found[submission.student.id] = {
                "timestamp": submission.timestamp,
                **{
                    notebook.name: {
                        "penalty": notebook.late_submission_penalty,
                        "grades": sorted(
                            (each.name, each.auto_score, each.manual_score, each.needs_manual_grade)
                            for each in notebook.grades
                        ),
                        "comments": sorted((each.name, each.auto_comment) for each in notebook.comments),
                    }
                    for notebook in submission.notebooks
                },
            }
    return found


def files(root: Path, assignment: str = ASSIGNMENT) -> dict[str, Any]:
    """Return the autograded files: mode and content, notebooks without what differs between two runs of the same."""
    found = {}
    folder = root / "autograded"
    for path in sorted(folder.glob(f"*/{assignment}/**/*")):
        if path.is_file():
            name, mode = path.relative_to(folder).as_posix(), path.stat().st_mode
            found[name] = (mode, _comparable(path) if path.suffix == ".ipynb" else path.read_bytes())
    return found


def _comparable(path: Path) -> str:
    text = nbformat.writes(nbformat.read(path, as_version=4))
    return re.sub(r"0x[0-9a-f]{6,}", "0x", text)
