"""System calls that Python's standard library does not offer, through ctypes.

Why not a package: the layers are six system calls. `pyseccomp` is a thin wrapper without a release since 2021 and
needs libseccomp on the machine, which a fresh machine may lack; the Landlock bindings on PyPI are pre-releases or a
few months old. Each of them would be loaded into the process that runs hostile code.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import sys
from typing import Final

# Numbers differ between machines: (x86_64, aarch64); -1 where the machine has no such call.
NUMBERS: Final[dict[str, tuple[int, int]]] = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "adjtimex": (159, 171),
    "bpf": (321, 280),
    "capset": (126, 91),
    "chmod": (90, -1),
    "chown": (92, -1),
    "chroot": (161, 51),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "clone": (56, 220),
    "clone3": (435, 435),
    "delete_module": (176, 106),
    "fanotify_init": (300, 262),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "finit_module": (313, 273),
    "fsconfig": (431, 431),
    "fsetxattr": (190, 7),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "futimesat": (261, -1),
    "init_module": (175, 105),
    "inotify_init": (253, -1),
    "inotify_init1": (294, 26),
    "io_setup": (206, 0),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "ioperm": (173, -1),
    "iopl": (172, -1),
    "ioprio_set": (251, 30),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "kill": (62, 129),
    "landlock_add_rule": (445, 445),
    "landlock_create_ruleset": (444, 444),
    "landlock_restrict_self": (446, 446),
    "lchown": (94, -1),
    "lookup_dcookie": (212, 18),
    "madvise": (28, 233),
    "lremovexattr": (198, 15),
    "lsetxattr": (189, 6),
    "mbind": (237, 235),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "migrate_pages": (256, 238),
    "mmap": (9, 222),
    "modify_ldt": (154, -1),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "move_pages": (279, 239),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "name_to_handle_at": (303, 264),
    "nfsservctl": (180, 42),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "pivot_root": (155, 41),
    "prlimit64": (302, 261),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "reboot": (169, 142),
    "remap_file_pages": (216, 234),
    "removexattr": (197, 14),
    "request_key": (249, 218),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "semget": (64, 190),
    "set_mempolicy": (238, 237),
    "setdomainname": (171, 162),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "setpgid": (109, 154),
    "setpriority": (141, 140),
    "setsid": (112, 157),
    "settimeofday": (164, 170),
    "setxattr": (188, 5),
    "shmat": (30, 196),
    "shmget": (29, 194),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "tgkill": (234, 131),
    "tkill": (200, 130),
    "truncate": (76, 45),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "uselib": (134, -1),
    "userfaultfd": (323, 282),
    "utime": (132, -1),
    "utimensat": (280, 88),
    "utimes": (235, -1),
    "vhangup": (153, 58),
    "vmsplice": (278, 75),
}
MACHINES: Final = ("x86_64", "aarch64")

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_SET_KEEPCAPS: Final = 8
PR_SET_SECCOMP: Final = 22
PR_CAPBSET_DROP: Final = 24
PR_SET_NO_NEW_PRIVS: Final = 38
PR_GET_TID_ADDRESS: Final = 40
PR_CAP_AMBIENT: Final = 47

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
# PyDLL keeps the GIL during the call: a fork between release and re-acquire would leave the child without it.
_libc_with_gil = ctypes.PyDLL(None, use_errno=True) if sys.platform == "linux" else None


def number(name: str, machine: str | None = None) -> int:
    """Return the number of a system call on `machine` (this one by default).

    Raises
    ------
    OSError
        If the machine is neither x86_64 nor aarch64.
    """
    machine = machine or platform.machine()
    if machine not in MACHINES:
        raise OSError(f"the sandbox knows the machines {', '.join(MACHINES)}, this one is {machine}")
    return NUMBERS[name][MACHINES.index(machine)]


def checked(result: int, what: str) -> int:
    """Return `result`, or raise the OSError that errno tells of when it is negative."""
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def syscall(name: str, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """Call the kernel by name.

    Raises
    ------
    OSError
        If the kernel refuses or the platform is not Linux.
    """
    if _libc is None:
        raise OSError(f"the sandbox needs Linux, this is {sys.platform}")
    # Plain ints would be passed as 32 bits, addresses and flags are 64.
    words = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return checked(int(_libc.syscall(ctypes.c_long(number(name)), *words)), name)


def prctl(option: int, *arguments: int) -> int:
    """Call prctl(2); missing arguments are 0, as the kernel demands.

    Raises
    ------
    OSError
        If the kernel refuses or the platform is not Linux.
    """
    if _libc is None:
        raise OSError(f"the sandbox needs Linux, this is {sys.platform}")
    words = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    return checked(int(_libc.prctl(ctypes.c_int(option), *words)), f"prctl({option})")


def no_new_privileges() -> None:
    """Give up, for this process and all after it, what set-uid programs could give."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _thread_id_address() -> int:
    # Where the C library keeps this thread's id: the kernel corrects it in the child, as it does for fork().
    address = ctypes.c_ulong(0)
    try:
        prctl(PR_GET_TID_ADDRESS, ctypes.addressof(address))
    except OSError:  # a kernel built without checkpoint support; the id is read nowhere that matters to us
        return 0
    return address.value


def fork_into(flags: int) -> int:
    """Fork into new namespaces in one step; like os.fork(), returns 0 in the child.

    os.fork() followed by unshare() would not do: a new PID namespace holds only what is forked afterwards, and
    forking a warm interpreter twice costs twice.

    Raises
    ------
    OSError
        If the kernel refuses or the platform is not Linux.
    """
    if _libc_with_gil is None:
        raise OSError(f"the sandbox needs Linux, this is {sys.platform}")
    clone_child_settid, clone_child_cleartid = 0x01000000, 0x00200000
    address = _thread_id_address()
    if address:
        flags |= clone_child_settid | clone_child_cleartid
    # x86_64: flags, stack, parent_tid, child_tid, tls; aarch64 has the last two the other way round.
    tail = (address, 0) if platform.machine() == "x86_64" else (0, address)
    words = [ctypes.c_ulong(word) for word in (flags | signal.SIGCHLD, 0, 0, *tail)]
    call = ctypes.c_long(number("clone"))
    api = ctypes.pythonapi
    api.PyOS_BeforeFork()
    pid = int(_libc_with_gil.syscall(call, *words))
    if pid == 0:
        api.PyOS_AfterFork_Child()
    else:
        api.PyOS_AfterFork_Parent()
    return checked(pid, "clone")
