"""Exercise 39, constructed: layers with an odd size or many zeros, an image that needs its border; five claims."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

import cnn_ref
from grader_tests.claims_question import ClaimsQuestion
from grader_tests.construct_question import ConstructQuestion, Entry, Fault
from grader_tests.question import Generator
from student_kit.examples.constructed import CONSTRUCTED
from student_kit.plain import Array

SPOT = np.array([[0, 1, 0], [2, 9, 1], [0, 3, 0]])  # as in the notebook: its largest weight is the middle one
ENOUGH = Fraction(7, 10)


def _positions(size: int, kernel_size: int, stride: int, padding: int) -> list[int]:
    """Return where windows start, counted from the first real cell."""
    return list(range(-padding, size + padding - kernel_size + 1, stride))


def _keeping(size: int, kernel_size: int, stride: int) -> int | None:
    """Return the smallest padding with as many windows as cells, by trying, None where there is none."""
    tries = range(size * stride + kernel_size)
    return next((p for p in tries if len(_positions(size, kernel_size, stride, p)) == size), None)


def only_zeros(size: int, kernel_size: int, padding: int) -> Fraction:
    """Return the share of a square output at stride 2 whose windows meet no cell of the image."""
    starts = _positions(size, kernel_size, 2, padding)
    meeting = sum(start < size and start + kernel_size > 0 for start in starts)
    return 1 - Fraction(meeting, len(starts)) ** 2


def _no_same(read: Mapping[str, Array], rng: Generator) -> Fault | None:  # noqa: ARG001 (nothing is drawn)
    size, kernel_size = map(int, read["no_same"])
    padding = _keeping(size, kernel_size, 1)
    if padding is None:
        return None
    return Fault(f"With {padding} zeros per side this layer keeps the size.", "X39-construct-odd-filter")


def _wasteful(read: Mapping[str, Array], rng: Generator) -> Fault | None:  # noqa: ARG001 (nothing is drawn)
    size, kernel_size = map(int, read["wasteful"])
    padding = _keeping(size, kernel_size, 2)
    if padding is None:
        return Fault("No padding keeps the size of this layer at stride 2.")
    share = only_zeros(size, kernel_size, padding)
    if share > ENOUGH:
        return None
    mistake = "X39-construct-large-filter" if 2 * kernel_size > size else "X39-construct-small-image"
    return Fault(f"With {padding} zeros per side, {float(share):.1%} of the output see only zeros.", mistake)


def _border_image(read: Mapping[str, Array], rng: Generator) -> Fault | None:  # noqa: ARG001 (nothing is drawn)
    image = read["border_image"]
    if np.count_nonzero(image) != 1 or image.max() <= 0:
        count = np.count_nonzero(image > 0)
        return Fault(
            f"There should be one bright pixel and zeros; bright pixels here: {count}.", "X39-construct-many-pixels"
        )
    strongest = SPOT.max() * image.max()
    reached = [cnn_ref.conv2d(image[None, None], SPOT[None, None], padding=p).max() == strongest for p in (0, 1)]
    if reached == [False, True]:
        return None
    return Fault("The strongest response is there without padding too.", "X39-construct-inner-pixel")


_FORMS = CONSTRUCTED["ex39-stride-padding"]

STRIDE_PADDING = ConstructQuestion(
    id="ex39-stride-padding",
    name="layers",
    points=Fraction(3, 10),
    asked=(
        Entry("no_same", Fraction(1, 10), _FORMS["no_same"], _no_same, (8, 4)),
        Entry("wasteful", Fraction(1, 10), _FORMS["wasteful"], _wasteful, (100, 3)),
        Entry("border_image", Fraction(1, 10), _FORMS["border_image"], _border_image, np.eye(25)[2].reshape(5, 5)),
    ),
)

CLAIMS = ClaimsQuestion(
    id="ex39-claims",
    name="claims",
    points=Fraction(1, 5),
    pairs={"A": (True, "b"), "B": (False, "a"), "C": (False, "c"), "D": (False, "b"), "E": (True, "a")},
    speaks_for={
        "A": {"a": False, "b": True, "c": True},
        "B": {"a": False, "b": True, "c": True},
        "C": {"a": True, "b": False, "c": False},
        "D": {"a": True, "b": False, "c": False},
        "E": {"a": True, "b": True, "c": False},
    },
)

QUESTIONS = (STRIDE_PADDING, CLAIMS)
