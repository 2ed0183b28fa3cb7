"""The filter itself, run by a small interpreter of its instructions: so both machines are tested on either."""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
import os
import socket
import struct

import pytest

from splitgrade.sandbox import seccomp, syscalls

ALLOW = "allow"
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def decide(program: bytes, machine: str, number: int, *arguments: int) -> str | int:
    """Run the filter as the kernel does (Documentation/networking/filter.rst); an errno, "allow" or "kill"."""
    padded = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack("<IIQ6Q", number, AUDIT[machine], 0, *padded)
    instructions = list(struct.iter_unpack("<HBBI", program))
    counter, accumulator = 0, 0
    while True:
        code, true, false, constant = instructions[counter]
        counter += 1
        if code == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, constant)
        elif code == 0x54:
            accumulator &= constant
        elif code == 0x06:
            return {0x7FFF0000: ALLOW, 0x80000000: "kill"}.get(constant, constant & 0xFFFF)
        else:
            holds = {0x15: accumulator == constant, 0x35: accumulator >= constant, 0x45: bool(accumulator & constant)}
            counter += true if holds[code] else false


@pytest.fixture(params=syscalls.MACHINES)
def machine(request: pytest.FixtureRequest) -> str:
    """Name a machine the filter is written for."""
    return request.param


def test_numbers_are_those_of_libseccomp(machine):
    """Every system call number is the one that libseccomp knows for the machine."""
    library = ctypes.util.find_library("seccomp")
    if library is None and "CI" not in os.environ:
        pytest.skip("libseccomp is not installed, and there is nobody else to ask")
    assert library, "libseccomp is not installed (Debian: apt-get install libseccomp2)"
    resolve = ctypes.CDLL(library).seccomp_syscall_resolve_name_arch
    resolve.argtypes = [ctypes.c_uint32, ctypes.c_char_p]
    for name in syscalls.NUMBERS:
        known = resolve(AUDIT[machine], name.encode())
        assert max(known, -1) == syscalls.number(name, machine), name


@pytest.mark.parametrize("namespaces", [True, False])
@pytest.mark.parametrize("scoped", [True, False])
def test_every_forbidden_call_fails_whatever_its_arguments(machine, namespaces, scoped):
    """Forbidden calls give EPERM, also with arguments that other calls may have."""
    program = seccomp.program(machine, namespaces=namespaces, scoped_signals=scoped, pid=77)
    for name in seccomp.FORBIDDEN + (() if namespaces else seccomp.FORBIDDEN_AMONG_OTHERS):
        number = syscalls.number(name, machine)
        if number >= 0:
            assert decide(program, machine, number, 0) == errno.EPERM, name
            assert decide(program, machine, number, 1, 1, 77, 1) == errno.EPERM, name


def test_a_foreign_machine_and_later_calls_are_not_let_through(machine):
    """Calls of the other machine's numbering kill; the 32-bit numbering and calls of later kernels do not exist."""
    program = seccomp.program(machine)
    other = next(name for name in syscalls.MACHINES if name != machine)
    assert decide(program, other, 0) == "kill"
    assert decide(program, machine, 0x40000000) == errno.EPERM
    assert decide(program, machine, 463) == errno.ENOSYS
    assert decide(program, machine, 0xFFFFFFFF) == errno.EPERM


def test_clone_is_allowed_without_new_namespaces_only(machine):
    """Threads and forks are allowed, new namespaces are not, and the call with hidden flags does not exist."""
    program = seccomp.program(machine)
    clone = syscalls.number("clone", machine)
    threads, users = 0x3D0F00, 0x10000000
    assert decide(program, machine, clone, threads) == ALLOW
    assert decide(program, machine, clone, 17) == ALLOW
    assert decide(program, machine, clone, users | 17) == errno.EPERM
    assert decide(program, machine, syscalls.number("clone3", machine), 0) == errno.ENOSYS


def test_memory_may_be_private_or_a_file_but_not_shared_and_anonymous(machine):
    """Mmap is judged by its flags, the fourth argument."""
    program = seccomp.program(machine)
    mmap = syscalls.number("mmap", machine)
    shared, private, anonymous, stack = 0x01, 0x02, 0x20, 0x20000
    assert decide(program, machine, mmap, 0, 4096, 3, private | anonymous | stack) == ALLOW
    assert decide(program, machine, mmap, 0, 4096, 3, shared) == ALLOW
    assert decide(program, machine, mmap, 0, 4096, 3, shared | anonymous) == errno.EPERM


def test_sockets_are_local_and_without_namespaces_only_pairs(machine):
    """With namespaces local sockets are allowed; without, only pairs that cannot be addressed."""
    call, pair = (syscalls.number(name, machine) for name in ("socket", "socketpair"))
    inside = seccomp.program(machine)
    assert decide(inside, machine, call, socket.AF_UNIX, socket.SOCK_DGRAM) == ALLOW
    for family in (*range(1), *range(2, 64)):
        assert decide(inside, machine, call, family, socket.SOCK_STREAM) == errno.EACCES
    among = seccomp.program(machine, namespaces=False)
    nonblocking = socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC
    assert decide(among, machine, call, socket.AF_UNIX, socket.SOCK_STREAM) == errno.EACCES
    assert decide(among, machine, pair, socket.AF_UNIX, socket.SOCK_STREAM | nonblocking) == ALLOW
    assert decide(among, machine, pair, socket.AF_UNIX, socket.SOCK_SEQPACKET) == ALLOW
    for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW):
        assert decide(among, machine, pair, socket.AF_UNIX, kind | nonblocking) == errno.EACCES


def test_without_any_other_wall_signals_reach_only_the_process_itself(machine):
    """Where neither a PID namespace nor Landlock keeps signals in, the filter does."""
    program = seccomp.program(machine, namespaces=False, scoped_signals=False, pid=77)
    for name in ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"):
        number = syscalls.number(name, machine)
        assert decide(program, machine, number, 77, 9) == ALLOW
        for pid in (1, 78, 0, 0xFFFFFFFF, 0xFFFFFFFF - 76):
            assert decide(program, machine, number, pid, 9) == errno.EPERM
    for name in ("tkill", "pidfd_open", "pidfd_send_signal"):
        assert decide(program, machine, syscalls.number(name, machine), 77) == errno.EPERM
    assert decide(program, machine, syscalls.number("prlimit64", machine), 1) == errno.EPERM
    assert decide(program, machine, syscalls.number("prlimit64", machine), 0) == ALLOW


def test_an_unknown_machine_is_refused():
    """There is no filter for a machine whose numbers are not known."""
    with pytest.raises(OSError, match="riscv64"):
        seccomp.program("riscv64")
