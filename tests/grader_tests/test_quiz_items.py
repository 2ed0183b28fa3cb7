"""Exactly one option of each item of the quiz holds: all are read from its text and tried by counting."""

import itertools
import re
import runpy
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader_tests.questions.quiz import AUTHORING, items

QUIZ = [f"q{number:02}" for number in range(1, 15)]
ITEMS = {item["id"]: item for item in items() if item["id"] in QUIZ}
LETTERS = "abcd"
Facts = Callable[[str], bool]


def options_that_hold(item_id: str, holds: Facts) -> str:
    """Return the letters of all options of an item for which `holds` is true."""
    return "".join(letter for letter in LETTERS if holds(ITEMS[item_id]["options"][letter]))


def numbers(text: str) -> list[int]:
    """Return the whole numbers of a text, with either kind of minus sign."""
    return [int(number) for number in re.findall(r"-?\d+", text.replace("−", "-"))]


def table(prompt: str) -> list[list[str]]:
    """Return the cells of the first Markdown table of a prompt, without its rule and its empty cells."""
    rows = [line.strip().strip("|").split("|") for line in prompt.splitlines() if line.strip().startswith("|")]
    return [[cell.strip() for cell in row] for row in rows if not set("".join(row).strip()) <= set("-|: ")]


def slide(image: np.ndarray, taps: np.ndarray) -> np.ndarray:
    """Return the feature map of a filter, one cell after the other, shape=(H - h + 1, W - w + 1)."""
    rows, columns = (side - size + 1 for side, size in zip(image.shape, taps.shape, strict=True))
    cells = np.zeros((rows, columns), dtype=int)
    for row, column, down, right in itertools.product(range(rows), range(columns), *map(range, taps.shape)):
        cells[row, column] += image[row + down, column + right] * taps[down, right]
    return cells


def starts(cells: int, span: int, stride: int = 1) -> list[int]:
    """Return where a window of `span` cells can start on a line of `cells` cells."""
    return [start for start in range(cells) if start % stride == 0 and start + span <= cells]


def formula(option: str, **values: int) -> Fraction:
    """Return what a formula such as "$(k-1)/2$" gives for whole numbers."""
    return Fraction(eval(option.strip("$"), {}, {name: Fraction(value) for name, value in values.items()}))  # noqa: S307


LENGTHS = [(n, k) for n in range(1, 12) for k in range(1, 8)]


def test_every_item_has_options_hints_and_points() -> None:
    """The quiz has its fourteen items in order, worth 16 points, the last one 3."""
    assert list(ITEMS) == QUIZ
    assert [item["points"] for item in ITEMS.values()] == [1] * 13 + [3]


@pytest.mark.parametrize("item", ITEMS.values(), ids=list(ITEMS))
def test_no_hint_gives_the_key_away(item: dict[str, Any]) -> None:
    """No hint contains the text, the number or the letter of the right answer."""
    key = str(item["key"])
    secret = item["options"][key].strip("$") if item["type"] == "letter" else key
    for hint in item["hints"].values():
        assert not re.search(rf"(?<![\w.,]){re.escape(secret)}(?![\w]|[.,]\d)", hint.replace("$", "")), hint
        assert f"({key})" not in hint
        assert f'"{key}"' not in hint


def test_the_key_is_rarely_the_longest_option() -> None:
    """Who always takes the longest option gets no more than by guessing."""
    lettered = [item for item in items() if item["type"] == "letter"]
    longest = [
        item["id"] for item in lettered if max(item["options"], key=lambda o: len(item["options"][o])) == item["key"]
    ]
    assert len(longest) <= len(lettered) / 3, longest


def test_q01_only_invariance_fails_for_a_convolution() -> None:
    """A shifted dot moves the response (so it is not invariant), with three shared weights that reach three cells."""
    taps, length = np.array([1, 2, 3]), 9
    line = np.zeros(length, dtype=int)
    line[4] = 1
    answer = slide(line[None], taps[None])[0]
    shifted = slide(np.roll(line, 1)[None], taps[None])[0]
    assert not np.array_equal(shifted, answer)
    assert np.array_equal(shifted, np.roll(answer, 1))
    reads = [
        np.flatnonzero([slide(np.eye(length, dtype=int)[[i]], taps[None])[0][cell] for i in range(length)])
        for cell in range(length - 2)
    ]
    assert all(list(cells) == [cell, cell + 1, cell + 2] for cell, cells in enumerate(reads))
    assert ITEMS["q01"]["options"][ITEMS["q01"]["key"]].startswith("translation invariance")


def test_q02_counts_the_different_letters() -> None:
    """The layer has as many weights as there are different letters in the printed matrix."""
    body = [row[1:] for row in table(ITEMS["q02"]["prompt"])[1:]]
    letters = {cell for row in body for cell in row} - {"0"}
    assert np.array(body).shape == (5, 5)
    assert options_that_hold("q02", lambda option: int(option) == len(letters)) == ITEMS["q02"]["key"]


def test_q03_one_filter_fits_the_printed_map() -> None:
    """Exactly one of the four filters gives the printed feature map, in all of its cells."""
    [told] = re.findall(r"!\[(.*?)\]", ITEMS["q03"]["prompt"])
    image, printed = np.array(numbers(told)[:16]).reshape(4, 4), np.array(numbers(told)[16:]).reshape(3, 3)
    drawn = runpy.run_path(str(AUTHORING / "cnn_quiz/pictures.py"))
    assert (drawn["IMAGE"], drawn["MAP"]) == (image.tolist(), printed.tolist())

    def fits(option: str) -> bool:
        return np.array_equal(slide(image, np.array(numbers(option)).reshape(2, 2)), printed)

    assert options_that_hold("q03", fits) == ITEMS["q03"]["key"]


def test_q05_counts_links_to_real_inputs() -> None:
    """Of the cells that five centered windows of three cover, only those inside the input count."""
    links = sum(0 <= neuron + offset < 5 for neuron in range(5) for offset in (-1, 0, 1))
    assert options_that_hold("q05", lambda option: int(option) == links) == ITEMS["q05"]["key"]


def test_q06_only_one_statement_is_true_of_a_convolution_and_a_shift() -> None:
    """On a ring, convolution and shift hold the definition of equivariance and none of the other three formulas."""
    line, taps = np.array([0, 5, 1, 0, 0, 2]), (1, -2, 3)

    def f(values: np.ndarray) -> np.ndarray:
        return sum(weight * np.roll(values, -tap) for tap, weight in enumerate(taps))

    def g(values: np.ndarray) -> np.ndarray:
        return np.roll(values, 1)

    def holds(option: str) -> bool:
        left, right = option.strip("$").replace("\\cdot", "*").split("=")
        names = {"f": f, "g": g, "x": line}
        return np.array_equal(eval(left, {}, names), eval(right.strip(), {}, names))  # noqa: S307

    assert options_that_hold("q06", holds) == ITEMS["q06"]["key"]


def test_q07_one_filter_tells_the_strokes_apart() -> None:
    """Exactly one filter has different largest responses to the horizontal and to the vertical stroke."""
    horizontal = np.zeros((5, 5), dtype=int)
    horizontal[2] = 1

    def differs(option: str) -> bool:
        taps = np.array(numbers(option)).reshape(3, 3)
        return slide(horizontal, taps).max() != slide(horizontal.T, taps).max()

    assert options_that_hold("q07", differs) == ITEMS["q07"]["key"]


def test_q08_valid_length_counts_window_starts() -> None:
    """Exactly one formula equals the number of windows for all lengths with k <= n."""
    lengths = [(n, k) for n, k in LENGTHS if k <= n]

    def holds(option: str) -> bool:
        return all(formula(option, n=n, k=k) == len(starts(n, k)) for n, k in lengths)

    assert options_that_hold("q08", holds) == ITEMS["q08"]["key"]


def test_q09_same_padding_keeps_the_length() -> None:
    """Exactly one formula gives, for all odd filters, a whole padding that keeps the length."""

    def holds(option: str) -> bool:
        paddings = [(n, k, formula(option, n=n, k=k)) for n, k in LENGTHS if k % 2]
        whole = all(p >= 0 and p.denominator == 1 for _, _, p in paddings)
        return whole and all(len(starts(n + 2 * int(p), k)) == n for n, k, p in paddings)

    assert options_that_hold("q09", holds) == ITEMS["q09"]["key"]


def overlaps(n: int, k: int) -> list[int]:
    """Return all places of the first cell of a filter, counted from the first input cell, with an overlap."""
    return [place for place in range(-k - 2, n + k + 2) if set(range(place, place + k)) & set(range(n))]


def test_q10_full_padding_reaches_every_overlap() -> None:
    """Exactly one formula gives just enough zeros for every overlap of filter and input."""

    def holds(option: str) -> bool:
        return all(formula(option, n=n, k=k) == -min(overlaps(n, k)) for n, k in LENGTHS)

    assert options_that_hold("q10", holds) == ITEMS["q10"]["key"]


def test_q11_full_length_counts_overlaps() -> None:
    """Exactly one formula equals the number of overlaps of filter and input."""

    def holds(option: str) -> bool:
        return all(formula(option, n=n, k=k) == len(overlaps(n, k)) for n, k in LENGTHS)

    assert options_that_hold("q11", holds) == ITEMS["q11"]["key"]


def test_q12_counts_the_window_starts_of_its_prompt() -> None:
    """The numbers printed in the prompt give exactly one of the options."""
    n, k, padding, stride = numbers(ITEMS["q12"]["prompt"])
    count = len(starts(n + 2 * padding, k, stride))
    assert options_that_hold("q12", lambda option: int(option) == count) == ITEMS["q12"]["key"]


def taps_of(width: int, dilation: int) -> list[int]:
    """Return the cells that a dilated filter reads: `dilation` - 1 empty cells between neighbors."""
    cells = [0]
    while len(cells) < width:
        cells.append(cells[-1] + 1 + (dilation - 1))
    return cells


def test_q13_counts_the_cells_from_first_to_last_tap() -> None:
    """The span of the dilated filter of the prompt is exactly one of the options."""
    width, rate, _ = numbers(ITEMS["q13"]["prompt"].replace("$d - 1$", "1"))
    span = taps_of(width, rate)[-1] + 1
    assert options_that_hold("q13", lambda option: int(option) == span) == ITEMS["q13"]["key"]


def layer_length(length: int, layer: str) -> int:
    """Return the length after a layer written as in the options of q14."""
    setting = dict(re.findall(r"(\w+)=(\w+)", layer))
    span = taps_of(int(setting["width"]), int(setting.get("d", 1)))[-1] + 1
    stride = int(setting["stride"])
    if setting["pad"] == "valid":
        return len(starts(length, span, stride))
    wanted = len(range(0, length, stride))
    enough = next(zeros for zeros in itertools.count() if len(starts(length + zeros, span, stride)) >= wanted)
    return len(starts(length + enough, span, stride))


def test_q14_one_pair_of_layers_ends_elsewhere() -> None:
    """Of the four pairs of layers exactly one does not leave a length of 3."""

    def ends_elsewhere(option: str) -> bool:
        convolution, pooling = re.findall(r"\w+\(.*?\)", option)
        assert convolution.startswith("conv")
        assert pooling.startswith("pool")
        return layer_length(layer_length(7, convolution), pooling) != 3

    assert options_that_hold("q14", ends_elsewhere) == ITEMS["q14"]["key"]
