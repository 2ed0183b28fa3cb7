"""What practice remembers: plain JSON beside the notebook, so that it lasts when the notebook is closed."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FILE = "practice.json"
UNREADABLE = "practice-unreadable.json"  # where a damaged file is put
LARGEST = 1_000_000  # bytes that are read
# After how many other questions an item comes again: the more often it was right, the later.
WAITS = (2, 5, 12, 30, 70, 150)


@dataclass
class Known:
    """How an item went so far.

    Attributes
    ----------
    box : int
        How often in a row it was right at once; a place in `WAITS`.
    due : int
        It comes again once so many questions were asked in all.
    seen, wrong : int
        How often it was asked, and how often it went wrong.
    """

    box: int = 0
    due: int = 0
    seen: int = 0
    wrong: int = 0


@dataclass
class Open:
    """The question that waits for an answer: its item, which variant, and whether a wrong answer came already."""

    item: str
    draw: int
    failed: bool = False


@dataclass
class Memory:
    """Everything that is remembered.

    Attributes
    ----------
    asked : int
        Questions asked in all.
    items : dict of str to Known
        Item id -> how it went.
    open : Open or None
        The question that waits for an answer.
    """

    asked: int = 0
    items: dict[str, Known] = field(default_factory=dict)
    open: Open | None = None

    def ask(self, item: str, draws: int) -> Open:
        """Note that an item is asked, with its next variant, and return the open question."""
        known = self.items.setdefault(item, Known())
        self.asked += 1
        self.open = Open(item, known.seen % draws)
        known.seen += 1
        known.due = self.asked + WAITS[known.box]
        return self.open

    def fail(self) -> None:
        """Note that the open question went wrong; a second time changes nothing."""
        if self.open is None or self.open.failed:
            return
        self.open.failed = True
        known = self.items[self.open.item]
        known.box, known.wrong, known.due = 0, known.wrong + 1, self.asked + WAITS[0]

    def close(self) -> None:
        """Note that the open question is done; one that was right at once comes again later than before."""
        if self.open is not None and not self.open.failed:
            known = self.items[self.open.item]
            known.box = min(known.box + 1, len(WAITS) - 1)
            known.due = self.asked + WAITS[known.box]
        self.open = None

    def next_item(self, items: Iterable[str]) -> str:
        """Return which item comes next: what went wrong and is due, then what is new, then what is due, then the rest.

        Parameters
        ----------
        items : iterable of str
            At least one id, in the order in which new ones come.
        """
        ids = list(items)
        failed = [one for one in ids if one in self.items and not self.items[one].box and self._is_due(one)]
        new = [one for one in ids if one not in self.items]
        ordered = sorted((one for one in ids if one in self.items), key=lambda one: self.items[one].due)
        if failed:
            return min(failed, key=lambda one: self.items[one].due)
        return (new[:1] or ordered)[0]

    def _is_due(self, item: str) -> bool:
        return self.items[item].due <= self.asked


def load(folder: Path) -> tuple[Memory, str]:
    """Return what a folder's file remembers, and a remark where there was trouble; a damaged file is put aside."""
    file = folder / FILE
    try:
        if not file.exists():
            return Memory(), ""
        if file.stat().st_size > LARGEST:
            raise ValueError("it is too large")
        return _read(json.loads(file.read_text(encoding="utf-8"))), ""
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        with contextlib.suppress(OSError):
            os.replace(file, folder / UNREADABLE)  # noqa: PTH105 - beside the suppressed error, one call
        return Memory(), f"{FILE} could not be read, so practice starts anew (the old file is now {UNREADABLE})."


def save(folder: Path, memory: Memory) -> str:
    """Write the memory in one step and return a remark where that failed."""
    content = {"version": 1, **asdict(memory)}
    new = folder / f".{FILE}.new"
    try:
        new.write_text(json.dumps(content, indent=1), encoding="utf-8")
        os.replace(new, folder / FILE)  # noqa: PTH105 - as above
    except OSError as error:
        return f"{FILE} cannot be written here ({error.strerror}): practice is remembered until the notebook is closed."
    return ""


def _read(content: Any) -> Memory:
    """Return a memory from JSON; anything that does not fit raises."""
    items = {
        str(name): Known(**{key: _count(one[key]) for key in asdict(Known())}) for name, one in content["items"].items()
    }
    if any(one.box >= len(WAITS) for one in items.values()):
        raise ValueError("a box that does not exist")
    waiting = content["open"]
    opened = None if waiting is None else Open(str(waiting["item"]), _count(waiting["draw"]), waiting["failed"] is True)
    if opened is not None and opened.item not in items:
        raise ValueError("an open question that was never asked")
    return Memory(_count(content["asked"]), items, opened)


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value < 10**9:
        raise ValueError("a count is a whole number of at least 0")
    return value
