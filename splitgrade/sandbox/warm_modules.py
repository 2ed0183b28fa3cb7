"""Installed modules that a warm interpreter loads before the first fork, so that no notebook waits for them.

Nobody has tried these with forks: each is imported by a child first, and here only where that went well and left a
single thread, for a process with more cannot be forked. What is left out costs time, where it is imported, and no more.
"""

from __future__ import annotations

import importlib
import os
import select
import signal
from collections.abc import Sequence

from splitgrade.sandbox.limits import WARM_SECONDS


def load(names: Sequence[str]) -> None:
    """Import modules by name, as far as that works.

    Parameters
    ----------
    names : sequence of str
        Dotted names; all at once where that goes well, else one by one.
    """
    good = list(names) if names and _goes_well(names) else [name for name in names if _goes_well([name])]
    for name in good:
        importlib.import_module(name)


def _goes_well(names: Sequence[str]) -> bool:
    """Return whether a child could import modules, in time and with a single thread."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            for name in names:
                importlib.import_module(name)
            status = int(len(os.listdir("/proc/self/task")) > 1)  # noqa: PTH208 - a count
        finally:
            os._exit(status)
    handle = os.pidfd_open(child)
    try:
        if not select.select([handle], [], [], WARM_SECONDS)[0]:
            os.kill(child, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        os.close(handle)
