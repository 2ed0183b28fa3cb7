"""Checks the HTML that nbconvert makes of a student's Markdown, before formgrader shows it to a marker."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

from bs4 import BeautifulSoup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

MAX_KNOWN = 10_000  # verdicts that are kept; the texts of a class's notebooks are mostly the same
MAX_TEXT = 20_000  # characters; rendering time may grow with their square: 1 s for the worst text found
_TAGS = frozenset(
    (
        *(
            "a",
            "b",
            "blockquote",
            "br",
            "code",
            "del",
            "div",
            "em",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "i",
            "img",
        ),
        *("input", "kbd", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td"),
        *("th", "thead", "tr", "u", "ul"),
    )
)
_ATTRIBUTES = frozenset(("alt", "checked", "class", "disabled", "href", "id", "src", "start", "style", "title", "type"))
_ADDRESS = re.compile(r"https?://|mailto:|#|(?:\.{0,2}/)?[^:/?#\\]+(?:[/?#]|$)", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=]*$|(?!//)[^:\\]+$")
_STYLE = re.compile(r"text-align:\s*(?:left|right|center);?")
_known: dict[bytes, bool] = {}


def is_harmless(text: str, pictures: Mapping[str, Mapping[str, str]]) -> bool:
    """Return whether nbconvert can render a text, and as nothing but text, pictures and links.

    Parameters
    ----------
    text : str
        Markdown.
    pictures : mapping
        The attachments of the cell: name -> MIME type -> base64.
    """
    if len(text) > MAX_TEXT:
        return False
    # By digest, not by text: a class may hand in much of it.
    key = hashlib.sha256(json.dumps([text, pictures], sort_keys=True).encode()).digest()
    if key not in _known:
        if len(_known) >= MAX_KNOWN:
            _known.clear()
        _known[key] = _renders_harmlessly(text, pictures)
    return _known[key]


def _renders_harmlessly(text: str, pictures: Mapping[str, Mapping[str, str]]) -> bool:
    """Render a text and look at every tag."""
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True, attachments=dict(pictures))
    try:
        html = MarkdownWithMath(renderer=renderer).render(text)
    except Exception:  # a picture that is not attached, for one, would end formgrader's page as well
        return False
    elements = BeautifulSoup(html, "html.parser").find_all(True)
    return all(tag.name in _TAGS and all(_allows(*item) for item in tag.attrs.items()) for tag in elements)


def _allows(name: str, value: object) -> bool:
    """Return whether an attribute can do no more than its Markdown says."""
    if name == "href":
        return not value or _ADDRESS.match(str(value)) is not None
    if name == "src":
        return not value or _PICTURE.match(str(value)) is not None
    if name == "style":
        return _STYLE.fullmatch(str(value)) is not None
    return name in _ATTRIBUTES
