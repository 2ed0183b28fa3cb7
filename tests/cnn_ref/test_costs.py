"""Multiplications against a loop that counts them one by one."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnn_ref

tiny = st.integers(1, 4)


def test_the_inception_branch_by_hand():
    """A 5x5 on 28x28x192 costs 120,422,400, with a 1x1 to 16 channels before it 12,443,648."""
    assert cnn_ref.conv_multiplications(28, 28, 32, 5, 192) == 120_422_400
    assert cnn_ref.bottleneck_multiplications(28, 28, 32, 5, 192, 16) == 2_408_448 + 10_035_200 == 12_443_648


def test_cheaper_replacements_by_hand():
    """1x3 and 3x1 save a third of a 3x3; a separable 3x3 has 33,920 products a position."""
    plain = cnn_ref.conv_multiplications(17, 17, 64, 3, 64)
    assert 3 * cnn_ref.factorised_multiplications(17, 17, 64, 3, 64) == 2 * plain
    assert cnn_ref.depthwise_separable_multiplications(1, 1, 256, 3, 128) == 1_152 + 32_768


def test_valid_convolution_is_cheapest_at_both_ends():
    """On 32 cells F^2 (33 - F)^2 rises to F = 16 and 17 (73,984) and falls to the cost of F = 1."""
    cost = {
        kernel: cnn_ref.conv_multiplications(*2 * [cnn_ref.conv_output_size(32, kernel)], 1, kernel, 1)
        for kernel in range(1, 33)
    }
    assert max(cost.values()) == cost[16] == cost[17] == 73_984
    assert cost[32] == cost[1] == 1_024


@given(tiny, tiny, tiny, st.tuples(tiny, tiny), tiny, tiny)
def test_costs_count_products(height, width, filters, kernel_size, in_channels, reduced):
    """The formulas count what nested loops would multiply."""

    def products(out_channels, taps, depth):
        loops = itertools.product(*map(range, (height, width, out_channels, *taps, depth)))
        return sum(1 for _ in loops)

    plain = products(filters, kernel_size, in_channels)
    assert cnn_ref.conv_multiplications(height, width, filters, kernel_size, in_channels) == plain
    bottleneck = products(reduced, (1, 1), in_channels) + products(filters, kernel_size, reduced)
    got = cnn_ref.bottleneck_multiplications(height, width, filters, kernel_size, in_channels, reduced)
    assert got == bottleneck
    separable = products(in_channels, kernel_size, 1) + products(filters, (1, 1), in_channels)
    got = cnn_ref.depthwise_separable_multiplications(height, width, filters, kernel_size, in_channels)
    assert got == separable
    taps = kernel_size[0]
    factorised = products(filters, (1, taps), in_channels) + products(filters, (taps, 1), filters)
    assert cnn_ref.factorised_multiplications(height, width, filters, taps, in_channels) == factorised


@pytest.mark.parametrize("position", range(6))
def test_every_number_must_be_positive(position):
    """A zero or a float anywhere is refused."""
    arguments = [28, 28, 32, 5, 192, 16]
    with pytest.raises(ValueError, match="must be an integer of at least 1, got 0"):
        cnn_ref.bottleneck_multiplications(*arguments[:position], 0, *arguments[position + 1 :])
    with pytest.raises(TypeError, match="must be an integer"):
        cnn_ref.bottleneck_multiplications(*arguments[:position], 2.5, *arguments[position + 1 :])
