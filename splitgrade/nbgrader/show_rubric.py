"""Show the marker what a written answer earns its points for."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from splitgrade.nbgrader.source import source_cells

MARKER = "for_the_marker"  # in a cell's metadata under "splitgrade"; feedback takes such cells out


def is_for_the_marker(cell: NotebookNode) -> bool:
    """Say whether a cell was put in for the marker and must not reach a student."""
    return bool(cell.metadata.get("splitgrade", {}).get(MARKER, False))


class ShowRubric(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader ships no types
    """Put model answer and rubric, from the source notebook, as a plain cell after each written answer.

    nbgrader shows its own mark schemes for task cells only, and a task cell hides whether the student answered.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook with a cell for the marker after each answer that is marked by hand."""
        sources = source_cells(self, resources)
        cells = []
        for cell in nb.cells:
            if is_for_the_marker(cell):
                continue  # a submission that brings its own rubric
            cells.append(cell)
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            if is_grade(cell) and is_solution(cell) and grade_id in sources:
                cells.append(_cell_for_the_marker(grade_id, sources[grade_id].source))
        nb.cells = cells
        return nb, resources


def _cell_for_the_marker(grade_id: str, source: str) -> NotebookNode:
    """Make the cell; its quote bar sets it apart from what the student wrote."""
    lines = [line for line in source.splitlines() if "BEGIN SOLUTION" not in line and "END SOLUTION" not in line]
    text = "\n".join(["**For the marker** (students never see this)", "", *lines])
    quoted = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
    # Not by nbformat's new_markdown_cell, which checks it against the schema: the whole notebook is, once.
    name, metadata = f"{grade_id}-rubric"[:64], {"splitgrade": {MARKER: True}}
    return from_dict({"id": name, "cell_type": "markdown", "source": quoted, "metadata": metadata})
