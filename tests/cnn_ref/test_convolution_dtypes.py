"""What goes in and what comes out: dtypes, exact integers, NaN, empty batches."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from cnn_ref import (
    conv1x1,
    conv2d,
    conv2d_backward,
    conv_transpose2d,
    conv_transpose2d_backward,
    locally_connected2d,
    locally_connected2d_backward,
)

INTEGERS = [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64]
BIG = 2**53 + 1  # the first whole number that float64 cannot hold


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize(("stride", "groups", "kernel"), [(1, 1, 3), (2, 2, 3), (1, 4, 3), (1, 1, 1)])
def test_floats_keep_their_dtype(dtype: Any, stride: int, groups: int, kernel: int) -> None:
    """Forward and gradients return the dtype of the arguments, on every path."""
    image, weight = np.ones((2, 4, 5, 5), dtype=dtype), np.ones((4, 4 // groups, kernel, kernel), dtype=dtype)
    bias = np.ones(4, dtype=dtype)
    output = conv2d(image, weight, bias, stride=stride, groups=groups)
    gradients = conv2d_backward(output, image, weight, bias, stride=stride, groups=groups)
    assert [array.dtype for array in (output, *gradients)] == [dtype] * 4


def test_float32_stays_through_transposed_and_locally_connected() -> None:
    """The other operations keep float32 too."""
    image, weight = np.ones((1, 1, 3, 3), dtype=np.float32), np.ones((1, 1, 2, 2), dtype=np.float32)
    own = np.ones((2, 2, 1, 1, 2, 2), dtype=np.float32)
    stamped, local = conv_transpose2d(image, weight), locally_connected2d(image, own)
    results = [stamped, local, *conv_transpose2d_backward(stamped, image, weight)[:2]]
    results += locally_connected2d_backward(local, image, own)[:2]
    assert {array.dtype for array in results} == {np.dtype(np.float32)}


def test_mixed_floats_promote_as_in_numpy() -> None:
    """A float32 image under a float64 filter gives float64; an integer image under float32 filters gives NumPy's."""
    image, weight = np.ones((1, 1, 2, 2), dtype=np.float32), np.ones((1, 1, 1, 1))
    assert conv2d(image, weight).dtype == np.float64
    assert conv2d(image.astype(np.uint8), weight.astype(np.float32)).dtype == np.float32


def test_half_precision_is_summed_in_float32() -> None:
    """4096 ones and then 1 more: a float16 sum would stop at 2048."""
    image = np.ones((1, 1, 1, 2049), dtype=np.float16)
    assert conv2d(image, np.ones_like(image)).item() == np.float16(2049)
    weight = np.ones((1, 1, 1, 2049), dtype=np.float16)
    weight[..., 0] = -1
    assert conv2d(image, weight).item() == 2047


@pytest.mark.parametrize(("left", "right"), list(itertools.product(INTEGERS, repeat=2)))
def test_integers_give_int64_and_do_not_wrap(left: Any, right: Any) -> None:
    """Nine products of the largest int8 fit no small integer; every pair of integer dtypes gives the exact int64."""
    image, weight = np.full((1, 1, 3, 3), 127, dtype=left), np.full((1, 1, 3, 3), 127, dtype=right)
    result = conv2d(image, weight, np.array([1], dtype=left))
    assert result.dtype == np.int64
    assert result.item() == 9 * 127 * 127 + 1


def test_integers_beyond_float64_are_exact() -> None:
    """2**53 + 1 survives, with any path through floating point it would not."""
    image = np.array([BIG, 1]).reshape(1, 2, 1, 1)
    weight = np.array([1, 2]).reshape(1, 2, 1, 1)
    assert conv2d(image, weight).item() == BIG + 2
    assert conv1x1(image, weight[:, :, 0, 0]).item() == BIG + 2
    assert conv2d_backward(np.ones((1, 1, 1, 1), dtype=int), image, weight)[1].ravel().tolist() == [BIG, 1]


def test_integers_that_could_leave_int64_are_refused() -> None:
    """Rather than wrapping silently, the call names the bound."""
    image = np.full((1, 1, 1, 2), 2**62)
    with pytest.raises(ValueError, match=r"beyond int64; legal: at most 9223372036854775807"):
        conv2d(image, np.array([[[[1, 1]]]]))


@pytest.mark.parametrize("kernel", [1, 2])
@pytest.mark.parametrize("groups", [1, 2])
def test_empty_batch_gives_empty(kernel: int, groups: int) -> None:
    """No images in, no images out; the gradient of the weight is then zero."""
    image, weight = np.ones((0, 2, 3, 4)), np.ones((2, 2 // groups, kernel, kernel))
    output = conv2d(image, weight, np.ones(2), groups=groups)
    assert output.shape == (0, 2, 4 - kernel, 5 - kernel)
    grad_input, grad_weight, grad_bias = conv2d_backward(output, image, weight, np.ones(2), groups=groups)
    assert grad_input.shape == image.shape
    assert_array_equal(grad_weight, np.zeros(weight.shape))
    assert_array_equal(grad_bias, [0, 0])


@pytest.mark.parametrize("empty_dtype", [np.float32, np.int32])
def test_empty_batch_through_the_other_operations(empty_dtype: Any) -> None:
    """Transposed and locally connected layers accept an empty batch too, of floats or integers."""
    image, weight = np.ones((0, 1, 3, 3), dtype=empty_dtype), np.ones((1, 1, 2, 2), dtype=empty_dtype)
    assert conv_transpose2d(image, weight, stride=2).shape == (0, 1, 6, 6)
    assert conv_transpose2d_backward(np.ones((0, 1, 4, 4), dtype=empty_dtype), image, weight)[0].shape == image.shape
    own = np.ones((2, 2, 1, 1, 2, 2), dtype=empty_dtype)
    output = locally_connected2d(image, own)
    assert output.shape == (0, 1, 2, 2)
    assert_array_equal(locally_connected2d_backward(output, image, own)[1], np.zeros(own.shape))


@pytest.mark.parametrize("groups", [1, 2])
def test_nan_reaches_exactly_the_windows_that_hold_it(groups: int) -> None:
    """A NaN in the corner spoils one output cell, even under a weight of zero, and raises no warning."""
    image, weight = np.ones((1, 2, 4, 4)), np.zeros((2, 2 // groups, 2, 2))
    image[0, :, 0, 0] = np.nan
    spoiled = np.isnan(conv2d(image, weight, groups=groups))
    assert spoiled.sum() == 2
    assert spoiled[0, :, 0, 0].all()


def test_infinity_passes_without_a_warning() -> None:
    """Infinity minus infinity is NaN, as in the arithmetic of floats."""
    image = np.array([np.inf, 1.0, np.inf]).reshape(1, 1, 1, 3)
    result = conv2d(image, np.array([1.0, -1.0]).reshape(1, 1, 1, 2))
    assert_array_equal(result.ravel(), [np.inf, -np.inf])
    assert np.isnan(conv2d(image, np.array([1.0, 0.0, -1.0]).reshape(1, 1, 1, 3))).all()


def test_lists_are_accepted() -> None:
    """Nested lists count as arrays."""
    assert_array_equal(conv2d([[[[1, 2]]]], [[[[3]]]], [1]), [[[[4, 7]]]])
