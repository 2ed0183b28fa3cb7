"""The cells of a restored notebook, each run where it belongs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from splitgrade.execution.calibrate import Calibration
from splitgrade.execution.endings import Ending, read_ending
from splitgrade.execution.instructor import InstructorNotebook, role_of
from splitgrade.execution.messages import error
from splitgrade.execution.reasons import HARMFUL, TEXTS, Event, Reason
from splitgrade.execution.session import GradedCell, Session
from splitgrade.execution.shared import SharedProcess
from splitgrade.execution.stopped import Stopped
from splitgrade.execution.wire.outputs import WAITS, Output


class NotebookRun:
    """One run of a notebook: students' cells, set-up and tests in their order.

    Parameters
    ----------
    instructor : InstructorNotebook
        Whose text set-up cells and tests have.
    known : Calibration
        What its solutions gave: it says where each test runs.
    session : Session
        The student's and the trusted process.
    shared : SharedProcess
        For the tests that run with the student's code.
    """

    def __init__(
        self, instructor: InstructorNotebook, known: Calibration, session: Session, shared: SharedProcess
    ) -> None:
        self._instructor, self._known, self._session, self._shared = instructor, known, session, shared
        self._stopped = Stopped(instructor)
        self._needs_shared = bool(known.having("shared"))

    def fill_in(self, notebook: NotebookNode) -> list[Event]:
        """Run all cells, put their outputs into the notebook, and return what had to be decided."""
        for count, cell in enumerate((c for c in notebook.cells if c.cell_type == "code"), start=1):
            _fill_in(cell, self._run(cell, f"cell {count}"), count)
        return [*self._session.events, *self._shared.events]

    def _run(self, cell: NotebookNode, place: str) -> list[Output]:
        """Return the outputs of one cell, tests and set-up with the instructor's text."""
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        source = self._instructor.cells.get(grade_id)
        if source is not None and role_of(source) == "test":
            return self._run_test(grade_id, source)
        before = len(self._session.events)
        if source is not None and role_of(source) == "locked":
            text = source.source
            outputs = self._session.run_locked(grade_id, text)
        else:
            text = cell.source
            outputs = self._session.run_student(grade_id or place, text)
            self._stopped.note(grade_id, text, outputs)
        if self._needs_shared:
            harmful = any(event.reason in HARMFUL for event in self._session.events[before:])
            self._shared.note(grade_id or place, text, harmful=harmful)
        return outputs

    def _run_test(self, name: str, source: NotebookNode) -> list[Output]:
        """Return the outputs of a test, run where the instructor's solution passes it."""
        students = self._instructor.for_students[name]
        apart, ending = self._known.apart.get(name), self._known.endings.get(name, Ending.NOTHING)
        if apart is None:
            if self._needs_shared:
                self._shared.note(name, self._instructor.released[name])
            test = GradedCell.of(name, source, self._known.records, self._stopped.names, students=students)
            outputs = self._session.run_test(test)[0]
            return read_ending(outputs, ending)
        self._session.define(name, source.source, students)
        if apart.how == "shared":
            return self._shared.run_test(name, source.source, float(source.metadata.nbgrader["points"]), ending)
        if self._needs_shared:
            self._shared.note(name, self._instructor.released[name])
        return waiting()


def leave_to_a_person(notebook: NotebookNode, instructor: InstructorNotebook) -> None:
    """Run nothing, and let all tests wait: of a notebook in another language than Python."""
    for count, cell in enumerate((c for c in notebook.cells if c.cell_type == "code"), start=1):
        source = instructor.cells.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        _fill_in(cell, waiting() if source is not None and role_of(source) == "test" else [], count)


def waiting() -> list[Output]:
    """Return what stands for a test that waits for a person: a mark for those who save grades, and an error."""
    says = TEXTS[Reason.WAITS]
    mark: dict[str, Any] = {"output_type": "display_data", "metadata": {}}
    return [{**mark, "data": {WAITS: {"version": 1}, "text/plain": says}}, error(Reason.WAITS, says)]


def _fill_in(cell: NotebookNode, outputs: Sequence[Output], count: int) -> None:
    """Put outputs into a cell, numbered the way a kernel would."""
    cell.execution_count = count
    for output in outputs:
        if output["output_type"] == "execute_result":
            output["execution_count"] = count
    cell.outputs = [nbformat.from_dict(output) for output in outputs]
