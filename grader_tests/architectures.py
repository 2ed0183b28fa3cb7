"""Right answers of the assignment on architectures that `cnn_ref` has under another name or in a more general form."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

import cnn_ref
from cnn_ref.networks import ImpossibleLayerError, Network
from cnn_ref.networks.description import Dense, Elementwise, Flatten, Layer, conv, max_pool
from grader_tests.inputs import Array

Setting = tuple[Any, ...]


def keras_output_size(size: int, kernel_size: int, strides: int = 1, padding: str = "valid") -> int:
    """Return the cells along one axis after a layer of Keras."""
    if padding == "same":
        return cnn_ref.same_output_size(size, strides)
    return cnn_ref.conv_output_size(size, kernel_size, strides)


def count_network(layers: tuple[Setting, ...], input_shape: tuple[int, int, int]) -> tuple[int, int]:
    """Return parameters and multiply-accumulates of a network in the notebook's notation."""
    height, width, channels = input_shape
    description = tuple(part for place, layer in enumerate(layers) for part in _described(f"layer{place}", layer))
    try:
        network = Network("notebook", description, (channels, height, width))
    except ImpossibleLayerError as error:
        raise ValueError(str(error)) from error
    return network.parameters, network.multiply_accumulates


def _described(name: str, layer: Setting) -> tuple[Layer, ...]:
    match layer:
        case ("conv", filters, kernel_size, padding):
            return conv(name, filters, kernel_size, padding=padding)
        case ("pool", size):
            return (max_pool(name, size),)
        case ("flatten",):
            return (Flatten(name=name),)
        case ("dense", units):
            return (Dense(name=name, units=units),)
        case ("dropout", _):
            return (Elementwise(name=name, kind="Dropout"),)
    raise ValueError(f'layers are "conv", "pool", "flatten", "dense" or "dropout" with their settings, got {layer!r}')


def grouped_parameters(kernel_size: int, in_channels: int, filters: int, groups: int = 1, bias: bool = True) -> int:
    """Return what a convolution learns whose filters each read one group of the channels."""
    if in_channels % groups or filters % groups:
        raise ValueError(f"groups must divide in_channels and filters: {groups=} {in_channels=} {filters=}")
    return cnn_ref.shared_parameters(kernel_size, in_channels // groups, filters, bias)


def receptive_field(layers: tuple[tuple[int, int], ...]) -> int:
    """Return how many input cells one cell behind a stack of (kernel_size, stride) layers sees."""
    return int(cnn_ref.receptive_fields(layers)[-1].size)


def dense_block(initial_channels: int, growth_rate: int, layers: int) -> tuple[int, int, int]:
    """Return channels into the last layer, channels out of the block, and connections, layer by layer."""
    read, connections = initial_channels, 0
    for before in range(layers):
        read = initial_channels + growth_rate * before
        connections += before + 1  # the block's input, and the output of every layer before this one
    return read, read + growth_rate, connections


def conv_transpose_output_size(
    size: int, kernel_size: int, stride: int = 1, padding: int = 0, output_padding: int = 0
) -> int:
    """Return the cells along one axis after a transposed convolution."""
    return cnn_ref.transposed_output_size(size, kernel_size, stride, padding, output_padding)


def overlap_counts(size: int, kernel_size: int, stride: int) -> Array:
    """Return how many stamps of a transposed convolution write each output cell."""
    stamp, line = np.ones((1, 1, kernel_size), dtype=np.int64), np.ones((1, 1, size), dtype=np.int64)
    counts: Array = cnn_ref.conv_transpose1d(line, stamp, stride=stride)[0, 0]
    return counts


def conv1d_weight_gradient(
    grad_output: ArrayLike, x: ArrayLike, kernel_size: int, stride: int = 1, padding: int = 0
) -> Array:
    """Return the gradient of a shared filter on one line."""
    upper, line = np.asarray(grad_output)[None, None], np.asarray(x)[None, None]
    weight = np.zeros((1, 1, kernel_size))
    gradient: Array = cnn_ref.conv1d_backward(upper, line, weight, None, stride, padding)[1][0, 0]
    return gradient


def conv1d_input_gradient(
    grad_output: ArrayLike, weight: ArrayLike, size: int, stride: int = 1, padding: int = 0
) -> Array:
    """Return the gradient of the line that a filter reads."""
    upper, taps = np.asarray(grad_output)[None, None], np.asarray(weight)[None, None]
    gradient: Array = cnn_ref.conv1d_backward(upper, np.zeros((1, 1, size)), taps, None, stride, padding)[0][0, 0]
    return gradient


def max_pool1d_backward(grad_output: ArrayLike, x: ArrayLike, kernel_size: int, stride: int | None = None) -> Array:
    """Return the gradient of max pooling on one line; the first of equal maxima takes it."""
    upper, line = np.asarray(grad_output)[None, None, None], np.asarray(x)[None, None, None]
    step = None if stride is None else (1, stride)
    gradient: Array = cnn_ref.max_pool2d_backward(upper, line, (1, kernel_size), step)[0, 0, 0]
    return gradient


def avg_pool1d(
    x: ArrayLike,
    kernel_size: int,
    stride: int | None = None,
    padding: int = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Array:
    """Return the means of windows on one line."""
    line = np.asarray(x)[None, None, None]
    step = None if stride is None else (1, stride)
    means: Array = cnn_ref.avg_pool2d(line, (1, kernel_size), step, (0, padding), ceil_mode, count_include_pad)[0, 0, 0]
    return means


def batch_norm(x: ArrayLike, gamma: ArrayLike, beta: ArrayLike, eps: float = 1e-5) -> Array:
    """Return a batch normalised with its own statistics."""
    return cnn_ref.batch_norm_train(x, gamma, beta, eps=eps).output
