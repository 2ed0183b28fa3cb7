"""conv_transpose2d: by hand, against loops, against the convolution it transposes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from cnn_ref import conv2d, conv2d_backward, conv_transpose2d, conv_transpose2d_backward, specification
from tests.cnn_ref.numerical import numerical_gradient
from tests.cnn_ref.strategies import ConvCase, TransposedCase, conv_cases, transposed_cases, whole_floats


def test_stamps_overlap_and_add() -> None:
    """Stride 2 under three taps: neighbouring stamps share one cell."""
    result = conv_transpose2d([[[[1, 2]]]], [[[[1, 10, 100]]]], stride=2)
    assert_array_equal(result.ravel(), [1, 10, 102, 20, 200])


def test_padding_cuts_the_output() -> None:
    """Padding takes cells away, here one on the left and two on the right."""
    result = conv_transpose2d([[[[1, 2]]]], [[[[1, 10, 100]]]], stride=2, padding=((0, 0), (1, 2)))
    assert_array_equal(result.ravel(), [10, 102])


def test_output_padding_adds_cells_that_hold_the_bias() -> None:
    """The added row and column belong to no stamp."""
    result = conv_transpose2d([[[[1]]]], [[[[5]]]], [0.5], stride=2, output_padding=1)
    assert_array_equal(result[0, 0], [[5.5, 0.5], [0.5, 0.5]])


def test_dilation_spreads_the_stamp() -> None:
    """Dilation 3 leaves two cells between the taps."""
    assert_array_equal(conv_transpose2d([[[[2]]]], [[[[1, 4]]]], dilation=3).ravel(), [2, 0, 0, 8])


def test_groups_keep_channels_apart() -> None:
    """Each input channel stamps the outputs of its own group only."""
    image = np.array([[[[3]], [[5]]]])
    weight = np.array([[[[1]], [[2]]], [[[10]], [[20]]]])
    assert_array_equal(conv_transpose2d(image, weight, groups=2).ravel(), [3, 6, 50, 100])


def test_positional_order_is_that_of_torch() -> None:
    """(input, weight, bias, stride, padding, output_padding, groups, dilation): groups before dilation."""
    image, weight, bias = np.arange(8.0).reshape(1, 2, 2, 2), np.arange(8.0).reshape(2, 1, 2, 2), np.ones(2)
    named = conv_transpose2d(image, weight, bias, stride=2, padding=1, output_padding=1, groups=2, dilation=3)
    assert_array_equal(conv_transpose2d(image, weight, bias, 2, 1, 1, 2, 3), named)


@pytest.mark.parametrize("size", [2, 3, 5, 8])
def test_three_taps_stride_two_padding_one_make_2n_minus_1(size: int) -> None:
    """The ZF-Net setting maps n to 2n - 1, not 2n; output padding 1 makes it 2n."""
    image, weight = np.ones((1, 1, size, size)), np.ones((1, 1, 3, 3))
    assert conv_transpose2d(image, weight, stride=2, padding=1).shape[2:] == (2 * size - 1,) * 2
    assert conv_transpose2d(image, weight, stride=2, padding=1, output_padding=1).shape[2:] == (2 * size,) * 2


def test_output_padding_of_a_1x1_filter_adds_a_column_of_zeros() -> None:
    """With dilation 2 even a 1 x 1 filter may get output padding; nothing stamps there."""
    result = conv_transpose2d([[[[1.0, 2.0]]]], [[[[3.0]]]], output_padding=(0, 1), dilation=2)
    assert_array_equal(result, [[[[3.0, 6.0, 0.0]]]])
    gradients = conv_transpose2d_backward(
        [[[[1.0, 10.0, 100.0]]]], [[[[1.0, 2.0]]]], [[[[3.0]]]], output_padding=(0, 1), dilation=2
    )
    assert_array_equal(gradients[0], [[[[3.0, 30.0]]]])
    assert_array_equal(gradients[1], [[[[21.0]]]])


@given(case=transposed_cases())
def test_equals_loops(case: TransposedCase) -> None:
    """The output is that of the loops, to the last bit."""
    result = conv_transpose2d(case.image, case.weight, case.bias, **case.settings)
    assert_array_equal(result, specification.conv_transpose2d(case.image, case.weight, case.bias, **case.settings))


@settings(max_examples=40)
@given(case=transposed_cases(), data=st.data())
def test_gradients_equal_central_differences(case: TransposedCase, data: st.DataObject) -> None:
    """Each gradient is the derivative of the forward pass (linear in each argument, so a step of 1 is exact)."""
    outputs = case.weight.shape[1] * case.groups
    bias = np.zeros(outputs) if case.bias is None else case.bias
    output = conv_transpose2d(case.image, case.weight, bias, **case.settings)
    grad_output = data.draw(whole_floats(output.shape))
    gradients = conv_transpose2d_backward(grad_output, case.image, case.weight, bias, **case.settings)

    def of_image(image: np.ndarray) -> np.ndarray:
        return conv_transpose2d(image, case.weight, bias, **case.settings)

    def of_weight(weight: np.ndarray) -> np.ndarray:
        return conv_transpose2d(case.image, weight, bias, **case.settings)

    def of_bias(offsets: np.ndarray) -> np.ndarray:
        return conv_transpose2d(case.image, case.weight, offsets, **case.settings)

    assert_array_equal(gradients[0], numerical_gradient(of_image, case.image, grad_output))
    assert_array_equal(gradients[1], numerical_gradient(of_weight, case.weight, grad_output))
    assert_array_equal(gradients[2], numerical_gradient(of_bias, bias, grad_output))


@given(case=conv_cases(smallest_batch=1), data=st.data())
def test_is_the_adjoint_of_the_convolution(case: ConvCase, data: st.DataObject) -> None:
    """<conv(x), y> = <x, conv_transpose(y)> with the same weight and settings: what "transposed" means."""
    output = conv2d(case.image, case.weight, **case.settings)
    other = data.draw(whole_floats(output.shape))
    back = conv2d_backward(other, case.image, case.weight, **case.settings)[0]
    assert np.vdot(output, other) == np.vdot(case.image, back)
    extra = tuple(
        case.image.shape[2 + axis]
        + sum(case.padding[axis])
        - (output.shape[2 + axis] - 1) * case.stride[axis]
        - (case.weight.shape[2 + axis] - 1) * case.dilation[axis]
        - 1
        for axis in range(2)
    )
    stamped = conv_transpose2d(other, case.weight, None, case.stride, case.padding, extra, case.groups, case.dilation)
    assert_array_equal(stamped, back)


def test_backward_without_bias_has_no_gradient_for_it() -> None:
    """The third gradient is None where no bias was given."""
    assert conv_transpose2d_backward([[[[1]]]], [[[[1]]]], [[[[1]]]])[2] is None
