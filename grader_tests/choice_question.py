"""Questions answered by a choice: one letter, or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from grader_tests.answers import wrong_answers_of
from grader_tests.charging import Part, charged
from grader_tests.question import Diagnosis, Generator, Question
from grader_tests.result import AspectResult
from student_kit import plain
from student_kit.call import Outcome
from student_kit.plain import Finding


@dataclass(frozen=True, kw_only=True)
class ChoiceQuestion(Question):
    """A question answered by a letter, by letters, or by a number out of the options.

    Attributes
    ----------
    key : str
        The right letter, or the right letters in alphabetical order.
    options : str
        All letters, such as "abcd".
    hints : mapping of str to str
        What is said of a wrong letter.
    several : bool
        Whether more than one letter may be right; order, commas and spaces of the answer do not count.
    why : str
        Why the key is right, for after the deadline.
    """

    kind: ClassVar[str] = "letters"

    key: str
    options: str
    hints: Mapping[str, str] = field(default_factory=dict)
    several: bool = False
    why: str = ""

    def __post_init__(self) -> None:
        if not self.key or set(self.key) - set(self.options) or (len(self.key) > 1 and not self.several):
            raise ValueError(f"{self.id}: the key must be out of the options {self.options!r}, got {self.key!r}")

    def parts(self) -> Sequence[Part]:
        """Return the only part."""
        return (Part("choice", self.points),)

    def diagnose(self, answer: Outcome, rng: Generator) -> Diagnosis:  # noqa: ARG002 (nothing is drawn)
        """Return the verdict on the letters."""
        got = plain.letters(answer.value, self.options, self.several)
        if isinstance(got, Finding):
            return Diagnosis(self.unanswered(got.stage, got.message))
        if got == self.key:
            return Diagnosis((AspectResult("choice", self.points, self.points),))
        said = [self.hints[letter] for letter in got if letter not in self.key and letter in self.hints]
        same = [wrong for wrong in wrong_answers_of(self.id) if wrong.answer == got]
        verdicts = self.unanswered("values", f"({', '.join(got)}) is not the right choice.")
        verdicts = charged(self, verdicts, [(wrong, ("choice",)) for wrong in same])
        return Diagnosis(verdicts, tuple(wrong.id for wrong in same), " ".join(said) or (same[0].hint if same else ""))

    def explanation(self, student: str) -> str:  # noqa: ARG002 (the same for everybody)
        """Return the key and why it is right."""
        return f"The right choice is **{', '.join(self.key)}**. {self.why}" if self.why else ""

    def source(self, answer: Any, needs: Sequence[Any] = ()) -> str:  # noqa: ARG002 (a value needs nothing)
        """Return an assignment."""
        return f"{self.name} = {answer!r}"
