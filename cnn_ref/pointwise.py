"""1x1 convolution: the same linear map over the channels at every place of the image."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cnn_ref._conv_arguments import ConvCall, conv_call, grad_output_array
from cnn_ref._conv_dispatch import backward, forward
from cnn_ref._validate import Array, numeric_array


def conv1x1(x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> Array:
    """Mix the channels of each cell: one matrix product, no padding, stride 1.

    Parameters
    ----------
    x : array_like, shape (N, C, H, W)
        Images. N may be 0.
    weight : array_like, shape (O, C)
        One row of channel weights for each filter.
    bias : array_like, shape (O,), optional
        One number for each filter.

    Returns
    -------
    ndarray, shape (N, O, H, W)
        Height and width stay; the depth becomes O. Dtypes as in `conv2d`.

    Raises
    ------
    ValueError, TypeError
        As `conv2d`.

    Notes
    -----
    Source: Lin, Chen and Yan, Network In Network, arXiv 1312.4400.

    Examples
    --------
    >>> gray = [[0.25, 0.5, 0.25]]
    >>> conv1x1([[[[4, 0]], [[4, 8]], [[4, 0]]]], gray)
    array([[[[4., 4.]]]])
    """
    return forward(_call(x, weight, bias))


def conv1x1_backward(
    grad_output: ArrayLike, x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None
) -> tuple[Array, Array, Array | None]:
    """Gradients of a scalar for the inputs of `conv1x1`, given its gradient for the output.

    Parameters
    ----------
    grad_output : array_like, shape (N, O, H, W)
        Gradient for the output.
    x, weight, bias
        As given to `conv1x1`.

    Returns
    -------
    grad_x : ndarray, shape (N, C, H, W)
    grad_weight : ndarray, shape (O, C)
    grad_bias : ndarray, shape (O,), or None
        None where no bias was given.

    Raises
    ------
    ValueError, TypeError
        As `conv1x1`, or if `grad_output` has not the shape of the output.

    Notes
    -----
    Source: `conv2d_backward` for a filter of one cell.

    Examples
    --------
    >>> conv1x1_backward([[[[1, 2]]]], [[[[3, 4]], [[5, 6]]]], [[1, 1]])[1]
    array([[11, 17]])
    """
    call = _call(x, weight, bias)
    upper = grad_output_array(grad_output, call.image, call.weight, call.window)
    grad_x, grad_weight, grad_bias = backward(upper, call)
    return grad_x, grad_weight[:, :, 0, 0], grad_bias


def _call(x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None) -> ConvCall:
    matrix = numeric_array("weight", weight, "O, C", may_be_empty="")
    return conv_call(x, matrix[:, :, np.newaxis, np.newaxis], bias, 1, 0, 1, 1)
