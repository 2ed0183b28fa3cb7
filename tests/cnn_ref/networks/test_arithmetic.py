"""Layer arithmetic against arrays that really go through the layers, and the errors of impossible layers."""

import math
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import cnn_ref
from cnn_ref.networks import NETWORKS, ImpossibleLayerError, Network
from cnn_ref.networks import description as d

small = st.integers(1, 3)


def one(layer, shape=(3, 8, 8)):
    """Build a network of one layer."""
    return Network("one", (layer,), shape)


def test_one_convolution_by_hand():
    """AlexNet's first layer: 55x55x96, 34,944 parameters, 105,415,200 products, 11 cells seen every 4 cells."""
    layer = d.Conv(name="conv1", filters=96, kernel_size=11, stride=4)
    (row,) = one(layer, (3, 227, 227)).layers
    assert row.output_shape == (96, 55, 55)
    assert row.parameters == 34_944
    assert row.multiply_accumulates == 55 * 55 * 96 * 363
    assert row.connections == 105_705_600
    assert row.activations == 290_400
    assert row.memory == 4 * (290_400 + 34_944)
    assert (row.receptive_field, row.jump) == ((11, 11), (4, 4))


def test_joins_by_hand():
    """Concatenation adds channels, addition keeps them; parameters of all branches count."""
    ones = d.Conv(name="ones", filters=2, kernel_size=1)
    threes = d.Conv(name="threes", filters=3, kernel_size=3, padding=1, bias=False)
    network = one(d.Parallel(name="module", join="concatenate", branches=((ones,), (threes,), ())))
    assert network.output_shape == (2 + 3 + 3, 8, 8)
    assert network.parameters == (3 * 2 + 2) + 9 * 3 * 3
    assert network.receptive_field == (3, 3)
    assert network.layers[-1].kind == "Concatenate"
    same = d.Conv(name="same", filters=3, kernel_size=3, padding="same")
    assert one(d.Parallel(name="unit", join="add", branches=((same,), ()))).output_shape == (3, 8, 8)


def test_side_outputs_count_as_parameters_but_not_as_cost():
    """A side output is listed and marked; the path goes on unchanged."""
    side = d.Auxiliary(name="side", layers=(d.Conv(name="conv", filters=5, kernel_size=3),))
    network = Network("side", (side, d.Conv(name="conv", filters=1, kernel_size=1)), (3, 8, 8))
    assert network.output_shape == (1, 8, 8)
    assert network.parameters == 5 * 27 + 5 + 4
    assert network.multiply_accumulates == 64 * 3
    assert [row.auxiliary for row in network.layers] == [True, False]


def test_batch_norm_and_fixed_outputs_have_buffers():
    """Batch norm stores 2C and learns 2C, or C without scale; radial basis patterns are not trained."""
    assert (one(d.BatchNorm(name="bn")).parameters, one(d.BatchNorm(name="bn")).buffers) == (6, 6)
    assert one(d.BatchNorm(name="bn", scale=False)).parameters == 3
    patterns = one(d.RadialBasis(name="output", units=10), (84,))
    assert (patterns.parameters, patterns.buffers, patterns.connections) == (0, 840, 840)


def test_in_place_layers_take_no_memory():
    """ReLU overwrites its input; local response normalisation cannot."""
    layers = (
        d.relu("relu"),
        d.Elementwise(name="norm", kind="LocalResponseNorm", in_place=False),
        d.Flatten(name="flatten"),
    )
    network = Network("in place", layers, (3, 8, 8))
    assert [row.activations for row in network.layers] == [0, 192, 0]
    assert network.activations == 2 * 192


@st.composite
def stacks(draw):
    """Draw an input shape and a few layers with settings that mostly fit."""
    shape = (draw(small), draw(st.integers(5, 12)), draw(st.integers(5, 12)))
    layers = []
    for number in range(draw(st.integers(1, 3))):
        kernel, stride = (draw(small), draw(small)), (draw(small), draw(small))
        name = f"layer{number}"
        kind = draw(st.sampled_from(["conv", "max", "average", "transposed"]))
        if kind == "conv":
            padding = (draw(st.integers(0, 2)), draw(st.integers(0, 2)))
            dilation = draw(st.integers(1, 2))
            settings = {"kernel_size": kernel, "stride": stride, "padding": padding, "dilation": dilation}
            layers.append(d.Conv(name=name, filters=draw(small), bias=draw(st.booleans()), **settings))
        elif kind == "transposed":
            layers.append(d.ConvTranspose(name=name, filters=draw(small), kernel_size=kernel, stride=stride))
        else:
            padding = (kernel[0] // 2, kernel[1] // 2)
            ceil_mode = draw(st.booleans())
            layers.append(
                d.Pool(name=name, kind=kind, kernel_size=kernel, stride=stride, padding=padding, ceil_mode=ceil_mode)
            )
    return shape, tuple(layers)


def run(layer, array):
    """Send an array (1, C, H, W) through a layer of ones; return the output and the number of weights and biases."""
    if isinstance(layer, d.Pool):
        pool = cnn_ref.max_pool2d if layer.kind == "max" else cnn_ref.avg_pool2d
        return pool(array, layer.kernel_size, layer.stride, layer.padding, ceil_mode=layer.ceil_mode), 0
    bias = np.zeros(layer.filters) if layer.bias else None
    biases = 0 if bias is None else bias.size
    if isinstance(layer, d.ConvTranspose):
        weight = np.ones((array.shape[1], layer.filters, *layer.kernel_size))
        return cnn_ref.conv_transpose2d(array, weight, bias, layer.stride), weight.size + biases
    weight = np.ones((layer.filters, array.shape[1], *layer.kernel_size))
    output = cnn_ref.conv2d(array, weight, bias, layer.stride, layer.padding, layer.dilation)
    return output, weight.size + biases


def run_all(layers, array):
    """Send an array through all layers."""
    for layer in layers:
        array, _ = run(layer, array)
    return array


@given(stacks())
def test_shapes_and_parameters_are_those_of_real_arrays(stack):
    """What the arithmetic says is what arrays of ones do."""
    shape, layers = stack
    try:
        network = Network("stack", layers, shape)
    except ImpossibleLayerError:
        with pytest.raises(ValueError, match="must"):
            run_all(layers, np.ones((1, *shape)))
        return
    array, parameters = np.ones((1, *shape)), 0
    for layer, row in zip(layers, network.layers, strict=True):
        array, count = run(layer, array)
        parameters += count
        assert row.output_shape == array.shape[1:]
    assert network.parameters == parameters


@given(stacks())
def test_products_are_counted_one_by_one(stack):
    """Sending a one through every weight: the padded sums of ones count the products of a convolution."""
    shape, layers = stack
    layers = tuple(layer for layer in layers if isinstance(layer, d.Conv))
    assume(layers)
    try:
        network = Network("stack", layers, shape)
    except ImpossibleLayerError:
        return
    for layer, row in zip(layers, network.layers, strict=True):
        (top, left), (height, width) = layer.padding, row.input_shape[1:]
        padded = np.ones((1, row.input_shape[0], height + 2 * top, width + 2 * left))
        weight = np.ones((layer.filters, row.input_shape[0], *layer.kernel_size))
        products = cnn_ref.conv2d(padded, weight, None, layer.stride, 0, layer.dilation)
        assert row.multiply_accumulates == products.sum()


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 2), st.integers(1, 2)), min_size=1, max_size=4
    )
)
def test_receptive_fields_are_the_cells_that_matter(layers):
    """Following one output cell back through explicit index sets gives size, jump and begin."""
    fields = cnn_ref.receptive_fields(layers)

    def cells_behind(level, cell):
        if level < 0:
            return {cell}
        kernel, stride, padding, dilation = layers[level]
        behind = (cells_behind(level - 1, cell * stride - padding + tap * dilation) for tap in range(kernel))
        return set().union(*behind)

    for level, field in enumerate(fields):
        first, second = cells_behind(level, 0), cells_behind(level, 1)
        assert field.size == max(first) - min(first) + 1
        assert field.begin == min(first)
        assert field.jump == min(second) - min(first)


@given(st.integers(1, 6), st.integers(1, 4), st.integers(0, 3))
def test_transposed_receptive_fields_are_the_cells_that_matter(kernel_size, stride, padding):
    """Output cell i·stride - padding + tap sees input cell i: the largest set, and where that of cell 0 begins."""
    seen = {}
    for cell in range(-20, 20):
        for tap in range(kernel_size):
            seen.setdefault(cell * stride - padding + tap, []).append(cell)
    inside = [cells for output, cells in seen.items() if abs(output) < 10]
    field = cnn_ref.ReceptiveField().after_transposed_window(kernel_size, stride, padding)
    assert field.size == max(max(cells) - min(cells) + 1 for cells in inside)
    assert field.jump * stride == 1
    if 0 in seen:
        assert field.begin == min(seen[0])


def test_receptive_fields_by_hand():
    """Three 3x3 see 7 cells; a stride of 2 doubles what follows; dilation 2 makes a 3 see 5."""
    assert [int(field.size) for field in cnn_ref.receptive_fields([(3,), (3,), (3,)])] == [3, 5, 7]
    assert [int(field.size) for field in cnn_ref.receptive_fields([(3, 2), (3,)])] == [3, 7]
    assert cnn_ref.receptive_fields([(3, 1, 0, 2)])[0].size == 5
    with pytest.raises(ValueError, match=r"layers\[0\] must be"):
        cnn_ref.receptive_fields([()])
    with pytest.raises(ValueError, match=r"stride of layers\[1\] must be an integer of at least 1, got 0"):
        cnn_ref.receptive_fields([(3,), (3, 0)])


# Impossible layers


@pytest.mark.parametrize(
    ("layer", "shape", "rule", "nearest"),
    [
        (
            d.Conv(name="c", filters=1, kernel_size=5),
            (1, 3, 9),
            "spans 5 cells (kernel_size 5, dilation 1) of 3 (size 3 + padding 0 + 0)",
            "kernel_size 3, or padding 1 at each end, or an input of height 5",
        ),
        (
            d.Conv(name="c", filters=1, kernel_size=3, dilation=2),
            (1, 9, 4),
            "along the width it spans 5 cells (kernel_size 3, dilation 2) of 4",
            "kernel_size 2, or padding 1 at each end, or an input of width 5",
        ),
        (
            d.Conv(name="c", filters=8, kernel_size=1, groups=3),
            (4, 5, 5),
            "groups must divide in_channels 4 and filters 8, got 3",
            "groups 2 of [1, 2, 4]",
        ),
        (d.max_pool("c", 2), (1, 1, 1), "spans 2 cells", "kernel_size 1"),
        (d.max_pool("c", 3, 2, 2), (1, 9, 9), "at most half the window, got ((2, 2), (2, 2)) for (3, 3)", "(1, 1)"),
        (d.Dense(name="c", units=1), (4, 5, 5), "needs an input (features,)", "Flatten before it, which gives (100,)"),
        (d.Conv(name="c", filters=1, kernel_size=1), (10,), "needs an input (channels", "before Flatten"),
        (d.Crop(name="c", margin=3), (1, 6, 9), "at least one cell, got 3", "margin 2"),
        (d.Subsample(name="c", stride=2, filters=3), (4, 6, 6), "only append channels", "filters 4"),
        (d.ConvTranspose(name="c", filters=1, kernel_size=1, padding=3), (1, 3, 3), "at least one cell", "padding 0"),
        (
            d.Conv(name="c", filters=2, kernel_size=1, connections=(1, 9)),
            (4, 3, 3),
            "connections must name 1 to 4 channels for each of 2 filters, got (1, 9)",
            "(4,) * 2",
        ),
        (
            d.Parallel(name="c", join="add", branches=((), (d.Conv(name="x", filters=2, kernel_size=3),))),
            (1, 5, 5),
            "same shape, got (1, 5, 5) and (2, 3, 3)",
            "a 1x1 convolution with 1 filters",
        ),
        (
            d.Parallel(name="c", join="concatenate", branches=((), (d.Conv(name="x", filters=2, kernel_size=3),))),
            (1, 5, 5),
            "same height and width, got (1, 5, 5) and (2, 3, 3)",
            "(3, 3)",
        ),
    ],
)
def test_impossible_layers_name_rule_and_nearest_legal_settings(layer, shape, rule, nearest):
    """The error holds the layer, the shape that reaches it, the rule with the numbers, and what would do."""
    with pytest.raises(ImpossibleLayerError, match=re.escape(rule)) as caught:
        one(layer, shape)
    assert nearest in caught.value.nearest
    assert caught.value.layer == "c"
    assert caught.value.input_shape == shape
    assert str(shape) in str(caught.value)


@pytest.mark.parametrize("seed", range(20))
def test_the_nearest_kernel_and_padding_are_legal(seed):
    """What the error recommends works: the kernel as it stands, the padding as it stands."""
    rng = np.random.default_rng(seed)
    size, kernel, padding, dilation = (int(rng.integers(*bounds)) for bounds in ((1, 4), (4, 9), (0, 2), (1, 3)))
    layer = {"name": "c", "filters": 1, "kernel_size": kernel, "padding": padding, "dilation": dilation}
    with pytest.raises(ImpossibleLayerError) as caught:
        one(d.Conv(**layer), (1, size, size))
    fitting, padded, longer = map(int, re.findall(r"(?:kernel_size|padding|height) (\d+)", caught.value.nearest))
    one(d.Conv(**layer | {"kernel_size": fitting}), (1, size, size))
    one(d.Conv(**layer | {"padding": padded}), (1, size, size))
    one(d.Conv(**layer), (1, longer, longer))
    for worse in (layer | {"kernel_size": fitting + 1}, layer | {"padding": padded - 1}):
        with pytest.raises(ImpossibleLayerError):
            one(d.Conv(**worse), (1, size, size))


@pytest.mark.parametrize(
    ("build", "rule"),
    [
        (lambda: one(d.Conv(name="c", filters=0, kernel_size=1)), "c: filters must be an integer of at least 1"),
        (lambda: one(d.Conv(name="c", filters=1, kernel_size=1, stride=0)), "c: stride must be"),
        (lambda: one(d.Conv(name="c", filters=1, kernel_size=1, padding=-1)), "c: padding must be"),
        (lambda: one(d.Conv(name="c", filters=1, kernel_size=1, padding="full")), "c: padding must be"),
        (lambda: one(d.Dense(name="c", units=0), (3,)), "c: units must be"),
        (lambda: one(d.relu("a/b")), "names must differ and hold no slash"),
        (lambda: Network("twice", (d.relu("a"), d.relu("a")), (3,)), "names must differ"),
        (lambda: Network("flat", (), (3, 3)), "input_shape must be"),
        (lambda: Network("empty", (), (3, 0, 3)), "input_shape must be"),
    ],
)
def test_settings_out_of_range_are_refused(build, rule):
    """The error names the layer and the setting."""
    with pytest.raises(ValueError, match=re.escape(rule)):
        build()


def test_what_is_no_layer_is_refused():
    """A class without a rule is named."""
    with pytest.raises(TypeError, match="layer 'odd' has no rule: Layer"):
        one(d.Layer(name="odd"))


# The object


@pytest.mark.parametrize("name", NETWORKS)
def test_totals_are_sums_of_layers_and_names_are_unique(name):
    """Parameters, costs and memory add up; every layer can be looked up; the summary ends with the totals."""
    network = NETWORKS[name]()
    assert network.parameters == sum(layer.parameters for layer in network.layers)
    assert network.multiply_accumulates == sum(layer.multiply_accumulates for layer in network.layers)
    assert len({layer.name for layer in network.layers}) == len(network.layers)
    assert all(network[layer.name] is layer for layer in network.layers)
    assert network.layers[-1].output_shape == network.output_shape
    assert network.memory == 4 * (network.activations + network.parameters + network.buffers)
    stored = sum(math.prod(layer.output_shape) for layer in network.layers if layer.activations)
    assert network.activations == math.prod(network.input_shape) + stored
    summary = network.summary()
    assert f"{network.parameters:,}" in summary
    assert f"{network.multiply_accumulates:,}" in summary
    assert all(layer.name in summary for layer in network.layers)


def test_an_unknown_layer_is_a_key_error():
    """The error says where names are listed."""
    with pytest.raises(KeyError, match=r"has no layer 'conv99'; names are listed in \.layers"):
        NETWORKS["alexnet"]()["conv99"]


@pytest.mark.parametrize("name", ["vgg_d", "googlenet", "unet"])
def test_the_picture_shows_blocks_and_totals(name):
    """Each block is named with its shape, and the totals stand above the bars."""
    pytest.importorskip("matplotlib")
    network = NETWORKS[name](auxiliary=True) if name == "googlenet" else NETWORKS[name]()
    figure = network.plot()
    diagram, parameters, costs = figure.axes
    texts = {text.get_text() for text in diagram.texts}
    last = network.layers[-1]
    assert last.name in texts
    assert " x ".join(map(str, network.input_shape)) in texts
    on_path = sum(layer.parameters for layer in network.layers if not layer.auxiliary)
    assert sum(bar.get_width() for bar in parameters.patches) == on_path
    assert sum(bar.get_width() for bar in costs.patches) == network.multiply_accumulates
    assert f"{network.multiply_accumulates:,}" in costs.get_title()


def test_networks_need_no_matplotlib():
    """Building and summarising works without importing matplotlib."""
    code = (
        "import sys; from cnn_ref.networks import NETWORKS; NETWORKS['lenet5']().summary()\n"
        "assert 'matplotlib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
