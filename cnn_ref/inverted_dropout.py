"""Inverted dropout: units are silenced and the survivors amplified in training, so that inference changes nothing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cnn_ref._layer_validate import floats, like, probability
from cnn_ref._validate import Array

# `input` is what torch.nn.functional calls the argument, and people pass it by name.
# ruff: noqa: A002


class Dropout(NamedTuple):
    """What dropout gives: the output, and what each element was multiplied by."""

    output: Array
    mask: Array


def dropout(
    input: ArrayLike, p: float = 0.5, training: bool = True, seed: int | np.random.Generator | None = None
) -> Dropout:
    """Set each element to 0 with probability p and divide the others by 1 - p.

    Parameters
    ----------
    input : array_like
        Real numbers of any shape.
    p : float
        Probability of dropping (not of keeping), from 0 to 1.
    training : bool
        False for inference: nothing is dropped and nothing is scaled.
    seed : int or numpy.random.Generator, optional
        Where the mask comes from; fresh randomness where it is None.

    Returns
    -------
    Dropout
        `output` and `mask` of the shape of the input: the mask holds 0 and 1 / (1 - p). The mean stays what it was.

    Raises
    ------
    ValueError
        If p lies outside [0, 1].
    TypeError
        If the array or p is not real, or `training` is not a bool.

    Notes
    -----
    Source: Srivastava et al., Dropout, JMLR 15 (2014), section 10; `torch.nn.functional.dropout`.

    Examples
    --------
    >>> output, mask = dropout([1.0, 1.0, 1.0, 1.0], p=0.5, seed=1)
    >>> output.tolist()
    [2.0, 2.0, 0.0, 2.0]
    """
    array, rate = floats("input", input), probability("p", p)
    if not isinstance(training, bool):
        raise TypeError(f"training must be True or False, got {training!r}")
    if not training or rate == 0:
        mask = np.ones_like(array)
    elif rate == 1:
        mask = np.zeros_like(array)
    else:
        kept = np.random.default_rng(seed).random(array.shape) >= rate
        mask = kept.astype(array.dtype) / array.dtype.type(1 - rate)
    return Dropout(array * mask, mask)


def dropout_backward(grad_output: ArrayLike, mask: ArrayLike) -> Array:
    """Gradient of `dropout` with respect to its input: the same mask.

    Parameters
    ----------
    grad_output : array_like
        Gradient of the loss with respect to the output.
    mask : array_like
        The mask that the forward call returned.

    Returns
    -------
    ndarray
        Gradient of the input.

    Raises
    ------
    ValueError, TypeError
        If the shapes differ or an array does not hold real numbers.

    Notes
    -----
    Source: Srivastava et al., Dropout, JMLR 15 (2014).

    Examples
    --------
    >>> dropout_backward([3.0, 3.0], [2.0, 0.0]).tolist()
    [6.0, 0.0]
    """
    factors = floats("mask", mask)
    gradient: Array = like("grad_output", grad_output, factors) * factors
    return gradient
