"""A copy of an assignment in the gradebook as plain values, read once: the first stage of a grading run."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    GradeCell,
    MissingEntry,
    Notebook,
    SourceCell,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from splitgrade.errors import CourseError

CellKind = Literal["GradeCell", "SolutionCell", "TaskCell"]


@dataclass(frozen=True)
class SourceCellCopy:
    """What the gradebook holds of a cell's text, under nbgrader's names."""

    name: str
    cell_type: str
    locked: bool
    source: str
    checksum: str


@dataclass(frozen=True)
class CellCopy:
    """A cell that has a grade or a comment, under nbgrader's names; only graded ones have a maximum."""

    id: str
    name: str
    kind: CellKind
    max_score: float | None


@dataclass(frozen=True)
class NotebookCopy:
    """A notebook of the assignment, under nbgrader's names."""

    id: str
    name: str
    kernelspec: str | None
    source_cells: tuple[SourceCellCopy, ...]
    cells: tuple[CellCopy, ...]

    @property
    def grade_cells(self) -> list[CellCopy]:
        """Return the cells with points."""
        return [cell for cell in self.cells if cell.kind == "GradeCell"]

    @property
    def solution_cells(self) -> list[CellCopy]:
        """Return the cells for answers."""
        return [cell for cell in self.cells if cell.kind == "SolutionCell"]

    @property
    def task_cells(self) -> list[CellCopy]:
        """Return the tasks."""
        return [cell for cell in self.cells if cell.kind == "TaskCell"]

    @cached_property
    def sources_by_name(self) -> dict[str, SourceCellCopy]:
        """Return the texts by grade_id."""
        return {cell.name: cell for cell in self.source_cells}

    @cached_property
    def graded_by_name(self) -> dict[str, CellCopy]:
        """Return the cells with a maximum by grade_id."""
        return {cell.name: cell for cell in (*self.task_cells, *self.grade_cells)}


@dataclass(frozen=True)
class GradebookCopy:
    """One assignment of the gradebook as plain values: it goes to the workers, which never open the gradebook.

    It has those methods of ``nbgrader.api.Gradebook`` that nbgrader's steps call before there are grades.

    Parameters
    ----------
    assignment_id, assignment : str
        Key and name.
    duedate : datetime or None
        In UTC, without a zone.
    notebooks : mapping of str to NotebookCopy
        By name.
    """

    assignment_id: str
    assignment: str
    duedate: datetime.datetime | None
    notebooks: Mapping[str, NotebookCopy]

    def find_notebook(self, name: str, assignment: str) -> NotebookCopy:
        """Return a notebook; MissingEntry where there is none."""
        if assignment != self.assignment or name not in self.notebooks:
            raise MissingEntry(f"No such notebook: {assignment}/{name}")
        return self.notebooks[name]

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> SourceCellCopy:
        """Return the text of a cell; MissingEntry where there is none."""
        found = self.find_notebook(notebook, assignment).sources_by_name.get(name)
        if found is None:
            raise MissingEntry(f"No such source cell: {assignment}/{notebook}/{name}")
        return found

    def find_graded_cell(self, name: str, notebook: str, assignment: str) -> CellCopy:
        """Return a cell with points; MissingEntry where there is none."""
        found = self.find_notebook(notebook, assignment).graded_by_name.get(name)
        if found is None:
            raise MissingEntry(f"No such graded cell: {assignment}/{notebook}/{name}")
        return found


@dataclass(frozen=True)
class Standing:
    """What the gradebook holds of a submission: its key, the student's extension, and a digest of its scores."""

    submission_id: str
    extension: datetime.timedelta | None
    scores: str


def read_assignment(gradebook: Any, assignment: str) -> GradebookCopy:
    """Return an assignment as plain values.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        An open gradebook.
    assignment : str
        Its name.

    Raises
    ------
    CourseError
        When the gradebook does not know the assignment.
    """
    try:
        found = gradebook.find_assignment(assignment)
    except MissingEntry:
        raise CourseError(f"the gradebook does not know {assignment!r}: release it first") from None
    texts, cells = _source_cells(gradebook, found), _cells(gradebook, found)
    notebooks = {
        each.name: NotebookCopy(each.id, each.name, each.kernelspec, tuple(texts[each.id]), tuple(cells[each.id]))
        for each in found.notebooks
    }
    return GradebookCopy(found.id, found.name, found.duedate, notebooks)


def _source_cells(gradebook: Any, assignment: Any) -> dict[str, list[SourceCellCopy]]:
    """Return the texts by the key of their notebook, read with one query."""
    there = SourceCell.__table__.c
    columns = (there.notebook_id, there.name, there.cell_type, there.locked, there.source, there.checksum)
    query = select(*columns).where(there.notebook_id.in_(each.id for each in assignment.notebooks)).order_by(there.id)
    found: dict[str, list[SourceCellCopy]] = defaultdict(list)
    for notebook, *values in gradebook.db.execute(query):
        found[notebook].append(SourceCellCopy(*values))
    return found


def _cells(gradebook: Any, assignment: Any) -> dict[str, list[CellCopy]]:
    """Return the cells that have a grade or a comment by the key of their notebook, read with one query."""
    base, grade, task = (each.__table__ for each in (BaseCell, GradeCell, TaskCell))
    most = func.coalesce(grade.c.max_score, task.c.max_score)
    query = (
        select(base.c.notebook_id, base.c.id, base.c.name, base.c.type, most)
        .select_from(base.outerjoin(grade, grade.c.id == base.c.id).outerjoin(task, task.c.id == base.c.id))
        .where(base.c.notebook_id.in_(each.id for each in assignment.notebooks), base.c.type.in_(get_args(CellKind)))
        .order_by(base.c.id)
    )
    found: dict[str, list[CellCopy]] = defaultdict(list)
    for notebook, *values in gradebook.db.execute(query):
        found[notebook].append(CellCopy(*values))
    return found


def read_standings(gradebook: Any, assignment: str, students: Collection[str]) -> dict[str, Standing]:
    """Return what the gradebook holds of some students' submissions, read with two queries.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        An open gradebook.
    assignment : str
        Its name.
    students : collection of str
        Whose; some hundred at once, for databases bound the length of a query.
    """
    wanted = (Assignment.name == assignment, SubmittedAssignment.student_id.in_(students))
    submissions = (
        select(SubmittedAssignment.id, SubmittedAssignment.student_id, SubmittedAssignment.extension)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(*wanted)
    )
    scored = (
        select(SubmittedNotebook.assignment_id, Notebook.name, BaseCell.name, Grade.auto_score)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .where(*wanted)
    )
    with Session(gradebook.engine) as session:  # of its own: over when they are read
        mine, rows = session.execute(submissions).all(), session.execute(scored).all()
    scores: dict[str, list[tuple[str, str, float | None]]] = {}
    for submission, notebook, cell, score in rows:
        scores.setdefault(submission, []).append((notebook, cell, score))
    return {student: Standing(key, extension, digest(scores.get(key, []))) for key, student, extension in mine}


def digest(scores: list[tuple[str, str, float | None]]) -> str:
    """Return what differs when a score differs.

    Parameters
    ----------
    scores : list of (notebook, grade_id, score)
        In any order.
    """
    ordered = sorted(scores, key=lambda row: row[:2])
    return hashlib.sha256(json.dumps(ordered).encode()).hexdigest()
