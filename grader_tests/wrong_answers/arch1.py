"""Mistakes of the first bonus notebook: whole networks."""

from grader_tests.answers import WrongAnswer

SIZE, COUNT, GROUPED = "arch1-keras-output-size", "arch1-count-network", "arch1-grouped-parameters"
SIZES, LEARNED, COSTS = "arch1-sizes", "arch1-learned", "arch1-costs"
ALEXNET, CLASSICS = "arch1-alexnet", "arch1-classics"


def always_same(size, kernel_size, strides=1, padding="valid"):
    return -(-size // strides)


def always_valid(size, kernel_size, strides=1, padding="valid"):
    if kernel_size > size:
        raise ValueError("the filter does not fit")
    return (size - kernel_size) // strides + 1


def same_keeps_the_size(size, kernel_size, strides=1, padding="valid"):
    if padding == "same":
        return size
    if kernel_size > size:
        raise ValueError("the filter does not fit")
    return (size - kernel_size) // strides + 1


def same_rounded_down(size, kernel_size, strides=1, padding="valid"):
    if padding == "same":
        return size // strides
    if kernel_size > size:
        raise ValueError("the filter does not fit")
    return (size - kernel_size) // strides + 1


def one_forgotten(size, kernel_size, strides=1, padding="valid"):
    if padding == "same":
        return -(-size // strides)
    if kernel_size > size:
        raise ValueError("the filter does not fit")
    return (size - kernel_size) // strides


def rounded_up(size, kernel_size, strides=1, padding="valid"):
    if padding == "same":
        return -(-size // strides)
    if kernel_size > size:
        raise ValueError("the filter does not fit")
    return -(-(size - kernel_size) // strides) + 1


def strides_plus_one(size, kernel_size, strides=1, padding="valid"):
    if padding == "same":
        return -(-size // strides)
    if kernel_size > size:
        raise ValueError("the filter does not fit")
    return (size - kernel_size) // (strides + 1)


def never_refused(size, kernel_size, strides=1, padding="valid"):
    return -(-size // strides) if padding == "same" else (size - kernel_size) // strides + 1


def refused_too_early(size, kernel_size, strides=1, padding="valid"):
    if kernel_size > size:
        raise ValueError("the filter does not fit")
    return -(-size // strides) if padding == "same" else (size - kernel_size) // strides + 1


def walk(
    layers,
    input_shape,
    same=None,
    bias=True,
    flat_channels=True,
    cost="output",
    pool=True,
    cost_bias=False,
    deepen=True,
    round_up=False,
    carry=True,
):
    """Return parameters and products of a network; each setting is one way to count wrongly."""
    height, width, channels = input_shape
    features = learned = products = 0
    for kind, *settings in layers:
        if kind == "conv":
            filters, kernel, padding = settings
            kept = padding == "same" if same is None else same
            before = height * width
            height, width = (height, width) if kept else (height - kernel + 1, width - kernel + 1)
            weights = kernel * kernel * channels * filters
            learned += weights + (filters if bias else 0)
            cells = {"output": height * width, "input": before, "one": 1}[cost]
            products += cells * (weights + (filters if cost_bias else 0))
            channels = filters if deepen else channels
        elif kind == "pool":
            (window,) = settings
            rest = window - 1 if round_up else 0
            height, width = ((height + rest) // window, (width + rest) // window) if pool else (height, width)
        elif kind == "flatten":
            features = height * width * (channels if flat_channels else 1)
        elif kind == "dense":
            (units,) = settings
            learned += units * (features + (1 if bias else 0))
            products += units * (features + (1 if cost_bias else 0))
            features = units if carry else features
    return learned, products


def network_all_same(layers, input_shape):
    return walk(layers, input_shape, same=True)


def network_all_valid(layers, input_shape):
    return walk(layers, input_shape, same=False)


def network_without_bias(layers, input_shape):
    return walk(layers, input_shape, bias=False)


def network_flat_maps(layers, input_shape):
    return walk(layers, input_shape, flat_channels=False)


def network_input_grid(layers, input_shape):
    return walk(layers, input_shape, cost="input")


def network_one_position(layers, input_shape):
    return walk(layers, input_shape, cost="one")


def network_bias_costs(layers, input_shape):
    return walk(layers, input_shape, cost_bias=True)


def network_not_pooled(layers, input_shape):
    return walk(layers, input_shape, pool=False)


def network_flat_filters(layers, input_shape):
    learned, products = walk(layers, input_shape)
    height, width, channels = input_shape
    for kind, *settings in layers:
        if kind == "conv":
            filters, kernel, padding = settings
            if padding == "valid":
                height, width = height - kernel + 1, width - kernel + 1
            extra = kernel * kernel * (channels - 1) * filters
            learned -= extra
            products -= extra * height * width
            channels = filters
        elif kind == "pool":
            height, width = height // settings[0], width // settings[0]
    return learned, products


def network_operations(layers, input_shape):
    learned, products = walk(layers, input_shape)
    return learned, 2 * products


def divisible(in_channels, filters, groups):
    """Raise ValueError where groups do not divide the channels and the filters."""
    if in_channels % groups or filters % groups:
        raise ValueError("groups must divide both")


def groups_ignored(kernel_size, in_channels, filters, groups=1, bias=True):
    divisible(in_channels, filters, groups)
    return filters * (kernel_size**2 * in_channels + (1 if bias else 0))


def filters_divided_too(kernel_size, in_channels, filters, groups=1, bias=True):
    divisible(in_channels, filters, groups)
    return filters // groups * (kernel_size**2 * in_channels // groups + (1 if bias else 0))


def groups_multiplied(kernel_size, in_channels, filters, groups=1, bias=True):
    divisible(in_channels, filters, groups)
    return filters * groups * (kernel_size**2 * in_channels + (1 if bias else 0))


def grouped_bias_always(kernel_size, in_channels, filters, groups=1, bias=True):
    divisible(in_channels, filters, groups)
    return filters * (kernel_size**2 * in_channels // groups + 1)


def grouped_without_bias(kernel_size, in_channels, filters, groups=1, bias=True):
    divisible(in_channels, filters, groups)
    return filters * kernel_size**2 * in_channels // groups


def biases_divided(kernel_size, in_channels, filters, groups=1, bias=True):
    divisible(in_channels, filters, groups)
    return filters * kernel_size**2 * in_channels // groups + (filters // groups if bias else 0)


def uneven_allowed(kernel_size, in_channels, filters, groups=1, bias=True):
    return filters * (kernel_size**2 * (in_channels // groups) + (1 if bias else 0))


ALL_SAME = {
    SIZES: {"conv2": 14, "conv3": 14, "conv4": 14, "pool2": 7, "flatten": 7 * 7 * 64},
    LEARNED: {"dense": (7 * 7 * 64 + 1) * 1024, "total": 3_684_426},
    COSTS: {
        "conv2": 14 * 14 * 25 * 32 * 64,
        "conv3": 14 * 14 * 25 * 64 * 128,
        "conv4": 14 * 14 * 25 * 128 * 64,
        "dense": 7 * 7 * 64 * 1024,
    },
}


def same_by_half_the_filter(size, kernel_size, strides=1, padding="valid"):
    zeros = (kernel_size - 1) // 2 if padding == "same" else 0
    if kernel_size > size + 2 * zeros:
        raise ValueError("the filter does not fit")
    return (size + 2 * zeros - kernel_size) // strides + 1


def network_as_deep_as_the_image(layers, input_shape):
    return walk(layers, input_shape, deepen=False)


def network_pools_rounded_up(layers, input_shape):
    return walk(layers, input_shape, round_up=True)


def network_flattened_again(layers, input_shape):
    return walk(layers, input_shape, carry=False)


WRONG_ANSWERS = (
    WrongAnswer(
        "X-keras-always-same",
        SIZE,
        'every layer is computed as "same"',
        "Look at the default of the last argument.",
        always_same,
    ),
    WrongAnswer(
        "X-keras-always-valid",
        SIZE,
        "the padding argument is not used",
        'A layer with padding="same" and stride 1 gives back a map of the size it got.',
        always_valid,
    ),
    WrongAnswer(
        "X-keras-same-keeps",
        SIZE,
        '"same" keeps the size whatever the stride',
        "With a stride of 2 there are about half as many windows, padding or not.",
        same_keeps_the_size,
    ),
    WrongAnswer(
        "X-keras-same-floor",
        SIZE,
        '"same" rounds down',
        "Take 29 cells and stride 2: one window for every two cells. What becomes of the cell that is left over?",
        same_rounded_down,
    ),
    WrongAnswer(
        "X-keras-no-plus-one",
        SIZE,
        "the first window is not counted",
        "A filter as large as the map has exactly one position.",
        one_forgotten,
    ),
    WrongAnswer(
        "X-keras-ceil",
        SIZE,
        '"valid" rounds up',
        "What happens to cells at the end that do not fill a window?",
        rounded_up,
    ),
    WrongAnswer(
        "X-keras-strides-plus-one",
        SIZE,
        "the 1 is added to the stride instead of the number of steps",
        "Try it with stride 1 and a filter of 1: every cell should be kept.",
        strides_plus_one,
    ),
    WrongAnswer(
        "X-keras-not-refused",
        SIZE,
        "a filter that does not fit is accepted",
        "What does your formula give for 4 cells and a filter of 6? Can a map have so many cells?",
        never_refused,
    ),
    WrongAnswer(
        "X-keras-refused-too-early",
        SIZE,
        'a filter larger than the map is refused even with "same"',
        "Padding makes room. When is a layer really impossible?",
        refused_too_early,
    ),
    WrongAnswer(
        "Q-keras-all-same",
        SIZES,
        "all convolutions keep the size",
        'Read the arguments of each Conv2D: which of them say padding="same"? The default is "valid".',
        ALL_SAME[SIZES],
    ),
    WrongAnswer(
        "X-sizes-no-pool",
        SIZES,
        "the pooling layers are left out",
        "What does a window of 2 × 2 do to a map of 28 × 28?",
        {"pool1": 28, "conv2": 24, "conv3": 20, "conv4": 16, "pool2": 16},
    ),
    WrongAnswer(
        "X-sizes-all-valid",
        SIZES,
        "the first convolution shrinks the map too",
        "One of the convolutions has an argument that the others have not.",
        {"conv1": 24, "pool1": 12, "conv2": 8, "conv3": 4},
    ),
    WrongAnswer(
        "X-sizes-steps",
        SIZES,
        "the steps between windows are counted, not the windows",
        "On 5 cells a filter of 5 has one place, not none.",
        {"conv2": 9, "conv3": 4},
    ),
    WrongAnswer(
        "X-sizes-flatten-map",
        SIZES,
        "only one map is flattened",
        "How many maps leave the last pooling layer?",
        {"flatten": 1},
    ),
    WrongAnswer(
        "X-learned-all-same",
        LEARNED,
        "all convolutions keep the size",
        "How many values reach the first dense layer? Look at the sizes of question 2.",
        ALL_SAME[LEARNED],
    ),
    WrongAnswer(
        "X-learned-no-bias",
        LEARNED,
        "the biases are left out",
        "Keras gives every filter and every unit a bias unless you say otherwise.",
        {"conv1": 800, "conv2": 51_200, "conv3": 204_800, "conv4": 204_800, "dense": 65_536, "output": 10_240},
    ),
    WrongAnswer(
        "X-learned-flat-filters",
        LEARNED,
        "the filters have no depth",
        "How many maps does the second convolution read?",
        {"conv2": 25 * 64 + 64, "conv3": 25 * 128 + 128, "conv4": 25 * 64 + 64},
    ),
    WrongAnswer(
        "X-learned-one-flat",
        LEARNED,
        "the first dense layer reads a single map",
        "Every map of the last pooling layer is flattened.",
        {"dense": 2 * 1024},
    ),
    WrongAnswer(
        "X-costs-all-same",
        COSTS,
        "all convolutions keep the size",
        "How many cells have the maps of each layer? Look at the sizes of question 2.",
        ALL_SAME[COSTS],
    ),
    WrongAnswer(
        "X-costs-input-grid",
        COSTS,
        "the cells of the input are counted",
        "A product is formed for each cell of the output. How large is it?",
        {"conv2": 14 * 14 * 25 * 32 * 64, "conv3": 10 * 10 * 25 * 64 * 128, "conv4": 6 * 6 * 25 * 128 * 64},
    ),
    WrongAnswer(
        "X-costs-parameters",
        COSTS,
        "parameters are counted instead of products",
        "A shared weight is stored once. How often is it used?",
        {"conv1": 832, "conv2": 51_264, "conv3": 204_928, "conv4": 204_864},
    ),
    WrongAnswer(
        "X-costs-doubled",
        COSTS,
        "additions are counted on their own",
        "One multiplication and the addition behind it count as one.",
        {"conv1": 1_254_400, "conv2": 10_240_000, "conv3": 14_745_600, "conv4": 1_638_400},
    ),
    WrongAnswer(
        "X-network-all-same",
        COUNT,
        "every convolution keeps the size",
        "The last entry of a convolution says how it pads.",
        network_all_same,
        (walk,),
    ),
    WrongAnswer(
        "X-network-all-valid",
        COUNT,
        'every convolution shrinks the map, "same" or not',
        "The last entry of a convolution says how it pads.",
        network_all_valid,
        (walk,),
    ),
    WrongAnswer(
        "X-network-no-bias",
        COUNT,
        "the biases are left out",
        "What does each filter and each unit learn beside its weights?",
        network_without_bias,
        (walk,),
    ),
    WrongAnswer(
        "X-network-flat-maps",
        COUNT,
        "only one channel is flattened",
        "A volume of 4 × 6 × 3 has how many values?",
        network_flat_maps,
        (walk,),
    ),
    WrongAnswer(
        "X-network-input-grid",
        COUNT,
        "products are counted for each cell of a layer's input",
        "One sum of products of filter and window makes one cell of the output.",
        network_input_grid,
        (walk,),
    ),
    WrongAnswer(
        "X-network-one-position",
        COUNT,
        "a filter is used once only",
        "At how many positions does it stand?",
        network_one_position,
        (walk,),
    ),
    WrongAnswer(
        "X-network-bias-costs",
        COUNT,
        "biases are multiplied",
        "A bias is only added. Is there a product?",
        network_bias_costs,
        (walk,),
    ),
    WrongAnswer(
        "X-network-not-pooled",
        COUNT,
        "pooling changes nothing",
        "It learns nothing, but what comes out of it is smaller.",
        network_not_pooled,
        (walk,),
    ),
    WrongAnswer(
        "X-network-flat-filters",
        COUNT,
        "filters are flat",
        "A filter reaches through all channels of its input.",
        network_flat_filters,
        (walk,),
    ),
    WrongAnswer(
        "X-network-operations",
        COUNT,
        "multiplications and additions are counted separately",
        "A multiply-accumulate is one of each.",
        network_operations,
        (walk,),
    ),
    WrongAnswer(
        "X-groups-ignored",
        GROUPED,
        "every filter reads all channels",
        "How many of the input channels does each filter really see?",
        groups_ignored,
        (divisible,),
    ),
    WrongAnswer(
        "X-groups-filters-divided",
        GROUPED,
        "only the filters of one group are counted",
        "Each group has its own filters. What do all groups hold together?",
        filters_divided_too,
        (divisible,),
    ),
    WrongAnswer(
        "X-groups-multiplied",
        GROUPED,
        "groups multiply the weights",
        "Groups cut connections. Can the layer then have more weights than without?",
        groups_multiplied,
        (divisible,),
    ),
    WrongAnswer(
        "X-groups-bias-always",
        GROUPED,
        "biases are counted even with bias=False",
        "Look at the last argument.",
        grouped_bias_always,
        (divisible,),
    ),
    WrongAnswer(
        "X-groups-no-bias",
        GROUPED,
        "the biases are left out",
        "Each filter has a bias unless the last argument says otherwise.",
        grouped_without_bias,
        (divisible,),
    ),
    WrongAnswer(
        "X-groups-biases-divided",
        GROUPED,
        "biases are divided by the groups as well",
        "How many maps leave the layer? Each has its own bias.",
        biases_divided,
        (divisible,),
    ),
    WrongAnswer(
        "X-groups-uneven",
        GROUPED,
        "groups of different size are accepted",
        "Share 7 channels out to 2 groups: which filter reads the odd one?",
        uneven_allowed,
    ),
    WrongAnswer(
        "E41-groups-ignored",
        ALEXNET,
        "conv2 is counted as if every filter read all 96 channels",
        "The two halves ran on two graphics cards. How many channels did a filter see on its card?",
        {"conv2": 614_656},
    ),
    WrongAnswer(
        "E41-alexnet-224",
        ALEXNET,
        "conv1 gets an image of 224 × 224, or its last window is left out",
        "Which size does the question give? Two windows of 11, 4 cells apart, take 15 cells: one step, two windows.",
        {"conv1_side": 54},
    ),
    WrongAnswer(
        "X-alexnet-padding-difference",
        ALEXNET,
        "224 is filled up to 227",
        "Sizes are rounded down, and padding comes at both ends. Does a smaller padding give the same side?",
        {"padding_224": 3},
    ),
    WrongAnswer(
        "X-alexnet-no-bias",
        ALEXNET,
        "the biases of conv1 are left out",
        "Each of the 96 filters has a bias.",
        {"conv1_shared": 34_848},
    ),
    WrongAnswer(
        "X-alexnet-bias-shared",
        ALEXNET,
        "without sharing, weights are private and biases are not",
        "If each unit has weights of its own, why should it share its bias?",
        {"conv1_unshared": 55 * 55 * 96 * 363 + 96},
    ),
    WrongAnswer(
        "X-alexnet-one-map",
        ALEXNET,
        "without sharing only one of the 96 slices is counted",
        "How many units does the whole output volume have?",
        {"conv1_unshared": 55 * 55 * 364},
    ),
    WrongAnswer(
        "X-alexnet-padding-total",
        ALEXNET,
        "the zeros of both sides are added up",
        "Padding is given per side.",
        {"padding_224": 4},
    ),
    WrongAnswer(
        "X-classics-vgg-no-bias",
        CLASSICS,
        "the biases of VGG's dense layers are left out",
        "Each unit of the three layers has one.",
        {"vgg_dense": 25_088 * 4_096 + 4_096 * 4_096 + 4_096 * 1_000},
    ),
    WrongAnswer(
        "Q-lenet-c3",
        CLASSICS,
        "every map of C3 reads all six maps",
        "Look at the table: six maps read three, nine read four, one reads six. How many filter planes are that?",
        {"lenet_c3": 2_416},
    ),
    WrongAnswer(
        "X-lenet-no-bias",
        CLASSICS,
        "the biases of C3 are left out",
        "Each of the 16 maps has a bias.",
        {"lenet_c3": 1_500},
    ),
    WrongAnswer(
        "Q-zfnet-stride1",
        CLASSICS,
        "ZF-Net's first layer has stride 1",
        "One often reads that ZF-Net used 7 × 7 filters with stride 1. Which stride does the table give?",
        {"zfnet_side": 220},
    ),
    WrongAnswer(
        "X-zfnet-no-padding",
        CLASSICS,
        "the padding of ZF-Net's first layer is left out",
        "One row of zeros is added on each side.",
        {"zfnet_side": 109},
    ),
    WrongAnswer(
        "Q-vgg-doubles",
        CLASSICS,
        "the number of filters doubles after every pooling",
        "List them block by block from the table. Does the last step double?",
        {"vgg_channels": 1_024},
    ),
    WrongAnswer(
        "Q-vgg-conv-heavy",
        CLASSICS,
        "the convolutions hold most of VGG-16",
        "Work out the first dense layer alone: 7 · 7 · 512 values to 4,096 units.",
        {"vgg_dense": 14_714_688},
    ),
    WrongAnswer(
        "X-vgg-two-dense",
        CLASSICS,
        "the last dense layer is left out",
        "There are three dense layers; the last one has 1,000 units.",
        {"vgg_dense": 119_545_856},
    ),
    WrongAnswer(
        "Q-googlenet-3x3",
        CLASSICS,
        "the 5 × 5 branch of GoogLeNet has 3 × 3 filters",
        "A popular library did that by mistake. What does the name of the branch say?",
        {"googlenet_5x5": 7_728},
    ),
    WrongAnswer(
        "X-googlenet-no-reduce",
        CLASSICS,
        "the 1 × 1 layer in front of the 5 × 5 is left out",
        "The branch has two layers, and both learn.",
        {"googlenet_5x5": 12_832},
    ),
    WrongAnswer(
        "X-googlenet-direct",
        CLASSICS,
        "the 5 × 5 filters read all 192 channels",
        "What comes out of the 1 × 1 layer in front of them?",
        {"googlenet_5x5": 192 * 16 + 16 + 25 * 192 * 32 + 32},
    ),
    WrongAnswer(
        "X-keras-same-half",
        SIZE,
        'half the filter is padded at both ends for "same", rounded down',
        "Take 6 cells, a filter of 4 and stride 1: how many windows are there with your zeros?",
        same_by_half_the_filter,
    ),
    WrongAnswer(
        "X-network-image-depth",
        COUNT,
        "every filter is as deep as the image",
        "What does the second convolution read: the image, or the maps of the first one?",
        network_as_deep_as_the_image,
        (walk,),
    ),
    WrongAnswer(
        "X-network-pool-up",
        COUNT,
        "pooling rounds sizes up",
        "Windows of 2 lie side by side on 7 cells. How many of them are full?",
        network_pools_rounded_up,
        (walk,),
    ),
    WrongAnswer(
        "X-network-flattened-again",
        COUNT,
        "every dense layer reads what left flatten",
        "How many values leave the first dense layer, and who reads them?",
        network_flattened_again,
        (walk,),
    ),
)
