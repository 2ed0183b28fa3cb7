"""The bank of questions: its files held against a schema, its meaning asked of the package of checks."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Protocol, cast

from cnn_course.course import COURSE_FILE, Course
from cnn_course.errors import BuildError, Problem
from cnn_course.toml import read_toml

FOLDER = "bank"  # below authoring/

_TEXT = {"type": "string", "pattern": r"\S"}
_NAME = {"type": "string", "pattern": r"^[a-z][a-z0-9-]*$", "maxLength": 40}
_NUMBER_NAME = {"pattern": "^[a-z][a-z0-9]*$", "description": "a number's name is small letters and digits"}
_EXPRESSION = {"type": "string", "pattern": r"\S", "maxLength": 400, "description": "an expression is a short text"}
_RANGE = {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}
_AMONG = {
    "type": "object",
    "additionalProperties": False,
    "required": ["among"],
    "properties": {"among": {"type": "array", "items": {"type": "integer"}, "minItems": 1}},
}
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["items"],
    "properties": {
        "items": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id", "title", "difficulty", "level", "form", "prompt", "mistakes", "solution"],
                "properties": {
                    "id": _NAME,
                    "title": _TEXT,
                    "difficulty": {"enum": [1, 2, 3, 4, 5]},
                    "level": {"enum": ["remember", "understand", "apply", "analyze", "evaluate", "create"]},
                    "form": {"enum": ["number", "numbers", "letter"]},
                    "asks": {"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 2},
                    "digits": {"type": "integer", "minimum": 0, "maximum": 6},
                    "prompt": _TEXT,
                    "draw": {
                        "type": "object",
                        "propertyNames": _NUMBER_NAME,
                        "additionalProperties": {"anyOf": [_RANGE, _AMONG], "description": "[least, most], or among"},
                    },
                    "require": {"type": "array", "items": _EXPRESSION},
                    "let": {"type": "object", "propertyNames": _NUMBER_NAME, "additionalProperties": _EXPRESSION},
                    "key": _EXPRESSION,
                    "answer": _TEXT,
                    "mistakes": {
                        "type": "array",
                        "minItems": 3,
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["hint"],
                            "properties": {"value": _EXPRESSION, "text": _TEXT, "hint": _TEXT},
                        },
                    },
                    "solution": _TEXT,
                },
            },
        }
    },
}


class Survey(Protocol):
    """Variants of an item, and how drawing them went."""

    item: str
    topic: str
    level: str
    form: str
    difficulty: int
    variants: Sequence[Any]
    distinct_keys: int
    space: int
    refused: Mapping[str, int]
    share_refused: float


class Bank(Protocol):
    """What the package of checks offers under the name ``bank``."""

    def kit_data(self, course_id: str, asked: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
        """Return what students get."""

    def problems(self) -> list[tuple[str, str, str, str, str]]:
        """Return broken rules: file, item, rule, what was found, next step."""

    def answer_source(self, course_id: str, assignment: str, question: str, student: str) -> str:
        """Return a right answer as Python writes it."""

    def survey(self, item: str, course_id: str, draws: int) -> Survey:
        """Return variants of an item, and how drawing them went."""

    def item_ids(self) -> list[str]:
        """Return the ids of all items."""


def has_bank(course: Course) -> bool:
    """Say whether a course has a bank at all."""
    return (course.authoring / FOLDER).is_dir()


def load_bank(course: Course) -> Bank:
    """Return the module ``bank`` of the course's checks.

    Raises
    ------
    BuildError
        When there is no such module, or importing it fails.
    """
    with _importable(course):
        try:
            return cast(Bank, import_module(f"{course.checks}.bank"))
        except Exception as error:  # whatever the import of someone's package raises is news for the author
            rule = f"a course with authoring/{FOLDER}/ has a module {course.checks}.bank"
            problem = Problem(COURSE_FILE, "checks", rule, f"{type(error).__name__}: {error}", "write or mend it")
            raise BuildError("bank", [problem]) from error


def check_bank(course: Course) -> list[Problem]:
    """Return every rule that the bank breaks: first of form, then of meaning."""
    problems: list[Problem] = []
    for path in sorted((course.authoring / FOLDER).glob("*.toml")):
        try:
            read_toml(path, _SCHEMA, f"authoring/{FOLDER}/{path.name}")
        except BuildError as error:
            problems.extend(error.problems)
    if problems:
        return problems
    return [Problem(*parts) for parts in load_bank(course).problems()]


@contextmanager
def _importable(course: Course) -> Iterator[None]:
    """Let packages that lie in the course folder be imported from anywhere."""
    sys.path.insert(0, str(course.root))
    try:
        yield
    finally:
        sys.path.remove(str(course.root))
