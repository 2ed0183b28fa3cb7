"""One notebook's two processes, watched from outside: time, endings, and starting again.

A cell that takes too long costs its question only: the student's code is interrupted, then its process is killed, and
only then is the trusted process touched. After the student's process has ended, another is started before the next cell
and the earlier cells are run again in it, all but those that ended a process.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from splitgrade.execution.instructor import definitions
from splitgrade.execution.messages import as_text, error, failed
from splitgrade.execution.output_budget import OutputBudget
from splitgrade.execution.pair import Pair
from splitgrade.execution.process import GRACE_SECONDS, Process, Step
from splitgrade.execution.wire.outputs import TRUSTED, Output, clean
from splitgrade.sandbox.limits import Limits

MAX_RESTARTS = 25


@dataclass(frozen=True)
class GradedCell:
    """A test cell.

    Parameters
    ----------
    label : str
        The grade_id.
    code : str
        The instructor's text.
    points : float
        The most that it may give.
    mode : str
        ``free``, ``record`` or ``enforce``, see `trusted.expectations`.
    record : mapping, optional
        What the run of the instructor's solution recorded.
    """

    label: str
    code: str
    points: float
    mode: str = "free"
    record: Mapping[str, Any] | None = None


@dataclass
class _Past:
    """A cell that was run, for running it again."""

    label: str
    student: str = ""
    trusted: str = ""
    harmful: bool = False


class Session:
    """The student's and the trusted process of one notebook.

    Parameters
    ----------
    pair : Pair
        Starts the processes.
    limits : Limits
        Time, output and the rest.
    """

    def __init__(self, pair: Pair, limits: Limits) -> None:
        self._pair, self._limits = pair, limits
        self._student: Process | None = None
        self._trusted: Process | None = None
        self._past: list[_Past] = []
        self._starts = 0
        self._troubled = False
        self._why_gone = ""
        self._deadline = time.monotonic() + limits.notebook_seconds
        self._budget = OutputBudget()

    @property
    def failed_imports(self) -> list[str]:
        """Return the import statements of the instructor's notebook that failed."""
        return self._pair.failed_imports

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def hand_on(self) -> None:
        """Leave the trusted process to the submission's next notebook, unless anything went wrong with this one.

        Nor does one live on that has lived for the seconds of a cell: its CPU time has to last for a whole notebook.
        """
        trusted = self._trusted
        if trusted is None or self._troubled or self._starts > 1:
            return
        if time.monotonic() - trusted.started <= self._limits.cell_seconds:
            self._pair.keep(trusted)
            self._trusted = None

    def close(self) -> None:
        """End both processes."""
        living = [process for process in (self._student, self._trusted) if process is not None]
        for process in living:  # both first, then wait: the kernel clears them away at the same time
            process.child.kill()
        for process in living:
            process.close()
        self._student = self._trusted = None

    # ---- cells

    def run_student(self, label: str, code: str) -> list[Output]:
        """Run a cell of the student's and return its cleaned outputs."""
        past = _Past(label, student=code)
        outputs = self._in_living_processes(label, lambda student, _: self._run_student(past, student))
        self._past.append(past)
        return self._budget.within(outputs)

    def run_locked(self, label: str, code: str) -> list[Output]:
        """Run an instructor's set-up cell on both sides; the trusted side's outputs are shown when both went well."""
        past, message = _Past(label, student=code, trusted=code), {"op": "locked", "code": code}
        outputs = self._in_living_processes(label, lambda student, _: self._run_student(past, student))
        if not failed(outputs):
            trusted = self._in_living_processes(label, lambda _, trusted: self._run_trusted(label, message, trusted)[0])
            outputs = outputs if failed(trusted) else trusted
        self._past.append(past)
        return outputs

    def run_test(self, test: GradedCell) -> tuple[list[Output], dict[str, Any]]:
        """Run a test cell and return its outputs, and what was recorded where its mode says so."""
        message = {"op": "test", "code": test.code, "points": test.points, "mode": test.mode, "record": test.record}
        recorded: dict[str, Any] = {}

        def run(_: Process, trusted: Process) -> list[Output]:
            outputs, reply = self._run_trusted(test.label, message, trusted)
            recorded.update(reply.get("record", {}))
            return outputs

        outputs = self._in_living_processes(test.label, run)
        self._past.append(_Past(test.label, trusted=definitions(test.code)))
        if failed(outputs):  # a number beside an error would count, where nbgrader sees it first
            outputs = [output for output in outputs if output["output_type"] != "execute_result"]
        return outputs, recorded

    def _in_living_processes(self, label: str, run: Callable[[Process, Process], list[Output]]) -> list[Output]:
        """Run a cell in processes that live, or say why there are none."""
        if time.monotonic() > self._deadline:
            return [error("NotebookTimeoutError", f"the notebook took longer than {self._limits.notebook_seconds} s")]
        living = self._revive()
        if living is None:
            says = f"{label}: the notebook's process cannot be kept alive: {self._why_gone}"
            return [error("ProcessEndedError", says)]
        return run(*living)

    def _run_student(self, past: _Past, student: Process) -> list[Output]:
        if not past.student.strip():
            return []
        reply, late = student.ask({"op": "run", "code": past.student}, self._student_steps(student))
        outputs = clean(reply.get("outputs"), text_limit=self._pair.text_limit) if reply else []
        if reply is None:
            self._drop_student()
        # Run again, it would take as long, or end the process, again.
        past.harmful = reply is None or late > 0
        if late:
            kept = [output for output in outputs if output["output_type"] != "error"]
            return [*kept, error("CellTimeoutError", self._too_long(past.label))]
        if reply is None:
            return [error("ProcessEndedError", f"{past.label}: the notebook's process ended: {self._why_gone}")]
        return outputs

    def _run_trusted(
        self, label: str, message: dict[str, Any], trusted: Process
    ) -> tuple[list[Output], dict[str, Any]]:
        steps = [
            (self._cell_seconds(), self._interrupt_student),
            (GRACE_SECONDS, self._end_student),
            (GRACE_SECONDS, lambda: trusted.child.signal(signal.SIGINT)),
            (GRACE_SECONDS, lambda: trusted.end("it took too long")),
        ]
        reply, late = trusted.ask(message, steps, on_why=self._note_end)
        self._troubled = self._troubled or late > 0
        outputs = clean(reply.get("outputs"), kinds=TRUSTED, text_limit=2 * self._pair.text_limit) if reply else []
        if reply is not None and reply.get("asked") is True:
            outputs = [*self._drawn(), *outputs]
        if self._student is not None and self._student.child.wait(0):
            self._drop_student()
        if reply is None:
            ended = self._drop_trusted(trusted)
            outputs = [] if late else [error("TestEndedError", f"{label}: the test ended: {ended}")]
        return [
            *self._budget.within_test(outputs),
            *self._said_after(label, late=late > 0, ended=reply is None),
        ], reply or {}

    def _said_after(self, label: str, *, late: bool, ended: bool) -> list[Output]:
        """Return what has to be said of a test whose processes did not do well."""
        if late and ended:
            return [error("CellTimeoutError", self._too_long(label))]
        says = self._too_long(label) if late else ""
        if self._student is None and not late and not ended:
            says = f"{label}: the notebook's process ended: {self._why_gone}"
        return [{"output_type": "stream", "name": "stdout", "text": f"{says}\n"}] if says else []

    def _drawn(self) -> list[Output]:
        """Return what the student's functions have drawn in a test and left open."""
        if self._student is None:
            return []
        reply, _ = self._student.ask({"op": "flush"}, self._student_steps(self._student))
        if reply is None:
            self._drop_student()
            return []
        return [as_text(output) for output in clean(reply.get("outputs"), text_limit=self._pair.text_limit)]

    # ---- limits

    def _cell_seconds(self) -> float:
        return min(self._limits.cell_seconds, max(self._deadline - time.monotonic(), 0.1))

    def _student_steps(self, student: Process) -> list[Step]:
        return [
            (self._cell_seconds(), self._interrupt_student),
            (GRACE_SECONDS, lambda: student.end("it took too long")),
        ]

    def _interrupt_student(self) -> None:
        if self._student is not None:
            self._student.child.signal(signal.SIGINT)

    def _end_student(self) -> None:
        if self._student is not None:
            self._student.end(f"it took longer than {self._limits.cell_seconds} s")

    def _too_long(self, label: str) -> str:
        if time.monotonic() > self._deadline:
            return f"{label} was stopped: the notebook took longer than {self._limits.notebook_seconds} s"
        return f"{label} took longer than {self._limits.cell_seconds} s"

    # ---- endings

    def _note_end(self, seen: Mapping[str, Any]) -> str:
        """Return why the student's process is not there any more, by what the trusted process saw of it."""
        if self._student is not None:
            if seen.get("closed") is True:
                self._why_gone = self._student.why_it_ended()
            else:
                says = f"it broke the protocol: {str(seen.get('says'))[:200]}"
                self._why_gone = self._student.why_it_ended(patience=0, otherwise=says)
        return self._why_gone

    def _drop_student(self) -> None:
        if self._student is not None:
            self._why_gone = self._student.why_it_ended()
            self._student.close()
            self._student = None

    def _drop_trusted(self, trusted: Process) -> str:
        """Give back what the trusted process held and return why it ended."""
        why = trusted.why_it_ended()
        trusted.close()
        self._trusted = None
        return why

    # ---- starting, and starting again

    def _revive(self) -> tuple[Process, Process] | None:
        """Return both processes with all earlier cells run, None when they do not stay."""
        while self._student is None or self._trusted is None:
            self._starts += 1
            if self._starts > 1 + MAX_RESTARTS or time.monotonic() > self._deadline:
                return None
            anew = self._trusted is None
            if self._trusted is None:
                self.close()  # the student's wire led to the trusted process that has ended
                self._student, self._trusted = self._pair.start()
            else:
                self._student = self._pair.start_student(self._trusted)
            self._replay(with_trusted=anew)
        return self._student, self._trusted

    def _replay(self, *, with_trusted: bool) -> None:
        """Run the earlier cells again, as far as the processes live."""
        for past in self._past:
            if time.monotonic() > self._deadline:
                return
            if self._student is not None and past.student and not past.harmful:
                self._run_student(past, self._student)
            if with_trusted and past.trusted and self._student is not None and self._trusted is not None:
                self._run_trusted(past.label, {"op": "locked", "code": past.trusted}, self._trusted)
