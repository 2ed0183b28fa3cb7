"""Checks of questions with numbers of their own for every student: keys are computed here, and lie nowhere else."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

from grader_tests.bank import variant_of
from grader_tests.bank.item import bank
from grader_tests.bank.variant import Variant, filled
from grader_tests.charging import Part, weighted_parts
from grader_tests.course_data import authoring
from grader_tests.question import Diagnosis, Generator, Question
from grader_tests.result import AspectResult
from student_kit import plain
from student_kit.call import Outcome
from student_kit.drawing import student_name
from student_kit.drawn_items import draw
from student_kit.normal_form import normal_numbers
from student_kit.plain import Finding

AUTHORING = authoring()
STUDENT_VARIABLE = "SPLITGRADE_STUDENT"  # the id that the submission's folder has
LONGEST_NAME = 60  # characters of an id that are shown


@dataclass(frozen=True, kw_only=True)
class VariantQuestion(Question):
    """A question whose numbers depend on who answers.

    The answer comes as ``{"answer": v01, "student": student}``. Whose numbers count is decided by the submission's
    folder, which grading names in `STUDENT_VARIABLE`; only where it does not (a notebook that is tried by hand) the
    typed id counts.

    Attributes
    ----------
    course_id, assignment : str
        Parts of the draw.
    """

    kind: ClassVar[str] = "number"

    course_id: str
    assignment: str

    @property
    def asks(self) -> tuple[str, ...]:
        """Return what each of two numbers is; empty where one is asked for."""
        return draw(self.course_id, self.assignment, self.id, "anybody").asks

    def parts(self) -> Sequence[Part]:
        """Return one part for each number."""
        return weighted_parts(self.asks or ("number",), self.points, {})

    def diagnose(self, answer: Outcome, rng: Generator) -> Diagnosis:  # noqa: ARG002 (numbers are drawn by name)
        """Return the verdict on one number or two."""
        value, typed = _taken_apart(answer.value)
        if plain.is_blank(value):
            return Diagnosis(self.unanswered("not answered", "Not answered yet."), answered=False)
        folder = os.environ.get(STUDENT_VARIABLE, "")
        student = student_name(folder) or typed
        if not student:
            message = 'Type your id in quotation marks, as in student = "ada": your numbers depend on it.'
            return Diagnosis(self.unanswered("missing", message))
        index, own = variant_of(self.course_id, self.assignment, self.id, student)
        got = plain.numbers(value, len(self.asks)) if self.asks else _one(value)
        if isinstance(got, Finding):
            return Diagnosis(self.unanswered(got.stage, got.message))
        given = normal_numbers(got, own.item.digits)
        return self._verdict(own, index, given, typed if typed and typed != student else "", student)

    def _verdict(self, own: Variant, index: int, given: tuple[str, ...], other: str, student: str) -> Diagnosis:
        """Return what numbers in their normal form earn; `other` is an id that was typed and is not the student's."""
        aspects = tuple(
            AspectResult(part.name, part.points, part.points)
            if one == right
            else AspectResult(part.name, part.points, Fraction(0), "values", "The number is not right.")
            for part, one, right in zip(self.parts(), given, own.key, strict=True)
        )
        remark: dict[str, Any] = {
            "item": own.item.id,
            "variant": index,
            "answer": list(given),
            "right": given == own.key,
        }
        if other:
            other_index, others = variant_of(self.course_id, self.assignment, self.id, other)
            remark |= {"typed": other, "typed_variant": other_index, "right_there": given == others.key}
        same = [number for number, wrong in enumerate(own.wrong) if wrong == given][:1]
        hints = [filled(own.item.mistakes[number].hint, own.values) for number in same]
        hints += [_differ(other, student)] if other and given != own.key else []
        names = tuple(f"{own.item.id}-{number + 1}" for number in same)
        return Diagnosis(aspects, names, " ".join(hints), remark=remark)

    def topic(self) -> str:
        """Return the topic of the item."""
        return bank()[draw(self.course_id, self.assignment, self.id, "anybody").item].topic

    def explanation(self, student: str) -> str:
        """Return the worked solution with the student's numbers."""
        return variant_of(self.course_id, self.assignment, self.id, student_name(student))[1].solution

    def is_same(self, wrong: Any, answer: Any, rng: Generator) -> bool:  # noqa: ARG002 (nothing is drawn)
        """Return whether two answers are equal."""
        return bool(wrong == answer)

    def source(self, answer: Any, needs: Sequence[Any] = ()) -> str:  # noqa: ARG002 (a value needs nothing)
        """Return an assignment."""
        return f"{self.name} = {answer!r}"


def _taken_apart(value: object) -> tuple[object, str]:
    """Return the answer and the id that was typed; a value that comes alone is the answer."""
    if type(value) is dict and set(value) == {"answer", "student"}:
        typed = value["student"]
        return value["answer"], student_name(typed[:200]) if type(typed) is str else ""
    return value, ""


def _one(value: object) -> list[int | float] | Finding:
    got = plain.number(value)
    return got if isinstance(got, Finding) else [got]


def _differ(typed: str, student: str) -> str:
    """Return what is said where the notebook was made for another id."""
    shown = [name[:LONGEST_NAME] for name in (typed, student)]
    return f'The notebook says "{shown[0]}", it was handed in as "{shown[1]}": the numbers of "{shown[1]}" count.'


def _questions() -> tuple[VariantQuestion, ...]:
    """Return the questions of all assignments that have own numbers; the build holds the files to their rules."""
    course = _table(AUTHORING / "course.toml")
    return tuple(
        VariantQuestion(
            id=one["id"],
            name=one["id"],
            points=Fraction(str(one["points"])),
            course_id=course["course_id"],
            assignment=name,
        )
        for name, table in course["assignments"].items()
        if "variants" in table
        for one in _table(AUTHORING / name / table["variants"])["items"]
    )


def _table(file: Path) -> Mapping[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


QUESTIONS = _questions()
