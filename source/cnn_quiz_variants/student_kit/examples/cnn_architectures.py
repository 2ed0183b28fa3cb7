"""What students may try beforehand in the notebooks on architectures, and the form of their answers."""

from __future__ import annotations

import numpy as np

from student_kit.example import REFUSED, Example, FunctionExamples
from student_kit.form import DictOfNumbers, Form, OneNumber

SMALL_NETWORK = [("conv", 4, 3, "same"), ("pool", 2), ("flatten",), ("dense", 5)]
PAIR = np.array([[[[1.0]], [[10.0]]], [[[3.0]], [[30.0]]]])

FUNCTIONS: dict[str, FunctionExamples] = {
    "arch1-keras-output-size": FunctionExamples(
        "keras_output_size",
        "whole",
        (
            Example("keras_output_size(9, 4)", (9, 4), 6),
            Example('keras_output_size(9, 4, padding="same")', (9, 4), 9, {"padding": "same"}),
            Example("keras_output_size(9, 4, strides=2)", (9, 4), 3, {"strides": 2}),
            Example("keras_output_size(3, 4)", (3, 4), REFUSED),
        ),
    ),
    "arch1-count-network": FunctionExamples(
        "count_network",
        "wholes",
        (
            Example(
                'count_network([("conv", 4, 3, "same"), ("pool", 2), ("flatten",), ("dense", 5)], (6, 4, 2))',
                (SMALL_NETWORK, (6, 4, 2)),
                (201, 1848),
            ),
            Example(
                'count_network([("conv", 1, 2, "valid")], (3, 3, 1))', ([("conv", 1, 2, "valid")], (3, 3, 1)), (5, 16)
            ),
        ),
    ),
    "arch1-grouped-parameters": FunctionExamples(
        "grouped_parameters",
        "whole",
        (
            Example("grouped_parameters(3, 4, 6, groups=2)", (3, 4, 6), 114, {"groups": 2}),
            Example("grouped_parameters(3, 4, 6, bias=False)", (3, 4, 6), 216, {"bias": False}),
            Example("grouped_parameters(3, 5, 6, groups=2)", (3, 5, 6), REFUSED, {"groups": 2}),
        ),
    ),
    "arch2-receptive-field": FunctionExamples(
        "receptive_field",
        "whole",
        (
            Example("receptive_field([(3, 1), (2, 1)])", ([(3, 1), (2, 1)],), 4),
            Example("receptive_field([(2, 2), (4, 1)])", ([(2, 2), (4, 1)],), 8),
        ),
    ),
    "arch2-separable": FunctionExamples(
        "depthwise_separable_parameters", "whole", (Example("depthwise_separable_parameters(5, 2, 3)", (5, 2, 3), 56),)
    ),
    "arch2-dense-block": FunctionExamples(
        "dense_block", "wholes", (Example("dense_block(10, 4, 2)", (10, 4, 2), (14, 18, 3)),)
    ),
    "arch2-transposed-size": FunctionExamples(
        "conv_transpose_output_size",
        "whole",
        (
            Example("conv_transpose_output_size(4, 2)", (4, 2), 5),
            Example("conv_transpose_output_size(4, 2, stride=3)", (4, 2), 11, {"stride": 3}),
            Example("conv_transpose_output_size(2, 3, stride=2, padding=1)", (2, 3), 3, {"stride": 2, "padding": 1}),
            Example("conv_transpose_output_size(1, 2, padding=1)", (1, 2), REFUSED, {"padding": 1}),
        ),
    ),
    "arch2-overlap-counts": FunctionExamples(
        "overlap_counts",
        "array",
        (
            Example("overlap_counts(3, 2, 1)", (3, 2, 1), [1, 2, 2, 1]),
            Example("overlap_counts(2, 1, 3)", (2, 1, 3), [1, 0, 0, 1]),
        ),
    ),
    "arch3-weight-gradient": FunctionExamples(
        "conv1d_weight_gradient",
        "array",
        (
            Example(
                "conv1d_weight_gradient([1, 10], x=[2, 3, 5], kernel_size=2)",
                (np.array([1.0, 10.0]), np.array([2.0, 3.0, 5.0]), 2),
                [32.0, 53.0],
            ),
            Example(
                "conv1d_weight_gradient([1, 10], x=[2, 3, 5], kernel_size=3, stride=2, padding=1)",
                (np.array([1.0, 10.0]), np.array([2.0, 3.0, 5.0]), 3),
                [30.0, 52.0, 3.0],
                {"stride": 2, "padding": 1},
            ),
        ),
    ),
    "arch3-input-gradient": FunctionExamples(
        "conv1d_input_gradient",
        "array",
        (
            Example(
                "conv1d_input_gradient([1, 1], weight=[2, 5], size=3)",
                (np.array([1.0, 1.0]), np.array([2.0, 5.0]), 3),
                [2.0, 7.0, 5.0],
            ),
            Example(
                "conv1d_input_gradient([1, 10], weight=[2, 3, 5], size=3, stride=2, padding=1)",
                (np.array([1.0, 10.0]), np.array([2.0, 3.0, 5.0]), 3),
                [3.0, 25.0, 30.0],
                {"stride": 2, "padding": 1},
            ),
        ),
    ),
    "arch3-max-pool-gradient": FunctionExamples(
        "max_pool1d_backward",
        "array",
        (
            Example(
                "max_pool1d_backward([5, 6], x=[4, 1, 2, 9], kernel_size=2)",
                (np.array([5.0, 6.0]), np.array([4.0, 1.0, 2.0, 9.0]), 2),
                [5.0, 0.0, 0.0, 6.0],
            ),
            Example(
                "max_pool1d_backward([5, 6], x=[4, 9, 2], kernel_size=2, stride=1)",
                (np.array([5.0, 6.0]), np.array([4.0, 9.0, 2.0]), 2),
                [0.0, 11.0, 0.0],
                {"stride": 1},
            ),
        ),
    ),
    "arch3-avg-pool": FunctionExamples(
        "avg_pool1d",
        "array",
        (
            Example("avg_pool1d([3, 5, 8, 2], 2)", (np.array([3.0, 5.0, 8.0, 2.0]), 2), [4.0, 5.0]),
            Example(
                "avg_pool1d([3, 5], 2, padding=1, count_include_pad=False)",
                (np.array([3.0, 5.0]), 2),
                [3.0, 5.0],
                {"padding": 1, "count_include_pad": False},
            ),
            Example(
                "avg_pool1d([3, 5, 8], 2, ceil_mode=True)",
                (np.array([3.0, 5.0, 8.0]), 2),
                [4.0, 8.0],
                {"ceil_mode": True},
            ),
        ),
    ),
    "arch3-batch-norm": FunctionExamples(
        "batch_norm",
        "array",
        (
            Example(
                "batch_norm(two images of one pixel and two channels, gamma=[1, 5], beta=[0, 100], eps=0.44)",
                (PAIR, np.array([1.0, 5.0]), np.array([0.0, 100.0])),
                [[[[-1 / 1.2]], [[100 - 50 / np.sqrt(100.44)]]], [[[1 / 1.2]], [[100 + 50 / np.sqrt(100.44)]]]],
                {"eps": 0.44},
            ),
        ),
    ),
}
"""Question id -> its public examples."""
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
    "arch3-slide-example": ("top_middle", "center", "bottom_right", "wrong_cells"),
    "arch3-plus-one": ("alexnet_printed", "alexnet_right", "pool_printed", "pool_right"),
    "arch3-googlenet-table": ("conv1_cost", "module_5a_weights", "module_5a_cost"),
    "arch3-vgg-memory": ("values", "megabytes", "first_two_percent"),
}

FORMS: dict[str, Form] = {
    **{question: DictOfNumbers(keys) for question, keys in _NUMBERS.items()},
    "arch2-even-kernel": OneNumber(),
}
"""Question id -> the form of its answer."""
