"""What graded notebooks show beside points: aspects that held, misconceptions, what was left blank, options chosen.

A student may write anything into a notebook; only the outputs of locked test cells, which grading restored and ran
itself, are believed.
"""

from __future__ import annotations

import ast
import multiprocessing
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from splitgrade.execution.wire.outputs import RESULT

MAX_BYTES = 100_000_000
MAX_SOURCE = 2_000
MANY = 500  # students from which on several processes read: fewer are read before these have started
AT_ONCE = 50
_MARK = RESULT.encode()


class Evidence(NamedTuple):
    """What one answer shows.

    Parameters
    ----------
    answered : bool
        Whether anything was answered.
    aspects : mapping of str to bool
        Which aspects held.
    misconceptions : tuple of str
        Ids of named mistakes.
    hint : str
        What the student was told.
    choice : str or None
        The value written into the quiz item's variable.
    """

    answered: bool
    aspects: Mapping[str, bool]
    misconceptions: tuple[str, ...]
    hint: str
    choice: str | None


@contextmanager
def reading_evidence(autograded: Path, assignment: str) -> Iterator[Callable[[], dict[str, dict[str, Evidence]]]]:
    """Read what the graded notebooks of a class show; where there are many, by all processors, meanwhile.

    Parameters
    ----------
    autograded : Path
        The folder of all students.
    assignment : str
        Which.

    Yields
    ------
    callable
        Waits for the end and returns it by student, see `read_evidence`.
    """
    students = sorted(os.listdir(autograded)) if autograded.is_dir() else []  # noqa: PTH208 - names
    folders = [autograded / student / assignment for student in students]
    if len(folders) < MANY:
        yield lambda: dict(zip(students, map(read_evidence, folders), strict=True))
        return
    # A fork would copy an open gradebook, and threads as they stand.
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as readers:
        found = readers.map(read_evidence, folders, chunksize=AT_ONCE)
        try:
            yield lambda: dict(zip(students, found, strict=True))
        finally:
            readers.shutdown(cancel_futures=True)  # after an error nobody wants the rest


def read_evidence(folder: Path) -> dict[str, Evidence]:
    """Return what the graded notebooks in a folder show, by the grade_id of the test cell.

    Parameters
    ----------
    folder : Path
        ``autograded/STUDENT/ASSIGNMENT``; nothing where there is none.
    """
    found: dict[str, Evidence] = {}
    if not folder.is_dir():
        return found
    with os.scandir(folder) as entries:
        named = sorted((each.name, each) for each in entries if each.name.endswith(".ipynb"))
    for name, entry in named:
        if entry.is_symlink() or entry.stat().st_size > MAX_BYTES:
            continue
        content = (folder / name).read_bytes()
        if _MARK in content:
            found.update(_notebook(orjson.loads(content)))
    return found


def _notebook(notebook: Mapping[str, Any]) -> Iterator[tuple[str, Evidence]]:
    """Yield test cell and evidence."""
    sources: dict[str, str | list[str]] = {}
    for cell in notebook["cells"]:
        marks = cell["metadata"].get("nbgrader")
        if not isinstance(marks, dict) or cell["cell_type"] != "code":
            continue
        if marks.get("solution"):
            sources[str(marks.get("grade_id"))] = cell["source"]
        elif marks.get("grade") and marks.get("locked"):
            name = str(marks.get("grade_id"))
            results = [each["data"][RESULT] for each in cell["outputs"] if RESULT in each.get("data", {})]
            if results and isinstance(results[-1], dict):
                yield name, _evidence(results[-1], name.removesuffix("-test"), sources)


def _evidence(data: Mapping[str, Any], question: str, sources: Mapping[str, str | list[str]]) -> Evidence:
    """Return what a result shows."""
    aspects = {str(each["name"]): bool(each["held"]) for each in data.get("aspects", ())}
    named = tuple(str(each) for each in data.get("misconceptions", ()))
    choice = None
    if question.isidentifier():
        source = sources.get(question, "")
        choice = written_value(source if isinstance(source, str) else "".join(source), question)
    return Evidence(data.get("answered") is not False, aspects, named, str(data.get("hint") or ""), choice)


def written_value(source: str, name: str) -> str | None:
    r"""Return the text or number that a cell assigns to a variable last, as students mean it; None where there is none.

    Examples
    --------
    >>> written_value("q01 = ...\nq01 = 'C) '", "q01"), written_value("q01 = ...", "q01")
    ('c', None)
    """
    if len(source) > MAX_SOURCE:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python advises, it advises the student
            body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for line in reversed(body):
        if isinstance(line, ast.Assign) and any(
            isinstance(each, ast.Name) and each.id == name for each in line.targets
        ):
            value = line.value
            if isinstance(value, ast.Constant) and isinstance(value.value, str | int | float):
                return str(value.value).strip().rstrip(")").casefold()[:40]
            return None
    return None
