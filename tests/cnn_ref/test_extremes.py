"""Numbers near the ends of the range of floats: results that fit are right, without a warning on the way."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnn_ref

SIZES = (1e-320, 1e-308, 1e-170, 1e-30, 1.0, 1e30, 1e160, 1.9e307)
FRUIT = np.array([[15.0, 1.0], [18.0, 3.0], [12.0, 2.0], [10.0, 5.0]])

columns = st.lists(st.integers(-9, 9), min_size=2, max_size=6).filter(lambda column: len(set(column)) > 1)


def exactly(values, eps=0.0):
    """Return (x - mean) / sqrt(var + eps) of floats, in decimal numbers with fifty digits and no end of exponents."""
    with localcontext() as context:
        context.prec, context.Emin, context.Emax = 50, -100_000, 100_000
        numbers = [Decimal(float(value)) for value in values]
        mean = sum(numbers) / len(numbers)
        variance = sum((number - mean) ** 2 for number in numbers) / len(numbers)
        return [float((number - mean) / (variance + Decimal(eps)).sqrt()) for number in numbers]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ([1e160, -1e160, 0], [1.5**0.5, -(1.5**0.5), 0]),
        ([1e-170, 2e-170, 3e-170], [-(1.5**0.5), 0, 1.5**0.5]),
        ([1.7e308, -1.7e308, 0], [1.5**0.5, -(1.5**0.5), 0]),
        ([1e16, 1e16 + 2, 1e16 + 4], [-(1.5**0.5), 0, 1.5**0.5]),
        ([5e-324, 0], [1, -1]),
        ([1e308, 1e308], [0, 0]),
    ],
)
def test_standardize_by_hand(column, expected):
    """Three equally spaced values are one and a half root-two apart from their mean, whatever their size and place."""
    np.testing.assert_allclose(cnn_ref.standardize(np.c_[column])[:, 0], expected, rtol=1e-12, atol=1e-12)


@given(st.sampled_from(SIZES), columns)
def test_standardize_agrees_with_decimal_numbers(size, column):
    """Columns of every size have the same digits as in decimal arithmetic without end."""
    table = np.c_[column] * size
    np.testing.assert_allclose(cnn_ref.standardize(table)[:, 0], exactly(table[:, 0]), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ([1e308, -1e308, 0], [1, 0, 0.5]),
        ([1.7e308, 1.7e308, -1.7e308], [1, 1, 0]),
        ([5e-324, 0, 1e-323], [0.5, 0, 1]),
        ([-1e308, -1e308], [0, 0]),
    ],
)
def test_min_max_scale_by_hand(column, expected):
    """The span of a column may be larger than any float."""
    np.testing.assert_allclose(cnn_ref.min_max_scale(np.c_[column])[:, 0], expected, rtol=1e-15)


def test_single_precision_has_ends_of_its_own():
    """The same holds for float32, whose squares leave its range at 2e19."""
    large = np.array([[1e30], [-1e30], [0]], np.float32)
    for found, expected in (
        (cnn_ref.standardize(large), [1.5**0.5, -(1.5**0.5), 0]),
        (cnn_ref.min_max_scale(large * np.float32(1e8)), [1, 0, 0.5]),
        (cnn_ref.batch_norm_train(large).output, [1.5**0.5, -(1.5**0.5), 0]),
    ):
        assert found.dtype == np.float32
        np.testing.assert_allclose(found[:, 0], expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("size", SIZES)
def test_a_unit_changes_no_condition_number(size):
    """Multiplying a whole table by any number leaves the shape of the bowl as it is."""
    if size > 1e-320:  # two digits are left there
        assert cnn_ref.condition_number(FRUIT * min(size, 9e306)) == pytest.approx(
            cnn_ref.condition_number(FRUIT), rel=1e-6
        )


def test_the_learning_rate_grows_with_the_inverse_square_of_the_unit():
    """In units a thousand to the k-th larger it is a million to the k-th smaller, down to 0 and up to infinity."""
    usual = cnn_ref.largest_stable_learning_rate(FRUIT)
    for power in (-150, -60, 3, 60, 150):
        found = cnn_ref.largest_stable_learning_rate(FRUIT * 10.0**power)
        assert found == pytest.approx(usual * 10.0 ** (-2 * power), rel=1e-9)
    assert cnn_ref.largest_stable_learning_rate(FRUIT * 1e-170) == np.inf
    assert cnn_ref.largest_stable_learning_rate(FRUIT * 1e200) == 0


@given(st.sampled_from(SIZES), st.sampled_from([1e-300, 1e-5, 1e10]), columns)
def test_batch_norm_agrees_with_decimal_numbers(size, eps, column):
    """A channel of values of any size is normalised as decimal arithmetic without end does it."""
    batch = np.c_[column] * size
    found = cnn_ref.batch_norm_train(batch, eps=eps)
    expected = exactly(batch[:, 0], eps)
    np.testing.assert_allclose(found.output[:, 0], expected, rtol=1e-9, atol=1e-12)


def test_running_statistics_are_infinite_only_where_they_are():
    """A variance that no float holds is infinite; with no share in the running one it does not count."""
    batch = [[1e160], [-1e160]]
    assert cnn_ref.batch_norm_train(batch).running_var == np.inf
    assert cnn_ref.batch_norm_train(batch, momentum=0.0).running_var == 1
    assert cnn_ref.batch_norm_train(batch, running_var=[np.inf], momentum=1.0).running_var == np.inf
    kept = cnn_ref.batch_norm_train([[1.7e308], [1.5e308]], momentum=1.0)
    assert kept.running_mean == pytest.approx([1.6e308])


def test_a_constant_channel_is_zero_at_any_size():
    """A rounded mean of a large constant leaves no noise."""
    for value in (0.1, 1e200, 1.7e308, 5e-324):
        assert not cnn_ref.batch_norm_train(np.full((3, 1), value), eps=1e-300).output.any()


@pytest.mark.parametrize("size", [1e-150, 1e150])
def test_batch_norm_gradients_scale_with_the_unit(size):
    """In other units the gradient of the input is that much larger or smaller, the gradient of the weight the same."""
    batch, grad = np.array([[1.0], [4.0], [2.0]]), np.array([[1.0], [0.5], [-2.0]])
    usual = cnn_ref.batch_norm_train_backward(grad, batch, eps=1e-12)
    found = cnn_ref.batch_norm_train_backward(grad, batch * size, eps=1e-12 * size * size if size < 1 else 1e-12)
    np.testing.assert_allclose(found[0] * size, usual[0], rtol=1e-6)
    np.testing.assert_allclose(found[1], usual[1], rtol=1e-6)


def test_gradients_of_batch_norm_may_be_large_themselves():
    """The mean of gradients near the largest float is one of them: what all share is taken away."""
    grad_input, _, grad_bias = cnn_ref.batch_norm_train_backward(np.full((4, 1), 1e308), [[1.0], [2.0], [3.0], [4.0]])
    np.testing.assert_allclose(grad_input / 1e308, 0, atol=1e-12)
    assert grad_bias == np.inf


@pytest.mark.parametrize("size", SIZES)
def test_means_of_windows_stay_between_their_values(size):
    """The mean of equal values is that value, though their sum has no float; other windows do not notice."""
    images = np.array([[[[size, size, 3.0, 5.0]]]])
    np.testing.assert_allclose(cnn_ref.avg_pool2d(images, (1, 2)), [[[[size, 4.0]]]], rtol=1e-15)
    np.testing.assert_allclose(cnn_ref.global_avg_pool2d(np.full((1, 1, 5, 5), size)), [[[[size]]]], rtol=1e-15)


def test_infinity_and_nan_pass_through_means_beside_large_values():
    """What is not finite stays what it is where a sum of its neighbours overflows."""
    found = cnn_ref.avg_pool2d([[[[1e308, 1e308, np.inf, 1.0, np.nan, 1.0]]]], (1, 2))
    np.testing.assert_array_equal(found, [[[[1e308, np.inf, np.nan]]]])


@pytest.mark.parametrize("size", SIZES[1:-1])
def test_norms_of_windows_hold_at_any_size(size):
    """3, 4 and 5 are a right triangle in every unit; its gradient has no unit."""
    images = np.array([[[[3 * size, -4 * size, 6.0, 8.0]]]])
    np.testing.assert_allclose(cnn_ref.lp_pool2d(images, 2, (1, 2)), [[[[5 * size, 10.0]]]], rtol=1e-14)
    gradient = cnn_ref.lp_pool2d_backward([[[[1.0, 1.0]]]], images, 2, (1, 2))
    np.testing.assert_allclose(gradient, [[[[0.6, -0.8, 0.6, 0.8]]]], rtol=1e-14)


def test_a_high_order_does_not_silence_small_windows():
    """A window of small values beside one of large ones keeps its norm, however steep the power; zeros stay zero."""
    images = [[[[1e-20, 1e-20, 1e20, 1e20, 0.0, 0.0, np.inf, 1.0]]]]
    found = cnn_ref.lp_pool2d(images, 50, (1, 2))[0, 0, 0]
    np.testing.assert_allclose(found[:3], [2**0.02 * 1e-20, 2**0.02 * 1e20, 0], rtol=1e-12)
    assert found[3] == np.inf
    gradient = cnn_ref.lp_pool2d_backward(np.ones((1, 1, 1, 4)), images, 50, (1, 2))[0, 0, 0]
    np.testing.assert_allclose(gradient[:6], [2**-0.98] * 4 + [0, 0], rtol=1e-12)


def test_overlapping_windows_add_their_gradients_at_any_size():
    """The way for extreme values gives what the usual way gives for usual ones."""
    images = np.random.default_rng(3).normal(size=(2, 3, 6, 7))
    settings = {"norm_type": 3, "kernel_size": (3, 2), "stride": 2, "padding": 1, "ceil_mode": False}
    grad = np.random.default_rng(4).normal(size=cnn_ref.lp_pool2d(images, **settings).shape)
    for size in (2.0**-600, 2.0**600):
        np.testing.assert_allclose(
            cnn_ref.lp_pool2d(images * size, **settings) / size, cnn_ref.lp_pool2d(images, **settings), rtol=1e-12
        )
        np.testing.assert_allclose(
            cnn_ref.lp_pool2d_backward(grad, images * size, **settings),
            cnn_ref.lp_pool2d_backward(grad, images, **settings),
            rtol=1e-9,
            atol=1e-12,
        )


def test_softmax_of_the_largest_scores():
    """The difference of two scores may be larger than any float."""
    np.testing.assert_array_equal(cnn_ref.softmax([1.7e308, -1.7e308]), [1, 0])
