"""A program that has loaded what fork servers have in common, and forks a server whenever it is asked for one.

`enter` loads for the servers of one run and ends. A process of pytest starts servers for a hundred courses; this way it
loads the libraries once for all of them. Each is forked as `enter` does it, from the same state.
"""

from __future__ import annotations

import gc
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from splitgrade.sandbox import enter, server_process, syscalls
from splitgrade.sandbox.plan import Plan

BASE = "splitgrade.execution.interpreter.base"
_BOOT = "import sys; sys.path.insert(0, {root!r}); from tests.loaded import main; main()"


class _Ended:
    """What stands for the program that has forked a server: it is over."""

    returncode = 0

    def wait(self, timeout: float | None = None) -> int:  # noqa: ARG002 - as `subprocess.Popen`
        """Return its status."""
        return 0

    def kill(self) -> None:
        """Do nothing."""


class Loaded:
    """The program, as its parent sees it; it is started when the first server is wanted."""

    def __init__(self) -> None:
        self._control: socket.socket | None = None
        self._program: subprocess.Popen[bytes] | None = None

    def launch(self, plans: Sequence[Plan]) -> list[server_process.ServerProcess]:
        """Have a server forked for each plan, as `server_process.launch`."""
        control, servers = self._running(), []
        for plan in plans:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            log = os.memfd_create("fork servers")
            with theirs:
                socket.send_fds(control, [b"+"], [theirs.fileno(), log])
                ours.send(plan.to_json().encode())
            servers.append(server_process.ServerProcess(ours, _Ended(), log, None))  # type: ignore[arg-type]
        return servers

    def close(self) -> None:
        """End the program; the servers live on."""
        if self._control is not None and self._program is not None:
            self._control.close()
            self._program.wait()
            self._control = self._program = None

    def _running(self) -> socket.socket:
        if self._control is None:
            self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._program = subprocess.Popen(
                    [
                        sys.executable,
                        "-I",
                        "-c",
                        _BOOT.format(root=str(Path(__file__).parents[1])),
                        str(theirs.fileno()),
                    ],
                    pass_fds=[theirs.fileno()],
                    env=server_process._environment(),
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
        return self._control


def main() -> None:
    """Load, and fork a server for each socket that comes."""
    gc.disable()
    control = socket.socket(fileno=int(sys.argv[1]))
    enter._load(BASE, {control.fileno()})
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 2)
        if not message:
            os._exit(0)
        theirs, log = descriptors
        if syscalls.fork_into(enter._CLONE_PARENT) == 0:
            control.close()
            for stream in (1, 2):
                os.dup2(log, stream)
            os.close(log)
            os.setsid()
            enter._serve(theirs)
        os.close(theirs)
        os.close(log)
