"""All questions of the course by id: what the modules of `grader_tests.questions` list in QUESTIONS."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from grader_tests import questions
from grader_tests.question import Question


def _collect() -> Mapping[str, Question]:
    found: dict[str, Question] = {}
    where: dict[str, str] = {}
    for module in pkgutil.iter_modules(questions.__path__, f"{questions.__name__}."):
        for question in getattr(importlib.import_module(module.name), "QUESTIONS", ()):
            if question.id in found:
                raise ValueError(f"the id {question.id} is used twice: in {where[question.id]} and in {module.name}")
            found[question.id], where[question.id] = question, module.name
    return MappingProxyType(found)


QUESTIONS: Mapping[str, Question] = _collect()
