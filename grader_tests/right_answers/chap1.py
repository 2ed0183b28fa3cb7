"""Correct answers of the chapters in code."""

import numpy as np

from grader_tests.answers import RightAnswer
from grader_tests.right_answers.construct import CLAIM_MAKES, written

DILATED, FULL, TRANSPOSED, SUBSAMPLE = "chap1-dilated", "chap1-full", "chap1-transposed", "chap1-subsample"
DENSE, IN_USE, UNPOOL = "chap1-dense", "chap1-batch-norm-in-use", "chap1-unpool"
CLAIMS = "chap1-claims"
PAIRS = {"A": (True, "b"), "B": (True, "a"), "C": (False, "c"), "D": (False, "b"), "E": (False, "a"), "F": (True, "c")}


def dilated_by_windows(x, weight, dilation=1):
    x = np.asarray(x)
    span = (len(weight) - 1) * dilation + 1
    if span > len(x):
        raise ValueError(f"a filter that spans {span} cells does not fit on a line of {len(x)}")
    return np.array([x[start : start + span : dilation] @ weight for start in range(len(x) - span + 1)])


def dilated_by_loops(x, weight, dilation=1):
    outputs = len(x) - (len(weight) - 1) * dilation
    if outputs < 1:
        raise ValueError("the filter is too long")
    result = [0.0] * outputs
    for i in range(outputs):
        for k in range(len(weight)):
            result[i] += weight[k] * x[i + k * dilation]
    return result


def dilated_by_taps(x, weight, dilation=1):
    outputs = len(x) - dilation * (len(weight) - 1)
    if outputs <= 0:
        raise ValueError("the filter is too long")
    return sum(w * np.asarray(x)[k * dilation : k * dilation + outputs] for k, w in enumerate(weight))


def dilated_by_zeros(x, weight, dilation=1):
    wide = np.zeros((len(weight) - 1) * dilation + 1)
    wide[::dilation] = weight
    if len(wide) > len(x):
        raise ValueError("the filter is too long")
    return np.correlate(x, wide, mode="valid")


def dilated_by_view(x, weight, dilation=1):
    span = dilation * (len(weight) - 1) + 1
    if span > len(x):
        raise ValueError("the filter is too long")
    return np.lib.stride_tricks.sliding_window_view(x, span)[:, ::dilation] @ weight


def dilated_by_index(x, weight, dilation=1):
    reach = dilation * np.arange(len(weight))
    if reach[-1] >= len(x):
        raise ValueError("the filter is too long")
    cells = np.arange(len(x) - reach[-1])[:, None] + reach
    return (np.asarray(x)[cells] * weight).sum(axis=1)


def dilated_by_matrix(x, weight, dilation=1):
    outputs = len(x) - (len(weight) - 1) * dilation
    if outputs < 1:
        raise ValueError("the filter is too long")
    table = np.zeros((outputs, len(x)))
    for unit in range(outputs):
        table[unit, unit : unit + (len(weight) - 1) * dilation + 1 : dilation] = weight
    return table @ x


def dilated_by_phases(x, weight, dilation=1):
    outputs = len(x) - (len(weight) - 1) * dilation
    if outputs < 1:
        raise ValueError("the filter is too long")
    result = np.zeros(outputs)
    for phase in range(min(dilation, outputs)):
        part = np.asarray(x)[phase::dilation]
        result[phase::dilation] = np.correlate(part, weight, mode="valid")
    return result


def full_by_padding(x, weight):
    k = len(weight)
    padded = np.pad(np.asarray(x), k - 1)
    return np.array([padded[start : start + k] @ weight for start in range(len(padded) - k + 1)])


def full_by_convolve(x, weight):
    return np.convolve(x, weight[::-1])


def full_by_correlate(x, weight):
    return np.correlate(x, weight, mode="full")


def full_by_loops(x, weight):
    size, k = len(x), len(weight)
    result = [0.0] * (size + k - 1)
    for i in range(size + k - 1):
        for tap in range(k):
            cell = i + tap - (k - 1)
            if 0 <= cell < size:
                result[i] += weight[tap] * x[cell]
    return result


def full_by_stamps(x, weight):
    result = np.zeros(len(x) + len(weight) - 1)
    for cell, value in enumerate(x):
        result[cell : cell + len(weight)] += value * weight[::-1]
    return result


def full_by_view(x, weight):
    zeros = np.zeros(len(weight) - 1)
    line = np.concatenate([zeros, x, zeros])
    return np.lib.stride_tricks.sliding_window_view(line, len(weight)) @ weight


def full_by_polynomials(x, weight):
    product = np.polynomial.polynomial.polymul(x, weight[::-1])
    missing = len(x) + len(weight) - 1 - len(product)
    return np.concatenate([product, np.zeros(missing)])


def full_by_matrix(x, weight):
    size, k = len(x), len(weight)
    table = np.zeros((size + k - 1, size))
    for i in range(size + k - 1):
        for cell in range(max(i - k + 1, 0), min(i + 1, size)):
            table[i, cell] = weight[cell - i + k - 1]
    return table @ x


def transposed_by_stamps(x, weight, stride=1, padding=0):
    k = len(weight)
    cells = np.zeros((len(x) - 1) * stride + k)
    for place, value in enumerate(x):
        cells[place * stride : place * stride + k] += value * np.asarray(weight)
    return cells[padding : len(cells) - padding]


def transposed_by_loops(x, weight, stride=1, padding=0):
    size = (len(x) - 1) * stride + len(weight) - 2 * padding
    cells = [0.0] * size
    for i in range(len(x)):
        for k in range(len(weight)):
            cell = i * stride + k - padding
            if 0 <= cell < size:
                cells[cell] += x[i] * weight[k]
    return cells


def transposed_by_convolve(x, weight, stride=1, padding=0):
    spread = np.zeros((len(x) - 1) * stride + 1)
    spread[::stride] = x
    full = np.convolve(spread, weight)
    return full[padding : len(full) - padding] if padding else full


def transposed_by_taps(x, weight, stride=1, padding=0):
    reach = (len(x) - 1) * stride + 1
    cells = np.zeros(reach + len(weight) - 1)
    for tap, number in enumerate(weight):
        cells[tap : tap + reach : stride] += number * np.asarray(x)
    return cells[padding : cells.size - padding]


def transposed_by_matrix(x, weight, stride=1, padding=0):
    table = np.zeros((len(x), (len(x) - 1) * stride + len(weight)))
    for row, line in enumerate(table):
        line[row * stride : row * stride + len(weight)] = weight
    cells = x @ table
    return cells[padding : len(cells) - padding]


def transposed_by_add_at(x, weight, stride=1, padding=0):
    cells = np.zeros((len(x) - 1) * stride + len(weight))
    np.add.at(cells, stride * np.arange(len(x))[:, None] + np.arange(len(weight)), np.outer(x, weight))
    return cells[padding:][: len(cells) - 2 * padding]


def transposed_by_cell(x, weight, stride=1, padding=0):
    def of(cell):
        taps = [(i, cell - i * stride) for i in range(len(x))]
        return sum(x[i] * weight[tap] for i, tap in taps if 0 <= tap < len(weight))

    size = (len(x) - 1) * stride + len(weight)
    return np.array([of(cell) for cell in range(padding, size - padding)])


def transposed_by_windows(x, weight, stride=1, padding=0):
    k = len(weight)
    spread = np.zeros((len(x) - 1) * stride + 1)
    spread[::stride] = x
    line = np.pad(spread, k - 1)
    cells = np.lib.stride_tricks.sliding_window_view(line, k) @ weight[::-1]
    return cells[padding : len(cells) - padding]


def sub_by_slices(dense, stride):
    return np.asarray(dense)[::stride, ::stride]


def sub_by_loops(dense, stride):
    rows, columns = np.shape(dense)
    return [[dense[r][c] for c in range(0, columns, stride)] for r in range(0, rows, stride)]


def sub_by_index(dense, stride):
    return np.asarray(dense)[np.ix_(*(np.arange(0, side, stride) for side in np.shape(dense)))]


def sub_by_take(dense, stride):
    rows = np.take(dense, range(0, np.shape(dense)[0], stride), axis=0)
    return np.take(rows, range(0, rows.shape[1], stride), axis=1)


def sub_by_mask(dense, stride):
    dense = np.asarray(dense)
    rows, columns = (np.arange(side) % stride == 0 for side in dense.shape)
    return dense[rows][:, columns]


def sub_by_matrices(dense, stride):
    left, right = (np.eye(side)[::stride] for side in np.shape(dense))
    return left @ dense @ right.T


def sub_by_formula(dense, stride):
    dense = np.asarray(dense)
    rows, columns = ((side - 1) // stride + 1 for side in dense.shape)
    result = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            result[row, column] = dense[row * stride, column * stride]
    return result


def sub_by_compress(dense, stride):
    kept = [line for number, line in enumerate(np.asarray(dense)) if not number % stride]
    turned = [line for number, line in enumerate(np.stack(kept).T) if not number % stride]
    return np.stack(turned, axis=1)


def filters_by_reshape(weight, channels, height, width):
    return np.asarray(weight).reshape(-1, channels, height, width)


def filters_by_units(weight, channels, height, width):
    return np.array([np.reshape(row, (channels, height, width)) for row in weight])


def filters_by_loops(weight, channels, height, width):
    result = np.zeros((len(weight), channels, height, width))
    for unit in range(len(weight)):
        place = 0
        for c in range(channels):
            for h in range(height):
                for w in range(width):
                    result[unit, c, h, w] = weight[unit][place]
                    place += 1
    return result


def filters_by_index(weight, channels, height, width):
    places = np.arange(channels * height * width).reshape(channels, height, width)
    return np.asarray(weight)[:, places]


def filters_by_split(weight, channels, height, width):
    planes = np.split(np.asarray(weight), channels, axis=1)
    return np.stack([plane.reshape(-1, height, width) for plane in planes], axis=1)


def filters_by_divmod(weight, channels, height, width):
    result = np.empty((len(weight), channels, height, width))
    for place in range(channels * height * width):
        channel, rest = divmod(place, height * width)
        row, column = divmod(rest, width)
        result[:, channel, row, column] = np.asarray(weight)[:, place]
    return result


def filters_in_place(weight, channels, height, width):
    result = np.array(weight)
    result.shape = (len(result), channels, height, width)
    return result


def filters_by_flat(weight, channels, height, width):
    result = np.empty((len(weight), channels, height, width))
    result.flat[:] = np.ravel(weight)
    return result


def use_by_scale(x, gamma, beta, mean, variance, eps=1e-5):
    scale = np.asarray(gamma) / np.sqrt(np.asarray(variance) + eps)
    shift = np.asarray(beta) - np.asarray(mean) * scale
    return np.asarray(x) * scale.reshape(1, -1, 1, 1) + shift.reshape(1, -1, 1, 1)


def use_by_formula(x, gamma, beta, mean, variance, eps=1e-5):
    gamma, beta, mean, variance = (np.reshape(one, (1, -1, 1, 1)) for one in (gamma, beta, mean, variance))
    return gamma * (x - mean) / np.sqrt(variance + eps) + beta


def use_by_axes(x, gamma, beta, mean, variance, eps=1e-5):
    gamma, beta = np.asarray(gamma)[:, None, None], np.asarray(beta)[:, None, None]
    return (x - np.asarray(mean)[:, None, None]) / (np.asarray(variance)[:, None, None] + eps) ** 0.5 * gamma + beta


def use_by_channels(x, gamma, beta, mean, variance, eps=1e-5):
    result = np.array(x, dtype=float)
    for c in range(result.shape[1]):
        result[:, c] = (result[:, c] - mean[c]) / np.sqrt(variance[c] + eps) * gamma[c] + beta[c]
    return result


def use_by_moving_axes(x, gamma, beta, mean, variance, eps=1e-5):
    last = np.moveaxis(np.asarray(x, dtype=float), 1, -1)
    return np.moveaxis((last - mean) / np.sqrt(variance + eps) * gamma + beta, -1, 1)


def use_by_einsum(x, gamma, beta, mean, variance, eps=1e-5):
    centered = np.asarray(x) - np.reshape(mean, (1, -1, 1, 1))
    return np.einsum("nchw,c->nchw", centered, gamma / np.sqrt(variance + eps)) + np.reshape(beta, (-1, 1, 1))


def use_by_loops(x, gamma, beta, mean, variance, eps=1e-5):
    result = np.zeros(np.shape(x))
    for n, c, h, w in np.ndindex(*result.shape):
        result[n, c, h, w] = gamma[c] * (x[n, c, h, w] - mean[c]) / (variance[c] + eps) ** 0.5 + beta[c]
    return result


def use_by_reciprocal(x, gamma, beta, mean, variance, eps=1e-5):
    inverse = np.power(np.add(variance, eps), -0.5)
    normal = (x - np.expand_dims(mean, (0, 2, 3))) * np.expand_dims(inverse, (0, 2, 3))
    return normal * np.expand_dims(gamma, (0, 2, 3)) + np.expand_dims(beta, (0, 2, 3))


def unpool_by_index(values, places, size):
    values = np.asarray(values)
    line = np.zeros(size, dtype=values.dtype)
    line[np.asarray(places)] = values
    return line


def unpool_by_loop(values, places, size):
    line = [0.0] * size
    for value, place in zip(values, places, strict=True):
        line[place] = value
    return line


def unpool_by_matrix(values, places, size):
    return np.asarray(values) @ np.eye(size)[np.asarray(places)]


def unpool_by_put(values, places, size):
    line = np.zeros(size)
    np.put(line, places, values)
    return line


def unpool_by_add_at(values, places, size):
    line = np.zeros(size)
    np.add.at(line, places, values)
    return line


def unpool_by_counts(values, places, size):
    return np.bincount(places, weights=values, minlength=size)


def unpool_by_table(values, places, size):
    there = dict(zip(map(int, places), values, strict=True))
    return np.array([there.get(cell, 0) for cell in range(size)])


def unpool_by_comparing(values, places, size):
    hits = np.arange(size)[:, None] == np.asarray(places)
    return np.where(hits, values, 0).sum(axis=1)


MAKES = {
    DILATED: (
        dilated_by_windows, dilated_by_loops, dilated_by_taps, dilated_by_zeros, dilated_by_view, dilated_by_index,
        dilated_by_matrix, dilated_by_phases,
    ),
    FULL: (
        full_by_padding, full_by_convolve, full_by_correlate, full_by_loops, full_by_stamps, full_by_view,
        full_by_polynomials, full_by_matrix,
    ),
    TRANSPOSED: (
        transposed_by_stamps, transposed_by_loops, transposed_by_convolve, transposed_by_taps, transposed_by_matrix,
        transposed_by_add_at, transposed_by_cell, transposed_by_windows,
    ),
    SUBSAMPLE: (
        sub_by_slices, sub_by_loops, sub_by_index, sub_by_take, sub_by_mask, sub_by_matrices, sub_by_formula,
        sub_by_compress,
    ),
    DENSE: (
        filters_by_reshape, filters_by_units, filters_by_loops, filters_by_index, filters_by_split, filters_by_divmod,
        filters_in_place, filters_by_flat,
    ),
    IN_USE: (
        use_by_scale, use_by_formula, use_by_axes, use_by_channels, use_by_moving_axes, use_by_einsum, use_by_loops,
        use_by_reciprocal,
    ),
    UNPOOL: (
        unpool_by_index, unpool_by_loop, unpool_by_matrix, unpool_by_put, unpool_by_add_at, unpool_by_counts,
        unpool_by_table, unpool_by_comparing,
    ),
}  # fmt: skip

RIGHT_ANSWERS = (
    *(RightAnswer(answer.__name__, question, answer) for question, answers in MAKES.items() for answer in answers),
    *(RightAnswer(make, CLAIMS, written(PAIRS, make)) for make in CLAIM_MAKES),
)
