"""The public checks of a notebook without Jupyter: its cells are run one by one, then each question is reported."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from student_kit.check import as_text
from student_kit.manifest import Question, read_manifest
from student_kit.report import report
from student_kit.slips import words

RIGHT, OPEN, UNREADABLE = 0, 1, 2


def run_checks(path: Path, out: TextIO) -> int:
    """Run a notebook of one's own and write how each of its questions stands.

    Parameters
    ----------
    path : Path
        The notebook. Its code is run in this process: it should be one's own.
    out : text file
        Gets the lines.

    Returns
    -------
    int
        Exit status: 0 where every question is right so far or answered, 1 where one is not, 2 where the file is no
        notebook or has no questions.
    """
    try:
        cells = list(_code(path))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        print(f"{path} cannot be read as a notebook: {type(error).__name__}: {error}", file=out)
        return UNREADABLE
    questions = read_manifest(path.resolve().parent / "questions.json").get(path.stem) or tuple(_asked(cells))
    asked = [question for question in questions if question.answer]
    if not asked:
        print(f"{path} has no questions that can be checked.", file=out)
        return UNREADABLE
    names = _run(cells, path.resolve().parent, out)
    good = 0
    for question in asked:
        with _quiet():
            found = report(question.id, lambda question=question: eval(question.answer, names))  # noqa: S307
        print(as_text(found), file=out)
        good += found.status in ("holds", "answered")
    print(f"\n{path.name}: {good} of {len(asked)} questions are right so far or answered.", file=out)
    return RIGHT if good == len(asked) else OPEN


def _code(path: Path) -> Iterator[str]:
    """Yield the code cells of a notebook, without what only Jupyter understands."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and not source.lstrip().startswith("%%"):
            yield re.sub(r"^([ \t]*)[%!?].*$", r"\1pass", source, flags=re.MULTILINE)


def _asked(cells: list[str]) -> Iterator[Question]:
    """Yield the questions that the check cells ask: `check("q01", lambda: q01)`."""
    for cell in cells:
        with contextlib.suppress(SyntaxError):
            for node in ast.walk(ast.parse(cell)):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "check" and len(node.args) == 2:
                    name, answer = node.args
                    if isinstance(name, ast.Constant) and isinstance(answer, ast.Lambda):
                        yield Question(str(name.value), "", ast.unparse(answer.body))


def _run(cells: list[str], folder: Path, out: TextIO) -> dict[str, object]:
    """Run cells in the folder of their notebook and return what they define; errors are named, and the rest is run."""
    names: dict[str, object] = {"__name__": "__main__"}
    before = Path.cwd()
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    try:
        for number, cell in enumerate(cells, 1):
            try:
                with _quiet():
                    exec(compile(cell, f"code cell {number}", "exec"), names)  # noqa: S102 - the student's own code
            except (Exception, SystemExit) as error:
                said = words(cell, error)
                print(f"code cell {number} stopped with {type(error).__name__}: {error}", file=out)
                if said:
                    print(f"  {said}", file=out)
    finally:
        os.chdir(before)
        sys.path.remove(str(folder))
    return names


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Swallow what is printed, and answer `input()` with the end of the file."""
    keyboard = sys.stdin
    sys.stdin = io.StringIO()
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        sys.stdin = keyboard
