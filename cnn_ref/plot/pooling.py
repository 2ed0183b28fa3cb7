"""Pooling windows on a feature map and what they leave."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from cnn_ref.plot.grid import draw_grid
from cnn_ref.plot.style import HATCHES, SERIES, SHEET, card
from cnn_ref.pooling import max_pool2d


def pooling_windows(input: ArrayLike, kernel_size: int, stride: int | None = None) -> Figure:  # noqa: A002 - torch's name
    """Draw max pooling: every window framed, its maximum circled, the pooled map beside it.

    Parameters
    ----------
    input : array_like, shape (H, W)
        One channel.
    kernel_size : int
        Side of the window.
    stride : int, optional
        Step of the window; the side of the window when left out.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        When ``input`` is not a matrix or the window does not fit.

    Examples
    --------
    >>> figure = pooling_windows([[1, 2], [3, 4]], 2)
    >>> [axes.get_title() for axes in figure.axes]
    ['2 × 2', '1 × 1 after max pooling']
    """
    image = np.asarray(input)
    if image.ndim != 2:
        raise ValueError(f"one channel is drawn: a matrix of shape (H, W); got shape {image.shape}")
    step = kernel_size if stride is None else stride
    pooled = max_pool2d(image[None, None], kernel_size, step)[0, 0]
    figure = card(0.5 * (image.shape[1] + pooled.shape[1]) + 2.2, 0.5 * image.shape[0] + 1.0)
    left, right = figure.subplots(1, 2, width_ratios=[image.shape[1], pooled.shape[1] + 0.5])
    draw_grid(left, image, title=f"{image.shape[0]} × {image.shape[1]}")
    draw_grid(right, pooled, title=f"{pooled.shape[0]} × {pooled.shape[1]} after max pooling")
    for row, column in np.ndindex(*pooled.shape):
        # neighbors differ in color and hatch, so that windows are told apart without color
        kind = (row % 2) * 2 + column % 2
        top, start = row * step, column * step
        _frame(left, (top, start), kernel_size, kind)
        _frame(right, (row, column), 1, kind)
        window = image[top : top + kernel_size, start : start + kernel_size]
        r, c = np.unravel_index(int(window.argmax()), window.shape)
        left.scatter(
            [start + c + 0.5],
            [top + r + 0.5],
            s=330,
            facecolors=SHEET,
            edgecolors="black",
            linewidths=1.4,
            zorder=2.5,
        )
    figure.tight_layout()
    return figure


def _frame(axes: Axes, corner: tuple[int, int], side: int, kind: int) -> None:
    """Draw one window (or its result) in the color and hatch of its kind."""
    row, column = corner
    face, edge = to_rgba(SERIES[kind], 0.30), to_rgba(SERIES[kind], 1.0)
    window = Rectangle((column + 0.05, row + 0.05), side - 0.1, side - 0.1, facecolor=face, edgecolor=edge)
    window.set(linewidth=1.8, hatch=HATCHES[kind], zorder=1.5)
    axes.add_patch(window)
