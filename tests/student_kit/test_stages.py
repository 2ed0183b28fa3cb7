"""Stages and patterns: how a result is said to differ."""

import numpy as np
import pytest

from student_kit.plain import Finding, array, number, numbers
from student_kit.stages import RELATIVE_TOLERANCE, compare_array, compare_number, compare_whole, compare_wholes

RNG = np.random.default_rng(4)
EXPECTED = RNG.integers(-9, 10, (2, 3, 5, 6)).astype(float)


def changed(where: object, by: float = 1.0) -> np.ndarray:
    """Return the expected array with some cells changed."""
    got = EXPECTED.copy()
    got[where] += by * (1 + np.arange(got[where].size).reshape(got[where].shape))
    return got


INSIDE = np.zeros(EXPECTED.shape, dtype=bool)
INSIDE[..., 1:-1, 1:-1] = True


@pytest.mark.parametrize(
    ("got", "stage", "words"),
    [
        ("12", "type", "a str"),
        ([[1, 2], [3]], "type", "different lengths"),
        (EXPECTED[0], "shape", "(3, 5, 6); expected (2, 3, 5, 6) (4 axes, not 3)"),
        (EXPECTED.swapaxes(2, 3), "shape", "(2, 3, 6, 5)"),
        (EXPECTED.astype(complex), "dtype", "complex128"),
        (EXPECTED > 0, "dtype", "bool"),
        (EXPECTED.astype(np.float16), "dtype", "float16"),
        (np.where(EXPECTED > 8, np.nan, EXPECTED), "non-finite", "NaN or infinite"),
        (-EXPECTED, "values", "the sign is turned around"),
        (np.maximum(EXPECTED, 0), "values", "negative values have become 0"),
        (EXPECTED / 9, "values", "9 times too small"),
        (EXPECTED * 4, "values", "4 times too large"),
        (EXPECTED + 3, "values", "the same number is missing"),
        (EXPECTED + np.array([1.0, 5, 2]).reshape(3, 1, 1), "values", "each channel is off"),
        (EXPECTED[..., ::-1], "values", "columns are back to front"),
        (EXPECTED[..., ::-1, :], "values", "upside down"),
        (EXPECTED[..., ::-1, ::-1], "values", "turned by 180 degrees"),
        (np.roll(EXPECTED, 1, axis=-1), "values", "shifted by one column"),
        (np.roll(EXPECTED, 1, axis=-2), "values", "shifted by one row"),
        (np.zeros_like(EXPECTED), "values", "the same number"),
        (changed(np.s_[:, 1]), "values", "only in channel 1"),
        (changed(np.s_[1]), "values", "only in image 1"),
        (changed(np.s_[:, 1:]), "values", "in every channel but 0"),
        (changed(~INSIDE), "values", "only at the border"),
        (changed(INSIDE), "values", "only inside"),
        (EXPECTED % 256, "values", "wrapped around at 256"),
    ],
)
def test_arrays_fail_at_the_first_stage_with_a_pattern(got: object, stage: str, words: str) -> None:
    """Type comes before shape, shape before dtype, then non-finite values, then the pattern of the differences."""
    finding = compare_array(got, EXPECTED)
    assert finding is not None
    assert finding.stage == stage
    assert words in finding.message


def test_square_results_can_be_transposed() -> None:
    """Swapped rows and columns are named when the shape cannot show them."""
    square = EXPECTED[..., :5]
    finding = compare_array(square.swapaxes(2, 3), square)
    assert finding is not None
    assert "rows and columns are swapped" in finding.message


@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.float32, np.float64, np.longdouble])
def test_results_of_any_numeric_dtype_hold(dtype: type) -> None:
    """Equal numbers hold in integers, single, double and extended precision, as lists and as tuples."""
    assert compare_array(EXPECTED.astype(dtype), EXPECTED) is None
    assert compare_array(EXPECTED.astype(dtype).tolist(), EXPECTED) is None
    assert compare_array(tuple(EXPECTED.astype(dtype)), EXPECTED) is None


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_tolerance_is_stated_once_and_used(dtype: str) -> None:
    """An error below the tolerance of the dtype holds, one above it does not."""
    largest = np.abs(EXPECTED).max()
    small, large = (factor * RELATIVE_TOLERANCE[dtype] * largest for factor in (0.5, 2.0))
    got = EXPECTED.astype(dtype)
    assert compare_array((got + got.dtype.type(small)).astype(dtype), EXPECTED) is None
    assert compare_array((got + got.dtype.type(large)).astype(dtype), EXPECTED) is not None


def test_messages_never_hold_an_expected_number() -> None:
    """A hidden result is not given away: only counts, shapes, factors and patterns are printed."""
    finding = compare_array(np.full(EXPECTED.shape, 1.0) + RNG.random(EXPECTED.shape), EXPECTED + 0.123456)
    assert finding is not None
    assert "123456" not in finding.message
    whole = compare_whole(11, 120_422_400)
    assert whole is not None
    assert "120" not in whole.message


@pytest.mark.parametrize(
    ("value", "stage"),
    [(3, None), (np.int32(3), None), (np.array(3), None), (3.0, "dtype"), (4, "values"), ("3", "type")],
)
def test_whole_numbers_have_to_be_ints(value: object, stage: str | None) -> None:
    """A count holds as any kind of int; a float of the right amount fails at its dtype."""
    finding = compare_whole(value, 3)
    assert (finding.stage if finding else None) == stage


@pytest.mark.parametrize("value", [True, np.True_, float("nan"), np.inf, "2", None, [2], 1j, b"2", np.array([1, 2])])
def test_numbers_refuse_what_is_none(value: object) -> None:
    """Bool, NaN, infinity, text and containers are no numbers; the reason is given."""
    finding = number(value)
    assert isinstance(finding, Finding)
    assert finding.message


def test_tuples_are_compared_entry_by_entry() -> None:
    """Lists and arrays stand for tuples; the message says which entry differs and whether only the order does."""
    assert compare_wholes([55, 55, 96], (55, 55, 96)) is None
    assert compare_wholes(np.array([55, 55, 96]), (55, 55, 96)) is None
    assert "another order" in (compare_wholes((96, 55, 55), (55, 55, 96)) or Finding("", "")).message
    assert "entry 2 is too small" in (compare_wholes((55, 55, 3), (55, 55, 96)) or Finding("", "")).message
    assert isinstance(numbers((1, 2), 3), Finding)


def test_numbers_are_compared_within_the_tolerance() -> None:
    """One real number holds up to rounding."""
    assert compare_number(0.1 + 0.2, 0.3) is None
    assert compare_number(0.31, 0.3) is not None


def test_lists_larger_than_any_result_are_refused_early() -> None:
    """A list that would fill the memory as an array is refused while counting."""
    row = [0] * 100_000
    finding = array([row] * 200)
    assert isinstance(finding, Finding)
    assert finding.stage == "shape"


@pytest.mark.parametrize("large", [1e308, 1e200, -1e308])
def test_very_large_results_give_no_warning(large: float) -> None:
    """Overflow while looking for a pattern stays silent: a warning would cost the whole test cell."""
    for got in (EXPECTED / 10 * large, np.full(EXPECTED.shape, large)):
        assert compare_array(got, EXPECTED / 1e5) is not None
