"""Marks that a person gave, and what each was given for: prompt, rubric, points, and the student's own work.

nbgrader asks for every mark again whenever a submission is graded again, and never where the question itself changed.
Here a mark stands as long as all that it was given for is the same, and is asked for again as soon as it is not.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.utils import is_grade, is_task

from splitgrade.execution.instructor import InstructorNotebook, grade_id_of, role_of
from splitgrade.execution.wire.outputs import WAITS
from splitgrade.nbgrader.after_grades import graded_again, steps_beside
from splitgrade.nbgrader.execute import instructor_notebook
from splitgrade.nbgrader.source import course_directory
from splitgrade.submission.identity import plain, plain_given
from splitgrade.submission.names import kept_about

Grounds = Mapping[str, str]  # grade_id -> what differs when something differs that a mark depends on


def grounds_of_marks(instructor: InstructorNotebook, notebook: NotebookNode) -> dict[str, str]:
    """Return what a mark of each graded cell depends on.

    That is: the question's text, its points, the instructor's cell with model answer, rubric or test, and the student's
    answers to it. Another question's text and tests are no part of it.

    Parameters
    ----------
    instructor : InstructorNotebook
        The assignment.
    notebook : NotebookNode
        The submission with the instructor's cells.
    """
    work = {cell.metadata["nbgrader"].get("grade_id"): _work_of(cell) for cell in notebook.cells if _is_marked(cell)}
    found = {}
    for name, cell, question, answers in _questions(instructor):
        parts = [
            str(cell.metadata.nbgrader.get("points")),
            plain_given(cell.source),
            *(plain_given(text) for text in question),
            *(work.get(answer, "") for answer in answers),
        ]
        found[name] = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
    return found


def stands(before: float | None, now: float | None, ground: str | None, known: str | None, *, settled: bool) -> bool:
    """Return whether a mark need not be asked for again.

    Parameters
    ----------
    before, now : float or None
        What the cell's own test gave at the time of the mark, and what it gives now.
    ground, known : str or None
        What a mark depends on now, and at the time of the mark.
    settled : bool
        Whether a person had given the mark, and nothing was left to be marked.
    """
    return settled and ground is not None and ground == known and before == now


def kept_points(before: float | None, now: float | None, ground: str | None, known: str | None) -> float | None:
    """Return what a test gave before, where neither the question nor the work has changed, else what it gives now."""
    return before if before is not None and ground is not None and ground == known else now


class MarkGrounds:
    """What the marks of one submission were given for, kept beside the gradebook.

    It is written after the gradebook: a kill in between asks for a mark once too often, never too seldom.

    Parameters
    ----------
    root : Path
        The course folder.
    assignment, student : str
        Whose submission.
    """

    def __init__(self, root: Path, assignment: str, student: str) -> None:
        self._path = kept_about(root, "marks", assignment, student, ".json")

    def read(self) -> dict[str, dict[str, str]]:
        """Return the grounds by notebook and grade_id; where there are none, every mark is asked for once more."""
        with contextlib.suppress(OSError, ValueError, AttributeError):
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            return {str(name): {str(key): str(value) for key, value in each.items()} for name, each in kept.items()}
        return {}

    def write(self, grounds: Mapping[str, Grounds]) -> None:
        """Keep the grounds of some notebooks, and leave those of the others as they are."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps({**self.read(), **{name: dict(each) for name, each in grounds.items()}}) + "\n")
        new.replace(self._path)


def waits_for_a_person(cell: NotebookNode) -> bool:
    """Return whether a test has no score because the instructor's own solution passes it nowhere."""
    return any(WAITS in output.get("data", {}) for output in cell.get("outputs", ()))


class SaveGrades(SaveAutoGrades):  # type: ignore[misc]  # nbgrader ships no types
    """Save what the tests gave as nbgrader does, and leave a mark alone as long as it stands."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook as it is; the gradebook has its scores."""
        names = resources["nbgrader"]
        kept = MarkGrounds(Path(course_directory(self).root), names["assignment"], names["student"])
        self._grounds = grounds_of_marks(instructor_notebook(self, resources), nb)
        self._known = kept.read().get(names["notebook"], {})
        self._again = graded_again(steps_beside(self), names["assignment"])
        result: tuple[NotebookNode, Any] = super().preprocess(nb, resources)
        kept.write({names["notebook"]: self._grounds})
        return result

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        name = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        settled, before = grade.manual_score is not None and not grade.needs_manual_grade, grade.auto_score
        super()._add_score(cell, resources)
        if waits_for_a_person(cell):
            grade.auto_score, grade.needs_manual_grade = None, True
            self.gradebook.db.commit()
        ground, known = self._grounds.get(name), self._known.get(name)
        if self._again is not None and name not in self._again:
            grade.auto_score = kept_points(before, grade.auto_score, ground, known)
        if stands(before, grade.auto_score, ground, known, settled=settled):
            grade.needs_manual_grade = False
        self.gradebook.db.commit()


def _questions(instructor: InstructorNotebook) -> Iterator[tuple[str, Any, list[str], list[str]]]:
    """Yield each graded cell with its question's text and the names of the answers that it judges."""
    question: list[str] = []
    answers: list[str] = []
    judged = False
    for cell in instructor.notebook.cells:
        name = grade_id_of(cell)
        graded = name is not None and (is_grade(cell) or is_task(cell))
        if judged and not graded and cell.cell_type == "markdown":
            question, answers, judged = [], [], False  # the next question begins
        if role_of(cell) == "answer" and name is not None:
            if judged:
                answers, judged = [], False
            answers.append(name)
        elif not graded and cell.cell_type == "markdown":
            question.append(cell.source)
        if graded and name is not None:
            yield name, cell, list(question), list(dict.fromkeys([*answers, name]))
            judged = True


def _is_marked(cell: NotebookNode) -> bool:
    return isinstance(cell.metadata.get("nbgrader"), Mapping)


def _work_of(cell: NotebookNode) -> str:
    """Return what a student put into a cell: text and pictures."""
    return json.dumps([plain(cell.source), cell.get("attachments") or {}], sort_keys=True)
