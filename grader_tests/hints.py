"""The hint on an answer that is no known mistake: nothing is said that the trials have not shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from grader_tests.array_clues import (
    Array,
    argument_clue,
    cut_clue,
    first_only_clue,
    pattern_of_all,
    shape_clue,
)
from grader_tests.cases import Case, Clue, Trial, Tried
from grader_tests.clues import (
    A_FLOAT,
    KIND,
    OTHER_ERROR,
    PAIR,
    TOO_STRICT,
    amount_clue,
    direction,
    entries_clue,
    error_clue,
    pattern_clue,
)
from grader_tests.judging import ASKS
from grader_tests.matching import same_outcome
from grader_tests.naming import Recognizer
from grader_tests.where import let_through
from student_kit import plain
from student_kit.patterns import Pattern

STATE = (
    "Called again with the same arguments, your function gives another result. What does it keep between calls, or "
    "draw at random?"
)


def hint_on(
    tried: Sequence[Tried],
    recognizer: Recognizer,
    start: str,
    again: Callable[[Case], Trial],
    of_arguments: Callable[[], str],
    of_the_first: Callable[[], str],
    where: Callable[[], str],
) -> str:
    """Return what the first failing aspect points to.

    Parameters
    ----------
    tried : sequence of Tried
        All aspects with their trials.
    recognizer : Recognizer
        Finds a known mistake in one aspect.
    start : str
        What is said where no aspect holds and nothing else can be said.
    again : callable
        Tries the answer once more: on a case that it failed, or on one that a clue names as its example.
    of_arguments : callable
        Says what the answer has done with its arguments, "" where nothing of the kind is shown.
    of_the_first : callable
        Says what it has done with them in the first failing aspect, "" where that aspect does not show it.
    where : callable
        Says in which calls the answer is wrong, "" where no simple property of the arguments tells them apart.

    Returns
    -------
    str
        A stop comes first, then results that change from call to call, then a known mistake that one aspect shows, what
        was done with the arguments, one that was written into, then what all wrong results have in common, then what
        is let through, or which calls are wrong, and the clue of the aspect, sentence by sentence where it has its
        evidence. "" where the message says it all.
    """
    first = next(each for each in tried if not each.held)
    case = first.wrong[0]
    said = _of_the_first(case)
    if said is not None:
        return said
    if not same_outcome(again(case.case).outcome, case.outcome):
        return STATE
    certain = _shown(tried, first, recognizer) or of_arguments() or _of_a_line(tried, first)
    if certain:
        return certain
    results = _results(tried, first)
    together = [trial for each in tried if not each.aspect.apart or each is first for trial in each.wrong]
    common = _in_common(together) or _of_the_aspect(first) or amount_clue(results) or of_the_first()
    if common:
        return common
    clue = TOO_STRICT if _is_refused(case) else _aspect_clue(tried, first, start, again)
    side = "" if clue == TOO_STRICT else direction(results)
    return " ".join(filter(None, (let_through(first.trials), where(), entries_clue(results), clue, side)))


def _shown(tried: Sequence[Tried], first: Tried, recognizer: Recognizer) -> str:
    """Return the known mistake that one aspect shows, the first failing one before others."""
    for each in tried:
        mistake = recognizer.shown(each) if not each.held and (each is first or not each.aspect.apart) else None
        if mistake is not None:
            return f'Under "{each.aspect.name}", your numbers are what comes out when {mistake.says}. {mistake.hint}'
    return ""


def _of_a_line(tried: Sequence[Tried], first: Tried) -> str:
    """Return what is said of one line of code: it stops where nothing holds, or writes into an argument."""
    some = any(each.held for each in tried if not each.aspect.apart and not each.aspect.form)
    case = first.wrong[0]
    if case.outcome.error and not case.right.error and not some and not _is_refused(case):
        return error_clue(case.outcome)
    if any(trial.finding and trial.finding.stage == "values" and trial.outcome.changed for trial in first.wrong):
        return "Your function writes into an array that it was given, and reads it again. Work on a copy first."
    return ""


def _of_the_aspect(first: Tried) -> str:
    """Return what the wrong results of one aspect have in common, with the aspect or the only case that shows it."""
    said = _in_common(first.wrong)
    whats = {trial.case.what for trial in first.wrong}
    where = f"With {whats.pop()}" if len(whats) == 1 else f'Under "{first.aspect.name}"'
    return f"{where}: {said[0].lower()}{said[1:]}" if said else ""


def _of_the_first(trial: Trial) -> str | None:
    """Return what the first wrong case says by itself, None where it takes a look at the others."""
    finding, outcome = trial.finding, trial.outcome
    if finding is None or finding.message == ASKS or finding.stage == "not answered":
        return ""
    if outcome.error and not trial.right.error:
        said = error_clue(outcome)
        return None if said in (KIND, PAIR, TOO_STRICT) else said
    if trial.right.error and outcome.error:
        return "" if "ValueError" in outcome.kinds else OTHER_ERROR
    if finding.stage == "shape" and isinstance(trial.right.value, tuple):
        return ""
    if finding.stage == "dtype":
        return "" if isinstance(trial.right.value, np.ndarray) else A_FLOAT
    if finding.stage == "type":
        several = type(outcome.value) is tuple and isinstance(trial.right.value, np.ndarray)
        return "Your function returns several things, with commas between them. Return the array." if several else ""
    if finding.stage == "inputs":
        return "The numbers are right. Which line writes into an array that was passed in? Copy it first."
    return None


def _is_refused(trial: Trial) -> bool:
    """Return whether the answer refuses a legal call in words of its own."""
    return bool(trial.outcome.error) and not trial.right.error and error_clue(trial.outcome) == TOO_STRICT


def _in_common(wrong: Sequence[Trial]) -> str:
    """Return what all wrong results have in common: shape, infinities, or one pattern; "" where nothing."""
    wrong = [trial for trial in wrong if not trial.case.edge]
    compared = [trial for trial in wrong if trial.answered and trial.finding is not None]
    if not compared or len(compared) < len(wrong):
        return ""
    stages = {trial.finding.stage for trial in compared if trial.finding}
    if "shape" in stages:
        return _of_shapes([trial for trial in compared if trial.finding and trial.finding.stage == "shape"], compared)
    if stages == {"non-finite"}:
        return "Infinities and NaN come from a division by zero, or from values never filled in. Print what you divide."
    if stages == {"dtype"}:
        return ""
    telling = [trial for trial in compared if np.size(trial.right.value) > 1] or compared  # type: ignore[arg-type]
    codes = {trial.finding.code for trial in telling if trial.finding}
    if len(codes) > 1:  # where there is one row or column, the last one is all there is
        codes = {trial.finding.code for trial in telling if trial.finding and _has_lines(trial.right.value)}
        codes = codes if codes == {Pattern.LAST_LINE} else set()
    if len(codes) != 1 or codes & {None, Pattern.ONE_INDEX, Pattern.ALL_BUT_ONE}:
        return pattern_clue(pattern_of_all(_arrays(telling))) or _first_only(telling)
    (code,) = codes
    detail = ""
    if code is Pattern.LAST_LINE:
        lines = {trial.finding.message.partition(": ")[2] for trial in compared if trial.finding}
        detail = f"The results differ {lines.pop()}" if len(lines) == 1 else "The results differ in a last line."
    return pattern_clue(code, detail)


def _first_only(wrong: Sequence[Trial]) -> str:
    """Return along which axis only the first entry is right in all results, "" where along none."""
    both = _arrays(wrong)
    return first_only_clue(both) if all(got.shape == right.shape for got, right in both) else ""


def _arrays(trials: Sequence[Trial]) -> list[tuple[Array, Array]]:
    """Return (returned, expected) of every trial as arrays; nothing where one of them is none."""
    read = [(plain.array(trial.outcome.value), plain.array(trial.right.value)) for trial in trials]
    both = [(got, right) for got, right in read if isinstance(got, np.ndarray) and isinstance(right, np.ndarray)]
    return both if len(both) == len(read) else []


def _has_lines(value: Any) -> bool:
    return min(np.shape(value)[-2:], default=1) > 1


def _of_shapes(wrong: Sequence[Trial], compared: Sequence[Trial]) -> str:
    """Return what results of wrong shape have in common: with an argument, with the right results, or on their axes."""
    both = _arrays(wrong)
    if not both:
        return ""
    alone = len(wrong) == len(compared)
    always = argument_clue([(got.shape, trial.case.arguments) for (got, _), trial in zip(both, wrong, strict=True)])
    cut = cut_clue(both) if alone else ""
    return always or cut or shape_clue([(got.shape, right.shape) for got, right in both], alone=alone)


def _results(tried: Sequence[Tried], first: Tried) -> list[tuple[object, object]]:
    """Return pairs (returned, expected) of numbers and tuples, none for arrays."""
    looked_at = [each for each in tried if not each.aspect.form and (each is first or not each.aspect.apart)]
    trials = [trial for each in looked_at for trial in each.trials if trial.answered]
    pairs = [(trial.outcome.value, trial.right.value) for trial in trials]
    return [] if any(isinstance(right, np.ndarray) for _, right in pairs) else pairs


def _aspect_clue(tried: Sequence[Tried], first: Tried, start: str, again: Callable[[Case], Trial]) -> str:
    """Return the sentences of the aspect's clue that have their evidence."""
    holds = {each.aspect.name for each in tried if each.held}
    if start and not any(each.held for each in tried if not each.aspect.apart and not each.aspect.form):
        return start
    clues = [clue for clue in first.aspect.clues if holds.issuperset(clue.holds) and _is_shown(clue, first.wrong)]
    return " ".join(clue.text for clue in clues if clue.wrong_at is None or again(clue.wrong_at).finding)


def _is_shown(clue: Clue, wrong: Sequence[Trial]) -> bool:
    """Return whether all wrong results show what a clue takes for granted; arrays of the right shape are looked at."""
    if clue.shows is None:
        return True
    read = [plain.array(trial.outcome.value) for trial in wrong if trial.finding and trial.finding.stage == "values"]
    arrays = [numbers for numbers in read if isinstance(numbers, np.ndarray) and numbers.dtype.kind in "iufb"]
    return len(arrays) == len(wrong) and all(clue.shows(numbers) for numbers in arrays)
