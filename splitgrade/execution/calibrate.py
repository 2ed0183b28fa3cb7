"""Run the instructor's own solution once, and learn what a right answer gives each test.

The record says at which places of a test plain data came, where an object of the solution's own came, and which
arguments calls changed in place. A student's values are held against it: an object with a lying ``.shape`` does not get
to a test whose solution gave an array.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from splitgrade.execution.instructor import InstructorNotebook, grade_id_of, role_of
from splitgrade.execution.session import GradedCell, Session
from splitgrade.execution.wire.outputs import Output


@dataclass(frozen=True)
class Calibration:
    """What the instructor's solution gave.

    Parameters
    ----------
    records : mapping of str to mapping
        grade_id of a test -> its record; tests that failed for the solution itself have none.
    warnings : tuple of str
        What an instructor should know.
    """

    records: Mapping[str, Mapping[str, Any]]
    warnings: tuple[str, ...]


def calibrate(instructor: InstructorNotebook, start: Callable[[], Session]) -> Calibration:
    """Run the instructor's notebook with its solutions.

    Parameters
    ----------
    instructor : InstructorNotebook
        The notebook.
    start : callable
        Gives a session with the instructor's files on both sides.
    """
    records: dict[str, Mapping[str, Any]] = {}
    warnings: list[str] = []
    with start() as session:
        for number, cell in enumerate(instructor.notebook.cells):
            if cell.cell_type != "code":
                continue
            role, label = role_of(cell), grade_id_of(cell) or f"cell {number + 1}"
            if role == "test":
                test = GradedCell(label, cell.source, float(cell.metadata.nbgrader["points"]), mode="record")
                outputs, record = session.run_test(test)
                failure = _failure(outputs, test.points)
                if failure:
                    warnings.append(f"{instructor.name}, {label}: the instructor's own solution {failure}")
                if not any(output["output_type"] == "error" for output in outputs):
                    records[label] = record
            else:
                run = session.run_locked if role == "locked" else session.run_student
                run(label, cell.source)
        imports = [f"{instructor.name}: this import fails while grading: {text}" for text in session.failed_imports]
    return Calibration(records, (*imports, *warnings))


def _failure(outputs: list[Output], points: float) -> str:
    """Return what is wrong with the outputs of a test of the right solution, if anything."""
    for output in outputs:
        if output["output_type"] == "error":
            return f"fails it: {output['ename']}: {output['evalue'][:300]}"
        if output["output_type"] == "execute_result":
            text = output["data"].get("text/plain", "")
            return "" if text == repr(points) else f"gets {text[:50]} of {points} points"
    return ""
