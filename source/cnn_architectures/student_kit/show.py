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
    figure = Figure(figsize=(2.6 * len(panels), 2.9), layout="constrained")
    for axes, (title, numbers) in zip(np.atleast_1d(figure.subplots(1, len(panels))), panels, strict=True):
        _heatmap(axes, title, numbers, _largest(given) if title == "input" else largest)
    figure.suptitle(example.call, fontsize=9)
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


def _heatmap(axes: Axes, title: str, numbers: Array, largest: float) -> None:
    """Draw one plane with its numbers."""
    axes.set_title(f"{title}\n{numbers.shape[0]} x {numbers.shape[1]}", fontsize=9)
    axes.imshow(numbers, cmap="RdBu", vmin=-largest or -1, vmax=largest or 1)
    axes.set_xticks([])
    axes.set_yticks([])
    if numbers.size > 100:
        return
    for (row, column), number in np.ndenumerate(numbers):
        color = "white" if abs(number) > 0.6 * largest else "black"
        axes.text(column, row, f"{number:.3g}", ha="center", va="center", color=color, fontsize=8)


def _display(figure: Figure) -> None:
    """Show a figure as PNG in Jupyter; elsewhere say that pictures need it."""
    ipython: Any = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print("Pictures are drawn in Jupyter; here there is nothing to draw on.")
        return
    from IPython.display import Image, display

    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=110)
    display(Image(png.getvalue()))
