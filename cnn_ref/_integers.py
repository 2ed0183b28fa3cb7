"""Checks of whole-number arguments, shared by the formulas and the layer arithmetic."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import SupportsIndex, TypeAlias

import numpy as np

Pair: TypeAlias = int | tuple[int, int]
"""One number for both sides, or (height, width)."""


def whole(name: str, value: SupportsIndex, minimum: int, maximum: int | None = None) -> int:
    """Return `value` as a Python int, so that counts of any size stay exact."""
    legal = f"an integer of at least {minimum}" if maximum is None else f"an integer from {minimum} to {maximum}"
    # True and False are ints to Python, but as a size or a count they are a mistake.
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be {legal}, got the bool {value!r}")
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be {legal}, got {value!r} of type {type(value).__name__}") from None
    if number < minimum or (maximum is not None and number > maximum):
        raise ValueError(f"{name} must be {legal}, got {number}")
    return number


def pair(name: str, value: Pair | Sequence[int], minimum: int) -> tuple[int, int]:
    """Return `value` as (height, width); one number stands for both."""
    if not isinstance(value, (tuple, list)):
        number = whole(name, value, minimum)  # type: ignore[arg-type]
        return number, number
    if len(value) != 2:
        raise ValueError(f"{name} must be one integer or (height, width), got {len(value)} values: {value!r}")
    return whole(f"{name}[0]", value[0], minimum), whole(f"{name}[1]", value[1], minimum)


def ends(name: str, value: Pair | Sequence[int]) -> tuple[int, int]:
    """Return `value` as (begin, end) along one axis; one number stands for both ends."""
    if not isinstance(value, (tuple, list)):
        number = whole(name, value, 0)  # type: ignore[arg-type]
        return number, number
    if len(value) != 2:
        raise ValueError(f"{name} must be one integer or (begin, end), got {len(value)} values: {value!r}")
    return whole(f"{name}[0]", value[0], 0), whole(f"{name}[1]", value[1], 0)
