"""The one writer of the gradebook, a short transaction for each submission: the third stage of a grading run.

It writes the rows that nbgrader's Autograde, SaveAutoGrades and AssignLatePenalties write. Two things are better:
a mark that a person gave is not asked for again while it stands (`nbgrader.marks`), and a score that an earlier run
left does not outlive a run that has none.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import Index, insert, select, update
from sqlalchemy.orm import Session

from splitgrade.grading.desk import Graded
from splitgrade.grading.gradebook_copy import GradebookCopy, digest
from splitgrade.grading.record import OPEN_STATES
from splitgrade.nbgrader.after_grades import AfterGrades, graded_again
from splitgrade.nbgrader.gradebook_faults import when_free
from splitgrade.nbgrader.marks import Grounds, kept_points, stands
from splitgrade.submission.timestamp import HandedIn

# nbgrader's tables have no index for these questions: each would read all grades of all students. They are of use to
# nbgrader as well, and are no part of what its migrations look at.
INDEXES = (
    Index("splitgrade_grade_notebook", Grade.notebook_id),
    Index("splitgrade_comment_notebook", Comment.notebook_id),
    Index("splitgrade_submitted_notebook_assignment", SubmittedNotebook.assignment_id),
)


class GradebookWriter:
    """Writes scores, comments and answers of graded submissions into the gradebook.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        An open gradebook; its engine is used for the whole run.
    copy : GradebookCopy
        What it says of the assignment.
    penalties : AssignLatePenalties or None
        nbgrader's step, with the configured plugin; None where the configuration has none.
    after : sequence of AfterGrades
        The course's own steps.
    """

    def __init__(
        self,
        gradebook: Gradebook,
        copy: GradebookCopy,
        penalties: AssignLatePenalties | None,
        after: Sequence[AfterGrades] = (),
    ) -> None:
        self._engine, self._copy = gradebook.engine, copy
        self._penalties, self._after = penalties, after
        self._again = graded_again(after, copy.assignment)
        if penalties is not None:
            penalties.init_plugin()

    def write(self, graded: Graded, known: Mapping[str, Grounds]) -> tuple[str, str]:
        """Write one submission, all of it or nothing, as soon as no other program holds the gradebook.

        Parameters
        ----------
        graded : Graded
            The submission as the worker returned it.
        known : mapping of str to mapping
            What earlier marks were given for, by notebook and grade_id.

        Returns
        -------
        submission_id, scores : str
            The gradebook's key and the digest of all scores, see `gradebook_copy.Standing`.

        Raises
        ------
        CourseError
            When another program holds it for long.
        sqlalchemy.exc.SQLAlchemyError
            When the gradebook cannot be written to; it is as it was then.
        """
        return when_free(lambda: self._write(graded, known))

    def _write(self, graded: Graded, known: Mapping[str, Grounds]) -> tuple[str, str]:
        with Session(self._engine) as session, session.begin():
            submission_id, keys = self._ensure(session, graded.student, graded.handed_in)
            scores: list[tuple[str, str, float | None]] = []
            for name, key in keys.items():
                scores += self._write_notebook(session, graded, name, key, known.get(name, {}))
            if self._penalties is not None:
                self._assign(self._penalties, session, graded, submission_id, keys)
            session.flush()
            for step in self._after:
                step.settle(session, self._copy.assignment, graded.student)
            return submission_id, digest(scores)

    # ---- student, submission and its notebooks

    def _ensure(self, session: Session, student: str, handed_in: HandedIn) -> tuple[str, dict[str, str]]:
        """Return the keys of a submission and of its notebooks, by name, after adding what is not there yet."""
        if session.scalar(select(Student.id).where(Student.id == student)) is None:
            session.execute(insert(Student).values(id=student))
        assignment = self._copy.assignment_id
        mine = (SubmittedAssignment.assignment_id == assignment, SubmittedAssignment.student_id == student)
        submission = session.scalar(select(SubmittedAssignment.id).where(*mine))
        if submission is None:
            submission = new_uuid()
            values = {"id": submission, "assignment_id": assignment, "student_id": student}
            session.execute(insert(SubmittedAssignment).values(**values, timestamp=handed_in.time))
        elif handed_in.given:  # a time that is not certain takes the place of an older one, too: nobody is late by it
            session.execute(update(SubmittedAssignment).where(*mine).values(timestamp=handed_in.time))
        return submission, {name: self._ensure_notebook(session, submission, name) for name in self._copy.notebooks}

    def _ensure_notebook(self, session: Session, submission: str, name: str) -> str:
        notebook = self._copy.notebooks[name]
        mine = (SubmittedNotebook.assignment_id == submission, SubmittedNotebook.notebook_id == notebook.id)
        key: str | None = session.scalar(select(SubmittedNotebook.id).where(*mine))
        if key is None:
            key = new_uuid()
            values = {"id": key, "assignment_id": submission, "notebook_id": notebook.id}
            session.execute(insert(SubmittedNotebook).values(**values))
        graded = {cell.id for cell in (*notebook.grade_cells, *notebook.task_cells)}
        commented = {cell.id for cell in (*notebook.solution_cells, *notebook.task_cells)}
        for table, wanted in ((Grade, graded), (Comment, commented)):
            there = set(session.scalars(select(table.cell_id).where(table.notebook_id == key)))
            rows = [{"id": new_uuid(), "cell_id": cell, "notebook_id": key} for cell in sorted(wanted - there)]
            if rows:
                session.execute(insert(table), rows)
        return key

    # ---- scores and comments

    def _write_notebook(
        self, session: Session, graded: Graded, name: str, key: str, known: Grounds
    ) -> list[tuple[str, str, float | None]]:
        """Write one notebook; return its scores."""
        columns = (Grade.id, BaseCell.name, Grade.auto_score, Grade.manual_score, Grade.needs_manual_grade)
        rows = session.execute(
            select(*columns).join(BaseCell, BaseCell.id == Grade.cell_id).where(Grade.notebook_id == key)
        ).all()
        grades = graded.grades.get(name)
        if grades is None:
            left_open = name in graded.record.notebooks and graded.record.notebooks[name].state in OPEN_STATES
            # 0 where nothing lies there; where something does that nobody has judged, the points stay open.
            new = [(row, None if left_open else 0.0, left_open) for row in rows]
        else:
            new = []
            for row in rows:
                score = grades.scores.get(row.name, row.auto_score)
                grounds = (grades.marks.get(row.name), known.get(row.name))
                if self._again is not None and row.name not in self._again:
                    score = kept_points(row.auto_score, score, *grounds)
                settled = row.manual_score is not None and not row.needs_manual_grade
                kept = stands(row.auto_score, score, *grounds, settled=settled)
                new.append((row, score, (score is None or row.manual_score is not None) and not kept))
            self._write_comments(session, key, grades.comments)
        values = [{"id": row.id, "auto_score": score, "needs_manual_grade": needs} for row, score, needs in new]
        if values:
            session.execute(update(Grade), values)
        return [(name, row.name, score if score is None else float(score)) for row, score, _ in new]

    def _write_comments(self, session: Session, key: str, comments: Mapping[str, str | None]) -> None:
        rows = session.execute(
            select(Comment.id, BaseCell.name)
            .join(BaseCell, BaseCell.id == Comment.cell_id)
            .where(Comment.notebook_id == key)
        ).all()
        values = [{"id": row.id, "auto_comment": comments[row.name]} for row in rows if row.name in comments]
        if values:
            session.execute(update(Comment), values)

    # ---- late submissions

    def _assign(
        self, penalties: Any, session: Session, graded: Graded, submission_id: str, keys: Mapping[str, str]
    ) -> None:
        """Do what nbgrader's AssignLatePenalties does, for the notebooks that were graded; the others have none."""
        of_this = SubmittedNotebook.id.in_(keys.values())
        session.execute(update(SubmittedNotebook).where(of_this).values(late_submission_penalty=None))
        times = select(SubmittedAssignment.timestamp, SubmittedAssignment.extension)
        row = session.execute(times.where(SubmittedAssignment.id == submission_id)).one()
        if row.timestamp is None or self._copy.duedate is None:
            return
        due = self._copy.duedate + (row.extension or datetime.timedelta())
        late = (row.timestamp - due).total_seconds()
        for name in graded.grades if late > 0 else ():
            notebook: Any = session.get(SubmittedNotebook, keys[name], populate_existing=True)
            penalty = penalties.plugin_inst.late_submission_penalty(graded.student, notebook.score, late)
            if penalty is not None:
                notebook.late_submission_penalty = penalties._check_late_penalty(notebook, penalty)


@contextmanager
def gradebook_writer(
    gradebook: Gradebook, copy: GradebookCopy, penalties: Any, after: Sequence[AfterGrades]
) -> Iterator[GradebookWriter]:
    """Give a writer, and let go of the gradebook's connections afterwards."""
    gradebook.db.remove()
    try:
        yield GradebookWriter(gradebook, copy, penalties, after)
    finally:
        gradebook.engine.dispose()


def make_indexes(gradebook: Gradebook) -> None:
    """Give the gradebook the indexes that it lacks, so that a submission takes no longer in a larger class."""
    for index in INDEXES:
        when_free(partial(index.create, gradebook.engine, checkfirst=True))
