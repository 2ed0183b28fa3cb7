"""The settings of a sliding window after checking, and the strided view of what it sees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided

from cnn_ref._validate import Array, Sides


@dataclass(frozen=True, slots=True)
class Window:
    """Checked settings of a two-dimensional window, each as (height, width).

    `output` is the number of positions; it is stated rather than derived because a transposed convolution with
    output padding uses fewer positions than would fit.
    """

    kernel: tuple[int, int]
    stride: tuple[int, int]
    sides: Sides
    dilation: tuple[int, int]
    output: tuple[int, int]
    groups: int = 1

    @property
    def taps(self) -> int:
        """Number of cells that one window reads in one channel."""
        return self.kernel[0] * self.kernel[1]

    @property
    def padded(self) -> bool:
        """Whether any cell is added."""
        return any(cells for ends in self.sides for cells in ends)

    @property
    def only_scales(self) -> bool:
        """Whether every output cell depends on the one input cell at its own place."""
        return self.taps == 1 and self.stride == (1, 1) and not self.padded


def pad(image: Array, sides: Sides) -> Array:
    """Return `image` with zeros around its last two axes; without padding it is not copied."""
    (top, bottom), (left, right) = sides
    if not (top or bottom or left or right):
        return image
    *leading, height, width = image.shape
    padded = np.zeros((*leading, top + height + bottom, left + width + right), dtype=image.dtype)
    padded[..., top : top + height, left : left + width] = image
    return padded


def seen(padded: Array, window: Window, first_row: int, rows: int) -> Array:
    """Return a read-only view of what each tap sees at the output rows from `first_row` on.

    (N, C, H, W) -> (C, kH, kW, N, rows, W_out)
    """
    batch, channel, down, right = padded.strides
    (stride_y, stride_x), (dilation_y, dilation_x) = window.stride, window.dilation
    shape = (padded.shape[1], *window.kernel, padded.shape[0], rows, window.output[1])
    strides = (channel, down * dilation_y, right * dilation_x, batch, down * stride_y, right * stride_x)
    return as_strided(padded[:, :, first_row * stride_y :], shape, strides, writeable=False)


def tap_slices(window: Window, first_row: int, rows: int) -> list[tuple[int, int, slice, slice]]:
    """Return for each tap (row, column of the tap, slices of the padded rows and columns that it meets)."""
    (stride_y, stride_x), (dilation_y, dilation_x) = window.stride, window.dilation
    columns = window.output[1]
    slices = []
    for y in range(window.kernel[0]):
        top = y * dilation_y + first_row * stride_y
        for x in range(window.kernel[1]):
            left = x * dilation_x
            down = slice(top, top + (rows - 1) * stride_y + 1, stride_y)
            slices.append((y, x, down, slice(left, left + (columns - 1) * stride_x + 1, stride_x)))
    return slices
