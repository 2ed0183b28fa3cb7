"""The chapters: references against loops and SciPy, keys against networks that are counted, texts against both."""

from __future__ import annotations

import itertools
import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy

from cnn_ref.networks import NETWORKS
from grader_tests.chapters import (
    batch_norm_in_use,
    conv_transpose1d,
    dense_as_filters,
    dilated_conv1d,
    full_conv1d,
    max_unpool1d,
    subsample,
)
from grader_tests.questions import chap1

FOLDER = Path(__file__).parents[2] / "authoring" / "cnn_chapters"
ITEMS: dict[str, dict[str, Any]] = {
    item["id"]: item for item in tomllib.loads((FOLDER / "systems.toml").read_text(encoding="utf-8"))["items"]
}
RNG = np.random.default_rng(12)


def windows(line: np.ndarray, weight: np.ndarray, step: int = 1) -> list[float]:
    """Return all sums of a filter whose taps lie `step` cells apart, cell by cell."""
    starts = itertools.takewhile(lambda start: start + (len(weight) - 1) * step < len(line), itertools.count())
    return [sum(w * line[start + tap * step] for tap, w in enumerate(weight)) for start in starts]


def test_holes_and_overlaps_are_windows_listed_one_by_one() -> None:
    """Dilated and full convolution are sums over cells; SciPy agrees about the full one."""
    for size, k, dilation in itertools.product((4, 9), (1, 2, 4), (1, 2, 3)):
        line, weight = RNG.normal(size=size), RNG.normal(size=k)
        if (k - 1) * dilation < size:
            np.testing.assert_allclose(dilated_conv1d(line, weight, dilation), windows(line, weight, dilation))
        else:
            with pytest.raises(ValueError, match="fit"):
                dilated_conv1d(line, weight, dilation)
        np.testing.assert_allclose(full_conv1d(line, weight), scipy.signal.correlate(line, weight, mode="full"))
        assert len(full_conv1d(line, weight)) == size + k - 1


def test_stamps_are_the_transpose_of_windows() -> None:
    """Stamps and windows give the same sum of products with any two lines, like a matrix and its transpose."""
    for size, k, stride, padding in itertools.product((1, 4), (1, 3, 4), (1, 2, 5), (0, 1)):
        cells, weight = RNG.normal(size=size), RNG.normal(size=k)
        if (size - 1) * stride + k <= 2 * padding:
            continue
        stamped = conv_transpose1d(cells, weight, stride, padding)
        other = RNG.normal(size=len(stamped))
        read = windows(np.pad(other, padding), weight)[::stride]
        assert stamped @ other == pytest.approx(cells @ read)


def test_a_stride_visits_every_stride_th_place() -> None:
    """Windows of a layer with a stride, listed one by one, are the kept cells of the dense map."""
    image, weight = RNG.normal(size=(6, 9)), RNG.normal(size=(2, 3))
    dense_map = scipy.signal.correlate2d(image, weight, mode="valid")
    for stride in (1, 2, 3, 7):
        listed = [
            [(image[r : r + 2, c : c + 3] * weight).sum() for c in range(0, 7, stride)] for r in range(0, 5, stride)
        ]
        np.testing.assert_allclose(subsample(dense_map, stride), listed)


def test_a_dense_layer_is_a_convolution() -> None:
    """The filters give what the rows give on the flattened volume."""
    for channels, height, width in ((1, 2, 3), (3, 2, 2), (2, 4, 1)):
        volume, table = RNG.normal(size=(channels, height, width)), RNG.normal(size=(5, channels * height * width))
        filters = dense_as_filters(table, channels, height, width)
        assert [(volume * one).sum() for one in filters] == pytest.approx(table @ volume.reshape(-1))


def test_batch_norm_in_use_forgets_the_rest_of_the_batch() -> None:
    """One image gets the same maps alone and among others; each cell is the formula."""
    x, gamma, beta = RNG.normal(size=(3, 2, 2, 4)), RNG.normal(size=2), RNG.normal(size=2)
    mean, variance = RNG.normal(size=2), RNG.uniform(0.5, 2, 2)
    maps = batch_norm_in_use(x, gamma, beta, mean, variance, 0.25)
    np.testing.assert_allclose(batch_norm_in_use(x[1:2], gamma, beta, mean, variance, 0.25), maps[1:2])
    for n, c, h, w in np.ndindex(*x.shape):
        wanted = gamma[c] * (x[n, c, h, w] - mean[c]) / (variance[c] + 0.25) ** 0.5 + beta[c]
        assert maps[n, c, h, w] == pytest.approx(wanted)


def test_unpooling_undoes_pooling_where_the_maximum_was() -> None:
    """Pooling the unpooled line of positive maxima gives the maxima again; all other cells are 0."""
    line = RNG.uniform(1, 9, 12)
    for window in (2, 3, 4):
        blocks = line.reshape(-1, window)
        places = blocks.argmax(axis=1) + window * np.arange(len(blocks))
        back = max_unpool1d(blocks.max(axis=1), places, 12)
        assert back.reshape(-1, window).max(axis=1).tolist() == blocks.max(axis=1).tolist()
        assert np.flatnonzero(back).tolist() == places.tolist()


def test_costs_are_products_counted_one_by_one() -> None:
    """The hill of question 8: each place of each filter is visited."""
    side = chap1.SIDE
    products = {f: sum(f * f for _ in itertools.product(range(side - f + 1), repeat=2)) for f in range(1, side + 1)}
    asked = chap1.COST.expected
    assert [f for f in products if products[f] == asked["most"]] == [asked["most_expensive"]]
    assert max(products.values()) == asked["most"]
    assert asked["as_large_as_the_image"] == side**2 == products[1]
    assert [f for f in products if products[f] == products[3]] == [3, asked["as_cheap_as_3"]]


def test_claims_are_held_up_by_computing() -> None:
    """A, C, D, E and F: a table of a dense layer, a task that sharing cannot fit, a point that is lost, two sizes."""
    weight = RNG.normal(size=3)
    table = np.array([np.roll(np.pad(weight, (0, 4)), unit) for unit in range(5)])  # five rows of seven cells
    line = RNG.normal(size=7)
    np.testing.assert_allclose(table @ line, windows(line, weight))
    assert chap1.CLAIMS.pairs["A"] == (True, "b")
    # C: left and right mean different things, -1 and 1; one shared weight fits best with 0 and stays wrong everywhere
    left_and_right = np.eye(2).reshape(-1, 1)
    best = np.linalg.lstsq(left_and_right, np.array([-1.0, 0, 0, 1.0]), rcond=None)[0]
    assert best == pytest.approx(0)
    assert chap1.CLAIMS.pairs["C"][0] is False
    assert len({np.eye(4)[cell].reshape(2, 2).max() for cell in range(4)}) == 1  # D
    assert chap1.CLAIMS.pairs["D"] == (False, "b")
    assert len(windows(np.zeros(32), np.zeros(5))[::2]) == 14  # E: there is such a layer
    assert windows(np.zeros(4 + 2), np.zeros(7)) == []  # F: there is none ...
    assert len(windows(np.zeros(4 + 2), np.zeros(6))) == 1  # ... but a filter larger than the image may fit
    assert (chap1.CLAIMS.pairs["E"][0], chap1.CLAIMS.pairs["F"][0]) == (False, True)


def numbers(text: str) -> list[int]:
    """Return the whole numbers of a text."""
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*(?!\.\d)", text)]


def test_lenet_of_1995() -> None:
    """Exactly one option makes 8 of 12 cells; the volumes of the picture's alt text are the network's."""
    item = ITEMS["s01"]
    sides = {"a": len(range(12 - 3 + 1)), "b": len(range(12 - 5 + 1)), "c": len(range(0, 12, 2))}
    assert [letter for letter, side in sides.items() if side == 8] == [item["key"]]
    [told] = re.findall(r"!\[(.*?)\]", item["prompt"])
    network = NETWORKS["lenet1995"]()
    for name in ("c1", "s2", "c3", "s4"):
        channels, height, width = network[name].output_shape
        assert f"{height} by {width} by {channels}" in told
    assert f"{network['output'].output_shape[0]} outputs" in told


def test_unet_cuts_what_its_network_cuts() -> None:
    """The deepest shortcut: 64 cells come, 56 are wanted."""
    shapes = {layer.name.rpartition("/")[2]: layer.output_shape for layer in NETWORKS["unet"]().layers}
    left, up = shapes["down4_conv2"][1], shapes["upconv4"][1]
    assert (left, shapes["down5_conv2"][1]) == (64, 28)
    assert ITEMS["s02"]["key"] == (left - up) // 2
    [told] = re.findall(r"!\[(.*?)\]", ITEMS["s02"]["prompt"])
    sides = [shapes[f"down{level}_conv2"][1] for level in (1, 2, 3, 4, 5)]
    assert numbers(told) == sides + [shapes[f"up{level}_conv2"][1] for level in (4, 3, 2, 1)]


def test_numbers_of_the_other_systems_are_counted() -> None:
    """Weights are counted link by link, or come from the network of the lectures."""
    assert ITEMS["s04"]["key"] == sum(1 for _ in itertools.product(range(48), range(13)))
    depthwise, pointwise = 96 * 9, 96 * 160
    assert ITEMS["s05"]["key"] == depthwise + pointwise
    assert numbers(ITEMS["s05"]["why"]) == [96, 9, depthwise, 96, 160, pointwise, 9 * 96 * 160]
    links = sum(9 for f, c in itertools.product(range(128), repeat=2) if f // 4 == c // 4)
    assert links * 32 == 9 * 128 * 128
    assert ITEMS["s06"]["options"][ITEMS["s06"]["key"]] == "one 32nd of them"
    assert numbers(ITEMS["s06"]["why"]) == [4, 128, links, 9 * 128 * 128]
    assert ITEMS["s07"]["key"] == pytest.approx(100 * (1 - 14 / 49), abs=ITEMS["s07"]["tolerance"])


def test_the_block_of_inception_resnet_is_that_of_the_network() -> None:
    """Some 1 × 1 layer of the network reads 384 channels, writes 1,088, and has as many weights as the key says."""
    found = {
        layer.parameters - layer.output_shape[0]
        for layer in NETWORKS["inception_resnet_v2"]().layers
        if layer.output_shape[0] == 1088 and layer.parameters > 2 * 1088
    }
    assert ITEMS["s09"]["key"] in found
    assert ITEMS["s09"]["key"] == (192 + 192) * 1088


def test_the_picture_of_inception_v3_tells_its_network() -> None:
    """What the alt text says: weights of windows, maps of the branches, values that shrink after the second stage."""
    [told] = re.findall(r"!\[(.*?)\]", ITEMS["s08"]["prompt"])
    shapes = {layer.name: layer.output_shape for layer in NETWORKS["inception_v3"]().layers}
    assert f"{3 * 3 + 3 * 3} weights in place of {5 * 5}" in told
    assert f"{3 + 3} in place of {3 * 3}" in told
    before, after = (" by ".join(map(str, (*shapes[name][1:], shapes[name][0]))) for name in ("mixed2", "mixed3"))
    assert f"{before} goes through" in told
    assert f"stacked to {after}" in told
    maps = [shapes[f"mixed3/{branch}"][0] for branch in ("1/3x3", "2/double2", "3/pool")]
    assert "({} and {} maps) and one of max pooling ({} maps)".format(*maps) in told
    assert sum(maps) == shapes["mixed3"][0]
    stages = ("conv1", "conv3", "conv5", "mixed2", "mixed7", "mixed10", "global_pool")
    values = [int(np.prod(shapes[name])) for name in stages]
    assert values[0] < values[1]
    assert all(left > right for left, right in itertools.pairwise(values[1:]))


@pytest.mark.parametrize("item", ITEMS.values(), ids=list(ITEMS))
def test_each_system_is_taught_with_a_picture_and_asked(item: dict[str, Any]) -> None:
    """An item shows something before it asks; no hint says the key; each wrong option has a hint."""
    assert "![" in item["prompt"]
    key = str(item["key"])
    if item["type"] == "letter":
        assert set(item["hints"]) == set(item["options"]) - {key}
    else:
        assert len(item["hints"]) >= 3
        assert float(key) not in {float(number) for number in item["hints"]}
        assert not any(re.search(rf"(?<!\d){re.escape(key)}(?!\d)", hint) for hint in item["hints"].values())
