"""Correct answers of Exercise 40."""

import numpy as np

from grader_tests.answers import RightAnswer

SHAPE, READS = "ex40-filter-shape", "ex40-connections-per-unit"
SHARED, UNSHARED = "ex40-shared-parameters", "ex40-unshared-parameters"


def sides(kernel_size):
    try:
        height, width = kernel_size
    except TypeError:
        height = width = kernel_size
    return height, width


def shape_by_isinstance(kernel_size, in_channels):
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return height, width, in_channels


def shape_by_trying(kernel_size, in_channels):
    return (*sides(kernel_size), in_channels)


def shape_by_broadcast(kernel_size, in_channels):
    return (*np.broadcast_to(kernel_size, 2).tolist(), in_channels)


def shape_of_array(kernel_size, in_channels):
    pair = kernel_size if hasattr(kernel_size, "__len__") else [kernel_size] * 2
    return np.empty((*pair, in_channels)).shape


def shape_by_loop(kernel_size, in_channels):
    if isinstance(kernel_size, int):
        kernel_size = kernel_size, kernel_size
    shape = []
    for side in kernel_size:
        shape.append(side)
    shape.append(in_channels)
    return tuple(shape)


def shape_by_match(kernel_size, in_channels):
    match kernel_size:
        case (height, width):
            return height, width, in_channels
        case side:
            return side, side, in_channels


def shape_by_sum(kernel_size, in_channels, dtype=float):
    pair = (kernel_size,) * 2 if type(kernel_size) is int else tuple(kernel_size)
    return (*pair, in_channels)


class Filter:
    def __init__(self, kernel_size, in_channels):
        self.height, self.width = sides(kernel_size)
        self.depth = in_channels

    @property
    def shape(self):
        return self.height, self.width, self.depth


def shape_by_class(kernel_size, in_channels):
    return Filter(kernel_size, in_channels).shape


def reads_by_product(kernel_size, in_channels):
    height, width = sides(kernel_size)
    return height * width * in_channels


def reads_by_prod(kernel_size, in_channels):
    return int(np.prod([*sides(kernel_size), in_channels]))


def reads_by_math(kernel_size, in_channels):
    import math

    return math.prod(sides(kernel_size)) * in_channels


def reads_by_reduce(kernel_size, in_channels):
    import functools
    import operator

    return functools.reduce(operator.mul, sides(kernel_size), in_channels)


def reads_by_counting(kernel_size, in_channels):
    import itertools

    height, width = sides(kernel_size)
    return sum(1 for _ in itertools.product(range(height), range(width), range(in_channels)))


def reads_by_size(kernel_size, in_channels):
    return np.zeros((*sides(kernel_size), in_channels)).size


def reads_by_adding(kernel_size, in_channels):
    height, width = sides(kernel_size)
    total = 0
    for _ in range(in_channels):
        total += height * width
    return total


def reads_by_numpy_int(kernel_size, in_channels):
    return np.int64(in_channels) * np.prod(sides(kernel_size))


def shared_by_product(kernel_size, in_channels, filters, bias=True):
    height, width = sides(kernel_size)
    return (height * width * in_channels + (1 if bias else 0)) * filters


def shared_by_bool(kernel_size, in_channels, filters, bias=True):
    height, width = sides(kernel_size)
    return filters * (height * width * in_channels + bool(bias))


def shared_by_branches(kernel_size, in_channels, filters, bias=True):
    height, width = sides(kernel_size)
    weights = filters * in_channels * height * width
    if bias:
        return weights + filters
    return weights


def shared_by_arrays(kernel_size, in_channels, filters, bias=True):
    weight = np.zeros((filters, in_channels, *sides(kernel_size)), dtype=np.int8)
    return weight.size + (np.zeros(filters).size if bias else 0)


def shared_by_adding(kernel_size, in_channels, filters, bias=True):
    import math

    total = 0
    for _ in range(filters):
        total += math.prod(sides(kernel_size)) * in_channels
        if bias:
            total += 1
    return total


def shared_by_math(kernel_size, in_channels, filters, bias=True, dtype=None):
    import math

    return math.prod([*sides(kernel_size), in_channels, filters]) + filters * int(bias)


def shared_by_dict(kernel_size, in_channels, filters, bias=True):
    import math

    counts = {"weights": math.prod(sides(kernel_size)) * in_channels * filters}
    if bias:
        counts["biases"] = filters
    return sum(counts.values())


def shared_by_class(kernel_size, in_channels, filters, bias=True):
    import math

    return sum(math.prod(Filter(kernel_size, in_channels).shape) + bool(bias) for _ in range(filters))


def unshared_by_product(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    height, width = sides(kernel_size)
    return filters * output_height * output_width * (height * width * in_channels + (1 if bias else 0))


def unshared_from_shared(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    return output_height * output_width * shared_by_product(kernel_size, in_channels, filters, bias)


def unshared_by_math(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    import math

    units = math.prod((filters, output_height, output_width))
    return units * math.prod(sides(kernel_size)) * in_channels + (units if bias else 0)


def unshared_by_rows(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    import math

    each = math.prod(sides(kernel_size)) * in_channels + int(bias)
    return sum(each * output_width for _ in range(output_height)) * filters


def unshared_by_numpy(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    each = np.prod([*sides(kernel_size), in_channels], dtype=np.int64) + int(bias)
    return int(each * np.int64(filters) * output_height * output_width)


def unshared_by_reduce(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    import functools
    import operator

    each = functools.reduce(operator.mul, sides(kernel_size), in_channels) + (1 if bias else 0)
    return functools.reduce(operator.mul, (output_height, output_width, filters), each)


def unshared_by_dict(kernel_size, in_channels, filters, output_height, output_width, bias=True, **rest):
    import math

    units = output_height * output_width * filters
    counts = {"weights": units * in_channels * math.prod(sides(kernel_size)), "biases": units if bias else 0}
    return sum(counts.values())


def unshared_by_class(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    one = Filter(kernel_size, in_channels)
    return (one.height * one.width * one.depth + bool(bias)) * filters * (output_height * output_width)


def right(question, name, answer, *needs):
    return RightAnswer(name, question, answer, needs)


RIGHT_ANSWERS = (
    right(SHAPE, "isinstance", shape_by_isinstance),
    right(SHAPE, "trying", shape_by_trying, sides),
    right(SHAPE, "broadcast", shape_by_broadcast),
    right(SHAPE, "array", shape_of_array),
    right(SHAPE, "loop", shape_by_loop),
    right(SHAPE, "match", shape_by_match),
    right(SHAPE, "extra keyword", shape_by_sum),
    right(SHAPE, "class", shape_by_class, sides, Filter),
    right(READS, "product", reads_by_product, sides),
    right(READS, "np.prod", reads_by_prod, sides),
    right(READS, "math.prod", reads_by_math, sides),
    right(READS, "reduce", reads_by_reduce, sides),
    right(READS, "counting", reads_by_counting, sides),
    right(READS, "array", reads_by_size, sides),
    right(READS, "adding", reads_by_adding, sides),
    right(READS, "numpy int", reads_by_numpy_int, sides),
    right(SHARED, "product", shared_by_product, sides),
    right(SHARED, "bool", shared_by_bool, sides),
    right(SHARED, "branches", shared_by_branches, sides),
    right(SHARED, "arrays", shared_by_arrays, sides),
    right(SHARED, "adding", shared_by_adding, sides),
    right(SHARED, "extra keyword", shared_by_math, sides),
    right(SHARED, "dict", shared_by_dict, sides),
    right(SHARED, "class", shared_by_class, sides, Filter),
    right(UNSHARED, "product", unshared_by_product, sides),
    right(UNSHARED, "from shared", unshared_from_shared, sides, shared_by_product),
    right(UNSHARED, "math.prod", unshared_by_math, sides),
    right(UNSHARED, "rows", unshared_by_rows, sides),
    right(UNSHARED, "numpy", unshared_by_numpy, sides),
    right(UNSHARED, "reduce", unshared_by_reduce, sides),
    right(UNSHARED, "extra keyword", unshared_by_dict, sides),
    right(UNSHARED, "class", unshared_by_class, sides, Filter),
)
