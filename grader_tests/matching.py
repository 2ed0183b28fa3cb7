"""Whether a known mistake gives the same outcomes as an answer: how a mistake is recognized by its results."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from grader_tests.cases import Trial
from grader_tests.clues import error_row
from student_kit import plain
from student_kit.call import Outcome
from student_kit.plain import Finding

EXACT = 1e-9
NEARER = 0.01  # a mistake lies this much nearer to the answer than to what is right
TOLERANCE = 1e-4  # of the largest magnitude: a known mistake may be made in float32 too


def matches(pairs: Iterable[tuple[Trial, Outcome]]) -> bool:
    """Return whether a known mistake explains an answer.

    Parameters
    ----------
    pairs : iterable of (Trial, Outcome)
        What the answer led to, and what the mistake leads to, case by case; passing cases included.

    Returns
    -------
    bool
        Whether all results agree, and a wrong one is among them. Where both stop with an error, they may word it as
        they like; where nothing but errors is wrong, their types and what they point to have to agree, and where
        everything stops, their words too.
    """
    shown, stopped, held = False, [], False
    for trial, other in pairs:
        one = trial.outcome
        if one.error and other.error:
            if trial.right.error and ("ValueError" in one.kinds) != ("ValueError" in other.kinds):
                return False
            if trial.finding is not None:
                stopped.append((one, other))
        elif not same_outcome(one, other, exact_type=trial.case.look_at == "type") or (
            trial.finding is not None and not _explains(trial, other)
        ):
            return False
        else:
            shown = shown or trial.finding is not None
        held = held or trial.finding is None
    if shown:
        return True
    alike = all(one.error == two.error and error_row(one) == error_row(two) for one, two in stopped)
    return bool(stopped) and alike and (held or all(one.message == two.message for one, two in stopped))


def _explains(trial: Trial, other: Outcome) -> bool:
    """Return whether an outcome that equals a wrong one is wrong in the same way, and not right, if only nearly."""
    assert trial.finding is not None  # noqa: S101 (for mypy: wrong trials have one)
    one, two, right = (plain.array(outcome.value) for outcome in (trial.outcome, other, trial.right))
    if isinstance(one, Finding) or isinstance(two, Finding) or isinstance(right, Finding):
        return True
    if trial.finding.stage == "dtype":
        return one.dtype.kind == two.dtype.kind
    if trial.finding.stage != "values":
        return True
    if same_outcome(other, trial.right, tolerance=EXACT):
        return False
    with np.errstate(all="ignore"):
        return bool(_distance(one, two) <= NEARER * _distance(two, right))


def _distance(one: plain.Array, two: plain.Array) -> float:
    return float(np.abs(one.astype(np.float64) - two.astype(np.float64)).max(initial=0))


def returned(trials: Iterable[Trial]) -> plain.Array:
    """Return all numbers that calls have returned, in a row; what is no array has none."""
    read = [plain.array(trial.outcome.value) for trial in trials]
    rows = [numbers.ravel() for numbers in read if not isinstance(numbers, Finding)]
    return np.concatenate(rows) if rows else np.zeros(0)


def same_outcome(first: Outcome, second: Outcome, *, exact_type: bool = False, tolerance: float = TOLERANCE) -> bool:
    """Return whether both stopped, or returned equal numbers and changed the same arguments.

    With `exact_type` int and float are different numbers.
    """
    if first.error or second.error:
        return bool(first.error) == bool(second.error)
    if exact_type and _is_float(first.value) != _is_float(second.value):
        return False
    return first.changed == second.changed and _same_value(first.value, second.value, tolerance)


def _is_float(value: object) -> bool:
    read = plain.array(value)
    return not isinstance(read, Finding) and read.dtype.kind == "f"


def _same_value(first: object, second: object, tolerance: float) -> bool:
    if plain.is_blank(first) or plain.is_blank(second):
        return plain.is_blank(first) and plain.is_blank(second)
    one, two = plain.array(first), plain.array(second)
    if isinstance(one, Finding) or isinstance(two, Finding):
        return one == two if isinstance(one, Finding) and isinstance(two, Finding) else False
    if one.shape != two.shape or "c" in one.dtype.kind + two.dtype.kind:
        return False
    if one.dtype.kind in "iub" and two.dtype.kind in "iub":
        return np.array_equal(one, two)  # counts in the millions differ by single biases
    with np.errstate(all="ignore"):
        left, right = one.astype(np.float64), two.astype(np.float64)
        largest = float(np.abs(right, where=np.isfinite(right), out=np.ones(right.shape)).max(initial=1))
        if (np.abs(left - right) <= tolerance * largest).all():
            return True
        finite = np.isfinite(left).all() and np.isfinite(right).all()
        return not finite and bool(np.allclose(left, right, rtol=0, atol=tolerance * largest, equal_nan=True))
