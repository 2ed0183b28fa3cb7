"""The picture of a network's volumes: what is written, what is hidden, how large the boxes are."""

import numpy as np
import pytest
from matplotlib.patches import Polygon

from cnn_ref import plot

STAGES = [
    ("", (3, 227, 227)),
    ("conv 11 × 11", (96, 55, 55)),
    ("max pool", None),
    ("flatten", (9216,)),
]


def boxes(figure):
    """Return (width, height) of the front of every told box, in order: a face with two upright sides that is on top."""
    fronts = []
    for patch in figure.axes[0].patches:
        assert isinstance(patch, Polygon)
        corners = patch.get_xy()[:4]
        is_front = corners[0][1] == corners[1][1] and corners[1][0] == corners[2][0]
        if is_front and patch.get_edgecolor()[3] and patch.get_linestyle() != "--":
            fronts.append(tuple(np.ptp(corners, axis=0)))
    return fronts


def test_every_told_shape_is_written_as_rows_columns_channels():
    """Shapes stand below their boxes in reading order, a vector as one number with a comma."""
    written = [text.get_text() for text in plot.network_diagram(STAGES).axes[0].texts]
    assert [words for words in written if words[:1].isdigit()] == ["227 × 227 × 3", "55 × 55 × 96", "9,216"]


def test_a_hidden_shape_is_a_dashed_box_with_a_question_mark():
    """A volume that is not told shows no size: every hidden box looks the same."""
    figure = plot.network_diagram([("", None), ("conv", None)])
    dashed = [patch for patch in figure.axes[0].patches if patch.get_linestyle() == "--"]
    assert [text.get_text() for text in figure.axes[0].texts].count("?") == len(dashed) == 2
    sizes = [np.ptp(patch.get_xy()[:4], axis=0) for patch in dashed]
    np.testing.assert_allclose(sizes[0], sizes[1])


def test_boxes_grow_with_the_maps_and_with_the_channels():
    """A higher map has a higher box, more channels a deeper one."""
    (image_depth, image_height), (maps_depth, maps_height), _ = boxes(plot.network_diagram(STAGES))
    assert image_height > maps_height
    assert image_depth < maps_depth


def test_every_layer_is_named_once():
    """Each step carries the words that the stage gives it; the input has none."""
    written = [text.get_text() for text in plot.network_diagram(STAGES).axes[0].texts]
    assert [words for words in written if words in {"conv 11 × 11", "max pool", "flatten"}] == [
        "conv 11 × 11",
        "max pool",
        "flatten",
    ]


@pytest.mark.parametrize("shape", [(3, 4), (0,), (3, 0, 4), (1, 2, 3, 4), ()])
def test_a_shape_that_is_none_is_refused(shape):
    """Shapes of a wrong length or with a size below 1 raise an error that names the stage."""
    with pytest.raises(ValueError, match="conv: the shape must be"):
        plot.network_diagram([("", (1, 8, 8)), ("conv", shape)])


def test_no_stage_is_refused():
    """A diagram of nothing is an error."""
    with pytest.raises(ValueError, match="at least one stage"):
        plot.network_diagram([])
