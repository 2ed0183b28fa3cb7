"""Correct answers of the second bonus notebook."""

import numpy as np

from grader_tests.answers import RightAnswer

FIELD, SEPARABLE, BLOCK = "arch2-receptive-field", "arch2-separable", "arch2-dense-block"
TRANSPOSED, OVERLAP = "arch2-transposed-size", "arch2-overlap-counts"


def field_forwards(layers):
    field, jump = 1, 1
    for kernel_size, stride in layers:
        field += (kernel_size - 1) * jump
        jump *= stride
    return field


def field_backwards(layers):
    field = 1
    for kernel_size, stride in reversed(layers):
        field = (field - 1) * stride + kernel_size
    return field


def field_by_recursion(layers):
    if len(layers) == 0:
        return 1
    (kernel_size, stride), *rest = layers
    return (field_by_recursion(rest) - 1) * stride + kernel_size


def field_by_sum(layers):
    sizes, strides = zip(*layers, strict=True)
    return 1 + sum((size - 1) * int(np.prod(strides[:place])) for place, size in enumerate(sizes))


def field_by_numpy(layers):
    table = np.array(layers)
    jumps = np.concatenate([[1], np.cumprod(table[:, 1])[:-1]])
    return 1 + np.dot(table[:, 0] - 1, jumps)


def field_by_cells(layers):
    seen = {0}
    for kernel_size, stride in layers[::-1]:
        seen = {cell * stride + tap for cell in seen for tap in range(kernel_size)}
    return max(seen) - min(seen) + 1


def field_by_ends(layers):
    first, last = 0, 0
    for kernel_size, stride in list(layers)[::-1]:
        first, last = first * stride, last * stride + kernel_size - 1
    return last - first + 1


def field_by_reduce(layers):
    from functools import reduce

    return reduce(lambda seen, layer: (seen - 1) * layer[1] + layer[0], reversed(layers), 1)


def field_by_math(layers, padding=0):
    import math

    return 1 + sum((layers[k][0] - 1) * math.prod(s for _, s in layers[:k]) for k in range(len(layers)))


def separable_by_sum(kernel_size, in_channels, filters):
    return kernel_size * kernel_size * in_channels + in_channels * filters


def separable_factored(kernel_size, in_channels, filters):
    return in_channels * (kernel_size**2 + filters)


def separable_in_steps(kernel_size, in_channels, filters):
    depthwise = kernel_size**2 * in_channels
    pointwise = 1 * 1 * in_channels * filters
    return depthwise + pointwise


def separable_by_arrays(kernel_size, in_channels, filters):
    depthwise = np.zeros((in_channels, 1, kernel_size, kernel_size))
    pointwise = np.zeros((filters, in_channels, 1, 1))
    return depthwise.size + pointwise.size


def separable_by_loop(kernel_size, in_channels, filters):
    total = 0
    for _channel in range(in_channels):
        total += kernel_size * kernel_size
    for _filter in range(filters):
        total += in_channels
    return total


def separable_by_prod(kernel_size, in_channels, filters):
    return np.prod([kernel_size, kernel_size, in_channels]) + np.prod([in_channels, filters])


def separable_by_share(kernel_size, in_channels, filters):
    full = kernel_size**2 * in_channels * filters
    return full // filters + full // kernel_size**2


def separable_by_math(kernel_size, in_channels, filters, bias=False):
    import math

    return math.pow(kernel_size, 2).__int__() * in_channels + filters * in_channels


def separable_by_dot(kernel_size, in_channels, filters):
    return int(np.dot([kernel_size**2, filters], [in_channels, in_channels]))


def block_by_formula(initial_channels, growth_rate, layers):
    read = initial_channels + growth_rate * (layers - 1)
    return read, read + growth_rate, layers * (layers + 1) // 2


def block_by_loop(initial_channels, growth_rate, layers):
    channels, connections = initial_channels, 0
    for layer in range(1, layers + 1):
        read = channels
        channels += growth_rate
        connections += layer
    return read, channels, connections


def block_by_list(initial_channels, growth_rate, layers):
    parts, connections = [initial_channels], 0
    for _ in range(layers):
        read = sum(parts)
        connections += len(parts)
        parts.append(growth_rate)
    return [read, sum(parts), connections]


def block_by_concatenation(initial_channels, growth_rate, layers):
    maps = np.zeros((initial_channels, 1, 1))
    links = 0
    for layer in range(layers):
        new = np.zeros((growth_rate, 1, 1))
        read, links = len(maps), links + layer + 1
        maps = np.concatenate([maps, new])
    return read, len(maps), links


def block_by_pairs(initial_channels, growth_rate, layers):
    from itertools import combinations

    links = len(list(combinations(range(layers + 1), 2)))
    out = initial_channels + layers * growth_rate
    return out - growth_rate, out, links


def block_by_recursion(initial_channels, growth_rate, layers):
    if layers == 1:
        return initial_channels, initial_channels + growth_rate, 1
    _, out, links = block_by_recursion(initial_channels, growth_rate, layers - 1)
    return out, out + growth_rate, links + layers


def block_by_sum(initial_channels, growth_rate, layers):
    links = sum(range(layers + 1))
    return initial_channels + growth_rate * layers - growth_rate, initial_channels + growth_rate * layers, links


def block_by_arange(initial_channels, growth_rate, layers):
    widths = initial_channels + growth_rate * np.arange(layers + 1)
    return widths[-2], widths[-1], np.arange(layers + 1).sum()


def block_by_comb(initial_channels, growth_rate, layers, bottleneck=4):
    import math

    out = initial_channels + growth_rate * layers
    return out - growth_rate, out, math.comb(layers + 1, 2)


def transposed_by_formula(size, kernel_size, stride=1, padding=0, output_padding=0):
    if output_padding >= stride:
        raise ValueError("output_padding must be smaller than the stride")
    out = (size - 1) * stride - 2 * padding + kernel_size + output_padding
    if out < 1:
        raise ValueError("nothing is left")
    return out


def transposed_by_stamps(size, kernel_size, stride=1, padding=0, output_padding=0):
    if not output_padding < stride:
        raise ValueError("output_padding must be smaller than the stride")
    last_start = [place * stride for place in range(size)][-1]
    cells = list(range(last_start + kernel_size + output_padding))[padding:]
    cells = cells[: len(cells) - padding] if len(cells) > padding else []
    if not cells:
        raise ValueError("padding takes everything away")
    return len(cells)


def transposed_by_array(size, kernel_size, stride=1, padding=0, output_padding=0):
    line = np.zeros((size - 1) * stride + kernel_size + output_padding)
    left = line.size - 2 * padding
    if left <= 0 or output_padding > stride - 1:
        raise ValueError("impossible layer")
    return line[padding : padding + left].size


def transposed_by_search(size, kernel_size, stride=1, padding=0, output_padding=0):
    if output_padding >= stride or size < 1:
        raise ValueError("impossible layer")
    start = (size - 1) * stride + kernel_size - 2 * padding
    for out in range(max(start, 1), start + stride):
        if out - start == output_padding and (out + 2 * padding - kernel_size) // stride + 1 == size:
            return out
    raise ValueError("no output has this size")


def transposed_by_steps(size, kernel_size, stride=1, padding=0, output_padding=0):
    if output_padding in range(stride):
        out = kernel_size
        for _ in range(size - 1):
            out += stride
        out += output_padding
        out -= padding
        out -= padding
        if out > 0:
            return out
    raise ValueError("impossible layer")


def transposed_by_stretching(size, kernel_size, stride=1, padding=0, output_padding=0):
    if output_padding >= stride:
        raise ValueError("output_padding must be smaller than the stride")
    stretched = size + (size - 1) * (stride - 1)
    around = 2 * (kernel_size - 1 - padding) + output_padding
    out = stretched + around - kernel_size + 1
    if out <= 0:
        raise ValueError("nothing is left")
    return out


def transposed_by_recursion(size, kernel_size, stride=1, padding=0, output_padding=0):
    if size > 1 and output_padding < stride:
        return (
            stride
            + transposed_by_recursion(size - 1, kernel_size, stride, 0, output_padding)
            - check_cut(size, kernel_size, stride, padding, output_padding)
        )
    if output_padding >= stride or kernel_size + output_padding - 2 * padding < 1:
        raise ValueError("impossible layer")
    return kernel_size + output_padding - 2 * padding


def check_cut(size, kernel_size, stride, padding, output_padding):
    """Return how many cells are cut off; ValueError where nothing would be left."""
    if (size - 1) * stride + kernel_size + output_padding <= 2 * padding:
        raise ValueError("nothing is left")
    return 2 * padding


def transposed_with_dilation(size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    if output_padding >= max(stride, dilation):
        raise ValueError("too much output_padding")
    out = (size - 1) * stride + dilation * (kernel_size - 1) + 1 + output_padding - 2 * padding
    if out < 1:
        raise ValueError("impossible layer")
    return out


def transposed_by_numpy(size, kernel_size, stride=1, padding=0, output_padding=0):
    out = np.dot([size - 1, padding, 1, 1], [stride, -2, kernel_size, output_padding])
    if out < 1 or output_padding >= stride:
        raise ValueError("impossible layer")
    return int(out)


def overlap_by_slices(size, kernel_size, stride):
    counts = np.zeros((size - 1) * stride + kernel_size, dtype=int)
    for place in range(size):
        counts[place * stride : place * stride + kernel_size] += 1
    return counts


def overlap_by_lists(size, kernel_size, stride):
    counts = [0] * ((size - 1) * stride + kernel_size)
    for place in range(size):
        for tap in range(kernel_size):
            counts[place * stride + tap] += 1
    return counts


def overlap_by_convolution(size, kernel_size, stride):
    spread = np.zeros((size - 1) * stride + 1)
    spread[::stride] = 1
    return np.convolve(spread, np.ones(kernel_size))


def overlap_by_add_at(size, kernel_size, stride):
    cells = stride * np.arange(size)[:, None] + np.arange(kernel_size)
    counts = np.zeros(cells.max() + 1)
    np.add.at(counts, cells, 1)
    return counts


def overlap_by_bincount(size, kernel_size, stride):
    return np.bincount([place * stride + tap for place in range(size) for tap in range(kernel_size)])


def overlap_by_comparison(size, kernel_size, stride):
    cells = np.arange((size - 1) * stride + kernel_size)
    starts = stride * np.arange(size)[:, None]
    return ((cells >= starts) & (cells < starts + kernel_size)).sum(axis=0)


def overlap_by_counting(size, kernel_size, stride):
    from collections import Counter

    seen = Counter(cell for start in range(0, size * stride, stride) for cell in range(start, start + kernel_size))
    return np.array([seen[cell] for cell in range((size - 1) * stride + kernel_size)])


def overlap_by_matrix(size, kernel_size, stride):
    matrix = np.zeros((size, (size - 1) * stride + kernel_size))
    for place, row in enumerate(matrix):
        row[place * stride : place * stride + kernel_size] = 1
    return matrix.T @ np.ones(size)


def overlap_by_recursion(size, kernel_size, stride):
    if size == 1:
        return np.ones(kernel_size)
    before = overlap_by_recursion(size - 1, kernel_size, stride)
    counts = np.zeros((size - 1) * stride + kernel_size)
    counts[: len(before)] += before
    counts[-kernel_size:] += 1
    return counts


def right(question, name, answer, *needs):
    return RightAnswer(name, question, answer, needs)


def field_by_popping(layers):
    field = 1
    while layers:
        kernel_size, stride = layers.pop()
        field = stride * (field - 1) + kernel_size
    return field


RIGHT_ANSWERS = (
    right(FIELD, "forwards", field_forwards),
    right(FIELD, "list emptied", field_by_popping),
    right(FIELD, "backwards", field_backwards),
    right(FIELD, "recursion", field_by_recursion),
    right(FIELD, "sum", field_by_sum),
    right(FIELD, "numpy", field_by_numpy),
    right(FIELD, "cells", field_by_cells),
    right(FIELD, "ends", field_by_ends),
    right(FIELD, "reduce", field_by_reduce),
    right(FIELD, "extra keyword", field_by_math),
    right(SEPARABLE, "sum", separable_by_sum),
    right(SEPARABLE, "factored", separable_factored),
    right(SEPARABLE, "in steps", separable_in_steps),
    right(SEPARABLE, "arrays", separable_by_arrays),
    right(SEPARABLE, "loop", separable_by_loop),
    right(SEPARABLE, "np.prod", separable_by_prod),
    right(SEPARABLE, "share", separable_by_share),
    right(SEPARABLE, "extra keyword", separable_by_math),
    right(SEPARABLE, "dot", separable_by_dot),
    right(BLOCK, "formula", block_by_formula),
    right(BLOCK, "loop", block_by_loop),
    right(BLOCK, "list", block_by_list),
    right(BLOCK, "concatenation", block_by_concatenation),
    right(BLOCK, "pairs", block_by_pairs),
    right(BLOCK, "recursion", block_by_recursion),
    right(BLOCK, "sum", block_by_sum),
    right(BLOCK, "arange", block_by_arange),
    right(BLOCK, "extra keyword", block_by_comb),
    right(TRANSPOSED, "formula", transposed_by_formula),
    right(TRANSPOSED, "stamps", transposed_by_stamps),
    right(TRANSPOSED, "array", transposed_by_array),
    right(TRANSPOSED, "search", transposed_by_search),
    right(TRANSPOSED, "steps", transposed_by_steps),
    right(TRANSPOSED, "stretched input", transposed_by_stretching),
    right(TRANSPOSED, "recursion", transposed_by_recursion, check_cut),
    right(TRANSPOSED, "extra keyword", transposed_with_dilation),
    right(TRANSPOSED, "numpy", transposed_by_numpy),
    right(OVERLAP, "slices", overlap_by_slices),
    right(OVERLAP, "lists", overlap_by_lists),
    right(OVERLAP, "convolution", overlap_by_convolution),
    right(OVERLAP, "add.at", overlap_by_add_at),
    right(OVERLAP, "bincount", overlap_by_bincount),
    right(OVERLAP, "comparison", overlap_by_comparison),
    right(OVERLAP, "counter", overlap_by_counting),
    right(OVERLAP, "matrix", overlap_by_matrix),
    right(OVERLAP, "recursion", overlap_by_recursion),
)
