"""`show`: the student's own result beside the expected one, as heatmaps on one color scale."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from student_kit.call import call, value_of
from student_kit.example import Example
from student_kit.examples import FUNCTIONS
from student_kit.panels import panels
from student_kit.plain import Array, Finding, array
from student_kit.report import report
from student_kit.stages import differs

if TYPE_CHECKING:
    from PIL import Image


def show(question_id: str, answer: object) -> None:
    """Draw the first public example that fails, or the first one: input, filter, own result, expected one, difference.

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
    place = report(question_id, function).failing or 0
    example = public.examples[place]
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
        _display(example, got.astype(np.float64))


def draw(example: Example, got: Array) -> Image.Image:
    """Return a picture: input, filter, own result, expected result and, where the shapes agree, their difference."""
    from student_kit.picture import paint

    return paint(panels(example, got), example.call)


def _display(example: Example, got: Array) -> None:
    """Show the picture as PNG in Jupyter; where there is no Jupyter or no Pillow, say so in a line."""
    ipython: Any = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print("Pictures are drawn in Jupyter; here there is nothing to draw on.")
        return
    try:
        picture = draw(example, got)
    except ImportError:
        print("Pictures need the package Pillow: pip install pillow, then restart the kernel. The checks work without.")
        return
    from IPython import display

    png = io.BytesIO()
    picture.save(png, format="PNG", compress_level=1)  # hardly larger, much sooner
    display.display(display.Image(png.getvalue(), alt=_in_words(example, got)))


def _in_words(example: Example, got: Array) -> str:
    """Return what the picture shows, for people who do not see it."""
    wanted = np.asarray(example.expected, dtype=float)
    if got.shape != wanted.shape:
        return f"{example.call}: your result has shape {got.shape}, expected is {wanted.shape}"
    wrong = int(differs(got, wanted).sum()) if np.isfinite(got).all() else int((got != wanted).sum())
    return f"{example.call}: your result beside the expected one; {wrong} of {wanted.size} cells differ"
