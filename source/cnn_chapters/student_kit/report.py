"""Trying the public examples of a question, or the form of its answer."""

from __future__ import annotations

from dataclasses import dataclass
from types import CodeType
from typing import Literal

import numpy as np

from student_kit.call import Outcome, call, value_of
from student_kit.example import REFUSED, Example, FunctionExamples
from student_kit.examples import FORMS, FUNCTIONS
from student_kit.form import Letters
from student_kit.inputs import inputs
from student_kit.plain import Finding, array, is_blank, type_name
from student_kit.stages import COMPARISONS, compare_array

Status = Literal["holds", "answered", "fails", "not answered"]

SMALL = 40  # numbers; larger results are not printed in full
BLANK = "Not answered yet."  # what the head of a report says as well
NO_RETURN = "Your function returned nothing (None); is there a `return`?"
# The given lines of a step return zeros; no step has an example whose results are zeros.
GIVEN_LINES = "Only zeros come back: a line that is yours to write is still missing, here or in a step before."


@dataclass(frozen=True)
class Report:
    """How an answer stands in the open part of a check.

    Attributes
    ----------
    question : str
        Id of the question.
    status : {"holds", "answered", "fails", "not answered"}
        "holds" where all public examples do; "answered" where only the form can be judged, and is legal.
    lines : tuple of str
        What the student is told.
    failing : int or None
        Place of the first public example that fails.
    """

    question: str
    status: Status
    lines: tuple[str, ...]
    failing: int | None = None


def report(question_id: str, answer: object) -> Report:
    """Return how an answer stands; nothing that the answer does raises."""
    found = value_of(answer)
    if found.error == "NameError":
        return Report(question_id, "not answered", (f"The name does not exist yet: {found.message}.",))
    if found.error:
        return Report(question_id, "fails", (f"Looking it up stopped with {found.error}: {found.message}",))
    if is_blank(found.value):
        return Report(question_id, "not answered", ())
    if question_id in FUNCTIONS:
        return _function(question_id, FUNCTIONS[question_id], found.value)
    return _value(question_id, found.value)


def _value(question_id: str, value: object) -> Report:
    form = FORMS.get(question_id)
    if form is None:
        return Report(question_id, "answered", ("There is no public check for this question.",))
    finding = form.finding(value)
    if finding is not None:
        status: Status = "not answered" if finding.stage == "not answered" else "fails"
        return Report(question_id, status, tuple(line for line in finding.message.splitlines() if line != BLANK))
    legal = f" (legal: {form.legal()})" if isinstance(form, Letters) else ""
    return Report(question_id, "answered", (f"The form is fine{legal}. Whether it is right is not checked here.",))


def _function(question_id: str, public: FunctionExamples, function: object) -> Report:
    if not callable(function):
        return Report(
            question_id, "fails", (f"`{public.name}` should be a function, but it is {type_name(function)}.",)
        )
    tried = [(example, call(function, example.arguments, example.keywords)) for example in public.examples]
    if all(outcome.blank for _, outcome in tried):
        forgot = all(not outcome.error for _, outcome in tried) and _is_begun(function)
        return Report(question_id, "not answered", (NO_RETURN,) if forgot else ())
    if public.step and all(_only_zeros(outcome) for _, outcome in tried):
        return Report(question_id, "not answered", (GIVEN_LINES,))
    findings = [compare(public, example, outcome) for example, outcome in tried]
    failing = next((place for place, finding in enumerate(findings) if finding), None)
    if failing is None:
        return Report(question_id, "holds", tuple(f"{example.call} ✓" for example in public.examples))
    lines: list[str] = []
    for place, ((example, outcome), finding) in enumerate(zip(tried, findings, strict=True)):
        lines.append(f"{example.call}: {finding.message}" if finding else f"{example.call} ✓")
        if place == failing:  # the others are named, their numbers would only be long
            lines += (*inputs(question_id, place, example), *_side_by_side(example, outcome))
    return Report(question_id, "fails", tuple(lines), failing)


def compare(public: FunctionExamples, example: Example, outcome: Outcome) -> Finding | None:
    """Return what is wrong with one public example, None where it holds."""
    if example.expected is REFUSED:
        if not outcome.error:
            return Finding("error", "This should raise a ValueError, but your function returned a result.")
        if "ValueError" not in outcome.kinds:
            return Finding("error", f"This should raise a ValueError; your function raised {outcome.error}.")
        return None
    if outcome.error:
        return Finding("error", f"Your function stopped with {outcome.error}: {outcome.message or 'no message'}")
    if outcome.blank:
        return Finding("not answered", NO_RETURN)
    if outcome.changed:
        return Finding("inputs", "Your function changed an array it was given; work on a copy.")
    if public.returns == "array":
        return compare_array(outcome.value, np.asarray(example.expected, dtype=float), public.tolerance)
    return COMPARISONS[public.returns](outcome.value, example.expected)


def _is_begun(function: object) -> bool:
    """Return whether a function does anything: it has names of its own or uses others, as no blank one does."""
    code = getattr(function, "__code__", None)
    if type(code) is not CodeType:
        return False
    return bool(code.co_names) or len(code.co_varnames) > code.co_argcount + code.co_kwonlyargcount


def _only_zeros(outcome: Outcome) -> bool:
    """Return whether a call gave numbers, all of them 0."""
    got = array(outcome.value)
    return not isinstance(got, Finding) and not got.any()


def _side_by_side(example: Example, outcome: Outcome) -> tuple[str, ...]:
    """Return own and expected result; both belong to a public example, so nothing is given away."""
    if example.expected is REFUSED or outcome.error or outcome.blank:
        return ()
    got = array(outcome.value)
    if isinstance(got, Finding) or got.size > SMALL:
        return (f"  expected: {_text(example.expected)}",)
    own = outcome.value if type(outcome.value) is tuple else got
    return (f"  yours:    {_text(own)}", f"  expected: {_text(example.expected)}")


def _text(value: object) -> str:
    """Return numbers on one line, as Python writes them."""
    numbers = np.asarray(value)
    rounded = np.round(numbers, 6) if numbers.dtype.kind == "f" else numbers
    return str(tuple(rounded.tolist()) if isinstance(value, tuple) else rounded.tolist())
