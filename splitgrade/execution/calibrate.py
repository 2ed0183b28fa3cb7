"""Run the instructor's own solution, and learn of each test how it can be graded and what a right answer gives it.

The record says at which places of a test plain data came, where an object of the solution's own came, and which
arguments calls changed in place. A student's values are held against it: an object with a lying ``.shape`` does not get
to a test whose solution gave an array.

Where the solution passes in split processes, a test is graded so. Where it passes in one process only, the test is
graded in the student's own sandboxed process (`shared`). Where it passes nowhere, its points wait for a person.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Literal

from splitgrade.execution.advice import advice
from splitgrade.execution.cell_code import asks_for_identity, imported_modules, syntax_tree
from splitgrade.execution.endings import Ending, ending_of, result_text
from splitgrade.execution.instructor import InstructorNotebook, grade_id_of, role_of
from splitgrade.execution.missing_modules import missing_modules
from splitgrade.execution.session import GradedCell, Session
from splitgrade.execution.shared import SharedProcess, in_steps
from splitgrade.execution.wire.outputs import Output

Shared = Literal["allow", "refuse"]
_MAX_ROUNDS = 8  # a test that moves to the other process may take along what others need


class Success(IntEnum):
    """How far a test gets with the instructor's solution."""

    ERROR = 0
    PART = 1
    FULL = 2


@dataclass(frozen=True)
class Trial:
    """What came of one test with the instructor's solution."""

    success: Success
    says: str
    ending: Ending
    record: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Apart:
    """A test that cannot be graded in split processes.

    Parameters
    ----------
    how : {"shared", "waits"}
        In the student's own process, or by a person.
    why : str
        What the solution met in split processes.
    advice : str
        What to change in the test.
    """

    how: Literal["shared", "waits"]
    why: str
    advice: str


@dataclass(frozen=True)
class Calibration:
    """What the instructor's solution gave.

    Parameters
    ----------
    records : mapping of str to mapping
        grade_id of a test -> its record; tests that failed for the solution itself have none.
    endings : mapping of str to Ending
        grade_id of a test -> what it ends with.
    apart : mapping of str to Apart
        The tests that are not graded in split processes.
    warnings : tuple of str
        What an instructor should know.
    written : frozenset of str
        Files that the solution writes: the tests' process has none of them, left over from an earlier run as they may
        be, for they would be taken for the student's.
    """

    records: Mapping[str, Mapping[str, Any]]
    endings: Mapping[str, Ending]
    apart: Mapping[str, Apart]
    warnings: tuple[str, ...]
    written: frozenset[str] = frozenset()

    def having(self, how: str) -> frozenset[str]:
        """Return the tests that are graded in a way."""
        return frozenset(name for name, each in self.apart.items() if each.how == how)


def calibrate(
    instructor: InstructorNotebook,
    start: Callable[[frozenset[str]], Session],
    start_shared: Callable[[], SharedProcess],
    *,
    shared: Shared = "allow",
) -> Calibration:
    """Run the instructor's notebook with its solutions.

    Parameters
    ----------
    instructor : InstructorNotebook
        The notebook.
    start : callable
        Gives a session with the instructor's files on both sides, but for some on that of the tests.
    start_shared : callable
        Gives a student's process with them.
    shared : {"allow", "refuse"}
        Whether tests that need it may run in the student's own process.
    """
    return _Calibrator(instructor, start, start_shared, shared=shared).result()


def of_another_language(instructor: InstructorNotebook) -> Calibration:
    """Return what is known of a notebook that cannot be run here: all its tests wait for a person."""
    written = f"the notebook is written in {instructor.language[:30]}"
    why = f"is not run: {written}, and only Python is run here"
    apart = Apart("waits", why, "grade this notebook with stock nbgrader, and mark it in formgrader")
    tests = [name for name, cell in instructor.cells.items() if role_of(cell) == "test"]
    warning = f"{instructor.name}: {written}; only Python is run here, so that its tests wait for a person"
    return Calibration({}, {}, dict.fromkeys(tests, apart), (warning,) if tests else ())


class _Calibrator:
    def __init__(
        self,
        instructor: InstructorNotebook,
        start: Callable[[frozenset[str]], Session],
        start_shared: Callable[[], SharedProcess],
        *,
        shared: Shared,
    ) -> None:
        self._instructor, self._start, self._start_shared = instructor, start, start_shared
        self._shared, self._missing = shared, missing_modules(instructor)
        self._apart: dict[str, Apart] = {}
        # Tests whose changes reach the student's process at once, and the other way round.
        self._close: set[str] = set()
        self._failed_imports: list[str] = []
        self._written: frozenset[str] = frozenset()

    def result(self) -> Calibration:
        """Return what was found, once nothing changes any more."""
        accepted: set[str] = set()  # tests in which the solution does no better elsewhere
        split = self._split()
        if self._written & self._instructor.files.keys():
            split = self._split()
        for _ in range(_MAX_ROUNDS):
            trouble = {name: trial for name, trial in split.items() if trial.success < Success.FULL}
            trouble = {name: trial for name, trial in trouble.items() if name not in accepted}
            if not trouble:
                break
            if new := trouble.keys() - self._close:
                self._close |= new
                split = self._split()
                continue
            alone = self._alone({*self._having("shared"), *trouble}) if self._shared == "allow" else {}
            for name, trial in trouble.items():
                if not self._place(name, trial, alone.get(name)):
                    accepted.add(name)
            if not accepted >= trouble.keys():
                split = self._split()
        alone = self._settled()
        trials = {**split, **{name: alone[name] for name in self._having("shared")}}
        records = {name: trial.record for name, trial in split.items() if trial.success > Success.ERROR}
        endings = {name: trial.ending for name, trial in trials.items()}
        return Calibration(records, endings, self._apart, self._warnings(split), self._written)

    def _place(self, name: str, trial: Trial, alone: Trial | None) -> bool:
        """Decide about a test that does not get its points in split processes; return whether it is taken out."""
        source = self._instructor.cells[name].source
        if alone is not None and alone.success > trial.success:
            self._apart[name] = Apart("shared", trial.says, advice(source, trial.says))
        elif trial.success is Success.ERROR:
            # Without a module its names are not there, either: what helps is the module.
            found = " and ".join(self._missing.values()) or advice(source, trial.says, nowhere=alone is not None)
            self._apart[name] = Apart("waits", trial.says, found)
        return name in self._apart

    def _settled(self) -> dict[str, Trial]:
        """Run the tests of the student's process as grading will; what fails then waits for a person."""
        for _ in range(_MAX_ROUNDS):
            names = self._having("shared")
            alone = self._alone(names) if names else {}
            failed = [name for name in names if alone[name].success is Success.ERROR]
            if not failed:
                return alone
            for name in failed:
                self._apart[name] = Apart("waits", self._apart[name].why, self._apart[name].advice)
        for name in self._having("shared"):
            self._apart[name] = Apart("waits", self._apart[name].why, self._apart[name].advice)
        return {}

    def _having(self, how: str) -> set[str]:
        return {name for name, each in self._apart.items() if each.how == how}

    # ---- runs

    def _split(self) -> dict[str, Trial]:
        """Run all tests but those that are taken out, in split processes."""
        trials = {}
        with self._start(self._written) as session:
            for label, role, cell in _code_cells(self._instructor):
                if role == "test" and label in self._apart:
                    session.define(label, cell.source, self._instructor.for_students[label])
                elif role == "test":
                    points = float(cell.metadata.nbgrader["points"])
                    students, close = self._instructor.for_students[label], label in self._close
                    test = GradedCell(label, cell.source, points, "record", close=close, students=students)
                    outputs, record = session.run_test(test)
                    holds = bool(record.get("holds")) or asks_for_identity(cell.source)
                    trials[label] = _trial(outputs, points, {**record, "close": close, "holds": holds})
                else:
                    run = session.run_locked if role == "locked" else session.run_student
                    run(label, cell.source)
            self._failed_imports = session.failed_imports
            self._written |= session.written()
        return trials

    def _alone(self, whole: Collection[str]) -> dict[str, Trial]:
        """Run some tests in the student's process, the others as they were released."""
        trials = {}
        with self._start_shared() as process:
            for label, role, cell in _code_cells(self._instructor):
                if label in whole:
                    points = float(cell.metadata.nbgrader["points"])
                    trials[label] = _trial(process.try_test(label, cell.source), points, {}, steps=True)
                else:
                    process.note(label, self._instructor.released[label] if role == "test" else cell.source)
        return trials

    # ---- words

    def _warnings(self, split: Mapping[str, Trial]) -> tuple[str, ...]:
        name = self._instructor.name
        found = [*self._missing.values()]
        for text in self._failed_imports:
            statement = syntax_tree(text.partition(": ")[0])
            if not self._missing.keys() & {module.partition(".")[0] for module in imported_modules(statement)}:
                found.append(f"{name}: this import fails while grading: {text}")
        for label, trial in split.items():
            if label not in self._apart and trial.success < Success.FULL:
                found.append(f"{name}, {label}: the instructor's own solution {trial.says}")
        for label, apart in self._apart.items():
            words = _WORDS["refused" if apart.how == "waits" and self._shared == "refuse" else apart.how]
            found.append(f"{name}, {label}: {words} (in split processes the solution {apart.why})")
        return tuple(found)


_WORDS = {
    "shared": (
        "passes in one process only, and is graded in the student's own sandboxed process: safe for the machine and "
        "for everybody else, forgeable by the student who wrote it"
    ),
    "refused": (
        "the instructor's own solution does not pass apart from students' code, and no test may run with it "
        '(shared="refuse"), so that its points wait for a person'
    ),
    "waits": "the instructor's own solution does not pass, so that its points wait for a person",
}


def _code_cells(instructor: InstructorNotebook) -> list[tuple[str, str, Any]]:
    """Return name, role and cell of each code cell."""
    cells = enumerate(instructor.notebook.cells, start=1)
    return [(grade_id_of(c) or f"cell {n}", role_of(c), c) for n, c in cells if c.cell_type == "code"]


def _trial(outputs: list[Output], points: float, record: Mapping[str, Any], *, steps: bool = False) -> Trial:
    """Return how far a test got with the right solution."""
    ending = ending_of(outputs)
    for output in outputs:
        if output["output_type"] == "error":
            says = f"fails it: {output['ename']}: {output['evalue'][:300]}"
            return Trial(Success.ERROR, says, ending, record)
    if record.get("entangled"):
        return Trial(Success.PART, "meets a test that changes what may lie in two values at once", ending, record)
    text = result_text(outputs)
    if text is not None and ending is Ending.NUMBER:
        number = in_steps(text, points) if steps else text
        if number not in (repr(points), points):
            return Trial(Success.PART, f"gets {text[:50]} of {points} points", ending, record)
    return Trial(Success.FULL, "", ending, record)
