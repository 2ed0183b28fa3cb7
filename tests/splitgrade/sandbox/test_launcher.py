"""Starting, ending, and what is left behind: nothing."""

from __future__ import annotations

import dataclasses
import gc
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from splitgrade.errors import SandboxError, SandboxUnavailableError
from splitgrade.sandbox import cgroups, launcher, layers, visible
from splitgrade.sandbox.launcher import ForkServer
from splitgrade.sandbox.limits import Limits
from tests.splitgrade.sandbox.conftest import LIMITS, Attacker, make_server


def traces() -> set[tuple[str, object]]:
    """List what a run could leave behind. What earlier tests left may go in the meantime: only what is new counts."""
    gc.collect()  # what a cycle holds open
    place = cgroups.find_place()
    groups = list(place.folder.glob("splitgrade-*")) if place else []
    return {
        *(("process", process.pid) for process in psutil.Process().children(recursive=True)),
        *(("descriptor", seen) for path in Path("/proc/self/fd").iterdir() if (seen := what_is_open(path))),
        *(("folder", path) for path in Path(tempfile.gettempdir()).glob("splitgrade-*")),
        *(("group", path) for path in groups if f"-{os.getpid()}-" in path.name),
        *(("mount", line) for line in Path("/proc/self/mounts").read_text().splitlines()),
    }


def what_is_open(descriptor: Path) -> tuple[str, str] | None:
    """Return a descriptor with what it is open on (a socket or pipe by its number).

    Nothing for the look itself, and for what ZeroMQ's threads make and close at any time: the sandbox makes none.
    """
    try:
        target = str(descriptor.readlink())
    except FileNotFoundError:
        return None
    return None if target == "anon_inode:[eventfd]" else (descriptor.name, target)


@pytest.fixture
def private_temporary(monkeypatch):
    """Give a folder for temporary folders of its own: other tests use everybody's at the same time."""
    with tempfile.TemporaryDirectory(prefix="test-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # children that are another user pass through
        monkeypatch.setattr(tempfile, "tempdir", name)
        yield folder


def test_nothing_is_left_behind(arrangement, private_temporary):
    """After all kinds of ends there is no process, zombie, descriptor, folder, group or mount that was not before."""
    layers.probe()
    before = traces()
    with make_server(arrangement) as server:
        for code in ("result = 1", "os._exit(1)", "os.fork() or __import__('time').sleep(600)", "os.kill(-1, 9)"):
            attacker = Attacker(server.spawn(files={"x": b"x"}))
            attacker.run("os.mkdir('deep'); open('deep/file', 'w'); os.symlink('/', 'deep/root')")
            attacker.run("os.mkdir('shut'); os.mkdir('shut/in'); os.mkdir('shut/in/it', 0)")
            attacker.run(code)
            attacker.close()
        Attacker(server.spawn()).stream.close()  # closed with the server, not by us
    assert traces() - before == set()


def test_a_start_that_is_broken_off_leaves_nothing(arrangement, private_temporary, monkeypatch):
    """A signal that ends the grader may come when the child is there already and nobody knows it yet."""
    layers.probe()
    before = traces()
    with make_server(arrangement) as server:
        server.start()

        def stop(*_: object, **__: object) -> None:
            sys.exit(0)

        with monkeypatch.context() as patch:
            patch.setattr(launcher, "Child", stop)
            with pytest.raises(SystemExit):
                server.spawn()
        attacker = Attacker(server.spawn())
        assert attacker.result("result = 5") == 5
        attacker.close()
    assert traces() - before == set()


def test_children_end_when_the_grader_is_killed(arrangement, tmp_path, private_temporary):
    """Kill -9 of the grader ends the fork server, its children and what they started."""
    make_server(arrangement).close()  # skips where the layers are missing
    program = tmp_path / "grader.py"
    program.write_text(
        "import time\n"
        "from tests.splitgrade.sandbox.conftest import Attacker, make_server\n"
        f"server = make_server({arrangement!r})\n"
        "attacker = Attacker(server.spawn())\n"
        "attacker.run('os.fork()\\nresult = 1')\n"
        "print('running', flush=True)\n"
        "time.sleep(600)\n"
    )
    environment = {**os.environ, "TMPDIR": str(private_temporary)}
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, text=True, env=environment) as grader:
        assert grader.stdout.readline() == "running\n"
        family = psutil.Process(grader.pid).children(recursive=True)
        assert len(family) >= 2
        grader.kill()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
    assert list(private_temporary.iterdir()) == []


def test_groups_of_a_killed_grader_are_removed():
    """The next start removes the control groups whose grader no longer exists."""
    place = cgroups.find_place()
    if place is None:
        pytest.skip("this machine lets us make no control groups")
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    left = place.folder / f"splitgrade-{Path('/proc/self/ns/pid').stat().st_ino}-{ended.pid}-1"
    left.mkdir()
    cgroups.remove_left_behind(place)
    assert not left.exists()


def test_the_peer_connects_two_children(server):
    """A socket given as peer is the child's second one."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        attacker = Attacker(server.spawn(peer=theirs))
        assert attacker.result("result = peer.send(b'from inside')") == 11
        assert ours.recv(99) == b"from inside"
        attacker.close()


def test_kill_ends_at_once_and_close_can_be_called_twice(server):
    """A killed child is gone, says so, and gives its descriptors back once."""
    child = server.spawn()
    assert child.wait(0) is False
    assert child.cause() is None
    child.kill()
    assert child.wait(10)
    assert child.cause() == "signal SIGKILL"
    child.close()
    child.close()
    child.signal(signal.SIGKILL)


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x", "", ".", "a\0b"])
def test_names_of_files_must_stay_in_the_folder(server, name):
    """A file whose name leads elsewhere is refused before anything is started."""
    with pytest.raises(ValueError, match="names of files must be relative"):
        server.spawn(files={name: b""})


def test_wrong_arguments_are_refused():
    """Role, policy and readable paths are checked where they are given."""
    with pytest.raises(ValueError, match="role must be"):
        ForkServer("teacher", LIMITS)
    with pytest.raises(ValueError, match="policy must be"):
        ForkServer("student", LIMITS, policy="maybe")
    with pytest.raises(ValueError, match="must be absolute"):
        ForkServer("student", LIMITS, readable=[Path("here")])
    with pytest.raises(ValueError, match="memory_mb must be at least 1, got 0"):
        Limits(memory_mb=0)
    with pytest.raises(TypeError, match=r"cell_seconds must be an int, got 1\.5"):
        Limits(cell_seconds=1.5)


def test_a_trial_that_does_not_end_is_no_reason_to_do_without(monkeypatch):
    """A machine that is too busy is told so; it is not taken for one without namespaces."""
    monkeypatch.setattr(layers, "_TRIAL_SECONDS", 0.001)
    with pytest.raises(SandboxError, match=r"more than 0\.001 s: this machine is too busy; start again"):
        layers.probe.__wrapped__()


def test_without_any_layer_it_refuses_unless_told_otherwise():
    """A machine that can keep nothing in is refused with a reason; policy "none" runs there, with limits only."""
    bare = dataclasses.replace(layers.probe(), namespaces=False, landlock=0, cgroup=None, why_no_namespaces="EPERM")
    options = {"module": "tests.splitgrade.sandbox.attacker", "offered": bare}
    with pytest.raises(SandboxUnavailableError, match=r"Landlock ABI 0, namespaces: EPERM.*doctor"):
        ForkServer("student", LIMITS, **options).start()
    with ForkServer("student", LIMITS, policy="none", **options) as server:
        attacker = Attacker(server.spawn())
        assert attacker.result(f"result = open({str(visible.import_root() / 'pyproject.toml')!r}).read(5)")
        assert attacker.error("x = bytearray(1 << 30)") == "MemoryError"


def test_a_module_that_cannot_be_loaded_says_why():
    """The traceback of a failed start is in the error."""
    with pytest.raises(SandboxError, match=r"No module named 'tests\.splitgrade\.sandbox\.nobody'"):
        make_server("everything", module="tests.splitgrade.sandbox.nobody").start()


def test_what_is_loaded_for_both_may_leave_no_file_open():
    """But a library's own: that is read already, by whoever is forked."""
    with pytest.raises(SandboxError, match=r"left open \['[^']*attacker\.py'\], and 1 threads"):
        make_server("everything", base="tests.splitgrade.sandbox.attacker").start()


def test_a_lost_fork_server_is_an_error_and_the_next_spawn_starts_another(arrangement, private_temporary):
    """When the fork server is killed, its children are gone, the request fails, and a second one succeeds."""
    others = set(psutil.Process().children())
    with make_server(arrangement) as server:
        first = server.spawn()
        (started,) = set(psutil.Process().children()) - others
        for process in [started, *started.children()]:
            if process.pid != pid_of(first):
                process.kill()
        with pytest.raises(SandboxError, match="has ended"):
            server.spawn()
        assert first.wait(10)
        first.close()
        attacker = Attacker(server.spawn())
        assert attacker.result("result = 5") == 5
    assert list(private_temporary.iterdir()) == []


def pid_of(child: object) -> int:
    """Return the number of a child as the host sees it."""
    fields = Path(f"/proc/self/fdinfo/{child._handle}").read_text().split()
    return int(fields[fields.index("Pid:") + 1])


def test_the_trusted_role_sees_the_project_and_cannot_change_it(arrangement):
    """Test cells may read the checks; nobody may write there."""
    with make_server(arrangement, role="trusted") as server:
        attacker = Attacker(server.spawn())
        root = visible.import_root()
        assert attacker.result(f"result = open({str(root / 'docs/architecture.md')!r}).read(1)") == "#"
        assert attacker.error(f"open({str(root / 'planted')!r}, 'w')") in {"PermissionError", "OSError"}
        assert attacker.error("open('/etc/shadow')") in {"PermissionError", "FileNotFoundError"}
        assert attacker.result("import cnn_ref; result = 1") == 1


def test_packages_of_an_installed_project_are_hidden(arrangement, shared_folder, monkeypatch):
    """Where the answers are installed beside the libraries, a student sees the libraries only."""
    for name in ("numpy_like/__init__.py", "answers/__init__.py", "answers/inside/role.py", "single.py"):
        (shared_folder / name).parent.mkdir(parents=True, exist_ok=True)
        (shared_folder / name).write_text("SECRET = 1")
    monkeypatch.setattr(visible, "hidden", lambda _, private: list(private))
    shown = [Path(__file__).parent, shared_folder, shared_folder / "answers/inside"]
    with make_server(arrangement, readable=shown, private=[shared_folder / "answers"]) as server:
        attacker = Attacker(server.spawn())
        for name in ("numpy_like/__init__.py", "single.py", "answers/inside/role.py"):
            assert attacker.result(f"result = open({str(shared_folder / name)!r}).read()") == "SECRET = 1"
        assert attacker.error(f"open({str(shared_folder / 'answers/__init__.py')!r})") in {
            "FileNotFoundError",
            "PermissionError",
        }


@pytest.mark.slow
def test_an_ordinary_user_has_the_same_walls(shared_folder):
    """All attacks fail as well when the grader is not root (its interpreter in a home that is closed to others)."""
    if os.geteuid() != 0:
        pytest.skip("the whole suite runs as an ordinary user already")
    home, kept = Path(sys.base_prefix), shared_folder / "kept"
    closed = next((folder for folder in reversed(home.parents) if not folder.stat().st_mode & 0o001), None)
    # Another user's view: the closed folder is replaced by one that holds the interpreter only.
    opening = [
        *(f"mkdir -p {kept}", f"mount --bind {home} {kept}", f"mount -t tmpfs -o mode=755 none {closed}"),
        *(f"mkdir -p {home}", f"mount --bind {kept} {home}"),
    ]
    walls = f"{Path(__file__).with_name('test_walls.py')} {__file__}::test_nothing_is_left_behind"
    user = "setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all"
    run = f"{user} {sys.executable} -m pytest -q -p no:cacheprovider --basetemp={shared_folder}/user {walls}"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", " && ".join([*(opening if closed else []), run])],
        capture_output=True,
        text=True,
        check=False,
        cwd=visible.import_root(),
        timeout=300,
        env={**os.environ, "HOME": str(shared_folder), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    if "unshare" in done.stderr and "Operation not permitted" in done.stderr:
        pytest.skip("this container does not let root mount")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert " passed" in done.stdout


def test_a_forked_copy_of_the_grader_does_not_keep_the_sandbox_alive():
    """A process that holds copies of the grader's sockets does not keep a closed server or its children running."""
    server = make_server("everything")
    child = server.spawn()
    with child.socket.dup(), os.fdopen(os.dup(server._process._control.fileno())):
        family = psutil.Process(server._process._process.pid).children(recursive=True)
        server.close()
        _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []


def test_time_is_not_lost_on_the_way_out():
    """Closing a server that holds a sleeping child does not wait for the sleep."""
    started = time.monotonic()
    with make_server("everything") as server:
        attacker = Attacker(server.spawn())
        attacker.stream.write('"import time; time.sleep(600)"\n')
        attacker.stream.flush()
        attacker.stream.close()
    assert time.monotonic() - started < 60


def test_a_lent_fork_server_shares_the_interpreter_and_nothing_else(arrangement):
    """Children of the lender and of the borrower have one parent; those of one end without the other's."""
    with make_server(arrangement) as server:
        server.start()
        before = set(psutil.Process().children())
        with server.lend() as lent:
            mine, theirs = Attacker(server.spawn()), Attacker(lent.spawn())
            assert set(psutil.Process().children()) == before
            assert mine.result("result = 1") == theirs.result("result = 1")
            with pytest.raises(TypeError, match="process that started it"):
                lent.lend()
        assert mine.result("result = 2") == 2
        mine.close()


def test_the_children_of_a_borrower_that_is_killed_end(arrangement):
    """Kill -9 of a process with a lent fork server ends its children; the lender's go on."""
    with make_server(arrangement) as server:
        mine = Attacker(server.spawn())
        lent = server.lend()
        left, right = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            try:
                socket.send_fds(left, [b"x"], [lent.spawn()._handle])
                signal.pause()
            finally:
                os._exit(1)
        _, (handle,), _, _ = socket.recv_fds(right, 1, 1)
        lent.close()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        assert poll.poll(10_000), "the child of the borrower lives on"
        assert mine.result("result = 3") == 3
        for end in (left, right):
            end.close()
        os.close(handle)
        mine.close()


def test_a_borrower_outlives_the_fork_server(arrangement):
    """When the shared interpreter is gone, a request fails once; then the borrower has one of its own."""
    server = make_server(arrangement)
    server.start()
    with server.lend() as lent:
        server.close()
        with pytest.raises(SandboxError, match="has ended"):
            lent.spawn()
        attacker = Attacker(lent.spawn())
        assert attacker.result("result = 4") == 4
        attacker.close()
