"""Comparison of two calls, up to rounding: a mistake is recognised by its results."""

from __future__ import annotations

import numpy as np

from student_kit import plain
from student_kit.call import Outcome
from student_kit.plain import Finding

TOLERANCE = 1e-4  # of the largest magnitude: a known mistake may be made in float32 too


def same_outcome(first: Outcome, second: Outcome) -> bool:
    """Return whether both raised the same error, or returned equal numbers, and changed the same arguments."""
    if first.error or second.error:
        return (first.error, first.message) == (second.error, second.message)
    return first.changed == second.changed and _same_value(first.value, second.value)


def _same_value(first: object, second: object) -> bool:
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
        return bool(np.allclose(left, right, rtol=0, atol=TOLERANCE * largest, equal_nan=True))
