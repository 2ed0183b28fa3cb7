"""The one writer of the gradebook, a short transaction for each submission: the third stage of a grading run.

It writes the rows that nbgrader's Autograde, SaveAutoGrades and AssignLatePenalties write. Two things are better:
a mark that a person gave is not asked for again while it stands (`nbgrader.marks`), and a score that an earlier run
left does not outlive a run that has none.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
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
from sqlalchemy import Index, bindparam, insert, select, update
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


# Plain statements on tables, made once: making one takes longer than what it is for.
_STUDENTS, _SUBMISSIONS, _BOOKS = Student.__table__, SubmittedAssignment.__table__, SubmittedNotebook.__table__
_MINE = (
    _SUBMISSIONS.c.assignment_id == bindparam("assignment"),
    _SUBMISSIONS.c.student_id == bindparam("student"),
)
_STUDENT = select(_STUDENTS.c.id).where(_STUDENTS.c.id == bindparam("student"))
_SUBMISSION = select(_SUBMISSIONS.c.id).where(*_MINE)
_HANDED_IN = update(_SUBMISSIONS).where(*_MINE).values(timestamp=bindparam("time"))
_TIMES = select(_SUBMISSIONS.c.timestamp, _SUBMISSIONS.c.extension).where(_SUBMISSIONS.c.id == bindparam("submission"))
_OF_SUBMISSION = _BOOKS.c.assignment_id == bindparam("submission")
_NOTEBOOKS = select(_BOOKS.c.notebook_id, _BOOKS.c.id).where(_OF_SUBMISSION)
_IN_TIME = update(_BOOKS).where(_BOOKS.c.id.in_(bindparam("keys", expanding=True))).values(late_submission_penalty=None)


@cache
def _rows_of(table: Any) -> Any:
    """Return the query for the rows of some notebooks, each with the name of its cell."""
    cells = BaseCell.__table__
    query = select(*table.columns, cells.c.name).join(cells, cells.c.id == table.c.cell_id)
    return query.where(table.c.notebook_id.in_(bindparam("keys", expanding=True)))


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
            submission_id = self._ensure(session, graded.student, graded.handed_in)
            keys = self._ensure_notebooks(session, submission_id)
            scores = self._write_scores(session, graded, keys, known)
            self._write_comments(session, graded, keys)
            if self._penalties is not None:
                self._assign(self._penalties, session, graded, submission_id, keys)
            session.flush()
            for step in self._after:
                step.settle(session, self._copy.assignment, graded.student)
            return submission_id, digest(scores)

    # ---- student, submission and its notebooks

    def _ensure(self, session: Session, student: str, handed_in: HandedIn) -> str:
        """Return the key of a submission after adding what is not there yet."""
        if session.scalar(_STUDENT, {"student": student}) is None:
            session.execute(insert(_STUDENTS), {"id": student})
        mine = {"assignment": self._copy.assignment_id, "student": student}
        submission: str | None = session.scalar(_SUBMISSION, mine)
        if submission is None:
            submission = new_uuid()
            values = {"id": submission, "assignment_id": self._copy.assignment_id, "student_id": student}
            session.execute(insert(_SUBMISSIONS), {**values, "timestamp": handed_in.time})
        elif handed_in.given:  # a time that is not certain takes the place of an older one, too: nobody is late by it
            session.execute(_HANDED_IN, {**mine, "time": handed_in.time})
        return submission

    def _ensure_notebooks(self, session: Session, submission: str) -> dict[str, str]:
        """Return the keys of a submission's notebooks, by name, after adding those that are not there yet."""
        rows = session.execute(_NOTEBOOKS, {"submission": submission})
        there = {row.notebook_id: row.id for row in rows}
        every = {each.id: there.get(each.id) or new_uuid() for each in self._copy.notebooks.values()}
        new = [{"id": key, "assignment_id": submission, "notebook_id": each} for each, key in every.items()]
        if missing := [row for row in new if row["notebook_id"] not in there]:
            session.execute(insert(_BOOKS), missing)
        return {name: every[each.id] for name, each in self._copy.notebooks.items()}

    def _rows(self, session: Session, table: Any, kinds: set[str], keys: Mapping[str, str]) -> list[tuple[str, Any]]:
        """Return the rows that a submission has for cells of some kinds, each with its notebook's name.

        Those that are not there yet are added. All notebooks are read at once, as plain rows: a statement, or an object
        for each row, takes longer than what it is for.
        """
        query, mine = _rows_of(table), {"keys": list(keys.values())}
        found = session.execute(query, mine).all()
        there = {(row.notebook_id, row.cell_id) for row in found}
        cells = [(keys[name], cell) for name, each in self._copy.notebooks.items() for cell in each.cells]
        new = [(key, cell.id) for key, cell in cells if cell.kind in kinds and (key, cell.id) not in there]
        if new:
            rows = [{"id": new_uuid(), "cell_id": cell, "notebook_id": key} for key, cell in new]
            session.execute(insert(table), rows)
            found = session.execute(query, mine).all()
        names = {key: name for name, key in keys.items()}
        return [(names[row.notebook_id], row) for row in found]

    # ---- scores and comments

    def _write_scores(
        self, session: Session, graded: Graded, keys: Mapping[str, str], known: Mapping[str, Grounds]
    ) -> list[tuple[str, str, float | None]]:
        """Write what the tests gave; return it by notebook and cell."""
        scores, values = list[tuple[str, str, float | None]](), []
        for name, row in self._rows(session, Grade.__table__, {"GradeCell", "TaskCell"}, keys):
            score, needs = self._score(graded, name, row, known.get(name, {}))
            values.append({"row": row.id, "auto_score": score, "needs_manual_grade": needs})
            scores.append((name, row.name, score if score is None else float(score)))
        _update(session, Grade.__table__, values)
        return scores

    def _score(self, graded: Graded, name: str, row: Any, known: Grounds) -> tuple[float | None, bool]:
        """Return what the tests gave for a cell, and whether it waits for a person."""
        grades = graded.grades.get(name)
        if grades is None:
            left_open = name in graded.record.notebooks and graded.record.notebooks[name].state in OPEN_STATES
            # 0 where nothing lies there; where something does that nobody has judged, the points stay open.
            return (None if left_open else 0.0), left_open
        score = grades.scores.get(row.name, row.auto_score)
        grounds = (grades.marks.get(row.name), known.get(row.name))
        if self._again is not None and row.name not in self._again:
            score = kept_points(row.auto_score, score, *grounds)
        settled = row.manual_score is not None and not row.needs_manual_grade
        kept = stands(row.auto_score, score, *grounds, settled=settled)
        return score, (score is None or row.manual_score is not None) and not kept

    def _write_comments(self, session: Session, graded: Graded, keys: Mapping[str, str]) -> None:
        values = []
        for name, row in self._rows(session, Comment.__table__, {"SolutionCell", "TaskCell"}, keys):
            comments = graded.grades[name].comments if name in graded.grades else {}
            if row.name in comments:
                values.append({"row": row.id, "auto_comment": comments[row.name]})
        _update(session, Comment.__table__, values)

    # ---- late submissions

    def _assign(
        self, penalties: Any, session: Session, graded: Graded, submission_id: str, keys: Mapping[str, str]
    ) -> None:
        """Do what nbgrader's AssignLatePenalties does, for the notebooks that were graded; the others have none."""
        session.execute(_IN_TIME, {"keys": list(keys.values())})
        row = session.execute(_TIMES, {"submission": submission_id}).one()
        if row.timestamp is None or self._copy.duedate is None:
            return
        due = self._copy.duedate + (row.extension or datetime.timedelta())
        late = (row.timestamp - due).total_seconds()
        for name in graded.grades if late > 0 else ():
            notebook: Any = session.get(SubmittedNotebook, keys[name], populate_existing=True)
            penalty = penalties.plugin_inst.late_submission_penalty(graded.student, notebook.score, late)
            if penalty is not None:
                notebook.late_submission_penalty = penalties._check_late_penalty(notebook, penalty)


def _update(session: Session, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write some fields of some rows; ``row`` is the key of each."""
    if rows:
        session.execute(update(table).where(table.c.id == bindparam("row")), rows)


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
