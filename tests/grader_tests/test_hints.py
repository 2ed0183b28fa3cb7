"""Hints are true: a table of wrong answers and what may be said of each, and the rules behind it."""

import re

import numpy as np
import pytest

import grader_tests
from grader_tests.answers import wrong_answers
from grader_tests.array_clues import pattern_of_all
from grader_tests.function_question import FunctionQuestion
from grader_tests.questions.ex41_conv2d import CONV2D
from student_kit.call import raised
from student_kit.patterns import Pattern
from tests.grader_tests import right_strangers, strangers

QUESTIONS = {
    "conv": "ex41-conv2d",
    "pool": "ex43-max-pool2d",
    "size": "ex41-conv-output-size",
    "shared": "ex40-shared-parameters",
    "unshared": "ex40-unshared-parameters",
    "cost": "ex42-conv-multiplications",
    "same": "ex39-same-padding",
    "standardize": "ex44-standardize",
    "scale": "ex44-min-max-scale",
    "condition": "ex44-condition-number",
    "pointwise": "ex42-conv1x1",
    "filter": "ex40-filter-shape",
    "reads": "ex40-connections-per-unit",
    "back": "arch3-input-gradient",
    "sides": "ex39-same-padding-sides",
    "gradient": "ex40-sharing",
    "keras": "arch1-keras-output-size",
    "block": "arch2-dense-block",
    "network": "arch1-count-network",
    "winner": "arch3-max-pool-gradient",
    "norm": "arch3-batch-norm",
    "stamp": "chap1-transposed",
    "counts": "arch2-overlap-counts",
    "full": "chap1-full",
    "mean": "arch3-avg-pool",
    "pixels": "chap1-batch-norm-in-use",
    "counted": "ex41-conv-parameters",
    "shape": "ex41-conv-output-shape",
    "sub": "chap1-subsample",
}
# Name in `strangers` -> what the hint has to say; "" where the message of the aspect says it all.
ALLOWED = {
    "conv_channels_averaged": "the input channels are averaged",
    "conv_channels_reversed": "the channels of image and filter meet in opposite orders",
    "conv_filters_reversed": "the filters write their maps in opposite order",
    "conv_last_channel_dropped": "the last input channel takes no part",
    "conv_last_tap_dropped": "Which cells do you multiply with which weights",
    "conv_column_order": "filled column by column",
    "conv_default_stride_two": "the stride is 2 where none is given",
    "conv_stride_twice": "the stride is applied twice",
    "conv_pads_rows_only": "zeros are added above and below only",
    "conv_pads_one_row": "but the last rows are missing.",
    "conv_padding_ignored_own_words": "the padding is not used",
    "conv_last_row_left_empty": "differ only in the last row",
    "conv_floored": "Decimals got lost.",
    "conv_int16": "Look at the dtypes of your arrays",
    "conv_absolute": "Is there an abs()",
    "conv_negative": "the sign is not",
    "conv_bias_by_column": "which bias is added to which channel?",
    "conv_bias_by_image": "there are too many images",
    "conv_bias_truth": "compare it with None",
    "conv_writes_into_x": "Which line writes into an array that was passed in?",
    "conv_one_bit_more": "Only the last digits differ.",
    "conv_no_return": "",
    "conv_generator": "",
    "conv_tuple": "Return the array.",
    "conv_squeezed": "The number of axes differs",
    "conv_asks": "",
    "conv_refuses_nothing": "Which settings should be refused",
    "conv_bug_but_refuses": "An index runs past the end of an axis.",
    "conv_padded_and_flipped": "turned by 180 degrees",
    "conv_zeros": "Every value came out the same number.",
    "pool_from_minus_1000": "the maximum starts at -1000",
    "pool_up_to_1000": "Every value came out the same number.",
    "pool_second_largest": "Which cells does your maximum look at",
    "pool_first_row": "Which cells does your maximum look at",
    "pool_keeps_8_bits": "Numbers wrapped around at 256.",
    "pool_sorts_x": "Which line writes into an array that was passed in?",
    "size_default_stride_two": "the stride is 2 where none is given",
    "size_divided_by_kernel": "when `kernel_size` stands in place of `stride`",
    "size_padding_times_stride": "every cell of padding adds a position",
    "size_one_more_with_stride": "With stride 1 it holds. List where the windows start",
    "size_text": "",
    "size_constant": "one and the same number for different arguments",
    "size_refuses_all": "Which condition in your code is too strict",
    "size_wrong_float": "Without padding it holds.",
    "shared_ints_only": "Squares hold. Follow a pair",
    "shared_ints_only_no_depth": "the depth of the filter is left out",
    "shared_two_biases": "what else there is. Wherever your numbers are wrong, they are too large.",
    "shared_perimeter": "its weights, then what else there is.",
    "shared_bias_squared": "One filter holds. What does each further filter bring along?",
    "unshared_int32": "Large numbers wrapped around.",
    "cost_both_sides_height": "the output is taken as square",
    "cost_one_side_of_filter": "a filter is a line, not a square",
    "same_refuses_right_only": "one and the same number for different arguments",
    "same_never_refuses": "Odd filters hold. Which sizes come out",
    "standardize_rows": "rows are scaled instead of columns",
    "standardize_variance": "columns are divided by their variance",
    "standardize_divides_by_zero": "divided by its spread of zero",
    "scale_to_minus_one": "brought to the range from -1 to 1",
    "condition_root": "the condition number of X is taken",
    "filter_of_depth_one": "when `in_channels` is taken to be 1",
    "reads_sum_of_sides": "count the cells that lie in it",
    "conv_needs_a_bias": "a bias is read even where there is none",
    "conv_imports_torch": "the packages that START-HERE.md lists",
    "conv_rectified_early": "set to 0 before the bias is added",
    "pool_one_window_short": "Does your loop, or your slice, reach the end?",
    "pool_squares_only": "a window or stride of two numbers is not understood",
    "pool_place": "the place of the largest number",
    "condition_of_rows": "Write down the product of the transposed table and the table",
    "back_cut_to_nothing": "The result is empty.",
    "pointwise_transposed_only_square": "which weight meets which channel?",
    "pointwise_bias_at_pixels": "Without a bias it holds. Is it added, and along which axis of the result",
    "size_defaults_swapped": "when `stride` and `padding` change places",
    "size_asserts": "with another error than the ValueError",
    "size_odd_filters_only": "At how many places does the filter fit",
    "shared_filters_first": "when `in_channels` and `filters` change places",
    "shared_counts_on": "What does it keep between calls",
    "unshared_float": "Which of your divisions gives a float?",
    "reads_pairs_only": "A number arrives where that line takes a pair apart",
    "sides_of_whole_steps": "Where does `size` take part in your code?",
    "conv_one_short": "when the last row and column are missing",
    "conv_frame_cut_away": "holds nothing where p is 0",
    "pool_by_reshape": "a shape with another number of cells",
    "pool_sorts_windows": "writes into an array that it was given, and reads it again",
    "pool_first_image_only": "Only the first image is right.",
    "condition_rounded": "Your numbers are rounded.",
    "condition_by_elements": "Write down the product of the transposed table and the table",
    "gradient_in_place": "writes into an array that it was given, and reads it again",
    "gradient_of_whole_numbers": "decimals got lost",
    "keras_float": "Which of your divisions gives a float?",
    "block_float": "Which of your divisions gives a float?",
    "network_same_by_half": "Parameters hold.",
    "winner_of_the_line": "does that cell lie in this window?",
    "norm_swapped": "when `gamma` and `beta` change places",
    "stamp_of_whole_numbers": "Only whole numbers come out",
    "counts_as_truth": "",
    "sides_of_the_remainder": "Some of your numbers are negative.",
    "filter_nested": "",
    "full_same_by_numpy": "has the shape of the first argument",
    "full_without_the_first": "but the first numbers are missing",
    "mean_ends_repeated": "There are too few numbers.",
    "scale_by_whole_steps": "Where do whole numbers arise",
    "unshared_filters_twice": "they are `filters` times too large",
    "pixels_eps_fixed": "when `eps` is not used",
    "stamp_cut_once": "but other numbers come first",
    "full_one_short": "There is always one too few.",
    "full_mean": "they are `len(weight)` times too small",
    "stamp_one_step_more": "`stride` is taken one too large",
    "winner_counts": "`grad_output` is taken to be 1 everywhere",
    "block_out_first": "they stand in another order",
    "scale_rounded": "Your numbers are rounded.",
    "scale_by_rows": "The smallest number of your columns is 0, the largest not 1",
    "standardize_by_largest": "Your columns have mean 0, but not deviation 1",
    "reads_width_only": "only the second number of a pair `kernel_size` is used",
    "mean_floor_for_ceil": "`ceil_mode` is taken the other way round",
    "gradient_line_reversed": 'Under "shared weights", your numbers are what comes out when `x` is read back to front',
    "counted_bias_twice_but_one": "too large by one less than `filters`",
    "pool_lets_negative_strides": "Not refused: a negative stride. Everything else that is impossible is refused.",
    "keras_same_of_even": "in just those calls in which `kernel_size` is even",
    "sub_last_cell_left_out": "but the last rows and columns are missing",
    "same_tries_up_to_the_filter": "in just those calls in which `kernel_size` is smaller than the right result",
    "shape_one_row_more": "Only entry 1 (counted from 0) is ever wrong.",
    "condition_by_deviations": "the table is centered first",
}


def verdict(name: str, seed: int = 5) -> grader_tests.Result:
    """Return the verdict on a stranger's answer."""
    question = QUESTIONS[name.partition("_")[0]]
    return grader_tests.examine(question, lambda: getattr(strangers, name), seed)


@pytest.mark.parametrize("name", ALLOWED)
def test_strangers_are_told_what_is_true(name: str) -> None:
    """Each wrong answer loses points and reads the one thing that its results show, and nothing that they do not."""
    result = verdict(name)
    assert result.earned < result.points
    assert ALLOWED[name] in result.hint
    assert bool(ALLOWED[name]) == bool(result.hint)


@pytest.mark.parametrize(
    ("question", "answer"),
    [(question, answer) for question, answers in right_strangers.ANSWERS.items() for answer in answers],
)
def test_right_strangers_keep_all_points(question: str, answer: object) -> None:
    """Whoever solves a question in a way of their own loses nothing, from any draw."""
    for seed in (3, 4):
        result = grader_tests.examine(question, lambda: answer, seed)
        assert result.earned == result.points, [aspect.message for aspect in result.aspects if not aspect.held]


def test_a_sentence_of_evidence_is_said_only_where_it_holds() -> None:
    """Nothing is said to hold that failed, for no wrong answer of the course."""
    for wrong in list(wrong_answers().values())[::7]:
        asked = grader_tests.QUESTIONS[wrong.question]
        if not isinstance(asked, FunctionQuestion):
            continue
        result = grader_tests.examine(asked.id, lambda wrong=wrong: wrong.answer, 3)
        failed = {aspect.name for aspect in result.aspects if not aspect.held}
        for aspect in asked.aspects:
            for clue in aspect.clues:
                assert clue.text not in result.hint or failed.isdisjoint(clue.holds)


def test_one_cause_is_told_once() -> None:
    """A stop in every call is told under the first aspect; the others refer to it."""
    result = verdict("conv_bug_but_refuses")
    said = [aspect.message for aspect in result.aspects if not aspect.held]
    assert "IndexError" in said[0]
    assert set(said[1:]) == {'The same cause as under "shape".'}
    assert [aspect.name for aspect in result.aspects if aspect.held] == ["impossible layers"]


def test_one_too_large_is_said_only_where_all_are() -> None:
    """A default stride of 2 gives numbers that are one too small here and much too small there."""
    for wrong, one in (("E41-no-plus-1", True), ("X41-size-default-stride", False)):
        result = grader_tests.examine("ex41-conv-output-size", lambda wrong=wrong: wrong_answers()[wrong].answer, 2)
        assert any("one too" in aspect.message for aspect in result.aspects) == one


def test_other_words_of_an_error_do_not_hide_a_mistake() -> None:
    """Padding that is ignored is named, however the refusals of the code are worded."""
    result = verdict("conv_padding_ignored_own_words")
    assert result.misconceptions == ("X41-padding-ignored",)


def test_right_counts_that_are_floats_cost_one_price() -> None:
    """However many aspects they fail; what is refused and what is not is judged on its own."""
    for name in ("unshared_float", "keras_float", "block_float"):
        result = verdict(name)
        assert (result.points - result.earned, result.misconceptions) == (result.points / 5, ())


def test_a_clue_that_says_that_something_holds_names_its_evidence() -> None:
    """A sentence such as "Squares hold." has its evidence in every question."""
    functions = [asked for asked in grader_tests.QUESTIONS.values() if isinstance(asked, FunctionQuestion)]
    clues = [clue for asked in functions for aspect in asked.aspects for clue in aspect.clues]
    said = re.compile(r"\b(hold|holds|are right|is right)\.")
    assert [clue.text for clue in clues if said.search(clue.text) and not clue.holds] == []


def test_zeros_of_the_right_shape_earn_less_than_a_flipped_filter() -> None:
    """Zeros earn nothing in any aspect about values; a complete convolution that flips the filter loses its price."""
    zeros = verdict("conv_zeros")
    assert {aspect.name for aspect in zeros.aspects if aspect.earned} == {"shape", "impossible layers"}
    flipped = grader_tests.examine(CONV2D.id, lambda: wrong_answers()["E41-flip"].answer, 5)
    assert flipped.points - flipped.earned == CONV2D.price("E41-flip")
    assert flipped.earned > 2 * zeros.earned


@pytest.mark.parametrize(
    ("stopped_by", "words"),
    [
        ("ModuleNotFoundError: No module named 'google'", "No module named 'google'. Grading has Python, NumPy"),
        ("StdinNotImplementedError: input() is not available while grading", "Nobody answers input()"),
        ("ZeroDivisionError: division by zero", "its cell stopped with ZeroDivisionError: division by zero."),
        ("", "was the cell run"),
    ],
)
def test_a_missing_name_has_its_real_cause(stopped_by: str, words: str) -> None:
    """Where the engine knows what stopped the cell, that is said instead of a guess."""

    def missing() -> object:
        error = NameError("name 'conv2d' is not defined")
        if stopped_by:
            error.stopped_by = stopped_by
        raise error

    result = grader_tests.examine("ex41-conv2d", lambda: missing(), 1)
    assert not result.answered
    assert words in result.aspects[0].message


def test_objects_that_cannot_cross_are_named_for_what_they_are() -> None:
    """A returned generator or function is said to be one, though the engine's error has another name."""

    class OpaqueError(TypeError):
        returned = "an object of type generator"

    def lazy(*_arguments: object, **_settings: object) -> object:
        raise OpaqueError("conv2d() gave an object of type generator; plain data was expected")

    result = grader_tests.examine("ex41-conv2d", lambda: lazy, 1)
    assert "returned an object of type generator" in result.aspects[0].message
    assert not any("OpaqueError" in aspect.message for aspect in result.aspects)


def test_an_error_keeps_the_name_that_it_had_in_the_other_process() -> None:
    """`input()` crosses as NotImplementedError with a note; it is not taken for an unwritten function."""
    error = NotImplementedError("input() is not available while grading")
    assert raised(error).blank
    error.add_note("raised as StdinNotImplementedError")
    outcome = raised(error)
    assert outcome.asks
    assert not outcome.blank


def test_cases_keep_the_order_in_which_arrays_are_stored() -> None:
    """An array that is stored columns first reaches the student's function like that."""
    seen = []

    def spy(x, weight, bias=None, stride=1, padding=0):
        seen.append(x.flags["C_CONTIGUOUS"])
        return np.zeros(1)

    grader_tests.examine("ex41-conv2d", lambda: spy, 1)
    assert set(seen) == {True, False}


def test_results_whose_shapes_differ_in_many_ways_are_judged() -> None:
    """A question may ask for a row here and a table there: whatever comes back, there is a verdict and a hint."""

    def too_long(x, grad_output, shared):
        return np.zeros(9) if shared else np.zeros((9, 9))

    for answer in (too_long, lambda x, grad_output, shared: np.zeros(1), lambda x, grad_output, shared: x[None, None]):
        result = grader_tests.examine("ex40-sharing", lambda answer=answer: answer, 1)
        assert result.answered
        assert result.earned == 0
        assert result.hint


def test_a_pattern_that_single_results_are_too_small_for_is_seen_in_all_of_them() -> None:
    """One number that became 0 says little, three of them do; where one stays negative, nothing is said."""
    results = [(np.array([0.0, right + 5.0]), np.array([right, right + 5.0])) for right in (-1.0, -2.0, -3.0)]
    assert pattern_of_all(results) is Pattern.RECTIFIED
    assert pattern_of_all([*results, (np.array([-4.0, 0.0]), np.array([-4.0, -1.0]))]) is None
