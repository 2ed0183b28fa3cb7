"""Checks of the settings of a pooling window, shared by pooling, its gradients and unpooling."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnn_ref._conv_arguments import padding_sides
from cnn_ref._integers import whole
from cnn_ref._pool_compute import Axis
from cnn_ref._validate import Array, Padding, PerAxis, Sides, exact_shape, fits, numeric_array, per_axis
from cnn_ref.sizes import pool_output_size

Axes = tuple[Axis, Axis]


def windows(
    shape: tuple[int, ...],
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
) -> Axes:
    """Return the two axes that a window slides along, or raise where the layer is impossible."""
    kernel = per_axis("kernel_size", kernel_size, 1)
    strides = kernel if stride is None else per_axis("stride", stride, 1)
    dilations = per_axis("dilation", dilation, 1)
    sides = padding_sides(padding, shape[2:], kernel, strides, dilations)
    _padding_in_range(padding, sides, kernel, dilations)
    flag("ceil_mode", ceil_mode)
    fits(kernel, shape[2:], sides, dilations)
    rows, columns = (
        Axis(cells, pool_output_size(cells, taps, stride, ends, step, ceil_mode), taps, stride, *ends, step)
        for cells, taps, stride, ends, step in zip(shape[2:], kernel, strides, sides, dilations, strict=True)
    )
    return rows, columns


def _padding_in_range(padding: Padding, sides: Sides, kernel: tuple[int, ...], dilations: tuple[int, ...]) -> None:
    """Raise where padding is so large that some window could miss all real cells."""
    if isinstance(padding, str):
        return
    spelled_out = isinstance(padding, (tuple, list)) and any(isinstance(entry, (tuple, list)) for entry in padding)
    # One number an axis follows torch, which allows half the kernel; spelled-out sides follow ONNX, which allows more.
    limits = tuple(
        step * (taps - 1) if spelled_out else taps // 2 for taps, step in zip(kernel, dilations, strict=True)
    )
    if any(max(ends) > limit for ends, limit in zip(sides, limits, strict=True)):
        rule = "less than the window" if spelled_out else "at most half the kernel"
        raise ValueError(
            f"padding of a pooling layer must be {rule}: padding {padding}, kernel_size {kernel}"
            f"; legal: at most {limits}"
        )


def flag(name: str, value: object) -> None:
    """Raise TypeError where a switch is not a bool: a number there is mostly an argument in the wrong place."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, got {value!r} of type {type(value).__name__}")


def one_of(name: str, value: str, legal: tuple[str, ...]) -> str:
    """Return `value` if it is one of the `legal` words."""
    if value not in legal:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, legal))}, got {value!r}")
    return value


def output_gradient(grad_output: ArrayLike, shape: tuple[int, ...], axes: Axes) -> Array:
    """Return `grad_output` if it has the shape of the output that belongs to an input of `shape`."""
    rows, columns = axes
    grad = numeric_array("grad_output", grad_output, "N, C, H, W")
    return exact_shape("grad_output", grad, (*shape[:2], rows.windows, columns.windows), "N, C, H, W")


def average_divisor(axes: Axes, count_include_pad: bool, divisor_override: int | None) -> Array:
    """Return what the sum of each window is divided by, shape (OH, OW), or (1, 1) for one number."""
    flag("count_include_pad", count_include_pad)
    if divisor_override is not None:
        if whole("divisor_override", divisor_override, -(2**63)) == 0:
            raise ValueError("divisor_override must not be 0")
        return np.full((1, 1), divisor_override)
    rows, columns = (axis.padded_cells() if count_include_pad else axis.real_cells() for axis in axes)
    return np.outer(rows, columns)


def norm_order(norm_type: object) -> float:
    """Return the p of a p-norm as a float."""
    if isinstance(norm_type, bool) or not isinstance(norm_type, (int, float, np.integer, np.floating)):
        raise TypeError(f"norm_type must be a number of at least 1, got {norm_type!r}")
    if not 1 <= norm_type < math.inf:
        raise ValueError(f"norm_type must be finite and at least 1 (below 1 it is no norm), got {norm_type!r}")
    return float(norm_type)


def floating(array: Array, like: Array | None = None) -> Array:
    """Return `array` in the floating dtype that results take: that of `like` (default: its own), float64 for integers.

    A gradient thus has the dtype of the input that it belongs to.
    """
    dtype = (array if like is None else like).dtype
    return array.astype(dtype if dtype.kind == "f" else np.float64, copy=False)


def lowest(dtype: np.dtype[Any]) -> float:
    """Return what never wins a maximum in `dtype`: minus infinity, or the smallest integer."""
    return -math.inf if dtype.kind == "f" else int(np.iinfo(dtype).min)
