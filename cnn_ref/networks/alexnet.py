"""AlexNet and ZF-Net."""

from __future__ import annotations

from typing import Literal

from cnn_ref.networks.description import Dense, Elementwise, Flatten, Layer, conv, max_pool, relu
from cnn_ref.networks.network import Network


def dense_head(units: int = 4096, classes: int = 1000) -> tuple[Layer, ...]:
    """Describe the two hidden dense layers with dropout and the output that AlexNet, ZF-Net and VGG end with."""
    hidden = tuple(
        layer
        for name in ("fc6", "fc7")
        for layer in (
            Dense(name=name, units=units),
            relu(f"{name}_relu"),
            Elementwise(name=f"{name}_dropout", kind="Dropout"),
        )
    )
    return (Flatten(name="flatten"), *hidden, Dense(name="fc8", units=classes))


def response_norm(name: str) -> Elementwise:
    """Describe local response normalisation, which learns nothing but needs memory of its own."""
    return Elementwise(name=name, kind="LocalResponseNorm", in_place=False)


def alexnet(variant: Literal["paper", "onnx", "torchvision"] = "paper") -> Network:
    """AlexNet.

    Parameters
    ----------
    variant : {"paper", "onnx", "torchvision"}
        "paper": two groups in conv2, conv4 and conv5, input 227 (with the printed 224 conv1 would give 54.25):
        60,965,224 parameters, 724,406,816 multiply-accumulates. "onnx": the same weights on 224 with sizes rounded
        down and one cell of padding at the end of the last pooling: 654,560,384. "torchvision": the one-column
        network of Krizhevsky 2014 as torchvision has it: 61,100,840 and 714,188,480.

    Returns
    -------
    Network
        For 1000 classes.

    Raises
    ------
    ValueError
        If there is no such variant.

    Notes
    -----
    Source: Krizhevsky, Sutskever and Hinton, ImageNet classification with deep convolutional neural networks (2012).

    Examples
    --------
    >>> alexnet().parameters
    60965224
    """
    if variant == "torchvision":
        return _torchvision()
    if variant not in ("paper", "onnx"):
        raise ValueError(f'variant must be "paper", "onnx" or "torchvision", got {variant!r}')
    if variant == "paper":
        return Network("AlexNet", _two_columns(groups=2), (3, 227, 227), "Krizhevsky et al. 2012")
    layers = _two_columns(groups=2, last_padding=((0, 1), (0, 1)))
    return Network("AlexNet (ONNX)", layers, (3, 224, 224), "ONNX light model bvlc_alexnet")


def alexnet_ungrouped() -> Network:
    """AlexNet with every filter reading all channels, the usual slip when its parameters are counted: 62,378,344.

    Returns
    -------
    Network
        1,135,256,096 multiply-accumulates.

    Notes
    -----
    Source: Krizhevsky, Sutskever and Hinton (2012) without the split over two GPUs.

    Examples
    --------
    >>> alexnet_ungrouped().parameters
    62378344
    """
    return Network("AlexNet without groups", _two_columns(groups=1), (3, 227, 227), "Krizhevsky et al. 2012, ungrouped")


def _two_columns(groups: int, last_padding: int | tuple[tuple[int, int], tuple[int, int]] = 0) -> tuple[Layer, ...]:
    return (
        *conv("conv1", 96, 11, stride=4),
        response_norm("norm1"),
        max_pool("pool1", 3, 2),
        *conv("conv2", 256, 5, padding=2, groups=groups),
        response_norm("norm2"),
        max_pool("pool2", 3, 2),
        *conv("conv3", 384, 3, padding=1),
        *conv("conv4", 384, 3, padding=1, groups=groups),
        *conv("conv5", 256, 3, padding=1, groups=groups),
        max_pool("pool5", 3, 2, last_padding),
        *dense_head(),
    )


def _torchvision() -> Network:
    layers = (
        *conv("conv1", 64, 11, stride=4, padding=2),
        max_pool("pool1", 3, 2),
        *conv("conv2", 192, 5, padding=2),
        max_pool("pool2", 3, 2),
        *conv("conv3", 384, 3, padding=1),
        *conv("conv4", 256, 3, padding=1),
        *conv("conv5", 256, 3, padding=1),
        max_pool("pool5", 3, 2),
        *dense_head(),
    )
    return Network("AlexNet (torchvision)", layers, (3, 224, 224), "torchvision.models.alexnet")


def zfnet() -> Network:
    """ZF-Net with AlexNet's widths: 7x7 filters with stride 2 first, pooling rounded up.

    Returns
    -------
    Network
        62,357,608 parameters, 1,168,032,896 multiply-accumulates; both from this description alone.

    Notes
    -----
    Source: Zeiler and Fergus, Visualizing and understanding convolutional networks, arXiv 1311.2901, figure 3.

    Examples
    --------
    >>> [zfnet()[name].output_shape for name in ("conv1", "pool1", "conv2", "pool5")]
    [(96, 110, 110), (96, 55, 55), (256, 26, 26), (256, 6, 6)]
    """
    layers = (
        *conv("conv1", 96, 7, stride=2, padding=1),
        max_pool("pool1", 3, 2, ceil_mode=True),
        response_norm("norm1"),
        *conv("conv2", 256, 5, stride=2),
        max_pool("pool2", 3, 2, ceil_mode=True),
        response_norm("norm2"),
        *conv("conv3", 384, 3, padding=1),
        *conv("conv4", 384, 3, padding=1),
        *conv("conv5", 256, 3, padding=1),
        max_pool("pool5", 3, 2, ceil_mode=True),
        *dense_head(),
    )
    return Network("ZF-Net", layers, (3, 224, 224), "Zeiler and Fergus 2013, figure 3", confirmed=False)
