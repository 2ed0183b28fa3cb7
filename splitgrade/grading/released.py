"""Whether what is graded is what was released: source/ may have changed since the gradebook was told of it."""

from __future__ import annotations

from collections.abc import Iterable

from nbgrader.utils import is_grade

from splitgrade.errors import CourseError
from splitgrade.execution.instructor import InstructorNotebook
from splitgrade.grading.gradebook_copy import CellCopy, GradebookCopy

_SHOWN = 3  # differences that are named


def require_as_released(copy: GradebookCopy, notebooks: Iterable[InstructorNotebook]) -> None:
    """Make sure that the gradebook has the graded cells of ``source/``, with the points that they have there.

    Texts and tests may differ: they are corrected while students work, and the new ones count.

    Raises
    ------
    CourseError
        With the cells that differ, and what to do.
    """
    there = {name: _points(each.grade_cells) for name, each in copy.notebooks.items()}
    here = {each.name: _points_in_source(each) for each in notebooks}
    found: list[str] = []
    for name in sorted(here.keys() | there.keys()):
        ours, theirs = here.get(name), there.get(name)
        if ours is None or theirs is None:
            found.append(f"the notebook {name} is in {'source/' if theirs is None else 'the gradebook'} only")
            continue
        for cell in sorted(ours.keys() | theirs.keys()):
            if ours.get(cell) != theirs.get(cell):
                found.append(f"{name}, {cell}: {_says(ours.get(cell))} in source/, {_says(theirs.get(cell))} there")
    if found:
        more = f", and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise CourseError(
            f"the gradebook has {copy.assignment!r} as it was released, and source/ has changed since "
            f"({'; '.join(found[:_SHOWN])}{more}): release it again, or put source/ back as it was"
        )


def _points(cells: Iterable[CellCopy]) -> dict[str, float]:
    return {cell.name: float(cell.max_score or 0) for cell in cells}


def _points_in_source(notebook: InstructorNotebook) -> dict[str, float]:
    cells = {name: cell for name, cell in notebook.cells.items() if is_grade(cell)}
    return {name: float(cell.metadata.nbgrader.get("points", 0)) for name, cell in cells.items()}


def _says(points: float | None) -> str:
    return "not" if points is None else f"{points:g} points"
