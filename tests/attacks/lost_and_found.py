"""Attacks with and on what makes work findable: names, places, archives, marks of cells, times."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.attacks.attack import NOTHING, Attack, Recipe, answers, beside, both, cell, edited, own_cell, remove, scores
from tests.attacks.course import DOUBLE, FULL, NOTEBOOK, RIGHT

_WRONG = answers(double="def double(x):\n    return 0")
_NAME = f"{NOTEBOOK}.ipynb"


def _moved(name: str) -> Recipe:
    def recipe(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / _NAME).rename(folder / name)

    return recipe


def _packed(inside: str, *, link: bool = False, size: int = 0) -> Recipe:
    def recipe(folder: Path) -> None:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            info = zipfile.ZipInfo(inside, (2026, 7, 1, 10, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (0o120777 if link else 0o100644) << 16
            archive.writestr(info, b"\0" * size if size else (folder / _NAME).read_bytes())
        (folder / _NAME).unlink()
        (folder / "work.zip").write_bytes(target.getvalue())

    return recipe


def _blank_beside(folder: Path) -> None:
    """Put the blank notebook, newer, in the usual place, and the full one beside it."""
    (folder / _NAME).rename(folder / f"{NOTEBOOK} (1).ipynb")
    release = folder.parents[2] / "release" / folder.name / _NAME
    shutil.copyfile(release, folder / _NAME)
    os.utime(folder / _NAME, (2_000_000_000, 2_000_000_000))


def _stripped(nb: Any, *, ids: bool = True) -> None:
    for number, each in enumerate(nb["cells"]):
        each["metadata"] = {}
        each["id"] = each.get("id", "x") if ids else f"new-{number}"


def _retyped(nb: Any) -> None:
    place = nb["cells"].index(cell(nb, "double"))
    nb["cells"][place] = own_cell(DOUBLE)


def _words_elsewhere(nb: Any) -> None:
    place = nb["cells"].index(cell(nb, "why"))
    nb["cells"][place] = {"cell_type": "markdown", "metadata": {}, "source": RIGHT["why"]}


def _found(name: str, recipe: Recipe, *notes: str) -> Attack:
    return Attack(name, "file", recipe, FULL, notes=notes)


def _kept(name: str, change: Callable[[Any], object], *notes: str) -> Attack:
    return Attack(name, "file", edited(change), FULL, notes=notes)


LOST_AND_FOUND = (
    _found("ending-of-a-browser", _moved(f"{_NAME}.txt"), "taken for"),
    _found("folder-in-a-folder", _moved(f"a/[b] *{{c}}/{_NAME}"), "taken for"),
    _found("zip-in-the-folder", _packed(f"deep/{_NAME}"), "was unpacked", "taken for"),
    _found("blank-beside-full", _blank_beside, "it is blank"),
    Attack("zip-that-leads-out", "file", _packed(f"../../{_NAME}"), NOTHING, "unread", ("leads out",)),
    Attack("zip-of-links", "file", _packed(_NAME, link=True), NOTHING, "unread", ("is a link",)),
    Attack("zip-bomb", "file", _packed(_NAME, size=150_000_000), NOTHING, "unread", ("too large",)),
    Attack("printout-instead", "file", _moved(f"{NOTEBOOK}.pdf"), NOTHING, "unread", ("no notebook",)),
    _kept("marks-gone", _stripped, "known by its cell id"),
    _kept("marks-and-ids-gone", lambda nb: _stripped(nb, ids=False), "known by its text"),
    _kept("answer-retyped", _retyped, "defines the same name"),
    _kept("words-retyped", _words_elsewhere, "in its place"),
    Attack(
        "test-forged-by-its-id",
        "file",
        both(
            _WRONG,
            edited(lambda nb: remove(nb, "double-test")),
            edited(lambda nb: nb["cells"].append({**own_cell("1.0"), "id": "double-test"})),
        ),
        scores(double=0.0),
        notes=("the text was changed",),
    ),
    Attack(
        "definition-behind-its-test",
        "file",
        both(_WRONG, edited(lambda nb: nb["cells"].append(own_cell(DOUBLE)))),
        scores(double=0.0),
    ),
    _found("time-of-300-letters", beside("timestamp.txt", "2020-01-01 00:00:00 " + "x" * 300), "holds no time"),
    _found("time-in-a-path", beside("timestamp.txt", "2020-01-01 00:00 ../../../../etc/passwd"), "holds no time"),
    _found("time-of-two-zones", beside("timestamp.txt", "2026-07-20 22:00:00 IST"), "several meanings"),
)
