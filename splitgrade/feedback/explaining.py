"""Explanations of right answers, on pages that are made after a date which the instructor sets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nbgrader.preprocessors import ClearSolutions
from traitlets.config import Config

from splitgrade.errors import CourseError
from splitgrade.execution.instructor import InstructorNotebook, role_of

RUBRIC = "**Rubric**"  # begins what is for the marker


def date_of(setting: Any, assignment: str) -> datetime | None:
    """Return from when on an assignment's pages explain, None where that is not set.

    Parameters
    ----------
    setting : mapping of str to str
        Assignment -> date and time as ISO 8601 has them, or with the name of a zone behind them; without a zone, the
        grading machine's.
    assignment : str
        Which.

    Raises
    ------
    CourseError
        When it is no date.

    Examples
    --------
    >>> date_of({"quiz": "2026-12-20 18:00+01:00"}, "quiz").isoformat()
    '2026-12-20T18:00:00+01:00'
    >>> date_of({"quiz": "2026-12-20 18:00 Europe/Vienna"}, "quiz").isoformat()
    '2026-12-20T18:00:00+01:00'
    """
    text = setting.get(assignment)
    if text is None:
        return None
    try:
        written, _, zone = str(text).rpartition(" ")
        if "/" in zone:
            return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone))
        date = datetime.fromisoformat(str(text))
        return date if date.tzinfo else date.astimezone()
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise CourseError(
            f"c.RedactFeedback.explain_from[{assignment!r}] must be a date such as '2026-12-20' or "
            f"'2026-12-20 18:00 Europe/Vienna', got {text!r}"
        ) from error


def model_answer(instructor: InstructorNotebook, grade_id: str, marks: Sequence[str]) -> tuple[str, str]:
    """Return the instructor's answer that a graded cell is about, and whether it is ``code`` or ``text``.

    Parameters
    ----------
    instructor : InstructorNotebook
        With solutions.
    grade_id : str
        Of a test cell, or of an answer that a person marks.
    marks : sequence of str
        What stands in the lines that frame a solution.
    """
    last = ("", "")
    for name, cell in instructor.cells.items():
        if role_of(cell) == "answer":
            last = _without_marks(cell.source, marks), "code" if cell.cell_type == "code" else "text"
        if name == grade_id:
            return last
    return "", ""


def solution_marks(config: Any) -> tuple[str, str]:
    """Return what stands in the lines that frame a solution, as nbgrader is configured."""
    step = ClearSolutions(config=Config({"ClearSolutions": config.ClearSolutions}))
    return step.begin_solution_delimeter, step.end_solution_delimeter


def _without_marks(source: str, marks: Sequence[str]) -> str:
    """Return a solution without the lines that frame it, and without the part for the marker."""
    lines = [line for line in source.partition(RUBRIC)[0].splitlines() if not any(mark in line for mark in marks)]
    return "\n".join(lines).strip()
