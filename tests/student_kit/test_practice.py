"""Practice: asks, hints, shows, remembers, and never raises."""

import gzip
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from grader_tests.bank.item import bank
from student_kit import practice_memory
from student_kit.drawn_items import drawn_items
from student_kit.normal_form import seal
from student_kit.practice import Practice
from student_kit.practice_memory import WAITS, Memory

Said = pytest.CaptureFixture[str]


def opened(folder: Path) -> tuple[str, dict[str, Any]]:
    """Return id and variant of the question that waits for an answer."""
    waiting = json.loads((folder / "practice.json").read_text())["open"]
    item = drawn_items()["practice"][waiting["item"]]
    return waiting["item"], {**item, **item["draws"][waiting["draw"]]}


def test_a_right_answer_opens_the_solution(tmp_path: Path, capsys: Said) -> None:
    """The question has numbers, the right answer is told so, and the worked solution holds it."""
    practice = Practice(tmp_path)
    for topic in ("padding", "sharing", "networks"):
        practice(topic)
        said = capsys.readouterr().out
        assert "{" not in said
        _, variant = opened(tmp_path)
        practice.answer(variant["answer"])
        said = capsys.readouterr().out
        assert said.startswith("Right.")
        assert variant["answer"] in said
    practice.answer("5")
    assert "No question is open" in capsys.readouterr().out


def test_a_known_mistake_is_hinted_at(tmp_path: Path, capsys: Said) -> None:
    """The wrong option of a letter item gets its own hint, and the solution stays closed."""
    practice = Practice(tmp_path)
    practice("properties")
    name, variant = opened(tmp_path)
    capsys.readouterr()
    while variant["form"] != "letter":
        practice.give_up()
        practice("properties")
        name, variant = opened(tmp_path)
    capsys.readouterr()
    salt = f"{name}|{json.loads((tmp_path / 'practice.json').read_text())['open']['draw']}"
    wrong = next(letter for letter in "abcd" if seal((letter,), salt) == variant["wrong"][0])
    practice.answer(wrong)
    said = capsys.readouterr().out
    assert bank()[name].mistakes[0].hint.split("{")[0] in said
    assert "Right" not in said
    assert bank()[name].solution.split("{")[0][:30] not in said


def test_all_sealed_answers_are_the_keys(tmp_path: Path) -> None:
    """For every item and variant the sealed key is that of the answer shown, and no mistake's seal equals it."""
    for name, item in drawn_items()["practice"].items():
        for place, variant in enumerate(item["draws"]):
            assert variant["key"] not in variant["wrong"]
            if item["form"] == "letter":
                assert variant["key"] == seal((variant["answer"],), f"{name}|{place}")


def test_it_goes_on_after_a_restart(tmp_path: Path, capsys: Said) -> None:
    """A new kernel answers the question that the old one asked."""
    Practice(tmp_path)("sizes")
    _, variant = opened(tmp_path)
    Practice(tmp_path).answer(variant["answer"])
    assert "Right." in capsys.readouterr().out


def test_what_went_wrong_comes_again_with_other_numbers(tmp_path: Path, capsys: Said) -> None:
    """After two other questions the failed item is asked again, with its next variant, and says so."""
    practice = Practice(tmp_path)
    practice("costs")
    first, before = opened(tmp_path)
    practice.answer("-77")
    practice.give_up()
    order = []
    for _ in range(4):
        practice("costs")
        name, variant = opened(tmp_path)
        order.append(name)
        if name != first:
            practice.answer(variant["answer"])
        else:
            assert variant["shown"] != before["shown"]
            break
    assert order[-1] == first
    assert 2 <= len(order) <= WAITS[0] + 1
    assert "went wrong before" in capsys.readouterr().out


def test_what_was_right_comes_later_each_time() -> None:
    """Each time in a row the wait grows; a mistake starts it anew."""
    memory, waits = Memory(), []
    for _ in range(4):
        memory.ask("a", 50)
        memory.close()
        waits.append(memory.items["a"].due - memory.asked)
    assert waits == list(WAITS[1:5])
    memory.ask("a", 50)
    memory.fail()
    memory.fail()
    memory.close()
    assert (memory.items["a"].box, memory.items["a"].wrong) == (0, 1)
    assert memory.items["a"].due - memory.asked == WAITS[0]


def test_it_never_ends(tmp_path: Path) -> None:
    """Three hundred questions of one topic: always one more, every kind comes, numbers change."""
    practice, seen = Practice(tmp_path), set()
    for _ in range(300):
        practice("dilation")
        name, variant = opened(tmp_path)
        seen.add((name, tuple(variant["shown"])))
        practice.answer(variant["answer"])
    assert {name for name, _ in seen} == {item.id for item in bank().values() if item.topic == "dilation"}
    assert len(seen) > 150


HOSTILE: list[object] = [
    None,
    ...,
    "",
    "x",
    "1e999",
    10**400,
    float("nan"),
    [1, 2, 3],
    {"a": 1},
    object(),
    b"3",
    True,
    ("a", "b"),
]


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: str(value)[:10])
def test_no_answer_raises(value: object, tmp_path: Path, capsys: Said) -> None:
    """Whatever is given as topic or answer, a sentence comes back."""
    practice = Practice(tmp_path)
    practice(value)
    practice.answer(value)
    for topic in ("sizes", "padding", "properties"):
        practice(topic)
        practice.answer(value)
    assert capsys.readouterr().out


BROKEN = {
    "empty": b"",
    "no json": b"{",
    "a list": b"[]",
    "deep": b"[" * 100_000,
    "wrong types": json.dumps({"asked": "x", "items": {}, "open": None}).encode(),
    "no such box": json.dumps(
        {"asked": 1, "items": {"a": {"box": 99, "due": 1, "seen": 1, "wrong": 0}}, "open": None}
    ).encode(),
    "negative": json.dumps({"asked": -1, "items": {}, "open": None}).encode(),
    "open unknown": json.dumps({"asked": 1, "items": {}, "open": {"item": "a", "draw": 0, "failed": False}}).encode(),
    "not utf-8": b"\xff\xfe\x00",
    "huge": b" " * 1_100_000,
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_damaged_memory_is_put_aside(name: str, tmp_path: Path, capsys: Said) -> None:
    """A file that cannot be read costs no question: practice starts anew and keeps the old file under another name."""
    (tmp_path / "practice.json").write_bytes(BROKEN[name])
    Practice(tmp_path)("sizes")
    assert "starts anew" in capsys.readouterr().out
    assert (tmp_path / practice_memory.UNREADABLE).read_bytes() == BROKEN[name]
    assert opened(tmp_path)


def test_an_item_that_is_gone_asks_anew(tmp_path: Path, capsys: Said) -> None:
    """A memory of an older kit, with an item or a variant that no longer exists, is no error."""
    known = {"box": 0, "due": 1, "seen": 1, "wrong": 0}
    content = {"asked": 1, "items": {"gone": known}, "open": {"item": "gone", "draw": 7, "failed": False}}
    (tmp_path / "practice.json").write_text(json.dumps(content))
    practice = Practice(tmp_path)
    practice.answer("1")
    assert "No question is open" in capsys.readouterr().out
    practice()
    assert "Answer with" in capsys.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="a folder is made unwritable the POSIX way")
def test_without_a_file_it_remembers_until_the_end(tmp_path: Path, capsys: Said) -> None:
    """Where nothing can be written, one sentence says so and practice works on."""
    place = tmp_path / "no folder"
    practice = Practice(place)
    practice("sizes")
    assert "cannot be written" in capsys.readouterr().out
    practice.answer("-5")
    practice.give_up()
    said = capsys.readouterr().out
    assert "Not right" in said
    assert "comes again" in said
    assert "cannot be written" not in said


def test_a_missing_data_file_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    """A kit whose file of items was lost says what to do."""

    def lost() -> dict[str, Any]:
        from student_kit.drawn_items import drawn_items as load

        return dict(load(tmp_path / "items.json.gz"))

    monkeypatch.setattr(sys.modules[Practice.__module__], "drawn_items", lost)
    practice = Practice(tmp_path)
    for call in (practice, practice.topics, practice.answer, practice.give_up):
        call()
    assert "download the folder" in capsys.readouterr().out
    (tmp_path / "items.json.gz").write_bytes(gzip.compress(b"[]"))
    practice()
    assert "version 1" in capsys.readouterr().out


def test_topics_are_listed(tmp_path: Path, capsys: Said) -> None:
    """Every topic of the bank has its line."""
    Practice(tmp_path).topics()
    said = capsys.readouterr().out
    assert all(topic in said for topic in {item.topic for item in bank().values()})
