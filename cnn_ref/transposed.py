"""Transposed convolution: the linear map that is the transpose of a convolution's ("deconvolution" is a misnomer)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cnn_ref import _conv_compute as compute
from cnn_ref._conv_arguments import ConvCall, bias_vector, make_window
from cnn_ref._dtypes import Products, casting, dtypes, quietly
from cnn_ref._integers import whole
from cnn_ref._validate import Array, Padding, PerAxis, exact_shape, explicit_sides, numeric_array, per_axis
from cnn_ref.sizes import effective_kernel_size

# `input` is what torch.nn.functional calls the argument, and people pass it by name.
# ruff: noqa: A002


def conv_transpose2d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> Array:
    """Stamp each filter, times the input cell, onto a larger output.

    Parameters
    ----------
    input : array_like, shape (N, C, H, W)
        Images. N may be 0.
    weight : array_like, shape (C, O/groups, kH, kW)
        Filters. It is the weight of the convolution whose transpose this is, which maps O channels to C.
    bias : array_like, shape (O,), optional
        One number for each output channel.
    stride : int or (int, int)
        Cells between the stamps in the output, (height, width), at least 1.
    padding : int, (int, int) or ((int, int), (int, int))
        Cells cut off the output: for all sides; for (height, width); for ((top, bottom), (left, right)).
    output_padding : int or (int, int)
        Cells added at the bottom and the right, less than the stride or less than the dilation: it chooses among the
        sizes that the convolution maps to the same output.
    groups : int
        As in `conv2d`.
    dilation : int or (int, int)
        Cells between neighboring taps of a stamp.

    Returns
    -------
    ndarray, shape (N, O, H_out, W_out)
        H_out = (H - 1) stride - top - bottom + d(kH - 1) + 1 + output_padding, W_out likewise. Dtypes as in `conv2d`.

    Raises
    ------
    ValueError
        If shapes do not belong together, a setting is out of range, or the padding cuts everything away.
    TypeError
        If an array holds anything but integers or real floats, or a setting is not an integer.

    Notes
    -----
    The order of the arguments is torch's: `groups` before `dilation`, other than in `conv2d`.
    Source: Dumoulin and Visin, arXiv 1603.07285, chapter 4; `torch.nn.functional.conv_transpose2d`.

    Examples
    --------
    >>> conv_transpose2d([[[[1, 2]]]], [[[[1, 1, 1]]]], stride=2)
    array([[[[1, 1, 3, 2, 2]]]])
    """
    call, size = _call(input, weight, bias, stride, padding, output_padding, groups, dilation)
    per_group = call.weight.shape[0] // groups
    working, result = dtypes([(per_group * call.window.taps, call.image, call.weight)], call.bias)
    image, filters = casting([call.image, call.weight], working)

    def compute_output() -> Array:
        output = compute.grad_input(image, filters, size, call.window)
        if call.bias is not None:
            output += call.bias.astype(working, copy=False)[:, np.newaxis, np.newaxis]
        return output

    return quietly(compute_output, result)


def conv_transpose2d_backward(
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
    """Gradients of a scalar for the inputs of `conv_transpose2d`, given its gradient for the output.

    Parameters
    ----------
    grad_output : array_like, shape (N, O, H_out, W_out)
        Gradient for the output.
    input, weight, bias, stride, padding, output_padding, groups, dilation
        As given to `conv_transpose2d`.

    Returns
    -------
    grad_input : ndarray, shape (N, C, H, W)
        A plain convolution of `grad_output` with `weight`.
    grad_weight : ndarray, shape (C, O/groups, kH, kW)
    grad_bias : ndarray, shape (O,), or None
        None where no bias was given.

    Raises
    ------
    ValueError, TypeError
        As `conv_transpose2d`, or if `grad_output` has not the shape of the output.

    Notes
    -----
    Source: Dumoulin and Visin, arXiv 1603.07285, section 4.1.

    Examples
    --------
    >>> conv_transpose2d_backward([[[[1, 1, 1, 1, 1]]]], [[[[1, 2]]]], [[[[1, 2, 3]]]], stride=2)[0]
    array([[[[6, 6]]]])
    """
    call, size = _call(input, weight, bias, stride, padding, output_padding, groups, dilation)
    image, filters, window = call.image, call.weight, call.window
    upper = numeric_array("grad_output", grad_output, "N, O, H, W")
    exact_shape("grad_output", upper, (image.shape[0], filters.shape[1] * groups, *size), "N, O, H, W")
    cells = image.shape[0] * image.shape[2] * image.shape[3]
    sums: list[Products] = [
        (filters.shape[1] * window.taps, upper, filters),
        (cells, upper, image),
        (image.shape[0] * size[0] * size[1], upper, np.ones(1, dtype=np.int8)),
    ]
    working, result = dtypes(sums)
    upper, image, filters = casting([upper, image, filters], working)
    grad_input = quietly(lambda: compute.forward(upper, filters, window), result)
    grad_weight = quietly(lambda: compute.grad_weight(image, upper, filters.shape, window), result)
    grad_bias = None if call.bias is None else quietly(lambda: upper.sum(axis=(0, 2, 3)), result)
    return grad_input, grad_weight, grad_bias


def _call(
    image: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None,
    stride: PerAxis,
    padding: Padding,
    output_padding: PerAxis,
    groups: int,
    dilation: PerAxis,
) -> tuple[ConvCall, tuple[int, int]]:
    """Return checked arguments as those of the convolution whose transpose is wanted, and the size of the output."""
    image = numeric_array("input", image, "N, C, H, W")
    weight = numeric_array("weight", weight, "C, O/groups, kH, kW", may_be_empty="")
    groups = whole("groups", groups, 1)
    if image.shape[1] != weight.shape[0] or image.shape[1] % groups:
        raise ValueError(
            f"weight must have one filter for each input channel, and groups must divide them: input has "
            f"{image.shape[1]} channels, weight of shape {weight.shape} has {weight.shape[0]} filters, groups {groups}"
        )
    if bias is not None:
        bias = bias_vector(bias, weight.shape[1] * groups)
    if isinstance(padding, str):
        raise ValueError(f"padding of a transposed convolution must be numbers, got {padding!r}")
    strides, dilations = per_axis("stride", stride, 1), per_axis("dilation", dilation, 1)
    sides, extra = explicit_sides("padding", padding), per_axis("output_padding", output_padding, 0)
    kernel, positions = weight.shape[2:], image.shape[2:]
    settings = zip(("height", "width"), positions, kernel, strides, sides, extra, dilations, strict=True)
    height, width = (_output_size(*setting) for setting in settings)
    window = make_window(kernel, strides, sides, dilations, positions, groups)
    return ConvCall(image, weight, bias, window), (height, width)


def _output_size(axis: str, size: int, taps: int, stride: int, ends: tuple[int, int], extra: int, dilation: int) -> int:
    """Return the output cells along one axis; the padding of the two ends may differ."""
    if extra >= max(stride, dilation):
        raise ValueError(
            f"output_padding must be smaller than the stride or the dilation along the {axis}: output_padding {extra}, "
            f"stride {stride}, dilation {dilation}; legal: 0 to {max(stride, dilation) - 1}"
        )
    uncut = (size - 1) * stride + effective_kernel_size(taps, dilation) + extra
    if sum(ends) >= uncut:
        raise ValueError(
            f"padding must leave at least one cell of the output along the {axis}: {uncut} cells, padding {ends[0]} + "
            f"{ends[1]}; legal: a sum of at most {uncut - 1}"
        )
    return uncut - sum(ends)
