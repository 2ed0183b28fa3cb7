"""What a wrong answer has done with its arguments: what comes out when the reference is called in another way."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise, permutations
from typing import Any

import numpy as np

from grader_tests.cases import Case, Trial, Tried
from grader_tests.draw import Draw
from grader_tests.matching import matches, returned
from grader_tests.naming import FEW_NUMBERS
from student_kit.call import Outcome, call

Arguments = Mapping[str, Any]
Change = Callable[[inspect.Signature, Case], Arguments | None]
Changes = Callable[[inspect.Signature, Sequence[str]], Iterator[tuple[str, Change]]]
SEEN = 2  # wrong results that another call has to give before it is told
SAID = "Your numbers are what comes out when {}"
EXCHANGED = (
    "`{}` and `{}` change places. Compare the order of your parameters, and of the arguments that you hand on, with "
    "the task."
)
UNUSED = "`{0}` is not used. Where does `{0}` take part in your code?"
ONE = "`{0}` is taken to be 1. Where does `{0}` take part in your code?"
LESS = "`{0}` is taken one too small. Does your count begin with 0 or with 1, and where does it end?"
MORE = "`{0}` is taken one too large. Does your count begin with 0 or with 1, and where does it end?"
FILLS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("`{0}` is taken to be 1 everywhere. Where does `{0}` take part in your code?", np.ones_like),
    ("`{0}` is taken to be 0 everywhere. Where does `{0}` take part in your code?", np.zeros_like),
    ("of `{0}` only the first number is used. Which index moves on?", lambda line: np.full_like(line, line[0])),
)
"""(what is said, what a line of numbers is taken for)."""
REVERSED = "`{0}` is read back to front. In which direction does its index run?"
PAIRS: tuple[tuple[str, Callable[[tuple[int, int]], tuple[int, int]]], ...] = (
    ("only the first number of a pair `{0}` is used. Where does the second one belong?", lambda pair: (pair[0],) * 2),
    ("only the second number of a pair `{0}` is used. Where does the first one belong?", lambda pair: (pair[1],) * 2),
    ("the two numbers of a pair `{0}` change places. Which one comes first in it?", lambda pair: pair[::-1]),
    ("only the larger number of a pair `{0}` is used. Where does the other one belong?", lambda pair: (max(pair),) * 2),
)
"""(what is said, what a pair of whole numbers is taken for)."""
NEGATED = "`{0}` is taken the other way round. What happens where it is True?"
TWICE = "`{0}` stands in place of `{1}`. Where does `{1}` take part in your code?"


def exchanged(tried: Sequence[Tried], draw: Draw) -> str:
    """Return which two neighboring parameters an answer takes for each other, "" where no two explain it on all cases.

    Parameters
    ----------
    tried : sequence of Tried
        All aspects with their trials; what stands apart plays no part unless all else holds.
    draw : Draw
        Knows the reference.
    """
    return _explained(tried, draw, _exchanges)


def misused(tried: Sequence[Tried], draw: Draw) -> str:
    """Return which parameter an answer does not use or uses in place of another; parameters as in `exchanged`."""
    return _explained(tried, draw, _uses)


def turned_under(first: Tried, draw: Draw) -> str:
    """Return what an answer reads the other way round in one aspect, where wrong numbers enough leave no doubt.

    Other slips are not looked for in one aspect: with few settings they all look like a number that is one too large.
    """
    if returned([trial for trial in first.wrong if trial.answered]).size < FEW_NUMBERS:
        return ""
    said = _explained([first], draw, _turns)
    return f'Under "{first.aspect.name}", {said[0].lower()}{said[1:]}' if said else ""


def _explained(tried: Sequence[Tried], draw: Draw, changes: Changes) -> str:
    core = [each for each in tried if not each.aspect.apart]
    if all(each.held for each in core):
        core += [each for each in tried if not each.held and each.aspect.apart][:1]
    trials = [trial for each in core for trial in each.trials if not trial.case.edge]
    trials.sort(key=lambda trial: trial.finding is None)  # a wrong result refutes most explanations at once
    if sum(trial.finding is not None and trial.answered for trial in trials) < SEEN:
        return ""
    if np.unique(returned([trial for trial in trials if trial.answered])).size == 1:
        return ""  # one number again and again shows no argument
    signature = inspect.signature(draw.reference)
    most = max(len(trial.case.arguments) for trial in trials)
    named = {name for trial in trials for name in trial.case.keywords}
    asked = [name for place, name in enumerate(signature.parameters) if place < most or name in named]
    for said, change in changes(signature, asked):
        others = [change(signature, trial.case) for trial in trials]
        if None not in others and matches(_recomputed(trials, others, draw)):
            return SAID.format(said)
    return ""


def _recomputed(
    trials: Sequence[Trial], others: Sequence[Arguments | None], draw: Draw
) -> Iterator[tuple[Trial, Outcome]]:
    """Yield each trial with what the reference makes of other arguments."""
    for trial, other in zip(trials, others, strict=True):
        with np.errstate(all="ignore"):
            yield trial, call(draw.reference, (), other or {})


def _exchanges(_signature: inspect.Signature, asked: Sequence[str]) -> Iterator[tuple[str, Change]]:
    for first, second in pairwise(asked):  # others nobody mixes up by their order, and some formulas look as if
        yield EXCHANGED.format(first, second), _places(first, second)
        yield EXCHANGED.format(first, second), _exchange(first, second)


def _uses(signature: inspect.Signature, asked: Sequence[str]) -> Iterator[tuple[str, Change]]:
    for name in asked:
        default = signature.parameters[name].default
        if default is inspect.Parameter.empty:
            yield ONE.format(name), _fixed(name, 1)
        elif default is not None:
            yield UNUSED.format(name), _fixed(name, default)
        yield LESS.format(name), _stepped(name, -1)
        yield MORE.format(name), _stepped(name, 1)
        for said, fill in FILLS:
            yield said.format(name), _filled(name, fill)
        for said, turn in PAIRS:
            yield said.format(name), _paired(name, turn)
    yield from _turns(signature, asked)
    for first, second in permutations(asked, 2):
        yield TWICE.format(first, second), _copied(first, second)


def _turns(signature: inspect.Signature, asked: Sequence[str]) -> Iterator[tuple[str, Change]]:
    for name in asked:
        if type(signature.parameters[name].default) is bool:
            yield NEGATED.format(name), _negated(name)
        yield REVERSED.format(name), _filled(name, lambda line: line[::-1].copy())


def _given(signature: inspect.Signature, case: Case) -> dict[str, Any]:
    bound = signature.bind(*case.arguments, **case.keywords)
    bound.apply_defaults()
    return dict(bound.arguments)


def _places(first: str, second: str) -> Change:
    """Return the call of a function that has the two in the other order: only arguments without a name go astray."""
    astray = {first: second, second: first}

    def change(signature: inspect.Signature, case: Case) -> Arguments | None:
        given = _given(signature, case)
        names = [astray.get(name, name) for name in signature.parameters]
        moved = {**dict(zip(names, case.arguments, strict=False)), **case.keywords}
        return moved if _alike(given[first], given[second]) else None

    return change


def _exchange(first: str, second: str) -> Change:
    """Return the call of a function that uses the one where it should use the other."""

    def change(signature: inspect.Signature, case: Case) -> Arguments | None:
        given = _given(signature, case)
        alike = _alike(given[first], given[second])
        return {**given, first: given[second], second: given[first]} if alike else None

    return change


def _fixed(name: str, value: object) -> Change:
    def change(signature: inspect.Signature, case: Case) -> Arguments | None:
        given = _given(signature, case)
        return {**given, name: value} if type(given[name]) is type(value) else None

    return change


def _stepped(name: str, step: int) -> Change:
    def change(signature: inspect.Signature, case: Case) -> Arguments | None:
        given = _given(signature, case)
        return {**given, name: given[name] + step} if type(given[name]) is int else None

    return change


def _filled(name: str, fill: Callable[[Any], Any]) -> Change:
    """Return the call with another line of numbers; larger arrays nobody takes for one number."""

    def change(signature: inspect.Signature, case: Case) -> Arguments | None:
        given = _given(signature, case)
        line = given[name]
        usable = isinstance(line, np.ndarray) and line.ndim == 1 and line.size > 0
        return {**given, name: fill(line)} if usable else None

    return change


def _negated(name: str) -> Change:
    def change(signature: inspect.Signature, case: Case) -> Arguments | None:
        given = _given(signature, case)
        return {**given, name: not given[name]}

    return change


def _paired(name: str, turn: Callable[[tuple[int, int]], tuple[int, int]]) -> Change:
    """Return the call with another pair; one number alone stays as it is."""

    def change(signature: inspect.Signature, case: Case) -> Arguments | None:
        given = _given(signature, case)
        value = given[name]
        if type(value) is tuple and len(value) == 2:
            return {**given, name: turn(value)}
        return given if type(value) is int else None

    return change


def _copied(first: str, second: str) -> Change:
    def change(signature: inspect.Signature, case: Case) -> Arguments | None:
        given = _given(signature, case)
        return {**given, second: given[first]} if _alike(given[first], given[second]) else None

    return change


def _alike(one: object, two: object) -> bool:
    """Return whether two arguments are of one kind, so that somebody may take one for the other."""
    if isinstance(one, np.ndarray) and isinstance(two, np.ndarray):
        return one.ndim == two.ndim
    return type(one) is int and type(two) is int
