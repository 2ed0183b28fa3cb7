"""Which students' code is alike: fingerprints of copydetect (the winnowing of MOSS), released text left out.

It is a hint, no proof: short tasks have few right answers. Names, comments and layout do not count. Nor does what many
of the class have (MOSS's ``-m``): so each passage leads to the few who share it. Who shares how much is one product of
sparse matrices, and copydetect compares only those who may share enough; equal code is counted once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
from copydetect import compare_files
from copydetect.utils import hashed_kgrams
from scipy.sparse import coo_array

from cnn_course.reporting.student_code import LENGTH, Code, as_code, class_cells, own_cells
from splitgrade.nbgrader.course_folders import CourseFolders

MOST = 25  # students who may share a passage before it says nothing; a fortieth of a class of more than a thousand
AT_ONCE = 256  # students who are held against all others in one product


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
        given = own_cells(path)
        class_code = {
            student: as_code([cell for cell in cells if cell not in given])
            for student, cells in class_cells(there.autograded, assignment, path.name)
        }
        found += _pairs(
            path.stem,
            {student: each for student, each in class_code.items() if len(each.compared) > LENGTH},
            hashed_kgrams(as_code(given).compared, LENGTH),
            at_least,
            length,
        )
    return sorted(found, key=lambda each: (-each.share, -each.length, each.notebook, each.first, each.second))


def _pairs(
    notebook: str, class_code: Mapping[str, Code], released: Any, at_least: float, length: int
) -> Iterator[Pair]:
    """Yield the pairs of one notebook."""
    if not class_code:
        return
    people: dict[str, list[str]] = defaultdict(list)
    for student in sorted(class_code):
        people[class_code[student].compared].append(student)
    groups = list(people.values())
    passages = _Passages.of(list(people), [len(each) for each in groups], released)
    fingerprint = cache(lambda student: class_code[student].fingerprint(passages.left_out))
    candidates = [
        (min(pair), max(pair))
        for one, other in passages.candidates(at_least, length)
        for pair in (combinations(groups[one], 2) if one == other else product(groups[one], groups[other]))
    ]
    for first, second in sorted(candidates):
        overlap, shares, slices = compare_files(fingerprint(first), fingerprint(second))
        if max(shares) >= at_least and overlap >= length:
            one, other = (
                Side(class_code[name].written, _ordered(where))
                for name, where in zip((first, second), slices, strict=True)
            )
            share = round(min(1.0, float(max(shares))), 4)
            yield Pair(share, int(overlap), notebook, first, second, (one, other))


@dataclass(frozen=True)
class _Passages:
    """The passages of some texts.

    Parameters
    ----------
    left_out : set of int
        The hashes of those that say nothing: many people have them, or they were released.
    at : sequence of array of int
        The number of the passage that begins at each place of each text; -1 where it says nothing.
    count : int
        How many there are.
    """

    left_out: Set[int]
    at: Sequence[Any]
    count: int

    @classmethod
    def of(cls, texts: Sequence[str], people: Sequence[int], released: Any) -> _Passages:
        """Return the passages of texts that so many people have each."""
        found = [hashed_kgrams(text, LENGTH) for text in texts]
        hashes, numbers = np.unique(np.concatenate(found), return_inverse=True)
        at = np.split(numbers, np.cumsum([len(each) for each in found])[:-1])
        most = max(MOST, sum(people) // 40)
        has = _times(at, len(hashes)) > 0
        left_out = (has.T @ np.array(people) > most) | np.isin(hashes, released)
        return cls(set(hashes[left_out].tolist()), [np.where(left_out[each], -1, each) for each in at], len(hashes))

    def candidates(self, at_least: float, length: int) -> Iterator[tuple[int, int]]:
        """Yield which two texts share enough; a text with itself where it says enough."""
        known = [np.unique(each[each >= 0]) for each in self.at]
        whole = np.array([_covered(each >= 0) for each in self.at])
        for one, other in self._near(whole, at_least, length):
            parts = [_covered(_among(self.at[i], known[j])) for i, j in ((one, other), (other, one))]
            shares = [part / whole[i] for part, i in zip(parts, (one, other), strict=True)]
            if max(parts) >= length and max(shares) >= at_least:
                yield one, other

    def _near(self, whole: Any, at_least: float, length: int) -> Iterator[tuple[int, int]]:
        """Yield which two may share enough: what they share lies in passages that both have, of `LENGTH` each."""
        times = _times(self.at, self.count)
        has = (times > 0).astype(int)
        for start in range(0, len(self.at), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            shared = (times[some] @ has.T).maximum(has[some] @ times.T).tocoo()
            first, second = shared.coords[0] + start, shared.coords[1]
            least = np.maximum(length, at_least * np.minimum(whole[first], whole[second]))
            enough = (first <= second) & (LENGTH * shared.data >= least)
            yield from zip(first[enough].tolist(), second[enough].tolist(), strict=True)


def _times(at: Sequence[Any], count: int) -> Any:
    """Return how often each text (row) has each of so many passages (column)."""
    whose, numbers = np.repeat(np.arange(len(at)), [len(each) for each in at]), np.concatenate(at)
    said = numbers >= 0
    return coo_array((np.ones(said.sum(), int), (whose[said], numbers[said])), (len(at), count)).tocsr()


def _among(numbers: Any, known: Any) -> Any:
    """Say which numbers are among sorted ones."""
    return known[np.minimum(np.searchsorted(known, numbers), len(known) - 1)] == numbers


def _covered(begins: Any) -> int:
    """Return how many characters lie in passages, given at which places one begins."""
    places = np.flatnonzero(begins)
    return int(np.minimum(np.diff(places), LENGTH).sum()) + LENGTH if len(places) else 0


def _ordered(slices: Any) -> list[tuple[int, int]]:
    """Return slices as pairs of places, none of which reaches into the next."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(zip(*np.asarray(slices, int).tolist(), strict=True)):
        after = max(start, found[-1][1] if found else 0)
        if end > after:
            found.append((after, end))
    return found
