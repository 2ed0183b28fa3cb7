"""Which students' code is alike: fingerprints of copydetect (the winnowing of MOSS), released text left out.

It is a hint, no proof: short tasks have few right answers. Names, comments and layout do not count. Nor does what many
of the class have (MOSS's ``-m``): so each passage leads to the few who share it, and time grows with the class, not
with its square.
"""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from copydetect import CodeFingerprint, compare_files
from copydetect.utils import filter_code, get_token_coverage

from splitgrade.nbgrader.course_folders import CourseFolders

LENGTH = 25  # characters that must agree, after names became one letter: copydetect's own default
MOST = 25  # students who may share a passage before it says nothing; a fortieth of a class of more than a thousand
MAX_CODE = 200_000  # characters of one notebook
MAX_BYTES = 100_000_000


@dataclass(frozen=True)
class Side:
    """One of two notebooks that are alike: its code, and from where to where it is the other's too, in characters."""

    code: str
    alike: Sequence[tuple[int, int]]


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
    sides : tuple of Side
        The code of both.
    """

    share: float
    length: int
    notebook: str
    first: str
    second: str
    sides: tuple[Side, Side] = field(compare=False, repr=False)


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
    found, there = list[Pair](), CourseFolders.at(root)
    for path in sorted((there.release / assignment).glob("*.ipynb")):
        given = _cells(path)
        released = _print("released", given, ())
        boilerplate = () if released is None else released.hashes
        prints = {
            student: _print(student, [cell for cell in cells if cell not in given], boilerplate)
            for student, cells in _class_cells(there.autograded, assignment, path.name)
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
        overlap, shares, slices = compare_files(prints[first], prints[second])
        if max(shares) >= at_least and overlap >= length:
            one, other = (
                Side(prints[name].raw_code, _ordered(where))
                for name, where in zip((first, second), slices, strict=True)
            )
            share = round(min(1.0, float(max(shares))), 4)
            yield Pair(share, int(overlap), notebook, first, second, (one, other))


def _ordered(slices: Any) -> list[tuple[int, int]]:
    """Return slices as pairs of places, none of which reaches into the next."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(zip(*np.asarray(slices, int).tolist(), strict=True)):
        after = max(start, found[-1][1] if found else 0)
        if end > after:
            found.append((after, end))
    return found


def _leave_out(found: Any, passages: Set[int]) -> None:
    """Take passages out of a fingerprint."""
    found.hashes -= passages
    for passage in passages & found.hash_idx.keys():
        del found.hash_idx[passage]
    found.token_coverage = get_token_coverage(found.hash_idx, found.k, len(found.filtered_code))


def _print(name: str, cells: Sequence[str], boilerplate: Iterable[int]) -> Any:
    """Return the fingerprint of code, cell by cell; None where there is too little of it."""
    parts, code, filtered = [np.zeros((0, 2), int)], "", ""
    for cell in cells:
        text = f"{cell}\n\n"
        if len(code) + len(text) > MAX_CODE:
            break
        shown, removed = _filtered(text)
        parts.append(np.add(removed, [len(filtered), len(code) - len(filtered)]))
        code, filtered = code + text, filtered + shown
    if len(filtered) <= LENGTH:
        return None
    # a window of 1 keeps every hash: what is short is compared as exactly as what is long
    found = CodeFingerprint(name, LENGTH, 1, list(boilerplate), filter=False, fp=io.StringIO(filtered))
    found.raw_code, found.offsets = code, np.concatenate(parts)  # so that passages are found in the code as written
    return found if len(found.hashes) else None


@lru_cache(maxsize=20_000)  # most cells are many students': reading code as tokens is what takes the time
def _filtered(text: str) -> tuple[str, Any]:
    """Return a cell without names, comments and blanks, and how many characters are gone at which place."""
    shown, removed = filter_code(text, "cell", "python")
    return shown, removed


def _class_cells(above: Path, assignment: str, notebook: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the cells of each student's notebook."""
    for folder in sorted(above.iterdir()) if above.is_dir() else ():
        path = folder / assignment / notebook
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= MAX_BYTES:
            yield folder.name, _cells(path)


def _cells(path: Path) -> list[str]:
    """Return the code that a student could write: answers and cells of their own, not tests and locked cells."""
    return [
        "".join(cell["source"])
        for cell in orjson.loads(path.read_bytes())["cells"]
        if cell["cell_type"] == "code" and not (cell["metadata"].get("nbgrader") or {}).get("locked")
    ]
