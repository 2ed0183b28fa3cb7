"""What decisions have written over in nbgrader's gradebook, kept in a table beside nbgrader's own.

A field that a decision changed (extra credit, a mark, "needs manual grade", a late penalty, an extension) has a row
with what was there before. So a result as graded can always be read, whatever is shown, and every decision can be taken
back. The table is in the gradebook's database: both change in one transaction, and a copy of the file has both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Column, Float, MetaData, String, Table, delete, insert, inspect, select

CREDIT, MARK, WAITS = "extra_credit", "manual_score", "needs_manual_grade"
PENALTY, EXTENSION = "late_submission_penalty", "extension"

_TABLE = Table(
    "cnn_course_decided",
    MetaData(),
    Column("row", String(32), primary_key=True),  # the key of a grade, submitted notebook or submission
    Column("field", String(32), primary_key=True),  # nbgrader's name
    Column("before", Float),
    Column("ours", Float),
    Column("seen", String),  # the scores at that time, where only they tell whether somebody has been there since
)


@dataclass(frozen=True)
class Over:
    """One field that a decision wrote over: what was there, what is there now, and what it belonged to."""

    before: float | None
    ours: float | None
    seen: str = ""


class GradeFields(NamedTuple):
    """What nbgrader's gradebook has for one question of one student.

    Parameters
    ----------
    auto, mark, credit : float or None
        What the test gave, what a person gave, and what is added to either.
    waits : bool
        Whether a person has yet to mark it.
    """

    auto: float | None
    mark: float | None
    credit: float | None
    waits: bool

    @property
    def scored(self) -> bool:
        """Say whether there is a score that credit can be added to."""
        return self.mark is not None or self.auto is not None

    @property
    def score(self) -> float:
        """Return the points, as nbgrader counts them."""
        base = self.mark if self.mark is not None else self.auto
        return 0.0 if base is None else float(base) + float(self.credit or 0.0)

    @property
    def seen(self) -> str:
        """Return what differs when a test or a person has judged since."""
        return f"{self.auto!r} {self.mark!r}"


class Overlay(dict[tuple[str, str], Over]):
    """All that decisions have written over, by row and field."""

    def before(self, row: str, field: str, value: float | None) -> float | None:
        """Return a field as it was; what somebody has changed since counts as it is."""
        over = self.get((row, field))
        return over.before if over is not None and _same(over.ours, value) else value

    def as_graded(self, row: str, shown: GradeFields) -> GradeFields:
        """Return a question as graded: what tests and people gave, without decisions."""
        if not self:
            return shown
        mark = self.before(row, MARK, shown.mark)
        credit = shown.credit
        if (over := self.get((row, CREDIT))) is not None:
            # Who types another extra credit means the sum: ours stays in it.
            credit = over.before if _same(over.ours, credit) else _nothing((credit or 0) - _added(over))
        plain = GradeFields(shown.auto, mark, credit, shown.waits)
        over = self.get((row, WAITS))
        return plain if over is None or over.seen != plain.seen else GradeFields(shown.auto, mark, credit, waits=True)


def read_overlay(session: Any) -> Overlay:
    """Return what decisions have written over; nothing before the first one."""
    if not inspect(session.connection()).has_table(_TABLE.name):
        return Overlay()
    rows = session.execute(select(_TABLE)).all()
    return Overlay({(each.row, each.field): Over(each.before, each.ours, each.seen or "") for each in rows})


def write_overlay(session: Any, gone: Sequence[tuple[str, str]], new: Mapping[tuple[str, str], Over]) -> None:
    """Forget some rows and keep others, in the session's transaction."""
    _TABLE.create(session.connection(), checkfirst=True)
    for row, field in {*gone, *new}:
        session.execute(delete(_TABLE).where(_TABLE.c.row == row, _TABLE.c.field == field))
    rows = [
        {"row": row, "field": field, "before": over.before, "ours": over.ours, "seen": over.seen}
        for (row, field), over in new.items()
    ]
    if rows:
        session.execute(insert(_TABLE), rows)


def _same(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else abs(one - other) < 1e-9


def _added(over: Over) -> float:
    return (over.ours or 0.0) - (over.before or 0.0)


def _nothing(value: float) -> float | None:
    return round(value, 9) if abs(value) > 1e-9 else None
