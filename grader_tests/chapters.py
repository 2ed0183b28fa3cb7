"""Right answers of the chapters that `cnn_ref` has under another name or in a more general form."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

import cnn_ref
from grader_tests.inputs import Array


def dilated_conv1d(x: ArrayLike, weight: ArrayLike, dilation: int = 1) -> Array:
    """Return the outputs of a filter on a line that reads every `dilation`-th cell."""
    line, taps = np.asarray(x)[None, None], np.asarray(weight)[None, None]
    outputs: Array = cnn_ref.conv1d(line, taps, dilation=dilation)[0, 0]
    return outputs


def full_conv1d(x: ArrayLike, weight: ArrayLike) -> Array:
    """Return the outputs of a filter on a line wherever the two overlap."""
    line, taps = np.asarray(x)[None, None], np.asarray(weight)[None, None]
    outputs: Array = cnn_ref.conv1d(line, taps, padding=taps.shape[2] - 1)[0, 0]
    return outputs


def conv_transpose1d(x: ArrayLike, weight: ArrayLike, stride: int = 1, padding: int = 0) -> Array:
    """Return the sum of the stamps that a line leaves, without `padding` cells at each end."""
    line, stamp = np.asarray(x)[None, None], np.asarray(weight)[None, None]
    cells: Array = cnn_ref.conv_transpose1d(line, stamp, stride=stride, padding=padding)[0, 0]
    return cells


def subsample(dense: ArrayLike, stride: int) -> Array:
    """Return what a layer with a stride computes, taken from the map of stride 1, shape (H, W)."""
    maps = np.asarray(dense)[None, None]
    kept: Array = cnn_ref.conv2d(maps, np.ones((1, 1, 1, 1), dtype=maps.dtype), stride=stride)[0, 0]
    return kept


def dense_as_filters(weight: ArrayLike, channels: int, height: int, width: int) -> Array:
    """Return the rows of a dense layer as filters as large as its input, (U, C·H·W) -> (U, C, H, W)."""
    table = np.asarray(weight)
    filters = np.empty((len(table), channels, height, width), dtype=table.dtype)
    for cell, place in enumerate(np.ndindex(channels, height, width)):
        filters[(slice(None), *place)] = table[:, cell]
    return filters


def batch_norm_in_use(
    x: ArrayLike, gamma: ArrayLike, beta: ArrayLike, mean: ArrayLike, variance: ArrayLike, eps: float = 1e-5
) -> Array:
    """Return maps normalized with stored statistics."""
    return cnn_ref.batch_norm_inference(x, mean, variance, gamma, beta, eps)


def max_unpool1d(values: ArrayLike, places: Iterable[int], size: int) -> Array:
    """Return a line of zeros with each value at its place."""
    pooled = np.asarray(values)
    # As one window of `size` cells for each value: `cnn_ref.max_unpool2d` takes sizes that a pooling could have.
    lines = [
        cnn_ref.max_unpool2d([[[[v]]]], [[[[p]]]], (1, size))[0, 0, 0] for v, p in zip(pooled, places, strict=True)
    ]
    line: Array = np.sum(lines, axis=0, dtype=pooled.dtype)
    return line
