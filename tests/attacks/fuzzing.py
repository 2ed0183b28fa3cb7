"""Submissions made by chance: names, times, cells and files changed in ways that nobody thought of one by one."""

from __future__ import annotations

import copy
import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.submission.names import recorded
from tests.attacks.course import ASSIGNMENT, FULL, NOTEBOOK, configuration
from tests.attacks.harness import HONEST, hand_in
from tests.splitgrade.grading.conftest import rows

_LETTERS = "aZ0é\u0301\u202e\x1b[]*?{}%$()'\"=+-~ \\&;\udcfc\U0001f600"
_VALUES: tuple[Any, ...] = (None, 5, -1.5, "", "x", [], [[]], {}, {"a": [1]}, True, "\ud800", "double-test", "../..")
_NAME = f"{NOTEBOOK}.ipynb"


def student_name(random: Random) -> str:
    """Return the name of a folder, as a file system may have it."""
    name = "".join(random.choice(_LETTERS) for _ in range(random.choice((1, 3, 12, 60))))
    return name if name not in (".", "..") else "dots"


def change(random: Random, folder: Path) -> list[str]:
    """Change a right submission in one to four ways, and return their names."""
    chosen = random.sample(sorted(_CHANGES), random.randint(1, 4))
    for name in chosen:
        if (folder / _NAME).is_file() or not name.startswith("cell"):
            _CHANGES[name](random, folder)
    return chosen


def fuzz_class(root: Path, random: Random, students: int) -> list[str]:
    """Grade a class of such submissions between two honest students, twice; return what is not as it has to be.

    Parameters
    ----------
    root : Path
        A released course of `tests.attacks.course` without submissions.
    random : Random
        Chance.
    students : int
        How many.
    """
    hand_in(root, ())
    made: dict[str, list[str]] = {}
    for _ in range(students):
        name = student_name(random)
        target = root / "submitted" / name / ASSIGNMENT
        if not target.exists():
            shutil.copytree(root / "submitted" / HONEST[0] / ASSIGNMENT, target)
            made[name] = change(random, target)
    wrong = []
    for _ in range(2):
        grader = Grader.of(root, configuration(root), ASSIGNMENT)
        records = dict(GradingRun(grader, grader.students(), seed=7).outcomes())
        lost = {recorded(name) for name in (*made, *HONEST)} - set(records)
        wrong += [f"{name!r} has no record, after {made.get(name)}" for name in lost]
        for name, record in records.items():
            wrong += [f"{name!r}: {each}, after {made.get(name)}" for each in record.having("failed")]
    grades = rows(root, configuration(root), ASSIGNMENT)
    for name in HONEST:
        scores = {each: score or 0.0 for each, score, *_ in grades[name][NOTEBOOK]["grades"]}
        wrong += [] if scores == FULL else [f"{name} has {scores}"]
    return wrong


def _cells(edit: Callable[[Random, list[Any]], object]) -> Callable[[Random, Path], None]:
    def recipe(random: Random, folder: Path) -> None:
        try:
            notebook = json.loads((folder / _NAME).read_text(encoding="utf-8"))
            edit(random, notebook["cells"])
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):  # an earlier change left no notebook
            return
        _write(folder / _NAME, json.dumps(notebook).encode())

    return recipe


def _write(path: Path, content: bytes) -> None:
    """Write a file anew: an earlier change may have put a link there, or a pipe that nobody reads."""
    if path.is_dir() and not path.is_symlink():
        return
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def _metadata(random: Random, cells: list[Any]) -> None:
    for each in random.sample(cells, random.randint(1, len(cells))):
        marks = each["metadata"].get("nbgrader")
        if isinstance(marks, dict) and random.random() < 0.7:
            marks[random.choice(sorted(marks))] = random.choice(_VALUES)
        else:
            each[random.choice(("metadata", "id", "attachments", "outputs"))] = random.choice(_VALUES)


def _order(random: Random, cells: list[Any]) -> None:
    for _ in range(random.randint(1, 6)):
        each = cells.pop(random.randrange(len(cells)))
        if random.random() < 0.7:
            cells.insert(random.randint(0, len(cells)), each)
        if random.random() < 0.4:
            cells.insert(random.randint(0, len(cells)), copy.deepcopy(each))


def _kinds(random: Random, cells: list[Any]) -> None:
    for each in random.sample(cells, 2):
        each[random.choice(("cell_type", "source"))] = random.choice((*_VALUES, "markdown", "raw", "code", ["x", 1]))


def _time(random: Random, folder: Path) -> None:
    texts = ("2026-07-20 22:00 " + student_name(random), "x" * 400, "22:00", "2026-07-20T22:00:00+02:00", "\0", "")
    _write(folder / "timestamp.txt", os.fsencode(random.choice(texts)))


def _bytes(random: Random, folder: Path) -> None:
    content = bytearray((folder / _NAME).read_bytes() if (folder / _NAME).is_file() else b"")
    for _ in range(random.randint(1, 20)):
        if content:
            content[random.randrange(len(content))] = random.randrange(256)
    _write(folder / _NAME, bytes(content[: random.choice((None, len(content) // 2))]))


def _move(random: Random, folder: Path) -> None:
    if (folder / _NAME).exists():
        names = (f"{_NAME}.txt", "a/b/" + _NAME, f"{NOTEBOOK} (1).ipynb", "x.ipynb", NOTEBOOK, f"{NOTEBOOK}.pdf")
        target = folder / random.choice(names)
        target.parent.mkdir(parents=True, exist_ok=True)
        (folder / _NAME).rename(target)


def _zip(random: Random, folder: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        names = (_NAME, f"a/{_NAME}", f"../{_NAME}", "/x", "data.csv", "c:\\x.ipynb", "a" * 300)
        for name in random.sample(names, 3):
            path = folder / _NAME
            archive.writestr(name, path.read_bytes() if path.is_file() else b"{}")
    content = target.getvalue()
    _write(folder / "work.zip", content[: random.choice((None, len(content) // 2, 30))])


def _kind_of_file(random: Random, folder: Path) -> None:
    path = folder / random.choice(
        (_NAME, "timestamp.txt", "data.csv", "student_kit", "x.ipynb", os.fsdecode(b"\xff.csv"))
    )
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    random.choice(
        (
            path.mkdir,
            lambda: path.symlink_to("/etc/passwd"),
            lambda: path.symlink_to(path),
            lambda: os.mkfifo(path),
            lambda: path.write_bytes(random.randbytes(50)),
        )
    )()


_CHANGES: dict[str, Callable[[Random, Path], None]] = {
    "cell metadata": _cells(_metadata),
    "cell order": _cells(_order),
    "cell kinds": _cells(_kinds),
    "time": _time,
    "bytes": _bytes,
    "move": _move,
    "zip": _zip,
    "kind of file": _kind_of_file,
}
