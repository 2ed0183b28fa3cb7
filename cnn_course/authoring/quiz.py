"""A quiz file: items with prompt, options, key, explanation and a hint for each wrong option, each said once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from cnn_course.errors import BuildError, Problem
from cnn_course.toml import read_toml

LETTER, LETTERS, NUMBER = "letter", "letters", "number"

_TEXT = {"type": "string", "pattern": r"\S"}
_HINTS = {"type": "object", "additionalProperties": _TEXT}
_ITEM: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "title", "prompt", "key", "points", "why", "type"],
    "properties": {
        "id": {
            "type": "string",
            "pattern": r"^[a-z][a-z0-9_]*$",
            "maxLength": 40,
            "description": "an id is a short Python name",
        },
        "title": _TEXT,
        "prompt": _TEXT,
        "type": {"enum": [LETTER, LETTERS, NUMBER]},
        "options": {
            "type": "object",
            "minProperties": 2,
            "propertyNames": {"pattern": "^[a-z]$", "description": "an option is one small letter"},
            "additionalProperties": _TEXT,
        },
        "key": {"type": ["string", "number"]},
        "tolerance": {"type": "number", "minimum": 0},
        "unit": {"type": "string"},
        "points": {"type": "number", "exclusiveMinimum": 0, "description": "points are a positive number"},
        "why": _TEXT,
        "hints": _HINTS,
    },
}
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["title", "intro", "items"],
    "properties": {"title": _TEXT, "intro": _TEXT, "items": {"type": "array", "minItems": 1, "items": _ITEM}},
}


@dataclass(frozen=True)
class Item:
    """One question of a quiz.

    Parameters
    ----------
    id : str
        Question id, cell name and name of the variable that students set.
    title, prompt : str
        Heading and question, in Markdown.
    type : str
        `LETTER`, `LETTERS` or `NUMBER`.
    options : mapping of str to str
        Letter to text; empty for a number.
    key : str or Fraction or int
        The right letter, the right letters in alphabetical order, or the number.
    points : Fraction
        What the item is worth.
    why : str
        Why the key is right.
    hints : mapping of str to str
        Wrong letter (or number, as text) to a hint.
    unit : str
        The unit of a number, for the prompt.
    tolerance : Fraction
        How far a number may be off; 0 where it must be exact.
    """

    id: str
    title: str
    prompt: str
    type: str
    options: Mapping[str, str]
    key: str | Fraction | int
    points: Fraction
    why: str
    hints: Mapping[str, str]
    unit: str = ""
    tolerance: Fraction = Fraction(0)


@dataclass(frozen=True)
class Quiz:
    """A quiz: title, introduction and items in order."""

    title: str
    intro: str
    items: tuple[Item, ...]


def read_quiz(path: Path, file: str) -> Quiz:
    """Return a quiz from its TOML file.

    Parameters
    ----------
    path : Path
        The file.
    file : str
        What the file is called in messages.

    Raises
    ------
    BuildError
        When the file is no TOML, has unknown or missing keys, or when options, key and hints of an item do
        not go together; every problem is named.
    """
    content = read_toml(path, _SCHEMA, file)
    problems = [problem for table in content["items"] for problem in _check_item(table, file)]
    if problems:
        raise BuildError(file, problems)
    return Quiz(content["title"], content["intro"], tuple(map(_item, content["items"])))


def _item(table: Mapping[str, Any]) -> Item:
    """Return an item from a table that was found to be right."""
    return Item(
        id=table["id"],
        title=table["title"],
        prompt=table["prompt"].strip(),
        type=table["type"],
        options=table.get("options", {}),
        key=table["key"],
        points=Fraction(table["points"]),
        why=table["why"],
        hints=table.get("hints", {}),
        unit=table.get("unit", ""),
        tolerance=Fraction(table.get("tolerance", 0)),
    )


def _check_item(table: Mapping[str, Any], file: str) -> Iterator[Problem]:
    """Hold options, key and hints of one item against each other."""
    item, kind, key = f"item {table['id']}", table["type"], table["key"]
    options, hints = table.get("options", {}), table.get("hints", {})
    if kind == NUMBER:
        if isinstance(key, str):
            yield Problem(file, item, "the key of a number item is a number", repr(key), "write it without quotes")
        if options:
            yield Problem(file, item, "a number item has no options", ", ".join(options), "take them out")
        return
    letters = sorted(options)
    if letters != [chr(ord("a") + index) for index in range(len(letters))]:
        yield Problem(file, item, "options are a, b, c and so on", ", ".join(letters) or "none", "letter them anew")
    if not isinstance(key, str) or not key or not set(key) <= set(options):
        yield Problem(file, item, "the key is one of the options", repr(key), f"legal: {', '.join(letters)}")
        return
    if kind == LETTER and len(key) != 1:
        yield Problem(file, item, "a letter item has one letter as its key", repr(key), 'or write type = "letters"')
    if list(key) != sorted(set(key)):
        yield Problem(file, item, "letters of a key are in order, each once", repr(key), "".join(sorted(set(key))))
    wrong = set(options) - set(key) if kind == LETTER else set(options)
    needed = set(options) - set(key)
    if kind == LETTER and set(hints) != wrong:
        found = f"hints for {', '.join(sorted(hints)) or 'none'}; wrong options {', '.join(sorted(wrong))}"
        yield Problem(file, item, "each wrong option has a hint, the key has none", found, "add or remove hints")
    if kind == LETTERS and not needed <= set(hints) <= wrong:
        found = f"hints for {', '.join(sorted(hints)) or 'none'}; options {', '.join(letters)}"
        yield Problem(file, item, "each wrong option has a hint, hints belong to options", found, "add or remove hints")
