"""Checks of Exercise 41, first part: the size of the output, the number of parameters."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

import cnn_ref
from grader_tests.cases import Aspect, Case, Clue
from grader_tests.function_question import FunctionQuestion
from grader_tests.question import Generator
from grader_tests.questions.ex39 import AN_INT


def _positions(rng: Generator) -> Iterator[Case]:
    for size, kernel_size in ((5, 3), (9, 4), (7, 7), (28, 1), (128, 5), (1, 1)):
        yield Case("stride 1 and no padding", (size, kernel_size), look_at="amount")
    size = int(rng.integers(20, 200))
    yield Case("stride 1 and no padding", (size, int(rng.integers(2, 12)), 1, 0), look_at="amount")


def _padding(rng: Generator) -> Iterator[Case]:
    # The last two pad more than the filter is long: some windows see zeros only.
    for size, kernel_size, padding in (
        (5, 3, 1),
        (8, 3, 1),
        (6, 4, 1),
        (5, 5, 2),
        (3, 7, 2),
        (2, 5, 2),
        (5, 2, 3),
        (4, 1, 4),
    ):
        yield Case("zero padding", (size, kernel_size), {"padding": padding}, look_at="amount")
    size, kernel_size, padding = (int(number) for number in rng.integers((30, 2, 1), (90, 9, 4)))
    yield Case("zero padding", (size, kernel_size, 1, padding), look_at="amount")


def _stride(rng: Generator) -> Iterator[Case]:
    for size, kernel_size, stride in ((7, 3, 2), (227, 11, 4), (9, 3, 3), (3, 3, 7)):
        yield Case("a stride that fits exactly", (size, kernel_size), {"stride": stride}, look_at="amount")
    # 6 and 8 leave halves that Python rounds to different sides; the last two have remainders above one half.
    for size, kernel_size, stride in ((6, 3, 2), (8, 3, 2), (10, 3, 2), (10, 3, 4), (12, 3, 5), (14, 7, 4)):
        yield Case("a stride that leaves cells over", (size, kernel_size, stride), look_at="amount")
    stride = int(rng.integers(3, 6))
    size = 7 + stride * int(rng.integers(4, 30)) + int(rng.integers(1, stride))
    yield Case("a stride that leaves cells over", (size, 7, stride, 0), look_at="amount")


def _both_settings(rng: Generator) -> Iterator[Case]:
    for size, kernel_size, stride, padding in ((6, 3, 2, 1), (8, 3, 2, 1), (9, 4, 3, 2), (5, 7, 2, 2), (11, 3, 4, 3)):
        yield Case("stride and padding together", (size, kernel_size, stride, padding), look_at="amount")
    size, stride = int(rng.integers(30, 90)), int(rng.integers(2, 6))
    yield Case("stride and padding together", (size, 7), {"stride": stride, "padding": 2}, look_at="amount")


def _impossible(rng: Generator) -> Iterator[Case]:
    yield Case("a filter larger than the input", (2, 5, 2))
    yield Case("a filter larger than the padded input", (3, 7, 1, 1))
    # floor((5 - 6) / 1) + 1 is 0 cells: still no output.
    yield Case("a filter one cell larger than the input", (5, 6))
    yield Case("stride 0", (5, 3, 0))
    yield Case("a negative stride", (9, 3, -2))
    yield Case("a negative stride", (9, 3, -1))
    yield Case("a negative stride and a filter that does not fit", (3, 7, -2))
    yield Case("negative padding", (9, 3, 1, -1))
    size = int(rng.integers(3, 30))
    yield Case("a filter larger than the padded input", (size, size + 5), {"stride": 3, "padding": 2})


def _counts(rng: Generator) -> Iterator[Case]:
    size = 3 + 2 * int(rng.integers(3, 30))
    for layer in ((7, 3, 2), (9, 3, 3), (8, 3), (6, 4, 1, 1), (size, 3, 2)):
        yield Case("a size that has to be an int", layer, look_at="type")


CONV_OUTPUT_SIZE = FunctionQuestion(
    id="ex41-conv-output-size",
    name="conv_output_size",
    points=Fraction(1, 2),
    reference=cnn_ref.conv_output_size,
    returns="whole",
    aspects=(
        Aspect(
            "window positions",
            Fraction(1, 10),
            _positions,
            clue=(
                "At how many places does the filter fit, the first and the last one included?",
                Clue("Count them for a side of 5 cells and a filter of 3.", wrong_at=Case("", (5, 3))),
            ),
        ),
        Aspect(
            "padding",
            Fraction(1, 10),
            _padding,
            clue=(
                Clue("Without padding it holds.", ("window positions",)),
                "How many cells does the side have once the zeros are there?",
            ),
        ),
        Aspect(
            "stride and remainder",
            Fraction(1, 10),
            _stride,
            clue=(
                Clue("With stride 1 it holds.", ("window positions",)),
                "List where the windows start for a stride of 2 and of 3.",
            ),
        ),
        Aspect(
            "stride and padding together",
            Fraction(1, 20),
            _both_settings,
            clue=(
                Clue("Each of them alone holds.", ("padding", "stride and remainder")),
                "Which of the two does your formula use first, and where does it round?",
            ),
        ),
        Aspect(
            "impossible layers",
            Fraction(1, 10),
            _impossible,
            clue=(
                Clue(
                    "Sizes that exist are right.",
                    ("window positions", "padding", "stride and remainder", "stride and padding together"),
                ),
                "Which settings should be refused before anything is computed?",
            ),
            apart=True,
        ),
        Aspect("type int", Fraction(1, 20), _counts, clue=AN_INT, apart=True, form=True),
    ),
)


def _volumes(rng: Generator) -> Iterator[tuple[str, tuple[object, ...]]]:
    yield "a square input", ((227, 227, 3), 96, 11, 4, 0)
    yield "padding that keeps the size", ((32, 32, 3), 10, 5, 1, 2)
    yield "one filter on one channel", ((9, 6, 1), 1, 3, 1, 0)
    yield "fewer filters than channels", ((12, 9, 8), 3, 2, 2, 0)
    yield "an input that is wider than high", ((30, 20, 4), 6, 3, 2, 1)
    yield "a filter as wide as the padded input", ((3, 4, 2), 3, 5, 1, 1)
    yield "a filter as high as the padded input", ((4, 3, 2), 3, 5, 2, 1)
    yield "a stride longer than the input", ((5, 4, 1), 2, 3, 6)
    yield "one cell, padded by more than the filter", ((1, 2, 3), 2, 1, 1, 4)
    width, height = (int(number) for number in rng.choice(np.arange(11, 60), 2, replace=False))
    depth, count = (int(number) for number in rng.choice(np.arange(2, 40), 2, replace=False))
    yield "an input that is not square", ((width, height, depth), count, 5, 3, 1)


def _width_and_height(rng: Generator) -> Iterator[Case]:
    for what, arguments in _volumes(rng):
        yield Case(what, arguments, look_at="amount", entries=(0, 1))
    yield Case("the defaults of stride and padding", ((28, 17, 1), 8, 3), look_at="amount", entries=(0, 1))


def _depth(rng: Generator) -> Iterator[Case]:
    for what, arguments in _volumes(rng):
        yield Case(what, arguments, look_at="amount", entries=(2,))


def _whole_shape(rng: Generator) -> Iterator[Case]:
    for what, arguments in _volumes(rng):
        yield Case(what, arguments, look_at="type")


def _rectangular_filters(rng: Generator) -> Iterator[Case]:
    yield Case("a filter higher than wide", ((9, 7, 2), 3, (4, 2)))
    yield Case("a filter wider than high", ((8, 8, 1), 5, (1, 6), 2, 1))
    # Their longer side would not fit along the other side of the input.
    yield Case("a filter as wide as the input", ((9, 3, 2), 3, (2, 9)))
    yield Case("a filter as high as the input", ((2, 7, 1), 2, (7, 1)))
    height, width = (int(number) for number in rng.choice(np.arange(2, 10), 2, replace=False))
    yield Case("a filter that is not square", ((30, 23, 3), 4, (height, width), 3, 1))


def _impossible_volumes(rng: Generator) -> Iterator[Case]:
    yield Case("a filter larger than the input", ((4, 4, 3), 2, 5))
    # A square filter that fits one side only.
    yield Case("an input that is too low", ((9, 3, 1), 2, 6, 1, 1))
    yield Case("an input that is too narrow", ((5, 9, 1), 2, 6))
    yield Case("an input that is too narrow", ((5, 9, 1), 2, 6, 2))
    yield Case("stride 0", ((9, 9, 3), 2, 3, 0))
    yield Case("a negative stride", ((9, 9, 3), 2, 3), {"stride": -1})
    size = int(rng.integers(6, 20))
    yield Case("negative padding", ((size, size, 3), 2, 3), {"padding": -1})


CONV_OUTPUT_SHAPE = FunctionQuestion(
    id="ex41-conv-output-shape",
    name="conv_output_shape",
    points=Fraction(1, 2),
    reference=cnn_ref.conv_output_shape,
    returns="wholes",
    start="Go through the example of the text: compute width, height and depth one after the other, in this order.",
    aspects=(
        Aspect(
            "width and height",
            Fraction(3, 20),
            _width_and_height,
            clue=(
                Clue("The depth is right.", ("depth",)),
                "What does the formula of one side give for the width, and what for the height?",
            ),
        ),
        Aspect(
            "depth",
            Fraction(1, 10),
            _depth,
            clue=(
                Clue("Width and height are right.", ("width and height",)),
                "How many maps are stacked in the output?",
            ),
        ),
        Aspect("tuple of ints", Fraction(1, 10), _whole_shape, clue=AN_INT, apart=True, form=True),
        Aspect(
            "filters that are not square",
            Fraction(1, 10),
            _rectangular_filters,
            clue=(
                Clue("Square filters hold.", ("width and height", "depth")),
                "A pair gives the height first, the volume the width first: match them by name.",
            ),
            apart=True,
        ),
        Aspect(
            "impossible layers",
            Fraction(1, 20),
            _impossible_volumes,
            clue=(
                Clue("Sizes that exist are right.", ("width and height", "depth")),
                "Which of your functions already knows when a layer is impossible?",
            ),
            apart=True,
        ),
    ),
)


def _layers(rng: Generator) -> Iterator[tuple[str, tuple[object, ...]]]:
    yield "the first layer of AlexNet", (11, 3, 96)
    yield "one filter", (3, 20, 1)
    yield "one input channel", (5, 1, 6)
    yield "a 1x1 filter", (1, 64, 16)
    yield "a deep layer", (3, 20, 33)
    yield "another layer", tuple(int(number) for number in rng.choice(np.arange(2, 30), 3, replace=False))


def _per_filter(rng: Generator) -> Iterator[Case]:
    for what, arguments in _layers(rng):
        yield Case(what, arguments, look_at="amount", entries=(0,))


def _total(rng: Generator) -> Iterator[Case]:
    for what, arguments in _layers(rng):
        yield Case(what, arguments, look_at="amount", entries=(1,))


def _both(rng: Generator) -> Iterator[Case]:
    for what, arguments in _layers(rng):
        yield Case(what, arguments, look_at="type")


def _rectangular_layers(rng: Generator) -> Iterator[Case]:
    yield Case("a filter higher than wide", ((5, 2), 3, 4))
    height, width, depth, count = (int(number) for number in rng.choice(np.arange(2, 20), 4, replace=False))
    yield Case("a filter that is not square", ((height, width), depth, count))


CONV_PARAMETERS = FunctionQuestion(
    id="ex41-conv-parameters",
    name="conv_parameters",
    points=Fraction(1, 4),
    reference=cnn_ref.conv_parameters,
    returns="wholes",
    start="Write down all the numbers of one small filter, its bias too, and count them.",
    aspects=(
        Aspect(
            "per filter",
            Fraction(1, 10),
            _per_filter,
            clue=(Clue("The total is right.", ("total",)), "What does one filter store?"),
        ),
        Aspect(
            "total",
            Fraction(3, 40),
            _total,
            clue=(Clue("The number per filter is right.", ("per filter",)), "How many filters are there?"),
        ),
        Aspect("tuple of ints", Fraction(1, 40), _both, clue=AN_INT, apart=True, form=True),
        Aspect(
            "filters that are not square",
            Fraction(1, 20),
            _rectangular_layers,
            clue=(
                Clue("Square filters hold.", ("per filter", "total")),
                "kernel_size may be a pair (height, width): how many cells does it cover then?",
            ),
            apart=True,
        ),
    ),
)

QUESTIONS = (CONV_OUTPUT_SIZE, CONV_OUTPUT_SHAPE, CONV_PARAMETERS)
