"""Locally connected layer: the windows of a convolution, but every position has weights of its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cnn_ref import _locally_connected_compute as compute
from cnn_ref._conv_arguments import IMAGE_AXES, make_window, padding_sides
from cnn_ref._dtypes import Products, casting, dtypes, quietly
from cnn_ref._validate import Array, Padding, PerAxis, exact_shape, fits, numeric_array, per_axis
from cnn_ref._window import Window
from cnn_ref.sizes import conv_output_size

# `input` is what torch.nn.functional calls the argument, and people pass it by name.
# ruff: noqa: A002

WEIGHT_AXES = "H_out, W_out, O, C, kH, kW"
BIAS_AXES = "O, H_out, W_out"


def locally_connected2d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
) -> Array:
    """Apply a set of filters to each window, other filters at each position.

    Parameters
    ----------
    input : array_like, shape (N, C, H, W)
        Images. N may be 0.
    weight : array_like, shape (H_out, W_out, O, C, kH, kW)
        ``weight[i, j]`` is what `conv2d` would use at every position.
    bias : array_like, shape (O, H_out, W_out), optional
        One number for each output cell.
    stride, padding, dilation
        As in `conv2d`.

    Returns
    -------
    ndarray, shape (N, O, H_out, W_out)
        Sizes and dtypes as in `conv2d`.

    Raises
    ------
    ValueError
        As `conv2d`, or if `weight` has not one set of filters for each output position.
    TypeError
        As `conv2d`.

    Notes
    -----
    Source: the layout of torch7's `nn.SpatialConvolutionLocal`.

    Examples
    --------
    >>> import numpy as np
    >>> weight = np.array([1, 10, 100]).reshape(1, 3, 1, 1, 1, 1)  # three positions, one tap each
    >>> locally_connected2d([[[[1, 2, 3]]]], weight)
    array([[[[  1,  20, 300]]]])
    """
    image, filters, offsets, window = _arguments(input, weight, bias, stride, padding, dilation)
    working, result = dtypes([(filters.shape[3] * window.taps, image, filters)], offsets)
    image, filters = casting([image, filters], working)

    def compute_output() -> Array:
        output = compute.forward(image, filters, window)
        if offsets is not None:
            output += offsets.astype(working, copy=False)
        return output

    return quietly(compute_output, result)


def locally_connected2d_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
) -> tuple[Array, Array, Array | None]:
    """Gradients of a scalar for the inputs of `locally_connected2d`, given its gradient for the output.

    Parameters
    ----------
    grad_output : array_like, shape (N, O, H_out, W_out)
        Gradient for the output.
    input, weight, bias, stride, padding, dilation
        As given to `locally_connected2d`.

    Returns
    -------
    grad_input : ndarray, shape (N, C, H, W)
    grad_weight : ndarray, shape (H_out, W_out, O, C, kH, kW)
        Summed over its first two axes it is the gradient of a convolution's shared weight.
    grad_bias : ndarray, shape (O, H_out, W_out), or None
        None where no bias was given.

    Raises
    ------
    ValueError, TypeError
        As `locally_connected2d`, or if `grad_output` has not the shape of the output.

    Notes
    -----
    Source: the chain rule; each weight meets one window of each image.

    Examples
    --------
    >>> import numpy as np
    >>> weight = np.array([1, 10, 100]).reshape(1, 3, 1, 1, 1, 1)
    >>> locally_connected2d_backward([[[[1, 1, 1]]]], [[[[1, 2, 3]]]], weight)[0]
    array([[[[  1,  10, 100]]]])
    """
    image, filters, offsets, window = _arguments(input, weight, bias, stride, padding, dilation)
    names = IMAGE_AXES[2].replace("C", "O")
    upper = numeric_array("grad_output", grad_output, names)
    exact_shape("grad_output", upper, (image.shape[0], filters.shape[2], *window.output), names)
    sums: list[Products] = [
        (filters.shape[2] * window.taps, upper, filters),
        (image.shape[0], upper, image),
        (image.shape[0], upper, np.ones(1, dtype=np.int8)),
    ]
    working, result = dtypes(sums)
    upper, image, filters = casting([upper, image, filters], working)
    size = (image.shape[2], image.shape[3])
    grad_input = quietly(lambda: compute.grad_input(upper, filters, size, window), result)
    grad_weight = quietly(lambda: compute.grad_weight(upper, image, filters.shape, window), result)
    grad_bias = None if offsets is None else quietly(lambda: upper.sum(axis=0), result)
    return grad_input, grad_weight, grad_bias


def _arguments(
    image: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None,
    stride: PerAxis,
    padding: Padding,
    dilation: PerAxis,
) -> tuple[Array, Array, Array | None, Window]:
    image = numeric_array("input", image, IMAGE_AXES[2])
    weight = numeric_array("weight", weight, WEIGHT_AXES, may_be_empty="")
    positions, filters, channels, kernel = weight.shape[:2], weight.shape[2], weight.shape[3], weight.shape[4:]
    if channels != image.shape[1]:
        raise ValueError(
            f"each filter must read all input channels: input has {image.shape[1]}, weight of shape {weight.shape} "
            f"reads {channels}"
        )
    strides, dilations, sizes = per_axis("stride", stride, 1), per_axis("dilation", dilation, 1), image.shape[2:]
    sides = padding_sides(padding, sizes, kernel, strides, dilations)
    fits(kernel, sizes, sides, dilations)
    settings = zip(sizes, kernel, strides, sides, dilations, strict=True)
    output = tuple(conv_output_size(*setting) for setting in settings)
    if positions != output:
        raise ValueError(
            f"weight must hold one set of filters for each output position: there are {output} positions, weight of "
            f"shape {weight.shape} has {positions}"
        )
    if bias is not None:
        bias = numeric_array("bias", bias, BIAS_AXES, may_be_empty="")
        exact_shape("bias", bias, (filters, *output), BIAS_AXES)
    return image, weight, bias, make_window(kernel, strides, sides, dilations, output, 1)
