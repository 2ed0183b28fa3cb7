"""The record of decisions, ``decisions.toml``: who decided what, when and why; read, checked, added to."""

from __future__ import annotations

import getpass
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cnn_course.collecting.roster import sections_in
from cnn_course.errors import BuildError, Problem
from cnn_course.toml import read_toml

DECISIONS_FILE = "decisions.toml"
KINDS = ("void", "full", "regrade", "bonus", "drop", "extension", "late", "withdraw")
_TEXT = {"type": "string", "minLength": 1}
_COMMON = ("id", "kind", "who", "when", "why")
# What each kind needs, and what it may have beside.
_NEEDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "void": (("assignment", "question"), ()),
    "full": (("assignment", "question"), ("students",)),
    "regrade": (("assignment", "question"), ()),
    "bonus": (("assignment", "points"), ("students",)),
    "drop": (("assignment", "lowest", "of"), ()),
    "extension": (("assignment", "until"), ("students", "section")),
    "late": (("assignment", "percent"), ("grace_minutes", "most_percent", "of")),
    "withdraw": (("withdraws",), ()),
}
_FIELDS: Mapping[str, Any] = {
    "id": {"type": "string", "pattern": r"^d[1-9]\d*$", "description": "an id is d and a number"},
    "kind": {"enum": list(KINDS)},
    "who": _TEXT,
    "when": {},
    "why": _TEXT,
    "assignment": _TEXT,
    "question": _TEXT,
    "students": {
        "type": "array",
        "items": _TEXT,
        "minItems": 1,
        "uniqueItems": True,
        "description": "students are listed, each once",
    },
    "section": _TEXT,
    "points": {"type": "number", "description": "points are a number"},
    "lowest": {"type": "integer", "minimum": 1},
    "of": {"enum": ["notebooks", "questions", "reached", "maximum"]},
    "until": {},
    "percent": {
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 100,
        "description": "percent is above 0, at most 100",
    },
    "grace_minutes": {"type": "integer", "minimum": 0},
    "most_percent": {"type": "number", "exclusiveMinimum": 0, "maximum": 100},
    "withdraws": _TEXT,
}
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "decisions": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": list(_COMMON),
                "properties": _FIELDS,
            },
        }
    },
}
_WORDS = {"drop": ("notebooks", "questions"), "late": ("reached", "maximum")}


@dataclass(frozen=True)
class Decision:
    """One decision; which fields a kind has is in docs/instructor.md.

    Parameters
    ----------
    kind : str
        ``void``, ``full``, ``regrade``, ``bonus``, ``drop``, ``extension``, ``late`` or ``withdraw``.
    why, who : str
        The reason, and who decided.
    when : datetime
        When it was decided.
    id : str
        ``d1``, ``d2`` and so on; empty before it is recorded.
    """

    kind: str
    why: str
    who: str
    when: datetime
    id: str = ""
    assignment: str = ""
    question: str = ""
    students: tuple[str, ...] = ()
    section: str = ""
    points: float = 0.0
    lowest: int = 0
    of: str = ""
    until: datetime | None = None
    percent: float = 0.0
    grace_minutes: int = 0
    most_percent: float = 0.0
    withdraws: str = ""

    @property
    def matter(self) -> Decision:
        """Return what was decided, without who, when, why and number: two decisions of one matter are one."""
        return replace(self, why="", who="", when=datetime.min, id="")

    def concerns(self, student: str, section: str) -> bool:
        """Say whether the decision is about a student, whose sections are given as the roster has them."""
        if self.students:
            return student in self.students
        return not self.section or self.section in sections_in(section)


def read_decisions(root: Path) -> list[Decision]:
    """Return all decisions of a course, withdrawn ones and withdrawals too, in the order of the file.

    Raises
    ------
    BuildError
        When the file breaks a rule; all breaches are named.
    """
    path = root / DECISIONS_FILE
    if not path.is_file():
        return []
    tables = read_toml(path, _SCHEMA, DECISIONS_FILE).get("decisions", [])
    problems = [problem for number, table in enumerate(tables, start=1) for problem in _check(table, number)]
    ids = [table["id"] for table in tables]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        step = "give the later one the next free number"
        problems.append(Problem(DECISIONS_FILE, name, "an id is there once", f"{ids.count(name)} times", step))
    if problems:
        raise BuildError(DECISIONS_FILE, problems)
    return [_decision(table) for table in tables]


def in_force(decisions: Sequence[Decision]) -> list[Decision]:
    """Return the decisions that were not withdrawn."""
    gone = {each.withdraws for each in decisions if each.kind == "withdraw"}
    return [each for each in decisions if each.kind != "withdraw" and each.id not in gone]


def question_name(known: Collection[str], question: str) -> str | None:
    """Return the gradebook's name of a question: people leave ``-test`` out; None where there is none."""
    return next((name for name in (question, f"{question}-test") if name in known), None)


def add_decisions(root: Path, new: Sequence[Decision]) -> list[Decision]:
    """Add decisions to the record; what is in force already is not added again.

    Parameters
    ----------
    root : Path
        The course folder.
    new : sequence of Decision
        Without ids.

    Returns
    -------
    list of Decision
        Those that were added, with their ids.

    Raises
    ------
    BuildError
        When the file, or what would become of it, breaks a rule; it stays as it is.
    """
    before = read_decisions(root)
    known = {each.matter for each in in_force(before)}
    highest = max((int(each.id[1:]) for each in before), default=0)
    added: list[Decision] = []
    for each in new:
        if each.matter not in known:
            known.add(each.matter)
            added.append(replace(each, id=f"d{highest + len(added) + 1}"))
    if not added:
        return []
    path, attempt = root / DECISIONS_FILE, root / f"{DECISIONS_FILE}.new"
    old = path.read_text(encoding="utf-8") if path.is_file() else _HEAD
    attempt.write_text(old.rstrip("\n") + "\n" + "".join(f"\n{_toml(each)}" for each in added), encoding="utf-8")
    try:
        tables = read_toml(attempt, _SCHEMA, DECISIONS_FILE)["decisions"]
        problems = [problem for number, table in enumerate(tables, start=1) for problem in _check(table, number)]
        if problems:
            raise BuildError(DECISIONS_FILE, problems)
        attempt.replace(path)
    finally:
        attempt.unlink(missing_ok=True)
    return added


_HEAD = """\
# Decisions about grades: `cnn-course decide` adds to this file; reports and exports apply it.
# Nothing is deleted here: a decision is taken back by another one (kind = "withdraw").
"""


def _check(table: Mapping[str, Any], number: int) -> list[Problem]:
    """Hold one decision against the rules of its kind."""
    item, kind = str(table.get("id", f"number {number}")), table["kind"]
    needed, allowed = _NEEDS[kind]
    problems = []
    missing = [name for name in needed if name not in table]
    if missing:
        problems.append(_wrong(item, f"{kind} has {', '.join(needed)}", f"no {', '.join(missing)}", "add it"))
    extra = sorted(set(table) - {*_COMMON, *needed, *allowed})
    if extra:
        legal = ", ".join((*needed, *allowed))
        problems.append(_wrong(item, f"{kind} has {legal}", f"also {', '.join(extra)}", "take it out"))
    problems += [
        _wrong(item, f"{name} is a time with an offset", repr(table[name]), "write 2026-12-01T23:59:00+01:00")
        for name in ("when", "until")
        if name in table and not (isinstance(table[name], datetime) and table[name].tzinfo)
    ]
    if kind in _WORDS and table.get("of", _WORDS[kind][0]) not in _WORDS[kind]:
        problems.append(_wrong(item, f"of is one of {', '.join(_WORDS[kind])}", table["of"], "correct it"))
    if "students" in table and "section" in table:
        problems.append(_wrong(item, "an extension names students or a section", "both", "take one out"))
    return problems


def _decision(table: Mapping[str, Any]) -> Decision:
    """Return a decision from its table."""
    fields: dict[str, Any] = {name: float(value) if name in _NUMBERS else value for name, value in table.items()}
    if "students" in fields:
        fields["students"] = tuple(fields["students"])
    for name in ("when", "until"):
        if name in fields:
            fields[name] = fields[name].astimezone(UTC)
    return Decision(**fields)


_NUMBERS = ("points", "percent", "most_percent")


def _toml(decision: Decision) -> str:
    """Return a decision as a table of TOML; a field that says nothing is left out."""
    lines = ["[[decisions]]"]
    for name in ("id", "kind", *(name for name in _FIELDS if name not in ("id", "kind"))):
        value = getattr(decision, name)
        if not value and name not in ("who", "why"):
            continue
        if isinstance(value, datetime):
            lines.append(f"{name} = {value.astimezone(UTC).isoformat(timespec='seconds')}")
        elif isinstance(value, tuple):
            lines.append(f"{name} = [{', '.join(map(_string, value))}]")
        else:
            lines.append(f"{name} = {_string(value) if isinstance(value, str) else repr(value)}")
    return "\n".join(lines) + "\n"


def _string(text: str) -> str:
    """Return a basic string of TOML: JSON's, with the one control character that JSON lets through."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _wrong(item: str, rule: str, value: str, step: str) -> Problem:
    return Problem(DECISIONS_FILE, item, rule, value, step)


def who_decides() -> str:
    """Return the name of the account that this runs under."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name
        return "unknown"
