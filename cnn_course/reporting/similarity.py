"""Which students' code is alike: fingerprints of copydetect (the winnowing of MOSS), released text left out.

It is a hint, no proof: short tasks have few right answers. Names, comments and layout do not count. Nor does what many
of the class have (MOSS's ``-m``): so each passage leads to the few who share it, and time grows with the class, not
with its square.
"""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import orjson
from copydetect import CodeFingerprint, compare_files
from copydetect.utils import get_token_coverage

LENGTH = 25  # characters that must agree, after names became one letter: copydetect's own default
MOST = 25  # students who may share a passage before it says nothing; a fortieth of a class of more than a thousand
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
    most = max(MOST, len(prints) // 40)
    holders: dict[int, list[str]] = defaultdict(list)
    for student in sorted(prints):
        for passage in prints[student].hashes:
            holders[passage].append(student)
    common = {passage for passage, students in holders.items() if len(students) > most}
    shared = Counter(
        pair for passage, students in holders.items() if passage not in common for pair in combinations(students, 2)
    )
    for student in {student for pair in shared for student in pair}:
        _leave_out(prints[student], common)
    for first, second in sorted(pair for pair, count in shared.items() if count * LENGTH >= length // 4):
        overlap, shares, _ = compare_files(prints[first], prints[second])
        if max(shares) >= at_least and overlap >= length:
            yield Pair(round(min(1.0, float(max(shares))), 4), int(overlap), notebook, first, second)


def _leave_out(found: Any, passages: Set[int]) -> None:
    """Take passages out of a fingerprint."""
    found.hashes -= passages
    for passage in passages & found.hash_idx.keys():
        del found.hash_idx[passage]
    found.token_coverage = get_token_coverage(found.hash_idx, found.k, len(found.filtered_code))


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
