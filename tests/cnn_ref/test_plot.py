"""Pictures say what the numbers say: what is written and framed in them is compared with hand-made cases."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure

from cnn_ref import plot
from cnn_ref.plot.receptive_field import receptive_field_growth

IMAGE = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]])
KERNEL = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])


def written(axes: object) -> list[str]:
    """Return all texts of one axes in drawing order."""
    return [text.get_text() for text in axes.texts]  # type: ignore[attr-defined]


def thick_frames(axes: object) -> list[tuple[float, float, float, float]]:
    """Return (row, column, height, width) of every thick frame."""
    frames = [p for p in axes.patches if not p.get_fill()]  # type: ignore[attr-defined]
    return [(p.get_y(), p.get_x(), p.get_height(), p.get_width()) for p in frames]


def test_step_writes_the_feature_map_of_the_lecture():
    """The 5 x 5 image and 3 x 3 filter of the lecture give 4 3 4 / 2 4 3 / 2 3 4."""
    figure = plot.convolution_step(IMAGE, KERNEL, (0, 0))
    assert written(figure.axes[2]) == ["4", "3", "4", "2", "4", "3", "2", "3", "4"]


def test_step_frames_the_window_that_feeds_the_cell():
    """With stride 2 and padding 1, output cell (1, 0) reads the padded rows 2-4 and columns 0-2."""
    figure = plot.convolution_step(IMAGE, KERNEL, (1, 0), stride=2, padding=1)
    assert thick_frames(figure.axes[0]) == [(2, 0, 3, 3)]
    assert thick_frames(figure.axes[2]) == [(1, 0, 1, 1)]


def test_step_spells_out_the_sum():
    """The written sum lists the products of window and filter and ends with the cell's value."""
    figure = plot.convolution_step([[1, 2], [3, 4]], [[1, 0], [0, -1]], (0, 0))
    assert [text.get_text() for text in figure.texts] == ["1·1 + 2·0 + 3·0 + 4·(-1) = -3"]


def test_step_upto_leaves_later_cells_empty():
    """An animation's picture shows no result that has not been computed yet."""
    figure = plot.convolution_step(IMAGE, KERNEL, (1, 0), upto=True)
    assert written(figure.axes[2]) == ["4", "3", "4", "2"]


def test_padding_is_told_by_hatching_not_by_colour_alone():
    """Every padded cell carries a hatch and no inner cell does."""
    figure = plot.convolution_step(IMAGE, KERNEL, (0, 0), padding=1)
    cells = [p for p in figure.axes[0].patches if p.get_fill()]
    hatched = {(p.get_y(), p.get_x()) for p in cells if p.get_hatch()}
    assert len(cells) == 49
    assert hatched == {(r, c) for r in range(7) for c in range(7) if r in (0, 6) or c in (0, 6)}


def test_step_refuses_a_position_outside_the_map():
    """A cell that does not exist is an error that names the map's shape."""
    with pytest.raises(ValueError, match=r"\(3, 0\).*\(3, 3\)"):
        plot.convolution_step(IMAGE, KERNEL, (3, 0))


def test_step_refuses_a_volume():
    """Only one channel can be drawn; the error prints both shapes."""
    with pytest.raises(ValueError, match=r"\(1, 5, 5\)"):
        plot.convolution_step(IMAGE[None], KERNEL, (0, 0))


def test_animation_has_one_frame_for_each_output_cell(tmp_path):
    """A 3 x 3 feature map makes nine frames in the saved GIF."""
    from PIL import Image

    plot.convolution_animation(IMAGE, KERNEL).save(tmp_path / "steps.gif", writer="pillow", dpi=40)
    with Image.open(tmp_path / "steps.gif") as picture:
        assert picture.n_frames == 9


def test_sizes_show_3_5_and_3():
    """Five cells, filter 3: (stride 1, no padding), (1, 1) and (2, 1) give 3, 5 and 3."""
    figure = plot.convolution_sizes(IMAGE, KERNEL, [(1, 0), (1, 1), (2, 1)])
    below = [axes.get_title() for axes in figure.axes[5:]]
    assert below == ["feature map 3 × 3", "feature map 5 × 5", "feature map 3 × 3"]


def test_connections_of_one_unit():
    """16 x 16 shrinks to 14 x 14, with padding 1 it stays; how many numbers a unit reads is not told."""
    texts = " ".join(written(plot.filter_connections((20, 16, 16), 3).axes[0]))
    assert "14 × 14, no padding" in texts
    assert "16 × 16, padding 1" in " ".join(written(plot.filter_connections((20, 16, 16), 3, padding=1).axes[0]))
    assert "180" not in texts


def test_pooling_circles_the_maximum_of_each_window():
    """Each window's largest number is the one circled and the one written beside it."""
    figure = plot.pooling_windows([[1, 5, 2, 0], [3, 4, 8, 1], [-1, -2, 0, 0], [-3, -4, 0, 6]], 2)
    left, right = figure.axes
    circles = [tuple(collection.get_offsets()[0]) for collection in left.collections]
    assert circles == [(1.5, 0.5), (2.5, 1.5), (0.5, 2.5), (3.5, 3.5)]
    assert written(right) == ["5", "8", "-1", "6"]


def test_neighbouring_windows_differ_without_colour():
    """Windows side by side carry different hatches."""
    left = plot.pooling_windows(np.arange(16).reshape(4, 4), 2).axes[0]
    marks = [p.get_hatch() for p in left.patches if p.get_width() > 1]
    assert len(set(marks)) == 4


@pytest.mark.parametrize(
    ("layers", "size", "reach"), [([(3, 1), (3, 1)], 11, 5), ([(3, 1)] * 3, 11, 7), ([(3, 2), (3, 1)], 13, 7)]
)
def test_receptive_field_reach(layers, size, reach):
    """Two 3-wide layers see 5 cells, three see 7, and a stride of 2 below makes two see 7."""
    figure = receptive_field_growth(layers, size)
    assert f"sees {reach} input cells" in written(figure.axes[0])
    marked = [p for p in figure.axes[0].patches if p.get_linewidth() > 1 and p.get_y() > -0.5]
    assert len(marked) == reach


def test_receptive_field_refuses_too_short_an_input():
    """The error names the layer that finds too few cells."""
    with pytest.raises(ValueError, match="layer 2 needs 3 cells, but only 2"):
        receptive_field_growth([(3, 1), (3, 1)], size=4)


def test_cost_bars_are_as_long_as_their_numbers():
    """Bar lengths are the costs, parts are stacked, totals are written with separators."""
    figure = plot.cost_bars({"direct": {"5": 100}, "two": {"1": 20, "5": 3000}}, "multiplications")
    widths = [p.get_width() for p in figure.axes[0].patches]
    assert widths == [100, 20, 3000]
    assert "3,020" in written(figure.axes[0])


def test_cost_bars_refuse_negative_costs():
    """A negative cost is an error that shows what came."""
    with pytest.raises(ValueError, match="-1"):
        plot.cost_bars({"direct": {"5": -1}}, "multiplications")


def test_loss_contours_name_four_condition_numbers():
    """The fruit table: 64.05 as it is, 6.00 centred, 18.75 scaled, 2.70 standardised."""
    figure = plot.loss_contours([[15, 1], [18, 3], [12, 2], [10, 5]], [1, 2, 3, 4])
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == [
        "raw: condition number 64.05",
        "centered: condition number 6.00",
        "scaled: condition number 18.75",
        "standardized: condition number 2.70",
    ]


def test_loss_contours_path_comes_nearer_faster_after_scaling():
    """After the same number of steps the scaled path is closer to its star."""
    figure = plot.loss_contours([[15, 1], [18, 3], [12, 2], [10, 5]], [1, 2, 3, 4], steps=6)
    left = []
    for axes in figure.axes:
        path = axes.lines[0].get_xydata()
        star = axes.collections[-1].get_offsets()[0]
        left.append(np.linalg.norm(path[-1] - star) / np.linalg.norm(path[0] - star))
    assert left[3] < 0.02 < left[1] < left[2] < left[0]
    assert left[0] > 0.5


def test_pictures_touch_no_global_state():
    """Drawing does not import pyplot, which would keep every figure alive."""
    code = (
        "import sys; from cnn_ref import plot; "
        "plot.convolution_step([[1, 2]], [[1]], (0, 0)); sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_reference_works_without_matplotlib():
    """cnn_ref itself needs NumPy only."""
    code = "import sys; sys.modules['matplotlib'] = None; import cnn_ref; sys.exit('cnn_ref.plot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_background_is_opaque_for_dark_pages():
    """Every picture brings its own light background."""
    figure: Figure = plot.pooling_windows([[1, 2], [3, 4]], 2)
    assert figure.get_facecolor()[3] == 1.0
    assert min(figure.get_facecolor()[:3]) > 0.9
