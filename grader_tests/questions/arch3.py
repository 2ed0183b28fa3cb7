"""Checks of the third bonus notebook: printed mistakes; the second part is in `arch3_gradients`."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

import cnn_ref
from cnn_ref.networks import NETWORKS
from grader_tests.value_questions import NumbersQuestion

# As on the slide, but for two numbers of the filter: with the slide's own, the map equals its mirror image.
SLIDE_X = np.array(
    [
        [[1, 1, 0, 0, 2], [1, 1, 0, 1, 0], [1, 1, 1, 2, 1], [1, 0, 2, 0, 2], [0, 0, 2, 1, 0]],
        [[0, 0, 2, 0, 1], [1, 1, 0, 1, 1], [2, 0, 2, 2, 0], [1, 1, 1, 2, 0], [0, 1, 2, 2, 0]],
        [[0, 0, 2, 0, 1], [1, 1, 0, 1, 1], [2, 0, 2, 2, 0], [1, 1, 1, 2, 0], [0, 1, 2, 2, 0]],
    ]
)
SLIDE_F = np.array(
    [
        [[1, 1, 1], [1, 0, -1], [-1, 0, 1]],
        [[-1, 0, -1], [0, 1, 0], [0, 0, 0]],
        [[1, 1, 1], [-1, 1, 0], [-1, 0, 0]],
    ]
)
SLIDE_PRINTED = np.array([[0, 7, 3], [4, 4, 6], [8, 8, 5]])
_MAP = cnn_ref.conv2d(SLIDE_X[None], SLIDE_F[None], stride=2, padding=1)[0, 0]

SLIDE_EXAMPLE = NumbersQuestion(
    id="arch3-slide-example",
    name="slide_example",
    points=Fraction(1, 2),
    expected={
        "middle_left": int(_MAP[1, 0]),
        "middle_right": int(_MAP[1, 2]),
        "bottom_middle": int(_MAP[2, 1]),
        "wrong_cells": int((_MAP != SLIDE_PRINTED).sum()),
    },
    clues={
        "middle_left": "The window has moved down by two rows; a column of it lies in the border. Add all channels.",
        "middle_right": "The window has moved by two rows and four columns, into the border. Add all channels.",
        "bottom_middle": "The window has moved by four rows and two columns, into the border. Add all channels.",
        "wrong_cells": "Compare all nine cells of your own result with the printed ones.",
    },
)


def _printed_formula(size: int, kernel_size: int, stride: int, padding: int) -> float:
    """Return what the slip (W - F + 2P) / (S + 1) gives."""
    return (size - kernel_size + 2 * padding) / (stride + 1)


PLUS_ONE = NumbersQuestion(
    id="arch3-plus-one",
    name="plus_one",
    points=Fraction(1, 4),
    expected={
        "alexnet_printed": _printed_formula(227, 11, 4, 0),
        "alexnet_right": cnn_ref.conv_output_size(227, 11, 4),
        "pool_printed": _printed_formula(26, 2, 2, 0),
        "pool_right": cnn_ref.conv_output_size(26, 2, 2),
    },
    tolerance=1e-9,
    clues={
        "alexnet_printed": "Take the formula literally: first add 1 to the stride, then divide; do not round.",
        "alexnet_right": "How many places does a window of 11 have in steps of 4?",
        "pool_printed": "Take the formula literally: first add 1 to the stride, then divide; do not round.",
        "pool_right": "How many windows of 2 lie side by side?",
    },
)

_GOOGLENET = NETWORKS["googlenet"]()
_5A = [layer for layer in _GOOGLENET.layers if layer.name.startswith("inception_5a/")]

GOOGLENET_TABLE = NumbersQuestion(
    id="arch3-googlenet-table",
    name="googlenet_table",
    points=Fraction(1, 4),
    expected={
        "conv1_cost": _GOOGLENET["conv1"].multiply_accumulates,
        # one bias for each of the module's filters: its own channels and those in front of the 3x3 and the 5x5
        "module_5a_weights": sum(layer.parameters for layer in _5A) - (256 + 160 + 320 + 32 + 128 + 128),
        "module_5a_cost": sum(layer.multiply_accumulates for layer in _5A),
    },
    clues={
        "conv1_cost": "Cells of one output map, times filters, times weights of one filter.",
        "module_5a_weights": "Six layers have weights. Which depth does each of them read?",
        "module_5a_cost": "Every layer works on all positions of the map.",
    },
    derived={"module_5a_cost": lambda own: 7 * 7 * own["module_5a_weights"]},
)

_VGG16 = NETWORKS["vgg_d"]()
_VALUES = _VGG16.activations
_FIRST_TWO = sum(_VGG16[name].activations for name in ("block1/conv1", "block1/conv2"))

VGG_MEMORY = NumbersQuestion(
    id="arch3-vgg-memory",
    name="vgg_memory",
    points=Fraction(1, 4),
    expected={
        "values": _VALUES,
        "megabytes": 4 * _VALUES / 1e6,
        "first_two_percent": 100 * _FIRST_TWO / _VALUES,
    },
    tolerance=0.06,
    clues={
        "values": "Multiply out each shape, count every convolution, and do not forget the image and the dense layers.",
        "megabytes": "4 bytes for each value; a megabyte is a million bytes here.",
        "first_two_percent": "Two volumes of the largest shape, as a share of all values, times 100.",
    },
    derived={
        "megabytes": lambda own: 4 * own["values"] / 1e6,
        "first_two_percent": lambda own: 100 * _FIRST_TWO / own["values"],
    },
)

QUESTIONS = (SLIDE_EXAMPLE, PLUS_ONE, GOOGLENET_TABLE, VGG_MEMORY)
