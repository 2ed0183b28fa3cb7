"""What tells the notebooks of an assignment apart: the names of their cells, and their texts where names were lost."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from splitgrade.execution.instructor import InstructorNotebook

MIN_TEXT = 12  # characters of a text by which a notebook is known


@dataclass(frozen=True)
class Identity:
    """What a notebook of the assignment is known by.

    Parameters
    ----------
    ids : frozenset of str
        Its grade_ids.
    texts : frozenset of str
        Digests of texts as they were handed out that no other notebook of the assignment has.
    handed_out : frozenset of str
        Digests of all texts as they were handed out: a cell with another text is a student's work.
    """

    ids: frozenset[str]
    texts: frozenset[str] = frozenset()
    handed_out: frozenset[str] = frozenset()


def identities(notebooks: Iterable[InstructorNotebook]) -> dict[str, Identity]:
    """Return what each notebook of an assignment is known by, by its name."""
    handed_out = {each.name: _handed_out(each) for each in notebooks}
    ids = {each: frozenset(names) for each, (names, _) in handed_out.items()}
    count = Counter(text for _, texts in handed_out.values() for text in {digest(text) for text in texts})
    return {
        name: Identity(
            ids[name],
            frozenset(key for text in texts if len(text) >= MIN_TEXT and count[key := digest(text)] == 1),
            frozenset(map(digest, texts)),
        )
        for name, (_, texts) in handed_out.items()
    }


def digest(text: str) -> str:
    """Return what differs when a text differs by more than line ends and blanks at the ends of lines."""
    return hashlib.sha256(plain(text).encode("utf-8", "replace")).hexdigest()[:20]


def plain(text: str) -> str:
    r"""Return a text without what editors and systems change by themselves.

    Examples
    --------
    >>> plain("x = 1  \r\ny = 2\n")
    'x = 1\ny = 2'
    """
    return "\n".join(map(str.rstrip, text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))).strip()


@lru_cache(maxsize=4096)
def plain_given(text: str) -> str:
    """Return `plain` of a text of the instructor's, which is the same in every submission."""
    return plain(text)


def names_in(notebook: Any) -> set[str]:
    """Return the names of a notebook's cells: grade_ids, and cell ids, which are the same in what was handed out."""
    found = set()
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader")
        grade_id = marks.get("grade_id") if isinstance(marks, Mapping) else None
        found |= {name for name in (grade_id, cell.get("id")) if isinstance(name, str)}
    return found


def texts_in(notebook: Any) -> set[str]:
    """Return the digests of a notebook's texts."""
    return {digest(cell.source) for cell in notebook.cells if cell.source.strip()}


def likeness(notebook: Any, expected: Mapping[str, Identity]) -> dict[str, tuple[int, int]]:
    """Return how many names and how many texts a notebook shares with each of an assignment; the names count first."""
    names, texts = names_in(notebook), texts_in(notebook)
    return {name: (len(names & each.ids), len(texts & each.texts)) for name, each in expected.items()}


def work_in(notebook: Any, identity: Identity) -> int:
    """Return how many cells of a notebook are not as they were handed out: 0 for a blank one."""
    return sum(1 for cell in notebook.cells if cell.source.strip() and digest(cell.source) not in identity.handed_out)


def _handed_out(instructor: InstructorNotebook) -> tuple[list[str], list[str]]:
    """Return the grade_ids of a notebook and the texts that students got."""
    texts = []
    for cell in instructor.notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        texts.append(plain_given(instructor.released.get(grade_id, cell.source)))
    return list(instructor.cells), [text for text in texts if text]
