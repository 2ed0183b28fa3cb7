"""Two parameters taken for each other: what comes out when the reference gets its arguments in another order."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from grader_tests.cases import Case, Tried
from grader_tests.draw import Draw
from grader_tests.matching import matches
from student_kit.call import Outcome, call

Exchange = Callable[[inspect.Signature, str, str, Case], Case | None]


def exchanged(tried: Sequence[Tried], draw: Draw) -> tuple[str, str] | None:
    """Return the two parameters that an answer takes for each other, None where no two explain it on all cases.

    Only neighbors are tried: others nobody mixes up by their order, and some formulas look as if.

    Parameters
    ----------
    tried : sequence of Tried
        All aspects with their trials; what stands apart plays no part.
    draw : Draw
        Knows the reference.
    """
    trials = [trial for each in tried if not each.aspect.apart for trial in each.trials if not trial.case.edge]
    signature = inspect.signature(draw.reference)
    most = max((len(trial.case.arguments) for trial in trials), default=0)
    named = {name for trial in trials for name in trial.case.keywords}
    asked = [name for place, name in enumerate(signature.parameters) if place < most or name in named]

    def outcome(exchange: Exchange, first: str, second: str, case: Case) -> Outcome:
        other = exchange(signature, first, second, case)
        if other is None:
            return Outcome(error="NotExchanged")
        with np.errstate(all="ignore"):
            return call(draw.reference, other.arguments, other.keywords)

    for first, second in pairwise(asked):
        for exchange in (_places, _values):
            if matches((trial, outcome(exchange, first, second, trial.case)) for trial in trials):
                return first, second
    return None


def _places(signature: inspect.Signature, first: str, second: str, case: Case) -> Case | None:
    """Return the call of a function that has the two in the other order: only arguments without a name go astray."""
    names = list(signature.parameters)
    astray = {first: second, second: first}
    given = {astray.get(name, name): value for name, value in zip(names, case.arguments, strict=False)}
    return _alike(case, {**given, **case.keywords}, signature, first, second)


def _values(signature: inspect.Signature, first: str, second: str, case: Case) -> Case | None:
    """Return the call of a function that uses the one where it should use the other."""
    bound = signature.bind(*case.arguments, **case.keywords)
    bound.apply_defaults()
    given = dict(bound.arguments)
    given[first], given[second] = given[second], given[first]
    return _alike(case, given, signature, first, second)


def _alike(case: Case, given: dict[str, object], signature: inspect.Signature, first: str, second: str) -> Case | None:
    """Return a case with other arguments; None where the two are of different kinds, so that nobody mixes them up."""
    values = [given.get(name, signature.parameters[name].default) for name in (first, second)]
    whole = all(type(value) is int for value in values)
    axes = {value.ndim for value in values if isinstance(value, np.ndarray)}
    tables = len(axes) == 1 and all(isinstance(value, np.ndarray) for value in values)
    return replace(case, arguments=(), keywords=given) if whole or tables else None
