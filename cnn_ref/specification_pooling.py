"""Pooling as a person would explain it: plain loops over output cells and over the cells of one window.

Slow on purpose. These functions are the definition that the fast ones of `cnn_ref.pooling`, `cnn_ref.lp_pooling` and
`cnn_ref.unpooling` are tested against; they take settings as pairs (height, width), padding as
((top, bottom), (left, right)), and check nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cnn_ref._validate import Array

Pair = tuple[int, int]
Cell = tuple[int, int]
Sides = tuple[Pair, Pair]
UNPADDED: Sides = ((0, 0), (0, 0))


def positions(size: int, kernel_size: int, stride: int, padding: Pair, dilation: int, ceil_mode: bool) -> list[int]:
    """First cell of each window along one axis, negative in the padding.

    Examples
    --------
    >>> positions(5, kernel_size=2, stride=2, padding=(0, 0), dilation=1, ceil_mode=True)
    [0, 2, 4]
    """
    begin, end = padding
    found = []
    start = -begin
    while start + dilation * (kernel_size - 1) < size + end:
        found.append(start)
        start += stride
    last = found[-1] + dilation * (kernel_size - 1)  # last cell that a window reaches
    if ceil_mode and last < size + end - 1 and start < size:
        found.append(start)  # hangs over the end, but starts before the padding there
    return found


def windows(
    shape: tuple[int, ...], kernel_size: Pair, stride: Pair, padding: Sides, dilation: Pair, ceil_mode: bool
) -> Iterator[tuple[Cell, Cell, list[Cell]]]:
    """Output cell, first cell, and list of real input cells, for each window in row order.

    Examples
    --------
    >>> next(windows((3, 3), (2, 2), (1, 1), ((1, 1), (1, 1)), (1, 1), False))
    ((0, 0), (-1, -1), [(0, 0)])
    """
    height, width = shape[-2:]
    tops = positions(height, kernel_size[0], stride[0], padding[0], dilation[0], ceil_mode)
    lefts = positions(width, kernel_size[1], stride[1], padding[1], dilation[1], ceil_mode)
    for y, top in enumerate(tops):
        for x, left in enumerate(lefts):
            cells = [
                (top + dilation[0] * i, left + dilation[1] * j)
                for i in range(kernel_size[0])
                for j in range(kernel_size[1])
            ]
            yield (y, x), (top, left), [(i, j) for i, j in cells if 0 <= i < height and 0 <= j < width]


def _output(images: Array, windows_of: list[tuple[Cell, Cell, list[Cell]]], dtype: np.dtype[np.generic]) -> Array:
    last_y, last_x = windows_of[-1][0]
    return np.zeros((*images.shape[:2], last_y + 1, last_x + 1), dtype)


def max_pool2d(
    images: Array,
    kernel_size: Pair,
    stride: Pair,
    padding: Sides = UNPADDED,
    dilation: Pair = (1, 1),
    ceil_mode: bool = False,
) -> tuple[Array, Array]:
    """Maximum and flat index of the first one (of the last NaN) of each window; -inf and -1 without a real cell.

    Examples
    --------
    >>> max_pool2d(np.array([[[[1.0, 5.0, 2.0]]]]), (1, 2), (1, 1))[0].tolist()
    [[[[5.0, 5.0]]]]
    """
    found = list(windows(images.shape, kernel_size, stride, padding, dilation, ceil_mode))
    values, index = _output(images, found, images.dtype), _output(images, found, np.dtype(np.int64))
    for n, c in np.ndindex(*images.shape[:2]):
        for (y, x), _, cells in found:
            winner = None
            for i, j in cells:
                value = images[n, c, i, j]
                if winner is None or value > images[n, c, winner[0], winner[1]] or value != value:
                    winner = (i, j)
            values[n, c, y, x] = -np.inf if winner is None else images[n, c, winner[0], winner[1]]
            index[n, c, y, x] = -1 if winner is None else winner[0] * images.shape[3] + winner[1]
    return values, index


def avg_pool2d(
    images: Array,
    kernel_size: Pair,
    stride: Pair,
    padding: Sides = UNPADDED,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
    dilation: Pair = (1, 1),
) -> Array:
    """Mean of each window, over the cells that count.

    Examples
    --------
    >>> avg_pool2d(np.array([[[[1.0, 5.0, 3.0]]]]), (1, 2), (1, 1)).tolist()
    [[[[3.0, 4.0]]]]
    """
    found = list(windows(images.shape, kernel_size, stride, padding, dilation, ceil_mode))
    result = _output(images, found, np.dtype(np.float64))
    height, width = images.shape[2:]
    for n, c in np.ndindex(*images.shape[:2]):
        for (y, x), (top, left), cells in found:
            divisor = divisor_override or len(cells)
            if count_include_pad and not divisor_override:
                divisor = sum(
                    top + dilation[0] * i < height + padding[0][1] and left + dilation[1] * j < width + padding[1][1]
                    for i in range(kernel_size[0])
                    for j in range(kernel_size[1])
                )
            result[n, c, y, x] = sum(images[n, c, i, j] for i, j in cells) / divisor if divisor else np.nan
    return result


def lp_pool2d(
    images: Array,
    norm_type: float,
    kernel_size: Pair,
    stride: Pair,
    ceil_mode: bool = False,
    padding: Sides = UNPADDED,
    dilation: Pair = (1, 1),
) -> Array:
    """p-norm of each window.

    Examples
    --------
    >>> lp_pool2d(np.array([[[[3.0, -4.0]]]]), 2, (1, 2), (1, 1)).tolist()
    [[[[5.0]]]]
    """
    found = list(windows(images.shape, kernel_size, stride, padding, dilation, ceil_mode))
    result = _output(images, found, np.dtype(np.float64))
    for n, c in np.ndindex(*images.shape[:2]):
        for (y, x), _, cells in found:
            result[n, c, y, x] = sum(abs(images[n, c, i, j]) ** norm_type for i, j in cells) ** (1 / norm_type)
    return result


def max_unpool2d(images: Array, indices: Array, output_size: Pair) -> Array:
    """Zeros of the given size with each value put where its index says; of several at one place the last stays.

    Examples
    --------
    >>> max_unpool2d(np.array([[[[7.0]]]]), np.array([[[[2]]]]), (2, 2)).tolist()
    [[[[0.0, 0.0], [7.0, 0.0]]]]
    """
    result = np.zeros((*images.shape[:2], *output_size), images.dtype)
    for n, c, y, x in np.ndindex(*images.shape):
        row, column = divmod(int(indices[n, c, y, x]), output_size[1])
        result[n, c, row, column] = images[n, c, y, x]
    return result
