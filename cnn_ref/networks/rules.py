"""Rules, one for each kind of layer: the shape that a layer makes of another, and its cost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import singledispatch
from typing import TypeAlias

from cnn_ref._integers import ends, pair, whole
from cnn_ref.layer_parameters import batch_norm_parameters, dense_parameters
from cnn_ref.networks import description as d
from cnn_ref.networks.errors import ImpossibleLayerError
from cnn_ref.receptive_field import ReceptiveField
from cnn_ref.same_size import same_padding_sides
from cnn_ref.sizes import conv_output_size, effective_kernel_size, transposed_output_size

Shape: TypeAlias = tuple[int, ...]
Fields: TypeAlias = tuple[ReceptiveField, ReceptiveField]


@dataclass(frozen=True)
class Measured:
    """What one layer gives for one image. `stored`: whether its output takes memory of its own."""

    output_shape: Shape
    fields: Fields
    parameters: int = 0
    buffers: int = 0
    multiply_accumulates: int = 0
    connections: int = 0
    stored: bool = True


@singledispatch
def measure(layer: d.Layer, path: str, shape: Shape, fields: Fields) -> Measured:  # noqa: ARG001 - the registered rules use them
    """Return what `layer` does to an input of `shape` whose cells see `fields` of the network's input."""
    raise TypeError(f"layer {path!r} has no rule: {type(layer).__name__}; legal: the classes of networks.description")


def image(path: str, shape: Shape) -> tuple[int, int, int]:
    """Return (channels, height, width), or raise where the input is flat already."""
    if len(shape) != 3:
        raise ImpossibleLayerError(path, shape, "it needs an input (channels, height, width)", "put it before Flatten")
    return shape[0], shape[1], shape[2]


def flat(path: str, shape: Shape) -> int:
    """Return the number of features, or raise where the input is an image."""
    if len(shape) != 1:
        raise ImpossibleLayerError(
            path, shape, "it needs an input (features,)", f"Flatten before it, which gives ({math.prod(shape)},)"
        )
    return shape[0]


@dataclass(frozen=True)
class Axis:
    """A window along one axis, padding resolved to (begin, end)."""

    size: int
    kernel_size: int
    stride: int
    begin: int
    end: int
    dilation: int = 1

    @property
    def output(self) -> int:
        """Positions of the window."""
        return conv_output_size(self.size, self.kernel_size, self.stride, (self.begin, self.end), self.dilation)


def axes(
    path: str, shape: Shape, kernel_size: d.Pair, stride: d.Pair, padding: d.Sides, dilation: d.Pair = 1
) -> tuple[Axis, Axis]:
    """Return the window along both axes, or raise where it does not fit."""
    _, *sizes = image(path, shape)
    kernels, strides = pair(f"{path}: kernel_size", kernel_size, 1), pair(f"{path}: stride", stride, 1)
    dilations = pair(f"{path}: dilation", dilation, 1)
    found = []
    for axis, (size, kernel, step, rate) in enumerate(zip(sizes, kernels, strides, dilations, strict=True)):
        begin, end = _sides(path, padding, axis, size, kernel, step, rate)
        span = effective_kernel_size(kernel, rate)
        if span > size + begin + end:
            raise _too_small(path, shape, axis, kernel, rate, begin, end)
        found.append(Axis(size, kernel, step, begin, end, rate))
    return found[0], found[1]


def _sides(
    path: str, padding: d.Sides, axis: int, size: int, kernel: int, stride: int, dilation: int
) -> tuple[int, int]:
    if isinstance(padding, str):
        if padding == "valid":
            return 0, 0
        if padding == "same":
            return same_padding_sides(size, kernel, stride, dilation)
        raise ValueError(f'{path}: padding must be a number, pairs, "valid" or "same", got {padding!r}')
    if isinstance(padding, tuple):
        if len(padding) != 2:
            raise ValueError(f"{path}: padding must have one entry an axis, got {padding!r}")
        return ends(f"{path}: padding[{axis}]", padding[axis])
    return ends(f"{path}: padding", padding)


def _too_small(
    path: str, shape: Shape, axis: int, kernel: int, dilation: int, begin: int, end: int
) -> ImpossibleLayerError:
    name, size = ("height", "width")[axis], shape[1 + axis]
    span, room = effective_kernel_size(kernel, dilation), size + begin + end
    largest = (room - 1) // dilation + 1
    needed = begin + -(-(span - room) // 2)
    return ImpossibleLayerError(
        path,
        shape,
        f"the kernel must fit into the padded input, but along the {name} it spans {span} cells (kernel_size {kernel}"
        f", dilation {dilation}) of {room} (size {size} + padding {begin} + {end})",
        f"kernel_size {largest}, or padding {needed} at each end, or an input of {name} {size + span - room}",
    )


def _after(window: tuple[Axis, Axis], fields: Fields) -> Fields:
    rows, columns = (
        field.after_window(axis.kernel_size, axis.stride, axis.begin, axis.dilation)
        for axis, field in zip(window, fields, strict=True)
    )
    return rows, columns


@measure.register
def _(layer: d.Conv, path: str, shape: Shape, fields: Fields) -> Measured:
    channels, *_ = image(path, shape)
    filters, groups = whole(f"{path}: filters", layer.filters, 1), whole(f"{path}: groups", layer.groups, 1)
    if channels % groups or filters % groups:
        common = math.gcd(channels, filters)
        legal = [number for number in range(1, common + 1) if common % number == 0]
        nearest = min(legal, key=lambda number: abs(number - groups))
        rule = f"groups must divide in_channels {channels} and filters {filters}, got {groups}"
        raise ImpossibleLayerError(path, shape, rule, f"groups {nearest} of {legal}")
    window = axes(path, shape, layer.kernel_size, layer.stride, layer.padding, layer.dilation)
    reads = _channels_read(layer, path, shape)
    taps, positions = math.prod(axis.kernel_size for axis in window), math.prod(axis.output for axis in window)
    weights, biases = taps * sum(reads), filters * bool(layer.bias)
    return Measured(
        (filters, *(axis.output for axis in window)),
        _after(window, fields),
        parameters=weights + biases,
        multiply_accumulates=weights * positions,
        connections=(weights + biases) * positions,
    )


def _channels_read(layer: d.Conv, path: str, shape: Shape) -> tuple[int, ...]:
    """Return how many input channels each filter reads."""
    if layer.connections is None:
        return (shape[0] // layer.groups,) * layer.filters
    if len(layer.connections) != layer.filters or not all(1 <= read <= shape[0] for read in layer.connections):
        rule = f"connections must name 1 to {shape[0]} channels for each of {layer.filters} filters"
        received = f", got {layer.connections}"
        raise ImpossibleLayerError(path, shape, rule + received, f"({shape[0]},) * {layer.filters}")
    return layer.connections


@measure.register
def _(layer: d.ConvTranspose, path: str, shape: Shape, fields: Fields) -> Measured:
    channels, *sizes = image(path, shape)
    filters = whole(f"{path}: filters", layer.filters, 1)
    settings = list(
        zip(
            sizes,
            pair(f"{path}: kernel_size", layer.kernel_size, 1),
            pair(f"{path}: stride", layer.stride, 1),
            pair(f"{path}: padding", layer.padding, 0),
            pair(f"{path}: output_padding", layer.output_padding, 0),
            strict=True,
        )
    )
    try:
        output = tuple(transposed_output_size(*axis) for axis in settings)
    except ValueError as error:
        raise ImpossibleLayerError(path, shape, str(error), "padding 0 and output_padding 0") from error
    rows, columns = (
        field.after_transposed_window(kernel, stride, padding)
        for field, (_, kernel, stride, padding, _) in zip(fields, settings, strict=True)
    )
    weights = channels * filters * math.prod(kernel for _, kernel, *_ in settings)
    biases = filters * bool(layer.bias)
    products = weights * math.prod(sizes)  # every input cell is multiplied with the whole kernel
    return Measured(
        (filters, *output),
        (rows, columns),
        parameters=weights + biases,
        multiply_accumulates=products,
        connections=products + biases * math.prod(output),
    )


@measure.register
def _(layer: d.Pool, path: str, shape: Shape, fields: Fields) -> Measured:
    stride = layer.kernel_size if layer.stride is None else layer.stride
    window = axes(path, shape, layer.kernel_size, stride, layer.padding)
    kernel = tuple(axis.kernel_size for axis in window)
    if any(2 * max(axis.begin, axis.end) > axis.kernel_size for axis in window):
        received = tuple((axis.begin, axis.end) for axis in window)
        rule = f"padding of a pooling layer must be at most half the window, got {received} for {kernel}"
        raise ImpossibleLayerError(path, shape, rule, f"padding {tuple(taps // 2 for taps in kernel)}")
    output = []
    for axis in window:
        # The last window of ceil mode may hang over the end but must start before the padding there (as in torch).
        starts_inside = axis.output * axis.stride < axis.size + axis.begin
        left_over = (axis.output - 1) * axis.stride + axis.kernel_size < axis.size + axis.begin + axis.end
        output.append(axis.output + int(layer.ceil_mode and left_over and starts_inside))
    return Measured((shape[0], *output), _after(window, fields))


@measure.register
def _(layer: d.Subsampling, path: str, shape: Shape, fields: Fields) -> Measured:
    window = axes(path, shape, layer.kernel_size, layer.kernel_size, 0)
    taps, positions = math.prod(axis.kernel_size for axis in window), math.prod(axis.output for axis in window)
    return Measured(
        (shape[0], *(axis.output for axis in window)),
        _after(window, fields),
        parameters=2 * shape[0],
        connections=(taps + 1) * positions * shape[0],
    )


@measure.register
def _(layer: d.GlobalAveragePool, path: str, shape: Shape, fields: Fields) -> Measured:  # noqa: ARG001 - its kind
    channels, height, width = image(path, shape)
    return Measured((channels, 1, 1), _whole_input(fields, (height, width)))


@measure.register
def _(layer: d.Flatten, path: str, shape: Shape, fields: Fields) -> Measured:  # noqa: ARG001 - its kind
    channels, height, width = image(path, shape)
    return Measured((channels * height * width,), _whole_input(fields, (height, width)), stored=False)


def _whole_input(fields: Fields, sizes: tuple[int, int]) -> Fields:
    """Return the field of something that reads every cell."""
    rows, columns = (field.after_window(size, size, 0) for field, size in zip(fields, sizes, strict=True))
    return rows, columns


@measure.register
def _(layer: d.Dense, path: str, shape: Shape, fields: Fields) -> Measured:
    features, units = flat(path, shape), whole(f"{path}: units", layer.units, 1)
    parameters = dense_parameters(features, units, layer.bias)
    return Measured((units,), fields, parameters, 0, features * units, parameters)


@measure.register
def _(layer: d.RadialBasis, path: str, shape: Shape, fields: Fields) -> Measured:
    fixed = flat(path, shape) * whole(f"{path}: units", layer.units, 1)
    return Measured((layer.units,), fields, buffers=fixed, connections=fixed)


@measure.register
def _(layer: d.BatchNorm, path: str, shape: Shape, fields: Fields) -> Measured:  # noqa: ARG001 - fits everywhere
    trainable, buffers = batch_norm_parameters(shape[0])
    return Measured(shape, fields, trainable if layer.scale else trainable // 2, buffers)


@measure.register
def _(layer: d.Elementwise, path: str, shape: Shape, fields: Fields) -> Measured:  # noqa: ARG001 - fits everywhere
    return Measured(shape, fields, stored=not layer.in_place)


@measure.register
def _(layer: d.Crop, path: str, shape: Shape, fields: Fields) -> Measured:
    channels, height, width = image(path, shape)
    margin = whole(f"{path}: margin", layer.margin, 0)
    if 2 * margin >= min(height, width):
        rule = f"margin must leave at least one cell, got {margin} at each side"
        raise ImpossibleLayerError(path, shape, rule, f"margin {(min(height, width) - 1) // 2}")
    rows, columns = (field.after_window(1, 1, -margin) for field in fields)
    return Measured((channels, height - 2 * margin, width - 2 * margin), (rows, columns), stored=False)


@measure.register
def _(layer: d.Subsample, path: str, shape: Shape, fields: Fields) -> Measured:
    channels, *_ = image(path, shape)
    if layer.filters < channels:
        rule = f"it can only append channels: {channels} come in, {layer.filters} shall go out"
        raise ImpossibleLayerError(path, shape, rule, f"filters {channels}")
    window = axes(path, shape, 1, layer.stride, 0)
    return Measured((layer.filters, *(axis.output for axis in window)), _after(window, fields))
