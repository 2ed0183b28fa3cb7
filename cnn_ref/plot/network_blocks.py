"""A network as a list of blocks from the input down, with the parameters and costs of each as bars."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cnn_ref.plot.style import HATCHES, INK, QUIET, SHEET, SMALL, WEIGHT, WINDOW, bare, card, chart

Row = tuple[str, tuple[int, ...], int, int]


def network_blocks(rows: Sequence[Row], title: str = "", side_parameters: int = 0) -> Figure:
    """Draw blocks one below the other, and beside each its parameters and multiply-accumulates as bars.

    `cnn_ref.networks.Network.plot` draws a network of the lectures this way.

    Parameters
    ----------
    rows : sequence of (str, tuple of int, int, int)
        Name, output shape, parameters and multiply-accumulates of each block; the input comes first, without costs.
    title : str
        Text above the picture.
    side_parameters : int
        Parameters of side outputs that no block shows; they are named above the bars.

    Returns
    -------
    matplotlib.figure.Figure
        Three panels: blocks with shapes, parameters, multiply-accumulates.

    Raises
    ------
    ValueError
        When there are no rows.

    Examples
    --------
    >>> figure = network_blocks([("input", (1, 28, 28), 0, 0), ("conv", (8, 26, 26), 80, 48672)])
    >>> [axes.get_title() for axes in figure.axes[1:]]
    ['parameters: 80', 'multiply-accumulates: 48,672']
    """
    if not rows:
        raise ValueError("a picture of blocks needs at least one row, got none")
    height = 0.4 * len(rows) + 1.5
    figure = card(11, height, title)
    diagram, parameters, costs = figure.subplots(1, 3, width_ratios=(1.5, 1, 1), sharey=True)
    _diagram(diagram, rows)
    learned, multiplied = [row[2] for row in rows], [row[3] for row in rows]
    beside = f"\n(side outputs: {side_parameters:,})" if side_parameters else ""
    _bars(parameters, learned, f"parameters: {sum(learned):,}{beside}", WEIGHT, HATCHES[0])
    _bars(costs, multiplied, f"multiply-accumulates: {sum(multiplied):,}", WINDOW, HATCHES[1])
    diagram.set_ylim(len(rows) - 0.4, -0.6)
    figure.tight_layout(rect=(0, 0, 1, 1 - 0.15 / height))
    return figure


def _diagram(axes: Axes, rows: Sequence[Row]) -> None:
    bare(axes, "block and output shape")
    axes.set_xlim(0, 1)
    for number, (name, shape, *_) in enumerate(rows):
        box = {"boxstyle": "round,pad=0.25", "facecolor": SHEET, "edgecolor": INK, "linewidth": 0.9}
        axes.text(0.3, number, name, ha="center", va="center", fontsize=SMALL, color=INK, bbox=box)
        axes.text(0.97, number, " x ".join(map(str, shape)), ha="right", va="center", fontsize=SMALL, color=INK)
        if number:
            arrow = {"arrowstyle": "-|>", "color": QUIET, "linewidth": 0.9, "shrinkA": 0, "shrinkB": 0}
            axes.annotate("", (0.3, number - 0.27), (0.3, number - 0.73), arrowprops=arrow)


def _bars(axes: Axes, values: list[int], title: str, color: str, hatch: str) -> None:
    chart(axes)
    axes.set_title(title, fontsize=SMALL + 1, color=INK)
    axes.barh(range(len(values)), values, height=0.62, color=color, edgecolor=INK, linewidth=0.7, hatch=hatch)
    largest = max(values) or 1
    axes.set_xlim(0, 1.45 * largest)
    axes.set_xticks([])
    axes.tick_params(left=False, labelleft=False)
    for number, value in enumerate(values):
        if value:
            axes.text(value + 0.02 * largest, number, f"{value:,}", va="center", fontsize=SMALL - 1, color=INK)
