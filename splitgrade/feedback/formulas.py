"""Formulas as pictures inside the page: readable without a network, on paper, in a mail attachment."""

from __future__ import annotations

import io
import re
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote

MAX_LENGTH = 1000  # characters; a longer formula is shown as it was written
MAX_FORMULAS = 300  # of a page; the longest notebook of this course has 40


@lru_cache(maxsize=1024)
def formula_html(tex: str, block: bool = False) -> str:
    r"""Return HTML that shows a formula without any script.

    Parameters
    ----------
    tex : str
        The formula in LaTeX, without its dollar signs.
    block : bool, optional
        Whether it stands on a line of its own.

    Returns
    -------
    str
        An ``img`` element with an SVG picture and the LaTeX text as its alternative; where matplotlib cannot set the
        formula, the text itself in a ``code`` element.

    Examples
    --------
    >>> formula_html(r"\nosuchcommand{x}")
    '<code class="formula">\\nosuchcommand{x}</code>'
    """
    svg = _svg(" ".join(tex.split())) if len(tex) <= MAX_LENGTH else None
    kind = "formula block" if block else "formula"
    if svg is None:
        return as_written(tex, block)
    height, depth, picture = svg
    style = f"height:{height:.2f}em;vertical-align:{-depth:.2f}em"
    source = "data:image/svg+xml," + quote(picture)
    return f'<img class="{kind}" alt="{escape(tex)}" style="{style}" src="{source}">'


def as_written(tex: str, block: bool = False) -> str:
    """Return HTML that shows a formula as LaTeX."""
    return f'<code class="{"formula block" if block else "formula"}">{escape(tex)}</code>'


class Formulas:
    """The formulas of one page: the first `MAX_FORMULAS` become pictures, which takes 10 ms each."""

    def __init__(self) -> None:
        self._left = MAX_FORMULAS

    def html(self, tex: str, block: bool = False) -> str:
        """Return HTML that shows a formula, see `formula_html`."""
        self._left -= 1
        return formula_html(tex, block) if self._left >= 0 else as_written(tex, block)


def _svg(tex: str) -> tuple[float, float, str] | None:
    """Set a formula; return its height and depth below the line in em, and the picture; None if it cannot be set."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    size = 12.0  # points to an em
    font = FontProperties(size=size)
    try:
        with rc_context({"svg.fonttype": "path", "svg.hashsalt": "formula"}):
            parser: MathTextParser[Any] = MathTextParser("path")
            width, height, depth, _, _ = parser.parse(f"${tex}$", dpi=72, prop=font)
            figure = Figure(figsize=(max(width, 1) / 72, max(height, 1) / 72))
            figure.patch.set_visible(False)
            figure.text(0, depth / max(height, 1), f"${tex}$", fontproperties=font)
            target = io.StringIO()
            FigureCanvasSVG(figure).print_svg(target, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
    except (ValueError, RuntimeError):  # what mathtext says to LaTeX that it does not know
        return None
    picture = re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>", "", target.getvalue(), flags=re.DOTALL)
    return height / size, depth / size, re.sub(r"\s+", " ", picture).strip()
