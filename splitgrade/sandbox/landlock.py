"""Landlock: which files a process may open, no TCP, no signals and abstract sockets out of its domain.

Source: the kernel's documentation, userspace-api/landlock.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from splitgrade.sandbox.syscalls import no_new_privileges, syscall

EXECUTE: Final = 1 << 0
WRITE_FILE: Final = 1 << 1
READ_FILE: Final = 1 << 2
READ_DIR: Final = 1 << 3
TRUNCATE: Final = 1 << 14
IOCTL_DEV: Final = 1 << 15
_RIGHTS_OF_FILES: Final = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
_READ: Final = EXECUTE | READ_FILE | READ_DIR
_NET_BIND_AND_CONNECT: Final = 0b11
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS: Final = 0b11
# ABI -> highest file right it knows: 1 everything up to make_sym, 2 + refer, 3 + truncate, 5 + ioctl_dev
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scope", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("access", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """Return the version of the kernel's Landlock, 0 where it is missing or switched off."""
    version_request = 1
    try:
        return syscall("landlock_create_ruleset", None, 0, version_request)
    except OSError:
        return 0


def _add(ruleset: int, path: Path, access: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):  # what is not there, or closed to this user, needs no permission
        return
    try:
        if not stat.S_ISDIR(os.fstat(parent).st_mode):
            access &= _RIGHTS_OF_FILES
        rule = _PathBeneath(access, parent)
        rule_type_path_beneath = 1
        syscall("landlock_add_rule", ruleset, rule_type_path_beneath, ctypes.addressof(rule), 0)
    finally:
        os.close(parent)


def restrict(
    version: int, *, readable: Iterable[Path], writable: Iterable[Path], listable: Iterable[Path] = ()
) -> None:
    """Forbid this process, for good, every file but those named.

    Parameters
    ----------
    version
        The kernel's Landlock ABI, see `abi`.
    readable
        Files and folders to read and run.
    writable
        Files and folders to read, write and delete in.
    listable
        Folders whose names may be listed, without the files in them being readable.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    handled = (1 << _FILE_RIGHTS[min(version, 5)]) - 1
    attributes = _Ruleset(
        handled,
        _NET_BIND_AND_CONNECT if version >= 4 else 0,
        _SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0,
    )
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = syscall("landlock_create_ruleset", ctypes.addressof(attributes), size, 0)
    try:
        for paths, access in ((readable, _READ), (writable, handled), (listable, READ_DIR)):
            for path in paths:
                _add(ruleset, path, access & handled)
        no_new_privileges()
        syscall("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)
