"""All questions of the course by id: what each module of this package named exNN, archN or quiz lists in QUESTIONS."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from grader_tests.question import Question

NOTEBOOK = re.compile(r"ex\d+|arch\d+|quiz|practice")


def _collect() -> Mapping[str, Question]:
    found: dict[str, Question] = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if not NOTEBOOK.fullmatch(module.name):
            continue
        for question in importlib.import_module(f"grader_tests.{module.name}").QUESTIONS:
            if question.id in found:
                raise ValueError(f"grader_tests.{module.name}: the id {question.id} is used twice")
            found[question.id] = question
    return MappingProxyType(found)


QUESTIONS: Mapping[str, Question] = _collect()
