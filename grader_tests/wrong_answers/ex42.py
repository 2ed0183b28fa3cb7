"""Mistakes of Exercise 42."""

import numpy as np

from grader_tests.answers import WrongAnswer

CONV1X1, COST, BOTTLENECK = "ex42-conv1x1", "ex42-conv-multiplications", "ex42-bottleneck-multiplications"


def mixed(x, weight, bias):
    """Return the weighted sums over the channels."""
    out = np.einsum("oc,nchw->nohw", weight, x)
    return out if bias is None else out + np.reshape(bias, (-1, 1, 1))


def unchanged(x, weight, bias=None):
    return x.copy()


def rescaled(x, weight, bias=None):
    out = x * weight[0, 0]
    return out if bias is None else out + bias[0]


def smaller(x, weight, bias=None):
    return mixed(x, weight, bias)[:, :, :-1, :-1]


def padded(x, weight, bias=None):
    return mixed(np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1))), weight, bias)


def one_weight(x, weight, bias=None):
    return mixed(x, np.repeat(weight[:, :1], weight.shape[1], axis=1), bias)


def not_biased(x, weight, bias=None):
    return mixed(x, weight, None)


def weight_transposed(x, weight, bias=None):
    return mixed(x, weight.T, bias)


def bias_along_the_row(x, weight, bias=None):
    out = mixed(x, weight, None)
    return out if bias is None else out + bias


def channels_last(x, weight, bias=None):
    return mixed(x, weight, bias).transpose(0, 2, 3, 1)


def averaged(x, weight, bias=None):
    return mixed(x, weight / x.shape[1], bias)


def first_image(x, weight, bias=None):
    return mixed(np.repeat(x[:1], len(x), axis=0), weight, bias)


def rectified(x, weight, bias=None):
    return np.maximum(mixed(x, weight, bias), 0)


def eight_bits_kept(x, weight, bias=None):
    out = mixed(x, weight, bias)
    return out.astype(np.int64).astype(x.dtype) if x.dtype == np.uint8 else out


def one_bias(x, weight, bias=None):
    return mixed(x, weight, None if bias is None else np.full(len(weight), bias[0]))


def rows_and_columns_swapped(x, weight, bias=None):
    return mixed(x, weight, bias).swapaxes(2, 3)


def no_depth(output_height, output_width, filters, kernel_size, in_channels):
    return output_height * output_width * filters * kernel_size**2


def input_grid(output_height, output_width, filters, kernel_size, in_channels):
    rows, columns = output_height - kernel_size + 1, output_width - kernel_size + 1
    return rows * columns * filters * kernel_size**2 * in_channels


def operations(output_height, output_width, filters, kernel_size, in_channels):
    return 2 * output_height * output_width * filters * kernel_size**2 * in_channels


def one_position(output_height, output_width, filters, kernel_size, in_channels):
    return filters * kernel_size**2 * in_channels


def one_filter(output_height, output_width, filters, kernel_size, in_channels):
    return output_height * output_width * kernel_size**2 * in_channels


def one_side(output_height, output_width, filters, kernel_size, in_channels):
    return output_height * output_width * filters * kernel_size * in_channels


def square_output(output_height, output_width, filters, kernel_size, in_channels):
    return output_height**2 * filters * kernel_size**2 * in_channels


def with_bias(output_height, output_width, filters, kernel_size, in_channels):
    return output_height * output_width * filters * (kernel_size**2 * in_channels + 1)


def float_cost(output_height, output_width, filters, kernel_size, in_channels):
    return float(output_height * output_width * filters * kernel_size**2 * in_channels)


def cost(output_height, output_width, filters, kernel_size, in_channels):
    """Return the multiplications of one convolution."""
    return output_height * output_width * filters * kernel_size**2 * in_channels


def second_only(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    return cost(output_height, output_width, filters, kernel_size, reduced_channels)


def first_only(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    return cost(output_height, output_width, reduced_channels, 1, in_channels)


def depths_forgotten(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    return output_height * output_width * (reduced_channels + filters * kernel_size**2)


def depth_kept(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    first = cost(output_height, output_width, reduced_channels, 1, in_channels)
    return first + cost(output_height, output_width, filters, kernel_size, in_channels)


def not_reduced(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    return cost(output_height, output_width, filters, kernel_size, in_channels)


def product(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    first = cost(output_height, output_width, reduced_channels, 1, in_channels)
    return first * cost(output_height, output_width, filters, kernel_size, reduced_channels)


def large_reduction(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    first = cost(output_height, output_width, reduced_channels, kernel_size, in_channels)
    return first + cost(output_height, output_width, filters, kernel_size, reduced_channels)


def ratio(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    first = cost(output_height, output_width, reduced_channels, 1, in_channels)
    both = first + cost(output_height, output_width, filters, kernel_size, reduced_channels)
    return cost(output_height, output_width, filters, kernel_size, in_channels) / both


def doubled(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    first = cost(output_height, output_width, reduced_channels, 1, in_channels)
    return 2 * (first + cost(output_height, output_width, filters, kernel_size, reduced_channels))


def square_bottleneck(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    first = cost(output_height, output_height, reduced_channels, 1, in_channels)
    return first + cost(output_height, output_height, filters, kernel_size, reduced_channels)


def last_channel_only(x, weight, bias=None):
    return mixed(x[:, -1:], weight[:, -1:], bias)


def pixels_reshaped(x, weight, bias=None):
    n, c, h, w = x.shape
    return mixed(x.reshape(n, h, w, c).transpose(0, 3, 1, 2), weight, bias)


def weight_reshaped(x, weight, bias=None):
    return mixed(x, weight.reshape(weight.shape[1], -1).T, bias)


def first_as_wide_as_the_second(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    first = cost(output_height, output_width, filters, 1, in_channels)
    return first + cost(output_height, output_width, filters, kernel_size, reduced_channels)


def second_without_padding(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    first = cost(output_height, output_width, reduced_channels, 1, in_channels)
    rows, columns = output_height - kernel_size + 1, output_width - kernel_size + 1
    return first + cost(rows, columns, filters, kernel_size, reduced_channels)


def cells_of_the_input(output_height, output_width, filters, kernel_size, in_channels):
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    cells = (output_height + height - 1) * (output_width + width - 1)
    return cells * filters * height * width * in_channels


def mixing_mistake(name, answer, says, hint):
    return WrongAnswer(name, CONV1X1, says, hint, answer, (mixed,))


def cost_mistake(name, answer, says, hint):
    return WrongAnswer(name, COST, says, hint, answer)


def bottleneck_mistake(name, answer, says, hint):
    return WrongAnswer(name, BOTTLENECK, says, hint, answer, (cost,))


WRONG_ANSWERS = (
    mixing_mistake(
        "E42-identity",
        unchanged,
        "the input is returned as it is",
        "A 1x1 filter looks at one pixel, but at all of its channels. What does it do with them?",
    ),
    mixing_mistake(
        "E42-changes-hw",
        smaller,
        "height and width shrink",
        "Put filter size 1 and padding 0 into the formula for the size.",
    ),
    mixing_mistake(
        "E42-pad-1",
        padded,
        "a border of zeros is added",
        "How much padding does a filter of size 1 need to keep the size?",
    ),
    mixing_mistake(
        "E42-params-1",
        one_weight,
        "each filter uses one weight for all channels",
        "The weights have shape (O, C): which weight belongs to channel c?",
    ),
    mixing_mistake(
        "X42-rescaled", rescaled, "the input is multiplied by one number", "Each output adds up all the channels."
    ),
    mixing_mistake("X42-no-bias", not_biased, "the bias is not added", "What is added after the sum?"),
    mixing_mistake(
        "X42-weight-transposed",
        weight_transposed,
        "filters and channels of the weights are swapped",
        "The weights have shape (O, C): which axis meets the channels of x?",
    ),
    mixing_mistake(
        "X42-bias-along-row",
        bias_along_the_row,
        "the bias is spread along the columns of the image",
        "Which axis of the result are the filters? The bias should vary along that one.",
    ),
    mixing_mistake(
        "X42-channels-last", channels_last, "the channels come last", "The order of the axes is that of x: N, C, H, W."
    ),
    mixing_mistake("X42-mean", averaged, "the channels are averaged", "The products are added up, nothing is divided."),
    mixing_mistake(
        "X42-first-image",
        first_image,
        "every image gives the result of the first",
        "Pass two different images and compare.",
    ),
    mixing_mistake(
        "X42-relu",
        rectified,
        "negative results are set to 0",
        "Does the task mention an activation? It is a layer of its own.",
    ),
    mixing_mistake(
        "X42-uint8", eight_bits_kept, "the result is kept in eight bits", "What is 200 + 100 in eight bits?"
    ),
    mixing_mistake("X42-one-bias", one_bias, "every filter gets the first bias", "Which bias belongs to filter o?"),
    mixing_mistake(
        "X42-rows-columns",
        rows_and_columns_swapped,
        "rows and columns change places",
        "Try an image that is wider than high.",
    ),
    cost_mistake(
        "E42-cost-no-depth",
        no_depth,
        "the depth of the input is left out",
        "How many products make one output cell? A filter is as deep as its input.",
    ),
    cost_mistake(
        "E42-cost-input-grid",
        input_grid,
        "the window positions are counted a second time",
        "Height and width are those of the output already: every output cell is paid for once.",
    ),
    cost_mistake(
        "E42-flops-vs-macs",
        operations,
        "additions are counted too",
        "The task asks for multiplications only; a multiply-add counts once.",
    ),
    cost_mistake(
        "X42-cost-one-position",
        one_position,
        "one window position is counted",
        "At how many places does a filter stand?",
    ),
    cost_mistake("X42-cost-one-filter", one_filter, "one filter is counted", "How many filters are there?"),
    cost_mistake("X42-cost-one-side", one_side, "a filter is a line, not a square", "How many cells has a 5x5 window?"),
    cost_mistake(
        "X42-cost-square", square_output, "the output is taken as square", "Use both the height and the width."
    ),
    cost_mistake("X42-cost-bias", with_bias, "the bias counts as a multiplication", "Is the bias multiplied or added?"),
    cost_mistake(
        "X42-cost-input-cells",
        cells_of_the_input,
        "the cells of the input are counted",
        "A product is formed for each cell of the output. How many positions has a window on a larger input?",
    ),
    cost_mistake("X42-cost-float", float_cost, "the count is right, but a float", "A count is an int."),
    bottleneck_mistake(
        "E42-bottleneck-second-only",
        second_only,
        "only the second layer is counted",
        "Two layers run now: what does the 1x1 cost?",
    ),
    bottleneck_mistake(
        "X42-bottleneck-no-depth",
        depths_forgotten,
        "both layers are counted without the depth that they read",
        "How many numbers does a 1x1 filter meet at one position?",
    ),
    bottleneck_mistake(
        "E42-bottleneck-keeps-192",
        depth_kept,
        "the second layer still reads the full depth",
        "How deep is the volume that the large filter reads after the 1x1?",
    ),
    bottleneck_mistake(
        "X42-bottleneck-first-only", first_only, "only the 1x1 is counted", "Two layers run: add both of them."
    ),
    bottleneck_mistake(
        "X42-bottleneck-not-reduced",
        not_reduced,
        "nothing is reduced",
        "What does the large filter read after the 1x1?",
    ),
    bottleneck_mistake("X42-bottleneck-product", product, "the two costs are multiplied", "Two bills are added."),
    bottleneck_mistake(
        "X42-bottleneck-large-first",
        large_reduction,
        "the first layer has the large filter too",
        "How many cells does a 1x1 filter cover?",
    ),
    bottleneck_mistake(
        "X42-bottleneck-ratio", ratio, "the saving is returned", "The number of multiplications is asked for."
    ),
    bottleneck_mistake(
        "X42-bottleneck-doubled", doubled, "additions are counted too", "The task asks for multiplications only."
    ),
    bottleneck_mistake(
        "X42-bottleneck-square",
        square_bottleneck,
        "the output is taken as square",
        "Use both the height and the width.",
    ),
    mixing_mistake(
        "X42-last-channel",
        last_channel_only,
        "only the last channel is left of the sum",
        "In your loop over the channels: is the next product added to the sum, or put in its place?",
    ),
    mixing_mistake(
        "X42-reshaped",
        pixels_reshaped,
        "the channels are brought to the end by `reshape`",
        "`reshape` keeps the order of the numbers and cuts them anew. Which function exchanges axes?",
    ),
    mixing_mistake(
        "X42-weight-reshaped",
        weight_reshaped,
        "rows and columns of the weights are exchanged by `reshape`",
        "`reshape` keeps the order of the numbers. Which numbers stand in the first row afterwards?",
    ),
    bottleneck_mistake(
        "X42-bottleneck-first-wide",
        first_as_wide_as_the_second,
        "the first layer has as many filters as the second one",
        "How many channels come out of the 1x1?",
    ),
    bottleneck_mistake(
        "X42-bottleneck-shrinks",
        second_without_padding,
        "the second layer is not padded",
        "Both layers keep height and width: how many cells has a map of the second one?",
    ),
)
