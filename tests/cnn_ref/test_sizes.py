"""Output sizes and paddings against windows that are placed one by one."""

import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import cnn_ref

small = st.integers(1, 12)


def starts(cells, window, step):
    """Where whole windows start, found by sliding."""
    found, start = [], 0
    while start + window <= cells:
        found.append(start)
        start += step
    return found


@pytest.mark.parametrize(
    ("size", "kernel_size", "stride", "padding", "expected"),
    [
        (5, 3, 1, 0, 3),
        (5, 3, 1, 1, 5),
        (5, 3, 2, 1, 3),
        (10, 3, 2, 0, 4),
        (10, 3, 1, 0, 8),
        (32, 5, 1, 0, 28),
        (128, 5, 1, 0, 124),
        (227, 11, 4, 0, 55),
        (7, 2, 2, 0, 3),
        (6, 3, 2, 1, 3),
        (8, 3, 2, 1, 4),
        (28, 1, 1, 0, 28),
        (28, 4, 1, (1, 2), 28),
    ],
)
def test_conv_output_size_of_known_layers(size, kernel_size, stride, padding, expected):
    """Sizes that the lectures state (and correct) come out."""
    assert cnn_ref.conv_output_size(size, kernel_size, stride, padding) == expected


@given(small, small, small, st.integers(0, 5), st.integers(0, 5), st.integers(1, 4))
def test_conv_output_size_counts_window_positions(size, kernel_size, stride, begin, end, dilation):
    """The size is the number of windows that can be placed, or an error where there is none."""
    taps = range(0, kernel_size * dilation, dilation)
    positions = starts(size + begin + end, taps[-1] + 1, stride)
    if positions:
        assert cnn_ref.conv_output_size(size, kernel_size, stride, (begin, end), dilation) == len(positions)
    else:
        with pytest.raises(ValueError, match="must fit into the padded input"):
            cnn_ref.conv_output_size(size, kernel_size, stride, (begin, end), dilation)


def test_an_impossible_layer_names_sizes_and_legal_range():
    """The message says what came and what would fit."""
    with pytest.raises(
        ValueError, match=re.escape("kernel 7 > 5 (size 3 + padding 1 + 1); legal: a kernel of at most 5")
    ):
        cnn_ref.conv_output_size(3, 7, 1, 1)
    with pytest.raises(ValueError, match=re.escape("kernel 9 (5 taps, dilation 2) > 8")):
        cnn_ref.conv_output_size(8, 5, dilation=2)


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        ({"stride": 0}, "stride must be an integer of at least 1, got 0"),
        ({"stride": -2}, "stride must be an integer of at least 1, got -2"),
        ({"padding": -1}, "padding must be an integer of at least 0, got -1"),
        ({"padding": (0, -1)}, r"padding\[1\] must be an integer of at least 0, got -1"),
        ({"padding": (1, 1, 1)}, "got 3 values"),
        ({"kernel_size": 0}, "kernel_size must be an integer of at least 1, got 0"),
        ({"size": 0}, "size must be an integer of at least 1, got 0"),
        ({"dilation": 0}, "dilation must be an integer of at least 1, got 0"),
    ],
)
def test_numbers_out_of_range_are_refused(bad, rule):
    """Each argument has a smallest legal value, which the error names."""
    with pytest.raises(ValueError, match=rule):
        cnn_ref.conv_output_size(**{"size": 8, "kernel_size": 3} | bad)


@pytest.mark.parametrize("value", [3.0, "3", None, True, np.bool_(True), 2 + 0j, np.array([3])])
def test_what_is_no_integer_is_refused(value):
    """Floats, strings, None and bools are no kernel size."""
    with pytest.raises(TypeError, match="kernel_size must be an integer"):
        cnn_ref.conv_output_size(8, value)


def test_numpy_integers_give_python_integers():
    """A narrow NumPy integer neither wraps nor leaks into the result."""
    size = cnn_ref.conv_output_size(np.uint8(250), np.uint8(3), padding=np.uint8(200))
    assert size == 648
    assert type(size) is int


def test_conv_output_shape_by_hand():
    """AlexNet's first layer, and a rectangle that shows which axis is which."""
    assert cnn_ref.conv_output_shape((227, 227, 3), 96, 11, 4) == (55, 55, 96)
    assert cnn_ref.conv_output_shape((7, 5, 3), 4, 3) == (5, 3, 4)
    assert cnn_ref.conv_output_shape((7, 5, 3), 4, (3, 2), stride=(1, 2), padding=(0, 1)) == (4, 3, 4)


@given(small, small, small, small, st.integers(1, 4), st.integers(1, 4), st.integers(0, 3))
def test_conv_output_shape_keeps_axes_apart(width, height, depth, filters, kernel_size, stride, padding):
    """Width comes from width, height from height, depth from the filters."""
    assume(kernel_size <= min(width, height) + 2 * padding)
    expected = tuple(len(starts(side + 2 * padding, kernel_size, stride)) for side in (width, height))
    got = cnn_ref.conv_output_shape((width, height, depth), filters, kernel_size, stride, padding)
    assert got == (*expected, filters)


def test_conv_output_shape_refuses_what_is_no_shape():
    """Two numbers or no sequence are not (W, H, D)."""
    with pytest.raises(ValueError, match="got 2 values"):
        cnn_ref.conv_output_shape((5, 5), 1, 3)
    with pytest.raises(TypeError, match="must be"):
        cnn_ref.conv_output_shape(5, 1, 3)
    with pytest.raises(ValueError, match="filters must be"):
        cnn_ref.conv_output_shape((5, 5, 1), 0, 3)


def test_pool_output_size_by_hand():
    """Halving, the odd column, the vanishing map, and ceil mode's dropped window."""
    assert cnn_ref.pool_output_size(26, 2) == 13
    assert cnn_ref.pool_output_size(5, 2) == 2
    assert cnn_ref.pool_output_size(5, 2, ceil_mode=True) == 3
    assert cnn_ref.pool_output_size(7, 3, 2) == 3
    # padded to 4 cells; a third window would start at cell 4, behind the one real cell and its padding
    assert cnn_ref.pool_output_size(2, 2, 2, padding=1, ceil_mode=True) == 2
    sizes = [28]
    while sizes[-1] > 1:
        sizes.append(cnn_ref.pool_output_size(sizes[-1], 2))
    assert sizes == [28, 14, 7, 3, 1]
    with pytest.raises(ValueError, match="must fit"):
        cnn_ref.pool_output_size(1, 2)


@given(st.integers(1, 30), st.integers(1, 6), st.integers(1, 6), st.integers(0, 3), st.integers(1, 3), st.booleans())
def test_pool_output_size_counts_windows(size, kernel_size, stride, padding, dilation, ceil_mode):
    """Ceil mode adds windows that leave cells uncovered otherwise and start before the padding at the end."""
    assume(2 * padding <= kernel_size)
    window = 1 + sum(dilation for _ in range(kernel_size - 1))
    positions = starts(size + 2 * padding, window, stride)
    assume(positions)
    following = positions[-1] + stride
    covered = positions[-1] + window
    if ceil_mode and covered < size + 2 * padding and following < padding + size:
        positions.append(following)
    got = cnn_ref.pool_output_size(size, kernel_size, stride, padding, dilation, ceil_mode)
    assert got == len(positions)


def test_pooling_pads_at_most_half_the_kernel():
    """More padding would make windows without a real cell; spelled-out ends may be as long as ONNX allows."""
    assert cnn_ref.pool_output_size(8, 3, 1, (2, 0)) == 8
    with pytest.raises(
        ValueError, match="less than the kernel's span: padding \\(0, 3\\), kernel_size 3; legal: 0 to 2"
    ):
        cnn_ref.pool_output_size(8, 3, padding=(0, 3))
    with pytest.raises(ValueError, match="at most half the kernel: padding 2, kernel_size 3; legal: 0 to 1"):
        cnn_ref.pool_output_size(8, 3, padding=2)


@pytest.mark.parametrize(
    ("size", "kernel_size", "stride", "padding", "expected"),
    [(4, 3, 2, 1, 7), (3, 3, 2, 0, 7), (28, 2, 2, 0, 56), (2, 3, 1, 2, 0)],
)
def test_transposed_output_size_by_hand(size, kernel_size, stride, padding, expected):
    """3x3 stride 2 padding 1 maps n to 2n - 1; cutting everything away is refused."""
    if expected:
        assert cnn_ref.transposed_output_size(size, kernel_size, stride, padding) == expected
    else:
        with pytest.raises(ValueError, match="must leave at least one cell"):
            cnn_ref.transposed_output_size(size, kernel_size, stride, padding)


@given(small, st.integers(1, 5), st.integers(1, 4), st.integers(0, 2), st.integers(1, 3))
def test_transposed_sizes_are_the_inputs_of_a_convolution(size, kernel_size, stride, padding, dilation):
    """With output_padding 0 ... stride - 1 the transposed size runs over all inputs that convolve to `size`."""
    inputs = [
        cells
        for cells in range(1, 100)
        if len(starts(cells + 2 * padding, 1 + (kernel_size - 1) * dilation, stride)) == size
    ]
    assume(inputs and len(inputs) == stride)
    transposed = [
        cnn_ref.transposed_output_size(size, kernel_size, stride, padding, extra, dilation) for extra in range(stride)
    ]
    assert transposed == inputs


def test_output_padding_stays_below_stride_or_dilation():
    """A whole stride more would be another size of input."""
    with pytest.raises(ValueError, match="output_padding must be an integer from 0 to 1, got 2"):
        cnn_ref.transposed_output_size(4, 3, stride=2, output_padding=2)


def test_full_padding_by_hand():
    """Full padding k - 1 gives n + k - 1 cells."""
    assert cnn_ref.full_padding(3) == 2
    assert cnn_ref.full_output_size(5, 3) == 7
    assert cnn_ref.full_output_size(5, 3, dilation=2) == 9


@given(small, small)
def test_full_output_size_is_the_length_of_a_full_convolution(size, kernel_size):
    """NumPy's full convolution has the same length."""
    assert cnn_ref.full_output_size(size, kernel_size) == len(np.convolve(np.ones(size), np.ones(kernel_size), "full"))


def test_effective_kernel_size_by_hand():
    """Three taps two apart span 5 cells; seven taps three apart span 19."""
    assert cnn_ref.effective_kernel_size(3, 2) == 5
    assert cnn_ref.effective_kernel_size(7, 3) == 19
    assert cnn_ref.effective_kernel_size(1, 5) == 1


@pytest.mark.parametrize(
    ("size", "kernel_size", "stride", "expected"),
    [(28, 5, 1, 2), (5, 1, 1, 0), (16, 3, 2, 9), (28, 3, 2, 15), (28, 4, 2, 15), (1, 1, 3, 0)],
)
def test_same_padding_by_hand(size, kernel_size, stride, expected):
    """Odd kernels at stride 1 pad (k - 1) / 2; at stride 2 the half is rounded up."""
    assert cnn_ref.same_padding(size, kernel_size, stride) == expected


@given(st.integers(1, 15), st.integers(1, 8), st.integers(1, 5))
def test_same_padding_is_the_smallest_that_keeps_the_size(size, kernel_size, stride):
    """Trying every padding finds the same one, or none where an error says so."""
    fitting = [
        padding
        for padding in range(size * stride + kernel_size)
        if len(starts(size + 2 * padding, kernel_size, stride)) == size
    ]
    if fitting:
        assert cnn_ref.same_padding(size, kernel_size, stride) == fitting[0]
    else:
        assert stride == 1
        assert kernel_size % 2 == 0
        with pytest.raises(ValueError, match="no symmetric padding keeps the size"):
            cnn_ref.same_padding(size, kernel_size, stride)


@pytest.mark.parametrize(
    ("size", "kernel_size", "stride", "dilation", "expected"),
    [(6, 3, 2, 1, (0, 1)), (5, 3, 2, 1, (1, 1)), (28, 4, 1, 1, (1, 2)), (5, 1, 2, 1, (0, 0)), (7, 3, 1, 2, (2, 2))],
)
def test_same_padding_sides_by_hand(size, kernel_size, stride, dilation, expected):
    """The odd cell goes to the end; a window that already fits gets no padding."""
    assert cnn_ref.same_padding_sides(size, kernel_size, stride, dilation) == expected
    assert cnn_ref.same_padding_sides(size, kernel_size, stride, dilation, odd_cell="begin") == expected[::-1]
    with pytest.raises(ValueError, match='odd_cell must be "begin" or "end"'):
        cnn_ref.same_padding_sides(size, kernel_size, stride, odd_cell="left")


@given(st.integers(1, 20), st.integers(1, 7), st.integers(1, 5), st.integers(1, 3))
def test_same_padding_sides_are_the_fewest_cells_for_all_windows(size, kernel_size, stride, dilation):
    """The sides give one window per started stride, and one cell less in total would lose a window."""
    begin, end = cnn_ref.same_padding_sides(size, kernel_size, stride, dilation)
    span = 1 + (kernel_size - 1) * dilation
    wanted = len(range(0, size, stride))
    assert len(starts(size + begin + end, span, stride)) >= wanted
    assert 0 <= end - begin <= 1
    assert begin + end == 0 or len(starts(size + begin + end - 1, span, stride)) < wanted
    assert cnn_ref.same_output_size(size, stride) == wanted
