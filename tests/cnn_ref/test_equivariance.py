"""Convolution moves with its input, and where that stops: at the border, with a stride, without sharing, in pooling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from cnn_ref import conv1d, conv2d, locally_connected2d, max_pool2d
from tests.cnn_ref.strategies import whole_floats

shifts = st.tuples(st.integers(-3, 3), st.integers(-3, 3))


def shifted(image: np.ndarray, down: int, right: int) -> np.ndarray:
    """Move the content of the last two axes; what leaves is lost, what enters is 0."""
    result = np.zeros_like(image)
    height, width = image.shape[-2:]
    to = (slice(max(down, 0), height + min(down, 0)), slice(max(right, 0), width + min(right, 0)))
    source = (slice(max(-down, 0), height + min(-down, 0)), slice(max(-right, 0), width + min(-right, 0)))
    result[(..., *to)] = image[(..., *source)]
    return result


@st.composite
def framed_images(draw: st.DrawFn) -> np.ndarray:
    """Draw an image whose content keeps five cells of distance from the border, so that no shift by three loses any."""
    image = np.zeros((1, 2, 14, 15))
    image[:, :, 5:-5, 5:-5] = draw(whole_floats((1, 2, 4, 5)))
    return image


@given(image=framed_images(), weight=whole_floats((3, 2, 3, 3)), shift=shifts)
def test_shifting_then_convolving_is_convolving_then_shifting(
    image: np.ndarray, weight: np.ndarray, shift: tuple[int, int]
) -> None:
    """f(g(x)) = g(f(x)) for stride 1 while nothing meets the border."""
    moved_first = conv2d(shifted(image, *shift), weight, padding=1)
    assert_array_equal(moved_first, shifted(conv2d(image, weight, padding=1), *shift))


@given(image=whole_floats((1, 2, 8, 9)), weight=whole_floats((3, 2, 3, 3)), shift=shifts)
def test_circular_shifts_commute_when_the_border_wraps_around(
    image: np.ndarray, weight: np.ndarray, shift: tuple[int, int]
) -> None:
    """Zero padding is what breaks it at the border: with cells from the other side every shift commutes."""

    def on_a_torus(x: np.ndarray) -> np.ndarray:
        return conv2d(np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="wrap"), weight)

    moved_first = on_a_torus(np.roll(image, shift, axis=(2, 3)))
    assert_array_equal(moved_first, np.roll(on_a_torus(image), shift, axis=(2, 3)))


def test_zero_padding_breaks_it_at_the_border() -> None:
    """A dot that leaves through the border takes part of its response with it, but only after the shift."""
    dot = np.array([[[0.0, 0.0, 0.0, 1.0]]])
    response = conv1d(dot, [[[1.0, 2.0, 3.0]]], padding=1)
    assert_array_equal(response, [[[0, 0, 3, 2]]])
    moved_first = conv1d([[[0.0, 0.0, 0.0, 0.0]]], [[[1.0, 2.0, 3.0]]], padding=1)
    moved_afterwards = shifted(response, 0, 1)
    assert_array_equal(moved_first, [[[0, 0, 0, 0]]])
    assert_array_equal(moved_afterwards, [[[0, 0, 0, 3]]])


@given(image=framed_images(), weight=whole_floats((1, 2, 3, 3)), half=st.tuples(st.integers(-1, 1), st.integers(-1, 1)))
def test_stride_two_commutes_with_even_shifts(image: np.ndarray, weight: np.ndarray, half: tuple[int, int]) -> None:
    """Moving the input by 2 moves the stride-2 output by 1."""
    moved_first = conv2d(shifted(image, 2 * half[0], 2 * half[1]), weight, stride=2, padding=1)
    assert_array_equal(moved_first, shifted(conv2d(image, weight, stride=2, padding=1), *half))


def test_stride_two_does_not_commute_with_odd_shifts() -> None:
    """Moving a dot by 1 changes the stride-2 output by no shift at all: other taps meet it."""
    taps = [[[1.0, 2.0, 3.0]]]
    at_four = conv1d([[[0, 0, 0, 0, 1.0, 0, 0, 0, 0]]], taps, stride=2, padding=1)
    at_five = conv1d([[[0, 0, 0, 0, 0, 1.0, 0, 0, 0]]], taps, stride=2, padding=1)
    assert_array_equal(at_four, [[[0, 0, 2, 0, 0]]])
    assert_array_equal(at_five, [[[0, 0, 3, 1, 0]]])


def test_convolution_is_not_invariant() -> None:
    """The response to a moved dot is another array: equivariance is not invariance."""
    kernel = np.arange(9.0).reshape(1, 1, 3, 3)
    dot = np.zeros((1, 1, 9, 9))
    dot[0, 0, 4, 4] = 1
    here, there = conv2d(dot, kernel), conv2d(shifted(dot, 0, 1), kernel)
    assert not np.array_equal(here, there)
    assert here.sum() == there.sum()


def test_own_weights_at_each_position_do_not_commute() -> None:
    """Without sharing a moved input meets other weights."""
    weight = np.arange(6.0).reshape(1, 6, 1, 1, 1, 1)
    dot = np.array([[[[0, 1.0, 0, 0, 0, 0]]]])
    moved_first = locally_connected2d(shifted(dot, 0, 1), weight)
    assert_array_equal(moved_first.ravel(), [0, 0, 2, 0, 0, 0])
    assert_array_equal(shifted(locally_connected2d(dot, weight), 0, 1).ravel(), [0, 0, 1, 0, 0, 0])


@pytest.mark.parametrize(("start", "invariant"), [(0, True), (1, False)])
def test_pooling_ignores_only_shifts_inside_a_window(start: int, invariant: bool) -> None:
    """[9,0,0,0,0,0] pools to [9,0,0] and so does the 9 one cell further; from there the next cell is another window."""
    row = np.zeros((1, 1, 1, 6))
    row[..., start] = 9
    before, after = max_pool2d(row, (1, 2)), max_pool2d(shifted(row, 0, 1), (1, 2))
    assert np.array_equal(before, after) is invariant


def test_the_filter_moves_to_where_the_dot_is() -> None:
    """A dot prints the turned filter around itself, wherever it is."""
    kernel = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    for row in range(1, 6):
        for column in range(1, 7):
            dot = np.zeros((1, 1, 7, 8))
            dot[0, 0, row, column] = 1
            expected = np.zeros((7, 8))
            expected[row - 1 : row + 2, column - 1 : column + 2] = kernel[0, 0, ::-1, ::-1]
            assert_array_equal(conv2d(dot, kernel, padding=1)[0, 0], expected)
