"""The files beside the notebooks of an assignment that let its folder stand alone.

``questions.json`` lists the questions of each notebook. ``START-HERE.md`` and ``requirements.txt`` are copied from
``authoring/`` where they are there; in the first one, ``{title}``, ``{notebooks}`` and ``{folder}`` are filled in.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cnn_course.authoring.cells import Cell, Kind, Page
from cnn_course.authoring.quiz import Item, read_quiz
from cnn_course.course import Assignment, Course

MANIFEST = "questions.json"
TEXTS = ("START-HERE.md", "requirements.txt")


def companions(course: Course) -> tuple[str, ...]:
    """Return the names of the files that lie beside the notebooks of every assignment."""
    return (MANIFEST, *(name for name in TEXTS if (course.authoring / name).is_file()))


def write_companions(course: Course, assignment: Assignment, pages: Iterable[Page], folder: Path) -> None:
    """Write the companions of an assignment into its folder.

    Parameters
    ----------
    course : Course
        Its ``authoring/`` holds the texts.
    assignment : Assignment
        Which one.
    pages : iterable of Page
        Its notebooks, as they are released.
    folder : Path
        The folder of the assignment in ``source/``.
    """
    pages = tuple(pages)
    manifest = {"notebooks": {page.name: list(_questions(page, _items(course, assignment))) for page in pages}}
    text = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")
    names = "\n".join(f"- `{page.name}.ipynb`: {_heading(page.cells)}" for page in pages)
    values = {"title": assignment.title, "folder": assignment.name, "notebooks": names}
    for name in companions(course)[1:]:
        content = (course.authoring / name).read_text(encoding="utf-8")
        for key, value in values.items():
            content = content.replace(f"{{{key}}}", value)
        (folder / name).write_text(content, encoding="utf-8")


def _items(course: Course, assignment: Assignment) -> Mapping[str, Item]:
    """Return the items of the quiz of an assignment by id; none where it has no quiz."""
    if assignment.quiz is None:
        return {}
    file = f"authoring/{assignment.name}/{assignment.quiz}"
    quiz = read_quiz(course.authoring / assignment.name / assignment.quiz, file)
    return {item.id: item for item in quiz.items}


def _questions(page: Page, items: Mapping[str, Item]) -> Iterator[dict[str, Any]]:
    """Yield the questions of a notebook in order: id, title, the expression of the answer, the options."""
    prompts = {cell.name: cell for cell in page.cells if cell.kind is Kind.TEXT}
    for cell in page.cells:
        if cell.kind not in (Kind.TEST, Kind.WRITTEN) or cell.question is None:
            continue
        prompt = prompts.get(f"{cell.question}-prompt")
        entry: dict[str, Any] = {
            "id": cell.question,
            "title": _heading([prompt] if prompt else []) or cell.question,
            "answer": _answer(cell, cell.question),
        }
        if cell.question in items and items[cell.question].options:
            entry["options"] = dict(items[cell.question].options)
        yield entry


def _answer(cell: Cell, question: str) -> str:
    """Return the expression that a test looks up: "conv2d" of ``check("ex41-conv2d", lambda: conv2d)``."""
    if cell.kind is Kind.WRITTEN:
        return ""
    for node in ast.walk(ast.parse(cell.source)):
        if isinstance(node, ast.Call) and len(node.args) == 2 and isinstance(node.args[1], ast.Lambda):
            name = node.args[0]
            if isinstance(name, ast.Constant) and name.value == question:
                return ast.unparse(node.args[1].body)
    return ""


def _heading(cells: Iterable[Cell]) -> str:
    """Return the first heading without its number and its points: "The kernel" of ``## 2. The kernel (1 point)``."""
    for cell in cells:
        found = re.search(r"^#+ +(?:\d+\. +)?(.+?)(?: +\([^()]*points?\))?$", cell.source, re.MULTILINE)
        if found:
            return found[1].strip()
    return ""
