"""The processor time of a child: what it used, and how long it was ready to run while others had the processor.

Both are read from /proc when somebody asks; nothing is counted meanwhile. Source: proc(5), and the kernel's
Documentation/scheduler/sched-stats.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from splitgrade.sandbox import memory

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_NANOSECONDS: Final = 1_000_000_000


@dataclass(frozen=True)
class Times:
    """Seconds of processor time of a family of processes, and seconds that its first one waited for a processor."""

    used: float
    waited: float


def times(pid: int) -> Times | None:
    """Return the times of a process and all below it, those that have ended and were waited for included.

    Parameters
    ----------
    pid
        The first process of the family, as /proc here shows it.

    Returns
    -------
    Times or None
        None where the process has ended or /proc does not show it.
    """
    if (own := _used(pid)) is None:
        return None
    below = (_used(each) for each in memory.descendants([pid])[pid] if each != pid)
    return Times(own + sum(used for used in below if used is not None), _waited(pid))


def own_times(pid: int) -> Times | None:
    """Return the times of a process and its ended children only: cheap enough for every cell."""
    used = _used(pid)
    return None if used is None else Times(used, _waited(pid))


def _used(pid: int) -> float | None:
    fields = memory.text(pid, "stat").rpartition(")")[2].split()
    # user and system time, its own and of children that were waited for: fields 14 to 17 of the line
    return sum(map(int, fields[11:15])) / _TICKS if len(fields) > 14 else None


def _waited(pid: int) -> float:
    fields = memory.text(pid, "schedstat").split()
    return int(fields[1]) / _NANOSECONDS if len(fields) > 1 else 0.0


def go_on(pid: int) -> None:
    """Let a process go on that something outside has stopped, such as a hand; nothing happens to any other.

    Parameters
    ----------
    pid
        The process, as /proc here shows it.
    """
    if memory.text(pid, "stat").rpartition(")")[2].split()[:1] == ["T"]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def busy() -> float:
    """Return how many processes are ready to run for each processor, at least 1; this one counts.

    What was found holds for a second.
    """
    return _busy(int(time.monotonic()))


@lru_cache(maxsize=1)
def _busy(_second: int) -> float:
    try:
        running = int(Path("/proc/loadavg").read_text().split()[3].split("/")[0])
    except (OSError, ValueError, IndexError):
        return 1.0
    return max(running / (os.cpu_count() or 1), 1.0)


def make_way(pids: Iterable[int]) -> None:
    """Lower the priority of a family that runs many threads, so that together they weigh no more than one.

    A thread at nice n has 1/1.25**n of the weight of one at 0 (kernel/sched/core.c), so k threads that are ready to run
    get the n at which k / 1.25**n is 1, at most 19. It is not raised again: what was slow once stays polite.

    Parameters
    ----------
    pids
        All processes of one child.
    """
    threads = [thread for pid in pids for thread in _threads(pid)]
    ready = [thread for thread, running in threads if running]
    nice = next((n for n in range(20) if len(ready) <= 1.25**n), 19)
    for thread in ready if nice else ():
        try:
            if os.getpriority(os.PRIO_PROCESS, thread) < nice:
                os.setpriority(os.PRIO_PROCESS, thread, nice)
        except (ProcessLookupError, PermissionError):
            continue  # it has ended, or has another user: then it is none of this child's


def _threads(pid: int) -> list[tuple[int, bool]]:
    """Return the threads of a process, and whether each runs or is ready to."""
    try:
        names = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208 - numbers, four times a second
    except OSError:
        return []
    states = ((int(name), memory.text(pid, f"task/{name}/stat").rpartition(")")[2].split()) for name in names)
    return [(thread, bool(fields) and fields[0] == "R") for thread, fields in states]
