"""One mistake alone in a notebook of right answers: graded by the engine, carried errors and all, or right here."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from fractions import Fraction
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
from nbformat.notebooknode import NotebookNode
from nbgrader.utils import determine_grade

import grader_tests
from grader_tests.answers import WrongAnswer, wrong_answers
from grader_tests.question import Question
from splitgrade.execution.engine import Engine
from splitgrade.execution.instructor import InstructorNotebook, read_instructor_notebook
from splitgrade.execution.setting import SEED_VARIABLE
from splitgrade.nbgrader.execute import SplitExecute
from splitgrade.nbgrader.session import load_config
from splitgrade.submission.restore import restore
from student_kit.call import silence

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = ("cnn_exercises", "cnn_architectures", "cnn_chapters")
NOTEBOOKS = [path for name in ASSIGNMENTS for path in sorted((ROOT / "source" / name).glob("*.ipynb"))]
SEED = "7"


@contextmanager
def course_engine() -> Iterator[Engine]:
    """Give an engine as the course configures it."""
    with Engine(SplitExecute(config=load_config(ROOT)).options) as engine:
        yield engine


@cache
def _instructor(path: Path) -> InstructorNotebook:
    return read_instructor_notebook(path, load_config(ROOT))


def mistakes_of_the_notebooks() -> Sequence[tuple[Path, WrongAnswer]]:
    """Return every known mistake of the exercises and of the bonus notebooks with code, with its notebook."""
    where = {name: path for path in NOTEBOOKS for name in _instructor(path).cells}
    return [(where[wrong.question], wrong) for wrong in wrong_answers().values() if wrong.question in where]


@cache
def followed(path: Path) -> frozenset[str]:
    """Return the questions of a notebook on which later ones build: only a mistake in them may be carried on."""
    cells = _instructor(path).notebook.cells
    return frozenset(name for cell in cells for name in cell.metadata.get("splitgrade", {}).get("follows", ()))


@cache
def _cells(path: Path) -> Sequence[tuple[str, str]]:
    """Return grade_id and source of the code cells that are no tests."""
    cells = [cell for cell in _instructor(path).notebook.cells if cell.cell_type == "code"]
    known = [(cell.metadata.get("nbgrader", {}), cell.source) for cell in cells]
    return [(about.get("grade_id", ""), source) for about, source in known if not about.get("grade")]


@cache
def _questions(path: Path) -> Sequence[Question]:
    """Return the questions of a notebook that have points."""
    named = (name.removesuffix("-test") for name in _instructor(path).cells if name.endswith("-test"))
    return [grader_tests.QUESTIONS[name] for name in named]


def lost_here(path: Path, wrong: WrongAnswer) -> dict[str, Fraction]:
    """Return the same as `lost`, for a mistake on which nothing builds: cells are run and judged in this process."""
    names: dict[str, object] = {}
    mistaken = grader_tests.QUESTIONS[wrong.question].source(wrong.answer, wrong.needs)
    with silence(), np.errstate(all="ignore"):
        for name, source in _cells(path):
            with suppress(Exception):  # an example call of a wrong function may stop, as in a notebook
                exec(mistaken if name == wrong.question else source, names)  # noqa: S102 (the source is our own)
            names.update(dict.fromkeys(("check", "explore", "look", "predict", "progress", "show"), _nothing))
    short = {}
    for question in _questions(path):
        result = grader_tests.examine(question.id, lambda question=question: names[question.name], int(SEED))
        short[question.id] = question.points - result.earned
    return {name: missing for name, missing in short.items() if missing}


def _nothing(*_arguments: object, **_settings: object) -> None:
    """Stand in for what the kit shows."""


def lost(engine: Engine, path: Path, wrong: WrongAnswer) -> dict[str, Fraction]:
    """Return the points that each question of a notebook loses when one answer of it is a known mistake."""
    instructor = _instructor(path)
    notebook: NotebookNode = copy.deepcopy(nbformat.read(path, as_version=4))
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == wrong.question:
            cell.source = grader_tests.QUESTIONS[wrong.question].source(wrong.answer, wrong.needs)
    graded = restore(instructor, notebook).notebook
    engine.run(graded, instructor, instructor.files, "alone", environment={SEED_VARIABLE: SEED})
    tests = [
        cell for cell in graded.cells if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")
    ]
    earned = {cell.metadata.nbgrader.grade_id.removesuffix("-test"): determine_grade(cell) for cell in tests}
    points = {name: grader_tests.QUESTIONS[name].points for name in earned}
    short = {name: points[name] - Fraction(str(round(score or 0.0, 9))) for name, (score, _) in earned.items()}
    return {name: missing for name, missing in short.items() if abs(missing) > Fraction(1, 10**6)}
