"""The definition of each convolution as plain loops over single numbers: slow, and meant to be read.

Nothing here shares code or formulas with the fast forms, so that each can be tested against the other. Settings are
written out: (height, width) for stride and dilation, ((top, bottom), (left, right)) for padding. Arguments are trusted.
Positions are found by placing windows while they fit, not by a formula for their number.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cnn_ref._validate import Array

Sides = tuple[tuple[int, int], tuple[int, int]]


def starts(cells: int, begin: int, end: int, kernel_size: int, stride: int, dilation: int) -> list[int]:
    """First cell of each window along one axis; cells of the input are numbered from 0, padding lies outside."""
    reach = (kernel_size - 1) * dilation  # distance from the first tap to the last
    found = []
    start = -begin
    while start + reach < cells + end:
        found.append(start)
        start += stride
    return found


def conv2d(
    image: Array,
    weight: Array,
    bias: Array | None = None,
    stride: tuple[int, int] = (1, 1),
    padding: Sides = ((0, 0), (0, 0)),
    dilation: tuple[int, int] = (1, 1),
    groups: int = 1,
) -> Array:
    """Convolution of (N, C, H, W) with (O, C/groups, kH, kW)."""
    image, weight = _widened(image, weight)
    images, _, height, width = image.shape
    filters, per_group, kernel_height, kernel_width = weight.shape
    tops = starts(height, *padding[0], kernel_height, stride[0], dilation[0])
    lefts = starts(width, *padding[1], kernel_width, stride[1], dilation[1])
    output = np.zeros((images, filters, len(tops), len(lefts)), dtype=image.dtype)
    for n in range(images):
        for o in range(filters):
            first_channel = o // (filters // groups) * per_group
            for i, top in enumerate(tops):
                for j, left in enumerate(lefts):
                    total = output.dtype.type(0) if bias is None else output.dtype.type(bias[o])
                    for c in range(per_group):
                        for y in range(kernel_height):
                            for x in range(kernel_width):
                                row, column = top + y * dilation[0], left + x * dilation[1]
                                if 0 <= row < height and 0 <= column < width:
                                    total += image[n, first_channel + c, row, column] * weight[o, c, y, x]
                    output[n, o, i, j] = total
    return output


def conv2d_backward(
    grad_output: Array,
    image: Array,
    weight: Array,
    stride: tuple[int, int] = (1, 1),
    padding: Sides = ((0, 0), (0, 0)),
    dilation: tuple[int, int] = (1, 1),
    groups: int = 1,
) -> tuple[Array, Array, Array]:
    """Gradients for input, weight and bias: each product of the forward loops passes its share to both factors."""
    image, weight = _widened(image, weight)
    images, _, height, width = image.shape
    filters, per_group, kernel_height, kernel_width = weight.shape
    tops = starts(height, *padding[0], kernel_height, stride[0], dilation[0])
    lefts = starts(width, *padding[1], kernel_width, stride[1], dilation[1])
    grad_image, grad_weight = np.zeros_like(image), np.zeros_like(weight)
    grad_bias = np.zeros(filters, dtype=weight.dtype)
    for n in range(images):
        for o in range(filters):
            first_channel = o // (filters // groups) * per_group
            for i, top in enumerate(tops):
                for j, left in enumerate(lefts):
                    upper = grad_output[n, o, i, j]
                    grad_bias[o] += upper
                    for c in range(per_group):
                        for y in range(kernel_height):
                            for x in range(kernel_width):
                                row, column = top + y * dilation[0], left + x * dilation[1]
                                if 0 <= row < height and 0 <= column < width:
                                    cell = (n, first_channel + c, row, column)
                                    grad_image[cell] += upper * weight[o, c, y, x]
                                    grad_weight[o, c, y, x] += upper * image[cell]
    return grad_image, grad_weight, grad_bias


def conv1d(
    sequence: Array,
    weight: Array,
    bias: Array | None = None,
    stride: int = 1,
    padding: tuple[int, int] = (0, 0),
    dilation: int = 1,
    groups: int = 1,
) -> Array:
    """Convolution of (N, C, W) with (O, C/groups, kW)."""
    sequence, weight = _widened(sequence, weight)
    batch, _, width = sequence.shape
    filters, per_group, taps = weight.shape
    lefts = starts(width, *padding, taps, stride, dilation)
    output = np.zeros((batch, filters, len(lefts)), dtype=sequence.dtype)
    for n in range(batch):
        for o in range(filters):
            first_channel = o // (filters // groups) * per_group
            for j, left in enumerate(lefts):
                total = output.dtype.type(0) if bias is None else output.dtype.type(bias[o])
                for c in range(per_group):
                    for x in range(taps):
                        column = left + x * dilation
                        if 0 <= column < width:
                            total += sequence[n, first_channel + c, column] * weight[o, c, x]
                output[n, o, j] = total
    return output


def conv1x1(image: Array, weight: Array, bias: Array | None = None) -> Array:
    """At each cell of (N, C, H, W), each row of (O, C) times the channels."""
    image, weight = _widened(image, weight)
    images, channels, height, width = image.shape
    filters = weight.shape[0]
    output = np.zeros((images, filters, height, width), dtype=image.dtype)
    for n in range(images):
        for o in range(filters):
            for row in range(height):
                for column in range(width):
                    total = output.dtype.type(0) if bias is None else output.dtype.type(bias[o])
                    for c in range(channels):
                        total += image[n, c, row, column] * weight[o, c]
                    output[n, o, row, column] = total
    return output


def conv_transpose2d(
    image: Array,
    weight: Array,
    bias: Array | None = None,
    stride: tuple[int, int] = (1, 1),
    padding: Sides = ((0, 0), (0, 0)),
    output_padding: tuple[int, int] = (0, 0),
    groups: int = 1,
    dilation: tuple[int, int] = (1, 1),
) -> Array:
    """Transposed convolution of (N, C, H, W) with (C, O/groups, kH, kW): stamp on an endless canvas, then cut."""
    image, weight = _widened(image, weight)
    images, channels, height, width = image.shape
    _, per_group, kernel_height, kernel_width = weight.shape
    canvas_height = (height - 1) * stride[0] + (kernel_height - 1) * dilation[0] + 1 + output_padding[0]
    canvas_width = (width - 1) * stride[1] + (kernel_width - 1) * dilation[1] + 1 + output_padding[1]
    canvas = np.zeros((images, per_group * groups, canvas_height, canvas_width), dtype=image.dtype)
    for n in range(images):
        for c in range(channels):
            first_output = c // (channels // groups) * per_group
            for i in range(height):
                for j in range(width):
                    for o in range(per_group):
                        for y in range(kernel_height):
                            for x in range(kernel_width):
                                row, column = i * stride[0] + y * dilation[0], j * stride[1] + x * dilation[1]
                                canvas[n, first_output + o, row, column] += image[n, c, i, j] * weight[c, o, y, x]
    if bias is not None:
        for o in range(per_group * groups):
            canvas[:, o] += canvas.dtype.type(bias[o])
    (top, bottom), (left, right) = padding
    return canvas[:, :, top : canvas_height - bottom, left : canvas_width - right]


def locally_connected2d(
    image: Array,
    weight: Array,
    bias: Array | None = None,
    stride: tuple[int, int] = (1, 1),
    padding: Sides = ((0, 0), (0, 0)),
    dilation: tuple[int, int] = (1, 1),
) -> Array:
    """Layer on (N, C, H, W) whose weights (H_out, W_out, O, C, kH, kW) differ from position to position."""
    image, weight = _widened(image, weight)
    images, channels, height, width = image.shape
    _, _, filters, _, kernel_height, kernel_width = weight.shape
    tops = starts(height, *padding[0], kernel_height, stride[0], dilation[0])
    lefts = starts(width, *padding[1], kernel_width, stride[1], dilation[1])
    output = np.zeros((images, filters, len(tops), len(lefts)), dtype=image.dtype)
    for n in range(images):
        for o in range(filters):
            for i, top in enumerate(tops):
                for j, left in enumerate(lefts):
                    total = output.dtype.type(0) if bias is None else output.dtype.type(bias[o, i, j])
                    for c in range(channels):
                        for y in range(kernel_height):
                            for x in range(kernel_width):
                                row, column = top + y * dilation[0], left + x * dilation[1]
                                if 0 <= row < height and 0 <= column < width:
                                    total += image[n, c, row, column] * weight[i, j, o, c, y, x]
                    output[n, o, i, j] = total
    return output


def _widened(first: Array, second: Array) -> tuple[Array, Array]:
    """Both arrays in a dtype wide enough for sums of products: int64 for integers, NumPy's promotion for floats."""
    common: np.dtype[Any] = np.result_type(first, second)
    wide = common if common.kind == "f" else np.dtype(np.int64)
    return first.astype(wide), second.astype(wide)
