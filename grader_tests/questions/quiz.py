"""Checks of the quizzes: keys and hints come from the TOML files that hold the items."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader_tests.choice_question import ChoiceQuestion
from grader_tests.course_data import authoring
from grader_tests.question import Question
from grader_tests.value_questions import NumberQuestion

AUTHORING = authoring()


def _table(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def items() -> tuple[Mapping[str, Any], ...]:
    """Return the items of all quizzes that the course names; the build holds the files to their rules."""
    course = _table(AUTHORING / "course.toml")
    files = [AUTHORING / name / table["quiz"] for name, table in course["assignments"].items() if "quiz" in table]
    return tuple(item for file in files for item in _table(file)["items"])


def _question(item: Mapping[str, Any]) -> Question:
    points = Fraction(str(item["points"]))
    if item["type"] == "number":
        return NumberQuestion(
            id=item["id"],
            name=item["id"],
            points=points,
            expected=item["key"],
            tolerance=item.get("tolerance", 0.0),
            why=item["why"],
        )
    return ChoiceQuestion(
        id=item["id"],
        name=item["id"],
        points=points,
        key=item["key"],
        options="".join(sorted(item["options"])),
        hints=item.get("hints", {}),
        several=item["type"] == "letters",
        why=item["why"],
    )


QUESTIONS = tuple(map(_question, items()))
