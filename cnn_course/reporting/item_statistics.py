"""Statistics of test items: plain functions over points, None where a class is too small to say anything."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

FEWEST = 10  # students; below it correlations are noise
Points = Sequence[float | None]


def mean_share(points: Points, most: float) -> float | None:
    """Return the mean of what was marked as a share of the maximum (difficulty; 1 is easy), None without any.

    Examples
    --------
    >>> mean_share([2.0, 1.0, None], 2.0)
    0.75
    """
    known = [each for each in points if each is not None]
    return float(np.mean(known)) / most if known and most > 0 else None


def discrimination(points: Points, totals: Points) -> float | None:
    """Return the correlation of an item with the total of all other items, None where it says nothing.

    Parameters
    ----------
    points, totals : sequence of float or None
        One student each; the total includes the item.
    """
    pairs = [
        (item, total - item)
        for item, total in zip(points, totals, strict=True)
        if item is not None and total is not None
    ]
    if len(pairs) < FEWEST:
        return None
    items, rests = np.array(pairs, dtype=float).T
    if _is_constant(items) or _is_constant(rests):
        return None
    return float(np.corrcoef(items, rests)[0, 1])


def cronbach_alpha(rows: Sequence[Sequence[float]]) -> float | None:
    """Return Cronbach's alpha, k/(k-1) (1 - sum of the items' variances / variance of the totals).

    Parameters
    ----------
    rows : sequence of sequence of float
        Students by items, shape (N, k).

    Returns
    -------
    float or None
        None with fewer than 10 students or 2 items, or where all totals are equal.
    """
    table = np.array(rows, dtype=float)
    if table.ndim != 2 or table.shape[0] < FEWEST or table.shape[1] < 2:
        return None
    total = table.sum(axis=1)
    if _is_constant(total):
        return None
    k = table.shape[1]
    return float(k / (k - 1) * (1 - table.var(axis=0, ddof=1).sum() / total.var(ddof=1)))


def histogram(shares: Sequence[float], bins: int = 10) -> list[int]:
    """Return how many shares lie in each of equal bins from 0 to 1; what lies outside counts at the end.

    Examples
    --------
    >>> histogram([0.0, 0.05, 0.5, 1.0, 1.2], 4)
    [2, 0, 1, 2]
    """
    counts = [0] * bins
    for share in shares:
        counts[min(max(math.floor(share * bins + 1e-9), 0), bins - 1)] += 1
    return counts


def summary(values: Sequence[float]) -> dict[str, float | None]:
    """Return count, mean, standard deviation (of a sample), quartiles, least and most."""
    names = ("mean", "sd", "min", "q1", "median", "q3", "max")
    if not values:
        return {"count": 0, **dict.fromkeys(names)}
    found = [float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else None]
    return {
        "count": len(values),
        **dict(zip(names, [*found, *map(float, np.percentile(values, [0, 25, 50, 75, 100]))], strict=True)),
    }


def _is_constant(values: np.ndarray) -> bool:
    return bool(np.ptp(values) <= 1e-12 * max(1.0, float(np.abs(values).max())))
