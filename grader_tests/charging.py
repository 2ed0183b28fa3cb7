"""Points of answers that are values: shares of entries, and the price of mistakes that explain wrong ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from grader_tests.answers import WrongAnswer
from grader_tests.question import Diagnosis, Question
from grader_tests.result import AspectResult


@dataclass(frozen=True)
class Part:
    """One entry of a value with its points."""

    name: str
    points: Fraction


def weighted_parts(names: Sequence[str], points: Fraction, weights: Mapping[str, int]) -> tuple[Part, ...]:
    """Return parts that share the points by their weights, 1 where none is given."""
    total = sum(weights.get(name, 1) for name in names)
    return tuple(Part(name, points * Fraction(weights.get(name, 1), total)) for name in names)


def charged(
    question: Question, verdicts: Sequence[AspectResult], causes: Iterable[tuple[WrongAnswer, Collection[str]]]
) -> tuple[AspectResult, ...]:
    """Return verdicts in which the wrong entries that a known mistake explains lose no more than its price in all.

    Parameters
    ----------
    question : Question
        Knows the prices.
    verdicts : sequence of AspectResult
        One for each entry.
    causes : iterable of (WrongAnswer, collection of str)
        Known mistakes with the names of the entries that they explain; of two that share an entry the wider one counts.
    """
    result, taken = list(verdicts), set[str]()
    for wrong, names in sorted(causes, key=lambda cause: -len(cause[1])):
        places = [place for place, verdict in enumerate(result) if verdict.name in names and not verdict.held]
        if not places or not taken.isdisjoint(names):
            continue
        taken.update(names)
        lost = sum((result[place].points for place in places), Fraction(0))
        price = question.price(wrong.id) * question.points
        for place in places if price < lost else ():
            result[place] = replace(result[place], earned=result[place].points * (1 - price / lost))
    return tuple(result)


def named(verdicts: tuple[AspectResult, ...], same: Sequence[WrongAnswer]) -> Diagnosis:
    """Return verdicts with the misconceptions that lead to them."""
    if not same:
        return Diagnosis(verdicts)
    hints = [wrong.advice for wrong in same]
    return Diagnosis(verdicts, tuple(wrong.id for wrong in same), " ".join(dict.fromkeys(hints)))


def entries(verdicts: tuple[AspectResult, ...], same: Sequence[WrongAnswer]) -> Diagnosis:
    """Return verdicts on the entries of a dict; a dict whose every entry is blank is not answered."""
    answered = any(verdict.stage not in ("not answered", "missing") for verdict in verdicts)
    diagnosis = named(verdicts, same)
    return Diagnosis(diagnosis.aspects, diagnosis.misconceptions, diagnosis.hint, answered)
