"""LeNet, 1989 to 1998."""

from __future__ import annotations

from typing import Literal

from cnn_ref.networks.description import (
    Conv,
    Dense,
    Elementwise,
    Flatten,
    Layer,
    RadialBasis,
    Subsampling,
    average_pool,
)
from cnn_ref.networks.network import Network

# Which of the six maps of S2 each of the sixteen maps of C3 reads (1998, table I): six read three neighbors, nine
# read four, the last one reads all.
C3_CONNECTIONS = (3,) * 6 + (4,) * 9 + (6,)


def squash(name: str) -> Elementwise:
    """Describe the scaled hyperbolic tangent of LeCun's networks."""
    return Elementwise(name=name, kind="Tanh")


def lenet1995(trainable_subsampling: bool = False) -> Network:
    """Small LeNet for 28x28 characters with 26 outputs: 6,334 parameters, 139,392 multiply-accumulates.

    Parameters
    ----------
    trainable_subsampling : bool
        Whether subsampling has a trained coefficient and bias a map, 32 in all, as in LeCun's papers.

    Returns
    -------
    Network
        Map sizes 24x24x4, 12x12x4, 8x8x12, 4x4x12, 26. C3 reads all maps.

    Notes
    -----
    Source: LeCun and Bengio, Convolutional networks for images, speech, and time series (1995), figure 1.

    Examples
    --------
    >>> lenet1995().parameters
    6334
    """

    def subsample(name: str) -> Layer:
        return Subsampling(name=name) if trainable_subsampling else average_pool(name, 2)

    layers = (
        Conv(name="c1", filters=4, kernel_size=5),
        squash("c1_tanh"),
        subsample("s2"),
        Conv(name="c3", filters=12, kernel_size=5),
        squash("c3_tanh"),
        subsample("s4"),
        Flatten(name="flatten"),
        Dense(name="output", units=26),
    )
    return Network("LeNet (1995)", layers, (1, 28, 28), "LeCun and Bengio 1995, figure 1", confirmed=False)


def lenet5(variant: Literal["1998", "modern"] = "1998") -> Network:
    """LeNet-5.

    Parameters
    ----------
    variant : {"1998", "modern"}
        "1998": partially connected C3, trained subsampling, ten radial basis outputs with fixed patterns: 60,000
        parameters, 340,908 connections. "modern": C3 reads all maps, average pooling, dense output: 61,706 parameters,
        416,520 multiply-accumulates.

    Returns
    -------
    Network
        For 32x32 characters.

    Raises
    ------
    ValueError
        If there is no such variant.

    Notes
    -----
    Source: LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition (1998).

    Examples
    --------
    >>> lenet5().parameters, lenet5().connections
    (60000, 340908)
    """
    if variant not in ("1998", "modern"):
        raise ValueError(f'variant must be "1998" or "modern", got {variant!r}')
    old = variant == "1998"
    layers: tuple[Layer, ...] = (
        Conv(name="c1", filters=6, kernel_size=5),
        squash("c1_tanh"),
        Subsampling(name="s2") if old else average_pool("s2", 2),
        Conv(name="c3", filters=16, kernel_size=5, connections=C3_CONNECTIONS if old else None),
        squash("c3_tanh"),
        Subsampling(name="s4") if old else average_pool("s4", 2),
        Conv(name="c5", filters=120, kernel_size=5),
        squash("c5_tanh"),
        Flatten(name="flatten"),
        Dense(name="f6", units=84),
        squash("f6_tanh"),
        RadialBasis(name="output", units=10) if old else Dense(name="output", units=10),
    )
    return Network(f"LeNet-5 ({variant})", layers, (1, 32, 32), "LeCun et al. 1998, section II.B")
