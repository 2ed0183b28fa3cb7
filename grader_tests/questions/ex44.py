"""Checks of Exercise 44: standardizing, scaling to 0 and 1, the condition number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np

import cnn_ref
from grader_tests.cases import Aspect, Case, Clue
from grader_tests.function_question import FunctionQuestion
from grader_tests.inputs import Array, columns_first
from grader_tests.question import Generator
from student_kit.examples.cnn_exercises import TINY_SPREAD

Holds = Callable[[Array], bool]
FRUIT = np.array([[15, 1], [18, 3], [12, 2], [10, 5]])


def _mean(table: Array) -> bool:
    return bool(np.allclose(table.mean(axis=0), 0, atol=1e-6))


def _deviation(table: Array) -> bool:
    return bool(np.allclose(table.std(axis=0), 1, atol=1e-6))


def _least(table: Array) -> bool:
    return bool(np.allclose(table.min(axis=0), 0, atol=1e-6))


def _span(table: Array) -> bool:
    return bool(np.allclose(np.ptp(table, axis=0), 1, atol=1e-6))


def _just(holding: Holds, other: Holds) -> Holds:
    """Return whether one property of a table holds and the other does not."""
    return lambda table: holding(table) and not other(table)


def _table(rng: Generator, samples: int, features: int) -> Array:
    """Return columns of different place and spread, shape=(samples, features); no column is constant."""
    while True:
        table: Array = rng.normal(size=(samples, features)) + rng.integers(-5, 6, features)
        table = np.round(table * 10.0 ** rng.integers(-1, 3, features), 3)
        if (np.ptp(table, axis=0) > 0).all():
            return table


def _columns(rng: Generator) -> Iterator[Case]:
    yield Case("two samples", (np.array([[1.0, 10.0], [3.0, 30.0]]),))
    yield Case("the fruit table", (FRUIT.copy(),))
    yield Case("five features of different scale", (_table(rng, 7, 5),))
    yield Case("as many samples as features", (_table(rng, 4, 4),))
    yield Case("one feature", (_table(rng, 6, 1),))
    yield Case("a table that is stored columns first", (columns_first(_table(rng, 5, 3)),))


def _constant(rng: Generator) -> Iterator[Case]:
    # Computed means of these constants are exact, so that comparing the spread with 0 is enough.
    yield Case("a constant feature", (np.array([[7.0, 1.0], [7.0, 2.0], [7.0, 6.0]]),))
    table = _table(rng, 6, 3)
    table[:, 1] = -0.5
    yield Case("a constant feature among others", (table,))


def _unchanged(rng: Generator) -> Iterator[Case]:
    yield Case("floating point numbers", (_table(rng, 5, 3),), look_at="inputs")
    yield Case("whole numbers", (rng.integers(-20, 90, (5, 3)) * np.arange(1, 4),), look_at="inputs")


STANDARDIZE = FunctionQuestion(
    id="ex44-standardize",
    name="standardize",
    points=Fraction(1, 4),
    reference=cnn_ref.standardize,
    returns="array",
    tolerance=TINY_SPREAD,
    aspects=(
        Aspect(
            "columns",
            Fraction(3, 20),
            _columns,
            clue=(
                Clue(
                    "Your columns have mean 0, but not deviation 1: what do you divide by?",
                    shows=_just(_mean, _deviation),
                ),
                Clue(
                    "Your columns have deviation 1, but not mean 0: what do you subtract?",
                    shows=_just(_deviation, _mean),
                ),
                "Print mean and standard deviation of each column of your result.",
            ),
        ),
        Aspect(
            "constant columns",
            Fraction(1, 20),
            _constant,
            clue=(
                Clue("Other columns hold.", ("columns",)),
                "What becomes of a column whose numbers are all equal, and what would you divide by there?",
            ),
            apart=True,
        ),
        Aspect(
            "inputs unchanged",
            Fraction(1, 20),
            _unchanged,
            clue="Which line writes into the table you were given, or keeps its whole numbers?",
            apart=True,
        ),
    ),
)

MIN_MAX_SCALE = FunctionQuestion(
    id="ex44-min-max-scale",
    name="min_max_scale",
    points=Fraction(1, 4),
    reference=cnn_ref.min_max_scale,
    returns="array",
    tolerance=TINY_SPREAD,
    aspects=(
        Aspect(
            "columns",
            Fraction(3, 20),
            _columns,
            clue=(
                Clue(
                    "The smallest number of your columns is 0, the largest not 1: what do you divide by?",
                    shows=_just(_least, _span),
                ),
                Clue("Your columns span 1, but do not begin at 0: what do you subtract?", shows=_just(_span, _least)),
                Clue(
                    "Your columns go from 0 to 1, but what lies between is wrong.",
                    shows=lambda table: _least(table) and _span(table),
                ),
                "Print the smallest and the largest number of each column of your result.",
            ),
        ),
        Aspect(
            "constant columns",
            Fraction(1, 20),
            _constant,
            clue=(
                Clue("Other columns hold.", ("columns",)),
                "What becomes of a column whose numbers are all equal, and what would you divide by there?",
            ),
            apart=True,
        ),
        Aspect(
            "inputs unchanged",
            Fraction(1, 20),
            _unchanged,
            clue="Which line writes into the table you were given, or keeps its whole numbers?",
            apart=True,
        ),
    ),
)


def _two_features(rng: Generator) -> Iterator[Case]:
    # Two rows, or one column: what has its mean subtracted is singular, and comes out in many ways.
    yield Case("perpendicular features", (np.array([[3.0, 0.0], [0.0, 1.0]]),), edge=True)
    yield Case("as many rows as columns", (np.array([[1.0, 2.0], [5.0, 3.0]]),), edge=True)
    yield Case("the fruit table", (FRUIT.copy(),))
    yield Case("the fruit table in kilograms", (FRUIT / np.array([1000, 1]),), look_at="inputs")
    # Far from collinear: the eigenvalues of the product have to be as exact as the singular values.
    yield Case("two features", (rng.permutation(24).reshape(12, 2) * np.array([0.5, 3.0]),))


def _more_features(rng: Generator) -> Iterator[Case]:
    yield Case("one feature", (np.array([[2.0], [3.0]]),), edge=True)
    yield Case("three features", (rng.normal(size=(8, 3)) * np.array([1, 5, 20]) + 2,))
    yield Case("four features, in whole numbers", (rng.permutation(40).reshape(10, 4),), look_at="inputs")


CONDITION_NUMBER = FunctionQuestion(
    id="ex44-condition-number",
    name="condition_number",
    points=Fraction(1, 4),
    reference=cnn_ref.condition_number,
    returns="number",
    aspects=(
        Aspect(
            "two features",
            Fraction(3, 20),
            _two_features,
            clue=(
                "Write down the product of the transposed table and the table, its eigenvalues, their ratio.",
                Clue("Take the table [[3, 0], [0, 1]].", wrong_at=Case("", (np.array([[3.0, 0.0], [0.0, 1.0]]),))),
            ),
        ),
        Aspect(
            "other numbers of features",
            Fraction(1, 10),
            _more_features,
            clue=(
                Clue("Two features hold.", ("two features",)),
                "Which two of all the eigenvalues do you take, and in which order do they come?",
            ),
        ),
    ),
)

QUESTIONS = (STANDARDIZE, MIN_MAX_SCALE, CONDITION_NUMBER)
