"""Mistakes of Exercise 41 in counting: sizes, shapes, parameters."""

from grader_tests.answers import WrongAnswer

SIZE, SHAPE, PARAMETERS = "ex41-conv-output-size", "ex41-conv-output-shape", "ex41-conv-parameters"


def checked(size, kernel_size, stride, padding):
    if stride < 1 or padding < 0 or kernel_size > size + 2 * padding:
        raise ValueError("impossible layer")


def pad_once(size, kernel_size, stride=1, padding=0):
    checked(size, kernel_size, stride, padding)
    return (size - kernel_size + padding) // stride + 1


def pad_total(size, kernel_size, stride=1, padding=0):
    checked(size, kernel_size, stride, padding)
    return (size - kernel_size + 4 * padding) // stride + 1


def unfloored(size, kernel_size, stride=1, padding=0):
    checked(size, kernel_size, stride, padding)
    return (size - kernel_size + 2 * padding) / stride + 1


def rounded_up(size, kernel_size, stride=1, padding=0):
    checked(size, kernel_size, stride, padding)
    return -(-(size - kernel_size + 2 * padding) // stride) + 1


def rounded_half_to_even(size, kernel_size, stride=1, padding=0):
    checked(size, kernel_size, stride, padding)
    return round((size - kernel_size + 2 * padding) / stride) + 1


def cut_by_int(size, kernel_size, stride=1, padding=0):
    return int((size - kernel_size + 2 * padding) / stride) + 1


def never_impossible(size, kernel_size, stride=1, padding=0):
    return (size - kernel_size + 2 * padding) // stride + 1


def dense_size_divided(size, kernel_size, stride=1, padding=0):
    checked(size, kernel_size, stride, padding)
    return (size - kernel_size + 2 * padding + 1) // stride


def always_smaller(size, kernel_size, stride=1, padding=0):
    checked(size, kernel_size, stride, padding)
    return (size - max(kernel_size, 2) + 2 * padding) // stride + 1


def without_start(size, kernel_size, stride=1, padding=0):
    checked(size, kernel_size, stride, padding)
    return (size - kernel_size + 2 * padding) // stride


def remainder_refused(size, kernel_size, stride=1, padding=0):
    checked(size, kernel_size, stride, padding)
    if (size - kernel_size + 2 * padding) % stride:
        raise ValueError("the size is not a whole number")
    return (size - kernel_size + 2 * padding) // stride + 1


def divided_by_stride_plus_one(size, kernel_size, stride=1, padding=0):
    checked(size, kernel_size, stride, padding)
    return (size - kernel_size + 2 * padding) // (stride + 1)


def stride_ignored(size, kernel_size, stride=1, padding=0):
    checked(size, kernel_size, stride, padding)
    return size - kernel_size + 2 * padding + 1


def padding_ignored(size, kernel_size, stride=1, padding=0):
    checked(size, kernel_size, stride, 0)
    return (size - kernel_size) // stride + 1


def padding_subtracted(size, kernel_size, stride=1, padding=0):
    checked(size, kernel_size, stride, padding)
    return (size - kernel_size - 2 * padding) // stride + 1


def float_result(size, kernel_size, stride=1, padding=0):
    checked(size, kernel_size, stride, padding)
    return float((size - kernel_size + 2 * padding) // stride + 1)


def settings_unchecked(size, kernel_size, stride=1, padding=0):
    if kernel_size > size + 2 * padding:
        raise ValueError("the filter does not fit")
    return (size - kernel_size + 2 * padding) // stride + 1


def none_for_impossible(size, kernel_size, stride=1, padding=0):
    if stride < 1 or padding < 0 or kernel_size > size + 2 * padding:
        return 0
    return (size - kernel_size + 2 * padding) // stride + 1


def same_as_keras(size, kernel_size, stride=1, padding=0):
    return -(-size // stride)


def stride_of_two_by_default(size, kernel_size, stride=2, padding=0):
    checked(size, kernel_size, stride, padding)
    return (size - kernel_size + 2 * padding) // stride + 1


def padding_in_steps(size, kernel_size, stride=1, padding=0):
    checked(size, kernel_size, stride, padding)
    return (size - kernel_size) // stride + 1 + 2 * padding


def sides(kernel_size):
    """Return height and width of a filter."""
    return (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size


def cells(kernel_size):
    """Return how many cells a filter covers in one channel."""
    height, width = sides(kernel_size)
    return height * width


def both_sides(input_shape, kernel_size, stride, padding, side=None):
    """Return width and height of the output; `side` makes a number of size, kernel_size, stride and padding."""
    (kh, kw), (width, height, _) = sides(kernel_size), input_shape
    checked(width, kw, stride, padding)
    checked(height, kh, stride, padding)
    side = side or (lambda size, kernel_size, stride, padding: (size - kernel_size + 2 * padding) // stride + 1)
    return side(width, kw, stride, padding), side(height, kh, stride, padding)


def depth_kept(input_shape, filters, kernel_size, stride=1, padding=0):
    return (*both_sides(input_shape, kernel_size, stride, padding), input_shape[2])


def depth_times_filters(input_shape, filters, kernel_size, stride=1, padding=0):
    return (*both_sides(input_shape, kernel_size, stride, padding), input_shape[2] * filters)


def height_first(input_shape, filters, kernel_size, stride=1, padding=0):
    width, height = both_sides(input_shape, kernel_size, stride, padding)
    return height, width, filters


def square_output(input_shape, filters, kernel_size, stride=1, padding=0):
    width, _ = both_sides(input_shape, kernel_size, stride, padding)
    return width, width, filters


def depth_first(input_shape, filters, kernel_size, stride=1, padding=0):
    return (filters, *both_sides(input_shape, kernel_size, stride, padding))


def shape_without_start(input_shape, filters, kernel_size, stride=1, padding=0):
    width, height = both_sides(input_shape, kernel_size, stride, padding)
    return width - 1, height - 1, filters


def shape_pad_once(input_shape, filters, kernel_size, stride=1, padding=0):
    return (*both_sides(input_shape, kernel_size, stride, padding, lambda n, k, s, p: (n - k + p) // s + 1), filters)


def shape_rounded_up(input_shape, filters, kernel_size, stride=1, padding=0):
    def side(size, kernel_size, stride, padding):
        return -(-(size - kernel_size + 2 * padding) // stride) + 1

    return (*both_sides(input_shape, kernel_size, stride, padding, side), filters)


def shape_stride_ignored(input_shape, filters, kernel_size, stride=1, padding=0):
    return (*both_sides(input_shape, kernel_size, stride, padding, lambda n, k, s, p: n - k + 2 * p + 1), filters)


def shape_padding_ignored(input_shape, filters, kernel_size, stride=1, padding=0):
    return (*both_sides(input_shape, kernel_size, stride, padding, lambda n, k, s, p: (n - k) // s + 1), filters)


def shape_divided_by_stride_plus_one(input_shape, filters, kernel_size, stride=1, padding=0):
    def side(size, kernel_size, stride, padding):
        return (size - kernel_size + 2 * padding) // (stride + 1)

    return (*both_sides(input_shape, kernel_size, stride, padding, side), filters)


def one_bias(kernel_size, in_channels, filters):
    weights = cells(kernel_size) * in_channels
    return weights + 1, weights * filters + 1


def no_bias(kernel_size, in_channels, filters):
    weights = cells(kernel_size) * in_channels
    return weights, weights * filters


def no_bias_in_total(kernel_size, in_channels, filters):
    weights = cells(kernel_size) * in_channels
    return weights + 1, weights * filters


def bias_per_channel(kernel_size, in_channels, filters):
    per_filter = cells(kernel_size) * in_channels + in_channels
    return per_filter, per_filter * filters


def no_depth(kernel_size, in_channels, filters):
    per_filter = cells(kernel_size) + 1
    return per_filter, per_filter * filters


def one_side(kernel_size, in_channels, filters):
    per_filter = sides(kernel_size)[0] * in_channels + 1
    return per_filter, per_filter * filters


def shared_by_filters(kernel_size, in_channels, filters):
    per_filter = cells(kernel_size) * in_channels + 1
    return per_filter, per_filter


def bias_only_in_total(kernel_size, in_channels, filters):
    weights = cells(kernel_size) * in_channels
    return weights, (weights + 1) * filters


def total_first(kernel_size, in_channels, filters):
    per_filter = cells(kernel_size) * in_channels + 1
    return per_filter * filters, per_filter


def stride_along_the_width_only(input_shape, filters, kernel_size, stride=1, padding=0):
    width, _ = both_sides(input_shape, kernel_size, stride, padding)
    _, height = both_sides(input_shape, kernel_size, 1, padding)
    return width, height, filters


def bias_in_every_cell(kernel_size, in_channels, filters):
    per_filter = cells(kernel_size) * (in_channels + 1)
    return per_filter, per_filter * filters


def size_mistake(name, answer, says, hint):
    return WrongAnswer(name, SIZE, says, hint, answer, (checked,))


def shape_mistake(name, answer, says, hint):
    return WrongAnswer(name, SHAPE, says, hint, answer, (checked, sides, both_sides))


def parameter_mistake(name, answer, says, hint):
    return WrongAnswer(name, PARAMETERS, says, hint, answer, (sides, cells))


WRONG_ANSWERS = (
    size_mistake(
        "E39-pad-once",
        pad_once,
        "padding is added at one end only",
        "Draw a row of cells, add the zeros, and count: at how many ends did you add them?",
    ),
    size_mistake(
        "E39-pad-total-vs-side",
        pad_total,
        "padding is doubled twice",
        "Books differ: some write p for both ends together, this course for each end. Which of the two is doubled?",
    ),
    size_mistake(
        "E39-float-size",
        unfloored,
        "the division is left as it is, remainder included",
        "Can a window stand at half a step? What happens to the cells that are left over?",
    ),
    size_mistake(
        "E39-ceil-size",
        rounded_up,
        "the division is rounded up",
        "Place the last window that your size promises: does all of it still lie on the padded input?",
    ),
    size_mistake(
        "E39-bankers-round",
        rounded_half_to_even,
        "the division is rounded to the nearest number",
        "Python rounds 2.5 and 3.5 to different sides; look at two neighboring sizes that leave a half.",
    ),
    size_mistake(
        "E39-int-trunc-negative",
        cut_by_int,
        "int() cuts a negative number towards zero and an impossible layer passes",
        "What does your formula give for a filter larger than the input? Check that before you compute.",
    ),
    size_mistake(
        "E39-stride-as-count",
        dense_size_divided,
        "the size for stride 1 is divided by the stride",
        "Write down where each window starts: 0, S, 2S and so on. How many starts are there?",
    ),
    size_mistake(
        "E39-padding-none-smaller",
        always_smaller,
        "even a filter of size 1 shrinks the input",
        "A window of one cell: at how many places can it stand?",
    ),
    size_mistake(
        "E41-no-plus-1",
        without_start,
        "the first position is not counted",
        "A filter as large as the input has exactly one position. What does your formula say about it?",
    ),
    size_mistake(
        "E41-divisibility-absolute",
        remainder_refused,
        "a remainder is an error",
        "Some texts forbid a remainder; this course, like PyTorch and Keras, leaves the last cells out.",
    ),
    size_mistake(
        "E41-filter-too-big",
        never_impossible,
        "nothing checks whether the layer is possible",
        "Can the first window be placed at all? Compare the filter with the padded input, and look at the settings.",
    ),
    size_mistake(
        "X41-stride-plus-one",
        divided_by_stride_plus_one,
        "the +1 stands in the denominator",
        "Divide by the stride first; the first position is added after that.",
    ),
    size_mistake(
        "X41-size-stride-ignored", stride_ignored, "the stride is not used", "How many starts does stride 2 skip?"
    ),
    size_mistake(
        "X41-size-padding-ignored",
        padding_ignored,
        "the padding is not used",
        "How long is the row once the zeros are there?",
    ),
    size_mistake(
        "X41-size-padding-subtracted",
        padding_subtracted,
        "the padding is subtracted",
        "Do zeros at the ends make the row longer or shorter?",
    ),
    size_mistake(
        "X41-size-default-stride",
        stride_of_two_by_default,
        "the stride is 2 where none is given",
        "Compare the defaults in your `def` line with the task.",
    ),
    size_mistake(
        "X41-size-padding-in-steps",
        padding_in_steps,
        "every cell of padding adds a position, whatever the stride",
        "Padding makes the side longer. Does your formula add it before or after dividing by the stride?",
    ),
    size_mistake(
        "X41-size-float",
        float_result,
        "the size is right, but a float",
        "A size has to work in range() and np.zeros(); which division gives an int?",
    ),
    size_mistake(
        "X41-size-settings-unchecked",
        settings_unchecked,
        "the filter is checked, but stride and padding are not",
        "Which strides and paddings make no sense at all?",
    ),
    size_mistake(
        "X41-size-zero-for-impossible",
        none_for_impossible,
        "an impossible layer has size 0",
        "A layer that cannot be built should stop the program with a reason, not hand on an empty result.",
    ),
    size_mistake(
        "X41-size-same",
        same_as_keras,
        "the layer always pads as Keras does with 'same'",
        "Here the padding is given as a number; use it together with the size of the filter.",
    ),
    shape_mistake(
        "E41-d2-is-d1",
        depth_kept,
        "the output keeps the depth of the input",
        "Each filter makes one map. How many maps are stacked?",
    ),
    shape_mistake(
        "X41-depth-times-filters",
        depth_times_filters,
        "every filter makes one map for each input channel",
        "A filter adds up over all input channels. How many maps does one filter make?",
    ),
    shape_mistake(
        "X41-shape-height-first",
        height_first,
        "width and height change places",
        "Try an input that is wider than high.",
    ),
    shape_mistake(
        "X41-shape-square",
        square_output,
        "the height is computed from the width",
        "Try an input that is wider than high.",
    ),
    shape_mistake(
        "X41-shape-depth-first",
        depth_first,
        "the depth comes first",
        "The order of the result is that of the input: width, height, depth.",
    ),
    shape_mistake(
        "X41-shape-without-start",
        shape_without_start,
        "the first position is not counted",
        "A filter as large as the input has exactly one position.",
    ),
    shape_mistake(
        "X41-shape-pad-once", shape_pad_once, "padding is added at one end only", "How many ends does a row have?"
    ),
    shape_mistake(
        "X41-shape-ceil",
        shape_rounded_up,
        "a window that does not fit completely is counted",
        "The size of one side is off as well: what happens to cells that are left over?",
    ),
    shape_mistake(
        "X41-shape-stride-ignored",
        shape_stride_ignored,
        "the stride plays no part in width and height",
        "What does your conv_output_size give when it is called with a stride of 2? Is the stride handed on?",
    ),
    shape_mistake(
        "X41-shape-padding-ignored",
        shape_padding_ignored,
        "the padding plays no part in width and height",
        "What does your conv_output_size give when it is called with padding? Is the padding handed on?",
    ),
    shape_mistake(
        "X41-shape-stride-plus-one",
        shape_divided_by_stride_plus_one,
        "the +1 stands in the denominator",
        "Divide by the stride first; the first position is added after that.",
    ),
    parameter_mistake(
        "E41-one-bias-layer",
        one_bias,
        "the whole layer shares one bias",
        "Every depth slice is raised or lowered by a number of its own. How many slices are there?",
    ),
    parameter_mistake(
        "X41-no-bias", no_bias, "no bias is counted", "What else does a filter store besides its weights?"
    ),
    parameter_mistake(
        "X41-no-bias-in-total",
        no_bias_in_total,
        "the biases are missing in the total",
        "If one filter has that many numbers, how many do all filters have together?",
    ),
    parameter_mistake(
        "X41-bias-per-channel",
        bias_per_channel,
        "each input channel has a bias",
        "How many sums does a filter form at one place, and how many biases does it need for that?",
    ),
    parameter_mistake(
        "X41-no-depth", no_depth, "a filter covers one input channel only", "How deep is a filter on a color image?"
    ),
    parameter_mistake(
        "X41-one-side", one_side, "a filter is a line, not a square", "How many cells does a 3x3 window cover?"
    ),
    parameter_mistake(
        "X41-shared-by-filters",
        shared_by_filters,
        "all filters share their weights",
        "Could one set of weights find edges and colors? Sharing is between places, not between filters.",
    ),
    parameter_mistake(
        "X41-bias-only-in-total",
        bias_only_in_total,
        "the bias is left out of the number per filter",
        "The total is what one filter stores times the number of filters.",
    ),
    parameter_mistake("X41-total-first", total_first, "the total comes first", "The order is (per filter, total)."),
    shape_mistake(
        "X41-shape-stride-one-side",
        stride_along_the_width_only,
        "the stride is used along the width only",
        "Compare your two lines: what stands in one and not in the other?",
    ),
    parameter_mistake(
        "X41-bias-in-every-cell",
        bias_in_every_cell,
        "a bias is counted for every cell of the filter",
        "Which sum do you multiply by the number of cells? The bias is added once, to the sum of all products.",
    ),
)
