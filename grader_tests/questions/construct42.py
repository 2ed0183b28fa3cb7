"""Exercise 42, constructed: a 1 x 1 convolution of two tasks, how thin a detour must be, what 1 x 1 cannot see."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

import cnn_ref
from grader_tests.construct_question import ConstructQuestion, Entry, Fault
from grader_tests.question import Generator
from student_kit.examples.constructed import CONSTRUCTED
from student_kit.plain import Array

LAYER = (28, 28, 96, 5, 256)  # as in the notebook's picture
STROKE = np.array([[-1, -1, -1], [2, 2, 2], [-1, -1, -1]])  # as in the notebook
ROUNDED = 0.01  # a third may be written as 0.33 or 0.34
MIX = np.array([[1 / 3, 1 / 3, 1 / 3], [1, -1, 0]])


def largest_reduced() -> int:
    """Return the most channels between the two layers with which the detour is cheaper, by trying."""
    direct = cnn_ref.conv_multiplications(*LAYER)
    tries = range(1, LAYER[-1] + 1)
    return max(channels for channels in tries if cnn_ref.bottleneck_multiplications(*LAYER, channels) < direct)


def _mix(read: Mapping[str, Array], rng: Generator) -> Fault | None:  # noqa: ARG001 (nothing is drawn)
    weight = read["mix"]
    pure = np.eye(3)[:, :, None, None]  # a red, a green and a blue pixel; others are sums of these
    gray, difference = cnn_ref.conv1x1(pure, weight)[:, :, 0, 0].T
    held = [_near(gray, MIX[0]), _near(difference, MIX[1], 1e-6)]
    if all(held):
        return None
    if _near(gray, MIX[1]) and _near(difference, MIX[0]):
        return Fault("The two output channels are exchanged.", "X42-mix-order")
    if _near(gray, 3 * MIX[0]):
        return Fault("The first channel is three times the mean.", "X42-mix-sum")
    if _near(weight, MIX.T.reshape(2, 3)):
        return Fault("Read row by row these are the right numbers, but for the other order.", "X42-mix-transposed")
    said = " and ".join(name for name, holds in zip(("the mean", "red minus green"), held, strict=True) if not holds)
    return Fault(f"On a red, a green and a blue pixel this does not give {said}.")


def _near(weights: Array, right: Array, tolerance: float = ROUNDED) -> bool:
    return bool(np.abs(weights - right).max() < tolerance)


def _largest_reduced(read: Mapping[str, Array], rng: Generator) -> Fault | None:  # noqa: ARG001 (nothing is drawn)
    channels, right = int(read["largest_reduced"]), largest_reduced()
    if channels == right:
        return None
    if channels == LAYER[-1] - 1:
        return Fault("With this many the detour costs more than the direct way.", "X42-reduced-c-minus-one")
    if channels > right:
        mistake = "X42-reduced-one-too-many" if channels == right + 1 else ""
        return Fault("With this many the detour does not save anything.", mistake)
    return Fault("With one more the detour still saves multiplications.", "X42-reduced-too-few")


def _pair(read: Mapping[str, Array], rng: Generator) -> Fault | None:  # noqa: ARG001 (nothing is drawn)
    one, two = read["pair"]
    if not np.array_equal(np.sort(one, axis=None), np.sort(two, axis=None)):
        return Fault("The two images do not have the same pixels.", "X42-pair-other-pixels")
    if np.array_equal(one, two):
        return Fault("The two images are equal.", "X42-pair-equal")
    largest = [cnn_ref.conv2d(image[None, None], STROKE[None, None]).max() for image in (one, two)]
    if np.isclose(largest[0], largest[1], rtol=1e-9, atol=1e-9):
        return Fault("The largest response of the 3 × 3 filter is the same for both.", "X42-pair-not-told-apart")
    return None


_FORMS = CONSTRUCTED["ex42-role"]
_ROW, _COLUMN = np.eye(5)[[2]].T @ np.ones((1, 5)), np.ones((5, 1)) @ np.eye(5)[[2]]

ROLE = ConstructQuestion(
    id="ex42-role",
    name="role",
    points=Fraction(1, 4),
    asked=(
        Entry("mix", Fraction(1, 10), _FORMS["mix"], _mix, MIX),
        Entry("largest_reduced", Fraction(1, 20), _FORMS["largest_reduced"], _largest_reduced, largest_reduced()),
        Entry("pair", Fraction(1, 10), _FORMS["pair"], _pair, np.array([_ROW, _COLUMN])),
    ),
)

QUESTIONS = (ROLE,)
