"""Xception: depthwise separable convolutions with residual connections."""

from __future__ import annotations

from cnn_ref.networks.convolution_blocks import conv_bn, separable_bn
from cnn_ref.networks.description import Layer, Parallel, classifier, max_pool, relu
from cnn_ref.networks.network import Network


def xception() -> Network:
    """Xception: 22,855,952 trainable parameters (22,910,480 with buffers), 8,357,403,496 multiply-accumulates.

    Returns
    -------
    Network
        For 1000 classes on 299x299. The multiply-accumulates rest on one source.

    Notes
    -----
    Source: Chollet, Xception, arXiv 1610.02357, figure 5 and table 3; Keras applications.

    Examples
    --------
    >>> xception().parameters
    22855952
    """
    layers: list[Layer] = [*conv_bn("conv1", 32, 3, 2), *conv_bn("conv2", 64, 3)]
    channels = 64
    for number, width in enumerate((128, 256, 728), start=1):
        layers.append(_entry(f"entry{number}", channels, (width, width), first_relu=number > 1))
        channels = width
    layers += [_middle(f"middle{number}") for number in range(1, 9)]
    layers.append(_entry("exit", 728, (728, 1024)))
    layers += [*separable_bn("conv3", 1024, 1536), relu("conv3_relu"), *separable_bn("conv4", 1536, 2048)]
    layers += [relu("conv4_relu"), *classifier()]
    return Network("Xception", tuple(layers), (3, 299, 299), "Chollet 2016, figure 5", confirmed=False)


def _entry(name: str, channels: int, widths: tuple[int, int], first_relu: bool = True) -> Parallel:
    """Describe two separable convolutions and a pooling layer, with a strided 1x1 shortcut."""
    first, second = widths
    main = (
        *((relu("relu1"),) if first_relu else ()),
        *separable_bn("conv1", channels, first),
        relu("relu2"),
        *separable_bn("conv2", first, second),
        max_pool("pool", 3, 2, "same"),
    )
    shortcut = conv_bn("shortcut", second, 1, 2, activation=False)
    return Parallel(name=name, join="add", branches=(main, shortcut))


def _middle(name: str) -> Parallel:
    units = [(relu(f"relu{number}"), *separable_bn(f"conv{number}", 728, 728)) for number in (1, 2, 3)]
    return Parallel(name=name, join="add", branches=(tuple(layer for unit in units for layer in unit), ()))
