"""In which calls a function is wrong, and what it lets through that should be refused."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations, product
from typing import Any

import numpy as np

from grader_tests.cases import Trial, Tried
from grader_tests.relations import lengths

FEWEST, CALLS = 3, 10  # calls that fail and calls that hold, and both together: less may be chance

Numbers = Mapping[str, int]
Property = tuple[str, Callable[[Numbers], bool]]


def let_through(trials: Sequence[Trial]) -> str:
    """Return which impossible settings of an aspect are not refused, "" where something else is wrong too."""
    wrong = [trial for trial in trials if trial.finding is not None]
    if not wrong or any(trial.outcome.error or not trial.right.error for trial in wrong):
        return ""
    refused = {trial.case.what for trial in trials if trial.finding is None}
    if not refused and len(wrong) > 1:
        return "Nothing that is impossible is refused."
    passed = dict.fromkeys(trial.case.what for trial in wrong)
    names = "; ".join(f"{what} (sometimes)" if what in refused else what for what in passed)
    others = " Everything else that is impossible is refused." if refused - set(passed) else ""
    return f"Not refused: {names}.{others}"


def where_wrong(tried: Sequence[Tried], first: Tried, reference: Callable[..., Any]) -> str:
    """Return which property of the arguments tells calls that fail from those that hold, "" where not just one does.

    Parameters
    ----------
    tried : sequence of Tried
        All aspects with their trials; what stands apart plays no part, unless it is `first`.
    first : Tried
        The first aspect that fails.
    reference : callable
        Names the arguments.
    """
    looked_at = [each for each in tried if each is first or not (each.aspect.apart or each.aspect.form)]
    trials = [trial for each in looked_at for trial in each.trials if not trial.right.error and not trial.case.edge]
    signature = inspect.signature(reference)
    given = [_numbers(trial, signature) for trial in trials]
    wrong = [numbers for numbers, trial in zip(given, trials, strict=True) if trial.finding is not None]
    held = [numbers for numbers, trial in zip(given, trials, strict=True) if trial.finding is None]
    if min(len(wrong), len(held)) < FEWEST or len(trials) < CALLS:
        return ""
    names = [name for name in given[0] if all(name in numbers for numbers in given)]
    for properties in (_of_one(names), _of_two(names)):
        telling = [said for said, has in properties if all(map(has, wrong)) and not any(map(has, held))]
        if telling:
            alone = len(telling) == 1 and "above" not in telling[0]  # that is what the aspects are for
            return f"Your function is wrong in just those calls in which {telling[0]}." if alone else ""
    return ""


ONE: tuple[tuple[str, Callable[[int], bool]], ...] = (
    ("even", lambda number: number % 2 == 0),
    ("odd", lambda number: number % 2 == 1),
    ("0", lambda number: number == 0),
    ("above 0", lambda number: number > 0),
    ("1", lambda number: number == 1),
    ("above 1", lambda number: number > 1),
)
TWO: tuple[tuple[str, Callable[[int, int], bool]], ...] = (
    ("is larger than", lambda one, two: one > two),
    ("is smaller than", lambda one, two: one < two),
    ("equals", lambda one, two: one == two),
    ("is not", lambda one, two: one != two),
)


def _numbers(trial: Trial, signature: inspect.Signature) -> dict[str, int]:
    """Return the whole numbers of a call by what they are called, the right result among them."""
    arguments = lengths(signature.bind(*trial.case.arguments, **trial.case.keywords))
    right = trial.right.value
    named = {f"`{name}`": value for name, value in arguments.items()}
    if type(right) is int:
        named["the right result"] = right
    elif isinstance(right, np.ndarray) and right.ndim == 1:
        named["the length of the right result"] = len(right)
    return named


def _of_one(names: Sequence[str]) -> Iterator[Property]:
    for name, (words, holds) in product(names, ONE):
        yield f"{name} is {words}", partial(lambda name, holds, numbers: holds(numbers[name]), name, holds)


def _of_two(names: Sequence[str]) -> Iterator[Property]:
    for (one, two), (words, holds) in product(combinations(names, 2), TWO):
        yield f"{one} {words} {two}", partial(_compared, one, two, holds)


def _compared(one: str, two: str, holds: Callable[[int, int], bool], numbers: Numbers) -> bool:
    return holds(numbers[one], numbers[two])
