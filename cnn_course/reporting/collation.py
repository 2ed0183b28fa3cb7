"""Names in the order of a dictionary: the Unicode collation algorithm, not the order of code points."""

from __future__ import annotations

import tempfile
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

_FIRST_BEYOND_LATIN = "\u0370"  # letters of Latin alphabets, and the marks that stand over them


@lru_cache(maxsize=10_000)  # names repeat
def collated(name: str) -> tuple[int, ...]:
    """Return what a name is sorted by.

    Examples
    --------
    >>> sorted(["Zorn", "Özdemir", "de la Cruz", "Owens"], key=collated)
    ['de la Cruz', 'Owens', 'Özdemir', 'Zorn']
    """
    latin = max(unicodedata.normalize("NFD", name), default="") < _FIRST_BEYOND_LATIN
    return tuple(_collator(latin=latin).sort_key(name))


@cache
def _collator(*, latin: bool) -> Any:
    """Load the table of weights once, and only where names are sorted; most need 700 of its 34,000 lines."""
    import pyuca

    if not latin:
        return pyuca.Collator()
    table = Path(pyuca.__file__).with_name(f"allkeys-{pyuca.Collator.UCA_VERSION}.txt")
    with table.open(encoding="utf-8") as lines, tempfile.NamedTemporaryFile("w", encoding="utf-8") as few:
        few.writelines(line for line in lines if line[:4] < f"{ord(_FIRST_BEYOND_LATIN):04X}")
        few.flush()
        return pyuca.Collator(few.name)
