"""p-norms of pooling windows on checked arguments, for values of any size."""

from __future__ import annotations

import numpy as np

from cnn_ref._pool_compute import Axis, plane_taps, reduce_windows, spread_windows, working
from cnn_ref._validate import Array


def norms(planes: Array, rows: Axis, columns: Axis, order: float) -> Array:
    """p-norm of each window."""
    work = np.abs(working(planes))
    with np.errstate(invalid="ignore", over="ignore"):
        if _powers_fit(work, order, rows.kernel_size * columns.kernel_size):
            found = reduce_windows(work**order, rows, columns, np.add, 0) ** (1 / order)
        else:
            found = _norms_by_largest(work, rows, columns, order)
        return found.astype(planes.dtype, copy=False)


def _norms_by_largest(magnitudes: Array, rows: Axis, columns: Axis, order: float) -> Array:
    """p-norms from each window's values over the window's largest: tap by tap, since a cell lies in many windows."""
    largest = reduce_windows(magnitudes, rows, columns, np.maximum, 0)
    scale = np.where((largest == 0) | np.isinf(largest), magnitudes.dtype.type(1), largest)
    sums = np.zeros_like(scale)
    for reached, cells in plane_taps(rows, columns):
        sums[reached] += (magnitudes[cells] / scale[reached]) ** order
    found: Array = scale * sums ** (1 / order)
    return found


def _powers_fit(magnitudes: Array, order: float, terms: int) -> bool:
    """Say whether the powers of all finite magnitudes and sums of so many stay in the range of normal floats."""
    usual = magnitudes[np.isfinite(magnitudes) & (magnitudes > 0)]
    if not usual.size:
        return True
    limits = np.finfo(magnitudes.dtype)
    low, high = np.log2(np.array([usual.min(), usual.max()], np.float64)) * order
    return bool(low > limits.minexp and high + np.log2(terms) < limits.maxexp)


def norms_backward(grad: Array, planes: Array, rows: Axis, columns: Axis, order: float) -> Array:
    """sign(x) (|x| / norm)^(p - 1) of each window's gradient; 0 where the norm is 0."""
    work, dtype = working(planes), grad.dtype
    magnitudes, grad = np.abs(work), working(grad)
    with np.errstate(invalid="ignore", over="ignore"):
        norm = norms(work, rows, columns, order)
        if _powers_fit(magnitudes, order, rows.kernel_size * columns.kernel_size):
            scale = norm ** (order - 1)
            shares = np.divide(grad, scale, out=np.zeros_like(scale), where=scale != 0)
            slopes = magnitudes ** (order - 1) * spread_windows(shares, rows, columns)
        else:
            slopes, divisor = np.zeros_like(magnitudes), np.where(norm == 0, norm.dtype.type(1), norm)
            for reached, cells in plane_taps(rows, columns):
                slopes[cells] += (magnitudes[cells] / divisor[reached]) ** (order - 1) * grad[reached]
        return (np.sign(work) * slopes).astype(dtype, copy=False)
