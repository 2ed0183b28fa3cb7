"""Checks of array arguments and of the settings of a window, shared by the public modules; nothing is computed here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnn_ref._integers import whole

Array: TypeAlias = NDArray[Any]
"""An array of integers or real floating-point numbers."""

PerAxis: TypeAlias = int | Sequence[int]
"""One integer for every spatial axis, or one for each."""

Padding: TypeAlias = int | str | Sequence[int | Sequence[int]]
"""One integer, one per axis, (begin, end) per axis, or "valid", "same", "full"."""

Sides: TypeAlias = tuple[tuple[int, int], ...]
"""(begin, end) for each spatial axis."""

AXIS_NAMES = {1: ("width",), 2: ("height", "width")}
SIDES_LEGAL = {
    1: "an integer, (padding,), (begin, end) or ((begin, end),)",
    2: "an integer, (height, width) or ((top, bottom), (left, right))",
}


def numeric_array(name: str, value: ArrayLike, axes: str, may_be_empty: str = "N") -> Array:
    """Return `value` as an array of real numbers with the axes named in `axes` ("N, C, H, W").

    Axes listed in `may_be_empty` may have length 0; all others need at least one cell.
    """
    names = axes.split(", ")
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must be a rectangular array with axes ({axes}): {error}") from error
    # A bool is not a number here: a mask passed by mistake would otherwise be convolved as zeros and ones.
    if array.dtype.kind not in "iuf":
        raise TypeError(
            f"{name} must hold integers or real floating-point numbers, got dtype {array.dtype}"
            "; legal: signed or unsigned integers, float16, float32, float64, longdouble"
        )
    if array.ndim != len(names):
        raise ValueError(f"{name} must have {len(names)} axes ({axes}), got {array.ndim} axes with shape {array.shape}")
    for axis, length in zip(names, array.shape, strict=True):
        if length == 0 and axis not in may_be_empty.split(", "):
            raise ValueError(f"{name} must have at least one cell along {axis} of ({axes}), got shape {array.shape}")
    return array


def exact_shape(name: str, array: Array, expected: tuple[int, ...], axes: str) -> Array:
    """Return `array` if it has exactly the `expected` shape."""
    if array.shape != expected:
        raise ValueError(f"{name} must have shape ({axes}) = {expected}, got {array.shape}")
    return array


def per_axis(name: str, value: object, minimum: int, axes: int = 2) -> tuple[int, ...]:
    """Return a `PerAxis` value as one Python int for each of `axes` spatial axes."""
    numbers = _as_tuple(value)
    if numbers is None:
        return (_whole(name, value, minimum),) * axes
    if len(numbers) != axes:
        legal = f"one integer or ({', '.join(AXIS_NAMES[axes])})"
        raise ValueError(f"{name} must be {legal}, got {len(numbers)} values: {value!r}")
    return tuple(_whole(f"{name}[{axis}]", number, minimum) for axis, number in enumerate(numbers))


def explicit_sides(name: str, value: object, axes: int = 2) -> Sides:
    """Return padding given in numbers as (begin, end) for each axis; one number stands for both ends."""
    legal = SIDES_LEGAL[axes]
    per_side = _as_tuple(value)
    if per_side is None:
        return ((_whole(name, value, 0),) * 2,) * axes
    if axes == 1 and len(per_side) == 2:
        per_side = (per_side,)  # (begin, end) of the only axis
    if len(per_side) != axes:
        raise ValueError(f"{name} must be {legal}, got {len(per_side)} values: {value!r}")
    sides = []
    for axis, entry in enumerate(per_side):
        ends = _as_tuple(entry) or (entry, entry)
        if len(ends) != 2:
            raise ValueError(f"{name} must be {legal}, got {value!r}")
        sides.append((_whole(f"{name}[{axis}]", ends[0], 0), _whole(f"{name}[{axis}]", ends[1], 0)))
    return tuple(sides)


def _as_tuple(value: object) -> tuple[object, ...] | None:
    """Return a tuple, list or array with axes as a tuple, anything else as None."""
    if isinstance(value, np.ndarray) and value.ndim:
        return tuple(value.tolist())
    return tuple(value) if isinstance(value, (tuple, list)) else None


def _whole(name: str, value: object, minimum: int) -> int:
    return whole(name, value, minimum)  # type: ignore[arg-type]  # `whole` is what refuses other types


def fits(kernel: Sequence[int], sizes: Sequence[int], sides: Sides, dilation: Sequence[int]) -> None:
    """Raise ValueError where a (dilated) kernel is longer than the padded input along some axis."""
    axes = AXIS_NAMES[len(sizes)]
    for axis, taps, size, (begin, end), step in zip(axes, kernel, sizes, sides, dilation, strict=True):
        span, padded = step * (taps - 1) + 1, begin + size + end
        if span > padded:
            raise ValueError(
                f"the kernel must fit into the padded input along the {axis}: it spans {span} cells "
                f"({taps} taps, dilation {step}), the padded input has {padded} ({begin} + {size} + {end})"
                f"; legal: a span of at most {padded}, or at least {span - padded} more cells of padding"
            )
