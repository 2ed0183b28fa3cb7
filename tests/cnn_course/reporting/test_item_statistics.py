"""Statistics of items against cases computed by hand; small classes say nothing."""

from __future__ import annotations

import pytest
from pyuca import Collator

from cnn_course.reporting.collation import collated
from cnn_course.reporting.item_statistics import cronbach_alpha, discrimination, histogram, mean_share, summary


def test_alpha_of_a_table_computed_by_hand() -> None:
    """Ten students, two items: item variances 10/36 each, totals 0 (x4), 1 (x2), 2 (x4).

    Item 1 is 1 for five of ten: variance 5*5/(10*9) = 10/36; item 2 alike. The totals have mean 1 and squared
    deviations 4 + 4 = 8, variance 8/9. Alpha = 2 (1 - (20/36)/(8/9)) = 2 (1 - 5/8) = 3/4.
    """
    rows = [[1.0, 1.0]] * 4 + [[0.0, 0.0]] * 4 + [[1.0, 0.0], [0.0, 1.0]]
    assert cronbach_alpha(rows) == pytest.approx(0.75)


def test_alpha_is_one_for_copies_and_zero_for_items_that_have_nothing_in_common() -> None:
    """Two copies of an item agree wholly; items in every combination share nothing."""
    assert cronbach_alpha([[float(n), float(n)] for n in range(10)]) == pytest.approx(1.0)
    assert cronbach_alpha([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]] * 3) == pytest.approx(0.0)


@pytest.mark.parametrize(
    "rows",
    [[], [[1.0, 0.0]] * 9, [[1.0]] * 12, [[1.0, 2.0]] * 12, [[float(n % 2), float(1 - n % 2)] for n in range(12)]],
)
def test_alpha_says_nothing_where_it_cannot(rows: list[list[float]]) -> None:
    """Nine students, one item, equal totals."""
    assert cronbach_alpha(rows) is None


def test_discrimination_leaves_the_item_out_of_the_total() -> None:
    """The rest decides: the same order gives 1, the opposite -1, computed by hand 0.6 for four distinct pairs.

    Items 0, 0, 1, 1 against rests 1, 3, 2, 4 (each five times): covariance 0.25, variances 0.25 and 1.25,
    r = 0.25 / sqrt(0.3125) = 0.447...
    """
    rests = [float(n) for n in range(12)]
    assert discrimination(rests, [2 * each for each in rests]) == pytest.approx(1.0)
    assert discrimination([-each for each in rests], [0.0] * 12) == pytest.approx(-1.0)
    items, others = [0.0, 0.0, 1.0, 1.0] * 5, [1.0, 3.0, 2.0, 4.0] * 5
    totals = [item + rest for item, rest in zip(items, others, strict=True)]
    assert discrimination(items, totals) == pytest.approx(0.4472136, abs=1e-6)


def test_discrimination_says_nothing_of_few_or_equal_answers() -> None:
    """Nine students; an item that everybody has; a class that is alike elsewhere; what waits is left out."""
    some: list[float | None] = [float(n) for n in range(9)]
    assert discrimination(some, some) is None
    assert discrimination([1.0] * 12, [float(n) for n in range(12)]) is None
    assert discrimination([*some, None, None], [*some, 1.0, 2.0]) is None


def test_mean_share_counts_what_was_marked() -> None:
    """What waits for a marker is no zero."""
    assert mean_share([2.0, 0.0, None], 2.0) == 0.5
    assert mean_share([None], 2.0) is None
    assert mean_share([0.0], 0.0) is None


def test_histogram_puts_borders_into_the_upper_bin_and_full_marks_into_the_last() -> None:
    """0.3 is 3 tenths although 0.3 * 10 is less than 3 in binary; a bonus stays in the last bin."""
    assert histogram([0.0, 0.1, 0.3, 0.7, 1.0, 1.3]) == [1, 1, 0, 1, 0, 0, 0, 1, 0, 2]


def test_summary_of_numbers_computed_by_hand() -> None:
    """1, 2, 3, 4: mean 2.5, sample deviation sqrt(5/3), quartiles 1.75, 2.5, 3.25; one value has no deviation."""
    found = summary([1.0, 2.0, 3.0, 4.0])
    assert (found["mean"], found["median"], found["q1"], found["q3"]) == (2.5, 2.5, 1.75, 3.25)
    assert found["sd"] == pytest.approx(1.2909944)
    assert summary([1.0])["sd"] is None
    assert summary([])["mean"] is None


def test_names_are_sorted_as_in_a_dictionary() -> None:
    """Small letters, umlauts and accents stand where people look for them."""
    names = ["Zorn", "Özdemir", "de la Cruz", "Owens", "Émile", "Dahl", "Ezra", "Ångström", "Li", "Łukasz"]
    expected = ["Ångström", "Dahl", "de la Cruz", "Émile", "Ezra", "Li", "Łukasz", "Owens", "Özdemir", "Zorn"]
    assert sorted(names, key=collated) == expected


def test_names_in_latin_letters_weigh_what_they_weigh_in_the_whole_table():
    """Names with and without other letters stand in one order."""
    whole = Collator()
    latin = "".join(map(chr, range(0x370)))
    for name in ("", latin, "O'Neil-Smith, J. R.", "van der Aa 2", "\x7f\x00a", "Nguyễn Ðình", "Łukasz ﬀ", "Ωμέγα"):
        assert collated(name) == tuple(whole.sort_key(name))
