"""A notebook run once more for its feedback page, by a process that never meets a test.

While tests run, a student's function sees hidden inputs; it can keep them, and a later cell can show them. So what
cells behind a test have shown while grading stays with the grader. Here the same cells run in a new process that is
given only what the student has anyway: the text that was released, the student's own, and the files of both. What it
shows cannot hold anything else.
"""

from __future__ import annotations

import signal
import socket
import time
from typing import Any, Self

from splitgrade.execution.instructor import InstructorNotebook, role_of
from splitgrade.execution.messages import error
from splitgrade.execution.output_budget import OutputBudget
from splitgrade.execution.process import GRACE_SECONDS, Process, Step
from splitgrade.execution.setting import Setting
from splitgrade.execution.wire.outputs import Output, clean
from splitgrade.sandbox.launcher import ForkServer
from splitgrade.sandbox.limits import Limits

START_SECONDS = 60.0
MAX_RESTARTS = 5


class Preview:
    """A student's process without a test: runs cells one by one, as a notebook on the student's own machine would.

    Use it as a context manager: it holds a process. One that ends is started again for the next cell, and the cells
    before run again, all but those that ended one or took too long.

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
        self._server, self._setting, self._limits = server, setting, limits
        self._process: Process | None = None
        self._silent: socket.socket | None = None
        self._past: list[str] = []
        self._starts = 0
        self._why_gone = ""
        self._deadline = time.monotonic() + limits.notebook_seconds
        self._budget = OutputBudget()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process; may be called twice."""
        if self._process is not None:
            self._process.close()
            self._process = None
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
            When the sandbox cannot start.
        RuntimeError
            When a process ends before it has seen any of these cells.
        """
        if not code.strip():
            return []
        if time.monotonic() > self._deadline:
            return [error("NotebookTimeoutError", f"the notebook took longer than {self._limits.notebook_seconds} s")]
        process = self._revived()
        if process is None:
            says = f"{label}: the notebook's process cannot be kept alive: {self._why_gone}"
            return [error("ProcessEndedError", says)]
        outputs, harmless = self._ask(process, label, code)
        if harmless:
            self._past.append(code)
        return self._budget.within(outputs)

    def _ask(self, process: Process, label: str, code: str) -> tuple[list[Output], bool]:
        """Return the outputs of a cell, and whether it neither took too long nor ended the process."""
        reply, late = process.ask({"op": "run", "code": code}, self._steps(process))
        outputs = clean(reply.get("outputs"), text_limit=self._text_limit) if reply else []
        if reply is None:
            self._why_gone = process.why_it_ended()
            self.close()
        if late:
            kept = [output for output in outputs if output["output_type"] != "error"]
            return [*kept, error("CellTimeoutError", self._too_long(label))], False
        if reply is None:
            return [error("ProcessEndedError", f"{label}: the notebook's process ended: {self._why_gone}")], False
        return outputs, True

    def _too_long(self, label: str) -> str:
        if time.monotonic() > self._deadline:
            return f"{label} was stopped: the notebook took longer than {self._limits.notebook_seconds} s"
        return f"{label} took longer than {self._limits.cell_seconds} s"

    def _steps(self, process: Process) -> list[Step]:
        seconds = min(self._limits.cell_seconds, max(self._deadline - time.monotonic(), 0.1))
        return [
            (seconds, lambda: process.child.signal(signal.SIGINT)),
            (GRACE_SECONDS, lambda: process.end("it took too long")),
        ]

    def _revived(self) -> Process | None:
        """Return a process with the earlier cells run, None where none stays alive."""
        while self._process is None:
            self._starts += 1
            if self._starts > 1 + MAX_RESTARTS or time.monotonic() > self._deadline:
                return None
            process = self._start()
            past, self._past = self._past, []
            for code in past:
                late = time.monotonic() > self._deadline
                if late or process.child.closed or self._ask(process, "", code)[1]:
                    self._past.append(code)
        return self._process

    def _start(self) -> Process:
        # Where grading has the wire to the trusted process there is one that nobody speaks on; closing it would be the
        # end of grading, and with it of the process.
        self._silent, inside = socket.socketpair()
        with inside:
            self._process = process = Process(self._server.spawn(files=self._setting.student_files, peer=inside))
        told = {"op": "setup", "text_limit": self._text_limit, "forget": list(self._setting.other_packages)}
        reply, _ = process.ask(told, [(START_SECONDS, process.child.kill)])
        if reply is None:
            raise RuntimeError(f"a process for feedback ended before the first cell: {process.why_it_ended()}")
        return process

    @property
    def _text_limit(self) -> int:
        return 1024 * self._limits.output_kb


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
