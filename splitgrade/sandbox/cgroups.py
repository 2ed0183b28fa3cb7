"""Control groups: memory of a child counted by the kernel, where the grader may make groups.

Source: the kernel's documentation, admin-guide/cgroup-v2 and cgroup-v1/memory.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from splitgrade.errors import SandboxError
from splitgrade.sandbox import owned
from splitgrade.sandbox.limits import Limits

_MIB: Final = 1 << 20
_ENDING_SECONDS: Final = 1.0
_KILLED_SECONDS: Final = 10.0


@dataclass(frozen=True)
class Place:
    """A folder in which groups that limit memory can be made, and the version of its interface."""

    version: Literal[1, 2]
    folder: Path


def find_place(proc: Path = Path("/proc/self"), root: Path = Path("/sys/fs/cgroup")) -> Place | None:
    """Return where this process may make groups that limit memory, None where it may not."""
    try:
        lines = [line.split(":", 2) for line in (proc / "cgroup").read_text().splitlines()]
    except OSError:
        return None
    paths = {name: path.lstrip("/") for _, names, path in lines for name in names.split(",")}
    if "" in paths:  # the line without controllers is version 2
        own = root / paths[""]
        # A group with processes in it cannot hand memory to groups below it: then a neighbor of our own.
        for folder in (own, own.parent):
            if _hands_down_memory(folder) and _can_make_groups(folder):
                return Place(2, folder)
    if "memory" in paths and _can_make_groups(root / "memory" / paths["memory"]):
        return Place(1, root / "memory" / paths["memory"])
    return None


def _hands_down_memory(folder: Path) -> bool:
    try:
        return "memory" in (folder / "cgroup.subtree_control").read_text().split()
    except OSError:
        return False


def _can_make_groups(folder: Path) -> bool:
    trial = folder / f"{owned.prefix()}trial"
    try:
        trial.mkdir()
        trial.rmdir()
    except OSError:
        return False
    return True


def remove_left_behind(place: Place) -> None:
    """Remove the groups of graders that were killed."""
    for group in owned.left_behind(place.folder):
        with contextlib.suppress(OSError):  # a process in it is about to end: the next grader removes it
            _remove(group, _ENDING_SECONDS)


def _remove(group: Path, seconds: float) -> None:
    # The kernel counts a killed process in its group for a moment longer than it lists it.
    end = time.monotonic() + seconds
    while True:
        try:
            group.rmdir()
        except FileNotFoundError:
            return
        except OSError as error:
            if error.errno != errno.EBUSY or time.monotonic() > end:
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
        The bounds; the one on memory is the kernel's to hold here.

    Raises
    ------
    OSError
        If the kernel refuses.
    """

    def __init__(self, place: Place, name: str, limits: Limits) -> None:
        self._version = place.version
        self._folder = place.folder / f"{owned.prefix()}{name}"
        self._folder.mkdir()
        amount = str(limits.memory_mb * _MIB)
        if self._version == 2:
            self._write("memory.max", amount)
            self._write("memory.swap.max", "0", optional=True)
            self._write("memory.oom.group", "1", optional=True)
            self._write("pids.max", str(limits.processes), optional=True)
        else:
            # Version 1 counts processes in another tree; joining a second one costs 5 ms and RLIMIT_NPROC counts too.
            self._write("memory.limit_in_bytes", amount)
            self._write("memory.memsw.limit_in_bytes", amount, optional=True)

    def _write(self, name: str, value: str, *, optional: bool = False) -> None:
        path = self._folder / name
        if path.exists() or not optional:  # kernels without swap accounting lack some of these
            path.write_text(value)

    def open_membership(self) -> int:
        """Return a descriptor of the file by which a process joins the group, writing "0" to it.

        The process itself has to do it, as a single thread where version 1 allows that: moving another one makes
        the kernel wait for all processors, some 12 ms.

        Raises
        ------
        OSError
            If the kernel refuses.
        """
        name = "cgroup.procs" if self._version == 2 else "tasks"
        return os.open(self._folder / name, os.O_WRONLY | os.O_CLOEXEC)

    def ran_out_of_memory(self) -> bool:
        """Say whether the kernel killed a process of the group for reaching the group's own bound.

        A machine without memory also kills processes here, and counts them among the group's: that is nobody's fault.
        """
        if self._version == 2:
            events = self._counts("memory.events")
            # Without the file of its own (before Linux 5.2) there is only the count with all groups below, of which
            # there are none.
            own = self._counts("memory.events.local") or events
            return events.get("oom_kill", 0) > 0 and own.get("oom", 0) > 0
        # Recent kernels do not count any more how often the bound was reached; the peak says whether it was.
        peak, bound = (int((self._folder / f"memory.{name}_in_bytes").read_text()) for name in ("max_usage", "limit"))
        return self._counts("memory.oom_control").get("oom_kill", 0) > 0 and peak > bound - _MIB

    def _counts(self, name: str) -> dict[str, int]:
        """Return the lines of a file of names and counts; none where there is no such file."""
        path = self._folder / name
        lines = path.read_text().splitlines() if path.exists() else []
        return {name: int(count) for name, count in (line.split()[:2] for line in lines)}

    def remove(self) -> None:
        """Remove the group, whose processes have ended, or are about to where their fork server was killed.

        Raises
        ------
        SandboxError
            If processes are still in it after ten seconds.
        """
        try:
            _remove(self._folder, _KILLED_SECONDS)
        except OSError as error:
            raise SandboxError(f"a control group cannot be removed: {error}") from error
