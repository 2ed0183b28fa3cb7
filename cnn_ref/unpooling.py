"""Max unpooling: maxima back to where max pooling found them, zeros elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from cnn_ref import _pool_compute as compute
from cnn_ref._pool_validate import floating
from cnn_ref._validate import Array, PerAxis, exact_shape, numeric_array, per_axis
from cnn_ref.sizes import transposed_output_size

# `input` is what torch.nn.functional calls the argument, and people pass it by name.
# ruff: noqa: A002

AXES = "N, C, H, W"


def max_unpool2d(
    input: ArrayLike,
    indices: ArrayLike,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    output_size: Sequence[int] | None = None,
) -> Array:
    """Put each value where its index says, in an image of zeros.

    Parameters
    ----------
    input : array_like, shape=(N, C, H, W)
        Values, usually the output of `cnn_ref.max_pool2d`.
    indices : array_like of integers, shape=(N, C, H, W)
        row * OW + column in the plane of the result, as `max_pool2d(..., return_indices=True)` gives them.
    kernel_size, stride, padding
        Settings of the pooling that is undone; they give the size of the result, (H - 1) stride - 2 padding + kernel.
    output_size : sequence of int, optional
        Size of the result, (OH, OW) or (N, C, OH, OW), where pooling rounded: less than a stride from the one above.

    Returns
    -------
    ndarray, shape=(N, C, OH, OW)
        Zeros and the values; where an index comes more than once, the value that comes last in row order stays.

    Raises
    ------
    ValueError
        Wrong rank or shape, an index outside of the result, a size that no pooling with these settings has.
    TypeError
        Arrays that are not numeric, indices that are not integers.

    Notes
    -----
    Source: `torch.nn.functional.max_unpool2d`; ONNX operator MaxUnpool-22. With an output size, ONNX reads the indices
    in the plane of the smaller default size and torch (followed here) in the plane of the result.

    Examples
    --------
    >>> max_unpool2d([[[[9]]]], [[[[2]]]], 2).tolist()
    [[[[0, 0], [9, 0]]]]
    """
    images = numeric_array("input", input, AXES)
    size = _output_size(images.shape, kernel_size, stride, padding, output_size)
    index = compute.as_planes(_indices(indices, images.shape, size))
    return compute.scatter(compute.as_planes(images), index, size[0] * size[1]).reshape(*images.shape[:2], *size)


def max_unpool2d_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    indices: ArrayLike,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    output_size: Sequence[int] | None = None,
) -> Array:
    """Gradient of `max_unpool2d`: each value gets the gradient of the cell it was put in.

    Parameters
    ----------
    grad_output : array_like, shape=(N, C, OH, OW)
        Gradient of the loss with respect to the output.
    input, indices, kernel_size, stride, padding, output_size
        As in the forward call.

    Returns
    -------
    ndarray, shape=(N, C, H, W)
        Gradient with respect to the input. Where an index comes more than once, each of the values gets the gradient
        of the cell, as in torch.

    Raises
    ------
    ValueError, TypeError
        As `max_unpool2d`, and where `grad_output` has not the shape of the output.

    Notes
    -----
    Source: `torch.nn.functional.max_unpool2d` and its derivative.

    Examples
    --------
    >>> max_unpool2d_backward([[[[1.0, 2.0], [3.0, 4.0]]]], [[[[9.0]]]], [[[[2]]]], 2).tolist()
    [[[[3.0]]]]
    """
    images = numeric_array("input", input, AXES)
    size = _output_size(images.shape, kernel_size, stride, padding, output_size)
    index = compute.as_planes(_indices(indices, images.shape, size))
    grad = exact_shape("grad_output", numeric_array("grad_output", grad_output, AXES), (*images.shape[:2], *size), AXES)
    return compute.gather(compute.as_planes(floating(grad, images)), index).reshape(images.shape)


def _indices(indices: ArrayLike, shape: tuple[int, ...], size: tuple[int, int]) -> Array:
    index = exact_shape("indices", numeric_array("indices", indices, AXES), shape, AXES)
    if index.dtype.kind == "f":
        raise TypeError(f"indices must be integers, got dtype {index.dtype}")
    if index.size and not (index.min() >= 0 and index.max() < size[0] * size[1]):
        raise ValueError(
            f"indices must name cells of the output of size {size}: legal 0 to {size[0] * size[1] - 1}, "
            f"got {index.min()} to {index.max()}"
        )
    return index.astype(np.int64, copy=False)


def _output_size(
    shape: tuple[int, ...],
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: PerAxis,
    output_size: Sequence[int] | None,
) -> tuple[int, int]:
    kernel = per_axis("kernel_size", kernel_size, 1)
    strides = kernel if stride is None else per_axis("stride", stride, 1)
    paddings = per_axis("padding", padding, 0)
    height, width = map(transposed_output_size, shape[2:], kernel, strides, paddings)
    if output_size is None:
        return height, width
    wanted = per_axis("output_size", tuple(output_size)[-2:], 1)
    if any(abs(got - size) >= step for got, size, step in zip(wanted, (height, width), strides, strict=True)):
        raise ValueError(f"output_size must be less than a stride {strides} away from {(height, width)}, got {wanted}")
    return wanted[0], wanted[1]
