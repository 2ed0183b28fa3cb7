"""seccomp: which system calls a process may make.

A filter of its own instead of libseccomp's: see `syscalls`. What is forbidden fails with an errno, so that a library
that only tries falls back; calls newer than this list do not exist (ENOSYS).
Source: the kernel's documentation, userspace-api/seccomp_filter.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import platform
import socket
import struct
from collections.abc import Callable
from typing import Final

from splitgrade.sandbox import syscalls

_AUDIT_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NEWEST: Final = 462  # mseal, Linux 6.10: the last number this list has seen
_X32_BIT: Final = 0x40000000
_NEW_NAMESPACES: Final = 0x7E020000  # every CLONE_NEW* that clone() takes
_MAP_SHARED_ANONYMOUS: Final = 0x21

_LOAD, _AND, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_NUMBER, _ARCH, _ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data; both machines are little-endian

FORBIDDEN: Final = (
    # other processes
    *("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "pidfd_getfd", "kcmp"),
    *("move_pages", "migrate_pages"),
    # mounts and namespaces
    *("mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "fsopen", "fsconfig", "fsmount", "fspick"),
    *("move_mount", "open_tree", "mount_setattr", "name_to_handle_at", "open_by_handle_at", "fanotify_init"),
    # large or rarely audited parts of the kernel
    *("bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "io_setup"),
    *("keyctl", "add_key", "request_key", "personality", "modify_ldt", "remap_file_pages", "vmsplice", "uselib"),
    *("lookup_dcookie", "nfsservctl", "mbind", "set_mempolicy", "ioperm", "iopl", "syslog", "vhangup"),
    # memory that belongs to no process, which a watchdog would not see
    *("memfd_create", "memfd_secret", "shmget", "shmat", "msgget", "semget", "mq_open"),
    # the machine
    *("kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "reboot", "swapon", "swapoff"),
    *("settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "sethostname", "setdomainname", "acct"),
    *("quotactl", "quotactl_fd"),
    "setsid",  # each child is one session, which may have a share of the processor; not one more each time
)
# Without a PID namespace a process sees others of its user, and leaving the session would hide from the final sweep.
FORBIDDEN_AMONG_OTHERS: Final = (
    *("setpgid", "setpriority", "ioprio_set", "sched_setaffinity", "sched_setattr", "sched_setparam"),
    "sched_setscheduler",
    # what Landlock does not guard: the rights and times of files that the same user owns, and watching them
    *("chmod", "fchmodat", "fchmodat2", "chown", "lchown", "fchownat", "truncate", "utime", "utimes", "futimesat"),
    *(
        "fchmod",
        "fchown",
        "fsetxattr",
        "utimensat",
        "setxattr",
        "lsetxattr",
        "removexattr",
        "lremovexattr",
        "inotify_init",
        "inotify_init1",
    ),
)
_SIGNALS_BY_PID: Final = ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo")
_SIGNALS_OTHERWISE: Final = ("tkill", "pidfd_open", "pidfd_send_signal")

Instruction = tuple[int, int, int, int]


def _fail(code: int) -> Instruction:
    return (_RETURN, 0, 0, 0x00050000 | code)


def _load(offset: int) -> Instruction:
    return (_LOAD, 0, 0, offset)


def _when(call: int, body: list[Instruction]) -> list[Instruction]:
    """Run `body`, which ends in a return, for one system call."""
    return [(_EQUAL, 0, len(body), call), *body]


def _only(argument: int, allowed: tuple[int, ...], code: int, mask: int = 0xFFFFFFFF) -> list[Instruction]:
    """Allow the call when the low half of an argument is one of `allowed`, else fail with `code`."""
    tests: list[Instruction] = [
        (_EQUAL, len(allowed) - index, 0, value & 0xFFFFFFFF) for index, value in enumerate(allowed)
    ]
    return [_load(_ARGUMENT + 8 * argument), (_AND, 0, 0, mask), *tests, _fail(code), (_RETURN, 0, 0, _ALLOW)]


def _sockets(call: Callable[[str], int], namespaces: bool) -> list[Instruction]:
    if namespaces:
        return _when(call("socket"), _only(0, (socket.AF_UNIX,), errno.EACCES))
    # Landlock does not guard sockets that have a path, such as a container manager's: no socket that can be
    # addressed. A connected stream pair cannot; a datagram pair can.
    kinds = (socket.SOCK_STREAM, socket.SOCK_SEQPACKET)
    return [
        *_when(call("socket"), [_fail(errno.EACCES)]),
        *_when(call("socketpair"), _only(1, kinds, errno.EACCES, mask=0xF)),
    ]


@functools.lru_cache(maxsize=8)
def program(machine: str | None = None, *, namespaces: bool = True, scoped_signals: bool = True, pid: int = 1) -> bytes:
    """Return the filter as an array of struct sock_filter.

    Parameters
    ----------
    machine
        x86_64 or aarch64; this machine by default.
    namespaces
        Whether the process has PID, mount and network namespaces of its own; without them it may have no socket
        with an address and may not leave its session.
    scoped_signals
        Whether Landlock keeps its signals inside (ABI 6); without it and without namespaces, only `pid` can be
        signalled.
    pid
        The process itself, where it is restricted to that.

    Raises
    ------
    OSError
        If the machine is unknown.
    """
    machine = machine or platform.machine()

    def call(name: str) -> int:
        return syscalls.number(name, machine)

    code: list[Instruction] = [
        *[_load(_ARCH), (_EQUAL, 1, 0, _AUDIT_ARCH.get(machine, 0)), (_RETURN, 0, 0, _KILL), _load(_NUMBER)],
        *[(_AT_LEAST, 0, 1, _X32_BIT), _fail(errno.EPERM), (_AT_LEAST, 0, 1, _NEWEST + 1), _fail(errno.ENOSYS)],
        # clone3 hides its flags behind a pointer; the C library falls back to clone
        *_when(call("clone3"), [_fail(errno.ENOSYS)]),
        *_when(
            call("clone"),
            [_load(_ARGUMENT), (_ANY_BIT, 0, 1, _NEW_NAMESPACES), _fail(errno.EPERM), (_RETURN, 0, 0, _ALLOW)],
        ),
        # shared anonymous memory can be filled and dropped from the resident set without being freed
        *_when(
            call("mmap"),
            [
                *[_load(_ARGUMENT + 24), (_AND, 0, 0, _MAP_SHARED_ANONYMOUS)],
                *[(_EQUAL, 0, 1, _MAP_SHARED_ANONYMOUS), _fail(errno.EPERM), (_RETURN, 0, 0, _ALLOW)],
            ],
        ),
    ]
    code += _sockets(call, namespaces)
    forbidden = list(FORBIDDEN)
    if not namespaces:
        forbidden += FORBIDDEN_AMONG_OTHERS
        code += _when(call("prlimit64"), _only(0, (0, pid), errno.EPERM))
        if not scoped_signals:
            forbidden += _SIGNALS_OTHERWISE
            for name in _SIGNALS_BY_PID:
                code += _when(call(name), _only(0, (pid,), errno.EPERM))
    for name in forbidden:
        if call(name) >= 0:
            code += _when(call(name), [_fail(errno.EPERM)])
    code.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


def install(code: bytes) -> None:
    """Put the filter on this process and all after it, for good.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    buffer = ctypes.create_string_buffer(code, len(code))
    # struct sock_fprog: a 16-bit count, padding, the address
    header = ctypes.create_string_buffer(struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer)))
    syscalls.no_new_privileges()
    mode_filter = 2
    syscalls.prctl(syscalls.PR_SET_SECCOMP, mode_filter, ctypes.addressof(header))


def available() -> bool:
    """Say whether the kernel has seccomp filters: it answers EFAULT to a filter at address 0, EINVAL without them."""
    try:
        syscalls.prctl(syscalls.PR_SET_SECCOMP, 2, 0)
    except OSError as error:
        return error.errno == errno.EFAULT
    raise OSError("the kernel took a filter at address 0")
