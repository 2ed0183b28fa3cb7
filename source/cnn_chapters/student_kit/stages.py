"""Comparing a result with what it should be, stage by stage: type, shape, dtype, non-finite, values.

Messages name stages, shapes and patterns, never an expected number: hidden checks use them as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from student_kit import plain
from student_kit.patterns import Pattern, how_off, pattern
from student_kit.plain import Array, Finding

RELATIVE_TOLERANCE = {"float32": 1e-4, "float64": 1e-9, "longdouble": 1e-9}
"""Largest accepted error by dtype of the result, relative to the largest expected magnitude (at least 1).

The sums of the exercises have at most a few hundred terms, so rounding stays a factor of ten below these; results of
integer dtype have to be exact.
"""


def compare_array(value: object, expected: Array, tolerance: float = 0.0) -> Finding | None:
    """Return the first stage at which an array differs from the expected one, None where it holds.

    `tolerance` stands in for that of the dtype where it is larger.
    """
    return compare_shape(value, expected) or compare_values(plain.array(value), expected, tolerance)


def compare_shape(value: object, expected: Array) -> Finding | None:
    """Return what is wrong with type or shape of an array; its numbers may be anything."""
    got = plain.array(value)
    if isinstance(got, Finding):
        return got
    if got.shape != expected.shape:
        axes = "" if got.ndim == expected.ndim else f" ({expected.ndim} axes, not {got.ndim})"
        return Finding("shape", f"The result has shape {got.shape}; expected {expected.shape}{axes}.")
    return None


def compare_values(got: Array | Finding, expected: Array, tolerance: float = 0.0) -> Finding | None:
    """Return what is wrong with dtype or values of an array that has the right shape."""
    if isinstance(got, Finding):
        return got
    if got.dtype.kind not in "iuf" or got.dtype == np.float16:
        legal = "integers, float32 or float64"
        return Finding("dtype", f"The result has dtype {got.dtype}, which loses or changes numbers; use {legal}.")
    with np.errstate(all="ignore"):
        if not np.isfinite(got).all():
            count = int(got.size - np.isfinite(got).sum())
            return Finding("non-finite", f"{count} of {got.size} values are NaN or infinite.")
        wrong = differs(got, expected, tolerance)
    if not wrong.any():
        return None
    with np.errstate(all="ignore"):  # differences and ratios of very large numbers overflow
        seen = pattern(got.astype(np.float64), expected.astype(np.float64), wrong)
    share = f"{int(wrong.sum())} of {wrong.size} values differ"
    if seen is None:
        return Finding("values", f"{share}.")
    return Finding("values", f"{share}: {seen.text}{'' if seen.text.endswith('?') else '.'}", seen.code)


def differs(got: Array, expected: Array, tolerance: float = 0.0) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return where two finite arrays of one shape differ by more than the tolerance, at least the one of the dtype."""
    if got.dtype.kind in "iu" and expected.dtype.kind in "iu":
        return np.asarray(got != expected)
    name = got.dtype.name if got.dtype.name in RELATIVE_TOLERANCE else "float64"
    largest = float(np.abs(expected).max(initial=1))
    accepted = max(RELATIVE_TOLERANCE[name], tolerance)
    return np.asarray(np.abs(got.astype(np.longdouble) - expected) > accepted * largest)


_ROUGHLY = {Pattern.ONE_TOO_LARGE: Pattern.TOO_LARGE, Pattern.ONE_TOO_SMALL: Pattern.TOO_SMALL}


def number_finding(code: Pattern) -> Finding:
    """Return the finding on one number that differs in a certain way."""
    return Finding("values", f"The number is {code.value}.", code)


def compare_whole(value: object, expected: int) -> Finding | None:
    """Return what is wrong with a result that should be one int."""
    got = plain.number(value)
    if isinstance(got, Finding):
        return got
    if got != expected:
        return number_finding(how_off(got, expected))
    if isinstance(got, float):
        return Finding("dtype", "The number is right, but it is a float; a count is an int (use // or int()).")
    return None


def compare_number(value: object, expected: float) -> Finding | None:
    """Return what is wrong with a result that should be one number, up to the tolerance of float64."""
    got = plain.number(value)
    if isinstance(got, Finding):
        return got
    kind = "float32" if type(value) is np.float32 else "float64"
    if abs(got - expected) > RELATIVE_TOLERANCE[kind] * max(1.0, abs(expected)):
        return number_finding(how_off(got, expected))
    return None


def compare_wholes(value: object, expected: Sequence[int]) -> Finding | None:
    """Return what is wrong with a result that should be a tuple of ints."""
    got = plain.numbers(value, len(expected))
    if isinstance(got, Finding):
        return got
    wrong = [place for place, (one, right) in enumerate(zip(got, expected, strict=True)) if one != right]
    if wrong:
        if list(got) != list(expected) and sorted(got) == sorted(expected):
            return Finding("values", Pattern.ORDER.value, Pattern.ORDER)
        off = {place: _ROUGHLY.get(code := how_off(got[place], expected[place]), code) for place in wrong}
        detail = "; ".join(f"entry {place} is {code.value}" for place, code in off.items())
        common = off[wrong[0]] if len(set(off.values())) == 1 else None
        return Finding("values", f"{len(wrong)} of {len(got)} entries differ: {detail}.", common)
    if any(isinstance(one, float) for one in got):
        return Finding("dtype", "The numbers are right, but some are floats; counts are ints (use // or int()).")
    return None


COMPARISONS: dict[str, Callable[[object, Any], Finding | None]] = {
    "array": compare_array,
    "whole": compare_whole,
    "wholes": compare_wholes,
    "number": compare_number,
}
"""Kind of result -> comparison (value, expected)."""
