"""Dense, flatten, ReLU, softmax, batch normalisation and dropout."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax as scipy_softmax

import cnn_ref
from tests.cnn_ref.numerical import numerical_gradient


def small_steps(function, array, grad_output):
    """Return the numerical gradient of a function that is not linear."""
    return numerical_gradient(function, array, grad_output, step=1e-6)


# Dense and flatten


def test_dense_by_hand():
    """1·3 + 2·4 + 10 = 21 and 1·5 + 2·6 + 20 = 37."""
    np.testing.assert_array_equal(cnn_ref.dense([1, 2], [[3, 4], [5, 6]], [10, 20]), [21, 37])
    np.testing.assert_array_equal(cnn_ref.dense([[1, 2]], [[3, 4]]), [[11]])


def test_small_integers_do_not_wrap():
    """Bytes are multiplied as real numbers."""
    assert cnn_ref.dense(np.array([[200, 200]], np.uint8), np.array([[2, 2]], np.uint8)).item() == 800


@given(st.integers(0, 3), st.integers(1, 4), st.integers(1, 4), st.integers(0, 2**31))
def test_dense_sums_products(samples, in_features, out_features, seed):
    """Each output is the sum that a loop forms."""
    rng = np.random.default_rng(seed)
    x, w, b = (
        rng.integers(-5, 6, shape) for shape in ((samples, in_features), (out_features, in_features), out_features)
    )
    expected = [
        [sum(a * c for a, c in zip(vector, row, strict=True)) + k for row, k in zip(w, b, strict=True)] for vector in x
    ]
    np.testing.assert_array_equal(cnn_ref.dense(x, w, b), np.reshape(expected, (samples, out_features)))


@pytest.mark.parametrize("leading", [(3,), (2, 3), (), (0,)])
def test_dense_gradients(leading):
    """Gradients are the numerical ones for any number of leading axes."""
    rng = np.random.default_rng(2)
    x, w, b = rng.standard_normal((*leading, 4)), rng.standard_normal((5, 4)), rng.standard_normal(5)
    grad = rng.standard_normal((*leading, 5))
    grad_x, grad_w, grad_b = cnn_ref.dense_backward(grad, x, w, b)
    np.testing.assert_allclose(grad_x, small_steps(lambda v: cnn_ref.dense(v, w, b), x, grad), atol=1e-6)
    np.testing.assert_allclose(grad_w, small_steps(lambda v: cnn_ref.dense(x, v, b), w, grad), atol=1e-6)
    np.testing.assert_allclose(grad_b, small_steps(lambda v: cnn_ref.dense(x, w, v), b, grad), atol=1e-6)


def test_flatten_by_hand():
    """Channels follow each other; the way back restores the shape; an empty batch stays empty."""
    image = np.arange(12).reshape(1, 3, 2, 2)
    np.testing.assert_array_equal(cnn_ref.flatten(image), [list(range(12))])
    assert np.shares_memory(cnn_ref.flatten(image), image)
    np.testing.assert_array_equal(cnn_ref.flatten_backward(cnn_ref.flatten(image), image), image)
    assert cnn_ref.flatten(np.zeros((0, 3, 2, 2))).shape == (0, 12)


# ReLU and softmax


def test_relu_by_hand():
    """Negative values become 0, at 0 the gradient is 0, NaN stays."""
    np.testing.assert_array_equal(cnn_ref.relu([-2, 0, 3, np.nan]), [0, 0, 3, np.nan])
    np.testing.assert_array_equal(cnn_ref.relu_backward([5, 5, 5], [-2, 0, 3]), [0, 0, 5])
    assert cnn_ref.relu(np.ones(2, np.float32)).dtype == np.float32


def test_softmax_by_hand():
    """exp(0) : exp(ln 3) is 1 : 3; large scores do not overflow; -inf has probability 0."""
    np.testing.assert_allclose(cnn_ref.softmax([0, np.log(3)]), [0.25, 0.75])
    np.testing.assert_array_equal(cnn_ref.softmax([1e4, 1e4, -np.inf]), [0.5, 0.5, 0])
    np.testing.assert_allclose(cnn_ref.softmax_backward([1, 0], [0, 0]), [0.25, -0.25])


@given(st.integers(0, 2), st.integers(0, 2**31))
def test_softmax_agrees_with_scipy(axis, seed):
    """Any axis, values and gradient."""
    rng = np.random.default_rng(seed)
    scores, grad = rng.uniform(-20, 20, (2, 3, 4)), rng.standard_normal((2, 3, 4))
    np.testing.assert_allclose(cnn_ref.softmax(scores, axis), scipy_softmax(scores, axis), rtol=1e-12)
    expected = small_steps(lambda moved: scipy_softmax(moved, axis), scores, grad)
    np.testing.assert_allclose(cnn_ref.softmax_backward(grad, scores, axis - 3), expected, atol=1e-6)


# Batch normalisation


def test_batch_norm_by_hand():
    """[1, 3] becomes [-1, 1] with the divisor n; the running variance takes the divisor n - 1."""
    result = cnn_ref.batch_norm_train([[1.0], [3.0]], eps=1e-300)
    np.testing.assert_array_equal(result.output, [[-1], [1]])
    np.testing.assert_allclose(result.running_mean, [0.2])
    np.testing.assert_allclose(result.running_var, [0.9 + 0.1 * 2])
    scaled = cnn_ref.batch_norm_train([[1.0], [3.0]], [10.0], [7.0], eps=1e-300)
    np.testing.assert_allclose(scaled.output, [[-3], [17]])
    np.testing.assert_allclose(cnn_ref.batch_norm_inference([[7.0]], [5.0], [4.0], [3.0], [1.0], eps=1e-300), [[4]])


@given(st.integers(1, 3), st.integers(2, 4), st.integers(0, 2**31))
def test_training_output_has_mean_beta_and_deviation_gamma(channels, samples, seed):
    """Whatever comes in, each channel leaves with the learned mean and deviation."""
    rng = np.random.default_rng(seed)
    batch = rng.uniform(1, 5, (samples, channels, 2, 3))
    gamma, beta = rng.uniform(0.5, 2, channels), rng.standard_normal(channels)
    output = cnn_ref.batch_norm_train(batch, gamma, beta, eps=1e-12).output
    for channel in range(channels):
        values = output[:, channel].ravel()
        assert sum(values) / len(values) == pytest.approx(beta[channel], abs=1e-9)
        assert (sum((values - beta[channel]) ** 2) / len(values)) ** 0.5 == pytest.approx(gamma[channel], rel=1e-6)


@pytest.mark.parametrize("shape", [(4, 3), (2, 3, 4, 2)])
def test_batch_norm_gradients(shape):
    """Gradients are the numerical ones, in training (through the statistics) and at inference (without)."""
    rng = np.random.default_rng(4)
    x, gamma, beta, grad = (
        rng.standard_normal(shape),
        rng.standard_normal(3),
        rng.standard_normal(3),
        rng.standard_normal(shape),
    )
    mean, var = rng.standard_normal(3), rng.uniform(0.5, 2, 3)
    for forward, gradients in (
        (
            lambda x, g, b: cnn_ref.batch_norm_train(x, g, b).output,
            cnn_ref.batch_norm_train_backward(grad, x, gamma, beta),
        ),
        (
            lambda x, g, b: cnn_ref.batch_norm_inference(x, mean, var, g, b),
            cnn_ref.batch_norm_inference_backward(grad, x, mean, var, gamma, beta),
        ),
    ):
        expected = (
            small_steps(lambda v: forward(v, gamma, beta), x, grad),  # noqa: B023 - called at once
            small_steps(lambda v: forward(x, v, beta), gamma, grad),  # noqa: B023
            small_steps(lambda v: forward(x, gamma, v), beta, grad),  # noqa: B023
        )
        for got, want in zip(gradients, expected, strict=True):
            np.testing.assert_allclose(got, want, atol=1e-6)


def test_batch_norm_keeps_single_precision_and_its_arguments():
    """float32 stays float32; running statistics that came in are not changed."""
    running = np.zeros(2)
    result = cnn_ref.batch_norm_train(np.ones((3, 2), np.float32), running_mean=running)
    assert result.output.dtype == np.float32
    np.testing.assert_array_equal(running, [0, 0])
    np.testing.assert_allclose(result.running_mean, [0.1, 0.1])
    assert cnn_ref.batch_norm_inference(np.zeros((0, 2, 3, 3)), [0, 0], [1, 1]).shape == (0, 2, 3, 3)


# Dropout


def test_dropout_by_hand():
    """Survivors are doubled at p = 0.5; inference changes nothing; p = 1 leaves nothing, p = 0 everything."""
    output, mask = cnn_ref.dropout(np.ones(1000), 0.5, seed=3)
    assert set(output) == {0.0, 2.0}
    np.testing.assert_array_equal(output, mask)
    np.testing.assert_array_equal(cnn_ref.dropout([1, 2], 0.5, training=False).output, [1, 2])
    np.testing.assert_array_equal(cnn_ref.dropout([1, 2], 1).output, [0, 0])
    np.testing.assert_array_equal(cnn_ref.dropout([1, 2], 0).output, [1, 2])
    np.testing.assert_array_equal(cnn_ref.dropout_backward([3, 3], [2, 0]), [6, 0])


def test_dropout_rate_is_the_share_that_is_dropped():
    """Of a million at p = 0.1 about 900,000 survive, and the mean stays (five standard deviations)."""
    output, mask = cnn_ref.dropout(np.ones(1_000_000, np.float32), 0.1, seed=11)
    assert abs((mask > 0).mean() - 0.9) < 5 * (0.09 / 1e6) ** 0.5
    assert abs(output.mean(dtype=float) - 1) < 5 * (0.09 / 1e6) ** 0.5 / 0.9
    assert output.dtype == np.float32


def test_a_seed_repeats_the_mask():
    """The same seed drops the same units, another one others."""
    first, again, other = (cnn_ref.dropout(np.ones(64), seed=seed).mask for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


# Bad input


@pytest.mark.parametrize(
    ("call", "rule"),
    [
        (lambda: cnn_ref.dense(1.0, [[1]]), "at least 1 axes"),
        (lambda: cnn_ref.dense([[1, 2]], [[1, 2, 3]]), "weight must have shape"),
        (lambda: cnn_ref.dense([[1, 2]], [1, 2]), "weight must have shape"),
        (lambda: cnn_ref.dense([[1]], [[1]], [1, 2]), "bias must have shape"),
        (lambda: cnn_ref.dense_backward([[1, 2]], [[1]], [[1]]), "grad_output must have shape"),
        (lambda: cnn_ref.flatten(3), "at least 1 axes"),
        (lambda: cnn_ref.flatten_backward([[1]], [[1, 2]]), "grad_output must have shape"),
        (lambda: cnn_ref.relu_backward([1], [1, 2]), "grad_output must have shape"),
        (lambda: cnn_ref.softmax([1, 2], axis=1), "axis must be an integer from -1 to 0, got 1"),
        (lambda: cnn_ref.softmax(1.0), "at least 1 axis"),
        (lambda: cnn_ref.softmax(np.zeros((2, 0))), "at least one class"),
        (lambda: cnn_ref.batch_norm_train([1, 2]), "at least 2 axes"),
        (lambda: cnn_ref.batch_norm_train([[1, 2]]), "at least 2 values a channel"),
        (lambda: cnn_ref.batch_norm_train(np.zeros((2, 0))), "at least one channel"),
        (lambda: cnn_ref.batch_norm_train([[1], [2]], [1, 1]), "weight must have shape"),
        (lambda: cnn_ref.batch_norm_train([[1], [2]], momentum=1.5), "momentum must be a number from 0 to 1"),
        (lambda: cnn_ref.batch_norm_train([[1], [2]], eps=0), "eps must be finite and above 0"),
        (lambda: cnn_ref.batch_norm_inference([[1]], [0], [-1]), "running_var must not be negative"),
        (lambda: cnn_ref.batch_norm_train_backward([[1]], [[1], [2]]), "grad_output must have shape"),
        (lambda: cnn_ref.dropout([1], 1.1), "p must be a number from 0 to 1"),
        (lambda: cnn_ref.dropout([1], float("nan")), "p must be a number from 0 to 1"),
        (lambda: cnn_ref.dropout_backward([1, 2], [1]), "grad_output must have shape"),
    ],
)
def test_bad_values_are_refused(call, rule):
    """The error names the rule and what came."""
    with pytest.raises(ValueError, match=rule):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: cnn_ref.relu([True]),
        lambda: cnn_ref.softmax(["a"]),
        lambda: cnn_ref.dense([[1j]], [[1]]),
        lambda: cnn_ref.dropout([1], "0.5"),
        lambda: cnn_ref.dropout([1], True),
        lambda: cnn_ref.dropout([1], 0.5, training="no"),
        lambda: cnn_ref.batch_norm_train([[1], [2]], eps=None),
        lambda: cnn_ref.softmax([1, 2], axis=0.0),
    ],
)
def test_wrong_types_are_refused(call):
    """Arrays and numbers that are not real, switches that are not bools."""
    with pytest.raises(TypeError, match="must"):
        call()


# torch


@pytest.mark.torch
def test_layers_agree_with_torch():
    """Values, running statistics and gradients are those of torch."""
    import torch

    rng = np.random.default_rng(6)
    x, gamma, beta, grad = (rng.standard_normal(shape) for shape in ((4, 3, 2, 2), 3, 3, (4, 3, 2, 2)))
    mean, var = rng.standard_normal(3), rng.uniform(0.5, 2, 3)
    tensors = [torch.tensor(array, requires_grad=True) for array in (x, gamma, beta)]
    running = torch.tensor(mean), torch.tensor(var)
    expected = torch.nn.functional.batch_norm(tensors[0], *running, *tensors[1:], training=True)
    result = cnn_ref.batch_norm_train(x, gamma, beta, mean, var)
    np.testing.assert_allclose(result.output, expected.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(result.running_mean, running[0].numpy(), atol=1e-12)
    np.testing.assert_allclose(result.running_var, running[1].numpy(), atol=1e-12)
    expected.backward(torch.tensor(grad))
    for got, tensor in zip(cnn_ref.batch_norm_train_backward(grad, x, gamma, beta), tensors, strict=True):
        np.testing.assert_allclose(got, tensor.grad.numpy(), atol=1e-12)
    at_zero = torch.tensor([-1.0, 0.0, 1.0, float("nan")], requires_grad=True)
    torch.nn.functional.relu(at_zero).sum().backward()
    np.testing.assert_array_equal(cnn_ref.relu_backward(np.ones(4), at_zero.detach().numpy()), at_zero.grad.numpy())
