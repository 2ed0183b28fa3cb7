"""The loss surface of a linear model before and after scaling, with the path of gradient descent."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from cnn_ref.plot.style import INK, SMALL, TEXT, WINDOW, card, chart
from cnn_ref.scaling import condition_number

Matrix = NDArray[np.float64]


def loss_contours(features: ArrayLike, target: ArrayLike, steps: int = 40) -> Figure:
    """Draw contours of the squared loss of a model with two weights and no bias, for four forms of a table.

    The table is raw, centred (the mean of each column subtracted), scaled (each column divided by its
    standard deviation) and standardised (both); the target stays as it is. Each panel starts gradient
    descent at the same distance from its optimum and uses the learning rate that suits it best (2
    divided by the sum of the smallest and largest curvature), so that what differs is the shape of
    the valley alone.

    Parameters
    ----------
    features : array_like, shape (samples, 2)
        Two features that both vary.
    target : array_like, shape (samples,)
        What is predicted, by ``features @ weights``.
    steps : int
        Steps of gradient descent drawn.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        When ``features`` does not have two columns.

    Examples
    --------
    >>> figure = loss_contours([[15, 1], [18, 3], [12, 2], [10, 5]], [1, 2, 3, 4])
    >>> len(figure.axes)
    4
    """
    raw, y = np.asarray(features, dtype=np.float64), np.asarray(target, dtype=np.float64)
    if raw.ndim != 2 or raw.shape[1] != 2:
        raise ValueError(f"two features are drawn: shape (samples, 2); got {raw.shape}")
    mean, spread = raw.mean(axis=0), raw.std(axis=0)
    forms = {
        "raw": raw,
        "centered": raw - mean,
        "scaled": raw / spread,
        "standardized": (raw - mean) / spread,
    }
    figure = card(9.0, 8.8)
    for axes, (name, table) in zip(figure.subplots(2, 2).flat, forms.items(), strict=True):
        _panel(axes, table, y, steps, f"{name}: condition number {condition_number(table):.2f}")
    figure.tight_layout()
    return figure


def _panel(axes: Axes, x: Matrix, y: Matrix, steps: int, title: str) -> None:
    """Draw the contours of one loss and the path down to its minimum."""
    curvature = x.T @ x / len(x)
    values, vectors = np.linalg.eigh(curvature)
    best = np.linalg.lstsq(x, y, rcond=None)[0]
    # the start lies off both axes of the valley, at distance 1 from the optimum
    path = [best + vectors @ np.array([0.8, 0.6])]
    rate = 2 / (values[0] + values[-1])
    for _ in range(steps):
        path.append(path[-1] - rate * curvature @ (path[-1] - best))
    way = np.array(path)
    grid = np.linspace(-1.15, 1.15, 161)
    first, second = np.meshgrid(best[0] + grid, best[1] + grid)
    offset = np.stack([first - best[0], second - best[1]], axis=-1)
    loss = np.einsum("...i,ij,...j->...", offset, curvature, offset)
    start = float((path[0] - best) @ curvature @ (path[0] - best))
    axes.contour(
        first,
        second,
        loss,
        levels=start * np.array([0.02, 0.1, 0.3, 0.6, 1.0, 1.6]),
        colors=INK,
        linewidths=0.7,
        alpha=0.55,
    )
    axes.plot(
        way[:, 0],
        way[:, 1],
        color=WINDOW,
        marker="o",
        markersize=3.5,
        linewidth=1.4,
        markeredgecolor=INK,
        markeredgewidth=0.4,
    )
    axes.scatter(best[0], best[1], marker="*", s=170, color="white", edgecolors=INK, zorder=5)
    needed = int(np.argmax(np.linalg.norm(way - best, axis=1) < 0.01))
    label = f"within 1 % of the start distance after {needed} steps" if needed else f"not there after {steps} steps"
    axes.set_title(title, fontsize=TEXT, color=INK)
    axes.set_xlabel(f"weight of feature 1\n{label}", fontsize=SMALL, color=INK)
    axes.set_ylabel("weight of feature 2", fontsize=SMALL, color=INK)
    axes.set_aspect("equal")
    chart(axes)
