"""Wide random inputs of the chapters in code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Call = tuple[tuple[Any, ...], dict[str, Any]]
Generator = np.random.Generator


def _whole(rng: Generator, low: int, high: int) -> int:
    return int(rng.integers(low, high + 1))


def _line(rng: Generator, size: int) -> np.ndarray[Any, Any]:
    return rng.integers(-9, 10, size) if rng.random() < 0.3 else np.round(rng.normal(0, 5, size), 3)


def dilated(rng: Generator) -> Call:
    """Return arguments of `dilated_conv1d`, possible or not."""
    k, dilation = _whole(rng, 1, 4), _whole(rng, 1, 4)
    size = max((k - 1) * dilation + 1 + _whole(rng, -2, 6), 1)
    settings = {"dilation": dilation} if dilation > 1 or rng.random() < 0.5 else {}
    return (_line(rng, size), _line(rng, k)), settings


def full(rng: Generator) -> Call:
    """Return arguments of `full_conv1d`."""
    return (_line(rng, _whole(rng, 1, 8)), _line(rng, _whole(rng, 1, 6))), {}


def transposed(rng: Generator) -> Call:
    """Return arguments of `conv_transpose1d` whose result has a cell at least."""
    size, k = _whole(rng, 1, 6), _whole(rng, 1, 5)
    settings = {"stride": _whole(rng, 1, 4)} if rng.random() < 0.8 else {}
    if rng.random() < 0.8:
        settings["padding"] = _whole(rng, 0, ((size - 1) * settings.get("stride", 1) + k - 1) // 2)
    return (_line(rng, size), _line(rng, k)), settings


def subsampled(rng: Generator) -> Call:
    """Return arguments of `subsample`."""
    rows, columns = _whole(rng, 1, 9), _whole(rng, 1, 9)
    return (rng.permutation(rows * columns).reshape(rows, columns), _whole(rng, 1, 5)), {}


def dense(rng: Generator) -> Call:
    """Return arguments of `dense_as_filters`."""
    units, channels, height, width = (_whole(rng, 1, 4) for _ in range(4))
    return (rng.normal(size=(units, channels * height * width)), channels, height, width), {}


def in_use(rng: Generator) -> Call:
    """Return arguments of `batch_norm_in_use`."""
    images, channels, height, width = (_whole(rng, 1, 4) for _ in range(4))
    x, variance = rng.normal(2, 4, (images, channels, height, width)), rng.uniform(0.01, 5, channels)
    numbers = (rng.normal(size=channels), rng.normal(size=channels), rng.normal(size=channels), variance)
    return (x, *numbers), ({"eps": float(rng.uniform(0.01, 2))} if rng.random() < 0.5 else {})


def unpooled(rng: Generator) -> Call:
    """Return arguments of `max_unpool1d`; no place comes twice."""
    size = _whole(rng, 1, 12)
    count = _whole(rng, 1, size)
    return (_line(rng, count), rng.permutation(size)[:count], size), {}


CHAPTERS: dict[str, Callable[[Generator], Call]] = {
    "chap1-dilated": dilated,
    "chap1-full": full,
    "chap1-transposed": transposed,
    "chap1-subsample": subsampled,
    "chap1-dense": dense,
    "chap1-batch-norm-in-use": in_use,
    "chap1-unpool": unpooled,
}
"""Question id -> one random call within the contract."""
