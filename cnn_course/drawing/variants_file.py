"""The file of an assignment whose questions have numbers of their own: which items it asks, and for how many points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cnn_course.course import Course
from cnn_course.errors import BuildError, Problem
from cnn_course.toml import read_toml

_TEXT = {"type": "string", "pattern": r"\S"}
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["title", "intro", "items"],
    "properties": {
        "title": _TEXT,
        "intro": _TEXT,
        "items": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id", "item", "points"],
                "properties": {
                    "id": {
                        "type": "string",
                        "pattern": r"^[a-z][a-z0-9_]*$",
                        "maxLength": 40,
                        "description": "an id is a short Python name",
                    },
                    "item": _TEXT,
                    "points": {"type": "number", "exclusiveMinimum": 0, "description": "points are a positive number"},
                },
            },
        },
    },
}


@dataclass(frozen=True)
class VariantQuestion:
    """One question: its id in the notebook, the item of the bank that it asks, its points."""

    id: str
    item: str
    points: Fraction


@dataclass(frozen=True)
class VariantsFile:
    """Title, introduction and questions in order."""

    title: str
    intro: str
    questions: tuple[VariantQuestion, ...]


def read_variants(course: Course, assignment: str) -> VariantsFile:
    """Return the questions of an assignment that has some.

    Raises
    ------
    BuildError
        When the file breaks a rule; every problem is named.
    """
    name = course.assignment(assignment).variants
    file = f"authoring/{assignment}/{name}"
    content = read_toml(course.authoring / assignment / str(name), _SCHEMA, file)
    questions = tuple(VariantQuestion(one["id"], one["item"], Fraction(one["points"])) for one in content["items"])
    ids = [one.id for one in questions]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        problem = Problem(file, f"item {twice[0]}", "a question's id is used once", "used twice", "rename one")
        raise BuildError(file, [problem])
    return VariantsFile(content["title"], content["intro"], questions)


def asked(course: Course) -> dict[str, dict[str, str]]:
    """Return assignment -> question id -> item id, of all assignments whose questions have own numbers.

    Raises
    ------
    BuildError
        When one of their files breaks a rule.
    """
    names = [name for name, assignment in course.assignments.items() if assignment.variants]
    return {name: {one.id: one.item for one in read_variants(course, name).questions} for name in names}
