"""Inception-ResNet v2: Inception modules as residuals."""

from __future__ import annotations

from typing import Literal

from cnn_ref.networks.convolution_blocks import conv_bn
from cnn_ref.networks.description import Conv, Elementwise, Layer, Parallel, average_pool, classifier, max_pool, relu
from cnn_ref.networks.network import Network


def inception_resnet_v2() -> Network:
    """Inception-ResNet v2: 55,813,192 trainable parameters, 55,873,736 with buffers, 13,155,794,016 MACs.

    Returns
    -------
    Network
        For 1000 classes on 299x299, in Keras' form (batch normalisation without scale).

    Notes
    -----
    Source: Szegedy et al., Inception-v4, arXiv 1602.07261, in the form of Keras applications.

    Examples
    --------
    >>> inception_resnet_v2().total_parameters
    55873736
    """
    layers: list[Layer] = [
        *_unit("conv1", 32, 3, 2, same=False),
        *_unit("conv2", 32, 3, same=False),
        *_unit("conv3", 64, 3),
        max_pool("pool1", 3, 2),
        *_unit("conv4", 80, 1),
        *_unit("conv5", 192, 3, same=False),
        max_pool("pool2", 3, 2),
        _module_35(),
    ]
    for number in range(1, 11):
        layers += _residual(f"block35_{number}", _branches_35(), 320)
    layers.append(_reduction_17())
    for number in range(1, 21):
        layers += _residual(f"block17_{number}", _branches_17(), 1088)
    layers.append(_reduction_8())
    for number in range(1, 11):
        layers += _residual(f"block8_{number}", _branches_8(), 2080, activation=number < 10)
    layers += [*_unit("conv6", 1536, 1), *classifier()]
    source = "Szegedy et al. 2016; Keras applications"
    return Network("Inception-ResNet v2", tuple(layers), (3, 299, 299), source, confirmed=False)


def _unit(
    name: str, filters: int, kernel_size: int | tuple[int, int], stride: int = 1, same: bool = True
) -> tuple[Layer, ...]:
    padding: Literal["same", "valid"] = "same" if same else "valid"
    return conv_bn(name, filters, kernel_size, stride, padding, scale=False)


def _residual(
    name: str, branches: tuple[tuple[Layer, ...], ...], channels: int, activation: bool = True
) -> tuple[Layer, ...]:
    """Describe branches, a 1x1 convolution with bias back to the input's channels, a fixed scale, and the sum."""
    main = (
        Parallel(name="branches", join="concatenate", branches=branches),
        Conv(name="up", filters=channels, kernel_size=1),
        Elementwise(name="scale", kind="Scale"),
    )
    block = Parallel(name=name, join="add", branches=((), main))
    return (block, relu(f"{name}_relu")) if activation else (block,)


def _module_35() -> Parallel:
    branches = (
        _unit("1x1", 96, 1),
        (*_unit("5x5_reduce", 48, 1), *_unit("5x5", 64, 5)),
        (*_unit("double_reduce", 64, 1), *_unit("double1", 96, 3), *_unit("double2", 96, 3)),
        (average_pool("pool", 3, 1, 1), *_unit("projection", 64, 1)),
    )
    return Parallel(name="mixed_5b", join="concatenate", branches=branches)


def _branches_35() -> tuple[tuple[Layer, ...], ...]:
    return (
        _unit("1x1", 32, 1),
        (*_unit("3x3_reduce", 32, 1), *_unit("3x3", 32, 3)),
        (*_unit("double_reduce", 32, 1), *_unit("double1", 48, 3), *_unit("double2", 64, 3)),
    )


def _reduction_17() -> Parallel:
    branches = (
        _unit("3x3", 384, 3, 2, same=False),
        (*_unit("double_reduce", 256, 1), *_unit("double1", 256, 3), *_unit("double2", 384, 3, 2, same=False)),
        (max_pool("pool", 3, 2),),
    )
    return Parallel(name="mixed_6a", join="concatenate", branches=branches)


def _branches_17() -> tuple[tuple[Layer, ...], ...]:
    return (
        _unit("1x1", 192, 1),
        (*_unit("7x7_reduce", 128, 1), *_unit("1x7", 160, (1, 7)), *_unit("7x1", 192, (7, 1))),
    )


def _reduction_8() -> Parallel:
    branches = (
        (*_unit("first_reduce", 256, 1), *_unit("first", 384, 3, 2, same=False)),
        (*_unit("second_reduce", 256, 1), *_unit("second", 288, 3, 2, same=False)),
        (*_unit("double_reduce", 256, 1), *_unit("double1", 288, 3), *_unit("double2", 320, 3, 2, same=False)),
        (max_pool("pool", 3, 2),),
    )
    return Parallel(name="mixed_7a", join="concatenate", branches=branches)


def _branches_8() -> tuple[tuple[Layer, ...], ...]:
    return (
        _unit("1x1", 192, 1),
        (*_unit("3x3_reduce", 192, 1), *_unit("1x3", 224, (1, 3)), *_unit("3x1", 256, (3, 1))),
    )
