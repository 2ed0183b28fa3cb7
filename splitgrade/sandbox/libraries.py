"""Libraries that keep their own file open, so that they can map more of it later.

libffi does, from 3.4 on where it is built so: every `ctypes` callback stands in a page of its file.
"""

from __future__ import annotations

import fcntl
import os
import stat
from pathlib import Path


def descriptors() -> list[int]:
    """Return the descriptors that do nothing but read a file from which this process runs code.

    Returns
    -------
    list of int
        What is behind them is known already: no way out, and no word from another process.

    Raises
    ------
    OSError
        Without /proc.

    Examples
    --------
    >>> with open("/proc/self/exe", "rb") as interpreter, open("/etc/passwd", "rb") as other:
    ...     [number.fileno() in descriptors() for number in (interpreter, other)]
    [True, False]
    """
    found = {number: name for number in map(int, os.listdir("/proc/self/fd")) if (name := _only_read(number))}  # noqa: PTH208
    if not found:
        return []
    mapped = [
        line.split(maxsplit=5) for line in Path("/proc/self/maps").read_text(errors="surrogateescape").splitlines()
    ]
    programs = {words[5] for words in mapped if len(words) == 6 and "x" in words[1]}
    return [number for number, name in found.items() if name in programs]


def _only_read(number: int) -> str | None:
    """Return the name of the file behind a descriptor; None where it is no file, can be written to, or is closed."""
    try:
        flags = fcntl.fcntl(number, fcntl.F_GETFL)
        if stat.S_ISREG(os.fstat(number).st_mode) and flags & os.O_ACCMODE == os.O_RDONLY:
            return os.readlink(f"/proc/self/fd/{number}")  # noqa: PTH115 - as it stands in the other file
    except OSError:  # the listing's own
        pass
    return None


def reopen(numbers: list[int]) -> None:
    """Open files anew behind the same descriptors: the place to which one reads is shared with whoever forked.

    Raises
    ------
    OSError
        If a file cannot be opened.
    """
    for number in numbers:
        own = os.open(f"/proc/self/fd/{number}", os.O_RDONLY)
        os.dup2(own, number, inheritable=False)
        os.close(own)
