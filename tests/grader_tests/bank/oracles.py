"""Right answers found another way: windows listed, cells stamped, arrays counted. No formula of the bank is used."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import scipy

Values = dict[str, int]
Answer = float | Fraction | tuple[float | Fraction, ...]


def starts(cells: int, span: int, stride: int = 1, padding: int = 0) -> range:
    """Return where windows start on a line, 0 being its first cell."""
    return range(-padding, cells + padding - span + 1, stride)


def places(cells: int, span: int, stride: int = 1, padding: int = 0) -> int:
    """Return how many windows there are, by walking."""
    count, start = 0, -padding
    while start + span <= cells + padding:
        count, start = count + 1, start + stride
    return count


def unread(cells: int, span: int, stride: int) -> int:
    """Return how many cells at the end lie in no window."""
    read = {start + tap for start in starts(cells, span, stride) for tap in range(span)}
    return cells - max(read) - 1


def added(cells: int, span: int, stride: int) -> tuple[int, int]:
    """Return the zeros that TensorFlow adds, one by one, the end first, until there is a window for each start."""
    begin = end = 0
    while places(cells + begin + end, span, stride) < len(range(0, cells, stride)):
        begin, end = (begin, end + 1) if end == begin else (begin + 1, end)
    return begin, end


def keeping(cells: int, span: int, stride: int) -> int:
    """Return the smallest padding that keeps the size."""
    return next(p for p in range(10 * cells) if places(cells, span, stride, p) == cells)


def field(layers: list[tuple[int, int, int]]) -> int:
    """Return how many input cells reach one output cell: cells are followed backwards, layer by layer."""
    cells = {1000}
    for span, stride, dilation in reversed(layers):
        cells = {cell * stride + tap * dilation for cell in cells for tap in range(span)}
    return max(cells) - min(cells) + 1


def depth_for(cells: int, span: int) -> int:
    """Return the fewest layers that see so many cells."""
    seen, depth = {0}, 0
    while len(seen) < cells:
        seen, depth = {cell + tap for cell in seen for tap in range(span)}, depth + 1
    return depth


def stamped(cells: int, span: int, stride: int) -> dict[int, int]:
    """Return how often each cell is written by stamps."""
    written: dict[int, int] = {}
    for cell in range(cells):
        for tap in range(span):
            written[cell * stride + tap] = written.get(cell * stride + tap, 0) + 1
    return written


def back(cells: int, span: int, stride: int, padding: int) -> int:
    """Return how many cells a transposed convolution leaves."""
    return len(range(max(stamped(cells, span, stride)) + 1)[padding : -padding or None])  # cells in gaps count too


def products(outputs: int, side: int) -> int:
    """Return multiplications of one filter on one channel: each output of ones counts its own."""
    line = scipy.signal.correlate(np.ones(outputs + side - 1), np.ones(side), "valid")
    return round(float(np.outer(line, line).sum()))


def numbers(*shapes: tuple[int, ...]) -> int:
    """Return how many numbers arrays of these shapes hold."""
    return sum(np.broadcast_to(np.int8(0), shape).size for shape in shapes)


def local(side: int, span: int, filters: int, channels: int) -> int:
    """Return what a locally connected layer learns: weights and a bias for each unit."""
    return numbers((filters, side, side, channels, span, span), (filters, side, side))


def matrix(cells: int, span: int, stride: int) -> np.ndarray:
    """Return a convolution with the weights 1, 2, ... as a matrix."""
    rows = [
        [start <= cell < start + span and cell - start + 1 for cell in range(cells)]
        for start in starts(cells, span, stride)
    ]
    return np.array(rows, dtype=int)


def dense_block(channels: int, growth: int, layers: int) -> tuple[int, int]:
    """Return what the last layer reads and what the block leaves, map by map."""
    maps, read = ["input"] * channels, 0
    for layer in range(layers):
        read = len(maps)
        maps += [f"layer {layer}"] * growth
    return read, len(maps)


def unet(side: int) -> int:
    """Return the side behind U-Net, level by level."""
    for _ in range(4):
        side = places(places(places(side, 3), 3), 2, 2)
    side = places(places(side, 3), 3)
    for _ in range(4):
        side = places(places(len(stamped(side, 2, 2)), 3), 3)
    return side


def shared_gradient(v: Values) -> int:
    """Return by how much the loss grows when the first weight grows by one: it is linear in it."""
    x, g = [v[name] for name in "abcde"], [v[name] for name in "pqrt"]

    def loss(first: int) -> int:
        outputs = np.correlate(x, [first, 3], "valid")
        return int(outputs @ g)

    return loss(1) - loss(0)


def room(v: Values) -> int:
    """Return how far the dot moves while the pooled line stays."""

    def pooled(cell: int) -> list[int]:
        line = [0] * ((v["q"] // v["w"] + 3) * v["w"])
        line[cell] = 9
        return [max(line[at : at + v["w"]]) for at in range(0, len(line), v["w"])]

    return next(move for move in range(99) if pooled(v["q"] + move + 1) != pooled(v["q"]))


def saving(v: Values) -> int:
    """Return the most channels of the detour, tried one after the other."""
    one, many = products(1, 1), products(1, v["k"])
    direct = many * v["c"] * v["f"]
    return sum(q * one * v["c"] + q * many * v["f"] < direct for q in range(1, v["c"] + 1))


def costliest(v: Values) -> int:
    """Return the filter with most products, the smaller where two tie."""
    costs = {side: sum(side for _ in starts(v["n"], side)) ** 2 for side in range(1, v["n"] + 1)}
    return min(side for side, cost in costs.items() if cost == max(costs.values()))


def halvings(side: int) -> int:
    """Return how often pairs can be taken."""
    count = 0
    while places(side, 2, 2):
        side, count = places(side, 2, 2), count + 1
    return count


def stability(v: Values) -> float:
    """Return 2 over the largest curvature, taken from differences of the loss."""
    features = np.zeros((v["n"], 2))
    features[0, 0], features[-1, 1] = v["u"] ** 0.5, v["v"] ** 0.5

    def loss(weights: np.ndarray) -> float:
        return float(((features @ weights) ** 2).sum() / (2 * v["n"]))

    curvatures = [loss(one) + loss(-one) - 2 * loss(0 * one) for one in np.eye(2)]
    return 2 / max(curvatures)


def spread(v: Values) -> float:
    """Return the deviation of a mean of independent values, from their covariance matrix."""
    cells = v["w"] ** 2
    weights = np.full(cells, 1 / cells)
    return float(np.sqrt(weights @ (np.eye(cells) * v["sd"] ** 2) @ weights))


def conditions(v: Values) -> tuple[float, ...]:
    """Return largest over smallest eigenvalue, before and after."""
    eigenvalues = [np.linalg.eigvalsh(np.diag([a, v["b"]]).astype(float) ** 2) for a in (v["a"], v["a"] * v["c"])]
    return tuple(float(values[-1] / values[0]) for values in eigenvalues)


def stem(v: Values) -> tuple[int, int]:
    """Return both sides of ResNet's start."""
    first = places(v["n"], 7, 2, 3)
    return first, places(first, 3, 2, 1)


def lenet(v: Values) -> tuple[int, int]:
    """Return the second convolution's side, and the cells of all maps behind the second subsampling."""
    third = places(places(places(v["n"], 5), 2, 2), 5)
    return third, numbers((v["f"], places(third, 2, 2), places(third, 2, 2)))


def printed(v: Values) -> tuple[int, int]:
    """Return the formula as printed, through windows that are one cell further apart, and the real count."""
    return places(v["n"], v["k"], v["s"] + 1) - 1, places(v["n"], v["k"], v["s"])


def only_zeros(v: Values) -> int:
    """Return how many windows hold no cell of the line."""
    padding = keeping(v["n"], v["k"], 2)
    cells = set(range(v["n"]))
    return sum(not cells & set(range(at, at + v["k"])) for at in starts(v["n"], v["k"], 2, padding))


def dilated(span: int, rate: int) -> np.ndarray:
    """Return a filter of ones with its empty cells."""
    taps = np.zeros(span * rate, dtype=int)
    taps[: span * rate : rate] = 1
    return np.trim_zeros(taps)


def inverted(v: Values) -> tuple[int, int]:
    """Return the smallest and the largest side that gives so many windows."""
    sides = [n for n in range(1, 1200) if len(starts(n, v["k"], v["s"], v["p"])) == v["m"]]
    return min(sides), max(sides)


def links(v: Values) -> int:
    """Return links of centered windows to real cells."""
    half = range(-(v["k"] // 2), v["k"] // 2 + 1)
    return sum(0 <= cell + step < v["n"] for cell in range(v["n"]) for step in half)


ORACLES: dict[str, Callable[[Values], Answer]] = {
    "size-rounded-down": lambda v: places(v["n"], v["k"], v["s"], v["p"]),
    "size-inverted": inverted,
    "size-unread": lambda v: unread(v["n"], v["k"], v["s"]),
    "size-printed-formula": printed,
    "size-not-feasible": lambda v: (places(v["n"], v["k"], v["s"]), unread(v["n"], v["k"], v["s"])),
    "size-filters-make-depth": lambda v: (
        v["f"] * scipy.signal.correlate(np.ones((v["n"],) * 2), np.ones((v["k"],) * 2), "valid", "direct").size
    ),
    "padding-keras-sides": lambda v: added(v["n"], v["k"], v["s"]),
    "padding-first-window": lambda v: (list(range(v["k"]))[v["k"] // 2] - added(v["n"], v["k"], v["s"])[0], 0),
    "padding-only-zeros": only_zeros,
    "padding-full-cells": lambda v: (
        scipy.signal.correlate(np.ones((v["h"], v["w"])), np.ones((v["a"], v["b"])), "full", "direct").size
    ),
    "dilation-span": lambda v: dilated(v["k"], v["d"]).size,
    "dilation-keeps-size": lambda v: next(
        p for p in range(999) if places(200, dilated(v["k"], v["d"]).size, 1, p) == 200
    ),
    "dilation-parameters": lambda v: (
        numbers((v["f"], v["c"], v["k"], v["k"])),
        v["f"] * v["c"] * int(np.outer(dilated(v["k"], v["d"]), dilated(v["k"], v["d"])).sum()),
    ),
    "dilation-doubling": lambda v: field([(v["k"], 1, 2**level) for level in range(v["l"])]),
    "transposed-size": lambda v: back(v["n"], v["k"], v["s"], v["p"]),
    "transposed-output-padding": lambda v: next(
        more
        for more in range(99)
        if back(places(v["m"], v["k"], v["s"], v["p"]), v["k"], v["s"], v["p"]) + more == v["m"]
    ),
    "transposed-overlap": lambda v: (
        min(count for cell, count in stamped(40, v["k"], v["s"]).items() if v["k"] <= cell < 40 * v["s"] - v["s"]),
        max(stamped(40, v["k"], v["s"]).values()),
    ),
    "field-of-a-stack": lambda v: field([(v["a"], v["s"], 1), (v["b"], v["t"], 1), (v["c"], v["u"], 1)]),
    "field-depth-needed": lambda v: depth_for(v["m"], v["k"]),
    "weights-rectangular": lambda v: numbers((v["f"], v["c"], v["a"], v["b"]), (v["f"],)),
    "weights-groups": lambda v: sum(numbers((v["c"] // v["g"], v["k"], v["k"]), ()) for _ in range(v["f"])),
    "weights-unshared-factor": lambda v: Fraction(
        local(places(v["n"], v["k"]), v["k"], 1, v["c"]), numbers((v["c"], v["k"], v["k"]), ())
    ),
    "weights-links": links,
    "weights-matrix": lambda v: (
        int((matrix(v["n"], v["k"], v["s"]) == 0).sum()),
        len(np.unique(matrix(v["n"], v["k"], v["s"]))) - 1,
    ),
    "weights-shared-gradient": shared_gradient,
    "weights-dense-as-convolution": lambda v: (v["h"], numbers((v["u"], v["h"] * v["h"] * v["c"]), (v["u"],))),
    "weights-layer-on-features": lambda v: numbers((v["f"], v["j"], v["j"])),
    "weights-total-strided-sharing": lambda v: len(
        [(row, column) for row in starts(v["n"], v["k"], v["s"]) for column in starts(v["n"], v["k"], v["s"])]
    ),
    "cost-detour-ratio": lambda v: Fraction(
        products(v["h"], v["k"]) * v["c"] * v["f"],
        products(v["h"], 1) * v["c"] * v["q"] + products(v["h"], v["k"]) * v["q"] * v["f"],
    ),
    "cost-detour-limit": saving,
    "cost-depthwise-share": lambda v: Fraction(
        100 * numbers((v["c"], 1, v["k"], v["k"]), (v["f"], v["c"])), numbers((v["f"], v["c"], v["k"], v["k"]))
    ),
    "cost-larger-images": lambda v: (1, Fraction(products(v["n"] * v["f"], 3), products(v["n"], 3))),
    "cost-against-filter-size": costliest,
    "cost-same-padding-filters": lambda v: Fraction(products(v["n"], v["b"]), products(v["n"], 3)),
    "cost-two-small-filters": lambda v: (
        numbers((v["c"], v["c"], v["k"], v["k"])),
        numbers(*[(v["c"], v["c"], 3, 3)] * depth_for(v["k"], 3)),
    ),
    "cost-factorized": lambda v: Fraction(
        100 * numbers((v["c"], v["c"], 1, v["k"]), (v["c"], v["c"], v["k"], 1)),
        numbers((v["c"], v["c"], v["k"], v["k"])),
    ),
    "pooling-room-to-move": room,
    "pooling-noise": spread,
    "pooling-reduced-to": lambda v: (places(v["n"], v["w"], v["w"]), int(v["n"] * (1 - Fraction(1, v["w"])))),
    "pooling-learns-nothing": lambda v: numbers(),
    "pooling-until-nothing": lambda v: halvings(v["n"]),
    "property-sparse": lambda v: (
        numbers((places(v["n"], v["k"]) ** 2, v["n"], v["n"])),
        sum(v["k"] * v["k"] for _ in starts(v["n"], v["k"]) for _ in starts(v["n"], v["k"])),
    ),
    "property-strided-is-subsampled": lambda v: len(
        {(r, c) for r in starts(v["n"], v["k"]) for c in starts(v["n"], v["k"])}
        - {(r, c) for r in starts(v["n"], v["k"], v["s"]) for c in starts(v["n"], v["k"], v["s"])}
    ),
    "training-batch-norm-counts": lambda v: (
        numbers((v["f"], v["c"], v["k"], v["k"]), (v["f"],), (v["f"],)),
        numbers((v["f"], v["c"], v["k"], v["k"]), *[(v["f"],)] * 4),
    ),
    "training-dropout": lambda v: (Fraction(100 * v["v"], len(range(v["p"], 100))), v["v"]),
    "training-batch-norm-in-use": lambda v: Fraction(v["x"] - v["m"], v["s"]) * v["g"] + v["b"],
    "training-filter-and-unit": lambda v: (
        v["f"],
        sum(1 for _ in range(v["f"]) for _ in starts(v["n"], v["k"]) for _ in starts(v["n"], v["k"])),
    ),
    "scaling-condition": conditions,
    "scaling-largest-rate": stability,
    "scaling-test-value": lambda v: float((v["t"] - np.mean([v["a"], v["b"]])) / np.std([v["a"], v["b"]])),
    "mistake-zero-padding-pointwise": lambda v: (places(v["n"], 1), places(v["n"], 1, 1, 1)),
    "mistake-used-once": lambda v: (1, sum(1 for _ in starts(v["n"], v["k"]) for _ in starts(v["n"], v["k"]))),
    "network-lenet-sides": lenet,
    "network-lenet-against-mlp": lambda v: numbers((v["u"], v["n"], v["n"])),
    "network-alexnet-first-layer": lambda v: (
        numbers((v["f"], 3, v["k"], v["k"]), (v["f"],)),
        local(places(v["n"], v["k"], v["s"]), v["k"], v["f"], 3),
    ),
    "network-vgg-widths": lambda v: tuple(Fraction([64, 128, 256, 512, 512][block] * v["c"], 64) for block in (3, 4)),
    "network-global-pooling": lambda v: (
        numbers((v["u"], v["c"]), (v["u"],)),
        numbers((v["u"], v["c"], v["s"], v["s"]), (v["u"],)),
    ),
    "network-inception-or-residual": lambda v: (
        np.concatenate([np.zeros((v[name], 1, 1)) for name in "abde"]).shape[0],
        (np.zeros((v["c"], 1, 1)) + np.zeros((v["c"], 1, 1))).shape[0],
    ),
    "network-residual-bottleneck": lambda v: (
        numbers((v["q"], v["c"], 1, 1), (v["q"], v["q"], 3, 3), (v["c"], v["q"], 1, 1)),
        numbers((v["c"], v["c"], 3, 3), (v["c"], v["c"], 3, 3)),
    ),
    "network-resnet-stem": stem,
    "network-dense-block": lambda v: (
        dense_block(v["c"], v["g"], v["l"])[0],
        Fraction(dense_block(v["c"], v["g"], v["l"])[1], 2),
    ),
    "network-dense-links": lambda v: len([(source, layer) for layer in range(v["l"]) for source in range(-1, layer)]),
    "network-unet-side": lambda v: unet(v["n"]),
    "network-unet-layers": lambda v: len(
        ["down", "down"] * v["l"] + ["bottom"] * 2 + ["upwards", "up", "up"] * v["l"] + ["classes"]
    ),
    "network-wav2letter-steps": lambda v: places(places(v["t"], 250, 160), 48, 2),
}
"""Item -> how its answer is found another way."""
