"""Questions answered by verdicts with reasons: points for the right pair only, each wrong pair is a known mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from grader_tests.answers import WrongAnswer, wrong_answers_of
from grader_tests.charging import Part, charged, entries, weighted_parts
from grader_tests.question import Diagnosis, Generator, Question
from grader_tests.result import AspectResult
from student_kit.call import Outcome
from student_kit.constructed import claims_by_name
from student_kit.plain import Finding

Pair = tuple[bool, str]
CONTRADICTION = "contradiction"  # how the id of that mistake ends


@dataclass(frozen=True, kw_only=True)
class ClaimsQuestion(Question):
    """A question answered by a dict of pairs (verdict, letter of a reason); each pair earns its share.

    Attributes
    ----------
    pairs : mapping of str to (bool, str)
        The right pairs.
    speaks_for : mapping of str to mapping of str to bool
        For each claim its reasons by letter, each with the verdict that it speaks for.
    """

    kind: ClassVar[str] = "entries"

    pairs: Mapping[str, Pair]
    speaks_for: Mapping[str, Mapping[str, bool]]

    def __post_init__(self) -> None:
        if set(self.pairs) != set(self.speaks_for):
            raise ValueError(f"{self.id}: every claim needs reasons, got {sorted(self.speaks_for)}")
        for key, (verdict, letter) in self.pairs.items():
            if self.speaks_for[key].get(letter) is not verdict:
                raise ValueError(f"{self.id}, {key}: the right reason must be one that speaks for {verdict}")

    @property
    def letters(self) -> str:
        """Return the letters of the reasons."""
        return "".join(sorted({letter for reasons in self.speaks_for.values() for letter in reasons}))

    def parts(self) -> Sequence[Part]:
        """Return one part for each claim."""
        return weighted_parts(tuple(self.pairs), self.points, {})

    def diagnose(self, answer: Outcome, rng: Generator) -> Diagnosis:  # noqa: ARG002 (nothing is drawn)
        """Return the verdict on each pair."""
        read = claims_by_name(answer.value, tuple(self.pairs), self.letters)
        if isinstance(read, Finding):
            return Diagnosis(self.unanswered(read.stage, read.message))
        verdicts = tuple(self._verdict(part, read[part.name]) for part in self.parts())
        given = {key: pair for key, pair in read.items() if not isinstance(pair, Finding)}
        same = [wrong for wrong in wrong_answers_of(self.id) if self._is_in(given, wrong)]
        causes = [(wrong, (key,)) for wrong in same for key in self._wrong_by(given, wrong)]  # each claim is paid for
        return entries(charged(self, verdicts, causes), same)

    def source(self, answer: Any, needs: Sequence[Any] = ()) -> str:  # noqa: ARG002 (a value needs nothing)
        """Return an assignment of the dict, completed by the right pairs."""
        lines = [f"    {key!r}: {pair!r}," for key, pair in {**self.pairs, **answer}.items()]
        return "\n".join([f"{self.name} = {{", *lines, "}"])

    def _is_in(self, given: Mapping[str, Pair], wrong: WrongAnswer) -> bool:
        if wrong.id.endswith(CONTRADICTION):
            return any(self._contradicts(key, pair) for key, pair in given.items())
        return all(given.get(key) == pair for key, pair in wrong.answer.items())

    def _wrong_by(self, given: Mapping[str, Pair], wrong: WrongAnswer) -> Iterator[str]:
        """Yield the claims that a known mistake explains."""
        if not wrong.id.endswith(CONTRADICTION):
            yield from wrong.answer
            return
        yield from (key for key, pair in given.items() if self._contradicts(key, pair))

    def _contradicts(self, key: str, pair: Pair) -> bool:
        return self.speaks_for[key].get(pair[1]) is not pair[0]

    def _verdict(self, part: Part, got: Pair | Finding) -> AspectResult:
        if got == self.pairs[part.name]:
            return AspectResult(part.name, part.points, part.points)
        finding = got if isinstance(got, Finding) else Finding("values", self._said(part.name, got))
        return AspectResult(part.name, part.points, Fraction(0), finding.stage, finding.message)

    def _said(self, key: str, got: Pair) -> str:
        if self._contradicts(key, got):
            return "The reason does not speak for the verdict."
        return (
            "The verdict is right, the reason is not." if got[0] is self.pairs[key][0] else "The verdict is not right."
        )
