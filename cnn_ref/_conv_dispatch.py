"""Dispatch of checked arguments: chooses the dtype to compute in, and computes nothing itself."""

from __future__ import annotations

import numpy as np

from cnn_ref import _conv_compute as compute
from cnn_ref._conv_arguments import ConvCall
from cnn_ref._dtypes import Products, casting, dtypes, quietly
from cnn_ref._validate import Array


def forward(call: ConvCall) -> Array:
    """Return the output of checked arguments, in the dtype that belongs to them."""
    products: Products = (call.weight.shape[1] * call.window.taps, call.image, call.weight)
    working, result = dtypes([products], call.bias)
    image, weight = casting([call.image, call.weight], working)

    def compute_output() -> Array:
        output = compute.forward(image, weight, call.window)
        if call.bias is not None:
            output += call.bias.astype(working, copy=False)[:, np.newaxis, np.newaxis]
        return output

    return quietly(compute_output, result)


def backward(grad_output: Array, call: ConvCall) -> tuple[Array, Array, Array | None]:
    """Return the three gradients for checked arguments, in the dtype that belongs to them."""
    image, weight, window = call.image, call.weight, call.window
    windows = grad_output.shape[0] * grad_output.shape[2] * grad_output.shape[3]
    sums: list[Products] = [
        (weight.shape[0] // window.groups * window.taps, grad_output, weight),
        (windows, grad_output, image),
        (windows, grad_output, np.ones(1, dtype=np.int8)),
    ]
    working, result = dtypes(sums)
    grad_output, image, weight = casting([grad_output, image, weight], working)
    size = (image.shape[2], image.shape[3])
    grad_input = quietly(lambda: compute.grad_input(grad_output, weight, size, window), result)
    grad_weight = quietly(lambda: compute.grad_weight(grad_output, image, weight.shape, window), result)
    grad_bias = None if call.bias is None else quietly(lambda: grad_output.sum(axis=(0, 2, 3)), result)
    return grad_input, grad_weight, grad_bias
