"""Resource limits of one process, which it cannot raise again."""

from __future__ import annotations

import os
import resource
from pathlib import Path

from splitgrade.sandbox.limits import Limits

_MIB = 1 << 20


def address_space_in_use() -> int:
    """Return the size of this process's address space in bytes (a warm interpreter maps far more than it uses)."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def tasks_of_user() -> int:
    """Return how many processes and threads this process's user has, as far as /proc shows them."""
    user, count = os.getuid(), 0
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            if entry.stat().st_uid == user:
                count += len(os.listdir(f"/proc/{entry.name}/task"))  # noqa: PTH208 - a count, no paths
        except OSError:
            continue  # ended while we looked
    return count


def apply(limits: Limits, *, address_space: int, processes: int) -> None:
    """Set the limits on this process.

    Parameters
    ----------
    limits
        The bounds.
    address_space
        Bytes that the warm interpreter maps already; the submission's memory comes on top.
    processes
        Processes and threads of this user, where the kernel counts them (never for uid 0).

    Raises
    ------
    ValueError, OSError
        If the kernel refuses.
    """
    seconds = limits.notebook_seconds + limits.cell_seconds
    for kind, soft, hard in (
        (resource.RLIMIT_AS, *[address_space + limits.memory_mb * _MIB] * 2),
        (resource.RLIMIT_FSIZE, *[limits.file_mb * _MIB] * 2),
        (resource.RLIMIT_NOFILE, *[limits.open_files] * 2),
        (resource.RLIMIT_NPROC, processes, processes),
        (resource.RLIMIT_CPU, seconds, seconds + 5),
        (
            resource.RLIMIT_CORE,
            1,
            1,
        ),  # with 0 the kernel still starts a program that collects cores, with 1 it does not
        (resource.RLIMIT_MSGQUEUE, 0, 0),
        (resource.RLIMIT_MEMLOCK, 0, 0),
        (resource.RLIMIT_NICE, 0, 0),
        (resource.RLIMIT_RTPRIO, 0, 0),
    ):
        ceiling = resource.getrlimit(kind)[1]
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        resource.setrlimit(kind, (soft, hard))
