"""LP pooling: the p-norm of each window, between the mean of magnitudes and the maximum."""

from __future__ import annotations

from numpy.typing import ArrayLike

from cnn_ref import _pool_compute as compute
from cnn_ref._lp_compute import norms, norms_backward
from cnn_ref._pool_validate import floating, norm_order, output_gradient, windows
from cnn_ref._validate import Array, Padding, PerAxis, numeric_array

# `input` is what torch.nn.functional calls the argument, and people pass it by name.
# ruff: noqa: A002

AXES = "N, C, H, W"


def lp_pool2d(
    input: ArrayLike,
    norm_type: float,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    ceil_mode: bool = False,
    *,
    padding: Padding = 0,
    dilation: PerAxis = 1,
) -> Array:
    """p-norm of each window: (sum of |x|^p) to the power 1/p.

    Parameters
    ----------
    input, kernel_size, stride, ceil_mode, dilation
        As in `max_pool2d`.
    norm_type : float
        The p of the norm, finite and at least 1; 1 sums absolute values, a large p comes close to the maximum.
    padding : int, (int, int), ((int, int), (int, int)) or str
        Zeros around the input, as in `max_pool2d` (torch has none here, ONNX has).

    Returns
    -------
    ndarray, shape=(N, C, OH, OW)
        Norms in the dtype of a floating input, else float64.

    Raises
    ------
    ValueError, TypeError
        As `max_pool2d`, and where `norm_type` is no finite number of at least 1.

    Notes
    -----
    Source: ONNX operator LpPool-22, which takes absolute values. torch takes powers of the signed values, which is the
    same for even p, and stretches windows that hang over the end to a full window, which is not done here.

    Examples
    --------
    >>> lp_pool2d([[[[3, -4]]]], 2, (1, 2)).tolist()
    [[[[5.0]]]]
    """
    images = numeric_array("input", input, AXES)
    axes = windows(images.shape, kernel_size, stride, padding, dilation, ceil_mode)
    order = norm_order(norm_type)
    return compute.as_images(norms(compute.as_planes(floating(images)), *axes, order), images)


def lp_pool2d_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    norm_type: float,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    ceil_mode: bool = False,
    *,
    padding: Padding = 0,
    dilation: PerAxis = 1,
) -> Array:
    """Gradient of `lp_pool2d`: sign(x) (|x| / y)^(p - 1) of each value, y being the norm of the window.

    Parameters
    ----------
    grad_output : array_like, shape=(N, C, OH, OW)
        Gradient of the loss with respect to the output.
    input, norm_type, kernel_size, stride, ceil_mode, padding, dilation
        As in the forward call.

    Returns
    -------
    ndarray, shape=(N, C, H, W)
        Gradient with respect to the input; a window of zeros, where the norm has a kink, gives 0.

    Raises
    ------
    ValueError, TypeError
        As `lp_pool2d`, and where `grad_output` has not the shape of the output.

    Notes
    -----
    From the chain rule; checked against numerical differences.

    Examples
    --------
    >>> lp_pool2d_backward([[[[10.0]]]], [[[[3.0, -4.0]]]], 2, (1, 2)).tolist()
    [[[[6.0, -8.0]]]]
    """
    images = numeric_array("input", input, AXES)
    axes = windows(images.shape, kernel_size, stride, padding, dilation, ceil_mode)
    grad = output_gradient(grad_output, images.shape, axes)
    order = norm_order(norm_type)
    planes, grad = compute.as_planes(floating(images)), compute.as_planes(floating(grad, images))
    return norms_backward(grad, planes, *axes, order).reshape(images.shape)
