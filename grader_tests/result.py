"""The verdict on one answer, as data: what was tried, what held, what the student is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class AspectResult:
    """The verdict on one aspect of a question.

    Attributes
    ----------
    name : str
        What was looked at, such as "stride".
    points, earned : Fraction
        Points of the aspect, and those the answer earned.
    stage, message : str
        Where the answer failed and what the student is told; "" when the aspect held.
    """

    name: str
    points: Fraction
    earned: Fraction
    stage: str = ""
    message: str = ""

    @property
    def held(self) -> bool:
        """Whether all points of the aspect were earned."""
        return self.earned == self.points

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as JSON-able data."""
        return {
            "name": self.name,
            "points": float(self.points),
            "earned": float(self.earned),
            "held": self.held,
            "stage": self.stage,
            "message": self.message,
        }


@dataclass(frozen=True)
class Result:
    """The verdict on one answer.

    Attributes
    ----------
    question : str
        Id of the question.
    points : Fraction
        Points of the question.
    answered : bool
        False for an answer cell that was left as it was.
    aspects : tuple of AspectResult
        The verdicts that add up to the score.
    misconceptions : tuple of str
        Ids of the catalogued mistakes that give exactly this answer.
    hint : str
        What the student is told about the mistake; "" when none was recognized.
    seed : int
        Seed of the fresh inputs: the same seed gives the same verdict. Never shown to students.
    remark : mapping or None
        Data about the answer for the instructor, such as which variant it answers. Never shown to students.
    """

    question: str
    points: Fraction
    answered: bool
    aspects: tuple[AspectResult, ...]
    misconceptions: tuple[str, ...] = ()
    hint: str = ""
    seed: int = 0
    remark: Mapping[str, Any] | None = None

    @property
    def earned(self) -> Fraction:
        """Points the answer earned."""
        return sum((aspect.earned for aspect in self.aspects), Fraction(0)) if self.answered else Fraction(0)

    @property
    def score(self) -> float:
        """Points the answer earned, as a Python float between 0 and the question's points."""
        return float(self.earned)

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as JSON-able data (MIME type application/vnd.splitgrade.result+json)."""
        return {
            "version": 1,
            "question": self.question,
            "points": float(self.points),
            "earned": self.score,
            "answered": self.answered,
            "aspects": [aspect.as_dict() for aspect in self.aspects],
            "misconceptions": list(self.misconceptions),
            "hint": self.hint,
            "seed": self.seed,
            **({} if self.remark is None else {"remark": dict(self.remark)}),
        }
