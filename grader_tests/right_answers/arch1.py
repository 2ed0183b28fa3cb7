"""Correct answers of the first bonus notebook."""

import numpy as np

from grader_tests.answers import RightAnswer

SIZE, COUNT, GROUPED = "arch1-keras-output-size", "arch1-count-network", "arch1-grouped-parameters"


def size_by_floor(size, kernel_size, strides=1, padding="valid"):
    if padding == "same":
        return (size - 1) // strides + 1
    if kernel_size > size:
        raise ValueError("the filter does not fit")
    return (size - kernel_size) // strides + 1


def size_by_ceil(size, kernel_size, strides=1, padding="valid"):
    import math

    cells = size if padding == "same" else size - kernel_size + 1
    if cells < 1:
        raise ValueError(f"no window of {kernel_size} fits into {size}")
    return math.ceil(cells / strides)


def size_by_range(size, kernel_size, strides=1, padding="valid"):
    end = size if padding == "same" else size - kernel_size + 1
    starts = range(0, end, strides)
    if not starts:
        raise ValueError("impossible layer")
    return len(starts)


def size_by_loop(size, kernel_size, strides=1, padding="valid"):
    count = start = 0
    while start < size if padding == "same" else start + kernel_size <= size:
        count += 1
        start += strides
    if count == 0:
        raise ValueError("impossible layer")
    return count


def size_by_padding(size, kernel_size, strides=1, padding="valid"):
    total = 0
    if padding == "same":
        total = max((-(-size // strides) - 1) * strides + kernel_size - size, 0)
    if kernel_size > size + total:
        raise ValueError("impossible layer")
    return (size + total - kernel_size) // strides + 1


def size_by_numpy(size, kernel_size, strides=1, padding="valid"):
    if padding == "valid" and kernel_size > size:
        raise ValueError("impossible layer")
    return int(np.ceil(size / strides) if padding == "same" else np.floor((size - kernel_size) / strides) + 1)


def size_by_arange(size, kernel_size, strides=1, padding="valid"):
    starts = np.arange(0, size, strides)
    if padding != "same":
        starts = starts[starts + kernel_size <= size]
    if starts.size == 0:
        raise ValueError("no window fits")
    return starts.size


def size_by_recursion(size, kernel_size, strides=1, padding="valid", first=True):
    reach = 1 if padding == "same" else kernel_size
    if size < reach:
        if first:
            raise ValueError("no window fits")
        return 0
    return 1 + size_by_recursion(size - strides, kernel_size, strides, padding, first=False)


def size_by_divmod(size, kernel_size, strides=1, padding="valid"):
    steps, rest = divmod(size - (1 if padding == "same" else kernel_size), strides)
    if steps < 0:
        raise ValueError(f"{kernel_size} cells do not fit into {size}, {rest} over")
    return steps + 1


def count_by_match(layers, input_shape):
    height, width, channels = input_shape
    learned = products = features = 0
    for layer in layers:
        match layer:
            case ("conv", filters, kernel_size, padding):
                if padding == "valid":
                    height, width = height - kernel_size + 1, width - kernel_size + 1
                weights = kernel_size**2 * channels * filters
                learned += weights + filters
                products += weights * height * width
                channels = filters
            case ("pool", size):
                height, width = height // size, width // size
            case ("flatten",):
                features = height * width * channels
            case ("dense", units):
                learned += (features + 1) * units
                products += features * units
                features = units
    return learned, products


def count_by_if(layers, input_shape):
    shape = list(input_shape)
    parameters, macs = 0, 0
    for layer in layers:
        kind = layer[0]
        if kind == "conv":
            _, filters, size, padding = layer
            if padding != "same":
                shape[0] -= size - 1
                shape[1] -= size - 1
            one = size * size * shape[2]
            parameters += filters * (one + 1)
            macs += shape[0] * shape[1] * filters * one
            shape[2] = filters
        elif kind == "pool":
            shape[0] //= layer[1]
            shape[1] //= layer[1]
        elif kind == "flatten":
            shape = [shape[0] * shape[1] * shape[2]]
        elif kind == "dense":
            parameters += shape[0] * layer[1] + layer[1]
            macs += shape[0] * layer[1]
            shape = [layer[1]]
    return (parameters, macs)


def one_layer(layer, shape):
    """Return the shape behind a layer, its parameters and its products."""
    kind, *rest = layer
    if kind == "conv":
        filters, size, padding = rest
        cut = 0 if padding == "same" else size - 1
        height, width = shape[0] - cut, shape[1] - cut
        weights = filters * size * size * shape[2]
        return (height, width, filters), weights + filters, weights * height * width
    if kind == "pool":
        return (shape[0] // rest[0], shape[1] // rest[0], shape[2]), 0, 0
    if kind == "flatten":
        return (int(np.prod(shape)),), 0, 0
    if kind == "dense":
        return (rest[0],), (shape[0] + 1) * rest[0], shape[0] * rest[0]
    return shape, 0, 0


def count_by_layer(layers, input_shape):
    shape, learned, products = tuple(input_shape), [], []
    for layer in layers:
        shape, parameters, cost = one_layer(layer, shape)
        learned.append(parameters)
        products.append(cost)
    return sum(learned), sum(products)


def count_by_recursion(layers, input_shape):
    if not layers:
        return 0, 0
    shape, parameters, cost = one_layer(layers[0], input_shape)
    rest = count_by_recursion(layers[1:], shape)
    return parameters + rest[0], cost + rest[1]


def count_by_copy(layers, input_shape):
    left, shape, totals = layers.copy(), input_shape, (0, 0)
    while left != []:
        shape, parameters, costs = one_layer(left.pop(0), shape)
        totals = totals[0] + parameters, totals[1] + costs
    return totals


def count_by_reduce(layers, input_shape):
    from functools import reduce

    def add(state, layer):
        shape, parameters, cost = one_layer(layer, state[0])
        return shape, state[1] + parameters, state[2] + cost

    return reduce(add, layers, (input_shape, 0, 0))[1:]


class Counter:
    """A network that counts itself while shapes run through it."""

    def __init__(self, shape):
        self.shape, self.learned, self.products = shape, 0, 0

    def conv(self, filters, size, padding):
        height, width, channels = self.shape
        if padding == "valid":
            height, width = height - size + 1, width - size + 1
        self.learned += filters * (size * size * channels + 1)
        self.products += height * width * filters * size * size * channels
        self.shape = (height, width, filters)

    def pool(self, size):
        height, width, channels = self.shape
        self.shape = (height // size, width // size, channels)

    def flatten(self):
        height, width, channels = self.shape
        self.shape = height * width * channels

    def dense(self, units):
        self.learned += self.shape * units + units
        self.products += self.shape * units
        self.shape = units

    def dropout(self, rate):
        pass


def count_by_class(layers, input_shape):
    counter = Counter(input_shape)
    for kind, *settings in layers:
        getattr(counter, kind)(*settings)
    return counter.learned, counter.products


def count_by_array(layers, input_shape):
    shape, total = input_shape, np.zeros(2, dtype=int)
    for layer in layers:
        shape, *counts = one_layer(layer, shape)
        total += counts
    return total


def count_from_list(layers, input_shape):
    todo, shape, learned, products = list(layers), tuple(input_shape), 0, 0
    while todo:
        shape, more, cost = one_layer(todo.pop(0), shape)
        learned, products = learned + more, products + cost
    return [learned, products]


def count_by_products_of_weights(layers, input_shape, verbose=False):
    height, width, channels = input_shape
    bias = weights_used = weights = 0
    features = None
    for name, *settings in layers:
        if name == "conv":
            filters, size = settings[:2]
            height -= 0 if settings[2] == "same" else size - 1
            width -= 0 if settings[2] == "same" else size - 1
            new, uses = filters * size**2 * channels, height * width
            bias, channels = bias + filters, filters
        elif name == "dense":
            features = height * width * channels if features is None else features
            new, uses = features * settings[0], 1
            bias, features = bias + settings[0], settings[0]
        else:
            new, uses = 0, 0
            if name == "pool":
                height, width = height // settings[0], width // settings[0]
        weights, weights_used = weights + new, weights_used + new * uses
        if verbose:
            print(name, new)
    return weights + bias, weights_used


def grouped_by_depth(kernel_size, in_channels, filters, groups=1, bias=True):
    if in_channels % groups != 0 or filters % groups != 0:
        raise ValueError("groups must divide the channels and the filters")
    depth = in_channels // groups
    return filters * kernel_size * kernel_size * depth + (filters if bias else 0)


def grouped_by_group(kernel_size, in_channels, filters, groups=1, bias=True):
    if in_channels % groups or filters % groups:
        raise ValueError("uneven groups")
    total = 0
    for _ in range(groups):
        total += filters // groups * (kernel_size**2 * (in_channels // groups) + int(bias))
    return total


def grouped_by_division(kernel_size, in_channels, filters, groups=1, bias=True):
    if (in_channels % groups) + (filters % groups) > 0:
        raise ValueError(f"{groups} groups do not divide {in_channels} and {filters}")
    return kernel_size**2 * in_channels * filters // groups + bias * filters


def grouped_by_array(kernel_size, in_channels, filters, groups=1, bias=True):
    weight = np.split(np.empty((filters, in_channels)), groups, axis=1)[0]  # raises where the channels do not split
    np.split(weight, groups, axis=0)
    return weight.size * kernel_size**2 + (filters if bias else 0)


def grouped_by_divmod(kernel_size, in_channels, filters, groups=1, bias=True):
    depth, rest = divmod(in_channels, groups)
    each, left = divmod(filters, groups)
    if rest or left:
        raise ValueError("a group would be smaller than the others")
    return groups * each * (kernel_size * kernel_size * depth + (1 if bias else 0))


def grouped_by_filters(kernel_size, in_channels, filters, groups=1, bias=True):
    if any(number % groups for number in (in_channels, filters)):
        raise ValueError("groups must divide both")
    return sum(kernel_size**2 * in_channels // groups + bool(bias) for _ in range(filters))


def grouped_by_numpy(kernel_size, in_channels, filters, groups=1, bias=True):
    if np.any(np.mod([in_channels, filters], groups)):
        raise ValueError("groups must divide both")
    return np.prod([kernel_size, kernel_size, in_channels // groups, filters]) + (filters if bias else 0)


def grouped_by_fraction(kernel_size, in_channels, filters, groups=1, bias=True):
    from fractions import Fraction

    depth, each = Fraction(in_channels, groups), Fraction(filters, groups)
    if depth.denominator > 1 or each.denominator > 1:
        raise ValueError("groups must divide both")
    return int(filters * (kernel_size**2 * depth + (1 if bias else 0)))


def grouped_with_dilation(kernel_size, in_channels, filters, groups=1, bias=True, dilation=1):
    per_filter = kernel_size**2 * in_channels / groups
    if per_filter != int(per_filter) or in_channels % groups or filters % groups:
        raise ValueError("groups must divide both")
    return int(filters * per_filter + filters * bias)


def right(question, name, answer, *needs):
    return RightAnswer(name, question, answer, needs)


RIGHT_ANSWERS = (
    right(SIZE, "floor", size_by_floor),
    right(SIZE, "ceil", size_by_ceil),
    right(SIZE, "range", size_by_range),
    right(SIZE, "loop", size_by_loop),
    right(SIZE, "padding", size_by_padding),
    right(SIZE, "numpy", size_by_numpy),
    right(SIZE, "arange", size_by_arange),
    right(SIZE, "recursion", size_by_recursion),
    right(SIZE, "divmod", size_by_divmod),
    right(COUNT, "match", count_by_match),
    right(COUNT, "if", count_by_if),
    right(COUNT, "layer by layer", count_by_layer, one_layer),
    right(COUNT, "recursion", count_by_recursion, one_layer),
    right(COUNT, "copied list", count_by_copy, one_layer),
    right(COUNT, "reduce", count_by_reduce, one_layer),
    right(COUNT, "class", count_by_class, Counter),
    right(COUNT, "array", count_by_array, one_layer),
    right(COUNT, "list", count_from_list, one_layer),
    right(COUNT, "extra keyword", count_by_products_of_weights),
    right(GROUPED, "depth", grouped_by_depth),
    right(GROUPED, "group by group", grouped_by_group),
    right(GROUPED, "division", grouped_by_division),
    right(GROUPED, "array", grouped_by_array),
    right(GROUPED, "divmod", grouped_by_divmod),
    right(GROUPED, "filter by filter", grouped_by_filters),
    right(GROUPED, "numpy", grouped_by_numpy),
    right(GROUPED, "fraction", grouped_by_fraction),
    right(GROUPED, "extra keyword", grouped_with_dilation),
)
