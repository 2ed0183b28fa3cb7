"""GoogLeNet (Inception v1)."""

from __future__ import annotations

from typing import Literal

from cnn_ref.networks.alexnet import response_norm
from cnn_ref.networks.convolution_blocks import conv_bn
from cnn_ref.networks.description import (
    Auxiliary,
    Dense,
    Elementwise,
    Flatten,
    Layer,
    Parallel,
    average_pool,
    classifier,
    conv,
    max_pool,
    relu,
)
from cnn_ref.networks.network import Network

# 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool projection (paper, table 1).
MODULES = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}


def googlenet(
    variant: Literal["paper", "torchvision"] = "paper", *, auxiliary: bool = False, ceil_mode: bool = True
) -> Network:
    """GoogLeNet.

    Parameters
    ----------
    variant : {"paper", "torchvision"}
        "paper": biases, local response normalisation, a true 5x5 branch: 6,998,552 parameters, 1,582,671,872
        multiply-accumulates. "torchvision": batch normalisation, no biases, and 3x3 filters in the branch called 5x5:
        6,624,904 and 1,498,376,192.
    auxiliary : bool
        With both side outputs (paper only): 13,378,280 parameters; the cost at inference stays.
    ceil_mode : bool
        False rounds pooling down (grids 27, 13, 6, as the ONNX model has them): 1,431,556,352.

    Returns
    -------
    Network
        For 1000 classes on 224x224.

    Raises
    ------
    ValueError
        If there is no such variant, or side outputs are asked of torchvision's.

    Notes
    -----
    Source: Szegedy et al., Going deeper with convolutions, arXiv 1409.4842, table 1, whose own totals do not add up.

    Examples
    --------
    >>> googlenet().parameters
    6998552
    """
    if variant not in ("paper", "torchvision") or (auxiliary and variant != "paper"):
        raise ValueError(
            f'variant must be "paper", or "torchvision" without side outputs, got {variant!r}, {auxiliary}'
        )
    modern = variant == "torchvision"
    layers: list[Layer] = [*_stem(modern, ceil_mode)]
    for name, widths in MODULES.items():
        layers.append(_module(name, widths, modern))
        if name in ("3b", "4e"):
            last = 2 if modern and name == "4e" else 3  # torchvision pools 2x2 there
            layers.append(max_pool(f"pool{name[0]}", last, 2, ceil_mode=ceil_mode))
        if auxiliary and name in ("4a", "4d"):
            layers.append(_side_output(f"auxiliary_{name}"))
    name = "GoogLeNet" + (" (torchvision)" if modern else "") + (" with side outputs" if auxiliary else "")
    return Network(name, (*layers, *classifier()), (3, 224, 224), "Szegedy et al. 2014, table 1")


def _stem(modern: bool, ceil_mode: bool) -> tuple[Layer, ...]:
    unit = conv_bn if modern else conv
    return (
        *unit("conv1", 64, 7, stride=2, padding=3),
        max_pool("pool1", 3, 2, ceil_mode=ceil_mode),
        *(() if modern else (response_norm("norm1"),)),
        *unit("conv2_reduce", 64, 1),
        *unit("conv2", 192, 3, padding=1),
        *(() if modern else (response_norm("norm2"),)),
        max_pool("pool2", 3, 2, ceil_mode=ceil_mode),
    )


def _module(name: str, widths: tuple[int, ...], modern: bool) -> Parallel:
    unit = conv_bn if modern else conv
    ones, reduce3, threes, reduce5, fives, projection = widths
    large = 3 if modern else 5
    return Parallel(
        name=f"inception_{name}",
        join="concatenate",
        branches=(
            unit("1x1", ones, 1),
            (*unit("3x3_reduce", reduce3, 1), *unit("3x3", threes, 3, padding=1)),
            (*unit("5x5_reduce", reduce5, 1), *unit("5x5", fives, large, padding=large // 2)),
            (max_pool("pool", 3, 1, 1), *unit("projection", projection, 1)),
        ),
    )


def _side_output(name: str) -> Auxiliary:
    layers = (
        average_pool("pool", 5, 3),
        *conv("conv", 128, 1),
        Flatten(name="flatten"),
        Dense(name="fc1", units=1024),
        relu("fc1_relu"),
        Elementwise(name="dropout", kind="Dropout"),
        Dense(name="fc2", units=1000),
    )
    return Auxiliary(name=name, layers=layers)
