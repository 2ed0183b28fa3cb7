"""Transposed convolution of sequences: the two-dimensional one on images of height 1."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnn_ref._validate import Array, Padding, PerAxis, explicit_sides, numeric_array, per_axis
from cnn_ref.transposed import conv_transpose2d, conv_transpose2d_backward

# `input` is what torch.nn.functional calls the argument, and people pass it by name.
# ruff: noqa: A002


def conv_transpose1d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> Array:
    """Stamp each filter, times the input cell, onto a longer sequence.

    Parameters
    ----------
    input : array_like, shape (N, C, W)
        Sequences. N may be 0.
    weight : array_like, shape (C, O/groups, kW)
        Filters.
    bias : array_like, shape (O,), optional
        One number for each output channel.
    stride, output_padding, groups, dilation
        As in `conv_transpose2d`, for one axis.
    padding : int, (int,) or (int, int)
        Cells cut off at each end, or (begin, end).

    Returns
    -------
    ndarray, shape (N, O, W_out)
        W_out = (W - 1) stride - begin - end + d(kW - 1) + 1 + output_padding. Dtypes as in `conv2d`.

    Raises
    ------
    ValueError, TypeError
        As `conv_transpose2d`.

    Notes
    -----
    Source: `torch.nn.functional.conv_transpose1d`.

    Examples
    --------
    >>> conv_transpose1d([[[1, 2]]], [[[1, 10, 100]]], stride=2)
    array([[[  1,  10, 102,  20, 200]]])
    """
    image, filters = _lift(numeric_array("input", input, "N, C, W")), _weight(weight)
    settings = _settings(stride, padding, output_padding, groups, dilation)
    return conv_transpose2d(image, filters, bias, **settings)[:, :, 0]


def conv_transpose1d_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> tuple[Array, Array, Array | None]:
    """Gradients of a scalar for the inputs of `conv_transpose1d`, given its gradient for the output.

    Parameters
    ----------
    grad_output : array_like, shape (N, O, W_out)
        Gradient for the output.
    input, weight, bias, stride, padding, output_padding, groups, dilation
        As given to `conv_transpose1d`.

    Returns
    -------
    grad_input : ndarray, shape (N, C, W)
    grad_weight : ndarray, shape (C, O/groups, kW)
    grad_bias : ndarray, shape (O,), or None
        None where no bias was given.

    Raises
    ------
    ValueError, TypeError
        As `conv_transpose1d`, or if `grad_output` has not the shape of the output.

    Notes
    -----
    Source: `conv_transpose2d_backward`.

    Examples
    --------
    >>> conv_transpose1d_backward([[[1, 1, 1, 1, 1]]], [[[1, 2]]], [[[1, 2, 3]]], stride=2)[0]
    array([[[6, 6]]])
    """
    image, filters = _lift(numeric_array("input", input, "N, C, W")), _weight(weight)
    upper = _lift(numeric_array("grad_output", grad_output, "N, O, W"))
    settings = _settings(stride, padding, output_padding, groups, dilation)
    grad_input, grad_weight, grad_bias = conv_transpose2d_backward(upper, image, filters, bias, **settings)
    return grad_input[:, :, 0], grad_weight[:, :, 0], grad_bias


def _settings(
    stride: PerAxis, padding: Padding, output_padding: PerAxis, groups: int, dilation: PerAxis
) -> dict[str, Any]:
    """Return the settings of one axis as those of two, the first of which does nothing."""
    if isinstance(padding, str):
        raise ValueError(f"padding of a transposed convolution must be numbers, got {padding!r}")
    return {
        "stride": (1, *per_axis("stride", stride, 1, axes=1)),
        "padding": ((0, 0), *explicit_sides("padding", padding, axes=1)),
        "output_padding": (0, *per_axis("output_padding", output_padding, 0, axes=1)),
        "groups": groups,
        "dilation": (1, *per_axis("dilation", dilation, 1, axes=1)),
    }


def _weight(weight: ArrayLike) -> Array:
    return _lift(numeric_array("weight", weight, "C, O/groups, kW", may_be_empty=""))


def _lift(array: Array) -> Array:
    return array[:, :, np.newaxis]  # (A, B, W) -> (A, B, 1, W)
