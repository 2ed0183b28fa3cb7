"""The picture of a network: one row a block with its shape, its parameters and its cost (needs matplotlib)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnn_ref.networks.summary import size
from cnn_ref.plot.style import HATCHES, INK, QUIET, SMALL, WEIGHT, WINDOW, bare, card, chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cnn_ref.networks.network import Network


@dataclass
class Row:
    """A top-level block: everything whose path begins with its name."""

    name: str
    shape: tuple[int, ...]
    parameters: int = 0
    multiply_accumulates: int = 0


def blocks(network: Network) -> list[Row]:
    """Return the top-level blocks that change the shape or have parameters, in order; side outputs are left out."""
    found: list[Row] = []
    for layer in network.layers:
        if layer.auxiliary:
            continue
        name = layer.name.split("/")[0]
        if not found or found[-1].name != name:
            found.append(Row(name, layer.output_shape))
        row = found[-1]
        row.shape = layer.output_shape
        row.parameters += layer.parameters
        row.multiply_accumulates += layer.multiply_accumulates
    return _merged(found)


def _merged(rows: list[Row]) -> list[Row]:
    """Fold what neither costs nor reshapes (ReLU, normalisation) into the block before it."""
    kept: list[Row] = []
    for row in rows:
        if kept and not row.multiply_accumulates and row.shape == kept[-1].shape:
            kept[-1].parameters += row.parameters
        else:
            kept.append(row)
    return kept


def picture(network: Network) -> Figure:
    """Draw the blocks from the input down, and beside each its parameters and multiply-accumulates as bars."""
    rows = [Row("input", network.input_shape), *blocks(network)]
    height = 0.4 * len(rows) + 1.5
    figure = card(11, height, network.name)
    diagram, parameters, costs = figure.subplots(1, 3, width_ratios=(1.5, 1, 1), sharey=True)
    _diagram(diagram, rows)
    learned = [row.parameters for row in rows]
    beside = network.parameters - sum(learned)
    title = f"parameters: {sum(learned):,}" + (f"\n(side outputs: {beside:,})" if beside else "")
    _bars(parameters, learned, title, WEIGHT, HATCHES[0])
    total = network.multiply_accumulates
    _bars(costs, [row.multiply_accumulates for row in rows], f"multiply-accumulates: {total:,}", WINDOW, HATCHES[1])
    diagram.set_ylim(len(rows) - 0.4, -0.6)
    figure.tight_layout(rect=(0, 0, 1, 1 - 0.15 / height))
    return figure


def _diagram(axes: Axes, rows: list[Row]) -> None:
    bare(axes, "block and output shape")
    axes.set_xlim(0, 1)
    for number, row in enumerate(rows):
        box = {"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": INK, "linewidth": 0.9}
        axes.text(0.3, number, row.name, ha="center", va="center", fontsize=SMALL, color=INK, bbox=box)
        axes.text(0.97, number, size(row.shape), ha="right", va="center", fontsize=SMALL, color=INK)
        if number:
            arrow = {"arrowstyle": "-|>", "color": QUIET, "linewidth": 0.9, "shrinkA": 0, "shrinkB": 0}
            axes.annotate("", (0.3, number - 0.27), (0.3, number - 0.73), arrowprops=arrow)


def _bars(axes: Axes, values: list[int], title: str, colour: str, hatch: str) -> None:
    chart(axes)
    axes.set_title(title, fontsize=SMALL + 1, color=INK)
    axes.barh(range(len(values)), values, height=0.62, color=colour, edgecolor=INK, linewidth=0.7, hatch=hatch)
    largest = max(values) or 1
    axes.set_xlim(0, 1.45 * largest)
    axes.set_xticks([])
    axes.tick_params(left=False, labelleft=False)
    for number, value in enumerate(values):
        if value:
            axes.text(value + 0.02 * largest, number, f"{value:,}", va="center", fontsize=SMALL - 1, color=INK)
