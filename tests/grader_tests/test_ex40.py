"""Exercise 40: the three numbers of the layer, and what is refused."""

from fractions import Fraction

import pytest

import grader_tests

NUMBERS = {"ex40-connections": 180, "ex40-shared-total": 181, "ex40-unshared-total": 46_336}


@pytest.mark.parametrize(("question", "number"), NUMBERS.items())
def test_the_published_numbers_earn_the_points(question: str, number: int) -> None:
    """180 connections, 181 shared and 46,336 unshared parameters are right, as int and as float; neighbors are not.

    What repeats a mistake of questions 2 to 4 was charged there, and loses its price; what explains nothing loses all.
    """
    points = grader_tests.QUESTIONS[question].points
    for answer in (number, float(number)):
        assert grader_tests.examine(question, lambda answer=answer: answer, seed=1).earned == points
    for answer in (number - 1, number + 1, -number, number + 0.5, str(number), True, float("inf"), [number]):
        result = grader_tests.examine(question, lambda answer=answer: answer, seed=1)
        prices = [grader_tests.QUESTIONS[question].price(mistake) for mistake in result.misconceptions]
        assert result.earned == points * (1 - (prices[0] if prices else 1)) < points


@pytest.mark.parametrize("question", NUMBERS)
def test_messages_never_contain_the_number(question: str) -> None:
    """A wrong number is not answered with the right one."""
    result = grader_tests.examine(question, lambda: 12345, seed=1)
    said = " ".join([result.hint, *(aspect.message for aspect in result.aspects)])
    assert str(NUMBERS[question]) not in said.replace(",", "")


def test_filter_shape_may_be_a_list() -> None:
    """The shape counts in the order height, width, depth, as a tuple or as a list."""
    listed = grader_tests.examine(
        "ex40-filter-shape",
        lambda: (
            lambda kernel_size, in_channels: (
                [*(kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)), in_channels]
            )
        ),
        seed=1,
    )
    assert listed.earned == Fraction(1, 4)
