"""The bonus notebooks: their answers against numbers that are counted, enumerated or looked up, not derived."""

import itertools
from fractions import Fraction

import numpy as np
import pytest

import grader_tests
from grader_tests.answers import wrong_answers, wrong_answers_of
from grader_tests.architectures import (
    avg_pool1d,
    batch_norm,
    conv1d_input_gradient,
    conv1d_weight_gradient,
    conv_transpose_output_size,
    count_network,
    dense_block,
    grouped_parameters,
    keras_output_size,
    max_pool1d_backward,
    overlap_counts,
    receptive_field,
)
from grader_tests.questions import arch1, arch2, arch3
from grader_tests.value_questions import NumberQuestion, NumbersQuestion
from student_kit.examples import FUNCTIONS

ASKED = {name: question for name, question in grader_tests.QUESTIONS.items() if name.startswith("arch")}
NUMBERS = {name: question for name, question in ASKED.items() if isinstance(question, NumbersQuestion)}

# From papers, Keras, torchvision and long addition; see the sources in `cnn_ref.networks`.
KNOWN = {
    "arch1-sizes": {"conv1": 28, "pool1": 14, "conv2": 10, "conv3": 6, "conv4": 2, "pool2": 1, "flatten": 64},
    "arch1-learned": {
        "conv1": 832,
        "conv2": 51_264,
        "conv3": 204_928,
        "conv4": 204_864,
        "dense": 66_560,
        "output": 10_250,
        "total": 538_698,
    },
    "arch1-costs": {"total": 14_014_976},
    "arch1-alexnet": {
        "conv1_side": 55,
        "conv1_shared": 34_944,
        "conv1_unshared": 105_705_600,
        "conv2": 307_456,
        "padding_224": 2,
    },
    "arch1-classics": {"lenet_c3": 1_516, "zfnet_side": 110, "vgg_channels": 512, "vgg_dense": 123_642_856},
    "arch2-stacks": {"saved_percent": 28, "three_3x3_see": 7, "row_column_saved_percent": 33.3},
    "arch2-inception": {"channels": 256, "direct": 120_422_400, "bottleneck": 12_443_648, "times_cheaper": 9.677},
    "arch2-residual": {"plain": 73_728, "identity": 0, "projection": 8_192, "bottleneck": 69_632},
    "arch3-slide-example": {"middle_left": 6, "middle_right": 0, "bottom_middle": 5, "wrong_cells": 7},
    "arch3-plus-one": {"alexnet_printed": 43.2, "alexnet_right": 55, "pool_printed": 8, "pool_right": 13},
    "arch3-googlenet-table": {"conv1_cost": 118_013_952, "module_5a_cost": 51_079_168},
    "arch3-vgg-memory": {"values": 15_237_608, "megabytes": 60.95},
}
CATALOGUED = {
    "E41-alexnet-224",
    "E41-groups-ignored",
    "E41-backward-dw-mean",
    "E41-backward-dx-assign",
    "E41-backward-noflip",
    "E41-backward-strip-one",
    "E41-backward-stride",
    "E42-separable-no-pointwise",
    "E43-avg-ceil-divisor",
    "E43-avg-divisor-pad",
    "E43-back-spread",
    "E43-back-ties",
    "E43-back-value",
    "Q-checkerboard",
    "Q-deconv-size",
    "Q-densenet-k",
    "Q-densenet-links",
    "Q-googlenet-3x3",
    "Q-keras-all-same",
    "Q-lenet-c3",
    "Q-rf-add",
    "Q-rf-stride",
    "Q-vgg-conv-heavy",
    "Q-vgg-doubles",
    "Q-zfnet-stride1",
}


def test_the_bonus_is_worth_ten_points() -> None:
    """The three notebooks add up to ten points."""
    assert sum((question.points for question in ASKED.values()), Fraction(0)) == 10


@pytest.mark.parametrize("question", NUMBERS)
def test_numbers_are_the_known_ones(question: str) -> None:
    """Each number that is published or was added up by hand is the expected one."""
    expected = NUMBERS[question].expected
    for key, value in KNOWN[question].items():
        assert expected[key] == pytest.approx(value, abs=NUMBERS[question].tolerance)


@pytest.mark.parametrize("question", NUMBERS)
def test_every_entry_earns_its_own_share(question: str) -> None:
    """With one wrong entry the others keep their points, and a blank one is named."""
    asked = NUMBERS[question]
    right = {key: float(value) for key, value in asked.expected.items()}
    assert grader_tests.examine(question, lambda: right).earned == asked.points
    for key in right:
        for wrong in (right[key] + 1, ...):
            result = grader_tests.examine(question, lambda key=key, wrong=wrong: {**right, key: wrong})
            assert result.earned == asked.points * Fraction(len(right) - 1, len(right))
            assert [part.name for part in result.aspects if not part.held] == [key]


def test_every_number_has_a_known_mistake() -> None:
    """Each question with numbers names at least one mistake; none of them is the right answer."""
    for name, question in ASKED.items():
        if isinstance(question, NumbersQuestion):
            assert wrong_answers_of(name), name
            for wrong in wrong_answers_of(name):
                assert any(question.expected[key] != value for key, value in wrong.answer.items()), wrong.id
        elif isinstance(question, NumberQuestion):
            assert question.expected not in {wrong.answer for wrong in wrong_answers_of(name)}


def test_catalogued_misconceptions_are_met_here() -> None:
    """The misconceptions about networks, gradients and averages belong to questions of these notebooks."""
    found = {name for name, wrong in wrong_answers().items() if wrong.question in ASKED and not name.startswith("X")}
    assert found == CATALOGUED


def test_public_examples_call_the_function_of_the_question() -> None:
    """Every public example is written with the name that the notebook asks for."""
    for name, public in FUNCTIONS.items():
        if name in ASKED:
            assert public.name == ASKED[name].name
            assert all(example.call.startswith(f"{public.name}(") for example in public.examples)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_keras_sizes_count_window_starts(padding: str) -> None:
    """The size is the number of starts from which a window fits, or which lie on the map."""
    for size, kernel_size, strides in itertools.product(range(1, 12), range(1, 6), range(1, 5)):
        fits = [s for s in range(0, size, strides) if padding == "same" or s + kernel_size <= size]
        if fits:
            assert keras_output_size(size, kernel_size, strides, padding) == len(fits)
        else:
            with pytest.raises(ValueError, match=r".+"):
                keras_output_size(size, kernel_size, strides, padding)


def test_counting_the_slides_model_and_a_small_one() -> None:
    """The Keras model gives the totals that Keras prints; a network of one pixel is counted on paper."""
    assert count_network(arch1.SLIDES, (28, 28, 1)) == (538_698, 14_014_976)
    assert count_network((("conv", 2, 1, "valid"), ("flatten",), ("dense", 3)), (1, 1, 1)) == (4 + 9, 2 + 6)
    with pytest.raises(ValueError, match="layers are"):
        count_network((("upsample", 2),), (4, 4, 1))
    with pytest.raises(ValueError, match="layer0"):
        count_network((("conv", 2, 5, "valid"),), (4, 4, 1))


def test_groups_cut_connections() -> None:
    """The weights are the links of a grouped layer at one position, listed one by one."""
    for groups, inside, outside in itertools.product((1, 2, 3), (1, 2), (1, 4)):
        channels, filters = groups * inside, groups * outside
        links = [(o, c) for o in range(filters) for c in range(channels) if o // outside == c // inside]
        assert grouped_parameters(3, channels, filters, groups, bias=False) == 9 * len(links)
        assert grouped_parameters(3, channels, filters, groups) == 9 * len(links) + filters


def test_receptive_fields_are_the_cells_that_change_the_output() -> None:
    """Changing cells outside of the field changes nothing, changing its ends does."""
    for layers in (((3, 1), (2, 1)), ((3, 2), (3, 1)), ((2, 2), (4, 3), (3, 1)), ((5, 3),)):
        seen = np.flatnonzero([_first_output(layers, cell) for cell in range(60)])
        assert seen.max() + 1 == receptive_field(layers)
        assert seen.min() == 0


def _first_output(layers, cell: int) -> float:
    """Return the first output of a stack of sums for an input that is 1 at one cell."""
    line = np.zeros(60)
    line[cell] = 1.0
    for kernel_size, stride in layers:
        line = np.array([line[s : s + kernel_size].sum() for s in range(0, len(line) - kernel_size + 1, stride)])
    return line[0]


def test_dense_blocks_are_counted_arrow_by_arrow() -> None:
    """Channels and connections follow from the list of what each layer reads."""
    for initial, growth, layers in ((64, 32, 3), (5, 7, 1), (3, 12, 6)):
        reads = [[initial] + [growth] * before for before in range(layers)]
        assert dense_block(initial, growth, layers) == (
            sum(reads[-1]),
            initial + growth * layers,
            sum(map(len, reads)),
        )
    assert dense_block(64, 32, 3)[:2] == (128, 160)
    assert dense_block(64, 32, 5)[2] == 15


def test_transposed_sizes_undo_the_forward_size() -> None:
    """With output_padding 0 to stride - 1 the outputs are exactly the sizes that a strided window maps back."""
    for kernel_size, stride, padding in itertools.product((2, 3, 5), (1, 2, 3), (0, 1)):
        back = {}
        for size in range(kernel_size, 40):
            back.setdefault(len(range(0, size + 2 * padding - kernel_size + 1, stride)), []).append(size)
        outputs = [conv_transpose_output_size(4, kernel_size, stride, padding, extra) for extra in range(stride)]
        assert outputs == back[4]


def test_stamps_cover_what_they_cover() -> None:
    """Counts add up to all written cells; at stride 2 a kernel of 3 alternates and one of 4 does not."""
    for size, kernel_size, stride in itertools.product((1, 3, 6), (1, 3, 4), (1, 2, 5)):
        counts = overlap_counts(size, kernel_size, stride)
        assert counts.sum() == size * kernel_size
        assert counts[0] == counts[-1] == 1
    assert overlap_counts(5, 3, 2).tolist() == [1, 1, 2, 1, 2, 1, 2, 1, 2, 1, 1]
    assert set(overlap_counts(9, 4, 2)[2:-2].tolist()) == {2}
    assert arch2.EVEN_KERNEL.expected == 4


def _slid(line, weight, stride, padding):
    """Return the outputs of a filter on a line."""
    padded = np.pad(line, padding)
    return np.array(
        [padded[s : s + len(weight)] @ weight for s in range(0, len(padded) - len(weight) + 1, stride)],
    )


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 0), (1, 2), (3, 1)])
def test_gradients_are_those_of_differences(stride: int, padding: int) -> None:
    """Moving one weight or one cell moves the weighted sum of the outputs by the gradient."""
    rng = np.random.default_rng(8)
    line, weight = rng.normal(size=9), rng.normal(size=4)
    upper = rng.normal(size=len(_slid(line, weight, stride, padding)))
    for cell, unit in enumerate(np.eye(9)):
        moved = upper @ (_slid(line + unit, weight, stride, padding) - _slid(line, weight, stride, padding))
        assert conv1d_input_gradient(upper, weight, 9, stride, padding)[cell] == pytest.approx(moved)
    for tap, unit in enumerate(np.eye(4)):
        moved = upper @ (_slid(line, weight + unit, stride, padding) - _slid(line, weight, stride, padding))
        assert conv1d_weight_gradient(upper, line, 4, stride, padding)[tap] == pytest.approx(moved)


def test_max_pool_gradient_by_hand() -> None:
    """The first of equal maxima takes all; overlapping windows add up; the total stays what came in."""
    assert max_pool1d_backward([1.0], [3.0, 3.0], 2).tolist() == [1, 0]
    assert max_pool1d_backward([4.0], [1.0, 3.0, 2.0, 0.0], 4).tolist() == [0, 4, 0, 0]
    assert max_pool1d_backward([1.0, 2.0, 4.0], [0.0, 5.0, 5.0, 1.0], 2, 1).tolist() == [0, 3, 4, 0]


def test_averages_by_hand() -> None:
    """The divisors of torch and of ONNX, and an overhang of one real cell."""
    row = [2.0, 4.0, 6.0, 8.0]
    assert avg_pool1d(row, 3, 2, 1).tolist() == [2, 6]
    assert avg_pool1d(row, 3, 2, 1, count_include_pad=False).tolist() == [3, 6]
    assert avg_pool1d(np.arange(7.0), 2, 3, ceil_mode=True).tolist() == [0.5, 3.5, 6]


def test_batch_norm_gives_every_channel_its_own_mean_and_variance() -> None:
    """Behind it each channel has mean beta and standard deviation gamma, over images, rows and columns."""
    rng = np.random.default_rng(4)
    x = rng.normal(size=(4, 2, 3, 5)) * 7 + 30
    out = batch_norm(x, np.array([2.0, 5.0]), np.array([-1.0, 9.0]), eps=1e-12)
    for channel, (scale, shift) in enumerate(((2, -1), (5, 9))):
        values = sorted(out[:, channel].ravel())
        assert sum(values) / 60 == pytest.approx(shift)
        assert sum((value - shift) ** 2 for value in values) / 60 == pytest.approx(scale**2)


def test_numbers_that_follow_from_wrong_ones_are_told_so() -> None:
    """A total of the student's own numbers follows from them; another one gets its clue."""
    right = grader_tests.QUESTIONS["arch1-costs"].expected
    wrong = {**right, "conv2": 7}
    for total, said in ((sum(wrong.values()) - right["total"], "It follows from your other numbers"), (5, "Add up")):
        result = grader_tests.examine("arch1-costs", lambda total=total: {**wrong, "total": total})
        assert [said in aspect.message for aspect in result.aspects if not aspect.held] == [False, True]


def test_a_mistake_of_some_entries_is_named_for_them_and_the_wider_one_counts() -> None:
    """Biases left out of one layer are told under its key; of two mistakes that fit, the one that explains more is."""
    right = grader_tests.QUESTIONS["arch1-learned"].expected
    result = grader_tests.examine("arch1-learned", lambda: {**right, "output": 10_240})
    assert 'Under "output", this comes out when the biases are left out.' in result.hint
    right = grader_tests.QUESTIONS["chap1-cost"].expected
    result = grader_tests.examine("chap1-cost", lambda: {**right, "most": 121, "as_large_as_the_image": 21})
    assert result.misconceptions == ("X-cost-line",)


def test_the_slide_shows_a_channel_twice() -> None:
    """Two channels of the slide are the same, no bias makes its output right, and no cell equals its mirror image."""
    assert np.array_equal(arch3.SLIDE_X[1], arch3.SLIDE_X[2])
    padded = np.pad(arch3.SLIDE_X, ((0, 0), (1, 1), (1, 1)))
    right = [[(padded[:, i : i + 3, j : j + 3] * arch3.SLIDE_F).sum() for j in (0, 2, 4)] for i in (0, 2, 4)]
    assert right == [[0, 4, 0], [6, 4, 0], [2, 5, 1]]
    assert len(set((arch3.SLIDE_PRINTED - right).ravel())) > 1
    swapped = {"middle_left": right[0][1], "middle_right": right[2][1], "bottom_middle": right[1][2]}
    assert all(value != arch3.SLIDE_EXAMPLE.expected[key] for key, value in swapped.items())
