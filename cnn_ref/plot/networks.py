"""A network as a row of volumes: boxes as high as the maps are and as deep as there are channels, with their shapes."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from cnn_ref.plot.style import CARD, INK, OTHER, QUIET, RESULT, SHEET, SMALL, TEXT, WEIGHT, bare, card

Shape = tuple[int, ...]
Stage = tuple[str, Shape | None]

TALLEST, LOWEST = 2.6, 0.5  # heights of the boxes, in the width of one stage
WIDEST, THINNEST = 0.62, 0.1
SLANT = 0.5  # how far a box reaches back, as a share of its height
GAP = 1.9  # from the middle of one box to the next


def network_diagram(stages: Sequence[Stage], title: str = "") -> Figure:
    """Draw the volumes of a network from left to right, and between them the layers that make them.

    Parameters
    ----------
    stages : sequence of (str, tuple of int or None)
        What makes the volume (empty for the input), and its shape: (channels, height, width), (features,), or None for
        a volume that is not told: it is drawn as a dashed box with a question mark.
    title : str
        Text above the picture.

    Returns
    -------
    matplotlib.figure.Figure
        Heights and widths of the boxes grow with the logarithm of the sizes; every box carries its numbers.

    Raises
    ------
    ValueError
        When there are no stages, or a shape has not one or three positive numbers.

    Examples
    --------
    >>> figure = network_diagram([("", (1, 28, 28)), ("conv 5 × 5", None), ("dense", (10,))])
    >>> [text.get_text() for text in figure.axes[0].texts if text.get_text()]
    ['28 × 28 × 1', 'conv 5 × 5', '?', 'dense', '10']
    """
    _checked(stages)
    figure = card(0.5 + 1.05 * len(stages), 3.1, title)
    axes = figure.add_subplot()
    largest = max((max(shape) for _, shape in stages if shape), default=1)
    for place, (layer, shape) in enumerate(stages):
        x = GAP * place
        if layer:
            _arrow(axes, x, layer)
        if shape is None:
            _unknown(axes, x)
        else:
            _volume(axes, x, shape, largest)
    axes.set_xlim(-0.8, GAP * (len(stages) - 1) + 1.1)
    axes.set_ylim(-2.25, 1.9)
    bare(axes)
    figure.subplots_adjust(left=0.01, right=0.99, top=0.9 if title else 0.99, bottom=0.02)
    return figure


def _checked(stages: Sequence[Stage]) -> None:
    if not stages:
        raise ValueError("a diagram needs at least one stage, got none")
    for layer, shape in stages:
        if shape is not None and (len(shape) not in (1, 3) or min(shape) < 1):
            legal = "(channels, height, width), (features,) or None"
            raise ValueError(f"{layer or 'input'}: the shape must be {legal}, all at least 1; got {shape!r}")


def _scaled(size: int, largest: int, low: float, high: float) -> float:
    """Return a length between `low` (for 1) and `high` (for the largest size)."""
    return low + (high - low) * math.log2(size) / max(1.0, math.log2(largest))


def _volume(axes: Axes, x: float, shape: Shape, largest: int) -> None:
    """Draw a box with its visible front, top and side; a vector is a thin column."""
    if len(shape) == 1:
        height, width, back = _scaled(shape[0], largest, LOWEST, TALLEST), THINNEST, 0.0
        color, label = OTHER, f"{shape[0]:,}"
    else:
        channels, rows, columns = shape
        height = _scaled(rows, largest, LOWEST, TALLEST)
        width = _scaled(channels, largest, THINNEST, WIDEST)
        back = SLANT * _scaled(columns, largest, LOWEST, TALLEST) / 2
        color, label = WEIGHT, f"{rows} × {columns} × {channels}"
    left, bottom = x - width / 2, -height / 2
    right, top = left + width, bottom + height
    faces = [([(left, bottom), (right, bottom), (right, top), (left, top)], 0.95)]
    if back:
        lift = 0.55 * back
        over = [(left, top), (left + back, top + lift), (right + back, top + lift), (right, top)]
        beside = [(right, bottom), (right + back, bottom + lift), (right + back, top + lift), (right, top)]
        faces += [(over, 0.55), (beside, 0.35)]
    for corners, strength in faces:
        axes.add_patch(Polygon(corners, closed=True, facecolor=CARD, edgecolor="none"))
        axes.add_patch(Polygon(corners, closed=True, facecolor=(color, strength), edgecolor=INK, linewidth=0.9))
    axes.text(x + back / 2, bottom - 0.12, label, ha="center", va="top", fontsize=SMALL, color=INK, fontweight="bold")


def _unknown(axes: Axes, x: float) -> None:
    corners = [(x - 0.3, -0.6), (x + 0.3, -0.6), (x + 0.3, 0.6), (x - 0.3, 0.6)]
    axes.add_patch(Polygon(corners, closed=True, facecolor=SHEET, edgecolor=RESULT, linewidth=1.6, linestyle="--"))
    axes.text(x, 0, "?", ha="center", va="center", fontsize=TEXT + 6, color=INK, fontweight="bold")


def _arrow(axes: Axes, x: float, layer: str) -> None:
    """Draw the step from the box before, with the layer's name below all boxes."""
    arrow = {"arrowstyle": "-|>", "color": QUIET, "linewidth": 1.1}
    axes.annotate("", (x - 0.42, 0), (x - 0.42 - 0.55, 0), arrowprops=arrow)
    axes.text(x - GAP / 2 + 0.2, -1.78, layer, ha="center", va="top", fontsize=SMALL, color=INK, linespacing=1.25)
