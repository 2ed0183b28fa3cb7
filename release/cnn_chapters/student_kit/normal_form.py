"""One way of writing an answer, so that equal answers are equal texts: whole numbers, decimals, letters."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from fractions import Fraction

LARGEST = 10**15
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?")


def normal_numbers(values: Sequence[int | float | Fraction], digits: int) -> tuple[str, ...]:
    """Return numbers as text: rounded to `digits` decimals, or exact where `digits` is 0.

    Examples
    --------
    >>> normal_numbers([7.716], 2), normal_numbers([7, 8.0], 0), normal_numbers([7.5], 0)
    (('772/100',), ('7', '8'), ('15/2',))
    """
    exact = [Fraction(value) for value in values]
    if not digits:
        return tuple(map(str, exact))
    return tuple(f"{round(value * 10**digits)}/{10**digits}" for value in exact)


def read_numbers(text: str, count: int) -> tuple[Fraction, ...] | None:
    """Return the numbers of a typed text, None where they are not `count` numbers.

    Examples
    --------
    >>> read_numbers("1,225", 1), read_numbers("(55, 57)", 2), read_numbers("7,72", 1), read_numbers("five", 1)
    ((Fraction(1225, 1),), (Fraction(55, 1), Fraction(57, 1)), (Fraction(193, 25),), None)
    """
    text = text.strip().strip("()[]").replace("−", "-")[:80]
    if count == 1:
        words = [text.replace(",", "") if _THOUSANDS.fullmatch(text) else text.replace(",", ".")]
    else:
        words = [word for word in re.split(r"[;,\s]+|\band\b", text) if word]
    if len(words) != count or not all(_NUMBER.fullmatch(word.strip()) for word in words):
        return None
    numbers = tuple(Fraction(word.strip()) for word in words)
    return numbers if all(abs(number) <= LARGEST for number in numbers) else None


def seal(answer: Sequence[str], salt: str) -> str:
    """Return a salted hash of an answer in its normal form, short: it guards practice, not points."""
    return hashlib.sha256("|".join([salt, *answer]).encode()).hexdigest()[:8]
