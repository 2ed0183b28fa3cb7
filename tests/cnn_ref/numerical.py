"""Gradients by central differences: the definition of a derivative, for any function of arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def numerical_gradient(function: Callable[[Array], Array], at: Array, grad_output: Array, step: float = 1.0) -> Array:
    """Gradient of sum(grad_output * function(x)) at x = `at`.

    For a function that is linear in x a step of 1 is exact, and with whole numbers free of rounding.
    """
    gradient = np.empty(at.shape, dtype=np.float64)
    for index in np.ndindex(at.shape):
        raised, lowered = at.astype(np.float64), at.astype(np.float64)
        raised[index] += step
        lowered[index] -= step
        gradient[index] = np.sum(grad_output * (function(raised) - function(lowered))) / (2 * step)
    return gradient
