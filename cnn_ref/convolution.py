"""Convolution layers as deep learning defines them: cross-correlation, the filter is not flipped."""

from __future__ import annotations

from numpy.typing import ArrayLike

from cnn_ref._conv_arguments import conv_call, grad_output_array
from cnn_ref._conv_dispatch import backward, forward
from cnn_ref._validate import Array, Padding, PerAxis

# `input` is what torch.nn.functional calls the argument, and people pass it by name.
# ruff: noqa: A002


def conv2d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> Array:
    """Convolve a batch of images with a set of filters.

    Each output cell is the sum of one window of the (zero-padded) input times one filter, over all channels of the
    filter's group, plus the filter's bias. The filter is not flipped (cross-correlation).

    Parameters
    ----------
    input : array_like, shape (N, C, H, W)
        Images. N may be 0.
    weight : array_like, shape (O, C/groups, kH, kW)
        Filters.
    bias : array_like, shape (O,), optional
        One number added to all cells of a filter's slice.
    stride : int or (int, int)
        Cells between neighboring windows, (height, width), at least 1.
    padding : int, (int, int), ((int, int), (int, int)) or str
        Zeros around the input: for all sides; for (height, width); for ((top, bottom), (left, right)); or "valid"
        (none), "same" (output size ceil(size / stride); an odd cell goes to the end, as in torch and TensorFlow;
        TensorFlow's rule for strides above 1), "full" (every window that touches the input).
    dilation : int or (int, int)
        Cells between neighboring taps, (height, width); 1 is the plain filter.
    groups : int
        Number of groups into which channels and filters are split; filters of a group read only its channels.

    Returns
    -------
    ndarray, shape (N, O, H_out, W_out)
        H_out = floor((H + top + bottom - d(kH - 1) - 1) / stride) + 1, W_out likewise. Floats keep NumPy's promotion
        (float32 stays float32; float16 is summed in float32); integers give int64, exactly.

    Raises
    ------
    ValueError
        If shapes do not belong together, a setting is out of range, the kernel is larger than the padded input, or
        integer sums could leave int64.
    TypeError
        If an array holds anything but integers or real floats, or a setting is not an integer.

    Notes
    -----
    NaN propagates to every cell whose window holds it; a zero weight does not hide it.
    Source: Dumoulin and Visin, arXiv 1603.07285, relationships 6 and 15; `torch.nn.functional.conv2d`.

    Examples
    --------
    >>> plus = [[[[1, 0, 1], [0, 1, 0], [1, 0, 1]]]]
    >>> image = [[[[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]]]
    >>> conv2d(image, plus)[0, 0]
    array([[4, 3, 4],
           [2, 4, 3],
           [2, 3, 4]])
    """
    return forward(conv_call(input, weight, bias, stride, padding, dilation, groups))


def conv2d_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> tuple[Array, Array, Array | None]:
    """Gradients of a scalar for the inputs of `conv2d`, given its gradient for the output.

    Parameters
    ----------
    grad_output : array_like, shape (N, O, H_out, W_out)
        Gradient for the output.
    input, weight, bias, stride, padding, dilation, groups
        As given to `conv2d`.

    Returns
    -------
    grad_input : ndarray, shape (N, C, H, W)
    grad_weight : ndarray, shape (O, C/groups, kH, kW)
        A filter is shared by all windows, so its gradient is the sum over them (not the mean).
    grad_bias : ndarray, shape (O,), or None
        None where no bias was given.

    Raises
    ------
    ValueError, TypeError
        As `conv2d`, or if `grad_output` has not the shape of the output.

    Notes
    -----
    Source: Dumoulin and Visin, section 4.1; `torch.ops.aten.convolution_backward`.

    Examples
    --------
    >>> import numpy as np
    >>> ones = np.ones((1, 1, 2, 2))
    >>> grad_input, grad_weight, _ = conv2d_backward(ones, np.eye(3)[None, None], ones)
    >>> grad_weight[0, 0]  # what each tap saw, summed over the four windows
    array([[2., 1.],
           [1., 2.]])
    >>> grad_input[0, 0]  # how many windows saw each cell
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    call = conv_call(input, weight, bias, stride, padding, dilation, groups)
    return backward(grad_output_array(grad_output, call.image, call.weight, call.window), call)


def conv1d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> Array:
    """Convolve a batch of sequences with a set of filters.

    Parameters
    ----------
    input : array_like, shape (N, C, W)
        Sequences. N may be 0.
    weight : array_like, shape (O, C/groups, kW)
        Filters, not flipped.
    bias : array_like, shape (O,), optional
        One number for each filter.
    stride, dilation, groups
        As in `conv2d`, for one axis.
    padding : int, (int,), (int, int) or str
        Zeros at each end, or (begin, end), or "valid", "same", "full" as in `conv2d`.

    Returns
    -------
    ndarray, shape (N, O, W_out)
        Of the dtype that `conv2d` would give.

    Raises
    ------
    ValueError, TypeError
        As `conv2d`.

    Notes
    -----
    Source: `torch.nn.functional.conv1d`.

    Examples
    --------
    >>> conv1d([[[1, 2, 3, 4]]], [[[1, 0, -1]]], padding=1)
    array([[[-2, -2, -2,  3]]])
    """
    return forward(conv_call(input, weight, bias, stride, padding, dilation, groups, axes=1))[:, :, 0]


def conv1d_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> tuple[Array, Array, Array | None]:
    """Gradients of a scalar for the inputs of `conv1d`, given its gradient for the output.

    Parameters
    ----------
    grad_output : array_like, shape (N, O, W_out)
        Gradient for the output.
    input, weight, bias, stride, padding, dilation, groups
        As given to `conv1d`.

    Returns
    -------
    grad_input : ndarray, shape (N, C, W)
    grad_weight : ndarray, shape (O, C/groups, kW)
    grad_bias : ndarray, shape (O,), or None
        None where no bias was given.

    Raises
    ------
    ValueError, TypeError
        As `conv1d`, or if `grad_output` has not the shape of the output.

    Notes
    -----
    Source: `torch.ops.aten.convolution_backward`.

    Examples
    --------
    >>> conv1d_backward([[[1, 1]]], [[[5, 6, 7]]], [[[1, 2]]])[1]
    array([[[11, 13]]])
    """
    call = conv_call(input, weight, bias, stride, padding, dilation, groups, axes=1)
    upper = grad_output_array(grad_output, call.image, call.weight, call.window, axes=1)
    grad_input, grad_weight, grad_bias = backward(upper, call)
    return grad_input[:, :, 0], grad_weight[:, :, 0], grad_bias
