"""What students may try beforehand: small cases with results that can be followed by hand.

These are examples, not tests: the hidden cases are others, so an answer that knows these results only earns nothing.
"""

from __future__ import annotations

import numpy as np

from student_kit.example import REFUSED, Example, FunctionExamples, Refused
from student_kit.form import DictOfNumbers, DictOfSets, Form, OneNumber

__all__ = ["FUNCTIONS", "REFUSED", "Example", "FunctionExamples", "Refused"]

TINY_SPREAD = 1e-5
"""Accepted error of scaled tables.

Dividing by (spread + 1e-8) is a habit of many libraries; it is taken for the same. A table may also be computed in
float32 in between, which costs digits where its numbers are far from 0.
"""

ROW = np.array([[[[1.0, 2.0, 3.0]]]])
NUMBERED = np.arange(1.0, 17.0).reshape(1, 1, 4, 4)
DIAGONAL = np.array([[[[1.0, 0.0], [0.0, -1.0]]]])
TWO_CHANNELS = np.array([[[[1.0, 2.0], [3.0, 4.0]], [[10.0, 20.0], [30.0, 40.0]]]])
STEP = np.array(
    [[[[0.0, 0.0, 1.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0, 1.0], [0.0, 1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0, 2.0]]]]
)
EDGE = np.array([[[[-1.0, 1.0], [-1.0, 2.0]]]])
UNSORTED = np.array([[[[4.0, 1.0, 7.0, 2.0, 9.0], [3.0, 5.0, 6.0, 8.0, 0.0], [-3.0, -1.0, -7.0, -6.0, -9.0]]]])

CONVOLUTION = FunctionExamples(
    "conv2d",
    "array",
    (
        Example(
            "conv2d(step, edge)",
            (STEP, EDGE),
            np.array([[[[0.0, 3.0, 1.0, 1.0], [2.0, 2.0, 1.0, 1.0], [2.0, 1.0, 1.0, 3.0]]]]),
        ),
        Example("conv2d([[[[1, 2, 3]]]], [[[[1, 0, -1]]]])", (ROW, np.array([[[[1.0, 0.0, -1.0]]]])), [[[[-2.0]]]]),
        Example(
            "conv2d([[[[1, 2, 3]]]], [[[[1]]]], bias=[10], stride=2)",
            (ROW, np.ones((1, 1, 1, 1)), np.array([10.0])),
            [[[[11.0, 13.0]]]],
            {"stride": 2},
        ),
        Example(
            "conv2d([[[[1, 2, 3]]]], 3x3 ones, padding=1)",
            (ROW, np.ones((1, 1, 3, 3))),
            [[[[3.0, 6.0, 5.0]]]],
            {"padding": 1},
        ),
    ),
)

FUNCTIONS: dict[str, FunctionExamples] = {
    "ex39-same-padding": FunctionExamples(
        "same_padding",
        "whole",
        (
            Example("same_padding(5, 3, 1)", (5, 3, 1), 1),
            Example("same_padding(8, 3, 2)", (8, 3, 2), 5),
            Example("same_padding(28, 4, 1)", (28, 4, 1), REFUSED),
        ),
    ),
    "ex39-same-padding-sides": FunctionExamples(
        "same_padding_sides",
        "wholes",
        (
            Example("same_padding_sides(5, 3, 1)", (5, 3, 1), (1, 1)),
            Example("same_padding_sides(6, 3, 2)", (6, 3, 2), (0, 1)),
        ),
    ),
    "ex40-filter-shape": FunctionExamples(
        "filter_shape", "wholes", (Example("filter_shape(4, 7)", (4, 7), (4, 4, 7)),)
    ),
    "ex40-connections-per-unit": FunctionExamples(
        "connections_per_unit", "whole", (Example("connections_per_unit(2, 3)", (2, 3), 12),)
    ),
    "ex40-shared-parameters": FunctionExamples(
        "shared_parameters",
        "whole",
        (
            Example("shared_parameters(2, 3, 5)", (2, 3, 5), 65),
            Example("shared_parameters(2, 3, 5, bias=False)", (2, 3, 5), 60, {"bias": False}),
        ),
    ),
    "ex40-unshared-parameters": FunctionExamples(
        "unshared_parameters",
        "whole",
        (
            Example("unshared_parameters(2, 3, 5, 4, 2)", (2, 3, 5, 4, 2), 520),
            Example("unshared_parameters(2, 3, 5, 4, 2, bias=False)", (2, 3, 5, 4, 2), 480, {"bias": False}),
        ),
    ),
    "ex41-conv-output-size": FunctionExamples(
        "conv_output_size",
        "whole",
        (
            Example("conv_output_size(5, 3)", (5, 3), 3),
            Example("conv_output_size(5, 3, stride=2, padding=1)", (5, 3), 3, {"stride": 2, "padding": 1}),
            Example("conv_output_size(3, 4)", (3, 4), REFUSED),
        ),
    ),
    "ex41-conv-output-shape": FunctionExamples(
        "conv_output_shape",
        "wholes",
        (Example("conv_output_shape((7, 5, 3), 4, 3, stride=2)", ((7, 5, 3), 4, 3), (3, 2, 4), {"stride": 2}),),
    ),
    "ex41-conv-parameters": FunctionExamples(
        "conv_parameters", "wholes", (Example("conv_parameters(2, 3, 5)", (2, 3, 5), (13, 65)),)
    ),
    "ex41-conv2d": CONVOLUTION,
    "ex41-depth-slice": FunctionExamples(
        "depth_slice",
        "array",
        (
            Example(
                "depth_slice(two_channels, 2x2 ones, [0], 0)",
                (TWO_CHANNELS, np.ones((1, 2, 2, 2)), np.zeros(1), 0),
                [[[110.0]]],
            ),
            Example(
                "depth_slice(numbered, [diagonal, diagonal], [0, 50], 1, stride=2)",
                (NUMBERED, np.concatenate([DIAGONAL, DIAGONAL]), np.array([0.0, 50.0]), 1),
                [[[45.0, 45.0], [45.0, 45.0]]],
                {"stride": 2},
            ),
        ),
    ),
    "ex42-conv1x1": FunctionExamples(
        "conv1x1",
        "array",
        (
            Example(
                "conv1x1(two_channels, [[1, 0.5], [2, -0.1]])",
                (TWO_CHANNELS, np.array([[1.0, 0.5], [2.0, -0.1]])),
                [[[[6.0, 12.0], [18.0, 24.0]], [[1.0, 2.0], [3.0, 4.0]]]],
            ),
            Example(
                "conv1x1([[[[1]], [[2]], [[3]]]], [[10, 1, 0]])",
                (np.array([[[[1.0]], [[2.0]], [[3.0]]]]), np.array([[10.0, 1.0, 0.0]])),
                [[[[12.0]]]],
            ),
        ),
    ),
    "ex42-conv-multiplications": FunctionExamples(
        "conv_multiplications", "whole", (Example("conv_multiplications(2, 3, 4, 3, 5)", (2, 3, 4, 3, 5), 1080),)
    ),
    "ex42-bottleneck-multiplications": FunctionExamples(
        "bottleneck_multiplications",
        "whole",
        (Example("bottleneck_multiplications(2, 3, 4, 3, 5, 2)", (2, 3, 4, 3, 5, 2), 492),),
    ),
    "ex43-max-pool2d": FunctionExamples(
        "max_pool2d",
        "array",
        (
            Example(
                "max_pool2d(unsorted, 2, stride=1)", (UNSORTED, 2), [[[[5, 7, 8, 9], [5, 6, 8, 8]]]], {"stride": 1}
            ),
            Example("max_pool2d([[[[4, 1, 7, 2, 9]]]], (1, 2))", (UNSORTED[:, :, :1], (1, 2)), [[[[4.0, 7.0]]]]),
        ),
    ),
    "ex44-standardize": FunctionExamples(
        "standardize",
        "array",
        (Example("standardize([[1, 5], [3, 5]])", (np.array([[1.0, 5.0], [3.0, 5.0]]),), [[-1.0, 0.0], [1.0, 0.0]]),),
        TINY_SPREAD,
    ),
    "ex44-min-max-scale": FunctionExamples(
        "min_max_scale",
        "array",
        (
            Example(
                "min_max_scale([[2, 5], [4, 5], [6, 5]])",
                (np.array([[2.0, 5.0], [4.0, 5.0], [6.0, 5.0]]),),
                [[0.0, 0.0], [0.5, 0.0], [1.0, 0.0]],
            ),
        ),
        TINY_SPREAD,
    ),
    "ex44-condition-number": FunctionExamples(
        "condition_number",
        "number",
        (Example("condition_number([[3, 0], [0, 1]])", (np.array([[3.0, 0.0], [0.0, 1.0]]),), 9.0),),
    ),
}
"""Question id -> its public examples."""

LAYERS = ("Conv", "MaxPooling", "Dense", "Dropout")
WORDS = frozenset(
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

COUNTS = (
    "conv",
    "pooling",
    "dropout",
    "batch_norm",
    "dense",
    "kept",
    "dropout_mean",
    "same_stride_2",
    "only_zeros",
    "total_padding",
)

FORMS: dict[str, Form] = {
    "ex39-parameters": DictOfSets(LAYERS, WORDS),
    "ex39-hyperparameters": DictOfSets(LAYERS, WORDS),
    "ex39-counts": DictOfNumbers(COUNTS),
    "ex40-connections": OneNumber(),
    "ex40-shared-total": OneNumber(),
    "ex40-unshared-total": OneNumber(),
}
"""Question id -> the form of its answer."""

WRITTEN: dict[str, str] = {
    "ex39-stride-padding": "stride and padding",
    "ex40-local-connection": "local connection",
    "ex40-sharing": "parameter sharing",
    "ex42-role": "the role of the 1x1 convolution",
    "ex43-example": "a practical example",
    "ex44-why": "why features are scaled",
}
"""Id of a written answer -> what it is about; these are read by a person."""
