"""Mistakes of Exercise 39 (those about the output size stand with Exercise 41)."""

from grader_tests.answers import WrongAnswer

PARAMETERS, HYPERPARAMETERS, COUNTS = "ex39-parameters", "ex39-hyperparameters", "ex39-counts"
PADDING, SIDES = "ex39-same-padding", "ex39-same-padding-sides"


def half_of_the_rest(size, kernel_size, stride):
    """Return the padding per side, rounded down."""
    return ((size - 1) * stride + kernel_size - size) // 2


def even_filters_rounded_down(size, kernel_size, stride):
    if stride == 1:
        return (kernel_size - 1) // 2
    return ((size - 1) * stride + kernel_size - size + 1) // 2


def even_filters_rounded_up(size, kernel_size, stride):
    return ((size - 1) * stride + kernel_size - size + 1) // 2


def half_cells_cut_off(size, kernel_size, stride):
    if stride == 1 and kernel_size % 2 == 0:
        raise ValueError("an even filter has no symmetric padding at stride 1")
    return half_of_the_rest(size, kernel_size, stride)


def stride_ignored(size, kernel_size, stride):
    if kernel_size % 2 == 0:
        raise ValueError("an even filter has no symmetric padding")
    return (kernel_size - 1) // 2


def both_ends_together(size, kernel_size, stride):
    if stride == 1 and kernel_size % 2 == 0:
        raise ValueError("an even filter has no symmetric padding at stride 1")
    return 2 * (((size - 1) * stride + kernel_size - size + 1) // 2)


def larger_of_two(size, kernel_size, stride):
    least = (size - 1) * stride + kernel_size - size
    padding = (least + stride - 1) // 2
    if 2 * padding < least:
        raise ValueError("no whole padding keeps the size")
    return padding


def formula_of_stride_two(size, kernel_size, stride):
    if stride == 1:
        if kernel_size % 2 == 0:
            raise ValueError("an even filter has no symmetric padding at stride 1")
        return (kernel_size - 1) // 2
    return -(-(size + kernel_size) // 2) - 1


def spare_zero_at_the_beginning(size, kernel_size, stride):
    output = -(-size // stride)
    total = max((output - 1) * stride + kernel_size - size, 0)
    return total - total // 2, total // 2


def half_the_filter_on_both_sides(size, kernel_size, stride):
    return kernel_size // 2, kernel_size // 2


def total_may_be_negative(size, kernel_size, stride):
    output = -(-size // stride)
    total = (output - 1) * stride + kernel_size - size
    return total // 2, total - total // 2


def output_rounded_down(size, kernel_size, stride):
    total = max((size // stride - 1) * stride + kernel_size - size, 0)
    return total // 2, total - total // 2


def stride_plays_no_part(size, kernel_size, stride):
    total = kernel_size - 1
    return total // 2, total - total // 2


def whole_total_on_each_side(size, kernel_size, stride):
    output = -(-size // stride)
    total = max((output - 1) * stride + kernel_size - size, 0)
    return total, total


def size_kept_whatever_the_stride(size, kernel_size, stride):
    total = max((size - 1) * stride + kernel_size - size, 0)
    return total // 2, total - total // 2


def half_the_rest_of_any_stride(size, kernel_size, stride):
    return (kernel_size - 1) // 2


def one_output_more(size, kernel_size, stride):
    output = size // stride + 1
    total = max((output - 1) * stride + kernel_size - size, 0)
    return total // 2, total - total // 2


WRONG_ANSWERS = (
    WrongAnswer(
        "X39-filter-values-chosen",
        PARAMETERS,
        "a convolution learns nothing",
        "Which numbers of a filter would an optimizer change, and which would you type in?",
        {"Conv": frozenset()},
    ),
    WrongAnswer(
        "X39-pooling-learns",
        PARAMETERS,
        "pooling has weights",
        "Write down one number in max(a, b, c, d) that training could adjust.",
        {"MaxPooling": frozenset({"weights"})},
    ),
    WrongAnswer(
        "X39-dropout-learns",
        PARAMETERS,
        "the masks of dropout are taken for weights",
        "A mask is drawn and thrown away in every step. Is it learned?",
        {"Dropout": frozenset({"weights"})},
    ),
    WrongAnswer(
        "X39-rate-learned",
        PARAMETERS,
        "the drop rate is learned",
        "Does gradient descent change the rate?",
        {"Dropout": frozenset({"drop rate"})},
    ),
    WrongAnswer(
        "X39-no-biases",
        PARAMETERS,
        "biases are forgotten",
        "What is added once to every sum?",
        {"Conv": frozenset({"weights"}), "Dense": frozenset({"weights"})},
    ),
    WrongAnswer(
        "X39-weights-chosen",
        HYPERPARAMETERS,
        "the numbers inside a filter are chosen by hand",
        "How many filters there are is your choice. What is in them?",
        {
            "Conv": frozenset(
                {"weights", "biases", "number of filters", "kernel size", "stride", "padding", "activation"}
            )
        },
    ),
    WrongAnswer(
        "X39-pooling-without-stride",
        HYPERPARAMETERS,
        "pooling has nothing but its window",
        "By how many cells does the window of a pooling layer move, and who decides that?",
        {"MaxPooling": frozenset({"window size"})},
    ),
    WrongAnswer(
        "X39-dropout-nothing-chosen",
        HYPERPARAMETERS,
        "dropout has nothing to choose",
        "How often does a unit fall out? Somebody has to say.",
        {"Dropout": frozenset()},
    ),
    WrongAnswer(
        "E39-filter-is-hyper",
        COUNTS,
        "the numbers in a filter are taken for hyperparameters",
        "Which of these numbers would an optimizer change during training?",
        {"conv": 0},
    ),
    WrongAnswer(
        "E39-relu-params",
        COUNTS,
        "every filter has one number more than the ten, a second bias or one for ReLU",
        "Is the bias among the ten already? And what would ReLU have to remember from one batch to the next?",
        {"conv": 352},
    ),
    WrongAnswer(
        "E39-pool-has-params",
        COUNTS,
        "every cell of a pooling window has a weight",
        "Write down one number in max(a, b, c, d) that training could adjust.",
        {"pooling": 256},
    ),
    WrongAnswer(
        "E39-dropout-has-params",
        COUNTS,
        "dropped units are counted as learned numbers",
        "Would two steps of training use the same mask? What is thrown away is not learned.",
        {"dropout": 102},
    ),
    WrongAnswer(
        "X39-dropout-mask",
        COUNTS,
        "the whole mask of dropout is counted",
        "Would two steps of training use the same mask? What is thrown away is not learned.",
        {"dropout": 1024},
    ),
    WrongAnswer(
        "E39-bn-4c",
        COUNTS,
        "running mean and variance are counted as learned",
        "Four vectors belong to the layer. Which of them receive a gradient?",
        {"batch_norm": 256},
    ),
    WrongAnswer(
        "E39-dense-from-channels",
        COUNTS,
        "a dense layer reads one number for each channel",
        "How long is the vector after flattening a 7 × 7 × 512 volume?",
        {"dense": 512 * 4096 + 4096},
    ),
    WrongAnswer(
        "E39-dropout-rate-keep",
        COUNTS,
        "the rate is read as the share that is kept",
        "Ten percent dropout: what happens to these ten percent?",
        {"kept": 100},
    ),
    WrongAnswer(
        "E39-dropout-no-rescale",
        COUNTS,
        "kept units are passed on as they are",
        "The next layer should see the same sum on average in training and later. What makes up for the dropped half?",
        {"dropout_mean": 0.5},
    ),
    WrongAnswer(
        "E39-keras-same-any-stride",
        COUNTS,
        'padding="same" is expected to keep the size at every stride',
        "What would a stride of 28 leave of 28 cells?",
        {"same_stride_2": 28},
    ),
    WrongAnswer(
        "E39-same-s2-sense",
        COUNTS,
        "every output is expected to see a part of the image",
        "List where the windows start. How many of them reach the image along one side?",
        {"only_zeros": 0},
    ),
    WrongAnswer(
        "X39-total-as-side",
        COUNTS,
        "a total of padding is used as if it were the padding of each side",
        "Is this padding that of one end or the sum of both?",
        {"total_padding": 10},
    ),
    WrongAnswer(
        "E39-same-even-kernel",
        PADDING,
        "an even filter gets the padding of an odd one, rounded down",
        "The total must be the length of the filter less one. Can you halve an odd number? Check the size you get.",
        even_filters_rounded_down,
    ),
    WrongAnswer(
        "X39-same-even-up",
        PADDING,
        "an even filter gets the padding of an odd one, rounded up",
        "Put your padding for 28 cells and an even filter into the size formula. Do 28 come out?",
        even_filters_rounded_up,
    ),
    WrongAnswer(
        "E39-same-s2-half-int",
        PADDING,
        "half a cell of padding is cut off",
        "The floor in the size formula forgives a spare cell, not a missing one. Which way should you round?",
        half_cells_cut_off,
        (half_of_the_rest,),
    ),
    WrongAnswer(
        "X39-same-stride-ignored",
        PADDING,
        "the stride plays no part",
        "Put your padding for stride 2 into the size formula. What comes out?",
        stride_ignored,
    ),
    WrongAnswer(
        "X39-same-total",
        PADDING,
        "the zeros of both ends are counted together",
        "The question asks for the zeros at one end.",
        both_ends_together,
    ),
    WrongAnswer(
        "X39-same-larger",
        PADDING,
        "the larger of two fitting paddings is taken",
        "Where two paddings keep the size, which one is asked for?",
        larger_of_two,
    ),
    WrongAnswer(
        "X39-same-only-stride-2",
        PADDING,
        "the formula of stride 2 is used for every stride",
        "Solve the size formula with the stride left in it.",
        formula_of_stride_two,
    ),
    WrongAnswer(
        "E39-tf-same-vs-torch-p",
        SIDES,
        "half the filter is added on both sides",
        "For 6 cells, filter 3 and stride 2: how many zeros are needed at all?",
        half_the_filter_on_both_sides,
    ),
    WrongAnswer(
        "X39-sides-beginning",
        SIDES,
        "the spare zero goes to the beginning",
        "Read again where TensorFlow puts a zero that cannot be shared out.",
        spare_zero_at_the_beginning,
    ),
    WrongAnswer(
        "X39-sides-negative",
        SIDES,
        "the number of zeros becomes negative",
        "What happens in your formula when the stride is longer than the filter?",
        total_may_be_negative,
    ),
    WrongAnswer(
        "X39-sides-floor",
        SIDES,
        "the number of outputs is rounded down",
        "With SAME, is the number of outputs rounded up or down?",
        output_rounded_down,
    ),
    WrongAnswer(
        "X39-sides-no-stride",
        SIDES,
        "the stride plays no part",
        "With stride 2 fewer zeros are needed. Use the formula of the question.",
        stride_plays_no_part,
    ),
    WrongAnswer(
        "X39-sides-each",
        SIDES,
        "each side gets all the zeros",
        "The formula gives the total of both ends.",
        whole_total_on_each_side,
    ),
    WrongAnswer(
        "X39-sides-keeps-size",
        SIDES,
        "the size is kept whatever the stride",
        "How many outputs does SAME have at stride 2?",
        size_kept_whatever_the_stride,
    ),
    WrongAnswer(
        "X39-same-half-filter",
        PADDING,
        "half the filter is padded, rounded down, in every case",
        "Put your padding back into the size formula, with stride 2 and with a filter of 4. Does the size stay?",
        half_the_rest_of_any_stride,
    ),
    WrongAnswer(
        "X39-sides-one-more",
        SIDES,
        "one output more is counted than there are whole steps",
        "Take 6 cells and stride 2. How many outputs does SAME give, and how many does your formula?",
        one_output_more,
    ),
)
