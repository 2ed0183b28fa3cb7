"""Convolution whose filters each read one channel: tap by tap, because its matrix products would be single rows.

A tap sees the input shifted by a constant. If the padded plane is laid out as one row of numbers, that shift is one
offset, so each tap is one long slice; the cells in which a slice runs over the end of a row are computed and dropped.
With a stride the plane is first sorted into its phases (rows and columns modulo the stride), which makes every tap a
slice of one phase.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cnn_ref._validate import Array
from cnn_ref._window import Window, pad, tap_slices

CHUNK = 2**16  # numbers in one sum: sum, product and slice then stay in the second-level cache


def applies(weight: Array, groups: int) -> bool:
    """Whether each filter reads one channel and there is more than one group."""
    return applies_to_shape(weight.shape, groups)


def applies_to_shape(weight_shape: tuple[int, ...], groups: int) -> bool:
    """Whether a weight of this shape makes a depthwise convolution."""
    return groups > 1 and weight_shape[1] == 1


@dataclass(frozen=True, slots=True)
class Phases:
    """Layout of padded planes as (C, stride, stride, rows, columns), each phase one row of numbers."""

    window: Window
    rows: int
    columns: int

    @property
    def length(self) -> int:
        """Numbers from the first output cell to the last, dropped cells between rows included."""
        return (self.window.output[0] - 1) * self.columns + self.window.output[1]

    def split(self, planes: Array) -> Array:
        """Return (C, H, W) as (C, stride, stride, rows * columns)."""
        stride_y, stride_x = self.window.stride
        if (stride_y, stride_x) == (1, 1):
            return planes.reshape(len(planes), 1, 1, -1)
        phases = np.zeros((len(planes), stride_y, stride_x, self.rows, self.columns), dtype=planes.dtype)
        for y in range(stride_y):
            for x in range(stride_x):
                part = planes[:, y::stride_y, x::stride_x]
                phases[:, y, x, : part.shape[1], : part.shape[2]] = part
        return phases.reshape(len(planes), stride_y, stride_x, -1)

    def join(self, phases: Array, planes: Array) -> None:
        """Write (C, stride, stride, rows * columns) back to (C, H, W)."""
        stride_y, stride_x = self.window.stride
        split = phases.reshape(len(planes), stride_y, stride_x, self.rows, self.columns)
        for y in range(stride_y):
            for x in range(stride_x):
                part = planes[:, y::stride_y, x::stride_x]
                part[...] = split[:, y, x, : part.shape[1], : part.shape[2]]

    def taps(self) -> Iterator[tuple[int, int, tuple[int, int], slice]]:
        """Yield each tap with the phase that it reads and its slice there."""
        for y in range(self.window.kernel[0]):
            down, phase_y = divmod(y * self.window.dilation[0], self.window.stride[0])
            for x in range(self.window.kernel[1]):
                right, phase_x = divmod(x * self.window.dilation[1], self.window.stride[1])
                start = down * self.columns + right
                yield y, x, (phase_y, phase_x), slice(start, start + self.length)


def forward(image: Array, weight: Array, window: Window) -> Array:
    """Return the depthwise convolution (N, C, H, W) -> (N, C * multiplier, H_out, W_out)."""
    images, channels = image.shape[:2]
    multiplier = weight.shape[0] // channels
    rows, columns = window.output
    output = np.empty((images, channels, multiplier, rows, columns), dtype=image.dtype)
    # (C * multiplier, 1, kH, kW) -> (C, multiplier, kH, kW, 1)
    factors = weight.reshape(channels, multiplier, *window.kernel, 1)
    layout = _layout(image.shape[2:], window)
    for number, some in _chunks(images, channels, multiplier * layout.rows * layout.columns):
        phases = layout.split(pad(image[number, some], window.sides))
        total = np.zeros((len(phases), multiplier, rows * layout.columns), dtype=image.dtype)
        summed = total[..., : layout.length]
        product = np.empty_like(summed)
        for y, x, (phase_y, phase_x), cells in layout.taps():
            # (C, 1, length) * (C, multiplier, 1) -> (C, multiplier, length)
            summed += np.multiply(phases[:, phase_y, phase_x, np.newaxis, cells], factors[some, :, y, x], out=product)
        output[number, some] = total.reshape(-1, multiplier, rows, layout.columns)[..., :columns]
    return output.reshape(images, channels * multiplier, rows, columns)


def grad_weight(grad_output: Array, image: Array, weight_shape: tuple[int, ...], window: Window) -> Array:
    """Return the gradient for the weight: one sum of products per tap.

    The slices of the forward pass would not do here: a NaN in a dropped cell would enter the sum.
    """
    images, channels = image.shape[:2]
    multiplier = weight_shape[0] // channels
    total = np.zeros((channels, multiplier, *window.kernel), dtype=image.dtype)
    slices = tap_slices(window, 0, window.output[0])
    for number, some in _chunks(images, channels, image.shape[2] * image.shape[3]):
        padded = pad(image[number, some], window.sides)
        upper = grad_output[number].reshape(channels, multiplier, *window.output)[some]
        for y, x, down, across in slices:
            seen = padded[:, down, across]
            for copy in range(multiplier):
                total[some, copy, y, x] += np.einsum("chw,chw->c", seen, upper[:, copy])
    return total.reshape(weight_shape)


def grad_input(grad_output: Array, weight: Array, size: tuple[int, int], window: Window) -> Array:
    """Return the gradient for an input of the given (height, width)."""
    images, channels = grad_output.shape[0], window.groups
    multiplier = weight.shape[0] // channels
    rows, columns = window.output
    (top, bottom), (left, right) = window.sides
    height, width = size
    gradient = np.empty((images, channels, top + height + bottom, left + width + right), dtype=weight.dtype)
    factors = weight.reshape(channels, multiplier, *window.kernel, 1)
    layout = _layout(size, window)
    for number, some in _chunks(images, channels, layout.rows * layout.columns):
        upper = grad_output[number].reshape(channels, multiplier, rows, columns)[some]
        # A zero in every dropped cell: (C, multiplier, H_out, W_out) -> (C, multiplier, length)
        spread = np.zeros((*upper.shape[:2], rows, layout.columns), dtype=weight.dtype)
        spread[..., :columns] = upper
        shares = spread.reshape(*upper.shape[:2], -1)[..., : layout.length]
        phases = np.zeros((len(upper), *window.stride, layout.rows * layout.columns), dtype=weight.dtype)
        product = np.empty((len(upper), layout.length), dtype=weight.dtype)
        for y, x, (phase_y, phase_x), cells in layout.taps():
            target = phases[:, phase_y, phase_x, cells]
            for copy in range(multiplier):
                target += np.multiply(shares[:, copy], factors[some, copy, y, x], out=product)
        layout.join(phases, gradient[number, some])
    return np.ascontiguousarray(gradient[..., top : top + height, left : left + width])


def _layout(size: tuple[int, ...], window: Window) -> Phases:
    """Return the layout of the padded planes of an input of the given size; every phase is as large as the largest."""
    padded = [length + sum(ends) for length, ends in zip(size, window.sides, strict=True)]
    rows, columns = (-(-length // stride) for length, stride in zip(padded, window.stride, strict=True))
    return Phases(window, rows, columns)


def _chunks(images: int, channels: int, numbers_per_channel: int) -> Iterator[tuple[int, slice]]:
    """Yield (image, channels) so that a chunk holds about `CHUNK` numbers."""
    step = max(1, CHUNK // numbers_per_channel)
    for number in range(images):
        for first in range(0, channels, step):
            yield number, slice(first, min(first + step, channels))
