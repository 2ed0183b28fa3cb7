"""Batch normalisation in training and at inference, with gradients."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cnn_ref._batch_statistics import statistics, statistics_axes
from cnn_ref._layer_validate import at_least, floats, like, positive, probability, vector
from cnn_ref._validate import Array

# `input` is what torch.nn.functional calls the argument, and people pass it by name.
# ruff: noqa: A002


class BatchNorm(NamedTuple):
    """What a training step of batch normalisation gives: the output and the new running statistics."""

    output: Array
    running_mean: Array
    running_var: Array


def batch_norm_train(
    input: ArrayLike,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    running_mean: ArrayLike | None = None,
    running_var: ArrayLike | None = None,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> BatchNorm:
    """Normalise each channel with the mean and the variance of this batch.

    Parameters
    ----------
    input : array_like, shape=(N, C, ...)
        A batch; the statistics run over all axes but C.
    weight, bias : array_like, shape=(C,), optional
        Scale (gamma; 1 without) and shift (beta; 0 without).
    running_mean, running_var : array_like, shape=(C,), optional
        Statistics so far (0 and 1 without); they are not changed, the new ones are returned.
    momentum : float
        Share of the new batch in the running statistics, as in torch; Keras calls 1 - momentum its momentum.
    eps : float
        Added to the variance, above 0.

    Returns
    -------
    BatchNorm
        `output` of the shape of the input, `running_mean` and `running_var` of shape (C,). The output uses the
        variance with divisor n; the running variance takes the one with n - 1, as torch does. The output holds for
        values of any size; a variance beyond the largest float is inf.

    Raises
    ------
    ValueError
        Wrong shapes, fewer than two values a channel, a momentum outside [0, 1], an eps not above 0.
    TypeError
        If an array or a number is not real.

    Notes
    -----
    Source: Ioffe and Szegedy, arXiv 1502.03167, algorithm 1; `torch.nn.functional.batch_norm` with training=True.

    Examples
    --------
    >>> batch_norm_train([[1.0], [3.0]], eps=1e-12).output.round(6).tolist()
    [[-1.0], [1.0]]
    """
    batch, gamma, beta = _arguments(input, weight, bias)
    channels, per_channel = batch.shape[1], batch.size // batch.shape[1]
    old_mean = vector("running_mean", running_mean, channels, 0.0)
    old_var = vector("running_var", running_var, channels, 1.0)
    share, eps = probability("momentum", momentum), positive("eps", eps)
    _enough_values(per_channel, batch)
    with np.errstate(invalid="ignore", over="ignore"):  # a variance may be larger than any float
        found = statistics(batch, eps)
        output = found.normal * _per_channel(gamma, batch) + _per_channel(beta, batch)
        unbiased = found.var * (per_channel / (per_channel - 1))
        new_mean, new_var = _blend(old_mean, found.mean, share), _blend(old_var, unbiased, share)
    return BatchNorm(output.astype(batch.dtype, copy=False), new_mean, new_var)


def batch_norm_train_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    eps: float = 1e-5,
) -> tuple[Array, Array, Array]:
    """Gradients of `batch_norm_train` with respect to input, weight and bias.

    Parameters
    ----------
    grad_output : array_like, shape=(N, C, ...)
        Gradient of the loss with respect to the output.
    input, weight, bias, eps
        As in the forward call; the bias changes nothing.

    Returns
    -------
    ndarray, shape=(N, C, ...)
        Gradient of the input: mean and variance depend on it too, so it sums to 0 in each channel.
    ndarray, shape=(C,)
        Gradient of the weight.
    ndarray, shape=(C,)
        Gradient of the bias.

    Raises
    ------
    ValueError, TypeError
        As `batch_norm_train`, and where `grad_output` has not the shape of the input.

    Notes
    -----
    Source: Ioffe and Szegedy, arXiv 1502.03167, section 3 (chain rule).

    Examples
    --------
    >>> batch_norm_train_backward([[1.0], [0.0]], [[1.0], [3.0]])[2].tolist()
    [1.0]
    """
    batch, gamma, _ = _arguments(input, weight, bias)
    grad, eps = like("grad_output", grad_output, batch), positive("eps", eps)
    per_channel = batch.size // batch.shape[1]
    _enough_values(per_channel, batch)
    over = statistics_axes(batch)
    with np.errstate(invalid="ignore", over="ignore"):
        _, _, normal, inverse = statistics(batch, eps)
        grad_weight, grad_bias = (grad * normal).sum(axis=over), grad.sum(axis=over)  # (N, C, ...) -> (C)
        share = grad / per_channel  # divided first: a sum of large gradients could leave the range, their mean cannot
        average = share.sum(axis=over, keepdims=True)  # (N, C, ...) -> (1, C, 1, ...)
        along = (share * normal).sum(axis=over, keepdims=True)
        grad_input = _per_channel(gamma * inverse, batch) * (grad - average - normal * along)
    return grad_input.astype(batch.dtype, copy=False), grad_weight, grad_bias


def batch_norm_inference(
    input: ArrayLike,
    running_mean: ArrayLike,
    running_var: ArrayLike,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    eps: float = 1e-5,
) -> Array:
    """Normalise each channel with the running statistics: a fixed linear map, whatever else is in the batch.

    Parameters
    ----------
    input : array_like, shape=(N, C, ...)
        A batch; it may hold a single image or none.
    running_mean, running_var : array_like, shape=(C,)
        Statistics gathered in training; the variance must not be negative.
    weight, bias : array_like, shape=(C,), optional
        Scale (1 without) and shift (0 without).
    eps : float
        Added to the variance, above 0.

    Returns
    -------
    ndarray, shape=(N, C, ...)
        (x - mean) / sqrt(var + eps) · weight + bias.

    Raises
    ------
    ValueError, TypeError
        As `batch_norm_train`, and where a variance is negative.

    Notes
    -----
    Source: Ioffe and Szegedy, arXiv 1502.03167, algorithm 2; `torch.nn.functional.batch_norm`.

    Examples
    --------
    >>> batch_norm_inference([[7.0]], [5.0], [4.0], eps=1e-12).round(6).tolist()
    [[1.0]]
    """
    batch, gamma, beta = _arguments(input, weight, bias)
    mean, var = _running(batch, running_mean, running_var)
    return _scale_and_shift(batch, mean, var, gamma, beta, positive("eps", eps))


def batch_norm_inference_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    running_mean: ArrayLike,
    running_var: ArrayLike,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    eps: float = 1e-5,
) -> tuple[Array, Array, Array]:
    """Gradients of `batch_norm_inference` with respect to input, weight and bias.

    Parameters
    ----------
    grad_output : array_like, shape=(N, C, ...)
        Gradient of the loss with respect to the output.
    input, running_mean, running_var, weight, bias, eps
        As in the forward call; the running statistics are constants.

    Returns
    -------
    ndarray, shape=(N, C, ...)
        Gradient of the input.
    ndarray, shape=(C,)
        Gradient of the weight.
    ndarray, shape=(C,)
        Gradient of the bias.

    Raises
    ------
    ValueError, TypeError
        As `batch_norm_inference`, and where `grad_output` has not the shape of the input.

    Notes
    -----
    Source: `torch.nn.functional.batch_norm` with training=False and its derivative.

    Examples
    --------
    >>> batch_norm_inference_backward([[1.0]], [[7.0]], [5.0], [4.0], eps=1e-12)[0].round(6).tolist()
    [[0.5]]
    """
    batch, gamma, _ = _arguments(input, weight, bias)
    mean, var = _running(batch, running_mean, running_var)
    grad, eps = like("grad_output", grad_output, batch), positive("eps", eps)
    over = statistics_axes(batch)
    inverse = _per_channel(1 / np.sqrt(var + eps), batch)
    normal = (batch - _per_channel(mean, batch)) * inverse
    grad_input = grad * _per_channel(gamma, batch) * inverse
    return grad_input.astype(batch.dtype, copy=False), (grad * normal).sum(axis=over), grad.sum(axis=over)


def _arguments(input: ArrayLike, weight: ArrayLike | None, bias: ArrayLike | None) -> tuple[Array, Array, Array]:
    batch = at_least("input", floats("input", input), 2, "(N, C, ...)")
    channels = batch.shape[1]
    if channels == 0:
        raise ValueError(f"input must have at least one channel, got shape {batch.shape}")
    return batch, vector("weight", weight, channels, 1.0), vector("bias", bias, channels, 0.0)


def _enough_values(per_channel: int, batch: Array) -> None:
    if per_channel < 2:
        raise ValueError(
            f"training needs at least 2 values a channel to have a variance, got {per_channel} in shape {batch.shape}"
        )


def _running(batch: Array, running_mean: ArrayLike, running_var: ArrayLike) -> tuple[Array, Array]:
    mean = vector("running_mean", running_mean, batch.shape[1], 0.0)
    var = vector("running_var", running_var, batch.shape[1], 1.0)
    if (var < 0).any():
        raise ValueError(f"running_var must not be negative, got a smallest value of {var.min()}")
    return mean, var


def _blend(old: Array, new: Array, share: float) -> Array:
    """Return old and new statistics in their shares; one without a share does not count, be it infinite."""
    if share in (0.0, 1.0):
        return (new if share else old).astype(np.result_type(old, new))
    return (1 - share) * old + share * new


def _per_channel(values: Array, batch: Array) -> Array:
    return values.reshape(-1, *(1,) * (batch.ndim - 2))  # (C) -> (C, 1, ...), which broadcasts over (N, C, ...)


def _scale_and_shift(batch: Array, mean: Array, var: Array, gamma: Array, beta: Array, eps: float) -> Array:
    slope = gamma / np.sqrt(var + eps)
    output = (batch - _per_channel(mean, batch)) * _per_channel(slope, batch) + _per_channel(beta, batch)
    return output.astype(batch.dtype, copy=False)
