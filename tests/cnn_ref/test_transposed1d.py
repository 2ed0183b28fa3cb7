"""conv_transpose1d: by hand, as the adjoint of conv1d, and its gradients."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from cnn_ref import conv1d, conv1d_backward, conv_transpose1d, conv_transpose1d_backward
from tests.cnn_ref.numerical import numerical_gradient
from tests.cnn_ref.strategies import whole_floats


def test_by_hand() -> None:
    """Stamps of two cells at a distance of 2, cut by one cell at the begin, one cell added at the end."""
    result = conv_transpose1d([[[1, 2]]], [[[3, 4]]], [1], stride=2, padding=(1, 0), output_padding=1)
    assert_array_equal(result, [[[5, 7, 9, 1]]])


@given(data=st.data())
def test_is_the_adjoint_of_conv1d(data: st.DataObject) -> None:
    """It spreads exactly what conv1d gathers, for every stride, padding, dilation and group."""
    stride, dilation, groups = (data.draw(st.integers(1, 3)) for _ in range(3))
    padding = (data.draw(st.integers(0, 2)), data.draw(st.integers(0, 2)))
    image, weight = np.zeros((2, 2 * groups, 9)), data.draw(whole_floats((3 * groups, 2, 3)))
    shape = conv1d(image, weight, None, stride, padding, dilation, groups).shape
    upper = data.draw(whole_floats(shape))
    gathered = conv1d_backward(upper, image, weight, None, stride, padding, dilation, groups)[0]
    extra = (9 + sum(padding) - 2 * dilation - 1) % stride
    assert_array_equal(conv_transpose1d(upper, weight, None, stride, padding, extra, groups, dilation), gathered)


@given(data=st.data())
def test_gradients_equal_central_differences(data: st.DataObject) -> None:
    """Each gradient is the derivative of the forward pass."""
    image, weight = data.draw(whole_floats((2, 4, 3))), data.draw(whole_floats((4, 1, 3)))
    bias, settings = data.draw(whole_floats((2,))), (2, 1, 1, 2, 3)
    grad_output = data.draw(whole_floats(conv_transpose1d(image, weight, bias, *settings).shape))
    by_image, by_weight, by_bias = conv_transpose1d_backward(grad_output, image, weight, bias, *settings)
    of_image = numerical_gradient(lambda x: conv_transpose1d(x, weight, bias, *settings), image, grad_output)
    of_weight = numerical_gradient(lambda w: conv_transpose1d(image, w, bias, *settings), weight, grad_output)
    of_bias = numerical_gradient(lambda b: conv_transpose1d(image, weight, b, *settings), bias, grad_output)
    assert_array_equal(by_image, of_image)
    assert_array_equal(by_weight, of_weight)
    assert_array_equal(by_bias, of_bias)


def test_errors_speak_of_one_axis() -> None:
    """A four-axis input, a word as padding and a pair of strides name what one axis may have."""
    with pytest.raises(ValueError, match=r"input must have 3 axes \(N, C, W\)"):
        conv_transpose1d(np.ones((1, 1, 1, 1)), [[[1]]])
    with pytest.raises(ValueError, match=r"must be numbers, got 'same'"):
        conv_transpose1d([[[1]]], [[[1]]], padding="same")
    with pytest.raises(ValueError, match=r"stride must be one integer or \(width\), got 2 values"):
        conv_transpose1d([[[1]]], [[[1]]], stride=(1, 2))
