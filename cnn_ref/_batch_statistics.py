"""Mean and variance of each channel of a batch, for values of any size."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cnn_ref._powers import exponents, shrunk
from cnn_ref._validate import Array


def statistics_axes(batch: Array) -> tuple[int, ...]:
    """Return all axes but the channels'."""
    return (0, *range(2, batch.ndim))


class Statistics(NamedTuple):
    """Mean and variance of each channel (C), the batch with mean 0 and variance 1, and 1 / sqrt(var + eps) (C)."""

    mean: Array
    var: Array
    normal: Array
    inverse: Array


def statistics(batch: Array, eps: float) -> Statistics:
    """Return what training reads off a batch; squares are taken of numbers near 1 only."""
    over = statistics_axes(batch)
    work = batch.astype(np.float32) if batch.dtype == np.float16 else batch
    root = np.sqrt(eps)
    powers = np.maximum(exponents(work, over), exponents(np.asarray(root)))  # (N, C, ...) -> (1, C, 1, ...)
    near_one = shrunk(work, powers)
    low = near_one.min(axis=over, keepdims=True)
    shifted = near_one - low  # a constant channel becomes zero, not the noise that a rounded mean leaves
    average, deviation = shifted.mean(axis=over, keepdims=True), shifted.std(axis=over, keepdims=True)
    spread = np.hypot(deviation, np.ldexp(root, -powers))  # sqrt(var + eps) without their squares
    spread = np.where(spread == 0, 1, spread).astype(work.dtype, copy=False)
    mean, var = np.ldexp(low + average, powers), np.ldexp(deviation**2, 2 * powers)
    inverse = np.ldexp(1 / spread, -powers)
    return Statistics(mean.ravel(), var.ravel(), (shifted - average) / spread, inverse.ravel())
