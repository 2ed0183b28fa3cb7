"""Questions answered by a function: tried on cases, compared with the reference, diagnosed by recomputing mistakes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from grader_tests.answers import wrong_answers_of
from grader_tests.clues import amount_clue, array_clue, clue
from grader_tests.matching import same_outcome
from grader_tests.question import Diagnosis, Generator, Question, add_up
from grader_tests.result import AspectResult
from student_kit import plain
from student_kit.call import Outcome, call
from student_kit.plain import Finding, type_name
from student_kit.stages import COMPARISONS, compare_shape

NOTHING_RETURNED = "Not answered yet: your function returns nothing (None). Is there a `return` in every branch?"


@dataclass(frozen=True)
class Case:
    """One call of the student's function.

    Attributes
    ----------
    what : str
        What is special about it, for the student ("stride 2 with columns left over"): no hidden numbers.
    arguments, keywords
        What the function is called with; every call gets its own copy.
    look_at : {"result", "amount", "shape", "inputs"}
        Compare the whole result; its numbers but not whether they are ints; only the shape of an array; or the result
        and that the arguments are left unchanged.
    entries : tuple of int, optional
        Positions of a returned tuple that are compared; all where it is None.
    """

    what: str
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any] = field(default_factory=dict)
    look_at: Literal["result", "amount", "shape", "inputs"] = "result"
    entries: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Aspect:
    """Something a function has to get right.

    Attributes
    ----------
    name : str
        For the student, such as "stride".
    points : Fraction
        Earned when every case holds.
    cases : callable
        Takes a NumPy Generator, returns the hand-made and the fresh cases.
    clue : str
        What the student is told when this is the first aspect that fails, and another one holds.
    apart : bool
        Whether it is a matter of its own, such as refusing impossible settings: a known mistake in the other aspects is
        recognized however this one turns out.
    """

    name: str
    points: Fraction
    cases: Callable[[Generator], Iterable[Case]]
    clue: str = ""
    apart: bool = False


@dataclass(frozen=True)
class Failure:
    """The first case of an aspect that did not hold, what the call led to, and what is wrong with that."""

    case: Case
    outcome: Outcome
    finding: Finding


Trials = list[tuple[Case, Outcome]]


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

    reference: Callable[..., Any]
    returns: Literal["array", "whole", "wholes", "number"]
    aspects: tuple[Aspect, ...]
    tolerance: float = 0.0
    start: str = ""

    def __post_init__(self) -> None:
        add_up(self.id, self.points, self.aspects)

    def parts(self) -> Sequence[Aspect]:
        """Return the aspects."""
        return self.aspects

    def diagnose(self, answer: Outcome, rng: Generator) -> Diagnosis:
        """Return the verdicts on a function; a value that cannot be called fails every aspect."""
        function = answer.value
        if not callable(function):
            message = f"`{self.name}` should be a function, but it is {type_name(function)}."
            return Diagnosis(self.unanswered("type", message))
        tried = self._try(function, rng)
        if all(outcome.blank for trials in tried for _, outcome in trials):
            return Diagnosis(self.unanswered("not answered", NOTHING_RETURNED), answered=False)
        findings = _without_luck([self._first_finding(trials) for trials in tried], tried)
        verdicts = tuple(map(_verdict, self.aspects, findings))
        if not any(findings):
            return Diagnosis(verdicts)
        named = self._named(verdicts, tried)
        return named if named.misconceptions else Diagnosis(verdicts, hint=self._clue(findings, tried))

    def source(self, answer: Callable[..., Any], needs: Sequence[Any] = ()) -> str:
        """Return the source of the function and of what it needs, under the name the question asks for."""
        parts = [inspect.getsource(part).rstrip() for part in (*needs, answer)]
        if answer.__name__ != self.name:
            parts.append(f"{self.name} = {answer.__name__}")
        return "\n\n\n".join(parts)

    def _try(self, function: Callable[..., Any], rng: Generator) -> list[Trials]:
        """Call the function on every case of every aspect."""
        tried: list[Trials] = []
        for aspect in self.aspects:
            trials: Trials = []
            tried.append(trials)
            for case in aspect.cases(rng):
                trials.append((case, self._call(function, case)))
        return tried

    def _call(self, function: Callable[..., Any], case: Case) -> Outcome:
        return call(function, case.arguments, case.keywords)

    def _first_finding(self, trials: Trials) -> Failure | None:
        for case, outcome in trials:
            finding = self._finding(case, outcome)
            if finding is not None:
                return Failure(case, outcome, finding)
        return None

    def _clue(self, findings: Sequence[Failure | None], tried: list[Trials]) -> str:
        """Return what the first failing case points to: its error or shape, else the property that broke first.

        Where nothing holds, no property broke first: there, what all results have in common is the clue, else how to
        start.
        """
        place, first = next((place, found) for place, found in enumerate(findings) if found is not None)
        right = call(self.reference, first.case.arguments, first.case.keywords)
        said = "" if right.error else clue(first.finding, first.outcome, right.value)
        if said or first.finding.stage == "type":
            return said
        if first.finding.stage == "dtype" and self.returns != "array":
            return "The amount is right; make it an int."
        if any(found is None for found, aspect in zip(findings, self.aspects, strict=True) if not aspect.apart):
            return self.aspects[place].clue
        start = (self.start or self.aspects[0].clue) if first.finding.stage == "values" else ""
        if self.returns == "array":
            return array_clue(first.finding) or start
        results = [(outcome.value, self._call(self.reference, case)) for trials in tried for case, outcome in trials]
        return amount_clue([(got, right.value) for got, right in results if not right.error]) or start

    def _finding(self, case: Case, outcome: Outcome) -> Finding | None:
        """Return what is wrong with one call, None where it holds."""
        with np.errstate(all="ignore"):
            right = call(self.reference, case.arguments, case.keywords)
        if right.error and right.error != "ValueError":
            raise RuntimeError(f"{self.id}: the reference fails on {case.what!r}: {right.error}: {right.message}")
        if right.error:
            return _refusal(outcome)
        if outcome.error:
            return Finding("error", f"Your function stopped with {outcome.error}: {outcome.message or 'no message'}")
        if outcome.blank:
            return Finding("not answered", "Your function returned nothing (None); is there a `return`?")
        if case.look_at == "shape":
            return compare_shape(outcome.value, right.value)  # type: ignore[arg-type]  # an array question
        finding = COMPARISONS[self.returns](*_picked(case, outcome.value, right.value))
        if finding is not None and finding.stage == "dtype" and case.look_at == "amount":
            return None
        if finding is not None and finding.stage == "values" and self._within_tolerance(outcome.value, right.value):
            finding = None
        if finding is None and case.look_at == "inputs" and outcome.changed:
            return Finding("inputs", "Your function changed an array it was given; work on a copy.")
        return finding

    def _within_tolerance(self, value: object, expected: Any) -> bool:
        got = plain.array(value)
        if not self.tolerance or isinstance(got, Finding):
            return False
        return bool(np.abs(got - expected).max() <= self.tolerance * max(1.0, np.abs(expected).max()))

    def _telling(self, tried: list[Trials]) -> list[Trials]:
        """Return the trials that have to agree with those of a known mistake, passing ones included.

        An aspect that stands apart counts only where the others hold.
        """
        pairs = list(zip(self.aspects, tried, strict=True))
        together = [trial for aspect, trials in pairs if not aspect.apart for trial in trials]
        if self._first_finding(together):
            return [together]
        broken = [trials for aspect, trials in pairs if aspect.apart and self._first_finding(trials)]
        return [together + trials for trials in broken]

    def _matches(self, wrong: Callable[..., Any], trials: Trials) -> bool:
        return all(same_outcome(outcome, self._call(wrong, case)) for case, outcome in trials)

    def _named(self, verdicts: tuple[AspectResult, ...], tried: list[Trials]) -> Diagnosis:
        """Add the misconceptions that give the same outcomes."""
        telling = self._telling(tried)
        matching = [
            wrong
            for wrong in wrong_answers_of(self.id)
            if any(self._matches(wrong.answer, trials) for trials in telling)
        ]
        if not matching:
            return Diagnosis(verdicts)
        first = matching[0]
        hint = f"Your answer is what you get when {first.says}. {first.hint}"
        return Diagnosis(verdicts, tuple(wrong.id for wrong in matching), hint)


def _without_luck(findings: list[Failure | None], tried: list[Trials]) -> list[Failure | None]:
    """Return the findings; a function that stops with an error in most other calls too has refused nothing."""
    refusing = [not found and _errors(trials) == len(trials) for found, trials in zip(findings, tried, strict=True)]
    others = [trial for refuses, trials in zip(refusing, tried, strict=True) if not refuses for trial in trials]
    if 2 * _errors(others) <= len(others):
        return findings
    finding = Finding("error", "Your function stops with an error in most calls, also where a result is possible.")
    return [
        Failure(*trials[0], finding) if refuses else found
        for refuses, found, trials in zip(refusing, findings, tried, strict=True)
    ]


def _errors(trials: Trials) -> int:
    return sum(bool(outcome.error) for _, outcome in trials)


def _picked(case: Case, got: object, expected: Any) -> tuple[object, Any]:
    """Return the entries of a tuple that the case is about; a value that is no such tuple stays as it is."""
    if case.entries is None:
        return got, expected
    read = plain.numbers(got, len(expected))
    if isinstance(read, Finding):
        return got, expected
    return tuple(read[place] for place in case.entries), tuple(expected[place] for place in case.entries)


def _refusal(outcome: Outcome) -> Finding | None:
    """Return what is wrong with a call that should have raised ValueError."""
    if not outcome.error:
        return Finding("error", "This layer is impossible: raise a ValueError instead of returning a result.")
    if "ValueError" not in outcome.kinds:
        return Finding("error", f"An impossible layer should raise ValueError; your function raised {outcome.error}.")
    return None


def _verdict(aspect: Aspect, found: Failure | None) -> AspectResult:
    if found is None:
        return AspectResult(aspect.name, aspect.points, aspect.points)
    message = f"With {found.case.what}: {found.finding.message}"
    return AspectResult(aspect.name, aspect.points, Fraction(0), found.finding.stage, message)
