"""A step of a course's own that works on the gradebook once grades are in it, the same on every path of grading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from splitgrade.nbgrader.source import course_directory


class AfterGrades(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader ships no types
    """What a course does with the grades of a submission; a course derives from this and writes `settle`.

    ``nbgrader autograde`` and formgrader's button run it as a step, after each notebook. ``grade``, whose workers see
    no gradebook, calls `settle` in the transaction that records the submission.
    """

    def settle(self, session: Any, assignment: str, student: str) -> None:
        """Work on the gradebook.

        Parameters
        ----------
        session : sqlalchemy.orm.Session
            Of the gradebook; whoever calls commits.
        assignment, student : str
            Whose grades have just been written.
        """
        raise NotImplementedError

    @property
    def root(self) -> Path:
        """Return the course folder."""
        return Path(course_directory(self).root)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook as it is."""
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            self.settle(gradebook.db, names["assignment"], names["student"])
            gradebook.db.commit()
        return nb, resources
