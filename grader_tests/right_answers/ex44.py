"""Correct answers of Exercise 44."""

import numpy as np

from grader_tests.answers import RightAnswer

STANDARDIZE, SCALE, CONDITION = "ex44-standardize", "ex44-min-max-scale", "ex44-condition-number"


def by_where(features):
    features = np.asarray(features, dtype=float)
    flat = np.ptp(features, axis=0) == 0
    spread = np.where(flat, 1, features.std(axis=0))
    return np.where(flat, 0, (features - features.mean(axis=0)) / spread)


def by_columns(features):
    result = np.zeros(np.shape(features))
    for column in range(result.shape[1]):
        values = np.array(features)[:, column].astype(float)
        if values.max() > values.min():
            result[:, column] = (values - np.mean(values)) / np.std(values)
    return result


def by_plain_python(features):
    import math

    columns = []
    for column in zip(*[list(map(float, row)) for row in features], strict=True):
        mean = math.fsum(column) / len(column)
        spread = math.sqrt(math.fsum((value - mean) ** 2 for value in column) / len(column))
        columns.append([0.0 if max(column) == min(column) else (value - mean) / spread for value in column])
    return [list(row) for row in zip(*columns, strict=True)]


def by_apply(features):
    def one(column):
        return np.zeros(len(column)) if np.all(column == column[0]) else (column - column.mean()) / column.std()

    return np.apply_along_axis(one, 0, np.asarray(features, dtype=float))


def by_divide_where(features):
    x = np.array(features, dtype=float)
    centered = x - x.mean(axis=0, keepdims=True)
    varies = np.broadcast_to((x != x[0]).any(axis=0), x.shape)
    spread = np.broadcast_to(np.sqrt((centered**2).mean(axis=0)), x.shape)
    return np.divide(centered, spread, out=np.zeros_like(x), where=varies)


def by_statistics(features):
    import statistics

    table = np.asarray(features, dtype=float).T.tolist()
    scaled = []
    for column in table:
        spread = statistics.pstdev(column)
        mean = statistics.fmean(column)
        scaled.append([(value - mean) / spread if spread else 0.0 for value in column])
    return np.array(scaled).T


def by_scipy(features):
    from scipy.stats import zscore

    x = np.asarray(features, dtype=float)
    result = np.zeros_like(x)
    varies = (x != x[0]).any(axis=0)
    if varies.any():
        result[:, varies] = zscore(x[:, varies], axis=0)
    return result


class Scaler:
    def fit(self, x):
        self.mean, self.spread = x.mean(axis=0), x.std(axis=0)
        self.flat = x.max(axis=0) == x.min(axis=0)
        return self

    def transform(self, x):
        scaled = (x - self.mean) / np.where(self.flat, 1.0, self.spread)
        scaled[:, self.flat] = 0
        return scaled


def by_class(features, verbose=False):
    x = np.array(features, dtype=np.float64)
    return Scaler().fit(x).transform(x)


def in_single_precision(features):
    table = np.asarray(features, dtype=np.float32)
    varies = table.max(axis=0) > table.min(axis=0)
    result = np.zeros_like(table)
    result[:, varies] = (table[:, varies] - table[:, varies].mean(axis=0)) / table[:, varies].std(axis=0)
    return result


def through_single_precision(features):
    table = np.asarray(features, dtype=np.float32).astype(np.float64)
    varies = table.max(axis=0) > table.min(axis=0)
    result = np.zeros_like(table)
    result[:, varies] = (table[:, varies] - table[:, varies].mean(axis=0)) / table[:, varies].std(axis=0)
    return result


def scale_by_where(features):
    features = np.asarray(features, dtype=float)
    low, span = features.min(axis=0), np.ptp(features, axis=0)
    return (features - low) / np.where(span == 0, 1, span)


def scale_by_columns(features):
    x = np.array(features, dtype=float)
    for column in x.T:
        span = column.max() - column.min()
        column -= column.min()
        if span:
            column /= span
    return x


def scale_by_plain_python(features):
    rows = [[float(value) for value in row] for row in features]
    lows = [min(column) for column in zip(*rows, strict=True)]
    highs = [max(column) for column in zip(*rows, strict=True)]
    return [
        [(value - low) / (high - low) if high > low else 0.0 for value, low, high in zip(row, lows, highs, strict=True)]
        for row in rows
    ]


def scale_by_sorting(features):
    x = np.asarray(features, dtype=float)
    ordered = np.sort(x, axis=0)
    span = ordered[-1] - ordered[0]
    span[span == 0] = np.inf
    return (x - ordered[0]) / span


def scale_by_apply(features):
    def one(column):
        return (column - column.min()) / ((column.max() - column.min()) or 1)

    return np.apply_along_axis(one, 0, np.asarray(features, dtype=float))


def scale_by_interp(features):
    x = np.asarray(features, dtype=float)
    columns = [np.interp(c, [c.min(), c.max()], [0, 1]) if np.ptp(c) else np.zeros(len(c)) for c in x.T]
    return np.stack(columns, axis=1)


def scale_by_divide_where(features, eps=0):
    x = np.asarray(features, dtype=float)
    span = np.broadcast_to(np.ptp(x, axis=0), x.shape)
    return np.divide(x - x.min(axis=0), span, out=np.zeros_like(x), where=span > eps)


def scale_by_nan(features):
    x = np.asarray(features, dtype=float)
    with np.errstate(all="ignore"):
        return np.nan_to_num((x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0)))


def condition_by_svd(features):
    values = np.linalg.svd(np.asarray(features, dtype=float), compute_uv=False)
    return (values[0] / values[-1]) ** 2


def condition_by_eigvalsh(features):
    x = np.asarray(features, dtype=float)
    values = np.linalg.eigvalsh(x.T @ x)
    return float(values[-1] / values[0])


def condition_by_cond(features):
    return np.linalg.cond(np.asarray(features, dtype=float)) ** 2


def condition_of_product(features):
    x = np.asarray(features, dtype=float)
    return np.linalg.cond(x.T @ x)


def condition_by_norms(features):
    x = np.asarray(features, dtype=float)
    return np.linalg.norm(x, 2) ** 2 / np.linalg.norm(x, -2) ** 2


def condition_by_eigvals(features):
    x = np.array(features, dtype=np.float64)
    values = np.abs(np.linalg.eigvals(np.einsum("ni,nj->ij", x, x)))
    return float(max(values) / min(values))


def condition_by_inverse(features, verbose=False):
    gram = np.transpose(features).astype(float) @ np.asarray(features, dtype=float)
    return float(np.linalg.norm(gram, 2) * np.linalg.norm(np.linalg.inv(gram), 2))


def condition_by_scipy(features):
    from scipy.linalg import svdvals

    values = svdvals(np.asarray(features, dtype=float))
    return float(values.max() ** 2 / values.min() ** 2)


def right(question, name, answer, *needs):
    return RightAnswer(name, question, answer, needs)


RIGHT_ANSWERS = (
    right(STANDARDIZE, "where", by_where),
    right(STANDARDIZE, "columns", by_columns),
    right(STANDARDIZE, "plain Python", by_plain_python),
    right(STANDARDIZE, "apply", by_apply),
    right(STANDARDIZE, "divide where", by_divide_where),
    right(STANDARDIZE, "statistics", by_statistics),
    right(STANDARDIZE, "scipy", by_scipy),
    right(STANDARDIZE, "float32", in_single_precision),
    right(STANDARDIZE, "float32 in between", through_single_precision),
    right(STANDARDIZE, "class", by_class, Scaler),
    right(SCALE, "where", scale_by_where),
    right(SCALE, "columns", scale_by_columns),
    right(SCALE, "plain Python", scale_by_plain_python),
    right(SCALE, "sorting", scale_by_sorting),
    right(SCALE, "apply", scale_by_apply),
    right(SCALE, "interp", scale_by_interp),
    right(SCALE, "extra keyword", scale_by_divide_where),
    right(SCALE, "nan", scale_by_nan),
    right(CONDITION, "svd", condition_by_svd),
    right(CONDITION, "eigvalsh", condition_by_eigvalsh),
    right(CONDITION, "cond", condition_by_cond),
    right(CONDITION, "product", condition_of_product),
    right(CONDITION, "norms", condition_by_norms),
    right(CONDITION, "eigvals", condition_by_eigvals),
    right(CONDITION, "inverse", condition_by_inverse),
    right(CONDITION, "scipy", condition_by_scipy),
)
