"""The pictures of the exercises, drawn from the numbers that the text beside them names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from cnn_ref import bottleneck_multiplications, conv_multiplications, plot
from cnn_ref.plot.style import INK, LINE, SERIES, TEXT, bare, card

IMAGE = [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
FILTER = [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
SLANTED = [[1, 2, 0], [0, 1, -1], [0, 0, -1]]  # not symmetric: turning it around would show
MAP = [[1, 5, 2, 0], [3, 4, 8, 1], [-1, -2, 0, 0], [-3, -4, 0, 6]]
FRUIT = [[15, 1], [18, 3], [12, 2], [10, 5]]
RATING = [1, 2, 3, 4]  # moves the star, not the shape of the contours
INPUTS, TAPS = 4, 2  # of the three small layers that ex40 compares


def draw(folder: Path) -> None:
    """Draw all pictures of this assignment into a folder."""
    pictures = {
        "ex39-stride-padding": plot.convolution_sizes(IMAGE, FILTER, [(1, 0), (1, 1), (2, 1)]),
        "ex39-border": first_windows(),
        "ex40-connections": plot.filter_connections((20, 16, 16), 3, padding=1),
        "ex40-links": tables_of_links(),
        "ex41-step": plot.convolution_step(IMAGE, SLANTED, (1, 2)),
        "ex41-sizes": plot.convolution_sizes(IMAGE, SLANTED, [(1, 0), (2, 0), (2, 1)]),
        "ex42-cost": costs(),
        "ex43-windows": plot.pooling_windows(MAP, 2),
        "ex44-contours": plot.loss_contours(FRUIT, RATING),
    }
    for name, figure in pictures.items():
        figure.savefig(folder / f"{name}.png", metadata={"Software": None})  # the same bytes whatever wrote them


def costs() -> Figure:
    """Draw what a layer of GoogLeNet's second module costs, directly and through a thin layer."""
    direct = conv_multiplications(28, 28, 96, 5, 256)
    squeeze = conv_multiplications(28, 28, 32, 1, 256)
    both = bottleneck_multiplications(28, 28, 96, 5, 256, 32)
    ways = {
        "5 × 5 directly": {"5 × 5 on 256 channels": direct},
        "through 32 channels": {"1 × 1": squeeze, "5 × 5 on 32 channels": both - squeeze},
    }
    return plot.cost_bars(ways, "multiplications for 28 × 28 × 96 outputs")


def first_windows() -> Figure:
    """Draw the first window of a 3 × 3 filter without and with padding, and the cell under its middle."""
    figure = card(7.0, 3.6)
    for axes, padding in zip(figure.subplots(1, 2), (0, 1), strict=True):
        side = 5 + 2 * padding
        empty = np.ones((side, side), dtype=bool)
        title = "padding 1" if padding else "no padding"
        plot.draw_grid(axes, np.zeros((side, side)), padding=padding, windows=[(0, 0, 3, 3)], hidden=empty, title=title)
        axes.plot(1.5, 1.5, "o", color=INK, markersize=9)
    figure.subplots_adjust(left=0.02, right=0.98, top=0.88, bottom=0.02)
    return figure


def tables_of_links() -> Figure:
    """Draw which links three small layers have; equal colors and hatches are equal weights."""
    figure = card(9.0, 3.0)
    units = INPUTS - TAPS + 1
    near = [(unit, unit + tap) for unit in range(units) for tap in range(TAPS)]
    every = [(unit, cell) for unit in range(units) for cell in range(INPUTS)]
    kinds = {
        "dense": dict.fromkeys(every, (SERIES[0], "")),
        "locally connected": dict.fromkeys(near, (SERIES[0], "")),
        "convolutional": {(unit, cell): (SERIES[1 + cell - unit], ("", "///")[cell - unit]) for unit, cell in near},
    }
    notes = ("every weight is used once", "every weight is used once", "two weights, used by all units")
    for axes, (kind, cells), note in zip(figure.subplots(1, 3), kinds.items(), notes, strict=True):
        nothing = np.zeros((units, INPUTS))
        plot.draw_grid(axes, nothing, hidden=np.ones(nothing.shape, dtype=bool), title=kind)
        for (unit, cell), (color, hatch) in cells.items():
            axes.fill(
                [cell, cell + 1, cell + 1, cell],
                [unit, unit, unit + 1, unit + 1],
                facecolor=color,
                alpha=0.7,
                edgecolor=LINE,
                hatch=hatch,
                zorder=2,
            )
        axes.text(INPUTS / 2, units + 0.5, note, ha="center", va="center", fontsize=TEXT - 2, color=INK)
        axes.set_ylim(units + 0.9, -0.1)
        bare(axes, kind)
    figure.subplots_adjust(left=0.02, right=0.98, top=0.86, bottom=0.02)
    return figure
