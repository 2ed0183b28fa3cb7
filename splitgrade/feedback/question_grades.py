"""Bring scores and comments into the notebook, and what still waits for a marker."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.api import BaseCell, Comment, Grade, MissingEntry
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor

from splitgrade.errors import CourseError
from splitgrade.nbgrader.session import kept_gradebook


class QuestionGrades(GetGrades):  # type: ignore[misc]  # nbgrader ships no types
    """nbgrader's own step, with ``needs_manual_grade`` beside each score; a notebook is read in a few queries."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook with scores and comments; the resources have its sums.

        Raises
        ------
        CourseError
            When the gradebook knows nothing of the notebook or of one of its questions.
        """
        names = resources["nbgrader"]
        try:
            with kept_gradebook(names["db_url"]) as gradebook:
                found = gradebook.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
                self._comments = _rows(gradebook, found, Comment, Comment.comment)
                self._grades = _rows(gradebook, found, Grade, Grade.score, Grade.max_score, Grade.needs_manual_grade)
                nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
                penalty = found.late_submission_penalty or 0
                names.update(score=found.score - penalty, max_score=found.max_score, late_penalty=penalty)
        except MissingEntry as error:
            raise CourseError(
                f"the gradebook has no grades of {names['notebook']} by {names['student']} in {names['assignment']}: "
                f"grade the submission again ({error})"
            ) from error
        if penalty:
            self.log.warning("Late submission penalty: %s", penalty)
        return nb, resources

    def _get_comment(self, cell: NotebookNode, resources: Any) -> None:  # noqa: ARG002 - nbgrader's signature
        """Add the comment."""
        cell.metadata.nbgrader["comment"] = _of(cell, self._comments).comment

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:  # noqa: ARG002 - nbgrader's signature
        """Add score, points and whether a person has yet to look."""
        grade = _of(cell, self._grades)
        cell.metadata.nbgrader.update(
            score=grade.score, points=grade.max_score, needs_manual_grade=bool(grade.needs_manual_grade)
        )


def _rows(gradebook: Any, notebook: Any, kind: Any, *columns: Any) -> dict[str, Any]:
    """Return columns of the grades or comments of a notebook, by grade_id."""
    rows = gradebook.db.query(BaseCell.name, *columns).join(kind, kind.cell_id == BaseCell.id)
    return {row.name: row for row in rows.filter(kind.notebook_id == notebook.id)}


def _of(cell: NotebookNode, rows: dict[str, Any]) -> Any:
    name = cell.metadata.nbgrader["grade_id"]
    if name not in rows:
        raise MissingEntry(f"nothing of {name}")
    return rows[name]
