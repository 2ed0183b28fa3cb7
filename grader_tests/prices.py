"""The price list of known mistakes: `prices.toml`, which an instructor may edit."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("prices.toml")
MOST = Fraction(1, 2)  # what a mistake may cost without a reason


@dataclass(frozen=True)
class Price:
    """What a mistake costs where it is proved on all cases.

    Attributes
    ----------
    costs : Fraction
        Share of the question's points, above 0 and at most 1.
    why_more : str
        Why it costs more than half; "" where it does not.
    """

    costs: Fraction
    why_more: str = ""


@dataclass(frozen=True)
class PriceList:
    """All prices: of single mistakes, and of those that are not listed, by the kind of their question."""

    listed: Mapping[tuple[str, str], Price]
    defaults: Mapping[str, Price]

    def price(self, question: str, mistake: str, kind: str) -> Price:
        """Return the price of a mistake in a question of a kind: "function", "entries", "number" or "letters"."""
        return self.listed.get((question, mistake), self.defaults[kind])


_FRACTION = re.compile(r"\d{1,4}/[1-9]\d{0,3}")  # a share that no decimal number has
KINDS = ("function", "entries", "number", "letters", "form")


def read_prices(file: Path, mistakes: Mapping[str, str]) -> PriceList:
    """Read a price list.

    Parameters
    ----------
    file : Path
        A TOML file: the table `defaults` with a price for each kind of question, and a table for each question with its
        mistakes. A price is a number, or a table with `costs` and `why_more`.
    mistakes : mapping of str to str
        Id of each known mistake -> id of its question.

    Returns
    -------
    PriceList

    Raises
    ------
    ValueError
        If a price is out of range or more than half without a reason, or if an entry names nothing that exists; the
        message names file, entry and rule.
    """
    with file.open("rb") as opened:
        try:
            table = tomllib.load(opened)
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"{file}: not valid TOML: {error}") from error
    defaults = table.pop("defaults", {})
    if not isinstance(defaults, dict) or set(defaults) != set(KINDS):
        raise ValueError(f"{file}: the table [defaults] must price exactly {', '.join(KINDS)}")
    listed = {}
    for question, entries in table.items():
        if not isinstance(entries, dict):
            raise ValueError(f"{file}: {question} must be a table [{question}] of mistakes and prices, got {entries!r}")
        for mistake, given in entries.items():
            if mistakes.get(mistake) != question:
                raise ValueError(f"{file}: [{question}] has no known mistake {mistake!r}; remove or rename the entry")
            listed[question, mistake] = _price(given, f"{file}: [{question}] {mistake}")
    return PriceList(listed, {kind: _price(given, f"{file}: [defaults] {kind}") for kind, given in defaults.items()})


def _price(given: Any, where: str) -> Price:
    """Return one price; `where` names file and entry for the error."""
    costs, why_more = (given.get("costs"), given.get("why_more", "")) if isinstance(given, dict) else (given, "")
    if isinstance(given, dict) and set(given) - {"costs", "why_more"}:
        raise ValueError(f"{where}: legal keys are costs and why_more, got {', '.join(sorted(given))}")
    if isinstance(costs, str) and _FRACTION.fullmatch(costs):
        costs = Fraction(costs)
    if isinstance(costs, bool) or not isinstance(costs, int | float | Fraction) or not 0 < costs <= 1:
        raise ValueError(f"{where}: a price is a share of the question's points, above 0 and at most 1, got {costs!r}")
    if not isinstance(why_more, str):
        raise ValueError(f"{where}: why_more must be a sentence, got {why_more!r}")
    share = Fraction(str(costs))
    if share > MOST and not why_more.strip():
        raise ValueError(f"{where}: a price above {MOST} needs a reason in why_more, got {costs}")
    return Price(share, why_more.strip())


@cache
def prices() -> PriceList:
    """Return the price list of the course."""
    from grader_tests.answers import wrong_answers

    return read_prices(FILE, {name: wrong.question for name, wrong in wrong_answers().items()})
