"""Each quiz item has exactly one right option: shown by computing every option, not by reading the key."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

QUIZ = Path(__file__).parents[2] / "authoring" / "cnn_quiz" / "quiz.toml"
ITEMS = {item["id"]: item for item in tomllib.loads(QUIZ.read_text(encoding="utf-8"))["items"]}


def right_option(item: str, holds: dict[str, bool]) -> None:
    """Hold the computed truth of each option against the key."""
    assert sorted(holds) == sorted(ITEMS[item]["options"])
    assert [letter for letter, true in holds.items() if true] == [ITEMS[item]["key"]]


def slide(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Return the responses of a filter that is not turned around, one window after the other."""
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    height, width = kernel.shape
    return np.array(
        [[(image[r : r + height, c : c + width] * kernel).sum() for c in range(columns)] for r in range(rows)]
    )


def windows(length: int, width: int, stride: int = 1, begin: int = 0, end: int = 0, dilation: int = 1) -> int:
    """Count the positions of a window on a padded line by trying each start."""
    span = (width - 1) * dilation + 1
    line = length + begin + end
    return sum(start + span <= line for start in range(0, line, stride))


def numbers(text: str) -> list[int]:
    """Return the whole numbers in a text; the typographic minus counts."""
    return [int(word) for word in text.replace("−", "-").replace("/", " ").split() if word.lstrip("-").isdigit()]


def test_order_and_points():
    """Fourteen items in the order of the lecture, the last one worth 3, the others 1."""
    assert list(ITEMS) == [f"q{number:02}" for number in range(1, 15)]
    assert [item["points"] for item in ITEMS.values()] == [1] * 13 + [3]


def test_keys_of_the_lecture():
    """Where the lecture's own figure survived, the key is the one that was checked."""
    checked = {"q01": "c", "q02": "a", "q04": "d", "q05": "b", "q06": "c", "q08": "c", "q09": "a", "q10": "d"}
    checked |= {"q11": "b", "q12": "b", "q13": "a", "q14": "d"}
    assert {item: ITEMS[item]["key"] for item in checked} == checked


def test_q01_a_shifted_dot_moves_the_response():
    """Convolution is local, sparse and shared, but not invariant: the response moves with the dot."""
    kernel, line = np.array([[1, 2, 3]]), np.zeros((1, 9), dtype=int)
    line[0, 3] = 1
    here, there = slide(line, kernel), slide(np.roll(line, 1), kernel)
    assert not np.array_equal(here, there)
    assert np.array_equal(np.roll(here, 1), there)
    reads = [{i for i in range(9) if slide(np.eye(9, dtype=int)[i : i + 1], kernel)[0, o]} for o in range(7)]
    assert all(len(cells) == 3 and max(cells) - min(cells) == 2 for cells in reads)


def test_q02_counts_letters():
    """The matrix in the prompt holds as many different letters as the key says."""
    cells = {cell.strip() for line in ITEMS["q02"]["prompt"].splitlines() if "y_" in line for cell in line.split("|")}
    learned = len(cells & {"a", "b", "c"})
    right_option("q02", {letter: int(text) == learned for letter, text in ITEMS["q02"]["options"].items()})


def test_q03_exactly_one_filter_fits():
    """Sliding each offered filter over the printed image gives the printed map once."""
    rows = [numbers(line.replace("|", " ")) for line in ITEMS["q03"]["prompt"].splitlines() if line.startswith("|")]
    table = [row for row in rows if row]
    image = np.array([row[:4] for row in table])
    wanted = np.array([row[4:] for row in table[:3]])
    options = {
        letter: np.array(numbers(text.replace(",", " "))).reshape(2, 2)
        for letter, text in ITEMS["q03"]["options"].items()
    }
    right_option("q03", {letter: np.array_equal(slide(image, kernel), wanted) for letter, kernel in options.items()})


def test_q05_counts_links():
    """Five centered neurons of width 3 on five inputs, links that leave the input left out."""
    links = sum(0 <= neuron + offset < 5 for neuron in range(5) for offset in (-1, 0, 1))
    right_option("q05", {letter: int(text) == links for letter, text in ITEMS["q05"]["options"].items()})


def test_q06_only_the_key_is_true_of_convolution_and_shift():
    """On a ring, where no border disturbs, shift and convolution commute; the other three equations fail."""

    def shift(x):
        return np.roll(x, 1)

    def convolve(x):
        return x + 2 * np.roll(x, -1)

    x = np.array([3, 0, 1, 4])
    holds = {
        "a": np.array_equal(convolve(x), shift(convolve(x))),
        "b": np.array_equal(convolve(x), convolve(shift(x))),
        "c": np.array_equal(convolve(shift(x)), shift(convolve(x))),
        "d": np.array_equal(convolve(shift(x)), shift(x) * convolve(x)),
    }
    right_option("q06", holds)


def test_q07_exactly_one_filter_separates_the_strokes():
    """The largest responses to a horizontal and a vertical stroke differ for one filter only."""
    flat = np.zeros((5, 5), dtype=int)
    flat[2] = 1
    holds = {}
    for letter, text in ITEMS["q07"]["options"].items():
        kernel = np.array(numbers(text)).reshape(3, 3)
        holds[letter] = slide(flat, kernel).max() != slide(flat.T, kernel).max()
    right_option("q07", holds)


LINES = [(n, k) for n in range(1, 14) for k in range(1, 8) if k <= n]


def test_q08_valid_length():
    """One formula counts the windows on every line."""
    forms = {"a": lambda n, k: n + k + 1, "b": lambda n, k: n + k - 1}
    forms |= {"c": lambda n, k: n - k + 1, "d": lambda n, k: n - k - 1}
    right_option("q08", {x: all(f(n, k) == windows(n, k) for n, k in LINES) for x, f in forms.items()})


def test_q09_same_padding():
    """One formula keeps the length for every odd filter."""
    forms = {"a": lambda k: (k - 1) / 2, "b": lambda k: k / 2, "c": lambda k: (k + 1) / 2, "d": lambda k: k - 2}

    def keeps(form):
        odd = [(n, k, form(k)) for n, k in LINES if k % 2]
        return all(p == int(p) >= 0 and windows(n, k, begin=int(p), end=int(p)) == n for n, k, p in odd)

    right_option("q09", {letter: keeps(form) for letter, form in forms.items()})


def overlaps(n: int, k: int) -> int:
    """Count the positions of a filter in which it covers at least one cell of the input."""
    return sum(any(0 <= start + tap < n for tap in range(k)) for start in range(-2 * k, n + 2 * k))


def test_q10_full_padding():
    """One formula reaches every overlap and no position without one."""
    forms = {"a": lambda k: k / 2, "b": lambda k: k / 2 + 1, "c": lambda k: k / 2 - 1, "d": lambda k: k - 1}

    def reaches(form):
        found = [(n, k, form(k)) for n, k in LINES]
        return all(p == int(p) >= 0 and windows(n, k, begin=int(p), end=int(p)) == overlaps(n, k) for n, k, p in found)

    right_option("q10", {letter: reaches(form) for letter, form in forms.items()})


def test_q11_full_length():
    """One formula counts every overlap."""
    forms = {"a": lambda n, k: n + k / 2, "b": lambda n, k: n + k - 1}
    forms |= {"c": lambda n, k: n + k / 2 - 1, "d": lambda n, k: n + k + 1}
    right_option("q11", {x: all(f(n, k) == overlaps(n, k) for n, k in LINES) for x, f in forms.items()})


def test_q12_strided_length():
    """Length 5, filter 3, one zero at each end, stride 2."""
    length = windows(5, 3, stride=2, begin=1, end=1)
    right_option("q12", {letter: int(text) == length for letter, text in ITEMS["q12"]["options"].items()})


def test_q13_dilated_span():
    """Seven taps with two empty cells between neighbors."""
    taps = range(0, 7 * 3, 3)
    span = max(taps) - min(taps) + 1
    right_option("q13", {letter: int(text) == span for letter, text in ITEMS["q13"]["options"].items()})


@pytest.mark.parametrize(("letter", "lengths"), [("a", (7, 3)), ("b", (3, 3)), ("c", (3, 3)), ("d", (3, 2))])
def test_q14_lengths_of_each_option(letter, lengths):
    """The explanation names the lengths that counting windows gives."""
    conv = {
        "a": windows(7, 3, begin=1, end=1),
        "b": windows(7, 3, stride=2),
        "c": windows(7, 3, dilation=2),
        "d": windows(7, 3, dilation=2),
    }[letter]
    pool = {
        "a": windows(conv, 2, stride=2),
        "b": windows(conv, 3, begin=1, end=1),
        "c": windows(conv, 2, end=1),
        "d": windows(conv, 2),
    }[letter]
    assert (conv, pool) == lengths
    assert (pool != 3) == (letter == ITEMS["q14"]["key"])


@pytest.mark.parametrize("item", ITEMS.values(), ids=lambda item: item["id"])
def test_hints_do_not_give_the_key_away(item):
    """A hint names neither the right letter nor, word for word, the right option."""
    for hint in item["hints"].values():
        assert item["options"][item["key"]] not in hint
        assert f'"{item["key"]}"' not in hint


@pytest.mark.parametrize("item", ITEMS.values(), ids=lambda item: item["id"])
def test_every_wrong_option_has_its_own_hint(item):
    """No two wrong options of an item share a hint."""
    assert len(set(item["hints"].values())) == len(item["options"]) - 1
