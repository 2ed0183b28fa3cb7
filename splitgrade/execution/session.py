"""One notebook's two processes, watched from outside.

A cell that takes too long costs its question only: the student's code is interrupted, then its process is killed, and
only then is the trusted process touched::

    run_student   grader -> student                 outputs, or the reason of an end
    run_locked    grader -> student, -> trusted     the instructor's set-up, on both sides
    run_test      grader -> trusted -> student      the test asks, the student's functions answer
                  (a process that ended)            started again, earlier cells run again (`student_side`)
"""

from __future__ import annotations

import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbformat.notebooknode import NotebookNode

from splitgrade.execution.cell_code import definitions
from splitgrade.execution.clock import Patience
from splitgrade.execution.messages import as_text, raised
from splitgrade.execution.pair import Pair
from splitgrade.execution.process import Process
from splitgrade.execution.reasons import Event, Reason
from splitgrade.execution.student_side import Cell, StudentSide
from splitgrade.execution.wire.outputs import TRUSTED, Output, clean
from splitgrade.sandbox.causes import Cause, text_of
from splitgrade.sandbox.limits import GRACE_SECONDS, MAX_RESTARTS, Limits


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
    close : bool
        Whether what the test changes in names and values of the student's reaches the student's process, and the other
        way round, at once.
    students : str
        What later cells of the student's may need of the test: imports and definitions of its released part.
    stopped : mapping of str to str
        Names that a student's cell should have bound -> the error that stopped it before.
    """

    label: str
    code: str
    points: float
    mode: str = "free"
    record: Mapping[str, Any] | None = None
    close: bool = False
    students: str = ""
    stopped: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        name: str,
        source: NotebookNode,
        records: Mapping[str, Mapping[str, Any]],
        stopped: Mapping[str, str] | None = None,
        *,
        students: str = "",
    ) -> GradedCell:
        """Return the instructor's test cell as a student's answer meets it, held against its record if there is one."""
        record = records.get(name)
        points = float(source.metadata.nbgrader["points"])
        mode, close = "free" if record is None else "enforce", bool((record or {}).get("close"))
        return cls(name, source.source, points, mode, record, close, students, stopped or {})


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
        self._student = StudentSide(limits)
        self._trusted: Process | None = None
        self._past: list[tuple[Cell, str]] = []  # each with what the trusted process needs of it
        self._starts = 0
        self._troubled = False
        self.changed: set[str] = set()  # tests whose arguments an answer changed where the solution did not

    @property
    def failed_imports(self) -> list[str]:
        """Return the import statements of the instructor's notebook that failed."""
        return self._pair.failed_imports

    @property
    def events(self) -> list[Event]:
        """Return what had to be decided: limits that were reached, processes that ended."""
        return self._student.events

    def hurry(self) -> None:
        """Give cells ever less time once they take too long, see `StudentSide`."""
        self._student.hurried = True

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
        living = [process for process in (self._student.process, self._trusted) if process is not None]
        for process in living:  # both first, then wait: the kernel clears them away at the same time
            process.child.kill()
        self._student.close()
        if self._trusted is not None:
            self._trusted.close()
            self._trusted = None

    # ---- cells

    def run_student(self, label: str, code: str) -> list[Output]:
        """Run a cell of the student's and return its cleaned outputs."""
        return self._student.within_budget(label, self._run_student(Cell(label, code), ""))

    def written(self) -> frozenset[str]:
        """Return the files of the work folder that the instructor's solution has written, changed or deleted."""
        process = self._student.process
        steps = [(Patience(GRACE_SECONDS), self._student.end)]
        reply = None if process is None else process.ask({"op": "written"}, steps)[0]
        return frozenset(str(name) for name in (reply or {}).get("names", ()))

    def run_solution(self, label: str, compiled: str) -> list[Output]:
        """Run an answer of the instructor's in the student's process, without its text."""
        return self._run_student(Cell(label, compiled, op="solution"), "")

    def define(self, label: str, code: str, students: str = "") -> None:
        """Let both processes have what later cells need of a test that is not run."""
        if (kept := definitions(code)) and (trusted := self._revive()) is not None:
            self._run_trusted(label, {"op": "locked", "code": kept}, trusted)
        self._run_student(Cell(label, students), kept)

    def run_locked(self, label: str, code: str) -> list[Output]:
        """Run an instructor's set-up cell on both sides; the trusted side's outputs are shown when both went well."""
        outputs = self._run_student(Cell(label, code), code)
        if raised(outputs):
            return outputs
        living = self._revive()
        if living is None:
            return self._student.not_run(label)
        shown = self._run_trusted(label, {"op": "locked", "code": code}, living)[0]
        return outputs if raised(shown) else shown

    def run_test(self, test: GradedCell) -> tuple[list[Output], dict[str, Any]]:
        """Run a test cell and return its outputs, and what was recorded where its mode says so."""
        message = {"op": "test", "code": test.code, "points": test.points, "mode": test.mode, "record": test.record}
        message |= {"stopped": dict(test.stopped), "close": test.close}
        # First, as in one kernel: an answer may use what its test imports.
        self._run_student(Cell(test.label, test.students), definitions(test.code))
        trusted = self._revive()
        if trusted is None:
            outputs, recorded = self._student.not_run(test.label), {}
        else:
            outputs, reply = self._run_trusted(test.label, message, trusted)
            recorded = reply.get("record", {})
            if reply.get("kept_apart") is True:
                self.changed.add(test.label)
        if raised(outputs):  # a number beside an error would count, where nbgrader sees it first
            outputs = [output for output in outputs if output["output_type"] != "execute_result"]
        return outputs, recorded

    def _run_student(self, cell: Cell, trusted: str) -> list[Output]:
        if not cell.code.strip():
            outputs: list[Output] = []
        else:
            outputs = self._student.not_run(cell.label) if self._revive() is None else self._student.run(cell)
        self._past.append((cell, trusted))
        return outputs

    def _run_trusted(
        self, label: str, message: dict[str, Any], trusted: Process
    ) -> tuple[list[Output], dict[str, Any]]:
        student = self._student
        clock = student.clock([process for process in (student.process, trusted) if process is not None])
        steps = [
            *student.steps(clock),
            (Patience(GRACE_SECONDS), lambda: trusted.child.signal(signal.SIGINT)),
            (Patience(GRACE_SECONDS), lambda: trusted.end(text_of(Cause.TOO_LONG))),
        ]
        reply, late = trusted.ask(message, steps, on_why=self._note_end)
        student.charge(clock)
        self._troubled = self._troubled or late > 0
        outputs = clean(reply.get("outputs"), kinds=TRUSTED, text_limit=2 * student.text_limit) if reply else []
        if reply is not None and reply.get("asked") is True:
            outputs = [*map(as_text, student.drawn()), *outputs]
        if student.process is not None and student.process.child.wait(0):
            student.drop()
        if reply is None:
            ended = self._drop_trusted(trusted)
            if not late:
                outputs = [student.as_error(student.note(Reason.TEST_ENDED, label, why=ended))]
        said = self._said_after(label, late=late > 0, ended=reply is None)
        return [*student.budget.within_test(outputs), *said], reply or {}

    def _said_after(self, label: str, *, late: bool, ended: bool) -> list[Output]:
        """Return what has to be said of a test whose processes did not do well."""
        if late:
            event = self._student.too_long(label)
        elif self._student.process is None and not ended:
            event = self._student.note(Reason.PROCESS_ENDED, label, why=self._student.why_gone)
        else:
            return []
        if late and ended:
            return [self._student.as_error(event)]
        return [{"output_type": "stream", "name": "stdout", "text": f"{event.text}\n"}]

    # ---- endings

    def _note_end(self, seen: Mapping[str, Any]) -> str:
        """Return why the student's process is not there any more, by what the trusted process saw of it."""
        student = self._student
        if student.process is not None:
            if seen.get("closed") is True:
                student.why_gone = student.process.why_it_ended()
            else:
                says = text_of(Cause.PROTOCOL, says=str(seen.get("says"))[:200])
                student.why_gone = student.process.why_it_ended(patience=0, otherwise=says)
        return student.why_gone

    def _drop_trusted(self, trusted: Process) -> str:
        """Give back what the trusted process held and return why it ended."""
        why = trusted.why_it_ended()
        trusted.close()
        self._trusted = None
        return why

    # ---- starting, and starting again

    def _revive(self) -> Process | None:
        """Return the trusted process, both living and all earlier cells run; None when they do not stay."""
        student = self._student
        if student.out_of_time:
            return None
        while student.process is None or self._trusted is None:
            self._starts += 1
            if self._starts > 1 + MAX_RESTARTS or student.out_of_time:
                return None
            anew = self._trusted is None
            if self._trusted is None:
                self.close()  # the student's wire led to the trusted process that has ended
                student.process, self._trusted = self._pair.start()
            else:
                student.process = self._pair.start_student(self._trusted)
            self._run_again(with_trusted=anew)
        return self._trusted

    def _run_again(self, *, with_trusted: bool) -> None:
        """Run the earlier cells in new processes, as far as they live."""
        if not with_trusted:
            self._student.run_again([cell for cell, _ in self._past])
            return
        with self._student.unnoted():
            for cell, trusted in self._past:
                self._student.run_again([cell])
                if trusted and self._student.process is not None and self._trusted is not None:
                    self._run_trusted(cell.label, {"op": "locked", "code": trusted}, self._trusted)
