"""The pictures of the exercises, drawn from the numbers that the text beside them names."""

from __future__ import annotations

from pathlib import Path

from cnn_ref import bottleneck_multiplications, conv_multiplications, plot

IMAGE = [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
FILTER = [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
SLANTED = [[1, 2, 0], [0, 1, -1], [0, 0, -1]]  # not symmetric: turning it around would show
MAP = [[1, 5, 2, 0], [3, 4, 8, 1], [-1, -2, 0, 0], [-3, -4, 0, 6]]
FRUIT = [[15, 1], [18, 3], [12, 2], [10, 5]]
RATING = [1, 2, 3, 4]  # moves the star, not the shape of the contours


def draw(folder: Path) -> None:
    """Draw all pictures of this assignment into a folder."""
    direct = conv_multiplications(28, 28, 96, 5, 256)
    squeeze = conv_multiplications(28, 28, 32, 1, 256)
    both = bottleneck_multiplications(28, 28, 96, 5, 256, 32)
    costs = {
        "5 × 5 directly": {"5 × 5 on 256 channels": direct},
        "through 32 channels": {"1 × 1": squeeze, "5 × 5 on 32 channels": both - squeeze},
    }
    pictures = {
        "ex39-stride-padding": plot.convolution_sizes(IMAGE, FILTER, [(1, 0), (1, 1), (2, 1)]),
        "ex40-connections": plot.filter_connections((20, 16, 16), 3, padding=1),
        "ex41-step": plot.convolution_step(IMAGE, SLANTED, (1, 2)),
        "ex41-sizes": plot.convolution_sizes(IMAGE, SLANTED, [(1, 0), (2, 0), (2, 1)]),
        "ex42-cost": plot.cost_bars(costs, "multiplications for 28 × 28 × 96 outputs"),
        "ex43-windows": plot.pooling_windows(MAP, 2),
        "ex44-contours": plot.loss_contours(FRUIT, RATING),
    }
    for name, figure in pictures.items():
        figure.savefig(folder / f"{name}.png", metadata={"Software": None})  # the same bytes whatever wrote them
