"""Right answers as somebody writes them who has not seen the checks: no other make of `grader_tests.right_answers`."""

from __future__ import annotations

import functools
import itertools
import math
import operator
from fractions import Fraction

import numpy as np


def conv_fft_free(x, weight, bias=None, stride=1, padding=0):
    x, weight = np.asarray(x, dtype=np.float64), np.asarray(weight, dtype=np.float64)
    kh, kw = weight.shape[-2:]
    if stride <= 0 or padding < 0:
        raise ValueError(f"{stride=} {padding=}")
    x = np.pad(x, [(0, 0), (0, 0), (padding,) * 2, (padding,) * 2])
    rows, columns = range(0, x.shape[2] - kh + 1, stride), range(0, x.shape[3] - kw + 1, stride)
    if not rows or not columns:
        raise ValueError("no window fits")
    over = ([1, 2, 3], [1, 2, 3])
    out = [[np.tensordot(x[:, :, r : r + kh, c : c + kw], weight, axes=over) for c in columns] for r in rows]
    out = np.moveaxis(np.array(out), (2, 3), (0, 1))
    return out + (0 if bias is None else np.reshape(bias, (1, -1, 1, 1)))


def conv_by_shifts(x, weight, bias=None, stride=1, padding=0):
    o, _, kh, kw = weight.shape
    n, c, h, w = x.shape
    if stride < 1 or padding < 0 or h + 2 * padding < kh or w + 2 * padding < kw:
        raise ValueError("impossible")
    big = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    big[:, :, padding : padding + h, padding : padding + w] = x
    oh, ow = (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1
    out = np.zeros((n, o, oh, ow))
    for a, b in itertools.product(range(kh), range(kw)):
        seen = big[:, :, a : a + stride * (oh - 1) + 1 : stride, b : b + stride * (ow - 1) + 1 : stride]
        out += np.einsum("nchw,oc->nohw", seen, weight[:, :, a, b])
    if bias is not None:
        for d in range(o):
            out[:, d] += bias[d]
    return out


def conv_lists(x, weight, bias=None, stride=1, padding=0):
    x, weight = np.asarray(x).tolist(), np.asarray(weight).tolist()
    if stride < 1 or padding < 0:
        raise ValueError("stride and padding")
    h, w, kh, kw = len(x[0][0]), len(x[0][0][0]), len(weight[0][0]), len(weight[0][0][0])
    if kh > h + 2 * padding or kw > w + 2 * padding:
        raise ValueError("too large")

    def at(image, c, i, j):
        return image[c][i][j] if 0 <= i < h and 0 <= j < w else 0

    def response(image, kernel, i, j):
        taps = itertools.product(range(len(kernel)), range(kh), range(kw))
        return sum(at(image, c, i + a, j + b) * kernel[c][a][b] for c, a, b in taps)

    rows, columns = range(-padding, h + padding - kh + 1, stride), range(-padding, w + padding - kw + 1, stride)
    filters = list(zip(weight, [0] * len(weight) if bias is None else list(bias), strict=True))
    return [[[[response(image, k, i, j) + b for j in columns] for i in rows] for k, b in filters] for image in x]


def conv_float32(x, weight, bias=None, stride=1, padding=0):
    out = conv_by_shifts(x, weight, bias, stride, padding)
    return out.astype(np.float32)


def pool_reduce(x, kernel_size, stride=None):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    sh, sw = (kh, kw) if stride is None else stride if isinstance(stride, tuple) else (stride, stride)
    if min(kh, kw, sh, sw) < 1:
        raise ValueError("sizes and steps start at 1")
    oh, ow = 1 + (x.shape[2] - kh) // sh, 1 + (x.shape[3] - kw) // sw
    if kh > x.shape[2] or kw > x.shape[3]:
        raise ValueError("the window is larger than the image")
    parts = [
        x[:, :, a : a + sh * (oh - 1) + 1 : sh, b : b + sw * (ow - 1) + 1 : sw]
        for a, b in itertools.product(range(kh), range(kw))
    ]
    return functools.reduce(np.maximum, parts)


def pool_two_steps(x, kernel_size, stride=None):
    kh, kw = np.broadcast_to(kernel_size, 2)
    sh, sw = (kh, kw) if stride is None else np.broadcast_to(stride, 2)
    if kh < 1 or kw < 1 or sh < 1 or sw < 1 or kh > x.shape[-2] or kw > x.shape[-1]:
        raise ValueError("no such window")
    rows = np.stack([x[..., i : i + kh, :].max(axis=-2) for i in range(0, x.shape[-2] - kh + 1, sh)], axis=-2)
    return np.stack([rows[..., j : j + kw].max(axis=-1) for j in range(0, x.shape[-1] - kw + 1, sw)], axis=-1)


def size_by_range(size, kernel_size, stride=1, padding=0):
    if stride < 1 or padding < 0:
        raise ValueError("stride or padding")
    count = len(range(-padding, size + padding - kernel_size + 1, stride))
    if not count:
        raise ValueError("nothing fits")
    return count


def size_by_fraction(size, kernel_size, stride=1, padding=0):
    if not (stride > 0 and padding >= 0 and size + 2 * padding >= kernel_size):
        raise ValueError("impossible layer")
    return math.floor(Fraction(size + 2 * padding - kernel_size, stride)) + 1


def size_numpy_int(size, kernel_size, stride=1, padding=0):
    return np.int64(size_by_range(size, kernel_size, stride, padding))


def size_while(size, kernel_size, stride=1, padding=0):
    if stride < 1:
        raise ValueError("stride")
    if padding < 0:
        raise ValueError("padding")
    end, count = kernel_size, 0
    while end <= size + 2 * padding:
        end, count = end + stride, count + 1
    if count == 0:
        raise ValueError("size")
    return count


def shared_prod(kernel_size, in_channels, filters, bias=True):
    sides = [kernel_size] * 2 if isinstance(kernel_size, int) else [*kernel_size]
    return (functools.reduce(operator.mul, [*sides, in_channels]) + int(bias)) * filters


def shared_isinstance_tuple(kernel_size, in_channels, filters, bias=True):
    if not isinstance(kernel_size, (tuple, list)):
        kernel_size = kernel_size, kernel_size
    total = 0
    for _ in range(filters):
        total += kernel_size[0] * kernel_size[1] * in_channels
        if bias:
            total += 1
    return total


def unshared_numpy(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    area = int(np.prod(np.broadcast_to(kernel_size, 2)))
    return int((area * in_channels + bool(bias)) * filters * output_height * output_width)


def cost_nested(output_height, output_width, filters, kernel_size, in_channels):
    one = sum(in_channels for _ in range(kernel_size) for _ in range(kernel_size))
    return one * filters * output_height * output_width


def same_search(size, kernel_size, stride):
    for padding in range(size * stride + kernel_size):
        if size - kernel_size + 2 * padding >= 0 and (size - kernel_size + 2 * padding) // stride == size - 1:
            return padding
    raise ValueError("none")


def same_closed(size, kernel_size, stride):
    padding = math.ceil(((size - 1) * stride + kernel_size - size) / 2)
    if (size - kernel_size + 2 * padding) // stride + 1 != size:
        raise ValueError("no padding")
    return padding


def standardize_loop(features):
    columns = []
    for column in np.array(features, dtype=float).T:
        spread = math.sqrt(sum((column - column.mean()) ** 2) / len(column))
        columns.append((column - column.mean()) / spread if spread else np.zeros(len(column)))
    return np.array(columns).T


def standardize_where(features):
    centered = features - np.mean(features, axis=0)
    spread = np.std(features, axis=0)
    return np.divide(centered, spread, out=np.zeros(np.shape(features)), where=spread > 0)


def scale_lists(features):
    low, high = np.min(features, axis=0), np.max(features, axis=0)
    spread = [b - a if b > a else 1 for a, b in zip(low, high, strict=True)]
    return [[(v - a) / s for v, a, s in zip(row, low, spread, strict=True)] for row in np.asarray(features)]


def condition_singular(features):
    return float(np.linalg.cond(np.asarray(features, float)) ** 2)


def pointwise_matmul(x, weight, bias=None):
    n, c, h, w = x.shape
    out = (weight @ x.reshape(n, c, h * w)).reshape(n, -1, h, w)
    return out if bias is None else out + np.expand_dims(bias, (1, 2))


def pointwise_swapped_axes(x, weight, bias=None):
    out = np.moveaxis(np.moveaxis(x, 1, -1) @ weight.T + (0 if bias is None else bias), -1, 1)
    return np.ascontiguousarray(out)


def same_recursion(size, kernel_size, stride):
    def go(padding):
        if padding > size * stride + kernel_size:
            raise ValueError(f"no padding for {size}")
        return padding if np.floor((size - kernel_size + 2 * padding) / stride) + 1 == size else go(padding + 1)

    return go(0)


def sides_by_remainder(size, kernel_size, stride):
    total = max(kernel_size - (size % stride or stride), 0)
    return np.array([total // 2, (total + 1) // 2])


def shape_of_zeros(kernel_size, in_channels):
    return np.zeros((*np.broadcast_to(kernel_size, 2), in_channels)).shape


def reads_by_array(kernel_size, in_channels):
    return (np.ones(2, dtype=int) * np.array(kernel_size)).prod() * in_channels


def links_by_indices(n, k, kind):
    unit, cell = np.indices((n - k + 1, n))
    near = (cell >= unit) & (cell < unit + k)
    if kind == "dense":
        return unit * n + cell + 1.0
    return np.where(near, cell - unit + 1 + (unit * k if kind == "local" else 0), 0)


def gradient_lists(x, grad_output, shared):
    k = len(x) - len(grad_output) + 1
    rows = [[float(g * x[i + j]) for j in range(k)] for i, g in enumerate(grad_output)]
    return [sum(column) for column in zip(*rows, strict=True)] if shared else rows


def parameters_by_corners(kernel_size, in_channels, filters):
    sides = np.atleast_1d(kernel_size)
    cells = int(sides[0]) * int(sides[-1])
    return cells * in_channels + 1, cells * in_channels * filters + filters


def slice_by_lists(x, weight, bias, d, stride=1, padding=0):
    kernel, x = weight[d], np.pad(x.astype(float), [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    kh, kw = kernel.shape[1:]
    rows, columns = range(0, x.shape[2] - kh + 1, stride), range(0, x.shape[3] - kw + 1, stride)
    out = [[[np.sum(image[:, r : r + kh, c : c + kw] * kernel) for c in columns] for r in rows] for image in x]
    return np.array(out) if bias is None else np.array(out) + bias[d]


def network_of_shapes(layers, input_shape):
    shape, learned, computed = tuple(input_shape), 0, 0
    for kind, *given in layers:
        if kind == "conv":
            filters, k, padding = given
            height, width, depth = shape
            lost = k - 1 if padding == "valid" else 0
            shape = height - lost, width - lost, filters
            learned += filters * (k * k * depth + 1)
            computed += shape[0] * shape[1] * filters * k * k * depth
        elif kind == "pool":
            shape = shape[0] // given[0], shape[1] // given[0], shape[2]
        elif kind == "flatten":
            shape = (math.prod(shape),)
        elif kind == "dense":
            learned, computed, shape = learned + (shape[0] + 1) * given[0], computed + shape[0] * given[0], (given[0],)
    return learned, computed


def field_backwards(layers):
    return functools.reduce(lambda field, layer: (field - 1) * layer[1] + layer[0], reversed(layers), 1)


def average_by_cells(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    stride, size, out, start = stride or kernel_size, len(x), [], -padding
    while start + kernel_size <= size + padding or (
        ceil_mode and start < size and start + kernel_size - size - padding < stride
    ):
        cells = range(start, start + kernel_size)
        real = [x[cell] for cell in cells if 0 <= cell < size]
        out.append(sum(real) / (sum(cell < size + padding for cell in cells) if count_include_pad else len(real)))
        start += stride
    return np.array(out)


ANSWERS = {
    "ex41-conv2d": (conv_fft_free, conv_by_shifts, conv_lists, conv_float32),
    "ex43-max-pool2d": (pool_reduce, pool_two_steps),
    "ex41-conv-output-size": (size_by_range, size_by_fraction, size_numpy_int, size_while),
    "ex40-shared-parameters": (shared_prod, shared_isinstance_tuple),
    "ex40-unshared-parameters": (unshared_numpy,),
    "ex42-conv-multiplications": (cost_nested,),
    "ex39-same-padding": (same_search, same_closed, same_recursion),
    "ex39-same-padding-sides": (sides_by_remainder,),
    "ex40-filter-shape": (shape_of_zeros,),
    "ex40-connections-per-unit": (reads_by_array,),
    "ex40-local-connection": (links_by_indices,),
    "ex40-sharing": (gradient_lists,),
    "ex41-conv-parameters": (parameters_by_corners,),
    "ex41-depth-slice": (slice_by_lists,),
    "arch1-count-network": (network_of_shapes,),
    "arch2-receptive-field": (field_backwards,),
    "arch3-avg-pool": (average_by_cells,),
    "ex44-standardize": (standardize_loop, standardize_where),
    "ex44-min-max-scale": (scale_lists,),
    "ex44-condition-number": (condition_singular,),
    "ex42-conv1x1": (pointwise_matmul, pointwise_swapped_axes),
}
