"""`practice`: questions without end and without points, which come again when they went wrong.

Works in plain Jupyter: ``practice("padding")`` asks, ``practice.answer("12")`` answers, ``practice.give_up()`` shows
the solution. Right and wrong answers are known by their hashes alone; no formula travels with the notebooks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from student_kit import plain
from student_kit.drawn_items import drawn_items, filled
from student_kit.normal_form import normal_numbers, read_numbers, seal
from student_kit.plain import Finding, is_blank
from student_kit.practice_memory import Memory, Open, load, save

LETTERS = "abcdefgh"
HELP = """\
practice()             asks the next question, of any topic
practice("padding")    asks about one topic; practice.topics() lists them
practice.answer("12")  answers: "12", "55, 57" where two numbers are asked for, or a letter such as "b"
practice.give_up()     shows the worked solution; the question comes again later
Nothing here counts. What you did is kept in practice.json beside the notebook."""


class Practice:
    """Asks items of the bank with drawn numbers; never raises, remembers what went wrong.

    Parameters
    ----------
    folder : Path, optional
        Where the memory lies; the working directory by default.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._unsaved: Memory | None = None  # kept here where no file can be written

    def __repr__(self) -> str:
        return HELP

    def __call__(self, topic: object = None) -> None:
        """Ask the next question.

        Parameters
        ----------
        topic : str, optional
            One of `topics`; any topic by default.
        """
        items = self._items()
        if items is None:
            return
        chosen = _of_topic(items, topic)
        if not chosen:
            print(f"There is no topic {str(topic)[:40]!r}; topics: {', '.join(_topics(items))}.")
            return
        memory = self._load()
        item = memory.next_item(chosen)
        opened = memory.ask(item, len(items[item]["draws"]))
        known = memory.items[item]
        again = " (it went wrong before)" if known.wrong and not known.box else ""
        print(f"{items[item]['title']}{again}\n\n{_prompt(items[item], opened.draw)}\n\n{_how(items[item])}")
        self._save(memory)

    def help(self) -> None:
        """Print what there is to call."""
        print(HELP)

    def topics(self) -> None:
        """Print the topics, and how many questions of each were answered right at once the last time."""
        items = self._items()
        if items is None:
            return
        memory = self._load()
        for topic, count in _topics(items).items():
            right = sum(memory.items[name].box > 0 for name in _of_topic(items, topic) if name in memory.items)
            print(f"{topic:<12} {right} of {count} kinds of question right at once")

    def answer(self, value: object = None) -> None:
        """Answer the open question.

        Parameters
        ----------
        value : str, int, float or tuple
            ``"12"``, ``12``, ``"55, 57"``, ``(55, 57)``, ``"b"``.
        """
        found = self._opened()
        if found is None:
            return
        items, memory, opened = found
        item, variant = items[opened.item], items[opened.item]["draws"][opened.draw]
        given = _normal(item, value)
        if isinstance(given, Finding):
            print(f"{given.message} {_how(item)}")
            return
        sealed = seal(given, f"{opened.item}|{opened.draw}")
        if sealed == variant["key"]:
            print(f"Right.\n\n{_solution(item, opened.draw)}\n\nNext: practice() or practice({item['topic']!r})")
            memory.close()
        else:
            hints = [hint for hint, wrong in zip(item["hints"], variant["wrong"], strict=True) if wrong == sealed]
            print(f"Not right. {_filled(item, opened.draw, hints[0]) if hints else ''}".rstrip())
            print("Try again with practice.answer(...), or see the solution with practice.give_up().")
            memory.fail()
        self._save(memory)

    def give_up(self) -> None:
        """Show the worked solution of the open question; it comes again later, with other numbers."""
        found = self._opened()
        if found is None:
            return
        items, memory, opened = found
        print(f"{_solution(items[opened.item], opened.draw)}\n\nA question of this kind comes again later.")
        memory.fail()
        memory.close()
        self._save(memory)

    def _opened(self) -> tuple[Mapping[str, Any], Memory, Open] | None:
        """Return items, memory and the open question; say so where there is none."""
        items = self._items()
        if items is None:
            return None
        memory = self._load()
        opened = memory.open
        if opened is None or opened.item not in items or opened.draw >= len(items[opened.item]["draws"]):
            print("No question is open: practice() asks one.")
            return None
        return items, memory, opened

    def _items(self) -> Mapping[str, Any] | None:
        """Return the items; say what is wrong where they cannot be read."""
        try:
            items: Mapping[str, Any] = drawn_items()["practice"]
        except ValueError as error:
            print(f"Practice cannot start: {error}.")
            return None
        return items

    def _load(self) -> Memory:
        if self._unsaved is not None:
            return self._unsaved
        memory, remark = load(self._place())
        if remark:
            print(remark)
        return memory

    def _save(self, memory: Memory) -> None:
        remark = save(self._place(), memory)
        if remark and self._unsaved is None:
            print(f"\n{remark}")
        self._unsaved = memory if remark else None

    def _place(self) -> Path:
        return self._folder if self._folder is not None else Path()


def _topics(items: Mapping[str, Any]) -> dict[str, int]:
    """Return topic -> number of items, in alphabetical order."""
    return dict(sorted(Counter(item["topic"] for item in items.values()).items()))


def _of_topic(items: Mapping[str, Any], topic: object) -> list[str]:
    """Return the ids of a topic's items, easy ones first."""
    wanted = topic.strip().lower() if type(topic) is str else None
    names = [name for name, item in items.items() if is_blank(topic) or item["topic"] == wanted]
    return sorted(names, key=lambda name: (items[name]["difficulty"], name))


def _normal(item: Mapping[str, Any], value: object) -> tuple[str, ...] | Finding:
    """Return an answer in its normal form, or what is wrong with its form."""
    if item["form"] == "letter":
        letter = value.strip().strip("()").lower() if type(value) is str else ""
        legal = LETTERS[: len(item["options"])]
        return (letter,) if len(letter) == 1 and letter in legal else Finding("type", "That is none of the letters.")
    count = len(item["asks"]) or 1
    if type(value) is str:
        read = read_numbers(value, count)
        if read is None:
            return Finding("type", "That cannot be read as a number." if count == 1 else "Two numbers are asked for.")
        return normal_numbers(read, item["digits"])
    got = plain.numbers(value, count) if count > 1 else plain.number(value)
    if isinstance(got, Finding):
        return got
    return normal_numbers(got if isinstance(got, list) else [got], item["digits"])


def _prompt(item: Mapping[str, Any], draw: int) -> str:
    """Return a question with its numbers, and its options below."""
    options = [item["options"][place] for place in item["draws"][draw]["order"]]
    rows = [f"  {letter}) {text}" for letter, text in zip(LETTERS, options, strict=False)]
    return _filled(item, draw, "\n".join([item["prompt"], *rows]))


def _solution(item: Mapping[str, Any], draw: int) -> str:
    text = filled(item["solution"], {"key": item["draws"][draw]["answer"]})
    return _filled(item, draw, text).replace("**", "")


def _filled(item: Mapping[str, Any], draw: int, text: str) -> str:
    return filled(text, dict(zip(item["names"], item["draws"][draw]["shown"], strict=True)))


def _how(item: Mapping[str, Any]) -> str:
    """Return how this question is answered."""
    if item["form"] == "letter":
        return 'Answer with practice.answer("a"), with your letter.'
    if item["asks"]:
        return f'Answer with practice.answer("..., ..."): {", ".join(item["asks"])}.'
    return 'Answer with practice.answer("..."), with your number.'


practice = Practice()
"""The one that notebooks use."""
