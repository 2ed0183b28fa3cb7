"""Convolution written out as one matrix: banded and, along each axis, constant on diagonals (Toeplitz)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from cnn_ref._conv_arguments import channel_groups, make_window, padding_sides
from cnn_ref._integers import whole
from cnn_ref._toeplitz_compute import fill
from cnn_ref._validate import Array, Padding, PerAxis, fits, numeric_array, per_axis
from cnn_ref.sizes import conv_output_size

LAYOUTS = {1: "kW", 2: "kH, kW", 3: "O, C/groups, kW", 4: "O, C/groups, kH, kW"}


def conv_matrix(
    weight: ArrayLike,
    input_shape: int | Sequence[int],
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> Array:
    """Matrix M for which ``M @ x.ravel()`` is the flattened convolution of one input x.

    Parameters
    ----------
    weight : array_like, shape (kW,), (kH, kW), (O, C/groups, kW) or (O, C/groups, kH, kW)
        One filter of a sequence or an image, or all filters of a layer.
    input_shape : int or sequence of int
        Shape of one input: W, (H, W), (C, W) or (C, H, W), in the order of the four weights.
    stride, padding, dilation, groups
        As in `conv2d` or `conv1d`.

    Returns
    -------
    ndarray, shape (output cells, input cells)
        Dense, of the dtype of `weight`; with one channel and stride 1 each row is the row above shifted by one cell.
        Its transpose is the matrix of the transposed convolution.

    Raises
    ------
    ValueError
        If `input_shape` does not belong to `weight`, or as `conv2d`.
    TypeError
        As `conv2d`.

    Notes
    -----
    The matrix has (output cells) x (input cells) entries, nearly all zero: it is for looking at and for proofs.
    Source: Dumoulin and Visin, arXiv 1603.07285, section 4.1.

    Examples
    --------
    >>> conv_matrix([1, 2, 3], 5)
    array([[1, 2, 3, 0, 0],
           [0, 1, 2, 3, 0],
           [0, 0, 1, 2, 3]])
    >>> conv_matrix([1, 2, 3], 5, stride=2, padding=1)
    array([[2, 3, 0, 0, 0],
           [0, 1, 2, 3, 0],
           [0, 0, 0, 1, 2]])
    """
    filters = np.asarray(weight)
    if filters.ndim not in LAYOUTS:
        legal = ", ".join(f"({layout})" for layout in LAYOUTS.values())
        raise ValueError(f"weight must have the axes of one of {legal}, got shape {filters.shape}")
    filters = numeric_array("weight", filters, LAYOUTS[filters.ndim], may_be_empty="")
    axes = 1 if filters.ndim in (1, 3) else 2
    shape = _input_shape(input_shape, axes, channels=filters.ndim > 2)
    if filters.ndim <= 2:
        filters, shape = filters[np.newaxis, np.newaxis], (1, *shape)
    groups = channel_groups(shape[0], filters.shape, groups)
    strides, dilations = per_axis("stride", stride, 1, axes), per_axis("dilation", dilation, 1, axes)
    kernel, sizes = filters.shape[2:], shape[1:]
    sides = padding_sides(padding, sizes, kernel, strides, dilations)
    fits(kernel, sizes, sides, dilations)
    settings = zip(sizes, kernel, strides, sides, dilations, strict=True)
    output = tuple(conv_output_size(*setting) for setting in settings)
    lifted = filters.reshape(*filters.shape[:2], *((1,) * (2 - axes)), *kernel)
    size = sizes if axes == 2 else (1, *sizes)
    return fill(lifted, (size[0], size[1]), make_window(kernel, strides, sides, dilations, output, groups))


def _input_shape(value: int | Sequence[int], axes: int, channels: bool) -> tuple[int, ...]:
    """Return the shape of one input as a tuple, with or without the channels in front."""
    lengths = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    expected = axes + channels
    if len(lengths) != expected:
        names = ", ".join((["C"] if channels else []) + ["H", "W"][2 - axes :])
        raise ValueError(f"input_shape must be ({names}) for this weight, got {value!r}")
    return tuple(whole(f"input_shape[{axis}]", length, 1) for axis, length in enumerate(lengths))
