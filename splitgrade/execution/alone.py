"""A student's process that no trusted process is connected to: it runs cells one by one, as a notebook would.

Two runs use one: the run for feedback pages, which never meets a test (`preview`), and the run of tests that work in
one process only (`shared`).
"""

from __future__ import annotations

import socket
from typing import Self

from splitgrade.execution.clock import Patience
from splitgrade.execution.process import Process
from splitgrade.execution.setting import Setting
from splitgrade.execution.student_side import Cell, StudentSide
from splitgrade.execution.wire.outputs import Output
from splitgrade.sandbox.launcher import ForkServer
from splitgrade.sandbox.limits import MAX_RESTARTS_ALONE, START_SECONDS, Limits


class Alone:
    """One student's process after another, each started when a cell needs it.

    Use it as a context manager: it holds a process.

    Parameters
    ----------
    server : ForkServer
        The student's.
    setting : Setting
        The files of the work folder, and what is told before the first cell. Nothing in it that is for the trusted
        process, its environment above all, is used.
    limits : Limits
        The same as for grading.
    """

    def __init__(self, server: ForkServer, setting: Setting, limits: Limits) -> None:
        self._server, self._setting = server, setting
        self.student = StudentSide(limits)
        self._silent: socket.socket | None = None
        self._past: list[Cell] = []
        self._starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process; may be called twice."""
        self.student.close()
        if self._silent is not None:
            self._silent.close()
            self._silent = None

    def run(self, label: str, code: str) -> list[Output]:
        """Run a cell and return its cleaned outputs; the message of a limit is the last of them.

        Parameters
        ----------
        label : str
            What messages call the cell.
        code : str
            Its text.

        Raises
        ------
        SandboxUnavailableError, SandboxError
            When the sandbox cannot start, or something outside ended a process.
        RuntimeError
            When a process ends before it has seen any of these cells.
        """
        if not code.strip():
            return []
        if not self._revive():
            return self.student.not_run(label)
        cell = Cell(label, code)
        outputs = self.student.run(cell)
        self._past.append(cell)
        return self.student.within_budget(label, outputs)

    def _revive(self) -> bool:
        """Return whether a process lives, with the earlier cells run."""
        student = self.student
        while student.process is None and not student.out_of_time:
            self._starts += 1
            if self._starts > 1 + MAX_RESTARTS_ALONE:
                return False
            self.close()
            self._start()
            student.run_again(self._past)
        return not student.out_of_time

    def _start(self) -> None:
        # Where grading has the wire to the trusted process there is one that nobody speaks on; closing it would be the
        # end of grading, and with it of the process.
        self._silent, inside = socket.socketpair()
        with inside:
            files, links = self._setting.student_files, self._setting.links
            process = Process(self._server.spawn(files=files, links=links, peer=inside))
        self.student.process = process
        told = {"op": "setup", "text_limit": self.student.text_limit, "forget": list(self._setting.other_packages)}
        reply, _ = process.ask(told, [(Patience(START_SECONDS), process.child.kill)])
        if reply is None:
            raise RuntimeError(f"a student's process ended before the first cell: {process.why_it_ended()}")
