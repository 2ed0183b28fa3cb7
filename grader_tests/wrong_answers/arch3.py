"""Mistakes of the third bonus notebook: printed slips, gradients, averages, batch normalization."""

import numpy as np

from grader_tests.answers import WrongAnswer

WEIGHT, INPUT = "arch3-weight-gradient", "arch3-input-gradient"
MAX_POOL, AVG_POOL, BATCH_NORM = "arch3-max-pool-gradient", "arch3-avg-pool", "arch3-batch-norm"
SLIDE, PLUS_ONE = "arch3-slide-example", "arch3-plus-one"
TABLE, MEMORY = "arch3-googlenet-table", "arch3-vgg-memory"


def weight_sum(grad_output, x, kernel_size, stride=1, padding=0):
    """Return the sum over all positions."""
    padded = np.pad(np.asarray(x, dtype=float), padding)
    total = np.zeros(kernel_size)
    for i, g in enumerate(grad_output):
        total += g * padded[i * stride : i * stride + kernel_size]
    return total


def weight_mean(grad_output, x, kernel_size, stride=1, padding=0):
    return weight_sum(grad_output, x, kernel_size, stride, padding) / len(grad_output)


def weight_last_position(grad_output, x, kernel_size, stride=1, padding=0):
    padded = np.pad(np.asarray(x, dtype=float), padding)
    last = len(grad_output) - 1
    return grad_output[last] * padded[last * stride : last * stride + kernel_size]


def weight_flipped(grad_output, x, kernel_size, stride=1, padding=0):
    return weight_sum(grad_output, x, kernel_size, stride, padding)[::-1]


def weight_stride_one(grad_output, x, kernel_size, stride=1, padding=0):
    return weight_sum(grad_output, x, kernel_size, 1, padding)


def weight_gradient_ignored(grad_output, x, kernel_size, stride=1, padding=0):
    return weight_sum(np.ones(len(grad_output)), x, kernel_size, stride, padding)


def weight_padded_once(grad_output, x, kernel_size, stride=1, padding=0):
    return weight_sum(grad_output, x, kernel_size, stride, 1 if padding else 0)


def weight_padding_at_end(grad_output, x, kernel_size, stride=1, padding=0):
    return weight_sum(grad_output, np.pad(np.asarray(x, dtype=float), (0, 2 * padding)), kernel_size, stride)


def scattered(grad_output, weight, size, stride=1, padding=0):
    """Return the gradient of the padded line."""
    padded = np.zeros(size + 2 * padding)
    for i, g in enumerate(grad_output):
        padded[i * stride : i * stride + len(weight)] += g * weight
    return padded


def input_assigned(grad_output, weight, size, stride=1, padding=0):
    padded = np.zeros(size + 2 * padding)
    for i, g in enumerate(grad_output):
        padded[i * stride : i * stride + len(weight)] = g * weight
    return padded[padding : padding + size]


def input_not_flipped(grad_output, weight, size, stride=1, padding=0):
    return scattered(grad_output, weight[::-1], size, stride, padding)[padding : padding + size]


def input_one_stripped(grad_output, weight, size, stride=1, padding=0):
    padded = scattered(grad_output, weight, size, stride, padding)
    return padded[1:-1] if padding else padded


def input_stride_one(grad_output, weight, size, stride=1, padding=0):
    return scattered(grad_output, weight, size, 1, padding)[padding : padding + size]


def input_not_stripped(grad_output, weight, size, stride=1, padding=0):
    return scattered(grad_output, weight, size, stride, padding)


def input_first_cells(grad_output, weight, size, stride=1, padding=0):
    return scattered(grad_output, weight, size, stride, padding)[:size]


def input_gradient_ignored(grad_output, weight, size, stride=1, padding=0):
    return scattered(np.ones(len(grad_output)), weight, size, stride, padding)[padding : padding + size]


def input_at_the_other_end(grad_output, weight, size, stride=1, padding=0):
    line = np.zeros(size)
    for i, g in enumerate(grad_output):
        for k, w in enumerate(weight):
            if i * stride + k - padding < size:
                line[(i * stride + k - padding) % size] += g * w
    return line


def input_centered(grad_output, weight, size, stride=1, padding=0):
    padded = np.zeros(size + 2 * padding)
    for i, g in enumerate(grad_output):
        padded[i * stride] += g * np.sum(weight)
    return padded[padding : padding + size]


def routed(grad_output, x, kernel_size, stride, share):
    """Give each window's gradient to its cells by what `share` says; overlapping windows add up."""
    x = np.asarray(x, dtype=float)
    stride = kernel_size if stride is None else stride
    out = np.zeros(len(x))
    for i, g in enumerate(grad_output):
        start = i * stride
        out[start : start + kernel_size] += g * share(x[start : start + kernel_size])
    return out


def spread_evenly(grad_output, x, kernel_size, stride=None):
    return routed(grad_output, x, kernel_size, stride, lambda window: np.ones(len(window)) / len(window))


def all_winners(grad_output, x, kernel_size, stride=None):
    return routed(grad_output, x, kernel_size, stride, lambda window: window == window.max())


def times_value(grad_output, x, kernel_size, stride=None):
    def share(window):
        return np.eye(len(window))[window.argmax()] * window.max()

    return routed(grad_output, x, kernel_size, stride, share)


def last_winner(grad_output, x, kernel_size, stride=None):
    def share(window):
        return np.eye(len(window))[len(window) - 1 - window[::-1].argmax()]

    return routed(grad_output, x, kernel_size, stride, share)


def winners_share(grad_output, x, kernel_size, stride=None):
    def share(window):
        return (window == window.max()) / np.sum(window == window.max())

    return routed(grad_output, x, kernel_size, stride, share)


def last_window_wins(grad_output, x, kernel_size, stride=None):
    x = np.asarray(x, dtype=float)
    stride = kernel_size if stride is None else stride
    out = np.zeros(len(x))
    for i, g in enumerate(grad_output):
        out[i * stride + x[i * stride : i * stride + kernel_size].argmax()] = g
    return out


def pool_stride_ignored(grad_output, x, kernel_size, stride=None):
    x = np.asarray(x, dtype=float)
    out = np.zeros(len(x))
    for i, g in enumerate(grad_output):
        window = x[i * kernel_size : (i + 1) * kernel_size]
        if len(window):
            out[i * kernel_size + window.argmax()] += g
    return out


def first_cell_takes_it(grad_output, x, kernel_size, stride=None):
    return routed(grad_output, x, kernel_size, stride, lambda window: np.eye(len(window))[0])


def windows_of(size, kernel_size, stride, padding, ceil_mode):
    """Return the starts of all windows, counted from the first real cell."""
    stride = kernel_size if stride is None else stride
    starts = list(range(-padding, size + padding - kernel_size + 1, stride))
    after = starts[-1] + stride
    if ceil_mode and starts[-1] + kernel_size < size + padding and after < size:
        starts.append(after)
    return starts


def averages(x, kernel_size, stride, padding, ceil_mode, divisor):
    """Return the sums of all windows, divided by what `divisor` says of a start."""
    x = np.asarray(x, dtype=float)
    starts = windows_of(len(x), kernel_size, stride, padding, ceil_mode)
    return np.array([x[max(s, 0) : max(s + kernel_size, 0)].sum() / divisor(s) for s in starts])


def real_cells(start, kernel_size, size):
    """Return how many cells of the line a window covers."""
    return min(start + kernel_size, size) - max(start, 0)


def counted_cells(start, kernel_size, size, padding):
    """Return how many cells of the padded line a window covers."""
    return min(start + kernel_size, size + padding) - start


def padding_always_counts(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    size = len(x)
    return averages(x, kernel_size, stride, padding, ceil_mode, lambda s: counted_cells(s, kernel_size, size, padding))


def padding_never_counts(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    size = len(x)
    return averages(x, kernel_size, stride, padding, ceil_mode, lambda s: real_cells(s, kernel_size, size))


def overhang_counts(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    size = len(x)
    if count_include_pad:
        return averages(x, kernel_size, stride, padding, ceil_mode, lambda s: kernel_size)
    return averages(x, kernel_size, stride, padding, ceil_mode, lambda s: real_cells(s, kernel_size, size))


def always_rounded_down(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    size = len(x)
    if count_include_pad:
        return averages(x, kernel_size, stride, padding, False, lambda s: counted_cells(s, kernel_size, size, padding))
    return averages(x, kernel_size, stride, padding, False, lambda s: real_cells(s, kernel_size, size))


def default_stride_one(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    size, stride = len(x), 1 if stride is None else stride
    if count_include_pad:
        return averages(
            x, kernel_size, stride, padding, ceil_mode, lambda s: counted_cells(s, kernel_size, size, padding)
        )
    return averages(x, kernel_size, stride, padding, ceil_mode, lambda s: real_cells(s, kernel_size, size))


def padding_left_out(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    size = len(x)
    return averages(x, kernel_size, stride, 0, ceil_mode, lambda s: real_cells(s, kernel_size, size))


def sums_only(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    return averages(x, kernel_size, stride, padding, ceil_mode, lambda s: 1)


def maxima(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    x = np.asarray(x, dtype=float)
    starts = windows_of(len(x), kernel_size, stride, padding, ceil_mode)
    return np.array([x[max(s, 0) : s + kernel_size].max() for s in starts])


def normalized(x, axes, ddof=0, eps=1e-5):
    """Return x with mean 0 and variance 1 over the axes."""
    mean, variance = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True, ddof=ddof)
    return (x - mean) / np.sqrt(variance + eps)


def by_channel(vector):
    """Return a number for each channel, ready for (N, C, H, W)."""
    return np.reshape(vector, (1, -1, 1, 1))


def unbiased_batch_norm(x, gamma, beta, eps=1e-5):
    return normalized(x, (0, 2, 3), 1, eps) * by_channel(gamma) + by_channel(beta)


def layer_norm(x, gamma, beta, eps=1e-5):
    return normalized(x, (1, 2, 3), 0, eps) * by_channel(gamma) + by_channel(beta)


def instance_norm(x, gamma, beta, eps=1e-5):
    return normalized(x, (2, 3), 0, eps) * by_channel(gamma) + by_channel(beta)


def cell_norm(x, gamma, beta, eps=1e-5):
    return normalized(x, 0, 0, eps) * by_channel(gamma) + by_channel(beta)


def whole_batch_norm(x, gamma, beta, eps=1e-5):
    return normalized(x, (0, 1, 2, 3), 0, eps) * by_channel(gamma) + by_channel(beta)


def divided_by_variance(x, gamma, beta, eps=1e-5):
    mean, variance = x.mean(axis=(0, 2, 3), keepdims=True), x.var(axis=(0, 2, 3), keepdims=True)
    return (x - mean) / (variance + eps) * by_channel(gamma) + by_channel(beta)


def eps_outside_the_root(x, gamma, beta, eps=1e-5):
    mean, spread = x.mean(axis=(0, 2, 3), keepdims=True), x.std(axis=(0, 2, 3), keepdims=True)
    return (x - mean) / (spread + eps) * by_channel(gamma) + by_channel(beta)


def eps_not_used(x, gamma, beta, eps=1e-5):
    return normalized(x, (0, 2, 3), 0, 0) * by_channel(gamma) + by_channel(beta)


def no_scale_and_shift(x, gamma, beta, eps=1e-5):
    return normalized(x, (0, 2, 3), 0, eps)


def shifted_before_scaled(x, gamma, beta, eps=1e-5):
    return (normalized(x, (0, 2, 3), 0, eps) + by_channel(beta)) * by_channel(gamma)


def scale_along_rows(x, gamma, beta, eps=1e-5):
    return normalized(x, (0, 2, 3), 0, eps) * gamma + beta


def back_step_of_one(grad_output, x, kernel_size, stride=None):
    def share(window):
        return np.eye(len(window))[window.argmax()]

    return routed(grad_output, x, kernel_size, 1 if stride is None else stride, share)


def place_in_the_window(grad_output, x, kernel_size, stride=None):
    x = np.asarray(x, dtype=float)
    stride = kernel_size if stride is None else stride
    out = np.zeros(len(x))
    for i, g in enumerate(grad_output):
        out[x[i * stride : i * stride + kernel_size].argmax()] += g
    return out


def weight_from_the_other_end(grad_output, x, kernel_size, stride=1, padding=0):
    total = np.zeros(kernel_size)
    for k in range(kernel_size):
        for i, g in enumerate(grad_output):
            place = i * stride + k - padding
            if place < len(x):
                total[k] += g * x[place]
    return total


def input_up_to_the_last_window(grad_output, weight, size, stride=1, padding=0):
    reached = (len(grad_output) - 1) * stride + len(weight)
    return scattered(grad_output, weight, size, stride, padding)[padding : max(reached - padding, padding)]


WRONG_ANSWERS = (
    WrongAnswer(
        "X-slide-copied",
        SLIDE,
        "the numbers of the slide are copied",
        "These are the numbers that are wrong. Compute the cells from the input and the filter.",
        {"middle_left": 4, "middle_right": 6, "bottom_middle": 8},
    ),
    WrongAnswer(
        "X-slide-no-padding",
        SLIDE,
        "the windows move by one and nothing is padded",
        "The panels on the slide are 7 × 7 with zeros around them, and the output has three rows. Which step fits?",
        {"middle_left": 1, "middle_right": 3, "bottom_middle": 7},
    ),
    WrongAnswer(
        "X-slide-turned",
        SLIDE,
        "the filter is turned around",
        "In this course the filter is laid on as it is printed.",
        {"middle_left": 5, "middle_right": 1, "bottom_middle": 1},
    ),
    WrongAnswer(
        "X-slide-one-channel",
        SLIDE,
        "only the first channel is used",
        "The filter has three channels; their sums are added up.",
        {"middle_left": 1, "middle_right": 3, "bottom_middle": 1},
    ),
    WrongAnswer(
        "X-slide-swapped",
        SLIDE,
        "rows and columns of the output are swapped",
        'Rows come first: "middle_left" is in the second row, first column.',
        {"middle_left": 4, "middle_right": 5, "bottom_middle": 0},
    ),
    WrongAnswer(
        "X-slide-right-cells",
        SLIDE,
        "the right cells are counted instead of the wrong ones",
        "The key says wrong.",
        {"wrong_cells": 2},
    ),
    WrongAnswer(
        "X-plus-one-steps",
        PLUS_ONE,
        "the steps between windows are counted, not the windows",
        "Between 3 windows there are 2 steps. What has to be added?",
        {"alexnet_right": 54, "pool_right": 12},
    ),
    WrongAnswer(
        "X-plus-one-tacit",
        PLUS_ONE,
        "the printed formula is corrected without a word",
        "Take the formula as it is printed: the 1 stands in the denominator.",
        {"alexnet_printed": 55, "pool_printed": 13},
    ),
    WrongAnswer(
        "X-plus-one-believed",
        PLUS_ONE,
        "the printed formula is believed where it gives a whole number",
        "Lay windows of 2 side by side on 26 cells. How many are that?",
        {"pool_right": 8},
    ),
    WrongAnswer(
        "X-plus-one-rounded",
        PLUS_ONE,
        "the printed formula is rounded and believed",
        "Where does the last window of AlexNet's first layer begin, and how many steps of 4 are that?",
        {"alexnet_right": 43},
    ),
    WrongAnswer(
        "X-table-copied",
        TABLE,
        "the numbers of the table are copied",
        "The table says 34M for the first layer. Multiply: how many cells, how many filters, how large a window?",
        {"conv1_cost": 34_000_000},
    ),
    WrongAnswer(
        "X-table-module-copied",
        TABLE,
        "the numbers of module 5a are copied from the table",
        "Add up the six layers of the module yourself.",
        {"module_5a_weights": 1_072_000, "module_5a_cost": 54_000_000},
    ),
    WrongAnswer(
        "X-table-input-grid",
        TABLE,
        "the first layer is counted on the cells of the image",
        "Stride 2: how many cells has its output?",
        {"conv1_cost": 224 * 224 * 64 * 147},
    ),
    WrongAnswer(
        "X-table-one-channel",
        TABLE,
        "the filters of the first layer are flat",
        "How many channels has a photograph?",
        {"conv1_cost": 112 * 112 * 64 * 49},
    ),
    WrongAnswer(
        "X-table-biases",
        TABLE,
        "biases are counted as weights",
        "The question asks for weights only.",
        {"module_5a_weights": 1_043_456},
    ),
    WrongAnswer(
        "X-table-twice",
        TABLE,
        "multiplications and additions are counted apart",
        "One operation is one multiply-accumulate here: both at once.",
        {"conv1_cost": 2 * 112 * 112 * 64 * 147},
    ),
    WrongAnswer(
        "X-table-full-depth",
        TABLE,
        "the filters of 3 × 3 and of 5 × 5 read all 832 channels",
        "They read what the 1 × 1 layer in front of them writes.",
        {"module_5a_weights": 832 * (256 + 160 + 9 * 320 + 32 + 25 * 128 + 128)},
    ),
    WrongAnswer(
        "X-table-no-projection",
        TABLE,
        "the projection behind the pooling is left out",
        "The fourth branch pools and then learns, too.",
        {"module_5a_weights": 1_042_432 - 832 * 128},
    ),
    WrongAnswer(
        "X-memory-copied",
        MEMORY,
        "the totals of the notes are copied",
        "The listed numbers are right, their sum is not. Add them up.",
        {"values": 24_000_000},
    ),
    WrongAnswer(
        "X-memory-megabytes-copied",
        MEMORY,
        "the megabytes of the notes are copied",
        "Four bytes for each value of your sum.",
        {"megabytes": 93},
    ),
    WrongAnswer(
        "X-memory-one-of-each",
        MEMORY,
        "every row counts one convolution",
        "Two or three convolutions of a row store a volume each.",
        {"values": 7_811_560},
    ),
    WrongAnswer(
        "X-memory-relu",
        MEMORY,
        "ReLU stores a second copy of every convolution",
        "Where does ReLU write its results, by the text?",
        {"values": 28_785_128},
    ),
    WrongAnswer(
        "X-memory-mebibytes",
        MEMORY,
        "a megabyte is taken for 1,024 · 1,024 bytes",
        "Here it is a million of them.",
        {"megabytes": 4 * 15_237_608 / 1024**2},
    ),
    WrongAnswer(
        "X-memory-share",
        MEMORY,
        "a share of one is given instead of a percentage",
        "How much is it of a hundred?",
        {"first_two_percent": 2 * 224 * 224 * 64 / 15_237_608},
    ),
    WrongAnswer(
        "X-memory-no-input",
        MEMORY,
        "the image is left out",
        "The first line of the list is the image itself.",
        {"values": 15_237_608 - 150_528},
    ),
    WrongAnswer(
        "X-memory-no-pools",
        MEMORY,
        "the pooled maps are left out",
        "What a pooling layer gives out is stored as well.",
        {"values": 15_237_608 - 802_816 - 401_408 - 200_704 - 100_352 - 25_088},
    ),
    WrongAnswer(
        "X-memory-bytes",
        MEMORY,
        "one byte is taken for each value",
        "A number in single precision takes 32 bits.",
        {"megabytes": 15.237608},
    ),
    WrongAnswer(
        "X-memory-one-layer",
        MEMORY,
        "only the first of the two layers is compared",
        "Two convolutions come before the first pooling layer.",
        {"first_two_percent": 100 * 3_211_264 / 15_237_608},
    ),
    WrongAnswer(
        "E41-backward-dw-mean",
        WEIGHT,
        "the gradient is averaged over the positions",
        "The same weight appears in several terms of the loss. What is the derivative of a sum?",
        weight_mean,
        (weight_sum,),
    ),
    WrongAnswer(
        "X-backward-dw-last",
        WEIGHT,
        "only the last position counts",
        "Do you add to the gradient, or overwrite it, in your loop?",
        weight_last_position,
    ),
    WrongAnswer(
        "X-backward-dw-flipped",
        WEIGHT,
        "the result is back to front",
        "Which cells did the first weight of the filter meet?",
        weight_flipped,
        (weight_sum,),
    ),
    WrongAnswer(
        "X-backward-dw-stride",
        WEIGHT,
        "windows begin one cell apart",
        "Where did the window of output i begin in the forward pass?",
        weight_stride_one,
        (weight_sum,),
    ),
    WrongAnswer(
        "X-backward-dw-ones",
        WEIGHT,
        "the gradient that comes in is taken to be 1",
        "Each position has a gradient of its own. Where does it enter?",
        weight_gradient_ignored,
        (weight_sum,),
    ),
    WrongAnswer(
        "X-backward-dw-one-zero",
        WEIGHT,
        "one zero is added at each end whatever the padding",
        "Try padding 2.",
        weight_padded_once,
        (weight_sum,),
    ),
    WrongAnswer(
        "X-backward-dw-end",
        WEIGHT,
        "all zeros are added at the end",
        "Padding is added at both ends.",
        weight_padding_at_end,
        (weight_sum,),
    ),
    WrongAnswer(
        "E41-backward-dx-assign",
        INPUT,
        "a later window overwrites the gradient of an earlier one",
        "Which cell is read by two windows? What do both of them send back?",
        input_assigned,
    ),
    WrongAnswer(
        "E41-backward-noflip",
        INPUT,
        "the filter is turned around",
        "Follow the first input cell: which single weight ever multiplied it?",
        input_not_flipped,
        (scattered,),
    ),
    WrongAnswer(
        "E41-backward-strip-one",
        INPUT,
        "one cell is cut off at each end whatever the padding",
        "Run it with padding 0, 1 and 2. How long should the result be?",
        input_one_stripped,
        (scattered,),
    ),
    WrongAnswer(
        "E41-backward-stride",
        INPUT,
        "windows begin one cell apart on the way back",
        "Reuse the starts of the forward pass. Which cells does the second window read with stride 2?",
        input_stride_one,
        (scattered,),
    ),
    WrongAnswer(
        "X-backward-not-stripped",
        INPUT,
        "the padding stays on",
        "How many cells did the line have before it was padded?",
        input_not_stripped,
        (scattered,),
    ),
    WrongAnswer(
        "X-backward-first-cells",
        INPUT,
        "padding is cut off at the end only",
        "Zeros were added at both ends.",
        input_first_cells,
        (scattered,),
    ),
    WrongAnswer(
        "X-backward-dx-ones",
        INPUT,
        "the gradient that comes in is taken to be 1",
        "Each output has a gradient of its own. Where does it enter?",
        input_gradient_ignored,
        (scattered,),
    ),
    WrongAnswer(
        "X-backward-first-cell",
        INPUT,
        "the first cell of a window takes everything",
        "Each cell of the window was multiplied by its own weight.",
        input_centered,
    ),
    WrongAnswer(
        "E43-back-spread",
        MAX_POOL,
        "the gradient is spread over the whole window",
        "Wiggle a cell that loses: does the maximum move?",
        spread_evenly,
        (routed,),
    ),
    WrongAnswer(
        "E43-back-ties",
        MAX_POOL,
        "every cell that equals the maximum gets the full gradient",
        "Add up what a window gives back. Is it more than what came in?",
        all_winners,
        (routed,),
    ),
    WrongAnswer(
        "E43-back-value",
        MAX_POOL,
        "the gradient is multiplied by the maximum",
        "If the winner grows by 1, by how much does the maximum grow?",
        times_value,
        (routed,),
    ),
    WrongAnswer(
        "X-back-last-winner",
        MAX_POOL,
        "the last of equal maxima takes the gradient",
        "Which one does the text name?",
        last_winner,
        (routed,),
    ),
    WrongAnswer(
        "X-back-winners-share",
        MAX_POOL,
        "equal maxima share the gradient",
        "That would be a fair rule. Which one does the text name?",
        winners_share,
        (routed,),
    ),
    WrongAnswer(
        "X-back-overwritten",
        MAX_POOL,
        "a later window overwrites the gradient of an earlier one",
        "A cell can be the maximum of several windows.",
        last_window_wins,
    ),
    WrongAnswer(
        "X-back-stride-ignored",
        MAX_POOL,
        "the stride that was given is not used",
        "Where does the second window begin?",
        pool_stride_ignored,
    ),
    WrongAnswer(
        "X-back-first-cell",
        MAX_POOL,
        "the first cell of a window takes the gradient",
        "Which cell decided about the maximum?",
        first_cell_takes_it,
        (routed,),
    ),
    WrongAnswer(
        "E43-avg-divisor-pad",
        AVG_POOL,
        "zeros of the padding always count",
        "With count_include_pad=False: how many real cells are in the first window?",
        padding_always_counts,
        (windows_of, averages, counted_cells),
    ),
    WrongAnswer(
        "X-avg-never-counts",
        AVG_POOL,
        "zeros of the padding never count",
        "Look at the last argument and its default.",
        padding_never_counts,
        (windows_of, averages, real_cells),
    ),
    WrongAnswer(
        "E43-avg-ceil-divisor",
        AVG_POOL,
        "cells behind the end count in the divisor",
        "A window that hangs over: which of its cells exist, as numbers or as padding? Only those count.",
        overhang_counts,
        (windows_of, averages, real_cells),
    ),
    WrongAnswer(
        "X-avg-floor",
        AVG_POOL,
        "ceil_mode is not used",
        "With ceil_mode=True cells left over get a window of their own.",
        always_rounded_down,
        (windows_of, averages, real_cells, counted_cells),
    ),
    WrongAnswer(
        "X-avg-default-stride",
        AVG_POOL,
        "the stride is 1 when none is given",
        "Without a stride the windows lie side by side.",
        default_stride_one,
        (windows_of, averages, real_cells, counted_cells),
    ),
    WrongAnswer(
        "X-avg-no-padding",
        AVG_POOL,
        "nothing is padded",
        "Where does the first window begin with padding 1?",
        padding_left_out,
        (windows_of, averages, real_cells),
    ),
    WrongAnswer(
        "X-avg-sums",
        AVG_POOL,
        "the windows are added up",
        "A mean is a sum divided by something.",
        sums_only,
        (windows_of, averages),
    ),
    WrongAnswer(
        "X-avg-maxima",
        AVG_POOL,
        "the largest value is taken",
        "This layer averages.",
        maxima,
        (windows_of,),
    ),
    WrongAnswer(
        "X-bn-unbiased",
        BATCH_NORM,
        "the variance is divided by one less than the number of values",
        "Read the fraction in front of the sum in the formula.",
        unbiased_batch_norm,
        (normalized, by_channel),
    ),
    WrongAnswer(
        "X-bn-layer",
        BATCH_NORM,
        "each image is normalized as a whole",
        "Which axes belong to one channel of the whole batch?",
        layer_norm,
        (normalized, by_channel),
    ),
    WrongAnswer(
        "X-bn-instance",
        BATCH_NORM,
        "each image is normalized on its own",
        "A batch has one mean for each channel, over all its images.",
        instance_norm,
        (normalized, by_channel),
    ),
    WrongAnswer(
        "X-bn-cell",
        BATCH_NORM,
        "each pixel is normalized on its own",
        "A filter does the same at every position. Over which axes should its outputs be compared?",
        cell_norm,
        (normalized, by_channel),
    ),
    WrongAnswer(
        "X-bn-whole",
        BATCH_NORM,
        "all channels are normalized together",
        "Channels are different features. How many means are there?",
        whole_batch_norm,
        (normalized, by_channel),
    ),
    WrongAnswer(
        "X-bn-variance",
        BATCH_NORM,
        "the variance is the divisor, not its root",
        "What has the unit of x: the variance or its square root?",
        divided_by_variance,
        (by_channel,),
    ),
    WrongAnswer(
        "X-bn-eps-outside",
        BATCH_NORM,
        "eps is added to the standard deviation",
        "In the formula it stands under the root.",
        eps_outside_the_root,
        (by_channel,),
    ),
    WrongAnswer(
        "X-bn-no-eps",
        BATCH_NORM,
        "eps is not used",
        "What happens where all values of a channel are equal?",
        eps_not_used,
        (by_channel, normalized),
    ),
    WrongAnswer(
        "X-bn-no-affine",
        BATCH_NORM,
        "gamma and beta are not used",
        "After normalizing, each channel is scaled and shifted.",
        no_scale_and_shift,
        (normalized,),
    ),
    WrongAnswer(
        "X-bn-shift-first",
        BATCH_NORM,
        "beta is added before scaling",
        "In the formula gamma multiplies the normalized value only.",
        shifted_before_scaled,
        (normalized, by_channel),
    ),
    WrongAnswer(
        "X-bn-along-rows",
        BATCH_NORM,
        "gamma and beta run along the columns of the image",
        "NumPy lines up the last axes. Which axis are the channels?",
        scale_along_rows,
        (normalized,),
    ),
    WrongAnswer(
        "X-back-default-stride",
        MAX_POOL,
        "the stride is 1 when none is given",
        "Without a stride the windows lie side by side. How far apart are their starts?",
        back_step_of_one,
        (routed,),
    ),
    WrongAnswer(
        "X-back-place-in-window",
        MAX_POOL,
        "the place in the window is taken for the place in the line",
        "argmax counts from the start of the window. Where does window i start?",
        place_in_the_window,
    ),
    WrongAnswer(
        "X-backward-dw-wrapped",
        WEIGHT,
        "cells in front of the line are read from its other end",
        "What does Python return for x[-1], and what should stand there instead?",
        weight_from_the_other_end,
    ),
    WrongAnswer(
        "X-backward-dx-wrapped",
        INPUT,
        "what falls in front of the line is added at its other end",
        "What does Python do with line[-1]? A cell of the padding is no cell of the line.",
        input_at_the_other_end,
    ),
    WrongAnswer(
        "X-backward-dx-reached",
        INPUT,
        "the line ends where the last window ends",
        "A stride may leave cells over: how many cells has the line, and what is their gradient?",
        input_up_to_the_last_window,
        (scattered,),
    ),
)
