"""One draw of the cases of a question, with what the reference and the known mistakes make of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from grader_tests.answers import WrongAnswer
from grader_tests.cases import Aspect, Case
from grader_tests.question import Generator
from student_kit.call import Outcome, call


class Draw:
    """The cases of all aspects; what is computed on one of them is computed once, however many answers are tried.

    Parameters
    ----------
    question : str
        Its id, for errors of the course.
    reference : callable
        The right answer.
    aspects : sequence of Aspect
        What draws the cases.
    rng : Generator
        What they are drawn from.
    """

    def __init__(self, question: str, reference: Callable[..., Any], aspects: Sequence[Aspect], rng: Generator) -> None:
        self._question, self.reference = question, reference
        self.cases = tuple((aspect, tuple(aspect.cases(rng))) for aspect in aspects)
        self._seen: dict[tuple[str, int], tuple[Case, Outcome]] = {}  # the case is kept, so its id stays its own

    def right(self, case: Case) -> Outcome:
        """Return what the reference makes of a case."""
        outcome = self._outcome("", self.reference, case)
        if outcome.error and outcome.error != "ValueError":
            raise RuntimeError(
                f"{self._question}: the reference fails on {case.what!r}: {outcome.error}: {outcome.message}"
            )
        return outcome

    def of_mistake(self, wrong: WrongAnswer, case: Case) -> Outcome:
        """Return what a known mistake makes of a case."""
        return self._outcome(wrong.id, wrong.answer, case)

    def _outcome(self, name: str, function: Callable[..., Any], case: Case) -> Outcome:
        key = name, id(case)
        if key not in self._seen:
            with np.errstate(all="ignore"):
                self._seen[key] = case, call(function, case.arguments, case.keywords)
        return self._seen[key][1]
