"""Cases that may be shown: a notebook run once more, without its tests, for what its course's checks may reveal.

On a page a student sees one case that the answer fails, with the right result. It comes from a pool that the checks
keep for this, and the student's own result there from a process that never meets a hidden test: neither the one that
was graded nor the one whose outputs the page shows (`preview`). The trusted process beside it runs no test either, only
the code that looks for a case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nbformat.notebooknode import NotebookNode

from splitgrade.execution.instructor import InstructorNotebook, role_of
from splitgrade.execution.session import GradedCell, Session
from splitgrade.execution.wire.outputs import CASE


def revealed(
    cells: Sequence[NotebookNode], instructor: InstructorNotebook, asked: Mapping[str, str], session: Session
) -> dict[str, Any]:
    """Return what was found, by test; a test for which nothing was found is left out.

    Parameters
    ----------
    cells : sequence of NotebookNode
        The notebook's; tests among them are left out.
    instructor : InstructorNotebook
        What was handed out: set-up cells run with its text.
    asked : mapping of str to str
        grade_id of a test -> the code that looks for a case.
    session : Session
        Of fresh processes; ended here.
    """
    found = {}
    with session:
        session.hurry()
        for number, cell in enumerate((cell for cell in cells if cell.cell_type == "code"), 1):
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            source = instructor.cells.get(grade_id)
            if source is None or role_of(source) == "answer":
                session.run_student(grade_id or f"cell {number}", cell.source)
            elif role_of(source) == "locked":
                session.run_locked(grade_id, source.source)
        for grade_id, code in asked.items():
            outputs, _ = session.run_test(GradedCell(grade_id, code, points=0.0))
            shown = [output["data"][CASE] for output in outputs if CASE in output.get("data", {})]
            if shown:
                found[grade_id] = shown[-1]
    return found
