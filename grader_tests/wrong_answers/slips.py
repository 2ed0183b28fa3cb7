"""Slips that students make in many exercises: a None that is not asked for, half of a formula, an axis too many."""

import numpy as np

from grader_tests.answers import WrongAnswer
from grader_tests.wrong_answers.ex40 import sides
from grader_tests.wrong_answers.ex41_conv2d import checked, slide
from grader_tests.wrong_answers.ex42 import mixed
from grader_tests.wrong_answers.ex43 import both, pooled
from grader_tests.wrong_answers.ex43 import checked as window_checked

SHARED, UNSHARED, PARAMETERS = "ex40-shared-parameters", "ex40-unshared-parameters", "ex41-conv-parameters"
CONV2D, CONV1X1, MAX_POOL2D = "ex41-conv2d", "ex42-conv1x1", "ex43-max-pool2d"
SCALE, CONDITION = "ex44-min-max-scale", "ex44-condition-number"


def bias_left_out_by_default(kernel_size, in_channels, filters, bias=False):
    height, width = sides(kernel_size)
    return filters * (height * width * in_channels + (1 if bias else 0))


def private_cells_only(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    height, width = sides(kernel_size)
    return filters * output_height * output_width * height * width


def one_side_of_the_map(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    height, width = sides(kernel_size)
    return filters * output_height * (height * width * in_channels + (1 if bias else 0))


def cells_only(kernel_size, in_channels, filters):
    height, width = sides(kernel_size)
    return height * width, height * width * filters


def bias_always_read(x, weight, bias=None, stride=1, padding=0):
    out = slide(x, weight, None, stride, padding)
    for d in range(len(weight)):
        out[:, d] += bias[d]
    return out


def rectified_before_the_bias(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, stride, padding, lambda patch, kernel: max(np.vdot(patch, kernel), 0))


def averaged_over_the_window(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, stride, padding, lambda patch, kernel: np.vdot(patch, kernel) / patch[0].size)


def size_before_padding(x, weight, bias=None, stride=1, padding=0):
    out = slide(x, weight, bias, stride, padding)
    rows, columns = ((side - k) // stride + 1 for side, k in zip(x.shape[2:], weight.shape[2:], strict=True))
    return out[:, :, : max(rows, 0), : max(columns, 0)]


def bias_always_mixed_in(x, weight, bias=None):
    out = mixed(x, weight, None)
    for d in range(len(weight)):
        out[:, d] += bias[d]
    return out


def place_of_the_maximum(x, kernel_size, stride=None):
    def place(window, axis):
        return np.argmax(window.reshape(*window.shape[:2], -1), axis=-1)

    return pooled(x, kernel_size, stride, place)


def rows_to_unit_range(features):
    features = np.asarray(features, dtype=float)
    low, high = features.min(axis=1, keepdims=True), features.max(axis=1, keepdims=True)
    return (features - low) / np.where(high > low, high - low, 1.0)


def from_minus_one(features):
    features = np.asarray(features, dtype=float)
    low, high = features.min(axis=0), features.max(axis=0)
    return 2 * (features - low) / np.where(high > low, high - low, 1.0) - 1


def eigenvalues_as_they_come(features):
    features = np.asarray(features, dtype=float)
    values = np.linalg.eig(features.T @ features)[0].real
    return float(values[0] / values[-1])


SLIDING, POOLING = (checked, slide), (both, window_checked, pooled)

WRONG_ANSWERS = (
    WrongAnswer(
        "X40-bias-default",
        SHARED,
        "there are no biases unless they are asked for",
        "What does the `def` line of the task say bias is when nobody gives it?",
        bias_left_out_by_default,
        (sides,),
    ),
    WrongAnswer(
        "X40-lc-cells-only",
        UNSHARED,
        "neither the depth of the filters nor the biases are counted",
        "How deep is a filter, and what does a unit hold beside its weights?",
        private_cells_only,
        (sides,),
    ),
    WrongAnswer(
        "X40-lc-one-side",
        UNSHARED,
        "units are counted along the height only",
        "How many units has a map of 2 × 3 cells?",
        one_side_of_the_map,
        (sides,),
    ),
    WrongAnswer(
        "X41-cells-only",
        PARAMETERS,
        "neither the depth of the filter nor its bias is counted",
        "How deep is a filter, and what does it hold beside its weights?",
        cells_only,
        (sides,),
    ),
    WrongAnswer(
        "X41-bias-none",
        CONV2D,
        "a bias is read even where there is none",
        "What is bias when nobody gives one, and what is bias[0] then?",
        bias_always_read,
        SLIDING,
    ),
    WrongAnswer(
        "X41-relu-before-bias",
        CONV2D,
        "sums below 0 are set to 0 before the bias is added",
        "Does the task mention an activation? That is a layer of its own.",
        rectified_before_the_bias,
        SLIDING,
    ),
    WrongAnswer(
        "X41-mean-of-window",
        CONV2D,
        "the sum is divided by the number of cells of the window",
        "What should a filter of ones give on a window 1, 2, 3? Is there a division in the definition?",
        averaged_over_the_window,
        SLIDING,
    ),
    WrongAnswer(
        "X41-size-before-padding",
        CONV2D,
        "the size of the output is computed without the padding",
        "How many rows has the image once the zeros are there? Which of the two heights does your formula use?",
        size_before_padding,
        SLIDING,
    ),
    WrongAnswer(
        "X42-bias-none",
        CONV1X1,
        "a bias is read even where there is none",
        "What is bias when nobody gives one, and what is bias[0] then?",
        bias_always_mixed_in,
        (mixed,),
    ),
    WrongAnswer(
        "X43-place",
        MAX_POOL2D,
        "the place of the largest number in its window is returned",
        "Does argmax give a number of the window, or where it stands?",
        place_of_the_maximum,
        POOLING,
    ),
    WrongAnswer(
        "X44-range-of-rows",
        SCALE,
        "rows are scaled instead of columns",
        "Columns are features. Along which axis do your minimum and maximum run?",
        rows_to_unit_range,
    ),
    WrongAnswer(
        "X44-from-minus-one",
        SCALE,
        "columns are brought to the range from -1 to 1",
        "Which number should the smallest one of a column become?",
        from_minus_one,
    ),
    WrongAnswer(
        "X44-unsorted",
        CONDITION,
        "the first eigenvalue is divided by the last, in the order in which they come",
        "Print the eigenvalues. Does np.linalg.eig sort them?",
        eigenvalues_as_they_come,
    ),
)
