"""Checks of Exercise 43: max pooling."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

import cnn_ref
from grader_tests.cases import Aspect, Case, Clue
from grader_tests.function_question import FunctionQuestion
from grader_tests.inputs import Array, columns_first, image
from grader_tests.question import Generator


def unsorted(rng: Generator, *shape: int) -> Array:
    """Return different whole numbers in random order: a fixed cell of the window is not its maximum by chance.

    Nearly all are negative, whatever is drawn, so that a maximum that starts at 0 shows in every array.
    """
    count = int(np.prod(shape))
    return rng.permutation(np.arange(count) - count + 2).astype(np.float64).reshape(shape)


def _shapes(rng: Generator) -> Iterator[Case]:
    yield Case("a window of 2 and an even image", (image(rng, 2, 3, 6, 6), 2), look_at="shape")
    yield Case("an image with a column left over", (image(rng, 1, 2, 5, 7), 2), look_at="shape")
    yield Case("overlapping windows", (image(rng, 1, 1, 7, 7), 3, 2), look_at="shape")
    yield Case("a window as large as the image", (image(rng, 1, 2, 4, 4), 4), look_at="shape")


def _maxima(rng: Generator) -> Iterator[Case]:
    corners = np.array([[[[4.0, 1.0, 0.0, 7.0], [2.0, 3.0, 5.0, 6.0], [1.0, 9.0, 2.0, 8.0], [0.0, 3.0, 9.0, 1.0]]]])
    yield Case("maxima in every corner of the window", (corners, 2))
    yield Case("only negative values", (-1.0 - rng.permutation(36).reshape(1, 1, 6, 6), 2))
    yield Case("several equal maxima", (np.array([[[[3.0, 3.0], [3.0, 1.0]]], [[[-2.0, -2.0], [-2.0, -2.0]]]]), 2))
    yield Case("a larger window", (unsorted(rng, 1, 1, 9, 9), 3))
    yield Case("values far below 0", (-1e6 * (1.0 + rng.permutation(16).reshape(1, 1, 4, 4)), 2))
    yield Case("values far above 0", (1e6 * (1.0 + rng.permutation(16).reshape(1, 1, 4, 4)), 2))


def _strides(rng: Generator) -> Iterator[Case]:
    yield Case("no stride given", (unsorted(rng, 1, 1, 9, 9), 3))  # on 6 x 6, steps of 2 can find the same maxima
    yield Case("a stride of 1", (unsorted(rng, 1, 1, 5, 5), 2, 1))
    yield Case("a stride smaller than the window", (unsorted(rng, 1, 1, 7, 7), 3), {"stride": 2})
    yield Case("a stride larger than the window", (unsorted(rng, 1, 1, 8, 8), 2, 3))
    yield Case("cells left over", (unsorted(rng, 1, 1, 8, 8), 3, 2))
    yield Case("a window of five", (unsorted(rng, 1, 1, 9, 9), 5, 4))
    # With a stride of 2 the output would have the same shape: no image may be pooled in another way.
    two = unsorted(rng, 2, 1, 5, 5)
    two[1, 0, 0, 0], two[0, 0, 4, 4] = 2.0, 3.0  # neither image has the larger number in all windows
    yield Case("a stride and two images", (two, 2, 3))


def _channels(rng: Generator) -> Iterator[Case]:
    yield Case("several channels", (unsorted(rng, 1, 3, 4, 4), 2))
    yield Case("several images", (unsorted(rng, 3, 2, 4, 4), 2))
    yield Case("several images and channels", (unsorted(rng, 2, 4, 6, 6), 3, 3))


def _rectangles(rng: Generator) -> Iterator[Case]:
    yield Case("an image that is not square", (unsorted(rng, 1, 1, 4, 9), 2))
    yield Case("a window wider than high", (unsorted(rng, 1, 1, 4, 6), (2, 3)))
    yield Case("a window higher than wide", (unsorted(rng, 1, 1, 7, 5), (3, 2), 1))
    yield Case("a stride with two numbers", (unsorted(rng, 1, 1, 9, 8), 3), {"stride": (2, 1)})
    yield Case("window and stride with two numbers", (unsorted(rng, 1, 1, 8, 9), (1, 4), (3, 2)))
    yield Case("a high window and cells left over", (unsorted(rng, 1, 1, 8, 7), (5, 2)))
    yield Case("a wide window and cells left over", (unsorted(rng, 1, 1, 7, 8), (2, 5)))
    # Step by step, so that no row that is missing or too many is skipped.
    yield Case("a high window, step by step", (unsorted(rng, 1, 1, 8, 7), (5, 2), 1))
    yield Case("a wide window, step by step", (unsorted(rng, 1, 1, 7, 8), (2, 5), 1))
    # Window and stride agree in one number, or are each other's mirror image.
    for kernel_size, stride in (((2, 3), (3, 2)), ((3, 2), 2), ((2, 3), 2), (2, (3, 2)), (2, (2, 3)), ((3, 2), 3)):
        yield Case("window and stride that differ in one direction", (unsorted(rng, 1, 1, 7, 8), kernel_size, stride))
    yield Case("an image of one row", (unsorted(rng, 1, 1, 1, 7), (1, 3), 2))
    yield Case("an image of one column", (unsorted(rng, 1, 1, 7, 1), (2, 1)))
    for _ in range(3):
        height, width, kernel_height, kernel_width = (int(side) for side in rng.integers((5, 5, 1, 1), (10, 10, 6, 6)))
        stride = (int(rng.integers(1, 4)), int(rng.integers(1, 4)))
        yield Case(
            "a rectangle drawn anew", (unsorted(rng, 1, 2, height, width), (kernel_height, kernel_width), stride)
        )


def _number_types(rng: Generator) -> Iterator[Case]:
    yield Case("an array that is used again later", (unsorted(rng, 1, 1, 6, 6), 2), look_at="inputs")
    yield Case("overlapping windows of an array used again", (unsorted(rng, 1, 1, 5, 5), 3, 1), look_at="inputs")
    yield Case("an array that is stored columns first", (columns_first(unsorted(rng, 1, 1, 4, 6)), 2), look_at="inputs")
    yield Case("fractions", (unsorted(rng, 1, 1, 4, 4) / 8, 2), look_at="inputs")
    yield Case("a photograph (dtype uint8)", (rng.integers(0, 256, (1, 1, 6, 6), dtype=np.uint8), 2), look_at="inputs")
    yield Case("large whole numbers", (70_000 + 10 * rng.permutation(16).reshape(1, 1, 4, 4), 2), look_at="inputs")
    yield Case("negative integers", (unsorted(rng, 1, 1, 4, 4).astype(np.int64) - 20, 2), look_at="inputs")


def _impossible(rng: Generator) -> Iterator[Case]:
    x = unsorted(rng, 1, 2, 4, 5)
    for what, window in (("too large", 6), ("too high", (5, 2)), ("too wide", (2, 6))):
        yield Case(f"a window that is {what}", (x, window))
        yield Case(f"a window that is {what}", (x, window), {"stride": 1})
    for window in (0, (0, 2), (2, 0)):
        yield Case("a window of size 0", (x, window))
        yield Case("a window of size 0", (x, window), {"stride": (1, 2)})
    # Stride 0 is not tried: `stride or kernel_size` is a common way to write the default. Where the window is as long
    # as the image, a negative stride still gives one position in the formula.
    for window, stride in ((2, (1, -1)), ((2, 5), (1, -1)), ((4, 2), (-2, 1)), ((4, 5), -1)):
        yield Case("a negative stride", (x, window), {"stride": stride})


MAX_POOL2D = FunctionQuestion(
    id="ex43-max-pool2d",
    name="max_pool2d",
    points=Fraction(3, 4),
    reference=cnn_ref.max_pool2d,
    returns="array",
    aspects=(
        Aspect(
            "shape",
            Fraction(1, 10),
            _shapes,
            clue="Count the windows of a small image by hand; one that does not fit is left out.",
        ),
        Aspect(
            "maximum of a window",
            Fraction(3, 20),
            _maxima,
            clue=(
                Clue("The shape is right.", ("shape",)),
                "Which cells does your maximum look at, and with what does it start?",
            ),
        ),
        Aspect(
            "stride",
            Fraction(3, 20),
            _strides,
            clue=(
                Clue("Windows side by side hold.", ("maximum of a window",)),
                "Where does the second window start with the stride you were given?",
            ),
        ),
        Aspect(
            "channels and images",
            Fraction(3, 20),
            _channels,
            clue=(
                Clue("One channel of one image holds.", ("maximum of a window",)),
                "Over which axes does your maximum run?",
            ),
        ),
        Aspect(
            "rectangles",
            Fraction(1, 10),
            _rectangles,
            clue=(
                Clue("Squares hold.", ("maximum of a window", "stride")),
                "Keep heights and widths apart everywhere: image, window, stride.",
            ),
        ),
        Aspect(
            "number types, input unchanged",
            Fraction(1, 20),
            _number_types,
            clue=(
                Clue("Whole numbers as floats hold.", ("maximum of a window", "stride")),
                "Look at the dtypes of your arrays, and at lines that write into x.",
            ),
            apart=True,
        ),
        Aspect(
            "impossible windows",
            Fraction(1, 20),
            _impossible,
            clue="Which windows and steps should be refused before anything is computed?",
            apart=True,
        ),
    ),
)

QUESTIONS = (MAX_POOL2D,)
