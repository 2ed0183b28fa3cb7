"""Mistakes of Exercise 43: max pooling."""

import numpy as np

from grader_tests.answers import WrongAnswer

MAX_POOL2D = "ex43-max-pool2d"


def both(number):
    """Return (height, width) of a setting."""
    return tuple(number) if isinstance(number, (tuple, list)) else (number, number)


def checked(x, kernel_size, stride):
    """Refuse windows that do not exist, as the text asks: a known mistake is one mistake."""
    window, step = both(kernel_size), both(kernel_size if stride is None else stride)
    if min(*window, *step) < 1 or window[0] > x.shape[2] or window[1] > x.shape[3]:
        raise ValueError("there is no such window")


def pooled(x, kernel_size, stride, reduce=np.max):
    """Return what `reduce` makes of every full window."""
    checked(x, kernel_size, stride)
    (kh, kw), (sh, sw) = both(kernel_size), both(kernel_size if stride is None else stride)
    n, c, h, w = x.shape
    out = np.zeros((n, c, (h - kh) // sh + 1, (w - kw) // sw + 1))
    for i, j in np.ndindex(*out.shape[2:]):
        out[:, :, i, j] = reduce(x[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw], axis=(2, 3))
    return out


def pooled_to(x, kernel_size, stride, height, width):
    """Return as many windows as asked for; those at the end are cut, or repeat the last cell."""
    checked(x, kernel_size, stride)
    (kh, kw), (sh, sw) = both(kernel_size), both(kernel_size if stride is None else stride)
    n, c, h, w = x.shape
    out = np.zeros((n, c, height, width))
    for i, j in np.ndindex(height, width):
        top, left = min(i * sh, h - 1), min(j * sw, w - 1)
        out[:, :, i, j] = np.max(x[:, :, top : top + kh, left : left + kw], axis=(2, 3))
    return out


def side_minus_windows(x, kernel_size, stride=None):
    (kh, kw) = both(kernel_size)
    return pooled_to(x, kernel_size, stride, x.shape[2] - x.shape[2] // kh, x.shape[3] - x.shape[3] // kw)


def rows_only(x, kernel_size, stride=None):
    (kh, _), (sh, _) = both(kernel_size), both(kernel_size if stride is None else stride)
    return pooled(x, (kh, 1), (sh, 1))


def across_channels(x, kernel_size, stride=None):
    return pooled(x, kernel_size, stride).max(axis=1, keepdims=True)


def started_at_zero(x, kernel_size, stride=None):
    return np.maximum(pooled(x, kernel_size, stride), 0)


def zeros_padded(x, kernel_size, stride=None):
    (kh, kw) = both(kernel_size)
    return pooled(np.pad(x, ((0, 0), (0, 0), (kh // 2, kh // 2), (kw // 2, kw // 2))), kernel_size, stride)


def stride_of_one(x, kernel_size, stride=None):
    return pooled(x, kernel_size, 1 if stride is None else stride)


def stride_as_window(x, kernel_size, stride=None):
    return pooled(x, kernel_size, None)


def size_over_stride(x, kernel_size, stride=None):
    sh, sw = both(kernel_size if stride is None else stride)
    return pooled_to(x, kernel_size, stride, x.shape[2] // sh, x.shape[3] // sw)


def rounded_up(x, kernel_size, stride=None):
    (kh, kw), (sh, sw) = both(kernel_size), both(kernel_size if stride is None else stride)
    height, width = -(-(x.shape[2] - kh) // sh) + 1, -(-(x.shape[3] - kw) // sw) + 1
    return pooled_to(x, kernel_size, stride, height, width)


def last_cell(x, kernel_size, stride=None):
    return pooled(x, kernel_size, stride, lambda window, axis: window[:, :, -1, -1])


def first_cell(x, kernel_size, stride=None):
    return pooled(x, kernel_size, stride, lambda window, axis: window[:, :, 0, 0])


def window_swapped(x, kernel_size, stride=None):
    (kh, kw), (sh, sw) = both(kernel_size), both(kernel_size if stride is None else stride)
    return pooled(x, (kw, kh), (sw, sh))


def stride_swapped(x, kernel_size, stride=None):
    sh, sw = both(kernel_size if stride is None else stride)
    return pooled(x, kernel_size, (sw, sh))


def averaged(x, kernel_size, stride=None):
    return pooled(x, kernel_size, stride, np.mean)


def minimum(x, kernel_size, stride=None):
    return pooled(x, kernel_size, stride, np.min)


def magnitude(x, kernel_size, stride=None):
    return pooled(np.abs(x.astype(float)), kernel_size, stride)


def largest_magnitude(x, kernel_size, stride=None):
    most, least = pooled(x, kernel_size, stride, np.max), pooled(x, kernel_size, stride, np.min)
    return np.where(-least > most, least, most)


def diagonal_only(x, kernel_size, stride=None):
    def reduce(window, axis):
        return np.diagonal(window, axis1=2, axis2=3).max(axis=-1)

    return pooled(x, kernel_size, stride, reduce)


def square_window(x, kernel_size, stride=None):
    kh, sh = both(kernel_size)[0], both(kernel_size if stride is None else stride)[0]
    return pooled(x, kh, sh)


def first_number_of_stride(x, kernel_size, stride=None):
    return pooled(x, kernel_size, both(kernel_size if stride is None else stride)[0])


def square_output(x, kernel_size, stride=None):
    (kh, _), (sh, _) = both(kernel_size), both(kernel_size if stride is None else stride)
    side = (x.shape[2] - kh) // sh + 1
    return pooled_to(x, kernel_size, stride, side, side)


def first_image(x, kernel_size, stride=None):
    return pooled(np.repeat(x[:1], len(x), axis=0), kernel_size, stride)


def first_channel(x, kernel_size, stride=None):
    return pooled(np.repeat(x[:, :1], x.shape[1], axis=1), kernel_size, stride)


def across_images(x, kernel_size, stride=None):
    return pooled(x, kernel_size, stride).max(axis=0, keepdims=True)


def height_and_width_swapped(x, kernel_size, stride=None):
    return pooled(x, kernel_size, stride).swapaxes(2, 3)


def input_changed(x, kernel_size, stride=None):
    out = pooled(x, kernel_size, stride)
    x[:, :, : out.shape[2], : out.shape[3]] = out
    return out


def decimals_cut(x, kernel_size, stride=None):
    return pooled(x, kernel_size, stride).astype(int)


def tuples_refused(x, kernel_size, stride=None):
    stride = kernel_size if stride is None else stride
    side = [(length - kernel_size) // stride + 1 for length in x.shape[2:]]
    return pooled(x, kernel_size, stride)[:, :, : side[0], : side[1]]


def summed(x, kernel_size, stride=None):
    return pooled(x, kernel_size, stride, np.sum)


def one_short(x, kernel_size, stride=None):
    return pooled(x, kernel_size, stride)[:, :, :-1, :-1]


def started_at_minus_1000(x, kernel_size, stride=None):
    return np.maximum(pooled(x, kernel_size, stride), -1000)


def overhanging(x, kernel_size, stride=None):
    checked(x, kernel_size, stride)
    (sh, sw) = both(kernel_size if stride is None else stride)
    return pooled_to(x, kernel_size, stride, -(-x.shape[2] // sh), -(-x.shape[3] // sw))


def given_stride_swapped(x, kernel_size, stride=None):
    return pooled(x, kernel_size, None if stride is None else both(stride)[::-1])


def stride_of_two(x, kernel_size, stride=2):
    return pooled(x, kernel_size, stride)


def mistake(name, answer, says, hint, *needs):
    return WrongAnswer(name, MAX_POOL2D, says, hint, answer, (both, checked, pooled, *needs))


WRONG_ANSWERS = (
    mistake(
        "E43-by-vs-to",
        side_minus_windows,
        "the number of windows is taken away from the side",
        "How many windows of length 3 fit into 27 cells? That is what is left, not what goes.",
        pooled_to,
    ),
    mistake(
        "E43-half-values",
        rows_only,
        "only the height is pooled",
        "A window of 2x2 makes one value of four. Both sides of the map shrink.",
    ),
    mistake(
        "E43-across-channels",
        across_channels,
        "the maximum runs over the channels too",
        "Each channel is pooled alone. Over which axes does your maximum run?",
    ),
    mistake(
        "E43-init-zero",
        started_at_zero,
        "the maximum starts at 0",
        "What is the largest of -3, -1 and -2? Start with a value of the window.",
    ),
    mistake(
        "E43-zero-pad-max",
        zeros_padded,
        "the image is padded with zeros first",
        "No padding is asked for, and a zero would win against negative values.",
    ),
    mistake(
        "E43-default-stride",
        stride_of_one,
        "the stride is 1 when none is given",
        "Without a stride the windows lie side by side. How far apart are their starts?",
    ),
    mistake(
        "E43-stride-equals-pool",
        stride_as_window,
        "the stride that was given is not used",
        "A stride of 2 with a window of 3: where does the second window start?",
    ),
    mistake(
        "E43-n-over-s",
        size_over_stride,
        "the side is divided by the stride",
        "A window needs room too: the size follows the same formula as for a convolution.",
        pooled_to,
    ),
    mistake(
        "E43-odd-ceil",
        rounded_up,
        "cells left over get a window of their own",
        "Here a window that does not fit is left out: the size is rounded down.",
        pooled_to,
    ),
    mistake(
        "E43-last-element",
        last_cell,
        "the last cell of each window is taken",
        "On sorted numbers the last cell is the maximum. Try numbers in another order.",
    ),
    mistake(
        "E43-swap-pool-hw",
        window_swapped,
        "height and width of the window change places",
        "A window of (2, 3) is two cells high and three wide.",
    ),
    mistake("X43-first-cell", first_cell, "the first cell of each window is taken", "Compare all cells of the window."),
    mistake(
        "X43-stride-swapped",
        stride_swapped,
        "height and width of the stride change places",
        "A stride of (2, 1) moves two cells down and one to the right.",
    ),
    mistake("X43-mean", averaged, "the window is averaged", "The largest value is asked for."),
    mistake("X43-minimum", minimum, "the smallest value is taken", "The largest value is asked for."),
    mistake("X43-magnitude", magnitude, "signs are dropped", "Is -9 larger than 2?"),
    mistake(
        "X43-largest-magnitude",
        largest_magnitude,
        "the number furthest from 0 is taken",
        "Which is larger: -9 or 2?",
    ),
    mistake(
        "X43-diagonal", diagonal_only, "only the diagonal of the window is read", "Every cell of the window takes part."
    ),
    mistake(
        "X43-square-window",
        square_window,
        "the height of the window is used for its width too",
        "Read both numbers of a window such as (2, 3).",
    ),
    mistake(
        "X43-first-stride",
        first_number_of_stride,
        "the first number of the stride is used in both directions",
        "Read both numbers of a stride such as (2, 1).",
    ),
    mistake(
        "X43-square-output",
        square_output,
        "the width of the output is computed from the height",
        "Try an image that is wider than high.",
        pooled_to,
    ),
    mistake(
        "X43-first-image", first_image, "every image gives the result of the first", "Which image does your loop read?"
    ),
    mistake(
        "X43-first-channel",
        first_channel,
        "every channel gives the result of the first",
        "Which channel does your loop read?",
    ),
    mistake("X43-across-images", across_images, "the maximum runs over the images too", "Each image is pooled alone."),
    mistake(
        "X43-transposed",
        height_and_width_swapped,
        "height and width of the output change places",
        "Try an image that is wider than high.",
    ),
    mistake(
        "X43-mutates-input",
        input_changed,
        "the array that was passed in is changed",
        "Write into an array of your own.",
    ),
    mistake("X43-decimals-cut", decimals_cut, "the digits after the point are lost", "Which dtype has your output?"),
    mistake(
        "X43-no-tuples",
        tuples_refused,
        "a window or stride of two numbers is not understood",
        "Both may be an int or (height, width).",
    ),
    mistake("X43-sum", summed, "the window is added up", "The largest value is asked for."),
    mistake(
        "X43-one-short",
        one_short,
        "the last window of each direction is missing",
        "A window as large as the image has exactly one position. How many does your size have?",
    ),
    mistake(
        "X43-start-minus-1000",
        started_at_minus_1000,
        "the maximum starts at -1000",
        "What comes out for a window in which every value is smaller than the number you start with?",
    ),
    mistake(
        "X43-overhanging",
        overhanging,
        "a window starts at every step, also where it hangs over the end",
        "A window that is not full is left out: where may the last one start?",
        pooled_to,
    ),
    mistake(
        "X43-given-stride-swapped",
        given_stride_swapped,
        "a stride of two numbers is read as (width, height)",
        "A pair gives the height first, for the stride as well.",
    ),
    mistake(
        "X43-stride-of-two",
        stride_of_two,
        "the stride is 2 where none is given",
        "Without a stride the windows lie side by side. How far apart are the starts of windows of 3?",
    ),
)
