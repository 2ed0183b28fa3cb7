"""Public examples and the form of answers of the notebooks on architectures."""

from __future__ import annotations

import numpy as np

from student_kit.example import REFUSED, Example, FunctionExamples
from student_kit.form import DictOfNumbers, Form, OneNumber

FUNCTIONS: dict[str, FunctionExamples] = {
    "arch1-keras-output-size": FunctionExamples(
        "keras_output_size",
        "whole",
        (
            Example.of("keras_output_size(9, 4, strides=2)", 3, "Windows start at 0, 2 and 4."),
            Example.of(
                'keras_output_size(9, 4, strides=2, padding="same")',
                5,
                "With one zero in front and two at the end, windows start at −1, 1, 3, 5 and 7.",
            ),
            Example.of("keras_output_size(9, 4)", 6),
            Example.of('keras_output_size(9, 4, padding="same")', 9),
            Example.of("keras_output_size(3, 4)", REFUSED),
        ),
    ),
    "arch1-count-network": FunctionExamples(
        "count_network",
        "wholes",
        (
            Example.of(
                'count_network([("conv", 4, 3, "same"), ("pool", 2), ("flatten",), ("dense", 5)], (6, 4, 2))',
                (201, 1848),
                "The convolution learns 4 · (3·3·2 + 1) = 76 and computes 6·4 · 4 · 18 = 1,728; pooling leaves "
                "3 × 2 × 4 = 24 values; the dense layer learns 5 · 25 = 125 and computes 5 · 24 = 120.",
            ),
            Example.of('count_network([("conv", 1, 2, "valid"), ("pool", 2)], (3, 4, 1))', (5, 24)),
        ),
    ),
    "arch1-grouped-parameters": FunctionExamples(
        "grouped_parameters",
        "whole",
        (
            Example.of("grouped_parameters(3, 4, 6, groups=2)", 114, "Each filter reads 2 channels: 6 · (3·3·2 + 1)."),
            Example.of("grouped_parameters(3, 4, 6)", 222, "In one group each filter reads all 4 channels."),
            Example.of("grouped_parameters(3, 4, 6, bias=False)", 216),
            Example.of("grouped_parameters(3, 5, 6, groups=2)", REFUSED),
        ),
    ),
    "arch2-receptive-field": FunctionExamples(
        "receptive_field",
        "whole",
        (
            Example.of(
                "receptive_field([(3, 1), (2, 1)])",
                4,
                "A cell of the second layer reads 2 neighbors of the first; their windows of 3 overlap.",
            ),
            Example.of(
                "receptive_field([(2, 2), (4, 1)])",
                8,
                "The second layer reads 4 neighbors, whose windows of 2 lie side by side.",
            ),
        ),
    ),
    "arch2-separable": FunctionExamples(
        "depthwise_separable_parameters",
        "whole",
        (
            Example.of(
                "depthwise_separable_parameters(5, 2, 3)",
                56,
                "2 filters of 25, and 3 filters of 1 × 1 on 2 channels. An ordinary convolution has 5·5·2·3 = 150.",
            ),
        ),
    ),
    "arch2-dense-block": FunctionExamples(
        "dense_block",
        "wholes",
        (
            Example.of(
                "dense_block(10, 4, 2)",
                (14, 18, 3),
                "Layer 1 reads 10 channels and appends 4, layer 2 reads 14 and appends 4. Arrows: input to layer 1, "
                "input to layer 2, layer 1 to layer 2.",
            ),
        ),
    ),
    "arch2-transposed-size": FunctionExamples(
        "conv_transpose_output_size",
        "whole",
        (
            Example.of(
                "conv_transpose_output_size(4, 2, stride=3)",
                11,
                "Stamps begin at 0, 3, 6, 9; the last one ends on cell 10.",
            ),
            Example.of("conv_transpose_output_size(2, 3, stride=2, padding=1)", 3, "5 cells, less one at each end."),
            Example.of("conv_transpose_output_size(4, 2)", 5),
            Example.of("conv_transpose_output_size(1, 2, padding=1)", REFUSED),
        ),
    ),
    "arch2-overlap-counts": FunctionExamples(
        "overlap_counts",
        "array",
        (
            Example.of("overlap_counts(3, 2, 1)", [1, 2, 2, 1], "Stamps on cells 0-1, 1-2 and 2-3."),
            Example.of("overlap_counts(2, 1, 3)", [1, 0, 0, 1], "Two cells are never written."),
        ),
    ),
    "arch3-weight-gradient": FunctionExamples(
        "conv1d_weight_gradient",
        "array",
        (
            Example.of(
                "conv1d_weight_gradient(np.array([1, 10]), np.array([2, 3, 5]), 2)",
                [32, 53],
                "Weight 0 met the cells 2 and 3, weight 1 met 3 and 5: 1·2 + 10·3 and 1·3 + 10·5.",
            ),
            Example.of(
                "conv1d_weight_gradient(np.array([1, 10]), np.array([2, 3, 5]), 3, stride=2, padding=1)", [30, 52, 3]
            ),
        ),
    ),
    "arch3-input-gradient": FunctionExamples(
        "conv1d_input_gradient",
        "array",
        (
            Example.of(
                "conv1d_input_gradient(np.array([1, 1]), np.array([2, 5]), 3)",
                [2, 7, 5],
                "Cell 0 is read once, with weight 2; cell 1 twice, with 5 and with 2; cell 2 once, with 5.",
            ),
            Example.of(
                "conv1d_input_gradient(np.array([1, 10]), np.array([2, 3, 5]), 3, stride=2, padding=1)", [3, 25, 30]
            ),
        ),
    ),
    "arch3-max-pool-gradient": FunctionExamples(
        "max_pool1d_backward",
        "array",
        (
            Example.of(
                "max_pool1d_backward(np.array([5, 6]), np.array([4, 1, 2, 9]), 2)",
                [5, 0, 0, 6],
                "The winners are the first and the last cell.",
            ),
            Example.of(
                "max_pool1d_backward(np.array([5, 6]), np.array([4, 9, 2]), 2, stride=1)",
                [0, 11, 0],
                "The 9 wins in both windows.",
            ),
        ),
    ),
    "arch3-avg-pool": FunctionExamples(
        "avg_pool1d",
        "array",
        (
            Example.of("avg_pool1d(np.array([3, 5, 8, 2]), 2)", [4, 5]),
            Example.of("avg_pool1d(np.array([3, 5]), 2, padding=1)", [1.5, 2.5], "The windows are [0, 3] and [5, 0]."),
            Example.of(
                "avg_pool1d(np.array([3, 5]), 2, padding=1, count_include_pad=False)", [3, 5], "Zeros do not count."
            ),
            Example.of("avg_pool1d(np.array([3, 5, 8]), 2, ceil_mode=True)", [4, 8], "The second window has one cell."),
            Example.of(
                "avg_pool1d(np.array([4, 8, 6, 2, 10]), 4, stride=2, padding=1, ceil_mode=True)",
                [4.5, 6.5, 4],
                "The third window hangs over: it holds 2, 10 and one zero of the padding.",
            ),
        ),
    ),
    "arch3-batch-norm": FunctionExamples(
        "batch_norm",
        "array",
        (
            Example.of(
                "batch_norm(np.array([[[[1]]], [[[3]]]]), np.array([1]), np.array([0]), eps=0.44)",
                [[[[-1 / 1.2]]], [[[1 / 1.2]]]],
                "Mean 2, variance 1: −1/1.2 and 1/1.2.",
            ),
            Example.of(
                "batch_norm(two, np.array([1, 5]), np.array([0, 100]), eps=0.44)",
                [[[[-1 / 1.2]], [[100 - 50 / np.sqrt(100.44)]]], [[[1 / 1.2]], [[100 + 50 / np.sqrt(100.44)]]]],
                "Every channel has a mean, a variance, a scale and a shift of its own.",
                given="two = np.array([[[[1]], [[10]]], [[[3]], [[30]]]])",
            ),
        ),
    ),
}
"""Question id -> its public examples."""

_NUMBERS: dict[str, tuple[str, ...]] = {
    "arch1-sizes": ("conv1", "pool1", "conv2", "conv3", "conv4", "pool2", "flatten"),
    "arch1-learned": ("conv1", "conv2", "conv3", "conv4", "dense", "output", "total"),
    "arch1-costs": ("conv1", "conv2", "conv3", "conv4", "dense", "output", "total"),
    "arch1-alexnet": ("conv1_side", "conv1_shared", "conv1_unshared", "conv2", "padding_224"),
    "arch1-classics": ("lenet_c3", "zfnet_side", "vgg_channels", "vgg_dense", "googlenet_5x5"),
    "arch2-stacks": (
        "one_5x5",
        "two_3x3",
        "saved_percent",
        "three_3x3_see",
        "row_and_column",
        "row_column_saved_percent",
    ),
    "arch2-inception": ("channels", "direct", "bottleneck", "times_cheaper"),
    "arch2-residual": ("plain", "identity", "projection", "bottleneck"),
    "arch3-slide-example": ("middle_left", "middle_right", "bottom_middle", "wrong_cells"),
    "arch3-plus-one": ("alexnet_printed", "alexnet_right", "pool_printed", "pool_right"),
    "arch3-googlenet-table": ("conv1_cost", "module_5a_weights", "module_5a_cost"),
    "arch3-vgg-memory": ("values", "megabytes", "first_two_percent"),
}

FORMS: dict[str, Form] = {
    **{question: DictOfNumbers(keys) for question, keys in _NUMBERS.items()},
    "arch2-even-kernel": OneNumber(),
}
"""Question id -> the form of its answer."""
