"""Namespaces and mounts: a root folder with only what is needed, and private folders for each child.

Source: namespaces(7), user_namespaces(7), mount_namespaces(7), pivot_root(2).
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from splitgrade.sandbox.limits import Limits
from splitgrade.sandbox.plan import SHARED_MEMORY, TEMPORARY, WORK
from splitgrade.sandbox.syscalls import fork_into, syscall

NEW_MOUNTS: Final = 0x00020000
NEW_HOSTNAME: Final = 0x04000000
NEW_IPC: Final = 0x08000000
NEW_USERS: Final = 0x10000000
NEW_PIDS: Final = 0x20000000
NEW_NETWORK: Final = 0x40000000

_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
_DETACH: Final = 2
_AT_RECURSIVE: Final = 0x8000
_AT_EMPTY_PATH: Final = 0x1000
_DEVICES: Final = ("null", "full", "random", "urandom")  # no /dev/zero: mapping it shared is memory of no process
_USER_INSIDE: Final = 1000


def unshare(flags: int) -> None:
    """Move this process into new namespaces.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    syscall("unshare", flags)


def map_user(user: int, group: int) -> None:
    """Let the user of this new user namespace be `user` of the one around it, and nobody else.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{_USER_INSIDE} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{_USER_INSIDE} {group} 1")


def _mount(source: str | None, target: str, kind: str | None, flags: int, options: str = "") -> None:
    try:
        syscall(
            "mount",
            source.encode() if source else None,
            target.encode(),
            kind.encode() if kind else None,
            flags,
            options.encode() if options else None,
        )
    except OSError as error:
        raise OSError(error.errno, f"mounting {kind or source} on {target}: {os.strerror(error.errno or 0)}") from error


def _make_read_only(target: str) -> None:
    """Make a mount and all below it read-only, without set-uid programs and devices."""
    # struct mount_attr: set, clear, propagation, user namespace
    attributes = ctypes.create_string_buffer(struct.pack("=4Q", _RDONLY | _NOSUID | _NODEV, 0, 0, 0))
    folder = os.open(target, os.O_PATH | os.O_CLOEXEC)
    try:
        syscall("mount_setattr", folder, b"", _AT_EMPTY_PATH | _AT_RECURSIVE, attributes, 32)
    finally:
        os.close(folder)


def _touch(path: Path, *, folder: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if folder:
        path.mkdir(exist_ok=True)
    else:
        path.touch()


def _bind(source: int, target: Path) -> None:
    """Mount what the descriptor `source` stands for on `target`: by descriptor, for the path may be mounted over."""
    _touch(target, folder=os.path.isdir(f"/proc/self/fd/{source}"))  # noqa: PTH112 - follows the magic link
    _mount(f"/proc/self/fd/{source}", str(target), None, _BIND | _REC)
    _make_read_only(str(target))


def _open_all(paths: Iterable[str]) -> dict[str, int]:
    """Open what exists, shallow paths first, so that a folder is mounted before what lies in it."""
    existing = sorted((path for path in set(paths) if os.path.lexists(path)), key=lambda path: (path.count("/"), path))
    return {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in existing if not Path(path).is_symlink()}


def _mount_proc(target: str) -> None:
    try:
        _mount("proc", target, "proc", _NOSUID | _NODEV | _NOEXEC)
    except OSError:
        # A container that masks parts of /proc forbids a fresh one: use the masked one.
        _mount("/proc", target, None, _BIND | _REC)


def _bind_all(root: Path, sources: dict[str, int], hidden: list[str]) -> None:
    """Bind the sources and lay empty folders over the hidden ones, shallow paths first."""
    for path in sorted([*sources, *hidden], key=lambda path: (path.count("/"), path)):
        if path in sources:
            _bind(sources[path], root / path[1:])
        else:
            _mount("tmpfs", str(root / path[1:]), "tmpfs", _NOSUID | _NODEV, "mode=0755,size=64k")
    for path in hidden:  # only now: what is bound below a hidden folder needed a place in it
        _make_read_only(str(root / path[1:]))


def build_root(readable: Iterable[str], hidden: Iterable[str]) -> None:
    """Give this process, alone in new namespaces, a root folder with only `readable` in it, read-only.

    Raises
    ------
    OSError
        If the kernel refuses a mount.
    """
    # All looked up now: the new root is mounted over some of it.
    readable, hidden = list(readable), [path for path in hidden if Path(path).is_dir()]
    _mount("none", "/", None, _REC | _PRIVATE)
    sources = _open_all(readable)
    links = {path: str(Path(path).readlink()) for path in readable if Path(path).is_symlink()}
    root = Path(TEMPORARY)  # any folder would do: it is mounted over in this namespace only
    devices = {name: os.open(f"/dev/{name}", os.O_PATH | os.O_CLOEXEC) for name in _DEVICES}
    _mount("tmpfs", str(root), "tmpfs", _NOSUID | _NODEV, "mode=0755,size=4m")
    for path, target in links.items():
        link = root / path[1:]
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)
    _bind_all(root, sources, hidden)
    for name, source in devices.items():
        _touch(root / "dev" / name, folder=False)
        _mount(f"/proc/self/fd/{source}", str(root / "dev" / name), None, _BIND)
    for name in ("proc", TEMPORARY[1:], WORK[1:], SHARED_MEMORY[1:], "etc"):
        _touch(root / name, folder=True)
    (root / "dev" / "fd").symlink_to("/proc/self/fd")
    (root / "etc" / "passwd").write_text(f"student:x:{_USER_INSIDE}:{_USER_INSIDE}::{WORK}:/usr/sbin/nologin\n")
    (root / "etc" / "group").write_text(f"student:x:{_USER_INSIDE}:\n")
    _mount_proc(str(root / "proc"))
    for source in (*sources.values(), *devices.values()):
        os.close(source)
    os.chdir(root)
    syscall("pivot_root", b".", b".")  # the old root now lies over the new one
    syscall("umount2", b".", _DETACH)
    os.chdir("/")
    _mount(None, "/", None, _BIND | _REMOUNT | _RDONLY | _NOSUID | _NODEV)


def temporary_folder(readable: Iterable[str], size_mb: int) -> None:
    """Mount an empty folder over /tmp; what of `readable` lies below /tmp stays visible.

    Raises
    ------
    OSError
        If the kernel refuses a mount.
    """
    below = {path for path in readable if path.startswith(TEMPORARY + "/")}
    # What lies in another of them comes with it, and so do the empty folders over what is hidden there.
    kept = _open_all(path for path in below if not any(str(above) in below for above in Path(path).parents))
    _mount("tmpfs", TEMPORARY, "tmpfs", _NOSUID | _NODEV, f"mode=1777,size={size_mb}m,nr_inodes=4096")
    for path, source in kept.items():
        _bind(source, Path(path))
        os.close(source)


def private_folders(limits: Limits, readable: Iterable[str]) -> None:
    """Give this child, alone in new namespaces, its own /proc, /tmp, work folder and shared memory.

    Raises
    ------
    OSError
        If the kernel refuses a mount.
    """
    _mount("none", "/", None, _REC | _PRIVATE)
    temporary_folder(readable, limits.tmp_mb)  # while there is a /proc: what stays visible is mounted through it
    try:
        _mount("proc", "/proc", "proc", _NOSUID | _NODEV | _NOEXEC)
    except OSError:  # forbidden in a container that masks parts of /proc: then the child has none
        _mount("tmpfs", "/proc", "tmpfs", _RDONLY | _NOSUID | _NODEV | _NOEXEC, "size=4k")
    for path in (WORK, SHARED_MEMORY):
        options = f"mode=0700,size={limits.tmp_mb}m,nr_inodes={limits.tmp_files}"
        _mount("tmpfs", path, "tmpfs", _NOSUID | _NODEV, options)


def fork_child(*, network: bool) -> int:
    """Fork into new user, mount, PID and IPC namespaces, and an empty network if asked; returns 0 in the child.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    return fork_into(NEW_USERS | NEW_MOUNTS | NEW_PIDS | NEW_IPC | (NEW_NETWORK if network else 0))
