"""Pooling on checked arguments: per axis first rows, then columns, block by block so that the work stays in the cache.

Padding is never stored: each tap of the window is a strided view of the real cells, combined with the outputs that it
reaches.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from cnn_ref._validate import Array

BLOCK_CELLS = 1 << 16
"""Input cells per block: with its row results a block of float64 fits into the second-level cache."""


class Axis(NamedTuple):
    """A window at `windows` positions along an axis of `cells` cells, padded by `begin` and `end`."""

    cells: int
    windows: int
    kernel_size: int
    stride: int
    begin: int
    end: int
    dilation: int = 1

    def tap(self, number: int) -> tuple[slice, slice]:
        """Windows whose tap `number` lies on a real cell, and those cells; both slices have the same length."""
        first = number * self.dilation - self.begin  # cell under this tap in window 0
        low = max(0, -(first // self.stride))
        high = min(self.windows, (self.cells - 1 - first) // self.stride + 1)
        if high <= low:
            return slice(0, 0), slice(0, 0)
        start = first + low * self.stride
        return slice(low, high), slice(start, start + (high - low - 1) * self.stride + 1, self.stride)

    def taps(self) -> Iterator[tuple[slice, slice]]:
        """All taps from the first to the last."""
        return (self.tap(number) for number in range(self.kernel_size))

    def starts(self) -> Array:
        """First cell of each window; negative in the padding."""
        return np.arange(self.windows) * self.stride - self.begin

    def real_cells(self) -> Array:
        """Count the real cells in each window."""
        counts = np.zeros(self.windows, dtype=np.int64)
        for outputs, _ in self.taps():
            counts[outputs] += 1
        return counts

    def padded_cells(self) -> Array:
        """Count the real and padded cells in each window, without what hangs over the padding."""
        taps = np.arange(self.kernel_size) * self.dilation
        inside = self.starts()[:, None] + taps < self.cells + self.end  # -> (windows, taps)
        counts: Array = inside.sum(axis=1)
        return counts


def blocks(planes: int, cells_per_plane: int) -> Iterator[slice]:
    """Slices of whole planes of about `BLOCK_CELLS` cells."""
    step = max(1, BLOCK_CELLS // max(1, cells_per_plane))
    return (slice(start, min(start + step, planes)) for start in range(0, planes, step))


def reduce_windows(planes: Array, rows: Axis, columns: Axis, combine: np.ufunc, empty: float) -> Array:
    """Combine the real cells of each window with `combine`; a window without one gives `empty`."""
    result = np.empty((len(planes), rows.windows, columns.windows), planes.dtype)
    for block in blocks(len(planes), rows.cells * columns.cells):
        # (P, H, W) -> (P, OH, W) -> (P, OH, OW)
        by_rows = _reduce_axis(planes[block], rows, combine, empty, 1, None)
        _reduce_axis(by_rows, columns, combine, empty, 2, result[block])
    return result


def _reduce_axis(
    cells: Array, axis: Axis, combine: np.ufunc, empty: float, position: int, result: Array | None
) -> Array:
    """Combine the taps of a window along one axis, into `result` where it is given."""
    if result is None:
        result = np.empty((*cells.shape[:position], axis.windows, *cells.shape[position + 1 :]), cells.dtype)
    lead = (slice(None),) * position
    taps = [(outputs, inputs) for outputs, inputs in axis.taps() if outputs.stop > outputs.start]
    # Start from two taps that reach every window, where there are some: nothing has to be filled first.
    whole = [inputs for outputs, inputs in taps if outputs == slice(0, axis.windows)]
    if len(whole) >= 2:
        combine(cells[(*lead, whole[0])], cells[(*lead, whole[1])], out=result)
    elif whole:
        result[...] = cells[(*lead, whole[0])]
    else:
        result.fill(empty)
    for outputs, inputs in taps:
        if inputs not in whole[:2]:
            reached = result[(*lead, outputs)]
            combine(reached, cells[(*lead, inputs)], out=reached)
    return result


def spread_windows(grad: Array, rows: Axis, columns: Axis) -> Array:
    """Add the value of each window to all its real cells: the transpose of summing windows."""
    result = np.empty((len(grad), rows.cells, columns.cells), grad.dtype)
    for block in blocks(len(grad), rows.cells * columns.cells):
        # (P, OH, OW) -> (P, OH, W) -> (P, H, W)
        by_columns = _spread_axis(grad[block], columns, 2, None)
        _spread_axis(by_columns, rows, 1, result[block])
    return result


def _spread_axis(grad: Array, axis: Axis, position: int, result: Array | None) -> Array:
    """Add each window's value to its cells along one axis."""
    shape = (*grad.shape[:position], axis.cells, *grad.shape[position + 1 :])
    result = np.empty(shape, grad.dtype) if result is None else result
    result.fill(0)
    lead = (slice(None),) * position
    for outputs, inputs in axis.taps():
        result[(*lead, inputs)] += grad[(*lead, outputs)]
    return result


def max_with_indices(planes: Array, rows: Axis, columns: Axis, lowest: float) -> tuple[Array, Array]:
    """Maximum of each window and where it is, as row * W + column of the plane; -1 for a window without a real cell.

    The first of equal maxima wins, in row order; of several NaN the last one (as in torch).
    """
    best = reduce_windows(planes, rows, columns, np.maximum, lowest)
    index = np.empty(best.shape, np.int64)
    # Cell under the first tap of each window, and how far each rank (taps left, 0: none) is from it.
    origin = rows.starts()[:, None] * columns.cells + columns.starts()  # -> (OH, OW)
    steps = np.add.outer(
        np.arange(rows.kernel_size) * rows.dilation * columns.cells, np.arange(columns.kernel_size) * columns.dilation
    )
    offsets = np.concatenate([[0], steps.ravel()[::-1]])  # (kH, kW) -> (1 + kH·kW), indexed by rank
    for block in blocks(len(planes), rows.cells * columns.cells):
        ranks = _first_equal(planes[block], best[block], rows, columns)
        if best.dtype.kind == "f" and np.isnan(best[block]).any():
            last = _last_nan(planes[block], best[block], rows, columns)
            ranks = np.where(last > 0, last, ranks)
        np.add(origin, offsets[ranks], out=index[block])
        index[block][ranks == 0] = -1
    return best, index


def _first_equal(planes: Array, best: Array, rows: Axis, columns: Axis) -> Array:
    """Rank of the first tap that equals the maximum: kH·kW for the first tap of all down to 1, and 0 for none."""
    taps = rows.kernel_size * columns.kernel_size
    rank_dtype = np.min_scalar_type(taps)  # bytes for all usual windows: eight times less traffic than indices
    ranks = np.zeros(best.shape, rank_dtype)
    for number, (reached, cells) in enumerate(plane_taps(rows, columns)):
        equal = (planes[cells] == best[reached]).astype(rank_dtype)
        equal *= rank_dtype.type(taps - number)
        np.maximum(ranks[reached], equal, out=ranks[reached])
    return ranks


def _last_nan(planes: Array, best: Array, rows: Axis, columns: Axis) -> Array:
    """Rank (as in `_first_equal`) of the last tap that is NaN, 0 for none."""
    taps = rows.kernel_size * columns.kernel_size
    ranks = np.zeros(best.shape, np.int64)
    for number, (reached, cells) in enumerate(plane_taps(rows, columns)):
        ranks[reached] = np.where(np.isnan(planes[cells]), taps - number, ranks[reached])
    return ranks


def shared_maxima(grad: Array, planes: Array, rows: Axis, columns: Axis, lowest: float) -> Array:
    """Each window's gradient in equal shares to all cells that are its maximum."""
    best = reduce_windows(planes, rows, columns, np.maximum, lowest)
    taps = [(reached, cells, _same(planes[cells], best[reached])) for reached, cells in plane_taps(rows, columns)]
    winners = np.zeros(best.shape, np.int64)
    for reached, _, equal in taps:
        winners[reached] += equal
    shares = grad / np.maximum(winners, 1).astype(grad.dtype)  # a window without a real cell has no winner
    result = np.zeros(planes.shape, grad.dtype)
    for reached, cells, equal in taps:
        result[cells] += np.where(equal, shares[reached], grad.dtype.type(0))
    return result


def _same(cells: Array, best: Array) -> Array:
    """Equal, where NaN counts as equal to NaN."""
    equal: Array = (cells == best) | ((cells != cells) & (best != best))
    return equal


def plane_taps(rows: Axis, columns: Axis) -> Iterator[tuple[tuple[slice, ...], tuple[slice, ...]]]:
    """All taps of the window in row order: the windows that each reaches, and the cells under it."""
    for window_rows, cell_rows in rows.taps():
        for window_columns, cell_columns in columns.taps():
            yield (slice(None), window_rows, window_columns), (slice(None), cell_rows, cell_columns)


def _flat(planes: Array) -> Array:
    """(P, H, W) -> (P, H·W), spelled out because -1 has no meaning in an empty batch."""
    return planes.reshape(len(planes), planes.shape[1] * planes.shape[2])


def scatter_add(values: Array, index: Array, cells: int) -> Array:
    """Add each value to the cell that `index` names in its plane; index -1 names none."""
    result = np.zeros((len(values), cells), values.dtype)
    flat = _flat(index) + cells * np.arange(len(index))[:, None]
    kept = _flat(index) >= 0
    if kept.all():
        np.add.at(result.reshape(-1), flat.reshape(-1), values.reshape(-1))
    else:
        np.add.at(result.reshape(-1), flat[kept], values.reshape(flat.shape)[kept])
    return result


def scatter(values: Array, index: Array, cells: int) -> Array:
    """Put each value into the cell that `index` names in its plane; the last one stays."""
    result = np.zeros((len(values), cells), values.dtype)
    np.put_along_axis(result, _flat(index), _flat(values), axis=1)
    return result


def gather(planes: Array, index: Array) -> Array:
    """Value of the cell that `index` names in its plane."""
    cells = np.take_along_axis(_flat(planes), _flat(index), axis=1)
    return cells.reshape(index.shape)


def working(array: Array) -> Array:
    """Half precision is summed in single precision: its partial sums would lose digits or overflow."""
    return array.astype(np.float32) if array.dtype == np.float16 else array


def means(planes: Array, rows: Axis, columns: Axis, divisor: Array) -> Array:
    """Sum of each window over its divisor (OH, OW); NaN and infinity pass through without a warning."""
    work = working(planes)
    divisor = divisor.astype(work.dtype)
    with np.errstate(invalid="ignore", over="ignore"):  # 0 / 0 is the mean of a dilated window between all cells
        found = reduce_windows(work, rows, columns, np.add, 0)
        found /= divisor
        if not np.isfinite(found).all():  # a sum may leave the range of floats where the mean does not
            power = (rows.kernel_size * columns.kernel_size).bit_length()
            smaller = reduce_windows(np.ldexp(work, -power), rows, columns, np.add, 0)
            found = np.where(np.isfinite(found), found, np.ldexp(smaller / divisor, power))
        return found.astype(planes.dtype, copy=False)


def means_backward(grad: Array, rows: Axis, columns: Axis, divisor: Array) -> Array:
    """Each window's gradient over its divisor, added to all real cells of the window."""
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        shares = working(grad) / divisor.astype(working(grad).dtype)
        return spread_windows(shares, rows, columns).astype(grad.dtype, copy=False)


def as_planes(images: Array) -> Array:
    """(N, C, H, W) -> (N·C, H, W): a view of a contiguous array."""
    return images.reshape(images.shape[0] * images.shape[1], *images.shape[2:])


def as_images(planes: Array, like: Array) -> Array:
    """(N·C, OH, OW) -> (N, C, OH, OW) with N and C of `like`."""
    return planes.reshape(*like.shape[:2], *planes.shape[1:])
