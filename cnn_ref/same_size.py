"""The two meanings of "same": an output as long as the input, and TensorFlow's SAME (input / stride, rounded up)."""

from __future__ import annotations

from typing import Literal

from cnn_ref._integers import whole
from cnn_ref.sizes import effective_kernel_size


def same_padding(size: int, kernel_size: int, stride: int) -> int:
    """Smallest padding per end with which the output is as long as the input.

    It is the smallest whole P >= 0 with floor((size - kernel_size + 2P) / stride) + 1 == size.

    Parameters
    ----------
    size, kernel_size, stride : int
        Input cells, kernel taps and stride along the axis, each at least 1.

    Returns
    -------
    int
        Cells to add at each end.

    Raises
    ------
    ValueError
        If no symmetric padding keeps the size (an even kernel with stride 1), or a number is below 1.
    TypeError
        If an argument is not an integer.

    Notes
    -----
    The floor leaves `stride` legal values for 2P, from (size - 1) stride - size + kernel_size on; two neighbors hold
    an even one, so only stride 1 can fail. Above stride 1 most windows then see nothing but padding; what
    frameworks call SAME is `same_padding_sides`.

    Examples
    --------
    >>> same_padding(28, 5, 1), same_padding(28, 3, 2)
    (2, 15)
    """
    size, kernel_size, stride = whole("size", size, 1), whole("kernel_size", kernel_size, 1), whole("stride", stride, 1)
    least_total = (size - 1) * stride - size + kernel_size  # never negative: (size - 1)(stride - 1) + kernel_size - 1
    padding = -(-least_total // 2)
    if 2 * padding > least_total + stride - 1:
        raise ValueError(
            f"no symmetric padding keeps the size: kernel_size {kernel_size} at stride {stride} needs an odd number of "
            f"cells in total, {least_total}; legal: an odd kernel_size, or sides that differ (same_padding_sides)"
        )
    return padding


def same_padding_sides(
    size: int, kernel_size: int, stride: int, dilation: int = 1, *, odd_cell: Literal["begin", "end"] = "end"
) -> tuple[int, int]:
    """Cells that TensorFlow's and Keras' SAME adds before and after the input; an odd cell goes to the end.

    Parameters
    ----------
    size, kernel_size, stride, dilation : int
        Input cells, kernel taps, stride and dilation along the axis, each at least 1.
    odd_cell : {"end", "begin"}
        Where the odd cell goes: to the end in TensorFlow, Keras, torch and ONNX' SAME_UPPER, to the begin in ONNX'
        SAME_LOWER.

    Returns
    -------
    (int, int)
        Cells at the begin and at the end; the output has ceil(size / stride) cells.

    Raises
    ------
    ValueError, TypeError
        If a number is below 1 or not an integer, or `odd_cell` is neither of the two.

    Notes
    -----
    total = max((ceil(size / stride) - 1) stride + d(k - 1) + 1 - size, 0); begin = total // 2.
    Source: TensorFlow, `tf.nn` documentation, notes on padding.

    Examples
    --------
    >>> same_padding_sides(6, 3, 2)  # a symmetric padding of 1 would look at other cells
    (0, 1)
    """
    size, stride = whole("size", size, 1), whole("stride", stride, 1)
    total = max((same_output_size(size, stride) - 1) * stride + effective_kernel_size(kernel_size, dilation) - size, 0)
    if odd_cell not in ("begin", "end"):
        raise ValueError(f'odd_cell must be "begin" or "end", got {odd_cell!r}')
    half, rest = total // 2, total - total // 2
    return (half, rest) if odd_cell == "end" else (rest, half)


def same_output_size(size: int, stride: int) -> int:
    """Output cells under TensorFlow's and Keras' SAME: ceil(size / stride), whatever the kernel.

    Parameters
    ----------
    size, stride : int
        Input cells and stride along the axis, each at least 1.

    Returns
    -------
    int
        Output cells along the axis.

    Raises
    ------
    ValueError, TypeError
        If a number is below 1 or not an integer.

    Notes
    -----
    Source: TensorFlow, `tf.nn` documentation, notes on padding.

    Examples
    --------
    >>> same_output_size(28, 2), same_output_size(27, 2)
    (14, 14)
    """
    return -(-whole("size", size, 1) // whole("stride", stride, 1))
