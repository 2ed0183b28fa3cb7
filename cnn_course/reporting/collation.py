"""Names in the order of a dictionary: the Unicode collation algorithm, not the order of code points."""

from __future__ import annotations

from functools import cache
from typing import Any


def collated(name: str) -> tuple[int, ...]:
    """Return what a name is sorted by.

    Examples
    --------
    >>> sorted(["Zorn", "Özdemir", "de la Cruz", "Owens"], key=collated)
    ['de la Cruz', 'Owens', 'Özdemir', 'Zorn']
    """
    return tuple(_collator().sort_key(name))


@cache
def _collator() -> Any:
    """Load the table of weights once, and only where names are sorted."""
    from pyuca import Collator

    return Collator()
