"""The drawn variants that travel with the notebooks: one compressed file of numbers, texts and sealed answers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from student_kit.drawing import number_below, student_name

FILE = Path(__file__).with_name("practice_items") / "items.json.gz"
VERSION = 1


@cache
def drawn_items(file: Path = FILE) -> Mapping[str, Any]:
    """Return what the file holds.

    Raises
    ------
    ValueError
        When the file is missing, damaged, or of another version; the message says what to do.
    """
    try:
        content = json.loads(gzip.decompress(file.read_bytes()))
    except (OSError, EOFError, ValueError) as error:
        raise ValueError(f"{file.name} beside student_kit cannot be read ({error}); download the folder anew") from None
    if not isinstance(content, dict) or content.get("version") != VERSION:
        raise ValueError(f"{file.name} is not of version {VERSION}; download the folder student_kit anew")
    return content


@dataclass(frozen=True)
class Drawn:
    """A graded question with somebody's own numbers.

    Attributes
    ----------
    question, item : str
        Id of the question in the notebook, and of what it asks.
    index : int
        Which of the variants it is.
    numbers : mapping of str to int
        What was drawn.
    shown : mapping of str to str
        The numbers as the prompt prints them.
    title, prompt : str
        The question; the prompt holds its numbers.
    asks : tuple of str
        What each of two numbers is; empty where one is asked for.
    digits : int
        Decimals that are asked for.
    """

    question: str
    item: str
    index: int
    numbers: Mapping[str, int]
    shown: Mapping[str, str]
    title: str
    prompt: str
    asks: tuple[str, ...]
    digits: int


def draw(course_id: str, assignment: str, question: str, student: str) -> Drawn:
    """Return the variant of a question that belongs to a student: the same here and in grading.

    Parameters
    ----------
    course_id, assignment : str
        Names of the course and of the assignment.
    question : str
        Id of the question, such as "v01".
    student : str
        The student's id; surrounding space does not count.

    Raises
    ------
    ValueError
        When the assignment has no such question, or the id is empty.
    """
    own = drawn_items()["own"].get(assignment, {})
    if question not in own:
        raise ValueError(f"{assignment} has no question {question!r}; legal: {', '.join(own) or 'none'}")
    name = student_name(student)
    if not name:
        raise ValueError("the student's id is empty; legal: any other text")
    entry = own[question]
    index = number_below(len(entry["draws"]), course_id, assignment, question, name)
    variant = entry["draws"][index]
    return Drawn(
        question=question,
        item=entry["item"],
        index=index,
        numbers=variant["numbers"],
        shown=variant["shown"],
        title=entry["title"],
        prompt=filled(entry["prompt"], variant["shown"]),
        asks=tuple(entry["asks"]),
        digits=entry["digits"],
    )


def filled(template: str, shown: Mapping[str, str]) -> str:
    """Return a text with ``{name}`` replaced by its number.

    Examples
    --------
    >>> filled("A side of {n} cells.", {"n": "21"})
    'A side of 21 cells.'
    """
    for name, text in shown.items():
        template = template.replace("{" + name + "}", text)
    return template
