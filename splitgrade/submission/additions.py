"""Code that a student added to a cell of the instructor's: the cell is restored, what was added stays beside it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from splitgrade.execution.cell_code import syntax_tree
from splitgrade.execution.instructor import InstructorNotebook, role_of
from splitgrade.sandbox.limits import MAX_PARSED
from splitgrade.submission.cells import SubmittedCell, is_as_released
from splitgrade.submission.identity import plain, plain_given


def with_additions_apart(instructor: InstructorNotebook, cells: Sequence[SubmittedCell]) -> list[SubmittedCell]:
    """Return the submitted cells, what was added to tests and set-up as cells of the student's own.

    An answer typed into the cell of its test, an import added to the set-up: only where every line that was handed out
    is still there in its order is anything taken for added. It stands before a test, as far as it was not written
    behind all of it, and behind a set-up.

    Parameters
    ----------
    instructor : InstructorNotebook
        What was handed out.
    cells : sequence of SubmittedCell
        What came back.
    """
    return [each for cell in cells for each in _parts(instructor, cell)]


def _parts(instructor: InstructorNotebook, cell: SubmittedCell) -> Iterator[SubmittedCell]:
    name = cell.grade_id if cell.grade_id is not None else cell.cell_id
    source = instructor.cells.get(name) if isinstance(name, str) else None
    role = role_of(source) if source is not None and source.cell_type == cell.kind == "code" else ""
    added, behind = "", role == "locked"
    if source is not None and role in ("test", "locked") and len(cell.text) <= MAX_PARSED:
        text, released = plain(cell.text), plain_given(instructor.released[name])
        if text not in (released, plain_given(source.source)) and not is_as_released(cell):
            added = _added(text, released)
            behind = behind or (bool(released) and text.startswith(released))
    if not added:
        yield cell
        return
    own = dataclasses.replace(cell, text=added, grade_id=None, flags={}, tags=[], cell_id=None, outputs=None)
    yield from (cell, own) if behind else (own, cell)


def _added(text: str, released: str) -> str:
    """Return the lines that a text has beside the released ones, none where these are changed or it is no code."""
    added, left = [], released.split("\n") if released else []
    for line in text.split("\n"):
        if left and line == left[0]:
            left.pop(0)
        else:
            added.append(line)
    code = "\n".join(added)
    return code if not left and syntax_tree(code).body else ""
