"""The next notebook's processes, forked while the grader writes down what came of the last one.

Notebooks of one assignment come one after another and mostly have the same files beside them, so that the two processes
of the next can be started before it is known. What does not fit is ended unused; a process serves one notebook only.
"""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass

from cnn_course.grading.processes import Process
from cnn_course.grading.sandbox.errors import SandboxError
from cnn_course.grading.sandbox.launcher import ForkServer
from cnn_course.grading.setting import Setting


@dataclass
class _Ready:
    setting: Setting
    student: Process
    trusted: Process

    def lives(self) -> bool:
        return not self.student.child.wait(0) and not self.trusted.child.wait(0)

    def close(self) -> None:
        for process in (self.student, self.trusted):
            process.child.kill()
        for process in (self.student, self.trusted):
            process.close()


class Reserve:
    """Starts pairs of connected processes, one of them ahead.

    Parameters
    ----------
    student_server, trusted_server : ForkServer
        Where they come from.
    """

    def __init__(self, student_server: ForkServer, trusted_server: ForkServer) -> None:
        self._student_server, self._trusted_server = student_server, trusted_server
        self._ready: _Ready | None = None

    def start(self, setting: Setting) -> tuple[Process, Process]:
        """Return a student's and a trusted process that nobody has used."""
        ready, self._ready = self._ready, None
        if ready is not None and setting.starts_like(ready.setting) and ready.lives():
            return ready.student, ready.trusted
        if ready is not None:
            ready.close()
        return self._spawn(setting)

    def start_student(self, setting: Setting, peer: socket.socket) -> Process:
        """Return another student's process with the given end of a wire."""
        return Process(self._student_server.spawn(files=setting.student_files, peer=peer))

    def prepare(self, setting: Setting) -> None:
        """Start a pair for a notebook like this one now."""
        if self._ready is None:
            with contextlib.suppress(SandboxError):  # whoever needs the next pair tries again and is told
                self._ready = _Ready(setting, *self._spawn(setting))

    def close(self) -> None:
        """End what was started ahead."""
        if self._ready is not None:
            self._ready.close()
            self._ready = None

    def _spawn(self, setting: Setting) -> tuple[Process, Process]:
        left, right = socket.socketpair()
        with left, right:
            student = self.start_student(setting, left)
            server = self._trusted_server
            trusted = Process(server.spawn(files=setting.trusted_files, peer=right, environment=setting.environment))
        return student, trusted
