"""Code that is alike, side by side: one page that loads nothing; all that students wrote is text in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from cnn_course.reporting.similarity import Pair, Side

TEMPLATES = Path(__file__).with_name("templates")
MOST = 200  # pairs that are shown side by side; the likest come first


def similarity_page(title: str, assignment: str, pairs: Sequence[Pair], hint: str) -> str:
    """Return the page.

    Parameters
    ----------
    title, assignment : str
        What was compared.
    pairs : sequence of Pair
        The likest first.
    hint : str
        What a pair means, and what it does not.
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["marked"] = _marked
    template = environment.from_string((TEMPLATES / "similar.html.j2").read_text(encoding="utf-8"))
    style = Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return template.render(title=title, assignment=assignment, pairs=pairs, shown=pairs[:MOST], hint=hint, style=style)


def _marked(side: Side) -> Markup:
    """Return code with its passages marked."""
    parts, at = [], 0
    for start, end in side.alike:
        parts.append(Markup("{}<mark>{}</mark>").format(side.code[at:start], side.code[start:end]))  # format escapes
        at = end
    return Markup("").join([*parts, side.code[at:]])
