"""Checks of Exercise 41: the size of the output, the number of parameters, the convolution itself, one depth slice."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

import cnn_ref
from grader_tests.function_question import Aspect, Case, FunctionQuestion
from grader_tests.inputs import biases, filters, image
from grader_tests.question import Generator


def _positions(rng: Generator) -> Iterator[Case]:
    for size, kernel_size in ((5, 3), (7, 7), (28, 1), (128, 5), (1, 1)):
        yield Case("stride 1 and no padding", (size, kernel_size), look_at="amount")
    size = int(rng.integers(20, 200))
    yield Case("stride 1 and no padding", (size, int(rng.integers(2, 12)), 1, 0), look_at="amount")


def _padding(rng: Generator) -> Iterator[Case]:
    # The last two pad more than the filter is long: some windows see zeros only.
    for size, kernel_size, padding in ((5, 3, 1), (8, 3, 1), (6, 4, 1), (5, 5, 2), (3, 7, 2), (5, 2, 3), (4, 1, 4)):
        yield Case("zero padding", (size, kernel_size), {"padding": padding}, look_at="amount")
    size, kernel_size, padding = (int(number) for number in rng.integers((30, 2, 1), (90, 9, 4)))
    yield Case("zero padding", (size, kernel_size, 1, padding), look_at="amount")


def _stride(rng: Generator) -> Iterator[Case]:
    for size, kernel_size, stride in ((7, 3, 2), (227, 11, 4), (9, 3, 3)):
        yield Case("a stride that fits exactly", (size, kernel_size), {"stride": stride}, look_at="amount")
    # 6 and 8 leave halves that Python rounds to different sides; the last one has a remainder above one half.
    for size, kernel_size, stride, padding in ((6, 3, 2, 1), (8, 3, 2, 1), (10, 3, 2, 0), (10, 3, 4, 0), (12, 3, 5, 0)):
        yield Case("a stride that leaves cells over", (size, kernel_size, stride, padding), look_at="amount")
    stride = int(rng.integers(3, 6))
    size = 7 + stride * int(rng.integers(4, 30)) + int(rng.integers(1, stride))
    yield Case("a stride that leaves cells over", (size, 7, stride, 0), look_at="amount")
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
    yield Case("a size that has to be an int", (size, 3), {"stride": 2})
    yield Case("a size that has to be an int", (size + 1, 3, 2, 1))


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
            clue="Start small: a side of 5 cells, a filter of 3, and count the places by hand.",
        ),
        Aspect(
            "padding",
            Fraction(1, 10),
            _padding,
            clue="Without padding it holds. How many cells does the side have once the zeros are there?",
        ),
        Aspect(
            "stride and remainder",
            Fraction(1, 10),
            _stride,
            clue="With stride 1 it holds. List where the windows start for a stride of 2 and of 3.",
        ),
        Aspect(
            "impossible layers",
            Fraction(1, 10),
            _impossible,
            clue="Sizes that exist are right. Which settings should be refused before anything is computed?",
        ),
        Aspect("type int", Fraction(1, 10), _counts, clue="The number is right; make it an int."),
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
        yield Case(what, arguments)


def _rectangular_filters(rng: Generator) -> Iterator[Case]:
    yield Case("a filter higher than wide", ((9, 7, 2), 3, (4, 2)))
    yield Case("a filter wider than high", ((8, 8, 1), 5, (1, 6), 2, 1))
    height, width = (int(number) for number in rng.choice(np.arange(2, 10), 2, replace=False))
    yield Case("a filter that is not square", ((30, 23, 3), 4, (height, width), 3, 1))


def _impossible_volumes(rng: Generator) -> Iterator[Case]:
    yield Case("a filter larger than the input", ((4, 4, 3), 2, 5))
    # A square filter that fits one side only.
    yield Case("an input that is too low", ((9, 3, 1), 2, 6, 1, 1))
    yield Case("an input that is too narrow", ((5, 9, 1), 2, 6))
    yield Case("stride 0", ((9, 9, 3), 2, 3, 0))
    yield Case("a negative stride", ((9, 9, 3), 2, 3), {"stride": -1})
    size = int(rng.integers(6, 20))
    yield Case("negative padding", ((size, size, 3), 2, 3), {"padding": -1})


CONV_OUTPUT_SHAPE = FunctionQuestion(
    id="ex41-conv-output-shape",
    name="conv_output_shape",
    points=Fraction(1, 4),
    reference=cnn_ref.conv_output_shape,
    returns="wholes",
    start="Go through the example of the text: compute width, height and depth one after the other, in this order.",
    aspects=(
        Aspect(
            "width and height",
            Fraction(3, 40),
            _width_and_height,
            clue="The depth is right. Use the formula of one side twice: once with the width, once with the height.",
        ),
        Aspect(
            "depth",
            Fraction(1, 20),
            _depth,
            clue="Width and height are right. How many maps are stacked in the output?",
        ),
        Aspect("tuple of ints", Fraction(1, 20), _whole_shape, clue="The amounts are right; return three ints."),
        Aspect(
            "filters that are not square",
            Fraction(1, 20),
            _rectangular_filters,
            clue="Square filters hold. A pair gives the height first, the volume the width first: match them by name.",
            apart=True,
        ),
        Aspect(
            "impossible layers",
            Fraction(1, 40),
            _impossible_volumes,
            clue="Sizes that exist are right. Which of your functions already knows when a layer is impossible?",
            apart=True,
        ),
    ),
)


def _layers(rng: Generator) -> Iterator[tuple[str, tuple[object, ...]]]:
    yield "the first layer of AlexNet", (11, 3, 96)
    yield "one filter", (3, 20, 1)
    yield "one input channel", (5, 1, 6)
    yield "a 1x1 filter", (1, 64, 16)
    yield "another layer", tuple(int(number) for number in rng.choice(np.arange(2, 30), 3, replace=False))


def _per_filter(rng: Generator) -> Iterator[Case]:
    for what, arguments in _layers(rng):
        yield Case(what, arguments, look_at="amount", entries=(0,))


def _total(rng: Generator) -> Iterator[Case]:
    for what, arguments in _layers(rng):
        yield Case(what, arguments, look_at="amount", entries=(1,))


def _both(rng: Generator) -> Iterator[Case]:
    for what, arguments in _layers(rng):
        yield Case(what, arguments)


def _rectangular_layers(rng: Generator) -> Iterator[Case]:
    yield Case("a filter higher than wide", ((5, 2), 3, 4))
    height, width, depth, count = (int(number) for number in rng.choice(np.arange(2, 20), 4, replace=False))
    yield Case("a filter that is not square", ((height, width), depth, count))


CONV_PARAMETERS = FunctionQuestion(
    id="ex41-conv-parameters",
    name="conv_parameters",
    points=Fraction(1, 2),
    reference=cnn_ref.conv_parameters,
    returns="wholes",
    start="Write down all the numbers of one small filter, its bias too, and count them.",
    aspects=(
        Aspect("per filter", Fraction(1, 5), _per_filter, clue="The total is right. What does one filter of it store?"),
        Aspect("total", Fraction(3, 20), _total, clue="The number per filter is right. How many filters are there?"),
        Aspect("tuple of ints", Fraction(1, 20), _both, clue="The amounts are right; return two ints."),
        Aspect(
            "filters that are not square",
            Fraction(1, 10),
            _rectangular_layers,
            clue="Square filters hold. kernel_size may be a pair (height, width): how many cells does it cover then?",
            apart=True,
        ),
    ),
)

# An image whose windows a teacher can add up: 1 2 3 / 4 5 6 / 7 8 9 with the filter 1 2 / 3 4.
SMALL_IMAGE = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
SMALL_FILTER = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])


def _shapes(rng: Generator) -> Iterator[Case]:
    for what, padding, stride in (("no padding", 0, 1), ("padding 1", 1, 1), ("stride 2 and a remainder", 0, 2)):
        keywords = {"stride": stride, "padding": padding}
        x, weight = image(rng, 2, 3, 8, 8), filters(rng, 4, 3, 3, 3)
        yield Case(what, (x, weight, None), keywords, look_at="shape")
    yield Case("a filter as large as the image", (image(rng, 1, 2, 4, 4), filters(rng, 3, 2, 4, 4)), look_at="shape")
    yield Case(
        "stride 3 and padding 2", (image(rng, 1, 1, 6, 6), filters(rng, 2, 1, 3, 3), None, 3, 2), look_at="shape"
    )


def _strides(rng: Generator) -> Iterator[Case]:
    yield Case("stride 1", (SMALL_IMAGE, SMALL_FILTER))
    yield Case("stride 2", (image(rng, 1, 1, 7, 7), filters(rng, 1, 1, 3, 3)), {"stride": 2})
    yield Case("stride 2 with cells left over", (image(rng, 1, 1, 8, 8), filters(rng, 1, 1, 3, 3), None, 2))
    yield Case("stride 3, larger than the filter", (image(rng, 1, 1, 8, 8), filters(rng, 1, 1, 2, 2)), {"stride": 3})


def _paddings(rng: Generator) -> Iterator[Case]:
    yield Case("padding 1", (SMALL_IMAGE, SMALL_FILTER), {"padding": 1})
    yield Case("padding 1", (image(rng, 1, 2, 5, 5), filters(rng, 1, 2, 3, 3), None, 1, 1))
    yield Case("padding 2", (image(rng, 1, 2, 6, 6), filters(rng, 1, 2, 5, 5)), {"padding": 2})
    yield Case(
        "padding 2 and stride 2", (image(rng, 1, 1, 6, 6), filters(rng, 1, 1, 3, 3)), {"stride": 2, "padding": 2}
    )
    yield Case("padding 1 and stride 3", (image(rng, 1, 1, 9, 9), filters(rng, 1, 1, 4, 4), None, 3, 1))
    yield Case("padding as large as the filter", (image(rng, 1, 1, 3, 3), filters(rng, 2, 1, 2, 2)), {"padding": 2})
    larger = (image(rng, 1, 2, 3, 4), filters(rng, 1, 2, 7, 6))
    yield Case("a filter larger than the image that fits once it is padded", larger, {"padding": 2})


def _channels(rng: Generator) -> Iterator[Case]:
    yield Case("several channels and filters", (image(rng, 1, 3, 5, 5), filters(rng, 4, 3, 3, 3)))
    yield Case("several images", (image(rng, 3, 2, 4, 4), filters(rng, 2, 2, 3, 3)))
    yield Case("a bias", (image(rng, 2, 2, 4, 4), filters(rng, 3, 2, 2, 2), biases(rng, 3)))
    yield Case("as many filters as channels", (image(rng, 2, 3, 5, 5), filters(rng, 3, 3, 3, 3), biases(rng, 3), 2, 1))
    cancelling = np.array([0.0, 7.0, -7.0])
    yield Case("biases that add up to 0", (image(rng, 1, 2, 4, 4), filters(rng, 3, 2, 2, 2), cancelling))


def _rectangles(rng: Generator) -> Iterator[Case]:
    yield Case("an image wider than high", (image(rng, 1, 2, 5, 9), filters(rng, 2, 2, 3, 3)))
    yield Case("an image higher than wide", (image(rng, 1, 1, 9, 6), filters(rng, 2, 1, 3, 3)), {"stride": 2})
    yield Case("a filter wider than high", (image(rng, 1, 2, 6, 7), filters(rng, 2, 2, 2, 3)), {"padding": 1})
    yield Case("a filter higher than wide", (image(rng, 2, 1, 6, 6), filters(rng, 2, 1, 4, 1), biases(rng, 2), 2, 1))
    yield Case("an image of one row", (image(rng, 1, 2, 1, 6), filters(rng, 2, 2, 1, 3), biases(rng, 2)))
    yield Case("an image of one column", (image(rng, 2, 1, 5, 1), filters(rng, 1, 1, 2, 1)), {"stride": 2})
    for _ in range(3):
        height, width, kernel_height, kernel_width = (int(side) for side in rng.integers((5, 5, 1, 1), (10, 10, 6, 6)))
        layer = (image(rng, 1, 2, height, width), filters(rng, 2, 2, kernel_height, kernel_width), biases(rng, 2))
        settings = {"stride": int(rng.integers(1, 4)), "padding": int(rng.integers(0, 3))}
        yield Case("a rectangle drawn anew", layer, settings)


def _number_types(rng: Generator) -> Iterator[Case]:
    x, weight = image(rng, 2, 2, 5, 5), filters(rng, 2, 2, 3, 3)
    yield Case("arrays that are used again later", (x, weight, biases(rng, 2)), look_at="inputs")
    yield Case("padded arrays that are used again", (x, weight, biases(rng, 2), 1, 1), look_at="inputs")
    # Photographs are uint8: the weights are int64, so that a product is not cut to 8 bits unless the code does it.
    photo = rng.integers(0, 256, (1, 2, 5, 5), dtype=np.uint8)
    whole = filters(rng, 2, 2, 2, 2).astype(np.int64)
    yield Case("a photograph (dtype uint8)", (photo, whole), look_at="inputs")
    yield Case("an image of fractions", (image(rng, 1, 2, 4, 4) / 8, whole))
    fractions = filters(rng, 2, 2, 2, 2) / 8
    yield Case("a photograph, weights of fractions, a whole bias", (photo, fractions, biases(rng, 2).astype(int)))
    yield Case(
        "weights that are fractions", (photo.astype(np.int64), fractions, fractions[:, 0, 0, 0]), look_at="inputs"
    )


def _small_integers(rng: Generator) -> Iterator[Case]:
    photo = rng.integers(100, 256, (1, 2, 5, 5), dtype=np.uint8)
    weight = rng.integers(1, 9, (2, 2, 3, 3), dtype=np.uint8)
    yield Case("image and weights of dtype uint8", (photo, weight), {"padding": 1})
    signed = rng.integers(-128, 128, (1, 2, 4, 4)).astype(np.int8)
    yield Case("image and weights of dtype int8", (signed, rng.integers(-9, 10, (1, 2, 2, 2)).astype(np.int8)))


def _impossible_layers(rng: Generator) -> Iterator[Case]:
    x, weight = image(rng, 1, 1, 5, 4), filters(rng, 2, 1, 2, 2)
    yield Case("a filter larger than the image", (x, filters(rng, 2, 1, 6, 6)))
    # Each is one cell too long.
    yield Case("a filter larger than the padded image", (x, filters(rng, 1, 1, 8, 7)), {"padding": 1})
    yield Case("a filter that is too high", (x, filters(rng, 1, 1, 8, 2)), {"padding": 1})
    yield Case("a filter that is too wide", (x, filters(rng, 1, 1, 2, 5)))
    yield Case("a filter wider than the padded image", (x, filters(rng, 1, 1, 3, 9)), {"padding": 2})
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
            "shape", Fraction(1, 5), _shapes, clue="Compute the output size of one side with the formula and compare."
        ),
        Aspect(
            "stride",
            Fraction(1, 5),
            _strides,
            clue="The shape is right, the numbers are not. Follow one window of a 3x3 image by hand, then the next.",
        ),
        Aspect(
            "padding",
            Fraction(3, 20),
            _paddings,
            clue="Without padding it holds. Print the padded array for a small image: where are the zeros?",
        ),
        Aspect(
            "channels, images and bias",
            Fraction(1, 5),
            _channels,
            clue="One channel of one image holds. Which loop or axis belongs to images, channels, filters, bias?",
        ),
        Aspect(
            "rectangles",
            Fraction(1, 10),
            _rectangles,
            clue="Squares hold. Keep heights and widths apart everywhere: image, filter, output.",
        ),
        Aspect(
            "number types, inputs unchanged",
            Fraction(1, 20),
            _number_types,
            clue="The numbers are right for floats. Look at your dtypes and at lines that write into x.",
        ),
        Aspect(
            "small integers",
            Fraction(1, 20),
            _small_integers,
            clue="Larger number types hold. What is np.uint8(200) * np.uint8(2)? Convert before you multiply.",
            apart=True,
        ),
        Aspect(
            "impossible layers",
            Fraction(1, 20),
            _impossible_layers,
            clue="Layers that exist are right. Which settings should be refused before anything is computed?",
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
    yield Case("several images", (image(rng, 3, 3, 4, 5), filters(rng, 3, 3, 2, 3), np.zeros(3), 1))
    yield Case("fractions", (image(rng, 1, 2, 4, 4) / 8, filters(rng, 2, 2, 2, 2) / 4, np.zeros(2), 1))
    whole, zeros = filters(rng, 2, 2, 2, 2).astype(int), np.zeros(2, dtype=int)
    yield Case("an image of fractions, whole weights", (image(rng, 1, 2, 4, 4) / 8, whole, zeros, 0))
    yield Case("a whole image, weights of fractions", (image(rng, 1, 2, 4, 4).astype(int), whole / 8, zeros, 1))


def _slice_filter(rng: Generator) -> Iterator[Case]:
    x, weight, bias = image(rng, 2, 2, 5, 4), filters(rng, 4, 2, 3, 3), biases(rng, 4)
    for d in range(4):
        yield Case(f"d = {d}", (x, weight, bias, d), look_at="inputs")
    for d in range(2):
        yield Case("biases of which one is 0", (x, weight[:2], np.array([0.0, 7.0]), d))


def _slice_strides(rng: Generator) -> Iterator[Case]:
    for what, size, stride in (("stride 2", 7, 2), ("stride 2 with cells left over", 8, 2), ("stride 3", 11, 3)):
        layer = (image(rng, 1, 2, size, size + 2), filters(rng, 3, 2, 3, 3), biases(rng, 3), 1)
        yield Case(what, layer, {"stride": stride})
    # With as many channels as filters, a slice made from one channel alone is an answer too, a wrong one.
    yield Case("stride 2", (image(rng, 1, 2, 6, 6), filters(rng, 2, 2, 2, 2), biases(rng, 2), 1, 2, 0))


def _slice_paddings(rng: Generator) -> Iterator[Case]:
    layer = (image(rng, 2, 2, 5, 4), filters(rng, 3, 2, 3, 3), biases(rng, 3), 2)
    yield Case("padding 1", layer, {"padding": 1})
    yield Case("padding 2", layer, {"padding": 2})
    yield Case("padding 1 and stride 2", (*layer, 2, 1))
    layer = (image(rng, 1, 2, 6, 8), filters(rng, 2, 2, 1, 4), biases(rng, 2), 0)
    yield Case("a filter wider than high", layer, {"padding": 1})
    yield Case("defaults of stride and padding", layer)
    larger = (image(rng, 1, 2, 3, 4), filters(rng, 2, 2, 7, 6), biases(rng, 2), 1)
    yield Case("a filter larger than the image that fits once it is padded", larger, {"padding": 2})
    layer = (image(rng, 1, 2, 8, 5), filters(rng, 2, 2, 4, 2), biases(rng, 2), 1)
    yield Case("a filter higher than wide", (*layer, 3, 2))


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
            clue="The shape is right, the numbers are not. Add up by hand what one window sees in all input channels.",
        ),
        Aspect(
            "its own filter and bias",
            Fraction(3, 20),
            _slice_filter,
            clue="With a bias of zero it holds. Which filter and which bias belong to slice d?",
        ),
        Aspect(
            "stride",
            Fraction(3, 20),
            _slice_strides,
            clue="With stride 1 it holds. Where does the second window start with stride 2?",
        ),
        Aspect(
            "padding",
            Fraction(1, 10),
            _slice_paddings,
            clue="Without padding it holds. Print the padded array for a small image: where are the zeros?",
        ),
        Aspect(
            "no bias",
            Fraction(1, 20),
            _slice_without_bias,
            clue="With biases it holds. What does your code do with None?",
            apart=True,
        ),
    ),
)

QUESTIONS = (CONV_OUTPUT_SIZE, CONV_OUTPUT_SHAPE, CONV_PARAMETERS, CONV2D, DEPTH_SLICE)
