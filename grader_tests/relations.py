"""How wrong counts and right ones are related by an argument: "`in_channels` times too small"."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from grader_tests.cases import Trial, Tried
from student_kit import plain
from student_kit.plain import Finding

FEWEST = 3  # wrong numbers, with two different values of the argument: less may be chance
Number = int | float
RELATIONS: tuple[tuple[Callable[[Number, Number, int], bool], str], ...] = (
    (lambda got, right, by: got * by == right, "`{}` times too small. How often does it take part?"),
    (lambda got, right, by: right * by == got, "`{}` times too large. How often does it take part?"),
    (lambda got, right, by: got + by == right, "too small by just `{}`. What is there once for each of these?"),
    (lambda got, right, by: right + by == got, "too large by just `{}`. What do you count once for each of these?"),
)
"""(whether a wrong number, the right one and an argument are related like this, what is said of it)."""


def related(tried: Sequence[Tried], reference: Callable[..., Any]) -> str:
    """Return by which argument all wrong counts are off, "" where by none.

    Parameters
    ----------
    tried : sequence of Tried
        All aspects with their trials; what stands apart plays no part.
    reference : callable
        Names the arguments.
    """
    looked_at = [each for each in tried if not each.aspect.apart and not each.aspect.form]
    wrong = [trial for each in looked_at for trial in each.wrong if not trial.case.edge]
    seen = [_numbers(trial) for trial in wrong]
    if len(seen) < FEWEST or any(pair is None for pair in seen):
        return ""
    signature = inspect.signature(reference)
    given = [signature.bind(*trial.case.arguments, **trial.case.keywords).arguments for trial in wrong]
    for name in signature.parameters:
        values = [arguments[name] for arguments in given if type(arguments.get(name)) is int]
        if len(values) < len(seen) or len(set(values)) < 2 or 1 in values:
            continue
        for holds, said in RELATIONS:
            if all(holds(*pair, value) for pair, value in zip(seen, values, strict=True) if pair):
                return f"Wherever your numbers are wrong, they are {said.format(name)}"
    return ""


def _numbers(trial: Trial) -> tuple[Number, Number] | None:
    """Return a wrong number and the right one, None where something else is wrong."""
    right = trial.right.value
    if not trial.answered or trial.finding is None or trial.finding.stage != "values" or type(right) is not int:
        return None
    got = plain.number(trial.outcome.value)
    return None if isinstance(got, Finding) else (got, right)
