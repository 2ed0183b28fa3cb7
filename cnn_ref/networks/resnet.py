"""Residual networks: ResNet and ResNeXt."""

from __future__ import annotations

from typing import Literal

from cnn_ref.networks.convolution_blocks import conv_bn
from cnn_ref.networks.description import Block, Layer, Parallel, Subsample, classifier, max_pool, relu
from cnn_ref.networks.network import Network

STAGES = {34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
Variant = Literal["torchvision", "keras"]


def resnet34(shortcuts: Literal["projection", "identity"] = "projection") -> Network:
    """ResNet-34.

    Parameters
    ----------
    shortcuts : {"projection", "identity"}
        "projection" (option B, torchvision): 1x1 convolutions where the shape changes: 21,797,672 parameters,
        3,663,761,408 multiply-accumulates. "identity" (option A): channels of zeros: 21,623,848 and 3,644,493,824.

    Returns
    -------
    Network
        For 1000 classes on 224x224.

    Raises
    ------
    ValueError
        If there is no such shortcut.

    Notes
    -----
    Source: He et al., Deep residual learning, arXiv 1512.03385, table 1.

    Examples
    --------
    >>> resnet34().parameters
    21797672
    """
    if shortcuts not in ("projection", "identity"):
        raise ValueError(f'shortcuts must be "projection" or "identity", got {shortcuts!r}')
    stages: list[Layer] = []
    channels = 64
    for stage, blocks in enumerate(STAGES[34]):
        width = 64 << stage
        units: list[Layer] = []
        for number in range(blocks):
            stride = 2 if stage and not number else 1
            shortcut: tuple[Layer, ...] = ()
            if stride != 1 or channels != width:
                projection = conv_bn("shortcut", width, 1, stride, activation=False)
                identity = (Subsample(name="shortcut", stride=stride, filters=width),)
                shortcut = projection if shortcuts == "projection" else identity
            main = (
                *conv_bn("conv1", width, 3, stride, 1),
                *conv_bn("conv2", width, 3, 1, 1, activation=False),
            )
            units += _residual(f"unit{number + 1}", main, shortcut)
            channels = width
        stages.append(Block(name=f"stage{stage + 1}", layers=tuple(units)))
    name = "ResNet-34" + ("" if shortcuts == "projection" else " with identity shortcuts")
    layers = (*_stem(bias=False), *stages, *classifier())
    return Network(name, layers, (3, 224, 224), "He et al. 2015, table 1", confirmed=shortcuts == "projection")


def resnet50(variant: Variant = "torchvision") -> Network:
    """ResNet-50.

    Parameters
    ----------
    variant : {"torchvision", "keras"}
        "torchvision" (v1.5: stride in the 3x3 convolution, no biases): 25,557,032 parameters, 4,089,184,256
        multiply-accumulates. "keras" (v1, as in the paper: stride in the first 1x1 convolution; with biases): a total
        of 25,636,712 with buffers, 3,857,973,248.

    Returns
    -------
    Network
        For 1000 classes on 224x224.

    Raises
    ------
    ValueError
        If there is no such variant.

    Notes
    -----
    Source: He et al., Deep residual learning, arXiv 1512.03385, table 1.

    Examples
    --------
    >>> resnet50().parameters, resnet50("keras").total_parameters
    (25557032, 25636712)
    """
    return _bottleneck_network("ResNet-50", STAGES[50], variant)


def resnet101(variant: Variant = "torchvision") -> Network:
    """ResNet-101.

    Parameters
    ----------
    variant : {"torchvision", "keras"}
        As in `resnet50`: 44,549,160 parameters and 7,801,405,440 multiply-accumulates, or a total of 44,707,176 and
        7,570,194,432.

    Returns
    -------
    Network
        For 1000 classes on 224x224.

    Raises
    ------
    ValueError
        If there is no such variant.

    Notes
    -----
    Source: He et al., Deep residual learning, arXiv 1512.03385, table 1.

    Examples
    --------
    >>> resnet101().parameters
    44549160
    """
    return _bottleneck_network("ResNet-101", STAGES[101], variant)


def resnet152(variant: Variant = "torchvision") -> Network:
    """ResNet-152.

    Parameters
    ----------
    variant : {"torchvision", "keras"}
        As in `resnet50`: 60,192,808 parameters and 11,513,626,624 multiply-accumulates, or a total of 60,419,944 and
        11,282,415,616.

    Returns
    -------
    Network
        For 1000 classes on 224x224.

    Raises
    ------
    ValueError
        If there is no such variant.

    Notes
    -----
    Source: He et al., Deep residual learning, arXiv 1512.03385, table 1.

    Examples
    --------
    >>> resnet152().parameters
    60192808
    """
    return _bottleneck_network("ResNet-152", STAGES[152], variant)


def resnext50_32x4d() -> Network:
    """ResNeXt-50 with 32 groups of width 4: 25,028,904 parameters, 4,230,479,872 multiply-accumulates.

    Returns
    -------
    Network
        For 1000 classes on 224x224.

    Notes
    -----
    Source: Xie et al., Aggregated residual transformations, arXiv 1611.05431, table 1.

    Examples
    --------
    >>> resnext50_32x4d().parameters
    25028904
    """
    return _bottleneck_network("ResNeXt-50 32x4d", STAGES[50], "torchvision", groups=32, width_factor=2)


def _bottleneck_network(
    name: str, blocks: tuple[int, ...], variant: Variant, groups: int = 1, width_factor: int = 1
) -> Network:
    if variant not in ("torchvision", "keras"):
        raise ValueError(f'variant must be "torchvision" or "keras", got {variant!r}')
    old = variant == "keras"
    stages: list[Layer] = []
    for stage, count in enumerate(blocks):
        width, out = (64 << stage) * width_factor, 256 << stage
        units: list[Layer] = []
        for number in range(count):
            stride = 2 if stage and not number else 1
            main = (
                *conv_bn("conv1", width, 1, stride if old else 1, bias=old),
                *conv_bn("conv2", width, 3, 1 if old else stride, 1, groups=groups, bias=old),
                *conv_bn("conv3", out, 1, bias=old, activation=False),
            )
            shortcut = () if number else conv_bn("shortcut", out, 1, stride, bias=old, activation=False)
            units += _residual(f"unit{number + 1}", main, shortcut)
        stages.append(Block(name=f"stage{stage + 1}", layers=tuple(units)))
    layers = (*_stem(bias=old), *stages, *classifier())
    title = f"{name} (Keras)" if old else name
    return Network(
        title, layers, (3, 224, 224), "He et al. 2015, table 1" if groups == 1 else "Xie et al. 2016, table 1"
    )


def _stem(bias: bool) -> tuple[Layer, ...]:
    return (*conv_bn("conv1", 64, 7, 2, 3, bias=bias), max_pool("pool1", 3, 2, 1))


def _residual(name: str, main: tuple[Layer, ...], shortcut: tuple[Layer, ...]) -> tuple[Layer, ...]:
    return (Parallel(name=name, join="add", branches=(main, shortcut)), relu(f"{name}_relu"))
