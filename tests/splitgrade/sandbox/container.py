"""Runs a command as a container would: ``python container.py ARRANGEMENT COMMAND...``; has to be started by root.

What containers take away is taken away by the system calls that they use themselves: capabilities (Docker's default
set), a filter of system calls that allows no namespaces and mounts, parts of /proc masked, a single user id mapped.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path

from splitgrade.sandbox import namespaces, privileges, seccomp, syscalls, visible

USER = 1000
# Docker's default: chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap, net_bind_service, net_raw,
# sys_chroot, mknod, audit_write, setfcap.
DOCKER = (0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31)
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x50000
_NAMESPACES = 0x7E020000 | 0x02000000
_BIND, _REC, _REMOUNT, _RDONLY = 4096, 16384, 32, 1


def _private_mounts() -> None:
    namespaces.unshare(namespaces.NEW_MOUNTS)
    namespaces._mount("none", "/", None, _REC | (1 << 18))


def mask_proc() -> None:
    """Mask /proc and /sys/fs/cgroup as Docker does."""
    _private_mounts()
    for name in ("acpi", "scsi", "fs", "irq", "bus"):
        if Path("/proc", name).is_dir():
            namespaces._mount("tmpfs", f"/proc/{name}", "tmpfs", _RDONLY, "size=0")
    for name in ("kcore", "keys", "timer_list"):
        if Path("/proc", name).exists():
            namespaces._mount("/dev/null", f"/proc/{name}", None, _BIND)
    namespaces._mount("/proc/sys", "/proc/sys", None, _BIND)
    namespaces._mount(None, "/proc/sys", None, _BIND | _REMOUNT | _RDONLY)
    if Path("/sys/fs/cgroup").is_dir():
        namespaces._mount("tmpfs", "/sys/fs/cgroup", "tmpfs", _RDONLY, "size=0")


def few_capabilities() -> None:
    """Keep those of Docker's default set."""
    for capability in set(range(privileges._last_capability() + 1)) - set(DOCKER):
        syscalls.prctl(syscalls.PR_CAPBSET_DROP, capability)
    low = sum(1 << capability for capability in DOCKER)
    header = ctypes.create_string_buffer(struct.pack("=Ii", 0x20080522, 0))
    syscalls.syscall("capset", header, ctypes.create_string_buffer(struct.pack("=6I", low, low, 0, 0, 0, 0)))


def no_namespaces() -> None:
    """Allow neither new namespaces nor mounts, as Docker's filter does without CAP_SYS_ADMIN."""

    def on(name: str, *body: tuple[int, int, int, int]) -> list[tuple[int, int, int, int]]:
        return [(_EQUAL, 0, len(body), syscalls.number(name)), *body]

    code = [(_LOAD, 0, 0, 0), *on("clone3", (_RETURN, 0, 0, _ERROR | 38))]
    for name in ("unshare", "setns", "mount", "umount2", "pivot_root", "mount_setattr"):
        code += on(name, (_RETURN, 0, 0, _ERROR | 1))
    allow = (_RETURN, 0, 0, _ALLOW)
    code += on("clone", (_LOAD, 0, 0, 16), (_ANY_BIT, 0, 1, _NAMESPACES), (_RETURN, 0, 0, _ERROR | 1), allow)
    seccomp.install(b"".join(struct.pack("=HBBI", *instruction) for instruction in [*code, allow]))


def only_root() -> None:
    """Enter a user namespace in which this user is root, and there is nobody else."""
    user, group = os.getuid(), os.getgid()
    namespaces.unshare(namespaces.NEW_USERS | namespaces.NEW_MOUNTS)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    Path("/proc/self/gid_map").write_text(f"0 {group} 1")


def ordinary_user() -> None:
    """Become a user without any right."""
    privileges.become(USER)


def _frame(folder: Path, inside: Path, mode: str) -> None:
    """Put an empty folder over another, with only `inside` in it."""
    _private_mounts()
    kept = "/mnt"  # a place to mount on, in this namespace
    namespaces._mount("tmpfs", kept, "tmpfs", 0, "mode=755")
    Path(kept, "in").mkdir()
    namespaces._mount(str(inside), f"{kept}/in", None, _BIND | _REC)
    namespaces._mount("tmpfs", str(folder), "tmpfs", 0, f"mode={mode}")
    inside.mkdir(parents=True, exist_ok=True)
    namespaces._mount(f"{kept}/in", str(inside), None, _BIND | _REC)


def open_python() -> None:
    """Let everybody enter the folders of the interpreter."""
    while (closed := visible.closed_folder()) is not None:
        place = visible.import_root() if closed in visible.import_root().parents else Path(sys.base_prefix)
        _frame(closed, place, "755")


def close_python() -> None:
    """Let nobody but root enter the folder of the interpreter, or of this project where that is the system's."""
    if visible.closed_folder() is None:
        own = sys.base_prefix not in ("/usr", "/usr/local")
        place = Path(sys.base_prefix) if own else visible.import_root()
        _frame(place.parent, place, "700")


ARRANGEMENTS: dict[str, tuple[Callable[[], None], ...]] = {
    "docker": (open_python, mask_proc, no_namespaces, few_capabilities),
    "docker, closed": (close_python, mask_proc, no_namespaces, few_capabilities),
    "docker, seccomp unconfined": (open_python, mask_proc, few_capabilities),
    "docker, ordinary user": (open_python, mask_proc, no_namespaces, ordinary_user),
    "ordinary user, /proc masked": (open_python, mask_proc, ordinary_user),
    "only uid 0": (only_root,),
    "rootless, only uid 0": (open_python, mask_proc, ordinary_user, only_root),
    "rootless, only uid 0, no namespaces": (open_python, mask_proc, ordinary_user, only_root, no_namespaces),
}

if __name__ == "__main__":
    for step in ARRANGEMENTS[sys.argv[1]]:
        step()
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - no shell is wanted
