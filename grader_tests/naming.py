"""Recognizing known mistakes by recomputing them on every case, and what they cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from grader_tests.answers import WrongAnswer, wrong_answers_of
from grader_tests.cases import Trial, Tried
from grader_tests.draw import Draw
from grader_tests.matching import matches, returned, same_outcome
from student_kit.call import Outcome

FEW_NUMBERS = 4  # wrong numbers that have to agree before one aspect alone is taken as evidence


@dataclass(frozen=True)
class Proved:
    """A known mistake that explains an answer.

    Attributes
    ----------
    wrong : WrongAnswer
        The mistake.
    covers : frozenset of str
        Names of the failing aspects that it explains.
    """

    wrong: WrongAnswer
    covers: frozenset[str]


class Recognizer:
    """Recomputes the known mistakes of a question on the cases that an answer was tried on."""

    def __init__(self, question: str, tried: Sequence[Tried], draw: Draw) -> None:
        self._known = wrong_answers_of(question)
        self._tried, self._draw = tried, draw

    def proved(self) -> list[Proved]:
        """Return the mistakes that explain the answer on all cases, passing ones included.

        What stands apart is a matter of its own: there, a mistake counts as well where everything else holds.
        """
        core = [each for each in self._tried if not each.aspect.apart]
        broken = [each for each in self._tried if each.aspect.apart and not each.held]
        if any(not each.held for each in core):
            best = self._best([self._covering(wrong, core, broken) for wrong in self._known])
            return [best] if best else []
        found: list[Proved] = []
        for each in broken:
            if any(each.aspect.name in one.covers for one in found):
                continue
            best = self._best([self._covering(wrong, [*core, each], broken) for wrong in self._known])
            found += [best] if best else []
        return found

    def shown(self, each: Tried) -> WrongAnswer | None:
        """Return the mistake that explains one failing aspect, where its numbers leave no doubt."""
        trials = [trial for trial in each.trials if not trial.case.edge]
        if _wrong_numbers(trials) < FEW_NUMBERS:
            return None
        failing = {other.aspect.name for other in self._tried if not other.held}
        fitting = [wrong for wrong in self._known if matches(self._pairs(wrong, trials))]
        # Alone, it would not break what the answer gets right; and it would be seen where the answer first fails.
        first = next((other for other in self._tried if not other.held and _has_values(other)), each)
        return next(
            (w for w in fitting if set(self._breaks(w)) <= failing and (each is first or self._is_wrong(w, first))),
            None,
        )

    def _covering(self, wrong: WrongAnswer, together: Sequence[Tried], broken: Sequence[Tried]) -> Proved | None:
        """Return which failing aspects a mistake explains, None where it does not explain those in `together`."""
        trials = [trial for each in together for trial in each.trials]
        clear = [trial for trial in trials if not trial.case.edge]
        if all(trial.finding is None for trial in clear):
            clear = trials
        if not matches(self._pairs(wrong, clear)):
            return None
        also = [each for each in broken if matches(self._pairs(wrong, each.trials))]
        return Proved(wrong, frozenset(each.aspect.name for each in (*together, *also) if not each.held))

    def _best(self, found: Sequence[Proved | None]) -> Proved | None:
        return max((each for each in found if each is not None), key=lambda each: len(each.covers), default=None)

    def _pairs(self, wrong: WrongAnswer, trials: Sequence[Trial]) -> Iterator[tuple[Trial, Outcome]]:
        return ((trial, self._draw.of_mistake(wrong, trial.case)) for trial in trials)

    def _breaks(self, wrong: WrongAnswer) -> Iterator[str]:
        """Yield the names of the aspects that a mistake alone would break; refusals and edges aside."""
        for each in self._tried:
            if each.held and self._is_wrong(wrong, each):
                yield each.aspect.name

    def _is_wrong(self, wrong: WrongAnswer, each: Tried) -> bool:
        """Return whether a mistake alone gives a wrong result in an aspect; refusals and edges aside."""
        trials = [trial for trial in each.trials if not trial.right.error and not trial.case.edge]
        return any(not _agree(self._draw.of_mistake(wrong, trial.case), trial) for trial in trials)


def _has_values(each: Tried) -> bool:
    """Return whether an aspect is about numbers, not only about shapes."""
    return any(trial.case.look_at != "shape" for trial in each.trials)


def _agree(other: Outcome, trial: Trial) -> bool:
    return same_outcome(trial.right, other, exact_type=trial.case.look_at == "type") or trial.case.look_at == "shape"


def _wrong_numbers(trials: Sequence[Trial]) -> int:
    """Return how many numbers the wrong results of an aspect show; none where they are all the same."""
    wrong = [trial for trial in trials if trial.answered and trial.finding]
    told = [trial for trial in wrong if trial.finding and trial.finding.stage in ("values", "shape")]
    numbers = returned(told)
    return numbers.size if np.unique(numbers).size > 1 else 0  # one number again and again shows nothing
