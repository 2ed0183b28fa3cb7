"""The still picture of each explorer: one of its states, its numbers computed here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from student_kit.explorers.sketch import CELL, Sketch
from student_kit.plain import Array


def _windows(image: Array, side: int, step: int = 1) -> Array:
    """Return every window: (H, W) -> (rows, columns, side, side)."""
    return np.lib.stride_tricks.sliding_window_view(image, (side, side))[::step, ::step]


def _inside(row: int, column: int, side: int) -> Sequence[tuple[int, int]]:
    return [(row + i, column + j) for i in range(side) for j in range(side)]


def conv() -> str:
    """Draw an image, a filter and the output, one window and its sum marked."""
    image = np.array(
        [[0, 0, 0, 0, 0, 0], [0, 2, 2, 2, 2, 0], [0, 2, 0, 0, 0, 0], [0, 2, 0, 0, 1, 1], [0, 2, 0, 0, 1, 1]]
    )
    weights = np.array([[-1, 0, 1]] * 3)
    output = (_windows(image, 3) * weights).sum(axis=(2, 3))
    at, seen = (1, 2), _inside(1, 2, 3)
    sketch = Sketch(560, 250)
    sketch.cells(20, 45, "input", image.tolist(), lambda r, c: "window" if (r, c) in seen else "")
    sketch.cells(255, 45, "filter", weights.tolist(), lambda _r, _c: "window")
    sketch.cells(390, 45, "output", output.tolist(), lambda r, c: "picked" if (r, c) == at else "")
    sketch.words(20, 236, f"Window times filter, cell by cell, added up: {output[at]}".replace("-", "−"))
    return sketch.svg()


def size() -> str:
    """Draw the positions of a window of 4 with stride 3 on 10 cells with one zero at each end."""
    cells, side, step, zeros = 10, 4, 3, 1
    wide = cells + 2 * zeros
    starts = range(0, wide - side + 1, step)
    sketch = Sketch(CELL * wide + 40, CELL * len(starts) + 75)

    def kind(row: int, column: int) -> str:
        if starts[row] <= column < starts[row] + side:
            return "window"
        return "" if zeros <= column < wide - zeros else "zero"

    numbers = [0, *range(1, cells + 1), 0]
    sketch.cells(20, 45, f"{len(starts)} positions of a window of {side}, stride {step}", [numbers] * len(starts), kind)
    left = wide - starts[-1] - side
    sketch.words(20, CELL * len(starts) + 62, f"Cells left over at the end: {left}")
    return sketch.svg()


def padding() -> str:
    """Draw how many windows of 3 read each cell of a 6 x 6 image, without a frame of zeros and with one."""
    sketch = Sketch(560, 350)
    for place, zeros in enumerate((0, 1)):
        counts = np.zeros((6 + 2 * zeros,) * 2, dtype=int)
        for row in range(len(counts) - 2):
            for column in range(len(counts) - 2):
                counts[row : row + 3, column : column + 3] += 1
        counts = counts[zeros : zeros + 6, zeros : zeros + 6]
        shown = np.pad(counts, zeros)

        def kind(row: int, column: int, zeros: int = zeros) -> str:
            return "" if zeros <= min(row, column) and max(row, column) < 6 + zeros else "zero"

        sketch.cells(20 + 240 * place, 45, f"padding {zeros}: read by", shown.tolist(), kind)
    sketch.words(20, 336, "Each number counts the windows that read the cell; dashed cells are zeros.")
    return sketch.svg()


def dilation() -> str:
    """Draw a filter of 3 weights a side whose weights lie two cells apart."""
    image = np.add.outer(np.arange(9) * 5, np.arange(9) * 3) % 7
    read = [(2 * i, 1 + 2 * j) for i in range(3) for j in range(3)]
    under = _inside(0, 1, 5)

    def kind(row: int, column: int) -> str:
        return "window" if (row, column) in read else "hole" if (row, column) in under else ""

    total = sum(int(image[place]) for place in read)
    sketch = Sketch(CELL * 9 + 260, CELL * 9 + 60)
    sketch.cells(20, 45, "input", image.tolist(), kind)
    for line, text in enumerate((f"{len(read)} weights", f"span {len(under)} cells.", f"Their sum is {total}.")):
        sketch.words(CELL * 9 + 45, 70 + 24 * line, text)
    return sketch.svg()


def sharing() -> str:
    """Draw a shared layer: window 2 on 8 units, equal letters for equal weights."""
    inputs, side = 8, 2
    units = inputs - side + 1
    sketch = Sketch(620, 220)
    across = [30 + 80 * i for i in range(inputs)]
    for unit in range(units):
        middle = (across[unit] + across[unit + side - 1]) / 2
        for weight, letter in enumerate("ab"):
            below = across[unit + weight]
            sketch.line([(middle, 58), (below, 135)], "on" if unit == 2 else "link")
            sketch.words(middle + (below - middle) * 0.6 - 4, 108, letter, bold=True)
        sketch.box(middle - 16, 28, 32, 30, "picked" if unit == 2 else "cell")
        sketch.words(middle, 48, f"y{unit + 1}", middle=True)
    for place, x in enumerate(across):
        sketch.box(x - 16, 135, 32, 30, "window" if 2 <= place < 2 + side else "cell")
        sketch.words(x, 155, f"x{place + 1}", middle=True)
    sketch.words(20, 200, f"{side * units} links, {side} different weights: a and b")
    return sketch.svg()


def one_by_one() -> str:
    """Draw the work of a 3 x 3 convolution, directly and through a detour."""
    area, channels, filters, reduced = 14 * 14, 96, 40, 12
    direct, squeeze, rest = area * 9 * channels * filters, area * channels * reduced, area * 9 * reduced * filters
    sketch = Sketch(620, 160)
    sketch.words(20, 30, f"directly, {channels} channels: {direct:,} multiplications", bold=True)
    sketch.box(20, 40, 580, 26, "window")
    sketch.words(20, 100, f"first 1 × 1 to {reduced} channels: {squeeze:,} + {rest:,} = {squeeze + rest:,}", bold=True)
    sketch.box(20, 110, 580 * squeeze / direct, 26, "picked")
    sketch.box(20 + 580 * squeeze / direct, 110, 580 * rest / direct, 26, "window")
    return sketch.svg()


def pooling() -> str:
    """Draw the largest number of each 3 x 3 window of a 6 x 6 map."""
    image = np.zeros((6, 6), dtype=int)
    image[1:4, 1:5] = [[7, 1, 0, 0], [2, 0, 0, 4], [0, 0, 0, 3]]
    image[4, 1], image[4, 3] = 5, 6
    output = _windows(image, 3, 3).max(axis=(2, 3))
    seen = _inside(0, 0, 3)
    sketch = Sketch(420, 275)
    sketch.cells(20, 45, "input", image.tolist(), lambda r, c: "window" if (r, c) in seen else "")
    sketch.cells(270, 45, "largest", output.tolist(), lambda r, c: "" if r or c else "picked")
    return sketch.svg()


def receptive_field() -> str:
    """Draw three layers without padding and what the first unit of the last one sees."""
    layers, counts = ((3, 1), (2, 2), (3, 1)), [16]
    for side, step in layers:
        counts.append((counts[-1] - side) // step + 1)
    centers = [[40.0 + 36 * i for i in range(counts[0])]]
    for (side, step), count in zip(layers, counts[1:], strict=True):
        below = centers[-1]
        centers.append([(below[i * step] + below[i * step + side - 1]) / 2 for i in range(count)])
    lit = {(len(layers), 0)}
    sketch = Sketch(620, 310)
    for level in range(len(layers), 0, -1):
        side, step = layers[level - 1]
        for unit, x in enumerate(centers[level]):
            on = (level, unit) in lit
            for other in range(unit * step, unit * step + side):
                lit |= {(level - 1, other)} if on else set()
                ends = [(x, 255 - 70 * level + 11), (centers[level - 1][other], 255 - 70 * (level - 1) - 11)]
                sketch.line(ends, "on" if on else "link")
    for level, row in enumerate(centers):
        for unit, x in enumerate(row):
            kind = "picked" if (level, unit) == (len(layers), 0) else "window" if (level, unit) in lit else "cell"
            sketch.box(x - 11, 255 - 70 * level - 11, 22, 22, kind)
    seen = sum(level == 0 for level, _ in lit)
    sketch.words(20, 298, f"One unit of the upper row sees {seen} cells of the lower one.")
    return sketch.svg()


def scaling() -> str:
    """Draw what gradient descent has left of the loss after each step, before and after scaling."""
    table = np.array([[3.0, 4], [18, 3], [9, 2], [14, 4], [6, 2]])
    target = np.array([14.0, 9, 6, 7, 12])
    columns, wanted = table - table.mean(axis=0), target - target.mean()
    sketch = Sketch(620, 230)
    sketch.words(20, 30, "share of the loss above the lowest point that is left after each of 6 steps", bold=True)
    for place, (name, data) in enumerate((("as measured", columns), ("scaled", columns / columns.std(axis=0)))):
        curve = 2 * data.T @ data / len(data)
        lowest = np.linalg.lstsq(data, wanted, rcond=None)[0]
        rate = 2 / float(np.linalg.eigvalsh(curve).sum())
        away, left = -lowest, []
        for _ in range(7):
            left.append(float(away @ curve @ away))
            away = away - rate * (curve @ away)
        points = [(60 + 290 * place + 40 * step, 180 - 120 * value / left[0]) for step, value in enumerate(left)]
        sketch.line(points, "on")
        share = 100 * left[-1] / left[0]
        sketch.words(60 + 290 * place, 210, f"{name}: {f'{share:.2g}%' if share > 0.001 else 'less than 0.001%'} left")
    return sketch.svg()
