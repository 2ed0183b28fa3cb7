"""The bank of questions: items with numbers of their own for everybody.

Texts, ranges, keys and known mistakes are data in ``authoring/bank/*.toml``; a key is an expression over functions of
the reference (`expression`, `functions`). `item` reads them, `variant` draws and refuses, `pools` makes what the
students' kit holds. What the course's workbench asks of a bank is below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from grader_tests.bank.item import LETTER, ItemError, bank, read_items
from grader_tests.bank.pools import kit_data
from grader_tests.bank.variant import Count, Variant, drawn, space, variant
from student_kit.drawn_items import draw

__all__ = ["Survey", "answer_source", "item_ids", "kit_data", "problems", "survey", "variant_of"]

TRIED = 60  # draws of each item that a build tries


@dataclass(frozen=True)
class Survey:
    """How drawing an item goes.

    Attributes
    ----------
    item, title, topic, level, form : str
        What it is.
    difficulty : int
        1 to 5.
    variants : tuple of Variant
        What was drawn.
    distinct_keys, space : int
        Different right answers among them, and different draws there can be, refused ones included.
    refused : mapping of str to int
        Why draws were drawn again, and how often.
    share_refused : float
        Share of all draws that were drawn again.
    """

    item: str
    title: str
    topic: str
    level: str
    form: str
    difficulty: int
    variants: tuple[Variant, ...]
    distinct_keys: int
    space: int
    refused: Mapping[str, int]
    share_refused: float


def item_ids() -> list[str]:
    """Return the ids of all items."""
    return list(bank())


def survey(item: str, course_id: str, draws: int) -> Survey:
    """Draw an item a number of times and return what came.

    Raises
    ------
    ValueError
        When there is no such item.
    ItemError
        When it cannot be drawn within its constraints.
    """
    if item not in bank():
        raise ValueError(f"no item {item!r} in the bank; legal: {', '.join(bank())}")
    found, count = bank()[item], Count(0, Counter())
    variants = tuple(drawn(found, course_id, "preview", place, count=count) for place in range(draws))
    return Survey(
        item=item,
        title=found.title,
        topic=found.topic,
        level=found.level,
        form=found.form,
        difficulty=found.difficulty,
        variants=variants,
        distinct_keys=len({one.key for one in variants}),
        space=space(found),
        refused=dict(count.refused.most_common()),
        share_refused=count.share_refused,
    )


def problems() -> list[tuple[str, str, str, str, str]]:
    """Return broken rules of the bank, one an item: file, item, rule, what was found, next step."""
    try:
        items = read_items()
    except ItemError as error:
        return [error.parts]
    found = []
    for item in items.values():
        try:
            for place in range(TRIED if item.draw else 1):
                drawn(item, "build", place)
        except ItemError as error:
            found.append(error.parts)
    return found


def variant_of(course_id: str, assignment: str, question: str, student: str) -> tuple[int, Variant]:
    """Return which variant of a graded question a student has, and the variant with its key.

    Raises
    ------
    ValueError
        When there is no such question, or its item is not in the bank.
    """
    own = draw(course_id, assignment, question, student)
    if own.item not in bank():
        raise ValueError(f"{assignment}, {question}: no item {own.item!r} in the bank")
    return own.index, variant(bank()[own.item], own.numbers)


def answer_source(course_id: str, assignment: str, question: str, student: str) -> str:
    """Return the right answer to a graded question as Python writes it.

    Raises
    ------
    ValueError
        As `variant_of`.
    """
    _, own = variant_of(course_id, assignment, question, student)
    if own.item.form == LETTER:
        return repr(own.key[0])
    rounded = [round(Fraction(value), own.item.digits) if own.item.digits else Fraction(value) for value in own.exact]
    texts = [repr(float(value)) if own.item.digits else str(value) for value in rounded]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"
