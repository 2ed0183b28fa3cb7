"""Clues about arrays: which axis of a wrong result differs, and what all wrong results share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from student_kit.patterns import Pattern, pattern

Array = NDArray[Any]
Shape = tuple[int, ...]
AXES = {4: ("images", "channels", "rows", "columns"), 3: ("images", "rows", "columns"), 2: ("rows", "columns")}
CUTS = {
    "missing first": "The right numbers are there, but the first {} are missing. Where does your loop or slice begin?",
    "missing last": "The right numbers are there, but the last {} are missing. Where does your loop or slice end?",
    "missing both": "The right numbers are there, but {} are missing at both ends. What do you cut off?",
    "too many first": "The right numbers are there, but other {} come first. Where should your loop or slice begin?",
    "too many last": "The right numbers are there, but other {} follow. Where should your loop or slice end?",
    "too many both": "The right numbers are there, but other {} stand at both ends. What should be cut off?",
}
ORDINALS = ("first", "second", "third")
CELL_BY_CELL = {Pattern.SIGN, Pattern.RECTIFIED, Pattern.DECIMALS, Pattern.ROUNDED, Pattern.OFFSET}
"""Patterns that each number shows by itself, in whatever array it stands."""


def shape_clue(pairs: Sequence[tuple[Shape, Shape]], *, alone: bool = True) -> str:
    """Return which axes of a wrong shape differ in all cases alike, and by how much where that says something.

    `pairs` holds (shape returned, shape expected) of every case whose shape is wrong; `alone` says that nothing but
    shapes is wrong anywhere: only then one row more or less may be the cause of all.
    """
    if not pairs:
        return ""
    if all(0 in got for got, _ in pairs):
        return "The result is empty. A slice such as a[p:-p] holds nothing where p is 0: print the ends of your slices."
    pairs = [(got, right) for got, right in pairs if 0 not in got]  # a list of nothing has lost axes by accident
    if any(len(got) != len(right) for got, right in pairs):
        return _axes_clue(pairs)
    if all(sorted(got) == sorted(right) for got, right in pairs):
        return "The lengths are right but on other axes: the order of the axes, or height and width, is mixed up."
    names = tuple(dict.fromkeys(name for _, right in pairs for name in _names(right)))
    steps = [
        (name, one - other)
        for got, right in pairs
        for name, one, other in zip(_names(right), got, right, strict=True)
        if one != other
    ]
    wrong = {name for name, _ in steps}
    where = " and ".join(name for name in names if name in wrong)
    by = {step for _, step in steps}
    several = len({right for _, right in pairs}) > 1
    if alone and names == ("numbers",) and several and by in ({-1}, {1}):
        return (
            f"There is always one too {'few' if by == {-1} else 'many'}. Where does your loop begin, where does it end?"
        )
    windows = alone and all(len(right) > 2 for _, right in pairs) and wrong <= {"rows", "columns"}
    if windows and by == {-1}:
        return f"One is missing among the {where}. Where do the first and the last window start?"
    if windows and by == {1}:
        return f"There is one too many among the {where}. Does the last window still fit?"
    few = "few" if all(step < 0 for step in by) else "many" if all(step > 0 for step in by) else "few or too many"
    if wrong <= {"images", "channels"}:
        return f"There are too {few} {where}. Which line of your code gives this axis its length?"
    return f"There are too {few} {where}. Compute this length by hand for a small case and compare."


def _names(shape: Shape) -> tuple[str, ...]:
    """Return what the axes of a result mean."""
    return AXES.get(len(shape), ("numbers",) * len(shape))


def _axes_clue(pairs: Sequence[tuple[Shape, Shape]]) -> str:
    """Return what is said of results with too few or too many axes."""
    if not all(len(got) != len(right) for got, right in pairs):
        return "In some cases the number of axes is wrong. Which step takes an axis away, or adds one?"
    if len({len(right) for _, right in pairs}) > 1:
        return "The number of axes differs, in different ways. What does the text ask for in each of the cases?"
    if len(pairs[0][1]) == 1:
        return "A row of numbers is asked for, with one axis. Does a sum take it away, or a bracket add one?"
    axes = ", ".join(_names(pairs[0][1]))
    return f"The number of axes differs; the result has the axes {axes}. Write those of your last line beside it."


def argument_clue(calls: Sequence[tuple[Shape, tuple[Any, ...]]]) -> str:
    """Return which argument gives all wrong shapes; "" where none does, or where it may be chance.

    `calls` holds (shape returned, arguments) of every case whose shape is wrong.
    """
    if len({got for got, _ in calls}) < 2:
        return ""
    for place, name in enumerate(ORDINALS):
        if all(len(given) > place and isinstance(given[place], np.ndarray) for _, given in calls) and all(
            got == given[place].shape for got, given in calls
        ):
            return f"Your result always has the shape of the {name} argument. Does the text ask for that?"
    return ""


def cut_clue(results: Sequence[tuple[Array, Array]]) -> str:
    """Return which end of the right result is missing in all wrong ones, or too much there; "" where neither.

    `results` holds (returned, expected) of every case whose shape is wrong.
    """
    telling = any(np.unique(got).size > 1 < np.unique(right).size for got, right in results)
    seen = set.intersection(*(_cuts(got, right) for got, right in results)) if telling else set()
    if len(seen) != 1:
        return ""
    names = {name for got, right in results for name in _cut_axes(got.shape, right.shape)}
    where = " and ".join(name for name in dict.fromkeys((*AXES[4], "numbers")) if name in names)
    return CUTS[seen.pop()].format(where)


def _cut_axes(got: Shape, right: Shape) -> list[str]:
    return [name for name, one, other in zip(_names(right), got, right, strict=True) if one != other]


def _cuts(got: Array, right: Array) -> set[str]:
    """Return at which end one of two results may have less or more than the other; nothing where neither fits."""
    if got.ndim != right.ndim or not got.ndim or min(got.size, right.size) == 0:
        return set()
    small, large = (got, right) if got.size < right.size else (right, got)
    room = [more - less for more, less in zip(large.shape, small.shape, strict=True)]
    if min(room) < 0 or max(room) == 0:
        return set()
    places = {
        "last": tuple(slice(0, less) for less in small.shape),
        "first": tuple(slice(more, None) for more in room),
    }
    if all(more % 2 == 0 for more in room):
        places["both"] = tuple(slice(more // 2, more // 2 + less) for more, less in zip(room, small.shape, strict=True))
    word = "missing" if small is got else "too many"
    return {
        f"{word} {name}" for name, place in places.items() if np.allclose(large[place], small, rtol=1e-6, atol=1e-9)
    }


def first_only_clue(results: Sequence[tuple[Array, Array]]) -> str:
    """Return along which axis only the first entry is right in all cases, "" where along none.

    `results` holds (returned, expected) of every case whose values are wrong, of equal shapes.
    """
    if len({right.ndim for _, right in results}) != 1:
        return ""
    for axis, name in enumerate(AXES.get(results[0][1].ndim, ())):
        hit = [_wrong_along(axis, got, right) for got, right in results]
        if all(wrong.size > 1 and not wrong[0] and wrong[1:].all() for wrong in hit):
            one = name.removesuffix("s")
            return f"Only the first {one} is right. Which line of your code goes on from one {one} to the next?"
    return ""


def pattern_of_all(results: Sequence[tuple[Array, Array]]) -> Pattern | None:
    """Return the pattern, cell by cell, of all wrong results taken together, None where there is none.

    One result may be too small to show it; `results` holds (returned, expected) of every case whose values are wrong.
    """
    if len(results) < 2 or any(got.shape != right.shape or got.dtype.kind not in "iuf" for got, right in results):
        return None
    got, right = (np.concatenate([pair[side].ravel().astype(np.float64) for pair in results]) for side in (0, 1))
    with np.errstate(all="ignore"):
        seen = pattern(got, right, ~np.isclose(got, right, rtol=1e-9, atol=1e-9)) if np.isfinite(got).all() else None
    return seen.code if seen is not None and seen.code in CELL_BY_CELL else None


def _wrong_along(axis: int, got: Array, right: Array) -> Array:
    """Return for each entry of an axis whether something is wrong there."""
    others = tuple(other for other in range(right.ndim) if other != axis)
    return np.asarray(np.any(~np.isclose(got, right, rtol=1e-6, atol=1e-9), axis=others))
