"""Depthwise convolution (each filter reads one channel) and depthwise separable convolution (that, then 1x1)."""

from __future__ import annotations

from numpy.typing import ArrayLike

from cnn_ref._validate import Array, Padding, PerAxis, numeric_array
from cnn_ref.convolution import conv2d, conv2d_backward
from cnn_ref.pointwise import conv1x1, conv1x1_backward

# `input` is what torch.nn.functional calls the argument, and people pass it by name.
# ruff: noqa: A002


def depthwise_conv2d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
) -> Array:
    """Convolve each channel with filters of its own.

    Parameters
    ----------
    input : array_like, shape (N, C, H, W)
        Images.
    weight : array_like, shape (C * multiplier, 1, kH, kW)
        Filters; channel c is read by the filters c * multiplier to (c + 1) * multiplier - 1.
    bias, stride, padding, dilation
        As in `conv2d`.

    Returns
    -------
    ndarray, shape (N, C * multiplier, H_out, W_out)
        Equal to `conv2d` with ``groups=C``.

    Raises
    ------
    ValueError, TypeError
        As `conv2d`.

    Notes
    -----
    Source: Chollet, Xception, arXiv 1610.02357.

    Examples
    --------
    >>> depthwise_conv2d([[[[1, 2]], [[3, 4]]]], [[[[1, 1]]], [[[1, -1]]]])
    array([[[[ 3]],
    <BLANKLINE>
            [[-1]]]])
    """
    return conv2d(input, weight, bias, stride, padding, dilation, _channels(input))


def depthwise_conv2d_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
) -> tuple[Array, Array, Array | None]:
    """Gradients of a scalar for the inputs of `depthwise_conv2d`.

    Parameters
    ----------
    grad_output : array_like, shape (N, C * multiplier, H_out, W_out)
        Gradient for the output.
    input, weight, bias, stride, padding, dilation
        As given to `depthwise_conv2d`.

    Returns
    -------
    grad_input, grad_weight, grad_bias
        Arrays of the shapes of `input`, `weight` and `bias`; None where no bias was given.

    Raises
    ------
    ValueError, TypeError
        As `conv2d_backward`.

    Notes
    -----
    Source: `conv2d_backward` with ``groups=C``.

    Examples
    --------
    >>> depthwise_conv2d_backward([[[[1]], [[1]]]], [[[[1, 2]], [[3, 4]]]], [[[[1, 1]]], [[[1, -1]]]])[1][:, 0, 0]
    array([[1, 2],
           [3, 4]])
    """
    return conv2d_backward(grad_output, input, weight, bias, stride, padding, dilation, _channels(input))


def separable_conv2d(
    input: ArrayLike,
    depthwise_weight: ArrayLike,
    pointwise_weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
) -> Array:
    """Convolve each channel by itself, then mix the channels with a 1x1 convolution.

    Parameters
    ----------
    input : array_like, shape (N, C, H, W)
        Images.
    depthwise_weight : array_like, shape (C * multiplier, 1, kH, kW)
        As the weight of `depthwise_conv2d`.
    pointwise_weight : array_like, shape (O, C * multiplier)
        As the weight of `conv1x1`.
    bias : array_like, shape (O,), optional
        Added after the 1x1 convolution.
    stride, padding, dilation
        Of the depthwise convolution, as in `conv2d`.

    Returns
    -------
    ndarray, shape (N, O, H_out, W_out)

    Raises
    ------
    ValueError, TypeError
        As `conv2d` and `conv1x1`.

    Notes
    -----
    There is nothing between the two steps (no activation). Source: Chollet, Xception, arXiv 1610.02357.

    Examples
    --------
    >>> separable_conv2d([[[[1, 2]], [[3, 4]]]], [[[[1, 1]]], [[[1, -1]]]], [[1, 10]])
    array([[[[-7]]]])
    """
    return conv1x1(depthwise_conv2d(input, depthwise_weight, None, stride, padding, dilation), pointwise_weight, bias)


def separable_conv2d_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    depthwise_weight: ArrayLike,
    pointwise_weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
) -> tuple[Array, Array, Array, Array | None]:
    """Gradients of a scalar for the inputs of `separable_conv2d`.

    Parameters
    ----------
    grad_output : array_like, shape (N, O, H_out, W_out)
        Gradient for the output.
    input, depthwise_weight, pointwise_weight, bias, stride, padding, dilation
        As given to `separable_conv2d`.

    Returns
    -------
    grad_input, grad_depthwise_weight, grad_pointwise_weight, grad_bias
        Arrays of the shapes of the inputs; None where no bias was given.

    Raises
    ------
    ValueError, TypeError
        As `conv2d_backward` and `conv1x1_backward`.

    Notes
    -----
    Source: the chain rule over the two steps; the middle is computed again rather than kept.

    Examples
    --------
    >>> separable_conv2d_backward([[[[1]]]], [[[[1, 2]]]], [[[[1, 1]]]], [[10]])[1]
    array([[[[10, 20]]]])
    """
    middle = depthwise_conv2d(input, depthwise_weight, None, stride, padding, dilation)
    grad_middle, grad_pointwise, grad_bias = conv1x1_backward(grad_output, middle, pointwise_weight, bias)
    settings = (stride, padding, dilation)
    grad_input, grad_depthwise, _ = depthwise_conv2d_backward(grad_middle, input, depthwise_weight, None, *settings)
    return grad_input, grad_depthwise, grad_pointwise, grad_bias


def _channels(image: ArrayLike) -> int:
    return int(numeric_array("input", image, "N, C, H, W").shape[1])
