"""Questions answered by a function: tried on cases, compared with the reference, diagnosed by recomputing mistakes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from grader_tests.cases import Aspect, Case, Clue, Trial, Tried
from grader_tests.draw import Draw
from grader_tests.folding import folded
from grader_tests.hints import hint_on
from grader_tests.judging import Judge, Returns, settled
from grader_tests.naming import Recognizer
from grader_tests.other_calls import exchanged, misused, turned_under
from grader_tests.pool import pool
from grader_tests.prices import prices
from grader_tests.question import Diagnosis, Generator, Question, add_up
from grader_tests.relations import related
from grader_tests.result import AspectResult
from grader_tests.revealing import first_failing
from grader_tests.where import where_wrong
from student_kit.call import Outcome
from student_kit.examples import FUNCTIONS
from student_kit.plain import type_name

__all__ = ["Aspect", "Case", "Clue", "FunctionQuestion"]

NOTHING_RETURNED = "Not answered yet: your function returns nothing (None). Is there a `return` in every branch?"


@dataclass(frozen=True, kw_only=True)
class FunctionQuestion(Question):
    """A question answered by a function.

    Attributes
    ----------
    reference : callable
        The right answer.
    returns : {"array", "whole", "wholes", "number"}
        What the function returns; "wholes" is a tuple of ints.
    aspects : tuple of Aspect
        Their points add up to the question's.
    tolerance : float
        Accepted error of the values of an array where it is larger than that of the dtype, relative to the largest
        magnitude (at least 1).
    start : str
        What the student is told when no aspect holds and the results have nothing in common; the first aspect's clue
        where it is empty.
    """

    kind: ClassVar[str] = "function"

    reference: Callable[..., Any]
    returns: Returns
    aspects: tuple[Aspect, ...]
    tolerance: float = 0.0
    start: str = ""

    def __post_init__(self) -> None:
        add_up(self.id, self.points, self.aspects)
        names = {aspect.name for aspect in self.aspects}
        for aspect in self.aspects:
            for clue in aspect.clues:
                if not names.issuperset(clue.holds):
                    raise ValueError(f"{self.id}: a clue of {aspect.name!r} needs aspects that exist, got {clue.holds}")

    def parts(self) -> Sequence[Aspect]:
        """Return the aspects."""
        return self.aspects

    def diagnose(self, answer: Outcome, rng: Generator) -> Diagnosis:
        """Return the verdicts on a function; a value that cannot be called fails every aspect."""
        return self.judged(answer.value, self.draw(rng))

    def draw(self, rng: Generator) -> Draw:
        """Return the cases of all aspects; many answers may be tried on one draw."""
        return Draw(self.id, self.reference, self.aspects, rng)

    def judged(self, function: Any, draw: Draw) -> Diagnosis:
        """Return the verdicts on a function that is tried on the cases of a draw."""
        if not callable(function):
            message = f"`{self.name}` should be a function, but it is {type_name(function)}."
            return Diagnosis(self.unanswered("type", message))
        judge = Judge(draw, self.returns, self.tolerance)
        tried = judge.try_all(function)
        if all(trial.outcome.blank for each in tried for trial in each.trials):
            return Diagnosis(self.unanswered("not answered", NOTHING_RETURNED), answered=False)
        tried = settled(tried)
        if all(each.held for each in tried):
            return Diagnosis(tuple(map(_verdict, tried)))
        recognizer = Recognizer(self.id, tried, draw)
        proved = recognizer.proved()
        verdicts = tuple(folded(tried, [one.covers for one in proved], map(_verdict, tried)))
        for one in proved:
            verdicts = self._charged(verdicts, one.covers, self.price(one.wrong.id))
        if proved:
            hints = [one.wrong.advice for one in proved]
            return Diagnosis(verdicts, tuple(one.wrong.id for one in proved), " ".join(hints))
        verdicts = self._charged(verdicts, _floats(tried), prices().price(self.id, "", "form").costs)
        first = next(each for each in tried if not each.held)
        hint = exchanged(tried, draw) or hint_on(
            tried,
            recognizer,
            self.start,
            lambda case: judge.trial(function, case),
            lambda: misused(tried, draw) or related(tried, self.reference),
            lambda: turned_under(first, draw),
            lambda: where_wrong(tried, first, self.reference),
        )
        return Diagnosis(verdicts, hint=hint)

    def source(self, answer: Callable[..., Any], needs: Sequence[Any] = ()) -> str:
        """Return the source of the function and of what it needs, under the name the question asks for."""
        parts = [inspect.getsource(part).rstrip() for part in (*needs, answer)]
        if answer.__name__ != self.name:
            parts.append(f"{self.name} = {answer.__name__}")
        return "\n\n\n".join(parts)

    @property
    def has_cases(self) -> bool:
        """Whether there are cases that a student may see with their right results."""
        return True

    def reveal(self, answer: Outcome) -> dict[str, Any] | None:
        """Return as data the first case of the pool that a function fails; None where it fails none, or is none."""
        if answer.error or not callable(answer.value):
            return None
        cases = pool(self.id, self.aspects, FUNCTIONS[self.id].examples)
        parameters = tuple(inspect.signature(self.reference).parameters)
        with np.errstate(all="ignore"):
            judge = Judge(Draw(self.id, self.reference, (), np.random.default_rng(0)), self.returns, self.tolerance)
            return first_failing(answer.value, cases, judge, self.name, parameters)

    def _charged(
        self, verdicts: Sequence[AspectResult], covers: frozenset[str], share: Fraction
    ) -> tuple[AspectResult, ...]:
        """Return verdicts in which the aspects that one mistake explains lose no more than its price in all."""
        charged, price = list(verdicts), share * self.points
        covered = [place for place, verdict in enumerate(charged) if verdict.name in covers]
        lost = sum((charged[place].points for place in covered), Fraction(0))
        if price >= lost:
            return tuple(charged)
        for place in covered:
            charged[place] = replace(charged[place], earned=charged[place].points * (1 - price / lost))
        first = charged[covered[0]]
        said = f"{first.message.rstrip('.')}. In all, this mistake costs {float(price):.3g} points."
        charged[covered[0]] = replace(first, message=said)
        return tuple(charged)


def _floats(tried: Sequence[Tried]) -> frozenset[str]:
    """Return the aspects in which nothing is wrong but that counts are floats."""
    failing = [each for each in tried if not each.held]
    return frozenset(
        each.aspect.name
        for each in failing
        if all(trial.finding and trial.finding.stage == "dtype" and not _is_table(trial) for trial in each.wrong)
    )


def _is_table(trial: Trial) -> bool:
    return isinstance(trial.right.value, np.ndarray)


def _verdict(tried: Tried) -> AspectResult:
    """Return the verdict on one aspect, told by its first wrong case."""
    aspect = tried.aspect
    if tried.held:
        return AspectResult(aspect.name, aspect.points, aspect.points)
    case, finding = tried.wrong[0].case, tried.wrong[0].finding
    assert finding is not None  # noqa: S101 (for mypy: wrong trials have one)
    return AspectResult(aspect.name, aspect.points, Fraction(0), finding.stage, f"With {case.what}: {finding.message}")
