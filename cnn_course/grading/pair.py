"""The student's and the trusted process of a notebook, and the socket between them."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cnn_course.grading.limits import Limits
from cnn_course.grading.processes import FRAME_SECONDS, Process
from cnn_course.grading.sandbox.launcher import ForkServer

START_SECONDS = 60.0


@dataclass(frozen=True)
class Setting:
    """What both processes of a notebook start from.

    Parameters
    ----------
    student_files, trusted_files : mapping of str to bytes
        Relative name -> content of what lies in the two work folders.
    imports : sequence of str
        Import statements that tests may rely on.
    solution_names : sequence of str
        Globals that are always the student's.
    always_copy_back : bool
        Whether tests see every in-place change of their arguments, or only what the instructor's solution did.
    environment : mapping of str to str
        Variables of the trusted process.
    """

    student_files: Mapping[str, bytes]
    trusted_files: Mapping[str, bytes]
    imports: Sequence[str]
    solution_names: Sequence[str]
    always_copy_back: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)


class Pair:
    """Starts the two processes of a notebook.

    Parameters
    ----------
    student_server, trusted_server : ForkServer
        Where they come from.
    setting : Setting
        What they start from.
    limits : Limits
        What they are told of their limits.
    """

    def __init__(
        self, student_server: ForkServer, trusted_server: ForkServer, setting: Setting, limits: Limits
    ) -> None:
        self._student_server, self._trusted_server = student_server, trusted_server
        self._setting, self._limits = setting, limits
        self.failed_imports: list[str] = []

    @property
    def text_limit(self) -> int:
        """Return the characters that a cell may print."""
        return 1024 * self._limits.output_kb

    def start(self) -> tuple[Process, Process]:
        """Start both and connect them.

        Returns
        -------
        student, trusted : Process

        Raises
        ------
        RuntimeError
            When one of them ends before it has seen any code of a student's.
        """
        left, right = socket.socketpair()
        setting = self._setting
        with left, right:
            student = self._spawn_student(left)
            trusted = Process(
                self._trusted_server.spawn(files=setting.trusted_files, peer=right, environment=setting.environment)
            )
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
        _must(student, {"op": "setup", "text_limit": self.text_limit})
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
            student = self._spawn_student(left)
            _must(trusted, {"op": "peer"})
            socket.send_fds(trusted.channel.connection, [b"P"], [right.fileno()])
            trusted.channel.receive(deadline=time.monotonic() + FRAME_SECONDS)
        _must(student, {"op": "setup", "text_limit": self.text_limit})
        return student

    def _spawn_student(self, peer: socket.socket) -> Process:
        return Process(self._student_server.spawn(files=self._setting.student_files, peer=peer))


def _must(process: Process, message: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of a process that has run no code of a student's yet."""
    reply, _ = process.ask(message, [(START_SECONDS, process.child.kill)])
    if reply is None:
        raise RuntimeError(f"a process of the grader ended before the first cell: {process.why_it_ended()}")
    return reply
