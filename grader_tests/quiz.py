"""Checks of the quizzes: keys and hints come from the TOML files that hold the items."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader_tests.question import Question
from grader_tests.value_questions import ChoiceQuestion, NumberQuestion

AUTHORING = Path(__file__).resolve().parents[1] / "authoring"


def items() -> tuple[Mapping[str, Any], ...]:
    """Return the items of all quizzes as their files hold them; the build holds the files to their rules."""
    files = sorted(AUTHORING.glob("*/quiz.toml"))
    return tuple(item for file in files for item in tomllib.loads(file.read_text(encoding="utf-8"))["items"])


def _question(item: Mapping[str, Any]) -> Question:
    points = Fraction(str(item["points"]))
    if item["type"] == "number":
        return NumberQuestion(
            id=item["id"],
            name=item["id"],
            points=points,
            expected=item["key"],
            tolerance=item.get("tolerance", 0.0),
        )
    return ChoiceQuestion(
        id=item["id"],
        name=item["id"],
        points=points,
        key=item["key"],
        options="".join(sorted(item["options"])),
        hints=item.get("hints", {}),
        several=item["type"] == "letters",
    )


QUESTIONS = tuple(map(_question, items()))
