"""Convolution as matrix products over unfolded blocks; arguments are checked by the callers.

The input of a convolution unfolds to C * kH * kW numbers per output cell. A block of images or of output rows is
unfolded at a time, so that the copy stays within `memory_bound`, and one BLAS product handles the block.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cnn_ref import _depthwise_compute as depthwise
from cnn_ref._validate import Array
from cnn_ref._window import Window, pad, seen, tap_slices

SMALLEST_BLOCK = 2**18  # bytes; below this a block costs more in Python than it saves in memory
LARGEST_BLOCK = 2**23  # bytes; beyond this products gain nothing and the copy leaves the cache


def memory_bound(*arrays: Array) -> int:
    """Return how many bytes an unfolded block may take, next to arrays of the operation itself."""
    return int(np.clip(sum(array.nbytes for array in arrays), SMALLEST_BLOCK, LARGEST_BLOCK))


def blocks(images: int, output: tuple[int, int], bytes_per_cell: int, bound: int) -> Iterator[tuple[slice, int, int]]:
    """Yield (images, first output row, rows): whole images while they fit into `bound`, else rows of one image."""
    rows, columns = output
    bytes_per_image = bytes_per_cell * rows * columns
    if bytes_per_image <= bound:
        step = max(1, bound // bytes_per_image)
        yield from ((slice(first, min(first + step, images)), 0, rows) for first in range(0, images, step))
        return
    step = max(1, bound // (bytes_per_cell * columns))
    for image in range(images):
        for first in range(0, rows, step):
            yield slice(image, image + 1), first, min(step, rows - first)


def forward(image: Array, weight: Array, window: Window) -> Array:
    """Return the cross-correlation of (N, C, H, W) with (O, C/groups, kH, kW): (N, O, H_out, W_out)."""
    images, filters, groups = image.shape[0], weight.shape[0], window.groups
    if window.only_scales and image.shape[2:] == window.output:
        return _scale(image, weight, groups)
    if depthwise.applies(weight, groups):
        return depthwise.forward(image, weight, window)
    output = np.empty((images, filters, *window.output), dtype=image.dtype)
    matrix = weight.reshape(groups, filters // groups, -1)  # (O, C/groups, kH, kW) -> (groups, O/groups, taps)
    for which, first, rows, unfolded in _unfolded(image, window, memory_bound(image, weight, output)):
        target = output[which, :, first : first + rows]
        cells = unfolded.shape[-1]
        if target.shape[0] == 1:
            # (O, rows, W_out) of one image -> (groups, O/groups, cells): a view, so BLAS writes in place
            place = target[0].reshape(groups, filters // groups, cells, copy=False)
            np.matmul(matrix, unfolded, out=place)
        else:
            product = matrix @ unfolded  # (groups, O/groups, taps) @ (groups, taps, cells)
            # (groups, O/groups, N * rows * W_out) -> (N, O, rows, W_out)
            target[...] = product.reshape(filters, -1, rows, window.output[1]).swapaxes(0, 1)
    return output


def grad_weight(grad_output: Array, image: Array, weight_shape: tuple[int, ...], window: Window) -> Array:
    """Return the gradient of `forward` for the weight: each block adds grad_output times what the taps saw."""
    filters, groups = weight_shape[0], window.groups
    if depthwise.applies_to_shape(weight_shape, groups):
        return depthwise.grad_weight(grad_output, image, weight_shape, window)
    total = np.zeros((groups, filters // groups, weight_shape[1] * window.taps), dtype=image.dtype)
    if window.only_scales and image.shape[2:] == window.output:
        for one, upper in zip(image, grad_output, strict=True):
            seen_once = one.reshape(groups, weight_shape[1], -1)  # (C, H, W) -> (groups, C/groups, cells)
            total += upper.reshape(groups, filters // groups, -1) @ seen_once.swapaxes(1, 2)
        return total.reshape(weight_shape)
    empty = True
    for which, first, rows, unfolded in _unfolded(image, window, memory_bound(image, grad_output, total)):
        # (N, O, rows, W_out) -> (groups, O/groups, N * rows * W_out)
        upper = grad_output[which, :, first : first + rows].swapaxes(0, 1).reshape(groups, filters // groups, -1)
        if empty:
            empty = False
            np.matmul(upper, unfolded.swapaxes(1, 2), out=total)
        else:
            total += upper @ unfolded.swapaxes(1, 2)
    return total.reshape(weight_shape)


def grad_input(grad_output: Array, weight: Array, size: tuple[int, int], window: Window) -> Array:
    """Return the gradient of `forward` for an input of the given (height, width)."""
    if window.only_scales and size == grad_output.shape[2:]:  # output padding makes a transposed output larger
        return _scale(grad_output, _swap_channels(weight, window.groups), window.groups)
    if depthwise.applies(weight, window.groups):
        return depthwise.grad_input(grad_output, weight, size, window)
    turned = _turned_window(window, size)
    if turned is not None and _gathering_is_cheaper(grad_output, weight, window):
        flipped = _swap_channels(weight, window.groups)[:, :, ::-1, ::-1]
        return forward(grad_output, np.ascontiguousarray(flipped), turned)
    return _scatter(grad_output, weight, size, window)


def _turned_window(window: Window, size: tuple[int, int]) -> Window | None:
    """Return the window that gathers the input gradient of a stride-1 convolution, None where there is none.

    With stride 1 the gradient is itself a convolution: of grad_output with the flipped weights and the padding that
    completes each side to d(k - 1). It reads every number once where scattering adds it taps times.
    """
    if window.stride != (1, 1):
        return None
    sides = []
    for axis in range(2):
        reach = window.dilation[axis] * (window.kernel[axis] - 1)
        begin = reach - window.sides[axis][0]
        sides.append((begin, size[axis] + reach - window.output[axis] - begin))
    if min(cells for ends in sides for cells in ends) < 0:
        return None  # more padding than the kernel reaches: some of grad_output meets padding only
    return Window(window.kernel, (1, 1), tuple(sides), window.dilation, size, window.groups)


def _gathering_is_cheaper(grad_output: Array, weight: Array, window: Window) -> bool:
    """Whether unfolding grad_output (and flipping the weight) moves fewer numbers than adding up the taps' shares."""
    filters, channels = weight.shape[0], weight.shape[1] * window.groups
    cells = grad_output.size // filters
    gathered = filters * cells + 2 * weight.size // window.taps  # per tap; the flipped copy is read across memory
    return bool(gathered <= 3 * channels * cells)  # each share is written, read again and added


def _scatter(grad_output: Array, weight: Array, size: tuple[int, int], window: Window) -> Array:
    """Return the input gradient by adding each tap's share where the tap had looked."""
    images, filters, groups = grad_output.shape[0], weight.shape[0], window.groups
    channels = weight.shape[1] * groups
    (top, bottom), (left, right) = window.sides
    height, width = size
    # (O, C/groups, kH, kW) -> (groups, taps, O/groups)
    matrix = weight.reshape(groups, filters // groups, -1).swapaxes(1, 2)
    gradient = np.zeros((images, channels, top + height + bottom, left + width + right), dtype=weight.dtype)
    bytes_per_cell = channels * window.taps * weight.itemsize
    for which, first, rows in blocks(
        images, window.output, bytes_per_cell, memory_bound(grad_output, weight, gradient)
    ):
        upper = grad_output[which, :, first : first + rows].swapaxes(0, 1).reshape(groups, filters // groups, -1)
        shares = (matrix @ upper).reshape(channels, *window.kernel, -1, rows, window.output[1])
        target = gradient[which].swapaxes(0, 1)  # (N, C, H, W) -> (C, N, H, W)
        for y, x, down, across in tap_slices(window, first, rows):
            target[..., down, across] += shares[:, y, x]
    return np.ascontiguousarray(gradient[..., top : top + height, left : left + width])


def _unfolded(image: Array, window: Window, bound: int) -> Iterator[tuple[slice, int, int, Array]]:
    """Yield (images, first row, rows, what the taps saw there as (groups, C/groups * taps, cells))."""
    channels = image.shape[1]
    buffer = np.empty(0, dtype=image.dtype)
    current, padded = slice(0, 0), image
    for which, first, rows in blocks(image.shape[0], window.output, channels * window.taps * image.itemsize, bound):
        if which != current:
            current, padded = which, pad(image[which], window.sides)
        view = seen(padded, window, first, rows)
        if buffer.size < view.size:
            buffer = np.empty(view.size, dtype=image.dtype)
        block = buffer[: view.size].reshape(view.shape)
        np.copyto(block, view)
        # (C, kH, kW, N, rows, W_out) -> (groups, C/groups * kH * kW, N * rows * W_out)
        yield which, first, rows, block.reshape(window.groups, channels // window.groups * window.taps, -1)


def _scale(image: Array, weight: Array, groups: int) -> Array:
    """Return a 1x1 convolution: one matrix product over the channels, on views of both arguments."""
    images, channels, height, width = image.shape
    matrix = weight.reshape(groups, -1, channels // groups)  # (O, C/groups, 1, 1) -> (groups, O/groups, C/groups)
    cells = image.reshape(images, groups, channels // groups, height * width)
    product: Array = matrix @ cells
    return product.reshape(images, weight.shape[0], height, width)


def _swap_channels(weight: Array, groups: int) -> Array:
    """Return the weight of the opposite direction: (O, C/groups, kH, kW) -> (C, O/groups, kH, kW)."""
    filters, per_group, *kernel = weight.shape
    split = weight.reshape(groups, filters // groups, per_group, *kernel)
    return split.swapaxes(1, 2).reshape(groups * per_group, filters // groups, *kernel)
