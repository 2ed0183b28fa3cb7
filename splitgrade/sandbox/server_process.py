"""The program that holds a fork server, what has to be cleared away after it, and who may ask it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn

from splitgrade.errors import OutsideDeathError, SandboxError
from splitgrade.sandbox import folders, layers
from splitgrade.sandbox.plan import TEMPORARY, Plan
from splitgrade.sandbox.request import Request

_START_SECONDS: Final = 120.0  # the first import of a font cache on a slow disk takes its time
_ANSWER_SECONDS: Final = 30.0
_ENDING_SECONDS: Final = 1.0
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


class ServerProcess:
    """A fork server under way; `wait_until_ready` before the first request.

    Parameters
    ----------
    make_plan
        Gives the plan for a scratch folder, which is None where children mount their own.
    needs_scratch
        Whether it needs one.

    """

    def __init__(self, make_plan: Callable[[Path | None], Plan], *, needs_scratch: bool) -> None:
        self._scratch = Path(tempfile.mkdtemp(prefix="cnn-course-")) if needs_scratch else None
        if self._scratch is not None:
            self._scratch.chmod(0o711)  # children that are another user pass through
        self._log = os.memfd_create("fork server")
        self._control, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with inside:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                layers.command("main", str(inside.fileno()), make_plan(self._scratch).to_json()),
                pass_fds=[inside.fileno()],
                env=_environment(self._scratch),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                start_new_session=True,  # Ctrl-C in a terminal is the host's to handle
            )
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
            answer = self._control.recv(1 << 16)
        except OSError as error:
            answer = f"-{error}".encode()
        if answer[:1] != b"+":
            self._fail(answer[1:].decode(errors="replace"))
        self._control.settimeout(_ANSWER_SECONDS)
        self._ready = True

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
            self._process.wait(_ENDING_SECONDS)
        number, how = _ending(self._process.returncode)
        self.close()
        kind = OutsideDeathError if number == signal.SIGKILL else SandboxError
        raise kind("\n".join(filter(None, (f"the fork server {how}", what, log.strip()))))

    def close(self) -> None:
        """End the program and remove what it needed; only once."""
        # It ends when nobody can ask it any more; a process that our own has forked may hold the same socket.
        with contextlib.suppress(OSError):  # it has ended already
            self._control.shutdown(socket.SHUT_RDWR)
        self._control.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._log)
        if self._scratch is not None and self._scratch.exists():  # the fork server did not come to it
            folders.remove(self._scratch)


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


def _environment(scratch: Path | None) -> dict[str, str]:
    # Without mounts of our own, /tmp is everybody's: nothing may be read from a name there that others can guess.
    home = str(scratch) if scratch else TEMPORARY
    # Some interpreters find their own library by this variable.
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return _ENVIRONMENT | kept | {"HOME": home, "TMPDIR": home, "MPLCONFIGDIR": f"{home}/matplotlib"}
