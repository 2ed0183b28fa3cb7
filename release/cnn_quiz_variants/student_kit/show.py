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

if TYPE_CHECKING:
    from PIL import Image


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


def draw(example: Example, got: Array) -> Image.Image:
    """Return a picture: input, own result, expected result and, where the shapes agree, their difference."""
    from student_kit.picture import paint

    return paint(panels(example, got), example.call)


def _display(picture: Image.Image) -> None:
    """Show a picture as PNG in Jupyter; elsewhere say that pictures need it."""
    ipython: Any = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print("Pictures are drawn in Jupyter; here there is nothing to draw on.")
        return
    from IPython import display

    png = io.BytesIO()
    picture.save(png, format="PNG", compress_level=1)  # hardly larger, much sooner
    display.display(display.Image(png.getvalue()))
