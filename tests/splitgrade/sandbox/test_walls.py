"""What a confined process tries from inside, with every arrangement of layers."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from splitgrade.sandbox import syscalls, visible
from splitgrade.sandbox.seccomp import FORBIDDEN

ROOT = visible.import_root()
NO_ENTRY = {"PermissionError", "FileNotFoundError", "NotADirectoryError"}


# Of eight times 80 MiB two fit; the kernel ends the others one by one where it does not end the whole child.
COUNT_THE_KILLED = """
result = 0
until = time.monotonic() + 20
while result < 6 and time.monotonic() < until:
    result += os.waitpid(-1, os.WNOHANG)[1] == 9
    time.sleep(0.01)
"""


@pytest.fixture
def secret(shared_folder: Path) -> Path:
    """Make a file of the grader that every user may read and write."""
    path = shared_folder / "gradebook.db"
    path.write_text("points")
    path.chmod(0o666)
    return path


@pytest.mark.parametrize(
    "path",
    [
        *(
            "pyproject.toml",
            "nbgrader_config.py",
            "docs/architecture.md",
            "cnn_course/commands/main.py",
            "tests/conftest.py",
        ),
        *("/etc/shadow", "/etc/hostname", "/root/.profile", "/proc/1/mem", "/dev/mem", "/dev/zero", "/dev/fuse"),
    ],
)
def test_no_file_of_the_course_or_the_machine_can_be_read(attacker, path):
    """A file that is neither the interpreter's nor the child's own cannot be opened."""
    full = path if path.startswith("/") else str(ROOT / path)
    assert attacker.error(f"open({full!r}, 'rb').read(1); raise SystemExit('readable')") in NO_ENTRY | {"OSError"}


@pytest.mark.parametrize("folder", ["", "cnn_ref", "grader_tests", "source", "authoring", "submitted", "tests"])
def test_no_answer_can_be_imported_or_listed(attacker, folder):
    """The folders of the project are not there, or cannot be listed; at most the parts that run inside are seen."""
    answer = attacker.run(f"result = os.listdir({str(ROOT / folder)!r})")
    seen = set(answer.get("result", []))
    assert "error" in answer or seen <= {"splitgrade", "tests", ".venv", "__pycache__"}, answer


@pytest.mark.parametrize("name", ["cnn_ref", "grader_tests", "cnn_course.commands.main", "splitgrade.nbgrader.execute"])
def test_modules_that_know_answers_cannot_be_imported(attacker, name):
    """Importing the reference, the checks or the machinery fails."""
    assert attacker.error(f"import {name}") in {"ModuleNotFoundError", "ImportError", "PermissionError"}


def test_a_file_of_another_user_can_be_neither_read_nor_changed(attacker, secret):
    """Reading, writing, truncating, removing, renaming and changing rights and times of the host's files fail."""
    for attempt in (
        *("open({0!r})", "open({0!r}, 'w')", "os.truncate({0!r}, 0)", "os.unlink({0!r})", "os.chmod({0!r}, 0)"),
        *(
            "os.rename({0!r}, {0!r} + 'x')",
            "os.utime({0!r}, (0, 0))",
            "os.link({0!r}, 'mine')",
            "os.chown({0!r}, 0, 0)",
        ),
        *("os.setxattr({0!r}, 'user.x', b'x')", "os.mkdir({0!r} + 'x')", "os.symlink('x', {0!r} + 'x')"),
    ):
        # a link from one folder into another is "across devices" (OSError) to Landlock
        assert attacker.error(attempt.format(str(secret))) in NO_ENTRY | {"OSError"}, attempt
    assert secret.read_text() == "points"
    assert secret.stat().st_mode & 0o777 == 0o666
    assert secret.stat().st_mtime > 0
    assert list(secret.parent.iterdir()) == [secret]


@pytest.mark.parametrize(
    "folder", [sys.prefix, sys.base_prefix, "/usr/bin", "/usr/lib", "/etc", "/", "/dev", str(ROOT), "/proc", "/var"]
)
def test_nothing_can_be_written_outside_the_private_folders(attacker, folder):
    """Making a file next to the interpreter, in the system or in the project fails, or stays in a private folder."""
    error = attacker.run(f"open({folder + '/planted'!r}, 'w')")
    private = Path(folder).is_relative_to("/tmp")  # noqa: S108 - a checkout there lies behind the child's own folder
    assert error.get("error") in NO_ENTRY | {"OSError"} or private, error
    assert not Path(folder, "planted").exists()


def test_the_work_folder_holds_the_given_files_and_can_be_written(spawn):
    """Files of the request lie in the current folder, which is private, writable and also HOME."""
    attacker = spawn(files={"data/x.csv": b"1,2", "big.bin": bytes(3 << 20)})
    assert attacker.result("open('y', 'w').write('z'); result = [open('data/x.csv').read(), os.listdir('.')]") == [
        "1,2",
        ["data", "big.bin", "y"],
    ] or set(attacker.result("result = os.listdir('.')")) == {"data", "big.bin", "y"}
    assert attacker.result("result = os.environ['HOME'] == os.getcwd()") is True
    assert attacker.result("import tempfile; f = tempfile.NamedTemporaryFile(); result = f.write(b'x')") == 1


def test_work_folders_of_two_children_are_not_shared(spawn):
    """What one child writes into its folders, another one does not find."""
    first, second = spawn(), spawn()
    paths = first.result(
        "import tempfile\nresult = [os.path.abspath('mine'), tempfile.gettempdir() + '/mine', '/dev/shm/mine']\n"
        "for path in result[:2]: open(path, 'w').write('x')"
    )
    for path in paths:
        assert second.error(f"open({path!r})") in NO_ENTRY


def test_the_environment_of_the_grader_is_not_passed_on(spawn):
    """Neither os.environ nor /proc shows a variable of the grader; what the request names is there."""
    attacker = spawn(environment={"SPLITGRADE_SEED": "7"})
    names = attacker.result("result = sorted(os.environ)")
    assert "CNN_COURSE_TEST_MARKER" not in names
    assert "SPLITGRADE_SEED" in names
    assert "CNN_COURSE_TEST_MARKER" in os.environ
    answer = attacker.run("result = 'CNN_COURSE_TEST_MARKER' in open('/proc/self/environ').read()")
    assert answer.get("result") is False, answer


def test_other_processes_are_not_seen(attacker):
    """/proc shows no process but the child's own."""
    answer = attacker.run("result = [name for name in os.listdir('/proc') if name.isdigit()]")
    assert answer.get("result", ["1"]) == ["1"], answer
    for name in ("environ", "cmdline", "mem", "maps", "cwd/pyproject.toml", "fd/0"):
        assert attacker.error(f"open('/proc/{os.getpid()}/{name}')") in NO_ENTRY


def test_descriptors_of_the_sandbox_are_not_inherited(attacker):
    """A child holds its standard streams, its channel and what libraries keep open, nothing of the fork server's."""
    targets = attacker.result(
        "result = []\nfor name in os.listdir('/proc/self/fd'):\n"
        "    try: result.append(os.readlink('/proc/self/fd/' + name))\n    except OSError: pass"
    )
    assert targets.count("/dev/null") == 3
    assert len([target for target in targets if target.startswith("socket:")]) == 1
    libraries = [target for target in targets if ".so" in target or target == os.path.realpath(sys.executable)]
    assert len(libraries) in (1, 2), targets  # the attacker's, and libffi's where it is built so
    assert len(targets) == 4 + len(libraries), targets


def test_the_file_of_a_library_carries_no_word(spawn):
    """What libraries keep open is each child's own: where one reads in it, no other sees."""
    first, second = spawn(), spawn()
    assert first.result("result = os.lseek(library, 7, os.SEEK_SET)") == 7
    for other in (second, spawn()):
        assert other.result("result = os.lseek(library, 0, os.SEEK_CUR)") == 0
        assert other.result("result = os.pread(library, 4, 0).hex()") == b"\x7fELF".hex()
        assert other.error("os.write(library, b'word')") == "OSError"


def test_no_socket_reaches_out(attacker):
    """No family of sockets can be had but local ones, and those only where nothing but the child is local."""
    families = attacker.result(
        "result = set()\n"
        "for family in range(64):\n"
        "    for kind in (1, 2, 3, 5):\n"
        "        try: socket.socket(family, kind)\n"
        "        except OSError: continue\n"
        "        result.add(family)\n"
        "result = sorted(result)"
    )
    assert families in ([], [socket.AF_UNIX])


def test_sockets_of_the_host_cannot_be_reached(attacker, secret):
    """A local socket of the host answers neither by its path nor by its abstract name."""
    path = str(secret.parent / "s")
    for address in (path, "\0cnn-course-test"):
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(address)
            listening.listen()
            assert attacker.error(f"socket.socket(socket.AF_UNIX).connect({address!r})") in {
                *NO_ENTRY,
                "ConnectionRefusedError",
            }
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as receiving:
        receiving.bind(path + "d")
        datagram = "a, b = socket.socketpair(type=socket.SOCK_DGRAM); a.sendto(b'x', {0!r})"
        assert attacker.error(datagram.format(path + "d")) in NO_ENTRY


def test_a_stream_pair_works(attacker):
    """What asyncio needs, a connected pair of sockets, can be had."""
    assert attacker.result("a, b = socket.socketpair(); a.send(b'xy'); result = len(b.recv(9))") == 2
    assert attacker.result("import asyncio; result = asyncio.run(asyncio.sleep(0, 5))") == 5


def test_forbidden_calls_fail(attacker):
    """Calls that reach other processes, mounts, the machine or unaudited parts of the kernel are refused."""
    numbers = {name: syscalls.number(name) for name in FORBIDDEN if syscalls.number(name) >= 0}
    code = (
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        f"numbers = {numbers}\n"
        "result = {name: [libc.syscall(numbers[name], 0, 0, 0, 0, 0), ctypes.get_errno()] for name in numbers}"
    )
    answers = attacker.result(code)
    assert set(answers) == set(numbers)
    assert {name: answer for name, answer in answers.items() if answer != [-1, 1]} == {}


@pytest.mark.parametrize("flag", [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000])
def test_no_new_namespace(attacker, flag):
    """A child cannot clone itself into further namespaces, by the old call or the new one."""
    code = (
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "result = [libc.syscall({0}, ctypes.c_long({1}), 0, 0, 0, 0), ctypes.get_errno()]"
    )
    assert attacker.result(code.format(syscalls.number("clone"), flag | 17)) == [-1, 1]
    assert attacker.result(code.format(syscalls.number("clone3"), 0)) == [-1, 38]


def test_no_rights_are_left_and_none_come_back(attacker):
    """No user but an ordinary one, no capability beyond reading, no set-uid, no limit that can be raised."""
    status = attacker.result("result = open('/proc/self/status').read()")
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert "0" not in fields["Uid"].split()
    may_read = 1 << 2
    assert int(fields["CapEff"], 16) & ~may_read == 0
    assert int(fields["CapPrm"], 16) & ~may_read == 0
    assert int(fields["CapInh"], 16) == 0
    assert fields["NoNewPrivs"] == "1"
    assert fields["Seccomp"] == "2"
    for attempt in ("os.setuid(0)", "os.setgid(0)", "os.setgroups([0])", "os.setresuid(0, 0, 0)"):
        assert attacker.error(attempt) in {"PermissionError", "OSError"}, attempt
    for kind in ("NPROC", "NOFILE", "AS", "FSIZE"):
        code = f"import resource as r\nk = r.RLIMIT_{kind}\nr.setrlimit(k, (r.getrlimit(k)[1] + 1,) * 2)"
        assert attacker.error(code) in {"ValueError", "PermissionError"}, kind


def test_the_host_and_siblings_cannot_be_signalled(spawn):
    """Signals to the grader, the fork server and everybody reach nobody outside."""
    attacker, sibling = spawn(), spawn()
    outside = sibling.result("result = os.getpid()")
    for pid in {os.getpid(), os.getppid(), outside if outside != 1 else os.getpid()}:
        assert attacker.error(f"os.kill({pid}, 0)") in {"PermissionError", "ProcessLookupError"}
    assert attacker.error("os.kill(os.getppid() or 2**22 - 1, 0)") in {"PermissionError", "ProcessLookupError"}
    attacker.run("os.kill(-1, 9)")
    assert sibling.result("result = 1") == 1


def test_limits_of_other_processes_cannot_be_changed(attacker):
    """The grader's own resource limits and priority are out of reach."""
    for attempt in (
        "import resource as r; r.prlimit({0}, r.RLIMIT_NOFILE, (1, 1))",
        "os.setpriority(os.PRIO_PROCESS, {0}, 19)",
        "os.sched_setaffinity({0}, {{0}})",
    ):
        assert attacker.error(attempt.format(os.getpid())) in {"PermissionError", "ProcessLookupError"}, attempt


@pytest.fixture
def neighbour(spawn: Callable[..., object]) -> Iterator[object]:
    """Spawn a second child, which must not notice what the first one does."""
    other = spawn()
    yield other
    assert other.result("result = 2 + 2") == 4


def test_a_fork_flood_is_bounded(neighbour, attacker):
    """Forking without end fails or ends the child, and its siblings go on."""
    answer = attacker.run(
        "import time\nresult = 0\n"
        "while result < 100:\n"
        "    try: pid = os.fork()\n"
        "    except OSError: break\n"
        "    if pid == 0:\n        time.sleep(60)\n        os._exit(0)\n"
        "    result += 1\n"
    )
    assert answer.get("result", 0) < 100
    assert "result" in answer or "24 processes" in answer["cause"], answer


def test_a_fork_bomb_ends_with_its_child(neighbour, attacker):
    """Processes that fork on and on are all gone when the child is closed."""
    attacker.run(
        "import signal\nif os.fork() == 0:\n    while True:\n        try: os.fork()\n        except OSError: pass"
    )
    attacker.close()  # raises unless all of them are gone


def test_memory_of_one_process_is_bounded(neighbour, attacker):
    """Asking for too much at once is a MemoryError, as on any small machine."""
    assert attacker.error("x = bytearray(1 << 30)") == "MemoryError"


def test_memory_of_all_processes_together_is_bounded(neighbour, attacker):
    """Several processes that each stay below the bound are ended when their sum exceeds it: all, or the last ones."""
    answer = attacker.run(
        "import time\nfor i in range(8):\n"
        "    if os.fork() == 0:\n"
        "        x = bytearray(b'x') * (80 << 20)\n        time.sleep(60)\n        os._exit(0)\n" + COUNT_THE_KILLED
    )
    assert answer.get("cause") == "used more than 192 MiB" or answer.get("result", 0) >= 6, answer


def test_a_hostile_name_does_not_blind_the_watchdog(neighbour, attacker):
    """A process whose name is no text, or looks like a line of /proc, is counted like any other."""
    attacker.run(
        "import ctypes, time\n"
        "for name in (b'\\xff\\xfe', b'x) S 1 1 1', b'a\\nb) 1', b'\\n', b'Threads:\\t1'):\n"
        "    if os.fork() == 0:\n"
        "        ctypes.CDLL(None).prctl(15, name)\n        time.sleep(60)\n        os._exit(0)\n"
        "time.sleep(0.3)"
    )
    assert neighbour.result("result = 3") == 3
    answer = attacker.run(
        "import ctypes, time\nfor i in range(8):\n    if os.fork() == 0:\n"
        "        ctypes.CDLL(None).prctl(15, b'\\rVmSwap:-999999')\n"
        "        x = bytearray(b'x') * (80 << 20)\n        time.sleep(60)\n        os._exit(0)\n" + COUNT_THE_KILLED
    )
    assert answer.get("cause") == "used more than 192 MiB" or answer.get("result", 0) >= 6, answer


def test_memory_that_belongs_to_no_process_cannot_be_had(attacker):
    """Anonymous shared memory and memory files, which can be filled unseen, are refused."""
    assert attacker.error("import mmap; mmap.mmap(-1, 1 << 20)") == "PermissionError"
    assert attacker.error("os.memfd_create('x')") == "PermissionError"


def test_one_file_is_bounded(attacker):
    """A file cannot grow beyond its bound."""
    assert attacker.error("open('x', 'wb').write(bytes(5 << 20))") == "OSError"


def test_all_files_together_are_bounded(neighbour, attacker):
    """Many files cannot fill the disk: the folder is full, or the child is ended and its files removed."""
    answer = attacker.run(
        "import time\nfor i in range(8):\n    open(f'x{i}', 'wb').write(bytes(3 << 20))\n    time.sleep(0.1)\n"
        "time.sleep(20)"
    )
    assert answer.get("errno") == 28 or answer.get("cause") == "wrote more than 8 MiB of files", answer


def test_the_number_of_files_is_bounded(neighbour, attacker):
    """Empty files do not use up the inodes of the machine."""
    answer = attacker.run(
        "import time\nfor i in range(1000):\n    open(f'x{i}', 'wb').close()\n    time.sleep(0.001)\ntime.sleep(20)"
    )
    assert answer.get("errno") == 28 or answer.get("cause") == "made more than 200 files", answer


def test_files_cannot_be_hidden_from_the_count(neighbour, attacker):
    """A folder that its owner may fill but not list is no way round the bound on files."""
    answer = attacker.run(
        "import time\nos.mkdir('d', 0o300)\nfor i in range(8):\n"
        "    open(f'd/x{i}', 'wb').write(bytes(3 << 20))\n    time.sleep(0.1)\ntime.sleep(20)"
    )
    causes = {"wrote more than 8 MiB of files", "made a folder that nobody can look into"}
    assert answer.get("errno") == 28 or answer.get("cause") in causes, answer


def test_nobody_outlives_the_child(attacker):
    """A daemon that cut every tie is gone once the child is closed: nobody holds its end of the channel."""
    attacker.run(
        "import time, signal\n"
        "if os.fork() == 0:\n"
        "    for way in (os.setsid, lambda: os.setpgid(0, 0)):\n"
        "        try: way()\n        except OSError: pass\n"
        "    if os.fork() == 0:\n"
        "        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
        "        time.sleep(600)\n"
        "    os._exit(0)\n"
        "time.sleep(0.1)\n"
    )
    channel = attacker.child.socket.dup()
    attacker.close()
    channel.settimeout(5)
    with channel:
        assert channel.recv(1) == b""


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("os._exit(3)", "exit status 3"),
        ("import ctypes; ctypes.string_at(0)", "signal SIGSEGV"),
        ("raise_ = os.abort; raise_()", "signal SIG"),
        ("os.closerange(0, 100); os._exit(0)", "exit status 0"),
    ],
)
def test_the_cause_of_an_end_is_told(attacker, code, cause):
    """A child that ends itself says by which status or signal."""
    assert attacker.run(code)["cause"].startswith(cause)


def test_an_endless_loop_can_be_interrupted(attacker):
    """SIGINT arrives as KeyboardInterrupt, and the child lives on."""
    attacker.stream.write(json.dumps("channel.sendall(b'looping\\n')\nwhile True: pass") + "\n")
    attacker.stream.flush()
    assert attacker.stream.readline() == "looping\n"
    attacker.child.signal(2)
    assert "KeyboardInterrupt" in attacker.stream.readline()
    assert attacker.child.cause() is None
    assert attacker.result("result = 1") == 1
