"""The rows of nbgrader's gradebook that hold what each question of an assignment got."""

from __future__ import annotations

from typing import Any

from nbgrader.api import BaseCell, Grade, GradeCell, Notebook, SubmittedAssignment, SubmittedNotebook, TaskCell
from sqlalchemy import String, func, type_coerce

# nbgrader's own Grade.max_score and Grade.cell_type are queries of their own in each row.
GRADED, TASKS = GradeCell.__table__, TaskCell.__table__


def graded_rows(session: Any, assignment_id: str, only: str | None = None) -> Any:
    """Return every graded question of an assignment, by student, notebook and name.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Of the gradebook.
    assignment_id : str
        Its id in the gradebook.
    only : str, optional
        One student; all of the class by default.

    Returns
    -------
    query
        Its rows have student, notebook, book and penalty (of the submitted notebook), question, grade, and the grade's
        own columns.
    """
    rows = (
        session.query(
            SubmittedAssignment.student_id.label("student"),
            Notebook.name.label("notebook"),
            SubmittedNotebook.id.label("book"),
            SubmittedNotebook.late_submission_penalty.label("penalty"),
            BaseCell.name.label("question"),
            Grade.id.label("grade"),
            Grade.auto_score,
            Grade.manual_score,
            Grade.extra_credit,
            Grade.needs_manual_grade,
            func.coalesce(GRADED.c.max_score, TASKS.c.max_score, 0.0).label("max_score"),
            type_coerce(func.coalesce(GRADED.c.cell_type, TASKS.c.cell_type), String).label("cell_type"),
        )
        .select_from(Grade)
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(BaseCell, Grade.cell_id == BaseCell.id)
        .outerjoin(GRADED, Grade.cell_id == GRADED.c.id)
        .outerjoin(TASKS, Grade.cell_id == TASKS.c.id)
        .filter(SubmittedAssignment.assignment_id == assignment_id)
        .order_by(SubmittedAssignment.student_id, Notebook.name, BaseCell.name)
    )
    return rows if only is None else rows.filter(SubmittedAssignment.student_id == only)
