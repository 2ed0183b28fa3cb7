"""The items of the bank: what is drawn, what is asked, what is right, which mistakes are known."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from grader_tests.bank.expression import Expression
from grader_tests.bank.functions import FUNCTIONS
from grader_tests.course_data import authoring

FOLDER = authoring() / "bank"
NUMBER, NUMBERS, LETTER = "number", "numbers", "letter"
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
OWN_PLACEHOLDERS = {"key"}  # of a worked solution


class ItemError(ValueError):
    """An item breaks a rule.

    Parameters
    ----------
    file, item, rule, found, next_step : str
        As in the problems of a build.
    """

    def __init__(self, file: str, item: str, rule: str, found: str, next_step: str) -> None:
        self.parts = (file, item, rule, found, next_step)
        super().__init__(f"{file}, {item}\n  rule:  {rule}\n  found: {found}\n  next:  {next_step}")


@dataclass(frozen=True)
class Mistake:
    """A known mistake: the wrong answer it leads to, and a hint.

    Attributes
    ----------
    hint : str
        A question or remark that leads to the mistake; may hold placeholders.
    value : Expression or None
        The wrong answer as numbers.
    text : str
        The wrong option of a letter item; may hold placeholders.
    """

    hint: str
    value: Expression | None = None
    text: str = ""


@dataclass(frozen=True)
class Item:
    """A question with numbers of its own for everybody.

    Attributes
    ----------
    id, topic, title, level : str
        Names; the topic is the name of the file.
    file : str
        The file, relative to the course.
    difficulty : int
        1 (recall) to 5.
    form : str
        `NUMBER`, `NUMBERS` (two of them) or `LETTER`.
    prompt, solution : str
        Texts with ``{name}`` for drawn numbers and for those of `let`; the solution knows ``{key}`` too.
    draw : mapping of str to sequence of int
        Name -> all values it may get.
    require : sequence of Expression
        What must hold of the numbers.
    let : mapping of str to Expression
        Further numbers, each from those before it.
    key : Expression or None
        The right number or numbers.
    answer : str
        The right option of a letter item.
    mistakes : sequence of Mistake
        In order: where two agree on some numbers the first one is named.
    asks : sequence of str
        What each of two numbers is.
    digits : int
        Decimals that are asked for.
    """

    id: str
    topic: str
    title: str
    level: str
    file: str
    difficulty: int
    form: str
    prompt: str
    solution: str
    draw: Mapping[str, Sequence[int]] = field(default_factory=dict)
    require: Sequence[Expression] = ()
    let: Mapping[str, Expression] = field(default_factory=dict)
    key: Expression | None = None
    answer: str = ""
    mistakes: Sequence[Mistake] = ()
    asks: Sequence[str] = ()
    digits: int = 0

    def error(self, rule: str, found: str, next_step: str) -> ItemError:
        """Return the breach of a rule by this item."""
        return ItemError(self.file, f"item {self.id}", rule, found, next_step)


def read_items(folder: Path = FOLDER) -> dict[str, Item]:
    """Return all items of a bank by id, file after file.

    Raises
    ------
    ItemError
        When an item breaks a rule; the message names file, item, rule, what was found and what to do.
    """
    items: dict[str, Item] = {}
    for path in sorted(folder.glob("*.toml")):
        for item in _read_file(path):
            if item.id in items:
                raise item.error("an id is used once in the bank", f"also in {items[item.id].file}", "rename one")
            items[item.id] = item
    return items


@cache
def bank() -> Mapping[str, Item]:
    """Return the items of this course's bank."""
    return read_items()


def _read_file(path: Path) -> Iterator[Item]:
    """Yield the items of one file; its form is the business of the build, which holds it against a schema."""
    file = f"authoring/bank/{path.name}"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))["items"]
    except (ValueError, KeyError, OSError) as error:
        next_step = "correct the place that the message names"
        raise ItemError(file, "the file", "the file is TOML with [[items]]", str(error), next_step) from error
    for table in tables:
        yield _item(table, path.stem, file)


def _item(table: Mapping[str, Any], topic: str, file: str) -> Item:
    """Return an item whose expressions and texts fit together."""
    where = f"item {table.get('id', '?')}"

    def expression(text: str) -> Expression:
        try:
            return Expression(text, FUNCTIONS)
        except ValueError as error:
            next_step = "see docs/bank.md for what may stand in an expression"
            raise ItemError(file, where, "expressions are arithmetic", str(error), next_step) from error

    item = Item(
        id=table["id"],
        topic=topic,
        title=table["title"],
        level=table["level"],
        file=file,
        difficulty=table["difficulty"],
        form=table["form"],
        prompt=table["prompt"].strip(),
        solution=table["solution"].strip(),
        draw={name: _values(spread) for name, spread in table.get("draw", {}).items()},
        require=[expression(text) for text in table.get("require", [])],
        let={name: expression(text) for name, text in table.get("let", {}).items()},
        key=expression(table["key"]) if "key" in table else None,
        answer=table.get("answer", ""),
        mistakes=[
            Mistake(one["hint"], expression(one["value"]) if "value" in one else None, one.get("text", ""))
            for one in table["mistakes"]
        ],
        asks=tuple(table.get("asks", ())),
        digits=table.get("digits", 0),
    )
    _check(item)
    return item


def _values(spread: Mapping[str, Any] | list[int]) -> tuple[int, ...]:
    """Return what ``[20, 90]`` (a range, both ends included) or ``{ among = [3, 5, 7] }`` stands for."""
    return tuple(range(spread[0], spread[1] + 1)) if isinstance(spread, list) else tuple(spread["among"])


def _check(item: Item) -> None:
    """Hold the parts of an item against each other."""
    if (item.form == LETTER) != (item.key is None) or (item.form == LETTER) != bool(item.answer):
        raise item.error("a letter item has an answer, any other a key", item.form, "give it one of the two")
    for mistake in item.mistakes:
        if (item.form == LETTER) != bool(mistake.text) or (mistake.value is None) != (item.form == LETTER):
            rule = "mistakes of a letter item are texts, of any other values"
            raise item.error(rule, f"the mistake with the hint {mistake.hint[:40]!r}", "correct it")
    if (item.form == NUMBERS) != (len(item.asks) == 2):
        raise item.error("an item that asks for two numbers says what each is", f"asks: {len(item.asks)}", "add asks")
    empty = [name for name, values in item.draw.items() if not values]
    if empty:
        raise item.error("every number has values to be drawn from", ", ".join(empty), "begin a range with its least")
    known = set(item.draw)
    for name, value in item.let.items():
        _known(item, f"let {name}", value.names, known)
        known.add(name)
    for part, names in _uses(item):
        _known(item, part, names, known | (OWN_PLACEHOLDERS if part == "the solution" else set()))


def _uses(item: Item) -> Iterator[tuple[str, Sequence[str] | frozenset[str]]]:
    """Yield each part of an item with the names that it uses."""
    yield "the prompt", PLACEHOLDER.findall(item.prompt)
    yield "the solution", PLACEHOLDER.findall(item.solution)
    yield "the answer", PLACEHOLDER.findall(item.answer)
    for number, rule in enumerate(item.require, 1):
        yield f"requirement {number}", rule.names
    if item.key is not None:
        yield "the key", item.key.names
    for number, mistake in enumerate(item.mistakes, 1):
        yield f"mistake {number}", mistake.value.names if mistake.value else PLACEHOLDER.findall(mistake.text)
        yield f"hint {number}", PLACEHOLDER.findall(mistake.hint)


def _known(item: Item, part: str, names: Sequence[str] | frozenset[str], known: set[str]) -> None:
    unknown = sorted(set(names) - known)
    if unknown:
        next_step = f"legal here: {', '.join(sorted(known)) or 'none'}"
        raise item.error("names are drawn or let before they are used", f"{part} uses {', '.join(unknown)}", next_step)


def shown(value: Any) -> str:
    """Return a value as people read it: tables row by row, fractions as decimals.

    Examples
    --------
    >>> shown(Fraction(27, 4)), shown(407680), shown((55, 57)), shown(((1, 2), (3, 4)))
    ('6.75', '407,680', '55 and 57', '1 2 / 3 4')
    """
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return " / ".join(" ".join(map(str, row)) for row in value)
    if isinstance(value, tuple):
        return " and ".join(map(shown, value))
    exact = Fraction(value)
    if exact.denominator == 1:
        return f"{int(exact):,}" if abs(exact) >= 10_000 else str(int(exact))
    return f"{float(exact):.6g}"
