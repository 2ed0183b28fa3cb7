"""Pooling: hand-computed cases, the loops of the specification, numerical gradients, bad input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import maximum_filter, uniform_filter

import cnn_ref
from cnn_ref import specification_pooling as specification
from tests.cnn_ref.numerical import numerical_gradient

NAN, INF = np.nan, np.inf


def row(*values):
    """One image with one channel and one row."""
    return np.array(values, dtype=float).reshape(1, 1, 1, -1)


@st.composite
def layers(draw, dilated=True, torch_only=False):
    """Draw an image of a few repeated values (so that ties happen) and settings of a pooling layer that fits it."""
    spelled_out = not torch_only and draw(st.booleans())

    def axis():
        kernel = draw(st.integers(1, 4))
        dilation = draw(st.integers(1, 3)) if dilated else 1
        reach = dilation * (kernel - 1)
        most = reach if spelled_out else kernel // 2
        begin = draw(st.integers(0, most))
        end = draw(st.integers(0, most)) if spelled_out else begin
        cells = draw(st.integers(max(1, reach + 1 - begin - end), 11))
        return cells, kernel, draw(st.integers(1, 4)), (begin, end) if spelled_out else begin, dilation

    axes = [axis(), axis()]
    cells, kernel, stride, padding, dilation = zip(*axes, strict=True)
    shape = (draw(st.integers(0, 2)), draw(st.integers(1, 3)), *cells)
    size = int(np.prod(shape))
    values = draw(st.lists(st.sampled_from([-3.0, -1.0, 0.0, 0.5, 2.0]), min_size=size, max_size=size))
    settings = {"kernel_size": kernel, "stride": stride, "padding": padding, "ceil_mode": draw(st.booleans())}
    return np.array(values).reshape(shape), settings | ({"dilation": dilation} if dilated else {})


def loops(function, images, *, padding, **settings):
    """Call a function of the specification, with the padding of each side spelled out."""
    sides = tuple(ends if isinstance(ends, tuple) else (ends, ends) for ends in padding)
    return function(images, padding=sides, **settings)


def small_steps(function, array, grad_output):
    """Return the numerical gradient of a function that is not linear."""
    return numerical_gradient(function, array, grad_output, step=1e-6)


def distinct(shape, rng):
    """Values at least 0.1 apart and away from 0, so that no small step changes an order."""
    values = rng.permutation(np.arange(1, np.prod(shape) + 1)) * 0.1
    return (values * rng.choice([-1, 1], values.shape)).reshape(shape)


# Hand-computed cases


def test_max_pool2d_by_hand():
    """A window of negatives gives its largest; rectangles keep their axes; default stride is the window."""
    np.testing.assert_array_equal(cnn_ref.max_pool2d([[[[-3, -1], [-2, -4]]]], 2), [[[[-1]]]])
    image = np.arange(24).reshape(1, 1, 4, 6)
    np.testing.assert_array_equal(cnn_ref.max_pool2d(image, (2, 3)), [[[[8, 11], [20, 23]]]])
    np.testing.assert_array_equal(cnn_ref.max_pool2d(row(1, 5, 2, 4, 3, 0, 7), (1, 3), (1, 2)), [[[[5, 4, 7]]]])


def test_translation_is_absorbed_only_inside_a_window():
    """Shifting the dot to the left stays in its window, shifting it to the right does not."""
    assert cnn_ref.max_pool2d(row(0, 9, 0, 0, 0, 0), (1, 2)).ravel().tolist() == [9, 0, 0]
    assert cnn_ref.max_pool2d(row(9, 0, 0, 0, 0, 0), (1, 2)).ravel().tolist() == [9, 0, 0]
    assert cnn_ref.max_pool2d(row(0, 0, 9, 0, 0, 0), (1, 2)).ravel().tolist() == [0, 9, 0]


def test_padding_never_wins_a_maximum():
    """Negative values survive padding; the first of -1 ... -6 stays."""
    pooled = cnn_ref.max_pool2d(row(-1, -2, -3, -4, -5, -6), (1, 3), (1, 2), (0, 1))
    np.testing.assert_array_equal(pooled, [[[[-1, -2, -4]]]])
    np.testing.assert_array_equal(cnn_ref.max_pool2d(np.full((1, 1, 2, 2), -7), 2, 2, 1), np.full((1, 1, 2, 2), -7))


def test_avg_pool2d_by_hand_with_either_divisor():
    """Border windows divide by 3 with padding counted and by 2 without."""
    assert cnn_ref.avg_pool2d(row(2, 4, 6, 8), (1, 3), (1, 2), (0, 1)).ravel().tolist() == [2, 6]
    real = cnn_ref.avg_pool2d(row(2, 4, 6, 8), (1, 3), (1, 2), (0, 1), count_include_pad=False)
    assert real.ravel().tolist() == [3, 6]
    sums = cnn_ref.avg_pool2d(row(2, 4, 6, 8), (1, 2), divisor_override=1)
    assert sums.ravel().tolist() == [6, 14]


def test_cells_that_hang_over_never_count():
    """0 ... 6, window 2, stride 3, ceil: the last window holds only 6, and its mean is 6."""
    pooled = cnn_ref.avg_pool2d(row(*range(7)), (1, 2), (1, 3), ceil_mode=True)
    assert pooled.ravel().tolist() == [0.5, 3.5, 6]


def test_ceil_mode_drops_a_window_that_starts_in_the_padding():
    """Two cells, window 2, padding 1: rounding up would give a third window without a cell."""
    assert cnn_ref.max_pool2d(row(1, 2), (1, 2), (1, 2), (0, 1), ceil_mode=True).ravel().tolist() == [1, 2]
    assert cnn_ref.max_pool2d(row(1, 2, 3), (1, 2), (1, 2), ceil_mode=True).ravel().tolist() == [2, 3]


def test_first_maximum_takes_the_gradient():
    """[3, 3] gives [1, 0], never both; the gradient is not multiplied by the value."""
    assert cnn_ref.max_pool2d_backward(row(1), row(3, 3), (1, 2)).ravel().tolist() == [1, 0]
    assert cnn_ref.max_pool2d_backward(row(4), row(1, 3, 2, 0), (1, 4)).ravel().tolist() == [0, 4, 0, 0]
    image = np.array([[[[0.0, 5.0], [5.0, 5.0]]]])
    assert cnn_ref.max_pool2d_backward([[[[1.0]]]], image, 2).tolist() == [[[[0, 1], [0, 0]]]]


def test_ties_may_share_the_gradient():
    """Named otherwise, equal maxima get equal shares; without ties both rules agree."""
    assert cnn_ref.max_pool2d_backward(row(1), row(3, 3), (1, 2), ties="even").ravel().tolist() == [0.5, 0.5]
    shares = cnn_ref.max_pool2d_backward(row(6, 1), row(3, 3, 3, np.nan), (1, 3), 1, ties="even")
    assert shares.ravel().tolist() == [2, 2, 2, 1]
    rng = np.random.default_rng(9)
    images, settings = distinct((2, 2, 6, 7), rng), {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}
    grad = rng.standard_normal(cnn_ref.max_pool2d(images, **settings).shape)
    even = cnn_ref.max_pool2d_backward(grad, images, **settings, ties="even")
    np.testing.assert_allclose(even, cnn_ref.max_pool2d_backward(grad, images, **settings), atol=1e-12)
    with pytest.raises(ValueError, match="ties must be one of 'first', 'even', got 'last'"):
        cnn_ref.max_pool2d_backward(row(1), row(3, 3), (1, 2), ties="last")


def test_gradients_of_overlapping_windows_add_up():
    """The middle 9 wins both windows."""
    assert cnn_ref.max_pool2d_backward(row(2, 3), row(1, 9, 1), (1, 2), 1).ravel().tolist() == [0, 5, 0]
    assert cnn_ref.avg_pool2d_backward(row(2, 4), row(1, 9, 1), (1, 2), 1).ravel().tolist() == [1, 3, 2]


def test_lp_pool2d_by_hand():
    """3 and -4 have the 2-norm 5 and the 1-norm 7; the gradient is x / 5."""
    assert cnn_ref.lp_pool2d(row(3, -4), 2, (1, 2)).item() == pytest.approx(5)
    assert cnn_ref.lp_pool2d(row(3, -4), 1, (1, 2)).item() == pytest.approx(7)
    gradient = cnn_ref.lp_pool2d_backward(row(10), row(3, -4), 2, (1, 2))
    np.testing.assert_allclose(gradient.ravel(), [6, -8])
    np.testing.assert_array_equal(cnn_ref.lp_pool2d_backward(row(10), row(0, 0), 2, (1, 2)), row(0, 0))


def test_global_pooling_by_hand():
    """One number a channel; the gradient goes to the maximum, or to all cells alike."""
    image = np.array([[[[1.0, 5.0], [2.0, 4.0]], [[-1.0, -5.0], [-2.0, -4.0]]]])
    np.testing.assert_array_equal(cnn_ref.global_max_pool2d(image), [[[[5]], [[-1]]]])
    np.testing.assert_array_equal(cnn_ref.global_avg_pool2d(image), [[[[3]], [[-3]]]])
    grad = np.array([[[[8.0]], [[4.0]]]])
    largest = cnn_ref.global_max_pool2d_backward(grad, image)
    np.testing.assert_array_equal(largest, [[[[0, 8], [0, 0]], [[4, 0], [0, 0]]]])
    evenly = cnn_ref.global_avg_pool2d_backward(grad, image)
    np.testing.assert_array_equal(evenly, [[[[2, 2], [2, 2]], [[1, 1], [1, 1]]]])


def test_max_unpool2d_by_hand():
    """Maxima return to their places; a larger output of an odd input is named."""
    image = np.array([[[[1.0, 9.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]]])
    values, indices = cnn_ref.max_pool2d(image, 2, return_indices=True)
    assert indices.tolist() == [[[[1]]]]
    assert cnn_ref.max_unpool2d(values, indices, 2).tolist() == [[[[0, 9], [0, 0]]]]
    back = cnn_ref.max_unpool2d(values, indices, 2, output_size=(3, 3))
    assert back.tolist() == [[[[0, 9, 0], [0, 0, 0], [0, 0, 0]]]]
    assert cnn_ref.max_unpool2d_backward(image, values, indices, 2, output_size=(3, 3)).tolist() == [[[[9]]]]


def test_padding_by_name_and_by_side():
    """Valid adds nothing, same halves with the odd cell at the end, full reaches every overlap; sides may differ."""
    values = row(3, 1, 4, 1, 5)
    numbers = np.array([0, 1])
    np.testing.assert_array_equal(
        cnn_ref.max_pool2d(values, (1, 3), np.int64(1), numbers), cnn_ref.max_pool2d(values, (1, 3), 1, (0, 1))
    )
    assert cnn_ref.max_pool2d(values, (1, 1), padding=np.int64(0)).ravel().tolist() == [3, 1, 4, 1, 5]
    assert cnn_ref.max_pool2d(values, (1, 2), 2, "valid").ravel().tolist() == [3, 4]
    assert cnn_ref.max_pool2d(values, (1, 2), 2, "same").ravel().tolist() == [3, 4, 5]
    assert cnn_ref.max_pool2d(values, (1, 3), 1, "full").ravel().tolist() == [3, 3, 4, 4, 5, 5, 5]
    assert cnn_ref.max_pool2d(values, (1, 2), 2, ((0, 0), (1, 0))).ravel().tolist() == [3, 4, 5]
    same = cnn_ref.avg_pool2d(values, (1, 2), 2, "same", count_include_pad=False)
    assert same.ravel().tolist() == [2, 2.5, 5]
    assert cnn_ref.avg_pool2d(values, (1, 2), 2, "same").ravel().tolist() == [2, 2.5, 2.5]
    assert cnn_ref.avg_pool2d(values, (1, 2), 1, dilation=(1, 2)).ravel().tolist() == [3.5, 1, 4.5]


# Against the loops


@given(layers())
def test_max_pooling_is_what_the_loops_say(layer):
    """Values and indices agree for all settings, ties included."""
    images, settings = layer
    values, indices = loops(specification.max_pool2d, images, **settings) if len(images) else (None, None)
    got, got_indices = cnn_ref.max_pool2d(images, **settings, return_indices=True)
    np.testing.assert_array_equal(got, cnn_ref.max_pool2d(images, **settings))
    if len(images):
        np.testing.assert_array_equal(got, values)
        np.testing.assert_array_equal(got_indices, indices)
    else:
        assert got.shape == got_indices.shape == (0, *got.shape[1:])


@given(layers(), st.booleans(), st.sampled_from([None, 1, -3, 7]))
def test_average_pooling_is_what_the_loops_say(layer, count_include_pad, divisor_override):
    """Means agree for all settings and divisors."""
    images, settings = layer
    options = {"count_include_pad": count_include_pad, "divisor_override": divisor_override}
    got = cnn_ref.avg_pool2d(images, **settings, **options)
    if len(images):
        np.testing.assert_allclose(got, loops(specification.avg_pool2d, images, **settings, **options), atol=1e-12)


@given(layers(), st.sampled_from([1, 2, 2.5, 3]))
def test_lp_pooling_is_what_the_loops_say(layer, norm_type):
    """Norms agree for all settings and orders."""
    images, settings = layer
    got = cnn_ref.lp_pool2d(images, norm_type, **settings)
    if len(images):
        np.testing.assert_allclose(
            got, loops(specification.lp_pool2d, images, norm_type=norm_type, **settings), atol=1e-12
        )


@given(layers(), st.integers(0, 2**31))
def test_max_gradient_flows_along_the_indices(layer, seed):
    """Each output's gradient lands on the cell that the loops name, and nothing is lost."""
    images, settings = layer
    shape = cnn_ref.max_pool2d(images, **settings).shape
    grad = np.random.default_rng(seed).integers(-9, 9, shape).astype(float)
    expected = np.zeros_like(images)
    if len(images):
        _, indices = loops(specification.max_pool2d, images, **settings)
        for n, c, y, x in np.ndindex(*shape):
            if indices[n, c, y, x] >= 0:
                expected[(n, c, *divmod(indices[n, c, y, x], images.shape[3]))] += grad[n, c, y, x]
    np.testing.assert_array_equal(cnn_ref.max_pool2d_backward(grad, images, **settings), expected)


@given(layers(dilated=False), st.booleans(), st.integers(0, 2**31))
def test_average_gradient_is_the_transpose(layer, count_include_pad, seed):
    """<avg_pool2d(x), g> equals <x, avg_pool2d_backward(g)>."""
    images, settings = layer
    output = cnn_ref.avg_pool2d(images, **settings, count_include_pad=count_include_pad)
    grad = np.random.default_rng(seed).standard_normal(output.shape)
    back = cnn_ref.avg_pool2d_backward(grad, images, **settings, count_include_pad=count_include_pad)
    assert (output * grad).sum() == pytest.approx((images * back).sum(), abs=1e-9)


@given(st.integers(3, 9), st.integers(3, 9), st.integers(0, 2**31))
def test_pooling_agrees_with_image_filters(height, width, seed):
    """A 3x3 window with stride 1 is scipy's maximum or uniform filter inside the image."""
    image = np.random.default_rng(seed).standard_normal((height, width))
    inside = (slice(1, -1), slice(1, -1))
    largest = cnn_ref.max_pool2d(image[None, None], 3, 1)[0, 0]
    np.testing.assert_array_equal(largest, maximum_filter(image, 3)[inside])
    mean = cnn_ref.avg_pool2d(image[None, None], 3, 1)[0, 0]
    np.testing.assert_allclose(mean, uniform_filter(image, 3)[inside], atol=1e-12)


def test_large_inputs_cross_block_borders():
    """An input of many blocks gives what single planes give."""
    rng = np.random.default_rng(5)
    images = rng.integers(0, 50, (3, 7, 130, 190))
    settings = {"kernel_size": 3, "stride": 2, "padding": 1}
    values, indices = cnn_ref.max_pool2d(images, **settings, return_indices=True)
    means = cnn_ref.avg_pool2d(images, **settings)
    for n, c in np.ndindex(3, 7):
        plane = images[n : n + 1, c : c + 1]
        one, where = cnn_ref.max_pool2d(plane, **settings, return_indices=True)
        np.testing.assert_array_equal(values[n, c], one[0, 0])
        np.testing.assert_array_equal(indices[n, c], where[0, 0])
        np.testing.assert_array_equal(means[n, c], cnn_ref.avg_pool2d(plane, **settings)[0, 0])
    found = np.take_along_axis(images.reshape(3, 7, -1), indices.reshape(3, 7, -1), 2)
    np.testing.assert_array_equal(found.reshape(values.shape), values)


# Gradients against numerical differences


GRADIENT_SETTINGS = [
    {"kernel_size": 2},
    {"kernel_size": (3, 2), "stride": (2, 1), "padding": (1, 1)},
    {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True},
    {"kernel_size": 2, "stride": 3, "ceil_mode": True},
]


@pytest.mark.parametrize("settings", GRADIENT_SETTINGS)
@pytest.mark.parametrize(
    ("forward", "backward", "extra"),
    [
        (cnn_ref.max_pool2d, cnn_ref.max_pool2d_backward, {}),
        (cnn_ref.max_pool2d, cnn_ref.max_pool2d_backward, {"dilation": (1, 2)}),
        (cnn_ref.avg_pool2d, cnn_ref.avg_pool2d_backward, {}),
        (cnn_ref.avg_pool2d, cnn_ref.avg_pool2d_backward, {"count_include_pad": False}),
        (cnn_ref.avg_pool2d, cnn_ref.avg_pool2d_backward, {"divisor_override": 5}),
        (cnn_ref.lp_pool2d, cnn_ref.lp_pool2d_backward, {"norm_type": 2}),
        (cnn_ref.lp_pool2d, cnn_ref.lp_pool2d_backward, {"norm_type": 3, "dilation": 2}),
    ],
)
def test_gradients_are_the_numerical_ones(forward, backward, extra, settings):
    """Moving one input cell changes the output as the gradient says."""
    rng = np.random.default_rng(7)
    images = distinct((2, 2, 5, 6), rng)
    grad = rng.standard_normal(forward(images, **settings, **extra).shape)
    expected = small_steps(lambda moved: forward(moved, **settings, **extra), images, grad)
    np.testing.assert_allclose(backward(grad, images, **settings, **extra), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("forward", "backward"),
    [
        (cnn_ref.global_max_pool2d, cnn_ref.global_max_pool2d_backward),
        (cnn_ref.global_avg_pool2d, cnn_ref.global_avg_pool2d_backward),
    ],
)
def test_global_gradients_are_the_numerical_ones(forward, backward):
    """Moving one input cell changes the output as the gradient says."""
    rng = np.random.default_rng(8)
    images, grad = distinct((2, 3, 3, 4), rng), rng.standard_normal((2, 3, 1, 1))
    np.testing.assert_allclose(backward(grad, images), small_steps(forward, images, grad), atol=1e-6)


# Special values, dtypes, memory


def test_nan_propagates_and_the_last_one_is_named():
    """A window that holds NaN gives NaN; of several the last index, as in torch."""
    image = np.array([[[[1.0, NAN, 3.0], [NAN, 5.0, 2.0], [7.0, 8.0, 9.0]]]])
    values, indices = cnn_ref.max_pool2d(image, 2, 1, return_indices=True)
    np.testing.assert_array_equal(values, [[[[NAN, NAN], [NAN, 9]]]])
    np.testing.assert_array_equal(indices, [[[[3, 1], [3, 8]]]])
    np.testing.assert_array_equal(specification.max_pool2d(image, (2, 2), (1, 1))[1], indices)
    np.testing.assert_array_equal(np.isnan(cnn_ref.avg_pool2d(image, 2, 1)), np.isnan(values))
    np.testing.assert_array_equal(np.isnan(cnn_ref.lp_pool2d(image, 2, 2, 1)), np.isnan(values))


def test_infinities_are_ordinary_values():
    """A window of -inf reports its first real cell; inf - inf is NaN without a warning."""
    values, indices = cnn_ref.max_pool2d(row(-INF, -INF), (1, 2), 1, (0, 1), return_indices=True)
    assert values.ravel().tolist() == [-INF, -INF, -INF]
    assert indices.ravel().tolist() == [0, 0, 1]
    assert np.isnan(cnn_ref.avg_pool2d(row(INF, -INF), (1, 2))).all()


def test_a_dilated_window_between_all_real_cells():
    """Two taps five apart over four cells padded by one touch no real cell: -inf, index -1, no gradient."""
    values, indices = cnn_ref.max_pool2d(row(1, 2, 3, 4), (1, 2), 1, (0, 1), (1, 5), return_indices=True)
    assert values.item() == -INF
    assert indices.item() == -1
    assert not cnn_ref.max_pool2d_backward(row(1), row(1, 2, 3, 4), (1, 2), 1, (0, 1), (1, 5)).any()


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64, np.uint64, np.float16, np.float32, np.float64])
def test_dtypes(dtype):
    """Maxima keep the dtype; means are floating; small integers do not wrap; half precision does not overflow."""
    large = np.iinfo(dtype).max if np.issubdtype(dtype, np.integer) else np.finfo(dtype).max
    image = np.full((1, 1, 2, 2), large, dtype=dtype)
    assert cnn_ref.max_pool2d(image, 2, padding=1).dtype == dtype
    assert (cnn_ref.max_pool2d(image, 2, padding=1) == large).all()
    mean = cnn_ref.avg_pool2d(image, 2) if dtype not in (np.float32, np.float64) else None
    floating = dtype if np.issubdtype(dtype, np.floating) else np.float64
    if mean is not None:
        assert mean.dtype == floating
        assert mean.item() == pytest.approx(float(large))
    ones = np.ones((1, 1, 2, 2), dtype)
    for gradient in (cnn_ref.max_pool2d_backward(ones, image, 1), cnn_ref.avg_pool2d_backward(ones, image, 1)):
        assert gradient.dtype == floating
        np.testing.assert_array_equal(gradient, ones)


def test_arguments_are_not_changed_and_views_are_fine():
    """A transposed, strided, read-only view gives what its copy gives and stays as it was."""
    base = np.random.default_rng(3).standard_normal((6, 8, 3, 2))
    view = base.T[:, :, ::2, ::-1]
    view.flags.writeable = False
    before = base.copy()
    for function in (cnn_ref.max_pool2d, cnn_ref.avg_pool2d):
        np.testing.assert_array_equal(function(view, 2, 1, 1), function(view.copy(), 2, 1, 1))
    np.testing.assert_array_equal(base, before)


def test_an_empty_batch_gives_an_empty_result():
    """No images in, no images out, gradients included."""
    none = np.zeros((0, 3, 4, 4), np.float32)
    assert cnn_ref.max_pool2d(none, 2).shape == (0, 3, 2, 2)
    assert cnn_ref.avg_pool2d(none, 2).shape == (0, 3, 2, 2)
    assert cnn_ref.global_max_pool2d(none).shape == cnn_ref.global_avg_pool2d(none).shape == (0, 3, 1, 1)
    grad = np.zeros((0, 3, 2, 2))
    for gradient in (cnn_ref.max_pool2d_backward(grad, none, 2), cnn_ref.avg_pool2d_backward(grad, none, 2)):
        assert gradient.shape == none.shape
        assert gradient.dtype == np.float32
    values, indices = cnn_ref.max_pool2d(none, 2, return_indices=True)
    assert cnn_ref.max_unpool2d(values, indices, 2).shape == (0, 3, 4, 4)
    assert cnn_ref.max_unpool2d_backward(none, values, indices, 2).shape == (0, 3, 2, 2)


@given(layers(dilated=False))
def test_unpooling_undoes_pooling_without_overlap(layer):
    """Pooling, unpooling to the old size and pooling again gives the same maxima where windows do not overlap."""
    images, settings = layer
    settings |= {"stride": settings["kernel_size"], "padding": 0, "ceil_mode": False}
    images = np.abs(images) + 1
    if any(kernel > side for kernel, side in zip(settings["kernel_size"], images.shape[2:], strict=True)):
        return
    values, indices = cnn_ref.max_pool2d(images, **settings, return_indices=True)
    back = cnn_ref.max_unpool2d(values, indices, settings["kernel_size"], output_size=images.shape)
    np.testing.assert_array_equal(cnn_ref.max_pool2d(back, **settings), values)
    np.testing.assert_array_equal(back[back != 0], images[back != 0])
    if len(images):
        np.testing.assert_array_equal(back, specification.max_unpool2d(values, indices, images.shape[2:]))


# Bad input

IMAGE = np.zeros((1, 1, 4, 4))


@pytest.mark.parametrize(
    ("call", "rule"),
    [
        (lambda: cnn_ref.max_pool2d(np.zeros((4, 4)), 2), "input must have 4 axes"),
        (lambda: cnn_ref.max_pool2d(np.zeros((1, 1, 0, 4)), 2), "at least one cell"),
        (lambda: cnn_ref.max_pool2d(np.zeros((1, 0, 4, 4)), 2), "at least one cell"),
        (lambda: cnn_ref.max_pool2d(IMAGE, 5), "must fit into the padded input"),
        (lambda: cnn_ref.max_pool2d(IMAGE, 3, dilation=2), "must fit into the padded input"),
        (lambda: cnn_ref.max_pool2d(IMAGE, 0), "kernel_size must be"),
        (lambda: cnn_ref.max_pool2d(IMAGE, (2, 2, 2)), "got 3 values"),
        (lambda: cnn_ref.max_pool2d(IMAGE, 2, 0), "stride must be"),
        (lambda: cnn_ref.max_pool2d(IMAGE, 2, -1), "stride must be"),
        (lambda: cnn_ref.max_pool2d(IMAGE, 2, padding=-1), "padding must be"),
        (lambda: cnn_ref.max_pool2d(IMAGE, 2, padding=2), "at most half the kernel"),
        (lambda: cnn_ref.max_pool2d(IMAGE, (3, 1), padding=1), "at most half the kernel"),
        (lambda: cnn_ref.max_pool2d(IMAGE, 2, dilation=0), "dilation must be"),
        (lambda: cnn_ref.avg_pool2d(IMAGE, 3, padding=2), "at most half the kernel"),
        (
            lambda: cnn_ref.max_pool2d(IMAGE, 3, padding=((0, 3), (0, 0))),
            r"less than the window.*legal: at most \(2, 2\)",
        ),
        (lambda: cnn_ref.max_pool2d(IMAGE, 3, padding="half"), "padding must be numbers or one of"),
        (lambda: cnn_ref.avg_pool2d(IMAGE, 2, divisor_override=0), "divisor_override must not be 0"),
        (lambda: cnn_ref.lp_pool2d(IMAGE, 0.5, 2), "norm_type must be finite and at least 1"),
        (lambda: cnn_ref.lp_pool2d(IMAGE, INF, 2), "norm_type must be finite"),
        (lambda: cnn_ref.max_pool2d_backward(np.zeros((1, 1, 3, 3)), IMAGE, 2), "grad_output must have shape"),
        (lambda: cnn_ref.avg_pool2d_backward(np.zeros((1, 1, 3, 3)), IMAGE, 2), "grad_output must have shape"),
        (lambda: cnn_ref.lp_pool2d_backward(np.zeros((2, 1, 2, 2)), IMAGE, 2, 2), "grad_output must have shape"),
        (lambda: cnn_ref.global_avg_pool2d_backward(np.zeros((1, 1, 2, 2)), IMAGE), "grad_output must have shape"),
        (lambda: cnn_ref.max_unpool2d([[[[1]]]], [[[[4]]]], 2), "legal 0 to 3, got 4 to 4"),
        (lambda: cnn_ref.max_unpool2d([[[[1]]]], [[[[-1]]]], 2), "legal 0 to 3, got -1 to -1"),
        (lambda: cnn_ref.max_unpool2d([[[[1]]]], [[[[1, 2]]]], 2), "indices must have shape"),
        (lambda: cnn_ref.max_unpool2d([[[[1]]]], [[[[1]]]], 2, output_size=(4, 4)), "less than a stride"),
    ],
)
def test_impossible_layers_are_refused(call, rule):
    """The error names the rule and what came."""
    with pytest.raises(ValueError, match=rule):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: cnn_ref.max_pool2d(IMAGE.astype(complex), 2),
        lambda: cnn_ref.max_pool2d(IMAGE.astype(bool), 2),
        lambda: cnn_ref.max_pool2d(IMAGE.astype(object), 2),
        lambda: cnn_ref.avg_pool2d(IMAGE.astype(str), 2),
        lambda: cnn_ref.max_pool2d(IMAGE, 2.0),
        lambda: cnn_ref.max_pool2d(IMAGE, 2, True),
        lambda: cnn_ref.max_pool2d(IMAGE, 2, ceil_mode=1),
        lambda: cnn_ref.max_pool2d(IMAGE, 2, return_indices="yes"),
        lambda: cnn_ref.avg_pool2d(IMAGE, 2, count_include_pad=None),
        lambda: cnn_ref.avg_pool2d(IMAGE, 2, divisor_override=2.5),
        lambda: cnn_ref.lp_pool2d(IMAGE, "2", 2),
        lambda: cnn_ref.max_unpool2d([[[[1]]]], [[[[1.0]]]], 2),
    ],
)
def test_wrong_types_are_refused(call):
    """Arrays that are not real numbers, settings that are not integers, switches that are not bools."""
    with pytest.raises(TypeError, match="must"):
        call()


# torch


@pytest.mark.torch
@given(layers(torch_only=True), st.booleans())
def test_max_pooling_agrees_with_torch(layer, with_nan):
    """Values, indices and gradients are those of torch, NaN included."""
    import torch

    images, settings = layer
    if with_nan:
        images = np.where(images == 0.5, NAN, images)
    values, indices = cnn_ref.max_pool2d(images, **settings, return_indices=True)
    if (indices < 0).any() or not len(images):
        return  # torch has no answer for windows without a real cell
    tensor = torch.tensor(images, requires_grad=True)
    expected, expected_indices = torch.nn.functional.max_pool2d(tensor, **settings, return_indices=True)
    np.testing.assert_array_equal(values, expected.detach().numpy())
    np.testing.assert_array_equal(indices, expected_indices.numpy())
    grad = np.arange(values.size, dtype=float).reshape(values.shape)
    expected.backward(torch.tensor(grad))
    np.testing.assert_array_equal(cnn_ref.max_pool2d_backward(grad, images, **settings), tensor.grad.numpy())


@pytest.mark.torch
@given(layers(dilated=False, torch_only=True), st.booleans(), st.sampled_from([None, 3]))
def test_average_pooling_agrees_with_torch(layer, count_include_pad, divisor_override):
    """Values and gradients are those of torch for either divisor and in ceil mode."""
    import torch

    images, settings = layer
    if not len(images):
        return
    options = settings | {"count_include_pad": count_include_pad, "divisor_override": divisor_override}
    tensor = torch.tensor(images, requires_grad=True)
    expected = torch.nn.functional.avg_pool2d(tensor, **options)
    np.testing.assert_allclose(cnn_ref.avg_pool2d(images, **options), expected.detach().numpy(), atol=1e-12)
    grad = np.arange(expected.numel(), dtype=float).reshape(expected.shape)
    expected.backward(torch.tensor(grad))
    got = cnn_ref.avg_pool2d_backward(grad, images, **options)
    np.testing.assert_allclose(got, tensor.grad.numpy(), atol=1e-12)


@pytest.mark.torch
def test_even_norms_and_unpooling_agree_with_torch():
    """lp_pool2d with p = 2 and max_unpool2d give torch's values and gradients."""
    import torch

    images = np.random.default_rng(1).standard_normal((2, 3, 7, 8))
    tensor = torch.tensor(images, requires_grad=True)
    norms = torch.nn.functional.lp_pool2d(tensor, 2, (3, 2), (2, 1))
    np.testing.assert_allclose(cnn_ref.lp_pool2d(images, 2, (3, 2), (2, 1)), norms.detach().numpy(), atol=1e-12)
    norms.backward(torch.ones_like(norms))
    got = cnn_ref.lp_pool2d_backward(np.ones(norms.shape), images, 2, (3, 2), (2, 1))
    np.testing.assert_allclose(got, tensor.grad.numpy(), atol=1e-12)
    values, indices = cnn_ref.max_pool2d(images, 2, return_indices=True)
    options = {"kernel_size": 2, "output_size": (7, 8)}
    expected = torch.nn.functional.max_unpool2d(torch.tensor(values), torch.tensor(indices), **options)
    np.testing.assert_array_equal(cnn_ref.max_unpool2d(values, indices, **options), expected.numpy())
