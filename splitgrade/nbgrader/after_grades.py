"""A step of a course's own that works on the gradebook once grades are in it, the same on every path of grading."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.utils.importstring import import_item

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

    def again(self, assignment: str) -> Collection[str] | None:  # noqa: ARG002 - for whoever derives from this
        """Return the grade_ids to which grading again gives new points; None, as here, is all of them.

        The others keep the points that they have, as long as question, test and answer are the same.
        """
        return None

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


def steps_after(listed: Iterable[Any], parent: Any) -> list[AfterGrades]:
    """Return the course's own steps among those of a list of nbgrader's configuration, ready to be called."""
    named = [import_item(each) if isinstance(each, str) else each for each in listed]
    return [each(parent=parent) for each in named if isinstance(each, type) and issubclass(each, AfterGrades)]


def steps_beside(step: Any) -> list[AfterGrades]:
    """Return the course's own steps that nbgrader's converter, somewhere above a step, has in its list."""
    above = step.parent
    while above is not None and not hasattr(above, "autograde_preprocessors"):
        above = above.parent
    return [] if above is None else steps_after(above.autograde_preprocessors, above)


def graded_again(steps: Iterable[AfterGrades], assignment: str) -> frozenset[str] | None:
    """Return the grade_ids to which grading again gives new points, None where all get them."""
    said = [names for step in steps if (names := step.again(assignment)) is not None]
    return frozenset().union(*said) if said else None
