"""Students' code as copydetect compares it: names are letters, comments and layout are gone."""

from __future__ import annotations

import builtins
import io
import keyword
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from copydetect import CodeFingerprint
from copydetect.utils import get_token_coverage

LENGTH = 25  # characters that must agree, after names became one letter: copydetect's own default
MAX_CODE = 200_000  # characters of one notebook
MAX_BYTES = 100_000_000
_TOKEN = re.compile(
    r"""(?P<gone>\s+|\#[^\n]*|\\\n)
      | (?P<text>[bBfFrRuU]{0,2}(?:'{3}(?:\\.|.)*?(?:'{3}|\Z)|"{3}(?:\\.|.)*?(?:"{3}|\Z)
                 |'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?))
      | (?P<name>[^\W\d]\w*)
      | \d[\w.]*""",
    re.VERBOSE | re.DOTALL,
)
_SHOWN = {"gone": "", "text": "S", "name": "V"}
_KEPT = {*keyword.kwlist, *dir(builtins)}


@dataclass(frozen=True)
class Code:
    """What somebody wrote: as written, as it is compared, and how many characters are gone at which place."""

    written: str
    compared: str
    gone: Any

    def fingerprint(self, left_out: Set[int]) -> Any:
        """Return copydetect's fingerprint without some passages."""
        # a window of 1 keeps every hash: what is short is compared as exactly as what is long
        found = CodeFingerprint("", LENGTH, 1, filter=False, fp=io.StringIO(self.compared))
        found.raw_code, found.offsets = self.written, self.gone  # so that passages are found in the code as written
        passages = found.hashes & left_out
        found.hashes -= passages
        for passage in passages:
            del found.hash_idx[passage]
        found.token_coverage = get_token_coverage(found.hash_idx, LENGTH, len(self.compared))
        return found


def as_code(cells: Sequence[str]) -> Code:
    """Return code cell by cell, as far as it is read."""
    written, compared, gone = "", "", [np.zeros((0, 2), int)]
    for cell in cells:
        text = f"{cell}\n\n"
        if len(written) + len(text) > MAX_CODE:
            break
        shown, removed = _plain(text)
        gone.append(np.add(removed, [len(compared), len(written) - len(compared)]))
        written, compared = written + text, compared + shown
    return Code(written, compared, np.concatenate(gone))


@lru_cache(maxsize=5_000)  # many cells are many students'
def _plain(text: str) -> tuple[str, Any]:
    """Return a cell as copydetect compares code, and as it keeps places in it; its own lexer takes 50 times as long.

    Names are V, texts are S, comments and layout are gone; a row of the array has a place, and how much is gone before.
    """
    parts, rows, size, gone, at = list[str](), [(0, 0)], 0, 0, 0
    for match in _TOKEN.finditer(text):
        word, kind = match.group(), match.lastgroup
        shown = word if kind is None or word in _KEPT else _SHOWN[kind]
        parts += (text[at : match.start()], shown)
        size += match.start() - at + len(shown)
        at = match.end()
        if len(shown) < len(word):
            rows.append((size - 1, gone))
            gone += len(word) - len(shown)
    parts.append(text[at:])
    return "".join(parts), np.array([*rows, (size + len(text) - at, gone)])


def class_cells(above: Path, assignment: str, notebook: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the cells of each student's notebook."""
    for folder in sorted(above.iterdir()) if above.is_dir() else ():
        path = folder / assignment / notebook
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= MAX_BYTES:
            yield folder.name, own_cells(path)


def own_cells(path: Path) -> list[str]:
    """Return the code that a student could write: answers and cells of their own, not tests and locked cells."""
    return [
        "".join(cell["source"])
        for cell in orjson.loads(path.read_bytes())["cells"]
        if cell["cell_type"] == "code" and not (cell["metadata"].get("nbgrader") or {}).get("locked")
    ]
