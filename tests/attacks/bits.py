"""Attacks that spell a hidden input in bits: own cell number i behaves in one of two ways, as bit i of it says."""

from __future__ import annotations

from typing import Any

from tests.attacks.attack import Attack, answers, both, edited, own_cell
from tests.attacks.course import FULL

CELL = "# bit"  # how such a cell begins; `judge` compares what all of them show
KEEPS = """
kept = []
def bit(number):
    data = repr(kept).encode() if kept else b""
    return len(data) > number // 8 and data[number // 8] >> number % 8 & 1
def double(x):
    kept.append(x)
    return 2 * x
class CellTimeoutError(Exception): pass
class NotebookTimeoutError(Exception): pass
class ProcessEndedError(Exception): pass
"""


def spells(name: str, code: str, cells: int = 96) -> Attack:
    """Return a right submission with own cells at its end, each of which does something where its bit is 1."""

    def add(notebook: dict[str, Any]) -> None:
        for number in range(cells):
            notebook["cells"].append(own_cell(f"{CELL}\nif bit({number}): {code}\nelse: 'no'"))

    return Attack(f"bits-by-{name}", "leak", both(answers(double=KEEPS), edited(add)), FULL)


BITS = (
    spells("a-class-called-CellTimeoutError", "raise CellTimeoutError('took longer than 3 s')", 512),
    spells("a-class-called-NotebookTimeoutError", "raise NotebookTimeoutError"),
    spells("a-class-called-ProcessEndedError", "raise ProcessEndedError('the process ended: signal SIGSEGV')"),
    spells("kinds-of-errors", "raise KeyError(1)"),
    spells("printing-or-not", "print('x')"),
    spells("the-last-cell-that-shows", "pass"),
    spells("real-time-outs", "\n    while True: pass", 8),
    spells("ends-of-the-process", "__import__('os')._exit(3)", 16),
)
