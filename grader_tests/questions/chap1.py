"""Checks of the chapters in code: dilation, full and transposed convolution, strides, dense layers, use, unpooling."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

import cnn_ref
from grader_tests.cases import Aspect, Case, Clue
from grader_tests.chapters import (
    batch_norm_in_use,
    conv_transpose1d,
    dense_as_filters,
    dilated_conv1d,
    full_conv1d,
    max_unpool1d,
    subsample,
)
from grader_tests.claims_question import ClaimsQuestion
from grader_tests.function_question import FunctionQuestion
from grader_tests.inputs import Array
from grader_tests.question import Generator
from grader_tests.questions.arch3_gradients import line, taps
from grader_tests.value_questions import NumbersQuestion


def _lines(rng: Generator, *layers: tuple[int, int, int], what: str) -> Iterator[Case]:
    for size, kernel_size, setting in layers:
        yield Case(what, (line(rng, size), taps(rng, kernel_size), setting), look_at="inputs")


def _mixed(rng: Generator, size: int, kernel_size: int) -> Iterator[Case]:
    """Yield a line and a filter of which one holds whole numbers, the other one fractions."""
    whole, fractions = rng.permutation(size) + 1, np.arange(1.5, kernel_size + 1)
    yield Case("whole numbers and a filter of fractions", (whole, fractions), look_at="inputs")
    whole, fractions = np.arange(2, kernel_size + 2), rng.permutation(size) + 0.25
    yield Case("fractions and a filter of whole numbers", (fractions, whole), look_at="inputs")


def _plain(rng: Generator) -> Iterator[Case]:
    yield Case("no dilation given", (np.array([5.0, 1.0, 4.0, -2.0, 8.0]), np.array([1.0, 3.0, -2.0])))
    yield Case("fractions", (line(rng, 6) / 8, taps(rng, 2) / 4), look_at="inputs")
    yield Case("whole numbers", (rng.integers(1, 9, 7), np.array([2, -3, 1])), {"dilation": 1}, look_at="inputs")
    yield from _mixed(rng, 6, 2)
    yield from _lines(rng, (1, 1, 1), (8, 1, 1), (4, 4, 1), (int(rng.integers(9, 14)), 3, 1), what="dilation 1")


def _dilated(rng: Generator) -> Iterator[Case]:
    yield Case("dilation 2", (np.array([1.0, 10.0, 100.0, 1000.0, 7.0, -3.0]), np.array([1.0, 2.0, 5.0]), 2))
    layers = ((9, 3, 2), (11, 2, 4), (12, 4, 3), (8, 1, 3), (int(rng.integers(13, 20)), 3, 5))
    yield from _lines(rng, *layers, what="a dilation above 1")
    yield from _lines(rng, (7, 3, 3), (5, 3, 2), (5, 2, 4), what="a filter that just fits")


def _too_long(rng: Generator) -> Iterator[Case]:
    yield from _lines(rng, (6, 3, 3), (4, 2, 4), (3, 4, 1), (8, 5, 2), what="a filter that does not fit")


DILATED = FunctionQuestion(
    id="chap1-dilated",
    name="dilated_conv1d",
    points=Fraction(1, 2),
    reference=dilated_conv1d,
    returns="array",
    aspects=(
        Aspect("dilation 1", Fraction(3, 20), _plain, clue="Without holes this is the usual convolution."),
        Aspect(
            "holes",
            Fraction(3, 10),
            _dilated,
            clue=(
                Clue("Dilation 1 holds.", ("dilation 1",)),
                "Which cells does the first window read, and which one does it read last?",
            ),
        ),
        Aspect(
            "too long",
            Fraction(1, 20),
            _too_long,
            clue="A filter that reaches beyond the line is refused: how many cells does it span?",
            apart=True,
        ),
    ),
)


def _full_small(rng: Generator) -> Iterator[Case]:
    yield Case("two cells", (np.array([3.0, 5.0]), np.array([1.0, 10.0])))
    yield Case("fractions", (line(rng, 4) / 8, taps(rng, 3) / 4), look_at="inputs")
    yield Case("whole numbers", (rng.integers(1, 9, 5), np.array([2, -3])), look_at="inputs")
    yield from _mixed(rng, 4, 3)
    for size, kernel_size in ((6, 2), (5, 3), (int(rng.integers(7, 12)), 4)):
        yield Case("a line", (line(rng, size), taps(rng, kernel_size)), look_at="inputs")


def _full_edges(rng: Generator) -> Iterator[Case]:
    yield Case("a filter of one cell", (line(rng, 5), taps(rng, 1)))
    yield Case("a filter longer than the line", (line(rng, 2), taps(rng, 5)))
    yield Case("a line of one cell", (line(rng, 1), taps(rng, 3)))
    yield Case("an even filter", (line(rng, 7), taps(rng, 4)))
    yield Case("a line that begins and ends with 0", (np.array([0.0, 4.0, 7.0, 0.0]), np.array([3.0, -1.0, 2.0])))


FULL = FunctionQuestion(
    id="chap1-full",
    name="full_conv1d",
    points=Fraction(1, 2),
    reference=full_conv1d,
    returns="array",
    aspects=(
        Aspect(
            "every overlap",
            Fraction(3, 10),
            _full_small,
            clue="Where does the filter lie when it touches the first cell for the first time?",
        ),
        Aspect(
            "short lines, one cell, even filters",
            Fraction(1, 5),
            _full_edges,
            clue=(Clue("Usual lines hold.", ("every overlap",)), "How many zeros does a filter of k cells need?"),
        ),
    ),
)


def _stamps(rng: Generator) -> Iterator[Case]:
    yield Case("one stamp", (np.array([3.0]), np.array([1.0, 5.0, -2.0])))
    yield Case("stride 1", (np.array([1.0, 10.0]), np.array([2.0, 3.0])))
    yield Case("whole numbers and a stamp of fractions", (np.array([3, 5]), np.array([0.5, 1.25])), look_at="inputs")
    yield Case("fractions and a stamp of whole numbers", (np.array([0.5, 1.25]), np.array([3, 5])), look_at="inputs")
    yield Case("fractions", (line(rng, 4) / 8, taps(rng, 3) / 4), look_at="inputs")
    yield Case("whole numbers", (rng.integers(1, 9, 5), np.array([2, -3])), look_at="inputs")
    for size, kernel_size in ((5, 3), (3, 4), (6, 1)):
        yield Case("stride 1", (line(rng, size), taps(rng, kernel_size)), look_at="inputs")


def _apart(rng: Generator) -> Iterator[Case]:
    yield Case("stamps that overlap", (np.array([1.0, 10.0, 100.0]), np.array([1.0, 2.0, 3.0]), 2))
    for size, kernel_size, stride in ((4, 4, 2), (5, 3, 2), (3, 2, 3), (2, 1, 4), (4, 5, 3), (1, 3, 2)):
        yield Case("a stride above 1", (line(rng, size), taps(rng, kernel_size), stride), look_at="inputs")


def _cropped(rng: Generator) -> Iterator[Case]:
    yield Case("padding 1", (np.array([1.0, 10.0, 100.0]), np.array([1.0, 2.0, 3.0]), 2, 1))
    for size, kernel_size, stride, padding in (
        (5, 3, 1, 1),
        (4, 4, 2, 1),
        (6, 5, 2, 2),
        (3, 7, 3, 3),
        (7, 4, 1, 3),
        (6, 1, 2, 2),
    ):
        settings = {"stride": stride, "padding": padding}
        yield Case("a padding", (line(rng, size), taps(rng, kernel_size)), settings, look_at="inputs")


TRANSPOSED = FunctionQuestion(
    id="chap1-transposed",
    name="conv_transpose1d",
    points=Fraction(3, 4),
    reference=conv_transpose1d,
    returns="array",
    aspects=(
        Aspect(
            "stamps side by side",
            Fraction(3, 10),
            _stamps,
            clue="Write down the stamp of the first cell, below it that of the second one, and add.",
        ),
        Aspect(
            "stride",
            Fraction(1, 4),
            _apart,
            clue=(Clue("Stride 1 holds.", ("stamps side by side",)), "Where does the stamp of cell i begin?"),
        ),
        Aspect(
            "padding",
            Fraction(1, 5),
            _cropped,
            clue=(
                Clue("Without padding it holds.", ("stride",)),
                "Padding makes the result shorter here: at which ends?",
            ),
        ),
    ),
)


def _dense_map(rng: Generator, rows: int, columns: int) -> Array:
    """Return a map in which no number comes twice, shape=(rows, columns)."""
    numbers: Array = rng.permutation(np.arange(1, rows * columns + 1)).reshape(rows, columns).astype(np.float64)
    return numbers


def _kept_squares(rng: Generator) -> Iterator[Case]:
    for rows, columns, stride in ((5, 5, 2), (7, 7, 3), (6, 6, 1), (4, 4, 5)):
        yield Case("a square", (_dense_map(rng, rows, columns), stride), look_at="inputs")
    yield Case("fractions, some below 0", ((_dense_map(rng, 5, 5) - 9.5) / 4, 2), look_at="inputs")


def _kept_rectangles(rng: Generator) -> Iterator[Case]:
    for rows, columns, stride in ((4, 9, 2), (8, 3, 3), (6, 10, 4), (1, 7, 2), (5, 1, 2)):
        yield Case("a rectangle, cells left over", (_dense_map(rng, rows, columns), stride), look_at="inputs")
    yield Case("whole numbers", (_dense_map(rng, 3, 4).astype(np.int64), 2), look_at="inputs")


SUBSAMPLE = FunctionQuestion(
    id="chap1-subsample",
    name="subsample",
    points=Fraction(1, 4),
    reference=subsample,
    returns="array",
    aspects=(
        Aspect("squares", Fraction(3, 20), _kept_squares, clue="Which cell does the first window of a layer write?"),
        Aspect(
            "rectangles, cells left over",
            Fraction(1, 10),
            _kept_rectangles,
            clue=(
                Clue("Squares hold.", ("squares",)),
                "A last position that fits counts, however few cells follow it.",
            ),
        ),
    ),
)


def _table(rng: Generator, units: int, cells: int) -> Array:
    """Return weights of a dense layer, no two of them equal, shape=(units, cells)."""
    table: Array = rng.permutation(np.arange(1, units * cells + 1)).reshape(units, cells) / 4
    return table


def _one_channel(rng: Generator) -> Iterator[Case]:
    for units, height, width in ((1, 2, 2), (3, 2, 2), (2, 2, 3), (4, 5, 2), (2, 1, 4)):
        yield Case("one channel", (_table(rng, units, height * width), 1, height, width), look_at="inputs")
    yield Case("weights below 0", (1 - _table(rng, 2, 6), 1, 2, 3), look_at="inputs")


def _channels(rng: Generator) -> Iterator[Case]:
    for units, channels, height, width in ((1, 2, 2, 2), (2, 3, 2, 2), (3, 2, 4, 3), (5, 4, 1, 1), (2, 2, 2, 5)):
        cells = channels * height * width
        yield Case("several channels", (_table(rng, units, cells), channels, height, width), look_at="inputs")


DENSE = FunctionQuestion(
    id="chap1-dense",
    name="dense_as_filters",
    points=Fraction(1, 2),
    reference=dense_as_filters,
    returns="array",
    aspects=(
        Aspect("one channel", Fraction(1, 5), _one_channel, clue="A unit becomes a filter as large as the input."),
        Aspect(
            "channels",
            Fraction(3, 10),
            _channels,
            clue=(
                Clue("One channel holds.", ("one channel",)),
                "In which order does x.reshape(N, -1) put channels, rows and columns?",
            ),
        ),
    ),
)


def _maps(rng: Generator, *shape: int) -> tuple[Array, ...]:
    """Return maps, scale, shift, mean and variance of their channels; the maps' own statistics are others."""
    channels = shape[1]
    x = np.round(rng.normal(3, 5, shape), 2)
    gamma, beta, mean = line(rng, channels), 10 * line(rng, channels), line(rng, channels)
    variance = rng.permutation(np.arange(2, channels + 2)) ** 2 + 0.25
    return x, gamma, beta, mean, variance


def _stored(rng: Generator) -> Iterator[Case]:
    for shape in ((4, 3, 2, 5), (2, 2, 3, 3), (3, 4, 1, 1)):
        x, _, _, mean, variance = _maps(rng, *shape)
        yield Case("scale 1, shift 0", (x, np.ones(shape[1]), np.zeros(shape[1]), mean, variance), look_at="inputs")
    whole = np.arange(1, 3)
    maps = (rng.integers(0, 256, (2, 2, 2, 3)), whole, whole, 100 * whole, 9 + whole)
    yield Case("whole numbers", maps, look_at="inputs")


def _scaled(rng: Generator) -> Iterator[Case]:
    for shape in ((3, 2, 4, 3), (2, 3, 3, 3), (5, 4, 2, 4)):
        yield Case("a scale and a shift for each channel", _maps(rng, *shape), look_at="inputs")
    x, gamma, beta, mean, variance = _maps(rng, 2, 3, 2, 3)
    yield Case("fractions as scale and shift", (x, gamma / 4, beta / 16, mean / 4, variance), look_at="inputs")


def _alone(rng: Generator) -> Iterator[Case]:
    yield Case("a single image", _maps(rng, 1, 3, 4, 2), look_at="inputs")
    yield Case("a single cell", _maps(rng, 1, 2, 1, 1))
    yield Case("a large eps", (*_maps(rng, 2, 2, 2, 3), 3.0))
    x, gamma, beta, mean, variance = _maps(rng, 2, 2, 2, 2)
    yield Case("a variance of 0", (x, gamma, beta, mean, variance * np.array([0.0, 1.0])), {"eps": 0.5})


IN_USE = FunctionQuestion(
    id="chap1-batch-norm-in-use",
    name="batch_norm_in_use",
    points=Fraction(1, 2),
    reference=batch_norm_in_use,
    returns="array",
    aspects=(
        Aspect(
            "stored statistics",
            Fraction(1, 4),
            _stored,
            clue="Which mean and which variance belong to a channel, and what does the formula do with them?",
        ),
        Aspect(
            "scale and shift",
            Fraction(3, 20),
            _scaled,
            clue=(
                Clue("Normalizing holds.", ("stored statistics",)),
                "Are gamma and beta used, and along which axis do they vary?",
            ),
        ),
        Aspect(
            "one image, eps",
            Fraction(1, 10),
            _alone,
            clue=(Clue("Usual batches hold.", ("stored statistics",)), "What is the square root taken of?"),
        ),
    ),
)


def _pooled(rng: Generator, size: int, window: int) -> tuple[Array, Array, int]:
    """Return maxima of windows side by side, their places, and the size of the line."""
    count = size // window
    places = window * np.arange(count) + rng.integers(0, window, count)
    return line(rng, count), places, size


def _one_switch(rng: Generator) -> Iterator[Case]:
    yield Case("one value", (np.array([7.0]), np.array([2]), 4))
    for size, window in ((6, 2), (9, 3), (8, 4), (int(rng.integers(5, 8)) * 2, 2)):
        yield Case("windows side by side", _pooled(rng, size, window), look_at="inputs")
    yield Case("fractions", (np.array([2.5, -1.25]), np.array([1, 2]), 4), look_at="inputs")


def _left_over(rng: Generator) -> Iterator[Case]:
    yield Case("cells left over", _pooled(rng, 7, 3), look_at="inputs")
    yield Case("cells left over", _pooled(rng, 11, 4), look_at="inputs")
    yield Case("places that are not in order", (line(rng, 3), np.array([4, 0, 2]), 6), look_at="inputs")
    yield Case("whole numbers", (np.array([4, -6]), np.array([0, 4]), 5), look_at="inputs")
    yield Case("negative maxima", (np.array([-3.0, -8.0]), np.array([1, 3]), 4), look_at="inputs")


UNPOOL = FunctionQuestion(
    id="chap1-unpool",
    name="max_unpool1d",
    points=Fraction(1, 2),
    reference=max_unpool1d,
    returns="array",
    aspects=(
        Aspect(
            "windows side by side",
            Fraction(3, 10),
            _one_switch,
            clue="Which value goes to which cell? Write down each value with its place.",
        ),
        Aspect(
            "cells left over, any order",
            Fraction(1, 5),
            _left_over,
            clue=(
                Clue("Usual windows hold.", ("windows side by side",)),
                "The places say it all; windows play no part.",
            ),
        ),
    ),
)

SIDE = 21  # of the square input of the question about costs
_COSTS = {f: cnn_ref.conv_multiplications(SIDE - f + 1, SIDE - f + 1, 1, f, 1) for f in range(1, SIDE + 1)}

COST = NumbersQuestion(
    id="chap1-cost",
    name="cost",
    points=Fraction(1, 4),
    expected={
        "most_expensive": max(_COSTS, key=lambda f: _COSTS[f]),
        "most": max(_COSTS.values()),
        "as_large_as_the_image": _COSTS[SIDE],
        "as_cheap_as_3": next(f for f in _COSTS if f > 3 and _COSTS[f] == _COSTS[3]),
    },
    clues={
        "most_expensive": "Cells of the map, times weights of the filter: try a few filters, or all of them in a loop.",
        "most": "Cells of the map, times weights of the filter.",
        "as_large_as_the_image": "How many positions are left for a filter that covers the whole image?",
        "as_cheap_as_3": "The number of positions along a side and the side of the filter may change places.",
    },
)

CLAIMS = ClaimsQuestion(
    id="chap1-claims",
    name="claims",
    points=Fraction(3, 10),
    pairs={
        "A": (True, "b"),
        "B": (True, "a"),
        "C": (False, "c"),
        "D": (False, "b"),
        "E": (False, "a"),
        "F": (True, "c"),
    },
    speaks_for={
        "A": {"a": False, "b": True, "c": True},
        "B": {"a": True, "b": False, "c": True},
        "C": {"a": True, "b": False, "c": False},
        "D": {"a": True, "b": False, "c": False},
        "E": {"a": False, "b": True, "c": False},
        "F": {"a": False, "b": True, "c": True},
    },
)

QUESTIONS = (DILATED, FULL, TRANSPOSED, SUBSAMPLE, DENSE, IN_USE, UNPOOL, COST, CLAIMS)
