"""Dtypes of a sum of products: the one it is computed in, and the one it is returned in.

Floats keep NumPy's promotion (float32 stays float32, float64 stays float64). Integers give int64, exactly: where every
partial sum is known to stay below 2**53 they go through float64, which is exact there and can use BLAS; above it
through int64 arithmetic; where a sum could leave int64 the call is refused rather than wrapped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from cnn_ref._validate import Array

Products: TypeAlias = tuple[int, Array, Array]
"""A sum of that many products of an element of the first array and one of the second."""

LARGEST_EXACT_FLOAT64 = 2**53


def dtypes(sums: Sequence[Products], addend: Array | None = None) -> tuple[np.dtype[Any], np.dtype[Any]]:
    """Return (dtype to compute in, dtype of the result) for sums of products plus an optional addend."""
    operands = [array for _, *factors in sums for array in factors] + ([] if addend is None else [addend])
    result: np.dtype[Any] = np.result_type(*operands)
    if result.kind == "f" and not all(array.dtype.kind in "iu" for array in operands):
        # Half precision would lose digits in every partial sum and has no BLAS routine.
        return (np.dtype(np.float32) if result == np.float16 else result), result
    bound = max(count * _largest(first) * _largest(second) for count, first, second in sums)
    bound += 0 if addend is None else _largest(addend)
    if bound > np.iinfo(np.int64).max:
        raise ValueError(
            f"sums of these integers could reach {bound}, beyond int64; legal: at most {np.iinfo(np.int64).max}"
            ", or floating-point arrays"
        )
    return np.dtype(np.float64 if bound <= LARGEST_EXACT_FLOAT64 else np.int64), np.dtype(np.int64)


def casting(arrays: Sequence[Array], dtype: np.dtype[Any]) -> list[Array]:
    """Return the arrays in one dtype; those that have it already are not copied."""
    return [array.astype(dtype, copy=False) for array in arrays]


def quietly(compute: Callable[[], Array], result: np.dtype[Any]) -> Array:
    """Return what `compute` returns in the dtype `result`; NaN and infinity pass through without a warning."""
    with np.errstate(invalid="ignore", over="ignore"):
        return compute().astype(result, copy=False)


def _largest(array: Array) -> int:
    """Return the largest magnitude as a Python int, which cannot overflow."""
    return max(abs(int(array.min())), abs(int(array.max()))) if array.size else 0
