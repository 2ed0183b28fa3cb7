"""Mistakes of Exercise 40."""

from grader_tests.answers import WrongAnswer

SHAPE, READS = "ex40-filter-shape", "ex40-connections-per-unit"
SHARED, UNSHARED = "ex40-shared-parameters", "ex40-unshared-parameters"


def sides(kernel_size):
    """Return height and width of a filter."""
    return (kernel_size, kernel_size) if isinstance(kernel_size, int) else tuple(kernel_size)


def depth_chosen_freely(kernel_size, in_channels):
    height, width = sides(kernel_size)
    return height, width, height


def channels_first(kernel_size, in_channels):
    return (in_channels, *sides(kernel_size))


def width_first(kernel_size, in_channels):
    height, width = sides(kernel_size)
    return width, height, in_channels


def flat_filter(kernel_size, in_channels):
    return sides(kernel_size)


def private_depth_forgotten(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    height, width = sides(kernel_size)
    return filters * output_height * output_width * (height * width + (1 if bias else 0))


def window_only(kernel_size, in_channels):
    height, width = sides(kernel_size)
    return height * width


def bias_read_too(kernel_size, in_channels):
    height, width = sides(kernel_size)
    return height * width * in_channels + 1


def square_only(kernel_size, in_channels):
    height, _ = sides(kernel_size)
    return height * height * in_channels


def depth_forgotten(kernel_size, in_channels, filters, bias=True):
    height, width = sides(kernel_size)
    return filters * height * width + (filters if bias else 0)


def bias_forgotten(kernel_size, in_channels, filters, bias=True):
    height, width = sides(kernel_size)
    return filters * height * width * in_channels


def bias_for_each_channel(kernel_size, in_channels, filters, bias=True):
    height, width = sides(kernel_size)
    return filters * (height * width * in_channels + (in_channels if bias else 0))


def one_bias_for_the_layer(kernel_size, in_channels, filters, bias=True):
    height, width = sides(kernel_size)
    return filters * height * width * in_channels + (1 if bias else 0)


def one_filter_for_all(kernel_size, in_channels, filters, bias=True):
    height, width = sides(kernel_size)
    return height * width * in_channels + (1 if bias else 0)


def bias_always(kernel_size, in_channels, filters, bias=True):
    height, width = sides(kernel_size)
    return filters * (height * width * in_channels + 1)


def flat_and_without_bias(kernel_size, in_channels, filters, bias=True):
    height, width = sides(kernel_size)
    return filters * height * width


def biases_still_shared(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    height, width = sides(kernel_size)
    weights = filters * height * width * in_channels * output_height * output_width
    return weights + (filters if bias else 0)


def private_biases_forgotten(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    height, width = sides(kernel_size)
    return filters * height * width * in_channels * output_height * output_width


def still_shared(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    height, width = sides(kernel_size)
    return filters * (height * width * in_channels + (1 if bias else 0))


def grid_before_the_filter(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    height, width = sides(kernel_size)
    positions = (output_height + height - 1) * (output_width + width - 1)
    return filters * (height * width * in_channels + (1 if bias else 0)) * positions


def square_map(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    height, width = sides(kernel_size)
    return filters * (height * width * in_channels + (1 if bias else 0)) * output_height * output_height


def both_sides_added(kernel_size, in_channels):
    height, width = sides(kernel_size)
    return (height + width) * in_channels


def map_sides_added(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    height, width = sides(kernel_size)
    return (output_height + output_width) * filters * (height * width * in_channels + (1 if bias else 0))


def bias_for_each_channel_once(kernel_size, in_channels, filters, bias=True):
    height, width = sides(kernel_size)
    return height * width * in_channels * filters + (in_channels if bias else 0)


WRONG_ANSWERS = (
    WrongAnswer(
        "E40-depth-free",
        SHAPE,
        "the depth of the filter is chosen like its height",
        "Lay the filter on the input: which of its sides must agree with the number of channels?",
        depth_chosen_freely,
        (sides,),
    ),
    WrongAnswer(
        "X40-channels-first",
        SHAPE,
        "the depth comes first",
        "The question asks for height, width and depth in this order.",
        channels_first,
        (sides,),
    ),
    WrongAnswer(
        "X40-width-first",
        SHAPE,
        "width and height change places",
        "A pair gives the height first. Try a filter that is not square.",
        width_first,
        (sides,),
    ),
    WrongAnswer(
        "X40-flat-filter",
        SHAPE,
        "the filter is flat",
        "A filter is a block: how many channels does it reach through?",
        flat_filter,
        (sides,),
    ),
    WrongAnswer(
        "E40-no-depth",
        READS,
        "only one channel is counted",
        "Stand on one unit and look back: from which channels does it read?",
        window_only,
        (sides,),
    ),
    WrongAnswer(
        "E40-bias-as-connection",
        READS,
        "the bias counts as a connection",
        "A connection leads to a cell of the input. To which cell does the bias lead?",
        bias_read_too,
        (sides,),
    ),
    WrongAnswer(
        "X40-square-only",
        READS,
        "both sides of the filter are taken to be equal",
        "Try a filter that is higher than wide.",
        square_only,
        (sides,),
    ),
    WrongAnswer(
        "E40-rgb-forgotten",
        SHARED,
        "neither the depth of the input nor the biases are counted",
        "How deep is one filter when the image has three channels, and what else does it hold?",
        flat_and_without_bias,
        (sides,),
    ),
    WrongAnswer(
        "X40-depth-forgotten",
        SHARED,
        "the depth of the filter is left out",
        "How many weights does a filter have for each cell of its window?",
        depth_forgotten,
        (sides,),
    ),
    WrongAnswer(
        "E40-bias-missing",
        SHARED,
        "the biases are left out",
        "What does a filter store beside its weights? (Look at the last argument, too.)",
        bias_forgotten,
        (sides,),
    ),
    WrongAnswer(
        "E40-bias-per-channel",
        SHARED,
        "every input channel gets a bias",
        "How many sums are formed for one cell of the feature map? Each gets one bias.",
        bias_for_each_channel,
        (sides,),
    ),
    WrongAnswer(
        "X40-one-bias-for-layer",
        SHARED,
        "the whole layer has one bias",
        "Could two feature maps need different offsets?",
        one_bias_for_the_layer,
        (sides,),
    ),
    WrongAnswer(
        "E40-share-across-filters",
        SHARED,
        "all filters of the layer are the same numbers",
        "Positions share a filter. Could an edge detector and a color detector be the same numbers?",
        one_filter_for_all,
        (sides,),
    ),
    WrongAnswer(
        "X40-bias-always",
        SHARED,
        "biases are counted even with bias=False",
        "Look at the last argument.",
        bias_always,
        (sides,),
    ),
    WrongAnswer(
        "E40-lc-bias",
        UNSHARED,
        "weights are private to a position, but biases are shared",
        "If a position has weights of its own, why should it share its bias?",
        biases_still_shared,
        (sides,),
    ),
    WrongAnswer(
        "X40-lc-no-bias",
        UNSHARED,
        "the biases are left out",
        "What does every unit have beside its weights?",
        private_biases_forgotten,
        (sides,),
    ),
    WrongAnswer(
        "X40-lc-no-depth",
        UNSHARED,
        "the depth of the filters is left out",
        "How many weights does a unit have for each cell of its window?",
        private_depth_forgotten,
        (sides,),
    ),
    WrongAnswer(
        "E40-lc-vs-fc",
        UNSHARED,
        "the layer is taken for a convolutional one",
        "Looking nearby and sharing are two different things. Which of them does this layer do?",
        still_shared,
        (sides,),
    ),
    WrongAnswer(
        "E40-lc-positions",
        UNSHARED,
        "positions are counted on the input instead of the output",
        "A unit belongs to a cell of the output. How many cells does the output have?",
        grid_before_the_filter,
        (sides,),
    ),
    WrongAnswer(
        "X40-square-map",
        UNSHARED,
        "the feature map is taken to be square",
        "Try an output that is higher than wide.",
        square_map,
        (sides,),
    ),
    WrongAnswer(
        "E40-fc-connections",
        "ex40-connections",
        "the unit reads the whole input, as in a dense layer",
        "How far does a window of 3 × 3 reach?",
        16 * 16 * 20,
    ),
    WrongAnswer(
        "X40-number-no-depth",
        "ex40-connections",
        "only one channel is counted",
        "How many channels lie under the window?",
        3 * 3,
    ),
    WrongAnswer(
        "X40-number-free-depth",
        "ex40-connections",
        "the filter is given a depth of 5",
        "Who decides how deep a filter is?",
        3 * 3 * 5,
    ),
    WrongAnswer(
        "X40-number-bias",
        "ex40-connections",
        "the bias counts as a connection",
        "Does the bias read a cell of the input?",
        3 * 3 * 20 + 1,
    ),
    WrongAnswer(
        "E40-shared-times-positions",
        "ex40-shared-total",
        "the shared numbers are counted once for each position",
        "All 256 units read the same list of numbers. How long is that list?",
        256 * (3 * 3 * 20 + 1),
    ),
    WrongAnswer(
        "X40-total-no-depth",
        "ex40-shared-total",
        "only one channel is counted",
        "How many channels lie under the window?",
        3 * 3 + 1,
    ),
    WrongAnswer(
        "X40-total-bias-missing",
        "ex40-shared-total",
        "the bias is left out",
        "How many numbers does one filter store?",
        3 * 3 * 20,
    ),
    WrongAnswer(
        "X40-total-bias-per-channel",
        "ex40-shared-total",
        "every channel gets a bias",
        "How many sums are formed for one unit? Each gets one bias.",
        3 * 3 * 20 + 20,
    ),
    WrongAnswer(
        "E40-params-with-image-size",
        "ex40-shared-total",
        "the size of the image is multiplied in",
        "Take an image twice as large: are new weights needed?",
        16 * 16 * 3 * 3 * 20,
    ),
    WrongAnswer(
        "X40-unshared-shared",
        "ex40-unshared-total",
        "all units share the filter",
        "Here every unit has its own. How many units are there?",
        3 * 3 * 20 + 1,
    ),
    WrongAnswer(
        "X40-unshared-no-bias",
        "ex40-unshared-total",
        "the biases are left out",
        "What does each unit hold beside its weights?",
        16 * 16 * 3 * 3 * 20,
    ),
    WrongAnswer(
        "X40-unshared-no-depth",
        "ex40-unshared-total",
        "only one channel is counted",
        "How many channels lie under the window of each unit?",
        16 * 16 * (3 * 3 + 1),
    ),
    WrongAnswer(
        "X40-unshared-valid",
        "ex40-unshared-total",
        "the feature map is taken to be 14 × 14",
        "Look at the padding of this layer.",
        14 * 14 * (3 * 3 * 20 + 1),
    ),
    WrongAnswer(
        "X40-sides-added",
        READS,
        "the two sides of the filter are added instead of multiplied",
        "Draw a window of 3 × 4 and count its cells.",
        both_sides_added,
        (sides,),
    ),
    WrongAnswer(
        "X40-lc-sides-added",
        UNSHARED,
        "the two sides of the feature map are added instead of multiplied",
        "How many units has a map of 3 × 4?",
        map_sides_added,
        (sides,),
    ),
    WrongAnswer(
        "X40-unshared-one-bias",
        "ex40-unshared-total",
        "the whole map has one bias",
        "If every unit has weights of its own, why should it share its bias?",
        16 * 16 * 3 * 3 * 20 + 1,
    ),
    WrongAnswer(
        "X40-biases-as-channels",
        SHARED,
        "as many biases are counted as the input has channels",
        "Every filter adds its bias to its own map. How many maps does the layer write?",
        bias_for_each_channel_once,
        (sides,),
    ),
)
