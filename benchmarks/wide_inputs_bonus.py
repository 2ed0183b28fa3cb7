"""Wide random inputs of the constructed functions of Exercise 40 and of the notebooks on architectures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Call = tuple[tuple[Any, ...], dict[str, Any]]
Generator = np.random.Generator


def _whole(rng: Generator, low: int, high: int) -> int:
    return int(rng.integers(low, high + 1))


def _some(rng: Generator, **settings: object) -> dict[str, Any]:
    """Return some of the settings, so that defaults are tried too."""
    return {name: value for name, value in settings.items() if rng.random() < 0.8}


def _but_defaults(rng: Generator, given: dict[str, int], defaults: dict[str, int]) -> dict[str, Any]:
    """Return settings; those that are the default are left out at times."""
    return {name: value for name, value in given.items() if value != defaults[name] or rng.random() < 0.4}


def _line(rng: Generator, size: int) -> np.ndarray[Any, Any]:
    return rng.integers(-9, 10, size) if rng.random() < 0.3 else np.round(rng.normal(0, 5, size), 3)


def links(rng: Generator) -> Call:
    """Return arguments of `links`."""
    n = _whole(rng, 1, 12)
    return (n, _whole(rng, 1, n), ("conv", "local", "dense")[_whole(rng, 0, 2)]), {}


def filter_gradient(rng: Generator) -> Call:
    """Return arguments of `filter_gradient`."""
    units, k = _whole(rng, 1, 6), _whole(rng, 1, 5)
    return (_line(rng, units + k - 1), _line(rng, units), bool(rng.random() < 0.5)), {}


def keras_size(rng: Generator) -> Call:
    """Return arguments of `keras_output_size`, possible or not."""
    padding = ("valid", "same")[_whole(rng, 0, 1)]
    return (_whole(rng, 1, 30), _whole(rng, 1, 9)), _some(rng, strides=_whole(rng, 1, 5), padding=padding)


def network(rng: Generator) -> Call:
    """Return arguments of `count_network`: layers that fit."""
    height, width, channels = image = (_whole(rng, 4, 20), _whole(rng, 4, 20), _whole(rng, 1, 4))
    layers: list[tuple[Any, ...]] = []
    for _ in range(_whole(rng, 1, 4)):
        room = min(height, width)
        if rng.random() < 0.7:
            kernel_size, padding = _whole(rng, 1, min(room, 5)), ("valid", "same")[_whole(rng, 0, 1)]
            layers.append(("conv", _whole(rng, 1, 12), kernel_size, padding))
            lost = kernel_size - 1 if padding == "valid" else 0
            height, width = height - lost, width - lost
        elif room > 1:
            size = _whole(rng, 2, min(room, 3))
            layers.append(("pool", size))
            height, width = height // size, width // size
        else:
            layers.append(("dropout", 0.25))
    if rng.random() < 0.7:
        layers.append(("flatten",))
        for _ in range(_whole(rng, 1, 3)):
            layers += [("dropout", 0.5)] * (rng.random() < 0.3)
            layers.append(("dense", _whole(rng, 1, 30)))
    return (layers, (*image[:2], channels)), {}


def grouped(rng: Generator) -> Call:
    """Return arguments of `grouped_parameters`, groups that divide and groups that do not."""
    groups = _whole(rng, 1, 6)
    off = (_whole(rng, 0, groups - 1), _whole(rng, 0, groups - 1)) if rng.random() < 0.3 else (0, 0)
    channels, filters = (groups * _whole(rng, 1, 9) + more for more in off)
    keywords = _some(rng, bias=bool(rng.random() < 0.5))
    return (_whole(rng, 1, 7), channels, filters), {**keywords, **({} if groups == 1 else {"groups": groups})}


def stack(rng: Generator) -> Call:
    """Return arguments of `receptive_field`: no layer skips cells."""
    layers = []
    for _ in range(_whole(rng, 1, 6)):
        kernel_size = _whole(rng, 1, 5)
        layers.append((kernel_size, _whole(rng, 1, kernel_size)))
    return (layers,), {}


def separable(rng: Generator) -> Call:
    """Return arguments of `depthwise_separable_parameters`."""
    return (_whole(rng, 1, 9), _whole(rng, 1, 40), _whole(rng, 1, 40)), {}


def dense_block(rng: Generator) -> Call:
    """Return arguments of `dense_block`."""
    return (_whole(rng, 1, 80), _whole(rng, 1, 40), _whole(rng, 1, 12)), {}


def transposed(rng: Generator) -> Call:
    """Return arguments of `conv_transpose_output_size`; nothing is left only where nothing is added at the end."""
    size, kernel_size, stride = _whole(rng, 1, 12), _whole(rng, 1, 7), _whole(rng, 1, 4)
    stride = 1 if rng.random() < 0.3 else stride
    extra = _whole(rng, 0, stride) if rng.random() < 0.4 else 0
    most = ((size - 1) * stride + kernel_size - 1) // 2
    padding = _whole(rng, 0, 4) if extra == 0 else _whole(rng, 0, min(4, most))
    given = {"stride": stride, "padding": padding, "output_padding": extra}
    return (size, kernel_size), _but_defaults(rng, given, {"stride": 1, "padding": 0, "output_padding": 0})


def stamps(rng: Generator) -> Call:
    """Return arguments of `overlap_counts`."""
    return (_whole(rng, 1, 8), _whole(rng, 1, 6), _whole(rng, 1, 5)), {}


def _layer(rng: Generator) -> tuple[int, int, int, int]:
    """Return size, kernel size, stride and padding of a layer that exists."""
    kernel_size, padding = _whole(rng, 1, 5), _whole(rng, 0, 3)
    padding = 0 if rng.random() < 0.4 else padding
    stride = 1 if rng.random() < 0.4 else _whole(rng, 2, 4)
    return max(kernel_size - 2 * padding, 1) + _whole(rng, 0, 8), kernel_size, stride, padding


def weight_gradient(rng: Generator) -> Call:
    """Return arguments of `conv1d_weight_gradient`."""
    size, kernel_size, stride, padding = _layer(rng)
    upper = _line(rng, (size + 2 * padding - kernel_size) // stride + 1)
    given = {"stride": stride, "padding": padding}
    return (upper, _line(rng, size), kernel_size), _but_defaults(rng, given, {"stride": 1, "padding": 0})


def input_gradient(rng: Generator) -> Call:
    """Return arguments of `conv1d_input_gradient`."""
    size, kernel_size, stride, padding = _layer(rng)
    upper = _line(rng, (size + 2 * padding - kernel_size) // stride + 1)
    given = {"stride": stride, "padding": padding}
    return (upper, _line(rng, kernel_size), size), _but_defaults(rng, given, {"stride": 1, "padding": 0})


def pool_gradient(rng: Generator) -> Call:
    """Return arguments of `max_pool1d_backward`; small numbers, so that many are equal."""
    kernel_size = _whole(rng, 1, 4)
    size, stride = kernel_size + _whole(rng, 0, 7), _whole(rng, 1, 4)
    line = rng.integers(-3, 3, size).astype(float) if rng.random() < 0.5 else _line(rng, size)
    step = kernel_size if rng.random() < 0.4 else stride
    given = {} if step == kernel_size and rng.random() < 0.5 else {"stride": step}
    return (_line(rng, (size - kernel_size) // step + 1), line, kernel_size), given


def averages(rng: Generator) -> Call:
    """Return arguments of `avg_pool1d`."""
    kernel_size = _whole(rng, 1, 5)
    line = _line(rng, kernel_size + _whole(rng, 0, 7))
    settings = {"stride": _whole(rng, 1, 5), "padding": _whole(rng, 0, kernel_size // 2)}
    modes = {name: bool(rng.random() < 0.5) for name in ("ceil_mode", "count_include_pad")}
    return (line, kernel_size), _some(rng, **settings, **modes)


def batch(rng: Generator) -> Call:
    """Return arguments of `batch_norm`: channels of different places and spreads, some of them constant."""
    shape = (_whole(rng, 2, 4), _whole(rng, 1, 4), _whole(rng, 1, 4), _whole(rng, 1, 4))
    channels = shape[1]
    x = rng.normal(size=shape) * rng.uniform(0.5, 4, (channels, 1, 1)) + rng.normal(0, 9, (channels, 1, 1))
    if rng.random() < 0.2:
        x[:, 0] = 0.5
    gamma, beta = rng.normal(0, 2, channels), rng.normal(0, 5, channels)
    return (x, gamma, beta), {"eps": float(rng.uniform(0.1, 2))} if rng.random() < 0.4 else {}


BONUS: dict[str, Callable[[Generator], Call]] = {
    "ex40-local-connection": links,
    "ex40-sharing": filter_gradient,
    "arch1-keras-output-size": keras_size,
    "arch1-count-network": network,
    "arch1-grouped-parameters": grouped,
    "arch2-receptive-field": stack,
    "arch2-separable": separable,
    "arch2-dense-block": dense_block,
    "arch2-transposed-size": transposed,
    "arch2-overlap-counts": stamps,
    "arch3-weight-gradient": weight_gradient,
    "arch3-input-gradient": input_gradient,
    "arch3-max-pool-gradient": pool_gradient,
    "arch3-avg-pool": averages,
    "arch3-batch-norm": batch,
}
"""Question id -> one random call within the contract."""
