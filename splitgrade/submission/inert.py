"""Makes text of students inert, so that a browser only shows it: no HTML, no script, no link that runs something.

Formgrader puts the HTML that Markdown and raw cells hold into its page as it is, and MathJax follows links in formulas.
What could run is changed so little that a marker can still read it; what was handed in stays as it was.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from splitgrade.execution.wire.pictures import STARTS, is_picture
from splitgrade.execution.wire.plain import clean_text

MAX_PICTURE = 16 << 20  # characters of base64; a photograph of a page of handwriting has about 5 million

# Without attributes these do no more than show text in another way; links to the web in <> are Markdown's own.
_PLAIN_TAG = re.compile(
    r"</?(?:b|i|u|s|em|strong|sub|sup|small|code|kbd|p|br|hr|ul|ol|li|table|thead|tbody|tr|td|th)\s?/?>"
    r"|<https?://[^\s<>\"'`\\]+>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
_ENTITY = re.compile(r"&(?=#|(?:colon|tab|newline);)", re.IGNORECASE)  # they could spell what the next rules look for
_GAP = r"[\x00-\x1f\\]*"  # browsers and Markdown leave these out of a link
_SCHEME = re.compile(
    "(" + "|".join(_GAP.join(word) for word in ("javascript", "vbscript")) + ")" + _GAP + ":", re.IGNORECASE
)
_DATA = re.compile(rf"({_GAP.join('data')}){_GAP}:(?!image/(?:png|jpeg|gif);base64,)(?=\S)", re.IGNORECASE)
_REMOTE_PICTURE = re.compile(
    r"!(?=\[[^\]]{0,200}\]\(\s*<?(?:https?:)?//)", re.IGNORECASE
)  # it tells who is marking when
_MERMAID = re.compile(
    r"((?<!`)`{3,}+|(?<!~)~{3,}+)[ \t]*+(?=mermaid)", re.IGNORECASE
)  # nbconvert hands it to a program in the page
# Commands of MathJax that make links, styles and names in the page, or load more commands.
_TEX = re.compile(r"\\(?=(?:href|style|cssId|class|require|data)(?![a-zA-Z]))")
_RULES = (
    (_ENTITY, "&amp;"),
    (_TEX, r"\\ "),
    (_SCHEME, r"\1 :"),
    (_DATA, r"\1 :"),
    (_REMOTE_PICTURE, ""),
    (_MERMAID, r"\1 text "),
)


def inert_text(text: str) -> str:
    r"""Return Markdown or raw text in which nothing is left that a browser would run.

    Parameters
    ----------
    text : str
        What a student wrote.

    Returns
    -------
    str
        The text with a space in each tag that could do anything, with links broken whose address is a program, and with
        links in place of pictures that lie elsewhere. Inert text stays as it is.

    Examples
    --------
    >>> inert_text("H<sub>2</sub>O and <img src=x onerror=alert(1)>")
    'H<sub>2</sub>O and < img src=x onerror=alert(1)>'
    >>> inert_text("[here](javascript:alert(1)), but 3 < 4 &lt; 5")
    '[here](javascript :alert(1)), but 3 < 4 &lt; 5'
    """
    for rule, replacement in _RULES:
        text = rule.sub(replacement, text)
    parts, done = [], 0
    for tag in _PLAIN_TAG.finditer(text):
        parts += [_TAG.sub("< ", text[done : tag.start()]), tag[0]]
        done = tag.end()
    return "".join([*parts, _TAG.sub("< ", text[done:])])


def as_code(text: str) -> str:
    """Return a text as a block of code in Markdown: nothing in it means anything."""
    return "\n".join(["(shown as plain text)", "", *(f"    {line}" for line in text.splitlines())])


def safe_pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """Return the pictures attached to a cell, as canonical base64 of real PNG or JPEG bytes.

    Parameters
    ----------
    attachments : object
        What a cell has under ``attachments``: name -> MIME type -> base64; may be malformed.
    """
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in attachments.items() if isinstance(attachments, Mapping) else ():
        found = bundle.items() if isinstance(bundle, Mapping) else ()
        pictures = {str(kind): data for kind, value in found if (data := _picture(kind, value)) is not None}
        if pictures:
            kept[clean_text(str(name))] = pictures
    return kept


def _picture(kind: Any, value: Any) -> str | None:
    """Return the picture as canonical base64; anything else could leave the attribute that it is put into."""
    if not isinstance(kind, str) or not isinstance(value, str) or kind not in STARTS:
        return None
    if len(value) > MAX_PICTURE:
        return None
    try:
        raw = base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return base64.b64encode(raw).decode("ascii") if is_picture(kind, raw) else None
