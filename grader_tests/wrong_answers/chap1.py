"""Mistakes of the chapters: holes, overlaps, stamps, strides, dense layers as filters, stored statistics, switches."""

import numpy as np

from grader_tests.answers import WrongAnswer

DILATED, FULL, TRANSPOSED, SUBSAMPLE = "chap1-dilated", "chap1-full", "chap1-transposed", "chap1-subsample"
DENSE, IN_USE, UNPOOL = "chap1-dense", "chap1-batch-norm-in-use", "chap1-unpool"
COST, CLAIMS = "chap1-cost", "chap1-claims"


def slid(x, weight, step=1, hop=1):
    """Return a filter with taps `step` cells apart, its windows `hop` cells apart; refused where it does not fit."""
    x = np.asarray(x)
    span = (len(weight) - 1) * step + 1
    if span > len(x):
        raise ValueError("the filter does not fit")
    return np.array([x[start : start + span : step] @ weight for start in range(0, len(x) - span + 1, hop)])


def holes_left_out(x, weight, dilation=1):
    slid(x, weight, dilation)
    return slid(x, weight)


def holes_as_strides(x, weight, dilation=1):
    slid(x, weight, dilation)
    return slid(x, weight, 1, dilation)


def holes_one_too_many(x, weight, dilation=1):
    return slid(x, weight, dilation + 1)


def holes_turned(x, weight, dilation=1):
    return slid(x, weight[::-1], dilation)


def holes_in_the_line(x, weight, dilation=1):
    slid(x, weight, dilation)
    return slid(np.asarray(x)[::dilation], weight)


def holes_span_product(x, weight, dilation=1):
    slid(x, weight, dilation)
    outputs = max(len(x) - len(weight) * dilation + 1, 0)
    return slid(x, weight, dilation)[:outputs]


def full_valid(x, weight):
    x = np.asarray(x)
    return np.array([x[start : start + len(weight)] @ weight for start in range(max(len(x) - len(weight) + 1, 0))])


def padded_by(x, weight, before, after):
    """Return a filter on a line with so many zeros at its ends."""
    return full_valid(np.concatenate([np.zeros(before), x, np.zeros(after)]), weight)


def full_same(x, weight):
    return padded_by(x, weight, (len(weight) - 1) // 2, len(weight) // 2)


def full_by_k(x, weight):
    return padded_by(x, weight, len(weight), len(weight))


def full_at_the_end(x, weight):
    return padded_by(x, weight, 0, 2 * (len(weight) - 1))


def full_at_the_beginning(x, weight):
    return padded_by(x, weight, 2 * (len(weight) - 1), 0)


def full_turned(x, weight):
    return padded_by(x, weight[::-1], len(weight) - 1, len(weight) - 1)


def full_reversed(x, weight):
    return padded_by(x, weight, len(weight) - 1, len(weight) - 1)[::-1]


def full_from_the_other_end(x, weight):
    size, k = len(x), len(weight)
    reads = [[(i + tap, tap) for tap in range(k) if -size <= i + tap < size] for i in range(1 - k, size)]
    return np.array([sum(x[cell] * weight[tap] for cell, tap in places) for places in reads])


def full_divided(x, weight):
    sums = padded_by(x, np.asarray(weight), len(weight) - 1, len(weight) - 1)
    met = padded_by(np.ones(len(x)), np.ones(len(weight)), len(weight) - 1, len(weight) - 1)
    return sums / met


def stamped(x, weight, stride, padding, put):
    """Return stamps put on a line of zeros by `put`, and the ends cut off."""
    weight = np.asarray(weight)
    cells = np.zeros((len(x) - 1) * stride + len(weight))
    for place, value in enumerate(x):
        put(cells[place * stride : place * stride + len(weight)], value, weight)
    return cells[padding : len(cells) - padding]


def add(there, value, weight):
    """Add a stamp to what is there."""
    there += value * weight


def stamps_overwritten(x, weight, stride=1, padding=0):
    def put(there, value, weight):
        there[:] = value * weight

    return stamped(x, weight, stride, padding, put)


def stamps_turned(x, weight, stride=1, padding=0):
    return stamped(x, weight[::-1], stride, padding, add)


def stamps_largest(x, weight, stride=1, padding=0):
    def put(there, value, weight):
        there[:] = np.maximum(there, value * weight)

    return stamped(x, weight, stride, padding, put)


def stamps_without_values(x, weight, stride=1, padding=0):
    return stamped(np.ones(len(x)), weight, stride, padding, add)


def stamps_stride_ignored(x, weight, stride=1, padding=0):
    return stamped(x, weight, 1, padding, add)


def stamps_side_by_side(x, weight, stride=1, padding=0):
    return stamped(x, weight, len(weight), padding, add)


def stamps_not_cut(x, weight, stride=1, padding=0):
    return stamped(x, weight, stride, 0, add)


def stamps_cut_at_the_beginning(x, weight, stride=1, padding=0):
    return stamped(x, weight, stride, 0, add)[2 * padding :]


def stamps_cut_once(x, weight, stride=1, padding=0):
    return stamped(x, weight, stride, 0, add)[padding:]


def stamps_padded(x, weight, stride=1, padding=0):
    return np.pad(stamped(x, weight, stride, 0, add), padding)


def stamps_as_windows(x, weight, stride=1, padding=0):
    line = np.pad(np.asarray(x, dtype=float), len(weight) - 1)
    windows = range(0, len(line) - len(weight) + 1, stride)
    return np.array([line[start : start + len(weight)] @ weight for start in windows])


def kept_from_the_last(dense, stride):
    return np.asarray(dense)[stride - 1 :: stride, stride - 1 :: stride]


def kept_rows_only(dense, stride):
    return np.asarray(dense)[::stride]


def kept_columns_only(dense, stride):
    return np.asarray(dense)[:, ::stride]


def kept_whole_blocks(dense, stride):
    dense = np.asarray(dense)
    rows, columns = (side - side % stride for side in dense.shape)
    return dense[:rows:stride, :columns:stride]


def kept_largest(dense, stride):
    dense = np.asarray(dense)
    starts = [range(0, side, stride) for side in dense.shape]
    return np.array([[dense[r : r + stride, c : c + stride].max() for c in starts[1]] for r in starts[0]])


def kept_means(dense, stride):
    dense = np.asarray(dense)
    starts = [range(0, side, stride) for side in dense.shape]
    return np.array([[dense[r : r + stride, c : c + stride].mean() for c in starts[1]] for r in starts[0]])


def kept_at_the_beginning(dense, stride):
    dense = np.asarray(dense)
    return dense[: -(-dense.shape[0] // stride), : -(-dense.shape[1] // stride)]


def channels_last(weight, channels, height, width):
    return np.asarray(weight).reshape(-1, height, width, channels).transpose(0, 3, 1, 2)


def sides_exchanged(weight, channels, height, width):
    return np.asarray(weight).reshape(-1, channels, width, height).transpose(0, 1, 3, 2)


def columns_before_rows(weight, channels, height, width):
    return np.asarray(weight).reshape(-1, channels, width, height)


def not_put_back(weight, channels, height, width):
    return np.asarray(weight).reshape(-1, height, width, channels)


def filters_turned(weight, channels, height, width):
    return np.asarray(weight).reshape(-1, channels, height, width)[..., ::-1, ::-1]


def units_last(weight, channels, height, width):
    weight = np.asarray(weight)
    return weight.reshape(channels, height, width, -1).transpose(3, 0, 1, 2)


def spread(numbers):
    """Return one number for each channel as an array that goes with (N, C, H, W)."""
    return np.asarray(numbers).reshape(1, -1, 1, 1)


def statistics_of_the_batch(x, gamma, beta, mean, variance, eps=1e-5):
    x = np.asarray(x, dtype=float)
    own = x.mean(axis=(0, 2, 3), keepdims=True), x.var(axis=(0, 2, 3), keepdims=True)
    return (x - own[0]) / np.sqrt(own[1] + eps) * spread(gamma) + spread(beta)


def variance_of_the_batch(x, gamma, beta, mean, variance, eps=1e-5):
    x = np.asarray(x, dtype=float)
    return (x - spread(mean)) / np.sqrt(x.var(axis=(0, 2, 3), keepdims=True) + eps) * spread(gamma) + spread(beta)


def mean_of_the_batch(x, gamma, beta, mean, variance, eps=1e-5):
    x = np.asarray(x, dtype=float)
    own = x.mean(axis=(0, 2, 3), keepdims=True)
    return (x - own) / np.sqrt(spread(variance) + eps) * spread(gamma) + spread(beta)


def variance_as_it_is(x, gamma, beta, mean, variance, eps=1e-5):
    return (np.asarray(x) - spread(mean)) / (spread(variance) + eps) * spread(gamma) + spread(beta)


def eps_behind_the_root(x, gamma, beta, mean, variance, eps=1e-5):
    return (np.asarray(x) - spread(mean)) / (np.sqrt(spread(variance)) + eps) * spread(gamma) + spread(beta)


def neither_scaled_nor_shifted(x, gamma, beta, mean, variance, eps=1e-5):
    return (np.asarray(x) - spread(mean)) / np.sqrt(spread(variance) + eps)


def shift_scaled_too(x, gamma, beta, mean, variance, eps=1e-5):
    return ((np.asarray(x) - spread(mean)) / np.sqrt(spread(variance) + eps) + spread(beta)) * spread(gamma)


def mean_left_out(x, gamma, beta, mean, variance, eps=1e-5):
    return np.asarray(x) / np.sqrt(spread(variance) + eps) * spread(gamma) + spread(beta)


def eps_left_out(x, gamma, beta, mean, variance, eps=1e-5):
    return (np.asarray(x) - spread(mean)) / np.sqrt(spread(variance)) * spread(gamma) + spread(beta)


def to_the_first_cell(values, places, size):
    window = size // len(values)
    line = np.zeros(size)
    line[: window * len(values) : window] = values
    return line


def repeated(values, places, size):
    line = np.repeat(np.asarray(values, dtype=float), size // len(values))
    return np.concatenate([line, np.zeros(size - len(line))])


def counted_from_one(values, places, size):
    line = np.zeros(size + 1)
    line[np.asarray(places) + 1] = values
    return line[:size]


def in_order(values, places, size):
    line = np.zeros(size)
    line[np.sort(places)] = values
    return line


def places_in_the_window(values, places, size):
    window = size // len(values)
    line = np.zeros(size)
    for number, (value, place) in enumerate(zip(values, places, strict=True)):
        line[(number * window + place) % size] = value
    return line


def ones_for_values(values, places, size):
    line = np.zeros(size)
    line[np.asarray(places)] = 1
    return line


def lowest_for_zero(values, places, size):
    line = np.full(size, float(np.min(values)))
    line[np.asarray(places)] = values
    return line


def holes_without_the_last(x, weight, dilation=1):
    return slid(x, weight, dilation)[:-1]


def stamps_within_the_steps(x, weight, stride=1, padding=0):
    whole = np.concatenate([stamped(x, weight, stride, 0, add), np.zeros(stride)])[: len(x) * stride]
    return whole[padding : len(whole) - padding]


def first_channel_for_all(x, gamma, beta, mean, variance, eps=1e-5):
    return (np.asarray(x) - mean[0]) / np.sqrt(variance[0] + eps) * gamma[0] + beta[0]


def one_taken_from_the_places(values, places, size):
    line = np.zeros(size)
    for value, place in zip(values, places, strict=True):
        line[place - 1] = value
    return line


def up_to_the_last_place(values, places, size):
    line = np.zeros(max(places) + 1)
    line[np.asarray(places)] = values
    return line


def one_behind_the_other(values, places, size):
    return np.concatenate([np.asarray(values, dtype=float), np.zeros(size - len(values))])


WRONG_ANSWERS = (
    WrongAnswer(
        "X-dil-ignored",
        DILATED,
        "the dilation is not used",
        "With dilation 2: which cell does the second tap read?",
        holes_left_out,
        (slid,),
    ),
    WrongAnswer(
        "X-dil-stride",
        DILATED,
        "the dilation is taken for a stride",
        "A stride moves windows apart. What does a dilation move apart?",
        holes_as_strides,
        (slid,),
    ),
    WrongAnswer(
        "X-dil-one-more",
        DILATED,
        "one cell too many lies between the taps",
        "At dilation 1 the taps are neighbors: how many cells lie between them?",
        holes_one_too_many,
        (slid,),
    ),
    WrongAnswer(
        "X-dil-turned",
        DILATED,
        "the filter is turned around",
        "In this course the first weight meets the first cell of the window.",
        holes_turned,
        (slid,),
    ),
    WrongAnswer(
        "X-dil-line",
        DILATED,
        "cells of the line are left out instead of cells of the window",
        "The windows still move on by one cell. How many outputs should there be?",
        holes_in_the_line,
        (slid,),
    ),
    WrongAnswer(
        "X-dil-span",
        DILATED,
        "the filter is taken to span its size times the dilation",
        "Between k taps there are k − 1 gaps. Where does the last window begin?",
        holes_span_product,
        (slid,),
    ),
    WrongAnswer(
        "X-full-valid",
        FULL,
        "only places are taken where the filter lies on the line",
        "One shared cell is enough. Where does the filter begin then?",
        full_valid,
    ),
    WrongAnswer(
        "X-full-same",
        FULL,
        "the line is padded so that its size stays",
        "How far can the filter hang over while one cell is still shared?",
        full_same,
        (padded_by, full_valid),
    ),
    WrongAnswer(
        "X-full-k",
        FULL,
        "a zero too many is added at each end",
        "At the first place, is there a cell of the line below the filter?",
        full_by_k,
        (padded_by, full_valid),
    ),
    WrongAnswer(
        "X-full-wrapped",
        FULL,
        "cells in front of the line are read from its other end",
        "What does Python return for x[-1], and what should stand there instead?",
        full_from_the_other_end,
    ),
    WrongAnswer(
        "X-full-end",
        FULL,
        "all zeros are added behind the line",
        "The filter also hangs over at the beginning.",
        full_at_the_end,
        (padded_by, full_valid),
    ),
    WrongAnswer(
        "X-full-begin",
        FULL,
        "all zeros are added in front of the line",
        "The filter also hangs over behind the last cell.",
        full_at_the_beginning,
        (padded_by, full_valid),
    ),
    WrongAnswer(
        "X-full-turned",
        FULL,
        "the filter is turned around, as `np.convolve` does",
        "At the first place only one weight meets the line: the last one or the first one?",
        full_turned,
        (padded_by, full_valid),
    ),
    WrongAnswer(
        "X-full-reversed",
        FULL,
        "the result is back to front, as it comes out where line and filter change places",
        "At the first place the filter lies at the left end: which of its weights meets the line there?",
        full_reversed,
        (padded_by, full_valid),
    ),
    WrongAnswer(
        "X-full-mean",
        FULL,
        "each sum is divided by the number of shared cells",
        "A convolution adds up; nothing is averaged.",
        full_divided,
        (padded_by, full_valid),
    ),
    WrongAnswer(
        "X-tr-overwritten",
        TRANSPOSED,
        "a later stamp overwrites an earlier one",
        "What happens where two stamps overlap?",
        stamps_overwritten,
        (stamped,),
    ),
    WrongAnswer(
        "X-tr-turned",
        TRANSPOSED,
        "the stamp is turned around",
        "The first weight of the stamp lands on its first cell.",
        stamps_turned,
        (stamped, add),
    ),
    WrongAnswer(
        "X-tr-largest",
        TRANSPOSED,
        "the largest of overlapping stamps is taken",
        "Look at the sum in the picture: are the overlapping cells maxima?",
        stamps_largest,
        (stamped,),
    ),
    WrongAnswer(
        "X-tr-values",
        TRANSPOSED,
        "the values of the line are not used",
        "A cell of 3 stamps three times the filter.",
        stamps_without_values,
        (stamped, add),
    ),
    WrongAnswer(
        "X-tr-stride",
        TRANSPOSED,
        "the stride is not used",
        "Where does the second stamp begin?",
        stamps_stride_ignored,
        (stamped, add),
    ),
    WrongAnswer(
        "X-tr-side-by-side",
        TRANSPOSED,
        "stamps lie side by side, whatever the stride",
        "With a stride below the size of the stamp they overlap.",
        stamps_side_by_side,
        (stamped, add),
    ),
    WrongAnswer(
        "X-tr-not-cut",
        TRANSPOSED,
        "nothing is cut off",
        "What does the text say that padding does here?",
        stamps_not_cut,
        (stamped, add),
    ),
    WrongAnswer(
        "X-tr-cut-front",
        TRANSPOSED,
        "everything is cut off at the beginning",
        "Half of it belongs to the other end.",
        stamps_cut_at_the_beginning,
        (stamped, add),
    ),
    WrongAnswer(
        "X-tr-cut-once", TRANSPOSED, "only the beginning is cut", "There are two ends.", stamps_cut_once, (stamped, add)
    ),
    WrongAnswer(
        "X-tr-padded",
        TRANSPOSED,
        "padding makes the result longer",
        "Here everything works the other way round, padding as well.",
        stamps_padded,
        (stamped, add),
    ),
    WrongAnswer(
        "X-tr-windows",
        TRANSPOSED,
        "windows are read instead of stamps being written",
        "One cell of the line writes a whole stamp. Is your result longer than the line?",
        stamps_as_windows,
    ),
    WrongAnswer(
        "X-sub-last",
        SUBSAMPLE,
        "the last cell of each block is kept",
        "Where does the first window of a layer begin, whatever its stride?",
        kept_from_the_last,
    ),
    WrongAnswer(
        "X-sub-rows",
        SUBSAMPLE,
        "only rows are left out",
        "The window makes steps to the right as well.",
        kept_rows_only,
    ),
    WrongAnswer(
        "X-sub-columns",
        SUBSAMPLE,
        "only columns are left out",
        "The window makes steps downwards as well.",
        kept_columns_only,
    ),
    WrongAnswer(
        "X-sub-blocks",
        SUBSAMPLE,
        "blocks that are not complete are left out",
        "A position of the dense map exists already; need anything come behind it?",
        kept_whole_blocks,
    ),
    WrongAnswer(
        "X-sub-max",
        SUBSAMPLE,
        "the largest number of each block is kept",
        "That is pooling. Which of the positions does a stride visit?",
        kept_largest,
    ),
    WrongAnswer(
        "X-sub-mean",
        SUBSAMPLE,
        "the blocks are averaged",
        "A stride leaves positions out; it does not mix them.",
        kept_means,
    ),
    WrongAnswer(
        "X-sub-corner",
        SUBSAMPLE,
        "the upper left part of the map is taken",
        "The size is right. Which positions lie how far apart?",
        kept_at_the_beginning,
    ),
    WrongAnswer(
        "X-fc-channels-last",
        DENSE,
        "channels are read last, as Keras flattens",
        "Here the axes are (N, C, H, W): which index changes slowest in x.reshape(N, -1)?",
        channels_last,
    ),
    WrongAnswer(
        "X-fc-sides",
        DENSE,
        "columns are read one after the other instead of rows",
        "In reading order, which cell comes after the first one: its right neighbor or the one below?",
        sides_exchanged,
    ),
    WrongAnswer(
        "X-fc-columns-first",
        DENSE,
        "width and height have changed places",
        "The shape is (units, channels, height, width).",
        columns_before_rows,
    ),
    WrongAnswer(
        "X-fc-not-put-back", DENSE, "channels come last in the result", "conv2d wants (O, C, kH, kW).", not_put_back
    ),
    WrongAnswer(
        "X-fc-turned",
        DENSE,
        "the filters are turned around",
        "conv2d of this course does not turn filters, so nothing has to be turned back.",
        filters_turned,
    ),
    WrongAnswer(
        "X-fc-units-last",
        DENSE,
        "the table is read as if units were its columns",
        "Each row belongs to one unit.",
        units_last,
    ),
    WrongAnswer(
        "X-use-batch",
        IN_USE,
        "the statistics of the batch are used",
        "With one image of one cell: what would be left of it?",
        statistics_of_the_batch,
        (spread,),
    ),
    WrongAnswer(
        "X-use-batch-variance",
        IN_USE,
        "the variance is that of the batch",
        "Mean and variance were both stored in training.",
        variance_of_the_batch,
        (spread,),
    ),
    WrongAnswer(
        "X-use-batch-mean",
        IN_USE,
        "the mean is that of the batch",
        "Mean and variance were both stored in training. Which one do you use?",
        mean_of_the_batch,
        (spread,),
    ),
    WrongAnswer(
        "X-use-no-root",
        IN_USE,
        "the variance is the divisor, not its root",
        "What has the unit of x: the variance or its square root?",
        variance_as_it_is,
        (spread,),
    ),
    WrongAnswer(
        "X-use-eps-outside",
        IN_USE,
        "eps is added to the standard deviation",
        "In the formula it stands under the root.",
        eps_behind_the_root,
        (spread,),
    ),
    WrongAnswer(
        "X-use-no-affine",
        IN_USE,
        "gamma and beta are not used",
        "After normalizing, each channel is scaled and shifted.",
        neither_scaled_nor_shifted,
        (spread,),
    ),
    WrongAnswer(
        "X-use-shift-first",
        IN_USE,
        "beta is added before scaling",
        "In the formula gamma multiplies the normalized value only.",
        shift_scaled_too,
        (spread,),
    ),
    WrongAnswer(
        "X-use-no-mean",
        IN_USE,
        "the mean is not subtracted",
        "The formula begins with x minus something.",
        mean_left_out,
        (spread,),
    ),
    WrongAnswer(
        "X-use-no-eps", IN_USE, "eps is not used", "What happens where a stored variance is 0?", eps_left_out, (spread,)
    ),
    WrongAnswer(
        "X-un-first",
        UNPOOL,
        "each value goes to the first cell of its window",
        "The places say where each one came from.",
        to_the_first_cell,
    ),
    WrongAnswer(
        "X-un-repeated",
        UNPOOL,
        "each value fills its window",
        "All cells but one of each window were smaller. What is put there?",
        repeated,
    ),
    WrongAnswer(
        "X-un-one",
        UNPOOL,
        "places are counted from 1",
        "Which number has the first cell of the line?",
        counted_from_one,
    ),
    WrongAnswer(
        "X-un-order",
        UNPOOL,
        "the places are put in order first",
        "Value and place belong together, in whichever order they come.",
        in_order,
    ),
    WrongAnswer(
        "X-un-window",
        UNPOOL,
        "places are counted from the beginning of each window",
        "They are cells of the whole line: look at the first example.",
        places_in_the_window,
    ),
    WrongAnswer("X-un-ones", UNPOOL, "a 1 marks each place", "The value itself is put back.", ones_for_values),
    WrongAnswer(
        "X-un-lowest",
        UNPOOL,
        "the other cells hold the smallest value",
        "All other cells are 0, negative maxima or not.",
        lowest_for_zero,
    ),
    WrongAnswer(
        "X-cost-largest",
        COST,
        "the largest filter is called the most expensive",
        "It has the most weights, but in how many places does it fit?",
        {"most_expensive": 21, "most": 441},
    ),
    WrongAnswer(
        "X-cost-smallest",
        COST,
        "the smallest filter is called the most expensive",
        "It has the most places, but how many products does it take in each?",
        {"most_expensive": 1, "most": 441},
    ),
    WrongAnswer(
        "X-cost-weights",
        COST,
        "the weights are counted once, not for each position",
        "Each weight is used in every position of the window.",
        {"most": 121},
    ),
    WrongAnswer(
        "X-cost-line",
        COST,
        "a line is counted instead of a square",
        "Both sides of the map and both sides of the filter count.",
        {"most": 121, "as_large_as_the_image": 21},
    ),
    WrongAnswer(
        "X-cost-nothing",
        COST,
        "a filter as large as the image is taken to have no place",
        "In how many places does it lie on the image completely: in none, or in one?",
        {"as_large_as_the_image": 0},
    ),
    WrongAnswer(
        "X-cost-mirror",
        COST,
        "the other filter is off by one",
        "A filter of 3 has 21 − 3 + 1 places along a side. Which filter has 3 places?",
        {"as_cheap_as_3": 18},
    ),
    WrongAnswer(
        "X-chap-contradiction",
        CLAIMS,
        "a reason speaks against its own verdict",
        "Read each claim together with the reason you chose: does the reason support your True or False?",
        {"B": (False, "a")},
    ),
    WrongAnswer(
        "X-chap-A-size",
        CLAIMS,
        "",
        "A: for images of one size, could you write down the table of a dense layer that gives the same outputs?",
        {"A": (False, "a")},
    ),
    WrongAnswer(
        "X-chap-A-count",
        CLAIMS,
        "",
        "A: the table in the picture has 35 cells. How many different weights are in it?",
        {"A": (True, "c")},
    ),
    WrongAnswer(
        "X-chap-B-move",
        CLAIMS,
        "",
        "B: a dense layer need not move its weights: it has a place for every copy.",
        {"B": (False, "b")},
    ),
    WrongAnswer(
        "X-chap-B-equal",
        CLAIMS,
        "",
        "B: the layer *could*. Does anything in training make weights of different units equal?",
        {"B": (True, "c")},
    ),
    WrongAnswer(
        "X-chap-C-few",
        CLAIMS,
        "",
        "C: think of a task where left and right mean different things. Can equal weights tell them apart?",
        {"C": (True, "a")},
    ),
    WrongAnswer(
        "X-chap-C-never",
        CLAIMS,
        "",
        "C: a network of convolutions can learn ten pictures by heart. Is overfitting really impossible?",
        {"C": (False, "b")},
    ),
    WrongAnswer(
        "X-chap-D-kept",
        CLAIMS,
        "",
        "D: the value is kept. Is it also kept in which cell of the window it was?",
        {"D": (True, "a")},
    ),
    WrongAnswer(
        "X-chap-D-moved",
        CLAIMS,
        "",
        "D: two points in different cells of one window end in the same cell. Did both move equally far?",
        {"D": (False, "c")},
    ),
    WrongAnswer(
        "X-chap-E-end",
        CLAIMS,
        "",
        "E: do libraries refuse such a layer? See what they do with the cell that no window reaches.",
        {"E": (True, "b")},
    ),
    WrongAnswer(
        "X-chap-E-up",
        CLAIMS,
        "",
        "E: a window has to lie on the line completely. How many places are there?",
        {"E": (False, "c")},
    ),
    WrongAnswer(
        "X-chap-F-touch",
        CLAIMS,
        "",
        "F: what hangs over reads cells that are neither image nor padding. What would it read there?",
        {"F": (False, "a")},
    ),
    WrongAnswer(
        "X-chap-F-never",
        CLAIMS,
        "",
        "F: the verdict is right. But what about a filter of 6 on these 4 cells with padding 1?",
        {"F": (True, "b")},
    ),
    WrongAnswer(
        "X-dil-last-missing",
        DILATED,
        "the last window is left out",
        "A filter as long as the line has one place. How many does your loop count?",
        holes_without_the_last,
        (slid,),
    ),
    WrongAnswer(
        "X-tr-size-times-stride",
        TRANSPOSED,
        "the line is given as many cells as the size times the stride",
        "Where does the last stamp begin, and on which cell does it end?",
        stamps_within_the_steps,
        (stamped, add),
    ),
    WrongAnswer(
        "X-use-first-channel",
        IN_USE,
        "all channels are normalized with the numbers of the first one",
        "Which index belongs to the channel, and where in your code does it change?",
        first_channel_for_all,
    ),
    WrongAnswer(
        "X-un-minus-one",
        UNPOOL,
        "one is taken away from every place",
        "Are the cells of the line counted from 0 or from 1? See where the first example puts its 8.",
        one_taken_from_the_places,
    ),
    WrongAnswer(
        "X-un-too-short",
        UNPOOL,
        "the line ends at the last maximum",
        "Which argument says how many cells the line has?",
        up_to_the_last_place,
    ),
    WrongAnswer(
        "X-un-in-front",
        UNPOOL,
        "the values are put at the beginning, one behind the other",
        "Which argument says where each value belongs?",
        one_behind_the_other,
    ),
    WrongAnswer(
        "X-cost-picture",
        COST,
        "the image of the picture is taken",
        "The picture is about 32 × 32 cells. How large is the image of the question?",
        {"most": 16**2 * 17**2, "as_cheap_as_3": 30},
    ),
    WrongAnswer(
        "X-cost-one-product",
        COST,
        "one product is counted for a filter that fits in one place",
        "In its one place, how many weights meet a cell of the image?",
        {"as_large_as_the_image": 1},
    ),
    WrongAnswer(
        "X-cost-same-filter",
        COST,
        "the filter of 3 × 3 itself is named",
        "Another filter is asked for: one for which places and weights change roles.",
        {"as_cheap_as_3": 3},
    ),
)
