"""locally_connected2d: by hand, against loops, and what sharing its weights would give."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from cnn_ref import conv2d, conv2d_backward, locally_connected2d, locally_connected2d_backward, specification
from tests.cnn_ref.numerical import numerical_gradient
from tests.cnn_ref.strategies import ConvCase, conv_cases, whole_floats

one_group = conv_cases(groups=st.just(1), largest_kernel=3)


def unshared_settings(case: ConvCase) -> dict[str, object]:
    """Return the settings of a drawn convolution that a locally connected layer has."""
    return {"stride": case.stride, "padding": case.padding, "dilation": case.dilation}


def test_each_position_has_its_own_weight() -> None:
    """Three positions with the weights (1, 1), (10, 10), (100, 0) and biases 1, 2, 3."""
    weight = np.array([[1, 1], [10, 10], [100, 0]]).reshape(1, 3, 1, 1, 1, 2)
    bias = np.array([1, 2, 3]).reshape(1, 1, 3)
    assert_array_equal(locally_connected2d([[[[1, 2, 3, 4]]]], weight, bias).ravel(), [4, 52, 303])


def test_rows_and_columns_of_the_weight_are_those_of_the_output() -> None:
    """weight[i, j] is used at output cell (i, j)."""
    weight = np.array([[1, 2, 3], [4, 5, 6]]).reshape(2, 3, 1, 1, 1, 1)
    assert_array_equal(locally_connected2d(np.ones((1, 1, 2, 3), dtype=int), weight)[0, 0], [[1, 2, 3], [4, 5, 6]])


@given(case=one_group, data=st.data())
def test_equals_loops(case: ConvCase, data: st.DataObject) -> None:
    """The output is that of the loops, to the last bit."""
    chosen = unshared_settings(case)
    shape = conv2d(case.image, case.weight, **chosen).shape
    weight = data.draw(whole_floats((*shape[2:], *case.weight.shape)))
    bias = data.draw(st.none() | whole_floats(shape[1:]))
    result = locally_connected2d(case.image, weight, bias, **chosen)
    assert_array_equal(result, specification.locally_connected2d(case.image, weight, bias, **chosen))


@settings(max_examples=25)
@given(case=conv_cases(groups=st.just(1), largest_kernel=2), data=st.data())
def test_gradients_equal_central_differences(case: ConvCase, data: st.DataObject) -> None:
    """Each gradient is the derivative of the forward pass (linear in each argument, so a step of 1 is exact)."""
    chosen = unshared_settings(case)
    shape = conv2d(case.image, case.weight, **chosen).shape
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    weight = rng.integers(-4, 5, (*shape[2:], *case.weight.shape)).astype(float)
    bias, grad_output = rng.integers(-4, 5, shape[1:]).astype(float), rng.integers(-4, 5, shape).astype(float)
    gradients = locally_connected2d_backward(grad_output, case.image, weight, bias, **chosen)

    def of_image(image: np.ndarray) -> np.ndarray:
        return locally_connected2d(image, weight, bias, **chosen)

    def of_bias(offsets: np.ndarray) -> np.ndarray:
        return locally_connected2d(case.image, weight, offsets, **chosen)

    assert_array_equal(gradients[0], numerical_gradient(of_image, case.image, grad_output))
    assert_array_equal(gradients[2], numerical_gradient(of_bias, bias, grad_output))
    # A weight's derivative is the change of the output when it alone grows by one; sixty of them are enough.
    for number in rng.choice(weight.size, min(60, weight.size), replace=False):
        raised = weight.copy()
        raised.flat[number] += 1
        change = locally_connected2d(case.image, raised, **chosen) - locally_connected2d(case.image, weight, **chosen)
        assert gradients[1].flat[number] == np.sum(grad_output * change)


@given(case=one_group)
def test_equal_weights_everywhere_are_a_convolution(case: ConvCase) -> None:
    """With one filter repeated at every position the layer is conv2d."""
    chosen = unshared_settings(case)
    shared = conv2d(case.image, case.weight, case.bias, **chosen)
    weight = np.broadcast_to(case.weight, (*shared.shape[2:], *case.weight.shape))
    bias = None if case.bias is None else np.broadcast_to(case.bias[:, np.newaxis, np.newaxis], shared.shape[1:])
    assert_array_equal(locally_connected2d(case.image, weight, bias, **chosen), shared)


@given(case=conv_cases(groups=st.just(1), smallest_batch=1), data=st.data())
def test_gradient_of_shared_weights_is_the_sum_over_positions(case: ConvCase, data: st.DataObject) -> None:
    """Sharing a weight adds up the gradients of its unshared copies: the sum over positions, not the mean."""
    chosen = unshared_settings(case)
    shape = conv2d(case.image, case.weight, **chosen).shape
    grad_output = data.draw(whole_floats(shape))
    bias = np.zeros(shape[1])
    copies = np.broadcast_to(case.weight, (*shape[2:], *case.weight.shape))
    own = locally_connected2d_backward(grad_output, case.image, copies, np.zeros(shape[1:]), **chosen)
    shared = conv2d_backward(grad_output, case.image, case.weight, bias, **chosen)
    assert_array_equal(shared[0], own[0])
    assert_array_equal(shared[1], own[1].sum(axis=(0, 1)))
    assert_array_equal(shared[2], own[2].sum(axis=(1, 2)))
