"""Exercise 40, constructed: links of three layers, gradients of shared weights, a line that moves along, six tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import numpy as np

from grader_tests.claims_question import ClaimsQuestion
from grader_tests.construct_question import ConstructQuestion, Entry, Fault
from grader_tests.function_question import Aspect, Case, Clue, FunctionQuestion
from grader_tests.question import Generator
from student_kit.examples.constructed import CONSTRUCTED
from student_kit.plain import Array

SHARED = np.array([1, 2])  # as in the notebook
UNSHARED = np.array([[1, 2], [1, 2], [1, 0], [3, 2], [0, 1]])


def links(n: int, k: int, kind: str) -> Array:
    """Return the numbers of the weights between `n` inputs and n - k + 1 units, 0 where there is no link."""
    units = n - k + 1
    matrix = np.zeros((units, n), dtype=np.int64)
    if kind == "dense":
        matrix[:] = np.arange(1, units * n + 1).reshape(units, n)
        return matrix
    for unit in range(units):
        first = 1 if kind == "conv" else 1 + unit * k
        matrix[unit, unit : unit + k] = np.arange(first, first + k)
    return matrix


def filter_gradient(x: Array, grad_output: Array, shared: bool) -> Array:
    """Return the gradient of each unit's own weights, (units, k), or of the weights they share, (k,)."""
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(x), len(x) - len(grad_output) + 1)
    own = np.asarray(grad_output)[:, None] * windows
    total: Array = own.sum(axis=0)
    return total if shared else own


def _links_of(kind: str, *fixed: tuple[int, int]) -> Callable[[Generator], Iterator[Case]]:
    def cases(rng: Generator) -> Iterator[Case]:
        for n, k in fixed:
            yield Case(f'"{kind}", {n} inputs and a filter of {k}', (n, k, kind))
        n = int(rng.integers(8, 13))
        yield Case(f'"{kind}" and more inputs', (n, int(rng.integers(3, n - 2)), kind))

    return cases


LINKS = FunctionQuestion(
    id="ex40-local-connection",
    name="links",
    points=Fraction(1, 2),
    reference=links,
    returns="array",
    aspects=(
        Aspect(
            "convolutional",
            Fraction(1, 5),
            _links_of("conv", (6, 3), (4, 1), (5, 4)),
            clue="Write down row by row which inputs a unit reads, and with which weight of the filter.",
        ),
        Aspect(
            "locally connected",
            Fraction(1, 5),
            _links_of("local", (6, 3), (4, 1), (5, 4)),
            clue=(
                Clue("The others hold.", ("convolutional", "dense")),
                "Number the links of a small layer by hand: which number comes after the last one of the first row?",
            ),
        ),
        Aspect(
            "dense",
            Fraction(1, 10),
            _links_of("dense", (6, 3), (4, 1)),
            clue=(
                Clue("The others hold.", ("convolutional", "locally connected")),
                "Which inputs does a unit of a dense layer read, and who else uses its weights?",
            ),
        ),
    ),
)


def _lines(what: str, shared: bool) -> Callable[[Generator], Iterator[Case]]:
    def cases(rng: Generator) -> Iterator[Case]:
        yield Case(what, (np.array([2.0, 3.0, 5.0]), np.array([1.0, 10.0]), shared))
        yield Case(f"{what} and a filter of one weight", (np.array([2.0, 7.0]), np.array([3.0, 5.0]), shared))
        fractions, whole = np.array([0.5, 1.75, -2.25, 4.5]), np.array([3, 1, -2, 5])
        yield Case(f"{what} and fractions", (fractions, np.array([1.5, -0.25, 2.0]), shared), look_at="inputs")
        yield Case(f"{what} on a line of whole numbers", (whole, fractions[:2], shared))
        yield Case(f"{what} and a gradient of whole numbers", (fractions, whole[:2], shared))
        units, k = int(rng.integers(3, 7)), int(rng.integers(2, 5))
        x, grad = rng.permutation(np.arange(1.0, units + k)), rng.permutation(np.arange(1.0, 2 * units, 2))
        yield Case(f"{what} on a longer line", (x, grad, shared))

    return cases


GRADIENT = FunctionQuestion(
    id="ex40-sharing",
    name="filter_gradient",
    points=Fraction(3, 8),
    reference=filter_gradient,
    returns="array",
    aspects=(
        Aspect(
            "own weights",
            Fraction(3, 20),
            _lines("weights of their own", shared=False),
            clue=(
                Clue("Shared weights hold.", ("shared weights",)),
                "Row i belongs to unit i: which inputs did it read, and what is its gradient?",
            ),
        ),
        Aspect(
            "shared weights",
            Fraction(9, 40),
            _lines("shared weights", shared=True),
            clue=(
                Clue("Own weights hold.", ("own weights",)),
                "All units use the same weight: how does the loss change when it grows by a little?",
            ),
        ),
    ),
)


def _respond(line: Array, weights: Array) -> Array:
    """Return what units with weights of their own answer, one window after the other."""
    return np.array([float(np.dot(row, line[place : place + 2])) for place, row in enumerate(weights)])


def _moves_along(line: Array, weights: Array) -> bool:
    """Return whether a step of the line to the right makes the response take the same step."""
    before, after = (_respond(cells, weights) for cells in (line, _step(line)))
    return bool(np.allclose(after, _step(before)))


def _step(line: Array) -> Array:
    return np.concatenate([[0.0], line[:-1]])


def _moving_line(read: Mapping[str, Array], rng: Generator) -> Fault | None:  # noqa: ARG001 (nothing is drawn)
    line = read["line"]
    if not line.any():
        return Fault("Nothing but zeros: there is nothing that could move.", "X40-shift-zeros")
    if line[0] or line[-1]:
        return Fault("The first and the last cell must be 0, so that nothing crosses the ends.", "X40-shift-border")
    if not _moves_along(line, np.tile(SHARED, (5, 1))):
        return Fault("The response of the convolution does not move along.")
    if _moves_along(line, UNSHARED):
        return Fault("The response of the unshared layer moves along too.", "X40-shift-equal-weights")
    return None


SHIFT = ConstructQuestion(
    id="ex40-shift",
    name="moving",
    points=Fraction(3, 16),
    asked=(Entry("line", Fraction(3, 16), CONSTRUCTED["ex40-shift"]["line"], _moving_line, (0, 0, 0, 1, 0, 0)),),
)

_REASONS = {"a": True, "b": False, "c": True, "d": False}
SHARE, OWN = (True, "a"), (False, "b")

TASKS = ClaimsQuestion(
    id="ex40-tasks",
    name="tasks",
    points=Fraction(3, 8),
    pairs={"A": SHARE, "B": OWN, "C": SHARE, "D": OWN, "E": SHARE, "F": OWN},
    speaks_for=dict.fromkeys("ABCDEF", _REASONS),
)

QUESTIONS = (LINKS, GRADIENT, SHIFT, TASKS)
