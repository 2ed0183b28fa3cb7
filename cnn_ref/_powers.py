"""Powers of two that bring numbers near 1: scaling by them is exact, and squares then neither overflow nor vanish."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnn_ref._validate import Array

Exponents: TypeAlias = NDArray[np.signedinteger[Any]]


def exponents(array: Array, axis: int | tuple[int, ...] | None = None) -> Exponents:
    """Return e, largest magnitude / 2**e in [0.5, 1), along axes that stay with length 1; 0 for zeros and infinity."""
    powers: Exponents = np.frexp(np.abs(array).max(axis=axis, keepdims=True))[1]
    return powers


def shrunk(array: Array, powers: Exponents | int) -> Array:
    """Return the array over 2**powers."""
    scaled: Array = np.ldexp(array, -powers)
    return scaled
