"""A quiz as a notebook: for each item a prompt, an answer cell and a test cell."""

from __future__ import annotations

import re
from fractions import Fraction

from cnn_course.authoring.cell_rules import say
from cnn_course.authoring.cells import TEST_SUFFIX, Cell, Kind, Page
from cnn_course.authoring.quiz import LETTER, LETTERS, Item, Quiz

_GRID = re.compile(r"rows ([-−\d. /]+)")  # rows are divided by /
_HOW = {
    LETTER: 'one letter in quotes, such as "a"',
    LETTERS: 'all letters that hold, in quotes, such as "ab"',
}


def quiz_page(quiz: Quiz, name: str, file: str, checks: str, kit: str) -> Page:
    """Return a quiz as a page.

    Parameters
    ----------
    quiz : Quiz
        The items.
    name, file : str
        The notebook's name, and the file of the quiz.
    checks : str
        The package that holds the hidden checks.
    kit : str
        The package that travels with the notebook and has ``check`` and ``progress``.
    """
    cells = [
        Cell(f"{name}-intro", Kind.TEXT, f"# {quiz.title}\n\n{quiz.intro.strip()}"),
        Cell(f"{name}-setup", Kind.SETUP, kit_import(kit, "check, progress")),
    ]
    for number, item in enumerate(quiz.items, 1):
        cells += [
            Cell(f"{item.id}-prompt", Kind.TEXT, _prompt(item, number)),
            Cell(item.id, Kind.ANSWER, _answer(item)),
            Cell(f"{item.id}{TEST_SUFFIX}", Kind.TEST, _test(item, checks), item.points),
        ]
    cells += [
        Cell(f"{name}-end", Kind.TEXT, "## Where you stand\n\nRun the next cell to see which items are answered."),
        Cell(f"{name}-progress", Kind.STUDENT, f'from {kit} import progress\nprogress("{name}")'),
    ]
    return Page(name, file, tuple(cells))


def kit_import(kit: str, names: str) -> str:
    """Return lines that import from the kit, and say what to do where only the notebook is there."""
    advice = f"Put the folder {kit} beside this notebook; it came with the assignment. START-HERE.md says how."
    return f'try:\n    from {kit} import {names}\nexcept ImportError:\n    raise ImportError("{advice}") from None'


def _prompt(item: Item, number: int) -> str:
    """Return heading, question and the options as a plain list."""
    worth = f"{say(item.points)} point{'' if item.points == 1 else 's'}"
    parts = [f"## {number}. {item.title} ({worth})", item.prompt]
    if item.options:
        parts.append("\n".join(f"- **{letter})** {_option(item.options[letter])}" for letter in sorted(item.options)))
    return "\n\n".join(parts)


def _answer(item: Item) -> str:
    """Return the answer cell: a variable that waits for an answer."""
    how = _HOW.get(item.type) or _number_wanted(item)
    key = f'"{item.key}"' if isinstance(item.key, str) else _number(Fraction(item.key))
    return f"{item.id} = ...  # {how}\n### BEGIN SOLUTION\n{item.id} = {key}\n### END SOLUTION"


def _test(item: Item, checks: str) -> str:
    """Return the test cell: format in the open, key in the hidden part."""
    return "\n".join(
        [
            f'check("{item.id}", lambda: {item.id})',
            "### BEGIN HIDDEN TESTS",
            f'import {checks}; {checks}.grade("{item.id}", lambda: {item.id})',
            "### END HIDDEN TESTS",
        ]
    )


def _number(value: Fraction) -> str:
    """Return a number as Python writes it."""
    return str(value.numerator) if value.denominator == 1 else repr(float(value))


def _number_wanted(item: Item) -> str:
    """Say what number is wanted: its unit, and how exact it must be."""
    unit = f" of {item.unit}" if item.unit else ""
    return f"a number{unit}{f', right within {_number(item.tolerance)}' if item.tolerance else ''}"


def _option(text: str) -> str:
    """Return an option as Markdown: a grid of numbers as a matrix, other text with its lines inside the list item."""
    grid = _GRID.fullmatch(text.strip())
    if grid is None:
        return text.strip().replace("\n", "\n  ")
    rows = r" \\ ".join(" & ".join(row.replace("−", "-").split()) for row in grid[1].split("/"))
    return rf"$\begin{{bmatrix}} {rows} \end{{bmatrix}}$"
