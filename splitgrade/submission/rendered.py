"""Checks the HTML that nbconvert makes of a student's Markdown, before formgrader shows it to a marker."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from bs4 import BeautifulSoup, Tag
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from splitgrade.execution.wire.text import clean_text
from splitgrade.sandbox.limits import MAX_RENDERED_TEXT
from splitgrade.submission.attachments import Pictures, attached, own_file, safe_picture, safe_pictures
from splitgrade.submission.inert import TEX, as_code, inert_text, without_requests

_TAGS = frozenset(
    (
        *("a", "b", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i"),
        *("img", "input", "kbd", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup", "table"),
        *("tbody", "td", "th", "thead", "tr", "u", "ul"),
    )
)
_ATTRIBUTES = frozenset(("alt", "checked", "class", "disabled", "href", "id", "src", "start", "style", "title", "type"))
_ADDRESS = re.compile(r"https?://|mailto:|attachment:|#|(?:\.{0,2}/)?[^:/?#\\]+(?:[/?#]|$)", re.IGNORECASE)
_DATA = re.compile(r"data:([a-z/]+);base64,(.*)")
_STYLE = re.compile(r"text-align:\s*(?:left|right|center);?")
# In place of a picture that is not there: nbconvert ends the marker's page over one.
_SAYS_MISSING = base64.b64encode(
    b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40"><rect width="300" height="40" fill="#eee"/>'
    b'<text x="12" y="25" font-family="sans-serif">this picture was not handed in</text></svg>'
).decode()
MISSING = f"data:image/svg+xml;base64,{_SAYS_MISSING}"


LOOKS_LIKE_HTML = "what a browser takes for HTML or a link that could run"
# An attached picture of a size of its own, as people write it in Jupyter.
_IMG = re.compile(
    r"""<img((?:\s+(?:src|alt|title|width|height|align|style)=(?:"[^"<>]*"|'[^'<>]*'|[\w.%-]+))+)\s*/?>""",
    re.IGNORECASE,
)
_SRC = re.compile(r"""\ssrc=["']attachment:([^"']+)["']""", re.IGNORECASE)


@dataclass(frozen=True)
class Shown:
    """A student's Markdown as a marker may see it.

    Parameters
    ----------
    text : str
        Markdown that nbconvert renders as nothing but text, links, and pictures that ask nobody for anything.
    pictures : dict
        The attachments of the cell, under every name that the text uses.
    remarks : tuple of str
        What was changed, in words for the report; empty for nearly every text.
    """

    text: str
    pictures: dict[str, dict[str, str]]
    remarks: tuple[str, ...]


def shown_markdown(text: str, attachments: Any, files: Container[str], room: int = MAX_RENDERED_TEXT) -> Shown:
    """Return a student's Markdown such that it can be shown: as it is, where that does no harm.

    Parameters
    ----------
    text : str
        What the student wrote.
    attachments : object
        What the cell has under ``attachments``; may be malformed.
    files : container of str
        The names of the assignment's files, relative to the notebook.
    room : int, optional
        Characters that may still be tried; a longer text is shown as code.

    Examples
    --------
    >>> shown_markdown("So $a<b$ and x<y.", {}, ())
    Shown(text='So $a<b$ and x<y.', pictures={}, remarks=())
    >>> shown_markdown("![x](/logout)", {}, ()).text
    '[x](/logout)'
    """
    pictures = safe_pictures(attachments)
    if len(text) > min(room, MAX_RENDERED_TEXT):
        plain = as_code(inert_text(text))
        return Shown(plain, pictures, () if plain == text else ("a text of this length is shown without markup",))
    remarks = []
    text = _IMG.sub(lambda found: _as_markdown(found, pictures), text)
    look = _Look(text, pictures, files)
    if not look.harmless:
        inert = inert_text(text)
        says = "a picture from elsewhere" if inert == text else LOOKS_LIKE_HTML
        text = without_requests(inert, files)
        look = _Look(text, pictures, files)
        if not look.harmless:
            text = as_code(text)
            look = _Look(text, pictures, files)
        remarks.append(f"{says} is shown as text")
    for name in look.attachments:
        found = attached(name, pictures)
        pictures[name] = {found[0]: found[1]} if found else {"image/svg+xml": _SAYS_MISSING}
        if not found:
            called = clean_text(unquote(name)[:100])
            remarks.append(f"the picture {called!r} that the text shows is not attached to the cell, or is none")
    return Shown(text, pictures, tuple(remarks))


def _as_markdown(tag: re.Match[str], pictures: Pictures) -> str:
    """Return an element for a picture of the cell as Markdown, any other one as it is."""
    name = _SRC.search(tag[1])
    if name is None or attached(name[1], pictures) is None:
        return tag[0]
    return f"![{clean_text(unquote(name[1]))}](attachment:{quote(unquote(name[1]))})"


class _Look:
    """What nbconvert would make of a text: whether it does no harm, and the attachments that it shows."""

    def __init__(self, text: str, pictures: Pictures, files: Container[str]) -> None:
        self.attachments: list[str] = []
        self._files = files
        renderer = _Renderer(pictures, self.attachments.append)
        try:
            html = MarkdownWithMath(renderer=renderer).render(text)
        except (RecursionError, ValueError, KeyError, IndexError):  # it would end formgrader's page as well
            self.harmless = False
            return
        soup = BeautifulSoup(html, "html.parser")
        self.harmless = renderer.plain and not self._runs_tex(soup) and all(map(self._allows, soup.find_all(True)))

    @staticmethod
    def _runs_tex(soup: BeautifulSoup) -> bool:
        """Return whether MathJax, which leaves code alone, would find a command that makes links or styles."""
        return any(TEX.search(text) and not text.find_parent(("code", "pre")) for text in soup.find_all(string=True))

    def _allows(self, tag: Tag) -> bool:
        """Return whether an element can do no more than its Markdown says."""
        if tag.name not in _TAGS or "mermaid" in tag.get_attribute_list("class"):
            return False
        return all(self._allows_attribute(tag.name, name, str(value)) for name, value in tag.attrs.items())

    def _allows_attribute(self, tag: str, name: str, value: str) -> bool:
        if name == "href":
            return not value or _ADDRESS.match(value) is not None
        if name == "src":
            found = _DATA.fullmatch(value)
            inside = found is not None and safe_picture(found[1], found[2]) is not None
            return tag == "img" and (inside or own_file(value, self._files) is not None)
        if name == "style":
            return _STYLE.fullmatch(value) is not None
        return name in _ATTRIBUTES


class _Renderer(IPythonRenderer):  # type: ignore[misc]  # nbconvert's is untyped
    """Formgrader's renderer; it notes the attachments that are shown and whether HTML of the student's is plain."""

    def __init__(self, pictures: Pictures, note: Callable[[str], None]) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self._pictures, self._note = pictures, note
        self.plain = True

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return the picture; one that is not there does not end the page here."""
        name = url.removeprefix("attachment:")
        if name == url:
            return str(super().image(text, url, title))
        self._note(name)
        found = attached(name, self._pictures)
        return str(super().image(text, f"data:{found[0]};base64,{found[1]}", title)) if found else ""

    def inline_html(self, html: str) -> str:
        """Return HTML of the student's as it is."""
        self.plain = self.plain and inert_text(html) == html
        return str(super().inline_html(html))

    def block_html(self, html: str) -> str:
        """Return HTML of the student's as it is."""
        self.plain = self.plain and inert_text(html) == html
        return str(super().block_html(html))
