"""Control groups: memory and processes of a child counted by the kernel, where the grader may make groups.

Source: the kernel's documentation, admin-guide/cgroup-v2 and cgroup-v1/memory.
"""

from __future__ import annotations

import errno
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from cnn_course.grading.limits import Limits

_PREFIX: Final = "cnn-course-"
_MIB: Final = 1 << 20


@dataclass(frozen=True)
class Place:
    """Where groups can be made: one folder in version 2, one for each controller in version 1."""

    version: Literal[1, 2]
    memory: Path
    processes: Path


def find_place(proc: Path = Path("/proc/self"), root: Path = Path("/sys/fs/cgroup")) -> Place | None:
    """Return where this process may make groups that limit memory and processes, None where it may not."""
    try:
        own = [line.split(":", 2) for line in (proc / "cgroup").read_text().splitlines()]
    except OSError:
        return None
    by_controller = {name: path for _, names, path in own for name in names.split(",")}
    return _version_2(root, by_controller.get("")) or _version_1(root, by_controller)


def _version_2(root: Path, path: str | None) -> Place | None:
    if path is None:
        return None
    own = root / path.lstrip("/")
    # A group with processes in it cannot hand memory to groups below it: then a neighbour of our own.
    for folder in (own, own.parent):
        try:
            handed_down = (folder / "cgroup.subtree_control").read_text().split()
        except OSError:
            continue
        if {"memory", "pids"} <= set(handed_down) and _can_make_groups(folder):
            return Place(2, folder, folder)
    return None


def _version_1(root: Path, paths: dict[str, str]) -> Place | None:
    if "memory" not in paths or "pids" not in paths:
        return None
    memory, processes = (root / name / paths[name].lstrip("/") for name in ("memory", "pids"))
    if _can_make_groups(memory) and _can_make_groups(processes):
        return Place(1, memory, processes)
    return None


def _can_make_groups(folder: Path) -> bool:
    trial = folder / f"{_PREFIX}{os.getpid()}-trial"
    try:
        trial.mkdir()
        trial.rmdir()
    except OSError:
        return False
    return True


def remove_left_behind(place: Place) -> None:
    """Remove the groups of graders that were killed."""
    for folder in {place.memory, place.processes}:
        for group in folder.glob(f"{_PREFIX}*"):
            owner = group.name.removeprefix(_PREFIX).split("-")[0]
            if owner.isdigit() and not Path("/proc", owner).exists():
                _remove(group)


def _remove(group: Path) -> None:
    # The kernel counts a killed process in its group for a moment longer than it lists it.
    for attempt in range(200):
        try:
            group.rmdir()
        except FileNotFoundError:
            return
        except OSError as error:
            if error.errno != errno.EBUSY or attempt == 199:
                raise
            time.sleep(0.005)
        else:
            return


class Group:
    """The control group of one child.

    Parameters
    ----------
    place
        Where to make it.
    name
        Its name among the groups of this grader.
    limits
        The bounds on memory and processes.

    Raises
    ------
    OSError
        If the kernel refuses.
    """

    def __init__(self, place: Place, name: str, limits: Limits) -> None:
        self._version = place.version
        self._memory = place.memory / f"{_PREFIX}{os.getpid()}-{name}"
        self._processes = place.processes / self._memory.name
        self._folders = list(dict.fromkeys([self._memory, self._processes]))
        for folder in self._folders:
            folder.mkdir()
        amount = str(limits.memory_mb * _MIB)
        if self._version == 2:
            self._write("memory.max", amount)
            self._write("memory.swap.max", "0", optional=True)
            self._write("memory.oom.group", "1", optional=True)
        else:
            self._write("memory.limit_in_bytes", amount)
            self._write("memory.memsw.limit_in_bytes", amount, optional=True)
        (self._processes / "pids.max").write_text(str(limits.processes))

    def _write(self, name: str, value: str, *, optional: bool = False) -> None:
        path = self._memory / name
        if path.exists() or not optional:  # kernels without swap accounting lack some of these
            path.write_text(value)

    def add(self, pid: int) -> None:
        """Put a process, and all that it starts from now on, into the group.

        Raises
        ------
        OSError
            If the kernel refuses.
        """
        for folder in self._folders:
            (folder / "cgroup.procs").write_text(str(pid))

    def ran_out_of_memory(self) -> bool:
        """Say whether the kernel killed a process of the group for its memory."""
        name = "memory.events" if self._version == 2 else "memory.oom_control"
        lines = (self._memory / name).read_text().splitlines()
        return any(line.split()[0] == "oom_kill" and int(line.split()[1]) > 0 for line in lines)

    def remove(self) -> None:
        """Remove the group, whose processes have ended.

        Raises
        ------
        OSError
            If processes are still in it after a second.
        """
        for folder in self._folders:
            _remove(folder)
