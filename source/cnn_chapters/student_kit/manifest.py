"""The manifest: which questions the notebooks of this assignment have, written into the release beside the kit."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

FILE = Path(__file__).parents[1] / "questions.json"


@dataclass(frozen=True)
class Question:
    """One question of a notebook.

    Attributes
    ----------
    id, title : str
        Its id and the heading above it.
    answer : str
        The expression that holds the answer, such as "conv2d"; "" where the answer is text that a person reads.
    options : mapping of str to str
        Letter to text of a question with choices.
    """

    id: str
    title: str
    answer: str
    options: Mapping[str, str] = field(default_factory=dict)


def read_manifest(path: Path | None = None) -> dict[str, tuple[Question, ...]]:
    """Return the questions of every notebook; nothing where there is no manifest, or none that can be read."""
    try:
        notebooks = json.loads((path or FILE).read_text(encoding="utf-8"))["notebooks"]
        return {str(name): tuple(Question(**entry) for entry in entries) for name, entries in notebooks.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def options_of(question_id: str) -> Mapping[str, str]:
    """Return letters and texts of a question with choices; nothing where they are not known."""
    every = (question for questions in read_manifest().values() for question in questions)
    return next((question.options for question in every if question.id == question_id), {})


def this_notebook(names: Mapping[str, object]) -> str:
    """Return the name of the notebook that is run, as its editor tells; "" where it does not.

    Parameters
    ----------
    names : mapping of str to object
        The names of the notebook: some editors leave theirs there.
    """
    for told in (os.environ.get("JPY_SESSION_NAME"), names.get("__vsc_ipynb_file__")):
        if isinstance(told, str) and told.endswith(".ipynb"):
            return PurePath(told.replace("\\", "/")).stem
    return ""
