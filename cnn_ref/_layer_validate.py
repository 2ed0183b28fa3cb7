"""Checks of the arguments of dense, activation, normalisation and dropout layers; nothing is computed here."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cnn_ref._integers import whole
from cnn_ref._validate import Array, exact_shape


def floats(name: str, value: ArrayLike) -> Array:
    """Return `value` as a floating array of any rank; integers become float64."""
    array = np.asarray(value)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must hold integers or real floating-point numbers, got dtype {array.dtype}")
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def at_least(name: str, array: Array, axes: int, meaning: str) -> Array:
    """Return `array` if it has at least that many axes."""
    if array.ndim < axes:
        raise ValueError(f"{name} must have at least {axes} axes {meaning}, got shape {array.shape}")
    return array


def like(name: str, value: ArrayLike, other: Array) -> Array:
    """Return `value` as floats of the shape of `other`."""
    return exact_shape(name, floats(name, value), other.shape, "as the output")


def vector(name: str, value: ArrayLike | None, length: int, default: float) -> Array:
    """Return one number a channel; `default` for each where there is none."""
    if value is None:
        return np.full(length, default)
    return exact_shape(name, floats(name, value), (length,), "channels")


def axis_of(array: Array, axis: int) -> int:
    """Return an axis of `array` counted from the front."""
    count = array.ndim
    return whole("axis", axis, -count, count - 1) % count if count else _no_axis()


def _no_axis() -> int:
    raise ValueError("input must have at least 1 axis, got a single number")


def probability(name: str, value: object) -> float:
    """Return a probability as a float."""
    legal = "from 0 to 1"
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(f"{name} must be a number {legal}, got {value!r}")
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must be a number {legal}, got {value!r}")
    return float(value)


def positive(name: str, value: object) -> float:
    """Return a number that must be finite and above 0."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(f"{name} must be a number above 0, got {value!r}")
    if not 0 < value < float("inf"):
        raise ValueError(f"{name} must be finite and above 0, got {value!r}")
    return float(value)
