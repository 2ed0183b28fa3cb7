"""Markdown of a student as HTML that can do nothing but be read."""

from __future__ import annotations

import base64
import re
from html import escape
from pathlib import Path
from typing import Any

from bleach.css_sanitizer import CSSSanitizer  # type: ignore[import-untyped]
from bleach.sanitizer import Cleaner  # type: ignore[import-untyped]
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from splitgrade.feedback.formulas import Formulas

_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "hr", "i", "img"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "input", "kbd", "li", "ol", "p", "pre", "s", "small", "span", "strong"),
    *("sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"),
}
_PICTURE = re.compile(r"data:image/(png;base64|jpeg;base64|svg\+xml)[,;]")  # an SVG in an img element runs no script
_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


def safe_markdown(
    source: str, pictures: Path, attachments: dict[str, Any] | None = None, formulas: Formulas | None = None
) -> str:
    """Return markdown as HTML without scripts, styles, forms or anything that loads from elsewhere.

    Parameters
    ----------
    source : str
        Markdown, with formulas between dollar signs and HTML of any kind.
    pictures : Path
        The only folder whose pictures are put into the page: the instructor's version of the assignment. A path in a
        submission must not decide which file of the grading machine is sent to a student.
    attachments : dict, optional
        Pictures that the cell itself carries: name -> MIME type -> base64.
    formulas : Formulas, optional
        Those of the page; by default this text is a page of its own.

    Returns
    -------
    str
        HTML that needs no other file.
    """
    renderer = _Renderer(pictures, attachments or {}, formulas or Formulas())
    html = MarkdownWithMath(renderer=renderer).render(source)
    cleaner = Cleaner(
        tags=_TAGS,
        attributes=_allowed,
        protocols=["http", "https", "mailto", "data"],
        css_sanitizer=CSSSanitizer(allowed_css_properties=["height", "vertical-align", "text-align"]),
        strip=True,
    )
    return str(cleaner.clean(html))


def _allowed(tag: str, name: str, value: str) -> bool:
    """Say whether an attribute may stay."""
    if name == "src":
        return tag == "img" and _PICTURE.match(value) is not None
    if name == "href":
        return tag == "a" and value.startswith(("#", "http://", "https://", "mailto:"))
    if name == "type":
        return tag == "input" and value == "checkbox"  # task lists
    return name in ("alt", "title", "class", "style", "open", "colspan", "rowspan", "align", "checked", "disabled")


class _Renderer(IPythonRenderer):  # type: ignore[misc]  # nbconvert's is untyped
    """nbconvert's renderer with pictures and formulas inside the page."""

    def __init__(self, pictures: Path, attachments: dict[str, Any], formulas: Formulas) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self.pictures = pictures.resolve()
        self.attached = attachments
        self.formulas = formulas

    def image(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002 - the renderer's signature
        """Return the picture itself, or its description where it may not be shown."""
        data = self._attachment(url) if url.startswith("attachment:") else self._file(url)
        if data is None:
            return f"<em>[picture: {escape(text or url)}]</em>"
        return f'<img alt="{escape(text)}" src="{data}">'

    def inline_math(self, body: str) -> str:
        """Return a formula within a line."""
        return self.formulas.html(body)

    def block_math(self, body: str) -> str:
        """Return a formula on its own line."""
        return self.formulas.html(body, block=True)

    def _attachment(self, url: str) -> str | None:
        """Return a picture that the cell carries as a data address."""
        for kind, data in self.attached.get(url.removeprefix("attachment:"), {}).items():
            if kind in _TYPES.values():
                return f"data:{kind};base64,{''.join(str(data).split())}"
        return None

    def _file(self, url: str) -> str | None:
        """Return a picture of the assignment as a data address."""
        if url.startswith("data:"):
            return escape(url) if _PICTURE.match(url) else None
        path = (self.pictures / url).resolve()
        kind = _TYPES.get(path.suffix.lower())
        if kind is None or not path.is_relative_to(self.pictures) or not path.is_file():
            return None
        return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"
