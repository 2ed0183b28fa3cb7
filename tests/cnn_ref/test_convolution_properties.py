"""conv2d and its gradients against plain loops, scipy and central differences, on drawn layers."""

from __future__ import annotations

import numpy as np
import pytest
import scipy
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from cnn_ref import _conv_compute, conv1d, conv1d_backward, conv2d, conv2d_backward, specification
from tests.cnn_ref.numerical import numerical_gradient
from tests.cnn_ref.strategies import ConvCase, conv_cases, whole_floats


@pytest.fixture(params=["whole images", "rows"])
def _block_size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once as it is, once with a memory bound of one byte, which leaves one output row to a block."""
    if request.param == "rows":
        monkeypatch.setattr(_conv_compute, "SMALLEST_BLOCK", 1)
        monkeypatch.setattr(_conv_compute, "LARGEST_BLOCK", 1)


@pytest.mark.usefixtures("_block_size")
class TestBlocks:
    """However the work is cut into blocks, the numbers are those of the loops."""

    @given(case=conv_cases())
    def test_forward_equals_loops(self, case: ConvCase) -> None:
        """The output is that of the loops, to the last bit."""
        result = conv2d(case.image, case.weight, case.bias, **case.settings)
        assert_array_equal(result, specification.conv2d(case.image, case.weight, case.bias, **case.settings))

    @given(case=conv_cases(smallest_batch=1), data=st.data())
    def test_backward_equals_loops(self, case: ConvCase, data: st.DataObject) -> None:
        """The three gradients are those of the loops, to the last bit."""
        shape = specification.conv2d(case.image, case.weight, **case.settings).shape
        grad_output = data.draw(whole_floats(shape))
        bias = np.zeros(case.weight.shape[0])
        gradients = conv2d_backward(grad_output, case.image, case.weight, bias, **case.settings)
        expected = specification.conv2d_backward(grad_output, case.image, case.weight, **case.settings)
        for gradient, wanted in zip(gradients, expected, strict=True):
            assert_array_equal(gradient, wanted)


@given(case=conv_cases(groups=st.just(4), smallest_batch=1), multiplier=st.integers(1, 2), data=st.data())
def test_depthwise_equals_loops(case: ConvCase, multiplier: int, data: st.DataObject) -> None:
    """Filters that read one channel each: forward and gradients are those of the loops."""
    channels = case.image.shape[1]
    weight = data.draw(whole_floats((channels * multiplier, 1, *case.weight.shape[2:])))
    chosen = case.settings | {"groups": channels}
    expected = specification.conv2d(case.image, weight, **chosen)
    assert_array_equal(conv2d(case.image, weight, **chosen), expected)
    grad_output = data.draw(whole_floats(expected.shape))
    gradients = conv2d_backward(grad_output, case.image, weight, **chosen)
    wanted = specification.conv2d_backward(grad_output, case.image, weight, **chosen)
    assert_array_equal(gradients[0], wanted[0])
    assert_array_equal(gradients[1], wanted[1])


@settings(max_examples=30)
@given(case=conv_cases(largest_kernel=3, smallest_batch=1), data=st.data())
def test_gradients_equal_central_differences(case: ConvCase, data: st.DataObject) -> None:
    """Each gradient is the derivative of the forward pass (linear in each argument, so a step of 1 is exact)."""
    bias = np.zeros(case.weight.shape[0]) if case.bias is None else case.bias
    grad_output = data.draw(whole_floats(conv2d(case.image, case.weight, **case.settings).shape))
    by_image, by_weight, by_bias = conv2d_backward(grad_output, case.image, case.weight, bias, **case.settings)

    def of_image(image: np.ndarray) -> np.ndarray:
        return conv2d(image, case.weight, bias, **case.settings)

    def of_weight(weight: np.ndarray) -> np.ndarray:
        return conv2d(case.image, weight, bias, **case.settings)

    def of_bias(offsets: np.ndarray) -> np.ndarray:
        return conv2d(case.image, case.weight, offsets, **case.settings)

    assert_array_equal(by_image, numerical_gradient(of_image, case.image, grad_output))
    assert_array_equal(by_weight, numerical_gradient(of_weight, case.weight, grad_output))
    assert_array_equal(by_bias, numerical_gradient(of_bias, bias, grad_output))


@pytest.mark.parametrize("mode", ["valid", "same", "full"])
@given(data=st.data())
def test_one_channel_equals_scipy(mode: str, data: st.DataObject) -> None:
    """With one channel and stride 1, the named paddings are those of scipy (odd kernels, where "same" agrees)."""
    odd = st.sampled_from([1, 3, 5])
    kernel = data.draw(whole_floats((data.draw(odd), data.draw(odd))))
    image = data.draw(whole_floats((data.draw(st.integers(5, 9)), data.draw(st.integers(5, 9)))))
    result = conv2d(image[np.newaxis, np.newaxis], kernel[np.newaxis, np.newaxis], padding=mode)
    assert_array_equal(result[0, 0], scipy.signal.correlate2d(image, kernel, mode=mode))


@given(data=st.data())
def test_all_channels_equal_scipy(data: st.DataObject) -> None:
    """A filter over all channels is scipy's three-dimensional correlation without padding."""
    channels, side = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    image = data.draw(whole_floats((2, channels, side + 3, side + 2)))
    weight = data.draw(whole_floats((3, channels, side, side)))
    expected = [
        [scipy.signal.correlate(one, each, mode="valid", method="direct")[0] for each in weight] for one in image
    ]
    assert_array_equal(conv2d(image, weight), expected)


@given(data=st.data())
def test_strided_is_the_dense_output_thinned_out(data: st.DataObject) -> None:
    """Stride s gives every s-th cell of the stride-1 output."""
    stride = data.draw(st.integers(2, 4))
    image, weight = data.draw(whole_floats((1, 2, 9, 8))), data.draw(whole_floats((3, 2, 3, 2)))
    assert_array_equal(conv2d(image, weight, stride=stride), conv2d(image, weight)[:, :, ::stride, ::stride])


@given(data=st.data())
def test_dilated_equals_a_filter_with_holes(data: st.DataObject) -> None:
    """Dilation d is the plain convolution with d - 1 zeros between the taps."""
    dilation = data.draw(st.integers(2, 3))
    image, weight = data.draw(whole_floats((1, 2, 9, 9))), data.draw(whole_floats((2, 2, 3, 3)))
    holed = np.zeros((2, 2, 2 * dilation + 1, 2 * dilation + 1))
    holed[:, :, ::dilation, ::dilation] = weight
    assert_array_equal(conv2d(image, weight, dilation=dilation), conv2d(image, holed))


@given(case=conv_cases())
def test_arguments_stay_as_they_are(case: ConvCase) -> None:
    """Neither pass writes to its arguments."""
    before = [case.image.copy(), case.weight.copy()]
    output = conv2d(case.image, case.weight, case.bias, **case.settings)
    conv2d_backward(output, case.image, case.weight, case.bias, **case.settings)
    assert_array_equal(case.image, before[0])
    assert_array_equal(case.weight, before[1])


@given(case=conv_cases())
def test_results_own_their_memory(case: ConvCase) -> None:
    """No result is a window into an argument: changing it later changes nothing else."""
    output = conv2d(case.image, case.weight, case.bias, **case.settings)
    gradients = conv2d_backward(output, case.image, case.weight, case.bias, **case.settings)
    for result in (output, *gradients[:2]):
        assert not np.may_share_memory(result, case.image)
        assert not np.may_share_memory(result, case.weight)
        assert result.flags.writeable


@given(case=conv_cases(), data=st.data())
def test_memory_layout_of_arguments_does_not_matter(case: ConvCase, data: st.DataObject) -> None:
    """Reversed, transposed and read-only arrays give what their plain copies give."""
    image = np.asfortranarray(case.image[:, :, ::-1])
    weight = case.weight.transpose(3, 2, 1, 0).copy().transpose(3, 2, 1, 0)
    image.flags.writeable = weight.flags.writeable = False
    expected = conv2d(image.copy(order="C"), weight.copy(order="C"), case.bias, **case.settings)
    assert_array_equal(conv2d(image, weight, case.bias, **case.settings), expected)


@given(data=st.data())
def test_conv1d_equals_loops(data: st.DataObject) -> None:
    """conv1d with every setting is that of the loops, and its gradients those of central differences."""
    groups, taps = data.draw(st.integers(1, 2)), data.draw(st.integers(1, 4))
    stride, dilation = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    padding = (data.draw(st.integers(0, 3)), data.draw(st.integers(0, 3)))
    width = max(1, (taps - 1) * dilation + 1 - sum(padding)) + data.draw(st.integers(0, 4))
    image = data.draw(whole_floats((data.draw(st.integers(1, 2)), 2 * groups, width)))
    weight, bias = data.draw(whole_floats((3 * groups, 2, taps))), data.draw(whole_floats((3 * groups,)))
    chosen = (stride, padding, dilation, groups)
    expected = specification.conv1d(image, weight, bias, *chosen)
    assert_array_equal(conv1d(image, weight, bias, *chosen), expected)
    grad_output = data.draw(whole_floats(expected.shape))
    by_image, by_weight, by_bias = conv1d_backward(grad_output, image, weight, bias, *chosen)
    assert_array_equal(by_image, numerical_gradient(lambda x: conv1d(x, weight, bias, *chosen), image, grad_output))
    assert_array_equal(by_weight, numerical_gradient(lambda w: conv1d(image, w, bias, *chosen), weight, grad_output))
    assert_array_equal(by_bias, numerical_gradient(lambda b: conv1d(image, weight, b, *chosen), bias, grad_output))
