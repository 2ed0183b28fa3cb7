"""How wrong numbers and right ones are related by an argument: "`in_channels` times too small"."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader_tests.cases import Trial, Tried
from student_kit import plain
from student_kit.plain import Finding

Array = NDArray[Any]
FEWEST = 3  # wrong numbers, with two different values of the argument: less may be chance


REORDERED = "The numbers are right, but they stand in another order. In which one are they asked for?"
SOMETIMES_REORDERED = (
    "In some calls the numbers are right, but change places. What do these calls have in common? Look for a line of "
    "your code that sorts or rounds."
)


def _equal(one: Array, two: Array) -> bool:
    return bool(np.allclose(one, two, rtol=1e-12, atol=1e-12))


RELATIONS: tuple[tuple[Callable[[Array, Array, int], bool], str], ...] = (
    (lambda got, right, by: _equal(got * by, right), "`{}` times too small. How often does it take part?"),
    (lambda got, right, by: _equal(right * by, got), "`{}` times too large. How often does it take part?"),
    (lambda got, right, by: _equal(got + by, right), "too small by just `{}`. What is there once for each?"),
    (
        lambda got, right, by: _equal(right + by, got),
        "too large by just `{}`. What do you count once for each?",
    ),
    (
        lambda got, right, by: _equal(got + by - 1, right),
        "too small by one less than `{}`. What do you count once in all, that is there once for each?",
    ),
    (
        lambda got, right, by: _equal(right + by - 1, got),
        "too large by one less than `{}`. What do you take away once in all, that is there once for each?",
    ),
)
"""(whether a wrong number, the right one and an argument are related like this, what is said of it)."""


def related(tried: Sequence[Tried], reference: Callable[..., Any]) -> str:
    """Return by which argument all wrong numbers are off, "" where by none.

    Parameters
    ----------
    tried : sequence of Tried
        All aspects with their trials; what stands apart plays no part.
    reference : callable
        Names the arguments.
    """
    looked_at = [each for each in tried if not each.aspect.apart and not each.aspect.form]
    wrong = [trial for each in looked_at for trial in each.wrong if not trial.case.edge]
    if all(_is_reordered(trial) for trial in wrong) and wrong:
        ordered = any(_is_ordered(trial) for each in looked_at for trial in each.trials)
        return REORDERED if not ordered else SOMETIMES_REORDERED
    seen = [pair for trial in wrong if (pair := _numbers(trial))]
    if len(seen) < max(len(wrong), FEWEST):
        return ""
    signature = inspect.signature(reference)
    given = [lengths(signature.bind(*trial.case.arguments, **trial.case.keywords)) for trial in wrong]
    for name in given[0]:
        values = [arguments[name] for arguments in given if name in arguments]
        if len(values) < len(seen) or len(set(values)) < 2 or 1 in values:
            continue
        for holds, said in RELATIONS:
            if all(holds(*pair, value) for pair, value in zip(seen, values, strict=True)):
                return f"Wherever your numbers are wrong, they are {said.format(name)}"
    return ""


def lengths(bound: inspect.BoundArguments) -> dict[str, int]:
    """Return the whole numbers among the arguments, and the lengths of the arrays, by what they are called in code."""
    found: dict[str, int] = {}
    bound.apply_defaults()
    for name, value in bound.arguments.items():
        if type(value) is int:
            found[name] = value
        elif isinstance(value, np.ndarray) and value.ndim == 1:
            found[f"len({name})"] = len(value)
        elif isinstance(value, np.ndarray):
            found |= {f"{name}.shape[{axis}]": length for axis, length in enumerate(value.shape)}
    return found


def _is_ordered(trial: Trial) -> bool:
    """Return whether a tuple holds the right numbers, different ones, in their order."""
    right = trial.right.value
    if not trial.answered or not isinstance(right, tuple) or len(set(right)) == 1:
        return False
    return plain.numbers(trial.outcome.value, len(right)) == list(right)


def _is_reordered(trial: Trial) -> bool:
    """Return whether a tuple holds the right numbers in another order."""
    right = trial.right.value
    if not trial.answered or not isinstance(right, tuple):
        return False
    got = plain.numbers(trial.outcome.value, len(right))
    return not isinstance(got, Finding) and got != list(right) and sorted(got) == sorted(right)


def _numbers(trial: Trial) -> tuple[Array, Array] | None:
    """Return wrong numbers and the right ones, None where something else is wrong."""
    if not trial.answered or trial.finding is None or trial.finding.stage != "values":
        return None
    got, right = plain.array(trial.outcome.value), plain.array(trial.right.value)
    if isinstance(got, Finding) or isinstance(right, Finding) or got.shape != right.shape or "c" in got.dtype.kind:
        return None
    off = got != right if isinstance(trial.right.value, tuple) else ...  # the other entries of a tuple may be right
    return got[off].astype(float), right[off].astype(float)
