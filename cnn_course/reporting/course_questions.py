"""What the course says of its questions: titles from the notebooks, options and keys from the quiz files."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cnn_course.course import Course

_HEADING = re.compile(r"^#{1,4}\s+(?:\d+[.)]\s*)?(?P<title>.+?)(?:\s*\([\d.]+ points?\))?\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """A graded cell.

    Parameters
    ----------
    name : str
        Its grade_id.
    notebook, title : str
        Where it is, and the heading above it.
    options : mapping of str to str
        Of a quiz item with letters.
    key : str
        The right answer of a quiz item; empty elsewhere.
    """

    name: str
    notebook: str
    title: str
    options: Mapping[str, str] = field(default_factory=dict)
    key: str = ""


def course_questions(course: Course, assignment: str) -> dict[str, Question]:
    """Return the questions of an assignment in the order of its notebooks, by grade_id; none before it was built."""
    items = _quiz_items(course, assignment)
    found: dict[str, Question] = {}
    for notebook in course.assignment(assignment).notebooks:
        path, title = course.source / assignment / f"{notebook}.ipynb", notebook
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if path.is_file() else ():
            marks = cell["metadata"].get("nbgrader", {})
            if marks.get("grade"):
                name = str(marks["grade_id"])
                item = items.get(name.removesuffix("-test"), {})
                key = str(item.get("key", "")).strip().casefold()
                found[name] = Question(name, notebook, title, item.get("options", {}), key)
            elif cell["cell_type"] == "markdown":
                headings = [match["title"] for match in _HEADING.finditer("".join(cell["source"]))]
                title = headings[-1] if headings else title
    return found


def _quiz_items(course: Course, assignment: str) -> dict[str, dict[str, Any]]:
    """Return the items of the quiz file, by id."""
    quiz = course.assignment(assignment).quiz
    path = course.authoring / assignment / quiz if quiz else None
    if path is None or not path.is_file():
        return {}
    return {item["id"]: item for item in tomllib.loads(path.read_text(encoding="utf-8")).get("items", [])}
