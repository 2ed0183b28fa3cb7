"""Giving up rights: user, groups and capabilities."""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from pathlib import Path
from typing import Final

from splitgrade.sandbox import syscalls

CAP_DAC_READ_SEARCH: Final = 2
_CAPABILITY_VERSION_3: Final = 0x20080522
_PR_CAP_AMBIENT_CLEAR_ALL: Final = 4


def _last_capability() -> int:
    path = Path("/proc/sys/kernel/cap_last_cap")
    # Where /proc is hidden, 63 is the last that fits the kernel's two words.
    return int(path.read_text()) if path.exists() else 63


def may_become(first: int, last: int) -> bool:
    """Say whether this process is root and these user and group ids exist; in a container often only root's does."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    return all(_maps(Path("/proc/self", name), first, last) for name in ("uid_map", "gid_map"))


def _maps(path: Path, first: int, last: int) -> bool:
    """Return whether a map of a user namespace has all ids from first to last."""
    if not path.exists():
        return True  # a kernel without user namespaces
    ranges = [tuple(map(int, line.split())) for line in path.read_text().splitlines()]
    return any(start <= first and last < start + count for start, _, count in ranges)


def has(capability: int) -> bool:
    """Say whether this process may use a capability, and so leave it to a child; False where /proc does not say."""
    path = Path("/proc/self/status")
    lines = path.read_text().splitlines() if path.exists() else []
    sets = [int(line.split()[1], 16) for line in lines if line.startswith("CapPrm:")]
    return any(each >> capability & 1 for each in sets)


def drop_capabilities(keep: frozenset[int] = frozenset()) -> None:
    """Give up every capability but `keep`, in this process and, all of them, in the programs it starts.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    for capability in range(_last_capability() + 1):
        try:
            syscalls.prctl(syscalls.PR_CAPBSET_DROP, capability)
        except OSError:
            break  # not ours to drop (ordinary user) or past the last one: what counts is capset below
    with contextlib.suppress(OSError):  # kernels before 4.3 have no ambient set to clear
        syscalls.prctl(syscalls.PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    low = sum(1 << capability for capability in keep)
    header = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITY_VERSION_3, 0))
    # two structs of effective, permitted, inheritable: capabilities 0-31 and 32-63
    sets = ctypes.create_string_buffer(struct.pack("=6I", low, low, 0, 0, 0, 0))
    syscalls.syscall("capset", header, sets)


def become(user: int, keep: frozenset[int] = frozenset()) -> None:
    """Turn from root into an ordinary user without groups, keeping at most the capabilities `keep`.

    Raises
    ------
    OSError
        If the kernel refuses, for example because the container does not know this user id.
    """
    os.setgroups([])
    os.setresgid(user, user, user)
    if keep:
        syscalls.prctl(syscalls.PR_SET_KEEPCAPS, 1)
    os.setresuid(user, user, user)
    # A change of user makes a process undumpable, and then its own /proc/self belongs to root.
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)
