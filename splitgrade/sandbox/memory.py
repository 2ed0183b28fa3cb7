"""The watchdog on memory, processes and files of a child, where no control group counts them.

RLIMIT_AS bounds one process; what counts is all of them together, so somebody has to look.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from splitgrade.sandbox.causes import Cause, text_of
from splitgrade.sandbox.limits import Limits

_KIB_PER_MIB: Final = 1024


@dataclass(frozen=True)
class Usage:
    """What one process holds: private and shared memory in KiB, and its threads."""

    memory_kb: int
    threads: int


def usage(pid: int) -> Usage:
    """Return what a process holds; pages of files are not counted, pages shared with others are counted in full."""
    memory, threads = 0, 0
    for line in text(pid, "status").split("\n"):
        name, _, value = line.partition(":")
        if name in {"RssAnon", "RssShmem", "VmSwap"}:
            memory += int(value.split()[0])
        elif name == "Threads":
            threads = int(value)
    return Usage(memory, threads)


def proportional_memory_kb(pid: int) -> int:
    """Return the memory of a process in KiB, pages shared by n processes counted as 1/n.

    Slower than `usage`, so it has the second word. A process that made itself unreadable is counted in full.
    """
    total = 0
    found = False
    for line in text(pid, "smaps_rollup").split("\n"):
        name, _, value = line.partition(":")
        if name in {"Pss_Anon", "Pss_Shmem", "SwapPss"}:
            total += int(value.split()[0])
            found = True
    return total if found else usage(pid).memory_kb


def text(pid: int, name: str) -> str:
    """Return a file of /proc, whose lines end with a line feed and nothing else.

    A process may have any bytes but that for a name, among them those that splitlines() takes for the end of a line;
    and it may end while we look.
    """
    try:
        with open(f"/proc/{pid}/{name}", "rb") as file:  # noqa: PTH123 - thousands of times a second
            return file.read().decode("ascii", "replace")
    except OSError:
        return ""  # ended, or not ours to read


def descendants(roots: Iterable[int]) -> dict[int, list[int]]:
    """Return, for each root process, it and all below it.

    In a PID namespace that is everybody: a process whose parent ends becomes a child of the namespace's first.
    """
    children: dict[int, list[int]] = {}
    for pid, parent, _ in _processes():
        children.setdefault(parent, []).append(pid)
    found: dict[int, list[int]] = {}
    for root in roots:
        found[root] = []
        pending = [root]
        while pending:
            pid = pending.pop()
            found[root].append(pid)
            pending += children.get(pid, [])
    return found


def of_session(roots: Iterable[int]) -> dict[int, list[int]]:
    """Return, for each session leader, the processes of its session, also those whose parent has ended."""
    found: dict[int, list[int]] = {root: [] for root in roots}
    for pid, _, session in _processes():
        if session in found:
            found[session].append(pid)
    return found


def _processes() -> Iterator[tuple[int, int, int]]:
    """Yield (pid, parent, session) of every process in /proc."""
    for entry in os.listdir("/proc"):  # noqa: PTH208 - thousands of names, twenty times a second
        line = text(int(entry), "stat") if entry.isdigit() else ""
        if line:
            # the name in parentheses may hold anything: line ends, a closing parenthesis
            _, parent, _, session = line.rpartition(")")[2].split()[:4]
            yield int(entry), int(parent), int(session)


def excess(pids: list[int], limits: Limits, *, shared_kb: int) -> str | None:
    """Say which bound the processes of one child exceed together, None if they keep to all.

    Parameters
    ----------
    pids
        The processes.
    limits
        The bounds.
    shared_kb
        Memory of the warm interpreter in KiB, which the child does not pay for.
    """
    quick = [usage(pid) for pid in pids]
    if sum(each.threads for each in quick) > limits.processes:
        return text_of(Cause.PROCESSES, processes=limits.processes)
    bound = limits.memory_mb * _KIB_PER_MIB + shared_kb
    if sum(each.memory_kb for each in quick) > bound and sum(map(proportional_memory_kb, pids)) > bound:
        return text_of(Cause.MEMORY, memory_mb=limits.memory_mb)
    return None


def files_excess(folder: Path, limits: Limits) -> str | None:
    """Say which bound the files below a folder exceed, None if they keep to all."""
    size, count = 0, 0
    pending = [folder]
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    count += 1
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(Path(entry.path))
                    if count > limits.tmp_files:
                        return text_of(Cause.FILES, tmp_files=limits.tmp_files)
        except PermissionError:
            return text_of(Cause.CLOSED_FOLDER)
        except OSError:
            continue  # removed while we looked
    if size > limits.tmp_mb << 20:
        return text_of(Cause.FILE_BYTES, tmp_mb=limits.tmp_mb)
    return None
