"""The questions that people mark: prompt, model answer and rubric, out of the instructor's notebooks."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_RUBRIC = re.compile(r"^\s*(?:\*\*|#+\s*)Rubric\b.*$", re.MULTILINE)
_LINE = re.compile(r"^\s*[-*]\s*(?P<points>\d+(?:\.\d+)?)\s*:\s*(?P<text>.+)$", re.MULTILINE)


@dataclass(frozen=True)
class RubricLine:
    """What earns points."""

    points: float
    text: str


@dataclass(frozen=True)
class WrittenQuestion:
    """One answer in words.

    Parameters
    ----------
    name, notebook : str
        The grade_id, and where it is.
    prompt, model : str
        The cell above it, and the instructor's answer, in markdown.
    rubric : sequence of RubricLine
        May be empty.
    """

    name: str
    notebook: str
    prompt: str
    model: str
    rubric: Sequence[RubricLine]


def written_questions(source: Path) -> dict[str, WrittenQuestion]:
    """Return the questions of an assignment that people mark, by grade_id.

    Parameters
    ----------
    source : Path
        ``source/ASSIGNMENT``.
    """
    found: dict[str, WrittenQuestion] = {}
    for path in sorted(source.glob("*.ipynb")):
        prompt = ""
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            text, marks = "".join(cell["source"]), cell["metadata"].get("nbgrader", {})
            if marks.get("grade") and marks.get("solution"):
                model, rubric = split_rubric(text)
                found[marks["grade_id"]] = WrittenQuestion(marks["grade_id"], path.stem, prompt, model, rubric)
            elif cell["cell_type"] == "markdown":
                prompt = text
    return found


def split_rubric(text: str) -> tuple[str, list[RubricLine]]:
    r"""Return a model answer and its rubric.

    Examples
    --------
    >>> split_rubric("Because.\n\n**Rubric**\n\n- 0.5: says why")
    ('Because.', [RubricLine(points=0.5, text='says why')])
    """
    head = _RUBRIC.search(text)
    if head is None:
        return text.strip(), []
    lines = [RubricLine(float(each["points"]), each["text"].strip()) for each in _LINE.finditer(text[head.end() :])]
    return text[: head.start()].strip(), lines
