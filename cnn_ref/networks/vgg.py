"""The VGG configurations."""

from __future__ import annotations

from cnn_ref.networks.alexnet import dense_head, response_norm
from cnn_ref.networks.description import Block, Layer, conv, max_pool
from cnn_ref.networks.network import Network

WIDTHS = (64, 128, 256, 512, 512)
# Kernel sizes of the convolutions of each of the five blocks (paper, table 1).
CONFIGURATIONS = {
    "A": ((3,), (3,), (3, 3), (3, 3), (3, 3)),
    "B": ((3, 3), (3, 3), (3, 3), (3, 3), (3, 3)),
    "C": ((3, 3), (3, 3), (3, 3, 1), (3, 3, 1), (3, 3, 1)),
    "D": ((3, 3), (3, 3), (3, 3, 3), (3, 3, 3), (3, 3, 3)),
    "E": ((3, 3), (3, 3), (3, 3, 3, 3), (3, 3, 3, 3), (3, 3, 3, 3)),
}


def vgg_a(local_response_norm: bool = False) -> Network:
    """VGG configuration A, 11 weight layers: 132,863,336 parameters, 7,609,090,048 multiply-accumulates.

    Parameters
    ----------
    local_response_norm : bool
        Configuration A-LRN, with the same counts.

    Returns
    -------
    Network
        For 1000 classes on 224x224.

    Notes
    -----
    Source: Simonyan and Zisserman, Very deep convolutional networks, arXiv 1409.1556, table 1.

    Examples
    --------
    >>> vgg_a().parameters
    132863336
    """
    return _vgg("A", local_response_norm)


def vgg_b() -> Network:
    """VGG configuration B, 13 weight layers: 133,047,848 parameters, 11,308,466,176 multiply-accumulates.

    Returns
    -------
    Network
        For 1000 classes on 224x224.

    Notes
    -----
    Source: Simonyan and Zisserman, arXiv 1409.1556, table 1.

    Examples
    --------
    >>> vgg_b().parameters
    133047848
    """
    return _vgg("B")


def vgg_c() -> Network:
    """VGG configuration C, 16 weight layers, three of them 1x1: 133,638,952 and 11,770,888,192, from this alone.

    Returns
    -------
    Network
        For 1000 classes on 224x224.

    Notes
    -----
    Source: Simonyan and Zisserman, arXiv 1409.1556, table 1.

    Examples
    --------
    >>> vgg_c().parameters
    133638952
    """
    return _vgg("C", confirmed=False)


def vgg_d() -> Network:
    """VGG configuration D (VGG-16): 138,357,544 parameters, 15,470,264,320 multiply-accumulates.

    Returns
    -------
    Network
        For 1000 classes on 224x224.

    Notes
    -----
    Source: Simonyan and Zisserman, arXiv 1409.1556, table 1.

    Examples
    --------
    >>> vgg_d().parameters
    138357544
    """
    return _vgg("D")


def vgg_e() -> Network:
    """VGG configuration E (VGG-19): 143,667,240 parameters, 19,632,062,464 multiply-accumulates.

    Returns
    -------
    Network
        For 1000 classes on 224x224.

    Notes
    -----
    Source: Simonyan and Zisserman, arXiv 1409.1556, table 1.

    Examples
    --------
    >>> vgg_e().parameters
    143667240
    """
    return _vgg("E")


def _vgg(configuration: str, local_response_norm: bool = False, confirmed: bool = True) -> Network:
    blocks: list[Layer] = []
    for number, (width, kernels) in enumerate(zip(WIDTHS, CONFIGURATIONS[configuration], strict=True), start=1):
        layers: list[Layer] = []
        for position, kernel in enumerate(kernels, start=1):
            layers += conv(f"conv{position}", width, kernel, padding=kernel // 2)
        if local_response_norm and number == 1:
            layers.append(response_norm("norm"))
        blocks.append(Block(name=f"block{number}", layers=(*layers, max_pool("pool", 2))))
    name = f"VGG {configuration}" + ("-LRN" if local_response_norm else "")
    source = "Simonyan and Zisserman 2014, table 1"
    return Network(name, (*blocks, *dense_head()), (3, 224, 224), source, confirmed)
