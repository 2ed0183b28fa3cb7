"""The functions that expressions of the bank may call: the reference, and a few questions put to it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from math import isqrt
from typing import Any

import numpy as np

import cnn_ref
from cnn_ref.networks import NETWORKS
from cnn_ref.networks.arithmetic import reports
from grader_tests.bank import example_maps

Number = int | float | Fraction


def inputs_of(outputs: int, kernel_size: int, stride: int, padding: int) -> tuple[int, int]:
    """Return the smallest and the largest side that gives so many outputs, found by trying."""
    sides = range(max(1, kernel_size - 2 * padding), (outputs + 1) * stride + kernel_size)

    def gives(side: int) -> int:
        return cnn_ref.conv_output_size(side, kernel_size, stride, padding)

    return sides[bisect_left(sides, outputs, key=gives)], sides[bisect_right(sides, outputs, key=gives) - 1]


def zero_outputs(size: int, kernel_size: int, stride: int, padding: int) -> int:
    """Return how many windows of a padded line hold no cell of the line."""
    seen = cnn_ref.conv1d(np.ones((1, 1, size)), np.ones((1, 1, kernel_size)), stride=stride, padding=padding)
    return int((seen == 0).sum())


def stamps(kernel_size: int, stride: int) -> tuple[int, int]:
    """Return how often an inner cell of a transposed convolution is written, at least and at most."""
    line = cnn_ref.conv_transpose1d(np.ones((1, 1, 4 * kernel_size + 1)), np.ones((1, 1, kernel_size)), stride=stride)
    inner = line[0, 0, 2 * kernel_size : -2 * kernel_size]
    return int(inner.min()), int(inner.max())


def receptive_field(*settings: int) -> int:
    """Return the field behind a stack of layers; filter and stride of each, in turn."""
    layers = list(zip(settings[::2], settings[1::2], strict=True))
    return int(cnn_ref.receptive_fields(layers)[-1].size)


def dilated_field(layers: int, kernel_size: int) -> int:
    """Return the field of layers whose dilation doubles from 1."""
    return int(cnn_ref.receptive_fields([(kernel_size, 1, 0, 2**level) for level in range(layers)])[-1].size)


@cache
def layers_to_see(cells: int, kernel_size: int) -> int:
    """Return the fewest layers of stride 1 whose field has at least so many cells."""
    fields = cnn_ref.receptive_fields([(kernel_size, 1)] * cells)
    return next(count for count, field in enumerate(fields, 1) if field.size >= cells)


def matrix_counts(size: int, kernel_size: int, stride: int) -> tuple[int, int]:
    """Return zeros, and different other entries, of a convolution written as a matrix."""
    matrix = cnn_ref.conv_matrix(np.arange(1.0, kernel_size + 1), size, stride=stride)
    return int((matrix == 0).sum()), len(set(matrix[matrix != 0].tolist()))


def same_links(size: int, kernel_size: int) -> int:
    """Return the links of a same convolution to real inputs."""
    matrix = cnn_ref.conv_matrix(np.ones(kernel_size), size, padding=kernel_size // 2)
    return int(np.count_nonzero(matrix))


def weight_gradient(which: int, inputs: tuple[int, ...], gradients: tuple[int, ...]) -> int:
    """Return the gradient of one weight of a filter that slides over a line."""
    width = len(inputs) - len(gradients) + 1
    grad_output, line = (np.array([[numbers]], dtype=float) for numbers in (gradients, inputs))
    _, gradient, _ = cnn_ref.conv1d_backward(grad_output, line, np.zeros((1, 1, width)))
    return round(float(gradient[0, 0, which]))


@cache
def largest_detour(kernel_size: int, in_channels: int, filters: int) -> int:
    """Return the most channels with which a 1 x 1 in front still saves multiplications; 0 where none does."""
    direct = cnn_ref.conv_multiplications(1, 1, filters, kernel_size, in_channels)
    fewer = range(1, in_channels + 1)
    return bisect_left(
        fewer,
        direct,
        key=lambda reduced: cnn_ref.bottleneck_multiplications(1, 1, filters, kernel_size, in_channels, reduced),
    )


@cache
def costliest_kernel(size: int) -> int:
    """Return the side of the filter that costs most without padding, the smaller one where two tie."""

    def cost(side: int) -> int:
        out = cnn_ref.conv_output_size(size, side)
        return cnn_ref.conv_multiplications(out, out, 1, side, 1)

    return max(range(1, size + 1), key=lambda side: (cost(side), -side))


def moves_right(cell: int, window: int) -> int:
    """Return how far a dot can move to the right while the pooled line stays as it is."""
    lines = np.eye(cell + 2 * window)[cell:, None, None, :]  # (moves, 1, 1, cells)
    pooled = np.asarray(cnn_ref.max_pool2d(lines, (1, window)))
    same = [bool(np.array_equal(pooled[move], pooled[0])) for move in range(len(lines))]
    return same.index(False) - 1


def noise_after_pooling(deviation: int, window: int) -> Fraction | float:
    """Return the deviation of independent noise after average pooling: of the weighted sum that a mean is."""
    shares = cnn_ref.avg_pool2d_backward(np.ones((1, 1, 1, 1)), np.zeros((1, 1, window, window)), window)
    squares = float((shares**2).sum()) * deviation**2
    return float(np.sqrt(squares))


@cache
def kept_unit(value: int, percent: int) -> float:
    """Return what dropout makes of a unit that it keeps."""
    return float(cnn_ref.dropout(np.full(400, float(value)), percent / 100, seed=0).output.max())


def normalised_in_use(value: int, mean: int, variance: int, scale: int, shift: int) -> float:
    """Return the output of batch normalization in use, for one value."""
    means, variances, scales, shifts = ([float(number)] for number in (mean, variance, scale, shift))
    out = cnn_ref.batch_norm_inference([[float(value)]], means, variances, scales, shifts, eps=1e-12)
    return float(out[0, 0])


@cache
def unet_side(side: int) -> int:
    """Return the side that U-Net gives; an image that it cannot pool evenly gives ValueError."""
    down = [side]
    for _ in range(4):
        down.append((down[-1] - 4) // 2)
        if (down[-2] - 4) % 2:
            raise ValueError("a map of odd side meets pooling")
    return int(reports(NETWORKS["unet"]().description, (1, side, side))[1][1])


def standardized(first: int, second: int, new: int) -> float:
    """Return a new value on the scale that standardizes two training values."""
    training = np.array([[float(first)], [float(second)]])
    low, high = cnn_ref.standardize(training)[:, 0]
    share = (new - first) / (second - first)
    return float(low + (high - low) * share)


def condition_of(first: int, second: int) -> float:
    """Return the condition number of X'X for two perpendicular columns."""
    return float(cnn_ref.condition_number(np.diag([float(first), float(second)])))


def largest_rate(rows: int, first: int, second: int) -> float:
    """Return the largest stable rate for perpendicular columns with these sums of squares."""
    features = np.zeros((rows, 2))
    features[0, 0], features[1, 1] = np.sqrt(first), np.sqrt(second)
    return float(cnn_ref.largest_stable_learning_rate(features))


def poolings(size: int) -> int:
    """Return how often 2 x 2 pooling can be applied."""
    count = 0
    while size >= 2:
        size, count = cnn_ref.pool_output_size(size, 2), count + 1
    return count


@cache
def vgg_width(block: int) -> int:
    """Return the filters of a block of VGG."""
    rows = NETWORKS["vgg_d"]().layers
    return next(row.output_shape[0] for row in rows if row.name.startswith(f"block{block}/"))


def wav2letter_steps(samples: int) -> int:
    """Return the steps behind the first two layers of Wav2letter on raw sound."""
    return cnn_ref.conv_output_size(cnn_ref.conv_output_size(samples, 250, 160), 48, 2)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **{
        function.__name__: function
        for function in (
            inputs_of,
            zero_outputs,
            stamps,
            receptive_field,
            dilated_field,
            layers_to_see,
            matrix_counts,
            same_links,
            weight_gradient,
            largest_detour,
            costliest_kernel,
            moves_right,
            noise_after_pooling,
            kept_unit,
            normalised_in_use,
            unet_side,
            standardized,
            condition_of,
            largest_rate,
            poolings,
            vgg_width,
            wav2letter_steps,
        )
    },
    **example_maps.FUNCTIONS,
    **{
        name: getattr(cnn_ref, name)
        for name in (
            "batch_norm_parameters",
            "bottleneck_multiplications",
            "connections_per_unit",
            "conv_multiplications",
            "conv_output_size",
            "dense_parameters",
            "depthwise_separable_parameters",
            "effective_kernel_size",
            "factorised_multiplications",
            "full_output_size",
            "full_padding",
            "pool_output_size",
            "same_output_size",
            "same_padding",
            "same_padding_sides",
            "shared_parameters",
            "transposed_output_size",
            "unshared_parameters",
        )
    },
    **{function.__name__: function for function in (abs, isqrt, max, min, round)},
}
"""Name -> function."""
