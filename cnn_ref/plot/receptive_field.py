"""Picture of the receptive field of a unit, growing through a stack of layers."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cnn_ref.plot.style import INK, LINE, RESULT, SHEET, SMALL, TEXT, WINDOW, bare, card


def receptive_field_growth(layers: Sequence[tuple[int, int]], size: int = 15) -> Figure:
    """Draw one row of cells for the input and for each layer, and what the middle unit reads.

    Parameters
    ----------
    layers : sequence of (kernel_size, stride)
        The stack, first layer first; no padding.
    size : int
        Number of input cells drawn.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        When the input has too few cells for the stack.

    Examples
    --------
    >>> figure = receptive_field_growth([(3, 1), (3, 1)], size=7)
    >>> any("5 input cells" in text.get_text() for text in figure.axes[0].texts)
    True
    """
    sizes = _sizes(layers, size)
    seen = _cells_seen(layers, sizes)
    figure = card(9.4, 0.95 * len(sizes) + 0.7)
    axes = figure.add_subplot()
    centres = _centres(layers, sizes)
    for level, count in enumerate(sizes):
        y = -1.6 * level
        first, last = seen[level]
        for cell in range(count):
            inside = first <= cell <= last
            face = (RESULT if level == len(layers) else WINDOW) if inside else SHEET
            x = centres[level][cell]
            axes.add_patch(
                Rectangle(
                    (x - 0.42, y - 0.42),
                    0.84,
                    0.84,
                    facecolor=face,
                    alpha=0.75 if inside else 1.0,
                    edgecolor=INK if inside else LINE,
                    linewidth=1.8 if inside else 0.8,
                    zorder=3,
                )
            )
        name = "input" if level == 0 else f"layer {level}: {layers[level - 1][0]} wide, stride {layers[level - 1][1]}"
        axes.text(-0.9, y, name, ha="right", va="center", fontsize=SMALL, color=INK)
        if level:
            _lines(
                axes,
                below=(centres[level], seen[level], y),
                above=(centres[level - 1], y + 1.6),
                layer=layers[level - 1],
            )
    reach = seen[0][1] - seen[0][0] + 1
    axes.text(size - 0.2, 0, f"sees {reach} input cells", va="center", fontsize=TEXT, color=INK, fontweight="bold")
    axes.set_xlim(-5.6, size + 3.6)
    axes.set_ylim(-1.6 * len(layers) - 0.8, 0.8)
    axes.set_aspect("equal")
    bare(axes)
    figure.subplots_adjust(left=0.02, right=0.98, top=0.98, bottom=0.02)
    return figure


def _lines(
    axes: Axes,
    below: tuple[list[float], tuple[int, int], float],
    above: tuple[list[float], float],
    layer: tuple[int, int],
) -> None:
    """Tie the marked cells of a layer to the outermost cells that they read."""
    centres, (first, last), y = below
    upper, y_upper = above
    kernel_size, stride = layer
    for cell, read in ((first, first * stride), (last, last * stride + kernel_size - 1)):
        axes.plot([centres[cell], upper[read]], [y + 0.42, y_upper - 0.42], color=INK, linewidth=1, linestyle="--")


def _sizes(layers: Sequence[tuple[int, int]], size: int) -> list[int]:
    """Return the number of cells of the input and of each layer's output."""
    sizes = [size]
    for number, (kernel_size, stride) in enumerate(layers, start=1):
        if sizes[-1] < kernel_size:
            raise ValueError(
                f"layer {number} needs {kernel_size} cells, but only {sizes[-1]} are left; raise size (now {size})"
            )
        sizes.append((sizes[-1] - kernel_size) // stride + 1)
    return sizes


def _cells_seen(layers: Sequence[tuple[int, int]], sizes: list[int]) -> list[tuple[int, int]]:
    """Return, per level, first and last cell that the middle unit of the last layer depends on."""
    middle = sizes[-1] // 2
    seen = [(middle, middle)]
    for kernel_size, stride in reversed(layers):
        first, last = seen[0]
        seen.insert(0, (first * stride, last * stride + kernel_size - 1))
    return seen


def _centres(layers: Sequence[tuple[int, int]], sizes: list[int]) -> list[list[float]]:
    """Return the x position of every cell: the middle of the input cells it sees."""
    centres = [[float(x) for x in range(sizes[0])]]
    for (kernel_size, stride), count in zip(layers, sizes[1:], strict=True):
        below = centres[-1]
        centres.append([(below[i * stride] + below[i * stride + kernel_size - 1]) / 2 for i in range(count)])
    return centres
