"""A released tiny course, and a small class of which every member has met one of nbgrader's traps."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.converters import GenerateAssignment

from cnn_course.reporting.gradebook import StudentResult, read_results
from splitgrade.feedback.pages import write_feedback
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.grading.record import SubmissionRecord
from splitgrade.nbgrader.session import convert, load_config, open_gradebook
from tests.course_fixture import ADD_RIGHT, ADD_WRONG, ASSIGNMENT, PLUS_RIGHT, hand_in, make_course
from tests.kept_servers import KeptServers

SUBMITTED_BYTES = ".submitted-bytes"


@dataclass(frozen=True)
class GradedClass:
    """The course folder, how each submission fared, and what each student has."""

    root: Path
    records: dict[str, SubmissionRecord]
    results: dict[str, StudentResult]
    before: Path

    def score(self, student: str, notebook: str, question: str) -> float:
        """Return the points of one graded cell."""
        found = {each.name: each.score for each in self.results[student].notebooks[notebook].questions}
        return found[question]

    def feedback(self, student: str, notebook: str) -> str:
        """Return the page that a student gets."""
        return (self.root / "feedback" / student / ASSIGNMENT / f"{notebook}.html").read_text(encoding="utf-8")


def change(path: Path, edit: Callable[[Any], None]) -> None:
    """Edit a submitted notebook the way a student's editor would: without nbformat's checks."""
    notebook = nbformat.read(path, as_version=4)
    edit(notebook)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def cell(notebook: Any, grade_id: str) -> Any:
    """Return a cell by grade_id."""
    return next(each for each in notebook.cells if each.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


@pytest.fixture(scope="session")
def _released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the course and release it."""
    root = make_course(tmp_path_factory.mktemp("released") / "course")
    outcome = convert(GenerateAssignment, load_config(root), ASSIGNMENT)
    assert outcome.success, outcome.log
    return root


@pytest.fixture
def released(_released: Path, tmp_path: Path) -> Path:
    """Return a released course of the test's own, without submissions."""
    return shutil.copytree(_released, tmp_path / "course")


@pytest.fixture(scope="session")
def graded(_released: Path, tmp_path_factory: pytest.TempPathFactory, kept: KeptServers) -> GradedClass:
    """Return a graded class with its feedback; for reading only."""
    root = shutil.copytree(_released, tmp_path_factory.mktemp("graded") / "course")
    config = load_config(root)
    _hand_in_all(root)
    before = shutil.copytree(root / "submitted", root / SUBMITTED_BYTES, symlinks=True)
    grader = Grader.of(root, config, ASSIGNMENT)
    with kept.in_use():
        records = dict(GradingRun(grader, grader.students(), seed=1).outcomes())
    for student, outcome in write_feedback(root, config, ASSIGNMENT, ["ada", "bob", "cyd", "crash"]):
        assert outcome.success, (student, outcome.log)
    with open_gradebook(root, config) as gradebook:
        results = {each.student: each for each in read_results(gradebook, ASSIGNMENT).students}
    return GradedClass(root, records, results, before)


def _hand_in_all(root: Path) -> None:
    """Write the submissions: three ordinary ones, then one for each trap."""
    full = {"one_add": ADD_RIGHT, "two_add": PLUS_RIGHT}
    hand_in(root, "ada", **full, one_why="The order does not matter.")
    raising = "def plus(a, b):\n    print('a print', 'inside a test')\n    raise KeyError('mine')"
    hand_in(root, "bob", one_add=ADD_WRONG, two_add=raising)
    hand_in(root, "cyd")
    deleted = hand_in(root, "deleted", **full) / "one.ipynb"
    change(deleted, lambda nb: nb.cells.remove(cell(nb, "one-add-test")))
    duplicated = hand_in(root, "duplicated", **full) / "one.ipynb"
    change(duplicated, lambda nb: nb.cells.insert(3, nbformat.from_dict(dict(cell(nb, "one-add")))))
    forged = hand_in(root, "forged", **full) / "one.ipynb"
    change(forged, lambda nb: cell(nb, "one-add").metadata.nbgrader.update(schema_version=99))
    hand_in(root, "crash", one_add="def add(a, b):\n    import os\n    os._exit(1)", two_add=PLUS_RIGHT)
    (hand_in(root, "shadow", **full) / "math.py").write_text("raise SystemExit('shadowed')")
    skipped = hand_in(root, "skipped", one_add=ADD_WRONG, two_add=PLUS_RIGHT) / "one.ipynb"
    change(skipped, lambda nb: cell(nb, "one-add-test").metadata.update(tags=["skip-execution"]))
    renamed = hand_in(root, "renamed", **full)
    (renamed / "one.ipynb").rename(renamed / "one (1).ipynb")
    nothing = root / "submitted" / "nothing" / ASSIGNMENT
    nothing.mkdir(parents=True)
    (nothing / "one.ipynb").write_text("this is not a notebook")
    (nothing / "two.ipynb").write_bytes(b"")
    (nothing / "data.txt").symlink_to("/etc/passwd")
