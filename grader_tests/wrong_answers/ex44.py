"""Mistakes of Exercise 44."""

import numpy as np

from grader_tests.answers import WrongAnswer

STANDARDIZE, SCALE, CONDITION = "ex44-standardize", "ex44-min-max-scale", "ex44-condition-number"


def divided_without_a_look(features):
    features = np.asarray(features, dtype=float)
    with np.errstate(all="ignore"):
        return (features - features.mean(axis=0)) / features.std(axis=0)


def sample_deviation(features):
    features = np.asarray(features, dtype=float)
    constant = np.ptp(features, axis=0) == 0
    spread = np.where(constant, 1, features.std(axis=0, ddof=1))
    return np.where(constant, 0, (features - features.mean(axis=0)) / spread)


def divided_by_the_variance(features):
    features = np.asarray(features, dtype=float)
    constant = np.ptp(features, axis=0) == 0
    return np.where(constant, 0, (features - features.mean(axis=0)) / np.where(constant, 1, features.var(axis=0)))


def only_centered(features):
    features = np.asarray(features, dtype=float)
    constant = np.ptp(features, axis=0) == 0
    return np.where(constant, 0, features - features.mean(axis=0))


def not_centered(features):
    features = np.asarray(features, dtype=float)
    constant = np.ptp(features, axis=0) == 0
    return np.where(constant, 0, features / np.where(constant, 1, features.std(axis=0)))


def whole_table(features):
    features = np.asarray(features, dtype=float)
    return (features - features.mean()) / (features.std() or 1)


def along_the_rows(features):
    features = np.asarray(features, dtype=float)
    spread = features.std(axis=1, keepdims=True)
    return (features - features.mean(axis=1, keepdims=True)) / np.where(spread == 0, 1, spread)


def in_place(features):
    with np.errstate(all="ignore"):
        scaled = np.asarray(features, dtype=float)
        constant = np.ptp(scaled, axis=0) == 0
        result = np.where(constant, 0, (scaled - scaled.mean(axis=0)) / np.where(constant, 1, scaled.std(axis=0)))
    features[...] = result
    return result


def range_divided_without_a_look(features):
    features = np.asarray(features, dtype=float)
    with np.errstate(all="ignore"):
        return (features - features.min(axis=0)) / (features.max(axis=0) - features.min(axis=0))


def divided_by_the_old_maximum(features):
    high = np.max(features, axis=0)
    return (np.asarray(features) - np.min(features, axis=0)) / np.where(high == 0, 1, high)


def divided_by_the_maximum(features):
    features = np.asarray(features, dtype=float)
    high = features.max(axis=0)
    return np.where(np.ptp(features, axis=0) == 0, 0, features / np.where(high == 0, 1, high))


def mean_instead_of_minimum(features):
    features = np.asarray(features, dtype=float)
    spread = np.ptp(features, axis=0)
    return np.where(spread == 0, 0, (features - features.mean(axis=0)) / np.where(spread == 0, 1, spread))


def range_of_the_whole_table(features):
    features = np.asarray(features, dtype=float)
    return (features - features.min()) / (np.ptp(features) or 1)


def constant_becomes_one(features):
    features = np.asarray(features, dtype=float)
    spread = np.ptp(features, axis=0)
    return np.where(spread == 0, 1, (features - features.min(axis=0)) / np.where(spread == 0, 1, spread))


def root_of_it(features):
    return float(np.linalg.cond(np.asarray(features, dtype=float)))


def centered_first(features):
    features = np.asarray(features, dtype=float)
    return float(np.linalg.cond(features - features.mean(axis=0)) ** 2)


def upside_down(features):
    return float(np.linalg.cond(np.asarray(features, dtype=float)) ** -2)


def largest_only(features):
    return float(np.linalg.norm(np.asarray(features, dtype=float), 2) ** 2)


def median_subtracted(features):
    features = np.asarray(features, dtype=float)
    spread = features.std(axis=0)
    return (features - np.median(features, axis=0)) / np.where(np.ptp(features, axis=0) == 0, 1, spread)


def only_the_minimum_divided(features):
    features = np.asarray(features, dtype=float)
    spread = np.ptp(features, axis=0)
    return features - features.min(axis=0) / np.where(spread == 0, 1, spread)


def lengths_compared(features):
    lengths = np.sum(np.asarray(features, dtype=float) ** 2, axis=0)
    return float(lengths.max() / lengths.min())


def divided_by_the_length(features):
    centered = np.asarray(features, dtype=float) - np.mean(features, axis=0)
    length = np.sqrt(np.sum(centered**2, axis=0))
    return centered / np.where(np.ptp(features, axis=0) == 0, 1, length)


def only_the_mean_divided(features):
    features = np.asarray(features, dtype=float)
    return features - features.mean(axis=0) / np.where(np.ptp(features, axis=0) == 0, 1, features.std(axis=0))


def from_the_maximum_down(features):
    features = np.asarray(features, dtype=float)
    spread = np.ptp(features, axis=0)
    return (features.max(axis=0) - features) / np.where(spread == 0, 1, spread)


def difference_of_eigenvalues(features):
    features = np.asarray(features, dtype=float)
    values = np.linalg.eigvalsh(features.T @ features)
    return float(values[-1] - values[0])


WRONG_ANSWERS = (
    WrongAnswer(
        "E44-zero-std",
        STANDARDIZE,
        "a constant feature is divided by its spread of zero",
        "How far does a constant column spread? Decide what it becomes before you divide.",
        divided_without_a_look,
    ),
    WrongAnswer(
        "E44-bn-ddof",
        STANDARDIZE,
        "the sum of squares is divided by one less than the number of rows",
        "Population or sample? Read which standard deviation is asked for, and NumPy's argument ddof.",
        sample_deviation,
    ),
    WrongAnswer(
        "X44-variance",
        STANDARDIZE,
        "columns are divided by their variance",
        "After scaling, which unit should a column in grams have?",
        divided_by_the_variance,
    ),
    WrongAnswer(
        "X44-only-centered",
        STANDARDIZE,
        "the mean is removed and the spread is left",
        "What is the standard deviation of your columns?",
        only_centered,
    ),
    WrongAnswer(
        "X44-not-centered",
        STANDARDIZE,
        "the spread is scaled and the mean is left",
        "What is the mean of your columns?",
        not_centered,
    ),
    WrongAnswer(
        "X44-whole-table",
        STANDARDIZE,
        "one mean and one spread serve the whole table",
        "Grams and prices in one mean? Look at the argument axis.",
        whole_table,
    ),
    WrongAnswer(
        "X44-rows",
        STANDARDIZE,
        "rows are scaled instead of columns",
        "Which axis holds the samples?",
        along_the_rows,
    ),
    WrongAnswer(
        "X44-in-place",
        STANDARDIZE,
        "the table you were given is overwritten",
        "Look at the table after the call. Somebody may still need it.",
        in_place,
    ),
    WrongAnswer(
        "X44-zero-range",
        SCALE,
        "a constant feature is divided by its range of zero",
        "What is largest less smallest for a constant column?",
        range_divided_without_a_look,
    ),
    WrongAnswer(
        "X44-by-maximum",
        SCALE,
        "columns are divided by their maximum",
        "Does the smallest number of each column become 0?",
        divided_by_the_maximum,
    ),
    WrongAnswer(
        "X44-range-from-zero",
        SCALE,
        "the minimum is subtracted, and the maximum divides",
        "After the subtraction, how large is the largest number of a column? That one should become 1.",
        divided_by_the_old_maximum,
    ),
    WrongAnswer(
        "X44-mean-normalized",
        SCALE,
        "the mean is subtracted instead of the minimum",
        "Which number of a column becomes 0 in your result?",
        mean_instead_of_minimum,
    ),
    WrongAnswer(
        "X44-whole-range",
        SCALE,
        "one range serves the whole table",
        "Does every column reach both 0 and 1?",
        range_of_the_whole_table,
    ),
    WrongAnswer(
        "X44-constant-one",
        SCALE,
        "a constant column becomes ones",
        "Read again what a constant column becomes.",
        constant_becomes_one,
    ),
    WrongAnswer(
        "X44-root",
        CONDITION,
        "the condition number of X is taken instead of that of its product with itself",
        "How do the singular values of X and the eigenvalues of the product belong together?",
        root_of_it,
    ),
    WrongAnswer(
        "X44-centered",
        CONDITION,
        "the table is centered first",
        "The question asks for X as it comes.",
        centered_first,
    ),
    WrongAnswer(
        "X44-upside-down",
        CONDITION,
        "the smallest eigenvalue is divided by the largest",
        "Can a condition number be below 1?",
        upside_down,
    ),
    WrongAnswer(
        "X44-largest-only",
        CONDITION,
        "only the largest eigenvalue is returned",
        "A condition number is a ratio. Of what?",
        largest_only,
    ),
    WrongAnswer(
        "X44-median",
        STANDARDIZE,
        "the median is subtracted instead of the mean",
        "Compute the mean of each column of your result. Is it 0?",
        median_subtracted,
    ),
    WrongAnswer(
        "X44-brackets",
        SCALE,
        "only the minimum is divided by the range, not the difference",
        "Which of - and / does Python do first? Where does a bracket belong?",
        only_the_minimum_divided,
    ),
    WrongAnswer(
        "X44-lengths",
        CONDITION,
        "the lengths of the columns are compared",
        "They stand on the diagonal of the product. When are they its eigenvalues, and when not?",
        lengths_compared,
    ),
    WrongAnswer(
        "X44-length",
        STANDARDIZE,
        "the sum of squares is not divided by the number of rows",
        "The deviation is a mean: add up the squares, and then?",
        divided_by_the_length,
    ),
    WrongAnswer(
        "X44-mean-brackets",
        STANDARDIZE,
        "only the mean is divided by the deviation, not the difference",
        "Which of - and / does Python do first? Where does a bracket belong?",
        only_the_mean_divided,
    ),
    WrongAnswer(
        "X44-turned-range",
        SCALE,
        "each number is subtracted from the maximum",
        "Which number of a column should become 0: its smallest or its largest?",
        from_the_maximum_down,
    ),
    WrongAnswer(
        "X44-difference",
        CONDITION,
        "the smallest eigenvalue is subtracted from the largest",
        "A ratio is asked for. What comes out for two equal eigenvalues?",
        difference_of_eigenvalues,
    ),
)
