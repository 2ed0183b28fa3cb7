"""Paint panels with Pillow, which matplotlib stands on: a tenth of the time that a figure takes.

Pictures are painted while a class is graded too, one for every notebook.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from student_kit.panels import BORDER, PANEL, Panel
from student_kit.plain import Array

# ColorBrewer's RdBu in 11 classes, from the most negative number to the most positive.
_RED_TO_BLUE = np.array(
    [
        *((103, 0, 31), (178, 24, 43), (214, 96, 77), (244, 165, 130), (253, 219, 199), (247, 247, 247)),
        *((209, 229, 240), (146, 197, 222), (67, 147, 195), (33, 102, 172), (5, 48, 97)),
    ]
)
_NO_NUMBER = (190, 190, 190)
_CARD = (230, 233, 238)  # soft: it does not glare on a dark page
_LETTERS = 24  # pixels; on a phone they are 6
_MOST_NUMBERS = 100  # in a panel; of more only the colors are shown


def paint(panels: list[Panel], caption: str) -> Image.Image:
    """Return a picture of the panels, with a caption above them."""
    width = PANEL * len(panels)
    height = max(panel.top + panel.size[1] for panel in panels) + BORDER
    picture = Image.new("RGB", (width, height), _CARD)
    draw = ImageDraw.Draw(picture)
    font = _fitting(caption, width - 2 * BORDER)
    draw.text((width / 2, 2 * BORDER), caption, fill="black", font=font, anchor="mm")
    for place, panel in enumerate(panels):
        rows, columns = panel.numbers.shape
        middle = PANEL * (place + 0.5)
        for line, text in ((2, panel.title), (1, f"{rows} x {columns}")):
            font = _fitting(text, PANEL)
            draw.text((middle, panel.top - 27 * line + 8), text, fill="black", font=font, anchor="mm")
        if all(panel.size):
            _paint_cells(picture, draw, panel)
    return picture


def colors(numbers: Array, largest: float) -> Array:
    """Return the color of each number: (rows, columns) -> (rows, columns, 3), bytes."""
    finite = np.isfinite(numbers)
    places = (np.clip(numbers / (largest or 1), -1, 1) + 1) / 2 * (len(_RED_TO_BLUE) - 1)
    steps = np.arange(len(_RED_TO_BLUE))
    mixed = [np.interp(np.where(finite, places, 0), steps, channel) for channel in _RED_TO_BLUE.T]
    result = np.stack(mixed, axis=-1)
    result[~finite] = _NO_NUMBER
    return result.round().astype(np.uint8)


def _paint_cells(picture: Image.Image, draw: ImageDraw.ImageDraw, panel: Panel) -> None:
    """Paint the cells of a panel, and their numbers where there is room for them."""
    width, height = panel.size
    with np.errstate(all="ignore"):
        cells = Image.fromarray(colors(panel.numbers, panel.largest)).resize((width, height), Image.Resampling.NEAREST)
    picture.paste(cells, (panel.left, panel.top))
    draw.rectangle((panel.left, panel.top, panel.left + width, panel.top + height), outline="black")
    if panel.numbers.size > _MOST_NUMBERS:
        return
    texts = {place: f"{number:.3g}" for place, number in np.ndenumerate(panel.numbers)}
    font = _fitting(max(texts.values(), key=len), 0.92 * panel.side, 0.8 * panel.side)
    for (row, column), text in texts.items():
        across, down = panel.left + panel.side * (column + 0.5), panel.top + panel.side * (row + 0.5)
        dark = abs(panel.numbers[row, column]) > 0.6 * panel.largest
        draw.text((across, down), text, fill="white" if dark else "black", font=font, anchor="mm")


def _fitting(text: str, width: float, height: float = _LETTERS) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the font in the largest size at which a text takes no more room."""
    wide = _font(_LETTERS).getlength(text) or 1
    return _font(max(int(min(_LETTERS, height, _LETTERS * width / wide)), 1))


@lru_cache(maxsize=_LETTERS)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
