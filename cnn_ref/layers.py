"""Dense, flatten, ReLU and softmax with their gradients."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from cnn_ref._layer_validate import at_least, axis_of, floats, like
from cnn_ref._validate import Array, exact_shape

# `input` is what torch.nn.functional calls the argument, and people pass it by name.
# ruff: noqa: A002


def dense(input: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> Array:
    """Fully connected layer: input @ weight.T + bias.

    Parameters
    ----------
    input : array_like, shape=(..., in_features)
        Vectors.
    weight : array_like, shape=(out_features, in_features)
        One row of weights an output.
    bias : array_like, shape=(out_features,), optional
        Added to each output.

    Returns
    -------
    ndarray, shape=(..., out_features)
        Floating, in NumPy's promotion of the arguments (integers count as float64).

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    TypeError
        If an array does not hold real numbers.

    Notes
    -----
    Source: `torch.nn.functional.linear`.

    Examples
    --------
    >>> dense([[1, 2]], [[3, 4], [5, 6]], [10, 20]).tolist()
    [[21.0, 37.0]]
    """
    vectors, matrix, offset = _dense_arguments(input, weight, bias)
    products: Array = vectors @ matrix.T  # (..., in) @ (in, out) -> (..., out)
    return products if offset is None else products + offset


def dense_backward(
    grad_output: ArrayLike, input: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None
) -> tuple[Array, Array, Array]:
    """Gradients of `dense` with respect to input, weight and bias.

    Parameters
    ----------
    grad_output : array_like, shape=(..., out_features)
        Gradient of the loss with respect to the output.
    input, weight, bias
        As in the forward call; the bias changes nothing.

    Returns
    -------
    ndarray, shape=(..., in_features)
        Gradient of the input.
    ndarray, shape=(out_features, in_features)
        Gradient of the weight.
    ndarray, shape=(out_features,)
        Gradient of the bias (also where the layer has none).

    Raises
    ------
    ValueError, TypeError
        As `dense`, and where `grad_output` has not the shape of the output.

    Notes
    -----
    Source: `torch.nn.functional.linear` and its derivative.

    Examples
    --------
    >>> grad_input, grad_weight, grad_bias = dense_backward([[1, 0]], [[1, 2]], [[3, 4], [5, 6]])
    >>> grad_input.tolist(), grad_weight.tolist(), grad_bias.tolist()
    ([[3.0, 4.0]], [[1.0, 2.0], [0.0, 0.0]], [1.0, 0.0])
    """
    vectors, matrix, _ = _dense_arguments(input, weight, bias)
    grad = floats("grad_output", grad_output)
    exact_shape("grad_output", grad, (*vectors.shape[:-1], len(matrix)), "..., out_features")
    # All leading axes are samples: (..., features) -> (samples, features)
    samples = math.prod(vectors.shape[:-1])
    flat_grad, flat = grad.reshape(samples, len(matrix)), vectors.reshape(samples, matrix.shape[1])
    return grad @ matrix, flat_grad.T @ flat, flat_grad.sum(axis=0)


def _dense_arguments(input: ArrayLike, weight: ArrayLike, bias: ArrayLike | None) -> tuple[Array, Array, Array | None]:
    vectors, matrix = at_least("input", floats("input", input), 1, "(..., in_features)"), floats("weight", weight)
    if matrix.ndim != 2 or vectors.shape[-1] != matrix.shape[1]:
        raise ValueError(
            "weight must have shape (out_features, in_features) with the in_features of the input"
            f" {vectors.shape[-1]}, got weight {matrix.shape} for input {vectors.shape}"
        )
    offset = None if bias is None else exact_shape("bias", floats("bias", bias), (len(matrix),), "out_features")
    return vectors, matrix, offset


def flatten(input: ArrayLike) -> Array:
    """One vector an image: (N, C, H, W) -> (N, C·H·W), channel after channel.

    Parameters
    ----------
    input : array_like, shape=(N, ...)
        A batch of anything.

    Returns
    -------
    ndarray, shape=(N, features)
        A view where the memory allows it, in the order of C (Keras, which keeps channels last, has another order).

    Raises
    ------
    ValueError
        If there is no batch axis.

    Notes
    -----
    Source: `torch.flatten` with start_dim 1.

    Examples
    --------
    >>> flatten([[[1, 2], [3, 4]]]).tolist()
    [[1, 2, 3, 4]]
    """
    batch = at_least("input", np.asarray(input), 1, "(N, ...)")
    return batch.reshape(len(batch), math.prod(batch.shape[1:]))


def flatten_backward(grad_output: ArrayLike, input: ArrayLike) -> Array:
    """Gradient of `flatten`: the same numbers in the shape of the input.

    Parameters
    ----------
    grad_output : array_like, shape=(N, features)
        Gradient of the loss with respect to the output.
    input : array_like, shape=(N, ...)
        As in the forward call.

    Returns
    -------
    ndarray, shape=(N, ...)
        Gradient of the input.

    Raises
    ------
    ValueError
        If `grad_output` has not the shape of the output.

    Notes
    -----
    Source: `torch.flatten` and its derivative.

    Examples
    --------
    >>> flatten_backward([[1, 2, 3, 4]], [[[0, 0], [0, 0]]]).tolist()
    [[[1, 2], [3, 4]]]
    """
    batch = at_least("input", np.asarray(input), 1, "(N, ...)")
    expected = (len(batch), math.prod(batch.shape[1:]))
    return exact_shape("grad_output", np.asarray(grad_output), expected, "N, features").reshape(batch.shape)


def relu(input: ArrayLike) -> Array:
    """max(x, 0) of each element.

    Parameters
    ----------
    input : array_like
        Real numbers of any shape.

    Returns
    -------
    ndarray
        Same shape; floating (integers count as float64). NaN stays NaN.

    Raises
    ------
    TypeError
        If the array does not hold real numbers.

    Notes
    -----
    Source: `torch.nn.functional.relu`.

    Examples
    --------
    >>> relu([-2, 0, 3]).tolist()
    [0.0, 0.0, 3.0]
    """
    array = floats("input", input)
    rectified: Array = np.maximum(array, array.dtype.type(0))
    return rectified


def relu_backward(grad_output: ArrayLike, input: ArrayLike) -> Array:
    """Gradient of `relu`: 0 where the input is at most 0, as in torch, and passed on elsewhere.

    Parameters
    ----------
    grad_output, input : array_like
        Gradient with respect to the output, and the input, of the same shape.

    Returns
    -------
    ndarray
        Gradient of the input.

    Raises
    ------
    ValueError, TypeError
        As `relu`, and where the shapes differ.

    Notes
    -----
    Source: `torch.nn.functional.relu` and its derivative.

    Examples
    --------
    >>> relu_backward([5, 5, 5], [-2, 0, 3]).tolist()
    [0.0, 0.0, 5.0]
    """
    array = floats("input", input)
    grad = like("grad_output", grad_output, array)
    return np.where(array <= 0, grad.dtype.type(0), grad)


def softmax(input: ArrayLike, axis: int = -1) -> Array:
    """Exponentials that sum to 1: exp(x) / sum(exp(x)).

    Parameters
    ----------
    input : array_like, shape=(..., K, ...)
        Scores of K classes along `axis`.
    axis : int
        Axis of the classes.

    Returns
    -------
    ndarray
        Probabilities, same shape. The largest score is taken off first, so that no exponential overflows.

    Raises
    ------
    ValueError
        If there is no such axis or no class.
    TypeError
        If the array does not hold real numbers.

    Notes
    -----
    Source: Goodfellow, Bengio and Courville, Deep Learning, section 4.1.

    Examples
    --------
    >>> softmax([1000.0, 1000.0]).tolist()
    [0.5, 0.5]
    """
    scores = floats("input", input)
    along = axis_of(scores, axis)
    if scores.shape[along] == 0:
        raise ValueError(f"input must have at least one class along axis {along}, got shape {scores.shape}")
    with np.errstate(invalid="ignore", under="ignore", over="ignore"):  # inf - inf is NaN, as in torch
        exponentials = np.exp(scores - scores.max(axis=along, keepdims=True))
    probabilities: Array = exponentials / exponentials.sum(axis=along, keepdims=True)
    return probabilities


def softmax_backward(grad_output: ArrayLike, input: ArrayLike, axis: int = -1) -> Array:
    """Gradient of `softmax`: p (g - sum(p g)).

    Parameters
    ----------
    grad_output : array_like
        Gradient of the loss with respect to the probabilities.
    input, axis
        As in the forward call.

    Returns
    -------
    ndarray
        Gradient of the scores; it sums to 0 along the axis.

    Raises
    ------
    ValueError, TypeError
        As `softmax`, and where `grad_output` has not the shape of the output.

    Notes
    -----
    Source: Goodfellow, Bengio and Courville, Deep Learning, section 6.2.

    Examples
    --------
    >>> softmax_backward([1.0, 0.0], [0.0, 0.0]).tolist()
    [0.25, -0.25]
    """
    probabilities = softmax(input, axis)
    grad = like("grad_output", grad_output, probabilities)
    along = axis_of(probabilities, axis)
    gradient: Array = probabilities * (grad - (grad * probabilities).sum(axis=along, keepdims=True))
    return gradient
