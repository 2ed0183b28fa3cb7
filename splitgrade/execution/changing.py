"""Answers that change what a test hands to them, where the instructor's solution does not.

The test's own argument stays as it was, so that no answer can change what is expected of it. But a test may look
whether its argument is still the same: in a kernel it would see the change. So the notebook is run once more with all
changes carried over, and of each test that met such an answer the lower score counts.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection

from nbformat.notebooknode import NotebookNode

from splitgrade.execution.carried import earned
from splitgrade.execution.instructor import InstructorNotebook


def run_with_changes(
    notebook: NotebookNode,
    instructor: InstructorNotebook,
    tests: Collection[str],
    run: Callable[[NotebookNode], object],
) -> None:
    """Run a graded notebook once more and keep the lower score of some tests.

    Parameters
    ----------
    notebook : NotebookNode
        With the outputs of its run; a test that is worse off gets those of the second.
    instructor : InstructorNotebook
        Says what each test is worth.
    tests : collection of str
        Those that met an answer which changed their arguments.
    run : callable
        Runs a copy of the notebook with all changes carried over, and fills in its outputs.
    """
    again = copy.deepcopy(notebook)
    run(again)
    for cell, other in zip(notebook.cells, again.cells, strict=True):
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in tests:
            points = float(instructor.cells[name].metadata.nbgrader["points"])
            if earned(other.outputs, points) < earned(cell.outputs, points):
                cell.outputs = other.outputs
