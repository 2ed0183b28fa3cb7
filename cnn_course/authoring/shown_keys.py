"""Keys that a release would show: right numbers, sets and options that stand in texts, pictures or students' files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnn_course.authoring.cells import Cell, Kind, Page
from cnn_course.authoring.checks import Check, Number
from cnn_course.authoring.folders import list_files
from cnn_course.authoring.numbers_in_text import Written, numbers_in
from cnn_course.authoring.pages import Pages
from cnn_course.authoring.quiz import LETTER, Item
from cnn_course.authoring.regions import released_code
from cnn_course.authoring.secrets import SHORTEST, squeeze
from cnn_course.course import Course
from cnn_course.errors import Problem
from cnn_course.toml import read_toml

FILE = "authoring/shown_keys.toml"
_TEXT = {"type": "string", "pattern": r"\S"}
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "shown": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["question", "value", "where", "reason"],
                "properties": {
                    "question": _TEXT,
                    "value": _TEXT,
                    "where": {"type": "array", "items": _TEXT, "minItems": 1},
                    "reason": _TEXT,
                },
            },
        }
    },
}


@dataclass(frozen=True)
class Text:
    """Something that students will read.

    Parameters
    ----------
    page : str
        The notebook that it belongs to; "" for a file that travels with every assignment.
    file, item : str
        Where it comes from, for messages; the item is what an exception names.
    text : str
        The words.
    """

    page: str
    file: str
    item: str
    text: str


def released_texts(course: Course, pages: Pages, pictures: Mapping[str, Mapping[str, str]]) -> tuple[Text, ...]:
    """Return everything that students will read: cells without their regions, words of pictures, students' files.

    Parameters
    ----------
    course : Course
        Its student_files are read.
    pages : mapping of str to tuple of Page
        All notebooks.
    pictures : mapping of str to mapping of str to str
        For each assignment its pictures with the words in them, such as ``images/window.png``.
    """
    found: list[Text] = []
    for assignment, of_assignment in pages.items():
        for page in of_assignment:
            found.extend(_cell_text(page, cell) for cell in page.cells if cell.kind is not Kind.WRITTEN)
            shown = "\n".join(cell.source for cell in page.cells)
            for name, words in pictures[assignment].items():
                if name in shown:
                    found.append(Text(page.name, f"authoring/{assignment}/{name}", name.rpartition("/")[2], words))
    for name in course.student_files:
        path = course.root / name
        files = [path / file for file in sorted(list_files(path))] if path.is_dir() else [path]
        found.extend(_file_text(course, file) for file in files)
    return tuple(found)


def find_shown_keys(
    course: Course, pages: Pages, texts: Iterable[Text], checks: Mapping[str, Check], items: Iterable[Item]
) -> list[Problem]:
    """Return every place where a key would be released, and every exception that excuses nothing.

    A number tells much when it has three digits that count, or is at least 100, and is no power of two (those are the
    usual numbers of channels): it may stand nowhere in the course. A number with two digits that count, or a power of
    two above 10, may not stand in the notebook of its question. Numbers with one digit stand everywhere. A right
    option of at least 20 characters stands among the options of its item only. A right set of two words or more may
    not stand in one line together with the name of its entry. In the files that travel with every assignment, which are
    programs, only numbers with four digits that count are searched for.

    Parameters
    ----------
    course : Course
        Its ``authoring/shown_keys.toml`` lists the exceptions.
    pages : mapping of str to tuple of Page
        All notebooks: they say which question belongs where.
    texts : iterable of Text
        What would be released, from `released_texts`.
    checks : mapping of str to Check
        The keys.
    items : iterable of Item
        The items of all quizzes.
    """
    home = {cell.name: page.name for found in pages.values() for page in found for cell in page.cells}
    texts = tuple(texts)
    hits = [*_numbers(texts, checks, home), *_sets(texts, checks), *_options(texts, items)]
    excused = _exceptions(course)
    used: set[tuple[str, str, str]] = set()
    problems = []
    for question, value, text, line in hits:
        if (question, value, text.item) in excused:
            used.add((question, value, text.item))
            continue
        rule = f"nothing released holds a key: {value} answers {question}"
        next_step = f"take it out, use another number, or give a reason in {FILE}"
        problems.append(Problem(text.file, text.item, rule, line, next_step))
    for question, value, where in sorted(excused - used):
        rule, next_step = "every exception is needed", "take it out"
        problems.append(Problem(FILE, f"{question}, {value}", rule, f"no such key in {where}", next_step))
    return problems


def _cell_text(page: Page, cell: Cell) -> Text:
    source = cell.source if cell.is_markdown else released_code(cell.source)
    return Text(page.name, page.where(cell), cell.name, source)


def _file_text(course: Course, path: Path) -> Text:
    name = path.relative_to(course.root).as_posix()
    return Text("", name, name, path.read_text(encoding="utf-8", errors="replace"))


_Hits = Iterator[tuple[str, str, Text, str]]  # question, value, where it stands, the line


def _numbers(texts: Iterable[Text], checks: Mapping[str, Check], home: Mapping[str, str]) -> _Hits:
    keys = [(question, key) for question, check in checks.items() for key in set(check.numbers.values())]
    for text in texts:
        for line in text.text.split("\n"):
            for written in numbers_in(line):
                for question, key in keys:
                    if written.states(key) and _tells(written, text, at_home=home.get(question) == text.page):
                        yield question, _said(key), text, line.strip()


def _tells(written: Written, text: Text, *, at_home: bool) -> bool:
    """Say whether a number gives something away where it stands."""
    if not text.page:  # programs are full of sizes
        return written.digits >= 4
    usual = not written.decimals.strip("0") and int(written.whole) & (int(written.whole) - 1) == 0
    if not usual and (written.digits >= 3 or (written.digits >= 2 and written.value >= 100)):
        return True
    return at_home and (written.digits >= 2 or (usual and written.value > 10))


def _sets(texts: Iterable[Text], checks: Mapping[str, Check]) -> _Hits:
    for question, check in checks.items():
        words = frozenset().union(*check.sets.values())
        for entry, key in check.sets.items():
            for text in texts if len(key) > 1 else ():
                for line in text.text.split("\n"):
                    there = {word for word in words if re.search(rf"\b{re.escape(word)}\b", line, re.IGNORECASE)}
                    if there == key and re.search(rf"\b{re.escape(entry)}", line, re.IGNORECASE):
                        yield question, f"{entry}: {', '.join(sorted(key))}", text, line.strip()


def _options(texts: Iterable[Text], items: Iterable[Item]) -> _Hits:
    for item in items:
        if item.type != LETTER:
            continue
        option = squeeze(item.options[str(item.key)])
        for text in texts if len(option) >= SHORTEST else ():
            allowed = 1 if text.item == f"{item.id}-prompt" else 0
            if squeeze(text.text).count(option) > allowed:
                yield item.id, f'"{item.key}"', text, option


def _said(key: Number) -> str:
    """Return a key as exceptions write it."""
    return f"{key:,}" if isinstance(key, int) else f"{float(key):.6g}"


def _exceptions(course: Course) -> frozenset[tuple[str, str, str]]:
    """Return question, value and item of every declared exception."""
    if not (course.root / FILE).is_file():
        return frozenset()
    content = read_toml(course.root / FILE, _SCHEMA, FILE)
    return frozenset(
        (entry["question"], entry["value"], where) for entry in content.get("shown", ()) for where in entry["where"]
    )
