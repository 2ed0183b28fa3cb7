"""The student's and the trusted process of a notebook, told what they need before the first cell."""

from __future__ import annotations

import socket
import time
from typing import Any

from cnn_course.grading.limits import Limits
from cnn_course.grading.processes import FRAME_SECONDS, Process
from cnn_course.grading.reserve import Reserve
from cnn_course.grading.setting import Setting

START_SECONDS = 60.0


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
    """

    def __init__(self, reserve: Reserve, setting: Setting, limits: Limits) -> None:
        self._reserve, self._setting, self._limits = reserve, setting, limits
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
        RuntimeError
            When one of them ends before it has seen any code of a student's.
        """
        setting = self._setting
        student, trusted = self._reserve.start(setting)
        reply = _must(
            trusted,
            {
                "op": "setup",
                "imports": list(setting.imports),
                "solution_names": list(setting.solution_names),
                "always_copy_back": setting.always_copy_back,
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
        RuntimeError
            When it ends before it has seen any code of a student's.
        """
        left, right = socket.socketpair()
        with left, right:
            student = self._reserve.start_student(self._setting, left)
            _must(trusted, {"op": "peer"})
            socket.send_fds(trusted.channel.connection, [b"P"], [right.fileno()])
            trusted.channel.receive(deadline=time.monotonic() + FRAME_SECONDS)
        self._set_up(student)
        return student

    def _set_up(self, student: Process) -> None:
        forget = list(self._setting.other_packages)
        _must(student, {"op": "setup", "text_limit": self.text_limit, "forget": forget})


def _must(process: Process, message: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of a process that has run no code of a student's yet."""
    reply, _ = process.ask(message, [(START_SECONDS, process.child.kill)])
    if reply is None:
        raise RuntimeError(f"a process of the grader ended before the first cell: {process.why_it_ended()}")
    return reply
