"""Public examples of the exercises: small cases with results that can be followed by hand.

These are examples, not tests: the hidden cases are others, so an answer that knows these results only earns nothing.
"""

from __future__ import annotations

from student_kit.example import REFUSED, Example, FunctionExamples, Refused
from student_kit.form import DictOfNumbers, DictOfSets, Form, OneNumber

__all__ = ["FUNCTIONS", "REFUSED", "Example", "FunctionExamples", "Refused"]

TINY_SPREAD = 1e-5
"""Accepted error of scaled tables.

Dividing by (spread + 1e-8) is a habit of many libraries; it is taken for the same. A table may also be computed in
float32 in between, which costs digits where its numbers are far from 0.
"""

FUNCTIONS: dict[str, FunctionExamples] = {
    "ex39-same-padding": FunctionExamples(
        "same_padding",
        "whole",
        (
            Example.of("same_padding(7, 5, 1)", 2, "On 11 padded cells a window of 5 has 7 places."),
            Example.of("same_padding(6, 3, 2)", 4, "With 4 zeros at each end windows start at 0, 2, …, 10: 6 places."),
            Example.of("same_padding(28, 4, 1)", REFUSED, "It would take half a zero more at each end."),
        ),
    ),
    "ex39-same-padding-sides": FunctionExamples(
        "same_padding_sides",
        "wholes",
        (
            Example.of("same_padding_sides(6, 3, 2)", (0, 1), "3 outputs need 2 · 2 + 3 − 6 = 1 zero in total."),
            Example.of("same_padding_sides(5, 3, 1)", (1, 1), "5 outputs need 4 · 1 + 3 − 5 = 2 zeros in total."),
        ),
    ),
    "ex40-filter-shape": FunctionExamples(
        "filter_shape",
        "wholes",
        (
            Example.of("filter_shape((2, 5), 3)", (2, 5, 3), "A filter of 2 × 5 on an RGB image."),
            Example.of("filter_shape(4, 7)", (4, 4, 7)),
        ),
    ),
    "ex40-connections-per-unit": FunctionExamples(
        "connections_per_unit",
        "whole",
        (
            Example.of("connections_per_unit((2, 5), 3)", 30, "10 cells in each of 3 channels."),
            Example.of("connections_per_unit(2, 3)", 12),
        ),
    ),
    "ex40-shared-parameters": FunctionExamples(
        "shared_parameters",
        "whole",
        (
            Example.of("shared_parameters((2, 5), 3, 4)", 124, "4 filters of 30 weights and a bias each."),
            Example.of("shared_parameters((2, 5), 3, 4, bias=False)", 120),
            Example.of("shared_parameters(2, 3, 5)", 65, "5 filters of 12 weights and a bias each."),
        ),
    ),
    "ex40-unshared-parameters": FunctionExamples(
        "unshared_parameters",
        "whole",
        (
            Example.of(
                "unshared_parameters((2, 5), 3, 4, 6, 7)",
                5208,
                "4 slices of 6 · 7 units, each with 30 weights and a bias.",
            ),
            Example.of(
                "unshared_parameters(2, 3, 5, 4, 2, bias=False)", 480, "5 slices of 4 · 2 units with 12 weights."
            ),
        ),
    ),
    "ex40-local-connection": FunctionExamples(
        "links",
        "array",
        (
            Example.of('links(5, 3, "conv")', [[1, 2, 3, 0, 0], [0, 1, 2, 3, 0], [0, 0, 1, 2, 3]]),
            Example.of('links(3, 2, "dense")', [[1, 2, 3], [4, 5, 6]]),
        ),
    ),
    "ex40-sharing": FunctionExamples(
        "filter_gradient",
        "array",
        (
            Example.of(
                "filter_gradient(np.array([2, 3, 5]), np.array([1, 10]), shared=False)",
                [[2, 3], [30, 50]],
                "Unit 0 read 2 and 3, unit 1 read 3 and 5.",
            ),
            Example.of("filter_gradient(np.array([1, 2, 4, 8]), np.array([1, 10, 100]), shared=True)", [421, 842]),
        ),
    ),
    "ex41-conv-output-size": FunctionExamples(
        "conv_output_size",
        "whole",
        (
            Example.of(
                "conv_output_size(5, 3, stride=2, padding=1)",
                3,
                "On 7 padded cells the window can start at 0, 2 and 4.",
            ),
            Example.of("conv_output_size(6, 3, stride=2)", 2, "It can start at 0 and 2; at 4 it would stick out."),
            Example.of("conv_output_size(5, 3)", 3),
            Example.of("conv_output_size(3, 4)", REFUSED),
        ),
    ),
    "ex41-conv-output-shape": FunctionExamples(
        "conv_output_shape",
        "wholes",
        (
            Example.of("conv_output_shape((8, 5, 3), 4, 3, stride=2)", (3, 2, 4)),
            Example.of(
                "conv_output_shape((9, 5, 2), 6, (3, 1))",
                (9, 3, 6),
                "Along the width the filter has 1 cell, along the height 3.",
            ),
        ),
    ),
    "ex41-conv-parameters": FunctionExamples(
        "conv_parameters",
        "wholes",
        (
            Example.of("conv_parameters(2, 3, 5)", (13, 65), "2 · 2 · 3 weights and 1 bias; five such filters."),
            Example.of("conv_parameters((2, 5), 3, 4)", (31, 124)),
        ),
    ),
    "ex41-pad-zeros": FunctionExamples(
        "pad_zeros",
        "array",
        (
            Example.of("pad_zeros(np.array([[5, 7]]), 1)", [[0, 0, 0, 0], [0, 5, 7, 0], [0, 0, 0, 0]]),
            Example.of("pad_zeros(np.array([[5, 7]]), 0)", [[5, 7]]),
            Example.of("pad_zeros(np.array([[3]]), 2)", [[0] * 5, [0] * 5, [0, 0, 3, 0, 0], [0] * 5, [0] * 5]),
        ),
        step=True,
    ),
    "ex41-window-sum": FunctionExamples(
        "window_sum",
        "number",
        (
            Example.of(
                "window_sum(np.array([[1, 2], [0, 3]]), np.array([[4, 1], [7, -1]]))",
                3,
                "1 · 4 + 2 · 1 + 0 · 7 + 3 · (−1).",
            ),
            Example.of("window_sum(np.array([[[1, 2, 3]], [[1, 1, 1]]]), np.array([[[1, 0, 2]], [[5, 5, 5]]]))", 22),
        ),
        step=True,
    ),
    "ex41-conv-plane": FunctionExamples(
        "conv_plane",
        "array",
        (
            Example.of(
                "conv_plane(plane, np.array([[1, 2]]))",
                [[7, 2], [8, 11]],
                "The first cell: 1 · 1 + 3 · 2.",
                given="plane = np.array([[1, 3, -0.5], [2, 3, 4]])",
            ),
            Example.of("conv_plane(np.array([[1, 3, -0.5], [2, 3, 4]]), np.array([[1], [10]]))", [[21, 33, 39.5]]),
            Example.of("conv_plane(np.ones((4, 5)), np.ones((3, 2)))", [[6] * 4, [6] * 4]),
        ),
        step=True,
    ),
    "ex41-conv-channels": FunctionExamples(
        "conv_channels",
        "array",
        (
            Example.of(
                "conv_channels(two, np.array([[[1, 0]], [[0, 1]]]))",
                [[21, 32]],
                "1 from the first channel, 20 from the second one; then 2 and 30.",
                given="two = np.array([[[1, 2, 3]], [[10, 20, 30]]])",
            ),
            Example.of("conv_channels(np.ones((3, 4, 2)), np.ones((3, 2, 2)))", [[12], [12], [12]]),
        ),
        step=True,
    ),
    "ex41-conv-strided": FunctionExamples(
        "conv_strided",
        "array",
        (
            Example.of(
                "conv_strided(line, np.array([[[1, 1]]]), stride=2)",
                [[3, 7]],
                "1 + 2, then 3 + 4; the 5 is left over.",
                given="line = np.array([[[1, 2, 3, 4, 5]]])",
            ),
            Example.of(
                "conv_strided(np.array([[[1, 2, 3, 4, 5]]]), np.ones((1, 3, 2)), stride=3, padding=1)", [[1, 7]]
            ),
            Example.of(
                "conv_strided(np.ones((2, 2, 3)), np.ones((2, 2, 2)), padding=1)",
                [
                    [2, 4, 4, 2],
                    [4, 8, 8, 4],
                    [2, 4, 4, 2],
                ],
            ),
        ),
        step=True,
    ),
    "ex41-conv2d": FunctionExamples(
        "conv2d",
        "array",
        (
            Example.of(
                "conv2d(step, edge)",
                [[[[0, 3, 1, 1], [2, 2, 1, 1], [2, 1, 1, 3]]]],
                given="step = np.array([[[[0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0, 1, 1, 1, 1], [1, 1, 1, 1, 2]]]])\n"
                "edge = np.array([[[[-1, 1], [-1, 2]]]])",
            ),
            Example.of(
                "conv2d(np.array([[[[1, 2, 3]]]]), np.array([[[[1, 0, -1]]]]))",
                [[[[-2]]]],
                "1 · 1 + 2 · 0 + 3 · (−1). If you get 2, the filter was turned around.",
            ),
            Example.of(
                "conv2d(np.array([[[[1, 2, 3, 4]]]]), np.array([[[[1]]]]), bias=np.array([10]), stride=2)",
                [[[[11, 13]]]],
            ),
            Example.of("conv2d(np.array([[[[1, 2, 3]]]]), np.ones((1, 1, 3, 3)), padding=1)", [[[[3, 6, 5]]]]),
        ),
    ),
    "ex41-depth-slice": FunctionExamples(
        "depth_slice",
        "array",
        (
            Example.of(
                "depth_slice(deep, np.ones((1, 2, 2, 2)), np.zeros(1), 0)",
                [[[120]]],
                "1 + 2 + 3 + 4 + 10 + 20 + 30 + 50: it takes *all* channels to make one slice.",
                given="deep = np.array([[[[1, 2], [3, 4]], [[10, 20], [30, 50]]]])",
            ),
            Example.of(
                "depth_slice(wide, np.array([diagonal, diagonal]), np.array([0, 50]), 1, stride=2)",
                [[[44, 44]]],
                given="wide = np.arange(15).reshape(1, 1, 3, 5)\ndiagonal = [[[1, 0], [0, -1]]]",
            ),
        ),
    ),
    "ex42-conv1x1": FunctionExamples(
        "conv1x1",
        "array",
        (
            Example.of(
                "conv1x1(pair, np.array([[1, 0.5], [2, -0.1]]))",
                [[[[6, 12, 18], [24, 30, 36]], [[1, 2, 3], [4, 5, 6]]]],
                given="pair = np.array([[[[1, 2, 3], [4, 5, 6]], [[10, 20, 30], [40, 50, 60]]]])",
            ),
            Example.of(
                "conv1x1(np.array([[[[1]], [[2]], [[3]]]]), np.array([[10, 1, 0]]))",
                [[[[12]]]],
                "10 · 1 + 1 · 2 + 0 · 3.",
            ),
        ),
    ),
    "ex42-conv-multiplications": FunctionExamples(
        "conv_multiplications",
        "whole",
        (
            Example.of("conv_multiplications(2, 3, 4, 3, 5)", 1080, "2 · 3 · 4 cells, each with 3 · 3 · 5 products."),
            Example.of("conv_multiplications(5, 1, 2, 2, 3)", 120),
        ),
    ),
    "ex42-bottleneck-multiplications": FunctionExamples(
        "bottleneck_multiplications",
        "whole",
        (
            Example.of(
                "bottleneck_multiplications(2, 3, 4, 3, 5, 2)",
                492,
                "First layer 2 · 3 · 2 · 5 = 60, second one 2 · 3 · 4 · 3 · 3 · 2 = 432; directly it is 1,080.",
            ),
            Example.of("bottleneck_multiplications(5, 1, 2, 2, 3, 1)", 55),
        ),
    ),
    "ex43-max-pool2d": FunctionExamples(
        "max_pool2d",
        "array",
        (
            Example.of(
                "max_pool2d(unsorted, 2, stride=1)",
                [[[[5, 7, 8, 9], [5, 6, 8, 8]]]],
                given="unsorted = np.array([[[[4, 1, 7, 2, 9], [3, 5, 6, 8, 0], [-3, -1, -7, -6, -9]]]])",
            ),
            Example.of(
                "max_pool2d(np.array([[[[4, 1, 7, 2, 9]]]]), (1, 2))", [[[[4, 7]]]], "The 9 does not fill a window."
            ),
            Example.of("max_pool2d(np.array([[[[4, 1, 7, 2, 9]]]]), (1, 2), stride=1)", [[[[4, 7, 7, 9]]]]),
        ),
    ),
    "ex44-standardize": FunctionExamples(
        "standardize",
        "array",
        (
            Example.of(
                "standardize(np.array([[1, 5], [3, 5], [1, 5], [3, 5]]))",
                [[-1, 0], [1, 0], [-1, 0], [1, 0]],
                "The first column has mean 2 and standard deviation 1; the second one has no spread to divide by.",
            ),
        ),
        TINY_SPREAD,
    ),
    "ex44-min-max-scale": FunctionExamples(
        "min_max_scale",
        "array",
        (Example.of("min_max_scale(np.array([[2, 5], [4, 5], [6, 5]]))", [[0, 0], [0.5, 0], [1, 0]]),),
        TINY_SPREAD,
    ),
    "ex44-condition-number": FunctionExamples(
        "condition_number",
        "number",
        (
            Example.of("condition_number(np.array([[3, 0], [0, 1]]))", 9.0, "$X^T X$ has the rows 9, 0 and 0, 1."),
            Example.of(
                "condition_number(np.array([[1, 1], [1, -1], [1, 1]]))", 2.0, "$X^T X$ has the rows 3, 1 and 1, 3."
            ),
        ),
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
    "ex39-words": "padding in your own words",
    "ex40-words": "what is saved, in your own words",
}
"""Id of a written answer -> what it is about; these are read by a person."""
