"""The sections of a feedback page: the cells of a graded notebook by the question that they belong to."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import Any

ROUNDING = 1e-9
AUTO_COMMENT = "No response."  # nbgrader's own for a blank answer; the page has words for it
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_POINTS = re.compile(r"\s*\([\d.,/ ]+ points?[^)]*\)$")
_FENCE = re.compile(r" {0,3}(```|~~~)")


@dataclass
class Section:
    """Cells that stand together, and what those among them that are graded have earned.

    Parameters
    ----------
    title : str
        What the question is called.
    cells : list of NotebookNode
        In the order of the notebook.
    """

    title: str = ""
    cells: list[Any] = field(default_factory=list)

    @property
    def graded(self) -> list[Any]:
        """Return the cells with points."""
        return [cell for cell in self.cells if is_graded(cell)]

    @property
    def anchor(self) -> str:
        """Return the name of the place on the page: the grade_id of the first graded cell."""
        return str(self.graded[0].metadata.nbgrader.grade_id)

    @property
    def points(self) -> float:
        """Return the most that the section can give."""
        return fsum(float(cell.metadata.nbgrader.points or 0) for cell in self.graded)

    @property
    def score(self) -> float:
        """Return what it has given."""
        return fsum(float(cell.metadata.nbgrader.score or 0) for cell in self.graded)

    @property
    def waiting(self) -> float:
        """Return the points that a person has yet to give."""
        return fsum(float(cell.metadata.nbgrader.points or 0) for cell in self.graded if _waits(cell))

    @property
    def lost(self) -> float:
        """Return the points that were not earned, those that wait left out."""
        cells = [cell.metadata.nbgrader for cell in self.graded if not _waits(cell)]
        return fsum(float(cell.points or 0) - float(cell.score or 0) for cell in cells)

    @property
    def state(self) -> str:
        """Return ``none`` or ``part`` where points were lost, else ``wait`` or ``full``."""
        if self.lost > ROUNDING:
            return "part" if self.score > ROUNDING else "none"
        return "wait" if self.waiting else "full"


def is_graded(cell: Any) -> bool:
    """Return whether a cell has points: a test, an answer that a person marks, or a task."""
    info = cell.metadata.get("nbgrader", {})
    return bool(info.get("grade", False) or info.get("task", False))


def lost(cell: Any) -> bool:
    """Return whether a graded cell lost points, one that waits for a marker left out."""
    return "score" in cell.metadata.nbgrader and Section(cells=[cell]).lost > ROUNDING


def state_of(cell: Any) -> str:
    """Return the state of one graded cell, as `Section.state` has it."""
    return Section(cells=[cell]).state


def sections(cells: Iterable[Any]) -> tuple[list[Section], list[Any]]:
    """Return the questions of a notebook in its order, and the cells that belong to none.

    A question begins at a cell with a heading, or at a graded cell with another title than the one before.

    Parameters
    ----------
    cells : iterable of NotebookNode
        Redacted; the title of a graded cell stands in ``metadata.nbgrader.title``.
    """
    found = [Section()]
    for cell in cells:
        title = title_of(cell)
        last = found[-1]
        is_next = is_graded(cell) and bool(last.graded) and title_of(last.graded[0]) != title
        if is_next or (cell.cell_type == "markdown" and not is_graded(cell) and heading(cell.source)):
            found.append(Section())
        found[-1].cells.append(cell)
        if is_graded(cell):
            found[-1].title = title
    rest = [cell for section in found if not section.graded for cell in section.cells]
    return [section for section in found if section.graded], rest


def title_of(cell: Any) -> str:
    """Return the title of a graded cell: the heading above it in the instructor's notebook, or else its grade_id."""
    info = cell.metadata.get("nbgrader", {})
    return str(info.get("title") or info.get("grade_id", "").removesuffix("-test"))


def titles(cells: Sequence[Any]) -> dict[str, str]:
    """Return for each graded cell of the instructor's the heading above it, without its points.

    Parameters
    ----------
    cells : sequence of NotebookNode
        The instructor's notebook.
    """
    found, title = {}, ""
    for cell in cells:
        info: Mapping[str, Any] = cell.metadata.get("nbgrader", {})
        if is_graded(cell):
            found[str(info["grade_id"])] = title
        elif cell.cell_type == "markdown":
            title = _POINTS.sub("", heading(cell.source)) or title
    return found


def heading(text: str, levels: Container[int] = range(2, 7)) -> str:
    r"""Return the last heading of a Markdown text, without its marks; nothing where there is none.

    Parameters
    ----------
    text : str
        Markdown.
    levels : container of int, optional
        Which headings count; by default all but the title of a notebook.

    Examples
    --------
    >>> heading("# Exercise 41\n\n## 1. The size of one side")
    '1. The size of one side'
    """
    found, fenced = "", False
    for line in text.splitlines():
        fenced ^= _FENCE.match(line) is not None
        match = None if fenced else _HEADING.match(line)
        found = match[2] if match and len(match[1]) in levels else found
    return found


def in_order_of_need(questions: Iterable[Section]) -> list[Section]:
    """Return questions with lost points first, then those that wait for a marker, then the others."""
    order = {"none": 0, "part": 0, "wait": 1, "full": 2}
    return sorted(questions, key=lambda question: order[question.state])


def _waits(cell: Any) -> bool:
    return bool(cell.metadata.nbgrader.get("needs_manual_grade", False))
