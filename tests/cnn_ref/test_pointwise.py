"""conv1x1, depth slices and separable convolutions: compositions that must agree with conv2d."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from cnn_ref import (
    conv1x1,
    conv1x1_backward,
    conv2d,
    conv2d_backward,
    depth_slice,
    depth_slice_backward,
    depthwise_conv2d,
    depthwise_conv2d_backward,
    separable_conv2d,
    separable_conv2d_backward,
    specification,
)
from tests.cnn_ref.numerical import numerical_gradient
from tests.cnn_ref.strategies import ConvCase, conv_cases, whole_floats


def test_1x1_mixes_channels_by_hand() -> None:
    """Two channels into three: each output is a row of the weight times the channels, plus its bias."""
    x = np.array([[[[1, 2]], [[10, 20]]]])
    result = conv1x1(x, [[1, 0], [1, 1], [0, -1]], [0, 5, 0])
    assert_array_equal(result, [[[[1, 2]], [[16, 27]], [[-10, -20]]]])


def test_1x1_keeps_height_and_width() -> None:
    """28x28x192 through 16 filters is 28x28x16: padding is 0, not 1."""
    assert conv1x1(np.zeros((1, 192, 28, 28)), np.zeros((16, 192))).shape == (1, 16, 28, 28)


@given(data=st.data())
def test_1x1_equals_loops_and_conv2d(data: st.DataObject) -> None:
    """The output is that of the loops, and of conv2d with a 1x1 filter; so are the gradients."""
    x, weight = data.draw(whole_floats((2, 3, 4, 2))), data.draw(whole_floats((5, 3)))
    bias, grad_output = data.draw(whole_floats((5,))), data.draw(whole_floats((2, 5, 4, 2)))
    assert_array_equal(conv1x1(x, weight, bias), specification.conv1x1(x, weight, bias))
    gradients = conv1x1_backward(grad_output, x, weight, bias)
    assert_array_equal(gradients[0], numerical_gradient(lambda a: conv1x1(a, weight, bias), x, grad_output))
    assert_array_equal(gradients[1], numerical_gradient(lambda a: conv1x1(x, a, bias), weight, grad_output))
    assert_array_equal(gradients[2], numerical_gradient(lambda a: conv1x1(x, weight, a), bias, grad_output))


def test_depth_slice_by_hand() -> None:
    """Slice 1 sums both channels under the second filter and adds the second bias."""
    x = np.array([[[[1, 2]], [[10, 20]]]])
    weight = np.array([[[[1]], [[1]]], [[[2]], [[3]]]])
    assert_array_equal(depth_slice(x, weight, [0, 7], 1), [[[39, 71]]])


@given(case=conv_cases(groups=st.just(1), symmetric=True), data=st.data())
def test_depth_slices_stack_to_the_convolution(case: ConvCase, data: st.DataObject) -> None:
    """Slice d is what conv2d holds at depth d, and its gradient is conv2d's with zeros elsewhere."""
    stride, padding = case.stride, case.padding
    whole_output = conv2d(case.image, case.weight, case.bias, stride, padding)
    for d in range(case.weight.shape[0]):
        assert_array_equal(depth_slice(case.image, case.weight, case.bias, d, stride, padding), whole_output[:, d])
    d = data.draw(st.integers(0, case.weight.shape[0] - 1))
    upper = np.zeros(whole_output.shape)
    upper[:, d] = data.draw(whole_floats(upper[:, d].shape))
    bias = np.zeros(case.weight.shape[0])
    expected = conv2d_backward(upper, case.image, case.weight, bias, stride, padding)
    gradients = depth_slice_backward(upper[:, d], case.image, case.weight, bias, d, stride, padding)
    for gradient, wanted in zip(gradients, expected, strict=True):
        assert_array_equal(gradient, wanted)


def test_depth_slice_backward_without_bias() -> None:
    """The third gradient is None where no bias was given."""
    assert depth_slice_backward([[[1]]], [[[[1]]]], [[[[1]]]], None, 0)[2] is None


def test_depthwise_keeps_channels_apart() -> None:
    """Two channels, two filters each: no filter sees the other channel."""
    image = np.array([[[[1, 2]], [[10, 20]]]])
    weight = np.array([[[[1, 0]]], [[[0, 1]]], [[[1, 1]]], [[[1, -1]]]])
    assert_array_equal(depthwise_conv2d(image, weight).ravel(), [1, 2, 30, -10])


@pytest.mark.parametrize("multiplier", [1, 2])
def test_depthwise_backward_equals_loops(multiplier: int) -> None:
    """Gradients of a depthwise layer with stride, padding and dilation are those of the loops."""
    rng = np.random.default_rng(3)
    image = rng.integers(-4, 5, (2, 3, 7, 8)).astype(float)
    weight = rng.integers(-4, 5, (3 * multiplier, 1, 3, 2)).astype(float)
    chosen = {"stride": (2, 1), "padding": ((1, 0), (2, 1)), "dilation": (2, 3)}
    grad_output = np.ones(depthwise_conv2d(image, weight, **chosen).shape)
    gradients = depthwise_conv2d_backward(grad_output, image, weight, np.zeros(3 * multiplier), **chosen)
    expected = specification.conv2d_backward(grad_output, image, weight, groups=3, **chosen)
    for gradient, wanted in zip(gradients, expected, strict=True):
        assert_array_equal(gradient, wanted)


@settings(max_examples=20)
@given(data=st.data())
def test_separable_gradients_equal_central_differences(data: st.DataObject) -> None:
    """Each of the four gradients is the derivative of the two steps together."""
    image, depthwise = data.draw(whole_floats((1, 2, 5, 4))), data.draw(whole_floats((4, 1, 2, 3)))
    pointwise, bias = data.draw(whole_floats((3, 4))), data.draw(whole_floats((3,)))
    arguments = [image, depthwise, pointwise, bias]
    chosen = {"stride": (2, 1), "padding": 1}
    grad_output = data.draw(whole_floats(separable_conv2d(*arguments, **chosen).shape))
    gradients = separable_conv2d_backward(grad_output, *arguments, **chosen)
    for position, gradient in enumerate(gradients):

        def of_one(array: np.ndarray, position: int = position) -> np.ndarray:
            return separable_conv2d(*arguments[:position], array, *arguments[position + 1 :], **chosen)

        assert_array_equal(gradient, numerical_gradient(of_one, arguments[position], grad_output))


def test_separable_equals_the_full_filter_it_factorises() -> None:
    """Depthwise then 1x1 is the convolution whose filter is the product of the two."""
    rng = np.random.default_rng(5)
    image, depthwise = rng.integers(-4, 5, (2, 3, 6, 6)), rng.integers(-4, 5, (3, 1, 3, 3))
    pointwise = rng.integers(-4, 5, (4, 3))
    full = pointwise[:, :, np.newaxis, np.newaxis] * depthwise[np.newaxis, :, 0]
    assert_array_equal(separable_conv2d(image, depthwise, pointwise, padding=1), conv2d(image, full, padding=1))
