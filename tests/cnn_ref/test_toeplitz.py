"""conv_matrix: the band by hand, and the convolution as a matrix product."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from scipy.linalg import toeplitz

from cnn_ref import conv1d, conv2d, conv_matrix, conv_transpose2d
from tests.cnn_ref.strategies import ConvCase, conv_cases, whole_floats


def test_three_taps_on_five_cells() -> None:
    """Same padding makes the quiz's 5x5 banded matrix: three letters, thirteen connections."""
    matrix = conv_matrix([1, 2, 3], 5, padding="same")
    expected = [[2, 3, 0, 0, 0], [1, 2, 3, 0, 0], [0, 1, 2, 3, 0], [0, 0, 1, 2, 3], [0, 0, 0, 1, 2]]
    assert_array_equal(matrix, expected)
    assert np.count_nonzero(matrix) == 13


def test_dumoulin_and_visin_print_this_matrix() -> None:
    """A 3x3 kernel on a 4x4 image is the guide's 4x16 matrix (section 4.1)."""
    kernel = np.arange(1, 10).reshape(3, 3)
    first = [1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0]
    rows = [np.roll(first, shift) for shift in (0, 1, 4, 5)]
    assert_array_equal(conv_matrix(kernel, (4, 4)), rows)


def test_stride_shifts_by_more_than_one() -> None:
    """Stride 2 keeps every second row of the plain matrix."""
    assert_array_equal(conv_matrix([1, 2, 3], 7, stride=2), conv_matrix([1, 2, 3], 7)[::2])


@given(data=st.data())
def test_one_sequence_is_scipys_toeplitz_matrix(data: st.DataObject) -> None:
    """Full padding of one sequence: constant diagonals, built by scipy from first column and row."""
    taps = data.draw(whole_floats((data.draw(st.integers(1, 5)),)))
    cells = data.draw(st.integers(1, 7))
    column = np.zeros(cells + len(taps) - 1)
    column[: len(taps)] = taps[::-1]
    row = np.zeros(cells)
    row[0] = taps[-1]
    assert_array_equal(conv_matrix(taps, cells, padding="full"), toeplitz(column, row))


@given(case=conv_cases(smallest_batch=1))
def test_product_with_the_matrix_is_the_convolution(case: ConvCase) -> None:
    """M @ x is conv2d of x, for every stride, padding, dilation and group."""
    matrix = conv_matrix(case.weight, case.image.shape[1:], **case.settings)
    output = conv2d(case.image, case.weight, **case.settings)
    for image, expected in zip(case.image, output, strict=True):
        assert_array_equal(matrix @ image.ravel(), expected.ravel())


@given(data=st.data())
def test_product_in_one_dimension(data: st.DataObject) -> None:
    """The same for sequences with channels."""
    weight, image = data.draw(whole_floats((2, 3, 2))), data.draw(whole_floats((3, 6)))
    matrix = conv_matrix(weight, (3, 6), stride=2, padding=(1, 2), dilation=2)
    expected = conv1d(image[np.newaxis], weight, stride=2, padding=(1, 2), dilation=2)
    assert_array_equal(matrix @ image.ravel(), expected.ravel())


@given(data=st.data())
def test_transposed_matrix_is_the_transposed_convolution(data: st.DataObject) -> None:
    """M.T @ y is conv_transpose2d of y: the name is meant literally."""
    weight, upper = data.draw(whole_floats((2, 3, 3, 2))), data.draw(whole_floats((2, 2, 3)))
    matrix = conv_matrix(weight, (3, 5, 6), stride=2)
    assert_array_equal(matrix.T @ upper.ravel(), conv_transpose2d(upper[np.newaxis], weight, stride=2).ravel())


def test_keeps_the_dtype() -> None:
    """The matrix has the dtype of the weight."""
    assert conv_matrix(np.ones(2, dtype=np.float32), 3).dtype == np.float32
