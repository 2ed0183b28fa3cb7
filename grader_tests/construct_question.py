"""Questions answered by something of the student's own making: each entry is tried, not compared with a key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from grader_tests.answers import wrong_answers_of
from grader_tests.charging import charged, entries
from grader_tests.question import Diagnosis, Generator, Question, add_up
from grader_tests.result import AspectResult
from student_kit.call import Outcome
from student_kit.constructed import Numbers, by_name
from student_kit.plain import Array, Finding


@dataclass(frozen=True)
class Fault:
    """Why a construction does not do what was asked.

    Attributes
    ----------
    message : str
        What was tried and what came out: facts about the student's own construction.
    mistake : str
        Id of the known wrong answer whose hint fits; "" where it is none of them.
    """

    message: str
    mistake: str = ""


Judge = Callable[[Mapping[str, Array], Generator], Fault | None]


@dataclass(frozen=True)
class Entry:
    """One thing to construct.

    Attributes
    ----------
    name : str
        Its key in the student's dict.
    points : Fraction
        Earned when the construction does what was asked.
    form : Numbers
        What it consists of.
    judge : callable
        Takes all entries whose form is legal, its own among them, and a generator; returns what is wrong.
    right : object
        One construction that holds.
    needs : tuple of str
        Entries that have to be legal for this one to be judged.
    """

    name: str
    points: Fraction
    form: Numbers
    judge: Judge
    right: Any
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ConstructQuestion(Question):
    """A question answered by a dict of constructions; each entry earns its points.

    Attributes
    ----------
    asked : tuple of Entry
        Their points add up to the question's.
    """

    kind: ClassVar[str] = "entries"

    asked: tuple[Entry, ...]

    def __post_init__(self) -> None:
        add_up(self.id, self.points, self.asked)

    def parts(self) -> Sequence[Entry]:
        """Return the entries."""
        return self.asked

    def forms(self) -> dict[str, Numbers]:
        """Return the form of each entry."""
        return {entry.name: entry.form for entry in self.asked}

    def diagnose(self, answer: Outcome, rng: Generator) -> Diagnosis:
        """Return the verdict on each construction."""
        read = by_name(answer.value, self.forms())
        if isinstance(read, Finding):
            return Diagnosis(self.unanswered(read.stage, read.message))
        judged = [(entry, self._judge(entry, read, rng)) for entry in self.asked]
        verdicts = tuple(_verdict(entry, found) for entry, found in judged)
        seen: dict[str, list[str]] = {}
        for entry, found in judged:
            if isinstance(found, Fault):
                seen.setdefault(found.mistake, []).append(entry.name)
        same = [wrong for wrong in wrong_answers_of(self.id) if wrong.id in seen]
        return entries(charged(self, verdicts, [(wrong, tuple(seen[wrong.id])) for wrong in same]), same)

    def mistakes(self, answer: Mapping[str, Any], rng: Generator) -> set[str]:
        """Return the known mistakes in a dict that is completed by right entries."""
        read = by_name(self._full(answer), self.forms())
        if isinstance(read, Finding):
            raise TypeError(f"{self.id}: a known answer must be a dict of constructions: {read.message}")
        found = [self._judge(entry, read, rng) for entry in self.asked]
        return {fault.mistake for fault in found if isinstance(fault, Fault) and fault.mistake}

    def source(self, answer: Any, needs: Sequence[Any] = ()) -> str:  # noqa: ARG002 (a value needs nothing)
        """Return an assignment of the dict, completed by right entries."""
        lines = [f"    {name!r}: {_plain(value)!r}," for name, value in self._full(answer).items()]
        return "\n".join([f"{self.name} = {{", *lines, "}"])

    def _full(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        return {**{entry.name: entry.right for entry in self.asked}, **answer}

    def _judge(self, entry: Entry, read: Mapping[str, Array | Finding], rng: Generator) -> Fault | Finding | None:
        own = read[entry.name]
        if isinstance(own, Finding):
            return own
        legal = {name: value for name, value in read.items() if not isinstance(value, Finding)}
        missing = [name for name in entry.needs if name not in legal]
        if missing:
            return Finding("missing", f'This is judged together with "{missing[0]}", which is not there yet.')
        with np.errstate(all="ignore"):
            return entry.judge(legal, rng)


def _verdict(entry: Entry, found: Fault | Finding | None) -> AspectResult:
    if found is None:
        return AspectResult(entry.name, entry.points, entry.points)
    stage = found.stage if isinstance(found, Finding) else "values"
    return AspectResult(entry.name, entry.points, Fraction(0), stage, found.message)


def _plain(value: Any) -> Any:
    return np.asarray(value).tolist() if isinstance(value, list | np.ndarray) else value
