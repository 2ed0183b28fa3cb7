"""Simple SVG pictures out of cells, lines, bars and words, readable on a light and on a dark page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

CELL = 34
_STYLE = (
    "text{font:14px system-ui,sans-serif;fill:#1b2230}.b{font-weight:700}"
    ".cell{fill:#fff;stroke:#c3ccd9}.zero{fill:#eceff5;stroke:#6b778c;stroke-dasharray:3 3}"
    ".window{fill:#dce7ff;stroke:#1f56d8;stroke-width:2.5}.hole{fill:#fff;stroke:#1f56d8;stroke-dasharray:2 3}"
    ".picked{fill:#ffe6d3;stroke:#a63f00;stroke-width:3}.link{stroke:#6b778c;fill:none}"
    ".on{stroke:#1f56d8;stroke-width:3;fill:none}"
)


class Sketch:
    """A picture that grows from left to right.

    Parameters
    ----------
    width, height : int
        Its size in pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self._size = width, height
        self._parts: list[str] = []

    def words(self, x: float, y: float, text: str, *, bold: bool = False, middle: bool = False) -> None:
        """Write a line of text; `y` is its base line."""
        anchor = ' text-anchor="middle"' if middle else ""
        kind = ' class="b"' if bold else ""
        self._parts.append(f'<text x="{x:.1f}" y="{y:.1f}"{anchor}{kind}>{escape(text)}</text>')

    def box(self, x: float, y: float, width: float, height: float, kind: str) -> None:
        """Draw a rectangle of a kind: cell, zero, window, hole, picked."""
        self._parts.append(
            f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="4"/>'
        )

    def line(self, points: Sequence[tuple[float, float]], kind: str = "link") -> None:
        """Draw a line through points: link, on."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self._parts.append(f'<polyline class="{kind}" points="{path}"/>')

    def cells(
        self, x: float, y: float, title: str, numbers: Sequence[Sequence[object]], kind: Callable[[int, int], str]
    ) -> None:
        """Draw numbers in cells below a title."""
        self.words(x, y - 10, title, bold=True)
        for row, line in enumerate(numbers):
            for column, number in enumerate(line):
                left, top = x + CELL * column, y + CELL * row
                self.box(left, top, CELL - 3, CELL - 3, kind(row, column) or "cell")
                self.words(left + CELL / 2 - 1.5, top + CELL / 2 + 4, f"{number}".replace("-", "−"), middle=True)

    def svg(self) -> str:
        """Return the picture as the text of an SVG file."""
        width, height = self._size
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
            f'<style>{_STYLE}</style><rect width="{width}" height="{height}" rx="10" fill="#fbfcfe" stroke="#c3ccd9"/>'
            f"{''.join(self._parts)}</svg>"
        )
