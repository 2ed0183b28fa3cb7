"""Exercise 44: tables drawn for the checks, and the numbers of the fruit table."""

import numpy as np
import pytest

import grader_tests
from grader_tests.questions.ex44 import CONDITION_NUMBER, FRUIT, MIN_MAX_SCALE, STANDARDIZE, _table
from student_kit.report import report


@pytest.mark.parametrize("seed", range(20))
def test_tables_have_spread_in_every_column(seed: int) -> None:
    """A drawn table never has a constant column by chance, so that aspects stay apart."""
    assert (np.ptp(_table(np.random.default_rng(seed), 4, 4), axis=0) > 0).all()


def test_condition_numbers_of_the_fruit_table() -> None:
    """The reference gives the numbers that the text names: 64.05, 2.704 and 145,165."""
    condition = CONDITION_NUMBER.reference
    assert condition(FRUIT) == pytest.approx(64.05, abs=0.005)
    assert condition(STANDARDIZE.reference(FRUIT)) == pytest.approx(2.704, abs=0.0005)
    assert condition(FRUIT / [1000, 1]) == pytest.approx(145_165, abs=0.5)


@pytest.mark.parametrize("question", [STANDARDIZE, MIN_MAX_SCALE], ids=lambda question: question.id)
def test_a_warning_costs_nothing_but_nan_does(question: type(STANDARDIZE)) -> None:
    """Dividing by zero and mending it is right; leaving NaN in constant columns loses that aspect."""

    def raw(features: np.ndarray) -> np.ndarray:
        features = np.asarray(features, dtype=float)
        with np.errstate(all="ignore"):
            if question is STANDARDIZE:
                return (features - features.mean(axis=0)) / np.where(np.ptp(features, axis=0), features.std(axis=0), 0)
            return (features - features.min(axis=0)) / np.ptp(features, axis=0)

    mended = grader_tests.examine(question.id, lambda: lambda features: np.nan_to_num(raw(features), posinf=0), seed=4)
    left = grader_tests.examine(question.id, lambda: raw, seed=4)
    assert left.earned < left.points
    assert [aspect.name for aspect in left.aspects if not aspect.held] == ["constant columns"]
    if question is MIN_MAX_SCALE:
        assert mended.earned == mended.points


def standardized_with_epsilon(features: np.ndarray) -> np.ndarray:
    """Divide by the spread and a little more, as many libraries do."""
    return (features - features.mean(axis=0)) / (features.std(axis=0) + 1e-8)


def scaled_with_epsilon(features: np.ndarray) -> np.ndarray:
    """Divide by the range and a little more."""
    return (features - features.min(axis=0)) / (np.ptp(features, axis=0) + 1e-8)


@pytest.mark.parametrize(
    ("question", "answer"), [(STANDARDIZE, standardized_with_epsilon), (MIN_MAX_SCALE, scaled_with_epsilon)]
)
def test_a_tiny_number_added_to_the_spread_is_right(question: type(STANDARDIZE), answer: object) -> None:
    """A habit against division by zero costs nothing, neither in grading nor in the public check."""
    assert report(question.id, lambda: answer).status == "holds"
    for seed in range(10):
        assert grader_tests.examine(question.id, lambda: answer, seed).earned == question.points
