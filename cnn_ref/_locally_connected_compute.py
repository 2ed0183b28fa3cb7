"""Locally connected layer as one small matrix product per output position; arguments are checked by the callers."""

from __future__ import annotations

import numpy as np

from cnn_ref._validate import Array
from cnn_ref._window import Window, pad, seen, tap_slices


def forward(image: Array, weight: Array, window: Window) -> Array:
    """Return the output (N, O, H_out, W_out) for weights (H_out, W_out, O, C, kH, kW)."""
    rows, columns, filters = weight.shape[:3]
    padded = pad(image, window.sides)
    output = np.empty((image.shape[0], filters, rows, columns), dtype=image.dtype)
    for row in range(rows):  # a row at a time bounds the unfolded copy
        # (W_out, O, taps) @ (W_out, taps, N) -> (W_out, O, N) -> (N, O, W_out)
        product = weight[row].reshape(columns, filters, -1) @ _unfolded_row(padded, window, row)
        output[:, :, row] = product.transpose(2, 1, 0)
    return output


def grad_weight(grad_output: Array, image: Array, weight_shape: tuple[int, ...], window: Window) -> Array:
    """Return the gradient for the weight: at each position grad_output times what its window saw."""
    rows, columns, filters = weight_shape[:3]
    padded = pad(image, window.sides)
    gradient = np.empty((rows, columns, filters, int(np.prod(weight_shape[3:]))), dtype=image.dtype)
    for row in range(rows):
        upper = grad_output[:, :, row].transpose(2, 1, 0)  # (N, O, W_out) -> (W_out, O, N)
        np.matmul(upper, _unfolded_row(padded, window, row).swapaxes(1, 2), out=gradient[row])
    return gradient.reshape(weight_shape)


def grad_input(grad_output: Array, weight: Array, size: tuple[int, int], window: Window) -> Array:
    """Return the gradient for an input of the given (height, width)."""
    rows, columns, filters, channels = weight.shape[:4]
    images = grad_output.shape[0]
    (top, bottom), (left, right) = window.sides
    height, width = size
    gradient = np.zeros((images, channels, top + height + bottom, left + width + right), dtype=weight.dtype)
    for row in range(rows):
        # (N, O, W_out) -> (W_out, N, O); (W_out, N, O) @ (W_out, O, taps) -> (W_out, N, taps)
        upper = grad_output[:, :, row].transpose(2, 0, 1)
        shares = (upper @ weight[row].reshape(columns, filters, -1)).reshape(columns, images, channels, *window.kernel)
        for y, x, down, across in tap_slices(window, row, 1):
            gradient[:, :, down.start, across] += shares[..., y, x].transpose(1, 2, 0)  # (W_out, N, C) -> (N, C, W_out)
    return np.ascontiguousarray(gradient[..., top : top + height, left : left + width])


def _unfolded_row(padded: Array, window: Window, row: int) -> Array:
    """Return what the windows of one output row see, (W_out, C * kH * kW, N)."""
    view = seen(padded, window, row, 1)[..., 0, :]  # (C, kH, kW, N, 1, W_out) -> (C, kH, kW, N, W_out)
    return np.moveaxis(view, -1, 0).reshape(window.output[1], padded.shape[1] * window.taps, padded.shape[0])
