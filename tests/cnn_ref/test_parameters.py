"""Parameter counts against arrays that hold the parameters."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnn_ref

small = st.integers(1, 6)


def test_the_worked_layer_by_hand():
    """16x16x20 with a 3x3 filter: 180 connections, 181 shared, 46,336 unshared parameters."""
    assert cnn_ref.filter_shape(3, 20) == (3, 3, 20)
    assert cnn_ref.connections_per_unit(3, 20) == 180
    assert cnn_ref.shared_parameters(3, 20, 1) == 181
    assert cnn_ref.shared_parameters(3, 20, 10) == 1810
    assert cnn_ref.shared_parameters(3, 20, 1, bias=False) == 180
    assert cnn_ref.unshared_parameters(3, 20, 1, 16, 16) == 46_336


def test_lecture_layers():
    """AlexNet's first layer, the 5x5 RGB layer and the 128x128 locally connected layer."""
    assert cnn_ref.conv_parameters(11, 3, 96) == (364, 34_944)
    assert cnn_ref.unshared_parameters(11, 3, 96, 55, 55) == 105_705_600
    assert cnn_ref.conv_parameters(5, 3, 256) == (76, 19_456)
    assert cnn_ref.locally_connected_parameters(128, 5, 1, 256, bias=False) == 98_406_400
    assert cnn_ref.locally_connected_parameters(128, 5, 1, 256) == 102_342_656
    assert cnn_ref.locally_connected_parameters((5, 7), (3, 2), 2, 1, stride=(2, 1), padding=(1, 0)) == 3 * 6 * 13
    assert cnn_ref.depthwise_separable_parameters(3, 128, 256) == 33_920
    assert cnn_ref.dense_parameters(7 * 7 * 512, 4096) == 102_764_544
    assert cnn_ref.dense_parameters(28 * 28, 26, bias=False) == 20_384


def test_layers_without_weights():
    """Pooling and dropout learn nothing; batch norm learns 2C and stores 2C."""
    assert cnn_ref.pooling_parameters(2) == 0
    assert cnn_ref.dropout_parameters(0.1) == 0
    assert cnn_ref.batch_norm_parameters(64) == (128, 128)


@given(small, small, small, small, small, small, st.booleans())
def test_counts_are_sizes_of_arrays(height, width, in_channels, filters, rows, columns, bias):
    """A count is the number of elements of the arrays that a layer would allocate."""
    weight = np.empty((filters, in_channels, height, width))
    biases = np.empty(filters if bias else 0)
    kernel = (height, width)
    assert cnn_ref.connections_per_unit(kernel, in_channels) == weight[0].size
    assert cnn_ref.filter_shape(kernel, in_channels) == np.moveaxis(weight[0], 0, -1).shape
    assert cnn_ref.shared_parameters(kernel, in_channels, filters, bias) == weight.size + biases.size
    everywhere = np.broadcast_to(weight, (rows, columns, *weight.shape)).size + rows * columns * biases.size
    assert cnn_ref.unshared_parameters(kernel, in_channels, filters, rows, columns, bias) == everywhere
    if bias:
        total = weight.size + biases.size
        assert cnn_ref.conv_parameters(kernel, in_channels, filters) == (total // filters, total)


@pytest.mark.parametrize(
    ("call", "rule"),
    [
        (lambda: cnn_ref.connections_per_unit(0, 3), "kernel_size must be an integer of at least 1"),
        (lambda: cnn_ref.connections_per_unit((3, 0), 3), r"kernel_size\[1\] must be"),
        (lambda: cnn_ref.connections_per_unit((3, 3, 3), 3), "got 3 values"),
        (lambda: cnn_ref.filter_shape(3, 0), "in_channels must be"),
        (lambda: cnn_ref.shared_parameters(3, 20, 0), "filters must be"),
        (lambda: cnn_ref.unshared_parameters(3, 20, 1, 0, 16), "output_height must be"),
        (lambda: cnn_ref.locally_connected_parameters(3, 5, 1, 1), "must fit into the padded input"),
        (lambda: cnn_ref.dense_parameters(0, 1), "in_features must be"),
        (lambda: cnn_ref.dropout_parameters(1.5), "rate must lie between 0 and 1, got 1.5"),
        (lambda: cnn_ref.dropout_parameters(float("nan")), "rate must lie between 0 and 1"),
        (lambda: cnn_ref.pooling_parameters(0), "kernel_size must be"),
        (lambda: cnn_ref.batch_norm_parameters(0), "channels must be"),
    ],
)
def test_numbers_out_of_range_are_refused(call, rule):
    """Each number's smallest legal value is named."""
    with pytest.raises(ValueError, match=rule):
        call()


def test_what_is_no_number_is_refused():
    """Floats for counts and strings for rates are type errors."""
    with pytest.raises(TypeError, match="filters must be"):
        cnn_ref.shared_parameters(3, 20, 1.0)
    with pytest.raises(TypeError, match="rate must be a number"):
        cnn_ref.dropout_parameters("0.1")
