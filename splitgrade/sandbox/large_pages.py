"""The memory of a warm interpreter in large pages: a fork copies one entry for 2 MB, where it would copy 512.

Source: madvise(2), MADV_COLLAPSE, since Linux 6.1. An older kernel refuses, and nothing is lost but time.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

from splitgrade.sandbox.syscalls import syscall

_LARGE: Final = 2 << 20
_COLLAPSE: Final = 25


def gather() -> None:
    """Ask for large pages where this process has memory of its own; called once, before the first fork."""
    with contextlib.suppress(OSError):  # no /proc
        for line in Path("/proc/self/maps").read_text().splitlines():
            addresses, rights, _, _, _, *name = line.split()
            if rights == "rw-p" and name in ([], ["[heap]"]):
                _gather(*(int(address, 16) for address in addresses.split("-")))


def _gather(start: int, end: int) -> None:
    for place in range(-(-start // _LARGE) * _LARGE, end - _LARGE + 1, _LARGE):
        with contextlib.suppress(OSError):  # where a page is pinned, shared, or the kernel older
            syscall("madvise", place, _LARGE, _COLLAPSE)
