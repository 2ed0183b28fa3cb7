"""Questions answered by numbers or words: one number, a dict of numbers, a dict of sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, ClassVar

from grader_tests.answers import wrong_answers_of
from grader_tests.charging import Part, charged, entries, named, weighted_parts
from grader_tests.question import Diagnosis, Generator, Question
from grader_tests.result import AspectResult
from student_kit import plain
from student_kit.call import Outcome
from student_kit.plain import Finding

Number = int | float


TELLING = 20  # smaller numbers come out for more reasons than one
FOLLOWS = "It follows from your other numbers, and comes right with them."
TELLS_NOTHING = Finding("values", "The same for every entry: that tells nothing apart.")


def tells_nothing(read: Mapping[str, object], expected: Mapping[str, object]) -> bool:
    """Return whether all entries that are filled in are alike, though the right ones are not: zeros, empty sets."""
    given = [name for name, got in read.items() if not isinstance(got, Finding)]
    alike = len({read[name] for name in given}) == 1 < len(given)
    return alike and len({expected[name] for name in given}) > 1


def is_close(got: Number, expected: Number, tolerance: float) -> bool:
    """Return whether a number holds: exactly where the tolerance is 0, else within `tolerance` of the expected one."""
    return got == expected if not tolerance else abs(got - expected) <= tolerance


def wrong_number(got: Number, expected: Number, clue: str) -> Finding:
    """Return what is said of a wrong number: never the right one."""
    said = "The number is not right."
    if isinstance(expected, int) and got != int(got):
        said = "The number is not right: it should be a whole number."
    return Finding("values", f"{said} {clue}".rstrip())


@dataclass(frozen=True, kw_only=True)
class NumberQuestion(Question):
    """A question answered by one number.

    Attributes
    ----------
    expected : int or float
        The right number.
    tolerance : float
        Largest accepted difference, 0 for exact.
    clue : str
        Where to look, said of every wrong number.
    why : str
        Why the number is right, for after the deadline.
    """

    kind: ClassVar[str] = "number"

    expected: Number
    tolerance: float = 0.0
    clue: str = ""
    why: str = ""

    def parts(self) -> Sequence[Part]:
        """Return the only part."""
        return (Part("number", self.points),)

    def diagnose(self, answer: Outcome, rng: Generator) -> Diagnosis:  # noqa: ARG002 (nothing is drawn)
        """Return the verdict on a number."""
        got = plain.number(answer.value)
        if isinstance(got, Finding):
            return Diagnosis(self.unanswered(got.stage, got.message))
        if is_close(got, self.expected, self.tolerance):
            return Diagnosis((AspectResult("number", self.points, self.points),))
        finding = wrong_number(got, self.expected, self.clue)
        verdicts = self.unanswered(finding.stage, finding.message)
        same = [wrong for wrong in wrong_answers_of(self.id) if is_close(got, wrong.answer, self.tolerance)]
        return named(charged(self, verdicts, [(wrong, ("number",)) for wrong in same]), same)

    def explanation(self, student: str) -> str:  # noqa: ARG002 (the same for everybody)
        """Return the number and why it is right."""
        return f"The right number is **{self.expected:,}**. {self.why}" if self.why else ""

    def source(self, answer: Any, needs: Sequence[Any] = ()) -> str:  # noqa: ARG002 (a value needs nothing)
        """Return an assignment."""
        return f"{self.name} = {answer!r}"


@dataclass(frozen=True, kw_only=True)
class NumbersQuestion(Question):
    """A question answered by a dict of numbers; each entry earns its share.

    The same number for every entry earns nothing.

    Attributes
    ----------
    expected : mapping of str to int or float
        The right numbers.
    tolerance : float
        Largest accepted difference, 0 for exact.
    clues : mapping of str to str
        Where to look, said of every wrong number under that key.
    weights : mapping of str to int
        How much an entry is worth beside the others, 1 where none is given: hard ones more than recall.
    derived : mapping of str to callable
        Entries that follow from others, such as a total: takes the student's numbers. A wrong one that follows from the
        student's own is told so, instead of its clue.
    """

    kind: ClassVar[str] = "entries"

    expected: Mapping[str, Number]
    tolerance: float = 0.0
    clues: Mapping[str, str] = field(default_factory=dict)
    weights: Mapping[str, int] = field(default_factory=dict)
    derived: Mapping[str, Callable[[Mapping[str, Number]], Number]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for what, given in (("clues", self.clues), ("weights", self.weights), ("derived numbers", self.derived)):
            unknown = sorted(set(given) - set(self.expected))
            if unknown:
                raise ValueError(f"{self.id}: {what} must belong to expected numbers, got {unknown}")
        if any(weight < 1 for weight in self.weights.values()):
            raise ValueError(f"{self.id}: a weight must be a whole number of at least 1, got {dict(self.weights)}")

    def parts(self) -> Sequence[Part]:
        """Return one part for each number."""
        return weighted_parts(tuple(self.expected), self.points, self.weights)

    def diagnose(self, answer: Outcome, rng: Generator) -> Diagnosis:  # noqa: ARG002 (nothing is drawn)
        """Return the verdict on each number of a dict."""
        read = plain.numbers_by_name(answer.value, tuple(self.expected))
        if isinstance(read, Finding):
            return Diagnosis(self.unanswered(read.stage, read.message))
        if tells_nothing(read, self.expected):
            return Diagnosis(self.unanswered(TELLS_NOTHING.stage, TELLS_NOTHING.message))
        verdicts = tuple(self._verdict(part, read) for part in self.parts())
        known = [wrong for wrong in wrong_answers_of(self.id) if self._is_in(read, wrong.answer)]
        same = [wrong for wrong in known if not any(set(wrong.answer) < set(wider.answer) for wider in known)]
        diagnosis = entries(charged(self, verdicts, [(wrong, tuple(wrong.answer)) for wrong in same]), same)
        explained = {name for wrong in same for name in wrong.answer}
        unknown = [verdict.name for verdict in verdicts if not verdict.held and verdict.name not in explained]
        return replace(diagnosis, hint=" ".join(filter(None, (diagnosis.hint, self._partly(read, unknown)))))

    def source(self, answer: Any, needs: Sequence[Any] = ()) -> str:  # noqa: ARG002 (a value needs nothing)
        """Return an assignment of the dict, completed by the right numbers."""
        return f"{self.name} = { {**self.expected, **answer}!r}"

    def _is_in(self, read: Mapping[str, Number | Finding], wrong: Mapping[str, Number]) -> bool:
        """Return whether every entry of a wrong answer was given."""
        given = ((read[name], value) for name, value in wrong.items())
        return all(not isinstance(got, Finding) and is_close(got, value, self.tolerance) for got, value in given)

    def _partly(self, read: Mapping[str, Number | Finding], unknown: Sequence[str]) -> str:
        """Return which known mistakes were made in some entries only: a large number comes from just one of them."""
        said: dict[str, list[str]] = {}
        for name in unknown:
            alike = [
                w for w in wrong_answers_of(self.id) if name in w.answer and self._is_in(read, {name: w.answer[name]})
            ]
            if len(alike) == 1 and alike[0].says and abs(alike[0].answer[name]) >= TELLING:
                said.setdefault(f"{alike[0].says}. {alike[0].hint}", []).append(f'"{name}"')
        return " ".join(f"Under {' and '.join(names)}, this comes out when {why}" for why, names in said.items())

    def _verdict(self, part: Part, read: Mapping[str, Number | Finding]) -> AspectResult:
        got = read[part.name]
        if not isinstance(got, Finding):
            if is_close(got, self.expected[part.name], self.tolerance):
                return AspectResult(part.name, part.points, part.points)
            clue = FOLLOWS if self._follows(part.name, got, read) else self.clues.get(part.name, "")
            got = wrong_number(got, self.expected[part.name], clue)
        return AspectResult(part.name, part.points, Fraction(0), got.stage, got.message)

    def _follows(self, name: str, got: Number, read: Mapping[str, Number | Finding]) -> bool:
        """Return whether a number is what comes out of the student's other ones."""
        given = {key: value for key, value in read.items() if not isinstance(value, Finding)}
        if name not in self.derived:
            return False
        with suppress(KeyError, ZeroDivisionError):
            own = self.derived[name](given)
            return is_close(got, own, max(self.tolerance, 1e-9 * abs(own)))
        return False


@dataclass(frozen=True, kw_only=True)
class SetsQuestion(Question):
    """A question answered by a dict of sets of words; each set earns its share.

    The same set for every entry, such as an empty one, earns nothing.

    Attributes
    ----------
    expected : mapping of str to frozenset of str
        The right sets.
    vocabulary : frozenset of str
        Words that the notebook prints; others are refused by name.
    member_hints : mapping of (key, word) to str
        What is said of a word that does not belong into a set.
    missing_hints : mapping of (key, word) to str
        What is said where a word is missing; it should not name the word.
    synonyms : mapping of (key, word) to str
        Words that stand for another one of the vocabulary in one entry.
    """

    kind: ClassVar[str] = "entries"

    expected: Mapping[str, frozenset[str]]
    vocabulary: frozenset[str]
    member_hints: Mapping[tuple[str, str], str] = field(default_factory=dict)
    missing_hints: Mapping[tuple[str, str], str] = field(default_factory=dict)
    synonyms: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = frozenset().union(*self.expected.values()) - self.vocabulary
        if unknown:
            raise ValueError(f"{self.id}: expected words must be in the vocabulary, got {sorted(unknown)}")

    def parts(self) -> Sequence[Part]:
        """Return one part for each set."""
        return weighted_parts(tuple(self.expected), self.points, {})

    def diagnose(self, answer: Outcome, rng: Generator) -> Diagnosis:  # noqa: ARG002 (nothing is drawn)
        """Return the verdict on each set of a dict."""
        read = plain.sets_of_text(answer.value, tuple(self.expected))
        if isinstance(read, Finding):
            return Diagnosis(self.unanswered(read.stage, read.message))
        read = {key: self._without_synonyms(key, words) for key, words in read.items()}
        if tells_nothing(read, self.expected):
            return Diagnosis(self.unanswered(TELLS_NOTHING.stage, TELLS_NOTHING.message))
        verdicts = tuple(self._verdict(part, read[part.name]) for part in self.parts())
        same = [w for w in wrong_answers_of(self.id) if all(read[key] == words for key, words in w.answer.items())]
        return entries(charged(self, verdicts, [(wrong, tuple(wrong.answer)) for wrong in same]), same)

    def source(self, answer: Any, needs: Sequence[Any] = ()) -> str:  # noqa: ARG002 (a value needs nothing)
        """Return an assignment of the dict, completed by the right sets; words in alphabetical order."""
        full = {**self.expected, **answer}
        lines = [f"    {key!r}: {_set_source(words)}," for key, words in full.items()]
        return "\n".join([f"{self.name} = {{", *lines, "}"])

    def _without_synonyms(self, key: str, words: frozenset[str] | Finding) -> frozenset[str] | Finding:
        return words if isinstance(words, Finding) else frozenset(self.synonyms.get((key, w), w) for w in words)

    def _verdict(self, part: Part, got: frozenset[str] | Finding) -> AspectResult:
        if got == self.expected[part.name]:
            return AspectResult(part.name, part.points, part.points)
        finding = got if isinstance(got, Finding) else self._wrong_set(part.name, got)
        return AspectResult(part.name, part.points, Fraction(0), finding.stage, finding.message)

    def _wrong_set(self, key: str, got: frozenset[str]) -> Finding:
        foreign = sorted(got - self.vocabulary)
        if foreign:
            words = ", ".join(f'"{word[:40]}"' for word in foreign[:3])
            return Finding("type", f"Not in the printed list of words: {words}.")
        extra, missing = sorted(got - self.expected[key]), sorted(self.expected[key] - got)
        said = [self.member_hints.get((key, word), f'"{word}" does not belong here.') for word in extra]
        said += list(dict.fromkeys(self.missing_hints.get((key, word), "Something is missing.") for word in missing))
        return Finding("values", " ".join(said))


def _set_source(words: frozenset[str]) -> str:
    return "{" + ", ".join(repr(word) for word in sorted(words)) + "}" if words else "set()"
