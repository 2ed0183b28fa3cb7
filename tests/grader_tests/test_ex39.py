"""Exercise 39: expected numbers against counting by hand, marks and hints entry by entry."""

from fractions import Fraction

import numpy as np
import pytest

import grader_tests
from grader_tests.questions.ex39 import COUNTS, HYPERPARAMETERS, PARAMETERS, VOCABULARY
from grader_tests.result import Result
from student_kit.report import report

BY_HAND = {
    "conv": 288 + 32,
    "pooling": 0,
    "dropout": 0,
    "batch_norm": 64 + 64,
    "dense": 102_760_448 + 4_096,
    "kept": 900,
    "dropout_mean": 1,
    "same_stride_2": 14,
    "only_zeros": 175,
    "total_padding": 8,
}

SHARES = {"pooling": 1, "dropout": 1, "kept": 1, "total_padding": 3, "only_zeros": 4}  # in fortieths; else 2


def verdict(question: str, answer: object) -> Result:
    """Return the verdict on an answer."""
    return grader_tests.examine(question, lambda: answer, seed=3)


def test_expected_counts_are_those_counted_by_hand() -> None:
    """The hidden numbers are the published or hand-counted ones."""
    assert dict(COUNTS.expected) == BY_HAND


@pytest.mark.parametrize("name", BY_HAND)
def test_each_count_earns_its_own_share(name: str) -> None:
    """One wrong number loses its share of the points, hard ones more, and says nothing of the right one."""
    result = verdict(COUNTS.id, {**BY_HAND, name: 77})
    assert result.points - result.earned == Fraction(SHARES.get(name, 2), 40)
    assert [aspect.name for aspect in result.aspects if not aspect.held] == [name]
    assert not any(str(BY_HAND[name]) in aspect.message for aspect in result.aspects)


@pytest.mark.parametrize("value", [True, "900", float("nan"), [900], None], ids=repr)
def test_counts_refuse_what_is_no_number(value: object) -> None:
    """A bool, a text, NaN or a list in the place of a number gets its reason and no points."""
    result = verdict(COUNTS.id, {**BY_HAND, "kept": value})
    assert result.points - result.earned == Fraction(1, 40)
    (failed,) = [aspect for aspect in result.aspects if not aspect.held]
    assert failed.message


def test_counts_accept_expressions_that_give_floats() -> None:
    """A whole number that a division left as a float counts."""
    assert verdict(COUNTS.id, {name: float(value) for name, value in BY_HAND.items()}).earned == COUNTS.points


@pytest.mark.parametrize("question", [PARAMETERS, HYPERPARAMETERS], ids=lambda question: question.id)
@pytest.mark.parametrize("layer", PARAMETERS.expected)
def test_every_wrong_word_costs_its_layer_only(question: type(PARAMETERS), layer: str) -> None:
    """A word too many or one missing loses the layer's quarter, with a message that does not name missing words."""
    for word in sorted(VOCABULARY):
        if (layer, word) in question.synonyms:
            continue
        sets = {key: set(words) for key, words in question.expected.items()}
        sets[layer] ^= {word}
        result = verdict(question.id, sets)
        assert result.earned == question.points * Fraction(3, 4)
        (failed,) = [aspect for aspect in result.aspects if not aspect.held]
        assert failed.name == layer
        assert failed.message
        if word in question.expected[layer]:
            assert f'"{word}"' not in failed.message


def test_words_outside_the_printed_list_are_named() -> None:
    """A word that the notebook does not print is quoted back."""
    sets = {key: set(words) for key, words in PARAMETERS.expected.items()}
    sets["Conv"] = {"weights", "bias"}
    (failed,) = [aspect for aspect in verdict(PARAMETERS.id, sets).aspects if not aspect.held]
    assert '"bias"' in failed.message


def test_lists_of_words_and_frozensets() -> None:
    """Frozen sets are sets; a dict of nothing but dots is not answered."""
    assert verdict(PARAMETERS.id, dict(PARAMETERS.expected)).earned == PARAMETERS.points
    blank = verdict(PARAMETERS.id, dict.fromkeys(PARAMETERS.expected, ...))
    assert not blank.answered
    assert blank.earned == 0


def test_one_answer_for_everything_earns_nothing() -> None:
    """Empty sets, one set or one number under every key tell nothing apart, though some of them are right."""
    for same in (set(), {"weights", "biases"}):
        assert verdict(PARAMETERS.id, dict.fromkeys(PARAMETERS.expected, same)).earned == 0
    assert verdict(COUNTS.id, dict.fromkeys(BY_HAND, 0)).earned == 0
    half = {"MaxPooling": set(), "Dropout": set(), "Conv": ..., "Dense": ...}
    assert verdict(PARAMETERS.id, half).earned == PARAMETERS.points / 2


def test_harmless_forms_of_words_are_accepted() -> None:
    """Capitals, spaces, NumPy's strings and torch's word for the pooling window cost nothing."""
    sets = {key: [f" {word.capitalize()} " for word in words] for key, words in HYPERPARAMETERS.expected.items()}
    sets["MaxPooling"] = [np.str_("kernel size"), "Stride ", "PADDING"]
    assert verdict(HYPERPARAMETERS.id, sets).earned == HYPERPARAMETERS.points
    assert report(HYPERPARAMETERS.id, lambda: sets).status == "holds"
