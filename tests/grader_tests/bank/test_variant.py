"""Drawing: the same numbers everywhere, and nothing that pays for a known mistake."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from grader_tests.bank import problems, survey
from grader_tests.bank.item import FOLDER, LETTER, Item, ItemError, bank, read_items
from grader_tests.bank.pools import own_pool
from grader_tests.bank.variant import drawn, variant
from student_kit.drawing import number_below, shuffled, student_name
from student_kit.normal_form import normal_numbers, read_numbers

GOOD = """\
[[items]]
id = "side"
title = "A side"
difficulty = 1
level = "apply"
form = "number"
prompt = "{n} cells, windows of {k}: how many?"
draw = { n = [5, 40], k = [2, 4] }
key = "conv_output_size(n, k)"
mistakes = [
    { value = "n - k", hint = "The first place counts." },
    { value = "n", hint = "Is there a place at every cell?" },
    { value = "n + k - 1", hint = "That is full padding." },
]
solution = "{n} - {k} + 1 = {key}"
"""


def read(folder: Path, text: str) -> Item:
    """Return the only item of a bank."""
    (folder / "sizes.toml").write_text(text, encoding="utf-8")
    (item,) = read_items(folder).values()
    return item


def test_draws_are_the_same_in_every_process() -> None:
    """Numbers do not depend on Python's hash, on the order of calls or on the machine: these were noted once."""
    assert [number_below(1000, "cnn", "size", student, 0) for student in ("ada", "grace", "Zoë")] == [395, 8, 390]
    names = "('ada', 'grace', 'Zo\\u00eb')"
    code = f"from student_kit.drawing import number_below as b; print([b(1000, 'cnn', 'size', s, 0) for s in {names}])"
    for seed in ("0", "1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            cwd=FOLDER.parents[1],
        )
        assert json.loads(done.stdout) == [395, 8, 390]


def test_numbers_below_a_limit_are_spread_evenly() -> None:
    """Of 6,000 draws below 6 each number comes about a thousand times."""
    counts = [0] * 6
    for place in range(6000):
        counts[number_below(6, "die", place)] += 1
    assert all(880 < count < 1120 for count in counts), counts
    with pytest.raises(ValueError, match="at least 1"):
        number_below(0, "die")


def test_every_order_of_three_comes() -> None:
    """Options are shuffled into all their orders."""
    assert len({tuple(shuffled("abc", place)) for place in range(200)}) == 6


def test_one_id_however_it_is_written() -> None:
    """Space around an id and the way an accent is stored do not change the numbers."""
    assert student_name(" Zoe\u0308\n") == student_name("Zo\u00eb")


@pytest.mark.parametrize("name", list(bank()))
def test_no_variant_pays_for_a_mistake(name: str) -> None:
    """On 60 draws of each item no known mistake gives the right answer, and no two options read the same."""
    item = bank()[name]
    for place in range(60):
        made = drawn(item, "collisions", place)
        assert made.key not in made.wrong
        assert len(set(made.options)) == len(made.options)
        for text in (made.prompt, made.solution):
            assert "{" not in text
        if item.form != LETTER:
            assert len(made.key) == max(1, len(item.asks))


def test_hints_keep_the_right_answer() -> None:
    """No hint of a number item prints the right number."""
    for item in bank().values():
        assert all("{key}" not in mistake.hint for mistake in item.mistakes), item.id


def test_the_longest_option_is_seldom_the_key() -> None:
    """Who always takes the longest option is right in no more than a third of the letter items; the shortest, too."""
    items = [item for item in bank().values() if item.form == LETTER]
    for pick in (max, min):
        texts = [[item.answer, *(mistake.text for mistake in item.mistakes)] for item in items]
        hits = [pick(map(len, options)) == len(options[0]) for options in texts]
        assert sum(hits) * 3 <= len(items), [item.id for item, hit in zip(items, hits, strict=True) if hit]


def test_a_good_item_is_read(tmp_path: Path) -> None:
    """Texts, key and mistakes of a small item come out as written."""
    made = variant(read(tmp_path, GOOD), {"n": 7, "k": 3})
    assert (made.key, made.wrong) == (("5",), (("4",), ("7",), ("9",)))
    assert made.solution == "7 - 3 + 1 = 5"


BAD = {
    "key equals a mistake": ('"n - k"', '"n - k + 1"', "within its constraints", "mistake 1 gives the right answer"),
    "impossible constraint": (
        "key =",
        'require = ["n < k"]\nkey =',
        "within its constraints",
        "requirement does not hold",
    ),
    "impossible layer": ("k = [2, 4]", "k = [90, 94]", "can be worked out", "cannot be worked out for"),
    "unknown name": ('"conv_output_size(n, k)"', '"conv_output_size(n, q)"', "before they are used", "the key uses q"),
    "unknown placeholder": ("{n} cells", "{m} cells", "before they are used", "the prompt uses m"),
    "unknown function": ("conv_output_size(n", "conv_size(n", "expressions are arithmetic", "no function 'conv_size'"),
    "no expression": ('"n - k"', '"n -"', "expressions are arithmetic", "no expression"),
    "empty range": ("n = [5, 40]", "n = [40, 5]", "values to be drawn from", "n"),
    "two numbers unnamed": ('form = "number"', 'form = "numbers"', "says what each is", "asks: 0"),
    "letter with a key": ('form = "number"', 'form = "letter"', "has an answer", "letter"),
    "no toml": ("[[items]]", "[[items", "the file is TOML", ""),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_item_is_named_with_file_and_rule(name: str, tmp_path: Path) -> None:
    """Each breach of a rule stops with the file, the item, the rule and what was found."""
    old, new, rule, found = BAD[name]
    assert old in GOOD
    with pytest.raises(ItemError) as caught:
        drawn(read(tmp_path, GOOD.replace(old, new)), "x")
    file, item, said, value, next_step = caught.value.parts
    assert file == "authoring/bank/sizes.toml"
    assert item in ("item side", "the file")
    assert rule in said
    assert found in value
    assert next_step


def test_equal_options_are_refused(tmp_path: Path) -> None:
    """A letter item whose options read the same on some numbers is drawn again, on all numbers it stops."""
    text = GOOD.replace('form = "number"', 'form = "letter"').replace(
        'key = "conv_output_size(n, k)"', 'answer = "{n}"'
    )
    text = (
        text.replace('value = "n - k"', 'text = "{k}"')
        .replace('value = "n"', 'text = "{n}"')
        .replace('value = "n + k - 1"', 'text = "none"')
    )
    with pytest.raises(ItemError, match="two options read"):
        drawn(read(tmp_path, text), "x")


def test_an_id_is_used_once(tmp_path: Path) -> None:
    """Two files with the same id are both named."""
    (tmp_path / "other.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(ItemError, match="used once") as caught:
        read(tmp_path, GOOD)
    assert "authoring/bank/other.toml" in str(caught.value)


def test_a_narrow_item_cannot_be_graded(tmp_path: Path) -> None:
    """An item with few right answers, or with letters, is refused for a graded question, since copies would earn."""
    with pytest.raises(ItemError, match="different right answers"):
        own_pool(read(tmp_path, GOOD), "cnn", "bonus", "v01")
    with pytest.raises(ItemError, match="asks for numbers"):
        own_pool(bank()["property-strong-prior"], "cnn", "bonus", "v01")


def test_the_bank_holds_its_rules() -> None:
    """The build finds nothing wrong with this course's bank."""
    assert problems() == []


def test_a_survey_counts() -> None:
    """Different right answers and refused draws are counted; an unknown item is named."""
    found = survey("size-rounded-down", "cnn", 40)
    assert (len(found.variants), found.space) == (40, 101 * 8 * 4 * 3)
    assert found.distinct_keys == len({one.key for one in found.variants})
    assert sum(found.refused.values()) > 0
    assert 0 < found.share_refused < 1
    with pytest.raises(ValueError, match="no item 'x'"):
        survey("x", "cnn", 1)


def test_equal_answers_have_one_normal_form() -> None:
    """12, 12.0 and "12" are one answer; decimals are rounded; other texts are no number."""
    assert normal_numbers([12], 0) == normal_numbers([12.0], 0) == normal_numbers(read_numbers(" 12 ", 1) or (), 0)
    assert normal_numbers([7.7161], 2) == normal_numbers([7.72], 2) == normal_numbers(read_numbers("7,72", 1) or (), 2)
    assert normal_numbers([12.5], 0) != normal_numbers([12], 0)
    for text in ("", "x", "1 2", "1e999", "nan", "1_000", "--1", "9" * 70):
        assert read_numbers(text, 1) is None
