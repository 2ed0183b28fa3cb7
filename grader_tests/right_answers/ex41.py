"""Correct answers of Exercise 41 in counting: sizes, shapes, parameters."""

import numpy as np

from grader_tests.answers import RightAnswer

SIZE, SHAPE, PARAMETERS = "ex41-conv-output-size", "ex41-conv-output-shape", "ex41-conv-parameters"


def size_by_formula(size, kernel_size, stride=1, padding=0):
    if stride < 1 or padding < 0 or kernel_size > size + 2 * padding:
        raise ValueError("impossible layer")
    return (size - kernel_size + 2 * padding) // stride + 1


def size_by_range(size, kernel_size, stride=1, padding=0):
    if stride < 1 or padding < 0:
        raise ValueError(f"stride {stride} and padding {padding} make no layer")
    starts = range(0, size + 2 * padding - kernel_size + 1, stride)
    if not starts:
        raise ValueError("the filter does not fit")
    return len(starts)


def size_by_counting(size, kernel_size, stride=1, padding=0):
    if stride <= 0:
        raise ValueError("stride")
    if padding < 0:
        raise ValueError("padding")
    count, end = 0, kernel_size
    while end <= size + padding + padding:
        count += 1
        end += stride
    if count == 0:
        raise ValueError("no position")
    return count


def size_by_recursion(size, kernel_size, stride=1, padding=0):
    if padding < 0 or stride < 1:
        raise ValueError("settings out of range")
    if padding:
        return size_by_recursion(size + 2 * padding, kernel_size, stride)
    if kernel_size > size:
        raise ValueError("filter larger than the input")
    return 1 if size - stride < kernel_size else 1 + size_by_recursion(size - stride, kernel_size, stride)


def size_by_floor(size, kernel_size, stride=1, padding=0):
    if stride < 1 or padding < 0:
        raise ValueError("stride or padding")
    result = np.floor((size - kernel_size + 2 * padding) / stride) + 1
    if result < 1:
        raise ValueError("filter too large")
    return int(result)


def size_by_divmod(size, kernel_size, stride=1, padding=0, *, verbose=False):
    if min(stride, padding + 1, size + 2 * padding - kernel_size + 1) < 1:
        raise ValueError("impossible layer")
    steps, left_over = divmod(size - kernel_size + 2 * padding, stride)
    if verbose:
        print(f"{left_over} cells are left over")
    return 1 + steps


def size_by_arange(size, kernel_size, stride=1, padding=0):
    if stride < 1 or padding < 0:
        raise ValueError("stride or padding")
    starts = np.arange(size + 2 * padding)[::stride]
    fitting = np.count_nonzero(starts + kernel_size <= size + 2 * padding)
    if fitting == 0:
        raise ValueError("filter too large")
    return fitting


def size_in_numpy_int(size, kernel_size, stride=1, padding=0):
    if stride < 1 or padding < 0 or size + 2 * padding < kernel_size:
        raise ValueError("impossible layer")
    return np.int32((size + 2 * padding - kernel_size + stride) // stride)


def size_by_slicing(size, kernel_size, stride=1, padding=0):
    if stride < 1 or padding < 0:
        raise ValueError("stride or padding")
    row = np.zeros(size + 2 * padding)
    if kernel_size > len(row):
        raise ValueError("filter too large")
    return len(row[: len(row) - kernel_size + 1 : stride])


class ImpossibleLayer(ValueError):
    pass


def size_with_own_error(size, kernel_size, stride=1, padding=0):
    try:
        positions = range(size + 2 * padding)[: size + 2 * padding - kernel_size + 1 : stride]
    except (ValueError, ZeroDivisionError) as error:
        raise ImpossibleLayer("stride") from error
    if padding < 0 or stride < 0 or kernel_size > size + 2 * padding:
        raise ImpossibleLayer("filter or padding")
    return len(positions)


def side(size, kernel_size, stride, padding):
    """Return one side of the output."""
    if stride < 1 or padding < 0 or kernel_size > size + 2 * padding:
        raise ValueError("impossible layer")
    return (size - kernel_size + 2 * padding) // stride + 1


def both(kernel_size):
    """Return height and width of a filter."""
    return (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size


def shape_by_sides(input_shape, filters, kernel_size, stride=1, padding=0):
    width, height, _ = input_shape
    kh, kw = both(kernel_size)
    return side(width, kw, stride, padding), side(height, kh, stride, padding), filters


def shape_by_loop(input_shape, filters, kernel_size, stride=1, padding=0):
    sides = []
    for length, taps in zip(input_shape[:2], both(kernel_size)[::-1], strict=True):
        sides.append(side(length, taps, stride, padding))
    return (*sides, filters)


def shape_as_list(input_shape, filters, kernel_size, stride=1, padding=0):
    kernel = both(kernel_size)
    return [side(input_shape[axis], kernel[1 - axis], stride, padding) for axis in range(2)] + [filters]


def shape_as_array(input_shape, filters, kernel_size, stride=1, padding=0):
    if stride <= 0 or padding < 0:
        raise ValueError("stride or padding")
    height, width = np.broadcast_to(kernel_size, 2)
    sides = (np.array(input_shape[:2]) - [width, height] + 2 * padding) // stride + 1
    if (sides < 1).any():
        raise ValueError("the filter does not fit")
    return np.append(sides, filters)


def shape_by_map(input_shape, filters, kernel_size, stride=1, padding=0):
    height, width = both(kernel_size)
    if padding < 0 or stride < 1:
        raise ValueError("stride or padding")

    def count(length, taps):
        starts = range(0, length + 2 * padding - taps + 1, stride)
        if not starts:
            raise ValueError("the filter does not fit")
        return len(starts)

    return (*map(count, input_shape[:2], (width, height)), filters)


def shape_by_array_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    width, height, depth = input_shape
    if stride < 1:
        raise ValueError("stride")
    row, column = np.pad(np.zeros(width), padding), np.pad(np.zeros(height), padding)
    taps_down, taps_across = both(kernel_size)
    across = np.lib.stride_tricks.sliding_window_view(row, taps_across)[::stride]
    down = np.lib.stride_tricks.sliding_window_view(column, taps_down)[::stride]
    return len(across), len(down), filters


def shape_by_floor(input_shape, filters, kernel_size, stride=1, padding=0):
    if stride < 1 or padding < 0:
        raise ValueError("stride or padding")
    if isinstance(kernel_size, tuple):
        fh, fw = kernel_size
    else:
        fh = fw = kernel_size
    w2 = int(np.floor((input_shape[0] - fw + 2 * padding) / stride)) + 1
    h2 = int(np.floor((input_shape[1] - fh + 2 * padding) / stride)) + 1
    if w2 < 1 or h2 < 1:
        raise ValueError("the filter does not fit")
    d2 = filters
    return w2, h2, d2


class Layer:
    """A layer that knows its sizes."""

    def __init__(self, kernel_size, stride, padding):
        self.kernel, self.stride, self.padding = both(kernel_size), stride, padding

    def __call__(self, length, axis):
        return side(length, self.kernel[axis], self.stride, self.padding)


def shape_by_class(input_shape, filters, kernel_size, stride=1, padding=0):
    layer = Layer(kernel_size, stride, padding)
    return layer(input_shape[0], axis=1), layer(input_shape[1], axis=0), filters


def shape_by_dict(input_shape, filters, kernel_size, stride=1, padding=0):
    volume = dict(zip("whd", input_shape, strict=True))
    kernel = dict(zip("hw", both(kernel_size), strict=True))
    volume.update({name: side(volume[name], kernel[name], stride, padding) for name in "wh"}, d=filters)
    return tuple(volume.values())


def parameters_by_formula(kernel_size, in_channels, filters):
    height, width = both(kernel_size)
    per_filter = height * width * in_channels + 1
    return per_filter, per_filter * filters


def parameters_by_product(kernel_size, in_channels, filters):
    weights = np.prod([*np.broadcast_to(kernel_size, 2), in_channels])
    return weights + 1, (weights + 1) * filters


def parameters_by_arrays(kernel_size, in_channels, filters):
    weight = np.zeros((filters, in_channels, *both(kernel_size)))
    bias = np.zeros(filters)
    return weight[0].size + 1, weight.size + bias.size


def parameters_by_loop(kernel_size, in_channels, filters):
    kh, kw = both(kernel_size)
    one = 1
    for _ in range(in_channels):
        one += kh * kw
    total = 0
    for _ in range(filters):
        total += one
    return one, total


def parameters_as_list(kernel_size, in_channels, filters):
    kh, kw = both(kernel_size)
    return [(kh * kw * in_channels + 1) * count for count in (1, filters)]


def parameters_as_array(kernel_size, in_channels, filters):
    return np.array([1, filters]) * (np.prod(both(kernel_size)) * in_channels + 1)


def parameters_by_recursion(kernel_size, in_channels, filters):
    if filters == 1:
        kh, kw = both(kernel_size)
        one = kh * kw * in_channels + 1
        return one, one
    one, rest = parameters_by_recursion(kernel_size, in_channels, filters - 1)
    return one, one + rest


def parameters_with_keyword(kernel_size, in_channels, filters, bias=True):
    if not isinstance(kernel_size, (tuple, list)):
        kernel_size = (kernel_size, kernel_size)
    one = kernel_size[0] * kernel_size[1] * in_channels + int(bias)
    return one, one * filters


def parameters_by_volume(kernel_size, in_channels, filters):
    kh, kw = both(kernel_size)

    def weights(count):
        return np.ones((kh, kw, in_channels, count)).sum().astype(int)

    return weights(1) + 1, weights(filters) + filters


def parameters_with_names(kernel_size, in_channels, filters):
    from collections import namedtuple

    kh, kw = both(kernel_size)
    one = kh * kw * in_channels + 1
    Parameters = namedtuple("Parameters", ["per_filter", "total"])
    return Parameters(one, one * filters)


def of_size(name, answer, *needs):
    return RightAnswer(name, SIZE, answer, needs)


def of_shape(name, answer, *needs):
    return RightAnswer(name, SHAPE, answer, (both, *needs))


def of_parameters(name, answer):
    return RightAnswer(name, PARAMETERS, answer, (both,))


RIGHT_ANSWERS = (
    of_size("formula", size_by_formula),
    of_size("range", size_by_range),
    of_size("counting", size_by_counting),
    of_size("recursion", size_by_recursion),
    of_size("floor", size_by_floor),
    of_size("extra keyword", size_by_divmod),
    of_size("arange", size_by_arange),
    of_size("NumPy int", size_in_numpy_int),
    of_size("slicing", size_by_slicing),
    of_size("own error class", size_with_own_error, ImpossibleLayer),
    of_shape("sides", shape_by_sides, side),
    of_shape("loop", shape_by_loop, side),
    of_shape("list out", shape_as_list, side),
    of_shape("array out", shape_as_array),
    of_shape("map", shape_by_map),
    of_shape("sliding_window_view", shape_by_array_shape),
    of_shape("floor", shape_by_floor),
    of_shape("class", shape_by_class, side, Layer),
    of_shape("dict", shape_by_dict, side),
    of_parameters("formula", parameters_by_formula),
    of_parameters("product", parameters_by_product),
    of_parameters("arrays", parameters_by_arrays),
    of_parameters("loop", parameters_by_loop),
    of_parameters("list out", parameters_as_list),
    of_parameters("array out", parameters_as_array),
    of_parameters("recursion", parameters_by_recursion),
    of_parameters("extra keyword", parameters_with_keyword),
    of_parameters("ones", parameters_by_volume),
    of_parameters("named tuple", parameters_with_names),
)
