"""Exercise 43, constructed: a shift that pooling absorbs, one that it does not, what it loses, and sizes that agree."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

import cnn_ref
from grader_tests.construct_question import ConstructQuestion, Entry, Fault
from grader_tests.question import Generator
from student_kit.examples.constructed import CONSTRUCTED
from student_kit.plain import Array

WINDOW = 2


def pooled(plane: Array) -> Array:
    """Return a map after max pooling with windows of 2 x 2."""
    result: Array = cnn_ref.max_pool2d(plane[None, None], WINDOW)[0, 0]
    return result


def _shifted(plane: Array) -> Array:
    """Return a map one cell to the right, with zeros coming in."""
    return np.pad(plane, ((0, 0), (1, 0)))[:, :-1]


def _poor(maps: Array) -> Fault | None:
    """Return why no pooling can be seen on these maps, None where it can."""
    if min(maps.shape[1:]) < WINDOW:
        return Fault("A window of 2 × 2 does not fit into these maps.")
    if len(np.unique(maps[0])) < 3:
        return Fault("The first map has fewer than three different values.", "X43-example-constant")
    return None


def _pair_of_shift(maps: Array) -> Fault | None:
    poor = _poor(maps)
    if poor is not None:
        return poor
    one, two = maps
    if np.array_equal(two, _shifted(one)):
        return None
    if np.array_equal(two, np.roll(one, 1, axis=1)):
        return Fault("The last column of the first map comes in again at the left.", "X43-example-rolled")
    return Fault("The second map is not the first one, moved by one cell to the right.", "X43-example-other-shift")


def _absorbed(read: Mapping[str, Array], rng: Generator) -> Fault | None:  # noqa: ARG001 (nothing is drawn)
    maps = read["absorbed"]
    fault = _pair_of_shift(maps)
    if fault is None and not np.array_equal(pooled(maps[0]), pooled(maps[1])):
        return Fault("The pooled maps differ.", "X43-example-over-a-border")
    return fault


def _moved(read: Mapping[str, Array], rng: Generator) -> Fault | None:  # noqa: ARG001 (nothing is drawn)
    maps = read["moved"]
    fault = _pair_of_shift(maps)
    if fault is None and np.array_equal(pooled(maps[0]), pooled(maps[1])):
        return Fault("The pooled maps are equal.", "X43-example-inside-a-window")
    return fault


def _lost(read: Mapping[str, Array], rng: Generator) -> Fault | None:  # noqa: ARG001 (nothing is drawn)
    maps = read["lost"]
    poor = _poor(maps)
    if poor is not None:
        return poor
    if np.array_equal(maps[0], maps[1]):
        return Fault("The two maps are equal.", "X43-lost-equal")
    if np.array_equal(np.sort(maps[0], axis=None), np.sort(maps[1], axis=None)):
        return Fault("Both maps hold the same numbers in other places.", "X43-lost-only-places")
    if not np.array_equal(pooled(maps[0]), pooled(maps[1])):
        return Fault("The pooled maps differ.", "X43-lost-largest-changed")
    return None


def _pipeline(read: Mapping[str, Array], rng: Generator) -> Fault | None:  # noqa: ARG001 (nothing is drawn)
    size, kernel_size, between, after = map(int, read["pipeline"])
    if not 2 <= kernel_size <= size:
        return Fault("The filter should have at least 2 cells and fit into the image.")
    right = len(range(size - kernel_size + 1))
    if between == size and right != size:
        return Fault("Without padding the map is not as large as the image.", "X43-pipeline-size-kept")
    if between != right:
        mistake = "X43-pipeline-one-missing" if between == right - 1 else ""
        return Fault("Image, filter and map do not agree.", mistake)
    if between % WINDOW == 0 or between < 3:
        return Fault("With this map pooling leaves nothing out.", "X43-pipeline-no-rest")
    if after == between // WINDOW + 1:
        return Fault("The pooled map is too large.", "X43-pipeline-rounded-up")
    return None if after == between // WINDOW else Fault("The pooled map does not agree with the map.")


_FORMS = CONSTRUCTED["ex43-example"]
_INSIDE, _ACROSS = np.array([[1, 0, 2, 0], [0, 0, 0, 0]]), np.array([[0, 1, 0, 2], [0, 0, 0, 0]])

EXAMPLE = ConstructQuestion(
    id="ex43-example",
    name="pooling",
    points=Fraction(1, 4),
    asked=(
        Entry("absorbed", Fraction(3, 40), _FORMS["absorbed"], _absorbed, np.array([_INSIDE, _shifted(_INSIDE)])),
        Entry("moved", Fraction(1, 20), _FORMS["moved"], _moved, np.array([_ACROSS, _shifted(_ACROSS)])),
        Entry("lost", Fraction(1, 20), _FORMS["lost"], _lost, np.array([[[5, 1], [2, 0]], [[5, 3], [0, 4]]])),
        Entry("pipeline", Fraction(3, 40), _FORMS["pipeline"], _pipeline, (10, 4, 7, 3)),
    ),
)

QUESTIONS = (EXAMPLE,)
