"""Constructions are tried, not compared: examples nobody wrote down earn their points, near misses do not."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

import grader_tests
from grader_tests.answers import right_answers, wrong_answers_of
from grader_tests.claims_question import ClaimsQuestion
from grader_tests.construct_question import ConstructQuestion
from grader_tests.questions.construct39 import only_zeros
from student_kit.report import report

ASKED = {
    name: question
    for name, question in grader_tests.QUESTIONS.items()
    if isinstance(question, ConstructQuestion | ClaimsQuestion)
}


def right(name: str) -> dict[str, object]:
    """Return the right answer of a question, as its source says it."""
    names: dict[str, object] = {"np": np}
    exec(ASKED[name].source({}), names)  # noqa: S102 (our own text)
    found = names[ASKED[name].name]
    assert isinstance(found, dict)
    return found


def earned(name: str, answer: object, seed: int = 1) -> Fraction:
    """Return the points of an answer."""
    return grader_tests.examine(name, lambda: answer, seed).earned


@pytest.mark.parametrize("name", ASKED)
def test_the_own_example_earns_all_and_a_blank_nothing(name: str) -> None:
    """The course's construction holds on every seed; an untouched answer is not answered."""
    assert [earned(name, right(name), seed) for seed in range(5)] == [ASKED[name].points] * 5
    assert report(name, lambda: right(name)).status == "answered"
    blank = dict.fromkeys(right(name), ...)
    assert not grader_tests.examine(name, lambda: blank, seed=1).answered
    assert report(name, lambda: blank).status == "not answered"


@pytest.mark.parametrize("name", [name for name, asked in ASKED.items() if isinstance(asked, ClaimsQuestion)])
def test_claims_take_letters_in_any_form_and_each_contradiction_costs_its_claim(name: str) -> None:
    """Whether "c)", "C" or ["c"], it is c; verdicts turned around earn nothing, though all of them are one mistake."""
    pairs = right(name)
    forms = itertools.cycle([str.upper, "{})".format, "({}) ".format, lambda letter: [letter], np.str_])
    free = {key: [verdict, form(letter)] for (key, (verdict, letter)), form in zip(pairs.items(), forms, strict=False)}
    assert earned(name, free) == ASKED[name].points
    assert earned(name, {key: (not verdict, letter) for key, (verdict, letter) in pairs.items()}) == 0


@pytest.mark.parametrize("name", ASKED)
def test_each_entry_earns_its_own_points(name: str) -> None:
    """An entry that is left out, or holds something strange, costs its points and no others."""
    question = ASKED[name]
    strange = [
        ...,
        None,
        "12",
        object(),
        float("nan"),
        [[1], [2, 3]],
        {"a": 1},
        True,
        lambda: 1,
        np.ones((70, 70)),
        10**400,
    ]
    for part in question.parts():
        for value in strange:
            result = grader_tests.examine(name, lambda: {**right(name), part.name: value}, seed=1)  # noqa: B023
            verdicts = {aspect.name: aspect.held for aspect in result.aspects}
            assert not verdicts.pop(part.name), (part.name, value)
            needs = {"conditions"} if part.name == "table" else set()  # judged together with the table
            assert all(verdicts[other] for other in set(verdicts) - needs), (part.name, value)


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("value", [[], 3, "text", {1: 2}, np.zeros(3), type("Dict", (dict,), {})()])
def test_what_is_no_dict_is_named(name: str, value: object) -> None:
    """A value of another kind earns nothing, and the student is told what is asked for, before and after."""
    result = grader_tests.examine(name, lambda: value, seed=1)
    assert result.earned == 0
    assert {aspect.stage for aspect in result.aspects} == {"type"}
    assert report(name, lambda: value).status == "fails"


@pytest.mark.parametrize("name", [name for name, q in ASKED.items() if isinstance(q, ClaimsQuestion)])
def test_every_wrong_pair_is_a_known_mistake(name: str) -> None:
    """Whichever wrong pair is chosen, it costs its share and has a hint; the form never says which one is right."""
    question = ASKED[name]
    assert isinstance(question, ClaimsQuestion)
    for key, verdict, letter in itertools.product(question.pairs, (True, False), question.letters):
        answer = {**right(name), key: (verdict, letter)}
        assert report(name, lambda: answer).status == "answered"  # noqa: B023
        result = grader_tests.examine(name, lambda: answer, seed=1)  # noqa: B023
        if question.pairs[key] == (verdict, letter):
            assert result.earned == question.points
        else:
            assert result.earned == question.points * (1 - Fraction(1, len(question.pairs)))
            assert result.misconceptions
            assert result.hint


@pytest.mark.parametrize("name", ASKED)
def test_at_least_six_right_answers_and_several_mistakes_are_known(name: str) -> None:
    """Each question was tried with six constructions of different make, and names its typical mistakes."""
    assert sum(known.question == name for known in right_answers().values()) >= 6
    assert len(wrong_answers_of(name)) >= 3


def test_even_filters_and_no_others_have_no_same_padding() -> None:
    """Over all small layers exactly the even filters are accepted."""
    for size, kernel_size in itertools.product(range(1, 15), range(1, 12)):
        got = earned("ex39-stride-padding", {"no_same": (size, kernel_size), "wasteful": ..., "border_image": ...})
        assert bool(got) == (kernel_size % 2 == 0)


@pytest.mark.parametrize(
    ("size", "kernel_size", "padding", "share"), [(16, 3, 9, 175), (28, 3, 15, 559), (6, 3, 4, 20)]
)
def test_shares_of_zeros_are_those_of_counted_outputs(size: int, kernel_size: int, padding: int, share: int) -> None:
    """A convolution of ones with ones says which outputs see nothing: 175 of 256, 559 of 784, 20 of 36."""
    ones = np.pad(np.ones((size, size)), padding)
    starts = range(0, size + 2 * padding - kernel_size + 1, 2)
    seen = [ones[i : i + kernel_size, j : j + kernel_size].sum() for i in starts for j in starts]
    assert sum(total == 0 for total in seen) == share
    assert only_zeros(size, kernel_size, padding) == Fraction(share, size * size)


def test_only_border_pixels_need_their_border() -> None:
    """Of the 25 places for a bright pixel exactly the 16 at the border are accepted."""
    accepted = []
    for row, column in itertools.product(range(5), range(5)):
        image = np.zeros((5, 5))
        image[row, column] = 3
        if earned("ex39-stride-padding", {"no_same": ..., "wasteful": ..., "border_image": image}):
            accepted.append((row, column))
    assert accepted == [place for place in itertools.product(range(5), range(5)) if {0, 4} & set(place)]


def test_the_largest_reduction_is_where_both_ways_cost_the_same() -> None:
    """231 channels save, 232 do not: r · (256 + 25 · 96) against 25 · 96 · 256."""
    assert 231 * (256 + 25 * 96) < 25 * 96 * 256 < 232 * (256 + 25 * 96)
    only = {"mix": ..., "pair": ...}
    accepted = [r for r in range(225, 260) if earned("ex42-role", {**only, "largest_reduced": r})]
    assert accepted == [231]


def test_learning_rates_between_the_two_limits_are_accepted() -> None:
    """Above 0.0098 the raw table diverges; from about 0.1 to 1.3 the standardized one arrives in 50 steps."""
    blank = {"table": ..., "conditions": ..., "raw_weights": ..., "unit": ...}
    rates = (0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 1.3, 1.35, 2.0)
    accepted = [rate for rate in rates if earned("ex44-why", {**blank, "rate": rate})]
    assert accepted == [0.1, 0.2, 0.5, 1.0, 1.3]


def test_the_numbers_in_the_text_of_exercise_44_are_those_of_the_table() -> None:
    """64.05 raw, 6.00 centered, 18.75 scaled, 2.70 standardized, 8,588 with a column of ones."""
    table = np.array([[15, 1], [18, 3], [12, 2], [10, 5]], dtype=float)
    centered, spread = table - table.mean(axis=0), table.std(axis=0)
    forms = [table, centered, table / spread, centered / spread, np.c_[table, np.ones(4)]]
    ratios = []
    for form in forms:
        values = np.linalg.eigvalsh(form.T @ form)
        ratios.append(f"{values[-1] / values[0]:.2f}")
    assert ratios == ["64.05", "6.00", "18.75", "2.70", "8587.55"]
