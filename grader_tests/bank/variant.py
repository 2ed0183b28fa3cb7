"""One variant of an item: drawn numbers, the right answer, what each known mistake gives; and when it is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from math import prod

from grader_tests.bank.expression import Value
from grader_tests.bank.item import LETTER, PLACEHOLDER, Item, shown
from student_kit.drawing import number_below, shuffled
from student_kit.normal_form import normal_numbers

LETTERS = "abcdefgh"
TRIES = 400  # for one variant; an item that needs more is too narrow
TIE = Fraction(1, 10**6)  # how close to the middle between two roundings a key may not lie


@dataclass(frozen=True)
class Variant:
    """An item with numbers.

    Attributes
    ----------
    item : Item
        What is asked.
    numbers : mapping of str to int
        What was drawn.
    values : mapping of str to Value
        The same with everything that the item derives from it.
    key : tuple of str
        The right answer in its normal form; a letter for a letter item.
    wrong : tuple of tuple of str
        What each known mistake gives, in the order of the item's mistakes.
    exact : tuple of int, float or Fraction
        The right numbers; empty for a letter item.
    options : tuple of str
        The options of a letter item, a first.
    """

    item: Item
    numbers: Mapping[str, int]
    values: Mapping[str, Value]
    key: tuple[str, ...]
    wrong: tuple[tuple[str, ...], ...]
    exact: tuple[int | float | Fraction, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def prompt(self) -> str:
        """Return the question with its numbers, and its options below."""
        rows = [f"{letter}) {text}" for letter, text in zip(LETTERS, self.options, strict=False)]
        return "\n".join([filled(self.item.prompt, self.values), *rows])

    @property
    def solution(self) -> str:
        """Return the worked solution."""
        key = self.key[0] if self.options else shown_answer(self.exact, self.item.digits)
        return PLACEHOLDER.sub(
            lambda found: key if found[1] == "key" else shown(self.values[found[1]]), self.item.solution
        )


def filled(template: str, values: Mapping[str, Value]) -> str:
    """Return a text with its numbers in place."""
    return PLACEHOLDER.sub(lambda found: shown(values[found[1]]), template)


def shown_answer(exact: Sequence[int | float | Fraction], digits: int) -> str:
    """Return numbers as a worked solution prints them: with as many decimals as are asked for."""
    rounded = [round(Fraction(value), digits) if digits else Fraction(value) for value in exact]
    return " and ".join(
        f"{float(value):.{digits}f}".rstrip("0").rstrip(".") if digits else shown(value) for value in rounded
    )


def variant(item: Item, numbers: Mapping[str, int], order: Sequence[int] = ()) -> Variant:
    """Return the variant that belongs to drawn numbers; whether it may be asked is another question: `judged`.

    Parameters
    ----------
    item : Item
        What is asked.
    numbers : mapping of str to int
        A value for each name of ``item.draw``.
    order : sequence of int
        For a letter item, which option stands where: 0 is the right one, 1 the first mistake.

    Raises
    ------
    ValueError
        When the numbers do not fit the item, or an expression cannot be worked out.
    """
    if set(numbers) != set(item.draw):
        raise ValueError(f"item {item.id} needs the numbers {', '.join(item.draw)}, got {', '.join(numbers)}")
    values: dict[str, Value] = dict(numbers)
    for name, expression in item.let.items():
        values[name] = expression(values)
    if item.form == LETTER or item.key is None:
        texts = [item.answer, *(mistake.text for mistake in item.mistakes)]
        order = list(order) or list(range(len(texts)))
        letters = {option: LETTERS[place] for place, option in enumerate(order)}
        picked = tuple((letters[number],) for number in range(1, len(texts)))
        options = tuple(filled(texts[option], values) for option in order)
        return Variant(item, numbers, values, (letters[0],), picked, options=options)
    exact = _numbers(item.key(values))
    wrong = tuple(
        normal_numbers(_numbers(mistake.value(values)), item.digits) for mistake in item.mistakes if mistake.value
    )
    return Variant(item, numbers, values, normal_numbers(exact, item.digits), wrong, exact=exact)


def judged(item: Item, numbers: Mapping[str, int]) -> Variant | str:
    """Return a variant that may be asked, or the reason why it may not.

    A requirement that does not hold, a known mistake that gives the right answer on these numbers, two options that
    read the same, and a key that lies in the middle between two roundings are refused.
    """
    values: dict[str, Value] = dict(numbers)
    early = [rule.names <= set(numbers) for rule in item.require]
    if not all(rule(values) for rule, is_early in zip(item.require, early, strict=True) if is_early):
        return "a requirement does not hold"
    for name, expression in item.let.items():
        values[name] = expression(values)
    if not all(rule(values) for rule in item.require):
        return "a requirement does not hold"
    made = variant(item, numbers)
    if made.options:
        twice = [text for text, count in Counter(made.options).items() if count > 1]
        return f"two options read {twice[0]!r}" if twice else made
    for number, wrong in enumerate(made.wrong, 1):
        if wrong == made.key:
            return f"mistake {number} gives the right answer"
    if item.digits and any(_is_tie(value, item.digits) for value in made.exact):
        return "the key lies between two roundings"
    if len(made.key) != (len(item.asks) or 1):
        raise ValueError(f"item {item.id} asks for {len(item.asks) or 1} numbers, its key has {len(made.key)}")
    return made


@dataclass
class Count:
    """How drawing went: variants that were accepted, and reasons for the others."""

    accepted: int
    refused: Counter[str]

    @property
    def share_refused(self) -> float:
        """Return the share of draws that were drawn again."""
        refused = self.refused.total()
        return refused / (refused + self.accepted) if refused else 0.0


def drawn(item: Item, *names: str | int, count: Count | None = None) -> Variant:
    """Return the variant that the names lead to: the first draw that is not refused.

    Parameters
    ----------
    item : Item
        What is asked.
    *names : str or int
        Course, assignment, whom: everything that may change the numbers, beside the item.
    count : Count, optional
        Keeps a record.

    Raises
    ------
    ItemError
        When no draw of `TRIES` is accepted; the commonest reason is named.
    """
    own = Count(0, Counter())
    for attempt in range(TRIES):
        numbers = {
            name: spread[number_below(len(spread), item.id, *names, attempt, name)]
            for name, spread in item.draw.items()
        }
        try:
            found = judged(item, numbers)
        except ValueError as error:
            rule, next_step = "every draw can be worked out", "require what the expression needs, or correct it"
            raise item.error(rule, str(error), next_step) from error
        if isinstance(found, Variant):
            if count is not None:
                count.accepted += 1
                count.refused.update(own.refused)
            return found
        own.refused[found] += 1
    rule = "an item can be drawn within its constraints"
    reason, often = own.refused.most_common(1)[0]
    raise item.error(rule, f"{reason} in {often} of {TRIES} draws", "widen the ranges, or change what is required")


def space(item: Item) -> int:
    """Return how many different draws there are, refused ones included."""
    return prod(len(spread) for spread in item.draw.values())


def orders(item: Item, *names: str | int) -> Iterator[tuple[int, ...]]:
    """Yield all orders of the options of a letter item, in an order that depends on the names alone."""
    yield from shuffled(list(permutations(range(1 + len(item.mistakes)))), item.id, *names, "orders")


def _numbers(value: Value) -> tuple[int | float | Fraction, ...]:
    """Return one or two numbers as a tuple."""
    parts = value if isinstance(value, tuple) else (value,)
    if any(isinstance(part, tuple | bool) for part in parts):
        raise ValueError(f"a key is one number or two, got {value!r}")
    return tuple(part for part in parts if not isinstance(part, tuple))


def _is_tie(value: int | float | Fraction, digits: int) -> bool:
    """Return whether a number lies in the middle between two roundings."""
    scaled = abs(Fraction(value)) * 10**digits
    return bool(abs(scaled - int(scaled) - Fraction(1, 2)) < TIE)
