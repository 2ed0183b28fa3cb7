"""What to practice after a question: its topic of the bank, which `student_kit.practice` asks about."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("topics.toml")


@cache
def topics() -> Mapping[str, str]:
    """Return question id -> topic; a question without a fitting topic is not among them."""
    table: dict[str, list[str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for topic, questions in table.items():
        for question in questions:
            if question in found:
                raise ValueError(f"{_FILE.name}: {question} has two topics, {found[question]} and {topic}")
            found[question] = topic
    return found
