"""Correct functions of the constructed part of Exercise 40."""

import numpy as np

from grader_tests.answers import RightAnswer

LINKS, GRADIENT = "ex40-local-connection", "ex40-sharing"


def by_loops(n, k, kind):
    rows = []
    count = 0
    for unit in range(n - k + 1):
        row = []
        for cell in range(n):
            if kind == "dense":
                count += 1
                row.append(count)
            elif unit <= cell < unit + k:
                count += 1
                row.append(cell - unit + 1 if kind == "conv" else count)
            else:
                row.append(0)
        rows.append(row)
    return rows


def by_slices(n, k, kind):
    matrix = np.zeros((n - k + 1, n), dtype=int)
    for unit in range(n - k + 1):
        if kind == "dense":
            matrix[unit] = np.arange(unit * n, (unit + 1) * n) + 1
        elif kind == "conv":
            matrix[unit, unit : unit + k] = np.arange(k) + 1
        else:
            matrix[unit, unit : unit + k] = np.arange(k) + 1 + unit * k
    return matrix


def by_broadcasting(n, k, kind):
    unit, cell = np.arange(n - k + 1)[:, None], np.arange(n)[None]
    if kind == "dense":
        return unit * n + cell + 1
    tap = cell - unit
    inside = (tap >= 0) & (tap < k)
    return np.where(inside, tap + 1 + (unit * k if kind == "local" else 0), 0)


def by_rolling(n, k, kind):
    if kind == "dense":
        return 1 + np.arange((n - k + 1) * n).reshape(-1, n)
    rows = []
    for unit in range(n - k + 1):
        row = np.zeros(n)
        row[:k] = np.arange(1, k + 1) + (unit * k if kind == "local" else 0)
        rows.append(np.roll(row, unit))
    return np.array(rows)


def by_reading_order(n, k, kind):
    mask = np.ones((n - k + 1, n), dtype=bool)
    if kind != "dense":
        mask = np.array([[unit <= cell < unit + k for cell in range(n)] for unit in range(n - k + 1)])
    numbers = np.zeros(mask.shape, dtype=int)
    numbers[mask] = np.arange(1, mask.sum() + 1)
    if kind == "conv":
        numbers[mask] = (numbers[mask] - 1) % k + 1
    return numbers


def by_function_of_place(n, k, kind):
    def number(unit, cell):
        if kind == "dense":
            return unit * n + cell + 1
        if not 0 <= cell - unit < k:
            return 0
        return cell - unit + 1 + (0 if kind == "conv" else unit * k)

    return np.array([[number(unit, cell) for cell in range(n)] for unit in range(n - k + 1)], dtype=float)


def by_diagonals(n, k, kind):
    units = n - k + 1
    if kind == "dense":
        return np.arange(1, units * n + 1).reshape(units, n)
    total = np.zeros((units, n), dtype=int)
    for tap in range(k):
        weights = tap + 1 + (np.arange(units) * k if kind == "local" else np.zeros(units, dtype=int))
        total[np.arange(units), np.arange(units) + tap] = weights
    return total


def by_pads(n, k, kind):
    rows = []
    for unit in range(n - k + 1):
        if kind == "dense":
            rows.append([unit * n + cell + 1 for cell in range(n)])
            continue
        start = 1 if kind == "conv" else 1 + unit * k
        rows.append([0] * unit + list(range(start, start + k)) + [0] * (n - k - unit))
    return tuple(map(tuple, rows))


def two_loops(x, grad_output, shared):
    k = len(x) - len(grad_output) + 1
    own = np.zeros((len(grad_output), k))
    for i in range(len(grad_output)):
        for j in range(k):
            own[i, j] = grad_output[i] * x[i + j]
    return own.sum(axis=0) if shared else own


def by_windows(x, grad_output, shared):
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(x), len(x) - len(grad_output) + 1)
    own = windows * np.asarray(grad_output)[:, None]
    return own.sum(0) if shared else own


def by_correlation(x, grad_output, shared):
    if shared:
        return np.correlate(x, grad_output, mode="valid")
    k = len(x) - len(grad_output) + 1
    return np.array([g * np.asarray(x)[i : i + k] for i, g in enumerate(grad_output)])


def by_indexing(x, grad_output, shared):
    units = np.arange(len(grad_output))
    places = units[:, None] + np.arange(len(x) - len(grad_output) + 1)
    own = np.asarray(x)[places] * np.asarray(grad_output)[units][:, None]
    return np.add.reduce(own) if shared else own


def by_einsum(x, grad_output, shared):
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(x), len(x) - len(grad_output) + 1)
    return np.einsum("i,ik->k" if shared else "i,ik->ik", grad_output, windows)


def by_product(x, grad_output, shared):
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(x), len(x) - len(grad_output) + 1)
    return np.asarray(grad_output) @ windows if shared else np.diag(grad_output) @ windows


def as_lists(x, grad_output, shared):
    k = len(x) - len(grad_output) + 1
    own = [[float(g) * float(x[i + j]) for j in range(k)] for i, g in enumerate(grad_output)]
    return [sum(column) for column in zip(*own, strict=True)] if shared else own


def by_adding_up(x, grad_output, shared):
    k = len(x) - len(grad_output) + 1
    total, own = np.zeros(k), []
    for i, g in enumerate(grad_output):
        part = g * np.asarray(x[i : i + k], dtype=float)
        own.append(part)
        total += part
    return total if shared else np.stack(own)


def by_differences(x, grad_output, shared):
    k = len(x) - len(grad_output) + 1

    def loss(weights):
        return sum(g * np.dot(weights[i], x[i : i + k]) for i, g in enumerate(grad_output))

    own = np.zeros((len(grad_output), k))
    for place in np.ndindex(own.shape):
        moved = np.zeros(own.shape)
        moved[place] = 1.0
        own[place] = loss(moved) - loss(np.zeros(own.shape))
    return own.sum(axis=0) if shared else own


LINK_MAKES = (
    by_loops,
    by_slices,
    by_broadcasting,
    by_rolling,
    by_reading_order,
    by_function_of_place,
    by_diagonals,
    by_pads,
)
GRADIENT_MAKES = (
    two_loops,
    by_windows,
    by_correlation,
    by_indexing,
    by_einsum,
    by_product,
    as_lists,
    by_adding_up,
    by_differences,
)

RIGHT_ANSWERS = (
    *(RightAnswer(make.__name__.replace("_", " "), LINKS, make) for make in LINK_MAKES),
    *(RightAnswer(make.__name__.replace("_", " "), GRADIENT, make) for make in GRADIENT_MAKES),
)
