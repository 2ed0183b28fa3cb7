"""The check at the door of feedback: no page is made of a notebook that holds what only the instructor may have.

A notebook with solutions can get into ``autograded/`` by a copy that went wrong or by hand. Its page would hand out the
model answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions
from traitlets.config import Config

from splitgrade.errors import CourseError, RefusedNotebookError
from splitgrade.execution.instructor import InstructorNotebook, role_of
from splitgrade.submission.cells import read_cells
from splitgrade.submission.notebook_file import read_notebook
from splitgrade.submission.snapshot import take_snapshot

TELLING = 60  # characters; a shorter answer may be the instructor's word for word and the student's own all the same


def check_notebook(
    cells: list[NotebookNode],
    instructor: InstructorNotebook | None,
    markers: tuple[str, ...],
    own_texts: Callable[[], set[str]],
    place: Path,
) -> None:
    """Make sure that the cells which students own hold students' text.

    Parameters
    ----------
    cells : list of NotebookNode
        The graded notebook's, without those that are for the marker.
    instructor : InstructorNotebook or None
        The version in ``source/``, where there is one.
    markers : tuple of str
        What stands before solutions, hidden tests and mark schemes, see `markers_of`.
    own_texts : callable
        Gives the texts that the student handed in; asked only where something was found.
    place : Path
        The notebook, for the message.

    Raises
    ------
    CourseError
        Where a cell has a marker or a text of the instructor's that the student did not hand in.
    """
    found = [(name, text, why) for name, text, why in _suspects(cells, instructor, markers)]
    own = own_texts() if found else set()
    for name, text, why in found:
        if text.strip() not in own:
            raise CourseError(
                f"{place.parent} holds what only the instructor may have: {place.name}, {name} {why}. No page is made "
                "of it: remove the folder and grade the submission again"
            )


def markers_of(config: Any) -> tuple[str, ...]:
    """Return what stands before solutions, hidden tests and mark schemes, as nbgrader is configured."""
    solutions, tests, schemes = (
        kind(config=Config({kind.__name__: config[kind.__name__]}))
        for kind in (ClearSolutions, ClearHiddenTests, ClearMarkScheme)
    )
    return (
        solutions.begin_solution_delimeter,
        tests.begin_test_delimeter,
        schemes.begin_mark_scheme_delimeter,
    )


def texts_in(folder: Path) -> set[str]:
    """Return the texts of all cells that a student handed in; of a notebook that cannot be read, none."""
    found: set[str] = set()
    for file in take_snapshot(folder).files.values():
        if ".ipynb" in file.base:
            try:
                cells, _ = read_cells(read_notebook(file))
            except RefusedNotebookError:  # nothing was graded of it either
                continue
            found |= {cell.text.strip() for cell in cells}
    return found


def _suspects(
    cells: list[NotebookNode], instructor: InstructorNotebook | None, markers: tuple[str, ...]
) -> Iterator[tuple[str, str, str]]:
    """Yield name, text and fault of the cells of students that may be the instructor's."""
    known = instructor.cells if instructor is not None else {}
    for number, cell in enumerate(cells, start=1):
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        source = known.get(grade_id)
        if role_of(source if source is not None else cell) not in ("answer", "text"):
            continue  # tests and set-up: the page has their released text, or none
        name, text = grade_id or f"cell {number}", cell.source
        marker = next((marker for marker in markers if marker in text), None)
        if marker is not None:
            yield name, text, f"has {marker!r}"
        elif source is not None and instructor is not None and len(text.strip()) >= TELLING:
            is_released = text.strip() == instructor.released[grade_id].strip()
            if text.strip() == source.source.strip() and not is_released:
                yield name, text, "has the text of source/"
