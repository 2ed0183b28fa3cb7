"""Text as notebook files and terminals can hold it."""

from __future__ import annotations


def clean_text(text: str) -> str:
    """Return ``text`` without lone surrogates, which no notebook file can hold.

    Examples
    --------
    >>> clean_text("a" + chr(0xD800)) == "a" + chr(0xFFFD)
    True
    """
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def one_line(text: str) -> str:
    """Return ``text`` with a space for each line end, and a mark for whatever else a terminal does not show as itself.

    Examples
    --------
    >>> one_line("a" + chr(27) + "[2J") == "a" + chr(0xFFFD) + "[2J"
    True
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else " " if each.isspace() else "\ufffd" for each in text)
