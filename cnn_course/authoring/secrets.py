"""Secrets that a release must not hold: solutions, hidden tests, keys, explanations, rubrics."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cnn_course.authoring.cells import Cell, Kind, Page
from cnn_course.authoring.quiz import Quiz
from cnn_course.authoring.regions import HIDDEN, SOLUTION, read_rubric, split_regions

SHORTEST = 20  # characters; shorter lines of code are common property: "return total"


@dataclass(frozen=True)
class Secret:
    """Text that belongs to the teacher.

    Parameters
    ----------
    owner : str
        Where it comes from, for messages.
    lines : tuple of str
        Its lines, spaces reduced to one each; those too short to give anything away are left out.
    is_code : bool
        Whether it is code rather than prose.
    """

    owner: str
    lines: tuple[str, ...]
    is_code: bool


def secrets_of(pages: Iterable[Page], quizzes: Iterable[Quiz]) -> tuple[Secret, ...]:
    """Return everything in the texts and quizzes of an assignment that students must not read.

    Parameters
    ----------
    pages : iterable of Page
        The notebooks.
    quizzes : iterable of Quiz
        The quiz files that some of them were made from.
    """
    found = [secret for page in pages for cell in page.cells for secret in _of_cell(cell)]
    found += [secret for quiz in quizzes for secret in _of_quiz(quiz)]
    return tuple(secret for secret in found if secret.lines)


def squeeze(text: str) -> str:
    r"""Return text with every run of white space reduced to one blank.

    Examples
    --------
    >>> squeeze("a\n   b")
    'a b'
    """
    return re.sub(r"\s+", " ", text).strip()


def _of_cell(cell: Cell) -> Iterator[Secret]:
    """Yield the secrets of one cell."""
    for region in (SOLUTION, HIDDEN):
        lines = split_regions(cell.source, region).inside
        short = tuple(squeeze(line) for line in lines if len(squeeze(line)) < SHORTEST and _is_answer(line))
        yield Secret(f"the {region.lower()} of {cell.name}", _telling(lines) + short, is_code=True)
    rubric = read_rubric(cell.source) if cell.kind is Kind.WRITTEN else None
    if rubric is not None:
        answer = rubric.model_answer.split("\n")
        yield Secret(f"the model answer of {cell.name}", _telling(answer), is_code=False)
        items = (text for _, text in rubric.items)
        yield Secret(f"the rubric of {cell.name}", _telling(items), is_code=False)


def _of_quiz(quiz: Quiz) -> Iterator[Secret]:
    """Yield explanations and hints; the keys are solutions of cells."""
    for item in quiz.items:
        yield Secret(f"the explanation of {item.id}", _telling(item.why.split("\n")), is_code=False)
        hints = (line for hint in item.hints.values() for line in hint.split("\n"))
        yield Secret(f"the hints of {item.id}", _telling(hints), is_code=False)


def _telling(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the lines that would give something away: not the short ones, not imports."""
    squeezed = map(squeeze, lines)
    return tuple(line for line in squeezed if len(line) >= SHORTEST and not line.startswith(("import ", "from ")))


def _is_answer(line: str) -> bool:
    """Say whether a line answers a question by itself, however short it is: ``q08 = "c"``."""
    try:
        statements = ast.parse(line).body
    except SyntaxError:  # a part of a longer statement
        return False
    return any(isinstance(statement, ast.Assign) for statement in statements)
