"""Checks of the arguments of a convolution: arrays that belong together, settings that leave at least one window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cnn_ref._integers import whole
from cnn_ref._validate import Array, Padding, PerAxis, Sides, exact_shape, explicit_sides, fits, numeric_array, per_axis
from cnn_ref._window import Window
from cnn_ref.same_size import same_padding_sides
from cnn_ref.sizes import conv_output_size, full_padding

IMAGE_AXES = {1: "N, C, W", 2: "N, C, H, W"}
WEIGHT_AXES = {1: "O, C/groups, kW", 2: "O, C/groups, kH, kW"}


@dataclass(frozen=True, slots=True)
class ConvCall:
    """Checked arguments; one-dimensional arrays have received a height of 1."""

    image: Array
    weight: Array
    bias: Array | None
    window: Window


def conv_call(
    image: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None,
    stride: PerAxis,
    padding: Padding,
    dilation: PerAxis,
    groups: int,
    axes: int = 2,
) -> ConvCall:
    """Return the checked arguments of a convolution over the last `axes` axes."""
    image = numeric_array("input", image, IMAGE_AXES[axes])
    weight = numeric_array("weight", weight, WEIGHT_AXES[axes], may_be_empty="")
    groups = channel_groups(image.shape[1], weight.shape, groups)
    if bias is not None:
        bias = bias_vector(bias, weight.shape[0])
    strides, dilations = per_axis("stride", stride, 1, axes), per_axis("dilation", dilation, 1, axes)
    sizes, kernel = image.shape[2:], weight.shape[2:]
    sides = padding_sides(padding, sizes, kernel, strides, dilations)
    fits(kernel, sizes, sides, dilations)
    settings = zip(sizes, kernel, strides, sides, dilations, strict=True)
    output = tuple(conv_output_size(*setting) for setting in settings)
    return ConvCall(lift(image), lift(weight), bias, make_window(kernel, strides, sides, dilations, output, groups))


def make_window(
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    sides: Sides,
    dilation: tuple[int, ...],
    output: tuple[int, ...],
    groups: int,
) -> Window:
    """Return a two-dimensional window; a one-dimensional one receives a height of 1."""
    one_dimensional = len(kernel) == 1
    lead: tuple[int, ...] = (1,) if one_dimensional else ()
    return Window(
        kernel=_two(lead + kernel),
        stride=_two(lead + stride),
        sides=((0, 0), *sides) if one_dimensional else sides,
        dilation=_two(lead + dilation),
        output=_two(lead + output),
        groups=groups,
    )


def channel_groups(in_channels: int, weight_shape: tuple[int, ...], groups: int) -> int:
    """Return `groups` if it divides the channels and filters and `weight` reads in_channels / groups channels."""
    groups = whole("groups", groups, 1)
    filters, per_group = weight_shape[:2]
    if in_channels % groups or filters % groups:
        raise ValueError(
            f"groups must divide the input channels and the filters: groups {groups}, {in_channels} channels, "
            f"{filters} filters; legal: a common divisor, from 1 to {np.gcd(in_channels, filters)}"
        )
    if per_group * groups != in_channels:
        raise ValueError(
            f"each filter must read in_channels / groups channels: input has {in_channels} channels, groups {groups}, "
            f"weight of shape {weight_shape} reads {per_group}; legal: {in_channels // groups}"
        )
    return groups


def bias_vector(bias: ArrayLike, filters: int) -> Array:
    """Return `bias` if it holds one number for each filter."""
    return exact_shape("bias", numeric_array("bias", bias, "O"), (filters,), "O")


def padding_sides(
    padding: Padding,
    sizes: tuple[int, ...],
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
) -> Sides:
    """Return any legal `padding` as (begin, end) for each axis."""
    axes = len(sizes)
    if not isinstance(padding, str):
        return explicit_sides("padding", padding, axes)
    if padding == "valid":
        return ((0, 0),) * axes
    if padding == "full":
        return tuple((full_padding(taps, step),) * 2 for taps, step in zip(kernel, dilation, strict=True))
    if padding == "same":
        return tuple(same_padding_sides(*each) for each in zip(sizes, kernel, stride, dilation, strict=True))
    raise ValueError(f"padding must be numbers or one of 'valid', 'same', 'full', got {padding!r}")


def grad_output_array(grad_output: ArrayLike, image: Array, weight: Array, window: Window, axes: int = 2) -> Array:
    """Return the gradient that arrives from above if it has the shape of the output, lifted to two dimensions."""
    names = IMAGE_AXES[axes].replace("C", "O")
    array = numeric_array("grad_output", grad_output, names)
    expected = (image.shape[0], weight.shape[0], *window.output[-axes:])
    return lift(exact_shape("grad_output", array, expected, names))


def lift(array: Array) -> Array:
    """Return (A, B, W) as (A, B, 1, W); four axes stay as they are."""
    return array[:, :, np.newaxis] if array.ndim == 3 else array


def _two(numbers: tuple[int, ...]) -> tuple[int, int]:
    height, width = numbers
    return height, width
