"""Naming how two results differ: a code for the pattern, and one table of texts."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


class Pattern(enum.Enum):
    """How a result differs from the expected one; the value is what a student reads, `{}` stands for a detail."""

    HARDLY = "by less than a millionth; is a small number added or left out somewhere?"
    CONSTANT = "every value of the result is the same number"
    SIGN = "the sign is turned around"
    SOME_SIGNS = "the sign is turned around in {} places"
    RECTIFIED = "the negative values have become 0"
    TOO_LARGE_BY_FACTOR = "all values are {} times too large"
    TOO_SMALL_BY_FACTOR = "all values are {} times too small"
    OFFSET = "the same number is missing from, or added to, every value"
    OFFSET_BY_CHANNEL = "each channel is off by a number of its own"
    SWAPPED = "rows and columns are swapped"
    UPSIDE_DOWN = "the rows are upside down"
    BACK_TO_FRONT = "the columns are back to front"
    TURNED = "the result is turned by 180 degrees"
    OTHER_IMAGES = "the images are right, but in another order"
    OTHER_CHANNELS = "the channels are right, but in another order"
    SHIFTED = "the result is shifted by one {}"
    OTHER_CELLS = "the right numbers stand in other places"
    DECIMALS = "the digits after the decimal point are lost"
    WHOLE = "only whole numbers come out"
    ROUNDED = "the values are rounded"
    EIGHT_BITS = "values wrapped around at 256, so an 8-bit dtype was kept"
    SIXTEEN_BITS = "values wrapped around at 2 to the 16th, so a 16-bit dtype was used"
    THIRTY_TWO_BITS = "wrapped around: a 32-bit dtype was used"
    LAST_LINE = "only in the last {}"
    ONE_INDEX = "only in {} (counted from 0)"
    ALL_BUT_ONE = "in every {} (counted from 0)"
    BORDER = "only at the border"
    INSIDE = "only inside, not at the border"
    # of single numbers
    FRACTION = "not a whole number"
    NEGATIVE = "negative"
    ONE_TOO_LARGE = "one too large"
    ONE_TOO_SMALL = "one too small"
    TOO_LARGE = "too large"
    TOO_SMALL = "too small"
    ORDER = "The numbers are right, but in another order."


@dataclass(frozen=True)
class Seen:
    """A pattern with its detail, such as a factor or the name of a row."""

    code: Pattern
    detail: str = ""

    @property
    def text(self) -> str:
        """Return what a student reads."""
        return self.code.value.format(self.detail)


def pattern(got: Array, expected: Array, wrong: Mask) -> Seen | None:
    """Return the first pattern that explains every difference, None where none does; arrays are finite float64."""
    for explain in _EXPLANATIONS:
        seen = explain(got, expected, wrong)
        if seen is not None:
            return seen
    return None


def _equal(first: Array, second: Array) -> bool:
    return first.shape == second.shape and bool((np.abs(first - second) <= 1e-9 + 1e-6 * np.abs(second)).all())


def _hardly(got: Array, expected: Array, _wrong: Mask) -> Seen | None:
    near = np.abs(got - expected).max(initial=0) <= 1e-6 * max(1.0, np.abs(expected).max(initial=0))
    return Seen(Pattern.HARDLY) if near else None


def _constant(got: Array, expected: Array, _wrong: Mask) -> Seen | None:
    return Seen(Pattern.CONSTANT) if got.size > 1 and np.ptp(got) == 0 < np.ptp(expected) else None


def _sign(got: Array, expected: Array, wrong: Mask) -> Seen | None:
    if _equal(got, -expected):
        return Seen(Pattern.SIGN)
    if wrong.sum() > 1 and _equal(got, np.maximum(expected, 0)):
        return Seen(Pattern.RECTIFIED)
    if got.size > 1 and _equal(np.abs(got), np.abs(expected)):
        return Seen(Pattern.SOME_SIGNS, str(int(wrong.sum())))
    return None


def _factor(got: Array, expected: Array, _wrong: Mask) -> Seen | None:
    usable = np.abs(expected) > 1e-9
    if usable.sum() < 3 or np.ptp(np.abs(expected[usable])) == 0:  # else a sum looks like a factor
        return None
    ratio = float(np.median(got[usable] / expected[usable]))
    if ratio <= 0 or abs(ratio - 1) < 1e-3 or not _equal(got, ratio * expected):
        return None
    if ratio > 1:
        return Seen(Pattern.TOO_LARGE_BY_FACTOR, f"{ratio:.4g}")
    return Seen(Pattern.TOO_SMALL_BY_FACTOR, f"{1 / ratio:.4g}")


def _offset(got: Array, expected: Array, wrong: Mask) -> Seen | None:
    if got.size < 3:
        return None
    step = got - expected
    if np.ptp(step) < 1e-9:
        return Seen(Pattern.OFFSET)
    if got.ndim == 4 and wrong.sum() > 2 and bool((np.ptp(step, axis=(0, 2, 3)) < 1e-9).all()):
        return Seen(Pattern.OFFSET_BY_CHANNEL)
    return None


_TURNS: tuple[tuple[Pattern, Callable[[Array], Array]], ...] = (
    (Pattern.SWAPPED, lambda a: a.swapaxes(-1, -2)),
    (Pattern.UPSIDE_DOWN, lambda a: a[..., ::-1, :]),
    (Pattern.BACK_TO_FRONT, lambda a: a[..., ::-1]),
    (Pattern.TURNED, lambda a: a[..., ::-1, ::-1]),
)


def _turned(got: Array, expected: Array, _wrong: Mask) -> Seen | None:
    if got.ndim < 2:
        return None
    return next((Seen(code) for code, turn in _TURNS if _equal(got, turn(expected))), None)


def _reordered(got: Array, expected: Array, _wrong: Mask) -> Seen | None:
    """Return whether whole images or channels stand in another order."""
    axes = {4: ((0, Pattern.OTHER_IMAGES), (1, Pattern.OTHER_CHANNELS)), 3: ((0, Pattern.OTHER_IMAGES),)}
    for axis, code in axes.get(got.ndim, ()):
        if got.shape[axis] < 2:
            continue
        one, two = (sorted(map(tuple, np.moveaxis(a, axis, 0).reshape(a.shape[axis], -1))) for a in (got, expected))
        if _equal(np.array(one), np.array(two)):
            return Seen(code)
    return None


def _shifted(got: Array, expected: Array, _wrong: Mask) -> Seen | None:
    for axis, name in ((-1, "column"), (-2, "row")):
        if got.ndim < -axis or got.shape[axis] < 3:
            continue
        early, late = _cut(axis, slice(None, -1)), _cut(axis, slice(1, None))
        if _equal(got[early], expected[late]) or _equal(got[late], expected[early]):
            return Seen(Pattern.SHIFTED, name)
    return None


def _cut(axis: int, part: slice) -> tuple[Any, ...]:
    return (..., part) if axis == -1 else (..., part, slice(None))


def _other_cells(got: Array, expected: Array, _wrong: Mask) -> Seen | None:
    several = np.unique(expected).size > 3
    return (
        Seen(Pattern.OTHER_CELLS) if several and _equal(np.sort(got, axis=None), np.sort(expected, axis=None)) else None
    )


def _rounded(got: Array, expected: Array, _wrong: Mask) -> Seen | None:
    if any(np.allclose(got, np.round(expected, digits), rtol=0, atol=1e-12) for digits in range(1, 6)):
        return Seen(Pattern.ROUNDED)
    fractions = expected != np.round(expected)
    if not fractions.any() or np.any(got != np.round(got)):
        return None
    if np.all(np.abs(got - expected) < 1):
        return Seen(Pattern.DECIMALS)
    return Seen(Pattern.WHOLE) if fractions.sum() > 2 and np.ptp(got) > 0 else None


def _wrapped(got: Array, expected: Array, _wrong: Mask) -> Seen | None:
    if np.any(got != np.round(got)):
        return None
    for bits, code in ((8, Pattern.EIGHT_BITS), (16, Pattern.SIXTEEN_BITS)):
        kept = -(2 ** (bits - 1)) <= got.min(initial=0) and got.max(initial=0) < 2**bits
        if kept and np.all((got - expected) % 2**bits == 0):
            return Seen(code)
    return None


_AXES = {4: ("image", "channel", "row", "column"), 3: ("image", "row", "column"), 2: ("row", "column")}


def _one_index(_got: Array, _expected: Array, wrong: Mask) -> Seen | None:
    for axis, name in enumerate(_AXES.get(wrong.ndim, ())):
        others = tuple(other for other in range(wrong.ndim) if other != axis)
        hit, length = np.flatnonzero(wrong.any(axis=others)), wrong.shape[axis]
        if length > 1 and hit.size == 1:
            last = name in ("row", "column") and hit[0] == length - 1 > 0
            return Seen(Pattern.LAST_LINE, name) if last else Seen(Pattern.ONE_INDEX, f"{name} {int(hit[0])}")
        if length > 2 and hit.size == length - 1:
            right = next(iter(set(range(length)) - set(hit.tolist())))
            return Seen(Pattern.ALL_BUT_ONE, f"{name} but {right}")
    return None


def _border(_got: Array, _expected: Array, wrong: Mask) -> Seen | None:
    if wrong.ndim < 2 or min(wrong.shape[-2:]) < 3:
        return None
    if not wrong[..., 1:-1, 1:-1].any():
        return Seen(Pattern.BORDER)
    if not (wrong[..., 0, :].any() or wrong[..., -1, :].any() or wrong[..., 0].any() or wrong[..., -1].any()):
        return Seen(Pattern.INSIDE)
    return None


_EXPLANATIONS = (
    *(_hardly, _wrapped, _constant, _sign, _factor, _offset, _turned, _reordered, _shifted, _other_cells, _rounded),
    *(_one_index, _border),
)


def how_off(got: float, expected: float) -> Pattern:
    """Return how one wrong number differs; a pattern never holds the number that is expected."""
    if isinstance(expected, int) and got != int(got):
        return Pattern.FRACTION
    if got != expected and (got - expected) % 2**32 == 0:
        return Pattern.THIRTY_TWO_BITS
    if got < 0 <= expected:
        return Pattern.NEGATIVE
    if abs(got - expected) == 1:
        return Pattern.ONE_TOO_LARGE if got > expected else Pattern.ONE_TOO_SMALL
    return Pattern.TOO_LARGE if got > expected else Pattern.TOO_SMALL
