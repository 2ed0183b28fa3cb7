"""Attacks on the file that is handed in, and with the files beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.attacks.attack import (
    NOTHING,
    Attack,
    Recipe,
    answers,
    beside,
    both,
    cell,
    edited,
    marks,
    own_cell,
    raw,
    remove,
    scores,
)
from tests.attacks.course import ASSIGNMENT, FULL, NOTEBOOK

WRONG = answers(double="def double(x):\n    return 0")
FORGED = {"output_type": "execute_result", "data": {"text/plain": "1.0"}, "metadata": {}, "execution_count": 1}
BREAK = "raise SystemExit('shadowed')"


def repaired(name: str, change: Callable[[Any], object], *notes: str) -> Attack:
    """Return a right submission whose notebook was changed: it keeps full marks, and the report says so."""
    return Attack(name, "file", edited(change), FULL, notes=notes)


def unearned(name: str, change: Callable[[Any], object], *notes: str) -> Attack:
    """Return a change of the notebook that wants points for a wrong answer."""
    return Attack(name, "file", both(WRONG, edited(change)), scores(double=0.0), notes=notes)


def refused(name: str, recipe: Recipe, says: str) -> Attack:
    """Return a submission that cannot be graded, and what is said of it."""
    return Attack(name, "file", recipe, NOTHING, "refused", (says,))


def _swap_ids(nb: Any) -> None:
    one, other = marks(nb, "double-test"), marks(nb, "later-test")
    one["grade_id"], other["grade_id"] = other["grade_id"], one["grade_id"]


def _replace_file(make: Callable[[Path], object]) -> Recipe:
    def recipe(folder: Path) -> None:
        path = folder / f"{NOTEBOOK}.ipynb"
        path.unlink()
        make(path)

    return recipe


def _link_to_source(path: Path) -> None:
    path.symlink_to(path.parents[3] / "source" / ASSIGNMENT / path.name)


def _rename(folder: Path) -> None:
    (folder / f"{NOTEBOOK}.ipynb").rename(folder / "my work (2).ipynb")


def _links(folder: Path) -> None:
    (folder / "data.csv").unlink()
    (folder / "data.csv").symlink_to("/etc/passwd")
    (folder / "up").symlink_to("../..")
    (folder / "gradebook.db").symlink_to(folder.parents[2] / "gradebook.db")


def _odd_names(folder: Path) -> None:
    for name in ("a\nb.csv", "..\\..\\up.csv", "x" * 200 + ".csv", "-rf", "$(id).csv", "caf\u00e9.csv"):
        (folder / name).write_text("x")


def _many_files(folder: Path) -> None:
    for number in range(3000):
        (folder / f"{number}.csv").write_text("x")


def _as_version_3(content: bytes) -> bytes:
    notebook = json.loads(content)
    cells = [{**each, "input": each["source"], "language": "python"} for each in notebook["cells"]]
    for each in cells:
        each.pop("id", None)
        each.pop("execution_count", None)
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}).encode()


EDITS = (
    unearned("test-edited", lambda nb: cell(nb, "double-test").update(source="1.0"), "the text was changed"),
    unearned("test-removed", lambda nb: remove(nb, "double-test"), "was put back"),
    unearned(
        "test-duplicated",
        lambda nb: nb["cells"].insert(0, {**cell(nb, "double-test"), "source": "1.0"}),
        "there again",
    ),
    unearned(
        "test-reflagged",
        lambda nb: marks(nb, "double-test").update(grade=False, solution=True, locked=False),
        "changed: grade, solution, locked",
    ),
    unearned("test-as-markdown", lambda nb: cell(nb, "double-test").update(cell_type="markdown"), "came back as"),
    unearned(
        "skip-execution", lambda nb: cell(nb, "double-test")["metadata"].update(tags=["skip-execution"]), "changed to"
    ),
    unearned(
        "raises-exception",
        lambda nb: [each["metadata"].update(tags=["raises-exception"]) for each in nb["cells"]],
        "changed to",
    ),
    unearned("points-in-the-notebook", lambda nb: marks(nb, "double-test").update(points=100), "changed: points"),
    unearned(
        "fake-outputs",
        lambda nb: [each.update(outputs=[FORGED]) for each in nb["cells"] if "outputs" in each],
        "it came with a result",
    ),
    unearned(
        "answer-marked-as-graded",
        lambda nb: marks(nb, "double").update(grade=True, points=50),
        "changed: grade",
    ),
    unearned(
        "graded-cell-of-the-students-own",
        lambda nb: nb["cells"].append(
            own_cell("50.0", nbgrader={**marks(nb, "later-test"), "grade_id": "bonus", "points": 50})
        ),
        "no such cell",
    ),
    unearned(
        "points-of-another-cell",
        lambda nb: marks(nb, "later").update(grade_id="double-test", grade=True, solution=False, points=1),
    ),
    unearned(
        "changes-forged",
        lambda nb: nb["metadata"].update(splitgrade={"changes": [{"rule": "x"}, 5, None]}, celltoolbar=7),
    ),
    repaired("cells-reversed", lambda nb: nb["cells"].reverse(), "the order of cells was changed"),
    repaired("grade-ids-swapped", _swap_ids, "the order of cells was changed"),
    repaired("set-up-edited", lambda nb: cell(nb, "setup").update(source="limit = 99"), "the text was changed"),
    repaired("set-up-removed", lambda nb: remove(nb, "setup"), "was put back"),
    repaired("schema-version", lambda nb: marks(nb, "double").update(schema_version=99), "schema_version"),
    repaired("schema-version-of-text", lambda nb: marks(nb, "double").update(schema_version=[{}]), "schema_version"),
    repaired(
        "kernel-of-another-language", lambda nb: nb["metadata"].update(kernelspec={"name": "bash"}), "the kernel 'bash'"
    ),
    repaired("no-notebook-metadata", lambda nb: nb.update(metadata={})),
    repaired("every-cell-id-alike", lambda nb: [each.update(id="double-test") for each in nb["cells"]]),
    repaired("cell-ids-of-every-kind", lambda nb: [each.update(id="<b>" * 40) for each in nb["cells"]]),
    repaired("ten-thousand-cells", lambda nb: nb["cells"].extend(own_cell("pass") for _ in range(10_000)), "kept"),
    repaired("lone-surrogates", lambda nb: nb["cells"].append(own_cell("x = '\ud800'")), "no file can hold"),
)

BYTES = (
    refused("no-json", raw(lambda content: content[: len(content) // 2]), "not a notebook"),
    refused("empty", raw(lambda _: b""), "empty"),
    refused("latin-1", raw(lambda content: content + "\u00e9".encode("latin-1")), "not UTF-8"),
    refused("nested-json", raw(lambda _: b"[" * 500_000), "not a notebook"),
    refused("cells-of-every-kind", edited(lambda nb: nb.update(cells={"a": [1, None]})), "not a notebook"),
    refused("no-text", edited(lambda nb: nb["cells"].append({"cell_type": "code", "source": 5})), "not a notebook"),
    refused("version-99", edited(lambda nb: nb.update(nbformat=99)), "not a notebook"),
    refused("another-assignment", edited(lambda nb: nb.update(cells=[])), "no graded cell"),
    refused("large", raw(lambda content: content + b" " * 25_000_000), "MB"),
    Attack("version-3", "file", raw(_as_version_3), FULL),
    Attack("nan-in-json", "file", edited(lambda nb: cell(nb, "double")["metadata"].update(x=float("nan"))), FULL),
    Attack("utf-16", "file", raw(lambda content: content.decode().encode("utf-16")), FULL),
    Attack("byte-order-mark", "file", raw(lambda content: b"\xef\xbb\xbf" + content), FULL),
)

PLACES = (
    refused("link-to-the-source", _replace_file(_link_to_source), "link"),
    refused("link-to-a-device", _replace_file(lambda path: path.symlink_to("/dev/zero")), "link"),
    refused("folder-for-a-notebook", _replace_file(lambda path: path.mkdir()), "regular file"),
    refused("pipe-for-a-notebook", _replace_file(os.mkfifo), "regular file"),
    Attack("pipe-beside", "file", lambda folder: os.mkfifo(folder / "data"), FULL, notes=("data left out",)),
    Attack("links-beside", "file", _links, FULL, notes=("gradebook.db left out: it is a link",)),
    Attack("renamed", "file", _rename, FULL, notes=("taken for",)),
    Attack("missing", "file", lambda folder: (folder / f"{NOTEBOOK}.ipynb").unlink(), NOTHING, "missing"),
    Attack("odd-names", "file", _odd_names, FULL),
    Attack("three-thousand-files", "file", _many_files, FULL),
    Attack("no-time", "file", beside("timestamp.txt", "99999-99-99 soon"), FULL, notes=("holds no time",)),
    Attack("a-second-notebook", "file", beside("more.ipynb", "{}"), FULL, notes=("more.ipynb left out",)),
)

SHADOWS = tuple(
    Attack(f"shadow-{name.partition('.')[0].partition('/')[0]}", "file", beside(name, BREAK), FULL)
    for name in (
        *("numpy.py", "json.py", "sitecustomize.py", "usercustomize.py", "cnn_ref.py", "grader_tests/__init__.py"),
        *("student_kit/__init__.py", "cnn_course.py", "IPython/__init__.py", "site-packages.pth"),
    )
)

FILES = (*EDITS, *BYTES, *PLACES, *SHADOWS)
