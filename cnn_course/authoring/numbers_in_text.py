"""Numbers as people write them in a text, and how much each of them tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

_GROUP = r"(?:,|\{,\}|_|'|[\u00a0\u2009\u202f ])"  # between groups of three digits
_NUMBER = re.compile(
    rf"(?<![\w.,])(?P<whole>\d{{1,3}}(?:{_GROUP}\d{{3}})+|\d+)(?P<rest>\.\d+)?(?P<million>\s?(?:million|M)\b)?(?!\w|[.,]\d)"
)
_PLAIN = re.compile(r"(?<![\w.,])(?P<whole>\d+)(?P<rest>\.\d+)?(?P<million>(?!))?(?!\w|[.,]\d)")
_HEADING = re.compile(r"^(#+ )\d+\.", re.MULTILINE)  # "### 4. Title" counts, it says nothing


@dataclass(frozen=True)
class Written:
    """A number as it stands in a text.

    Parameters
    ----------
    whole, decimals : str
        The digits before and after the point.
    millions : bool
        Whether "million" or "M" follows.
    """

    whole: str
    decimals: str = ""
    millions: bool = False

    @property
    def value(self) -> Decimal:
        """Return what the number is worth."""
        value = Decimal(f"{self.whole}.{self.decimals or 0}") * (1_000_000 if self.millions else 1)
        return value.to_integral_value() if value == value.to_integral_value() else value

    @property
    def digits(self) -> int:
        """Return how many digits count: 3 for 0.0983 and for 43.2, 2 for 180, 1 for 6.00."""
        whole_number = not self.decimals.strip("0")
        digits = self.whole if whole_number else self.whole + self.decimals
        return len(digits.lstrip("0").rstrip("0") if whole_number else digits.lstrip("0"))

    def states(self, key: int | float | Fraction) -> bool:
        """Say whether the number is a key, or with three digits or more a rounded one.

        Examples
        --------
        >>> Written("9", "68").states(9.677), Written("12", "4", millions=True).states(12443648)
        (True, True)
        """
        exact = abs(Decimal(key.numerator) / key.denominator if isinstance(key, Fraction) else Decimal(key))
        if self.value == exact:
            return True
        rounded = self.decimals and (self.millions or exact != exact.to_integral_value())
        step = Decimal(1).scaleb(-len(self.decimals)) * (1_000_000 if self.millions else 1)
        return bool(rounded) and self.digits >= 3 and abs(self.value - exact) * 2 <= step


def numbers_in(text: str) -> Iterator[Written]:
    """Yield every number of a text; where a blank may separate groups or numbers, both readings.

    Examples
    --------
    >>> [str(written.value) for written in numbers_in("12,443,648 of 120.4 million")]
    ['12443648', '120400000', '120.4']
    """
    text = _HEADING.sub(r"\1", text)
    seen: set[Written] = set()
    for pattern in (_NUMBER, _PLAIN):
        for match in pattern.finditer(text):
            whole, rest = re.sub(r"\D", "", match["whole"]), match["rest"] or ""
            written = Written(whole, rest.lstrip("."), bool(match["million"]))
            if written not in seen:
                seen.add(written)
                yield written
