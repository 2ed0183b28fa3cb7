"""The fifteen relationships of Dumoulin and Visin, A guide to convolution arithmetic (arXiv 1603.07285), on layers.

Each test states the guide's formula and compares it with the size, and where the guide claims more, with the numbers,
that the operations give: for every legal combination of settings, and the first that fails is named.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.testing import assert_array_equal as equal

from cnn_ref import avg_pool2d, conv2d, conv_transpose2d, max_pool2d

SIZES = range(1, 12)
KERNELS = range(1, 6)
STRIDES = range(1, 5)
PADDINGS = range(4)
PAIRS = list(itertools.product(SIZES, KERNELS))
FITTING = [(i, k) for i, k in PAIRS if k <= i]
STRIDED = [(i, k, s) for (i, k), s in itertools.product(FITTING, STRIDES)]


def ones(side: int) -> np.ndarray:
    """Return one square of ones, as an image or as a filter."""
    return np.ones((1, 1, side, side))


def numbers(side: int, seed: int) -> np.ndarray:
    """Return one square of small whole numbers, so that results can be compared with ==."""
    return np.random.default_rng(seed).integers(-4, 5, (1, 1, side, side)).astype(float)


def stretched(image: np.ndarray, stride: int) -> np.ndarray:
    """Return the image with stride - 1 zeros between neighbouring cells."""
    side = (image.shape[2] - 1) * stride + 1
    result = np.zeros((1, 1, side, side))
    result[:, :, ::stride, ::stride] = image
    return result


def flipped(weight: np.ndarray) -> np.ndarray:
    """Return the weight turned by half a turn: the guide's pictures slide it, our order of taps stays."""
    return weight[:, :, ::-1, ::-1]


def side_of(output: np.ndarray) -> int:
    """Return the side of a square output."""
    assert output.shape[2] == output.shape[3]
    return int(output.shape[2])


def strided_and_padded() -> list[tuple[int, int, int, int]]:
    """Return (i, k, s, p) of the transposed relationships: p < k, and the kernel fits."""
    every = [(i, k, s, p) for (i, k), s in itertools.product(PAIRS, STRIDES) for p in range(k)]
    return [(i, k, s, p) for i, k, s, p in every if k <= i + 2 * p]


def test_relationship_1_no_padding() -> None:
    """For s = 1 and p = 0: o = (i - k) + 1."""
    for i, k in FITTING:
        assert side_of(conv2d(ones(i), ones(k))) == (i - k) + 1, f"{i=} {k=}"


def test_relationship_2_padding() -> None:
    """For s = 1: o = (i - k) + 2p + 1."""
    for (i, k), p in itertools.product(PAIRS, PADDINGS):
        if k <= i + 2 * p:
            assert side_of(conv2d(ones(i), ones(k), padding=p)) == (i - k) + 2 * p + 1, f"{i=} {k=} {p=}"


def test_relationship_3_half_padding() -> None:
    """For k = 2n + 1, s = 1 and p = floor(k / 2) = n: o = i."""
    for i, n in itertools.product(SIZES, range(4)):
        assert side_of(conv2d(ones(i), ones(2 * n + 1), padding=n)) == i, f"{i=} {n=}"
        assert side_of(conv2d(ones(i), ones(2 * n + 1), padding="same")) == i, f"{i=} {n=}, same"


def test_relationship_4_full_padding() -> None:
    """For s = 1 and p = k - 1: o = i + (k - 1)."""
    for i, k in PAIRS:
        assert side_of(conv2d(ones(i), ones(k), padding=k - 1)) == i + (k - 1), f"{i=} {k=}"
        assert side_of(conv2d(ones(i), ones(k), padding="full")) == i + (k - 1), f"{i=} {k=}, full"


def test_relationship_5_strides() -> None:
    """For p = 0: o = floor((i - k) / s) + 1."""
    for i, k, s in STRIDED:
        assert side_of(conv2d(ones(i), ones(k), stride=s)) == (i - k) // s + 1, f"{i=} {k=} {s=}"


def test_relationship_6_strides_and_padding() -> None:
    """Any s and p: o = floor((i + 2p - k) / s) + 1."""
    for (i, k), p, s in itertools.product(PAIRS, PADDINGS, STRIDES):
        if k <= i + 2 * p:
            side = side_of(conv2d(ones(i), ones(k), stride=s, padding=p))
            assert side == (i + 2 * p - k) // s + 1, f"{i=} {k=} {p=} {s=}"


def test_relationship_7_pooling() -> None:
    """Pooling without padding: o = floor((i - k) / s) + 1."""
    for i, k, s in STRIDED:
        assert side_of(max_pool2d(ones(i), k, s)) == (i - k) // s + 1, f"{i=} {k=} {s=}, max"
        assert side_of(avg_pool2d(ones(i), k, s)) == (i - k) // s + 1, f"{i=} {k=} {s=}, average"


def test_relationship_8_transposed_no_padding() -> None:
    """The transpose of k, s = 1, p = 0 is a convolution with k' = k, p' = k - 1: o' = i' + (k - 1)."""
    for i, k in FITTING:
        upper, weight = numbers(i - k + 1, i), numbers(k, k)
        result = conv_transpose2d(upper, weight)
        assert side_of(result) == side_of(upper) + (k - 1) == i, f"{i=} {k=}"
        equal(result, conv2d(upper, flipped(weight), padding=k - 1), f"{i=} {k=}")


def test_relationship_9_transposed_with_padding() -> None:
    """The transpose of k, s = 1, p is a convolution with p' = k - p - 1: o' = i' + (k - 1) - 2p."""
    for i, k in PAIRS:
        for p in range(k):
            if k <= i + 2 * p:
                upper, weight = numbers(i - k + 2 * p + 1, i), numbers(k, k)
                result = conv_transpose2d(upper, weight, padding=p)
                assert side_of(result) == side_of(upper) + (k - 1) - 2 * p == i, f"{i=} {k=} {p=}"
                equal(result, conv2d(upper, flipped(weight), padding=k - p - 1), f"{i=} {k=} {p=}")


def test_relationship_10_transposed_half_padding() -> None:
    """The transpose of k = 2n + 1, s = 1, p = n is a convolution with p' = p: o' = i'."""
    for i, n in itertools.product(SIZES, range(3)):
        upper, weight = numbers(i, i), numbers(2 * n + 1, n)
        result = conv_transpose2d(upper, weight, padding=n)
        assert side_of(result) == i, f"{i=} {n=}"
        equal(result, conv2d(upper, flipped(weight), padding=n), f"{i=} {n=}")


def test_relationship_11_transposed_full_padding() -> None:
    """The transpose of k, s = 1, p = k - 1 is a convolution without padding: o' = i' - (k - 1)."""
    for i, k in PAIRS:
        upper, weight = numbers(i + k - 1, i), numbers(k, k)
        result = conv_transpose2d(upper, weight, padding=k - 1)
        assert side_of(result) == side_of(upper) - (k - 1) == i, f"{i=} {k=}"
        equal(result, conv2d(upper, flipped(weight)), f"{i=} {k=}")


def test_relationship_12_transposed_strides() -> None:
    """For p = 0 and s dividing i - k: convolve the stretched input with p' = k - 1; o' = s(i' - 1) + k."""
    for i, k, s in STRIDED:
        if (i - k) % s == 0:
            upper, weight = numbers((i - k) // s + 1, i), numbers(k, k)
            result = conv_transpose2d(upper, weight, stride=s)
            assert side_of(result) == s * (side_of(upper) - 1) + k == i, f"{i=} {k=} {s=}"
            equal(result, conv2d(stretched(upper, s), flipped(weight), padding=k - 1), f"{i=} {k=} {s=}")


def test_relationship_13_transposed_strides_and_padding() -> None:
    """For s dividing i + 2p - k: stretched input, p' = k - p - 1; o' = s(i' - 1) + k - 2p."""
    for i, k, s, p in strided_and_padded():
        if (i + 2 * p - k) % s == 0:
            upper, weight = numbers((i + 2 * p - k) // s + 1, i), numbers(k, k)
            result = conv_transpose2d(upper, weight, stride=s, padding=p)
            assert side_of(result) == s * (side_of(upper) - 1) + k - 2 * p == i, f"{i=} {k=} {s=} {p=}"
            same = conv2d(stretched(upper, s), flipped(weight), padding=k - p - 1)
            equal(result, same, f"{i=} {k=} {s=} {p=}")


def test_relationship_14_transposed_any_size() -> None:
    """With a = (i + 2p - k) mod s cells added at bottom and right: o' = s(i' - 1) + a + k - 2p, which is i again."""
    for i, k, s, p in strided_and_padded():
        a = (i + 2 * p - k) % s
        upper, weight = numbers((i + 2 * p - k) // s + 1, i), numbers(k, k)
        result = conv_transpose2d(upper, weight, stride=s, padding=p, output_padding=a)
        assert side_of(result) == s * (side_of(upper) - 1) + a + k - 2 * p == i, f"{i=} {k=} {s=} {p=}"
        ends = (k - p - 1, k - p - 1 + a)
        same = conv2d(stretched(upper, s), flipped(weight), padding=(ends, ends))
        equal(result, same, f"{i=} {k=} {s=} {p=}")


def test_relationship_15_dilation() -> None:
    """Any d: o = floor((i + 2p - k - (k - 1)(d - 1)) / s) + 1, the size of a kernel of k + (k - 1)(d - 1) taps."""
    for (i, k), p, s, d in itertools.product(PAIRS, range(3), range(1, 4), range(1, 4)):
        if k + (k - 1) * (d - 1) <= i + 2 * p:
            side = side_of(conv2d(ones(i), ones(k), stride=s, padding=p, dilation=d))
            assert side == (i + 2 * p - k - (k - 1) * (d - 1)) // s + 1, f"{i=} {k=} {p=} {s=} {d=}"
