"""Checks of Exercise 40: the shape of a filter, connections, shared and unshared parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any

import cnn_ref
from grader_tests.cases import Aspect, Case, Clue
from grader_tests.function_question import FunctionQuestion
from grader_tests.question import Generator
from grader_tests.value_questions import NumberQuestion

Arguments = Callable[[Generator], Iterable[tuple[tuple[Any, ...], dict[str, Any]]]]


def _cases(what: str, arguments: Arguments) -> Callable[[Generator], Iterator[Case]]:
    """Return cases that call with the arguments."""

    def cases(rng: Generator) -> Iterator[Case]:
        for positional, keywords in arguments(rng):
            yield Case(what, positional, keywords)

    return cases


def _distinct(rng: Generator, count: int, low: int = 2, high: int = 30) -> list[int]:
    """Return different whole numbers: an argument mistaken for another one shows."""
    return [int(number) for number in rng.permutation(range(low, high))[:count]]


def _squares(rng: Generator) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    yield (3, 20), {}
    yield (1, 7), {}
    yield (5, 1), {}
    yield (4, 9), {}
    size, channels = _distinct(rng, 2)
    yield (size,), {"in_channels": channels}


def _rectangles(rng: Generator) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    yield ((3, 4), 6), {}
    yield ((7, 2), 5), {}
    height, width, channels = _distinct(rng, 3)
    yield ((height, width), channels), {}


FILTER_SHAPE = FunctionQuestion(
    id="ex40-filter-shape",
    name="filter_shape",
    points=Fraction(1, 4),
    reference=cnn_ref.filter_shape,
    returns="wholes",
    start="Think of one filter on a picture of three colors. Which sides may you choose, and which one has to fit?",
    aspects=(
        Aspect(
            "square filters",
            Fraction(3, 20),
            _cases("a square filter", _squares),
            clue=Clue(
                "Pairs hold. What does your code make of a single number as kernel_size?", ("rectangular filters",)
            ),
        ),
        Aspect(
            "rectangular filters",
            Fraction(1, 10),
            _cases("a filter of two sides", _rectangles),
            clue=(
                Clue("Squares hold.", ("square filters",)),
                "Follow a pair (height, width) through your code line by line.",
            ),
            apart=True,
        ),
    ),
)

CONNECTIONS_PER_UNIT = FunctionQuestion(
    id="ex40-connections-per-unit",
    name="connections_per_unit",
    points=Fraction(1, 4),
    reference=cnn_ref.connections_per_unit,
    returns="whole",
    start="Draw a window of 2 × 2 on an input of three channels, and count the cells that lie in it.",
    aspects=(
        Aspect(
            "square filters",
            Fraction(3, 20),
            _cases("a square filter", _squares),
            clue=Clue(
                "Pairs hold. What does your code make of a single number as kernel_size?", ("rectangular filters",)
            ),
        ),
        Aspect(
            "rectangular filters",
            Fraction(1, 10),
            _cases("a filter of two sides", _rectangles),
            clue=(
                Clue("Squares hold.", ("square filters",)),
                "Follow a pair (height, width) through your code line by line.",
            ),
            apart=True,
        ),
    ),
)


def _one_filter(rng: Generator) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    yield (3, 20, 1), {}
    yield (7, 2, 1), {"bias": True}
    yield (2, 5, 1), {}
    size, channels = _distinct(rng, 2)
    yield (size, channels, 1), {}


def _many_filters(rng: Generator) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    yield (5, 3, 256), {}
    yield (3, 1, 8), {}
    yield (2, 7, 4, True), {}
    size, channels, filters = _distinct(rng, 3)
    yield (size, channels), {"filters": filters}


def _paired_filters(rng: Generator) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    yield ((3, 4), 6, 5), {}
    yield ((7, 2), 5, 3), {}
    height, width, channels, filters = _distinct(rng, 4)
    yield ((height, width), channels, filters), {}


def _without_bias(rng: Generator) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    yield (5, 3, 256), {"bias": False}
    yield (4, 1, 6), {"bias": False}
    size, channels, filters = _distinct(rng, 3)
    yield (size, channels, filters, False), {}


SHARED_PARAMETERS = FunctionQuestion(
    id="ex40-shared-parameters",
    name="shared_parameters",
    points=Fraction(1, 4),
    reference=cnn_ref.shared_parameters,
    returns="whole",
    aspects=(
        Aspect(
            "one filter",
            Fraction(3, 40),
            _cases("one filter", _one_filter),
            clue="Count by hand what a single filter holds: its weights, then what else there is.",
        ),
        Aspect(
            "several filters",
            Fraction(3, 40),
            _cases("several filters", _many_filters),
            clue=(Clue("One filter holds.", ("one filter",)), "What does each further filter bring along?"),
        ),
        Aspect(
            "rectangular filters",
            Fraction(1, 20),
            _cases("a filter of two sides", _paired_filters),
            clue=(
                Clue("Squares hold.", ("one filter", "several filters")),
                "Follow a pair (height, width) through your code line by line.",
            ),
            apart=True,
        ),
        Aspect(
            "without biases",
            Fraction(1, 20),
            _cases("bias=False", _without_bias),
            clue=(
                Clue("With biases it holds.", ("one filter", "several filters")),
                "What exactly goes away when bias is False?",
            ),
            apart=True,
        ),
    ),
)


def _one_map(rng: Generator) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    yield (3, 20, 1, 16, 16), {}
    yield (2, 5, 1, 3, 7), {"bias": True}
    yield (4, 1, 1, 9, 2), {}
    size, channels, height, width = _distinct(rng, 4)
    yield (size, channels, 1, height, width), {}


def _many_maps(rng: Generator) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    yield (5, 1, 256, 124, 124), {}
    yield (7, 64, 512, 112, 112), {}  # more than a 32-bit number can hold
    yield (2, 3, 4, 6, 9, True), {}
    size, channels, filters, height, width = _distinct(rng, 5)
    yield (size, channels, filters), {"output_height": height, "output_width": width}


def _paired_maps(rng: Generator) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    yield ((3, 4), 6, 5, 7, 2), {}
    yield ((7, 2), 5, 3, 4, 9), {}
    kernel_height, kernel_width, channels, filters, height, width = _distinct(rng, 6)
    yield ((kernel_height, kernel_width), channels, filters, height, width), {}


def _maps_without_bias(rng: Generator) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    yield (5, 1, 256, 124, 124), {"bias": False}
    size, channels, filters, height, width = _distinct(rng, 5)
    yield (size, channels, filters, height, width, False), {}


UNSHARED_PARAMETERS = FunctionQuestion(
    id="ex40-unshared-parameters",
    name="unshared_parameters",
    points=Fraction(1, 4),
    reference=cnn_ref.unshared_parameters,
    returns="whole",
    aspects=(
        Aspect(
            "one filter",
            Fraction(3, 40),
            _cases("one filter", _one_map),
            clue="Count for an output of 1 by 2 cells by hand: what does each cell own?",
        ),
        Aspect(
            "several filters",
            Fraction(3, 40),
            _cases("several filters", _many_maps),
            clue=(
                Clue("One filter holds.", ("one filter",)),
                "What does each further filter bring along, and at how many places?",
            ),
        ),
        Aspect(
            "rectangular filters",
            Fraction(1, 20),
            _cases("a filter of two sides", _paired_maps),
            clue=(
                Clue("Squares hold.", ("one filter", "several filters")),
                "Follow a pair (height, width) through your code line by line.",
            ),
            apart=True,
        ),
        Aspect(
            "without biases",
            Fraction(1, 20),
            _cases("bias=False", _maps_without_bias),
            clue=(
                Clue("With biases it holds.", ("one filter", "several filters")),
                "What exactly goes away when bias is False, and how often?",
            ),
            apart=True,
        ),
    ),
)

CONNECTIONS = NumberQuestion(
    id="ex40-connections",
    name="connections",
    points=Fraction(1, 16),
    expected=cnn_ref.connections_per_unit(3, 20),
    clue="One unit reads a block of 3 rows and 3 columns, through every channel; a bias reads nothing.",
)
SHARED_TOTAL = NumberQuestion(
    id="ex40-shared-total",
    name="shared_total",
    points=Fraction(1, 16),
    expected=cnn_ref.shared_parameters(3, 20, 1),
    clue="There is one filter for all units. Which numbers does it hold?",
)
UNSHARED_TOTAL = NumberQuestion(
    id="ex40-unshared-total",
    name="unshared_total",
    points=Fraction(1, 16),
    expected=cnn_ref.unshared_parameters(3, 20, 1, 16, 16),
    clue="How many units are there, and which numbers does each of them own?",
)

QUESTIONS = (
    FILTER_SHAPE,
    CONNECTIONS_PER_UNIT,
    SHARED_PARAMETERS,
    UNSHARED_PARAMETERS,
    CONNECTIONS,
    SHARED_TOTAL,
    UNSHARED_TOTAL,
)
