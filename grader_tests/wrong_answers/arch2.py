"""Mistakes of the second bonus notebook: building blocks."""

import numpy as np

from grader_tests.answers import WrongAnswer

FIELD, SEPARABLE, BLOCK = "arch2-receptive-field", "arch2-separable", "arch2-dense-block"
TRANSPOSED, OVERLAP = "arch2-transposed-size", "arch2-overlap-counts"
STACKS, INCEPTION, RESIDUAL, EVEN = "arch2-stacks", "arch2-inception", "arch2-residual", "arch2-even-kernel"


def kernels_added(layers):
    return sum(size for size, _ in layers)


def strides_ignored(layers):
    return 1 + sum(size - 1 for size, _ in layers)


def own_stride_counted(layers):
    field, jump = 1, 1
    for size, stride in layers:
        jump *= stride
        field += (size - 1) * jump
    return field


def last_stride_only(layers):
    field, before = 1, 1
    for size, stride in layers:
        field += (size - 1) * before
        before = stride
    return field


def strides_added(layers):
    field, jump = 1, 0
    for size, stride in layers:
        field += (size - 1) * max(jump, 1)
        jump += stride
    return field


def kernels_multiplied(layers):
    field = 1
    for size, _ in layers:
        field *= size
    return field


def last_layer_only(layers):
    return layers[-1][0]


def backwards_without_kernel(layers):
    field = 1
    for size, stride in reversed(layers):
        field = field * stride + size
    return field


def no_pointwise(kernel_size, in_channels, filters):
    return kernel_size**2 * in_channels


def pointwise_only(kernel_size, in_channels, filters):
    return in_channels * filters


def dense_weights(kernel_size, in_channels, filters):
    return kernel_size**2 * in_channels * filters


def one_depthwise_filter(kernel_size, in_channels, filters):
    return kernel_size**2 + in_channels * filters


def depthwise_for_filters(kernel_size, in_channels, filters):
    return kernel_size**2 * filters + in_channels * filters


def separable_with_biases(kernel_size, in_channels, filters):
    return (kernel_size**2 + 1) * in_channels + (in_channels + 1) * filters


def row_and_column_filters(kernel_size, in_channels, filters):
    return 2 * kernel_size * in_channels + in_channels * filters


def one_layer_too_many(initial_channels, growth_rate, layers):
    read = initial_channels + growth_rate * layers
    return read, read, layers * (layers + 1) // 2


def links_without_input(initial_channels, growth_rate, layers):
    read = initial_channels + growth_rate * (layers - 1)
    return read, read + growth_rate, layers * (layers - 1) // 2


def chain(initial_channels, growth_rate, layers):
    read = initial_channels + growth_rate * (layers - 1)
    return read, read + growth_rate, layers


def replaced_maps(initial_channels, growth_rate, layers):
    return (initial_channels if layers == 1 else growth_rate), growth_rate, layers * (layers + 1) // 2


def doubled_channels(initial_channels, growth_rate, layers):
    read = initial_channels
    for _ in range(layers - 1):
        read = 2 * read + growth_rate
    return read, 2 * read + growth_rate, layers * (layers + 1) // 2


def output_as_input(initial_channels, growth_rate, layers):
    read = initial_channels + growth_rate * (layers - 1)
    return read, read, layers * (layers + 1) // 2


def growth_only(initial_channels, growth_rate, layers):
    read = growth_rate * (layers - 1)
    return read, read + growth_rate, layers * (layers + 1) // 2


def legal(size, kernel_size, stride, padding, output_padding):
    """Raise ValueError for a layer that is impossible."""
    if output_padding >= stride or (size - 1) * stride + kernel_size + output_padding - 2 * padding < 1:
        raise ValueError("impossible layer")


def size_times_stride(size, kernel_size, stride=1, padding=0, output_padding=0):
    legal(size, kernel_size, stride, padding, output_padding)
    return size * stride


def forward_formula(size, kernel_size, stride=1, padding=0, output_padding=0):
    legal(size, kernel_size, stride, padding, output_padding)
    return (size - kernel_size + 2 * padding) // stride + 1


def padding_added(size, kernel_size, stride=1, padding=0, output_padding=0):
    legal(size, kernel_size, stride, padding, output_padding)
    return (size - 1) * stride + kernel_size + 2 * padding + output_padding


def padding_once(size, kernel_size, stride=1, padding=0, output_padding=0):
    legal(size, kernel_size, stride, padding, output_padding)
    return (size - 1) * stride + kernel_size - padding + output_padding


def stamps_side_by_side(size, kernel_size, stride=1, padding=0, output_padding=0):
    legal(size, kernel_size, stride, padding, output_padding)
    return size * stride + kernel_size - 2 * padding + output_padding


def extra_ignored(size, kernel_size, stride=1, padding=0, output_padding=0):
    legal(size, kernel_size, stride, padding, output_padding)
    return (size - 1) * stride + kernel_size - 2 * padding


def extra_twice(size, kernel_size, stride=1, padding=0, output_padding=0):
    legal(size, kernel_size, stride, padding, output_padding)
    return (size - 1) * stride + kernel_size - 2 * padding + 2 * output_padding


def any_layer(size, kernel_size, stride=1, padding=0, output_padding=0):
    return (size - 1) * stride + kernel_size - 2 * padding + output_padding


def any_extra(size, kernel_size, stride=1, padding=0, output_padding=0):
    out = (size - 1) * stride + kernel_size - 2 * padding + output_padding
    if out < 1:
        raise ValueError("nothing is left")
    return out


def overwritten(size, kernel_size, stride):
    counts = np.zeros((size - 1) * stride + kernel_size)
    for place in range(size):
        counts[place * stride : place * stride + kernel_size] = 1
    return counts


def all_alike(size, kernel_size, stride):
    return np.full((size - 1) * stride + kernel_size, kernel_size / stride)


def stamps_one_apart(size, kernel_size, stride):
    counts = np.zeros((size - 1) * stride + kernel_size)
    for place in range(size):
        counts[place : place + kernel_size] += 1
    return counts


def ends_cut(size, kernel_size, stride):
    counts = np.zeros((size - 1) * stride + kernel_size)
    for place in range(size):
        counts[place * stride : place * stride + kernel_size] += 1
    return counts[: size * stride]


def last_stamp_missing(size, kernel_size, stride):
    counts = np.zeros((size - 1) * stride + kernel_size)
    for place in range(size - 1):
        counts[place * stride : place * stride + kernel_size] += 1
    return counts


def walked_the_other_way(layers):
    seen = 1
    for kernel, stride in layers:
        seen = (seen - 1) * stride + kernel
    return seen


def depthwise_line(kernel_size, in_channels, filters):
    return kernel_size * in_channels + in_channels * filters


def input_left_behind(initial_channels, growth_rate, layers):
    links = layers * (layers + 1) // 2
    return initial_channels + growth_rate * (layers - 1), growth_rate * layers, links


def every_pair_twice(initial_channels, growth_rate, layers):
    return initial_channels + growth_rate * (layers - 1), initial_channels + growth_rate * layers, layers**2


def holes_left_out(size, kernel_size, stride):
    counts = np.zeros((size - 1) * stride + kernel_size, dtype=int)
    for place in range(size):
        counts[place * stride : place * stride + kernel_size] += 1
    return counts[counts > 0]


WRONG_ANSWERS = (
    WrongAnswer(
        "Q-rf-add",
        FIELD,
        "the sizes of the filters are added up",
        "Neighboring windows overlap. By how many cells does a second layer of 3 see further than the first?",
        kernels_added,
    ),
    WrongAnswer(
        "Q-rf-stride",
        FIELD,
        "strides make no difference",
        "One step in the second layer: how many cells of the image is that, when the first layer has stride 2?",
        strides_ignored,
    ),
    WrongAnswer(
        "X-rf-own-stride",
        FIELD,
        "a layer's own stride already counts for its own filter",
        "A single layer of 5 with stride 3 sees 5 cells. From which layer on does its stride matter?",
        own_stride_counted,
    ),
    WrongAnswer(
        "X-rf-last-stride",
        FIELD,
        "only the stride of the layer right before counts",
        "Two layers of stride 2 behind each other: how far apart in the image are neighbors of the third layer?",
        last_stride_only,
    ),
    WrongAnswer(
        "X-rf-strides-added",
        FIELD,
        "strides are added up",
        "Two steps of stride 2 behind each other: do they make 4 because of 2 + 2 or 2 · 2? Try three.",
        strides_added,
    ),
    WrongAnswer(
        "X-rf-product",
        FIELD,
        "the sizes of the filters are multiplied",
        "Draw two layers of 3 with stride 1 and count the cells.",
        kernels_multiplied,
    ),
    WrongAnswer(
        "X-rf-last-layer",
        FIELD,
        "only the last layer counts",
        "Each cell that the last layer reads has itself read several cells.",
        last_layer_only,
    ),
    WrongAnswer(
        "X-rf-backwards",
        FIELD,
        "walking backwards, the overlap of windows is forgotten",
        "Two neighboring windows of 3 with stride 1 cover 4 cells together, not 5 or 6.",
        backwards_without_kernel,
    ),
    WrongAnswer(
        "X-stacks-saved-wrong-way",
        STACKS,
        "the saving is taken as a share of the smaller number",
        "You start with one 5 × 5. Which share of its weights is saved?",
        {"saved_percent": 100 * (102_400 / 73_728 - 1)},
    ),
    WrongAnswer(
        "X-stacks-share-left",
        STACKS,
        "what is left is given instead of what is saved",
        "The key says saved.",
        {"saved_percent": 72.0},
    ),
    WrongAnswer(
        "X-stacks-one-filter",
        STACKS,
        "the weights of a single filter are counted",
        "The layer has 64 filters.",
        {"one_5x5": 1_600, "two_3x3": 1_152},
    ),
    WrongAnswer(
        "X-stacks-no-depth",
        STACKS,
        "the filters have no depth",
        "Each of the 64 filters reaches through 64 channels.",
        {"one_5x5": 25 * 64, "two_3x3": 18 * 64, "row_and_column": 6 * 64},
    ),
    WrongAnswer(
        "X-stacks-field-added",
        STACKS,
        "three filters of 3 see nine rows",
        "Neighboring windows overlap.",
        {"three_3x3_see": 9},
    ),
    WrongAnswer(
        "X-stacks-biases",
        STACKS,
        "biases are counted",
        "The question is about weights only.",
        {"one_5x5": 102_464, "two_3x3": 73_856},
    ),
    WrongAnswer(
        "E42-separable-no-pointwise",
        SEPARABLE,
        "the 1 × 1 layer is left out",
        "After the first step every channel is still alone. Which layer mixes them?",
        no_pointwise,
    ),
    WrongAnswer(
        "X-separable-pointwise-only",
        SEPARABLE,
        "only the 1 × 1 layer is counted",
        "Where are the neighbors looked at?",
        pointwise_only,
    ),
    WrongAnswer(
        "X-separable-dense",
        SEPARABLE,
        "an ordinary convolution is counted",
        "In the first step each filter reads one channel only.",
        dense_weights,
    ),
    WrongAnswer(
        "X-separable-one-filter",
        SEPARABLE,
        "all channels share one filter in the first step",
        "Each channel has a filter of its own.",
        one_depthwise_filter,
    ),
    WrongAnswer(
        "X-separable-by-filters",
        SEPARABLE,
        "the first step has a filter for each output channel",
        "How many channels does the first step read, and so how many filters has it?",
        depthwise_for_filters,
    ),
    WrongAnswer(
        "X-separable-biases",
        SEPARABLE,
        "biases are counted",
        "The question asks for weights without biases.",
        separable_with_biases,
    ),
    WrongAnswer(
        "X-separable-rows-columns",
        SEPARABLE,
        "the first step is split into a row and a column",
        "Separable means here: space first, channels afterwards. The spatial filter stays square.",
        row_and_column_filters,
    ),
    WrongAnswer(
        "X-inception-added",
        INCEPTION,
        "maps are added instead of put behind each other",
        "Each branch brings its own maps; they are stacked.",
        {"channels": 128},
    ),
    WrongAnswer(
        "X-inception-reduced-too",
        INCEPTION,
        "the maps of the 1 × 1 layers inside the branches are counted",
        "Only the last layer of each branch leaves the module.",
        {"channels": 256 + 96 + 16},
    ),
    WrongAnswer(
        "X-inception-input-too",
        INCEPTION,
        "the 192 channels of the input are passed on",
        "The input goes into the branches. Does it leave the module as it is?",
        {"channels": 256 + 192},
    ),
    WrongAnswer(
        "X-inception-second-only",
        INCEPTION,
        "the products of the 1 × 1 layer are left out",
        "The detour has two layers.",
        {"bottleneck": 10_035_200},
    ),
    WrongAnswer(
        "X-inception-ratio",
        INCEPTION,
        "the ratio is turned around",
        "How many times does the cheap way fit into the expensive one?",
        {"times_cheaper": 12_443_648 / 120_422_400},
    ),
    WrongAnswer(
        "X-residual-identity",
        RESIDUAL,
        "the shortcut has weights",
        "Adding the input to the output: what is there to learn?",
        {"identity": 64 * 64},
    ),
    WrongAnswer(
        "X-residual-one-layer",
        RESIDUAL,
        "only one of the two layers is counted",
        "How many convolutions lie beside the shortcut?",
        {"plain": 36_864},
    ),
    WrongAnswer(
        "X-residual-3x3-projection",
        RESIDUAL,
        "the projection has 3 × 3 filters",
        "It only has to change the number of channels.",
        {"projection": 9 * 64 * 128},
    ),
    WrongAnswer(
        "X-residual-wide-middle",
        RESIDUAL,
        "the 3 × 3 layer reads all 256 channels",
        "What comes out of the first 1 × 1 layer?",
        {"bottleneck": 256 * 64 + 9 * 256 * 64 + 64 * 256},
    ),
    WrongAnswer(
        "Q-densenet-k",
        BLOCK,
        "the last layer already reads its own maps",
        "How many layers have appended something before layer 3 begins?",
        one_layer_too_many,
    ),
    WrongAnswer(
        "Q-densenet-links",
        BLOCK,
        "the connections from the block's input are left out",
        "Layer 1 receives something too. From where?",
        links_without_input,
    ),
    WrongAnswer(
        "X-densenet-chain",
        BLOCK,
        "each layer is connected to the one before only",
        "In a dense block a layer reads everything that came before.",
        chain,
    ),
    WrongAnswer(
        "X-densenet-replaced",
        BLOCK,
        "the new maps replace the old ones",
        "The maps of a layer are appended to what is there.",
        replaced_maps,
    ),
    WrongAnswer(
        "X-densenet-doubled",
        BLOCK,
        "everything that came before is appended again",
        "A layer appends its own maps only, the growth rate.",
        doubled_channels,
    ),
    WrongAnswer(
        "X-densenet-last-lost",
        BLOCK,
        "the maps of the last layer do not leave the block",
        "The last layer appends as well.",
        output_as_input,
    ),
    WrongAnswer(
        "X-densenet-no-input",
        BLOCK,
        "the channels that enter the block are dropped",
        "What does the first layer read?",
        growth_only,
    ),
    WrongAnswer(
        "Q-deconv-size",
        TRANSPOSED,
        "the size is multiplied by the stride",
        "Three stamps of 3 cells, two apart: where does the last one end? And what does the padding take away?",
        size_times_stride,
        (legal,),
    ),
    WrongAnswer(
        "X-deconv-forward",
        TRANSPOSED,
        "the formula of the ordinary convolution is used",
        "A transposed convolution makes maps larger.",
        forward_formula,
        (legal,),
    ),
    WrongAnswer(
        "X-deconv-padding-added",
        TRANSPOSED,
        "padding makes the output larger",
        "Here padding is cut off at the end, the reverse of the forward pass.",
        padding_added,
        (legal,),
    ),
    WrongAnswer(
        "X-deconv-padding-once",
        TRANSPOSED,
        "padding is cut off on one side only",
        "Padding is given per side.",
        padding_once,
        (legal,),
    ),
    WrongAnswer(
        "X-deconv-size-not-reduced",
        TRANSPOSED,
        "one step too many is counted",
        "Between four stamps there are three steps.",
        stamps_side_by_side,
        (legal,),
    ),
    WrongAnswer(
        "X-deconv-no-output-padding",
        TRANSPOSED,
        "output_padding is not used",
        "Look at the last argument.",
        extra_ignored,
        (legal,),
    ),
    WrongAnswer(
        "X-deconv-output-padding-twice",
        TRANSPOSED,
        "output_padding is added on both sides",
        "It is added at the end only.",
        extra_twice,
        (legal,),
    ),
    WrongAnswer(
        "X-deconv-not-refused",
        TRANSPOSED,
        "impossible layers are accepted",
        "What does your formula give for one cell, a filter of 3 and padding 2? And may output_padding be anything?",
        any_layer,
    ),
    WrongAnswer(
        "X-deconv-any-output-padding",
        TRANSPOSED,
        "any output_padding is accepted",
        "With stride 2, two extra cells would be a whole step. Which values make sense?",
        any_extra,
    ),
    WrongAnswer(
        "X-overlap-overwritten",
        OVERLAP,
        "a later stamp overwrites the earlier ones",
        "Stamps are added up where they overlap.",
        overwritten,
    ),
    WrongAnswer(
        "X-overlap-alike",
        OVERLAP,
        "all cells are taken to be written equally often",
        "How many stamps reach the very first cell?",
        all_alike,
    ),
    WrongAnswer(
        "X-overlap-stride-one",
        OVERLAP,
        "stamps begin one cell apart",
        "The stride is the distance between the stamps in the output.",
        stamps_one_apart,
    ),
    WrongAnswer(
        "X-overlap-cut",
        OVERLAP,
        "the output has size times stride cells",
        "Where does the last stamp end?",
        ends_cut,
    ),
    WrongAnswer(
        "X-overlap-last-missing",
        OVERLAP,
        "the last stamp is missing",
        "Every input cell makes one stamp.",
        last_stamp_missing,
    ),
    WrongAnswer(
        "Q-checkerboard",
        EVEN,
        "a kernel of 3 is taken to cover all inner cells alike at stride 2",
        "Run overlap_counts for it and look at the inner cells.",
        3,
    ),
    WrongAnswer(
        "X-even-five",
        EVEN,
        "an odd kernel is taken because it has a middle",
        "What matters here is how many stamps reach a cell. Which kernels does the stride divide?",
        5,
    ),
    WrongAnswer(
        "X-rf-forward",
        FIELD,
        "the rule that leads from the last layer to the first one is used from the first one on",
        "Your rule multiplies by the stride of the layer that it stands at. With which layer does it have to begin?",
        walked_the_other_way,
    ),
    WrongAnswer(
        "X-separable-line",
        SEPARABLE,
        "a filter is a line, not a square",
        "How many cells has a window of 5 × 5?",
        depthwise_line,
    ),
    WrongAnswer(
        "X-densenet-without-input",
        BLOCK,
        "the channels that enter the block do not leave it",
        "Every layer only appends. What becomes of the channels that were there before the first one?",
        input_left_behind,
    ),
    WrongAnswer(
        "X-densenet-square",
        BLOCK,
        "as many connections are counted as there are pairs of layers, in both directions",
        "Can an early layer read the maps of a later one? And where does the first layer read from?",
        every_pair_twice,
    ),
    WrongAnswer(
        "X-overlap-without-holes",
        OVERLAP,
        "cells that no stamp writes are left out",
        "They are cells of the output as well. How many stamps write them?",
        holes_left_out,
    ),
    WrongAnswer(
        "X-even-not-smallest",
        EVEN,
        "a kernel is taken that covers all inner cells alike, but not the smallest one",
        "Try the sizes from 3 on, one after the other.",
        6,
    ),
)
