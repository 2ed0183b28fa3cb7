"""The pool of revealed cases: calls of a function that a student may see with their right results.

Public examples come first; behind them stand inputs that are drawn for this purpose, small ones before large ones. A
case that is written down in the hidden tests is never among them: what is not drawn anew each time is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from grader_tests.cases import Aspect, Case
from student_kit.example import Example

DRAWS = 2  # of each aspect
COMPARED_WITH = 2  # further draws: what stands in all of them is not drawn
EACH = 4  # of an aspect's cases, the smallest
PURPOSE = b"revealed"  # begins the seed; that of a hidden test begins with a number and goes on with the question's id


@dataclass(frozen=True)
class Revealed:
    """A case that may be shown.

    Attributes
    ----------
    case : Case
        What the function is called with.
    example : Example or None
        The public example that it is.
    number : int
        Its number there, counted from 1; 0 for a drawn one.
    """

    case: Case
    example: Example | None = None
    number: int = 0


def pool(question: str, aspects: Sequence[Aspect], examples: Sequence[Example]) -> Iterator[Revealed]:
    """Yield the cases that may be shown, in the order in which they are tried; the same ones every time.

    Parameters
    ----------
    question : str
        Its id.
    aspects : sequence of Aspect
        What the hidden tests look at; their generators draw.
    examples : sequence of Example
        The public ones.
    """
    for number, example in enumerate(examples, 1):
        yield Revealed(Case("the public example", example.arguments, example.keywords), example, number)
    yield from map(Revealed, sorted((case for aspect in aspects for case in _drawn(question, aspect)), key=size))


def size(case: Case) -> int:
    """Return how many numbers a case has."""
    return sum(_count(value) for value in (*case.arguments, *case.keywords.values()))


def fingerprint(case: Case) -> str:
    """Return what makes a case: its arguments, names and types included."""
    given = [*enumerate(case.arguments), *sorted(case.keywords.items())]
    return repr([(name, _written(value)) for name, value in given])


def _drawn(question: str, aspect: Aspect) -> Iterator[Case]:
    """Yield the smallest cases of an aspect that are drawn anew each time."""
    draws = [
        list(aspect.cases(np.random.default_rng([*PURPOSE, number, *question.encode()])))
        for number in range(DRAWS + COMPARED_WITH)
    ]
    known = [{fingerprint(case) for case in cases} for cases in draws]
    written = {one for cases in known for one in cases if sum(one in other for other in known) > 1}
    fresh = {fingerprint(case): case for cases in draws[:DRAWS] for case in cases if not case.edge}
    found = [case for key, case in fresh.items() if key not in written]
    yield from sorted(found, key=size)[:EACH]


def _count(value: object) -> int:
    if isinstance(value, np.ndarray):
        return int(value.size)
    return sum(map(_count, value)) if isinstance(value, list | tuple) else 1


def _written(value: object) -> str:
    return f"{value.dtype} {value.tolist()}" if isinstance(value, np.ndarray) else repr(value)
