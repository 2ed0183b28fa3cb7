"""Bring scores and comments into the notebook, and what still waits for a marker."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import GetGrades

from splitgrade.errors import CourseError


class QuestionGrades(GetGrades):  # type: ignore[misc]  # nbgrader ships no types
    """nbgrader's own step, with ``needs_manual_grade`` beside each score."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook with scores and comments.

        Raises
        ------
        CourseError
            When the gradebook knows nothing of the notebook or of one of its questions.
        """
        try:
            return super().preprocess(nb, resources)  # type: ignore[no-any-return]
        except MissingEntry as error:
            names = resources["nbgrader"]
            raise CourseError(
                f"the gradebook has no grades of {names['notebook']} by {names['student']} in {names['assignment']}: "
                f"grade the submission again ({error})"
            ) from error

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        """Add score, points and whether a person has yet to look."""
        super()._get_score(cell, resources)
        grade = self.gradebook.find_grade(
            cell.metadata["nbgrader"]["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        cell.metadata.nbgrader["needs_manual_grade"] = bool(grade.needs_manual_grade)
