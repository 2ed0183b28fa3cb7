"""Formulas as MathML: readable without a script, a font or a network, by eye and by screen reader."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from xml.etree import ElementTree

from latex2mathml.converter import convert_to_element

from splitgrade.sandbox.limits import MAX_FORMULA

MAX_WIDTH = 40  # signs of a formula that fits on a phone; a longer one can be scrolled, for browsers break no formula
TAGS = frozenset(
    (
        *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "ms", "mfrac", "msqrt", "mroot", "mstyle", "mpadded"),
        *("mphantom", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "menclose"),
    )
)
ATTRIBUTES = frozenset(
    (
        *("display", "stretchy", "fence", "form", "separator", "symmetric", "largeop", "movablelimits", "accent"),
        *("accentunder", "mathvariant", "linethickness", "displaystyle", "scriptlevel", "lspace", "rspace", "minsize"),
        *("maxsize", "columnalign", "rowspacing", "columnspacing", "notation"),
    )
)
_UNKNOWN = re.compile(r"\\[a-zA-Z]")


@lru_cache(maxsize=1024)
def formula_html(tex: str, block: bool = False) -> str:
    r"""Return a formula as HTML.

    Parameters
    ----------
    tex : str
        The formula in LaTeX, without its dollar signs.
    block : bool, optional
        Whether it stands on a line of its own.

    Returns
    -------
    str
        A ``math`` element, in a ``span`` that scrolls where it is wide, of elements and attributes that only set a
        formula. One that is too long, or has a command that nobody knows, stands in a ``code`` element as it was.

    Examples
    --------
    >>> formula_html(r"x \le 1")[:30]
    '<math display="inline"><mrow><'
    >>> formula_html(r"\nosuchcommand{x}")
    '<code class="formula">\\nosuchcommand{x}</code>'
    """
    if len(tex) > MAX_FORMULA:
        return as_written(tex, block)
    try:
        element = convert_to_element(tex, display="block" if block else "inline")
    except Exception:  # latex2mathml has twelve errors without a common base, and lets others through
        return as_written(tex, block)
    for part in element.iter():
        part.text = html.unescape(part.text) if part.text else part.text
        if part.tag not in TAGS or _UNKNOWN.search(part.text or ""):
            return as_written(tex, block)
        part.attrib = {name: value for name, value in part.attrib.items() if name in ATTRIBUTES}
    formula = ElementTree.tostring(element, encoding="unicode")
    if len("".join(element.itertext())) <= MAX_WIDTH:
        return formula
    return f'<span class="wide" tabindex="0">{formula}</span>'  # who has no mouse scrolls with the arrow keys


def as_written(tex: str, block: bool = False) -> str:
    """Return HTML that shows a formula as LaTeX."""
    return f'<code class="{"formula block" if block else "formula"}">{html.escape(tex)}</code>'
