"""Feature scaling, and the two numbers that show what it is good for.

Features are arrays of shape (samples, features): each column is one feature, in its own unit.
Source: LeCun, Bottou, Orr and Müller, Efficient BackProp (1998), sections 4.3 and 5.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnn_ref._features import as_features
from cnn_ref._powers import exponents, shrunk

Floats = NDArray[np.floating]


def standardize(features: ArrayLike) -> Floats:
    """Shift and scale each column to mean 0 and population standard deviation 1.

    Parameters
    ----------
    features : array_like, shape=(samples, features)
        Real numbers, at least one sample; float32 stays float32, everything else becomes float64.

    Returns
    -------
    ndarray, shape=(samples, features)
        (x - mean) / std with the divisor n; a constant column gives zeros.

    Raises
    ------
    ValueError
        If the array is not of shape (samples, features), has no sample, or is not finite.
    TypeError
        If it is not numeric and real.

    Examples
    --------
    >>> standardize([[1, 7], [3, 7]]).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """
    columns = _from_zero(as_features(features))  # (samples, features)
    scaled: Floats = (columns - columns.mean(axis=0)) / _or_one(columns.std(axis=0))
    return scaled


def min_max_scale(features: ArrayLike) -> Floats:
    """Shift and scale each column to [0, 1].

    Parameters
    ----------
    features : array_like, shape=(samples, features)
        As in `standardize`.

    Returns
    -------
    ndarray, shape=(samples, features)
        (x - min) / (max - min); a constant column gives zeros.

    Raises
    ------
    ValueError, TypeError
        As in `standardize`.

    Examples
    --------
    >>> min_max_scale([[10, 7], [12, 7], [18, 7]]).tolist()
    [[0.0, 0.0], [0.25, 0.0], [1.0, 0.0]]
    """
    columns = _from_zero(as_features(features))  # (samples, features)
    scaled: Floats = columns / _or_one(columns.max(axis=0))
    return scaled


def _from_zero(columns: Floats) -> Floats:
    """Return (column - its smallest value) over a power of two: what both scalings read, without their dangers.

    Neither a difference nor a square leaves the range of floats, and a constant column is zero, not the noise that a
    rounded mean would leave of it.
    """
    near_one = shrunk(columns, exponents(columns, axis=0))
    moved: Floats = near_one - near_one.min(axis=0)
    return moved


def _or_one(divisors: Floats) -> Floats:
    """Return the divisors, 1 in place of 0."""
    return np.where(divisors == 0, divisors.dtype.type(1), divisors)


def condition_number(features: ArrayLike) -> float:
    """Largest over smallest eigenvalue of X'X: how stretched the bowl of a least-squares loss is.

    The columns are taken as they are: nothing is centred and no column of ones is added.

    Parameters
    ----------
    features : array_like, shape=(samples, features)
        As in `standardize`; at least one column.

    Returns
    -------
    float
        Condition number of X'X in the 2-norm, the square of that of X: 1 is a round bowl, inf a valley without a
        bottom (columns that depend on each other, to rounding).

    Raises
    ------
    ValueError, TypeError
        As in `standardize`.

    Examples
    --------
    >>> fruit = [[15, 1], [18, 3], [12, 2], [10, 5]]  # weight in g, price
    >>> round(condition_number(fruit), 2), round(condition_number(standardize(fruit)), 3)
    (64.05, 2.704)
    """
    columns, _ = _table_near_one(features)
    if columns.shape[0] < columns.shape[1]:
        return float("inf")  # X'X has a zero eigenvalue that the singular values of X do not list
    singular = np.linalg.svd(columns, compute_uv=False)  # (samples, features) -> (features), descending
    # Singular values, not eigenvalues of X'X: squaring X first would lose half of the digits.
    if singular[-1] <= singular[0] * max(columns.shape) * np.finfo(np.float64).eps:
        return float("inf")
    return float((singular[0] / singular[-1]) ** 2)


def largest_stable_learning_rate(features: ArrayLike) -> float:
    """Learning rate above which gradient descent on a least-squares loss diverges: 2 / largest eigenvalue of X'X / n.

    The loss is half the mean squared error, sum((Xw - y)^2) / (2n), whose second derivative is X'X / n.

    Parameters
    ----------
    features : array_like, shape=(samples, features)
        As in `condition_number`.

    Returns
    -------
    float
        The limit, in units of the weights; inf where all features are zero or the limit is no finite float.

    Raises
    ------
    ValueError, TypeError
        As in `standardize`.

    Examples
    --------
    >>> fruit = [[15, 1], [18, 3], [12, 2], [10, 5]]  # weight in g, price
    >>> round(largest_stable_learning_rate(fruit), 4), round(largest_stable_learning_rate(standardize(fruit)), 3)
    (0.0098, 1.37)
    """
    columns, power = _table_near_one(features)
    largest = np.linalg.norm(columns, ord=2) ** 2 / len(columns)  # the square of the largest singular value is X'X's
    if largest == 0:
        return float("inf")
    with np.errstate(over="ignore"):
        return float(np.ldexp(2 / largest, -2 * power))


def _table_near_one(features: ArrayLike) -> tuple[NDArray[np.float64], int]:
    """Return the table over a power of two, all of it by the same one, and the exponent."""
    table = as_features(features).astype(np.float64, copy=False)
    power = int(exponents(table).item())
    return shrunk(table, power), power
