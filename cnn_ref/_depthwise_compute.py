"""Convolution whose filters each read one channel: tap by tap, because its matrix products would be single rows."""

from __future__ import annotations

import numpy as np

from cnn_ref._validate import Array
from cnn_ref._window import Window, pad, tap_slices


def applies(weight: Array, groups: int) -> bool:
    """Whether each filter reads one channel and there is more than one group."""
    return applies_to_shape(weight.shape, groups)


def applies_to_shape(weight_shape: tuple[int, ...], groups: int) -> bool:
    """Whether a weight of this shape makes a depthwise convolution."""
    return groups > 1 and weight_shape[1] == 1


def forward(image: Array, weight: Array, window: Window) -> Array:
    """Return the depthwise convolution (N, C, H, W) -> (N, C * multiplier, H_out, W_out)."""
    images, channels = image.shape[:2]
    multiplier = weight.shape[0] // channels
    output = np.empty((images, channels, multiplier, *window.output), dtype=image.dtype)
    slices = tap_slices(window, 0, window.output[0])
    product = np.empty((multiplier, *window.output), dtype=image.dtype)
    # (C * multiplier, 1, kH, kW) -> (C, multiplier, kH, kW, 1, 1)
    factors = weight.reshape(channels, multiplier, *window.kernel, 1, 1)
    for number in range(images):
        padded = pad(image[number], window.sides)
        # One channel at a time keeps input, product and sum in the cache for all taps.
        for plane, factor, total in zip(padded, factors, output[number], strict=True):
            for y, x, down, across in slices:
                if y == x == 0:
                    np.multiply(plane[down, across], factor[:, y, x], out=total)
                else:
                    total += np.multiply(plane[down, across], factor[:, y, x], out=product)
    return output.reshape(images, channels * multiplier, *window.output)


def grad_weight(grad_output: Array, image: Array, weight_shape: tuple[int, ...], window: Window) -> Array:
    """Return the gradient for the weight: one sum of products per tap."""
    images, channels = image.shape[:2]
    multiplier = weight_shape[0] // channels
    total = np.zeros((channels, multiplier, *window.kernel), dtype=image.dtype)
    slices = tap_slices(window, 0, window.output[0])
    for number in range(images):
        padded = pad(image[number], window.sides)
        upper = grad_output[number].reshape(channels, multiplier, *window.output)
        for y, x, down, across in slices:
            total[:, :, y, x] += np.einsum("chw,cmhw->cm", padded[:, down, across], upper)
    return total.reshape(weight_shape)


def grad_input(grad_output: Array, weight: Array, size: tuple[int, int], window: Window) -> Array:
    """Return the gradient for an input of the given (height, width)."""
    images, channels = grad_output.shape[0], window.groups
    multiplier = weight.shape[0] // channels
    (top, bottom), (left, right) = window.sides
    height, width = size
    gradient = np.zeros((images, channels, top + height + bottom, left + width + right), dtype=weight.dtype)
    slices = tap_slices(window, 0, window.output[0])
    factors = weight.reshape(channels, multiplier, *window.kernel)
    product = np.empty(window.output, dtype=weight.dtype)
    for number in range(images):
        upper = grad_output[number].reshape(channels, multiplier, *window.output)
        for target, factor, planes in zip(gradient[number], factors, upper, strict=True):
            for copy in range(multiplier):
                for y, x, down, across in slices:
                    target[down, across] += np.multiply(planes[copy], factor[copy, y, x], out=product)
    return np.ascontiguousarray(gradient[..., top : top + height, left : left + width])
