"""Global pooling: one number a channel, whatever the size of the image."""

from __future__ import annotations

from numpy.typing import ArrayLike

from cnn_ref._validate import Array, numeric_array
from cnn_ref.pooling import avg_pool2d, avg_pool2d_backward, max_pool2d, max_pool2d_backward

# `input` is what torch.nn.functional calls the argument, and people pass it by name.
# ruff: noqa: A002

AXES = "N, C, H, W"


def global_max_pool2d(input: ArrayLike) -> Array:
    """Largest value of each channel.

    Parameters
    ----------
    input : array_like, shape=(N, C, H, W)
        Integers or real numbers.

    Returns
    -------
    ndarray, shape=(N, C, 1, 1)
        Maxima in the dtype of the input; NaN where a channel holds one.

    Raises
    ------
    ValueError, TypeError
        Wrong rank, no cell or channel, or not real numbers.

    Notes
    -----
    Source: `torch.nn.functional.adaptive_max_pool2d` with output_size 1; ONNX operator GlobalMaxPool.

    Examples
    --------
    >>> global_max_pool2d([[[[1, 5], [2, 3]]]]).tolist()
    [[[[5]]]]
    """
    images = numeric_array("input", input, AXES)
    return max_pool2d(images, images.shape[2:])


def global_max_pool2d_backward(grad_output: ArrayLike, input: ArrayLike) -> Array:
    """Gradient of `global_max_pool2d`: all of it goes to the first maximum of each channel.

    Parameters
    ----------
    grad_output : array_like, shape=(N, C, 1, 1)
        Gradient of the loss with respect to the output.
    input : array_like, shape=(N, C, H, W)
        As in the forward call.

    Returns
    -------
    ndarray, shape=(N, C, H, W)
        Gradient with respect to the input.

    Raises
    ------
    ValueError, TypeError
        As `max_pool2d_backward`.

    Notes
    -----
    Ties as in `max_pool2d_backward`.

    Examples
    --------
    >>> global_max_pool2d_backward([[[[2.0]]]], [[[[1.0, 5.0]]]]).tolist()
    [[[[0.0, 2.0]]]]
    """
    images = numeric_array("input", input, AXES)
    return max_pool2d_backward(grad_output, images, images.shape[2:])


def global_avg_pool2d(input: ArrayLike) -> Array:
    """Mean of each channel.

    Parameters
    ----------
    input : array_like, shape=(N, C, H, W)
        Integers or real numbers.

    Returns
    -------
    ndarray, shape=(N, C, 1, 1)
        Means in the dtype of a floating input, else float64.

    Raises
    ------
    ValueError, TypeError
        Wrong rank, no cell or channel, or not real numbers.

    Notes
    -----
    Source: Lin, Chen and Yan, Network in network, arXiv 1312.4400.

    Examples
    --------
    >>> global_avg_pool2d([[[[1, 5], [2, 4]]]]).tolist()
    [[[[3.0]]]]
    """
    images = numeric_array("input", input, AXES)
    return avg_pool2d(images, images.shape[2:])


def global_avg_pool2d_backward(grad_output: ArrayLike, input: ArrayLike) -> Array:
    """Gradient of `global_avg_pool2d`: spread evenly over each channel.

    Parameters
    ----------
    grad_output : array_like, shape=(N, C, 1, 1)
        Gradient of the loss with respect to the output.
    input : array_like, shape=(N, C, H, W)
        As in the forward call.

    Returns
    -------
    ndarray, shape=(N, C, H, W)
        Gradient with respect to the input.

    Raises
    ------
    ValueError, TypeError
        As `avg_pool2d_backward`.

    Notes
    -----
    The transpose of the linear map that takes the means.

    Examples
    --------
    >>> global_avg_pool2d_backward([[[[2.0]]]], [[[[1.0, 5.0]]]]).tolist()
    [[[[1.0, 1.0]]]]
    """
    images = numeric_array("input", input, AXES)
    return avg_pool2d_backward(grad_output, images, images.shape[2:])
