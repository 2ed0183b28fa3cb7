"""Correct answers of the third bonus notebook."""

import numpy as np

from grader_tests.answers import RightAnswer

WEIGHT, INPUT = "arch3-weight-gradient", "arch3-input-gradient"
MAX_POOL, AVG_POOL, BATCH_NORM = "arch3-max-pool-gradient", "arch3-avg-pool", "arch3-batch-norm"


def weight_by_windows(grad_output, x, kernel_size, stride=1, padding=0):
    padded = np.pad(x, padding)
    gradient = np.zeros(kernel_size)
    for i, g in enumerate(grad_output):
        gradient += g * padded[i * stride : i * stride + kernel_size]
    return gradient


def weight_by_loops(grad_output, x, kernel_size, stride=1, padding=0):
    gradient = [0.0] * kernel_size
    for tap in range(kernel_size):
        for i in range(len(grad_output)):
            cell = i * stride + tap - padding
            if 0 <= cell < len(x):
                gradient[tap] += grad_output[i] * x[cell]
    return gradient


def weight_by_taps(grad_output, x, kernel_size, stride=1, padding=0):
    padded, reach = np.pad(x, padding), stride * (len(grad_output) - 1) + 1
    return np.array([grad_output @ padded[tap : tap + reach : stride] for tap in range(kernel_size)])


def weight_by_view(grad_output, x, kernel_size, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, padding), kernel_size)[::stride]
    return grad_output @ windows


def weight_by_einsum(grad_output, x, kernel_size, stride=1, padding=0):
    padded = np.concatenate([np.zeros(padding), x, np.zeros(padding)])
    cells = stride * np.arange(len(grad_output))[:, None] + np.arange(kernel_size)
    return np.einsum("i,ik->k", grad_output, padded[cells])


def weight_by_correlation(grad_output, x, kernel_size, stride=1, padding=0):
    spread = np.zeros(stride * (len(grad_output) - 1) + 1)
    spread[::stride] = grad_output
    return np.correlate(np.pad(x, padding), spread, mode="valid")[:kernel_size]


def weight_by_differences(grad_output, x, kernel_size, stride=1, padding=0):
    padded = np.pad(x, padding)
    gradient = np.zeros(kernel_size)
    for tap in range(kernel_size):
        weight = np.zeros(kernel_size)
        weight[tap] = 1.0  # the layer is linear: its value at a unit filter is its derivative
        out = [padded[i * stride : i * stride + kernel_size] @ weight for i in range(len(grad_output))]
        gradient[tap] = np.dot(grad_output, out)
    return gradient


def weight_in_single_precision(grad_output, x, kernel_size, stride=1, padding=0):
    padded = np.pad(np.asarray(x, dtype=np.float32), padding)
    rows = [padded[i * stride : i * stride + kernel_size] * np.float32(g) for i, g in enumerate(grad_output)]
    return np.sum(rows, axis=0)


def weight_by_recursion(grad_output, x, kernel_size, stride=1, padding=0, dilation=1):
    if padding:
        return weight_by_recursion(grad_output, np.pad(x, padding), kernel_size, stride)
    if len(grad_output) == 0:
        return np.zeros(kernel_size)
    first = grad_output[0] * np.asarray(x[:kernel_size], dtype=float)
    return first + weight_by_recursion(grad_output[1:], x[stride:], kernel_size, stride)


def input_by_windows(grad_output, weight, size, stride=1, padding=0):
    padded = np.zeros(size + 2 * padding)
    for i, g in enumerate(grad_output):
        padded[i * stride : i * stride + len(weight)] += g * weight
    return padded[padding : padding + size]


def input_by_loops(grad_output, weight, size, stride=1, padding=0):
    gradient = [0.0] * size
    for i in range(len(grad_output)):
        for tap in range(len(weight)):
            cell = i * stride + tap - padding
            if 0 <= cell < size:
                gradient[cell] += grad_output[i] * weight[tap]
    return gradient


def input_by_cell(grad_output, weight, size, stride=1, padding=0):
    def of(cell):
        taps = [(i, cell + padding - i * stride) for i in range(len(grad_output))]
        return sum(grad_output[i] * weight[tap] for i, tap in taps if 0 <= tap < len(weight))

    return np.array([of(cell) for cell in range(size)])


def input_by_matrix(grad_output, weight, size, stride=1, padding=0):
    matrix = np.zeros((len(grad_output), size + 2 * padding))
    for i, row in enumerate(matrix):
        row[i * stride : i * stride + len(weight)] = weight
    return (matrix.T @ grad_output)[padding : padding + size]


def input_by_add_at(grad_output, weight, size, stride=1, padding=0):
    cells = stride * np.arange(len(grad_output))[:, None] + np.arange(len(weight))
    padded = np.zeros(size + 2 * padding)
    np.add.at(padded, cells, np.outer(grad_output, weight))
    return padded[padding:][:size]


def input_by_convolution(grad_output, weight, size, stride=1, padding=0):
    spread = np.zeros(stride * (len(grad_output) - 1) + 1)
    spread[::stride] = grad_output
    full = np.convolve(spread, weight)  # turns the filter around itself
    padded = np.zeros(size + 2 * padding)
    padded[: len(full)] = full
    return padded[padding : padding + size]


def input_by_taps(grad_output, weight, size, stride=1, padding=0):
    padded = np.zeros(size + 2 * padding)
    reach = stride * (len(grad_output) - 1) + 1
    for tap, number in enumerate(weight):
        padded[tap : tap + reach : stride] += number * grad_output
    return padded[padding : size + padding]


def input_by_unit_lines(grad_output, weight, size, stride=1, padding=0):
    gradient = np.zeros(size)
    for cell in range(size):
        line = np.zeros(size)
        line[cell] = 1.0
        windows = np.lib.stride_tricks.sliding_window_view(np.pad(line, padding), len(weight))[::stride]
        gradient[cell] = np.dot(grad_output, windows @ weight)
    return gradient


def input_in_single_precision(grad_output, weight, size, stride=1, padding=0, dilation=1):
    padded = np.zeros(size + 2 * padding, dtype=np.float32)
    for i, g in enumerate(grad_output):
        padded[i * stride : i * stride + len(weight)] += np.float32(g) * weight.astype(np.float32)
    return padded[padding : padding + size]


def pool_by_argmax(grad_output, x, kernel_size, stride=None):
    stride = kernel_size if stride is None else stride
    gradient = np.zeros(len(x))
    for i, g in enumerate(grad_output):
        start = i * stride
        gradient[start + np.argmax(x[start : start + kernel_size])] += g
    return gradient


def pool_by_index(grad_output, x, kernel_size, stride=None):
    step = stride or kernel_size
    line, gradient = list(x), [0.0] * len(x)
    for i, g in enumerate(grad_output):
        window = line[i * step : i * step + kernel_size]
        gradient[i * step + window.index(max(window))] += g
    return gradient


def pool_by_loops(grad_output, x, kernel_size, stride=None):
    step = kernel_size if stride is None else stride
    gradient = np.zeros_like(x, dtype=float)
    for i in range(len(grad_output)):
        best = i * step
        for cell in range(i * step + 1, i * step + kernel_size):
            if x[cell] > x[best]:
                best = cell
        gradient[best] += grad_output[i]
    return gradient


def pool_by_view(grad_output, x, kernel_size, stride=None):
    step = kernel_size if stride is None else stride
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel_size)[::step]
    winners = windows.argmax(axis=1) + step * np.arange(len(windows))
    return np.bincount(winners, weights=grad_output, minlength=len(x))


def pool_by_add_at(grad_output, x, kernel_size, stride=None):
    step = kernel_size if stride is None else stride
    starts = step * np.arange(len(grad_output))
    winners = starts + np.asarray(x)[starts[:, None] + np.arange(kernel_size)].argmax(axis=1)
    gradient = np.zeros(len(x))
    np.add.at(gradient, winners, grad_output)
    return gradient


def pool_by_mask(grad_output, x, kernel_size, stride=None):
    step = kernel_size if stride is None else stride
    gradient = np.zeros(len(x))
    for i, g in enumerate(grad_output):
        window = x[i * step : i * step + kernel_size]
        mask = window == window.max()
        mask &= np.cumsum(mask) == 1  # the first of equal maxima only
        gradient[i * step : i * step + kernel_size] += g * mask
    return gradient


def pool_by_max_key(grad_output, x, kernel_size, stride=None):
    step = kernel_size if stride is None else stride
    gradient = dict.fromkeys(range(len(x)), 0.0)
    for i, g in enumerate(grad_output):
        winner = max(range(i * step, i * step + kernel_size), key=lambda cell: (x[cell], -cell))
        gradient[winner] += g
    return np.array(list(gradient.values()))


def pool_by_recursion(grad_output, x, kernel_size, stride=None):
    step = kernel_size if stride is None else stride
    if len(grad_output) == 0:
        return np.zeros(len(x))
    gradient = np.zeros(len(x))
    gradient[step:] = pool_by_recursion(grad_output[1:], x[step:], kernel_size, step)[: max(len(x) - step, 0)]
    gradient[np.argmax(x[:kernel_size])] += grad_output[0]
    return gradient


def pool_with_keyword(grad_output, x, kernel_size, stride=None, verbose=False):
    step = kernel_size if stride is None else stride
    one_hot = np.zeros((len(grad_output), len(x)))
    for i, row in enumerate(one_hot):
        row[i * step + x[i * step : i * step + kernel_size].argmax()] = 1
    if verbose:
        print(one_hot)
    return one_hot.T @ grad_output


def starts_of(size, kernel_size, stride, padding, ceil_mode):
    """Return where the windows begin on the padded line."""
    stride = kernel_size if stride is None else stride
    steps = (size + 2 * padding - kernel_size) / stride
    count = int(np.ceil(steps) if ceil_mode else np.floor(steps)) + 1
    if ceil_mode and (count - 1) * stride >= size + padding:
        count -= 1  # a window may not begin behind the last real cell
    return [place * stride for place in range(count)]


def avg_by_windows(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    x = np.asarray(x, dtype=float)
    padded = np.pad(x, padding)
    means = []
    for start in starts_of(len(x), kernel_size, stride, padding, ceil_mode):
        window = padded[start : start + kernel_size]
        real = x[max(start - padding, 0) : max(start - padding + kernel_size, 0)]
        means.append(window.sum() / (len(window) if count_include_pad else len(real)))
    return np.array(means)


def avg_by_loops(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    means = []
    for start in starts_of(len(x), kernel_size, stride, padding, ceil_mode):
        total, real, counted = 0.0, 0, 0
        for cell in range(start - padding, start - padding + kernel_size):
            if 0 <= cell < len(x):
                total += x[cell]
                real += 1
            if cell < len(x) + padding:
                counted += 1
        means.append(total / (counted if count_include_pad else real))
    return means


def avg_by_ones(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    line = np.pad(np.asarray(x, dtype=float), padding)
    weight = np.pad(np.ones(len(x)), padding, constant_values=1.0 if count_include_pad else 0.0)
    starts = starts_of(len(x), kernel_size, stride, padding, ceil_mode)
    sums, counts = ([part[s : s + kernel_size].sum() for s in starts] for part in (line, weight))
    return np.divide(sums, counts)


def avg_by_nan(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    line = np.pad(np.asarray(x, dtype=float), padding, constant_values=0.0 if count_include_pad else np.nan)
    line = np.append(line, np.full(kernel_size, np.nan))
    starts = starts_of(len(x), kernel_size, stride, padding, ceil_mode)
    return np.array([np.nanmean(line[start : start + kernel_size]) for start in starts])


def avg_by_sums(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    size = len(x)
    running = np.concatenate([[0.0], np.cumsum(x)])
    starts = np.array(starts_of(size, kernel_size, stride, padding, ceil_mode)) - padding
    first, last = np.clip(starts, 0, size), np.clip(starts + kernel_size, 0, size)
    counted = np.minimum(starts + kernel_size, size + padding) - starts if count_include_pad else last - first
    return (running[last] - running[first]) / counted


def avg_by_masked(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    line = np.pad(np.asarray(x, dtype=float), (padding, padding + kernel_size))
    there = np.zeros(len(line), dtype=bool)
    there[(0 if count_include_pad else padding) : len(x) + (2 * padding if count_include_pad else padding)] = True
    starts = starts_of(len(x), kernel_size, stride, padding, ceil_mode)
    return np.array([line[s : s + kernel_size][there[s : s + kernel_size]].mean() for s in starts])


def avg_by_generator(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    from statistics import fmean

    inside = {place + padding: float(value) for place, value in enumerate(x)}
    if count_include_pad:
        inside = {place: inside.get(place, 0.0) for place in range(len(x) + 2 * padding)}
    starts = starts_of(len(x), kernel_size, stride, padding, ceil_mode)
    return np.array([fmean(inside[p] for p in range(s, s + kernel_size) if p in inside) for s in starts])


def avg_in_single_precision(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    line = np.pad(np.asarray(x, dtype=np.float32), padding)
    out = []
    for s in starts_of(len(x), kernel_size, stride, padding, ceil_mode):
        cells = line[s : s + kernel_size]
        hidden = 0 if count_include_pad else max(padding - s, 0) + max(s + len(cells) - padding - len(x), 0)
        out.append(cells.sum() / np.float32(len(cells) - hidden))
    return np.array(out, dtype=np.float32)


def avg_by_matrix(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor=None):
    size = len(x)
    starts = starts_of(size, kernel_size, stride, padding, ceil_mode)
    matrix = np.zeros((len(starts), size + 2 * padding))
    for row, start in zip(matrix, starts, strict=True):
        row[start : start + kernel_size] = 1
    real = matrix[:, padding : padding + size]
    return real @ x / (matrix if count_include_pad else real).sum(axis=1)


def norm_by_keepdims(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=(0, 2, 3), keepdims=True)
    variance = x.var(axis=(0, 2, 3), keepdims=True)
    return gamma[None, :, None, None] * (x - mean) / np.sqrt(variance + eps) + beta[None, :, None, None]


def norm_by_channel(x, gamma, beta, eps=1e-5):
    out = np.empty(x.shape)
    for c in range(x.shape[1]):
        values = x[:, c]
        out[:, c] = gamma[c] * (values - values.mean()) / (values.var() + eps) ** 0.5 + beta[c]
    return out


def norm_channels_last(x, gamma, beta, eps=1e-5):
    flat = x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
    flat = (flat - flat.mean(axis=0)) / np.sqrt(flat.var(axis=0) + eps) * gamma + beta
    n, c, h, w = x.shape
    return flat.reshape(n, h, w, c).transpose(0, 3, 1, 2)


def norm_by_squares(x, gamma, beta, eps=1e-5):
    count = x.size / x.shape[1]
    mean = x.sum(axis=(0, 2, 3)) / count
    centered = x - mean.reshape(-1, 1, 1)
    variance = (centered**2).sum(axis=(0, 2, 3)) / count
    return centered * (gamma / np.sqrt(variance + eps)).reshape(-1, 1, 1) + beta.reshape(-1, 1, 1)


def norm_by_einsum(x, gamma, beta, eps=1e-5):
    cells = x.shape[0] * x.shape[2] * x.shape[3]
    centered = x - np.einsum("nchw->c", x)[:, None, None] / cells
    spread = np.sqrt(np.einsum("nchw,nchw->c", centered, centered) / cells + eps)
    return np.einsum("nchw,c->nchw", centered, gamma / spread) + beta[:, None, None]


def norm_by_loops(x, gamma, beta, eps=1e-5):
    import math

    n, channels, h, w = x.shape
    out = np.zeros(x.shape)
    for c in range(channels):
        values = [float(x[i, c, j, k]) for i in range(n) for j in range(h) for k in range(w)]
        mean = sum(values) / len(values)
        variance = sum((value - mean) ** 2 for value in values) / len(values)
        for i in range(n):
            for j in range(h):
                for k in range(w):
                    out[i, c, j, k] = gamma[c] * (x[i, c, j, k] - mean) / math.sqrt(variance + eps) + beta[c]
    return out


def norm_by_swapped_axes(x, gamma, beta, eps=1e-5):
    rows = x.swapaxes(0, 1).reshape(x.shape[1], -1)
    rows = (rows - rows.mean(axis=1)[:, None]) / np.sqrt(rows.var(axis=1)[:, None] + eps)
    rows = rows * np.reshape(gamma, (-1, 1)) + np.reshape(beta, (-1, 1))
    return rows.reshape(x.shape[1], x.shape[0], *x.shape[2:]).swapaxes(0, 1)


def norm_as_lists(x, gamma, beta, eps=1e-5):
    parts = [(x[:, c] - x[:, c].mean()) / np.sqrt(x[:, c].var() + eps) * gamma[c] + beta[c] for c in range(len(gamma))]
    return np.stack(parts, axis=1).tolist()


def norm_by_statistics(x, gamma, beta, eps=1e-5, momentum=0.1):
    from statistics import fmean, pvariance

    out = np.array(x, dtype=float)
    for c, (scale, shift) in enumerate(zip(gamma, beta, strict=True)):
        values = x[:, c].ravel().tolist()
        out[:, c] = scale * (x[:, c] - fmean(values)) / np.sqrt(pvariance(values) + eps) + shift
    return out


def right(question, name, answer, *needs):
    return RightAnswer(name, question, answer, needs)


RIGHT_ANSWERS = (
    right(WEIGHT, "windows", weight_by_windows),
    right(WEIGHT, "loops", weight_by_loops),
    right(WEIGHT, "taps", weight_by_taps),
    right(WEIGHT, "view", weight_by_view),
    right(WEIGHT, "einsum", weight_by_einsum),
    right(WEIGHT, "correlation", weight_by_correlation),
    right(WEIGHT, "unit filters", weight_by_differences),
    right(WEIGHT, "float32", weight_in_single_precision),
    right(WEIGHT, "recursion", weight_by_recursion),
    right(INPUT, "windows", input_by_windows),
    right(INPUT, "loops", input_by_loops),
    right(INPUT, "cell by cell", input_by_cell),
    right(INPUT, "matrix", input_by_matrix),
    right(INPUT, "add.at", input_by_add_at),
    right(INPUT, "convolution", input_by_convolution),
    right(INPUT, "taps", input_by_taps),
    right(INPUT, "unit lines", input_by_unit_lines),
    right(INPUT, "float32", input_in_single_precision),
    right(MAX_POOL, "argmax", pool_by_argmax),
    right(MAX_POOL, "index", pool_by_index),
    right(MAX_POOL, "loops", pool_by_loops),
    right(MAX_POOL, "view", pool_by_view),
    right(MAX_POOL, "add.at", pool_by_add_at),
    right(MAX_POOL, "mask", pool_by_mask),
    right(MAX_POOL, "key", pool_by_max_key),
    right(MAX_POOL, "recursion", pool_by_recursion),
    right(MAX_POOL, "extra keyword", pool_with_keyword),
    right(AVG_POOL, "windows", avg_by_windows, starts_of),
    right(AVG_POOL, "loops", avg_by_loops, starts_of),
    right(AVG_POOL, "ones", avg_by_ones, starts_of),
    right(AVG_POOL, "nan", avg_by_nan, starts_of),
    right(AVG_POOL, "running sums", avg_by_sums, starts_of),
    right(AVG_POOL, "masks", avg_by_masked, starts_of),
    right(AVG_POOL, "fmean", avg_by_generator, starts_of),
    right(AVG_POOL, "float32", avg_in_single_precision, starts_of),
    right(AVG_POOL, "extra keyword", avg_by_matrix, starts_of),
    right(BATCH_NORM, "keepdims", norm_by_keepdims),
    right(BATCH_NORM, "channel by channel", norm_by_channel),
    right(BATCH_NORM, "channels last", norm_channels_last),
    right(BATCH_NORM, "squares", norm_by_squares),
    right(BATCH_NORM, "einsum", norm_by_einsum),
    right(BATCH_NORM, "loops", norm_by_loops),
    right(BATCH_NORM, "swapped axes", norm_by_swapped_axes),
    right(BATCH_NORM, "lists", norm_as_lists),
    right(BATCH_NORM, "extra keyword", norm_by_statistics),
)
