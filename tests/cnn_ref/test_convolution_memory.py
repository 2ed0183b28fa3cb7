"""Memory: unfolding is done in blocks, so that a layer needs little more than its own arrays."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest

from cnn_ref import conv2d, conv2d_backward

LAYERS = [
    ((1, 64, 112, 112), (64, 64, 3, 3), {"padding": 1}),
    ((4, 64, 56, 56), (128, 64, 3, 3), {"stride": 2, "padding": 1}),
    ((1, 48, 90, 90), (48, 48, 5, 5), {"padding": 4, "dilation": 2}),
    ((2, 128, 56, 56), (128, 4, 3, 3), {"padding": 1, "groups": 32}),
    ((2, 128, 56, 56), (128, 1, 3, 3), {"padding": 1, "groups": 128}),
    ((1, 128, 56, 56), (256, 128, 1, 1), {}),
]


def peak_bytes(operation: Callable[[], object]) -> int:
    """Return how much more memory was allocated at the worst moment of an operation than before it."""
    tracemalloc.start()
    try:
        operation()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("shape", "weight_shape", "settings"), LAYERS)
def test_forward_needs_at_most_three_times_its_arrays(
    shape: tuple[int, ...], weight_shape: tuple[int, ...], settings: dict[str, int]
) -> None:
    """Input, output, weight and everything in between stay below 3 x (input + output + weight)."""
    image, weight = np.ones(shape, dtype=np.float32), np.ones(weight_shape, dtype=np.float32)
    arrays = image.nbytes + weight.nbytes + conv2d(image, weight, **settings).nbytes
    peak = peak_bytes(lambda: conv2d(image, weight, **settings))
    assert image.nbytes + weight.nbytes + peak < 3 * arrays


@pytest.mark.parametrize(("shape", "weight_shape", "settings"), LAYERS)
def test_backward_needs_at_most_three_times_its_arrays(
    shape: tuple[int, ...], weight_shape: tuple[int, ...], settings: dict[str, int]
) -> None:
    """The same for the gradients, which are as large as input and weight."""
    image, weight = np.ones(shape, dtype=np.float32), np.ones(weight_shape, dtype=np.float32)
    upper = conv2d(image, weight, **settings)
    given = image.nbytes + weight.nbytes + upper.nbytes
    peak = peak_bytes(lambda: conv2d_backward(upper, image, weight, **settings))
    assert given + peak < 3 * (given + image.nbytes + weight.nbytes)


def test_1x1_needs_nothing_but_its_output() -> None:
    """A 1x1 convolution copies neither its input nor its output."""
    image, weight = np.ones((1, 64, 112, 112), dtype=np.float32), np.ones((64, 64, 1, 1), dtype=np.float32)
    assert peak_bytes(lambda: conv2d(image, weight)) < 1.01 * image.nbytes
