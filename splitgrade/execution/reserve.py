"""Processes that are there before they are asked for: the next notebook's student, the submission's trusted one.

Notebooks of one assignment come one after another and mostly have the same files beside them, so that the student's
process of the next can be forked before it is known. What does not fit is ended unused; it serves one notebook only.

A trusted process runs no code of a student's, and the notebooks of one submission are of one student: what one of them
could leave there is of no use but to its own author's. So it serves them all, told to forget in between, and ends
before the next submission's first.
"""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass

from splitgrade.errors import SandboxError
from splitgrade.execution.process import Process
from splitgrade.execution.setting import Setting
from splitgrade.sandbox.launcher import ForkServer


@dataclass
class _Ready:
    setting: Setting
    student: Process
    wire: socket.socket

    def close(self) -> None:
        self.wire.close()
        self.student.close()


@dataclass
class _Kept:
    submission: str
    setting: Setting
    trusted: Process


class Reserve:
    """Starts processes, students' ones ahead, and keeps a trusted one for the notebooks of a submission.

    Parameters
    ----------
    student_server, trusted_server : ForkServer
        Where they come from.
    """

    def __init__(self, student_server: ForkServer, trusted_server: ForkServer) -> None:
        self._student_server, self._trusted_server = student_server, trusted_server
        self._ready: _Ready | None = None
        self._kept: _Kept | None = None

    def student(self, setting: Setting) -> tuple[Process, socket.socket]:
        """Return a student's process that nobody has used, and the other end of its wire, which is the caller's."""
        ready, self._ready = self._ready, None
        if ready is not None and setting.student_starts_like(ready.setting) and not ready.student.child.wait(0):
            return ready.student, ready.wire
        if ready is not None:
            ready.close()
        return self._spawn_student(setting)

    def trusted(self, setting: Setting, wire: socket.socket) -> Process:
        """Return a new trusted process with the given end of a wire."""
        server = self._trusted_server
        files, links = setting.trusted_files, setting.links
        return Process(server.spawn(files=files, links=links, peer=wire, environment=setting.environment))

    def kept(self, setting: Setting, submission: str | None) -> Process | None:
        """Return the trusted process of this submission's notebook before, None where there is none.

        That of another submission ends here; a notebook of nobody's, such as a solution, leaves it where it is.
        """
        if self._kept is None or submission is None:
            return None
        kept, self._kept = self._kept, None
        fits = kept.submission == submission and setting.trusted_starts_like(kept.setting)
        if fits and not kept.trusted.child.wait(0):
            return kept.trusted
        kept.trusted.close()
        return None

    def keep(self, setting: Setting, submission: str, trusted: Process) -> None:
        """Take back a trusted process that waits for the submission's next notebook."""
        self._kept = _Kept(submission, setting, trusted)

    def prepare(self, setting: Setting) -> None:
        """Start a student's process for a notebook like this one now."""
        if self._ready is None:
            with contextlib.suppress(SandboxError):  # whoever needs the next one tries again and is told
                self._ready = _Ready(setting, *self._spawn_student(setting))

    def close(self) -> None:
        """End what was started ahead or kept."""
        if self._ready is not None:
            self._ready.close()
            self._ready = None
        if self._kept is not None:
            self._kept.trusted.close()
            self._kept = None

    def _spawn_student(self, setting: Setting) -> tuple[Process, socket.socket]:
        inside, wire = socket.socketpair()
        with inside:
            try:
                child = self._student_server.spawn(files=setting.student_files, links=setting.links, peer=inside)
                return Process(child), wire
            except BaseException:
                wire.close()
                raise
