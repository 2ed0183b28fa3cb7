"""Bring scores and comments into the notebook, and what still waits for a marker."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.api import BaseCell, Comment, Grade, MissingEntry
from nbgrader.preprocessors import GetGrades

from splitgrade.errors import CourseError


class QuestionGrades(GetGrades):  # type: ignore[misc]  # nbgrader ships no types
    """nbgrader's own step, with ``needs_manual_grade`` beside each score; a notebook is read in three queries."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook with scores and comments.

        Raises
        ------
        CourseError
            When the gradebook knows nothing of the notebook or of one of its questions.
        """
        self._read: dict[Any, dict[str, Any]] = {}
        try:
            return super().preprocess(nb, resources)  # type: ignore[no-any-return]
        except MissingEntry as error:
            names = resources["nbgrader"]
            raise CourseError(
                f"the gradebook has no grades of {names['notebook']} by {names['student']} in {names['assignment']}: "
                f"grade the submission again ({error})"
            ) from error

    def _get_comment(self, cell: NotebookNode, resources: Any) -> None:  # noqa: ARG002 - nbgrader's signature
        """Add the comment."""
        cell.metadata.nbgrader["comment"] = self._row(Comment, cell, Comment.comment).comment

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:  # noqa: ARG002 - nbgrader's signature
        """Add score, points and whether a person has yet to look."""
        grade = self._row(Grade, cell, Grade.score, Grade.max_score, Grade.needs_manual_grade)
        cell.metadata.nbgrader.update(
            score=grade.score, points=grade.max_score, needs_manual_grade=bool(grade.needs_manual_grade)
        )

    def _row(self, kind: Any, cell: NotebookNode, *columns: Any) -> Any:
        """Return columns of a cell's grade or comment; those of a notebook are read at once."""
        if kind not in self._read:
            notebook = self.gradebook.find_submission_notebook(self.notebook_id, self.assignment_id, self.student_id)
            rows = self.gradebook.db.query(BaseCell.name, *columns).join(kind, kind.cell_id == BaseCell.id)
            self._read[kind] = {row.name: row for row in rows.filter(kind.notebook_id == notebook.id)}
        name = cell.metadata.nbgrader["grade_id"]
        if name not in self._read[kind]:
            raise MissingEntry(f"no {kind.__tablename__} of {name}")
        return self._read[kind][name]
