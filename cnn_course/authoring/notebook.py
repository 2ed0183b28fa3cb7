"""Cells to notebooks, byte for byte the same on every machine; and notebooks back to cells."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from cnn_course.authoring.cells import Cell, Kind, Page
from cnn_course.authoring.text import plain_number

# No version of Python: it would change with the machine that builds.
METADATA: Mapping[str, Any] = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}
SCHEMA_VERSION = 3  # of nbgrader's cell metadata
GRADER = "splitgrade"  # where the grader reads what nbgrader has no word for

# (grade, solution, locked) as nbgrader wants them; the other kinds are none of nbgrader's business.
_FLAGS: Mapping[Kind, tuple[bool, bool, bool]] = {
    Kind.SETUP: (False, False, True),
    Kind.ANSWER: (False, True, False),
    Kind.TEST: (True, False, True),
    Kind.WRITTEN: (True, True, False),
}


def to_notebook(page: Page) -> nbformat.NotebookNode:
    """Return a page as a notebook (nbformat 4.5) without outputs; cell ids and grade_ids are the cells' names."""
    notebook = new_notebook(metadata={key: dict(value) for key, value in METADATA.items()})
    notebook.cells = [_raw(cell) for cell in page.cells]
    return notebook


def to_json(page: Page) -> str:
    """Return a page as the text of an ``.ipynb`` file.

    Examples
    --------
    >>> page = Page("ex1", "ex1.py", (Cell("ex1-try", Kind.STUDENT, "x = 1"),))
    >>> to_json(page) == to_json(page)
    True
    """
    text: str = nbformat.writes(to_notebook(page), version=4)
    return text + "\n"


def to_cells(notebook: nbformat.NotebookNode) -> tuple[Cell, ...]:
    """Return the cells of a notebook; outputs are dropped, a cell is named by its grade_id, else by its id."""
    return tuple(_cell(raw) for raw in notebook.cells)


def _raw(cell: Cell) -> nbformat.NotebookNode:
    """Return one cell as a notebook cell."""
    new = new_markdown_cell if cell.is_markdown else new_code_cell
    raw = new(cell.source, id=cell.name)
    if cell.kind in _FLAGS:
        raw.metadata["nbgrader"] = _nbgrader(cell)
    if cell.follows:
        raw.metadata[GRADER] = {"follows": list(cell.follows)}
    return raw


def _nbgrader(cell: Cell) -> dict[str, Any]:
    """Return what nbgrader reads about a cell."""
    grade, solution, locked = _FLAGS[cell.kind]
    metadata: dict[str, Any] = {
        "grade": grade,
        "grade_id": cell.name,
        "locked": locked,
        "schema_version": SCHEMA_VERSION,
        "solution": solution,
        "task": False,
    }
    if cell.points is not None:
        metadata["points"] = plain_number(cell.points)
    return metadata


def _cell(raw: nbformat.NotebookNode) -> Cell:
    """Return a notebook cell as one of ours."""
    nbgrader = raw.metadata.get("nbgrader", {})
    kind, points = _kind(raw.cell_type, nbgrader), None
    if kind in (Kind.TEST, Kind.WRITTEN):
        points = Fraction(str(nbgrader.get("points", 0)))
    follows = tuple(raw.metadata.get(GRADER, {}).get("follows", ())) if kind is Kind.TEST else ()
    return Cell(str(nbgrader.get("grade_id") or raw.get("id", "")), kind, raw.source, points, follows=follows)


def _kind(cell_type: str, nbgrader: Mapping[str, Any]) -> Kind:
    """Return what a notebook cell is for."""
    if cell_type not in ("code", "markdown"):
        raise ValueError(f"cells of a course are code or Markdown; found {cell_type!r}")
    grade, solution, locked = (bool(nbgrader.get(key)) for key in ("grade", "solution", "locked"))
    if cell_type == "markdown":
        return Kind.WRITTEN if grade and solution else Kind.TEXT
    if grade and solution:
        raise ValueError(f"code that is marked by hand is not part of this course: {nbgrader.get('grade_id')!r}")
    if grade:
        return Kind.TEST
    if solution:
        return Kind.ANSWER
    return Kind.SETUP if locked else Kind.STUDENT
