"""The base of every kind of question: an id, points, and aspects whose points add up to them."""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Protocol

import numpy as np

from grader_tests.prices import prices
from grader_tests.result import AspectResult
from grader_tests.topics import topics
from student_kit.call import Outcome

Generator = np.random.Generator


class HasPoints(Protocol):
    """Anything with a name and points."""

    @property
    def name(self) -> str:
        """What is looked at."""

    @property
    def points(self) -> Fraction:
        """What it is worth."""


@dataclass(frozen=True)
class Diagnosis:
    """Verdicts on all aspects of an answer, and the mistake behind the failing ones where it is known.

    `remark` is for the instructor alone: data about the answer that no student sees.
    """

    aspects: tuple[AspectResult, ...]
    misconceptions: tuple[str, ...] = ()
    hint: str = ""
    answered: bool = True
    remark: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Question(abc.ABC):
    """One graded question.

    Attributes
    ----------
    id : str
        Id of the answer cell, such as "ex41-conv2d".
    name : str
        What the student defines: a function or a variable.
    points : Fraction
        Points of the question; the points of its aspects add up to them exactly.
    """

    kind: ClassVar[str]

    id: str
    name: str
    points: Fraction

    def price(self, mistake: str) -> Fraction:
        """Return the share of the points that a known mistake costs where it is proved on all cases."""
        return prices().price(self.id, mistake, self.kind).costs

    @property
    def has_cases(self) -> bool:
        """Whether there are cases that a student may see with their right results."""
        return False

    def reveal(self, answer: Outcome) -> dict[str, Any] | None:  # noqa: ARG002 (functions have cases)
        """Return as data a case that may be shown and that an answer fails, None where there is none."""
        return None

    def topic(self) -> str:
        """Return what to practice after this question, a topic of the bank; "" where nothing fits."""
        return topics().get(self.id, "")

    def explanation(self, student: str) -> str:  # noqa: ARG002 (numbers of their own have one for everybody)
        """Return in Markdown why the right answer is right, for after the deadline; "" where there is no text."""
        return ""

    @abc.abstractmethod
    def parts(self) -> Sequence[HasPoints]:
        """Return the aspects."""

    @abc.abstractmethod
    def diagnose(self, answer: Outcome, rng: Generator) -> Diagnosis:
        """Return the verdicts on an answer that is there: not missing, not blank."""

    @abc.abstractmethod
    def source(self, answer: Any, needs: Sequence[Any] = ()) -> str:
        """Return the text of an answer cell that holds `answer`."""

    def unanswered(self, stage: str, message: str) -> tuple[AspectResult, ...]:
        """Return verdicts without points that all give the same reason."""
        return tuple(AspectResult(part.name, part.points, Fraction(0), stage, message) for part in self.parts())


def add_up(question: str, points: Fraction, parts: Sequence[HasPoints]) -> None:
    """Raise ValueError unless the points of the parts are positive and add up to the question's."""
    if any(part.points <= 0 for part in parts):
        raise ValueError(f"{question}: every aspect needs positive points, got {[str(part.points) for part in parts]}")
    total = sum((part.points for part in parts), Fraction(0))
    if total != points:
        shares = ", ".join(f"{part.name} {part.points}" for part in parts)
        raise ValueError(f"{question}: the points of the aspects must add up to {points}, got {total} ({shares})")
    names = [part.name for part in parts]
    if len(set(names)) != len(names):
        raise ValueError(f"{question}: every aspect needs a name of its own, got {names}")
