"""Wide random inputs, question by question, that say whether a changed function is really wrong.

They share nothing with the hidden cases but the contract printed in the notebooks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.wide_inputs_bonus import BONUS
from benchmarks.wide_inputs_chapters import CHAPTERS

Call = tuple[tuple[Any, ...], dict[str, Any]]
Generator = np.random.Generator


def _whole(rng: Generator, low: int, high: int) -> int:
    return int(rng.integers(low, high + 1))


def _array(rng: Generator, *shape: int) -> np.ndarray[Any, Any]:
    kind = rng.choice(["float64", "int64", "float64"])
    numbers = rng.normal(0, 4, shape) if kind == "float64" else rng.integers(-9, 10, shape)
    return numbers.astype(kind)


def _window(rng: Generator) -> tuple[int, int, int, int, int, int]:
    """Return height, width, kernel height, kernel width, stride and padding of a layer that exists.

    Some filters are larger than the image and fit only once it is padded.
    """
    kernel_height, kernel_width, padding = _whole(rng, 1, 4), _whole(rng, 1, 4), _whole(rng, 0, 2)
    if rng.random() < 0.15:
        height, width, padding = _whole(rng, 1, 4), _whole(rng, 1, 4), _whole(rng, 1, 2)
        kernel_height, kernel_width = (side + 2 * padding - _whole(rng, 0, 1) for side in (height, width))
    else:
        height, width = _whole(rng, kernel_height, 8), _whole(rng, kernel_width, 8)
    return height, width, kernel_height, kernel_width, _whole(rng, 1, 3), padding


def _settings(rng: Generator, stride: int, padding: int) -> dict[str, Any]:
    """Return stride and padding, or one of them, or neither, so that defaults are tried too."""
    chosen = {"stride": stride, "padding": padding}
    return {name: value for name, value in chosen.items() if rng.random() < 0.8}


def size(rng: Generator) -> Call:
    """Return arguments of `conv_output_size`, possible or not."""
    layer = (_whole(rng, 1, 40), _whole(rng, 1, 12))
    return layer, _settings(rng, _whole(rng, -2, 5), _whole(rng, -2, 4))


def shape(rng: Generator) -> Call:
    """Return arguments of `conv_output_shape`."""
    kernel_size, padding = _whole(rng, 1, 5), _whole(rng, 0, 2)
    volume = (_whole(rng, 5, 40), _whole(rng, 5, 40), _whole(rng, 1, 20))
    kernel = kernel_size if rng.random() < 0.6 else (kernel_size, _whole(rng, 1, 5))
    draw = rng.random()
    if draw < 0.15:  # the smaller side is just long enough, or too short
        kernel = min(volume[:2]) + 2 * padding + _whole(rng, 0, 3)
        return (volume, _whole(rng, 1, 20), kernel), {"stride": _whole(rng, 1, 3), "padding": padding}
    if draw < 0.3:  # a setting is out of range
        return (volume, _whole(rng, 1, 20), kernel), {"stride": _whole(rng, -1, 1), "padding": _whole(rng, -1, 1)}
    return (volume, _whole(rng, 1, 20), kernel), _settings(rng, _whole(rng, 1, 4), padding)


def parameters(rng: Generator) -> Call:
    """Return arguments of `conv_parameters`."""
    return (_kernel(rng), _whole(rng, 1, 40), _whole(rng, 1, 40)), {}


def convolution(rng: Generator) -> Call:
    """Return arguments of `conv2d`."""
    height, width, kernel_height, kernel_width, stride, padding = _window(rng)
    channels, filters = _whole(rng, 1, 3), _whole(rng, 1, 3)
    x = _array(rng, _whole(rng, 1, 3), channels, height, width)
    weight = _array(rng, filters, channels, kernel_height, kernel_width)
    bias = None if rng.random() < 0.4 else _array(rng, filters)
    if kernel_height > height or kernel_width > width:
        return (x, weight, bias), {"stride": stride, "padding": padding}
    return (x, weight, bias), _settings(rng, stride, padding)


def any_convolution(rng: Generator) -> Call:
    """Return arguments of `conv2d`: also small integers, and layers that cannot exist."""
    (x, weight, bias), settings = convolution(rng)
    draw = rng.random()
    if draw < 0.1:
        photo, small = rng.integers(0, 256, x.shape, dtype=np.uint8), rng.integers(0, 9, weight.shape, dtype=np.uint8)
        return (photo, small, bias), settings
    if draw < 0.2:  # a filter one cell too long, in one direction or both
        long = [*weight.shape]
        for axis in ((2,), (3,), (2, 3))[_whole(rng, 0, 2)]:
            long[axis] = x.shape[axis] + 1 + 2 * settings.get("padding", 0)
        return (x, np.ones(long), bias), settings
    if draw < 0.35:  # one setting out of range
        return (x, weight, bias), ({"stride": 0}, {"stride": -1}, {"padding": -1})[_whole(rng, 0, 2)]
    return (x, weight, bias), settings


def depth_slice(rng: Generator) -> Call:
    """Return arguments of `depth_slice`."""
    (x, weight, bias), settings = convolution(rng)
    return (x, weight, bias, _whole(rng, 0, len(weight) - 1)), settings


def pointwise(rng: Generator) -> Call:
    """Return arguments of `conv1x1`."""
    channels, filters = _whole(rng, 1, 4), _whole(rng, 1, 4)
    x = _array(rng, _whole(rng, 1, 3), channels, _whole(rng, 1, 5), _whole(rng, 1, 5))
    bias = None if rng.random() < 0.4 else _array(rng, filters)
    return (x, _array(rng, filters, channels), bias), {}


def cost(rng: Generator) -> Call:
    """Return arguments of `conv_multiplications`."""
    return tuple(_whole(rng, 1, 30) for _ in range(5)), {}


def bottleneck(rng: Generator) -> Call:
    """Return arguments of `bottleneck_multiplications`."""
    return tuple(_whole(rng, 1, 30) for _ in range(6)), {}


def pooling(rng: Generator) -> Call:
    """Return arguments of `max_pool2d`."""
    height, width, kernel_height, kernel_width, _, _ = _window(rng)
    height, width = max(height, kernel_height), max(width, kernel_width)
    x = _array(rng, _whole(rng, 1, 3), _whole(rng, 1, 3), height, width)
    if rng.random() < 0.1:  # too long in one direction, or below 1
        long = [(height + 1, kernel_width), (kernel_height, width + 1), max(height, width) + 1]
        window = [*long, (0, kernel_width), (kernel_height, 0), 0][_whole(rng, 0, 5)]
        return (x, window), {"stride": _whole(rng, 1, 2)} if rng.random() < 0.5 else {}
    if rng.random() < 0.05:
        step = [(_whole(rng, 1, 2), -1), (-2, _whole(rng, 1, 2)), -1][_whole(rng, 0, 2)]
        # A window as long as the image: the formula gives one position for any step.
        return (x[:, :, :kernel_height, :kernel_width], (kernel_height, kernel_width), step), {}
    if rng.random() < 0.25:
        return (x, (kernel_height, kernel_width)), {}
    if rng.random() < 0.2:  # the step is the window on its side
        return (x, (kernel_height, kernel_width)), {"stride": (kernel_width, kernel_height)}
    if rng.random() < 0.5:
        if rng.random() < 0.3:  # window and stride agree in one direction, or nearly
            side = min(kernel_height, width)
            return (x, side, (side, _whole(rng, 1, 3)) if rng.random() < 0.5 else (_whole(rng, 1, 3), side)), {}
        return (x, (kernel_height, kernel_width)), {"stride": (_whole(rng, 1, 3), _whole(rng, 1, 3))}
    side = min(height, width, kernel_height)
    return (x, side) if rng.random() < 0.5 else (x, side, _whole(rng, 1, 3)), {}


def same_padding(rng: Generator) -> Call:
    """Return arguments of `same_padding`, for which a padding exists or not."""
    size, kernel_size = (_whole(rng, 1, 40), _whole(rng, 1, 8)) if rng.random() < 0.8 else (_whole(rng, 1, 3), 11)
    return (size, kernel_size + _whole(rng, 0, 3), _whole(rng, 1, 4)), {}


def _kernel(rng: Generator) -> int | tuple[int, int]:
    """Return a kernel size: one number or two."""
    return _whole(rng, 1, 9) if rng.random() < 0.7 else (_whole(rng, 1, 9), _whole(rng, 1, 9))


def connections(rng: Generator) -> Call:
    """Return arguments of `filter_shape` and `connections_per_unit`."""
    return (_kernel(rng), _whole(rng, 1, 30)), {}


def shared(rng: Generator) -> Call:
    """Return arguments of `shared_parameters`."""
    keywords = {"bias": bool(rng.random() < 0.5)} if rng.random() < 0.6 else {}
    return (_kernel(rng), _whole(rng, 1, 30), _whole(rng, 1, 30)), keywords


def unshared(rng: Generator) -> Call:
    """Return arguments of `unshared_parameters`."""
    arguments, keywords = shared(rng)
    return (*arguments, _whole(rng, 1, 20), _whole(rng, 1, 20)), keywords


def table(rng: Generator) -> Call:
    """Return a table of features, some of them constant."""
    rows, columns = _whole(rng, 2, 8), _whole(rng, 1, 4)
    features = rng.normal(0, 1, (rows, columns)) * 10.0 ** rng.integers(-2, 4, columns) + rng.normal(0, 5, columns)
    if rng.random() < 0.3:
        features[:, 0] = np.round(8 * features[0, 0]) / 8  # its computed mean is exact
    return (features,), {}


def regular(rng: Generator) -> Call:
    """Return a table whose columns are independent, so that a condition number exists."""
    columns = _whole(rng, 1, 4)
    return (rng.normal(0, 1, (columns + _whole(rng, 2, 6), columns)) * 2.0 ** rng.integers(-2, 4, columns),), {}


WIDE: dict[str, Callable[[Generator], Call]] = {
    "ex39-same-padding": same_padding,
    "ex39-same-padding-sides": same_padding,
    "ex40-filter-shape": connections,
    "ex40-connections-per-unit": connections,
    "ex40-shared-parameters": shared,
    "ex40-unshared-parameters": unshared,
    "ex41-conv-output-size": size,
    "ex41-conv-output-shape": shape,
    "ex41-conv-parameters": parameters,
    "ex41-conv2d": any_convolution,
    "ex41-depth-slice": depth_slice,
    "ex42-conv1x1": pointwise,
    "ex42-conv-multiplications": cost,
    "ex42-bottleneck-multiplications": bottleneck,
    "ex43-max-pool2d": pooling,
    "ex44-standardize": table,
    "ex44-min-max-scale": table,
    "ex44-condition-number": regular,
    **BONUS,
    **CHAPTERS,
}
"""Question id -> one random call within the contract."""


def calls(question: str, count: int, seed: int = 20) -> Iterator[Call]:
    """Yield random calls of a question's function."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        yield WIDE[question](rng)
