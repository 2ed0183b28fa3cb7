"""conv2d and conv1d on cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from cnn_ref import conv1d, conv1d_backward, conv2d, conv2d_backward

# The 3x5x5 volume and filter of the lecture slides (stride 2, padding 1). The output printed there belongs to other
# numbers; the sums per channel below were added up by hand.
VOLUME = np.array(
    [
        [[1, 1, 0, 0, 2], [1, 1, 0, 1, 0], [1, 1, 1, 2, 1], [1, 0, 2, 0, 2], [0, 0, 2, 1, 0]],
        [[0, 0, 2, 0, 1], [1, 1, 0, 1, 1], [2, 0, 2, 2, 0], [1, 1, 1, 2, 0], [0, 1, 2, 2, 0]],
        [[0, 0, 2, 0, 1], [1, 1, 0, 1, 1], [2, 0, 2, 2, 0], [1, 1, 1, 2, 0], [0, 1, 2, 2, 0]],
    ]
)
FILTER = np.array(
    [[[1, 1, 1], [1, 0, -1], [-1, 0, 1]], [[-1, 0, -1], [0, 1, 0], [0, 0, 0]], [[1, 1, -1], [0, 1, 0], [-1, 0, 0]]]
)
SUMS_PER_CHANNEL = [
    [[0, 1, -1], [1, 1, 3], [1, 1, 3]],
    [[0, 2, 1], [1, 0, -1], [-1, -1, -2]],
    [[0, 1, 0], [2, 1, 0], [0, 2, 2]],
]


def plain(rows: list[list[int]]) -> np.ndarray:
    """One image with one channel."""
    return np.array(rows)[np.newaxis, np.newaxis]


def test_counts_the_corners_of_a_plus() -> None:
    """The Keras slides' 5x5 image under the kernel 101/010/101 starts with a 4."""
    image = plain([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]])
    kernel = plain([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
    assert_array_equal(conv2d(image, kernel)[0, 0], [[4, 3, 4], [2, 4, 3], [2, 3, 4]])


def test_does_not_flip_the_filter() -> None:
    """With the filter [[-1, 1], [0, 0]] each cell is right minus left neighbour, not left minus right."""
    image = plain([[1, 4, 9, 16], [25, 36, 49, 64], [0, 0, 0, 0]])
    assert_array_equal(conv2d(image, plain([[-1, 1], [0, 0]]))[0, 0], [[3, 5, 7], [11, 13, 15]])


def test_sums_over_all_channels_and_adds_the_bias() -> None:
    """Two channels with one tap each: 1 * 10 + 2 * 100 plus the bias."""
    image = np.array([[[[1.0]], [[2.0]]]])
    weight = np.array([[[[10.0]], [[100.0]]], [[[1.0]], [[-1.0]]]])
    assert_array_equal(conv2d(image, weight, np.array([0.5, 7.0])).ravel(), [210.5, 6.0])


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_slide_volume_channel_by_channel(channel: int) -> None:
    """Each channel of the slides' volume under its own layer of the filter."""
    image, layer = VOLUME[np.newaxis, [channel]], FILTER[np.newaxis, [channel]]
    assert_array_equal(conv2d(image, layer, stride=2, padding=1)[0, 0], SUMS_PER_CHANNEL[channel])


def test_slide_volume() -> None:
    """All three channels of the slides' volume, and the same with the bias 1 of the original demonstration."""
    result = conv2d(VOLUME[np.newaxis], FILTER[np.newaxis], stride=2, padding=1)
    assert_array_equal(result[0, 0], [[0, 4, 0], [4, 2, 2], [0, 2, 3]])
    with_bias = conv2d(VOLUME[np.newaxis], FILTER[np.newaxis], [1], stride=2, padding=1)
    assert_array_equal(with_bias[0, 0], [[1, 5, 1], [5, 3, 3], [1, 3, 4]])


def test_slide_volume_with_stride_one() -> None:
    """The same volume without padding, every window."""
    result = conv2d(VOLUME[np.newaxis], FILTER[np.newaxis])
    assert_array_equal(result[0, 0], [[-1, 4, 0], [3, 2, 3], [2, 4, 6]])


def test_stride_leaves_out_windows_and_drops_the_remainder() -> None:
    """Six columns, kernel 3, stride 2: windows start at 0 and 2; the last column is in none."""
    image = plain([[1, 10, 100, 1000, 10000, 100000]])
    assert_array_equal(conv2d(image, plain([[1, 1, 1]]), stride=(1, 2))[0, 0], [[111, 11100]])


def test_pads_with_zeros_on_each_side_by_its_own_amount() -> None:
    """Padding ((top, bottom), (left, right)) puts each number where it is named."""
    result = conv2d(plain([[5]]), plain([[1]]), padding=((1, 0), (2, 3)))
    assert_array_equal(result[0, 0], [[0, 0, 0, 0, 0, 0], [0, 0, 5, 0, 0, 0]])


def test_a_pair_of_paddings_is_height_then_width() -> None:
    """Padding (1, 0) adds rows, not columns."""
    assert conv2d(plain([[5, 6]]), plain([[1]]), padding=(1, 0)).shape == (1, 1, 3, 2)


def test_same_puts_the_odd_cell_at_the_end() -> None:
    """SAME with n=6, k=3, stride 2 pads (0, 1); a symmetric padding of 1 looks at other cells."""
    digits, powers = np.array([[[1, 2, 3, 4, 5, 6]]]), np.array([[[1, 10, 100]]])
    assert_array_equal(conv1d(digits, powers, stride=2, padding="same").ravel(), [321, 543, 65])
    assert_array_equal(conv1d(digits, powers, stride=2, padding=1).ravel(), [210, 432, 654])


def test_same_with_five_cells_is_symmetric() -> None:
    """SAME with n=5, k=3, stride 2 pads one cell at each end."""
    digits, powers = np.array([[[1, 2, 3, 4, 5]]]), np.array([[[1, 10, 100]]])
    same = conv1d(digits, powers, stride=2, padding="same")
    assert_array_equal(same, conv1d(digits, powers, stride=2, padding=1))


def test_full_places_every_window_that_touches_the_input() -> None:
    """Full convolution of one cell with a filter writes the filter backwards."""
    assert_array_equal(conv2d(plain([[2]]), plain([[1, 2], [3, 4]]), padding="full")[0, 0], [[8, 6], [4, 2]])


def test_valid_is_no_padding() -> None:
    """The word "valid" means a padding of 0."""
    assert_array_equal(conv2d(plain([[1, 2, 3, 4]]), plain([[1, 1]]), padding="valid")[0, 0], [[3, 5, 7]])


def test_dilation_skips_cells_between_taps() -> None:
    """Dilation 2 lets three taps see every other cell: (k - 1)d + 1 = 5 of 7 cells, three positions."""
    image = plain([[1, 2, 4, 8, 16, 32, 64]])
    assert_array_equal(conv2d(image, plain([[1, 1, 1]]), dilation=2)[0, 0], [[21, 42, 84]])


def test_groups_read_only_their_channels() -> None:
    """Two groups of one channel: each filter sees its own channel."""
    image = np.array([[[[3]], [[5]]]])
    weight = np.array([[[[1]]], [[[2]]], [[[10]]], [[[20]]]])
    assert_array_equal(conv2d(image, weight, groups=2).ravel(), [3, 6, 50, 100])


def test_two_groups_of_two_channels() -> None:
    """Groups of more than one channel sum inside the group only."""
    image = np.array([1, 2, 3, 4]).reshape(1, 4, 1, 1)
    weight = np.ones((2, 2, 1, 1), dtype=int)
    assert_array_equal(conv2d(image, weight, groups=2).ravel(), [3, 7])


@pytest.mark.parametrize(
    ("size", "stride", "padding", "expected"), [(5, 1, 0, 3), (5, 1, 1, 5), (5, 2, 1, 3), (10, 2, 0, 4), (10, 1, 0, 8)]
)
def test_output_side_rounds_down(size: int, stride: int, padding: int, expected: int) -> None:
    """The slides' sizes for F=3: 3, 5, 3; ten cells at stride 2 give four with one left over."""
    image, kernel = np.zeros((1, 1, size, size)), np.zeros((1, 1, 3, 3))
    assert conv2d(image, kernel, stride=stride, padding=padding).shape == (1, 1, expected, expected)


def test_positional_order_is_that_of_torch() -> None:
    """conv2d(input, weight, bias, stride, padding, dilation, groups) without keywords."""
    image = np.arange(50.0).reshape(1, 2, 5, 5)
    weight, bias = np.ones((2, 1, 2, 2)), np.array([1.0, 2.0])
    named = conv2d(input=image, weight=weight, bias=bias, stride=2, padding=1, dilation=3, groups=2)
    assert_array_equal(conv2d(image, weight, bias, 2, 1, 3, 2), named)


def test_backward_adds_up_what_each_tap_saw() -> None:
    """Gradient of the shared filter is the sum over the windows: 1+2+4+5, not their mean."""
    image = plain([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    _, grad_weight, grad_bias = conv2d_backward(np.ones((1, 1, 2, 2)), image, plain([[0, 0], [0, 0]]), [0])
    assert_array_equal(grad_weight[0, 0], [[12, 16], [24, 28]])
    assert_array_equal(grad_bias, [4])


def test_backward_spreads_the_filter_over_what_it_saw() -> None:
    """One window at stride 2 gives its filter to its own cells; unseen cells get 0."""
    grad_output = np.array([[[[1.0, 10.0]]]])
    grad_input, _, _ = conv2d_backward(grad_output, np.zeros((1, 1, 1, 5)), plain([[2, 3]]), stride=2)
    assert_array_equal(grad_input[0, 0], [[2, 3, 20, 30, 0]])


def test_backward_without_bias_has_no_gradient_for_it() -> None:
    """The third gradient is None where no bias was given."""
    assert conv2d_backward(np.ones((1, 1, 1, 1)), plain([[1]]), plain([[1]]))[2] is None


def test_conv1d_by_hand() -> None:
    """Differences of neighbours of 1, 4, 9, 16 with zero padding."""
    assert_array_equal(conv1d([[[1, 4, 9, 16]]], [[[-1, 1]]], padding=(1, 0)), [[[1, 3, 5, 7]]])


def test_conv1d_backward_by_hand() -> None:
    """Gradients of a sequence of three cells under two taps."""
    grad_input, grad_weight, grad_bias = conv1d_backward([[[1, 10]]], [[[5, 6, 7]]], [[[1, 2]]], [0])
    assert_array_equal(grad_input, [[[1, 12, 20]]])
    assert_array_equal(grad_weight, [[[65, 76]]])
    assert_array_equal(grad_bias, [11])


@pytest.mark.parametrize("two", [(1, 2), [1, 2], np.array([1, 2]), (np.int8(1), np.uint64(2))])
def test_pairs_may_be_tuples_lists_or_arrays(two: object) -> None:
    """Settings computed with NumPy are as good as Python integers."""
    image, kernel = np.arange(30).reshape(1, 1, 5, 6), np.ones((1, 1, 2, 2), dtype=int)
    expected = conv2d(image, kernel, stride=(1, 2), padding=((1, 1), (2, 2)), dilation=(1, 2))
    assert_array_equal(conv2d(image, kernel, None, two, two, two), expected)
