"""Examining an answer and giving it points."""

from __future__ import annotations

import os
import re
import secrets
import sys
from functools import lru_cache
from typing import Any

import numpy as np

from grader_tests.draw import Draw
from grader_tests.function_question import FunctionQuestion
from grader_tests.judging import ASKS, NOBODY
from grader_tests.question import Diagnosis, Question
from grader_tests.registry import QUESTIONS
from grader_tests.render import as_html, as_text
from grader_tests.result import Result
from student_kit.call import ASKING, Outcome, silence, value_of
from student_kit.plain import is_blank

SEED_VARIABLE = "SPLITGRADE_SEED"
_DRAWS = 200  # draws that are kept: more than a course has questions about functions
MIME_TYPE = "application/vnd.splitgrade.result+json"
_MISSING = re.compile(r"name '([A-Za-z_][A-Za-z0-9_]{0,39})' is not defined")  # an answer may look up more than one


def examine(question_id: str, answer: object, seed: int | None = None) -> Result:
    """Try an answer on the hidden cases of a question.

    Parameters
    ----------
    question_id : str
        A key of `QUESTIONS`, such as "ex41-conv2d".
    answer : callable or object
        `lambda: conv2d`, so that a missing name is a verdict instead of a NameError; or the answer itself.
    seed : int, optional
        Seed of the fresh inputs, at least 0; by default SPLITGRADE_SEED of the environment, else drawn anew.

    Returns
    -------
    Result
        Points by aspect, messages, and the hint where a known mistake was recognized.

    Raises
    ------
    ValueError
        If the question does not exist or the seed is not a whole number of at least 0. Nothing that the answer does
        raises.

    Examples
    --------
    >>> examine("ex41-conv-output-size", lambda: lambda size, kernel_size, stride=1, padding=0: ...).answered
    False
    """
    question = QUESTIONS.get(question_id)
    if question is None:
        raise ValueError(f"there is no question {question_id!r}; legal: {', '.join(sorted(QUESTIONS))}")
    chosen = _seed(seed)
    with silence(), np.errstate(all="ignore"):  # a warning on stderr would cost the whole cell
        found = _diagnose(question, value_of(answer), chosen)
    return Result(
        question.id,
        question.points,
        found.answered,
        found.aspects,
        found.misconceptions,
        found.hint,
        chosen,
        found.remark,
    )


def grade(question_id: str, answer: object, seed: int | None = None) -> float:
    """Examine an answer, display the verdict and return the points as a Python float.

    Parameters, errors and seed as in `examine`; written for the last line of a test cell, whose value nbgrader takes
    as the points of the cell.

    Returns
    -------
    float
        Between 0 and the points of the question.

    Examples
    --------
    >>> points = grade("ex41-conv-output-size", lambda: ..., seed=1)  # doctest: +ELLIPSIS
    ex41-conv-output-size: not answered yet...
    >>> points
    0.0
    """
    result = examine(question_id, answer, seed)
    _display(result)
    return result.score


def generator(question_id: str, seed: int) -> np.random.Generator:
    """Return what the fresh inputs of a question are drawn from: two questions of one notebook get other numbers."""
    return np.random.default_rng([seed, *question_id.encode()])


@lru_cache(maxsize=_DRAWS)
def drawn(question_id: str, seed: int) -> Draw:
    """Return the cases of a question about a function, with the right results: the same for a whole class."""
    question = QUESTIONS[question_id]
    if not isinstance(question, FunctionQuestion):
        raise TypeError(f"cases are drawn for questions about functions; {question_id!r} is about {question.kind}")
    draw = question.draw(generator(question_id, seed))
    for _, cases in draw.cases:
        for case in cases:
            draw.right(case)
    return draw


def _diagnose(question: Question, answer: Outcome, seed: int) -> Diagnosis:
    if answer.error == "NameError":
        named = _MISSING.match(answer.message)
        name = named[1] if named else question.name
        return Diagnosis(question.unanswered("missing", missing_name(name, answer)), answered=False)
    if answer.asks:
        return Diagnosis(question.unanswered("error", f"Looking up `{question.name}`: {ASKS}"))
    if answer.returned:
        return Diagnosis(question.unanswered("type", f"`{question.name}` is {answer.returned}, which cannot be read."))
    if answer.error and not answer.blank:
        message = f"Looking up `{question.name}` stopped with {answer.error}: {answer.message}"
        return Diagnosis(question.unanswered("error", message))
    if is_blank(answer.value):
        return Diagnosis(question.unanswered("not answered", "Not answered yet."), answered=False)
    if isinstance(question, FunctionQuestion):
        return question.judged(answer.value, drawn(question.id, seed))
    return question.diagnose(answer, generator(question.id, seed))


def missing_name(name: str, answer: Outcome) -> str:
    """Return why a name is missing: the error that stopped its cell, where the engine knows it."""
    if not answer.stopped_by:
        return f"The name `{name}` does not exist; was the cell run, and is it spelled like this?"
    said = f"The name `{name}` does not exist, because its cell stopped with {answer.stopped_by.rstrip('.')}."
    if answer.stopped_by.startswith(("ModuleNotFoundError", "ImportError")):
        said += " Grading has Python, NumPy and the packages that START-HERE.md lists; nothing else can be imported."
    elif answer.stopped_by.startswith(tuple(ASKING)):
        said += f" {NOBODY}"
    return said


def _seed(seed: int | None) -> int:
    """Return the seed given, else that of the environment, else a new one."""
    if seed is None:
        given = os.environ.get(SEED_VARIABLE, "")
        if not given:
            return secrets.randbits(32)
        if not given.isascii() or not given.isdigit():
            raise ValueError(f"{SEED_VARIABLE} must be a whole number of at least 0, got {given!r}")
        return int(given)
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise ValueError(f"seed must be a whole number of at least 0, got {seed!r}")
    return int(seed)


def _display(result: Result) -> None:
    """Display the verdict in IPython in three forms, elsewhere print it."""
    ipython: Any = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(as_text(result))
        return
    from IPython.display import display

    data = {"text/plain": as_text(result), "text/html": as_html(result), MIME_TYPE: result.as_dict()}
    display(data, raw=True)
