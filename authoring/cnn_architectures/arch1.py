# %% [markdown] id="arch1-intro"
# # Architectures 1: whole networks (bonus)
#
# **You will** follow shapes, parameters and costs through a whole network, first by hand, then with a function of your
# own, and look up what decides the size of some famous ones.
#
# | question | what you write | points |
# |---|---|---|
# | 1 | `keras_output_size`: sizes as Keras computes them | {points:arch1-keras-output-size} |
# | 2 | `sizes`: the maps of a Keras model | {points:arch1-sizes} |
# | 3 | `learned`: its parameters | {points:arch1-learned} |
# | 4 | `costs`: its multiply-accumulates | {points:arch1-costs} |
# | 5 | `count_network`: both, for any such network | {points:arch1-count-network} |
# | 6 | `grouped_parameters`: filters that read a part of the channels | {points:arch1-grouped-parameters} |
# | 7 | `alexnet`: five numbers | {points:arch1-alexnet} |
# | 8 | `classics`: five numbers from four other networks | {points:arch1-classics} |
#
# ![The Keras model in a row: an image of 28 × 28 × 1; conv 32, max pool, conv 64, conv 128, conv 64, max pool and flatten, each with a question mark in place of its volume; then 1,024 and 10 units](images/arch1-keras.png)
#
# This is the model of the lecture, a classifier of handwritten digits:
#
# ```python
# model = Sequential([
#     Input((28, 28, 1)),
#     Conv2D(32, kernel_size=5, padding="same", activation="relu"),   # conv1
#     MaxPooling2D(pool_size=2, strides=2),                           # pool1
#     Conv2D(64, kernel_size=5, activation="relu"),                   # conv2
#     Conv2D(128, kernel_size=5, activation="relu"),                  # conv3
#     Conv2D(64, kernel_size=5, activation="relu"),                   # conv4
#     MaxPooling2D(pool_size=2, strides=2),                           # pool2
#     Flatten(),                                                      # flatten
#     Dense(1024, activation="relu"),                                 # dense
#     Dropout(0.1),
#     Dense(10, activation="softmax"),                                # output
# ])
# ```
#
# In these three notebooks a **multiply-accumulate** is one multiplication together with the addition that follows it. Only
# convolutions and dense layers have them; biases, pooling and activations are not counted.

# %% id="arch1-setup" locked=true
import numpy as np
try:
    from student_kit import check, example, explore, progress
except ImportError:
    raise ImportError("Put the folder student_kit beside this notebook; it came with the assignment. START-HERE.md says how.") from None

# %% id="arch1-explore"
explore("size")

# %% [markdown] id="arch1-keras-output-size-prompt"
# ## 1. Sizes in Keras ({worth:arch1-keras-output-size})
#
# Keras' layers know two kinds of padding. `"valid"` (the default) adds nothing: windows start at 0, `strides`,
# 2 · `strides`, … as long as they fit. `"same"` gives one window for every `strides` cells of the map, and one more for
# cells left over; just enough zeros are added at both ends for that (a spare one at the end). How many windows are there?
#
# {examples:arch1-keras-output-size}
#
# If no window fits, raise a `ValueError`. (With `"same"` even a filter larger than the map fits.)

# %% id="arch1-keras-output-size" solution=true
def keras_output_size(size, kernel_size, strides=1, padding="valid"):
    """Return the cells along one axis after a Conv2D or MaxPooling2D layer.

    size, kernel_size, strides: int; cells of the map, of the filter or window, and from one window to the next
    padding: "valid" or "same"
    Returns int
    Raises ValueError when no window fits
    """
    ### BEGIN SOLUTION
    last_start = size - 1 if padding == "same" else size - kernel_size
    if last_start < 0:
        raise ValueError(f"a filter of {kernel_size} does not fit into {size} cells")
    return last_start // strides + 1
    ### END SOLUTION

# %% id="arch1-keras-output-size-try"
keras_output_size(9, 4, strides=2)

# %% id="arch1-keras-output-size-test" points=0.5
check("arch1-keras-output-size", lambda: keras_output_size)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch1-keras-output-size", lambda: keras_output_size)
### END HIDDEN TESTS

# %% [markdown] id="arch1-sizes-prompt"
# ## 2. The maps ({worth:arch1-sizes})
#
# Walk through the model above. For each convolution and pooling layer, give the **side** of its output (all maps are
# square). For `"flatten"`, give the number of values that reach the first dense layer.
#
# Read the arguments of every layer before you start: they are not all alike.

# %% id="arch1-sizes" solution=true
sizes = {
    "conv1": ...,
    "pool1": ...,
    "conv2": ...,
    "conv3": ...,
    "conv4": ...,
    "pool2": ...,
    "flatten": ...,
}
### BEGIN SOLUTION
sizes = {
    "conv1": 28,
    "pool1": 14,
    "conv2": 10,
    "conv3": 6,
    "conv4": 2,
    "pool2": 1,
    "flatten": 1 * 1 * 64,
}
### END SOLUTION

# %% id="arch1-sizes-test" points=0.25
check("arch1-sizes", lambda: sizes)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch1-sizes", lambda: sizes)
### END HIDDEN TESTS

# %% [markdown] id="arch1-learned-prompt"
# ## 3. What it learns ({worth:arch1-learned})
#
# How many numbers does training change in each layer, and in the whole model? Convolutions and dense layers have
# biases unless you tell Keras otherwise; layers without a key of their own learn nothing.
#
# By hand, for another layer: 8 filters of 3 × 3 on 4 channels learn 8 · (3·3·4 + 1) = **296** numbers; a dense layer from 6
# values to 5 units learns 5 · (6 + 1) = **35**.

# %% id="arch1-learned" solution=true
learned = {
    "conv1": ...,
    "conv2": ...,
    "conv3": ...,
    "conv4": ...,
    "dense": ...,
    "output": ...,
    "total": ...,
}
### BEGIN SOLUTION
learned = {
    "conv1": 32 * (5 * 5 * 1 + 1),
    "conv2": 64 * (5 * 5 * 32 + 1),
    "conv3": 128 * (5 * 5 * 64 + 1),
    "conv4": 64 * (5 * 5 * 128 + 1),
    "dense": 1024 * (64 + 1),
    "output": 10 * (1024 + 1),
}
learned["total"] = sum(learned.values())
### END SOLUTION

# %% id="arch1-learned-test" points=0.25
check("arch1-learned", lambda: learned)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch1-learned", lambda: learned)
### END HIDDEN TESTS

# %% [markdown] id="arch1-costs-prompt"
# ## 4. What it computes ({worth:arch1-costs})
#
# How many multiply-accumulates does one image take, in each layer and in total? In a convolution, every cell of every
# output map takes one for each weight of its filter.
#
# By hand: the same 8 filters of 3 × 3 on 4 channels with an output of 6 × 5 take 6·5 · 8 · 3·3·4 = **8,640**; the dense layer
# from 6 values to 5 units takes 5 · 6 = **30**.

# %% id="arch1-costs" solution=true
costs = {
    "conv1": ...,
    "conv2": ...,
    "conv3": ...,
    "conv4": ...,
    "dense": ...,
    "output": ...,
    "total": ...,
}
### BEGIN SOLUTION
costs = {
    "conv1": 28 * 28 * 32 * 5 * 5 * 1,
    "conv2": 10 * 10 * 64 * 5 * 5 * 32,
    "conv3": 6 * 6 * 128 * 5 * 5 * 64,
    "conv4": 2 * 2 * 64 * 5 * 5 * 128,
    "dense": 1024 * 64,
    "output": 10 * 1024,
}
costs["total"] = sum(costs.values())
### END SOLUTION

# %% id="arch1-costs-test" points=0.25
check("arch1-costs", lambda: costs)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch1-costs", lambda: costs)
### END HIDDEN TESTS

# %% [markdown] id="arch1-count-network-prompt"
# ## 5. By code ({worth:arch1-count-network})
#
# Now let the computer walk. A network is a list of layers, each a tuple:
#
# | layer | what it does |
# |---|---|
# | `("conv", filters, kernel_size, padding)` | convolution with biases, stride 1, `"valid"` or `"same"` |
# | `("pool", size)` | max pooling, windows side by side, sizes rounded down |
# | `("flatten",)` | all values in one row |
# | `("dense", units)` | dense layer with biases, after `flatten` only |
# | `("dropout", rate)` | changes no shape, learns and multiplies nothing |
#
# Return its parameters and its multiply-accumulates for one image. The shape of the input is (height, width, channels);
# images need not be square.
#
# {examples:arch1-count-network}

# %% id="arch1-count-network" solution=true
def count_network(layers, input_shape):
    """Return how much a network learns and computes.

    layers: list of tuples; the layers in order, as in the table above
    input_shape: (int, int, int); height, width and channels of the image
    Returns (int, int); parameters, and multiply-accumulates for one image
    """
    ### BEGIN SOLUTION
    height, width, channels = input_shape
    parameters = multiply_accumulates = features = 0
    for kind, *settings in layers:
        if kind == "conv":
            filters, kernel_size, padding = settings
            height = keras_output_size(height, kernel_size, padding=padding)
            width = keras_output_size(width, kernel_size, padding=padding)
            weights = kernel_size * kernel_size * channels * filters
            parameters += weights + filters
            multiply_accumulates += height * width * weights
            channels = filters
        elif kind == "pool":
            height, width = height // settings[0], width // settings[0]
        elif kind == "flatten":
            features = height * width * channels
        elif kind == "dense":
            units = settings[0]
            parameters += units * (features + 1)
            multiply_accumulates += units * features
            features = units
    return parameters, multiply_accumulates
    ### END SOLUTION

# %% id="arch1-count-network-try"
count_network([("conv", 4, 3, "same"), ("pool", 2), ("flatten",), ("dense", 5)], (6, 4, 2))

# %% id="arch1-count-network-test" points=0.75 follows=["arch1-keras-output-size"]
check("arch1-count-network", lambda: count_network)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch1-count-network", lambda: count_network)
### END HIDDEN TESTS

# %% [markdown] id="arch1-grouped-parameters-prompt"
# ## 6. Groups ({worth:arch1-grouped-parameters})
#
# AlexNet was trained on two graphics cards, because one was too small for it. So some layers were cut in two: half of the input
# channels lay on each card, and half of the filters read **only the channels on their own card**. In general, channels and
# filters are shared out to `groups` of equal size, and a filter is as deep as one group of channels.
#
# How many numbers does such a layer learn? Where the groups do not divide the channels and the filters evenly, raise a
# `ValueError`.
#
# {examples:arch1-grouped-parameters}

# %% id="arch1-grouped-parameters" solution=true
def grouped_parameters(kernel_size, in_channels, filters, groups=1, bias=True):
    """Return how many numbers a grouped convolution learns.

    kernel_size: int; side of the filters
    in_channels, filters, groups: int; channels read, filters, and groups that share both out
    bias: bool; whether each filter has a bias
    Returns int
    Raises ValueError when the groups do not divide the channels and the filters
    """
    ### BEGIN SOLUTION
    if in_channels % groups or filters % groups:
        raise ValueError(f"{groups} groups do not divide {in_channels} channels and {filters} filters")
    depth = in_channels // groups
    return filters * (kernel_size * kernel_size * depth + (1 if bias else 0))
    ### END SOLUTION

# %% id="arch1-grouped-parameters-try"
grouped_parameters(3, 4, 6, groups=2)

# %% id="arch1-grouped-parameters-test" points=0.25
check("arch1-grouped-parameters", lambda: grouped_parameters)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch1-grouped-parameters", lambda: grouped_parameters)
### END HIDDEN TESTS

# %% [markdown] id="arch1-alexnet-prompt"
# ## 7. AlexNet ({worth:arch1-alexnet})
#
# The first layer has 96 filters of 11 × 11 with biases, stride 4, no padding, and reads an image of **227 × 227 × 3**. (The
# paper prints 224, with which the layer does not come out even.) The second layer has 256 filters of 5 × 5 with biases, and
# reads 96 channels in two groups.
#
# | key | what to count |
# |---|---|
# | `"conv1_side"` | side of the first layer's output |
# | `"conv1_shared"` | numbers the first layer learns |
# | `"conv1_unshared"` | numbers it would learn if every unit had weights and a bias of its own |
# | `"conv2"` | numbers the second layer learns |
# | `"padding_224"` | how many zeros **per side** an image of 224 × 224 needs at least, so that the first layer's output has the side `"conv1_side"` again |
#
# Sizes are rounded down.

# %% id="arch1-alexnet" solution=true
alexnet = {
    "conv1_side": ...,
    "conv1_shared": ...,
    "conv1_unshared": ...,
    "conv2": ...,
    "padding_224": ...,
}
### BEGIN SOLUTION
alexnet = {
    "conv1_side": (227 - 11) // 4 + 1,
    "conv1_shared": 96 * (11 * 11 * 3 + 1),
    "conv1_unshared": 55 * 55 * 96 * (11 * 11 * 3 + 1),
    "conv2": grouped_parameters(5, 96, 256, groups=2),
    "padding_224": 2,  # (224 - 11 + 4) // 4 + 1 is 55, with padding 1 it is 54
}
### END SOLUTION

# %% id="arch1-alexnet-test" points=0.25 follows=["arch1-grouped-parameters"]
check("arch1-alexnet", lambda: alexnet)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch1-alexnet", lambda: alexnet)
### END HIDDEN TESTS

# %% [markdown] id="arch1-classics-prompt"
# ## 8. Four classics ({worth:arch1-classics})
#
# All layers have biases.
#
# | network | what you need to know |
# |---|---|
# | LeNet-5, layer C3 | 16 filters of 5 × 5. Six of them read 3 of the 6 input maps, nine read 4, one reads all 6. |
# | ZF-Net, first layer | 96 filters of 7 × 7, stride 2, padding 1, on 224 × 224 × 3 |
# | VGG-16 | five blocks of 3 × 3 convolutions with 64, 128, 256, 512, 512 filters; a pooling layer after each; then 7 × 7 × 512 values to 4,096, to 4,096, to 1,000 units |
# | GoogLeNet, module 3a | its input has 192 channels. One of its branches: 16 filters of 1 × 1, then 32 filters of 5 × 5. |
#
# | key | what to count |
# |---|---|
# | `"lenet_c3"` | numbers that C3 learns |
# | `"zfnet_side"` | side of the first layer's output |
# | `"vgg_channels"` | channels of the maps after VGG's **last** block |
# | `"vgg_dense"` | numbers that VGG-16's three dense layers learn (of 138,357,544 in all) |
# | `"googlenet_5x5"` | numbers that the branch with the 5 × 5 filters learns |

# %% id="arch1-classics" solution=true
classics = {
    "lenet_c3": ...,
    "zfnet_side": ...,
    "vgg_channels": ...,
    "vgg_dense": ...,
    "googlenet_5x5": ...,
}
### BEGIN SOLUTION
classics = {
    "lenet_c3": 5 * 5 * (6 * 3 + 9 * 4 + 1 * 6) + 16,
    "zfnet_side": (224 - 7 + 2 * 1) // 2 + 1,
    "vgg_channels": 512,
    "vgg_dense": 4096 * (7 * 7 * 512 + 1) + 4096 * (4096 + 1) + 1000 * (4096 + 1),
    "googlenet_5x5": 16 * (192 + 1) + 32 * (5 * 5 * 16 + 1),
}
### END SOLUTION

# %% id="arch1-classics-test" points=0.5
check("arch1-classics", lambda: classics)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch1-classics", lambda: classics)
### END HIDDEN TESTS

# %% [markdown] id="arch1-end"
# ## Where you stand
#
# Where a network *keeps* its numbers and where it *spends* its time are two questions: compare each layer's share in `learned`
# and in `costs`. And a whole network can hang on a detail that is easy to skip, a padding here, a group there.

# %% id="arch1-progress"
from student_kit import progress
progress("arch1")
