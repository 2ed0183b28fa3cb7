"""The pictures of the chapters, drawn from the numbers that the text beside them names."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from cnn_ref import conv2d, conv_multiplications, conv_transpose1d, max_pool2d, max_unpool2d, plot
from cnn_ref.networks import NETWORKS
from cnn_ref.plot.style import INK, QUIET, RESULT, SERIES, SMALL, TEXT, WEIGHT, WINDOW, bare, card, chart

LINE = [3, 1, 4, 1, 5, 9, 2, 6, 5]
CELLS, STAMP = [2, 1, 3], [1, 2, 1]
POOLED = [1, 7, 4, 3, 0, 6]
IMAGE = [[1, 2, 0, 1, 3], [0, 3, 1, 2, 0], [2, 0, 1, 0, 1], [1, 1, 0, 3, 2], [0, 2, 1, 1, 0]]
DENSE = [3, -1, 4, 1, -5, 9, 2, -6]
BATCHES, LEVEL = 60, 4.0


def draw(folder: Path) -> None:
    """Draw all pictures of this assignment into a folder."""
    pictures = {
        "chap1-dilated": dilated(),
        "chap1-full": full(),
        "chap1-transposed": stamps(),
        "chap1-subsample": subsampled(),
        "chap1-dense": dense(),
        "chap1-running": running(),
        "chap1-unpool": unpooled(),
        "chap1-cost": costs(),
        "chap1-prior": prior(),
        "s01-lenet": lenet(),
        "s02-unet": unet(),
        "s04-wave": wave(),
        "s05-separable": separable(),
        "s06-groups": groups(),
        "s07-factor": factors(),
        "s09-block": block(),
    }
    for name, figure in pictures.items():
        figure.savefig(folder / f"{name}.png", metadata={"Software": None})  # the same bytes whatever wrote them


def dilated() -> Figure:
    """Draw the cells that the first window of a filter of 3 reads, for three dilations."""
    figure = card(6.4, 3.6)
    for axes, dilation in zip(figure.subplots(3, 1), (1, 2, 3), strict=True):
        read = [(0, tap * dilation, 1, 1) for tap in range(3)]
        plot.draw_grid(
            axes, [LINE], windows=read, title=f"dilation {dilation}: {2 * dilation + 1} cells from end to end"
        )
    figure.subplots_adjust(left=0.02, right=0.98, top=0.92, bottom=0.02, hspace=0.5)
    return figure


def full() -> Figure:
    """Draw the first and the last place where a filter of 3 touches a line of 4."""
    line = np.pad(LINE[:4], 2)
    figure = card(6.4, 2.6)
    for axes, start, title in zip(figure.subplots(2, 1), (0, 5), ("first place", "last place"), strict=True):
        plot.draw_grid(axes, [line], windows=[(0, start, 1, 3)], title=title)
        for cell in (0, 1, 6, 7):
            axes.fill([cell, cell + 1, cell + 1, cell], [0, 0, 1, 1], facecolor=QUIET, alpha=0.18, zorder=2)
    figure.subplots_adjust(left=0.02, right=0.98, top=0.88, bottom=0.02, hspace=0.5)
    return figure


def stamps() -> Figure:
    """Draw three stamps, row by row, and their sum."""
    total = conv_transpose1d([[CELLS]], [[STAMP]], stride=2)[0, 0]
    rows = np.zeros((len(CELLS) + 1, len(total)), dtype=int)
    hidden = np.ones(rows.shape, dtype=bool)
    for place, cell in enumerate(CELLS):
        rows[place, 2 * place : 2 * place + 3] = cell * np.array(STAMP)
        hidden[place, 2 * place : 2 * place + 3] = False
    rows[-1], hidden[-1] = total, False
    figure = card(6.4, 3.6)
    axes = figure.add_subplot()
    written = [(place, 2 * place, 1, 3) for place in range(len(CELLS))]
    plot.draw_grid(axes, rows, hidden=hidden, windows=[*written, (len(CELLS), 0, 1, len(total))])
    for place, name in enumerate((*(f"stamp of {cell}" for cell in CELLS), "sum")):
        axes.text(-0.15, place + 0.5, name, ha="right", va="center", fontsize=TEXT, color=INK)
    axes.set_xlim(-2.4, len(total) + 0.1)
    figure.subplots_adjust(left=0.02, right=0.98, top=0.96, bottom=0.02)
    return figure


def subsampled() -> Figure:
    """Draw a dense map and mark what a stride of 2 keeps."""
    dense_map = conv2d([[np.pad(IMAGE, 1)]], [[[[0, 1, 0], [1, 1, 1], [0, 1, 0]]]])[0, 0]
    kept = [(row, column, 1, 1) for row in (0, 2, 4) for column in (0, 2, 4)]
    figure = card(6.4, 3.4)
    left, right = figure.subplots(1, 2, width_ratios=[5, 3])
    plot.draw_grid(left, dense_map, windows=kept, title="stride 1")
    plot.draw_grid(right, dense_map[::2, ::2], windows=[(0, 0, 3, 3)], title="stride 2")
    figure.subplots_adjust(left=0.02, right=0.98, top=0.88, bottom=0.02, wspace=0.2)
    return figure


def dense() -> Figure:
    """Draw a row of a dense layer and the same weights as the two channels of a filter."""
    figure = card(7.6, 3.2)
    spots = figure.subplot_mosaic([["row", "row"], ["a", "b"]], height_ratios=[1, 2])
    plot.draw_grid(spots["row"], [DENSE], windows=[(0, 0, 1, 4)], color=WEIGHT, title="one row of the dense layer")
    for name, start in (("a", 0), ("b", 4)):
        channel = np.reshape(DENSE[start : start + 4], (2, 2))
        marked = [(0, 0, 2, 2)] if name == "a" else []
        plot.draw_grid(spots[name], channel, windows=marked, color=WEIGHT, title=f"channel {start // 4} of the filter")
    figure.subplots_adjust(left=0.02, right=0.98, top=0.9, bottom=0.02, hspace=0.5)
    return figure


def running() -> Figure:
    """Draw means of batches, and the stored mean that follows them by a tenth."""
    means = LEVEL + np.random.default_rng(6).normal(0, 0.9, BATCHES)
    stored = [0.0]
    for mean in means:
        stored.append(stored[-1] + 0.1 * (mean - stored[-1]))
    figure = card(6.4, 3.0)
    axes = figure.add_subplot()
    axes.plot(range(1, BATCHES + 1), means, "o", color=WEIGHT, markersize=4, label="mean of a batch")
    axes.plot(range(BATCHES + 1), stored, color=INK, linewidth=2, label="stored mean")
    axes.set_xlabel("batches", fontsize=SMALL, color=INK)
    axes.legend(frameon=False, fontsize=SMALL)
    chart(axes)
    figure.subplots_adjust(left=0.07, right=0.98, top=0.96, bottom=0.16)
    return figure


def unpooled() -> Figure:
    """Draw a line, its maxima with their places, and the line that unpooling gives."""
    maxima, places = max_pool2d([[[POOLED]]], (1, 2), return_indices=True)
    back = max_unpool2d(maxima, places, (1, 2))[0, 0]
    figure = card(6.4, 3.4)
    first, second, third = figure.subplots(3, 1)
    switches = [int(place) for place in places.ravel()]
    plot.draw_grid(first, [POOLED], windows=[(0, place, 1, 1) for place in switches], title="a line; its maxima marked")
    plot.draw_grid(second, maxima[0, 0], color=RESULT, title=f"pooled; places {', '.join(map(str, switches))}")
    plot.draw_grid(third, back, windows=[(0, place, 1, 1) for place in switches], title="unpooled")
    figure.subplots_adjust(left=0.02, right=0.98, top=0.92, bottom=0.02, hspace=0.6)
    return figure


def costs() -> Figure:
    """Draw the multiplications of one filter on 32 × 32 cells against its side."""
    sides = range(1, 33)
    counts = [conv_multiplications(33 - side, 33 - side, 1, side, 1) for side in sides]
    figure = card(6.4, 3.0)
    axes = figure.add_subplot()
    axes.bar(sides, [count / 1000 for count in counts], color=WINDOW)
    axes.set_xlabel("side of the filter, on 32 × 32 cells", fontsize=SMALL, color=INK)
    axes.set_ylabel("thousands of multiplications", fontsize=SMALL, color=INK)
    chart(axes)
    figure.subplots_adjust(left=0.1, right=0.98, top=0.96, bottom=0.17)
    return figure


def prior() -> Figure:
    """Draw a convolution of 3 on 7 cells as the table of a dense layer: equal colors are equal weights."""
    figure = card(5.6, 4.0)
    axes = figure.add_subplot()
    table = np.zeros((5, 7), dtype=int)
    inside = np.array([[0 <= cell - unit < 3 for cell in range(7)] for unit in range(5)])
    plot.draw_grid(axes, table, hidden=inside)
    for unit, cell in np.argwhere(inside):
        corners = [cell, cell + 1, cell + 1, cell], [unit, unit, unit + 1, unit + 1]
        axes.fill(*corners, facecolor=SERIES[cell - unit], alpha=0.7, zorder=2)
        axes.text(
            cell + 0.5, unit + 0.5, "abc"[cell - unit], ha="center", va="center", fontsize=TEXT, color=INK, zorder=3
        )
    bare(axes, "a unit in each row, an input in each column")
    figure.subplots_adjust(left=0.02, right=0.98, top=0.9, bottom=0.02)
    return figure


def lenet() -> Figure:
    """Draw the volumes of LeNet of 1995."""
    network = NETWORKS["lenet1995"]()
    words = {"c1": "convolution", "s2": "subsampling", "c3": "?", "s4": "subsampling", "output": "dense"}
    stages = [(text, network[name].output_shape) for name, text in words.items()]
    return plot.network_diagram([("", network.input_shape), *stages])


def unet() -> Figure:
    """Draw the levels of U-Net: down on the left, up on the right, a shortcut across each."""
    layers = {layer.name.rpartition("/")[2]: layer.output_shape for layer in NETWORKS["unet"]().layers}
    figure = card(7.6, 4.6)
    axes = figure.add_subplot()
    frame = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": INK}
    arrow = {"arrowstyle": "-|>", "color": QUIET, "linewidth": 1.2}
    places = {f"down{level}_conv2": (0.5 * level, -level) for level in (1, 2, 3, 4)}
    places |= {"down5_conv2": (4.0, -5.2)}
    places |= {f"up{level}_conv2": (8 - 0.5 * level, -level) for level in (4, 3, 2, 1)}
    for name, (x, y) in places.items():
        channels, height, width = layers[name]
        axes.text(
            x, y, f"{height} × {width} × {channels}", ha="center", va="center", fontsize=TEXT, color=INK, bbox=frame
        )
    spots = list(places.values())
    for (x, y), (end, height) in pairwise(spots):
        step = 0.25 if height < y else -0.25
        axes.annotate("", (end, height + step), (x, y - step), arrowprops=arrow)
    for level in (1, 2, 3, 4):
        ends = (8 - 0.5 * level - 0.95, -level), (0.5 * level + 0.95, -level)
        axes.annotate("", *ends, arrowprops={**arrow, "linestyle": "--"})
        axes.text(4, -level + 0.15, "shortcut: cut, then stack", ha="center", fontsize=SMALL, color=QUIET)
    axes.set_xlim(-0.6, 8.6)
    axes.set_ylim(-5.6, -0.6)
    bare(axes)
    figure.subplots_adjust(left=0.01, right=0.99, top=0.99, bottom=0.01)
    return figure


def wave() -> Figure:
    """Draw features over time, and a filter that covers all features of four moments."""
    features = np.random.default_rng(3).integers(0, 10, (6, 14))
    figure = card(7.6, 3.6)
    axes = figure.add_subplot()
    plot.draw_grid(axes, features, windows=[(0, 3, 6, 4)])
    axes.set_ylabel("features", fontsize=TEXT, color=INK)
    axes.set_xlabel("time: the window moves this way only", fontsize=TEXT, color=INK)
    figure.subplots_adjust(left=0.06, right=0.98, top=0.98, bottom=0.1)
    return figure


def separable() -> Figure:
    """Draw what depthwise filters and a pointwise filter read of three channels."""
    figure = card(7.6, 5.0)
    empty = np.ones((5, 5), dtype=bool)
    layers = {"depthwise": (1, 1, 3, 3), "pointwise": (2, 2, 1, 1)}
    for (name, read), row in zip(layers.items(), figure.subplots(2, 3), strict=True):
        for channel, axes in enumerate(row):
            color = SERIES[channel] if name == "depthwise" else QUIET
            title = f"{name}, channel {channel}"
            plot.draw_grid(axes, np.zeros((5, 5)), hidden=empty, windows=[read], color=color, title=title)
    figure.subplots_adjust(left=0.02, right=0.98, top=0.92, bottom=0.02, hspace=0.3)
    return figure


def groups() -> Figure:
    """Draw which channels each filter reads, without groups and with four groups."""
    figure = card(7.2, 3.6)
    for axes, count in zip(figure.subplots(1, 2), (1, 4), strict=True):
        width = 8 // count
        blocks = [(width * group, width * group, width, width) for group in range(count)]
        empty = np.ones((8, 8), dtype=bool)
        title = "one group" if count == 1 else f"{count} groups"
        plot.draw_grid(axes, np.zeros((8, 8)), hidden=empty, windows=blocks, title=title)
        axes.set_xlabel("channels in", fontsize=SMALL, color=INK)
        axes.set_ylabel("filters", fontsize=SMALL, color=INK)
    figure.subplots_adjust(left=0.06, right=0.98, top=0.9, bottom=0.08)
    return figure


def factors() -> Figure:
    """Draw a window of 7 × 7, and a row and a column of 7."""
    figure = card(7.2, 3.4)
    left, right = figure.subplots(1, 2)
    empty = np.ones((7, 7), dtype=bool)
    plot.draw_grid(left, np.zeros((7, 7)), hidden=empty, windows=[(0, 0, 7, 7)], title="7 × 7")
    plot.draw_grid(
        right, np.zeros((7, 7)), hidden=empty, windows=[(3, 0, 1, 7), (0, 3, 7, 1)], title="1 × 7, then 7 × 1"
    )
    figure.subplots_adjust(left=0.02, right=0.98, top=0.9, bottom=0.02)
    return figure


def block() -> Figure:
    """Draw a block of Inception-ResNet: two branches, a 1 × 1 layer, a shortcut."""
    figure = card(8.4, 3.2)
    axes = figure.add_subplot()
    boxes = {
        "in\n1,088": (0, 0), "1 × 1\n192": (2, 0.7), "1 × 1, 1 × 7, 7 × 1\n192": (2, -1), "stack": (4.2, 0),
        "1 × 1\n?": (5.7, 0), "+": (7.2, 0), "ReLU\n1,088": (8.5, 0),
    }  # fmt: skip
    frame = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": INK}
    for words, (x, y) in boxes.items():
        axes.text(x, y, words, ha="center", va="center", fontsize=TEXT, color=INK, bbox=frame)
    arrow = {"arrowstyle": "-|>", "color": QUIET, "linewidth": 1.2}
    ways = [(0.5, 0.2, 1.4, 0.65), (0.5, -0.2, 0.95, -0.8), (2.5, 0.65, 3.75, 0.2), (3.1, -0.8, 3.75, -0.2)]
    for x, y, end, height in [*ways, (4.65, 0, 5.25, 0), (6.1, 0, 6.95, 0), (7.45, 0, 7.9, 0)]:
        axes.annotate("", (end, height), (x, y), arrowprops=arrow)
    curve = {**arrow, "connectionstyle": "arc3,rad=-0.42"}
    axes.annotate("", (7.15, 0.3), (0.1, 0.5), arrowprops=curve)
    axes.text(3.6, 2.0, "shortcut", ha="center", fontsize=SMALL, color=QUIET)
    axes.set_xlim(-0.7, 9.3)
    axes.set_ylim(-1.6, 2.3)
    bare(axes)
    figure.subplots_adjust(left=0.01, right=0.99, top=0.99, bottom=0.01)
    return figure
