"""Which notebook of which assignment a file is: by the ids of its cells, failing that by its name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

MAX_BYTES = 50_000_000
_COPY = re.compile(r"([ _-]*(\(\d+\)|copy\d*|kopie|final|-\d+|\d+))+$", re.IGNORECASE)
_ENDINGS = (".ipynb", ".ipynb.txt", ".ipynb.json", ".json")


@dataclass(frozen=True)
class Place:
    """A notebook of an assignment, and how a file was recognized as it; ``why_not`` where it was not."""

    assignment: str = ""
    notebook: str = ""
    by: str = ""
    why_not: str = ""


def expected_notebooks(source: Path) -> dict[tuple[str, str], set[str]]:
    """Return assignment and notebook -> the ids of its cells, of all that lies in ``source/``."""
    return {
        (path.parent.name, path.stem): set(_cell_ids(json.loads(path.read_text(encoding="utf-8"))))
        for path in sorted(source.glob("*/*.ipynb"))
    }


def is_notebook(path: PurePosixPath) -> bool:
    """Say whether a file's name is one that notebooks come with."""
    return path.name.lower().endswith(_ENDINGS)


def recognize(path: PurePosixPath, content: bytes, expected: Mapping[tuple[str, str], set[str]]) -> Place:
    """Return which notebook a file is.

    Parameters
    ----------
    path : PurePosixPath
        Its name.
    content : bytes
        Its bytes; anything.
    expected : mapping
        As `expected_notebooks` returns it.
    """
    ids = set(_read_ids(content))
    if ids:
        shared = {place: len(ids & theirs) for place, theirs in expected.items() if ids & theirs}
        best = [place for place, count in shared.items() if count == max(shared.values())]
        if len(best) == 1:
            return Place(*best[0], by="cells")
    name = path.name
    for ending in _ENDINGS:
        name = name[: -len(ending)] if name.lower().endswith(ending) else name
    for attempt in (name, _COPY.sub("", name)):
        named = [place for place in expected if place[1].casefold() == attempt.casefold()]
        if len(named) == 1:
            return Place(*named[0], by="name")
    return Place(why_not="no notebook of this course: neither its cells nor its name are known")


def _read_ids(content: bytes) -> Iterator[str]:
    """Yield the ids of a file's cells; none where it is no notebook."""
    if len(content) > MAX_BYTES:
        return
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
        yield from _cell_ids(notebook)
    except (ValueError, RecursionError, AttributeError, TypeError):
        return


def _cell_ids(notebook: Any) -> Iterator[str]:
    """Yield grade_ids, and the cells' own ids, which are the same in what was released."""
    for cell in notebook["cells"] if isinstance(notebook, dict) and "cells" in notebook else ():
        for found in (cell.get("id"), cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")):
            if isinstance(found, str):
                yield found
