"""Parameter counts of the other layers: locally connected, separable, dense, pooling, dropout, batch normalisation.

Counts are numbers that gradient descent changes; statistics that a layer only stores are called buffers.
"""

from __future__ import annotations

from fractions import Fraction
from typing import SupportsFloat

from cnn_ref._integers import Pair, pair, whole
from cnn_ref.parameters import connections_per_unit, shared_parameters, unshared_parameters
from cnn_ref.sizes import conv_output_size


def locally_connected_parameters(
    input_size: Pair,
    kernel_size: Pair,
    in_channels: int,
    filters: int,
    stride: Pair = 1,
    padding: Pair = 0,
    bias: bool = True,
) -> int:
    """Parameters of a locally connected layer from the size of its input.

    Parameters
    ----------
    input_size : int or (int, int)
        Side of the input, or (height, width).
    kernel_size, in_channels, filters, bias
        As in `shared_parameters`.
    stride, padding : int or (int, int)
        One number for both axes, or (height, width).

    Returns
    -------
    int
        Weights and biases of the layer.

    Raises
    ------
    ValueError, TypeError
        If the layer is impossible (see `cnn_ref.conv_output_size`) or an argument is not an integer.

    Notes
    -----
    Source: Goodfellow, Bengio and Courville, Deep Learning, section 9.5.

    Examples
    --------
    >>> locally_connected_parameters(128, 5, in_channels=1, filters=256, bias=False)
    98406400
    """
    output_height, output_width = (
        conv_output_size(*axis)
        for axis in zip(
            pair("input_size", input_size, 1),
            pair("kernel_size", kernel_size, 1),
            pair("stride", stride, 1),
            pair("padding", padding, 0),
            strict=True,
        )
    )
    return unshared_parameters(kernel_size, in_channels, filters, output_height, output_width, bias)


def depthwise_separable_parameters(kernel_size: Pair, in_channels: int, filters: int) -> int:
    """Weights of a depthwise convolution followed by a 1x1 convolution, without biases.

    Parameters
    ----------
    kernel_size, in_channels, filters
        As in `shared_parameters`.

    Returns
    -------
    int
        Weights of both layers.

    Raises
    ------
    ValueError, TypeError
        If a number is below 1 or not an integer.

    Notes
    -----
    Source: Chollet, Xception, arXiv 1610.02357.

    Examples
    --------
    >>> depthwise_separable_parameters(3, in_channels=128, filters=256)
    33920
    """
    depthwise = connections_per_unit(kernel_size, 1) * whole("in_channels", in_channels, 1)
    return depthwise + shared_parameters(1, in_channels, filters, bias=False)


def dense_parameters(in_features: int, out_features: int, bias: bool = True) -> int:
    """Parameters of a fully connected layer.

    Parameters
    ----------
    in_features, out_features : int
        Values that come in (after flattening: the whole volume) and go out, at least 1.
    bias : bool
        Whether each output has a bias.

    Returns
    -------
    int
        Weights and biases.

    Raises
    ------
    ValueError, TypeError
        If a number is below 1 or not an integer.

    Notes
    -----
    Source: `torch.nn.Linear`.

    Examples
    --------
    >>> dense_parameters(7 * 7 * 512, 4096)
    102764544
    """
    return (whole("in_features", in_features, 1) + bool(bias)) * whole("out_features", out_features, 1)


def pooling_parameters(kernel_size: Pair) -> int:
    """Parameters of max or average pooling: none, whatever the window.

    Parameters
    ----------
    kernel_size : int or (int, int)
        The window, a hyperparameter.

    Returns
    -------
    int
        Always 0.

    Raises
    ------
    ValueError, TypeError
        If the window is below 1 or not an integer.

    Notes
    -----
    Source: `torch.nn.MaxPool2d`, which has no learnable tensor.

    Examples
    --------
    >>> pooling_parameters(2)
    0
    """
    pair("kernel_size", kernel_size, 1)
    return 0


def dropout_parameters(rate: SupportsFloat) -> int:
    """Parameters of dropout: none; the mask is drawn anew each step and kept nowhere.

    Parameters
    ----------
    rate : float
        Probability of dropping a value, from 0 to 1: a hyperparameter.

    Returns
    -------
    int
        Always 0.

    Raises
    ------
    ValueError
        If the rate lies outside [0, 1].
    TypeError
        If the rate is not a real number.

    Notes
    -----
    Source: Srivastava et al., Dropout, JMLR 15 (2014).

    Examples
    --------
    >>> dropout_parameters(0.1)
    0
    """
    if isinstance(rate, (bool, str)) or not isinstance(rate, (SupportsFloat, Fraction)):
        raise TypeError(f"rate must be a number from 0 to 1, got {rate!r}")
    if not 0 <= float(rate) <= 1:
        raise ValueError(f"rate must lie between 0 and 1, got {rate!r}")
    return 0


def batch_norm_parameters(channels: int) -> tuple[int, int]:
    """Parameters and buffers of batch normalisation: scale and shift are learned, the running statistics are kept.

    Parameters
    ----------
    channels : int
        Channels that are normalised, at least 1.

    Returns
    -------
    (int, int)
        Trainable parameters and buffers (running mean and variance; torch's batch counter is not one of the 2C).

    Raises
    ------
    ValueError, TypeError
        If the number is below 1 or not an integer.

    Notes
    -----
    Source: Ioffe and Szegedy, Batch Normalization, arXiv 1502.03167.

    Examples
    --------
    >>> batch_norm_parameters(64)
    (128, 128)
    """
    return 2 * whole("channels", channels, 1), 2 * whole("channels", channels, 1)
