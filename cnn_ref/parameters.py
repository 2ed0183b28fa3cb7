"""Parameter counts of a convolution: connections, weights and biases, with and without sharing.

Counts are numbers that gradient descent changes. Other kinds of layers are in `cnn_ref.layer_parameters`.
"""

from __future__ import annotations

import math

from cnn_ref._integers import Pair, pair, whole


def filter_shape(kernel_size: Pair, in_channels: int) -> tuple[int, int, int]:
    """Shape (height, width, depth) of one filter: the depth is that of the input, never a choice.

    Parameters
    ----------
    kernel_size : int or (int, int)
        Side of the filter, or (height, width).
    in_channels : int
        Depth of the input (with groups: the depth of one group).

    Returns
    -------
    (int, int, int)
        Height, width and depth.

    Raises
    ------
    ValueError, TypeError
        If a number is below 1 or not an integer.

    Notes
    -----
    Source: CS231n notes, Convolutional Networks.

    Examples
    --------
    >>> filter_shape(3, in_channels=20)
    (3, 3, 20)
    """
    height, width = pair("kernel_size", kernel_size, 1)
    return height, width, whole("in_channels", in_channels, 1)


def connections_per_unit(kernel_size: Pair, in_channels: int) -> int:
    """Input values that one element of a feature map reads; the bias reads none.

    Parameters
    ----------
    kernel_size, in_channels
        As in `filter_shape`.

    Returns
    -------
    int
        Connections of one unit.

    Raises
    ------
    ValueError, TypeError
        If a number is below 1 or not an integer.

    Notes
    -----
    Source: CS231n notes, Convolutional Networks, local connectivity.

    Examples
    --------
    >>> connections_per_unit(3, in_channels=20)
    180
    """
    return math.prod(filter_shape(kernel_size, in_channels))


def shared_parameters(kernel_size: Pair, in_channels: int, filters: int, bias: bool = True) -> int:
    """Parameters of a convolution: every position of a depth slice uses the same filter and the same bias.

    Parameters
    ----------
    kernel_size, in_channels
        As in `filter_shape`.
    filters : int
        Number of filters, at least 1.
    bias : bool
        Whether each filter has a bias.

    Returns
    -------
    int
        Weights and biases of the layer.

    Raises
    ------
    ValueError, TypeError
        If a number is below 1 or not an integer.

    Notes
    -----
    Source: CS231n notes, Convolutional Networks, parameter sharing.

    Examples
    --------
    >>> shared_parameters(3, in_channels=20, filters=1)
    181
    """
    return whole("filters", filters, 1) * (connections_per_unit(kernel_size, in_channels) + bool(bias))


def unshared_parameters(
    kernel_size: Pair, in_channels: int, filters: int, output_height: int, output_width: int, bias: bool = True
) -> int:
    """Parameters of a locally connected layer: every position has its own filters and its own biases.

    Parameters
    ----------
    kernel_size, in_channels, filters, bias
        As in `shared_parameters`.
    output_height, output_width : int
        Positions of the window, at least 1 each.

    Returns
    -------
    int
        Weights and biases of the layer.

    Raises
    ------
    ValueError, TypeError
        If a number is below 1 or not an integer.

    Notes
    -----
    Source: Goodfellow, Bengio and Courville, Deep Learning, section 9.5.

    Examples
    --------
    >>> unshared_parameters(3, in_channels=20, filters=1, output_height=16, output_width=16)
    46336
    """
    positions = whole("output_height", output_height, 1) * whole("output_width", output_width, 1)
    return positions * shared_parameters(kernel_size, in_channels, filters, bias)


def conv_parameters(kernel_size: Pair, in_channels: int, filters: int) -> tuple[int, int]:
    """Parameters of a convolution with sharing and bias, per filter and in total.

    Parameters
    ----------
    kernel_size, in_channels, filters
        As in `shared_parameters`.

    Returns
    -------
    (int, int)
        Numbers in one filter with its bias, and in all filters.

    Raises
    ------
    ValueError, TypeError
        If a number is below 1 or not an integer.

    Notes
    -----
    Source: CS231n notes, Convolutional Networks, summary of the Conv layer.

    Examples
    --------
    >>> conv_parameters(11, in_channels=3, filters=96)
    (364, 34944)
    """
    return shared_parameters(kernel_size, in_channels, 1), shared_parameters(kernel_size, in_channels, filters)
