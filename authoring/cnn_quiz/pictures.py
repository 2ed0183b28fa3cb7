"""The picture of the quiz, drawn from the numbers that its alt text names."""

from __future__ import annotations

from pathlib import Path

from cnn_ref.plot import draw_grid
from cnn_ref.plot.style import RESULT, card

IMAGE = [[1, 2, 0, 1], [0, 3, 1, 2], [2, 0, 1, 0], [1, 1, 0, 3]]
MAP = [[-2, 7, 0], [4, 2, 3], [3, 2, -2]]


def draw(folder: Path) -> None:
    """Draw all pictures of this assignment into a folder."""
    figure = card(6.4, 3.4)
    left, right = figure.subplots(1, 2, width_ratios=[4, 3])
    draw_grid(left, IMAGE, title="image")
    draw_grid(right, MAP, color=RESULT, title="feature map")
    figure.subplots_adjust(left=0.04, right=0.96, top=0.88, bottom=0.02, wspace=0.3)
    figure.savefig(folder / "q03-map.png", metadata={"Software": None})
