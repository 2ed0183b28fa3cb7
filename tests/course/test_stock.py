"""The demo class under nbgrader's own execution: every honest notebook has, cell by cell, the same scores."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from traitlets.config import Config

from cnn_course.demo.recipes import Recipe
from splitgrade.execution.wire.outputs import CARRIED
from splitgrade.nbgrader.environment import prepare
from splitgrade.nbgrader.session import convert
from tests.course.conftest import Demo
from tests.course_fixture import REPOSITORY

pytestmark = pytest.mark.slow

Scores = dict[str, float | None]


def honest(recipe: Recipe) -> bool:
    """Say whether stock nbgrader can grade it: no edited test and no loop without an end."""
    return not recipe.tests and not any("while " in answer for answer in recipe.answers.values())


def versions(demo: Demo, assignment: str) -> Iterator[tuple[str, Path]]:
    """Yield every honest notebook of the class once, with the student who handed it in first."""
    seen = set()
    for recipe in filter(honest, demo.recipes.students):
        for path in sorted((demo.folder / "submitted" / recipe.id / assignment).glob("*.ipynb")):
            digest = hashlib.sha256(path.read_bytes()).digest()
            known = path.stem in recipe.points and path.stem not in recipe.files
            if known and (path.name, digest) not in seen:
                seen.add((path.name, digest))
                yield recipe.id, path


def scores(folder: Path, assignment: str, student: str, notebook: str) -> Scores:
    """Return what a gradebook says of the cells that tests give points for."""
    with Gradebook(f"sqlite:///{folder}/gradebook.db") as gradebook:
        found = gradebook.find_submission_notebook(notebook, assignment, student)
        return {grade.name: grade.auto_score for grade in found.grades if grade.cell_type == "code"}


def before_carrying(folder: Path, assignment: str, student: str, notebook: str) -> Scores:
    """Return the scores of a graded notebook as they were before a test was run again with right earlier answers."""
    found = scores(folder, assignment, student, notebook)
    graded = nbformat.read(folder / "autograded" / student / assignment / f"{notebook}.ipynb", as_version=4)
    for cell in graded.cells:
        for output in cell.get("outputs", []):
            if CARRIED in output.get("data", {}):  # stock nbgrader has nothing of the kind
                found[cell.metadata.nbgrader.grade_id] = output["data"][CARRIED]["first"]
    return found


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("assignment", [pytest.param("cnn_exercises", marks=pytest.mark.long), "cnn_quiz"])
def test_stock_nbgrader_gives_the_same_scores(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, assignment: str
) -> None:
    """Neither the sandbox nor the split of a notebook into two processes changes a point of an honest student."""
    prepare()
    monkeypatch.setenv("SPLITGRADE_SEED", str(demo.recipes.seed))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")]))
    config = Config()
    config.CourseDirectory.root, config.CourseDirectory.db_url = str(tmp_path), f"sqlite:///{tmp_path}/gradebook.db"
    config.Execute.startup_timeout = 120
    shutil.copytree(demo.folder / "source" / assignment, tmp_path / "source" / assignment)
    outcome = convert(GenerateAssignment, config, assignment)
    assert outcome.success, outcome.log
    ours = {}
    for number, (student, path) in enumerate(versions(demo, assignment)):
        target = tmp_path / "submitted" / f"{number}" / assignment
        target.mkdir(parents=True)
        shutil.copy(path, target)
        ours[f"{number}", path.stem] = before_carrying(demo.folder, assignment, student, path.stem)
    theirs = {}
    for number, notebook in ours:
        outcome = convert(Autograde, config, assignment, number)
        assert outcome.success, outcome.log
        theirs[number, notebook] = scores(tmp_path, assignment, number, notebook)
    assert len(ours) >= 6
    assert theirs == ours
