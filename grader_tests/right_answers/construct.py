"""Constructions of many makes that do what Exercises 39 to 44 ask for, and right pairs written in many ways."""

import numpy as np

from grader_tests.answers import RightAnswer
from grader_tests.questions.construct44 import FRUIT, SCALED_BIAS, SCALED_WEIGHTS, forms_of

LAYERS, CLAIMS, SHIFT, TASKS = "ex39-stride-padding", "ex39-claims", "ex40-shift", "ex40-tasks"
ROLE, EXAMPLE, WHY = "ex42-role", "ex43-example", "ex44-why"


def pixel(row, column, value=1.0):
    image = np.zeros((5, 5))
    image[row, column] = value
    return image


def stepped(rows):
    first = np.array(rows)
    return [first, np.pad(first, ((0, 0), (1, 0)))[:, :-1]]


def conditions(table):
    forms = forms_of(np.array(table, dtype=float)).values()
    return [float(np.linalg.cond(form) ** 2) for form in forms]


def raw_model():
    mean, spread = FRUIT.mean(axis=0), FRUIT.std(axis=0)
    return [*(SCALED_WEIGHTS / spread), SCALED_BIAS - float((SCALED_WEIGHTS * mean / spread).sum())]


def with_conditions(table):
    return {"table": table, "conditions": conditions(table)}


def on_table(across, down):
    images = np.zeros((2, 5, 5))
    images[0][across], images[1][down] = 1, 1
    return images


LINE = np.s_[2, :]
THIRDS = [1 / 3, 1 / 3, 1 / 3]

LAYER_MAKES = {
    "pairs": {"no_same": (7, 4), "wasteful": (30, 2), "border_image": pixel(0, 2)},
    "lists": {"no_same": [5, 2], "wasteful": [28, 3], "border_image": pixel(4, 4).tolist()},
    "large": {"no_same": (1000, 10), "wasteful": (1000, 9), "border_image": pixel(2, 0, 255)},
    "small": {"no_same": (1, 2), "wasteful": (2, 1), "border_image": pixel(4, 1, 0.5)},
    "arrays": {"no_same": np.array([9, 6]), "wasteful": np.array([64, 5]), "border_image": pixel(3, 4)},
    "filter longer than the image": {"no_same": (3, 8), "wasteful": (200, 11), "border_image": pixel(0, 0).astype(int)},
}
LINES = (
    [0, 0, 1, 0, 0, 0],
    [0, 1, 2, 3, 4, 0],
    [0, 0, 0, 5, 0, 0],
    [0, -1, 1, -1, 1, 0],
    [0, 0, 0, 0, 7, 0],
    [0.0, 0.5, 0.5, 0.5, 0.0, 0.0],
)
MIXES = {
    "thirds": {"mix": [THIRDS, [1, -1, 0]], "pair": on_table(np.s_[2, :], np.s_[:, 2])},
    "decimals": {"mix": [[0.3333, 0.3333, 0.3333], [1.0, -1.0, 0.0]], "pair": on_table(np.s_[1, :], np.s_[:, 4])},
    "array": {"mix": np.array([THIRDS, [1, -1, 0]]), "pair": on_table(np.s_[2, 1:4], np.s_[1:4, 2])},
    "diagonal": {"pair": [np.eye(5), np.roll(np.eye(5)[::-1] * 0, 1) + on_table(np.s_[2, :], np.s_[:, 2])[0]]},
    "numpy number": {"largest_reduced": np.int64(231), "pair": on_table(np.s_[3, :], np.s_[:, 0])},
    "float": {"largest_reduced": 231.0, "pair": -on_table(np.s_[2, :], np.s_[:, 2])},
}
POOLED = {
    "two rows": {"absorbed": stepped([[1, 0, 2, 0], [0, 0, 0, 0]]), "moved": stepped([[0, 1, 0, 2], [0, 0, 0, 0]])},
    "taller": {
        "absorbed": stepped([[3, 0, 1, 0], [0, 0, 0, 0], [0, 0, 2, 0]]),
        "moved": stepped([[0, 3, 1, 0], [0, 0, 0, 0], [1, 0, 0, 0]]),
    },
    "negative": {"absorbed": stepped([[9, 0, 0, 0], [-1, 0, 0, 0]]), "moved": stepped([[-1, 5], [2, -3]])},
    "fractions": {"lost": [[[0.5, 0.1], [0.2, 0.3]], [[0.5, 0.4], [0.4, 0.4]]], "pipeline": (28, 4, 25, 12)},
    "a row that falls away": {"lost": [[[1, 2], [3, 4], [0, 0]], [[1, 2], [3, 4], [9, 9]]], "pipeline": [5, 3, 3, 1]},
    "whole size": {"lost": np.array([[[4, 3, 2, 1]] * 2, [[4, 0, 2, 0]] * 2]), "pipeline": np.array([100, 2, 99, 49])},
}
TABLES = {
    "grams": with_conditions([[150, 1], [180, 3], [120, 2], [100, 5]]),
    "people": with_conditions([[1.7, 70], [1.6, 50], [1.9, 95], [1.8, 60], [1.5, 52]]),
    "far from 0": {**with_conditions([[1000, 1], [1001, -1], [1002, 1], [1003, -1]]), "rate": 0.2},
    "small unit": {"rate": 1.2, "unit": 0.3},
    "own model": {"raw_weights": raw_model(), "unit": 1e-6},
    "rounded": {"raw_weights": [round(number, 4) for number in raw_model()], "rate": np.float64(1.0)},
}
CLAIM_MAKES = ("tuples", "lists", "capitals", "blanks", "numpy", "another order")


def written(pairs, make):
    """Return the same pairs in another form that the check accepts."""
    forms = {
        "tuples": lambda pair: pair,
        "lists": list,
        "capitals": lambda pair: (pair[0], pair[1].upper()),
        "blanks": lambda pair: (pair[0], f" {pair[1]} "),
        "numpy": lambda pair: (np.bool_(pair[0]), pair[1]),
        "another order": lambda pair: pair,
    }
    keys = reversed(pairs) if make == "another order" else pairs
    return {key: forms[make](pairs[key]) for key in keys}


FIVE = {"A": (True, "b"), "B": (False, "a"), "C": (False, "c"), "D": (False, "b"), "E": (True, "a")}
SIX = {key: (True, "a") if key in "ACE" else (False, "b") for key in "ABCDEF"}

RIGHT_ANSWERS = (
    *(RightAnswer(name, LAYERS, answer) for name, answer in LAYER_MAKES.items()),
    *(RightAnswer(make, CLAIMS, written(FIVE, make)) for make in CLAIM_MAKES),
    *(RightAnswer(f"line {number}", SHIFT, {"line": line}) for number, line in enumerate(LINES)),
    *(RightAnswer(make, TASKS, written(SIX, make)) for make in CLAIM_MAKES),
    *(RightAnswer(name, ROLE, answer) for name, answer in MIXES.items()),
    *(RightAnswer(name, EXAMPLE, answer) for name, answer in POOLED.items()),
    *(RightAnswer(name, WHY, answer) for name, answer in TABLES.items()),
)
