"""Checks of the second bonus notebook: the building blocks of deep networks."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import cnn_ref
from cnn_ref.networks import NETWORKS
from grader_tests.architectures import conv_transpose_output_size, dense_block, overlap_counts, receptive_field
from grader_tests.cases import Aspect, Case, Clue
from grader_tests.function_question import FunctionQuestion
from grader_tests.question import Generator
from grader_tests.questions.arch1 import cases
from grader_tests.value_questions import NumberQuestion, NumbersQuestion

# No stride is longer than its filter: where cells are skipped, the span and the number of cells that are seen differ,
# and the text does not say which one counts.


def _unit_strides(rng: Generator) -> Iterator[tuple[Any, ...]]:
    yield from (([(7, 1)],), ([(3, 1), (3, 1)],), ([(3, 1), (5, 1), (2, 1)],), ([(1, 1), (4, 1)],))
    yield ([(int(size), 1) for size in rng.integers(2, 9, 4)],)


def _strided(rng: Generator) -> Iterator[tuple[Any, ...]]:
    yield from (([(3, 2), (3, 1)],), ([(3, 1), (3, 2)],), ([(3, 2), (3, 2), (3, 2)],), ([(5, 3)],))
    yield ([(int(size), int(rng.integers(2, min(size, 4) + 1))) for size in rng.integers(2, 7, 4)],)


def _networks(rng: Generator) -> Iterator[tuple[Any, ...]]:
    alexnet = [(11, 4), (3, 2), (5, 1), (3, 2), (3, 1), (3, 1), (3, 1), (3, 2)]
    resnet = [(7, 2), (3, 2), (3, 1), (3, 1)]
    yield from ((alexnet,), (resnet,))
    sizes = rng.integers(1, 8, int(rng.integers(5, 9)))
    yield ([(int(size), int(rng.integers(1, min(size, 3) + 1))) for size in sizes],)


RECEPTIVE_FIELD = FunctionQuestion(
    id="arch2-receptive-field",
    name="receptive_field",
    points=Fraction(1, 2),
    reference=receptive_field,
    returns="whole",
    aspects=(
        Aspect(
            "stride 1",
            Fraction(1, 5),
            cases("layers of stride 1", _unit_strides),
            clue="Draw two layers of 3 and mark what the last cell sees.",
        ),
        Aspect(
            "larger strides",
            Fraction(1, 5),
            cases("a stride above 1", _strided),
            clue=(
                Clue("Stride 1 holds.", ("stride 1",)),
                "How far apart in the input do two neighboring cells of a strided layer look?",
            ),
        ),
        Aspect(
            "whole networks",
            Fraction(1, 10),
            cases("the stack of a whole network", _networks),
            clue=(
                Clue("Short stacks hold.", ("stride 1", "larger strides")),
                "Does every layer before count, not only the last one?",
            ),
        ),
    ),
)


def _weights(kernel_size: int | tuple[int, int], channels: int) -> int:
    return cnn_ref.shared_parameters(kernel_size, channels, channels, bias=False)


_ONE_5X5, _TWO_3X3 = _weights(5, 64), 2 * _weights(3, 64)
_ONE_3X3, _PAIR = _weights(3, 64), _weights((1, 3), 64) + _weights((3, 1), 64)

STACKS = NumbersQuestion(
    id="arch2-stacks",
    name="stacks",
    points=Fraction(1, 2),
    expected={
        "one_5x5": _ONE_5X5,
        "two_3x3": _TWO_3X3,
        "saved_percent": 100 * (1 - _TWO_3X3 / _ONE_5X5),
        "three_3x3_see": receptive_field(((3, 1),) * 3),
        "row_and_column": _PAIR,
        "row_column_saved_percent": 100 * (1 - _PAIR / _ONE_3X3),
    },
    tolerance=0.06,
    clues={
        "one_5x5": "Every one of the 64 filters is as deep as the 64 channels.",
        "two_3x3": "Two layers, each from 64 to 64 channels.",
        "saved_percent": "What is left out, as a share of the 5 by 5 weights, times 100.",
        "three_3x3_see": "By how many cells does each further layer look on, left and right?",
        "row_and_column": "Two layers, each from 64 to 64 channels; count what a 1 by 3 filter holds.",
        "row_column_saved_percent": "Compare with one 3 by 3 layer: what is left out, as a share of it, times 100.",
    },
    derived={
        "saved_percent": lambda own: 100 * (1 - own["two_3x3"] / own["one_5x5"]),
        "row_column_saved_percent": lambda own: 100 * (1 - own["row_and_column"] / _ONE_3X3),
    },
)


def _layers(rng: Generator) -> Iterator[tuple[Any, ...]]:
    yield from ((3, 128, 256), (5, 3, 7))
    yield tuple(int(number) for number in rng.choice(range(2, 60), 3, replace=False))


def _borders(rng: Generator) -> Iterator[tuple[Any, ...]]:
    count, depth = (int(number) for number in rng.choice(range(2, 60), 2, replace=False))
    yield from ((1, depth, count), (3, 1, count), (7, depth, 1))


SEPARABLE = FunctionQuestion(
    id="arch2-separable",
    name="depthwise_separable_parameters",
    points=Fraction(1, 4),
    reference=cnn_ref.depthwise_separable_parameters,
    returns="whole",
    aspects=(
        Aspect(
            "usual layers",
            Fraction(3, 20),
            cases("another number of filters than channels", _layers),
            clue="Count the two layers one after the other.",
        ),
        Aspect(
            "extreme layers",
            Fraction(1, 10),
            cases("a filter of 1, one channel or one filter", _borders),
            clue=(Clue("Usual layers hold.", ("usual layers",)), "The formula is the same with 1."),
        ),
    ),
)

_DIRECT = cnn_ref.conv_multiplications(28, 28, 32, 5, 192)
_DETOUR = cnn_ref.bottleneck_multiplications(28, 28, 32, 5, 192, 16)

INCEPTION = NumbersQuestion(
    id="arch2-inception",
    name="inception",
    points=Fraction(1, 4),
    expected={
        "channels": NETWORKS["googlenet"]()["inception_3a"].output_shape[0],
        "direct": _DIRECT,
        "bottleneck": _DETOUR,
        "times_cheaper": _DIRECT / _DETOUR,
    },
    tolerance=0.06,
    clues={
        "channels": "Only the last layer of each branch writes into the output; the maps are put behind each other.",
        "direct": "Cells of one map, times filters, times weights of one filter.",
        "bottleneck": "Both layers of the branch count: what does each of them read and write?",
        "times_cheaper": "Divide your two numbers, and keep one digit after the point at least.",
    },
    derived={"times_cheaper": lambda own: own["direct"] / own["bottleneck"]},
)

RESIDUAL = NumbersQuestion(
    id="arch2-residual",
    name="residual",
    points=Fraction(1, 4),
    expected={
        "plain": 2 * _weights(3, 64),
        "identity": 0,
        "projection": cnn_ref.shared_parameters(1, 64, 128, bias=False),
        "bottleneck": cnn_ref.shared_parameters(1, 256, 64, bias=False)
        + _weights(3, 64)
        + cnn_ref.shared_parameters(1, 64, 256, bias=False),
    },
    clues={
        "plain": "Two layers, each from 64 to 64 channels, without biases.",
        "identity": "What does it do to the input?",
        "projection": "A filter of 1 by 1 is as deep as its input has channels.",
        "bottleneck": "Three layers, one after the other: what does each of them read and write?",
    },
)


def _blocks(rng: Generator) -> Iterator[tuple[Any, ...]]:
    yield from ((64, 32, 3), (64, 32, 6), (3, 12, 2))
    initial, growth = (int(number) for number in rng.choice(range(5, 90), 2, replace=False))
    yield initial, growth, int(rng.integers(4, 30))


def _blocks_of_one(rng: Generator) -> Iterator[tuple[Any, ...]]:
    initial, growth = (int(number) for number in rng.choice(range(5, 90), 2, replace=False))
    yield from _blocks(rng)
    yield initial, growth, 1


DENSE_BLOCK = FunctionQuestion(
    id="arch2-dense-block",
    name="dense_block",
    points=Fraction(1, 2),
    reference=dense_block,
    returns="wholes",
    aspects=(
        Aspect(
            "channels into the last layer",
            Fraction(3, 20),
            cases("several layers, input of the last one", _blocks, (0,)),
            clue=(
                Clue("The other two numbers hold.", ("channels out of the block", "connections")),
                "Write the channels in front of layer 1, layer 2, layer 3: what does each leave for all that follow?",
            ),
        ),
        Aspect(
            "channels out of the block",
            Fraction(3, 20),
            cases("several layers, output of the block", _blocks, (1,)),
            clue="Which maps leave the block: those that entered it, and which others?",
        ),
        Aspect(
            "connections",
            Fraction(3, 20),
            cases("several layers, connections", _blocks, (2,)),
            clue=(
                Clue("Channels hold.", ("channels into the last layer", "channels out of the block")),
                "Count the arrows that end at layer 1, layer 2, layer 3.",
            ),
        ),
        Aspect(
            "a block of one layer",
            Fraction(1, 20),
            cases("a block of one layer", _blocks_of_one),
            clue=(
                Clue(
                    "Longer blocks hold.", ("channels into the last layer", "channels out of the block", "connections")
                ),
                "What does the only layer read?",
            ),
        ),
    ),
)


def _stamps(rng: Generator) -> Iterator[tuple[Any, ...]]:
    yield from ((4, 3), (1, 5), (3, 2, 2), (3, 3, 2), (5, 2, 4), (6, 1, 3))
    yield int(rng.integers(2, 30)), int(rng.integers(2, 9)), int(rng.integers(1, 6))


def _cut(rng: Generator) -> Iterator[tuple[Any, ...]]:
    # One cell that is left is a size too, and a padding may be as long as the filter.
    yield from ((3, 3, 2, 1), (7, 4, 2, 1), (5, 5, 1, 2), (2, 7, 3, 2), (1, 3, 1, 1), (5, 2, 1, 2), (6, 1, 2, 2))
    yield from ((3, 1, 1, 1), (3, 1, 3, 3), (2, 3, 1, 1))
    yield int(rng.integers(9, 30)), int(rng.integers(5, 9)), int(rng.integers(2, 6)), int(rng.integers(1, 5))


def _extra(rng: Generator) -> Iterator[tuple[Any, ...]]:
    yield from ((3, 3, 2, 1, 1), (4, 2, 3, 0, 2), (7, 5, 4, 2, 3), (2, 1, 2, 1, 1))
    yield 2, 2, 2, 2, 1  # the added cell is the only one
    stride = int(rng.integers(2, 6))
    yield int(rng.integers(5, 20)), int(rng.integers(2, 6)), stride, 1, int(rng.integers(1, stride))


def _refused(rng: Generator) -> Iterator[Case]:
    stride = int(rng.integers(2, 5))
    # (1, 4, 2, 2) and (3, 2, 1, 2) leave exactly nothing; from seven cells, four are cut off at the front.
    for layer in ((1, 3, 1, 2), (2, 2, 1, 2), (1, 4, 2, 2), (3, 2, 1, 2), (1, 7, 1, 4)):
        yield Case("a padding that leaves nothing", layer)
    for too_large in ((5, 3, stride, 0, stride), (4, 3, 1, 0, 1)):
        yield Case("an output_padding as large as the stride", too_large)
    yield Case("an output_padding larger than the stride", (4, 3, 2, 0, 3))


TRANSPOSED_SIZE = FunctionQuestion(
    id="arch2-transposed-size",
    name="conv_transpose_output_size",
    points=Fraction(1, 2),
    reference=conv_transpose_output_size,
    returns="whole",
    aspects=(
        Aspect(
            "stride",
            Fraction(3, 20),
            cases("a stride and no padding", _stamps),
            clue="Where does the last stamp begin, and where does it end?",
        ),
        Aspect(
            "padding",
            Fraction(3, 20),
            cases("padding", _cut),
            clue=(Clue("Without padding it holds.", ("stride",)), "Here padding takes cells away, on each side."),
        ),
        Aspect(
            "output_padding",
            Fraction(1, 10),
            cases("output_padding", _extra),
            clue=(
                Clue("Without output_padding it holds.", ("stride", "padding")),
                "It is added once, at the end only.",
            ),
        ),
        Aspect(
            "impossible layers",
            Fraction(1, 10),
            _refused,
            clue=(
                Clue("Sizes hold.", ("stride", "padding", "output_padding")),
                "Read the two cases that should be a ValueError.",
            ),
            apart=True,
        ),
    ),
)


def _overlapping(rng: Generator) -> Iterator[tuple[Any, ...]]:
    yield from ((4, 3, 2), (3, 3, 1), (2, 5, 2), (1, 4, 3))
    yield int(rng.integers(4, 9)), int(rng.integers(5, 9)), int(rng.integers(2, 5))


def _even(rng: Generator) -> Iterator[tuple[Any, ...]]:
    stride = int(rng.integers(2, 5))
    yield from ((5, 4, 2), (4, 2, 2), (int(rng.integers(3, 7)), 3 * stride, stride))


def _holes(rng: Generator) -> Iterator[tuple[Any, ...]]:
    size = int(rng.integers(2, 5))
    yield from ((3, 1, 2), (4, 2, 3), (int(rng.integers(3, 7)), size, size + int(rng.integers(1, 4))))


OVERLAP_COUNTS = FunctionQuestion(
    id="arch2-overlap-counts",
    name="overlap_counts",
    points=Fraction(1, 4),
    reference=overlap_counts,
    returns="array",
    aspects=(
        Aspect(
            "stamps that overlap",
            Fraction(1, 10),
            cases("stamps that overlap", _overlapping),
            clue="Draw four stamps of 3 cells that begin two cells apart.",
        ),
        Aspect(
            "a multiple of the stride",
            Fraction(1, 10),
            cases("a kernel that is a multiple of the stride", _even),
            clue="Draw three stamps, one below the other: how many of them lie over each cell?",
        ),
        Aspect(
            "holes",
            Fraction(1, 20),
            cases("a stride above the kernel", _holes),
            clue="Some cells may not be written at all; they count 0.",
        ),
    ),
)


def _evenly_written() -> int:
    """Return the smallest kernel of at least 3 whose stamps, two cells apart, cover all inner cells alike."""
    kernel_size = 3
    while len(set(overlap_counts(20, kernel_size, 2)[kernel_size:-kernel_size].tolist())) > 1:
        kernel_size += 1
    return kernel_size


EVEN_KERNEL = NumberQuestion(
    id="arch2-even-kernel",
    name="even_kernel",
    points=Fraction(1, 4),
    expected=_evenly_written(),
    clue="Print overlap_counts(10, kernel_size, 2) for a few sizes and compare neighboring cells in the middle.",
)

QUESTIONS = (
    RECEPTIVE_FIELD,
    STACKS,
    SEPARABLE,
    INCEPTION,
    RESIDUAL,
    DENSE_BLOCK,
    TRANSPOSED_SIZE,
    OVERLAP_COUNTS,
    EVEN_KERNEL,
)
