"""Public examples and the form of answers of the chapters."""

from __future__ import annotations

from student_kit.constructed import Claims
from student_kit.example import REFUSED, Example, FunctionExamples
from student_kit.form import DictOfNumbers, Form, Letters, OneNumber

FUNCTIONS: dict[str, FunctionExamples] = {
    "chap1-dilated": FunctionExamples(
        "dilated_conv1d",
        "array",
        (
            Example.of(
                "dilated_conv1d(np.array([1, 2, 3, 4, 5, 6]), np.array([10, 0, 1]), dilation=2)",
                [15, 26],
                "10 · 1 + 0 · 3 + 1 · 5; then 10 · 2 + 0 · 4 + 1 · 6.",
            ),
            Example.of("dilated_conv1d(np.array([1, 2, 3, 4]), np.array([10, 1]))", [12, 23, 34]),
            Example.of("dilated_conv1d(np.array([1, 2, 3, 4]), np.array([1, 1, 1]), dilation=2)", REFUSED),
        ),
    ),
    "chap1-full": FunctionExamples(
        "full_conv1d",
        "array",
        (
            Example.of(
                "full_conv1d(np.array([1, 2]), np.array([3, 10, 0]))",
                [0, 10, 23, 6],
                "0 · 1 to begin with, then 10 · 1 + 0 · 2, then 3 · 1 + 10 · 2, then 3 · 2.",
            ),
            Example.of("full_conv1d(np.array([5, 7, 9]), np.array([2]))", [10, 14, 18]),
        ),
    ),
    "chap1-transposed": FunctionExamples(
        "conv_transpose1d",
        "array",
        (
            Example.of(
                "conv_transpose1d(np.array([2, 4]), np.array([1, 0, 3]), stride=2)",
                [2, 0, 10, 0, 12],
                "The stamps are 2, 0, 6 and, two cells further, 4, 0, 12.",
            ),
            Example.of("conv_transpose1d(np.array([2, 4]), np.array([1, 0, 3]), stride=2, padding=1)", [0, 10, 0]),
            Example.of("conv_transpose1d(np.array([2, 4]), np.array([1, 4]))", [2, 12, 16]),
        ),
    ),
    "chap1-subsample": FunctionExamples(
        "subsample",
        "array",
        (
            Example.of(
                "subsample(np.array([[1, 2, 3, 4], [5, 6, 7, 8], [9, 8, 7, 6]]), 2)",
                [[1, 3], [9, 7]],
                "Windows start in rows 0 and 2, in columns 0 and 2.",
            ),
            Example.of("subsample(np.array([[1, 2, 3, 4], [5, 6, 7, 8]]), 3)", [[1, 4]]),
        ),
    ),
    "chap1-dense": FunctionExamples(
        "dense_as_filters",
        "array",
        (
            Example.of(
                "dense_as_filters(np.array([[1, 2, 3, 4, 5, 6]]), channels=1, height=2, width=3)",
                [[[[1, 2, 3], [4, 5, 6]]]],
            ),
            Example.of(
                "dense_as_filters(np.array([[1, 2, 3, 4], [5, 6, 7, 8]]), channels=2, height=1, width=2)",
                [[[[1, 2]], [[3, 4]]], [[[5, 6]], [[7, 8]]]],
                "Two units, each a filter with 2 channels.",
            ),
        ),
    ),
    "chap1-batch-norm-in-use": FunctionExamples(
        "batch_norm_in_use",
        "array",
        (
            Example.of(
                "batch_norm_in_use(np.array([[[[7, 1]]]]), np.array([10]), np.array([3]), np.array([5]), "
                "np.array([3]), eps=1)",
                [[[[13, -17]]]],
                "10 · (7 − 5) / √(3 + 1) + 3 and 10 · (1 − 5) / √(3 + 1) + 3.",
            ),
            Example.of(
                "batch_norm_in_use(np.array([[[[2]], [[2]]]]), np.array([1, 1]), np.array([0, 9]), np.array([0, 2]), "
                "np.array([0, 3]), eps=1)",
                [[[[2]], [[9]]]],
            ),
        ),
    ),
    "chap1-unpool": FunctionExamples(
        "max_unpool1d",
        "array",
        (
            Example.of(
                "max_unpool1d(np.array([8, 5]), np.array([1, 2]), 5)", [0, 8, 5, 0, 0], "8 to cell 1, 5 to cell 2."
            ),
            Example.of("max_unpool1d(np.array([-3, 4, 6]), np.array([5, 0, 3]), 6)", [4, 0, 0, 6, 0, -3]),
        ),
    ),
}
"""Question id -> its public examples."""

FORMS: dict[str, Form | Claims] = {
    "chap1-cost": DictOfNumbers(("most_expensive", "most", "as_large_as_the_image", "as_cheap_as_3")),
    "chap1-claims": Claims(("A", "B", "C", "D", "E", "F"), "abc"),
    **dict.fromkeys(("s02", "s04", "s05", "s07", "s09"), OneNumber()),
    **dict.fromkeys(("s01", "s03", "s06", "s08", "s10"), Letters("abc")),
}
"""Question id -> the form of its answer."""
