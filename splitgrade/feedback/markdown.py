"""Markdown of a student as HTML that can do nothing but be read."""

from __future__ import annotations

import base64
import re
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nh3
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from splitgrade.feedback import formulas
from splitgrade.submission.attachments import Pictures, attached, safe_picture, safe_pictures

_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "hr", "i", "img"),
    *("h3", "input", "kbd", "li", "ol", "p", "pre", "s", "small", "span", "strong"),
    *("sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"),
    *formulas.TAGS,
}
_ANYWHERE = {"class", "title", "style"}
_ATTRIBUTES = {
    **{tag: set(formulas.ATTRIBUTES) for tag in formulas.TAGS},
    "a": {"href"},
    "details": {"open"},
    "img": {"src", "alt"},
    "input": {"checked"},
    "ol": {"start"},
    "span": {"tabindex"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align"},
}
_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp"}
_DATA = re.compile(r"data:([a-z/]+);base64,(.*)", re.DOTALL)
_CLASS = re.compile(r"highlight|wide|formula( block)?|[a-z][a-z0-9]{0,2}")  # of colored code and of `formulas`


def safe_markdown(source: str, pictures: Path, attachments: dict[str, Any] | None = None) -> str:
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

    Returns
    -------
    str
        HTML that needs no other file.
    """
    html = MarkdownWithMath(renderer=_Renderer(pictures, safe_pictures(attachments))).render(source)
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"*": _ANYWHERE, **_ATTRIBUTES},
        attribute_filter=_filtered,
        url_schemes={"http", "https", "mailto", "data"},
        filter_style_properties={"text-align"},
        set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},  # task lists
    )


def _filtered(_tag: str, name: str, value: str) -> str | None:
    """Return what stays of an attribute, None for nothing."""
    if name == "src":
        found = _DATA.fullmatch(value)
        return value if found and safe_picture(found[1], found[2]) is not None else None
    if name == "href":
        return value if value.startswith(("#", "http://", "https://", "mailto:")) else None
    if name == "class":
        return value if _CLASS.fullmatch(value) else None
    if name == "tabindex":
        return value if value == "0" else None
    return value


class _Renderer(IPythonRenderer):  # type: ignore[misc]  # nbconvert's is untyped
    """nbconvert's renderer with pictures and formulas inside the page."""

    def __init__(self, pictures: Path, attachments: Pictures) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self.pictures = pictures.resolve()
        self.attached = attachments

    def image(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002 - the renderer's signature
        """Return the picture itself, or what it is a picture of where it cannot be shown."""
        name = url.removeprefix("attachment:")
        if name != url:
            found = attached(name, self.attached)
            missing = f"the picture {unquote(name)} was not handed in, or is none"
        else:
            found, missing = self._file(url), f"picture: {unquote(text or url)}"
        if found is None:
            return f"<em>[{escape(missing)}]</em>"
        return f'<img alt="{escape(text)}" src="data:{found[0]};base64,{found[1]}">'

    def heading(self, text: str, level: int, **attrs: Any) -> str:  # noqa: ARG002 - the renderer's signature
        """Return a heading below those of the page, whatever its level: none is left out on the way down."""
        return f"<h3>{text}</h3>\n"

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """Return a cell of a table; an empty one is no heading."""
        tag = "th" if head and text.strip() else "td"
        style = f' style="text-align:{align}"' if align in ("left", "right", "center") else ""
        return f"<{tag}{style}>{text}</{tag}>\n"

    def inline_math(self, body: str) -> str:
        """Return a formula within a line."""
        return formulas.formula_html(body)

    def block_math(self, body: str) -> str:
        """Return a formula on its own line."""
        return formulas.formula_html(body, block=True)

    def latex_environment(self, name: str, body: str) -> str:
        """Return a formula that is an environment of LaTeX."""
        return formulas.formula_html(f"\\begin{{{name}}}{body}\\end{{{name}}}", block=True)

    def block_mermaidjs(self, code: str) -> str:
        """Return a diagram as its text: no program of the page draws it."""
        return f"<pre>{escape(code)}</pre>"

    def _file(self, url: str) -> tuple[str, str] | None:
        """Return MIME type and base64 of a picture in the address itself, or of one of the assignment."""
        if (found := _DATA.fullmatch(url)) is not None:
            data = safe_picture(found[1], found[2])
            return None if data is None else (found[1], data)
        kind = _TYPES.get(Path(unquote(url)).suffix.lower())
        try:
            path = (self.pictures / unquote(url)).resolve()
            if kind is None or not path.is_relative_to(self.pictures) or not path.is_file():
                return None
        except (OSError, ValueError):  # a name that no file can have
            return None
        return kind, base64.b64encode(path.read_bytes()).decode("ascii")
