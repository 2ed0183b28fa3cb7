"""Cases that a page may reveal: never one that is written in the hidden tests, and for most mistakes there is one."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pytest

from grader_tests import advice
from grader_tests.answers import right_answers, wrong_answers
from grader_tests.bank.item import bank
from grader_tests.function_question import FunctionQuestion
from grader_tests.pool import fingerprint, pool
from grader_tests.registry import QUESTIONS
from grader_tests.topics import topics
from splitgrade.feedback.case_view import case_of
from student_kit.call import Outcome
from student_kit.examples import FUNCTIONS

WITHOUT_TOPIC = {
    *(
        "arch3-input-gradient",
        "arch3-plus-one",
        "arch3-slide-example",
        "arch3-weight-gradient",
    ),
    *("q17", "q18", "q19"),
}


def functions() -> Iterator[FunctionQuestion]:
    """Yield the questions that have a pool."""
    yield from (question for question in QUESTIONS.values() if isinstance(question, FunctionQuestion))


def hidden(question: FunctionQuestion, seed: int) -> set[str]:
    """Return the cases of one grading run."""
    rng = np.random.default_rng([seed, *question.id.encode()])
    return {fingerprint(case) for aspect in question.aspects for case in aspect.cases(rng)}


def test_no_case_that_is_written_in_the_hidden_tests_is_in_the_pool() -> None:
    """What two grading runs have in common is written down, or nearly so: only public examples may be that."""
    count = 0
    for question in functions():
        examples = FUNCTIONS[question.id].examples
        cases = list(pool(question.id, question.aspects, examples))
        assert [case.number for case in cases[: len(examples)]] == list(range(1, len(examples) + 1))
        drawn = [fingerprint(case.case) for case in cases if not case.number]
        assert not set(drawn) & hidden(question, 1) & hidden(question, 2), question.id
        assert drawn == [
            fingerprint(case.case) for case in pool(question.id, question.aspects, examples) if not case.number
        ]
        count += len(drawn)
    assert count > 300


def test_nearly_every_known_mistake_has_a_case() -> None:
    """Nine of ten wrong functions fail a case that may be shown, and what is shown survives the page's own reading."""
    found = []
    for wrong in wrong_answers().values():
        question = QUESTIONS[wrong.question]
        if isinstance(question, FunctionQuestion):
            case = question.reveal(Outcome(wrong.answer))
            found.append(case is not None)
            if case is not None:
                json.dumps(case)
                shown = case_of(case)
                assert shown is not None
                assert shown["message"] == case["message"] != ""
                assert len(shown["inputs"]) == len(case["inputs"])
    assert sum(found) >= 0.9 * len(found) > 300


def test_a_right_answer_has_no_case() -> None:
    """One right answer to each question fails nothing in the pool; nor does a value that is no function."""
    seen = set()
    for right in right_answers().values():
        question = QUESTIONS[right.question]
        if isinstance(question, FunctionQuestion) and question.id not in seen:
            seen.add(question.id)
            assert question.reveal(Outcome(right.answer)) is None, right
            assert question.reveal(Outcome(3)) is None
            assert question.reveal(Outcome(error="NameError")) is None
    assert len(seen) > 30


def test_a_case_can_be_repeated() -> None:
    """The lines of code give the call that is shown, with its own result."""
    wrong = next(each for each in wrong_answers().values() if each.id == "E41-flip")
    question = QUESTIONS[wrong.question]
    assert isinstance(question, FunctionQuestion)
    case = question.reveal(Outcome(wrong.answer))
    assert case is not None
    names = {"np": np, question.name: wrong.answer}
    *lines, call = case["code"].splitlines()
    exec("\n".join(lines), names)  # noqa: S102 - our own text
    got = eval(call, names)  # noqa: S307 - our own text
    cells = case["yours"]["planes"][0]["rows"]
    assert [[float(cell.replace("−", "-")) for cell in row] for row in cells] == got[0, 0].tolist()
    names[question.name] = question.reference
    right = eval(call, names)  # noqa: S307 - our own text
    differ = np.argwhere(np.asarray(right)[0, 0] != got[0, 0]).tolist()
    assert case["yours"]["planes"][0]["marked"] == case["expected"]["planes"][0]["marked"] == differ


@pytest.mark.parametrize("value", [np.zeros((2, 3, 40, 50)), np.zeros((0, 2)), np.array(["a"]), "text", object()])
def test_odd_results_are_shown_within_bounds(value: object) -> None:
    """Large, empty and foreign results become a small case."""
    question = QUESTIONS["ex41-conv2d"]
    case = question.reveal(Outcome(lambda *_, **__: value))
    assert case is not None
    assert len(json.dumps(case)) < 20_000


def test_advice_knows_its_questions_only() -> None:
    """A grade_id of another course gives nothing; the topics are those of the bank, and every question has one."""
    assert (advice.topic("double-test"), advice.explanation("double-test", "ada")) == ("", "")
    assert not advice.has_cases("double-test")
    assert advice.reveal("double-test", lambda name: name) is None
    legal = {item.topic for item in bank().values()}
    assert set(topics().values()) <= legal
    assert set(topics()) <= set(QUESTIONS)
    without = {question.id for question in QUESTIONS.values() if not question.topic()}
    assert without == WITHOUT_TOPIC


def test_explanations_are_the_quizs_own_and_of_own_numbers() -> None:
    """The key with its reason; a worked solution with the student's own numbers; nothing for a function."""
    assert advice.explanation("q01-test", "ada").startswith("The right choice is **c**. Shift a dot")
    assert "right number is" in advice.explanation("q23-test", "ada")
    ada, grace = (advice.explanation("v01-test", name) for name in ("ada", "grace"))
    assert "**" in ada
    assert ada != grace
    assert advice.explanation("ex41-conv2d-test", "ada") == ""
