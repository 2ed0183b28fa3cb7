"""Costs of a layer: multiplications of its weights with its input, for one image.

A multiply-accumulate is one multiplication and one addition, so each number is also the count of multiply-accumulates.
Additions of biases are not counted.
"""

from __future__ import annotations

from cnn_ref._integers import Pair, pair, whole
from cnn_ref.parameters import connections_per_unit


def conv_multiplications(
    output_height: int, output_width: int, filters: int, kernel_size: Pair, in_channels: int
) -> int:
    """Multiplications of a convolution: each output value reads kernel x in_channels input values.

    Parameters
    ----------
    output_height, output_width : int
        Output cells, at least 1 each: the cost runs over the output, not the input.
    filters : int
        Number of filters, at least 1.
    kernel_size : int or (int, int)
        Side of the filter, or (height, width).
    in_channels : int
        Depth of the input (with groups: the depth of one group).

    Returns
    -------
    int
        Multiplications for one image.

    Raises
    ------
    ValueError, TypeError
        If a number is below 1 or not an integer.

    Notes
    -----
    Source: Szegedy et al., Going deeper with convolutions, arXiv 1409.4842 (the 5x5 branch).

    Examples
    --------
    >>> conv_multiplications(28, 28, filters=32, kernel_size=5, in_channels=192)
    120422400
    """
    units = whole("output_height", output_height, 1) * whole("output_width", output_width, 1)
    return units * whole("filters", filters, 1) * connections_per_unit(kernel_size, in_channels)


def bottleneck_multiplications(
    output_height: int, output_width: int, filters: int, kernel_size: Pair, in_channels: int, reduced_channels: int
) -> int:
    """Multiplications of a 1x1 convolution to `reduced_channels` and a convolution on its output, of the same size.

    Parameters
    ----------
    output_height, output_width, filters, kernel_size, in_channels
        As in `conv_multiplications`.
    reduced_channels : int
        Filters of the 1x1 convolution, which the second convolution reads; at least 1.

    Returns
    -------
    int
        Multiplications of both layers for one image.

    Raises
    ------
    ValueError, TypeError
        If a number is below 1 or not an integer.

    Notes
    -----
    Source: Szegedy et al., Going deeper with convolutions, arXiv 1409.4842.

    Examples
    --------
    >>> bottleneck_multiplications(28, 28, filters=32, kernel_size=5, in_channels=192, reduced_channels=16)
    12443648
    """
    reduced = whole("reduced_channels", reduced_channels, 1)
    reduce = conv_multiplications(output_height, output_width, reduced, 1, in_channels)
    return reduce + conv_multiplications(output_height, output_width, filters, kernel_size, reduced)


def factorised_multiplications(
    output_height: int, output_width: int, filters: int, kernel_size: int, in_channels: int
) -> int:
    """Multiplications of a 1 x n convolution followed by an n x 1 convolution, both with `filters` filters.

    Parameters
    ----------
    output_height, output_width, filters, in_channels
        As in `conv_multiplications`; both layers keep the size.
    kernel_size : int
        The n of the n x n filter that is replaced, at least 1.

    Returns
    -------
    int
        Multiplications of both layers for one image.

    Raises
    ------
    ValueError, TypeError
        If a number is below 1 or not an integer.

    Notes
    -----
    Source: Szegedy et al., Rethinking the Inception architecture, arXiv 1512.00567.

    Examples
    --------
    >>> factorised_multiplications(17, 17, filters=64, kernel_size=3, in_channels=64)  # 2/3 of the 3x3
    7102464
    """
    taps = whole("kernel_size", kernel_size, 1)
    row = conv_multiplications(output_height, output_width, filters, (1, taps), in_channels)
    return row + conv_multiplications(output_height, output_width, filters, (taps, 1), filters)


def depthwise_separable_multiplications(
    output_height: int, output_width: int, filters: int, kernel_size: Pair, in_channels: int
) -> int:
    """Multiplications of a depthwise convolution (one filter a channel) followed by a 1x1 convolution.

    Parameters
    ----------
    output_height, output_width, filters, kernel_size, in_channels
        As in `conv_multiplications`.

    Returns
    -------
    int
        Multiplications of both layers for one image.

    Raises
    ------
    ValueError, TypeError
        If a number is below 1 or not an integer.

    Notes
    -----
    Source: Chollet, Xception, arXiv 1610.02357.

    Examples
    --------
    >>> depthwise_separable_multiplications(1, 1, filters=256, kernel_size=3, in_channels=128)
    33920
    """
    depthwise = conv_multiplications(output_height, output_width, in_channels, pair("kernel_size", kernel_size, 1), 1)
    return depthwise + conv_multiplications(output_height, output_width, filters, 1, in_channels)
