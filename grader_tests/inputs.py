"""Inputs of the hidden cases: small integers, so that results are exact, and never symmetric."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader_tests.question import Generator

Array = NDArray[Any]


def image(rng: Generator, *shape: int) -> Array:
    """Return whole numbers from -9 to 9 as float64, shape=(N, C, H, W): every image and channel differs."""
    return rng.integers(-9, 10, shape).astype(np.float64)


def filters(rng: Generator, *shape: int) -> Array:
    """Return whole numbers from -4 to 4 without 0 as float64, shape=(O, C, kH, kW): no tap is lost on any case.

    The corners of each channel differ from each other, so that no turn or flip leaves a filter unchanged.
    """
    while True:
        weight = rng.choice([-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0], shape)
        if all(_has_no_symmetry(plane) for plane in weight.reshape(-1, *shape[-2:])):
            return weight


def biases(rng: Generator, filters: int) -> Array:
    """Return different numbers from 10 upwards, so that a forgotten or shared bias shows in every value."""
    return 10.0 * rng.permutation(np.arange(1, filters + 1)) + rng.integers(1, 9)


def columns_first(numbers: Array) -> Array:
    """Return the same numbers stored in another order: the last axis varies slowest."""
    return np.asfortranarray(numbers)


def _has_no_symmetry(plane: Array) -> bool:
    turned = [plane[::-1, ::-1]]
    if plane.shape[0] > 1:
        turned.append(plane[::-1])
    if plane.shape[1] > 1:
        turned.append(plane[:, ::-1])
    if plane.shape[0] == plane.shape[1]:
        turned.append(plane.T)
    return plane.size == 1 or not any(np.array_equal(plane, other) for other in turned)
