"""Public examples and the form of answers: every module here that has FUNCTIONS, FORMS or WRITTEN is found."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from student_kit.constructed import Claims, Constructed
from student_kit.example import FunctionExamples
from student_kit.form import Form


def _collect(table: str) -> dict[str, Any]:
    """Return what all modules list under a name; an id that two of them have is an error."""
    found: dict[str, Any] = {}
    where: dict[str, str] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for question, entry in getattr(importlib.import_module(module.name), table, {}).items():
            if question in found:
                raise ValueError(f"the id {question} is used twice: in {where[question]} and in {module.name}")
            found[question], where[question] = entry, module.name
    return found


FUNCTIONS: dict[str, FunctionExamples] = _collect("FUNCTIONS")
"""Question id -> its public examples."""

FORMS: dict[str, Form | Constructed | Claims] = _collect("FORMS")
"""Question id -> the form of its answer."""

WRITTEN: dict[str, str] = _collect("WRITTEN")
"""Id of a written answer -> what it is about; these are read by a person."""
