"""One confined process as the host sees it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from splitgrade.errors import SandboxError
from splitgrade.sandbox import cgroups
from splitgrade.sandbox.causes import Cause, text_of
from splitgrade.sandbox.limits import Limits


class Child:
    """One confined process, the first and last of its kind: when it ends, all that it started ends.

    Attributes
    ----------
    socket
        The channel to it, a stream.
    pid
        Its number on this side, 0 where the system does not say.
    """

    def __init__(
        self,
        channel: socket.socket,
        report: socket.socket,
        handle: int,
        limits: Limits,
        group: cgroups.Group | None,
        *,
        alone: bool = False,
    ) -> None:
        self.socket = channel
        self._report = report
        self._handle = handle
        self._limits = limits
        self._group = group
        self._alone = alone
        self._killed = False
        self._outside = False
        self._cause: str | None = None
        self._gone = False
        self._closed = False
        self.pid = pid_of(handle)
        self._poll = select.poll()  # select() fails beyond descriptor 1023
        self._poll.register(report, select.POLLIN)

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    @property
    def ended_from_outside(self) -> bool:
        """Whether neither the process itself nor the grader ended it; known once it has ended.

        It was killed by hand, by a machine without memory, or with its fork server. In a PID namespace of its own a
        process cannot kill itself by SIGKILL; without one nothing is known, and this is False.
        """
        return self._outside

    def signal(self, number: int) -> None:
        """Send a signal to the process; nothing happens if it has ended."""
        self._killed = self._killed or number == signal.SIGKILL
        if not self._closed:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End the process and all that it started, at once."""
        self.signal(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the process and all that it started are gone.

        Parameters
        ----------
        timeout
            Seconds to wait; None for as long as it takes.

        Returns
        -------
        bool
            True when they are gone.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self._gone:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not self._poll.poll(None if left is None else 1000 * left):
                return False
            self._listen()
        return True

    def _listen(self) -> None:
        message = self._report.recv(1 << 16)
        if message:
            self._take(json.loads(message))
        else:
            self._gone = True
            self._outside = not self._killed
            self._cause = self._cause or text_of(Cause.SANDBOX)

    def _take(self, message: dict[str, object]) -> None:
        if "refused" in message:
            self._cause = text_of(Cause.NOT_CONFINED, says=message["refused"])
            return
        self._gone = True
        status = os.waitstatus_to_exitcode(int(str(message["status"])))
        if self._cause is not None:
            return
        if message["cause"] is not None:
            self._cause = str(message["cause"])
        elif self._group is not None and self._group.ran_out_of_memory():
            self._cause = text_of(Cause.MEMORY, memory_mb=self._limits.memory_mb)
        elif status < 0:
            self._cause = text_of(Cause.SIGNAL, signal=signal.Signals(-status).name)
            self._outside = status == -signal.SIGKILL and self._alone and not self._killed
        else:
            self._cause = text_of(Cause.STATUS, status=status)

    def cause(self) -> str | None:
        """Say why the process ended, None while it runs.

        Returns
        -------
        str or None
            For example "used more than 2048 MiB", "signal SIGSEGV" or "exit status 0".
        """
        self.wait(0)
        return self._cause if self._gone else None

    def close(self) -> None:
        """End the process if it still runs and give back everything it held; may be called twice.

        Raises
        ------
        SandboxError
            If it, or what it started, does not end within ten seconds of being killed.
        """
        if self._closed:
            return
        self.kill()
        gone = self.wait(10)
        self._closed = True
        self.socket.close()
        self._report.close()
        os.close(self._handle)
        if not gone:
            raise SandboxError("a process that was killed did not end within 10 s")
        if self._group is not None:
            self._group.remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def pid_of(handle: int) -> int:
    """Return the number that /proc of this process shows for the process behind a descriptor; 0 where it says none."""
    try:
        lines = Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines()
    except OSError:
        return 0
    return next((int(value) for name, _, value in (line.partition(":") for line in lines) if name == "Pid"), 0)
