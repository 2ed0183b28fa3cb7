"""Inception with batch normalisation: BN-Inception (v2) and Inception v3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from cnn_ref.networks.convolution_blocks import conv_bn
from cnn_ref.networks.description import (
    Auxiliary,
    Dense,
    Flatten,
    GlobalAveragePool,
    Layer,
    Parallel,
    average_pool,
    classifier,
    max_pool,
)
from cnn_ref.networks.network import Network

# 1x1, 3x3 reduce, 3x3, double 3x3 reduce, double 3x3, kind of pooling, projection; 0: without. A module without a 1x1
# branch halves the grid and passes its pooled input on (v2's stride-2 modules). The pool projections of 4c and 4d are
# 96 as in the released model; the paper prints 128, with which the concatenation would not have its printed depth.
BN_MODULES: dict[str, tuple[int, int, int, int, int, Literal["max", "average"], int]] = {
    "3a": (64, 64, 64, 64, 96, "average", 32),
    "3b": (64, 64, 96, 64, 96, "average", 64),
    "3c": (0, 128, 160, 64, 96, "max", 0),
    "4a": (224, 64, 96, 96, 128, "average", 128),
    "4b": (192, 96, 128, 96, 128, "average", 128),
    "4c": (160, 128, 160, 128, 160, "average", 96),
    "4d": (96, 128, 192, 160, 192, "average", 96),
    "4e": (0, 128, 192, 192, 256, "max", 0),
    "5a": (352, 192, 320, 160, 224, "average", 128),
    "5b": (352, 192, 320, 192, 224, "max", 128),
}


def bn_inception() -> Network:
    """BN-Inception: 11,194,984 parameters, 2,018,851,840 multiply-accumulates; both rest on one source.

    Returns
    -------
    Network
        For 1000 classes on 224x224. (The paper states 13.6 million for its own variant.)

    Notes
    -----
    Source: Ioffe and Szegedy, arXiv 1502.03167, figure 5, in the form of the ONNX light model inception_v2.

    Examples
    --------
    >>> bn_inception().parameters
    11194984
    """
    layers: list[Layer] = [
        *conv_bn("conv1", 64, 7, 2, 3),
        max_pool("pool1", 3, 2, ceil_mode=True),
        *conv_bn("conv2_reduce", 64, 1),
        *conv_bn("conv2", 192, 3, 1, 1),
        max_pool("pool2", 3, 2, ceil_mode=True),
        *(_bn_module(name) for name in BN_MODULES),
        *classifier(),
    ]
    source = "ONNX light model inception_v2"
    return Network("BN-Inception", tuple(layers), (3, 224, 224), source, confirmed=False)


def _bn_module(name: str) -> Parallel:
    ones, reduce3, threes, reduce33, doubles, kind, projection = BN_MODULES[name]
    stride = 1 if ones else 2
    pool: tuple[Layer, ...] = (max_pool("pool", 3, 2, ceil_mode=True),)
    if ones:
        pool = ((max_pool if kind == "max" else average_pool)("pool", 3, 1, 1),)
    branches: list[tuple[Layer, ...]] = [
        (*conv_bn("3x3_reduce", reduce3, 1), *conv_bn("3x3", threes, 3, stride, 1)),
        (
            *conv_bn("double_reduce", reduce33, 1),
            *conv_bn("double1", doubles, 3, 1, 1),
            *conv_bn("double2", doubles, 3, stride, 1),
        ),
        (*pool, *(conv_bn("projection", projection, 1) if projection else ())),
    ]
    if ones:
        branches.insert(0, conv_bn("1x1", ones, 1))
    return Parallel(name=f"inception_{name}", join="concatenate", branches=tuple(branches))


def inception_v3(variant: Literal["keras", "torchvision"] = "keras", *, auxiliary: bool = False) -> Network:
    """Inception v3: 5,713,216,096 multiply-accumulates in either variant.

    Parameters
    ----------
    variant : {"keras", "torchvision"}
        "keras": batch normalisation without scale: 23,817,352 trainable parameters, 23,851,784 with buffers.
        "torchvision": with scale: 23,834,568.
    auxiliary : bool
        With the side output (torchvision only): 27,161,264 parameters; the cost at inference stays.

    Returns
    -------
    Network
        For 1000 classes on 299x299.

    Raises
    ------
    ValueError
        If there is no such variant, or the side output is asked of Keras'.

    Notes
    -----
    Source: Szegedy et al., Rethinking the Inception architecture, arXiv 1512.00567, in the form of Keras and
    torchvision.

    Examples
    --------
    >>> inception_v3().total_parameters, inception_v3("torchvision", auxiliary=True).parameters
    (23851784, 27161264)
    """
    if variant not in ("keras", "torchvision") or (auxiliary and variant == "keras"):
        raise ValueError(
            f'variant must be "torchvision", or "keras" without a side output, got {variant!r}, {auxiliary}'
        )

    def unit(
        name: str, filters: int, kernel_size: int | tuple[int, int], stride: int = 1, same: bool = True
    ) -> tuple[Layer, ...]:
        padding: Literal["same", "valid"] = "same" if same else "valid"
        return conv_bn(name, filters, kernel_size, stride, padding, scale=variant == "torchvision")

    layers: list[Layer] = [
        *unit("conv1", 32, 3, 2, same=False),
        *unit("conv2", 32, 3, same=False),
        *unit("conv3", 64, 3),
        max_pool("pool1", 3, 2),
        *unit("conv4", 80, 1),
        *unit("conv5", 192, 3, same=False),
        max_pool("pool2", 3, 2),
        *(_module_35(unit, f"mixed{number}", pooled) for number, pooled in enumerate((32, 64, 64))),
        _reduction_17(unit),
        *(_module_17(unit, f"mixed{number}", width) for number, width in enumerate((128, 160, 160, 192), start=4)),
    ]
    if auxiliary:
        layers.append(_side_output())
    layers += [_reduction_8(unit), _module_8(unit, "mixed9"), _module_8(unit, "mixed10"), *classifier()]
    return Network(f"Inception v3 ({variant})", tuple(layers), (3, 299, 299), "Szegedy et al. 2015; Keras, torchvision")


Unit = Callable[..., tuple[Layer, ...]]


def _module_35(unit: Unit, name: str, pooled: int) -> Parallel:
    branches = (
        unit("1x1", 64, 1),
        (*unit("5x5_reduce", 48, 1), *unit("5x5", 64, 5)),
        (*unit("double_reduce", 64, 1), *unit("double1", 96, 3), *unit("double2", 96, 3)),
        (average_pool("pool", 3, 1, 1), *unit("projection", pooled, 1)),
    )
    return Parallel(name=name, join="concatenate", branches=branches)


def _reduction_17(unit: Unit) -> Parallel:
    branches = (
        unit("3x3", 384, 3, 2, same=False),
        (*unit("double_reduce", 64, 1), *unit("double1", 96, 3), *unit("double2", 96, 3, 2, same=False)),
        (max_pool("pool", 3, 2),),
    )
    return Parallel(name="mixed3", join="concatenate", branches=branches)


def _module_17(unit: Unit, name: str, width: int) -> Parallel:
    row, column = (1, 7), (7, 1)
    twice = (
        *unit("double_reduce", width, 1),
        *unit("double1", width, column),
        *unit("double2", width, row),
        *unit("double3", width, column),
        *unit("double4", 192, row),
    )
    branches = (
        unit("1x1", 192, 1),
        (*unit("7x7_reduce", width, 1), *unit("1x7", width, row), *unit("7x1", 192, column)),
        twice,
        (average_pool("pool", 3, 1, 1), *unit("projection", 192, 1)),
    )
    return Parallel(name=name, join="concatenate", branches=branches)


def _reduction_8(unit: Unit) -> Parallel:
    branches = (
        (*unit("3x3_reduce", 192, 1), *unit("3x3", 320, 3, 2, same=False)),
        (
            *unit("7x7_reduce", 192, 1),
            *unit("1x7", 192, (1, 7)),
            *unit("7x1", 192, (7, 1)),
            *unit("3x3", 192, 3, 2, same=False),
        ),
        (max_pool("pool", 3, 2),),
    )
    return Parallel(name="mixed8", join="concatenate", branches=branches)


def _module_8(unit: Unit, name: str) -> Parallel:
    def split() -> Parallel:
        return Parallel(name="split", join="concatenate", branches=(unit("1x3", 384, (1, 3)), unit("3x1", 384, (3, 1))))

    branches = (
        unit("1x1", 320, 1),
        (*unit("3x3_reduce", 384, 1), split()),
        (*unit("double_reduce", 448, 1), *unit("double1", 384, 3), split()),
        (average_pool("pool", 3, 1, 1), *unit("projection", 192, 1)),
    )
    return Parallel(name=name, join="concatenate", branches=branches)


def _side_output() -> Auxiliary:
    layers = (
        average_pool("pool", 5, 3),
        *conv_bn("conv1", 128, 1),
        *conv_bn("conv2", 768, 5),
        GlobalAveragePool(name="global_pool"),
        Flatten(name="flatten"),
        Dense(name="fc", units=1000),
    )
    return Auxiliary(name="auxiliary", layers=layers)
