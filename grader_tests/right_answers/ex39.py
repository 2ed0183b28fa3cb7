"""Correct answers of Exercise 39."""

import numpy as np

from grader_tests.answers import RightAnswer

PADDING, SIDES = "ex39-same-padding", "ex39-same-padding-sides"


def by_search(size, kernel_size, stride):
    for padding in range(size * stride + kernel_size):
        room = size - kernel_size + 2 * padding
        if room >= 0 and room // stride + 1 == size:
            return padding
    raise ValueError("no padding keeps the size")


def by_solving(size, kernel_size, stride):
    lowest = (size - 1) * stride - size + kernel_size
    padding = (lowest + 1) // 2
    if 2 * padding - lowest >= stride:
        raise ValueError(f"an even filter of {kernel_size} at stride 1")
    return padding


def by_cases(size, kernel_size, stride):
    import math

    if stride == 1:
        if kernel_size % 2 == 0:
            raise ValueError("even")
        return (kernel_size - 1) // 2
    return math.ceil(((size - 1) * stride - size + kernel_size) / 2)


def by_fractions(size, kernel_size, stride):
    import math
    from fractions import Fraction

    exact = Fraction((size - 1) * stride + kernel_size - size, 2)
    padding = math.ceil(exact)
    if (size - kernel_size + 2 * padding) // stride + 1 != size:
        raise ValueError("half a cell")
    return padding


def by_next(size, kernel_size, stride):
    fits = (
        p for p in range(size * stride + kernel_size) if len(range(0, size + 2 * p - kernel_size + 1, stride)) == size
    )
    found = next(fits, None)
    if found is None:
        raise ValueError("none")
    return found


def by_recursion(size, kernel_size, stride, padding=0):
    room = size - kernel_size + 2 * padding
    positions = 0 if room < 0 else room // stride + 1
    if positions == size:
        return padding
    if positions > size:
        raise ValueError("stepped over the size")
    return by_recursion(size, kernel_size, stride, padding + 1)


def by_bisection(size, kernel_size, stride):
    def positions(padding):
        return (size - kernel_size + 2 * padding) // stride + 1

    low, high = 0, size * stride + kernel_size
    while low < high:
        middle = (low + high) // 2
        if positions(middle) < size:
            low = middle + 1
        else:
            high = middle
    if positions(low) != size:
        raise ValueError("no such padding")
    return low


def by_numpy(size, kernel_size, stride):
    paddings = np.arange(size * stride + kernel_size)
    fitting = paddings[(size - kernel_size + 2 * paddings) // stride + 1 == size]
    if not fitting.size:
        raise ValueError("no such padding")
    return int(fitting[0])


class Side:
    def __init__(self, size, kernel_size, stride):
        self.size, self.kernel_size, self.stride = size, kernel_size, stride

    def positions(self, padding):
        return (self.size - self.kernel_size + 2 * padding) // self.stride + 1


def by_class(size, kernel_size, stride, *, limit=None):
    side = Side(size, kernel_size, stride)
    padding = 0
    while side.positions(padding) < size:
        padding += 1
    if side.positions(padding) > size:
        raise ValueError("no such padding")
    return padding


def sides_by_formula(size, kernel_size, stride):
    output = -(-size // stride)
    total = max((output - 1) * stride + kernel_size - size, 0)
    return total // 2, total - total // 2


def sides_by_divmod(size, kernel_size, stride):
    import math

    output = math.ceil(size / stride)
    half, spare = divmod(max((output - 1) * stride + kernel_size - size, 0), 2)
    return half, half + spare


def sides_by_remainder(size, kernel_size, stride):
    rest = size % stride
    total = max(kernel_size - (rest if rest else stride), 0)
    return total // 2, (total + 1) // 2


def sides_by_counting(size, kernel_size, stride):
    begin = end = 0
    while (size + begin + end - kernel_size) // stride + 1 < -(-size // stride):
        if end <= begin:
            end += 1
        else:
            begin += 1
    return begin, end


def sides_as_numpy(size, kernel_size, stride):
    output = int(np.ceil(size / stride))
    total = int(np.maximum((output - 1) * stride + kernel_size - size, 0))
    return int(np.floor(total / 2)), int(np.ceil(total / 2))


def sides_from_windows(size, kernel_size, stride):
    starts = list(range(0, size, stride))
    total = max(starts[-1] + kernel_size - size, 0)
    return total // 2, total - total // 2


def sides_by_recursion(size, kernel_size, stride):
    if size > stride:
        return sides_by_recursion(size - stride, kernel_size, stride)
    total = max(kernel_size - size, 0)
    return total // 2, -(-total // 2)


def sides_with_helper(size, kernel_size, stride, verbose=False):
    total = needed(size, kernel_size, stride)
    begin = total >> 1
    if verbose:
        print(begin, total - begin)
    return begin, total - begin


def needed(size, kernel_size, stride):
    last = (size - 1) // stride * stride
    return max(0, last + kernel_size - size)


def right(question, name, answer, *needs):
    return RightAnswer(name, question, answer, needs)


RIGHT_ANSWERS = (
    right(PADDING, "search", by_search),
    right(PADDING, "solved", by_solving),
    right(PADDING, "cases", by_cases),
    right(PADDING, "fractions", by_fractions),
    right(PADDING, "next", by_next),
    right(PADDING, "recursion", by_recursion),
    right(PADDING, "bisection", by_bisection),
    right(PADDING, "numpy", by_numpy),
    right(PADDING, "class", by_class, Side),
    right(SIDES, "formula", sides_by_formula),
    right(SIDES, "divmod", sides_by_divmod),
    right(SIDES, "remainder", sides_by_remainder),
    right(SIDES, "counting", sides_by_counting),
    right(SIDES, "numpy", sides_as_numpy),
    right(SIDES, "windows", sides_from_windows),
    right(SIDES, "recursion", sides_by_recursion),
    right(SIDES, "helper", sides_with_helper, needed),
)
