"""DenseNet."""

from __future__ import annotations

from cnn_ref.networks.convolution_blocks import conv_bn
from cnn_ref.networks.description import (
    BatchNorm,
    Block,
    Conv,
    Layer,
    Parallel,
    average_pool,
    classifier,
    max_pool,
    relu,
)
from cnn_ref.networks.network import Network

GROWTH = 32
BLOCKS = (6, 12, 24, 16)


def densenet121() -> Network:
    """DenseNet-121, growth rate 32: 7,978,856 parameters, 2,834,161,664 multiply-accumulates.

    Returns
    -------
    Network
        For 1000 classes on 224x224; with buffers 8,062,504, Keras' total.

    Notes
    -----
    Source: Huang et al., Densely connected convolutional networks, arXiv 1608.06993, table 1.

    Examples
    --------
    >>> densenet121().parameters, densenet121().total_parameters
    (7978856, 8062504)
    """
    layers: list[Layer] = [*conv_bn("conv1", 64, 7, 2, 3), max_pool("pool1", 3, 2, 1)]
    channels = 64
    for number, count in enumerate(BLOCKS, start=1):
        layers.append(Block(name=f"block{number}", layers=tuple(_dense_unit(unit) for unit in range(1, count + 1))))
        channels += count * GROWTH
        if number < len(BLOCKS):
            channels //= 2
            layers.append(Block(name=f"transition{number}", layers=_transition(channels)))
    layers += [BatchNorm(name="bn"), relu("relu"), *classifier()]
    return Network("DenseNet-121", tuple(layers), (3, 224, 224), "Huang et al. 2016, table 1")


def _dense_unit(number: int) -> Parallel:
    """Describe one layer of a dense block: what it adds is appended to everything before it."""
    new = (*_pre_activated("bottleneck", 4 * GROWTH, 1), *_pre_activated("conv", GROWTH, 3))
    return Parallel(name=f"unit{number}", join="concatenate", branches=((), new))


def _transition(channels: int) -> tuple[Layer, ...]:
    return (*_pre_activated("conv", channels, 1), average_pool("pool", 2))


def _pre_activated(name: str, filters: int, kernel_size: int) -> tuple[Layer, ...]:
    return (
        BatchNorm(name=f"{name}_bn"),
        relu(f"{name}_relu"),
        Conv(name=name, filters=filters, kernel_size=kernel_size, padding=kernel_size // 2, bias=False),
    )
