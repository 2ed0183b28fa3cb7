"""Feature scaling, and the two numbers that show what it is good for.

Features are arrays of shape (samples, features): each column is one feature, in its own unit.
Source: LeCun, Bottou, Orr and Müller, Efficient BackProp (1998), sections 4.3 and 5.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnn_ref._features import as_features

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
    columns = as_features(features)  # (samples, features)
    constant = np.ptp(columns, axis=0) == 0  # (samples, features) -> (features)
    # Rounding can leave a mean that is not quite the constant: then 0 / 0 would become noise / noise.
    spread = np.where(constant, columns.dtype.type(1), columns.std(axis=0))
    return np.where(constant, columns.dtype.type(0), (columns - columns.mean(axis=0)) / spread)


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
    columns = as_features(features)  # (samples, features)
    span = np.ptp(columns, axis=0)  # (samples, features) -> (features)
    scaled: Floats = (columns - columns.min(axis=0)) / np.where(span == 0, columns.dtype.type(1), span)
    return scaled


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
    columns = as_features(features).astype(np.float64, copy=False)
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
        The limit, in units of the weights; inf where all features are zero.

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
    columns = as_features(features).astype(np.float64, copy=False)
    largest = np.linalg.norm(columns, ord=2) ** 2 / len(columns)  # the square of the largest singular value is X'X's
    return float(2 / largest) if largest > 0 else float("inf")
