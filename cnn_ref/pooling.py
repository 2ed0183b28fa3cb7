"""Max and average pooling with their gradients, on arrays (N, C, H, W).

Arguments are those of `torch.nn.functional`. Each channel is pooled by itself; padding never wins a maximum.
"""

from __future__ import annotations

from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike

from cnn_ref import _pool_compute as compute
from cnn_ref._pool_validate import average_divisor, flag, floating, lowest, one_of, output_gradient, windows
from cnn_ref._validate import Array, Padding, PerAxis, numeric_array

# `input` is what torch.nn.functional calls the argument, and people pass it by name.
# ruff: noqa: A002

AXES = "N, C, H, W"


@overload
def max_pool2d(
    input: ArrayLike,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Array: ...
@overload
def max_pool2d(
    input: ArrayLike,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Array, Array]: ...
def max_pool2d(
    input: ArrayLike,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Array | tuple[Array, Array]:
    """Largest value of each window.

    Parameters
    ----------
    input : array_like, shape=(N, C, H, W)
        Integers or real numbers; N may be 0.
    kernel_size : int or (int, int)
        Cells of the window, or (height, width).
    stride : int or (int, int), optional
        Cells between windows; the window itself where it is None.
    padding : int, (int, int), ((int, int), (int, int)) or str
        Cells of minus infinity around the input: at each end, or (height, width), at most half the window as in torch;
        ((top, bottom), (left, right)), less than the window as in ONNX; or "valid", "same", "full" (see `conv2d`).
    dilation : int or (int, int)
        Cells between neighboring cells of one window.
    ceil_mode : bool
        Let the last window hang over the end; a window that would start in the padding at the end is dropped.
    return_indices : bool
        Also return where the maximum was.

    Returns
    -------
    ndarray, shape=(N, C, OH, OW)
        Maxima in the dtype of the input. A window that holds a NaN gives NaN; a dilated window that holds no real cell
        gives -inf (the smallest integer for integers).
    ndarray of int64, shape=(N, C, OH, OW)
        With `return_indices`: row * W + column of the first maximum (of the last NaN); -1 where no cell is real.

    Raises
    ------
    ValueError
        Wrong rank, no cell or channel, a number out of range, too much padding, window above the input.
    TypeError
        An array that is not of real numbers, a setting that is not an integer.

    Notes
    -----
    Source: `torch.nn.functional.max_pool2d`; ONNX operator MaxPool-22.

    Examples
    --------
    >>> max_pool2d([[[[-3, -1, 4], [-2, -4, 9]]]], 2).tolist()
    [[[[-1]]]]
    """
    images = numeric_array("input", input, AXES)
    rows, columns = windows(images.shape, kernel_size, stride, padding, dilation, ceil_mode)
    flag("return_indices", return_indices)
    planes = compute.as_planes(images)
    if not return_indices:
        maxima = compute.reduce_windows(planes, rows, columns, np.maximum, lowest(images.dtype))
        return compute.as_images(maxima, images)
    maxima, index = compute.max_with_indices(planes, rows, columns, lowest(images.dtype))
    return compute.as_images(maxima, images), compute.as_images(index, images)


def max_pool2d_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    *,
    ties: Literal["first", "even"] = "first",
) -> Array:
    """Gradient of `max_pool2d`: each value goes to the first maximum of its window.

    Parameters
    ----------
    grad_output : array_like, shape=(N, C, OH, OW)
        Gradient of the loss with respect to the output.
    input, kernel_size, stride, padding, dilation, ceil_mode
        As in the forward call.
    ties : {"first", "even"}
        Who gets the gradient where several cells are the maximum: the first in row order (torch and TensorFlow), or
        all of them in equal shares (a subgradient that no order of cells decides).

    Returns
    -------
    ndarray, shape=(N, C, H, W)
        Gradient with respect to the input; where windows overlap, the values add up.

    Raises
    ------
    ValueError, TypeError
        As `max_pool2d`, and where `grad_output` has not the shape of the output.

    Notes
    -----
    At a tie the maximum has no derivative; whoever takes the gradient, its sum stays what it was.

    Examples
    --------
    >>> max_pool2d_backward([[[[4.0]]]], [[[[1.0, 3.0], [3.0, 0.0]]]], 2).tolist()
    [[[[0.0, 4.0], [0.0, 0.0]]]]
    """
    images = numeric_array("input", input, AXES)
    rows, columns = windows(images.shape, kernel_size, stride, padding, dilation, ceil_mode)
    grad = compute.as_planes(floating(output_gradient(grad_output, images.shape, (rows, columns)), images))
    if one_of("ties", ties, ("first", "even")) == "even":
        planes = compute.as_planes(images)
        return compute.shared_maxima(grad, planes, rows, columns, lowest(images.dtype)).reshape(images.shape)
    _, index = compute.max_with_indices(compute.as_planes(images), rows, columns, lowest(images.dtype))
    return compute.scatter_add(grad, index, rows.cells * columns.cells).reshape(images.shape)


def avg_pool2d(
    input: ArrayLike,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
    *,
    dilation: PerAxis = 1,
) -> Array:
    """Mean of each window.

    Parameters
    ----------
    input, kernel_size, stride, ceil_mode
        As in `max_pool2d`.
    padding : int, (int, int), ((int, int), (int, int)) or str
        Zeros around the input, as in `max_pool2d`.
    count_include_pad : bool
        Whether the divisor counts padding: True is torch's default, False that of ONNX, TensorFlow and Keras. Cells
        that hang over the padding (`ceil_mode`) never count.
    divisor_override : int, optional
        Divide by this number instead, e.g. 1 for sums.
    dilation : int or (int, int)
        As in `max_pool2d` (torch has none here, ONNX has); a window without a counted cell gives NaN.

    Returns
    -------
    ndarray, shape=(N, C, OH, OW)
        Means in the dtype of a floating input, else float64.

    Raises
    ------
    ValueError, TypeError
        As `max_pool2d`, and where `divisor_override` is 0 or not an integer.

    Notes
    -----
    Source: `torch.nn.functional.avg_pool2d`; ONNX operator AveragePool-22.

    Examples
    --------
    >>> row = [[[[2, 4, 6, 8]]]]
    >>> avg_pool2d(row, (1, 3), (1, 2), (0, 1)).ravel().tolist()
    [2.0, 6.0]
    >>> avg_pool2d(row, (1, 3), (1, 2), (0, 1), count_include_pad=False).ravel().tolist()
    [3.0, 6.0]
    """
    images = numeric_array("input", input, AXES)
    axes = windows(images.shape, kernel_size, stride, padding, dilation, ceil_mode)
    divisor = average_divisor(axes, count_include_pad, divisor_override)
    means = compute.means(compute.as_planes(floating(images)), *axes, divisor)
    return compute.as_images(means, images)


def avg_pool2d_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
    *,
    dilation: PerAxis = 1,
) -> Array:
    """Gradient of `avg_pool2d`: each value, divided as in the mean, goes to all cells of its window.

    Parameters
    ----------
    grad_output : array_like, shape=(N, C, OH, OW)
        Gradient of the loss with respect to the output.
    input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override, dilation
        As in the forward call; of the input only the shape and the dtype matter.

    Returns
    -------
    ndarray, shape=(N, C, H, W)
        Gradient with respect to the input.

    Raises
    ------
    ValueError, TypeError
        As `avg_pool2d`, and where `grad_output` has not the shape of the output.

    Notes
    -----
    The transpose of the linear map that takes the means.

    Examples
    --------
    >>> avg_pool2d_backward([[[[8.0]]]], [[[[1.0, 3.0], [3.0, 0.0]]]], 2).tolist()
    [[[[2.0, 2.0], [2.0, 2.0]]]]
    """
    images = numeric_array("input", input, AXES)
    axes = windows(images.shape, kernel_size, stride, padding, dilation, ceil_mode)
    divisor = average_divisor(axes, count_include_pad, divisor_override)
    grad = compute.as_planes(floating(output_gradient(grad_output, images.shape, axes), images))
    return compute.means_backward(grad, *axes, divisor).reshape(images.shape)
