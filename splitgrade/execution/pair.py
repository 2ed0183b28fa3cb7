"""The student's and the trusted process of a notebook, told what they need before the first cell."""

from __future__ import annotations

import socket
import time
from typing import Any

from splitgrade.errors import SandboxError, WireError
from splitgrade.execution.clock import Patience
from splitgrade.execution.process import Process
from splitgrade.execution.reserve import Reserve
from splitgrade.execution.setting import Setting
from splitgrade.sandbox.limits import FRAME_SECONDS, START_SECONDS, Limits
from splitgrade.sandbox.processor import busy


class Pair:
    """Starts the two processes of a notebook.

    Parameters
    ----------
    reserve : Reserve
        Where they come from.
    setting : Setting
        What they start from.
    limits : Limits
        What they are told of their limits.
    submission : str, optional
        Whose notebook it is; the trusted process of the same submission's notebook before serves this one too.
    """

    def __init__(self, reserve: Reserve, setting: Setting, limits: Limits, submission: str | None = None) -> None:
        self._reserve, self._setting, self._limits, self._submission = reserve, setting, limits, submission
        self.failed_imports: list[str] = []

    @property
    def text_limit(self) -> int:
        """Return the characters that a cell may print."""
        return 1024 * self._limits.output_kb

    def start(self) -> tuple[Process, Process]:
        """Start both, connected.

        Returns
        -------
        student, trusted : Process

        Raises
        ------
        SandboxError
            When one of them ends before it has seen any code of a student's.
        """
        setting = self._setting
        student, wire = self._reserve.student(setting)
        with wire:
            kept = self._reserve.kept(setting, self._submission)
            if kept is not None:
                _connect(kept, wire)
            trusted = kept or self._reserve.trusted(setting, wire)
        reply = _must(
            trusted,
            {
                "op": "setup",
                "imports": list(setting.imports),
                "solution_names": list(setting.solution_names),
                "always_copy_back": setting.always_copy_back,
                "refusals": setting.refusals,
                "cell_seconds": self._limits.cell_seconds,
                "text_limit": self.text_limit,
            },
        )
        self.failed_imports = list(reply["failed"])
        self._set_up(student)
        return student, trusted

    def start_student(self, trusted: Process) -> Process:
        """Start another student's process and hand its wire to the trusted process.

        Raises
        ------
        SandboxError
            When it ends before it has seen any code of a student's.
        """
        student, wire = self._reserve.student(self._setting)
        with wire:
            _connect(trusted, wire)
        self._set_up(student)
        return student

    def keep(self, trusted: Process) -> None:
        """Leave the trusted process to the submission's next notebook, or end it where none is known."""
        if self._submission is None:
            trusted.close()
        else:
            self._reserve.keep(self._setting, self._submission, trusted)

    def _set_up(self, student: Process) -> None:
        forget = list(self._setting.other_packages)
        _must(student, {"op": "setup", "text_limit": self.text_limit, "forget": forget})


def _connect(trusted: Process, wire: socket.socket) -> None:
    """Hand a trusted process the wire to a new student's process."""
    _must(trusted, {"op": "peer"})
    try:
        socket.send_fds(trusted.channel.connection, [b"P"], [wire.fileno()])
        trusted.channel.receive(deadline=time.monotonic() + FRAME_SECONDS * busy())
    except (OSError, WireError) as error:
        raise _ended(trusted) from error


def _must(process: Process, message: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of a process that has run no code of a student's yet."""
    reply, _ = process.ask(message, [(Patience(START_SECONDS), process.child.kill)])
    if reply is None:
        raise _ended(process)
    return reply


def _ended(process: Process) -> SandboxError:
    """Return the error of a process that did not live to see a student's code."""
    return SandboxError(f"a process of the grader ended before the first cell: {process.why_it_ended()}")
