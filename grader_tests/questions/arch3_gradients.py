"""Checks of the third bonus notebook, second part: gradients of small layers, averages, batch normalization."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

import cnn_ref
from grader_tests.architectures import (
    avg_pool1d,
    batch_norm,
    conv1d_input_gradient,
    conv1d_weight_gradient,
    max_pool1d_backward,
)
from grader_tests.cases import Aspect, Case, Clue
from grader_tests.function_question import FunctionQuestion
from grader_tests.inputs import Array
from grader_tests.question import Generator
from grader_tests.questions.ex43 import unsorted


def line(rng: Generator, size: int) -> Array:
    """Return whole numbers from -9 to 9 without 0, shape=(size,)."""
    numbers: Array = (rng.integers(1, 10, size) * rng.choice([-1, 1], size)).astype(np.float64)
    return numbers


def taps(rng: Generator, size: int) -> Array:
    """Return a filter that reads differently from either end, shape=(size,)."""
    while True:
        weight = line(rng, size)
        if size == 1 or not np.array_equal(weight, weight[::-1]):
            return weight


def _upper(rng: Generator, size: int, kernel_size: int, stride: int = 1, padding: int = 0) -> Array:
    return line(rng, cnn_ref.conv_output_size(size, kernel_size, stride, padding))


def _mixed(rng: Generator, sizes: tuple[int, int], last: int) -> Iterator[Case]:
    """Yield two lines of which one holds whole numbers, the other one fractions."""
    for which in (0, 1):
        one, two = (
            line(rng, size) / 8 + 0.5 if place == which else line(rng, size).astype(int)
            for place, size in enumerate(sizes)
        )
        yield Case("whole numbers in one array, fractions in the other", (one, two, last), look_at="inputs")


def _weight_cases(rng: Generator, *layers: tuple[int, int, int, int], what: str) -> Iterator[Case]:
    for size, kernel_size, stride, padding in layers:
        upper = _upper(rng, size, kernel_size, stride, padding)
        yield Case(what, (upper, line(rng, size), kernel_size, stride, padding), look_at="inputs")


def _weight_plain(rng: Generator) -> Iterator[Case]:
    ones = (np.ones(3), np.array([3.0, -1.0, 4.0, 2.0]), 2)
    yield Case("a gradient of ones", ones)
    yield Case("fractions", (line(rng, 4) / 8, line(rng, 6) / 4, 3), look_at="inputs")
    yield from _mixed(rng, (4, 6), 3)
    layers = ((1, 1, 1, 0), (7, 3, 1, 0), (5, 5, 1, 0), (6, 1, 1, 0), (int(rng.integers(8, 15)), 4, 1, 0))
    yield from _weight_cases(rng, *layers, what="stride 1, no padding")


def _weight_stride(rng: Generator) -> Iterator[Case]:
    layers = ((5, 3, 2, 0), (8, 3, 2, 0), (11, 2, 3, 0), (2, 1, 4, 0), (int(rng.integers(9, 16)), 3, 4, 0))
    yield from _weight_cases(rng, *layers, what="a stride above 1")


def _weight_padding(rng: Generator) -> Iterator[Case]:
    layers = ((5, 3, 1, 1), (5, 3, 1, 2), (7, 4, 2, 2), (3, 5, 1, 3), (int(rng.integers(6, 12)), 5, 2, 4))
    yield from _weight_cases(rng, *layers, what="padding")


WEIGHT_GRADIENT = FunctionQuestion(
    id="arch3-weight-gradient",
    name="conv1d_weight_gradient",
    points=Fraction(1, 2),
    reference=conv1d_weight_gradient,
    returns="array",
    aspects=(
        Aspect(
            "stride 1",
            Fraction(1, 5),
            _weight_plain,
            clue="Write out the loss for four cells and two weights, and differentiate it.",
        ),
        Aspect(
            "stride",
            Fraction(3, 20),
            _weight_stride,
            clue=(Clue("Stride 1 holds.", ("stride 1",)), "Which cell did output i multiply with the first weight?"),
        ),
        Aspect(
            "padding",
            Fraction(3, 20),
            _weight_padding,
            clue=(Clue("Without padding it holds.", ("stride 1",)), "Pad the line as in the forward pass."),
        ),
    ),
)


def _input_cases(rng: Generator, *layers: tuple[int, int, int, int], what: str) -> Iterator[Case]:
    for size, kernel_size, stride, padding in layers:
        upper = _upper(rng, size, kernel_size, stride, padding)
        yield Case(what, (upper, taps(rng, kernel_size), size, stride, padding), look_at="inputs")


def _input_plain(rng: Generator) -> Iterator[Case]:
    yield Case("two outputs", (np.array([1.0, 2.0]), np.array([1.0, 10.0]), 3))
    yield Case("fractions", (line(rng, 4) / 8, taps(rng, 3) / 4, 6), look_at="inputs")
    yield from _mixed(rng, (4, 3), 6)
    layers = ((1, 1, 1, 0), (7, 3, 1, 0), (5, 5, 1, 0), (6, 1, 1, 0), (int(rng.integers(8, 15)), 4, 1, 0))
    yield from _input_cases(rng, *layers, what="stride 1, no padding")


def _input_stride(rng: Generator) -> Iterator[Case]:
    layers = ((5, 3, 2, 0), (8, 3, 2, 0), (11, 2, 3, 0), (2, 1, 4, 0), (int(rng.integers(9, 16)), 3, 4, 0))
    yield from _input_cases(rng, *layers, what="a stride above 1")


def _input_padding(rng: Generator) -> Iterator[Case]:
    layers = ((5, 3, 1, 1), (5, 3, 1, 2), (7, 4, 2, 2), (3, 5, 1, 3), (int(rng.integers(6, 12)), 5, 2, 4))
    yield from _input_cases(rng, *layers, what="padding")


INPUT_GRADIENT = FunctionQuestion(
    id="arch3-input-gradient",
    name="conv1d_input_gradient",
    points=Fraction(1, 2),
    reference=conv1d_input_gradient,
    returns="array",
    aspects=(
        Aspect(
            "stride 1",
            Fraction(1, 5),
            _input_plain,
            clue="Follow one input cell: which outputs read it, and with which weight?",
        ),
        Aspect(
            "stride",
            Fraction(3, 20),
            _input_stride,
            clue=(Clue("Stride 1 holds.", ("stride 1",)), "Where does the window of output i begin?"),
        ),
        Aspect(
            "padding",
            Fraction(3, 20),
            _input_padding,
            clue=(
                Clue("Without padding it holds.", ("stride 1",)),
                "Some windows reach over the ends; what falls there belongs to no cell.",
            ),
        ),
    ),
)


def _pool_cases(rng: Generator, *layers: tuple[int, int, int | None], what: str) -> Iterator[Case]:
    for size, kernel_size, stride in layers:
        count = cnn_ref.pool_output_size(size, kernel_size, stride)
        yield Case(what, (line(rng, count), unsorted(rng, size), kernel_size, stride), look_at="inputs")


def _pool_plain(rng: Generator) -> Iterator[Case]:
    yield Case("one window", (np.array([4.0]), np.array([1.0, 3.0, 2.0, 0.0]), 4))
    yield Case("whole numbers and a gradient of fractions", (line(rng, 3) / 8, rng.permutation(6), 2), look_at="inputs")
    yield Case("fractions", (line(rng, 3) / 8, unsorted(rng, 6) / 8, 2), look_at="inputs")
    yield from _pool_cases(
        rng, (8, 2, None), (9, 3, None), (7, 2, None), (11, 4, None), (1, 1, None), what="windows side by side"
    )


def _pool_overlap(rng: Generator) -> Iterator[Case]:
    # The largest number lies in the middle, so that several windows share it.
    shared = np.array([1.0, 2.0, 9.0, 3.0, -4.0])
    yield Case("a maximum of several windows", (line(rng, 3), shared, 3, 1))
    yield from _pool_cases(rng, (8, 3, 1), (9, 4, 2), (10, 2, 3), (6, 1, 2), (3, 2, 4), what="a stride of its own")


def _pool_ties(rng: Generator) -> Iterator[Case]:
    yield Case("two equal maxima", (np.array([1.0]), np.array([3.0, 3.0]), 2))
    yield Case("equal maxima after a smaller number", (line(rng, 2), np.array([1.0, 5.0, 5.0, -2.0, -2.0, -2.0]), 3))
    yield Case("zeros only", (line(rng, 3), np.zeros(6), 2))
    yield Case("equal maxima in overlapping windows", (line(rng, 4), np.array([2.0, 7.0, 7.0, 1.0, 7.0]), 2, 1))


MAX_POOL_GRADIENT = FunctionQuestion(
    id="arch3-max-pool-gradient",
    name="max_pool1d_backward",
    points=Fraction(1, 2),
    reference=max_pool1d_backward,
    returns="array",
    aspects=(
        Aspect(
            "windows side by side",
            Fraction(1, 5),
            _pool_plain,
            clue="Which cell of each window is the largest, and where does it stand in the line?",
        ),
        Aspect(
            "windows of their own step",
            Fraction(3, 20),
            _pool_overlap,
            clue=(Clue("Side by side holds.", ("windows side by side",)), "One cell can win in several windows."),
        ),
        Aspect(
            "ties",
            Fraction(3, 20),
            _pool_ties,
            clue=(
                Clue("Without ties it holds.", ("windows side by side",)),
                "Which of equal numbers takes it, and does that cell lie in this window?",
            ),
        ),
    ),
)


def _means(rng: Generator) -> Iterator[Case]:
    yield Case("one window", (np.array([1.0, 2.0, 6.0]), 3))
    yield Case("windows of one cell", (line(rng, 5), 1, 2), look_at="inputs")
    yield Case("a stride longer than the line", (line(rng, 3), 2, 4), look_at="inputs")
    yield Case("a line of one cell", (line(rng, 1), 1), look_at="inputs")
    yield Case("windows side by side", (line(rng, 9), 3), look_at="inputs")
    yield Case("a stride and cells left over", (line(rng, 10), 4, 3), look_at="inputs")
    yield Case("whole numbers", (rng.integers(-9, 10, 8), 3, 1), look_at="inputs")
    yield Case("fractions", (line(rng, 6) / 8, 2), look_at="inputs")


def _padded_means(rng: Generator) -> Iterator[Case]:
    yield Case("zeros that count", (np.array([2.0, 9.0, 4.0, 6.0]), 3, 2, 1))
    yield Case("zeros that count, a wide window", (line(rng, 7), 5, 1, 2))
    yield Case("zeros that count, an even window", (line(rng, 6), 4, None, 2))


def _real_means(rng: Generator) -> Iterator[Case]:
    uncounted = {"count_include_pad": False}
    yield Case("zeros that do not count", (np.array([2.0, 9.0, 4.0, 6.0]), 3, 2, 1), uncounted)
    yield Case("zeros that do not count, a wide window", (line(rng, 7), 5, 1, 2), uncounted)
    yield Case("zeros of the line, which do count", (np.array([0.0, 6.0, 0.0, 3.0, 0.0, 9.0]), 3, 2, 1), uncounted)
    yield Case("no padding at all", (line(rng, 8), 2, 2, 0), uncounted)


def _overhanging(rng: Generator) -> Iterator[Case]:
    rounded_up = {"ceil_mode": True}
    yield Case("a window that hangs over the end", (np.array([3.0, 8.0, 1.0, 5.0, 0.0, 9.0, 4.0]), 2, 3), rounded_up)
    yield Case("a window that hangs over two cells", (line(rng, 10), 4, None), rounded_up)
    yield Case("nothing left over", (line(rng, 8), 2), rounded_up)
    yield Case("an overhang behind padding", (line(rng, 6), 3, 2, 1), rounded_up)
    both = {"ceil_mode": True, "count_include_pad": False}
    yield Case("an overhang where only real cells count", (line(rng, 6), 3, 2, 1), both)
    yield Case("windows that overlap, nothing left over", (line(rng, 8), 4, 2), rounded_up)
    # The next window would begin in the padding, or right behind the last cell.
    yield Case("a last window that would see padding only", (line(rng, 5), 2, 3, 1), rounded_up)
    yield Case("a last window that would see padding only", (line(rng, 5), 2, 3, 1), both)
    yield Case("a last window that would see nothing", (line(rng, 6), 2, 3), rounded_up)


AVG_POOL = FunctionQuestion(
    id="arch3-avg-pool",
    name="avg_pool1d",
    points=Fraction(1, 2),
    reference=avg_pool1d,
    returns="array",
    aspects=(
        Aspect("no padding", Fraction(1, 10), _means, clue="Compute the second window by hand."),
        Aspect(
            "padding that counts",
            Fraction(1, 10),
            _padded_means,
            clue=(Clue("Without padding it holds.", ("no padding",)), "Zeros take part in the mean."),
        ),
        Aspect(
            "padding that does not count",
            Fraction(3, 20),
            _real_means,
            clue="How many real cells are there in the first window?",
        ),
        Aspect(
            "rounding up",
            Fraction(3, 20),
            _overhanging,
            clue=(
                Clue("ceil_mode=False holds.", ("no padding", "padding that counts", "padding that does not count")),
                "Where does the last window begin, and where does it end? Zeros of the padding are cells; behind them "
                "there is nothing.",
            ),
        ),
    ),
)


def _batch(rng: Generator, *shape: int) -> Array:
    """Return a batch whose channels have places and spreads of their own, shape=(N, C, H, W)."""
    spread = 1.0 + rng.permutation(shape[1]).reshape(1, -1, 1, 1)
    batch: Array = np.round(rng.normal(size=shape) * spread + 10 * rng.permutation(shape[1]).reshape(1, -1, 1, 1), 2)
    return batch


def _standard(rng: Generator) -> Iterator[Case]:
    for shape in ((4, 3, 2, 5), (2, 1, 3, 3), (3, 4, 1, 1), (1, 2, 6, 4)):
        channels = shape[1]
        yield Case(
            "scale 1 and shift 0", (_batch(rng, *shape), np.ones(channels), np.zeros(channels)), look_at="inputs"
        )
    whole = np.arange(1, 3)
    yield Case("whole numbers", (rng.integers(0, 256, (2, 2, 2, 3)), whole, whole), look_at="inputs")


def _scaled(rng: Generator) -> Iterator[Case]:
    for shape in ((3, 2, 4, 3), (2, 3, 3, 3), (5, 4, 2, 4)):
        gamma, beta = line(rng, shape[1]), 10 * line(rng, shape[1])
        yield Case("a scale and a shift for each channel", (_batch(rng, *shape), gamma, beta), look_at="inputs")
    scale, shift = line(rng, 3) / 4, line(rng, 3) / 8
    yield Case("fractions as scale and shift", (_batch(rng, 2, 3, 2, 3), scale, shift), look_at="inputs")


def _epsilon(rng: Generator) -> Iterator[Case]:
    yield Case("a large eps", (_batch(rng, 3, 2, 2, 3), np.ones(2), np.zeros(2), 3.0))
    constant = _batch(rng, 3, 2, 2, 3)
    constant[:, 1] = 0.5
    yield Case("a channel that is constant", (constant, np.array([2.0, 3.0]), np.array([-1.0, 7.0])))


BATCH_NORM = FunctionQuestion(
    id="arch3-batch-norm",
    name="batch_norm",
    points=Fraction(1, 2),
    reference=batch_norm,
    returns="array",
    aspects=(
        Aspect(
            "mean and variance",
            Fraction(1, 4),
            _standard,
            clue="Each channel has one mean and one variance. Over which axes do they run? What does the formula do "
            "with them?",
        ),
        Aspect(
            "scale and shift",
            Fraction(3, 20),
            _scaled,
            clue=(
                Clue("Normalizing holds.", ("mean and variance",)),
                "Are gamma and beta used, and along which axis do they vary?",
            ),
        ),
        Aspect(
            "eps",
            Fraction(1, 10),
            _epsilon,
            clue=(Clue("Usual batches hold.", ("mean and variance",)), "What is the square root taken of?"),
        ),
    ),
)

QUESTIONS = (WEIGHT_GRADIENT, INPUT_GRADIENT, MAX_POOL_GRADIENT, AVG_POOL, BATCH_NORM)
