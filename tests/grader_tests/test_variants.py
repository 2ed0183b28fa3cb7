"""Questions with own numbers: graded with the numbers of the folder's owner, worth nothing to others."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import grader_tests
from grader_tests.bank import answer_source, variant_of
from grader_tests.questions.variants import QUESTIONS, STUDENT_VARIABLE
from student_kit.drawn_items import draw, drawn_items
from student_kit.examples import FORMS
from student_kit.form import Numbers, OneNumber

ASSIGNMENT = "cnn_quiz_variants"
IDS = [question.id for question in QUESTIONS]
CLASS = [f"student{number}" for number in range(40)]


def right(question: str, student: str) -> object:
    """Return a student's right answer as Python."""
    return json.loads(answer_source("cnn", ASSIGNMENT, question, student).replace("(", "[").replace(")", "]"))


def given(answer: object, student: object) -> dict[str, object]:
    """Return what the hidden test hands over."""
    return {"answer": tuple(answer) if isinstance(answer, list) else answer, "student": student}


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STUDENT_VARIABLE, raising=False)


@pytest.mark.parametrize("question", IDS)
def test_own_answers_earn_all_points(question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Right numbers earn all points, by the folder's id as by the typed one; others earn none."""
    for student in ("ada", "Zoë", "x/y *[0]", "o'brien"):
        answer = right(question, student)
        assert grader_tests.examine(question, lambda a=answer, s=student: given(a, s)).score == 1.0
        monkeypatch.setenv(STUDENT_VARIABLE, student)
        assert grader_tests.examine(question, lambda a=answer: given(a, ...)).score == 1.0
        monkeypatch.delenv(STUDENT_VARIABLE)


@pytest.mark.parametrize("question", IDS)
def test_a_copied_notebook_earns_nothing(question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over all pairs of a class: another's right answer earns nothing, unless both drew the very same variant."""
    own = {student: variant_of("cnn", ASSIGNMENT, question, student) for student in CLASS}
    equal = 0
    for copier, owner in combinations(CLASS, 2):
        if own[copier][0] == own[owner][0]:
            equal += 1
            continue
        assert not set(enumerate(own[copier][1].key)) & set(enumerate(own[owner][1].key)), (copier, owner)
    assert equal <= len(CLASS) * (len(CLASS) - 1) / 2 * 0.02  # one pair in 321, or fewer, is expected
    copier, owner = next(pair for pair in combinations(CLASS, 2) if own[pair[0]][0] != own[pair[1]][0])
    monkeypatch.setenv(STUDENT_VARIABLE, copier)
    result = grader_tests.examine(question, lambda: given(right(question, owner), owner))
    assert result.score == 0.0
    assert f'"{owner}"' in result.hint
    assert f'"{copier}"' in result.hint
    assert result.remark is not None
    assert result.remark["right_there"] is True


@pytest.mark.parametrize("question", IDS)
def test_known_mistakes_are_named(question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wrong answer of each known mistake gets a hint of the bank, with numbers in place, and loses points."""
    monkeypatch.setenv(STUDENT_VARIABLE, "ada")
    _, own = variant_of("cnn", ASSIGNMENT, question, "ada")
    for number, mistake in enumerate(own.item.mistakes):
        assert mistake.value is not None
        value: Any = mistake.value(own.values)
        answer = tuple(float(part) for part in value) if isinstance(value, tuple) else float(value)
        result = grader_tests.examine(question, lambda a=answer: given(a, "ada"))
        assert result.score < 1.0
        assert result.misconceptions[0].startswith(own.item.id)
        assert result.hint
        assert "{" not in result.hint
        first = own.wrong.index(own.wrong[number])
        assert result.misconceptions == (f"{own.item.id}-{first + 1}",)


@pytest.mark.parametrize("typed", [..., None, "", "  ", 5, ["ada"], "x" * 10_000])
def test_a_strange_id_is_a_message(typed: object) -> None:
    """Without a folder, an id that is no text is asked for; a very long one has numbers like any other."""
    result = grader_tests.examine("v01", lambda: given((1, 2), typed))
    assert result.score == 0.0
    assert result.answered
    if not isinstance(typed, str) or not typed.strip():
        assert "Type your id" in result.aspects[0].message


def test_a_missing_id_is_named() -> None:
    """Where the cell with the id was deleted, the message names `student`, not the answer."""
    v01 = (1, 2)
    result = grader_tests.examine("v01", lambda: {"answer": v01, "student": student})  # type: ignore[name-defined]  # noqa: F821
    assert "`student` does not exist" in result.aspects[0].message


def test_half_an_answer_earns_half(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two numbers each earns its share."""
    monkeypatch.setenv(STUDENT_VARIABLE, "ada")
    first, second = right("v01", "ada")  # type: ignore[misc]
    assert grader_tests.examine("v01", lambda: given((first, second + 1), "ada")).score == 0.5


def test_a_result_says_for_the_instructor_which_variant_was_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Item, variant and answer are data in the result, and in none of the texts that students see."""
    monkeypatch.setenv(STUDENT_VARIABLE, "ada")
    result = grader_tests.examine("v02", lambda: given(987654, "ada"))
    remark = json.loads(json.dumps(result.as_dict()))["remark"]
    assert remark["answer"] == ["987654"]
    assert remark["variant"] == draw("cnn", ASSIGNMENT, "v02", "ada").index
    key = variant_of("cnn", ASSIGNMENT, "v02", "ada")[1].key[0]
    assert key not in " ".join([result.hint, *(aspect.message for aspect in result.aspects)])


def test_the_kit_knows_the_form_of_every_answer() -> None:
    """Two numbers are asked for where the item asks for two."""
    for question in QUESTIONS:
        form = FORMS[question.id]
        assert isinstance(form, Numbers if question.asks else OneNumber)


def test_practice_uses_other_numbers_than_grading() -> None:
    """No variant of practice has the numbers of a graded one, and each item has at least 50 (or all its orders)."""
    items = drawn_items()
    for questions in items["own"].values():
        for entry in questions.values():
            practice = items["practice"][entry["item"]]
            names = [name for name in practice["names"] if name in entry["draws"][0]["shown"]]
            assert names
            graded = {tuple(one["shown"][name] for name in names) for one in entry["draws"]}
            drilled = {
                tuple(text for name, text in zip(practice["names"], one["shown"], strict=True) if name in names)
                for one in practice["draws"]
            }
            assert not graded & drilled
    for name, practice in items["practice"].items():
        assert len(practice["draws"]) >= (50 if practice["form"] != "letter" else 24), name


def test_the_kit_holds_no_key() -> None:
    """The drawn variants of graded questions hold numbers and texts, nothing that depends on the right answer."""
    for questions in drawn_items()["own"].values():
        for entry in questions.values():
            assert set(entry) == {"item", "title", "prompt", "asks", "digits", "draws"}
            assert all(set(one) == {"numbers", "shown"} for one in entry["draws"])


def test_pools_are_as_large_as_the_page_says() -> None:
    """Every graded question has hundreds of variants with different right answers; docs/bank.md names the extremes."""
    sizes = [len(question["draws"]) for question in drawn_items()["own"][ASSIGNMENT].values()]
    page = (Path(__file__).parents[2] / "docs" / "bank.md").read_text(encoding="utf-8")
    assert f"in this course {min(sizes)} to {max(sizes)}" in page
    assert min(sizes) >= 200
