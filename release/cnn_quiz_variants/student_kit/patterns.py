"""Naming how two arrays of one shape differ: the pattern is the first clue to the mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from student_kit.plain import Array

Mask = np.ndarray[Any, np.dtype[np.bool_]]


def pattern(got: Array, expected: Array, wrong: Mask) -> str:
    """Return the first pattern that explains every difference, "" where none does; arrays are finite float64."""
    for explain in (_hardly, _constant, _sign, _factor, _offset, _turned, _shifted, _rounded, _one_index, _border):
        words = explain(got, expected, wrong)
        if words:
            return words
    return ""


def _equal(first: Array, second: Array) -> bool:
    return first.shape == second.shape and bool(np.allclose(first, second, rtol=1e-6, atol=1e-9))


def _hardly(got: Array, expected: Array, _wrong: Mask) -> str:
    return "by less than a millionth; is a small number added somewhere?" if _equal(got, expected) else ""


def _constant(got: Array, expected: Array, _wrong: Mask) -> str:
    if got.size > 1 and np.ptp(got) == 0 < np.ptp(expected):
        return "every value of the result is the same number"
    return ""


def _sign(got: Array, expected: Array, wrong: Mask) -> str:
    if _equal(got, -expected):
        return "the sign is turned around"
    if _equal(got, np.maximum(expected, 0)):
        return "the negative values have become 0"
    if got.size > 1 and _equal(np.abs(got), np.abs(expected)):
        return f"the sign is turned around in {int(wrong.sum())} places"
    return ""


def _factor(got: Array, expected: Array, _wrong: Mask) -> str:
    usable = np.abs(expected) > 1e-9
    if usable.sum() < 2:
        return ""
    ratio = float(np.median(got[usable] / expected[usable]))
    if ratio == 0 or not _equal(got, ratio * expected):
        return ""
    size = f"{ratio:.4g} times too large" if abs(ratio) > 1 else f"{1 / ratio:.4g} times too small"
    return f"all values are {size}"


def _offset(got: Array, expected: Array, wrong: Mask) -> str:
    if got.size < 2:
        return ""
    step = got - expected
    if np.ptp(step) < 1e-9:
        return "the same number is missing from, or added to, every value"
    if got.ndim == 4 and wrong.sum() > 1 and bool((np.ptp(step, axis=(0, 2, 3)) < 1e-9).all()):
        return "each channel is off by a number of its own"
    return ""


def _turned(got: Array, expected: Array, _wrong: Mask) -> str:
    if got.ndim < 2:
        return ""
    turns: list[tuple[str, Callable[[Array], Array]]] = [
        ("rows and columns are swapped", lambda a: a.swapaxes(-1, -2)),
        ("the rows are upside down", lambda a: a[..., ::-1, :]),
        ("the columns are back to front", lambda a: a[..., ::-1]),
        ("the result is turned by 180 degrees", lambda a: a[..., ::-1, ::-1]),
    ]
    return next((words for words, turn in turns if _equal(got, turn(expected))), "")


def _shifted(got: Array, expected: Array, _wrong: Mask) -> str:
    for axis, name in ((-1, "column"), (-2, "row")):
        if got.ndim < -axis or got.shape[axis] < 3:
            continue
        early, late = _cut(axis, slice(None, -1)), _cut(axis, slice(1, None))
        if _equal(got[early], expected[late]) or _equal(got[late], expected[early]):
            return f"the result is shifted by one {name}"
    return ""


def _cut(axis: int, part: slice) -> tuple[Any, ...]:
    return (..., part) if axis == -1 else (..., part, slice(None))


def _rounded(got: Array, expected: Array, _wrong: Mask) -> str:
    if np.all(got == np.round(got)) and np.all(np.abs(got - expected) < 1) and np.any(expected != np.round(expected)):
        return "the digits after the decimal point are lost"
    if np.all((got - expected) % 256 == 0):
        return "values wrapped around at 256, so an 8-bit dtype was kept"
    return ""


def _one_index(_got: Array, _expected: Array, wrong: Mask) -> str:
    names = {4: ("image", "channel", "row", "column"), 3: ("image", "row", "column"), 2: ("row", "column")}
    for axis, name in enumerate(names.get(wrong.ndim, ())):
        others = tuple(other for other in range(wrong.ndim) if other != axis)
        hit = np.flatnonzero(wrong.any(axis=others))
        if wrong.shape[axis] > 1 and hit.size == 1:
            return f"only in {name} {int(hit[0])} (counted from 0)"
        if wrong.shape[axis] > 2 and hit.size == wrong.shape[axis] - 1:
            right = next(iter(set(range(wrong.shape[axis])) - set(hit.tolist())))
            return f"in every {name} but {right} (counted from 0)"
    return ""


def _border(_got: Array, _expected: Array, wrong: Mask) -> str:
    if wrong.ndim < 2 or min(wrong.shape[-2:]) < 3:
        return ""
    if not wrong[..., 1:-1, 1:-1].any():
        return "only at the border"
    if not (wrong[..., 0, :].any() or wrong[..., -1, :].any() or wrong[..., 0].any() or wrong[..., -1].any()):
        return "only inside, not at the border"
    return ""
