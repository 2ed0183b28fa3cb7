"""`show`: the student's own result beside the expected one, as heatmaps on one color scale."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from student_kit.call import call, value_of
from student_kit.examples import FUNCTIONS, Example
from student_kit.plain import Array, Finding, array

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANEL_INCHES = 2.5
CELLS_TOP = 1.0  # inches: below the call and the title of the panel
CELLS_INCHES = 2.2
LARGEST_CELL = 0.8
BORDER = 0.1
# Points. Four panels are 10 inches wide and a phone shows them on less than 3: these are letters of 7 pixels there.
LETTERS = 15
LETTER_WIDTH = 0.64  # of a digit of the font, in its size


def show(question_id: str, answer: object) -> None:
    """Draw the first public example: input, own result, expected result, difference.

    Parameters
    ----------
    question_id, answer
        As in `check`; the question has to be one whose answer is a function that returns an array.

    Examples
    --------
    >>> show("ex41-conv2d", lambda: ...)
    ex41-conv2d: not answered yet, so there is nothing to draw.
    """
    public = FUNCTIONS.get(question_id)
    if public is None or public.returns != "array":
        print(f"{question_id}: there is no picture for this question.")
        return
    found = value_of(answer)
    function: Any = found.value
    if found.error or not callable(function):
        print(f"{question_id}: not answered yet, so there is nothing to draw.")
        return
    example = public.examples[0]
    outcome = call(function, example.arguments, example.keywords)
    if outcome.blank:
        print(f"{question_id}: not answered yet, so there is nothing to draw.")
    elif outcome.error:
        print(f"{question_id}: {example.call} stopped with {outcome.error}: {outcome.message}")
    else:
        got = array(outcome.value)
        if isinstance(got, Finding) or got.dtype.kind not in "iufb" or not 2 <= got.ndim <= 4:
            print(f"{question_id}: {example.call} returned nothing that could be drawn; run the check cell.")
            return
        _display(draw(example, got.astype(np.float64)))


def draw(example: Example, got: Array) -> Figure:
    """Return a figure: input, own result, expected result and, where the shapes agree, their difference."""
    from matplotlib.figure import Figure

    expected = np.asarray(example.expected, dtype=np.float64)
    given = np.asarray(example.arguments[0], dtype=np.float64)
    panels = [("input", plane(given)), ("your result", plane(got)), ("expected", plane(expected))]
    if got.shape == expected.shape:
        panels.append(("difference", plane(got - expected)))
    # One scale for everything but the input, centered on 0: equal numbers have equal colors.
    largest = max(1e-9, *(_largest(numbers) for _, numbers in panels[1:]))
    width = PANEL_INCHES * len(panels)
    height = CELLS_TOP + max(_side(numbers) * len(numbers) for _, numbers in panels) + BORDER
    figure = Figure(figsize=(width, height))
    # One pair of axes in inches for all panels: axes of their own and a layout engine take three times as long, and
    # a class of students is drawn in every grading run.
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.autoscale(enable=False)
    axes.set(xlim=(0, width), ylim=(height, 0))
    for number, (title, numbers) in enumerate(panels):
        scale = _largest(given) if title == "input" else largest
        _heatmap(axes, PANEL_INCHES * (number + 0.5), title, numbers, scale)
    size = _fitting(example.call, width)
    axes.text(width / 2, BORDER, example.call, ha="center", va="top", fontsize=size)
    return figure


def plane(numbers: Array) -> Array:
    """Return the channels of the first image below each other: (N, C, H, W) -> (C * H, W)."""
    if numbers.ndim == 4:
        numbers = numbers[0]
    elif numbers.ndim == 3:
        numbers = numbers[:1]
    return numbers.reshape(-1, numbers.shape[-1])


def _largest(numbers: Array) -> float:
    """Return the largest finite magnitude."""
    finite = np.abs(numbers[np.isfinite(numbers)])
    return float(finite.max(initial=0.0))


def _heatmap(axes: Axes, middle: float, title: str, numbers: Array, largest: float) -> None:
    """Draw one plane with its numbers around a place of the axes, in inches from the left."""
    rows, columns = numbers.shape
    side = _side(numbers)
    left, right = middle - side * columns / 2, middle + side * columns / 2
    top, bottom = CELLS_TOP, CELLS_TOP + side * rows
    axes.text(middle, top - 0.08, f"{title}\n{rows} x {columns}", ha="center", va="bottom", fontsize=LETTERS)
    limit = largest or 1
    axes.imshow(
        numbers,
        cmap="RdBu",
        vmin=-limit,
        vmax=limit,
        extent=(left, right, bottom, top),
        aspect="auto",
        interpolation="nearest",
    )
    axes.plot((left, right, right, left, left), (top, top, bottom, bottom, top), color="black", linewidth=0.8)
    if numbers.size > 100:
        return
    size = _fitting(max((f"{number:.3g}" for number in numbers.flat), key=len, default=""), side)
    for (row, column), number in np.ndenumerate(numbers):
        color = "white" if abs(number) > 0.6 * largest else "black"
        across, down = left + side * (column + 0.5), top + side * (row + 0.5)
        axes.text(across, down, f"{number:.3g}", ha="center", va="center", color=color, fontsize=size)


def _side(numbers: Array) -> float:
    """Return the side of a cell in inches."""
    return min(CELLS_INCHES / max(numbers.shape), LARGEST_CELL) if numbers.size else 0.0


def _fitting(text: str, inches: float) -> float:
    """Return the size in points at which a text is no wider than that."""
    return min(LETTERS, 72 * inches / (LETTER_WIDTH * max(len(text), 1)))


def _display(figure: Figure) -> None:
    """Show a figure as PNG in Jupyter; elsewhere say that pictures need it."""
    ipython: Any = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print("Pictures are drawn in Jupyter; here there is nothing to draw on.")
        return
    from IPython.display import Image, display

    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=110, pil_kwargs={"compress_level": 1})  # hardly larger, much sooner
    display(Image(png.getvalue()))
