"""The calls that a function is tried on, the aspects they belong to, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from grader_tests.question import Generator
from student_kit.call import Outcome
from student_kit.plain import Finding


@dataclass(frozen=True)
class Case:
    """One call of the student's function.

    Attributes
    ----------
    what : str
        What is special about it, for the student ("stride 2 with columns left over"): no hidden numbers.
    arguments, keywords
        What the function is called with; every call gets its own copy.
    look_at : {"result", "amount", "type", "shape", "inputs"}
        Compare the whole result; its numbers but not whether they are ints; only whether they are; only the shape of an
        array; or the result and that the arguments are left unchanged.
    entries : tuple of int, optional
        Positions of a returned tuple that are compared; all where it is None.
    edge : bool
        Whether the settings are so far out that code with one mistake may fail there in many ways: such a case costs
        points, but plays no part in recognizing a mistake that other cases show.
    """

    what: str
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any] = field(default_factory=dict)
    look_at: Literal["result", "amount", "type", "shape", "inputs"] = "result"
    entries: tuple[int, ...] | None = None
    edge: bool = False


@dataclass(frozen=True)
class Clue:
    """A sentence of a hint, and what has to be seen before it may be said.

    Attributes
    ----------
    text : str
        For the student.
    holds : tuple of str
        Names of aspects that have to hold: the evidence for "Without padding it holds."
    wrong_at : Case, optional
        An example that the sentence names: it is said only where the function is wrong there.
    shows : callable, optional
        What every wrong result of the aspect has to show: takes the array that was returned.
    """

    text: str
    holds: tuple[str, ...] = ()
    wrong_at: Case | None = None
    shows: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class Aspect:
    """Something a function has to get right.

    Attributes
    ----------
    name : str
        For the student, such as "stride".
    points : Fraction
        Earned when every case holds.
    cases : callable
        Takes a NumPy Generator, returns the hand-made and the fresh cases.
    clue : str or Clue, or a tuple of them
        What the student is told when this is the first aspect that fails and nothing more special is known: sentences
        that claim nothing, or that name their evidence.
    apart : bool
        Whether it is a matter of its own, such as refusing impossible settings: a known mistake in the other aspects is
        recognized however this one turns out.
    form : bool
        Whether it is about the form of a result only, such as int instead of float: it earns nothing for a function of
        which nothing else holds.
    """

    name: str
    points: Fraction
    cases: Callable[[Generator], Iterable[Case]]
    clue: str | Clue | tuple[str | Clue, ...] = ""
    apart: bool = False
    form: bool = False

    @property
    def clues(self) -> tuple[Clue, ...]:
        """Return the sentences of the clue with their evidence."""
        given = self.clue if isinstance(self.clue, tuple) else (self.clue,)
        return tuple(Clue(each) if isinstance(each, str) else each for each in given if each)


@dataclass(frozen=True)
class Trial:
    """One case, what the student's function made of it, what the reference makes of it, and what is wrong."""

    case: Case
    outcome: Outcome
    right: Outcome
    finding: Finding | None

    @property
    def answered(self) -> bool:
        """Whether both returned something, so that two values can be compared."""
        return not self.outcome.error and not self.right.error and not self.outcome.blank


@dataclass(frozen=True)
class Tried:
    """An aspect with its trials."""

    aspect: Aspect
    trials: tuple[Trial, ...]

    @property
    def wrong(self) -> list[Trial]:
        """Return the trials that did not hold."""
        return [trial for trial in self.trials if trial.finding is not None]

    @property
    def held(self) -> bool:
        """Whether every trial held."""
        return not self.wrong
