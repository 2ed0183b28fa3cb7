"""Checks of Exercise 41, second part: the convolution itself, one depth slice."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

import cnn_ref
from grader_tests.cases import Aspect, Case, Clue
from grader_tests.function_question import FunctionQuestion
from grader_tests.inputs import biases, columns_first, filters, image
from grader_tests.question import Generator

# An image whose windows a teacher can add up, and no step of it looks like the next one.
SMALL_IMAGE = np.array([[[[2.0, 7.0, 1.0], [8.0, 0.0, 5.0], [3.0, 9.0, 4.0]]]])
SMALL_FILTER = np.array([[[[1.0, 2.0], [3.0, -4.0]]]])


def _shapes(rng: Generator) -> Iterator[Case]:
    for what, padding, stride in (("no padding", 0, 1), ("padding 1", 1, 1), ("stride 2 and a remainder", 0, 2)):
        keywords = {"stride": stride, "padding": padding}
        x, weight = image(rng, 2, 3, 8, 8), filters(rng, 4, 3, 3, 3)
        yield Case(what, (x, weight, None), keywords, look_at="shape")
    yield Case("a filter as large as the image", (image(rng, 1, 2, 4, 4), filters(rng, 3, 2, 4, 4)), look_at="shape")
    yield Case(
        "stride 3 and padding 2", (image(rng, 1, 1, 6, 6), filters(rng, 2, 1, 3, 3), None, 3, 2), look_at="shape"
    )


# One feature an aspect: what one channel, one square filter, no bias show first is not asked again below.
def _windows(rng: Generator) -> Iterator[Case]:
    yield Case("a small image", (SMALL_IMAGE, SMALL_FILTER))
    for side, size in ((5, 2), (6, 3), (7, 5), (4, 4), (5, 1)):
        yield Case("one channel and one filter", (image(rng, 1, 1, side, side), filters(rng, 1, 1, size, size)))


def _strides(rng: Generator) -> Iterator[Case]:
    yield Case("stride 2", (image(rng, 1, 1, 7, 7), filters(rng, 1, 1, 3, 3)), {"stride": 2})
    yield Case("stride 2 with cells left over", (image(rng, 1, 1, 8, 8), filters(rng, 1, 1, 3, 3), None, 2))
    yield Case("stride 3, larger than the filter", (image(rng, 1, 1, 8, 8), filters(rng, 1, 1, 2, 2)), {"stride": 3})


def _paddings(rng: Generator) -> Iterator[Case]:
    yield Case("padding 1", (SMALL_IMAGE, SMALL_FILTER), {"padding": 1})
    yield Case("padding 1", (image(rng, 1, 1, 5, 5), filters(rng, 1, 1, 3, 3), None, 1, 1))
    yield Case("padding 2", (image(rng, 1, 1, 6, 6), filters(rng, 1, 1, 5, 5)), {"padding": 2})
    yield Case("padding as large as the filter", (image(rng, 1, 1, 3, 3), filters(rng, 1, 1, 2, 2)), {"padding": 2})
    larger = (image(rng, 1, 1, 3, 3), filters(rng, 1, 1, 6, 6))
    what = "a filter larger than the image that fits once it is padded"
    yield Case(what, larger, {"padding": 2}, edge=True)


def _channels(rng: Generator) -> Iterator[Case]:
    yield Case("several channels", (image(rng, 1, 3, 5, 5), filters(rng, 1, 3, 3, 3)))
    yield Case("several filters", (image(rng, 1, 1, 5, 5), filters(rng, 4, 1, 3, 3)))
    yield Case("several channels and filters", (image(rng, 1, 3, 5, 5), filters(rng, 4, 3, 2, 2)))
    yield Case("as many filters as channels", (image(rng, 1, 3, 5, 5), filters(rng, 3, 3, 3, 3)))


def _images_and_bias(rng: Generator) -> Iterator[Case]:
    yield Case("several images", (image(rng, 3, 1, 4, 4), filters(rng, 1, 1, 3, 3)))
    yield Case("a bias", (image(rng, 1, 1, 4, 4), filters(rng, 1, 1, 2, 2), biases(rng, 1)))
    yield Case("a bias for each filter", (image(rng, 1, 1, 4, 4), filters(rng, 3, 1, 2, 2), biases(rng, 3)))
    yield Case("as many filters as columns", (image(rng, 1, 1, 4, 4), filters(rng, 3, 1, 2, 2), biases(rng, 3)))
    cancelling = np.array([0.0, 7.0, -7.0])
    yield Case("biases that add up to 0", (image(rng, 1, 1, 4, 4), filters(rng, 3, 1, 2, 2), cancelling))


def _rectangles(rng: Generator) -> Iterator[Case]:
    yield Case("an image wider than high", (image(rng, 1, 1, 5, 9), filters(rng, 1, 1, 3, 3)))
    yield Case("an image higher than wide", (image(rng, 1, 1, 9, 6), filters(rng, 1, 1, 3, 3)))
    yield Case("a filter wider than high", (image(rng, 1, 1, 6, 6), filters(rng, 1, 1, 2, 3)))
    yield Case("a filter higher than wide", (image(rng, 1, 1, 6, 6), filters(rng, 1, 1, 4, 1)))
    yield Case("an image of one row", (image(rng, 1, 1, 1, 6), filters(rng, 1, 1, 1, 3)))
    yield Case("an image of one column", (image(rng, 1, 1, 5, 1), filters(rng, 1, 1, 2, 1)))


def _together(rng: Generator) -> Iterator[Case]:
    layer = (image(rng, 2, 3, 5, 7), filters(rng, 3, 3, 3, 2), biases(rng, 3))
    yield Case("everything at once", (*layer, 2, 1))
    yield Case(
        "padding 2 and stride 2", (image(rng, 1, 1, 6, 6), filters(rng, 1, 1, 3, 3)), {"stride": 2, "padding": 2}
    )
    yield Case("padding 1 and stride 3", (image(rng, 1, 2, 9, 9), filters(rng, 1, 2, 4, 4), None, 3, 1))
    yield Case("a wide filter and padding", (image(rng, 1, 2, 6, 7), filters(rng, 2, 2, 2, 3)), {"padding": 1})
    yield Case("a high filter and a bias", (image(rng, 2, 1, 6, 6), filters(rng, 2, 1, 4, 1), biases(rng, 2), 2, 1))
    yield Case("one row, two channels", (image(rng, 1, 2, 1, 6), filters(rng, 2, 2, 1, 3), biases(rng, 2)))
    yield Case("one column, stride 2", (image(rng, 2, 1, 5, 1), filters(rng, 1, 1, 2, 1)), {"stride": 2})
    larger = (image(rng, 1, 2, 3, 4), filters(rng, 1, 2, 7, 6))
    what = "a filter larger than the image that fits once it is padded"
    yield Case(what, larger, {"padding": 2}, edge=True)
    for _ in range(3):
        height, width, kernel_height, kernel_width = (int(side) for side in rng.integers((5, 5, 1, 1), (10, 10, 6, 6)))
        layer = (image(rng, 1, 2, height, width), filters(rng, 2, 2, kernel_height, kernel_width), biases(rng, 2))
        settings = {"stride": int(rng.integers(1, 4)), "padding": int(rng.integers(0, 3))}
        yield Case("a rectangle drawn anew", layer, settings)


def _number_types(rng: Generator) -> Iterator[Case]:
    x, weight = image(rng, 1, 1, 5, 5), filters(rng, 1, 1, 3, 3)
    yield Case("arrays that are used again later", (x, weight, biases(rng, 1)), look_at="inputs")
    yield Case("padded arrays that are used again", (x, weight, biases(rng, 1), 1, 1), look_at="inputs")
    # Photographs are uint8: the weights are int64, so that a product is not cut to 8 bits unless the code does it.
    photo = rng.integers(200, 256, (1, 1, 5, 5), dtype=np.uint8)
    whole = filters(rng, 1, 1, 2, 2).astype(np.int64)
    yield Case("a photograph (dtype uint8)", (photo, whole), look_at="inputs")
    yield Case("whole numbers with large sums", (photo, 200 + np.abs(whole)))
    below = np.array([[[[-5.0, 1.0, -2.0], [0.5, -7.0, 1.5], [-3.0, 2.0, -1.0]]]]) / 8
    yield Case("an image of fractions", (below, np.array([[[[1, 2], [3, -1]]]])))
    yield Case("an image of fractions", (image(rng, 1, 1, 4, 4) / 8, whole))
    fractions = filters(rng, 1, 1, 2, 2) / 8
    yield Case("a photograph, weights of fractions, a whole bias", (photo, fractions, biases(rng, 1).astype(int)))
    yield Case(
        "weights that are fractions", (photo.astype(np.int64), fractions, fractions[:, 0, 0, 0]), look_at="inputs"
    )
    turned = (columns_first(image(rng, 1, 1, 4, 6)), columns_first(filters(rng, 1, 1, 2, 3)))
    yield Case("arrays that are stored columns first", turned)


def _small_integers(rng: Generator) -> Iterator[Case]:
    photo = rng.integers(100, 256, (1, 1, 5, 5), dtype=np.uint8)
    weight = rng.integers(1, 9, (1, 1, 3, 3), dtype=np.uint8)
    yield Case("image and weights of dtype uint8", (photo, weight), {"padding": 1})
    yield Case("a long sum of uint8", (photo, rng.integers(200, 256, (1, 1, 3, 3), dtype=np.uint8)))
    signed = np.where(np.arange(16) % 2, 120, -128).reshape(1, 1, 4, 4) + rng.integers(0, 8, (1, 1, 4, 4))
    yield Case("image and weights of dtype int8", (signed.astype(np.int8), np.array([[[[9, -7], [5, 8]]]], np.int8)))


def _impossible_layers(rng: Generator) -> Iterator[Case]:
    x, weight = image(rng, 1, 1, 5, 4), filters(rng, 2, 1, 2, 2)
    yield Case("a filter larger than the image", (x, filters(rng, 2, 1, 6, 6)))
    # Each is one cell too long.
    yield Case("a filter larger than the padded image", (x, filters(rng, 1, 1, 8, 7)), {"padding": 1})
    yield Case("a filter that is too high", (x, filters(rng, 1, 1, 8, 2)), {"padding": 1})
    yield Case("a filter that is too wide", (x, filters(rng, 1, 1, 2, 5)))
    yield Case("a filter wider than the padded image", (x, filters(rng, 1, 1, 3, 9)), {"padding": 2})
    yield Case("a filter larger than the image, with a stride", (x, filters(rng, 2, 1, 6, 5)), {"stride": 3})
    yield Case("stride 0", (x, weight), {"stride": 0})
    yield Case("a negative stride", (x, weight), {"stride": -1})
    yield Case("negative padding", (x, weight), {"padding": -1})


CONV2D = FunctionQuestion(
    id="ex41-conv2d",
    name="conv2d",
    points=Fraction(1),
    reference=cnn_ref.conv2d,
    returns="array",
    aspects=(
        Aspect(
            "shape",
            Fraction(3, 20),
            _shapes,
            clue="Compute the output size of one side with the formula and compare.",
        ),
        Aspect(
            "one window after the other",
            Fraction(3, 20),
            _windows,
            clue=(
                Clue("The shape is right.", ("shape",)),
                Clue(
                    "Follow one window of a 3x3 image by hand, then the next.",
                    wrong_at=Case("", (SMALL_IMAGE, SMALL_FILTER)),
                ),
                "Which cells do you multiply with which weights, and what happens to the products?",
            ),
        ),
        Aspect(
            "stride",
            Fraction(1, 10),
            _strides,
            clue=(
                Clue("With stride 1 it holds.", ("one window after the other",)),
                "Where does the second window start with stride 2, and where does it end?",
            ),
        ),
        Aspect(
            "padding",
            Fraction(3, 20),
            _paddings,
            clue=(
                Clue("Without padding it holds.", ("one window after the other",)),
                "Print the padded array for a small image: where are the zeros?",
            ),
        ),
        Aspect(
            "channels and filters",
            Fraction(1, 10),
            _channels,
            clue=(
                Clue("One channel and one filter hold.", ("one window after the other",)),
                "Which loop or axis belongs to the input channels, which to the filters, and what is summed?",
            ),
        ),
        Aspect(
            "images and bias",
            Fraction(1, 10),
            _images_and_bias,
            clue=(
                Clue("One image without bias holds.", ("one window after the other",)),
                "Which loop or axis belongs to the images, and which bias is added to which channel?",
            ),
        ),
        Aspect(
            "rectangles",
            Fraction(1, 20),
            _rectangles,
            clue=(
                Clue("Squares hold.", ("one window after the other",)),
                "Keep heights and widths apart everywhere: image, filter, output.",
            ),
        ),
        Aspect(
            "all settings together",
            Fraction(1, 20),
            _together,
            clue=(
                Clue(
                    "Each setting alone holds.",
                    ("stride", "padding", "channels and filters", "images and bias", "rectangles"),
                ),
                "Which two of them meet in one line of your code?",
            ),
        ),
        Aspect(
            "number types, inputs unchanged",
            Fraction(1, 20),
            _number_types,
            clue=(
                Clue("Whole numbers as floats hold.", ("one window after the other",)),
                "Look at the dtypes of your arrays, and at lines that write into x.",
            ),
            apart=True,
        ),
        Aspect(
            "small integers",
            Fraction(1, 20),
            _small_integers,
            clue=(
                Clue("Larger number types hold.", ("number types, inputs unchanged",)),
                "What is np.uint8(200) * np.uint8(2)? Convert before you multiply.",
            ),
            apart=True,
        ),
        Aspect(
            "impossible layers",
            Fraction(1, 20),
            _impossible_layers,
            clue="Which settings should be refused before anything is computed?",
            apart=True,
        ),
    ),
)


def _slice_shapes(rng: Generator) -> Iterator[Case]:
    for what, stride, padding in (("stride 1", 1, 0), ("padding 1", 1, 1), ("stride 2 and a remainder", 2, 0)):
        layer = (image(rng, 2, 3, 6, 8), filters(rng, 4, 3, 3, 3), biases(rng, 4), 2)
        yield Case(what, layer, {"stride": stride, "padding": padding}, look_at="shape")


def _slice_channels(rng: Generator) -> Iterator[Case]:
    x = np.array([[[[1.0, 2.0], [3.0, 4.0]], [[10.0, 20.0], [30.0, 40.0]]]])
    yield Case("two channels and a filter of ones", (x, np.ones((1, 2, 2, 2)), np.zeros(1), 0))
    yield Case("the first slice", (image(rng, 1, 3, 5, 5), filters(rng, 3, 3, 3, 3), np.zeros(3), 0))
    yield Case("one filter on several channels", (image(rng, 1, 4, 4, 5), filters(rng, 1, 4, 3, 2), np.zeros(1), 0))
    yield Case("several images", (image(rng, 3, 3, 4, 5), filters(rng, 1, 3, 2, 3), np.zeros(1), 0))


def _slice_filter(rng: Generator) -> Iterator[Case]:
    x, weight, bias = image(rng, 1, 1, 5, 4), filters(rng, 4, 1, 3, 3), biases(rng, 4)
    for d in range(4):
        yield Case(f"d = {d}", (x, weight, bias, d))
    for d in range(2):
        yield Case("biases of which one is 0", (x, weight[:2], np.array([0.0, 7.0]), d))
        yield Case("biases below 0, with fractions", (x, weight[:2], np.array([-2.5, -0.75]), d))


def _slice_strides(rng: Generator) -> Iterator[Case]:
    for what, size, stride in (("stride 2", 7, 2), ("stride 2 with cells left over", 8, 2), ("stride 3", 11, 3)):
        layer = (image(rng, 1, 1, size, size + 2), filters(rng, 1, 1, 3, 3), np.zeros(1), 0)
        yield Case(what, layer, {"stride": stride})


def _slice_paddings(rng: Generator) -> Iterator[Case]:
    layer = (image(rng, 1, 1, 5, 4), filters(rng, 1, 1, 3, 3), np.zeros(1), 0)
    yield Case("padding 1", layer, {"padding": 1})
    yield Case("padding 2", layer, {"padding": 2})
    yield Case("a filter wider than high", (image(rng, 1, 1, 6, 8), filters(rng, 1, 1, 1, 4), np.zeros(1), 0, 1, 1))
    larger = (image(rng, 1, 1, 3, 4), filters(rng, 1, 1, 7, 6), np.zeros(1), 0)
    what = "a filter larger than the image that fits once it is padded"
    yield Case(what, larger, {"padding": 2}, edge=True)


def _slice_together(rng: Generator) -> Iterator[Case]:
    layer = (image(rng, 2, 2, 5, 4), filters(rng, 3, 2, 3, 3), biases(rng, 3), 2)
    yield Case("padding 1 and stride 2", (*layer, 2, 1), look_at="inputs")
    # With as many channels as filters, a slice made from one channel alone is an answer too, a wrong one.
    yield Case("stride 2", (image(rng, 1, 2, 6, 6), filters(rng, 2, 2, 2, 2), biases(rng, 2), 1, 2, 0))
    yield Case("defaults of stride and padding", (image(rng, 1, 2, 6, 8), filters(rng, 2, 2, 1, 4), biases(rng, 2), 0))
    yield Case(
        "a filter longer than the image is high", (image(rng, 1, 1, 2, 7), filters(rng, 2, 1, 1, 6), biases(rng, 2), 1)
    )
    yield Case(
        "a stride longer than the image", (image(rng, 1, 1, 4, 5), filters(rng, 1, 1, 2, 2), biases(rng, 1), 0, 6)
    )
    yield Case(
        "one cell, padded by more than the filter",
        (image(rng, 1, 1, 1, 1), filters(rng, 1, 1, 1, 1), biases(rng, 1), 0, 1, 2),
    )
    layer = (image(rng, 1, 2, 8, 5), filters(rng, 2, 2, 4, 2), biases(rng, 2), 1)
    yield Case("a filter higher than wide", (*layer, 3, 2))
    larger = (image(rng, 1, 2, 3, 4), filters(rng, 2, 2, 7, 6), biases(rng, 2), 1)
    what = "a filter larger than the image that fits once it is padded"
    yield Case(what, larger, {"padding": 2}, edge=True)
    yield Case("fractions", (image(rng, 1, 2, 4, 4) / 8, filters(rng, 2, 2, 2, 2) / 4, np.zeros(2), 1))
    whole, zeros = filters(rng, 2, 2, 2, 2).astype(int), np.zeros(2, dtype=int)
    yield Case("an image of fractions, whole weights", (image(rng, 1, 2, 4, 4) / 8, whole, zeros, 0))
    yield Case("a whole image, weights of fractions", (image(rng, 1, 2, 4, 4).astype(int), whole / 8, zeros, 1))


def _slice_without_bias(rng: Generator) -> Iterator[Case]:
    yield Case("no bias", (image(rng, 2, 2, 5, 4), filters(rng, 3, 2, 3, 2), None, 2))
    yield Case("no bias", (image(rng, 1, 3, 4, 4), filters(rng, 2, 3, 2, 2), None, 0, 2, 1))


DEPTH_SLICE = FunctionQuestion(
    id="ex41-depth-slice",
    name="depth_slice",
    points=Fraction(3, 4),
    reference=cnn_ref.depth_slice,
    returns="array",
    aspects=(
        Aspect("shape", Fraction(3, 20), _slice_shapes, clue="One slice of every image: (N, H, W)."),
        Aspect(
            "all input channels",
            Fraction(3, 20),
            _slice_channels,
            clue=(
                Clue("The shape is right.", ("shape",)),
                "Add up by hand what one window sees in all input channels.",
            ),
        ),
        Aspect(
            "its own filter and bias",
            Fraction(3, 20),
            _slice_filter,
            clue=(
                Clue("The first slice without bias holds.", ("all input channels",)),
                "Which filter and which bias belong to slice d?",
            ),
        ),
        Aspect(
            "stride",
            Fraction(1, 10),
            _slice_strides,
            clue=(
                Clue("With stride 1 it holds.", ("all input channels",)),
                "Where does the second window start with stride 2?",
            ),
        ),
        Aspect(
            "padding",
            Fraction(1, 10),
            _slice_paddings,
            clue=(
                Clue("Without padding it holds.", ("all input channels",)),
                "Print the padded array for a small image: where are the zeros?",
            ),
        ),
        Aspect(
            "all settings together, inputs unchanged",
            Fraction(1, 20),
            _slice_together,
            clue=(
                Clue(
                    "Each setting alone holds.", ("all input channels", "its own filter and bias", "stride", "padding")
                ),
                "Which two of them meet in one line of your code, and which dtypes do your arrays have?",
            ),
        ),
        Aspect(
            "no bias",
            Fraction(1, 20),
            _slice_without_bias,
            clue=(
                Clue("With biases it holds.", ("all input channels", "its own filter and bias")),
                "What does your code do with None?",
            ),
            apart=True,
        ),
    ),
)

QUESTIONS = (CONV2D, DEPTH_SLICE)
