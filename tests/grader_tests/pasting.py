"""A known answer as it stands in a notebook: its source alone, pasted where NumPy is imported."""

from __future__ import annotations

import numpy as np

import grader_tests
from grader_tests.answers import RightAnswer, WrongAnswer


def pasted(known: WrongAnswer | RightAnswer) -> object:
    """Return what a notebook that imports NumPy holds after the source of a known answer was run."""
    question = grader_tests.QUESTIONS[known.question]
    names: dict[str, object] = {"np": np}
    exec(question.source(known.answer, known.needs), names)  # noqa: S102 (the source is our own)
    return names[question.name]
