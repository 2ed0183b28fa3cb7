"""The pictures of the chapters, drawn from the numbers that the text beside them names."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure, SubFigure

from cnn_ref import conv2d, conv_multiplications, conv_transpose1d, max_pool2d, max_unpool2d, plot
from cnn_ref.networks import NETWORKS
from cnn_ref.plot.style import INK, QUIET, RESULT, SERIES, SHEET, SMALL, TEXT, WEIGHT, WINDOW, bare, card, chart

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
        "s03-family": family(),
        "s04-wave": wave(),
        "s05-separable": separable(),
        "s06-groups": groups(),
        "s07-factor": factors(),
        "s08-principles": principles(),
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


def family() -> Figure:
    """Draw the relatives of U-Net: in gray the U, in color what each of them adds."""
    figure = card(8.4, 7.2)
    spots = figure.subplot_mosaic([["chance", "chance"], ["dense", "scales"]], height_ratios=[1, 1.12])
    chance, dense_maps, scales = (spots[name] for name in ("chance", "dense", "scales"))
    added = {"arrowstyle": "-|>", "color": WINDOW, "linewidth": 2.0}
    _draws(chance, added)
    for axes in (dense_maps, scales):
        _small_u(axes)
    _dense_links(dense_maps, added)
    _resized_links(scales, added)
    bare(chance, "Probabilistic U-Net: numbers drawn by chance join the last maps")
    bare(dense_maps, "Dense U-Net: layers of a level read\nall maps before them")
    bare(scales, "Multi-scale dense U-Net: maps of other\nlevels are read, resized")
    figure.subplots_adjust(left=0.02, right=0.98, top=0.94, bottom=0.02, hspace=0.24, wspace=0.05)
    return figure


def _small_u(axes: Axes, middle: float = 3.0) -> None:
    """Draw a U of three levels in gray: three maps on each side of a level, halved on the way down."""
    arrow = {"arrowstyle": "-|>", "color": QUIET, "linewidth": 1.0, "shrinkA": 6, "shrinkB": 6}
    sides = [(middle - 2.4, 0), (middle - 1.8, 1), (middle, 2), (middle + 1.8, 1), (middle + 2.4, 0)]
    for x, level in sides:
        for step in (-0.5, 0.0, 0.5):
            axes.plot(x + step, -level, "s", color="white", markeredgecolor=INK, markersize=14 - 3 * level)
        for step in (-0.5, 0.0):
            axes.annotate("", (x + step + 0.5, -level), (x + step, -level), arrowprops=arrow)
    for (x, level), (to, other) in pairwise(sides):
        axes.annotate("", (to - 0.5, -other), (x + 0.5, -level), arrowprops=arrow)
    for left, right in ((sides[0], sides[4]), (sides[1], sides[3])):
        ends = (right[0] - 0.5, -right[1]), (left[0] + 0.5, -left[1])
        axes.annotate("", *ends, arrowprops={**arrow, "linestyle": "--"})
    axes.set_xlim(middle - 3.3, middle + 3.3)
    axes.set_ylim(-2.5, 0.75)


def _framed(axes: Axes, x: float, y: float, words: str, size: int = TEXT) -> None:
    """Write something that a relative of U-Net adds."""
    frame = {"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": WINDOW}
    axes.text(x, y, words, ha="center", va="center", fontsize=size, color=INK, bbox=frame)


def _dense_links(axes: Axes, added: dict[str, object]) -> None:
    """Link the first map of each side of a level with the third."""
    bend = {**added, "connectionstyle": "arc3,rad=-0.6", "shrinkA": 0, "shrinkB": 0}
    for level, sides in enumerate(((0.6, 5.4), (1.2, 4.8), (3.0,))):
        for middle in sides:
            axes.annotate("", (middle + 0.5, 0.13 - level), (middle - 0.5, 0.13 - level), arrowprops=bend)


def _resized_links(axes: Axes, added: dict[str, object]) -> None:
    """Link maps of different levels, and write by how much their sides change."""
    links = [((1.1, 0), (4.3, 1), (1.95, -0.27)), ((1.7, 1), (4.9, 0), (3.95, -0.3)), ((3.5, 2), (5.9, 0), (5.5, -1.4))]
    for (x, level), (to, other), spot in links:
        bow = 0.5 if abs(level - other) > 1 else 0  # around the level between
        style = {**added, "connectionstyle": f"arc3,rad={bow}", "shrinkA": 8, "shrinkB": 10}
        axes.annotate("", (to, -other), (x, -level), arrowprops=style)
        sign = "×" if level > other else "÷"
        _framed(axes, *spot, f"{sign} {2 ** abs(level - other)}", SMALL)


def _draws(axes: Axes, added: dict[str, object]) -> None:
    """Draw a U, a second network, three numbers drawn by chance, and the masks that they give with one last map."""
    _small_u(axes)
    rows, columns = np.mgrid[0:16, 0:16]
    hills = ((6, 5, 1.0), (9, 10, 0.8))
    last = sum(height * np.exp(-((rows - r) ** 2 + (columns - c) ** 2) / 12) for r, c, height in hills)
    _framed(axes, 7.3, -1.45, "second\nnetwork")
    for place, number in enumerate(np.random.default_rng(9).normal(size=3)):
        y = -0.6 - 0.85 * place
        mask = np.where(last + 0.25 * number > 0.45, 1.0, 0.15)  # a 1 × 1 layer: the map, the number, a threshold
        extent = (11.15, 12.05, y - 0.38, y + 0.38)
        axes.imshow(mask, extent=extent, cmap="Oranges", vmin=0, vmax=1.6, aspect="auto", zorder=2)
        _framed(axes, 9.0, y, f"{number:+.1f}".replace("-", "−"))
        axes.annotate("", (8.55, y), (8.0, -1.45 + 0.25 * (1 - place)), arrowprops=added)
        axes.annotate("", (10.05, y), (9.4, y), arrowprops=added)
        axes.annotate("", (11.1, y), (10.4, y), arrowprops={**added, "color": QUIET, "linewidth": 1.2})
    axes.fill([10.05, 10.4, 10.4, 10.05], [0.2, 0.2, -2.7, -2.7], facecolor="white", edgecolor=INK)
    axes.text(10.22, -1.25, "joined", rotation=90, ha="center", va="center", fontsize=SMALL, color=INK)
    axes.annotate("", (10.05, 0.0), (6.1, 0.0), arrowprops={**added, "color": QUIET, "linewidth": 1.2})
    axes.text(8.1, 0.1, "last maps", ha="center", fontsize=SMALL, color=QUIET)
    axes.set_xlim(-0.3, 12.2)
    axes.set_ylim(-2.75, 0.75)


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


def principles() -> Figure:
    """Draw what Inception v3 does: two large windows from small ones, a grid halved in branches, values by stage."""
    figure = card(8.4, 7.0)
    quarters = figure.subfigures(2, 2, height_ratios=[1, 1.15])
    for part in quarters.flat:
        part.set_facecolor(figure.get_facecolor())
    _chain(quarters[0, 0], "5 × 5 by 3 × 3, then 3 × 3", [(5, 5), (3, 3), (1, 1)])
    _chain(quarters[0, 1], "3 × 3 by 1 × 3, then 3 × 1", [(3, 3), (3, 1), (1, 1)])
    _branches(quarters[1, 0].add_subplot())
    _stages(quarters[1, 1].add_subplot())
    quarters[1, 0].subplots_adjust(left=0.03, right=0.98, top=0.9, bottom=0.03)
    quarters[1, 1].subplots_adjust(left=0.3, right=0.95, top=0.9, bottom=0.14)
    return figure


def _chain(part: SubFigure, title: str, sheets: list[tuple[int, int]]) -> None:
    """Draw sheets of cells: a layer makes each of the one before; the window and its cell have one color."""
    kernels = [tuple(big - small + 1 for big, small in zip(*pair, strict=True)) for pair in pairwise(sheets)]
    tall, widths = max(rows for rows, _ in sheets), [max(1.4, columns) for _, columns in sheets]
    spots = part.subplots(1, 3, width_ratios=widths)
    for place, (axes, (rows, columns)) in enumerate(zip(spots, sheets, strict=True)):
        plot.draw_grid(axes, np.zeros((rows, columns)), hidden=np.ones((rows, columns), dtype=bool))
        if place < len(kernels):
            _mark(axes, *kernels[place], SERIES[place], 2)
        if place:
            _mark(axes, 1, 1, SERIES[place - 1], 3)
        axes.set_xlim(columns / 2 - widths[place] / 2 - 0.1, columns / 2 + widths[place] / 2 + 0.1)
        axes.set_ylim(rows / 2 + tall / 2 + 0.1, rows / 2 - tall / 2 - 0.1)
        axes.set_title(f"{rows} × {columns}", fontsize=SMALL, color=INK)
    large, small = sheets[0][0] * sheets[0][1], [height * width for height, width in kernels]
    part.suptitle(title, fontsize=TEXT, color=INK, y=0.97)
    sums = f"{' + '.join(map(str, small))} = {sum(small)} weights in place of {large}"
    part.text(0.5, 0.05, sums, ha="center", fontsize=SMALL, color=INK)
    part.subplots_adjust(left=0.06, right=0.94, top=0.8, bottom=0.14, wspace=0.25)


def _mark(axes: Axes, height: int, width: int, color: str, layer: int) -> None:
    """Tint and frame the cells of a window in the upper left corner; a later layer hides the tint below it."""
    corners = [0, width, width, 0], [0, 0, height, height]
    if layer > 2:
        axes.fill(*corners, facecolor=SHEET, zorder=layer)
    axes.fill(*corners, facecolor=to_rgba(color, 0.3), edgecolor=color, linewidth=2.6, zorder=layer)


def _branches(axes: Axes) -> None:
    """Draw the module that halves 35 × 35 cells: three branches side by side, stacked."""
    shapes = {layer.name: layer.output_shape for layer in NETWORKS["inception_v3"]().layers}
    before, after = shapes["mixed2"], shapes["mixed3"]
    ways = {
        "3 × 3\nstride 2": shapes["mixed3/1/3x3"], "1 × 1, 3 × 3,\n3 × 3 stride 2": shapes["mixed3/2/double2"],
        "max pooling\nstride 2": shapes["mixed3/3/pool"],
    }  # fmt: skip
    boxes = {_volume(before): (1, 3.0), _volume(after): (1, -0.1)}
    boxes |= {f"{words}\n{shape[0]} maps": (x, 1.45) for x, (words, shape) in enumerate(ways.items())}
    frame = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": INK}
    for words, (x, y) in boxes.items():
        axes.text(x, y, words, ha="center", va="center", fontsize=SMALL, color=INK, bbox=frame)
    arrow = {"arrowstyle": "-|>", "color": QUIET, "linewidth": 1.2}
    for x in range(3):
        axes.annotate("", (x, 1.95), (1 + 0.3 * (x - 1), 2.8), arrowprops=arrow)
        axes.annotate("", (1 + 0.3 * (x - 1), 0.12), (x, 0.95), arrowprops=arrow)
    axes.text(1.55, -0.1, "stacked", va="center", fontsize=SMALL, color=QUIET)
    axes.set_xlim(-0.55, 2.55)
    axes.set_ylim(-0.5, 3.4)
    bare(axes, "half the side: branches in parallel")


def _stages(axes: Axes) -> None:
    """Draw how many values the stages of Inception v3 hold."""
    network = NETWORKS["inception_v3"]()
    names = ("conv1", "conv3", "conv5", "mixed2", "mixed7", "mixed10", "global_pool")
    shapes = [network[name].output_shape for name in names]
    axes.barh([_volume(shape) for shape in shapes], [np.prod(shape) / 1000 for shape in shapes], color=WEIGHT)
    axes.invert_yaxis()
    axes.set_xlabel("thousands of values", fontsize=SMALL, color=INK)
    axes.set_title("squeezed gently", fontsize=TEXT, color=INK)
    chart(axes)


def _volume(shape: tuple[int, ...]) -> str:
    """Write a shape as this notebook does: height, width, channels."""
    return f"{shape[1]} × {shape[2]} × {shape[0]:,}"


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
