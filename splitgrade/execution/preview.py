"""A notebook run once more for its feedback page, by a process that never meets a test.

While tests run, a student's function sees hidden inputs; it can keep them, and a later cell can show them. So what
cells behind a test have shown while grading stays with the grader. Here the same cells run in a new process that is
given only what the student has anyway: the text that was released, the student's own, and the files of both. What it
shows cannot hold anything else.
"""

from __future__ import annotations

import socket
from typing import Any, Self

from splitgrade.execution.clock import Patience
from splitgrade.execution.instructor import InstructorNotebook, role_of
from splitgrade.execution.process import Process
from splitgrade.execution.setting import Setting
from splitgrade.execution.student_side import Cell, StudentSide
from splitgrade.execution.wire.outputs import Output
from splitgrade.sandbox.launcher import ForkServer
from splitgrade.sandbox.limits import MAX_PREVIEW_RESTARTS, START_SECONDS, Limits


class Preview:
    """A student's process without a test: runs cells one by one, as a notebook on the student's own machine would.

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
        self._student = StudentSide(limits)
        self._silent: socket.socket | None = None
        self._past: list[Cell] = []
        self._starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process; may be called twice."""
        self._student.close()
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
            return self._student.not_run(label)
        cell = Cell(label, code)
        outputs = self._student.run(cell)
        self._past.append(cell)
        return self._student.within_budget(label, outputs)

    def _revive(self) -> bool:
        """Return whether a process lives, with the earlier cells run."""
        student = self._student
        while student.process is None and not student.out_of_time:
            self._starts += 1
            if self._starts > 1 + MAX_PREVIEW_RESTARTS:
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
            process = Process(
                self._server.spawn(files=self._setting.student_files, links=self._setting.links, peer=inside)
            )
        self._student.process = process
        told = {"op": "setup", "text_limit": self._student.text_limit, "forget": list(self._setting.other_packages)}
        reply, _ = process.ask(told, [(Patience(START_SECONDS), process.child.kill)])
        if reply is None:
            raise RuntimeError(f"a process for feedback ended before the first cell: {process.why_it_ended()}")


def text_for_preview(instructor: InstructorNotebook, cell: Any) -> str:
    """Return what of a cell is run: text that the student has.

    Parameters
    ----------
    instructor : InstructorNotebook
        The notebook that was handed out.
    cell : NotebookNode
        A cell of what came back, after grading. Its own text counts where students write; for set-up and test cells
        the released one does, so that neither an edit nor a hidden test gets in.
    """
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    source = instructor.cells.get(grade_id)
    if source is None or role_of(source) == "answer":
        return str(cell.source)
    return instructor.released[source.metadata.nbgrader["grade_id"]]
