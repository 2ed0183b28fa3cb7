"""Convolution, batch normalisation and ReLU in the orders that the later networks use."""

from __future__ import annotations

from cnn_ref.networks.description import BatchNorm, Conv, Layer, Pair, Sides, relu


def conv_bn(
    name: str,
    filters: int,
    kernel_size: Pair,
    stride: Pair = 1,
    padding: Sides = 0,
    *,
    groups: int = 1,
    bias: bool = False,
    scale: bool = True,
    activation: bool = True,
) -> tuple[Layer, ...]:
    """Describe a convolution, batch normalisation and (where `activation`) ReLU."""
    layers = (
        Conv(
            name=name,
            filters=filters,
            kernel_size=kernel_size,
            stride=stride,
            padding=padding,
            groups=groups,
            bias=bias,
        ),
        BatchNorm(name=f"{name}_bn", scale=scale),
    )
    return (*layers, relu(f"{name}_relu")) if activation else layers


def separable_bn(name: str, in_channels: int, filters: int) -> tuple[Layer, ...]:
    """Describe a depthwise 3x3 convolution, a 1x1 convolution and batch normalisation, without biases."""
    return (
        Conv(
            name=f"{name}_depthwise",
            filters=in_channels,
            kernel_size=3,
            padding="same",
            groups=in_channels,
            bias=False,
        ),
        Conv(name=f"{name}_pointwise", filters=filters, kernel_size=1, bias=False),
        BatchNorm(name=f"{name}_bn"),
    )
