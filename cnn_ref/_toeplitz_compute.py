"""Filling the matrix of a convolution; arguments are checked by the caller."""

from __future__ import annotations

import numpy as np

from cnn_ref._validate import Array
from cnn_ref._window import Window


def fill(weight: Array, size: tuple[int, int], window: Window) -> Array:
    """Return the matrix (O * H_out * W_out, C * H * W) of a convolution with weight (O, C/groups, kH, kW)."""
    filters, per_group = weight.shape[:2]
    (height, width), (rows, columns) = size, window.output
    matrix = np.zeros((filters, rows, columns, per_group * window.groups, height, width), dtype=weight.dtype)
    filter_numbers = np.arange(filters)[:, np.newaxis]
    # The channels that each filter reads: (O, C/groups)
    channels = filter_numbers // (filters // window.groups) * per_group + np.arange(per_group)
    for y in range(window.kernel[0]):
        for x in range(window.kernel[1]):
            from_row, to_row = _meetings(y, 0, height, window)
            from_column, to_column = _meetings(x, 1, width, window)
            # The index arrays broadcast to (output rows, output columns, O, C/groups).
            matrix[
                filter_numbers,
                to_row[:, np.newaxis, np.newaxis, np.newaxis],
                to_column[:, np.newaxis, np.newaxis],
                channels,
                from_row[:, np.newaxis, np.newaxis, np.newaxis],
                from_column[:, np.newaxis, np.newaxis],
            ] = weight[:, :, y, x]
    return matrix.reshape(filters * rows * columns, -1)


def _meetings(tap: int, axis: int, length: int, window: Window) -> tuple[Array, Array]:
    """Return (input positions, output positions) that a tap connects along an axis; padding is left out."""
    outputs = np.arange(window.output[axis])
    inputs = outputs * window.stride[axis] + tap * window.dilation[axis] - window.sides[axis][0]
    inside = (inputs >= 0) & (inputs < length)
    return inputs[inside], outputs[inside]
