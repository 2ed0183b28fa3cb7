"""Answers that are known beforehand: wrong ones with their hint, right ones of every make.

Each is written as a student would write it, in plain NumPy, so that its source can be put into a student's notebook.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any


@dataclass(frozen=True)
class WrongAnswer:
    """A misconception as an answer.

    Attributes
    ----------
    id : str
        Id in the catalogue of misconceptions ("E41-flip"); ids of mistakes that are not catalogued begin with "X".
    question : str
        Id of the question it answers.
    says : str
        What the answer does, after "Your answer is what you get when ..."; "" where the hint alone says it.
    hint : str
        A question or remark that leads to the mistake without giving the answer away.
    answer : object
        A function, a value, or for questions with a dict the wrong entries only.
    needs : tuple of functions
        Helpers that `answer` calls.
    """

    id: str
    question: str
    says: str
    hint: str
    answer: Any
    needs: tuple[Callable[..., Any], ...] = ()

    @property
    def advice(self) -> str:
        """Return what the student is told: what the answer does, and the hint."""
        return f"Your answer is what you get when {self.says}. {self.hint}" if self.says else self.hint


@dataclass(frozen=True)
class RightAnswer:
    """A correct answer of a certain make ("einsum"); attributes as in `WrongAnswer`."""

    name: str
    question: str
    answer: Any
    needs: tuple[Callable[..., Any] | type, ...] = ()


@cache
def wrong_answers() -> dict[str, WrongAnswer]:
    """Return every known wrong answer by id; a second answer with the same id is an error."""
    found: dict[str, WrongAnswer] = {}
    where: dict[str, str] = {}
    for module in _modules("grader_tests.wrong_answers"):
        for wrong in module.WRONG_ANSWERS:
            if wrong.id in found:
                raise ValueError(f"the id {wrong.id} is used twice: in {where[wrong.id]} and in {module.__name__}")
            found[wrong.id], where[wrong.id] = wrong, module.__name__
    return found


@cache
def right_answers() -> dict[tuple[str, str], RightAnswer]:
    """Return every known right answer by (question, name)."""
    found: dict[tuple[str, str], RightAnswer] = {}
    for module in _modules("grader_tests.right_answers"):
        for right in module.RIGHT_ANSWERS:
            if (right.question, right.name) in found:
                raise ValueError(f"{module.__name__}: {right.question} has two right answers named {right.name}")
            found[right.question, right.name] = right
    return found


@cache
def wrong_answers_of(question: str) -> tuple[WrongAnswer, ...]:
    """Return the known wrong answers of one question, catalogued ones first."""
    of_question = (wrong for wrong in wrong_answers().values() if wrong.question == question)
    return tuple(sorted(of_question, key=lambda wrong: wrong.id.startswith("X")))


def _modules(package: str) -> list[ModuleType]:
    path = importlib.import_module(package).__path__
    return [importlib.import_module(f"{package}.{found.name}") for found in pkgutil.iter_modules(path)]
