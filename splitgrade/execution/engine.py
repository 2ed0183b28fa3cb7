"""Grade notebooks in split processes: the students' code in one sandbox, the tests in another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal

import nbformat
from nbformat.notebooknode import NotebookNode

from splitgrade.errors import SandboxError, SandboxUnavailableError
from splitgrade.execution.calibrate import Calibration, calibrate
from splitgrade.execution.carried import run_again
from splitgrade.execution.course_packages import CoursePackages
from splitgrade.execution.instructor import InstructorNotebook, role_of
from splitgrade.execution.pair import Pair
from splitgrade.execution.preview import Preview
from splitgrade.execution.reasons import Event
from splitgrade.execution.reserve import Reserve
from splitgrade.execution.session import GradedCell, Session
from splitgrade.execution.setting import Setting
from splitgrade.execution.stopped import Stopped
from splitgrade.execution.wire.outputs import Output
from splitgrade.sandbox.launcher import ForkServer
from splitgrade.sandbox.limits import MAX_TRIES, Limits

Policy = Literal["required", "none"]
CopyBack = Literal["calibrated", "always"]
Refusals = Literal["end", "raise"]


@dataclass(frozen=True)
class EngineOptions:
    """How notebooks are graded.

    Parameters
    ----------
    limits : Limits
        Bounds on each submission.
    policy : {"required", "none"}
        ``none`` grades without a sandbox where this machine offers none; never the default.
    copy_back : {"calibrated", "always"}
        Whether a test sees in-place changes of its arguments only where the instructor's solution makes them, or
        always. Tests that compute expected values from the same arguments afterwards need ``calibrated``.
    refusals : {"end", "raise"}
        What a test meets where the engine refuses it a value, such as an object where the solution gave plain data:
        its end, without points, or a TypeError. ``raise`` is for tests that take no error for a right answer.
    packages : CoursePackages
        Packages of the course by what they are for.
    """

    limits: Limits = field(default_factory=Limits)
    policy: Policy = "required"
    copy_back: CopyBack = "calibrated"
    refusals: Refusals = "end"
    packages: CoursePackages = field(default_factory=CoursePackages)


class Engine:
    """Two warm interpreters and what is known of each instructor's notebook.

    Use it as a context manager: it holds processes. One engine grades one notebook at a time.

    Parameters
    ----------
    options : EngineOptions
        How notebooks are graded.
    servers : sequence of ForkServer, optional
        The student's and the trusted one, which are then this engine's to close; by default it makes its own.
    """

    def __init__(self, options: EngineOptions | None = None, servers: Sequence[ForkServer] | None = None) -> None:
        self.options = options or EngineOptions()
        self._servers = list(servers or _servers(self.options))
        self._reserve = Reserve(*self._servers)
        self._calibrations: dict[str, Calibration] = {}

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def launch(self) -> None:
        """Begin to start the warm interpreters, and do not wait.

        Raises
        ------
        SandboxUnavailableError
            When this machine has no sandbox and the policy requires one.
        """
        for server in self._servers:
            server.launch()

    def start(self) -> None:
        """Start the warm interpreters now, both at once; otherwise the first notebook does it.

        Raises
        ------
        SandboxUnavailableError
            When this machine has no sandbox and the policy requires one.
        """
        self.launch()
        for server in self._servers:
            server.start()

    def lend(self) -> Engine:
        """Return an engine for a process forked from this one that shares the warm interpreters.

        It knows what the instructor's solutions gave, as far as this one does; processes it has of its own.

        Raises
        ------
        SandboxUnavailableError
            When this machine has no sandbox and the policy requires one.
        """
        self.start()
        other = Engine(self.options, [server.lend() for server in self._servers])
        other._calibrations.update(self._calibrations)
        return other

    def close(self) -> None:
        """End every process; may be called twice."""
        self._reserve.close()
        for server in self._servers:
            server.close()

    @property
    def calibrated(self) -> frozenset[str]:
        """Return the digests of the instructor's notebooks whose solutions have been run."""
        return frozenset(self._calibrations)

    def calibration(self, instructor: InstructorNotebook) -> Calibration:
        """Return what the instructor's solution gives; it is run once for each version of the notebook."""
        if instructor.digest not in self._calibrations:
            self.start()
            self._calibrations[instructor.digest] = calibrate(
                instructor, lambda: self._session(instructor, instructor.files)
            )
        return self._calibrations[instructor.digest]

    def run(
        self,
        notebook: NotebookNode,
        instructor: InstructorNotebook,
        files: Mapping[str, bytes],
        submission: str | None = None,
        *,
        environment: Mapping[str, str] | None = None,
    ) -> list[Event]:
        """Run a restored notebook and fill in its outputs.

        Where something outside ends a process (a machine without memory, a hand), the notebook is run again.

        Parameters
        ----------
        notebook : NotebookNode
            What `restore.restore` returned; changed in place.
        instructor : InstructorNotebook
            Where the text of tests and set-up cells comes from.
        files : mapping of str to bytes
            What lies in the student's work folder, by relative name.
        submission : str, optional
            Whose notebook it is: tests of one submission's notebooks run in one process, `reserve` says why.
        environment : mapping of str to str, optional
            Variables that tests find, such as `SEED_VARIABLE`; students' processes do not have them.

        Returns
        -------
        list of Event
            What had to be decided: limits that were reached, processes that ended.

        Raises
        ------
        OutsideDeathError
            When that happens `MAX_TRIES` times.
        SandboxUnavailableError, SandboxError
            When the sandbox cannot start.
        """

        def start() -> Session:
            return self._session(instructor, files, submission, environment)

        for attempt in range(1, MAX_TRIES + 1):
            try:
                events = self._run_once(notebook, instructor, start())
                run_again(notebook, instructor, self.calibration(instructor).records, start)
                break
            except SandboxUnavailableError:
                raise
            except SandboxError:
                if attempt == MAX_TRIES:
                    raise
        self._reserve.prepare(self._setting(instructor, instructor.files))
        return events

    def _run_once(self, notebook: NotebookNode, instructor: InstructorNotebook, session: Session) -> list[Event]:
        records, stopped = self.calibration(instructor).records, Stopped(instructor)
        with session:
            for count, cell in enumerate((c for c in notebook.cells if c.cell_type == "code"), start=1):
                outputs = _run_cell(session, instructor, records, cell, f"cell {count}", stopped)
                _fill_in(cell, outputs, count)
            session.hand_on()
        return session.events

    def preview(self, instructor: InstructorNotebook, files: Mapping[str, bytes]) -> Preview:
        """Return a student's process that never meets a test, for the feedback page; `Preview` starts it.

        Parameters
        ----------
        instructor : InstructorNotebook
            What was handed out.
        files : mapping of str to bytes
            What lies in the student's work folder, by relative name.
        """
        return Preview(self._servers[0], self._setting(instructor, files), self.options.limits)

    def _session(
        self,
        instructor: InstructorNotebook,
        files: Mapping[str, bytes],
        submission: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Session:
        pair = Pair(self._reserve, self._setting(instructor, files, environment), self.options.limits, submission)
        return Session(pair, self.options.limits)

    def _setting(
        self, instructor: InstructorNotebook, files: Mapping[str, bytes], environment: Mapping[str, str] | None = None
    ) -> Setting:
        packages = self.options.packages
        links = {name: str(folder) for name, folder in packages.loaded(instructor.files).items()}
        work_files = _without(instructor.work_files, links)
        # What a student has put into a package that is loaded is not seen there, as it is not where notebooks run.
        return Setting(
            student_files={**_without(files, links), **work_files},
            trusted_files=work_files,
            links=links,
            imports=instructor.imports,
            solution_names=sorted(instructor.solution_names),
            always_copy_back=self.options.copy_back == "always",
            refusals=self.options.refusals,
            environment=dict(environment or {}),
            other_packages=packages.other_than(instructor.files),
        )


def _without(files: Mapping[str, bytes], folders: Iterable[str]) -> dict[str, bytes]:
    """Return the files that are not, and do not lie in, one of the folders."""
    held = {*folders}
    return {name: content for name, content in files.items() if name.partition("/")[0] not in held}


def _servers(options: EngineOptions) -> list[ForkServer]:
    """Return the student's and the trusted fork server, not started."""
    packages = options.packages
    seen, hidden = packages.folders(packages.for_students), packages.folders((*packages.checks, *packages.private))
    student = ForkServer(
        *("student", options.limits),
        policy=options.policy,
        readable=seen,
        private=hidden,
        packages=packages.for_students,
    )
    trusted = ForkServer(
        *("trusted", options.limits), policy=options.policy, readable=(*seen, *hidden), packages=packages.for_tests
    )
    return [student, trusted]


def _run_cell(
    session: Session,
    instructor: InstructorNotebook,
    records: Mapping[str, Mapping[str, Any]],
    cell: NotebookNode,
    label: str,
    stopped: Stopped,
) -> list[Output]:
    """Return the outputs of one cell, run where it belongs, tests and set-up with the instructor's text."""
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    source = instructor.cells.get(grade_id)
    if source is None or role_of(source) == "answer":
        outputs = session.run_student(grade_id or label, cell.source)
        stopped.note(grade_id, cell.source, outputs)
        return outputs
    if role_of(source) == "locked":
        return session.run_locked(grade_id, source.source)
    return session.run_test(GradedCell.of(grade_id, source, records, stopped.names))[0]


def _fill_in(cell: NotebookNode, outputs: Sequence[Output], count: int) -> None:
    """Put outputs into a cell, numbered the way a kernel would."""
    cell.execution_count = count
    for output in outputs:
        if output["output_type"] == "execute_result":
            output["execution_count"] = count
    cell.outputs = [nbformat.from_dict(output) for output in outputs]
