"""Checks of the first bonus notebook: sizes, parameters and costs of whole networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import cnn_ref
from cnn_ref.networks import NETWORKS
from grader_tests.architectures import count_network, grouped_parameters, keras_output_size
from grader_tests.cases import Aspect, Case, Clue
from grader_tests.function_question import FunctionQuestion
from grader_tests.question import Generator
from grader_tests.value_questions import NumbersQuestion

Calls = Callable[[Generator], Iterator[tuple[Any, ...]]]

SLIDES = (
    ("conv", 32, 5, "same"),
    ("pool", 2),
    ("conv", 64, 5, "valid"),
    ("conv", 128, 5, "valid"),
    ("conv", 64, 5, "valid"),
    ("pool", 2),
    ("flatten",),
    ("dense", 1024),
    ("dropout", 0.1),
    ("dense", 10),
)


def cases(what: str, calls: Calls, entries: tuple[int, ...] | None = None) -> Callable[[Generator], Iterator[Case]]:
    """Return cases that call with the arguments."""

    def made(rng: Generator) -> Iterator[Case]:
        for arguments in calls(rng):
            yield Case(what, arguments, entries=entries)

    return made


def _valid(rng: Generator) -> Iterator[tuple[Any, ...]]:
    yield from ((28, 5), (7, 7), (6, 1, 1, "valid"))
    kernel_size = int(rng.integers(2, 8))
    yield kernel_size + int(rng.integers(3, 40)), kernel_size


def _same(rng: Generator) -> Iterator[tuple[Any, ...]]:
    yield from ((28, 5, 1, "same"), (9, 4, 1, "same"), (8, 1, 1, "same"))
    yield 3, 5, 1, "same"  # a filter larger than the map is legal
    yield int(rng.integers(9, 60)), int(rng.integers(2, 8)), 1, "same"


def _strides(rng: Generator) -> Iterator[tuple[Any, ...]]:
    yield from ((227, 11, 4), (10, 3, 2), (28, 3, 2, "same"), (29, 3, 2, "same"), (7, 2, 3, "same"), (11, 4, 3))
    size, stride = int(rng.integers(20, 90)), int(rng.integers(2, 6))
    for padding in ("valid", "same"):
        yield size, int(rng.integers(2, 8)), stride, padding


def _impossible(rng: Generator) -> Iterator[tuple[Any, ...]]:
    size = int(rng.integers(2, 9))
    # (4 - 5) / 2 is rounded towards 0 by int(), so that one window seems to fit.
    yield from ((4, 5), (4, 5, 2), (size, size + 1, 1, "valid"), (size, size + 3, 2))


KERAS_OUTPUT_SIZE = FunctionQuestion(
    id="arch1-keras-output-size",
    name="keras_output_size",
    points=Fraction(1, 2),
    reference=keras_output_size,
    returns="whole",
    aspects=(
        Aspect("valid", Fraction(1, 8), cases('padding="valid"', _valid), clue="Lay the filter on 5 cells and count."),
        Aspect(
            "same",
            Fraction(1, 8),
            cases('padding="same"', _same),
            clue=(Clue('"valid" holds.', ("valid",)), 'What does "same" promise?'),
        ),
        Aspect(
            "strides",
            Fraction(1, 8),
            cases("strides above 1", _strides),
            clue=(
                Clue("Stride 1 holds.", ("valid", "same")),
                "Write down where the windows start, for both kinds of padding.",
            ),
        ),
        Aspect(
            "impossible layers",
            Fraction(1, 8),
            cases("a filter larger than the map", _impossible),
            clue=(Clue("Sizes hold.", ("valid", "same", "strides")), "What should happen when no window fits?"),
            apart=True,
        ),
    ),
)


_KERAS = NETWORKS["keras_slides"]()
_SIDES = {name: _KERAS[name].output_shape[1] for name in ("conv1", "pool1", "conv2", "conv3", "conv4", "pool2")}
_LAYERS = ("conv1", "conv2", "conv3", "conv4", "dense", "output")


def _total(own: Mapping[str, float]) -> float:
    return sum(own[name] for name in _LAYERS)


SIZES = NumbersQuestion(
    id="arch1-sizes",
    name="sizes",
    points=Fraction(1, 4),
    expected={**_SIDES, "flatten": _KERAS["flatten"].output_shape[0]},
    clues={
        "conv1": "Which padding does this layer ask for?",
        "pool1": "Windows of 2 lie side by side.",
        "conv2": "Does this layer ask for padding? How many places does a filter of 5 have on the map in front of it?",
        "conv3": "Start from the size behind conv2; the layer asks for no padding.",
        "conv4": "Start from the size behind conv3; the layer asks for no padding.",
        "pool2": "How many windows of 2 fit, side by side, into the map behind conv4?",
        "flatten": "Height times width times channels of the map behind pool2.",
    },
)
LEARNED = NumbersQuestion(
    id="arch1-learned",
    name="learned",
    points=Fraction(1, 4),
    expected={**{name: _KERAS[name].parameters for name in _LAYERS}, "total": _KERAS.parameters},
    clues={
        "conv1": "How deep is a filter on this image? And each has a bias.",
        "conv2": "A filter is as deep as the maps behind pool1 are many, and has a bias.",
        "conv3": "A filter is as deep as the maps behind conv2 are many, and has a bias.",
        "conv4": "A filter is as deep as the maps behind conv3 are many, and has a bias.",
        "dense": "How many values leave flatten? Each unit reads them all and has a bias.",
        "output": "Each of the ten units reads every unit in front of it and has a bias.",
        "total": "Add up your own numbers; pooling, flatten and dropout learn nothing.",
    },
    derived={"total": _total},
)
COSTS = NumbersQuestion(
    id="arch1-costs",
    name="costs",
    points=Fraction(1, 4),
    expected={**{name: _KERAS[name].multiply_accumulates for name in _LAYERS}, "total": _KERAS.multiply_accumulates},
    clues={
        "conv1": "Cells of one output map, times filters, times weights of one filter; biases do not count.",
        "conv2": "Cells of one output map, times filters, times weights of one filter; biases do not count.",
        "conv3": "Cells of one output map, times filters, times weights of one filter; biases do not count.",
        "conv4": "Cells of one output map, times filters, times weights of one filter; biases do not count.",
        "dense": "One for each connection; biases do not count.",
        "output": "One for each connection; biases do not count.",
        "total": "Add up your own numbers.",
    },
    derived={"total": _total},
)


def _convolutions(rng: Generator) -> Iterator[tuple[Any, ...]]:
    one, two, three = (int(count) for count in rng.choice(range(2, 40), 3, replace=False))
    yield [("conv", 4, 3, "valid")], (9, 9, 2)
    yield [("conv", 3, 4, "same"), ("conv", 2, 2, "valid")], (7, 10, 2)
    yield [("conv", one, 3, "valid"), ("conv", two, 5, "same"), ("conv", three, 1, "valid")], (12, 15, 3)


def _flattened(rng: Generator) -> Iterator[tuple[Any, ...]]:
    units, filters = int(rng.integers(5, 50)), int(rng.integers(3, 9))  # not as many as the image has channels
    yield [("flatten",), ("dense", units)], (4, 6, 3)
    yield [("conv", filters, 3, "valid"), ("flatten",), ("dense", 7), ("dense", units)], (8, 6, 2)
    yield [("conv", filters, 3, "same"), ("flatten",), ("dropout", 0.5), ("dense", units)], (5, 9, 2)


def _pooled(rng: Generator) -> Iterator[tuple[Any, ...]]:
    filters, units = int(rng.integers(2, 9)), int(rng.integers(5, 50))
    yield [("pool", 2), ("flatten",), ("dense", units)], (8, 7, 2)
    yield [("conv", filters, 4, "valid"), ("pool", 3), ("flatten",), ("dense", units)], (14, 19, 1)
    yield list(SLIDES), (28, 28, 1)


COUNT_NETWORK = FunctionQuestion(
    id="arch1-count-network",
    name="count_network",
    points=Fraction(3, 4),
    reference=count_network,
    returns="wholes",
    aspects=(
        Aspect(
            "parameters of convolutions",
            Fraction(3, 20),
            cases("convolutions behind each other, parameters", _convolutions, (0,)),
            clue="Which depth does a filter have, and who else is learned beside the weights?",
        ),
        Aspect(
            "parameters behind flatten",
            Fraction(3, 20),
            cases("a dense layer behind flatten, parameters", _flattened, (0,)),
            clue=(
                Clue("Parameters of convolutions hold.", ("parameters of convolutions",)),
                "How many values leave flatten, and how many leave each dense layer?",
            ),
        ),
        Aspect(
            "parameters behind pooling",
            Fraction(3, 20),
            cases("pooling, parameters", _pooled, (0,)),
            clue=(
                Clue(
                    "Without pooling it holds.", ("parameters behind flatten", "multiply-accumulates of convolutions")
                ),
                "Follow height, width and channels through every layer, pooling too.",
            ),
        ),
        Aspect(
            "multiply-accumulates of convolutions",
            Fraction(3, 20),
            cases("convolutions, multiply-accumulates", _convolutions, (1,)),
            clue=(
                Clue("Parameters hold.", ("parameters of convolutions",)),
                "Every cell of the output is one sum of products of a filter with a window; biases are free.",
            ),
        ),
        Aspect(
            "multiply-accumulates of whole networks",
            Fraction(3, 20),
            cases(
                "convolution, pooling and dense layers, multiply-accumulates",
                lambda rng: iter([*_flattened(rng), *_pooled(rng)]),
                (1,),
            ),
            clue=(
                Clue("Convolutions hold.", ("multiply-accumulates of convolutions",)),
                "What does a dense layer multiply?",
            ),
        ),
    ),
)


def _groups(rng: Generator) -> Iterator[tuple[Any, ...]]:
    yield from ((5, 96, 256, 2), (3, 8, 8, 8), (3, 6, 12, 3))
    groups, inside, outside = (int(count) for count in rng.choice(range(2, 12), 3, replace=False))
    yield int(rng.integers(2, 8)), groups * inside, groups * outside, groups


def _one_group(rng: Generator) -> Iterator[tuple[Any, ...]]:
    yield from ((11, 3, 96), (1, 7, 5, 1))
    yield tuple(int(number) for number in rng.choice(range(2, 30), 3, replace=False))


def _groups_without_bias(rng: Generator) -> Iterator[tuple[Any, ...]]:
    yield from ((5, 96, 256, 2, False), (3, 4, 8, 1, False))
    groups = int(rng.integers(2, 9))
    yield 3, groups * 5, groups * 4, groups, False


def _uneven_groups(rng: Generator) -> Iterator[Case]:
    groups = int(rng.integers(3, 9))
    # Sums and products that the groups divide do not help.
    for layer in ((3, 7, 8, 2), (2, 2, 8, 4), (5, groups * 4 + 1, groups * 3, groups)):
        yield Case("groups that do not divide the channels", layer)
    yield Case("groups that do not divide the filters", (3, 8, 7, 2))
    for layer in ((3, 7, 9, 2), (1, 2, 6, 4), (3, 8, 3, 9)):
        yield Case("groups that divide neither channels nor filters", layer)


GROUPED_PARAMETERS = FunctionQuestion(
    id="arch1-grouped-parameters",
    name="grouped_parameters",
    points=Fraction(1, 4),
    reference=grouped_parameters,
    returns="whole",
    aspects=(
        Aspect(
            "groups",
            Fraction(1, 10),
            cases("several groups", _groups),
            clue="How many filters are there in all, what does one of them hold, and how many biases are there?",
        ),
        Aspect("one group", Fraction(1, 20), cases("one group", _one_group), clue="One group is a plain convolution."),
        Aspect(
            "without biases",
            Fraction(1, 20),
            cases("bias=False", _groups_without_bias),
            clue="Look at the last argument.",
        ),
        Aspect(
            "groups that do not divide",
            Fraction(1, 20),
            _uneven_groups,
            clue=(
                Clue("Counts hold.", ("groups", "one group")),
                "What if the channels, or the filters, cannot be shared out evenly?",
            ),
            apart=True,
        ),
    ),
)

_ALEXNET = NETWORKS["alexnet"]()
_CONV1_SIDE = _ALEXNET["conv1"].output_shape[1]

ALEXNET = NumbersQuestion(
    id="arch1-alexnet",
    name="alexnet",
    points=Fraction(1, 4),
    expected={
        "conv1_side": _CONV1_SIDE,
        "conv1_shared": cnn_ref.shared_parameters(11, 3, 96),
        "conv1_unshared": cnn_ref.unshared_parameters(11, 3, 96, _CONV1_SIDE, _CONV1_SIDE),
        "conv2": _ALEXNET["conv2"].parameters,
        "padding_224": next(p for p in range(9) if cnn_ref.conv_output_size(224, 11, 4, p) == _CONV1_SIDE),
    },
    clues={
        "conv1_side": "How many places does a window of 11 have in steps of 4?",
        "conv1_shared": "How deep is a filter on a color image? And each has a bias.",
        "conv1_unshared": "How many units are there in all maps together, and what does each of them own?",
        "conv2": "How many filters are there, and into how many channels does each look? And each has a bias.",
        "padding_224": "Try 0, 1, 2, ... zeros per side in the formula, rounded down.",
    },
)

_VGG16 = NETWORKS["vgg_d"]()
_BRANCH = [layer for layer in NETWORKS["googlenet"]().layers if layer.name.startswith("inception_3a/3/")]

CLASSICS = NumbersQuestion(
    id="arch1-classics",
    name="classics",
    points=Fraction(1, 2),
    expected={
        "lenet_c3": NETWORKS["lenet5"]()["c3"].parameters,
        "zfnet_side": NETWORKS["zfnet"]()["conv1"].output_shape[1],
        "vgg_channels": _VGG16["block5/conv1"].output_shape[0],
        "vgg_dense": sum(_VGG16[name].parameters for name in ("fc6", "fc7", "fc8")),
        "googlenet_5x5": sum(layer.parameters for layer in _BRANCH),
    },
    clues={
        "lenet_c3": "Count the three kinds of filters one after the other; each filter has a bias.",
        "zfnet_side": "Put the numbers into the formula and round down.",
        "vgg_channels": "Read the list of blocks to its end.",
        "vgg_dense": "Three layers, one after the other; each unit has a bias.",
        "googlenet_5x5": "Both layers of the branch count: what does the second one read? And each filter has a bias.",
    },
)

QUESTIONS = (
    KERAS_OUTPUT_SIZE,
    SIZES,
    LEARNED,
    COSTS,
    COUNT_NETWORK,
    GROUPED_PARAMETERS,
    ALEXNET,
    CLASSICS,
)
