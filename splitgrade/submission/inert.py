"""Makes text of students inert, so that a browser only shows it: no HTML, no script, no link that runs something.

Formgrader puts the HTML that Markdown and raw cells hold into its page as it is, and MathJax follows links in formulas.
What could run is changed so little that a marker can still read it; what was handed in stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Container

from splitgrade.submission.attachments import own_file

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
_DATA = re.compile(rf"({_GAP.join('data')}){_GAP}:(?!image/(?:png|jpeg|gif|webp);base64,)(?=\S)", re.IGNORECASE)
_PICTURE = re.compile(r"!(?=\[[^\]]{0,200}\](?:\(\s*<?(?P<address>[^)>]*))?)")
_INSIDE = re.compile(r"attachment:|data:image/(?:png|jpeg|gif|webp);base64,")
_MERMAID = re.compile(
    r"((?<!`)`{3,}+|(?<!~)~{3,}+)[ \t]*+(?=mermaid)", re.IGNORECASE
)  # nbconvert hands it to a program in the page
# Commands of MathJax that make links, styles and names in the page, or load more commands.
TEX = re.compile(r"\\(?=(?:href|style|cssId|class|require|data)(?![a-zA-Z]))")
_AS_CODE = "(shown as plain text)"
_RULES = (
    (_ENTITY, "&amp;"),
    (TEX, r"\\ "),
    (_SCHEME, r"\1 :"),
    (_DATA, r"\1 :"),
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
        The text with a space in each tag that could do anything, and with links broken whose address is a program.
        Inert text stays as it is.

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


def without_requests(text: str, files: Container[str]) -> str:
    """Return Markdown with links in place of pictures for which a browser would ask a server.

    Parameters
    ----------
    text : str
        Inert Markdown, see `inert_text`.
    files : container of str
        The names of the assignment's files, relative to the notebook: pictures among them stay, as do those that the
        notebook carries. A picture by reference, whose address stands elsewhere, becomes a link.

    Examples
    --------
    >>> without_requests("![x](/logout) ![y](images/y.png)", {"images/y.png"})
    '[x](/logout) ![y](images/y.png)'
    """
    return _PICTURE.sub(lambda found: "!" if _may_load(found["address"], files) else "", text)


def as_code(text: str) -> str:
    """Return a text as a block of code in Markdown: nothing in it means anything. Done twice it is done once."""
    if text.startswith(_AS_CODE):
        return text
    return "\n".join([_AS_CODE, "", *(f"    {line}" for line in text.splitlines())])


def _may_load(address: str | None, files: Container[str]) -> bool:
    """Return whether a picture at an address asks nobody for anything; one by reference has its address elsewhere."""
    if address is None:
        return False
    return _INSIDE.match(address) is not None or own_file(address, files) is not None
