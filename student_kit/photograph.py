"""A real picture to try layers on: `photograph` gives its pixels, `look` draws arrays as pictures side by side."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from student_kit.call import value_of
from student_kit.choices import is_graded, is_live
from student_kit.plain import Array, Finding, array

if TYPE_CHECKING:
    from PIL import Image

FILE = Path(__file__).parent / "photographs" / "cat.npz"
HEIGHT = 288  # pixels of a picture that is drawn
GAP = 12
MOST = 6  # pictures side by side


def photograph() -> Array:
    """Return a photograph of a cat: red, green and blue, 72 rows, 96 columns, whole numbers from 0 to 255.

    Examples
    --------
    >>> photograph().shape, photograph().dtype.name
    ((3, 72, 96), 'uint8')
    """
    with np.load(FILE, allow_pickle=False) as content:
        pixels: Array = content["pixels"]
    return pixels


def look(*images: object) -> None:
    """Draw arrays as pictures, side by side; in grading nothing is drawn.

    Parameters
    ----------
    *images : array or callable
        Up to six: (H, W) in gray, (3, H, W) of `uint8` in color, or `lambda: image`, so that a function that is not
        written yet is a message instead of an error. Gray goes from the smallest number (black) to the largest (white).

    Examples
    --------
    >>> look(lambda: ...)
    Nothing to draw yet: picture 1 needs a function above that is not answered.
    >>> look(np.zeros(3))
    Picture 1 cannot be drawn: it has shape (3,); legal: (H, W), or (3, H, W) of uint8.
    """
    if is_graded():
        return  # nobody looks, and a layer on a photograph takes its time
    planes = []
    for number, image in enumerate(images[:MOST], 1):
        plane = _plane(number, image)
        if isinstance(plane, str):
            print(plane)
            return
        planes.append(plane)
    if planes and is_live():
        _display(planes)


def _plane(number: int, image: object) -> Array | str:
    """Return bytes to paint, (H, W) or (H, W, 3), or what is said in place of them."""
    found = value_of(image)
    if found.blank or (found.error in ("TypeError", "NameError") and callable(image)):
        return f"Nothing to draw yet: picture {number} needs a function above that is not answered."
    if found.error:
        return f"Nothing to draw yet: picture {number} stopped with {found.error}: {found.message}"
    got = array(found.value)
    if isinstance(got, Finding) or got.dtype.kind not in "iuf" or not got.size:
        return f"Picture {number} cannot be drawn: legal are arrays of numbers."
    if got.ndim == 3 and got.shape[0] == 3 and got.dtype == np.uint8:
        return got.transpose(1, 2, 0)
    if got.ndim != 2:
        return f"Picture {number} cannot be drawn: it has shape {got.shape}; legal: (H, W), or (3, H, W) of uint8."
    numbers = np.nan_to_num(got.astype(np.float64), posinf=0.0, neginf=0.0)
    low, high = float(numbers.min()), float(numbers.max())
    gray: Array = np.round((numbers - low) / (high - low or 1.0) * 255).astype(np.uint8)
    return gray


def _display(planes: list[Array]) -> None:
    """Show pictures in one row as PNG; where there is no Pillow, say so in a line."""
    try:
        picture = side_by_side(planes)
    except ImportError:
        print("Pictures need the package Pillow: pip install pillow, then restart the kernel.")
        return
    from IPython import display

    png = io.BytesIO()
    picture.save(png, format="PNG")
    sizes = ", ".join(f"{plane.shape[0]} x {plane.shape[1]}" for plane in planes)
    display.display(display.Image(png.getvalue(), alt=f"{len(planes)} pictures of {sizes} pixels"))


def side_by_side(planes: list[Array]) -> Image.Image:
    """Return pictures of equal height in one row, every pixel a visible square."""
    from PIL import Image

    scaled = []
    for plane in planes:
        width = max(round(plane.shape[1] * HEIGHT / plane.shape[0]), 1)
        scaled.append(Image.fromarray(plane).convert("RGB").resize((width, HEIGHT), Image.Resampling.NEAREST))
    row = Image.new("RGB", (sum(one.width for one in scaled) + GAP * (len(scaled) - 1), HEIGHT), "white")
    left = 0
    for one in scaled:
        row.paste(one, (left, 0))
        left += one.width + GAP
    return row
