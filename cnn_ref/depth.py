"""One slice of a convolution's output: a single filter over all channels."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cnn_ref._conv_arguments import ConvCall, conv_call, grad_output_array
from cnn_ref._conv_dispatch import backward, forward
from cnn_ref._integers import whole
from cnn_ref._validate import Array, Padding, PerAxis, numeric_array


def depth_slice(
    x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None, d: int, stride: PerAxis = 1, padding: Padding = 0
) -> Array:
    """Depth slice `d` of a convolution's output: what the filter `d` makes of all channels.

    Parameters
    ----------
    x : array_like, shape (N, C, H, W)
        Images.
    weight : array_like, shape (O, C, kH, kW)
        All filters of the layer.
    bias : array_like, shape (O,), or None
        All biases of the layer.
    d : int
        Number of the slice, from 0 to O - 1.
    stride, padding
        As in `conv2d`.

    Returns
    -------
    ndarray, shape (N, H_out, W_out)
        Equal to ``conv2d(x, weight, bias, stride, padding)[:, d]``.

    Raises
    ------
    ValueError, TypeError
        As `conv2d`, or if there is no slice `d`.

    Notes
    -----
    Source: CS231n notes, Convolutional Networks, summary of the Conv layer.

    Examples
    --------
    >>> depth_slice([[[[1, 2], [3, 4]]]], [[[[1]]], [[[10]]]], [0, 5], d=1)
    array([[[15, 25],
            [35, 45]]])
    """
    return forward(_one_filter(conv_call(x, weight, bias, stride, padding, 1, 1), d))[:, 0]


def depth_slice_backward(
    grad_output: ArrayLike,
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None,
    d: int,
    stride: PerAxis = 1,
    padding: Padding = 0,
) -> tuple[Array, Array, Array | None]:
    """Gradients of a scalar for the inputs of `depth_slice`, given its gradient for the slice.

    Parameters
    ----------
    grad_output : array_like, shape (N, H_out, W_out)
        Gradient for the slice.
    x, weight, bias, d, stride, padding
        As given to `depth_slice`.

    Returns
    -------
    grad_x : ndarray, shape (N, C, H, W)
    grad_weight : ndarray, shape (O, C, kH, kW)
        Zero for all filters but `d`: the others do not touch the slice.
    grad_bias : ndarray, shape (O,), or None
        None where no bias was given.

    Raises
    ------
    ValueError, TypeError
        As `depth_slice`, or if `grad_output` has not the shape of the slice.

    Notes
    -----
    Source: `conv2d_backward` with a gradient that is zero outside the slice.

    Examples
    --------
    >>> depth_slice_backward([[[1, 1]]], [[[[2, 3]]]], [[[[1]]], [[[1]]]], [0, 0], d=1)[1].ravel()
    array([0, 5])
    """
    call = conv_call(x, weight, bias, stride, padding, 1, 1)
    one = _one_filter(call, d)
    # (N, H_out, W_out) -> (N, 1, H_out, W_out)
    upper = np.expand_dims(numeric_array("grad_output", grad_output, "N, H, W"), 1)
    grad_x, part, bias_part = backward(grad_output_array(upper, one.image, one.weight, one.window), one)
    grad_weight = np.zeros(call.weight.shape, dtype=part.dtype)
    grad_weight[d] = part[0]
    if bias_part is None:
        return grad_x, grad_weight, None
    grad_bias = np.zeros(call.weight.shape[0], dtype=bias_part.dtype)
    grad_bias[d] = bias_part[0]
    return grad_x, grad_weight, grad_bias


def _one_filter(call: ConvCall, d: int) -> ConvCall:
    """Return the call with the filter `d` alone."""
    d = whole("d", d, 0, call.weight.shape[0] - 1)
    bias = None if call.bias is None else call.bias[d : d + 1]
    return ConvCall(call.image, call.weight[d : d + 1], bias, call.window)
