"""Hypothesis strategies for layers: shapes that fit together and values whose sums are exact in floating point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

Array = NDArray[Any]


def whole_floats(shape: tuple[int, ...], dtype: Any = np.float64) -> st.SearchStrategy[Array]:
    """Arrays of small whole numbers: every sum of their products is exact, so results are compared with ==.

    NumPy draws the numbers, from a seed and within a span; Hypothesis would take most of a test's time for them.
    """

    def drawn(seed: int, span: int) -> Array:
        return np.random.default_rng(seed).integers(-span, span, shape, endpoint=True).astype(dtype)

    return st.builds(drawn, st.integers(0, 1 << 32), st.integers(0, 4))


@dataclass(frozen=True)
class ConvCase:
    """One legal call of conv2d, with every setting written out."""

    image: Array
    weight: Array
    bias: Array | None
    stride: tuple[int, int]
    padding: tuple[tuple[int, int], tuple[int, int]]
    dilation: tuple[int, int]
    groups: int

    @property
    def settings(self) -> dict[str, Any]:
        """The keyword arguments after the bias."""
        return {
            "stride": self.stride,
            "padding": self.padding,
            "dilation": self.dilation,
            "groups": self.groups,
        }


@st.composite
def conv_cases(
    draw: st.DrawFn,
    *,
    groups: st.SearchStrategy[int] | None = None,
    symmetric: bool = False,
    largest_kernel: int = 4,
    smallest_batch: int = 0,
) -> ConvCase:
    """Legal calls of conv2d: rectangles, remainders, asymmetric padding, dilation, groups, empty batches."""
    pair = st.tuples
    number_of_groups = draw(groups if groups is not None else st.integers(1, 3))
    per_group, filters_per_group = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    kernel = draw(pair(st.integers(1, largest_kernel), st.integers(1, largest_kernel)))
    stride = draw(pair(st.integers(1, 3), st.integers(1, 3)))
    dilation = draw(pair(st.integers(1, 3), st.integers(1, 3)))
    ends = st.integers(0, 3)
    if symmetric:
        padding = tuple((cells, cells) for cells in draw(pair(ends, ends)))
    else:
        padding = draw(pair(pair(ends, ends), pair(ends, ends)))
    sizes = []
    for axis in range(2):
        span = (kernel[axis] - 1) * dilation[axis] + 1
        sizes.append(max(1, span - sum(padding[axis])) + draw(st.integers(0, 5)))
    batch = draw(st.integers(smallest_batch, 2))
    image = draw(whole_floats((batch, per_group * number_of_groups, *sizes)))
    filters = filters_per_group * number_of_groups
    weight = draw(whole_floats((filters, per_group, *kernel)))
    bias = draw(st.none() | whole_floats((filters,)))
    return ConvCase(image, weight, bias, stride, padding, dilation, number_of_groups)


@dataclass(frozen=True)
class TransposedCase:
    """One legal call of conv_transpose2d, with every setting written out."""

    image: Array
    weight: Array
    bias: Array | None
    stride: tuple[int, int]
    padding: tuple[tuple[int, int], tuple[int, int]]
    output_padding: tuple[int, int]
    groups: int
    dilation: tuple[int, int]

    @property
    def settings(self) -> dict[str, Any]:
        """The keyword arguments after the bias."""
        return {
            "stride": self.stride,
            "padding": self.padding,
            "output_padding": self.output_padding,
            "groups": self.groups,
            "dilation": self.dilation,
        }


@st.composite
def transposed_cases(draw: st.DrawFn, *, symmetric: bool = False) -> TransposedCase:
    """Legal calls of conv_transpose2d, output padding up to the larger of stride and dilation included."""
    pair = st.tuples
    groups = draw(st.integers(1, 3))
    per_group, outputs_per_group = draw(st.integers(1, 2)), draw(st.integers(1, 3))
    kernel = draw(pair(st.integers(1, 3), st.integers(1, 3)))
    stride = draw(pair(st.integers(1, 3), st.integers(1, 3)))
    dilation = draw(pair(st.integers(1, 3), st.integers(1, 3)))
    sizes = draw(pair(st.integers(1, 4), st.integers(1, 4)))
    extra, padding = [], []
    for axis in range(2):
        extra.append(draw(st.integers(0, max(stride[axis], dilation[axis]) - 1)))
        uncut = (sizes[axis] - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1 + extra[axis]
        if symmetric:
            cut = draw(st.integers(0, min(3, (uncut - 1) // 2)))
            padding.append((cut, cut))
        else:
            begin = draw(st.integers(0, min(3, uncut - 1)))
            padding.append((begin, draw(st.integers(0, min(3, uncut - 1 - begin)))))
    image = draw(whole_floats((draw(st.integers(0, 2)), per_group * groups, *sizes)))
    weight = draw(whole_floats((per_group * groups, outputs_per_group, *kernel)))
    bias = draw(st.none() | whole_floats((outputs_per_group * groups,)))
    return TransposedCase(image, weight, bias, stride, tuple(padding), tuple(extra), groups, dilation)
