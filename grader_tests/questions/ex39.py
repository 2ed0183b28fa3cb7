"""Checks of Exercise 39: what is learned and what is chosen, small counts, padding that keeps the size."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import cnn_ref
from grader_tests.cases import Aspect, Case, Clue
from grader_tests.function_question import FunctionQuestion
from grader_tests.question import Generator
from grader_tests.value_questions import NumbersQuestion, SetsQuestion

VOCABULARY = frozenset(
    {
        "weights",
        "biases",
        "number of filters",
        "kernel size",
        "window size",
        "stride",
        "padding",
        "number of units",
        "activation",
        "drop rate",
    }
)
LEARNED = ("weights", "biases")
CHOSEN = tuple(sorted(VOCABULARY - set(LEARNED)))
AN_INT = "Which of your divisions gives a float? Use //, or int()."
LAYERS = ("Conv", "MaxPooling", "Dense", "Dropout")

PARAMETERS = SetsQuestion(
    id="ex39-parameters",
    name="parameters",
    points=Fraction(1, 2),
    expected={
        "Conv": frozenset(LEARNED),
        "MaxPooling": frozenset(),
        "Dense": frozenset(LEARNED),
        "Dropout": frozenset(),
    },
    vocabulary=VOCABULARY,
    member_hints={
        **{
            (layer, word): f'Would training change "{word}", or do you type it in?'
            for layer in LAYERS
            for word in CHOSEN
        },
        **{
            ("MaxPooling", word): "Write down one number in max(a, b, c, d) that gradient descent could adjust."
            for word in LEARNED
        },
        **{
            ("Dropout", word): "A mask of dropout is drawn anew in each step. What is there to learn?"
            for word in LEARNED
        },
    },
    missing_hints={
        ("Conv", "weights"): "The numbers inside the filter: who decides what they are?",
        ("Conv", "biases"): "What is added once to every sum of a filter?",
        ("Dense", "weights"): "What does each connection of this layer multiply with?",
        ("Dense", "biases"): "What is added once to the sum of each unit?",
    },
)

HYPERPARAMETERS = SetsQuestion(
    id="ex39-hyperparameters",
    name="hyperparameters",
    points=Fraction(1, 2),
    expected={
        "Conv": frozenset({"number of filters", "kernel size", "stride", "padding", "activation"}),
        "MaxPooling": frozenset({"window size", "stride", "padding"}),
        "Dense": frozenset({"number of units", "activation"}),
        "Dropout": frozenset({"drop rate"}),
    },
    vocabulary=VOCABULARY,
    member_hints={
        **{(layer, word): f'"{word}" change while the network trains.' for layer in LAYERS for word in LEARNED},
        ("Conv", "window size"): "The list has another word for the size of a filter.",
        ("Conv", "number of units"): "How many units a feature map has follows from other choices.",
        ("MaxPooling", "number of filters"): "Pooling has no filters: as many channels come out as went in.",
        ("MaxPooling", "activation"): "This layer has no activation of its own in Keras.",
        ("Dense", "kernel size"): "A dense layer reads everything. What would slide?",
        ("Dropout", "number of units"): "Dropout works on the units that are there.",
    },
    missing_hints={
        ("Conv", "number of filters"): "What decides how deep the output is?",
        ("Conv", "kernel size"): "What decides how many cells a filter covers?",
        ("Conv", "stride"): "What decides how far the filter moves from one window to the next?",
        ("Conv", "padding"): "What decides how the layer treats the border of the image?",
        ("Conv", "activation"): "Look at the arguments of Keras' Conv2D: one function is among them.",
        ("Dense", "number of units"): "What decides how many numbers come out of a dense layer?",
        ("Dense", "activation"): "Look at the arguments of Keras' Dense: one function is among them.",
        ("MaxPooling", "window size"): "What decides how many cells take part in each maximum?",
        ("MaxPooling", "padding"): "Look at all arguments of Keras' MaxPooling2D.",
        ("MaxPooling", "stride"): "Look at all arguments of Keras' MaxPooling2D.",
        ("Dropout", "drop rate"): "How often does a unit fall out?",
    },
    synonyms={("MaxPooling", "kernel size"): "window size"},  # which is what torch calls it
)

_IMAGE, _FILTER = 16, 3


def _outputs_that_see_only_zeros(size: int, kernel_size: int, stride: int, padding: int) -> int:
    """Return how many of the windows of a square image meet no cell of it, by looking at every window."""
    starts = range(-padding, size + padding - kernel_size + 1, stride)
    meets = [any(0 <= start + tap < size for tap in range(kernel_size)) for start in starts]
    return sum(not (row and column) for row in meets for column in meets)


COUNTS = NumbersQuestion(
    id="ex39-counts",
    name="counts",
    points=Fraction(1, 2),
    expected={
        "conv": 32 * 10,
        "pooling": cnn_ref.pooling_parameters(2),
        "dropout": cnn_ref.dropout_parameters(0.1),
        "batch_norm": cnn_ref.batch_norm_parameters(64)[0],
        "dense": cnn_ref.dense_parameters(7 * 7 * 512, 4096),
        "kept": 1000 - 100,
        "dropout_mean": 1,
        "same_stride_2": cnn_ref.same_output_size(28, 2),
        "only_zeros": _outputs_that_see_only_zeros(_IMAGE, _FILTER, 2, cnn_ref.same_padding(_IMAGE, _FILTER, 2)),
        "total_padding": cnn_ref.conv_output_size(8, 3, 1, 1),
    },
    clues={
        "conv": "How many numbers do the filters hold together, and does ReLU hold any?",
        "pooling": "What is there in a maximum that training could change?",
        "dropout": "The mask is drawn anew in each step. What is stored?",
        "batch_norm": "How many numbers does one channel have that gradient descent changes?",
        "dense": "Every unit reads every value of the volume, and has one bias.",
        "kept": "The rate is the share that falls out.",
        "dropout_mean": "What do the libraries do to the units that are kept, so that nothing has to be changed later?",
        "same_stride_2": "With a stride, same does not mean that the size stays: where may windows start?",
        "only_zeros": "In which rows and columns does a window meet the image? All other outputs see only zeros.",
        "total_padding": "How many cells does the padded row have, and how many windows of 3 fit into it?",
    },
    weights={
        **dict.fromkeys(("conv", "batch_norm", "dense", "dropout_mean", "same_stride_2"), 2),
        "total_padding": 3,
        "only_zeros": 4,
    },
)


def _odd_filters(rng: Generator) -> Iterator[Case]:
    for size, kernel_size in ((7, 5), (28, 3), (28, 1), (5, 7), (2, 11)):
        yield Case("an odd filter at stride 1", (size, kernel_size, 1), look_at="amount")
    size, half = int(rng.integers(20, 200)), int(rng.integers(4, 9))
    yield Case("an odd filter at stride 1", (size, 2 * half + 1), {"stride": 1}, look_at="amount")


def _even_filters(rng: Generator) -> Iterator[Case]:
    for size, kernel_size in ((28, 4), (7, 2)):
        yield Case("an even filter at stride 1", (size, kernel_size, 1))
    size, half = int(rng.integers(20, 200)), int(rng.integers(3, 9))
    yield Case("an even filter at stride 1", (size, 2 * half, 1))


def _stride_two(rng: Generator) -> Iterator[Case]:
    for size, kernel_size in ((6, 3), (16, 3), (28, 3), (7, 3), (7, 4), (8, 2), (1, 1)):
        yield Case("stride 2", (size, kernel_size, 2), look_at="amount")
    # A filter longer than the side needs more zeros than the side has cells: searches that give up early show.
    for size, kernel_size in ((1, 8), (1, 9), (2, 9), (3, 12)):
        yield Case("stride 2 and a filter longer than the side", (size, kernel_size, 2), look_at="amount")
    size, kernel_size = int(rng.integers(10, 100)), int(rng.integers(2, 9))
    yield Case("stride 2", (size, kernel_size, 2), look_at="amount")
    yield Case("stride 2", (size + 1, kernel_size, 2), look_at="amount")


def _larger_strides(rng: Generator) -> Iterator[Case]:
    for size, kernel_size, stride in ((5, 2, 3), (10, 3, 3), (9, 4, 4), (1, 9, 3), (2, 12, 4), (20, 1, 5)):
        yield Case("a stride above 2", (size, kernel_size, stride), look_at="amount")
    size, kernel_size = int(rng.integers(10, 100)), int(rng.integers(2, 9))
    yield Case("a stride above 2", (size, kernel_size, int(rng.integers(3, 7))), look_at="amount")


def _whole_padding(rng: Generator) -> Iterator[Case]:
    for layer in ((7, 5, 1), (6, 3, 2), (16, 3, 2), (10, 3, 3), (int(rng.integers(10, 100)), 3, 2)):
        yield Case("a padding that has to be an int", layer, look_at="type")


SAME_PADDING = FunctionQuestion(
    id="ex39-same-padding",
    name="same_padding",
    points=Fraction(1, 2),
    reference=cnn_ref.same_padding,
    returns="whole",
    aspects=(
        Aspect(
            "odd filters",
            Fraction(3, 20),
            _odd_filters,
            clue=(
                "How many cells get lost at both ends without padding?",
                Clue("Count them for a row of 5 cells, a filter of 3 and stride 1.", wrong_at=Case("", (5, 3, 1))),
            ),
        ),
        Aspect(
            "even filters",
            Fraction(1, 10),
            _even_filters,
            clue=(
                Clue("Odd filters hold.", ("odd filters",)),
                "Which sizes come out with 0, 1, 2, ... zeros per side for an even filter at stride 1?",
            ),
            apart=True,
        ),
        Aspect(
            "stride 2",
            Fraction(1, 10),
            _stride_two,
            clue=(
                Clue("Stride 1 holds.", ("odd filters",)),
                "Put your padding back into the size formula, floor included: does the size stay, and would a smaller "
                "padding do too?",
            ),
        ),
        Aspect(
            "larger strides",
            Fraction(1, 10),
            _larger_strides,
            clue=(
                Clue("Stride 2 holds.", ("stride 2",)),
                "How long must the padded row be, so that as many windows fit as there are cells?",
                Clue("Take a row of 5 cells, a filter of 2 and stride 3.", wrong_at=Case("", (5, 2, 3))),
            ),
        ),
        Aspect("type int", Fraction(1, 20), _whole_padding, clue=AN_INT, apart=True, form=True),
    ),
)


def _even_totals(rng: Generator) -> Iterator[Case]:
    for size, kernel_size, stride in ((7, 5, 1), (5, 3, 2), (28, 3, 1), (8, 4, 3), (7, 5, 3), (1, 3, 2)):
        yield Case("an even number of zeros", (size, kernel_size, stride), look_at="amount")
    yield Case("a filter longer than the side", (3, 5, 1), look_at="amount")
    size, half = int(rng.integers(20, 99)), int(rng.integers(1, 6))
    yield Case("an even number of zeros", (size, 2 * half + 1, 1), look_at="amount")


def _odd_totals(rng: Generator) -> Iterator[Case]:
    for size, kernel_size, stride in ((6, 3, 2), (28, 4, 1), (28, 3, 2), (10, 5, 2), (8, 5, 3), (2, 4, 3)):
        yield Case("an odd number of zeros", (size, kernel_size, stride), look_at="amount")
    yield Case("a filter longer than the side", (4, 7, 2), look_at="amount")
    size, half = int(rng.integers(20, 99)), int(rng.integers(1, 6))
    yield Case("an odd number of zeros", (size, 2 * half, 1), look_at="amount")


def _no_zeros(rng: Generator) -> Iterator[Case]:
    for size, kernel_size, stride in (
        (5, 1, 1),
        (6, 1, 2),
        (9, 2, 3),
        (10, 2, 5),
        (7, 2, 3),
        (11, 2, 5),
        (8, 1, 3),
        (14, 2, 5),
        (1, 1, 3),
        (2, 1, 5),
    ):
        yield Case("a stride at least as long as the filter", (size, kernel_size, stride), look_at="amount")
    kernel_size = int(rng.integers(2, 5))
    layer = (int(rng.integers(20, 99)), kernel_size, kernel_size + 2)
    yield Case("a stride longer than the filter", layer, look_at="amount")


def _whole_sides(rng: Generator) -> Iterator[Case]:
    for layer in ((6, 3, 2), (28, 4, 1), (7, 5, 1), (int(rng.integers(20, 99)), 5, 1)):
        yield Case("numbers that have to be ints", layer, look_at="type")


SAME_PADDING_SIDES = FunctionQuestion(
    id="ex39-same-padding-sides",
    name="same_padding_sides",
    points=Fraction(1, 4),
    reference=cnn_ref.same_padding_sides,
    returns="wholes",
    aspects=(
        Aspect(
            "even totals",
            Fraction(3, 40),
            _even_totals,
            clue=(
                "Compute output, total and both halves, one line each.",
                Clue("Take 7 cells, a filter of 5, stride 1.", wrong_at=Case("", (7, 5, 1))),
            ),
        ),
        Aspect(
            "odd totals",
            Fraction(3, 40),
            _odd_totals,
            clue=(
                Clue("Even totals hold.", ("even totals",)),
                "Where does the spare zero go, and do both numbers add up to the total?",
            ),
        ),
        Aspect(
            "strides longer than the filter",
            Fraction(1, 20),
            _no_zeros,
            clue="What does your total come to when the windows do not even touch?",
        ),
        Aspect("tuple of ints", Fraction(1, 20), _whole_sides, clue=AN_INT, apart=True, form=True),
    ),
)

QUESTIONS = (PARAMETERS, HYPERPARAMETERS, COUNTS, SAME_PADDING, SAME_PADDING_SIDES)
