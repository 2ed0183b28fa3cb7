"""Make the submissions of the demo class from the release and named recipes (``demo/class.toml``)."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.utils import is_solution

from cnn_course.authoring.regions import MARKERS
from cnn_course.course import Course
from cnn_course.toml import read_toml
from splitgrade.errors import CourseError

CLASS_FILE = "demo/class.toml"
FAULTS = ("missing", "empty", "not-a-notebook", "other-assignment", "renamed")

_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
_TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$", "description": "times end with UTC"}
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["assignments", "due", "seed", "cell_seconds", "student"],
    "properties": {
        "assignments": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        "due": _TIME,
        "seed": {"type": "integer", "minimum": 0},
        "cell_seconds": {"type": "integer", "minimum": 1},
        "student": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id", "name", "description", "default", "submitted", "points"],
                "properties": {
                    "id": {"type": "string", "pattern": "^[a-z]+$"},
                    "name": {
                        "type": "string",
                        "pattern": r"^\S+ \S.*$",
                        "description": "a name is first name, last name",
                    },
                    "description": {"type": "string"},
                    "default": {"enum": ["reference", "blank"]},
                    "submitted": _TIME,
                    "answers": _TEXTS,
                    "tests": _TEXTS,
                    "files": {"type": "object", "additionalProperties": {"enum": list(FAULTS)}},
                    "points": {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}},
                },
            },
        },
    },
}


@dataclass(frozen=True)
class Recipe:
    """How one student of the demo class answers.

    Parameters
    ----------
    id, name, description : str
        Who it is, and what is to be seen.
    default : {"reference", "blank"}
        What stands in the answer cells that ``answers`` does not name.
    submitted : str
        When it was handed in, as nbgrader writes times.
    answers : mapping of str to str
        Answer cell -> ``right:NAME``, ``wrong:ID``, ``reference``, ``blank``, or the text itself.
    tests : mapping of str to str
        Test cell -> the text that the student put in its place.
    files : mapping of str to str
        Notebook -> what is wrong with the file, one of `FAULTS`.
    points : mapping of str to float
        Notebook -> the points that the tests must give, before anybody has marked an answer in words.
    """

    id: str
    name: str
    description: str
    default: str
    submitted: str
    answers: Mapping[str, str]
    tests: Mapping[str, str]
    files: Mapping[str, str]
    points: Mapping[str, float]


@dataclass(frozen=True)
class DemoClass:
    """The demo class: its assignments, due time, seed and seconds a cell of its grading run, and its students."""

    assignments: tuple[str, ...]
    due: str
    seed: int
    cell_seconds: int
    students: tuple[Recipe, ...]


def read_class(root: Path) -> DemoClass:
    """Return the demo class of the course in ``root``.

    Raises
    ------
    BuildError
        When the file is missing or breaks its schema.
    """
    data = read_toml(root / CLASS_FILE, _SCHEMA, CLASS_FILE)
    students = tuple(
        Recipe(
            id=each["id"],
            name=each["name"],
            description=each["description"],
            default=each["default"],
            submitted=each["submitted"],
            answers=each.get("answers", {}),
            tests=each.get("tests", {}),
            files=each.get("files", {}),
            points={name: float(points) for name, points in each["points"].items()},
        )
        for each in data["student"]
    )
    return DemoClass(tuple(data["assignments"]), data["due"], data["seed"], data["cell_seconds"], students)


def hand_in(course: Course, scratch: Path, demo: DemoClass) -> None:
    """Write the submissions of the class into ``submitted/`` of the scratch course.

    Parameters
    ----------
    course : Course
        Knows the assignments and names the package of checks.
    scratch : Path
        A course folder with ``source/`` and ``release/``.
    demo : DemoClass
        The recipes.

    Raises
    ------
    CourseError
        When a recipe names a cell, notebook, mistake or right answer that does not exist.
    """
    known = _Known(course.checks)
    for recipe in demo.students:
        unused = {*recipe.answers, *recipe.tests, *recipe.files}
        for assignment in map(course.assignment, demo.assignments):
            folder = scratch / "submitted" / recipe.id / assignment.name
            shutil.copytree(scratch / "release" / assignment.name, folder)
            (folder / "timestamp.txt").write_text(recipe.submitted)
            for name in assignment.notebooks:
                source = scratch / "source" / assignment.name / f"{name}.ipynb"
                unused -= _answer(folder / f"{name}.ipynb", source, recipe, known)
            for name in set(recipe.files) & set(assignment.notebooks):
                others = [
                    path for path in (scratch / "release").glob("*/*.ipynb") if path.parent.name != assignment.name
                ]
                _spoil(folder / f"{name}.ipynb", recipe.files[name], sorted(others))
                unused.discard(name)
        if unused:
            raise CourseError(f"{CLASS_FILE}, {recipe.id}: no cell or notebook is called {', '.join(sorted(unused))}")


class _Known:
    """The right and wrong answers that the checks package knows, as text for an answer cell."""

    def __init__(self, checks: str) -> None:
        self._answers = import_module(f"{checks}.answers")
        self._questions = import_module(checks).QUESTIONS

    def text(self, cell: str, answer: str) -> str:
        """Return the text for ``right:NAME`` or ``wrong:ID``."""
        kind, _, name = answer.partition(":")
        if kind == "right":
            found = self._answers.right_answers().get((cell, name))
        else:
            found = self._answers.wrong_answers().get(name)
        if found is None or found.question != cell:
            raise CourseError(f"{CLASS_FILE}: no {kind} answer of {cell} is called {name!r}")
        return str(self._questions[cell].source(found.answer, found.needs))


def _answer(path: Path, source: Path, recipe: Recipe, known: _Known) -> set[str]:
    """Fill in one notebook; return the cells of the recipe that were used."""
    notebook = nbformat.read(path, as_version=4)
    reference = {cell["id"]: cell.source for cell in nbformat.read(source, as_version=4).cells}
    used = set()
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name in recipe.tests:
            cell.source = recipe.tests[name]
        elif is_solution(cell):
            cell.source = _text(cell.source, reference[name], recipe.answers.get(name, recipe.default), name, known)
        used.add(name)
    nbformat.write(notebook, path)
    return used


def _text(released: str, reference: str, answer: str, name: str, known: _Known) -> str:
    """Return what a student writes into an answer cell."""
    if answer == "blank":
        return released
    if answer == "reference":
        lines = reference.partition("\n**Rubric**")[0].splitlines()
        return "\n".join(line for line in lines if not any(marker in line for marker in MARKERS)).strip()
    if answer.startswith(("right:", "wrong:")):
        return known.text(name, answer)
    return answer


def _spoil(path: Path, fault: str, others: list[Path]) -> None:
    """Give a file of a submission the fault that the recipe names."""
    if fault == "missing":
        path.unlink()
    elif fault == "empty":
        path.write_text("")
    elif fault == "not-a-notebook":
        path.write_text("PK\x03\x04 this is what is left of an archive\n")
    elif fault == "renamed":
        path.rename(path.with_name(f"{path.stem} (1).ipynb"))
    else:
        shutil.copyfile(others[0], path)
