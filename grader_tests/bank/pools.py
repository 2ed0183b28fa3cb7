"""The variants that travel with the students' kit: a pool for each graded question, and practice without end.

A student's kit holds no formula, so it cannot know which draws are refused. It gets the draws that were accepted
instead, and SHA-256 of course, assignment, question and student picks one of them, there and in grading alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from grader_tests.bank.item import LETTER, PLACEHOLDER, Item, bank, shown
from grader_tests.bank.variant import Variant, drawn, orders, shown_answer, variant
from student_kit.normal_form import seal

OWN = 200  # variants of a graded question at least; no two have an equal right answer
DRAWS = 1000  # for a graded question: whatever they give becomes its pool
PRACTICE = 50  # variants of an item for practice, at least and at most
PATIENCE = 60  # draws for each variant for practice

Numbers = tuple[int, ...]


def kit_data(
    course_id: str, asked: Mapping[str, Mapping[str, str]], items: Mapping[str, Item] | None = None
) -> dict[str, Any]:
    """Return everything about the bank that students get, as JSON-able data.

    Parameters
    ----------
    course_id : str
        Part of every draw.
    asked : mapping of str to mapping of str to str
        Assignment -> question id -> item id.
    items : mapping of str to Item, optional
        The bank; this course's by default.

    Raises
    ------
    ItemError
        When an item has too few variants, or a graded question asks for a letter.
    ValueError
        When a question asks an item that is not in the bank.
    """
    items = bank() if items is None else items
    own: dict[str, dict[str, Any]] = {}
    taken: dict[str, set[Numbers]] = {}
    for assignment, questions in asked.items():
        for question, name in questions.items():
            if name not in items:
                raise ValueError(f"{assignment}, {question}: no item {name!r} in the bank")
            pool = own_pool(items[name], course_id, assignment, question)
            taken.setdefault(name, set()).update(tuple(one.numbers.values()) for one in pool)
            own.setdefault(assignment, {})[question] = _own(items[name], pool)
    practice = {item.id: _practice(item, course_id, taken.get(item.id, set())) for item in items.values()}
    return {"version": 1, "course": course_id, "own": own, "practice": practice}


def own_pool(item: Item, course_id: str, assignment: str, question: str) -> list[Variant]:
    """Return variants for a graded question, no two of which have an equal right number in the same place.

    Raises
    ------
    ItemError
        When the item asks for a letter, or has too few right answers.
    """
    if item.form == LETTER:
        next_step = "ask an item that asks for a number"
        raise item.error("a graded question asks for numbers: a letter can be copied or guessed", item.form, next_step)
    pool: list[Variant] = []
    seen: set[tuple[int, str]] = set()
    for attempt in range(DRAWS):
        made = drawn(item, course_id, assignment, question, attempt)
        places = set(enumerate(made.key))
        if not places & seen:
            seen |= places
            pool.append(made)
    if len(pool) < OWN:
        rule = f"a graded item has {OWN} variants with different right answers"
        raise item.error(rule, f"{len(pool)} in {DRAWS} draws", "widen the ranges, or ask another item")
    return pool


def _own(item: Item, pool: list[Variant]) -> dict[str, Any]:
    """Return what the kit needs to put a graded question: its text, and numbers for each variant."""
    names = list(dict.fromkeys(PLACEHOLDER.findall(item.prompt)))
    return {
        "item": item.id,
        "title": item.title,
        "prompt": item.prompt,
        "asks": list(item.asks),
        "digits": item.digits,
        "draws": [
            {"numbers": dict(one.numbers), "shown": {name: shown(one.values[name]) for name in names}} for one in pool
        ],
    }


def _practice(item: Item, course_id: str, taken: set[Numbers]) -> dict[str, Any]:
    """Return an item for practice: its texts, and for each variant numbers and sealed answers."""
    made = list(islice(_practice_variants(item, course_id, taken), PRACTICE))
    if len(made) < PRACTICE and item.form != LETTER:
        next_step = "widen the ranges"
        raise item.error(f"an item has {PRACTICE} variants for practice", str(len(made)), next_step)
    options = sorted([item.answer, *(mistake.text for mistake in item.mistakes)]) if item.form == LETTER else []
    texts = (item.prompt, item.solution, *options, *(mistake.hint for mistake in item.mistakes))
    names = sorted({name for text in texts for name in PLACEHOLDER.findall(text)} - {"key"})
    return {
        "topic": item.topic,
        "title": item.title,
        "difficulty": item.difficulty,
        "form": item.form,
        "asks": list(item.asks),
        "digits": item.digits,
        "prompt": item.prompt,
        "options": options,
        "hints": [mistake.hint for mistake in item.mistakes],
        "solution": item.solution,
        "names": names,
        "draws": [_sealed(one, names, order, options, place) for place, (one, order) in enumerate(made)],
    }


def _practice_variants(item: Item, course_id: str, taken: set[Numbers]) -> Iterator[tuple[Variant, tuple[int, ...]]]:
    """Yield variants that no graded question uses, each once; a letter item comes in another order each time."""
    seen: set[tuple[Numbers, tuple[int, ...]]] = set()
    arranged = list(orders(item, course_id)) if item.form == LETTER else [()]
    for attempt in range(PRACTICE * PATIENCE if item.draw else len(arranged)):
        made = drawn(item, course_id, "practice", attempt)
        order = arranged[attempt % len(arranged)]
        values = tuple(made.numbers.values())
        if values in taken or (values, order) in seen:
            continue
        seen.add((values, order))
        yield variant(item, made.numbers, order) if order else made, order


def _sealed(one: Variant, names: list[str], order: tuple[int, ...], options: list[str], place: int) -> dict[str, Any]:
    """Return one variant with its right and wrong answers as hashes."""
    salt = f"{one.item.id}|{place}"
    texts = [one.item.answer, *(mistake.text for mistake in one.item.mistakes)]
    return {
        "shown": [shown(one.values[name]) for name in names],
        "order": [options.index(texts[option]) for option in order],
        "key": seal(one.key, salt),
        "wrong": [seal(wrong, salt) for wrong in one.wrong],
        "answer": one.key[0] if options else shown_answer(one.exact, one.item.digits),
    }
