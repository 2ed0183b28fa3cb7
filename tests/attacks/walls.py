"""Attacks on the walls themselves: what the kernel, the file systems and the interpreter tell or keep."""

from __future__ import annotations

from tests.attacks.attack import Attack
from tests.attacks.leaks import reads

SECRETS = """
import ctypes, glob, os
def search(content, where):
    for secret in ("grader" + "-secret", "HIDDEN" + " TESTS", "BEGIN" + " SOLUTION", "a sum has no" + " order, says"):
        if secret.encode() in content: tell(where, secret)
def read(path, size=1 << 20):
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try: return os.read(descriptor, size)
        finally: os.close(descriptor)
    except OSError: return b""
libc = ctypes.CDLL(None, use_errno=True)
"""


def looks(name: str, code: str, *, host: bool = True) -> Attack:
    """Return a right submission whose last answer also looks for secrets of the grader."""
    return reads(name, lambda root: SECRETS + code.replace("ROOT", repr(str(root))), host=host)


PROC = (
    looks(
        "files-of-the-kernel",
        """
for path in glob.glob("/proc/*") + glob.glob("/proc/sys/kernel/*") + glob.glob("/proc/self/*") + glob.glob("/proc/1/*"):
    if os.path.isfile(path) and not path.endswith(("kmsg", "kcore", "trace_pipe", "mem", "pagemap", "clear_refs")):
        search(read(path), path)
for path in ("/dev/mem", "/dev/kmem", "/dev/kmsg", "/proc/kcore", "/proc/kmsg", "/sys/kernel", "/dev/port"):
    if read(path, 100) or os.path.isdir(path): tell(path)
""",
    ),
    looks(
        "its-own-memory",
        """
import re
size = 0
for line in open("/proc/self/maps"):
    place, rights, *_ = line.split()
    begin, end = (int(part, 16) for part in place.split("-"))
    if rights.startswith("rw") and end - begin < 64 << 20 and size < 64 << 20:
        size += end - begin
        try:
            with open("/proc/self/mem", "rb", 0) as memory:
                memory.seek(begin)
                if re.search(rb"73[0]20[1]", memory.read(end - begin)): tell(place)
        except (OSError, ValueError): pass
""",
    ),
    looks(
        "descriptors-left-open",
        """
import socket, stat
for number in range(3, 256):
    try: kind = os.fstat(number).st_mode
    except OSError: continue
    target = os.readlink(f"/proc/self/fd/{number}")
    if stat.S_ISREG(kind):
        search(os.pread(number, 1 << 20, 0), target)
    elif stat.S_ISDIR(kind):
        tell(target, os.listdir(number))
    elif stat.S_ISSOCK(kind) and socket.socket(fileno=os.dup(number)).family != socket.AF_UNIX:
        tell(target)
""",
    ),
)

CALLS = (
    looks(
        "calls-of-the-kernel",
        """
calls = {"ptrace": (101, 16, 1), "process_vm_readv": (310, 1, 0, 0, 0, 0, 0), "bpf": (321, 0, 0, 0),
         "keyctl": (250, 0, -3, 0), "perf_event_open": (298, 0, 0, -1, -1, 0), "userfaultfd": (323, 0),
         "io_uring_setup": (425, 8, 0),
         "pidfd_getfd": (438, 3, 0, 0), "open_by_handle_at": (304, -100, 0, 0), "syslog": (103, 3, 0, 0),
         "mount": (165, 0, 0, 0, 0, 0), "unshare": (272, 0x10000000), "setns": (308, 0, 0),
         "memfd_create": (319, b"x", 0), "shmget": (29, 5, 4096, 0o1777), "msgget": (68, 5, 0o1777),
         "add_key": (248, b"user", b"x", b"y", 1, -3)}
import platform
for name, call in calls.items() if platform.machine() == "x86_64" else ():
    if libc.syscall(*(ctypes.c_long(x) if isinstance(x, int) else x for x in call)) >= 0: tell(name)
""",
        host=False,
    ),
    looks(
        "sockets-of-every-family",
        """
import socket
for family in range(1, 46):
    for kind in (1, 2, 3, 5):
        try: socket.socket(family, kind)
        except (OSError, ValueError): continue
        if family != socket.AF_UNIX: tell(family, kind)
for name in ("\\0/tmp/dbus", "\\0/containerd-shim", "/var/run/docker.sock", "/run/dbus/system_bus_socket"):
    try: tell(socket.socket(socket.AF_UNIX).connect(name))
    except OSError: pass
""",
    ),
    looks(
        "descriptors-sent-to-the-grader",
        """
import array, gc, socket
for wire in [o for o in gc.get_objects() if isinstance(o, socket.socket)]:
    try:
        wire.sendmsg([b""], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0] * 64))])
        wire.send(b"x", socket.MSG_OOB)
    except OSError: pass
    try: tell(wire.recvmsg(1 << 16, 1 << 12, socket.MSG_PEEK | socket.MSG_DONTWAIT)[1][0])
    except (OSError, IndexError): pass
""",
    ),
)

STORED = (
    looks(
        "writes-where-the-next-one-reads",
        """
import sys, sysconfig
for folder in {*sys.path, sysconfig.get_paths()["purelib"], "/", "/etc", "/usr/lib",
               "/var/tmp", "/run", "/dev", ROOT, os.path.dirname(os.__file__)}:
    try:
        with open(os.path.join(folder or ".", "left-behind.pth"), "w"): pass
        # below /tmp all is the process's own, also the folder of a checkout that lies there
        if folder != os.getcwd() and not folder.startswith("/tmp/"): tell(folder)
    except OSError: pass
for module in list(sys.modules.values()):
    file = getattr(module, "__file__", None) or ""
    if file and not file.startswith(os.getcwd()) and os.access(file, os.W_OK): tell(file)
""",
        host=False,
    ),
    looks(
        "names-of-what-is-installed",
        """
import importlib.util, sys
for name in ("cnn_ref", "grader_tests", "splitgrade.nbgrader", "cnn_course.course", "demo", "authoring",
             "splitgrade.submission.restore"):
    try: found = importlib.util.find_spec(name)
    except (ImportError, ValueError): continue
    if found is not None and found.origin and os.path.exists(found.origin): tell(found.origin)
for module in sys.modules:
    if module.startswith(("grader_tests", "cnn_ref", "nbgrader", "nbconvert")): tell(module)
""",
    ),
)

WALLS = (*PROC, *CALLS, *STORED)
