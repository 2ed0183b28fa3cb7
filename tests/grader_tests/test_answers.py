"""Every known wrong answer loses points and is named; every known right answer keeps all of them."""

import json
from collections import Counter, defaultdict
from functools import cache
from itertools import permutations

import pytest

import grader_tests
from grader_tests.answers import RightAnswer, WrongAnswer, right_answers, wrong_answers
from grader_tests.function_question import FunctionQuestion
from grader_tests.result import Result
from student_kit.report import report
from tests.grader_tests.pasting import pasted

WRONG = list(wrong_answers().values())
RIGHT = list(right_answers().values())
FUNCTIONS = [question for question in grader_tests.QUESTIONS.values() if isinstance(question, FunctionQuestion)]

FUNCTION_MISTAKES = [wrong for wrong in WRONG if wrong.question in {question.id for question in FUNCTIONS}]


@cache
def examined(wrong: str) -> Result:
    """Return the verdict on a wrong answer; two tests look at it."""
    known = wrong_answers()[wrong]
    return grader_tests.examine(known.question, lambda: pasted(known), seed=11)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.id)
def test_wrong_answers_lose_their_price_and_are_named(wrong: WrongAnswer) -> None:
    """A catalogued mistake, pasted into a notebook, loses exactly what the price list says and gets its own hint."""
    result = examined(wrong.id)
    assert result.answered
    assert result.points - result.earned == grader_tests.QUESTIONS[wrong.question].price(wrong.id) * result.points > 0
    assert wrong.id in result.misconceptions
    assert result.hint


@pytest.mark.parametrize("wrong", FUNCTION_MISTAKES[::6], ids=lambda wrong: wrong.id)
def test_points_do_not_depend_on_the_seed(wrong: WrongAnswer) -> None:
    """A mistake earns the same from every draw, aspect by aspect (`benchmarks/marks.py` tries all of them)."""
    seen = {
        tuple(aspect.earned for aspect in grader_tests.examine(wrong.question, lambda: wrong.answer, seed).aspects)
        for seed in range(5)
    }
    assert len(seen) == 1


@pytest.mark.parametrize("right", RIGHT, ids=lambda right: f"{right.question}-{right.name}")
def test_right_answers_keep_all_points(right: RightAnswer) -> None:
    """A correct answer of any make, pasted into a notebook, earns every aspect."""
    for seed in (1, 2):
        result = grader_tests.examine(right.question, lambda: pasted(right), seed)
        assert result.earned == result.points, [aspect.message for aspect in result.aspects if not aspect.held]


@pytest.mark.parametrize("right", RIGHT, ids=lambda right: f"{right.question}-{right.name}")
def test_right_answers_pass_the_public_check(right: RightAnswer) -> None:
    """What earns all points is never told beforehand that it is wrong."""
    assert report(right.question, lambda: pasted(right)).status in ("holds", "answered")


def test_every_function_has_eight_right_answers() -> None:
    """Each coding question is tried with at least eight correct answers of different make."""
    count = Counter(right.question for right in RIGHT)
    assert {question.id: count[question.id] for question in FUNCTIONS if count[question.id] < 8} == {}


def test_no_two_misconceptions_are_confused() -> None:
    """The hidden inputs tell any two catalogued mistakes of a question apart, and a function is named as one alone."""
    named = {wrong.id: set(examined(wrong.id).misconceptions) for wrong in WRONG}
    functions = {question.id for question in FUNCTIONS}
    confused = [
        (one.question, one.id, two.id)
        for one, two in permutations(WRONG, 2)
        if one.id in named[two.id] and (two.id in named[one.id] or two.question in functions)
    ]
    assert confused == []


def test_hints_differ_from_each_other_within_a_question() -> None:
    """No two mistakes of a question are described in the same words."""
    said: dict[str, list[str]] = defaultdict(list)
    for wrong in WRONG:
        said[wrong.question].append(wrong.says or wrong.hint)
    assert {question: words for question, words in said.items() if len(set(words)) < len(words)} == {}


def test_every_answer_belongs_to_a_question() -> None:
    """Known answers name questions that exist."""
    assert {known.question for known in [*WRONG, *RIGHT]} <= set(grader_tests.QUESTIONS)


@pytest.mark.parametrize("question", FUNCTIONS, ids=lambda question: question.id)
def test_the_reference_earns_all_points(question: FunctionQuestion) -> None:
    """The reference itself passes its own checks, whatever the seed."""
    for seed in range(5):
        result = grader_tests.examine(question.id, lambda: question.reference, seed)
        assert result.earned == question.points


def test_verdicts_are_data_without_inputs() -> None:
    """A verdict survives JSON, and its messages hold neither a seed nor an array."""
    wrong = wrong_answers()["E41-flip"]
    result = grader_tests.examine(wrong.question, lambda: pasted(wrong), seed=987654321)
    data = json.loads(json.dumps(result.as_dict()))
    assert data["seed"] == 987654321
    assert data["earned"] == result.score
    said = " ".join(aspect["message"] for aspect in data["aspects"]) + data["hint"]
    assert "987654321" not in said
    assert "[" not in said
