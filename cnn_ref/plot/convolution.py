"""A convolution step by step: the window on the padded input, the filter, the cell it writes."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.animation import FuncAnimation
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch, Rectangle
from numpy.typing import ArrayLike, NDArray

from cnn_ref.convolution import conv2d
from cnn_ref.plot.grid import draw_grid
from cnn_ref.plot.style import INK, LINE, RESULT, SHEET, SMALL, TEXT, WEIGHT, WINDOW, bare, card
from cnn_ref.sizes import conv_output_size

Matrix = NDArray[Any]


def convolution_step(
    input: ArrayLike,  # noqa: A002 - torch's name
    weight: ArrayLike,
    position: tuple[int, int],
    stride: int = 1,
    padding: int = 0,
    *,
    upto: bool = False,
) -> Figure:
    """Draw one step of a convolution (cross-correlation) of one channel.

    Parameters
    ----------
    input : array_like, shape (H, W)
        One channel.
    weight : array_like, shape (kH, kW)
        One filter.
    position : (int, int)
        Row and column of the output cell that is being computed.
    stride, padding : int
        As in :func:`cnn_ref.conv2d`.
    upto : bool
        Leave the output cells after ``position`` empty, as in an animation.

    Returns
    -------
    matplotlib.figure.Figure
        Three grids: padded input with the window, filter, feature map with the cell; and the sum.

    Raises
    ------
    ValueError
        When an array is not a matrix or ``position`` lies outside the feature map.

    Examples
    --------
    >>> figure = convolution_step([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 0], [0, -1]], (0, 1))
    >>> len(figure.axes)
    3
    """
    image, kernel, output = _volumes(input, weight, stride, padding)
    _check_position(position, output.shape)
    width = image.shape[1] + 2 * padding + kernel.shape[1] + output.shape[1]
    figure = card(0.5 * width + 2.4, 0.5 * (image.shape[0] + 2 * padding) + 1.5)
    _draw_step(figure, image, kernel, output, position, (stride, padding), upto=upto)
    return figure


def convolution_animation(
    input: ArrayLike,  # noqa: A002 - torch's name
    weight: ArrayLike,
    stride: int = 1,
    padding: int = 0,
    *,
    milliseconds: int = 700,
) -> FuncAnimation:
    """Animate a convolution of one channel, one output cell a frame.

    Parameters are those of :func:`convolution_step`. Save the result with
    ``animation.save("steps.gif", writer="pillow")`` or embed ``animation.to_jshtml()``.

    Returns
    -------
    matplotlib.animation.FuncAnimation

    Raises
    ------
    ValueError
        When an array is not a matrix.

    Examples
    --------
    >>> animation = convolution_animation([[1, 2, 3]], [[1, 1]])
    >>> html = animation.to_jshtml()
    >>> "<img" in html
    True
    """
    image, kernel, output = _volumes(input, weight, stride, padding)
    width = image.shape[1] + 2 * padding + kernel.shape[1] + output.shape[1]
    figure = card(0.5 * width + 2.4, 0.5 * (image.shape[0] + 2 * padding) + 1.5)

    def draw(frame: int) -> list[object]:
        figure.clear()
        row, column = divmod(frame, output.shape[1])
        _draw_step(figure, image, kernel, output, (row, column), (stride, padding), upto=True)
        return []

    return FuncAnimation(figure, draw, frames=output.size, interval=milliseconds, init_func=list)  # type: ignore[arg-type]


def convolution_sizes(
    input: ArrayLike,  # noqa: A002 - torch's name
    weight: ArrayLike,
    settings: list[tuple[int, int]],
) -> Figure:
    """Draw the same input and filter under several (stride, padding) settings side by side.

    Parameters
    ----------
    input : array_like, shape (H, W)
        One channel.
    weight : array_like, shape (kH, kW)
        One filter.
    settings : list of (stride, padding)
        One column of the picture each: padded input above, feature map below.

    Returns
    -------
    matplotlib.figure.Figure
        The filter in a column of its own on the left, then the settings.

    Raises
    ------
    ValueError
        When an array is not a matrix.

    Examples
    --------
    >>> len(convolution_sizes([[1, 2], [3, 4]], [[1]], [(1, 0), (1, 1)]).axes)
    6
    """
    figure = card(3.3 * len(settings) + 2.0, 6.2)
    axes = figure.subplots(2, len(settings) + 1, squeeze=False, width_ratios=[0.6, *[1.0] * len(settings)])
    draw_grid(axes[0, 0], weight, windows=[(0, 0, *np.shape(weight))], color=WEIGHT, title="filter")
    bare(axes[1, 0])
    for column, (stride, padding) in enumerate(settings, 1):
        image, kernel, output = _volumes(input, weight, stride, padding)
        height, width = kernel.shape
        starts = [(0, 0, height, width)]
        if output.shape[1] > 1:
            starts.append((0, stride, height, width))
        above, below = axes[0, column], axes[1, column]
        draw_grid(
            above, np.pad(image, padding), padding=padding, windows=starts, title=f"stride {stride}, padding {padding}"
        )
        marked = [(0, i, 1, 1) for i in range(len(starts))]
        draw_grid(
            below, output, windows=marked, color=RESULT, title=f"feature map {output.shape[0]} × {output.shape[1]}"
        )
    figure.tight_layout()
    return figure


def filter_connections(
    input_shape: tuple[int, int, int],
    kernel_size: int,
    padding: int = 0,
) -> Figure:
    """Draw which cells of an input volume one unit of the feature map is connected to, without counting them.

    Parameters
    ----------
    input_shape : (channels, height, width)
        The input volume; every channel is drawn as a sheet.
    kernel_size : int
        Side of the filter.
    padding : int
        Zeros added on each side; the block that is drawn lies inside the input.

    Returns
    -------
    matplotlib.figure.Figure
        The stacked sheets with the filter's block through all of them, and one unit of one feature
        map on the right.

    Raises
    ------
    ValueError
        When the filter does not fit into the input.

    Examples
    --------
    >>> figure = filter_connections((20, 16, 16), 3)
    >>> any("14 × 14" in text.get_text() for axes in figure.axes for text in axes.texts)
    True
    """
    channels, height, width = input_shape
    outputs = [conv_output_size(side, kernel_size, padding=padding) for side in (height, width)]
    figure = card(8.6, 4.6)
    axes = figure.add_subplot()
    sheets = min(channels, 5)
    shift = 0.09 * width
    row, column = height // 4, width // 3
    for sheet in reversed(range(sheets)):
        x, y = sheet * shift, -sheet * shift
        axes.add_patch(Rectangle((x, y), width, height, facecolor=SHEET, edgecolor=LINE, zorder=2 * (sheets - sheet)))
        block = Rectangle((x + column, y + row), kernel_size, kernel_size, facecolor=WINDOW, alpha=0.6, edgecolor=INK)
        block.set_zorder(2 * (sheets - sheet) + 1)
        axes.add_patch(block)
    _draw_unit(axes, (column + kernel_size, row + kernel_size / 2), width)
    more = f" ({sheets} of them drawn)" if sheets < channels else ""
    axes.text(0, height + 1.4, f"input: {channels} channels of {height} × {width}{more}", fontsize=TEXT, color=INK)
    added = f"padding {padding}" if padding else "no padding"
    axes.text(
        width * 1.75, height + 1.4, f"feature map: {outputs[0]} × {outputs[1]}, {added}", fontsize=TEXT, color=INK
    )
    axes.text(
        0,
        -sheets * shift - 1.2,
        f"one unit reads a block of {kernel_size} × {kernel_size} cells, in every channel",
        fontsize=TEXT + 1,
        color=INK,
        fontweight="bold",
    )
    axes.set_xlim(-0.5, width * 2.75)
    axes.set_ylim(height + 2.4, -sheets * shift - 2.6)
    axes.set_aspect("equal")
    bare(axes)
    figure.subplots_adjust(left=0.02, right=0.98, top=0.98, bottom=0.02)
    return figure


def _draw_unit(axes: Axes, origin: tuple[float, float], width: int) -> None:
    """Draw the feature map at the right with one cell, tied to the block at ``origin``."""
    left, side = width * 1.75, width * 0.82
    axes.add_patch(Rectangle((left, 1), side, side, facecolor=SHEET, edgecolor=LINE))
    unit = Rectangle((left + side * 0.33, 1 + side * 0.28), 1, 1, facecolor=RESULT, edgecolor=INK, linewidth=1.5)
    axes.add_patch(unit)
    for dy in (-1.2, 0.0, 1.2):
        axes.plot(
            [origin[0] + 0.1, left + side * 0.33],
            [origin[1] + dy, 1 + side * 0.28 + 0.5],
            color=INK,
            linewidth=1,
            linestyle="--",
            zorder=50,
        )
    axes.text(left + side * 0.33 + 1.5, 1 + side * 0.28 + 0.8, "one unit", fontsize=TEXT, color=INK)


def _draw_step(
    figure: Figure,
    image: Matrix,
    kernel: Matrix,
    output: Matrix,
    position: tuple[int, int],
    layer: tuple[int, int],
    *,
    upto: bool,
) -> None:
    """Fill ``figure`` with the three grids and the written-out sum."""
    stride, padding = layer
    row, column = position
    padded = np.pad(image, padding)
    ratios = [padded.shape[1], kernel.shape[1] + 0.5, output.shape[1] + 0.5]
    axes = figure.subplots(1, 3, width_ratios=ratios)
    top, left = row * stride, column * stride
    window = (top, left, *kernel.shape)
    draw_grid(
        axes[0], padded, padding=padding, windows=[window], title="input" if not padding else "input, padded with zeros"
    )
    draw_grid(axes[1], kernel, windows=[(0, 0, *kernel.shape)], color=WEIGHT, title="filter")
    later = np.arange(output.size).reshape(output.shape) > row * output.shape[1] + column if upto else None
    draw_grid(axes[2], output, windows=[(row, column, 1, 1)], color=RESULT, title="feature map", hidden=later)
    for start, end in ((0, 1), (1, 2)):
        figure.add_artist(
            ConnectionPatch(
                (1.01, 0.5),
                (-0.02, 0.5),
                "axes fraction",
                "axes fraction",
                axesA=axes[start],
                axesB=axes[end],
                arrowstyle="-|>",
                color=INK,
                linewidth=1.2,
            )
        )
    patch = padded[top : top + kernel.shape[0], left : left + kernel.shape[1]]
    terms = " + ".join(f"{a:g}·{_signed(b)}" for a, b in zip(patch.ravel(), kernel.ravel(), strict=True))
    if kernel.size <= 9:
        figure.text(0.5, 0.04, f"{terms} = {output[row, column]:g}", ha="center", fontsize=SMALL, color=INK)
    figure.subplots_adjust(left=0.03, right=0.97, top=0.86, bottom=0.13, wspace=0.28)


def _signed(value: float) -> str:
    """Write a factor; a negative one in brackets."""
    return f"({value:g})" if value < 0 else f"{value:g}"


def _volumes(image: ArrayLike, weight: ArrayLike, stride: int, padding: int) -> tuple[Matrix, Matrix, Matrix]:
    """Return input, filter and feature map as matrices."""
    picture, kernel = np.asarray(image), np.asarray(weight)
    if picture.ndim != 2 or kernel.ndim != 2:
        raise ValueError(f"one channel and one filter are drawn: two matrices; got {picture.shape} and {kernel.shape}")
    # (H, W) -> (1, 1, H, W) and back
    output = conv2d(picture[None, None], kernel[None, None], stride=stride, padding=padding)[0, 0]
    return picture, kernel, output


def _check_position(position: tuple[int, int], shape: tuple[int, ...]) -> None:
    """Refuse an output cell that does not exist."""
    if not all(0 <= p < n for p, n in zip(position, shape, strict=True)):
        raise ValueError(
            f"position {position} lies outside the feature map of shape {shape}; rows and columns start at 0"
        )
