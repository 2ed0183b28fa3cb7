"""The verdict on single calls: compared with the reference, stage by stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from grader_tests.cases import Case, Trial, Tried
from grader_tests.draw import Draw
from student_kit import plain
from student_kit.call import Outcome, call_each
from student_kit.patterns import Pattern
from student_kit.plain import Array, Finding
from student_kit.stages import COMPARISONS, compare_shape, number_finding

Returns = Literal["array", "whole", "wholes", "number"]

NOBODY = "Nobody answers input() or a debugger while grading: use the arguments, and take these calls out."
ASKS = f"Your code waits for somebody at the keyboard. {NOBODY}"
NOT_AN_INT = "The result is a float; a count is an int (use // or int())."
NOTHING = "Your function returned nothing (None); is there a `return`?"
REFUSES_ALL = "Your function raises ValueError for every layer, possible ones too, so nothing is told apart."
FORM_OF_NOTHING = "This counts once something else holds."
CHANGED_ELSEWHERE = "in other calls your function changed an array it was given; work on a copy."
_ONE_OFF = {Pattern.ONE_TOO_LARGE: Pattern.TOO_LARGE, Pattern.ONE_TOO_SMALL: Pattern.TOO_SMALL}


class Judge:
    """Compares calls of a function with those of the reference.

    Parameters
    ----------
    draw : Draw
        The cases, and what the reference makes of them.
    returns : {"array", "whole", "wholes", "number"}
        What the function returns.
    tolerance : float
        Accepted error of the values of an array where it is larger than that of the dtype.
    """

    def __init__(self, draw: Draw, returns: Returns, tolerance: float) -> None:
        self._draw, self._returns, self._tolerance = draw, returns, tolerance

    def try_all(self, function: Callable[..., Any]) -> list[Tried]:
        """Call a function on every case of every aspect."""
        every = [case for _, cases in self._draw.cases for case in cases]
        trials = iter(self._trials(function, every))
        return [Tried(aspect, tuple(next(trials) for _ in cases)) for aspect, cases in self._draw.cases]

    def trial(self, function: Callable[..., Any], case: Case) -> Trial:
        """Call a function on one case."""
        [trial] = self._trials(function, [case])
        return trial

    def _trials(self, function: Callable[..., Any], cases: Sequence[Case]) -> list[Trial]:
        outcomes = call_each(function, [(case.arguments, case.keywords) for case in cases])
        rights = map(self._draw.right, cases)
        return [
            Trial(case, outcome, right, self._finding(case, outcome, right))
            for case, outcome, right in zip(cases, outcomes, rights, strict=True)
        ]

    def _finding(self, case: Case, outcome: Outcome, right: Outcome) -> Finding | None:
        """Return what is wrong with one call, None where it holds."""
        if outcome.asks:
            return Finding("error", ASKS)
        if outcome.returned:
            return Finding("type", f"Your function returned {outcome.returned}; plain numbers are asked for.")
        if right.error:
            return _refusal(outcome)
        if outcome.error:
            return Finding("error", f"Your function stopped with {outcome.error}: {outcome.message or 'no message'}")
        if outcome.blank:
            return Finding("not answered", NOTHING)
        if case.look_at == "type":
            return self._type_finding(outcome.value, right.value)
        if case.look_at == "shape":
            return compare_shape(outcome.value, right.value)  # type: ignore[arg-type]  # an array question
        finding = COMPARISONS[self._returns](*_picked(case, outcome.value, right.value))
        if finding is not None and finding.stage == "dtype" and case.look_at == "amount":
            return None
        if finding is not None and finding.stage == "values" and self._within_tolerance(outcome.value, right.value):
            finding = None
        if finding is None and case.look_at == "inputs" and outcome.changed:
            return Finding("inputs", "Your function changed an array it was given; work on a copy.")
        return finding

    def _type_finding(self, value: object, expected: Any) -> Finding | None:
        """Return what is wrong with the types of numbers that may be anything."""
        read = plain.numbers(value, len(expected)) if self._returns == "wholes" else plain.number(value)
        if isinstance(read, Finding):
            return read
        numbers = read if isinstance(read, list) else [read]
        return Finding("dtype", NOT_AN_INT) if any(isinstance(number, float) for number in numbers) else None

    def _within_tolerance(self, value: object, expected: Any) -> bool:
        got = plain.array(value)
        if not self._tolerance or isinstance(got, Finding):
            return False
        right: Array = np.asarray(expected)
        return bool(np.abs(got - right).max() <= self._tolerance * max(1.0, np.abs(right).max()))


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
        return Finding("error", "This is impossible: raise a ValueError instead of returning a result.")
    if "ValueError" not in outcome.kinds:
        return Finding("error", f"What is impossible should raise ValueError; your function raised {outcome.error}.")
    return None


def settled(tried: Sequence[Tried]) -> list[Tried]:
    """Return the trials after a look at all of them together.

    A function that raises ValueError whatever it is given has refused nothing; the form of results counts once some
    result is right; a number is called "one too large" only where all wrong ones are; and arguments that change in some
    calls only are seen wherever arguments are looked at.
    """
    legal = [trial for each in tried for trial in each.trials if not trial.right.error]
    everywhere = bool(legal) and all("ValueError" in trial.outcome.kinds for trial in legal)
    some = any(each.held for each in tried if not each.aspect.apart and not each.aspect.form)
    one_off = {trial.finding.code for each in tried for trial in each.wrong if trial.finding and trial.answered}

    looked_at = any(trial.finding and trial.finding.stage == "inputs" for trial in legal)
    changed = not looked_at and any(trial.outcome.changed for trial in legal)

    def settle(each: Tried, trial: Trial) -> Trial:
        found = trial.finding
        if found is None and everywhere and trial.right.error:
            found = Finding("error", REFUSES_ALL)
        elif found is None and each.aspect.form and not some:
            found = Finding("type", FORM_OF_NOTHING)
        elif found is None and changed and trial.case.look_at == "inputs":
            found = Finding("inputs", CHANGED_ELSEWHERE)
        elif found is not None and found.code in _ONE_OFF and len(one_off) > 1:
            found = number_finding(_ONE_OFF[found.code])
        return replace(trial, finding=found)

    return [Tried(each.aspect, tuple(settle(each, trial) for trial in each.trials)) for each in tried]
