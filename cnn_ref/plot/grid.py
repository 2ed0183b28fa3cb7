"""A matrix drawn as a grid of cells: numbers, padding, and windows on top."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from cnn_ref.plot.style import INK, LINE, PADDING, SHEET, TEXT, WINDOW, bare

Window = tuple[int, int, int, int]  # (first row, first column, height, width) in cells of the drawn grid


def draw_grid(
    axes: Axes,
    values: ArrayLike,
    *,
    title: str = "",
    padding: int = 0,
    windows: Sequence[Window] = (),
    color: str = WINDOW,
    hidden: ArrayLike | None = None,
) -> None:
    """Draw a matrix as cells with numbers.

    Parameters
    ----------
    axes : matplotlib Axes
        Where to draw; its limits and ticks are set here.
    values : array_like, shape (rows, columns)
        The numbers. With ``padding`` they include the padded border.
    title : str
        Text above the grid.
    padding : int
        Width of the border, in cells, that is drawn as padding (gray and hatched).
    windows : sequence of (row, column, height, width)
        Cells to mark: tinted and framed by a thick line.
    color : str
        Color of the windows.
    hidden : array_like of bool, shape (rows, columns), optional
        Cells drawn empty: results that have not been computed yet.

    Raises
    ------
    ValueError
        When ``values`` is not a matrix.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().add_subplot()
    >>> draw_grid(axes, [[1, 2], [3, 4]], windows=[(0, 0, 1, 2)])
    >>> [text.get_text() for text in axes.texts]
    ['1', '2', '3', '4']
    """
    matrix = np.asarray(values)
    if matrix.ndim != 2:
        raise ValueError(f"a grid needs a matrix of shape (rows, columns); got shape {matrix.shape}")
    rows, columns = matrix.shape
    empty = np.zeros(matrix.shape, dtype=bool) if hidden is None else np.asarray(hidden, dtype=bool)
    for row in range(rows):
        for column in range(columns):
            border = not (padding <= row < rows - padding and padding <= column < columns - padding)
            tinted = any(r <= row < r + h and c <= column < c + w for r, c, h, w in windows)
            _cell(axes, row, column, border=border, tint=color if tinted else "")
            if not empty[row, column]:
                _number(axes, row, column, matrix[row, column], faint=border and not tinted)
    for row, column, height, width in windows:
        axes.add_patch(Rectangle((column, row), width, height, fill=False, linewidth=2.6, edgecolor=color, zorder=4))
    axes.set_xlim(-0.1, columns + 0.1)
    axes.set_ylim(rows + 0.1, -0.1)
    axes.set_aspect("equal")
    bare(axes, title)


def _cell(axes: Axes, row: int, column: int, *, border: bool, tint: str) -> None:
    """Draw one square; ``border`` cells are hatched, ``tint`` cells washed in that color."""
    face = to_rgba(tint, 0.25) if tint else PADDING if border else SHEET
    axes.add_patch(
        Rectangle(
            (column, row),
            1,
            1,
            facecolor=face,
            edgecolor=LINE,
            linewidth=0.8,
            hatch="////" if border else None,
            zorder=1,
        )
    )


def _number(axes: Axes, row: int, column: int, value: object, *, faint: bool) -> None:
    """Write one number in the middle of its cell."""
    axes.text(
        column + 0.5,
        row + 0.5,
        f"{value:g}",
        ha="center",
        va="center",
        fontsize=TEXT,
        color=INK,
        alpha=0.55 if faint else 1.0,
        zorder=3,
    )
