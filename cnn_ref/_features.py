"""Checks of a table of features, shared by the functions of `cnn_ref.scaling`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def as_features(features: ArrayLike) -> NDArray[np.floating]:
    """Return `features` as a float array of shape (samples, features)."""
    table = np.asarray(features)
    if table.dtype.kind not in "iuf":
        raise TypeError(f"features must be real numbers (integer or float), got dtype {table.dtype}")
    if table.ndim != 2 or 0 in table.shape:
        raise ValueError(
            f"features must have shape (samples, features) with at least one of each, got shape {table.shape}"
        )
    if table.dtype != np.float32:
        table = table.astype(np.float64, copy=False)
    if not np.isfinite(table).all():
        raise ValueError("features must be finite, got NaN or infinity: drop or fill such samples before scaling")
    return table
