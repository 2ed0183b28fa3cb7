"""Drawing by name: SHA-256 of what is drawn for whom, the same numbers on every machine and in every version."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def number_below(limit: int, *names: str | int) -> int:
    """Return a whole number of at least 0 and below `limit` that depends on the names alone.

    Parameters
    ----------
    limit : int
        At least 1.
    *names : str or int
        What is drawn, and for whom.

    Raises
    ------
    ValueError
        If `limit` is below 1.

    Examples
    --------
    >>> number_below(6, "a die", "ada"), number_below(6, "a die", "grace")
    (3, 0)
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    whole = 1 << 256
    for attempt in range(1_000_000):  # a second attempt is as likely as two equal hashes
        text = json.dumps([*names, attempt], ensure_ascii=True, separators=(",", ":"))
        number = int.from_bytes(hashlib.sha256(text.encode("ascii")).digest(), "big")
        if number < whole - whole % limit:  # else the first remainders would come more often
            return number % limit
    raise AssertionError("SHA-256 never fell below its limit")


def shuffled(items: Sequence[T], *names: str | int) -> list[T]:
    """Return the items in an order that depends on the names alone.

    Examples
    --------
    >>> sorted(shuffled("abcd", "options", 1))
    ['a', 'b', 'c', 'd']
    """
    left = list(items)
    return [left.pop(number_below(len(left), *names, len(left))) for _ in items]


def student_name(typed: str) -> str:
    """Return an id without surrounding space and with every accent written in one way.

    Examples
    --------
    >>> student_name("  ada ")
    'ada'
    """
    return unicodedata.normalize("NFC", typed.strip())
