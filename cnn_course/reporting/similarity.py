"""Which students' code is alike: fingerprints of copydetect (the winnowing of MOSS), released text left out.

It is a hint, no proof: short tasks have few right answers. Names, comments and layout do not count.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import orjson
from copydetect import CodeFingerprint, compare_files

LENGTH = 25  # characters that must agree, after names became one letter: copydetect's own default
MAX_CODE = 200_000  # characters of one notebook
MAX_BYTES = 100_000_000


@dataclass(frozen=True, order=True)
class Pair:
    """Two notebooks that are alike.

    Parameters
    ----------
    share : float
        The part of the shorter one that the other has too, released text left out, from 0 to 1.
    length : int
        How much that is, in characters without names and blanks.
    notebook, first, second : str
        Which notebook, whose.
    """

    share: float
    length: int
    notebook: str
    first: str
    second: str


def similar_pairs(root: Path, assignment: str, at_least: float = 0.8, length: int = 200) -> list[Pair]:
    """Return the pairs of students whose code is alike, the likest first.

    Parameters
    ----------
    root : Path
        The course folder: graded notebooks in ``autograded/``, released ones in ``release/``.
    assignment : str
        Which assignment.
    at_least : float
        The least share.
    length : int
        The least length: what is short is alike by itself.
    """
    found: list[Pair] = []
    for path in sorted((root / "release" / assignment).glob("*.ipynb")):
        released = _print("released", _code(path), None)
        prints = {
            student: _print(student, code, released.hashes if released is not None else None)
            for student, code in _class_code(root, assignment, path.name)
        }
        found += _pairs(path.stem, {name: each for name, each in prints.items() if each is not None}, at_least, length)
    return sorted(found, key=lambda each: (-each.share, -each.length, each.notebook, each.first, each.second))


def _pairs(notebook: str, prints: Mapping[str, Any], at_least: float, length: int) -> Iterator[Pair]:
    """Yield the pairs of one notebook."""
    for first, second in combinations(sorted(prints), 2):
        if prints[first].hashes.isdisjoint(prints[second].hashes):
            continue
        overlap, shares, _ = compare_files(prints[first], prints[second])
        if max(shares) >= at_least and overlap >= length:
            yield Pair(round(min(1.0, float(max(shares))), 4), int(overlap), notebook, first, second)


def _print(name: str, code: str, boilerplate: Any) -> Any:
    """Return the fingerprint of code; None where there is too little of it."""
    if len(code) <= LENGTH:
        return None
    hashes = [] if boilerplate is None else list(boilerplate)
    # a window of 1 keeps every hash: what is short is compared as exactly as what is long
    found = CodeFingerprint(name, LENGTH, 1, boilerplate=hashes, language="python", fp=io.StringIO(code))
    return found if len(found.hashes) else None


def _class_code(root: Path, assignment: str, notebook: str) -> Iterator[tuple[str, str]]:
    """Yield each student's code in a notebook."""
    above = root / "autograded"
    for folder in sorted(above.iterdir()) if above.is_dir() else ():
        path = folder / assignment / notebook
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= MAX_BYTES:
            yield folder.name, _code(path)


def _code(path: Path) -> str:
    """Return the code that a student could write: answers and cells of their own, not tests and locked cells."""
    cells: Iterable[Mapping[str, Any]] = orjson.loads(path.read_bytes())["cells"]
    return "\n\n".join(_sources(cells))[:MAX_CODE]


def _sources(cells: Iterable[Mapping[str, Any]]) -> Sequence[str]:
    return [
        "".join(cell["source"])
        for cell in cells
        if cell["cell_type"] == "code" and not (cell["metadata"].get("nbgrader") or {}).get("locked")
    ]
