"""Correct answers of Exercise 42."""

import numpy as np

from grader_tests.answers import RightAnswer

CONV1X1, COST, BOTTLENECK = "ex42-conv1x1", "ex42-conv-multiplications", "ex42-bottleneck-multiplications"


def by_einsum(x, weight, bias=None):
    out = np.einsum("nchw,oc->nohw", x, weight)
    return out if bias is None else out + np.asarray(bias)[None, :, None, None]


def by_tensordot(x, weight, bias=None):
    out = np.tensordot(weight, x, axes=(1, 1)).transpose(1, 0, 2, 3)
    if bias is not None:
        out = out + bias.reshape(1, -1, 1, 1)
    return out


def by_matmul(x, weight, bias=None):
    n, c, h, w = x.shape
    out = (weight @ x.reshape(n, c, h * w)).reshape(n, len(weight), h, w)
    return out if bias is None else out + bias[:, None, None]


def by_channels_last(x, weight, bias=None):
    out = x.transpose(0, 2, 3, 1) @ weight.T
    if bias is not None:
        out = out + bias
    return out.transpose(0, 3, 1, 2)


def by_loops(x, weight, bias=None):
    n, c, h, w = x.shape
    out = np.zeros((n, len(weight), h, w))
    for image in range(n):
        for o in range(len(weight)):
            for i in range(h):
                for j in range(w):
                    for k in range(c):
                        out[image, o, i, j] += float(x[image, k, i, j]) * weight[o, k]
                    if bias is not None:
                        out[image, o, i, j] += bias[o]
    return out


def by_broadcasting(x, weight, bias=None):
    out = (x[:, None] * weight[None, :, :, None, None]).sum(axis=2)
    return out if bias is None else out + np.expand_dims(bias, (1, 2))


def as_lists(x, weight, bias=None):
    return by_einsum(np.asarray(x, dtype=float), weight, bias).tolist()


def in_single_precision(x, weight, bias=None):
    out = np.einsum("nchw,oc->nohw", x.astype(np.float32), weight.astype(np.float32))
    return out if bias is None else out + bias.astype(np.float32)[:, None, None]


def by_recursion(x, weight, bias=None):
    if bias is not None:
        return by_recursion(x, weight) + bias.reshape(-1, 1, 1)
    if x.shape[1] == 1:
        return x * weight.reshape(1, -1, 1, 1)
    return by_recursion(x[:, :1], weight[:, :1]) + by_recursion(x[:, 1:], weight[:, 1:])


class Mixer:
    """A layer that mixes channels."""

    def __init__(self, weight):
        self.weight = weight

    def pixel(self, channels):
        return [sum(float(v) * w for v, w in zip(channels, row, strict=True)) for row in self.weight]


def by_class(x, weight, bias=None, stride=1):
    mixed = np.apply_along_axis(Mixer(weight).pixel, 1, x)
    return mixed if bias is None else mixed + bias[:, None, None]


def cost_by_product(output_height, output_width, filters, kernel_size, in_channels):
    return output_height * output_width * filters * kernel_size * kernel_size * in_channels


def cost_by_power(output_height, output_width, filters, kernel_size, in_channels):
    per_cell = kernel_size**2 * in_channels
    cells = output_height * output_width * filters
    return cells * per_cell


def cost_by_prod(output_height, output_width, filters, kernel_size, in_channels):
    return np.prod([output_height, output_width, filters, kernel_size, kernel_size, in_channels])


def cost_as_int(output_height, output_width, filters, kernel_size, in_channels):
    return int(np.float64(output_height) * output_width * filters * kernel_size**2 * in_channels)


def cost_by_loop(output_height, output_width, filters, kernel_size, in_channels):
    total = 0
    for _row in range(output_height):
        for _column in range(output_width):
            total += filters * kernel_size * kernel_size * in_channels
    return total


def cost_by_math(output_height, output_width, filters, kernel_size, in_channels):
    import math

    return math.prod((output_height, output_width, filters, kernel_size, kernel_size, in_channels))


def cost_by_reduce(output_height, output_width, filters, kernel_size, in_channels):
    from functools import reduce

    return reduce(lambda a, b: a * b, [in_channels, kernel_size, kernel_size, filters, output_width, output_height])


def cost_by_weights(output_height, output_width, filters, kernel_size, in_channels, bias=True):
    weights = len(range(filters * in_channels)) * kernel_size * kernel_size
    return weights * output_height * output_width


def cost_by_recursion(output_height, output_width, filters, kernel_size, in_channels):
    if filters == 0:
        return 0
    one = output_height * output_width * kernel_size**2 * in_channels
    return one + cost_by_recursion(output_height, output_width, filters - 1, kernel_size, in_channels)


def two_costs(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    reduce = cost_by_product(output_height, output_width, reduced_channels, 1, in_channels)
    return reduce + cost_by_product(output_height, output_width, filters, kernel_size, reduced_channels)


def two_products(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    cells = output_height * output_width
    return cells * reduced_channels * in_channels + cells * filters * kernel_size**2 * reduced_channels


def factored(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    return output_height * output_width * reduced_channels * (in_channels + filters * kernel_size * kernel_size)


def by_layers(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    total = 0
    for depth, count, size in ((in_channels, reduced_channels, 1), (reduced_channels, filters, kernel_size)):
        total += output_height * output_width * count * size * size * depth
    return total


def by_sum(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    layers = [(reduced_channels, 1, in_channels), (filters, kernel_size, reduced_channels)]
    return sum(output_height * output_width * count * size**2 * depth for count, size, depth in layers)


def by_array(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    costs = np.array([reduced_channels * in_channels, filters * kernel_size**2 * reduced_channels])
    return (costs * output_height * output_width).sum()


def by_dot(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    return int(np.dot([in_channels, filters * kernel_size**2], [output_height * output_width * reduced_channels] * 2))


def by_cells(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    per_pixel = reduced_channels * in_channels
    per_pixel += filters * kernel_size * kernel_size * reduced_channels
    return sum(per_pixel for _ in range(output_height * output_width))


def with_keyword(output_height, output_width, filters, kernel_size, in_channels, reduced_channels, verbose=False):
    first = output_height * output_width * reduced_channels * in_channels
    second = output_height * output_width * filters * kernel_size**2 * reduced_channels
    if verbose:
        print(first, second)
    return first + second


def right(question, name, answer, *needs):
    return RightAnswer(name, question, answer, needs)


RIGHT_ANSWERS = (
    right(CONV1X1, "einsum", by_einsum),
    right(CONV1X1, "tensordot", by_tensordot),
    right(CONV1X1, "matmul", by_matmul),
    right(CONV1X1, "channels last", by_channels_last),
    right(CONV1X1, "loops", by_loops),
    right(CONV1X1, "broadcasting", by_broadcasting),
    right(CONV1X1, "lists", as_lists, by_einsum),
    right(CONV1X1, "float32", in_single_precision),
    right(CONV1X1, "recursion", by_recursion),
    right(CONV1X1, "class", by_class, Mixer),
    right(COST, "product", cost_by_product),
    right(COST, "power", cost_by_power),
    right(COST, "np.prod", cost_by_prod),
    right(COST, "int", cost_as_int),
    right(COST, "loops", cost_by_loop),
    right(COST, "math.prod", cost_by_math),
    right(COST, "reduce", cost_by_reduce),
    right(COST, "extra keyword", cost_by_weights),
    right(COST, "recursion", cost_by_recursion),
    right(BOTTLENECK, "two costs", two_costs, cost_by_product),
    right(BOTTLENECK, "two products", two_products),
    right(BOTTLENECK, "factored", factored),
    right(BOTTLENECK, "loops", by_layers),
    right(BOTTLENECK, "sum", by_sum),
    right(BOTTLENECK, "array", by_array),
    right(BOTTLENECK, "dot", by_dot),
    right(BOTTLENECK, "cells", by_cells),
    right(BOTTLENECK, "extra keyword", with_keyword),
)
