"""Mistakes of Exercise 41 in computing a convolution."""

import numpy as np

from grader_tests.answers import WrongAnswer

CONV2D = "ex41-conv2d"


def checked(x, weight, stride, padding):
    """Refuse what is no layer, as the text asks: a known mistake is one mistake."""
    (h, w), (kh, kw) = x.shape[2:], weight.shape[2:]
    if stride < 1 or padding < 0 or kh > h + 2 * padding or kw > w + 2 * padding:
        raise ValueError("impossible layer")


def slide(x, weight, bias, stride, padding, respond=None):
    """Place a window at every position and let `respond` make a number of it; by default the sum of the products."""
    checked(x, weight, stride, padding)
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    padded = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    padded[:, :, padding : padding + h, padding : padding + w] = x
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    if respond is None:  # in one go, for most mistakes lie elsewhere, and all are recomputed for each wrong answer
        out = np.moveaxis(np.tensordot(windows, weight, axes=((1, 4, 5), (1, 2, 3))), 3, 1)
    else:
        out = np.zeros((n, o, *windows.shape[2:4]))
        for image, d, i, j in np.ndindex(*out.shape):
            out[image, d, i, j] = respond(windows[image, :, i, j], weight[d])
    return out if bias is None else out + np.reshape([bias[d] for d in range(o)], (-1, 1, 1))


def height_and_width_swapped(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, stride, padding).swapaxes(2, 3)


def square_kernel(x, weight, bias=None, stride=1, padding=0):
    checked(x, weight, stride, padding)
    n, c, h, w = x.shape
    o, _, k, _ = weight.shape
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    out = np.zeros((n, o, (h - k + 2 * padding) // stride + 1, (w - k + 2 * padding) // stride + 1))
    for image, d, i, j in np.ndindex(*out.shape):
        patch = padded[image, :, i * stride : i * stride + k, j * stride : j * stride + k]
        out[image, d, i, j] = np.sum(patch * weight[d]) + (0 if bias is None else bias[d])
    return out


def square_output(x, weight, bias=None, stride=1, padding=0):
    checked(x, weight, stride, padding)
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    side = (h - kh + 2 * padding) // stride + 1
    out = np.zeros((n, o, side, side))
    for image, d, i, j in np.ndindex(*out.shape):
        patch = padded[image, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
        out[image, d, i, j] = np.sum(patch * weight[d]) + (0 if bias is None else bias[d])
    return out


def flipped(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight[:, :, ::-1, ::-1], bias, stride, padding)


def kernel_transposed(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight.swapaxes(2, 3), bias, stride, padding)


def end_not_moved(x, weight, bias=None, stride=1, padding=0):
    checked(x, weight, stride, padding)
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    out = np.zeros((n, o, (h - kh + 2 * padding) // stride + 1, (w - kw + 2 * padding) // stride + 1))
    for image, d, i, j in np.ndindex(*out.shape):
        patch = padded[image, :, i * stride : i + kh, j * stride : j + kw]
        out[image, d, i, j] = np.sum(patch * weight[d]) + (0 if bias is None else bias[d])
    return out


def unpadded_sliced(x, weight, bias=None, stride=1, padding=0):
    checked(x, weight, stride, padding)
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    out = np.zeros((n, o, (h - kh + 2 * padding) // stride + 1, (w - kw + 2 * padding) // stride + 1))
    for image, d, i, j in np.ndindex(*out.shape):
        patch = x[image, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
        out[image, d, i, j] = np.sum(patch * weight[d]) + (0 if bias is None else bias[d])
    return out


def all_axes_padded(x, weight, bias=None, stride=1, padding=0):
    return slide(np.pad(x, padding), np.pad(weight, ((0, 0), (padding, padding), (0, 0), (0, 0))), bias, stride, 0)


def padded_at_the_end(x, weight, bias=None, stride=1, padding=0):
    longer = np.pad(x, ((0, 0), (0, 0), (0, 2 * padding), (0, 2 * padding)))
    return slide(longer, weight, bias, stride, 0)


def edge_repeated(x, weight, bias=None, stride=1, padding=0):
    longer = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="edge")
    return slide(longer, weight, bias, stride, 0)


def mirrored(x, weight, bias=None, stride=1, padding=0):
    longer = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="reflect")
    return slide(longer, weight, bias, stride, 0)


def input_changed(x, weight, bias=None, stride=1, padding=0):
    out = slide(x, weight, bias, stride, padding)
    if bias is not None:
        x += 1
    return out


def eight_bits_kept(x, weight, bias=None, stride=1, padding=0):
    out = slide(x, weight, bias, stride, padding)
    return out if x.dtype.kind == "f" else out.astype(np.int64).astype(x.dtype)


def matrix_product(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, stride, padding, lambda patch, kernel: np.sum(patch @ kernel))


def multiply_one_argument(x, weight, bias=None, stride=1, padding=0):
    def respond(patch, kernel):
        return np.sum(np.multiply(patch * kernel))  # type: ignore[call-overload]

    return slide(x, weight, bias, stride, padding, respond)


def averaged(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, stride, padding, lambda patch, kernel: np.mean(patch * kernel))


def first_image(x, weight, bias=None, stride=1, padding=0):
    return slide(np.repeat(x[:1], len(x), axis=0), weight, bias, stride, padding)


def rectified(x, weight, bias=None, stride=1, padding=0):
    return np.maximum(slide(x, weight, bias, stride, padding), 0)


def other_order(x, weight, bias=None, stride=1, padding=0):
    def respond(patch, kernel):
        return patch.transpose(1, 2, 0).ravel() @ kernel.ravel()

    return slide(x, weight, bias, stride, padding, respond)


def stride_ignored(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, 1, padding)


def stride_in_rows_only(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, 1, padding)[:, :, ::stride]


def first_windows_only(x, weight, bias=None, stride=1, padding=0):
    out = slide(x, weight, bias, stride, padding)
    return slide(x, weight, bias, 1, padding)[:, :, : out.shape[2], : out.shape[3]]


def padding_ignored(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, stride, 0)


def padding_doubled(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, stride, 2 * padding)


def padding_of_one(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, stride, min(padding, 1))


def padded_at_the_front(x, weight, bias=None, stride=1, padding=0):
    longer = np.pad(x, ((0, 0), (0, 0), (2 * padding, 0), (2 * padding, 0)))
    return slide(longer, weight, bias, stride, 0)


def ones_padded(x, weight, bias=None, stride=1, padding=0):
    longer = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), constant_values=1)
    return slide(longer, weight, bias, stride, 0)


def bias_ignored(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, None, stride, padding)


def first_bias_for_all(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, None if bias is None else np.full(len(weight), bias[0]), stride, padding)


def bias_in_every_channel(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, None if bias is None else np.asarray(bias) * x.shape[1], stride, padding)


def bias_subtracted(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, None if bias is None else -np.asarray(bias), stride, padding)


def first_channel_only(x, weight, bias=None, stride=1, padding=0):
    return slide(x[:, :1], weight[:, :1], bias, stride, padding)


def last_channel_only(x, weight, bias=None, stride=1, padding=0):
    return slide(x[:, -1:], weight[:, -1:], bias, stride, padding)


def first_filter_for_all(x, weight, bias=None, stride=1, padding=0):
    return slide(x, np.repeat(weight[:1], len(weight), axis=0), bias, stride, padding)


def filters_summed(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, stride, padding).sum(axis=1, keepdims=True)


def one_row_short(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, stride, padding)[:, :, :-1, :-1]


def decimals_cut(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, stride, padding).astype(int)


def channels_last(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, stride, padding).transpose(0, 2, 3, 1)


def mirrored_rows(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight[:, :, ::-1], bias, stride, padding)


def mirrored_columns(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight[:, :, :, ::-1], bias, stride, padding)


def added(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, stride, padding, lambda patch, kernel: np.sum(patch + kernel))


def maximum_taken(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, stride, padding, lambda patch, kernel: np.max(patch * kernel))


def strided_padding(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, padding if padding > 0 else 1, stride if padding > 0 else 0)


def size_divided_by_stride(x, weight, bias=None, stride=1, padding=0):
    out = slide(x, weight, bias, stride, padding)
    dense = [side + 2 * padding - k + 1 for side, k in zip(x.shape[2:], weight.shape[2:], strict=True)]
    return out[:, :, : dense[0] // stride, : dense[1] // stride]


def channels_averaged(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, stride, padding, lambda patch, kernel: np.sum(patch * kernel) / len(patch))


def channels_reversed(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, stride, padding, lambda patch, kernel: np.sum(patch[::-1] * kernel))


def last_channel_dropped(x, weight, bias=None, stride=1, padding=0):
    deep = max(x.shape[1] - 1, 1)
    return slide(x[:, :deep], weight[:, :deep], bias, stride, padding)


def filters_reversed(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight[::-1], None if bias is None else bias[::-1], stride, padding)


def strided_twice(x, weight, bias=None, stride=1, padding=0):
    return slide(x, weight, bias, stride, padding)[:, :, ::stride, ::stride]


def stride_of_two_by_default(x, weight, bias=None, stride=2, padding=0):
    return slide(x, weight, bias, stride, padding)


def rows_padded_only(x, weight, bias=None, stride=1, padding=0):
    checked(x, weight, stride, padding)
    longer = np.pad(x, ((0, 0), (0, 0), (padding, padding), (0, 0)))
    return slide(longer, weight, bias, stride, 0)


def filled_by_columns(x, weight, bias=None, stride=1, padding=0):
    out = slide(x, weight, bias, stride, padding)
    return out.swapaxes(2, 3).reshape(out.shape)


def last_line_left_empty(x, weight, bias=None, stride=1, padding=0):
    out = slide(x, weight, bias, stride, padding)
    if min(out.shape[2:]) > 1:
        out[:, :, -1], out[:, :, :, -1] = 0, 0
    return out


def mistake(name, answer, says, hint):
    return WrongAnswer(name, CONV2D, says, hint, answer, (checked, slide))


WRONG_ANSWERS = (
    mistake(
        "E41-swap-hw",
        height_and_width_swapped,
        "height and width of the output change places",
        "Squares hide this in the shape. Which of your indices counts rows, and which columns?",
    ),
    mistake(
        "E41-square-kernel",
        square_kernel,
        "the height of the filter is used for its width too",
        "Read both sides off the shape of the weights, and try a filter of 2x3.",
    ),
    mistake(
        "E41-flip",
        flipped,
        "the filter is turned by 180 degrees",
        "Lay the filter on the image as it is, multiply cell by cell, add up: no turning here.",
    ),
    mistake(
        "E41-transpose-kernel",
        kernel_transposed,
        "rows and columns of the filter are swapped",
        "The window cell in row a, column b belongs to the weight in row a, column b.",
    ),
    mistake(
        "E41-end-not-scaled",
        end_not_moved,
        "the window's end does not move with its start",
        "Print the start and the end of each window for stride 2. Are all windows equally long?",
    ),
    mistake(
        "E41-slice-unpadded",
        unpadded_sliced,
        "the windows are cut out of the array without zeros",
        "You made a padded array. Which array do the windows come from?",
    ),
    mistake(
        "E41-pad-all-axes",
        all_axes_padded,
        "images and channels are padded as well",
        "Print the shape right after padding: which of the four axes should have grown?",
    ),
    mistake(
        "E41-pad-one-side",
        padded_at_the_end,
        "all the zeros are put at the end",
        "Where does the first real pixel lie in the padded row? There should be zeros on both sides of the image.",
    ),
    mistake(
        "E41-edge-not-zero",
        edge_repeated,
        "the border is padded with copies of the edge",
        "It is called zero padding: which number do the new cells hold?",
    ),
    mistake(
        "E41-mutates-input",
        input_changed,
        "the array that was passed in is changed",
        "Call your function twice on the same array and compare the results.",
    ),
    mistake(
        "E41-uint8",
        eight_bits_kept,
        "the result is kept in the dtype of the image",
        "What is 200 + 100 in eight bits? Look at the dtype of your output array.",
    ),
    mistake(
        "E41-matmul",
        matrix_product,
        "window and filter are multiplied as matrices",
        "A response is a sum of products of cells at the same place. Does @ compute that?",
    ),
    mistake(
        "E41-multiply-one-arg",
        multiply_one_argument,
        "np.multiply gets one argument",
        "np.multiply takes the two arrays as two arguments; `*` needs no function at all.",
    ),
    mistake(
        "E41-mean-not-sum",
        averaged,
        "the products are averaged",
        "What should a filter of ones give on a window 1, 2, 3? Is there a division in the definition?",
    ),
    mistake(
        "E41-first-image",
        first_image,
        "every image of the batch gives the result of the first",
        "Pass two different images and compare the two results. Which image does your loop read?",
    ),
    mistake(
        "E41-relu-in-conv",
        rectified,
        "negative results are set to 0",
        "Does the task mention an activation? That is a layer of its own.",
    ),
    mistake(
        "E41-im2col-order",
        other_order,
        "window and filter are flattened in different orders",
        "Flatten one window and one filter of the numbers 0, 1, 2, ... and print both.",
    ),
    mistake(
        "X41-stride-ignored",
        stride_ignored,
        "the stride is not used",
        "How far does the window move from one output cell to the next?",
    ),
    mistake(
        "X41-stride-rows-only",
        stride_in_rows_only,
        "the stride is used in one direction only",
        "The window moves down and to the right. Do both movements use the stride?",
    ),
    mistake(
        "X41-windows-not-strided",
        first_windows_only,
        "the output has the size for the stride, but the windows move by one cell",
        "Where does the window of output cell 1 start when the stride is 2?",
    ),
    mistake("X41-padding-ignored", padding_ignored, "the padding is not used", "Where do the zeros come in?"),
    mistake(
        "X41-padding-doubled",
        padding_doubled,
        "twice the padding is put at each end",
        "The padding counts the zeros at each end, not their sum.",
    ),
    mistake(
        "X41-padding-of-one",
        padding_of_one,
        "one cell is padded whatever the padding is",
        "Try padding 2: how many zeros are there at each end?",
    ),
    mistake(
        "X41-padded-at-the-front",
        padded_at_the_front,
        "all the zeros are put in front",
        "There should be zeros on both sides of the image.",
    ),
    mistake(
        "X41-mirror-padding",
        mirrored,
        "the border is padded with the mirrored image",
        "It is called zero padding: which number do the new cells hold?",
    ),
    mistake("X41-ones-padded", ones_padded, "the border is padded with ones", "Which number do the new cells hold?"),
    mistake("X41-bias-ignored", bias_ignored, "the bias is not added", "What happens after the sum is formed?"),
    mistake(
        "X41-first-bias",
        first_bias_for_all,
        "every filter gets the bias of the first",
        "Which bias belongs to output channel d?",
    ),
    mistake(
        "X41-bias-per-channel-sum",
        bias_in_every_channel,
        "the bias is added once for each input channel",
        "One bias for one sum: is it inside or outside your loop over channels?",
    ),
    mistake("X41-bias-subtracted", bias_subtracted, "the bias is subtracted", "Sum plus bias, not minus."),
    mistake(
        "X41-first-channel-only",
        first_channel_only,
        "only the first input channel is read",
        "A filter is as deep as the input: every channel takes part in the sum.",
    ),
    mistake(
        "X41-last-channel-only",
        last_channel_only,
        "only the last input channel counts",
        "Is the result of one channel overwritten by the next? It should be added.",
    ),
    mistake(
        "X41-first-filter",
        first_filter_for_all,
        "every output channel uses the first filter",
        "Which filter makes output channel d?",
    ),
    mistake(
        "X41-filters-summed",
        filters_summed,
        "the results of all filters are added up",
        "Each filter makes a channel of its own; what is summed are input channels.",
    ),
    mistake(
        "X41-one-row-short",
        one_row_short,
        "the last row and column are missing",
        "A filter as large as the image has exactly one position. How many does your size have?",
    ),
    mistake(
        "X41-decimals-cut", decimals_cut, "the digits after the point are lost", "Which dtype has your output array?"
    ),
    mistake(
        "X41-channels-last", channels_last, "the channels come last", "The order of the axes is that of x: N, C, H, W."
    ),
    mistake(
        "X41-rows-upside-down",
        mirrored_rows,
        "the filter is upside down",
        "The window cell in row a belongs to the weight in row a.",
    ),
    mistake(
        "X41-columns-back-to-front",
        mirrored_columns,
        "the filter's columns are back to front",
        "The window cell in column b belongs to the weight in column b.",
    ),
    mistake(
        "X41-added", added, "window and filter are added", "Multiply cell by cell first; then add up the products."
    ),
    mistake("X41-maximum", maximum_taken, "the largest product is taken", "Add up all products; that is the response."),
    mistake(
        "X41-stride-padding-swapped",
        strided_padding,
        "stride and padding change places",
        "Compare the order of your parameters with the order in the task.",
    ),
    mistake(
        "X41-dense-size-divided",
        size_divided_by_stride,
        "the size for stride 1 is divided by the stride",
        "Write down where each window starts. How many starts are there?",
    ),
    mistake(
        "X41-channels-averaged",
        channels_averaged,
        "the input channels are averaged",
        "What is done with the responses of the single channels: is anything divided?",
    ),
    mistake(
        "X41-channels-reversed",
        channels_reversed,
        "the channels of image and filter meet in opposite orders",
        "Which channel of the filter belongs to channel 0 of the image?",
    ),
    mistake(
        "X41-last-channel-dropped",
        last_channel_dropped,
        "the last input channel takes no part",
        "How far does your loop, or your slice, over the channels run?",
    ),
    mistake(
        "X41-filters-reversed",
        filters_reversed,
        "the filters write their maps in opposite order",
        "Which output channel does filter 0 write?",
    ),
    mistake(
        "X41-stride-twice",
        strided_twice,
        "the stride is applied twice",
        "Where does the stride come in: when windows are placed, or when results are picked? Once is enough.",
    ),
    mistake(
        "X41-default-stride",
        stride_of_two_by_default,
        "the stride is 2 where none is given",
        "Compare the defaults in your `def` line with the task.",
    ),
    mistake(
        "X41-rows-padded-only",
        rows_padded_only,
        "zeros are added above and below only",
        "Which of the four axes should grow when the image is padded?",
    ),
    mistake(
        "X41-filled-by-columns",
        filled_by_columns,
        "the cells of the result are filled column by column",
        "In which order does your list of responses run, and in which order does reshape read it?",
    ),
    mistake(
        "X41-last-line-empty",
        last_line_left_empty,
        "the last row and the last column are never filled",
        "Does your loop reach the last position of the window?",
    ),
)
