"""The student's half of a notebook, as the grader holds it: a process, its cells, their time, and starting again.

Both runs of a notebook have it: the graded one (`session`), and the one for feedback that never meets a test
(`preview`). A cell that takes too long or ends the process costs itself only; after an end another process is started
before the next cell, and the earlier cells are run again in it, all but those that did harm.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from splitgrade.execution.clock import CellClock, Patience
from splitgrade.execution.messages import error
from splitgrade.execution.output_budget import OutputBudget
from splitgrade.execution.process import Process, Step
from splitgrade.execution.reasons import Event, Reason
from splitgrade.execution.wire.outputs import CUT, Output, clean
from splitgrade.sandbox.causes import Cause, text_of
from splitgrade.sandbox.limits import GRACE_SECONDS, Limits


@dataclass
class Cell:
    """A cell that was run in the student's process, for running it again."""

    label: str
    code: str
    harmful: bool = False
    op: str = "run"  # "solution": the code is compiled, see `carried`


class StudentSide:
    """One student's process after another, and what all of them may use together.

    Parameters
    ----------
    limits : Limits
        Time, output and the rest.

    Attributes
    ----------
    process : Process or None
        The living one.
    why_gone : str
        Why the last one ended.
    events : list of Event
        What had to be decided.
    hurried : bool
        Whether a cell that takes too long halves the time of the later ones, which often hang for the same reason. For
        runs that give no points: an answer that hangs must not cost its page minutes.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.process: Process | None = None
        self.why_gone = ""
        self.events: list[Event] = []
        self.hurried = False
        self.budget = OutputBudget()
        self._left = float(limits.notebook_seconds)

    # ---- time

    @property
    def out_of_time(self) -> bool:
        """Return whether the notebook has used up its seconds."""
        return self._left <= 0

    def clock(self, processes: Sequence[Process]) -> CellClock:
        """Return the clock of the next cell."""
        seconds = min(float(self.limits.cell_seconds), max(self._left, 0.1))
        return CellClock(seconds, [process.child for process in processes])

    def charge(self, clock: CellClock) -> None:
        """Take what a cell used off the notebook's seconds."""
        self._left -= clock.charged()

    def interrupt(self) -> None:
        """Interrupt the student's code."""
        if self.process is not None:
            self.process.child.signal(signal.SIGINT)

    def end(self) -> None:
        """End the process that does not listen to an interruption."""
        if self.process is not None:
            self.process.end(text_of(Cause.TOO_LONG))

    def steps(self, clock: CellClock) -> list[Step]:
        """Return what is done when a cell of the student's takes too long."""
        return [(clock, self.interrupt), (Patience(GRACE_SECONDS), self.end)]

    # ---- cells

    def run(self, cell: Cell) -> list[Output]:
        """Run a cell in the living process and return its cleaned outputs, the reason of its end among them.

        Raises
        ------
        OutsideDeathError
            When something outside ended the process.
        ValueError
            When there is no living process.
        """
        if self.process is None:
            raise ValueError("a cell needs a living process, got none")
        if not cell.code.strip():
            return []
        reply, late, outputs = self._ask(self.process, {"op": cell.op, "code": cell.code})
        # Run again, it would take as long, or end the process, again.
        cell.harmful = reply is None or late
        if late:
            kept = [output for output in outputs if output["output_type"] != "error"]
            return [*kept, self.as_error(self.too_long(cell.label))]
        if reply is None:
            return [self.as_error(self.note(Reason.PROCESS_ENDED, cell.label, why=self.why_gone))]
        if any(output.get("text", "").endswith(CUT) for output in outputs):
            self.note(Reason.OUTPUT_CUT, cell.label, kb=self.limits.output_kb)
        if any(output.get("ename") == "MemoryError" for output in outputs):
            self.note(Reason.NO_MEMORY, cell.label, mb=self.limits.memory_mb)
        return outputs

    def drawn(self) -> list[Output]:
        """Return what functions that a test called have drawn and left open."""
        return [] if self.process is None else self._ask(self.process, {"op": "flush"})[2]

    def _ask(self, process: Process, message: dict[str, str]) -> tuple[dict[str, object] | None, bool, list[Output]]:
        clock = self.clock([process])
        reply, late = process.ask(message, self.steps(clock))
        self.charge(clock)
        if reply is None:
            self.drop()
        outputs = clean(reply.get("outputs"), text_limit=self.text_limit) if reply else []
        return reply, late > 0, outputs

    def run_again(self, cells: Sequence[Cell]) -> None:
        """Run earlier cells in a new process, as far as it lives; nothing that they show or do is noted."""
        with self.unnoted():
            for cell in cells:
                if self.process is None or self.out_of_time:
                    return
                if not cell.harmful:
                    self.run(cell)

    def drop(self) -> None:
        """Give back what the process held, and note why it is not there any more.

        Raises
        ------
        OutsideDeathError
            When something outside ended it.
        """
        if self.process is not None:
            self.why_gone = self.process.why_it_ended()
            self.close()

    def close(self) -> None:
        """End the process; may be called twice."""
        process, self.process = self.process, None
        if process is not None:
            process.close()

    # ---- what is said

    @contextmanager
    def unnoted(self) -> Iterator[None]:
        """Keep no event meanwhile: what is run again was noted the first time."""
        kept = list(self.events)
        try:
            yield
        finally:
            self.events[:] = kept

    @property
    def text_limit(self) -> int:
        """Return the characters that a cell may print."""
        return 1024 * self.limits.output_kb

    def note(self, reason: Reason, label: str, **values: object) -> Event:
        """Return the event of a reason, which is kept."""
        event = Event.of(reason, label, **values)
        self.events.append(event)
        return event

    def too_long(self, label: str) -> Event:
        """Return which limit of time a cell has reached."""
        if self.out_of_time:
            return self.note(Reason.NOTEBOOK_TOO_LONG, label, seconds=self.limits.notebook_seconds)
        event = self.note(Reason.CELL_TOO_LONG, label, seconds=self.limits.cell_seconds)
        if self.hurried:
            self.limits = replace(self.limits, cell_seconds=max(1, self.limits.cell_seconds // 2))
        return event

    def not_run(self, label: str) -> list[Output]:
        """Return what stands for a cell that no process is left for."""
        if self.out_of_time:
            return [self.as_error(self.too_long(label))]
        return [self.as_error(self.note(Reason.NOT_KEPT_ALIVE, label, why=self.why_gone))]

    def within_budget(self, label: str, outputs: list[Output]) -> list[Output]:
        """Return the outputs of a cell as far as the notebook may show them."""
        kept = self.budget.within(outputs)
        if kept is not outputs:
            self.note(Reason.OUTPUT_LEFT_OUT, label)
        return kept

    @staticmethod
    def as_error(event: Event) -> Output:
        """Return an event as an error among the outputs."""
        return error(event.reason, event.text)
