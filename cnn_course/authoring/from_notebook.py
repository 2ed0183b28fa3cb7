"""Carry an edit that was made in JupyterLab back into the text that the notebook comes from."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat

from cnn_course.authoring.cells import Cell, Page
from cnn_course.authoring.checks import load_checks
from cnn_course.authoring.kit import load_kit
from cnn_course.authoring.notebook import to_cells
from cnn_course.authoring.pages import check_pages, read_pages, values_for
from cnn_course.authoring.pictures import FOLDER
from cnn_course.authoring.placeholders import Values, unfill
from cnn_course.authoring.text import NAME, parse_page, write_text
from cnn_course.course import Course
from cnn_course.errors import BuildError, Problem
from splitgrade.errors import CourseError

_RANDOM = re.compile(r"(cell-)?[0-9a-f]{8,}(-[0-9a-f]{4,})*")  # what JupyterLab and nbgrader give to new cells


@dataclass(frozen=True)
class Carried:
    """What was carried over.

    Parameters
    ----------
    file : str
        The text that was written, relative to the course.
    changed, added, removed : tuple of str
        Names of cells.
    """

    file: str
    changed: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]


def carry_over(course: Course, path: Path) -> Carried:
    """Write the cells of an edited notebook into its text.

    Cells keep their names; a cell that JupyterLab made gets a readable one from the cell before it.
    Outputs are left behind.

    Parameters
    ----------
    course : Course
        The course that the notebook belongs to.
    path : Path
        The notebook, in a folder named after its assignment (``source/cnn_exercises/ex41.ipynb``).

    Raises
    ------
    CourseError
        When the file is no notebook of the course, comes from a quiz, or the edit breaks a rule
        (`BuildError`); the text then stays as it was.
    """
    assignment, name = path.resolve().parent.name, path.stem
    if assignment not in course.assignments or name not in course.assignments[assignment].notebooks:
        known = ", ".join(f"{a.name}/{n}.ipynb" for a in course.assignments.values() for n in a.notebooks)
        raise CourseError(f"{path}: no notebook of this course; it has {known}")
    if name == course.assignments[assignment].quiz_notebook:
        quiz = f"authoring/{assignment}/{course.assignments[assignment].quiz}"
        raise CourseError(f"{path}: comes from a quiz; change {quiz} and run: cnn-course build")
    pages = read_pages(course)
    old = next(page for page in pages[assignment] if page.name == name)
    edited = _put_places_back(_name_new_cells(_read_cells(path), old), old, values_for(pages, load_kit(course)))
    text = write_text(edited)
    new = parse_page(text, name, old.file)
    _require_equal(edited, new)
    _check(course, {**pages, assignment: tuple(new if page is old else page for page in pages[assignment])})
    _write(course.root / old.file, text)
    before = {cell.name: (cell.kind, cell.points, cell.source) for cell in old.cells}
    after = {cell.name: (cell.kind, cell.points, cell.source) for cell in new.cells}
    return Carried(
        file=old.file,
        changed=tuple(cell for cell in after if cell in before and after[cell] != before[cell]),
        added=tuple(cell for cell in after if cell not in before),
        removed=tuple(cell for cell in before if cell not in after),
    )


def _read_cells(path: Path) -> tuple[Cell, ...]:
    """Return the cells of a notebook file."""
    try:
        return to_cells(nbformat.read(path, as_version=4))
    except Exception as error:  # nbformat raises errors of many kinds for files of many kinds
        raise CourseError(f"{path}: cannot be read as a notebook of this course: {error}") from error


def _name_new_cells(cells: Iterable[Cell], old: Page) -> list[Cell]:
    """Give a readable name to each cell that has a random one."""
    known = {cell.name: cell.gap for cell in old.cells}
    taken, previous, named = set(known), old.name, []
    for cell in cells:
        if cell.name not in known and (not NAME.fullmatch(cell.name) or _RANDOM.fullmatch(cell.name)):
            stem = re.sub(r"-more\d*$", "", previous)
            names = (f"{stem}-more{number or ''}" for number in range(len(taken) + 1))
            cell = replace(cell, name=next(name for name in names if name not in taken))
        taken.add(cell.name)
        previous = cell.name
        named.append(replace(cell, gap=known.get(cell.name)))
    return named


def _put_places_back(edited: Iterable[Cell], old: Page, values: Values) -> list[Cell]:
    """Return the cells with places for points and examples where the old text has them."""
    before = {cell.name: cell for cell in old.cells}
    return [
        replace(cell, source=unfill(cell.source, before[cell.name], values)) if cell.name in before else cell
        for cell in edited
    ]


def _require_equal(edited: Iterable[Cell], page: Page) -> None:
    """Stop where a cell holds something that py:percent text would change, such as a line that begins with ``#!``."""
    kept = {cell.name: cell.source.strip("\n") for cell in page.cells}
    problems = [
        Problem(page.file, f"cell {cell.name}", "text keeps what a cell holds", kept.get(cell.name, ""), "reword it")
        for cell in edited
        if kept.get(cell.name) != cell.source.strip("\n")
    ]
    if problems:
        raise BuildError("carrying the notebook over", problems)


def _check(course: Course, pages: dict[str, tuple[Page, ...]]) -> None:
    """Stop where the edited course breaks a rule; pictures are those that lie in ``source/``."""
    images = {
        name: frozenset(f"{FOLDER}/{path.name}" for path in (course.source / name / FOLDER).glob("*.png"))
        for name in pages
    }
    problems: list[Problem] = check_pages(course, pages, images, load_checks(course), load_kit(course))
    if problems:
        raise BuildError("carrying the notebook over", problems)


def _write(path: Path, text: str) -> None:
    """Replace a file in one step."""
    aside = path.with_suffix(".tmp")
    aside.write_text(text, encoding="utf-8")
    os.replace(aside, path)  # noqa: PTH105
