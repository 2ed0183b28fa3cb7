"""The processes of fork servers, what has to be cleared away after them, and who may ask them.

Those that are launched together are forked from one program, which loads once what they have in common (`enter`)::

    launch   grader -> program, the libraries -> a fork for each server, then it ends
    then     server -> grader: its number       grader -> server: its plan       server -> grader: ready
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

from splitgrade.errors import OutsideDeathError, SandboxError
from splitgrade.sandbox import folders, layers, owned
from splitgrade.sandbox.plan import Plan
from splitgrade.sandbox.request import Request

_START_SECONDS: Final = 120.0  # the first import of a font cache on a slow disk takes its time
_ANSWER_SECONDS: Final = 30.0
_ENDING_SECONDS: Final = 1.0
_MEETING_SECONDS: Final = 10.0
_LOG_BYTES: Final = 4000
_ENVIRONMENT: Final = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    # One thread: others would not survive the fork.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "JUPYTER_PLATFORM_DIRS": "1",
}


class Lent:
    """A way of asking a fork server that another of the grader's processes has started.

    Its children are its own: they end when it is closed, however that comes about, and nobody else's do.

    Parameters
    ----------
    control
        The socket that `ServerProcess.lend` has given.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        control.settimeout(_ANSWER_SECONDS)

    def ask(self, request: Request) -> int:
        """Have a child forked and return a descriptor that stands for it.

        Raises
        ------
        SandboxError
            If the fork server has ended or does not answer; this is closed then.
        """
        try:
            return _ask(self._control, request)
        except OSError as error:
            self.close()
            raise SandboxError(f"the fork server of another process has ended: {error}") from error

    def close(self) -> None:
        """Hang up."""
        self._control.close()


class _Forked:
    """A child of this process that another child has forked for it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._handle = os.pidfd_open(pid)

    def wait(self, seconds: float) -> int | None:
        """Return how it ended, as `subprocess.Popen` does; None when it has not in that time."""
        if self.returncode is None and select.select([self._handle], [], [], seconds)[0]:
            self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            os.close(self._handle)
        return self.returncode

    def kill(self) -> None:
        """Kill it."""
        if self.returncode is None:
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)


class ServerProcess:
    """A fork server under way; `wait_until_ready` before the first request.

    Parameters
    ----------
    control
        The grader's end of its socket.
    program
        What forks it.
    log
        A file with what it prints.
    scratch
        Its folder, None where children mount their own.
    """

    def __init__(
        self, control: socket.socket, program: subprocess.Popen[bytes], log: int, scratch: Path | None
    ) -> None:
        self._control, self._program, self._log, self._scratch = control, program, log, scratch
        self._process: _Forked | None = None
        self._ready = False

    def wait_until_ready(self) -> None:
        """Wait until it has loaded what its children need.

        Raises
        ------
        SandboxError
            If it does not start; the message says how it ended and holds what it printed.
        OutsideDeathError
            If something outside ended it, such as a machine without memory.
        """
        if self._ready:
            return
        self._control.settimeout(_START_SECONDS)
        try:
            self._meet()
            answer = self._control.recv(1 << 16)
        except OSError as error:
            answer = f"-{error}".encode()
        if answer[:1] != b"+":
            self._fail(answer[1:].decode(errors="replace"))
        self._program.wait()  # it has ended by now
        self._control.settimeout(_ANSWER_SECONDS)
        self._ready = True

    def _meet(self) -> None:
        """Wait until it is forked.

        Raises
        ------
        OSError
            When it was not.
        """
        if self._process is None:
            if not (number := self._control.recv(32)):
                raise ConnectionResetError("it was not started")
            self._process = _Forked(int(number))

    def ask(self, request: Request) -> int:
        """Have a child forked and return a descriptor that stands for it.

        Raises
        ------
        SandboxError
            If the fork server has ended or does not answer; it is closed then.
        """
        try:
            return _ask(self._control, request)
        except OSError as error:  # closed, reset or no answer in time
            self._fail(str(error))

    def lend(self) -> socket.socket:
        """Return a socket for `Lent`, to be handed to another process.

        Raises
        ------
        SandboxError
            If the fork server has ended or does not answer; it is closed then.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                Request(control=theirs.fileno()).send(self._control)
            if not self._control.recv(1):
                raise ConnectionResetError("it closed its socket")
        except OSError as error:
            ours.close()
            self._fail(str(error))
        return ours

    def _fail(self, what: str) -> NoReturn:
        size = os.fstat(self._log).st_size
        log = os.pread(self._log, _LOG_BYTES, max(0, size - _LOG_BYTES)).decode(errors="replace")
        with contextlib.suppress(subprocess.TimeoutExpired):  # then it hangs, and `close` ends it
            (self._process or self._program).wait(_ENDING_SECONDS)
        number, how = _ending((self._process or self._program).returncode)
        self.close()
        kind = OutsideDeathError if number == signal.SIGKILL else SandboxError
        raise kind("\n".join(filter(None, (f"the fork server {how}", what, log.strip()))))

    def close(self) -> None:
        """End the program and remove what it needed; only once."""
        self._control.settimeout(_MEETING_SECONDS)
        try:
            self._meet()
        except OSError:  # it was never forked
            self._program.kill()
        # It ends when nobody can ask it any more; a process that our own has forked may hold the same socket.
        with contextlib.suppress(OSError):  # it has ended already
            self._control.shutdown(socket.SHUT_RDWR)
        self._control.close()
        if self._process is not None and self._process.wait(10) is None:
            self._process.kill()
            self._process.wait(_ENDING_SECONDS)
        self._program.wait()
        os.close(self._log)
        if self._scratch is not None and self._scratch.exists():  # the fork server did not come to it
            folders.remove(self._scratch)


def launch(plans: Sequence[Plan], base: str) -> list[ServerProcess]:
    """Start the program that forks a server for each plan, and do not wait for it.

    Parameters
    ----------
    plans
        How each is confined; scratch folders are theirs to remove.
    base
        A module of this package whose `load()` loads what they have in common; empty for nothing.
    """
    with contextlib.ExitStack() as inside:
        pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in plans]
        ends = [inside.enter_context(theirs).fileno() for _, theirs in pairs]
        log = os.memfd_create("fork servers")
        inside.callback(os.close, log)
        program = subprocess.Popen(  # noqa: S603 - our own interpreter and code
            layers.command("main", base, *map(str, ends)),
            pass_fds=ends,
            env=_environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C in a terminal is the host's to handle
        )
        for (ours, _), plan in zip(pairs, plans, strict=True):
            ours.send(plan.to_json().encode())
        scratch = [Path(plan.scratch) if plan.scratch else None for plan in plans]
        return [
            ServerProcess(ours, program, os.dup(log), folder) for (ours, _), folder in zip(pairs, scratch, strict=True)
        ]


def scratch_folder() -> Path:
    """Make a folder for the work of children that cannot mount their own."""
    folder = Path(tempfile.mkdtemp(prefix=owned.prefix()))
    folder.chmod(0o711)  # children that are another user pass through
    return folder


def _ending(status: int | None) -> tuple[int, str]:
    """Return the signal that ended a program, 0 where none did, and how it ended in words; None: it has not ended."""
    if status is None:
        return 0, "does not answer"
    # Its first process passes on how the one inside the namespaces ended.
    number = -status if status < 0 else 256 - status if status > 256 - signal.NSIG else 0
    if number == signal.SIGKILL:
        return number, "has ended: something outside killed it (SIGKILL), perhaps for want of memory"
    if number:
        return number, f"has ended by {signal.Signals(number).name}"
    return 0, f"did not start or has ended, with exit status {status}"


def _ask(control: socket.socket, request: Request) -> int:
    """Send a request and return the descriptor that comes back."""
    request.send(control)
    answer, handles, _, _ = socket.recv_fds(control, 1, 1)
    if not answer or not handles:
        raise ConnectionResetError("it closed its socket")
    return handles[0]


def _environment() -> dict[str, str]:
    # Some interpreters find their own library by this variable.
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return _ENVIRONMENT | kept | {"TMPDIR": tempfile.gettempdir()}  # each has a home of its own, see `enter`
