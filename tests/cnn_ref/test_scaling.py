"""Feature scaling on the lecture's fruit table and on random tables."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import cnn_ref

FRUIT = np.array([[15, 1], [18, 3], [12, 2], [10, 5]])  # weight in g, price
tables = arrays(np.float64, st.tuples(st.integers(1, 8), st.integers(1, 4)), elements=st.floats(-1e3, 1e3, width=32))


def test_standardize_by_hand():
    """Two samples one standard deviation each side; the divisor is n."""
    np.testing.assert_array_equal(cnn_ref.standardize([[1.0, 7.0], [3.0, 7.0]]), [[-1, 0], [1, 0]])
    np.testing.assert_allclose(cnn_ref.standardize(FRUIT)[0, 0], 0.41, atol=0.005)


def test_min_max_scale_by_hand():
    """The smallest becomes 0, the largest 1, a constant 0."""
    np.testing.assert_array_equal(cnn_ref.min_max_scale([[10, 7], [12, 7], [18, 7]]), [[0, 0], [0.25, 0], [1, 0]])


def test_condition_number_of_the_fruit_table():
    """64.05 raw, 6.00 centred, 2.704 standardised, 145,165 with the weight in kg."""
    assert cnn_ref.condition_number(FRUIT) == pytest.approx(64.05, abs=0.005)
    assert cnn_ref.condition_number(FRUIT - FRUIT.mean(axis=0)) == pytest.approx(6.0)
    assert cnn_ref.condition_number(cnn_ref.standardize(FRUIT)) == pytest.approx(2.704, abs=0.0005)
    assert cnn_ref.condition_number(FRUIT * [1e-3, 1]) == pytest.approx(145_165, abs=0.5)


def test_the_stable_learning_rate_is_where_descent_turns():
    """Just below the limit fifty thousand steps shrink the weights, just above they grow."""
    for features, expected in ((FRUIT, 0.0098), (cnn_ref.standardize(FRUIT), 1.370)):
        limit = cnn_ref.largest_stable_learning_rate(features)
        assert limit == pytest.approx(expected, rel=0.005)
        for rate, grows in ((0.99 * limit, False), (1.01 * limit, True)):
            weights = np.ones(2)
            for _ in range(2_000):  # least squares with target 0
                weights -= rate * features.T @ (features @ weights) / len(features)
            assert (np.abs(weights).max() > 1) == grows


def test_columns_that_depend_on_each_other_have_no_condition():
    """A duplicated column, a zero column and fewer samples than columns make X'X singular."""
    assert cnn_ref.condition_number([[1, 2], [2, 4], [3, 6]]) == np.inf
    assert cnn_ref.condition_number(cnn_ref.standardize([[1, 7], [3, 7], [4, 7]])) == np.inf
    assert cnn_ref.condition_number([[1, 2, 3]]) == np.inf
    assert cnn_ref.largest_stable_learning_rate(np.zeros((3, 2))) == np.inf


@given(tables)
def test_scaled_columns_have_the_promised_statistics(table):
    """Mean 0 and deviation 1, or range 0 to 1; constant columns are exactly zero."""
    standard, ranged = cnn_ref.standardize(table), cnn_ref.min_max_scale(table)
    assert ranged.min() >= 0
    assert ranged.max() <= 1
    for column, scaled, unit in zip(table.T, standard.T, ranged.T, strict=True):
        if len(set(column)) == 1:
            assert not scaled.any()
            assert not unit.any()
        else:
            assert unit.min() == 0
            assert unit.max() == 1
            if np.ptp(column) > 1e-6 * np.abs(column).max():
                assert abs(sum(scaled)) < 1e-6 * len(column)
                assert sum(scaled**2) / len(column) == pytest.approx(1, rel=1e-6)


@given(arrays(np.float64, (6, 3), elements=st.floats(-10, 10, width=16)))
def test_condition_number_agrees_with_eigenvalues(table):
    """On well-conditioned tables the eigenvalues of X'X have the same ratio."""
    table = table + 25 * np.eye(6, 3)
    eigenvalues = np.linalg.eigvalsh(table.T @ table)
    assert cnn_ref.condition_number(table) == pytest.approx(eigenvalues[-1] / eigenvalues[0], rel=1e-6)


def test_a_large_constant_column_leaves_no_noise():
    """0.1 three times has a rounded mean that is not 0.1; the column is zero all the same."""
    assert not cnn_ref.standardize(np.full((3, 1), 0.1)).any()


def test_float32_stays_and_integers_become_float64():
    """The dtype of the result follows the input's precision; the input is left alone."""
    single = np.array([[1, 2], [3, 5]], dtype=np.float32)
    assert cnn_ref.standardize(single).dtype == np.float32
    assert cnn_ref.min_max_scale(single).dtype == np.float32
    assert cnn_ref.standardize(np.array([[1], [3]], dtype=np.uint8)).dtype == np.float64
    np.testing.assert_array_equal(cnn_ref.min_max_scale(np.array([[250], [5]], dtype=np.uint8)), [[1], [0]])
    np.testing.assert_array_equal(single, [[1, 2], [3, 5]])


@pytest.mark.parametrize(
    "function",
    [
        cnn_ref.standardize,
        cnn_ref.min_max_scale,
        cnn_ref.condition_number,
        cnn_ref.largest_stable_learning_rate,
    ],
)
def test_tables_that_are_none_are_refused(function):
    """Wrong rank, nothing in it, NaN, bools, strings and complex numbers are named in the error."""
    for bad in ([1, 2, 3], 5, np.ones((2, 2, 2)), np.ones((0, 3)), np.ones((3, 0))):
        with pytest.raises(ValueError, match="must have shape"):
            function(bad)
    for bad in ([[np.nan, 1]], [[np.inf, 1]]):
        with pytest.raises(ValueError, match="must be finite"):
            function(bad)
    for bad in ([[True, False]], [["a", "b"]], [[1j, 2]], [[None, 1]]):
        with pytest.raises(TypeError, match="must be real numbers"):
            function(bad)
