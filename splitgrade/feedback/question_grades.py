"""Bring scores and comments into the notebook, and what still waits for a marker."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import GetGrades


class QuestionGrades(GetGrades):  # type: ignore[misc]  # nbgrader ships no types
    """nbgrader's own step, with ``needs_manual_grade`` beside each score."""

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        """Add score, points and whether a person has yet to look."""
        super()._get_score(cell, resources)
        grade = self.gradebook.find_grade(
            cell.metadata["nbgrader"]["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        cell.metadata.nbgrader["needs_manual_grade"] = bool(grade.needs_manual_grade)
