"""Decisions written into nbgrader's gradebook, so that formgrader, feedback and ``nbgrader export`` show them too.

nbgrader has no field for a decision, but fields that are added up: extra credit of a question, late penalty of a
notebook, extension of a submission. These are set so that nbgrader's own sum is the decided one. Marks of people and
what tests gave stay as they are; `overlay` keeps what each field was before. Done twice, nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Grade, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import update

from cnn_course.collecting.roster import read_sections
from cnn_course.deciding.decisions import Decision, in_force, read_decisions
from cnn_course.reporting.decided import apply, worths
from cnn_course.reporting.gradebook import read_results, results_of
from cnn_course.reporting.graded_rows import graded_rows
from cnn_course.reporting.overlay import (
    CREDIT,
    EXTENSION,
    MARK,
    PENALTY,
    WAITS,
    GradeFields,
    Over,
    Overlay,
    read_overlay,
    write_overlay,
)
from cnn_course.reporting.worth import Worth
from splitgrade.errors import CourseError
from splitgrade.nbgrader.after_grades import AfterGrades
from splitgrade.nbgrader.session import open_gradebook

_NEAR = 1e-9


class ApplyDecisions(AfterGrades):
    """The step that ``nbgrader_config.py`` names: a submission that was graded gets what was decided, on every path."""

    def again(self, assignment: str) -> set[str] | None:
        """Return the questions that are graded again, by both of their names; None where nothing was decided."""
        try:
            decisions = [each for each in in_force(read_decisions(self.root)) if each.assignment == assignment]
        except CourseError as error:
            self.log.error("points that are there stay, as decisions cannot be read: %s", error)
            return set()
        names = {each.question for each in decisions if each.kind == "regrade"}
        return {*names, *(f"{name}-test" for name in names)} if names else None

    def settle(self, session: Any, assignment: str, student: str) -> None:
        """Write decisions over one student's grades; a decision that cannot be applied is said, not applied."""
        try:
            settle(session, self.root, assignment, student)
        except CourseError as error:
            self.log.error("decisions are not in the gradebook: %s", error)


def settle_course(root: Path, assignments: Sequence[str] | None = None) -> int:
    """Bring the gradebook up to date with ``decisions.toml``; return how many fields changed.

    Parameters
    ----------
    root : Path
        The course folder.
    assignments : sequence of str, optional
        Which; all of the gradebook by default.

    Raises
    ------
    CourseError
        When a decision is about what there is not; nothing is changed then.
    """
    with open_gradebook(root) as gradebook:
        names = [each.name for each in gradebook.assignments]
        changed = sum(settle(gradebook.db, root, name) for name in names if assignments is None or name in assignments)
        gradebook.db.commit()
    return changed


def check_applies(root: Path, decision: Decision) -> None:
    """Refuse a decision, before it is on record, that cannot be applied beside those in force.

    Raises
    ------
    CourseError
        As `settle_course`.
    """
    with open_gradebook(root) as gradebook:
        if decision.assignment in {each.name for each in gradebook.assignments}:
            results = read_results(gradebook, decision.assignment)
            apply(results, [*read_decisions(root), decision], read_sections(root))


def settle(session: Any, root: Path, assignment: str, student: str | None = None) -> int:
    """Write what was decided into the fields of nbgrader's gradebook; return how many changed.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Of the gradebook; whoever calls commits.
    root : Path
        The course folder.
    assignment : str
        Which.
    student : str, optional
        Only this one.

    Raises
    ------
    CourseError
        When a decision is about what there is not.
    """
    decisions = [each for each in in_force(read_decisions(root)) if each.assignment == assignment]
    overlay = read_overlay(session)
    if not (decisions or overlay):
        return 0
    entry = session.query(Assignment).filter(Assignment.name == assignment).one()
    results = results_of(session, entry, student)
    decided = worths(results, decisions, read_sections(root), whole=student is None)
    wanted: dict[tuple[str, str], Change] = {}
    for change in _changes(session, entry, overlay, decided, student):
        wanted[change.row, change.field] = change
    return _write(session, overlay, wanted)


@dataclass(frozen=True)
class Change:
    """What a field is to hold: ``before`` as graded, ``ours`` as decided, ``shown`` what it holds now."""

    table: Any
    row: str
    field: str
    before: float | None
    ours: float | None
    shown: float | None
    seen: str = ""


def _changes(
    session: Any, entry: Any, overlay: Overlay, decided: Mapping[str, Worth], student: str | None
) -> Iterator[Change]:
    """Yield every field that a decision may be written over, of all submissions of an assignment or of one."""
    given: set[str] = set()  # to whom the bonus was given
    books: dict[str, tuple[str, str, float | None]] = {}
    for row in graded_rows(session, entry.id, student).all():
        books[row.book] = (row.student, row.notebook, row.penalty)
        worth = decided.get(row.student)
        shown = GradeFields(row.auto_score, row.manual_score, row.extra_credit, bool(row.needs_manual_grade))
        plain = overlay.as_graded(row.grade, shown)
        yield from _of_question(row, shown, plain, worth, given)
    for key, (whose, notebook, shown_penalty) in books.items():
        before, worth = overlay.before(key, PENALTY, shown_penalty), decided.get(whose)
        taken = before if worth is None else worth.penalties.get(notebook) or None
        ours = before if abs((taken or 0.0) - (before or 0.0)) < _NEAR else taken
        yield Change(SubmittedNotebook, key, PENALTY, before, ours, shown_penalty)
    yield from _extensions(session, entry, overlay, decided, student)


def _of_question(
    row: Any, shown: GradeFields, plain: GradeFields, worth: Worth | None, given: set[str]
) -> Iterator[Change]:
    """Yield credit, mark and waiting of one question."""
    mark, credit, waits = plain.mark, plain.credit, plain.waits
    if worth is not None:
        kept = next((each for each in worth.books[row.notebook].questions if each.name == row.question), None)
        points = 0.0 if kept is None else worth.shown(kept)
        waits = kept is not None and kept.waiting
        if not plain.scored and points:
            mark = points  # credit alone does not count where there is no score
        elif plain.scored:
            more = points - plain.score
            if worth.bonus and row.student not in given:  # the bonus stands with the first question that has a score
                more += worth.bonus
                given.add(row.student)
            credit = plain.credit if abs(more) < _NEAR else round((plain.credit or 0.0) + more, 9)
    yield Change(Grade, row.grade, MARK, plain.mark, mark, shown.mark)
    yield Change(Grade, row.grade, CREDIT, plain.credit, credit, shown.credit)
    yield Change(Grade, row.grade, WAITS, float(plain.waits), float(waits), float(shown.waits), plain.seen)


def _extensions(
    session: Any, entry: Any, overlay: Overlay, decided: Mapping[str, Worth], student: str | None
) -> Iterator[Change]:
    """Yield the extension of each submission: a decided one where it gives more time."""
    mine = session.query(SubmittedAssignment).filter(SubmittedAssignment.assignment_id == entry.id)
    for each in mine if student is None else mine.filter(SubmittedAssignment.student_id == student):
        shown = None if each.extension is None else each.extension.total_seconds()
        before, worth = overlay.before(each.id, EXTENSION, shown), decided.get(each.student_id)
        ours = before
        if worth is not None and worth.until is not None and entry.duedate is not None:
            ours = max((worth.until - entry.duedate).total_seconds(), before or 0.0)
        yield Change(SubmittedAssignment, each.id, EXTENSION, before, ours, shown)


def _write(session: Any, overlay: Overlay, wanted: Mapping[tuple[str, str], Change]) -> int:
    """Write fields that differ, and keep what they were."""
    new, gone, written = {}, [], 0
    for key, each in wanted.items():
        over = Over(each.before, each.ours, each.seen)
        if _differs(each.before, each.ours):
            if overlay.get(key) != over:
                new[key] = over
        elif key in overlay:
            gone.append(key)
        if _differs(each.ours, each.shown):
            written += 1
            values = {each.field: _value(each)}
            session.execute(update(each.table).where(each.table.id == each.row).values(**values))
    if new or gone:
        write_overlay(session, gone, new)
    if written:
        session.expire_all()  # objects of nbgrader's that are open in this session
    return written


def _value(change: Change) -> Any:
    """Return a value as nbgrader's column has it."""
    if change.field == WAITS:
        return bool(change.ours)
    if change.field == EXTENSION and change.ours is not None:
        return timedelta(seconds=change.ours)
    return change.ours


def _differs(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is not other
    return abs(one - other) > _NEAR
