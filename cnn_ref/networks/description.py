"""The words a network is described with: one small frozen class a kind of layer, holding settings and nothing else.

A network is a tuple of these. `Parallel` holds branches (themselves tuples) that are concatenated or added;
`Auxiliary` holds a side output. Shapes are (channels, height, width), or (features,) after `Flatten`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Sides: TypeAlias = int | tuple[int, int] | tuple[tuple[int, int], tuple[int, int]] | Literal["valid", "same"]
"""Padding per end, (height, width), ((top, bottom), (left, right)), or TensorFlow's "valid" and "same"."""

Pair: TypeAlias = int | tuple[int, int]
"""One number for both axes, or (height, width)."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """What all layers share: a name that is unique among its neighbors."""

    name: str


@dataclass(frozen=True, kw_only=True)
class Conv(Layer):
    """Convolution.

    `connections`, where it is given, lists how many input channels each filter reads (LeNet's partially connected
    layer); otherwise each reads in_channels / groups.
    """

    filters: int
    kernel_size: Pair
    stride: Pair = 1
    padding: Sides = 0
    dilation: Pair = 1
    groups: int = 1
    bias: bool = True
    connections: tuple[int, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class ConvTranspose(Layer):
    """Transposed convolution."""

    filters: int
    kernel_size: Pair
    stride: Pair = 1
    padding: Pair = 0
    output_padding: Pair = 0
    bias: bool = True


@dataclass(frozen=True, kw_only=True)
class Pool(Layer):
    """Max or average pooling; without a stride the window is the stride."""

    kind: Literal["max", "average"] = "max"
    kernel_size: Pair
    stride: Pair | None = None
    padding: Sides = 0
    ceil_mode: bool = False


@dataclass(frozen=True, kw_only=True)
class Subsampling(Layer):
    """LeNet's pooling: the sum of a window times one trained coefficient a channel, plus one bias a channel."""

    kernel_size: Pair = 2


@dataclass(frozen=True, kw_only=True)
class GlobalAveragePool(Layer):
    """Mean of each channel: (C, H, W) -> (C, 1, 1)."""


@dataclass(frozen=True, kw_only=True)
class Flatten(Layer):
    """(C, H, W) -> (C·H·W,)."""


@dataclass(frozen=True, kw_only=True)
class Dense(Layer):
    """Fully connected layer on (features,)."""

    units: int
    bias: bool = True


@dataclass(frozen=True, kw_only=True)
class RadialBasis(Layer):
    """Euclidean distance to one fixed pattern a unit (LeNet-5's output): the patterns are not trained."""

    units: int


@dataclass(frozen=True, kw_only=True)
class BatchNorm(Layer):
    """Batch normalisation: shift, scale (where `scale`), and two running statistics a channel as buffers."""

    scale: bool = True


@dataclass(frozen=True, kw_only=True)
class Elementwise(Layer):
    """Anything that keeps the shape and learns nothing: ReLU, softmax, dropout, local response normalisation.

    `in_place` tells whether the output may overwrite the input, so that no memory is counted for it.
    """

    kind: str
    in_place: bool = True


@dataclass(frozen=True, kw_only=True)
class Crop(Layer):
    """Take that many rows and columns away at every side."""

    margin: int


@dataclass(frozen=True, kw_only=True)
class Subsample(Layer):
    """Keep every stride-th cell and append channels of zeros: ResNet's shortcut without parameters."""

    stride: int
    filters: int


@dataclass(frozen=True, kw_only=True)
class Parallel(Layer):
    """Branches that read the same input, joined by concatenation over channels or by addition; () is the identity."""

    join: Literal["concatenate", "add"]
    branches: tuple[tuple[Layer, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Block(Layer):
    """Layers under a common name."""

    layers: tuple[Layer, ...]


@dataclass(frozen=True, kw_only=True)
class Auxiliary(Layer):
    """A side output for training: its parameters count, its cost does not (inference leaves it out)."""

    layers: tuple[Layer, ...]


def conv(
    name: str,
    filters: int,
    kernel_size: Pair,
    stride: Pair = 1,
    padding: Sides = 0,
    *,
    groups: int = 1,
    bias: bool = True,
) -> tuple[Layer, ...]:
    """Describe a convolution followed by ReLU."""
    layer = Conv(
        name=name, filters=filters, kernel_size=kernel_size, stride=stride, padding=padding, groups=groups, bias=bias
    )
    return (layer, relu(f"{name}_relu"))


def relu(name: str) -> Elementwise:
    """Describe a ReLU."""
    return Elementwise(name=name, kind="ReLU")


def max_pool(
    name: str, kernel_size: Pair, stride: Pair | None = None, padding: Sides = 0, ceil_mode: bool = False
) -> Pool:
    """Describe a max pooling layer."""
    return Pool(name=name, kernel_size=kernel_size, stride=stride, padding=padding, ceil_mode=ceil_mode)


def average_pool(name: str, kernel_size: Pair, stride: Pair | None = None, padding: Sides = 0) -> Pool:
    """Describe an average pooling layer."""
    return Pool(name=name, kind="average", kernel_size=kernel_size, stride=stride, padding=padding)


def classifier(classes: int = 1000, name: str = "fc") -> tuple[Layer, ...]:
    """Describe global average pooling and one dense layer."""
    return (GlobalAveragePool(name="global_pool"), Flatten(name="flatten"), Dense(name=name, units=classes))
