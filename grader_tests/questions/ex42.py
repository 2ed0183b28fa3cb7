"""Checks of Exercise 42: the 1x1 convolution and what it saves."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

import cnn_ref
from grader_tests.cases import Aspect, Case, Clue
from grader_tests.function_question import FunctionQuestion
from grader_tests.inputs import Array, biases, columns_first, filters, image
from grader_tests.question import Generator
from grader_tests.questions.ex39 import AN_INT


def _matrix(rng: Generator, filter_count: int, channels: int) -> Array:
    """Return weights of a 1x1 convolution, shape=(O, C), that no transpose or flip leaves unchanged."""
    matrix: Array = filters(rng, 1, 1, filter_count, channels)[0, 0]
    return matrix


def _shapes(rng: Generator) -> Iterator[Case]:
    for filter_count in (1, 2, 5):
        layer = (image(rng, 2, 3, 4, 6), _matrix(rng, filter_count, 3))
        yield Case("another number of filters than channels", layer, look_at="shape")


def _mixes(rng: Generator) -> Iterator[Case]:
    x = np.array([[[[1.0, 2.0]], [[10.0, 20.0]]]])
    yield Case("two channels, summed and subtracted", (x, np.array([[1.0, 1.0], [1.0, -1.0], [0.0, 2.0]])))
    yield Case("fewer filters than channels", (image(rng, 1, 4, 3, 5), _matrix(rng, 2, 4)))
    yield Case("several images", (image(rng, 3, 2, 4, 3), _matrix(rng, 3, 2), None))
    yield Case("as many filters as channels", (image(rng, 2, 3, 3, 4), _matrix(rng, 3, 3)))
    yield Case("one pixel", (image(rng, 1, 3, 1, 1), _matrix(rng, 2, 3)))


def _number_types(rng: Generator) -> Iterator[Case]:
    yield Case(
        "arrays that are used again", (image(rng, 2, 2, 4, 3), _matrix(rng, 3, 2), biases(rng, 3)), look_at="inputs"
    )
    yield Case("fractions", (image(rng, 1, 2, 3, 2) / 8, _matrix(rng, 3, 2) / 4, biases(rng, 3) / -8))
    yield Case("an image of fractions, whole weights", (image(rng, 1, 2, 3, 2) / 8, _matrix(rng, 3, 2).astype(int)))
    whole = image(rng, 1, 2, 3, 2).astype(int)
    yield Case("a whole image, weights of fractions", (whole, _matrix(rng, 3, 2) / 8))
    yield Case(
        "a whole image and bias, weights of fractions", (whole, _matrix(rng, 3, 2) / 8, biases(rng, 3).astype(int))
    )
    photo = rng.integers(200, 256, (1, 2, 3, 3), dtype=np.uint8)
    yield Case("a photograph (dtype uint8)", (photo, _matrix(rng, 2, 2).astype(np.int64)))
    yield Case("whole numbers with large sums", (photo, 200 + np.abs(_matrix(rng, 2, 2)).astype(np.int64)))
    yield Case(
        "arrays that are stored columns first", (columns_first(image(rng, 2, 3, 4, 2)), _matrix(rng, 2, 3).T.copy().T)
    )


def _bias(rng: Generator) -> Iterator[Case]:
    yield Case("a bias", (image(rng, 2, 3, 4, 5), _matrix(rng, 4, 3), biases(rng, 4)))
    whole = biases(rng, 3).astype(int)
    yield Case("a whole bias", (image(rng, 1, 2, 3, 2).astype(int), _matrix(rng, 3, 2), whole))
    cancelling = np.array([0.0, 7.0, -7.0])
    yield Case("biases that add up to 0", (image(rng, 1, 2, 3, 2), _matrix(rng, 3, 2), cancelling))
    yield Case("as many filters as columns", (image(rng, 1, 2, 2, 4), _matrix(rng, 4, 2), biases(rng, 4)))


CONV1X1 = FunctionQuestion(
    id="ex42-conv1x1",
    name="conv1x1",
    points=Fraction(1, 4),
    reference=cnn_ref.conv1x1,
    returns="array",
    aspects=(
        Aspect("shape", Fraction(1, 20), _shapes, clue="One map for each filter; height and width stay."),
        Aspect(
            "mixing the channels",
            Fraction(1, 10),
            _mixes,
            clue=(
                Clue("The shape is right.", ("shape",)),
                "Compute one pixel by hand: which weight meets which channel?",
            ),
        ),
        Aspect(
            "bias",
            Fraction(3, 40),
            _bias,
            clue=(
                Clue("Without a bias it holds.", ("mixing the channels",)),
                "Is it added, and along which axis of the result does it vary?",
            ),
        ),
        Aspect(
            "number types, inputs unchanged",
            Fraction(1, 40),
            _number_types,
            clue=(
                Clue("Whole numbers as floats hold.", ("mixing the channels", "bias")),
                "Look at the dtypes of your arrays.",
            ),
            apart=True,
        ),
    ),
)


def _square_layers(rng: Generator) -> Iterator[tuple[int, ...]]:
    yield 28, 28, 32, 5, 192
    yield 9, 9, 4, 3, 7
    yield 224, 224, 512, 7, 512  # more than a 32-bit number can hold
    side, count, kernel_size, depth = (int(number) for number in rng.choice(np.arange(7, 40), 4, replace=False))
    yield side + kernel_size, side + kernel_size, count, kernel_size, depth


def _wide_layers(rng: Generator) -> Iterator[tuple[int, ...]]:
    yield 10, 14, 8, 3, 6
    yield 12, 5, 9, 2, 11
    height, width, count, kernel_size, depth = (int(n) for n in rng.choice(np.arange(2, 40), 5, replace=False))
    yield height + kernel_size, width + kernel_size, count, kernel_size, depth


def _square_cost(rng: Generator) -> Iterator[Case]:
    for layer in _square_layers(rng):
        yield Case("a square output", layer, look_at="amount")


def _wide_cost(rng: Generator) -> Iterator[Case]:
    for layer in _wide_layers(rng):
        yield Case("an output that is not square", layer, look_at="amount")
    yield Case("one filter of size 1", (7, 9, 1, 1, 3), look_at="amount")
    yield Case("one channel", (7, 9, 4, 3, 1), look_at="amount")


def _whole_cost(rng: Generator) -> Iterator[Case]:
    for layer in (*_square_layers(rng), *_wide_layers(rng)):
        yield Case("a count that has to be an int", layer, look_at="type")


CONV_MULTIPLICATIONS = FunctionQuestion(
    id="ex42-conv-multiplications",
    name="conv_multiplications",
    points=Fraction(1, 4),
    reference=cnn_ref.conv_multiplications,
    returns="whole",
    aspects=(
        Aspect(
            "square outputs",
            Fraction(1, 10),
            _square_cost,
            clue="Count the products of one output cell first, then the output cells.",
        ),
        Aspect(
            "other outputs",
            Fraction(1, 10),
            _wide_cost,
            clue=(
                Clue("Square outputs hold.", ("square outputs",)),
                "Which of your factors is the height of the output, which its width?",
            ),
        ),
        Aspect("type int", Fraction(1, 20), _whole_cost, clue=AN_INT, apart=True, form=True),
    ),
)


def _reduced(rng: Generator, layers: Iterator[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    for number, layer in enumerate(layers):
        yield (*layer, (16, 5)[number] if number < 2 else int(rng.integers(3, 30)))


def _square_bottleneck(rng: Generator) -> Iterator[Case]:
    for layer in _reduced(rng, _square_layers(rng)):
        yield Case("a square output", layer, look_at="amount")


def _wide_bottleneck(rng: Generator) -> Iterator[Case]:
    yield Case("one channel in between", (7, 9, 4, 3, 6, 1), look_at="amount")
    for layer in _reduced(rng, _wide_layers(rng)):
        yield Case("an output that is not square", layer, look_at="amount")


def _whole_bottleneck(rng: Generator) -> Iterator[Case]:
    for layer in (*_reduced(rng, _square_layers(rng)), *_reduced(rng, _wide_layers(rng))):
        yield Case("a count that has to be an int", layer, look_at="type")


BOTTLENECK_MULTIPLICATIONS = FunctionQuestion(
    id="ex42-bottleneck-multiplications",
    name="bottleneck_multiplications",
    points=Fraction(1, 4),
    reference=cnn_ref.bottleneck_multiplications,
    returns="whole",
    aspects=(
        Aspect(
            "square outputs",
            Fraction(1, 10),
            _square_bottleneck,
            clue="Write down the two layers and what each of them reads.",
        ),
        Aspect(
            "other outputs",
            Fraction(1, 10),
            _wide_bottleneck,
            clue=(
                Clue("Square outputs hold.", ("square outputs",)),
                "How many cells has a map, and how deep is what each layer reads?",
            ),
        ),
        Aspect("type int", Fraction(1, 20), _whole_bottleneck, clue=AN_INT, apart=True, form=True),
    ),
)

QUESTIONS = (CONV1X1, CONV_MULTIPLICATIONS, BOTTLENECK_MULTIPLICATIONS)
