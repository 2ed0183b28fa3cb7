"""What a course's checks add to a feedback page: a topic to practice, a case that may be shown, an explanation.

``c.RedactFeedback.advice`` names a module with four functions, each of which takes the grade_id of a test cell first:

- ``topic(grade_id)``: what to practice, as text;
- ``explanation(grade_id, student)``: why the right answer is right, in Markdown, for pages made after a date;
- ``has_cases(grade_id)``: whether there are cases that a student may see with their right results;
- ``reveal(grade_id, value)``: displays one that the student's answer fails, in the trusted process; ``value(name)``
  gives the student's value of a name.

An empty text stands for nothing to say.
"""

from __future__ import annotations

import importlib
from typing import Any

from splitgrade.errors import CourseError

FUNCTIONS = ("topic", "explanation", "has_cases", "reveal")


class Advice:
    """The functions of a course, or nothing where it names no module.

    Parameters
    ----------
    module : str
        Its dotted name; "" for a course without one.

    Raises
    ------
    CourseError
        When there is no such module, or it lacks a function.
    """

    def __init__(self, module: str) -> None:
        self._name, self._module = module, _loaded(module) if module else None

    def topic(self, grade_id: str) -> str:
        """Return what to practice after a question."""
        return str(self._module.topic(grade_id)) if self._module else ""

    def explanation(self, grade_id: str, student: str) -> str:
        """Return why the right answer is right, in Markdown."""
        return str(self._module.explanation(grade_id, student)) if self._module else ""

    def reveals(self, grade_id: str) -> bool:
        """Return whether there are cases that may be shown."""
        return bool(self._module and self._module.has_cases(grade_id))

    def code(self, grade_id: str) -> str:
        """Return what the trusted process runs to find a case."""
        return f"import {self._name}\n{self._name}.reveal({grade_id!r}, lambda name: eval(name))"


def _loaded(name: str) -> Any:
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise CourseError(
            f"c.RedactFeedback.advice names the module {name!r}, which cannot be imported: {error}"
        ) from (error)
    missing = [function for function in FUNCTIONS if not callable(getattr(module, function, None))]
    if missing:
        raise CourseError(
            f"c.RedactFeedback.advice: {name} needs the functions {', '.join(FUNCTIONS)}, lacks {missing}"
        )
    return module
