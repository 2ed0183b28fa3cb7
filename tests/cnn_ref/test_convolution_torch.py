"""The convolutions against torch, the implementation whose names and argument order they follow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from cnn_ref import (
    conv1d,
    conv1x1,
    conv2d,
    conv2d_backward,
    conv_transpose2d,
    conv_transpose2d_backward,
)
from tests.cnn_ref.strategies import ConvCase, TransposedCase, conv_cases, transposed_cases, whole_floats

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def torch() -> Any:
    """Return torch, which is not in the lock (CONTRIBUTING says how to install it)."""
    import torch

    return torch


def symmetric(padding: tuple[tuple[int, int], tuple[int, int]]) -> tuple[int, int]:
    """Return padding as torch takes it; the drawn cases have equal ends."""
    assert all(begin == end for begin, end in padding)
    return padding[0][0], padding[1][0]


def gradients_of(torch: Any, function: Any, arrays: list[np.ndarray], grad_output: np.ndarray) -> list[np.ndarray]:
    """Return torch's gradients for the arrays."""
    tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
    function(*tensors).backward(torch.tensor(grad_output))
    return [tensor.grad.numpy() for tensor in tensors]


@given(case=conv_cases(symmetric=True, smallest_batch=1), data=st.data())
def test_conv2d(torch: Any, case: ConvCase, data: st.DataObject) -> None:
    """Output and gradients are torch's, on whole numbers to the last bit."""
    bias = np.zeros(case.weight.shape[0]) if case.bias is None else case.bias
    arguments = case.settings | {"padding": symmetric(case.padding)}

    def theirs(*tensors: Any) -> Any:
        return torch.nn.functional.conv2d(*tensors, **arguments)

    arrays = [case.image, case.weight, bias]
    output = conv2d(*arrays, **arguments)
    assert_array_equal(output, theirs(*map(torch.tensor, arrays)).numpy())
    grad_output = data.draw(whole_floats(output.shape))
    expected = gradients_of(torch, theirs, arrays, grad_output)
    for ours, wanted in zip(conv2d_backward(grad_output, *arrays, **arguments), expected, strict=True):
        assert_array_equal(ours, wanted)


@given(case=transposed_cases(symmetric=True), data=st.data())
def test_conv_transpose2d(torch: Any, case: TransposedCase, data: st.DataObject) -> None:
    """Output and gradients are torch's, output padding and groups included."""
    if case.image.shape[0] == 0:
        return
    bias = np.zeros(case.weight.shape[1] * case.groups) if case.bias is None else case.bias
    arguments = case.settings | {"padding": symmetric(case.padding)}

    def theirs(*tensors: Any) -> Any:
        return torch.nn.functional.conv_transpose2d(*tensors, **arguments)

    arrays = [case.image, case.weight, bias]
    output = conv_transpose2d(*arrays, **arguments)
    assert_array_equal(output, theirs(*map(torch.tensor, arrays)).numpy())
    grad_output = data.draw(whole_floats(output.shape))
    expected = gradients_of(torch, theirs, arrays, grad_output)
    for ours, wanted in zip(conv_transpose2d_backward(grad_output, *arrays, **arguments), expected, strict=True):
        assert_array_equal(ours, wanted)


@given(data=st.data())
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths:UserWarning")
def test_same_at_stride_one(torch: Any, data: st.DataObject) -> None:
    """padding="same" puts the odd cell of even kernels where torch puts it, dilation included."""
    kernel = data.draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    dilation = data.draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    image = data.draw(whole_floats((1, 2, data.draw(st.integers(1, 8)), data.draw(st.integers(1, 8)))))
    weight = data.draw(whole_floats((2, 2, *kernel)))
    theirs = torch.nn.functional.conv2d(torch.tensor(image), torch.tensor(weight), padding="same", dilation=dilation)
    assert_array_equal(conv2d(image, weight, padding="same", dilation=dilation), theirs.numpy())


@given(data=st.data())
def test_conv1d(torch: Any, data: st.DataObject) -> None:
    """conv1d with stride, padding, dilation and groups is torch's."""
    arguments = {name: data.draw(st.integers(1, 3)) for name in ("stride", "padding", "dilation", "groups")}
    groups = arguments["groups"]
    image, weight = data.draw(whole_floats((2, 2 * groups, 8))), data.draw(whole_floats((3 * groups, 2, 3)))
    theirs = torch.nn.functional.conv1d(torch.tensor(image), torch.tensor(weight), **arguments)
    assert_array_equal(conv1d(image, weight, **arguments), theirs.numpy())


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("shape", "filters", "kernel", "settings"),
    [
        ((1, 64, 56, 56), 64, 3, {"padding": 1}),
        ((2, 32, 57, 43), 48, 5, {"stride": 2, "padding": 2}),
        ((2, 64, 28, 28), 64, 3, {"padding": 1, "groups": 64}),
        ((2, 64, 28, 28), 128, 3, {"padding": 2, "dilation": 2, "groups": 32}),
        ((3, 512, 7, 7), 512, 3, {"padding": 1}),
        ((1, 3, 224, 224), 64, 7, {"stride": 2, "padding": 3}),
        ((2, 96, 27, 27), 64, 1, {"stride": 2}),
    ],
)
def test_layers_of_real_size(
    torch: Any, dtype: Any, shape: tuple[int, ...], filters: int, kernel: int, settings: dict[str, int]
) -> None:
    """Real layers, real numbers: equal to torch up to the rounding of the dtype."""
    rng = np.random.default_rng(11)
    image = rng.standard_normal(shape).astype(dtype)
    fan_in = shape[1] // settings.get("groups", 1)
    weight = (rng.standard_normal((filters, fan_in, kernel, kernel)) / np.sqrt(fan_in * kernel**2)).astype(dtype)
    bias = rng.standard_normal(filters).astype(dtype)
    output = conv2d(image, weight, bias, **settings)
    tolerance = 2e-5 if dtype == np.float32 else 1e-12
    arrays = [image, weight, bias]

    def theirs(*tensors: Any) -> Any:
        return torch.nn.functional.conv2d(*tensors, **settings)

    assert_allclose(output, theirs(*map(torch.tensor, arrays)).numpy(), rtol=tolerance, atol=tolerance)
    grad_output = rng.standard_normal(output.shape).astype(dtype)
    expected = gradients_of(torch, theirs, arrays, grad_output)
    for ours, wanted in zip(conv2d_backward(grad_output, *arrays, **settings), expected, strict=True):
        scale = np.abs(wanted).max()
        assert_allclose(ours / scale, wanted / scale, atol=tolerance, rtol=0)


def test_conv1x1_is_a_linear_layer_over_the_channels(torch: Any) -> None:
    """conv1x1 is torch's linear layer applied with the channels last."""
    rng = np.random.default_rng(12)
    x, weight, bias = rng.standard_normal((2, 5, 4, 3)), rng.standard_normal((7, 5)), rng.standard_normal(7)
    channels_last = torch.tensor(x).permute(0, 2, 3, 1)
    theirs = torch.nn.functional.linear(channels_last, torch.tensor(weight), torch.tensor(bias)).permute(0, 3, 1, 2)
    assert_allclose(conv1x1(x, weight, bias), theirs.numpy(), rtol=1e-12, atol=1e-12)


def test_nan_reaches_the_cells_that_it_reaches_in_torch(torch: Any) -> None:
    """NaN and infinity spoil the same cells."""
    image = np.ones((1, 2, 6, 6))
    image[0, 0, 1, 1], image[0, 1, 4, 4] = np.nan, np.inf
    weight = np.random.default_rng(13).integers(-1, 2, (3, 2, 3, 3)).astype(float)
    theirs = torch.nn.functional.conv2d(torch.tensor(image), torch.tensor(weight), padding=1).numpy()
    assert_array_equal(conv2d(image, weight, padding=1), theirs)
