"""U-Net."""

from __future__ import annotations

from cnn_ref.networks.description import Conv, ConvTranspose, Crop, Layer, Parallel, conv, max_pool, relu
from cnn_ref.networks.network import Network

WIDTHS = (64, 128, 256, 512, 1024)
# Rows and columns that the maps of each level lose at every side to fit those that come back (paper, figure 1).
MARGINS = (88, 40, 16, 4)


def unet() -> Network:
    """U-Net with 2x2 up-convolutions: 31,030,658 parameters, 150,428,424,448 multiply-accumulates.

    Returns
    -------
    Network
        For 572x572 images with one channel; two classes on 388x388.

    Notes
    -----
    Source: Ronneberger, Fischer and Brox, U-Net, arXiv 1505.04597, figure 1.

    Examples
    --------
    >>> unet().output_shape
    (2, 388, 388)
    """
    layers = (*_level(0), Conv(name="output", filters=2, kernel_size=1))
    return Network("U-Net", layers, (1, 572, 572), "Ronneberger et al. 2015, figure 1")


def _level(depth: int) -> tuple[Layer, ...]:
    """Describe a level: two convolutions, and, above the deepest, what lies below it joined with their cropped maps."""
    width = WIDTHS[depth]
    down = _two_convolutions(f"down{depth + 1}", width)
    if depth == len(WIDTHS) - 1:
        return down
    below = (max_pool(f"pool{depth + 1}", 2), *_level(depth + 1), *_up(depth + 1, width))
    crop = (Crop(name="crop", margin=MARGINS[depth]),)
    joined = Parallel(name=f"level{depth + 1}", join="concatenate", branches=(crop, below))
    return (*down, joined, *_two_convolutions(f"up{depth + 1}", width))


def _up(number: int, filters: int) -> tuple[Layer, ...]:
    name = f"upconv{number}"
    return (ConvTranspose(name=name, filters=filters, kernel_size=2, stride=2), relu(f"{name}_relu"))


def _two_convolutions(name: str, filters: int) -> tuple[Layer, ...]:
    return (*conv(f"{name}_conv1", filters, 3), *conv(f"{name}_conv2", filters, 3))
