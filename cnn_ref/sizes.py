"""Output sizes and paddings: how long a layer's output is, and what keeps it as long as the input.

Every size is along one axis and in cells. Division rounds down: a window that does not fit is not placed.
Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning, arXiv 1603.07285.
"""

from __future__ import annotations

from collections.abc import Sequence

from cnn_ref._integers import Pair, ends, pair, whole


def effective_kernel_size(kernel_size: int, dilation: int = 1) -> int:
    """Cells from the first to the last tap of a dilated kernel: d(k - 1) + 1.

    Parameters
    ----------
    kernel_size : int
        Number of taps, k >= 1.
    dilation : int
        Distance between neighboring taps, d >= 1; 1 is the plain kernel.

    Returns
    -------
    int
        Cells that one window spans.

    Raises
    ------
    ValueError, TypeError
        If a number is below 1 or not an integer.

    Examples
    --------
    >>> effective_kernel_size(3, dilation=2)
    5
    """
    return whole("dilation", dilation, 1) * (whole("kernel_size", kernel_size, 1) - 1) + 1


def conv_output_size(size: int, kernel_size: int, stride: int = 1, padding: Pair = 0, dilation: int = 1) -> int:
    """Positions of a window along one axis: floor((size + 2 * padding - kernel) / stride) + 1.

    Parameters
    ----------
    size : int
        Input cells along the axis, at least 1.
    kernel_size : int
        Taps of the kernel along the axis, at least 1.
    stride : int
        Cells between neighboring windows, at least 1.
    padding : int or (int, int)
        Cells added at each end, or (begin, end); at least 0.
    dilation : int
        Cells between neighboring taps, at least 1 (1 is the plain kernel).

    Returns
    -------
    int
        Output cells along the axis, at least 1.

    Raises
    ------
    ValueError
        If the layer is impossible: a number out of range, or a kernel longer than the padded input.
    TypeError
        If an argument is not an integer.

    Notes
    -----
    Source: Dumoulin and Visin, relationship 6 (and 15 for dilation).

    Examples
    --------
    >>> conv_output_size(227, 11, stride=4)  # AlexNet's first layer
    55
    >>> conv_output_size(10, 3, stride=2)  # the last column is left over
    4
    """
    size, stride = whole("size", size, 1), whole("stride", stride, 1)
    begin, end = ends("padding", padding)
    span = effective_kernel_size(kernel_size, dilation)
    padded = size + begin + end
    if span > padded:
        taps = f"{span}" if dilation == 1 else f"{span} ({kernel_size} taps, dilation {dilation})"
        raise ValueError(
            f"the kernel must fit into the padded input: kernel {taps} > {padded} "
            f"(size {size} + padding {begin} + {end}); legal: a kernel of at most {padded}, "
            f"or at least {span - padded} more cells of padding in total"
        )
    return (padded - span) // stride + 1


def conv_output_shape(
    input_shape: Sequence[int], filters: int, kernel_size: Pair, stride: Pair = 1, padding: Pair = 0
) -> tuple[int, int, int]:
    """Shape (W2, H2, D2) of a convolution's output for an input of shape (W1, H1, D1).

    Parameters
    ----------
    input_shape : (int, int, int)
        Width, height and depth of the input, in the order of the course's exercise 41.
    filters : int
        Number of filters, at least 1; it is the depth of the output.
    kernel_size, stride : int or (int, int)
        One number for both axes, or (height, width) as everywhere else in this package.
    padding : int or (int, int)
        Cells added at each end of both axes, or (height, width).

    Returns
    -------
    (int, int, int)
        Width, height and depth of the output.

    Raises
    ------
    ValueError
        If the layer is impossible (see `conv_output_size`) or `input_shape` has not three numbers.
    TypeError
        If a number is not an integer.

    Notes
    -----
    Source: CS231n notes, Convolutional Networks, summary of the Conv layer (with the floor).

    Examples
    --------
    >>> conv_output_shape((227, 227, 3), filters=96, kernel_size=11, stride=4)
    (55, 55, 96)
    """
    if not isinstance(input_shape, (tuple, list)):
        raise TypeError(f"input_shape must be (width, height, depth), got {input_shape!r}")
    if len(input_shape) != 3:
        raise ValueError(f"input_shape must be (width, height, depth), got {len(input_shape)} values: {input_shape!r}")
    width, height, _ = (whole(f"input_shape[{axis}]", length, 1) for axis, length in enumerate(input_shape))
    kernel_height, kernel_width = pair("kernel_size", kernel_size, 1)
    stride_height, stride_width = pair("stride", stride, 1)
    padding_height, padding_width = pair("padding", padding, 0)
    return (
        conv_output_size(width, kernel_width, stride_width, padding_width),
        conv_output_size(height, kernel_height, stride_height, padding_height),
        whole("filters", filters, 1),
    )


def pool_output_size(
    size: int,
    kernel_size: int,
    stride: int | None = None,
    padding: Pair = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    """Windows of a pooling layer along one axis.

    Parameters
    ----------
    size, kernel_size, dilation : int
        As in `conv_output_size`.
    stride : int, optional
        Cells between windows; the kernel size where it is None.
    padding : int or (int, int)
        Cells added at each end, at most half the kernel (torch); or (begin, end), less than the kernel's span (ONNX).
    ceil_mode : bool
        Round up instead of down: the last window may hang over the end, but a window that would start in the
        padding at the end is dropped (torch and ONNX).

    Returns
    -------
    int
        Output cells along the axis, at least 1.

    Raises
    ------
    ValueError
        If the layer is impossible: out of range, padding above its limit, kernel above the padded input.
    TypeError
        If an argument is not an integer.

    Notes
    -----
    Source: `torch.nn.MaxPool2d`, ONNX operator MaxPool-22.

    Examples
    --------
    >>> pool_output_size(5, 2), pool_output_size(5, 2, ceil_mode=True)
    (2, 3)
    """
    stride = whole("kernel_size", kernel_size, 1) if stride is None else whole("stride", stride, 1)
    begin, end = ends("padding", padding)
    span = effective_kernel_size(kernel_size, dilation)
    spelled_out = isinstance(padding, (tuple, list))
    limit, rule = (
        (span - 1, "less than the kernel's span") if spelled_out else (kernel_size // 2, "at most half the kernel")
    )
    if max(begin, end) > limit:
        raise ValueError(
            f"padding of a pooling layer must be {rule}: padding {padding}, kernel_size {kernel_size}"
            f"; legal: 0 to {limit}"
        )
    floor_size = conv_output_size(size, kernel_size, stride, padding, dilation)
    next_start = floor_size * stride  # in padded coordinates, where the real cells start at `begin`
    left_over = next_start - stride + span < begin + size + end
    return floor_size + int(ceil_mode and left_over and next_start < begin + size)


def transposed_output_size(
    size: int, kernel_size: int, stride: int = 1, padding: int = 0, output_padding: int = 0, dilation: int = 1
) -> int:
    """Output cells of a transposed convolution: (size - 1)s - 2p + d(k - 1) + 1 + output_padding.

    Parameters
    ----------
    size, kernel_size, stride, dilation : int
        As in `conv_output_size`; `stride` is the distance between the stamps in the output.
    padding : int
        Cells cut off at each end of the output.
    output_padding : int
        Cells added at the end, smaller than the stride or the dilation (torch's rule): it picks one of the input sizes
        that a strided convolution maps to `size`.

    Returns
    -------
    int
        Output cells along the axis, at least 1.

    Raises
    ------
    ValueError
        If a number is out of range or nothing would be left after cutting.
    TypeError
        If an argument is not an integer.

    Notes
    -----
    Source: Dumoulin and Visin, relationship 14; `torch.nn.ConvTranspose2d`.

    Examples
    --------
    >>> transposed_output_size(4, 3, stride=2, padding=1)  # n -> 2n - 1
    7
    """
    size, stride, dilation = whole("size", size, 1), whole("stride", stride, 1), whole("dilation", dilation, 1)
    padding = whole("padding", padding, 0)
    output_padding = whole("output_padding", output_padding, 0, max(stride, dilation) - 1)
    uncut = (size - 1) * stride + effective_kernel_size(kernel_size, dilation) + output_padding
    if 2 * padding >= uncut:
        raise ValueError(
            f"padding must leave at least one cell: {uncut} cells (size {size}, kernel_size {kernel_size}, stride "
            f"{stride}) - 2 x padding {padding} = {uncut - 2 * padding}; legal: 0 to {(uncut - 1) // 2}"
        )
    return uncut - 2 * padding


def full_padding(kernel_size: int, dilation: int = 1) -> int:
    """Cells per end of full padding, d(k - 1): every window that touches one input cell is placed.

    Parameters
    ----------
    kernel_size, dilation : int
        As in `conv_output_size`.

    Returns
    -------
    int
        Cells added at each end.

    Raises
    ------
    ValueError, TypeError
        If a number is below 1 or not an integer.

    Notes
    -----
    Source: Dumoulin and Visin, relationship 4.

    Examples
    --------
    >>> full_padding(3)
    2
    """
    return effective_kernel_size(kernel_size, dilation) - 1


def full_output_size(size: int, kernel_size: int, dilation: int = 1) -> int:
    """Output cells of a stride-1 convolution with full padding: n + d(k - 1).

    Parameters
    ----------
    size, kernel_size, dilation : int
        As in `conv_output_size`.

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
    Source: Dumoulin and Visin, relationship 4.

    Examples
    --------
    >>> full_output_size(5, 3)
    7
    """
    return conv_output_size(size, kernel_size, 1, full_padding(kernel_size, dilation), dilation)
