"""Mistakes that most inputs do not show: sizes of 0 and 1, biases of 0, large filters, fractions."""

import numpy as np

from grader_tests.answers import WrongAnswer

SIDES, SHAPE, CONV2D, SLICE = "ex39-same-padding-sides", "ex41-conv-output-shape", "ex41-conv2d", "ex41-depth-slice"
GROUPS, NETWORK, TRANSPOSED = "arch1-grouped-parameters", "arch1-count-network", "arch2-transposed-size"
WEIGHT, INPUT, MAX_POOL = "arch3-weight-gradient", "arch3-input-gradient", "arch3-max-pool-gradient"
AVG_POOL = "arch3-avg-pool"


def long_filter_refused(size, kernel_size, stride):
    if kernel_size > size:
        raise ValueError("the filter is longer than the side")
    total = max((-(-size // stride) - 1) * stride + kernel_size - size, 0)
    return total // 2, total - total // 2


def few_filters_refused(input_shape, filters, kernel_size, stride=1, padding=0):
    width, height, depth = input_shape
    if filters < depth:
        raise ValueError("too few filters")
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if stride < 1 or padding < 0 or kw > width + 2 * padding or kh > height + 2 * padding:
        raise ValueError("impossible layer")
    return (width - kw + 2 * padding) // stride + 1, (height - kh + 2 * padding) // stride + 1, filters


def correlated(x, weight, stride, padding):
    padded = np.pad(x.astype(float), ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, weight.shape[2:], axis=(2, 3))
    return np.einsum("nchwij,ocij->nohw", windows[:, :, ::stride, ::stride], weight)


def bias_only_without_zeros(x, weight, bias=None, stride=1, padding=0):
    (h, w), (kh, kw) = x.shape[2:], weight.shape[2:]
    if stride < 1 or padding < 0 or kh > h + 2 * padding or kw > w + 2 * padding:
        raise ValueError("impossible layer")
    out = correlated(x, weight, stride, padding)
    return out + bias[:, None, None] if bias is not None and np.all(bias) else out


def fit_before_padding(x, weight, bias=None, stride=1, padding=0):
    if stride < 1 or padding < 0 or weight.shape[2] > x.shape[2] or weight.shape[3] > x.shape[3]:
        raise ValueError("the filter is larger than the image")
    out = correlated(x, weight, stride, padding)
    return out if bias is None else out + bias[:, None, None]


def slice_before_padding(x, weight, bias, d, stride=1, padding=0):
    return fit_before_padding(x, weight, bias, stride, padding)[:, d]


def sum_of_both_divided(kernel_size, in_channels, filters, groups=1, bias=True):
    if (in_channels + filters) % groups:
        raise ValueError("the groups do not fit")
    return filters * (kernel_size**2 * in_channels // groups + bias)


def costs_first(layers, input_shape):
    height, width, channels = input_shape
    parameters = costs = values = 0
    for kind, *settings in layers:
        if kind == "conv":
            filters, kernel_size, padding = settings
            cut = 0 if padding == "same" else kernel_size - 1
            height, width = height - cut, width - cut
            weights = filters * kernel_size**2 * channels
            parameters, costs, channels = parameters + weights + filters, costs + weights * height * width, filters
        elif kind == "pool":
            height, width = height // settings[0], width // settings[0]
        elif kind == "flatten":
            values = height * width * channels
        elif kind == "dense":
            parameters, costs = parameters + settings[0] * (values + 1), costs + settings[0] * values
            values = settings[0]
    return costs, parameters


def stamped(size, kernel_size, stride, padding, output_padding):
    if output_padding >= stride:
        raise ValueError("output_padding has to be smaller than the stride")
    return (size - 1) * stride + kernel_size - 2 * padding + output_padding


def nothing_is_a_size(size, kernel_size, stride=1, padding=0, output_padding=0):
    cells = stamped(size, kernel_size, stride, padding, output_padding)
    if cells < 0:
        raise ValueError("nothing is left")
    return cells


def one_cell_refused(size, kernel_size, stride=1, padding=0, output_padding=0):
    cells = stamped(size, kernel_size, stride, padding, output_padding)
    if cells <= 1:
        raise ValueError("nothing is left")
    return cells


def long_padding_refused(size, kernel_size, stride=1, padding=0, output_padding=0):
    cells = stamped(size, kernel_size, stride, padding, output_padding)
    if cells < 1 or padding >= kernel_size:
        raise ValueError("the padding is as long as the filter")
    return cells


def whole_weight_gradient(grad_output, x, kernel_size, stride=1, padding=0):
    padded, total = np.pad(x, padding), np.zeros(kernel_size, dtype=int)
    for place, grad in enumerate(grad_output):
        for tap in range(kernel_size):
            total[tap] += grad * padded[place * stride + tap]
    return total


def whole_input_gradient(grad_output, weight, size, stride=1, padding=0):
    padded = np.zeros(size + 2 * padding, dtype=int)
    for place, grad in enumerate(grad_output):
        for tap in range(len(weight)):
            padded[place * stride + tap] += grad * weight[tap]
    return padded[padding : padding + size]


def whole_pool_gradient(grad_output, x, kernel_size, stride=None):
    step, out = stride or kernel_size, np.zeros(len(x), dtype=int)
    for place, grad in enumerate(grad_output):
        out[place * step + np.argmax(x[place * step : place * step + kernel_size])] += grad
    return out


def means(x, kernel_size, padding, starts, count_include_pad):
    out = []
    for start in starts:
        end = min(start + kernel_size, len(x) + padding)
        real = x[max(start, 0) : max(end, 0)]
        out.append(real.sum() / max(end - start if count_include_pad else len(real), 1))
    return np.array(out)


def begins_in_the_padding(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    step, room = stride or kernel_size, len(x) + 2 * padding - kernel_size
    count = (-(-room // step) if ceil_mode else room // step) + 1
    starts = [place * step - padding for place in range(count)]
    return means(np.asarray(x), kernel_size, padding, starts, count_include_pad)


def always_one_more(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    step, room = stride or kernel_size, len(x) + 2 * padding - kernel_size
    count = room // step + (2 if ceil_mode else 1)
    starts = [start for start in (place * step - padding for place in range(count)) if start < len(x)]
    return means(np.asarray(x), kernel_size, padding, starts, count_include_pad)


def whole_line(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    step, room = stride or kernel_size, len(x) + 2 * padding - kernel_size
    count = (-(-room // step) if ceil_mode else room // step) + 1
    starts = [start for start in (place * step - padding for place in range(count)) if start < len(x)]
    return means(np.asarray(x).astype(int), kernel_size, padding, starts, count_include_pad)


WRONG_ANSWERS = (
    WrongAnswer(
        "X-sides-long-filter",
        SIDES,
        "a filter longer than the side is refused",
        "The zeros are there to make room for it: the formula of the text holds for it as well.",
        long_filter_refused,
    ),
    WrongAnswer(
        "X-shape-few-filters",
        SHAPE,
        "fewer filters than channels are refused",
        "Each filter reads all channels, so there may be as few filters as you like.",
        few_filters_refused,
    ),
    WrongAnswer(
        "X-conv-bias-zero",
        CONV2D,
        "biases of which one is 0 are left out altogether",
        "0 is a bias like any other. Which comparison tells that no bias was given?",
        bias_only_without_zeros,
        (correlated,),
    ),
    WrongAnswer(
        "X-conv-fit-before-padding",
        CONV2D,
        "a filter is refused that fits only once the image is padded",
        "Compare the filter with the padded image.",
        fit_before_padding,
        (correlated,),
    ),
    WrongAnswer(
        "X-slice-fit-before-padding",
        SLICE,
        "a filter is refused that fits only once the image is padded",
        "Compare the filter with the padded image.",
        slice_before_padding,
        (correlated, fit_before_padding),
    ),
    WrongAnswer(
        "X-groups-sum",
        GROUPS,
        "channels and filters only have to be divisible together",
        "Channels are shared out among the groups, and so are filters: each on its own.",
        sum_of_both_divided,
    ),
    WrongAnswer(
        "X-network-swapped",
        NETWORK,
        "the two totals change places",
        "In which order does the text ask for them?",
        costs_first,
    ),
    WrongAnswer(
        "X-deconv-zero",
        TRANSPOSED,
        "an output of 0 cells is let through",
        "What is left when exactly as many cells are cut off as there are?",
        nothing_is_a_size,
        (stamped,),
    ),
    WrongAnswer(
        "X-deconv-one",
        TRANSPOSED,
        "an output of one cell is refused",
        "One cell is something. When is nothing left?",
        one_cell_refused,
        (stamped,),
    ),
    WrongAnswer(
        "X-deconv-long-padding",
        TRANSPOSED,
        "a padding as long as the filter is refused",
        "The text refuses two things only; this one is neither, as long as cells are left.",
        long_padding_refused,
        (stamped,),
    ),
    WrongAnswer(
        "X-backward-dw-whole",
        WEIGHT,
        "gradients lose their digits after the point",
        "Which dtype has the array that you add up in?",
        whole_weight_gradient,
    ),
    WrongAnswer(
        "X-backward-dx-whole",
        INPUT,
        "gradients lose their digits after the point",
        "Which dtype has the array that you add up in?",
        whole_input_gradient,
    ),
    WrongAnswer(
        "X-back-whole",
        MAX_POOL,
        "gradients lose their digits after the point",
        "Which dtype has the array that you add up in?",
        whole_pool_gradient,
    ),
    WrongAnswer(
        "X-avg-padding-only",
        AVG_POOL,
        "a window may begin behind the last real cell",
        "Rounding up can leave one window too many: where does the last one begin?",
        begins_in_the_padding,
        (means,),
    ),
    WrongAnswer(
        "X-avg-one-more",
        AVG_POOL,
        "with ceil_mode there is always one window more",
        "Where nothing is left over, there is nothing to round up.",
        always_one_more,
        (means,),
    ),
    WrongAnswer(
        "X-avg-whole",
        AVG_POOL,
        "the line loses its digits after the point",
        "Which dtype do you convert the line to?",
        whole_line,
        (means,),
    ),
)
