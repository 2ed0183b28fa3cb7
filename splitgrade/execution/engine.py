"""Grade notebooks in split processes: the students' code in one sandbox, the tests in another."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from nbformat.notebooknode import NotebookNode

from splitgrade.errors import OutsideDeathError, SandboxError
from splitgrade.execution.calibrate import Calibration, Shared, calibrate, of_another_language
from splitgrade.execution.carried import run_again
from splitgrade.execution.changing import run_with_changes
from splitgrade.execution.course_packages import CoursePackages
from splitgrade.execution.files import bytecode
from splitgrade.execution.instructor import InstructorNotebook
from splitgrade.execution.notebook_run import NotebookRun, leave_to_a_person
from splitgrade.execution.pair import Pair
from splitgrade.execution.preview import Preview
from splitgrade.execution.reasons import Event, Reason
from splitgrade.execution.reserve import Reserve
from splitgrade.execution.revealed import revealed
from splitgrade.execution.session import Session
from splitgrade.execution.setting import DATA_VARIABLE, SEED_VARIABLE, Setting
from splitgrade.execution.shared import SharedProcess
from splitgrade.execution.tries import tried
from splitgrade.sandbox.launcher import ForkServer, launch
from splitgrade.sandbox.limits import REVEAL_NOTEBOOK_SECONDS, REVEAL_SECONDS, Limits

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
    shared : {"allow", "refuse"}
        What becomes of tests that the instructor's solution passes in one process only: graded in the student's own
        process, or left to a person.
    packages : CoursePackages
        Packages of the course by what they are for.
    check_data : tuple of str
        Files and folders that tests read, and find in `DATA_VARIABLE`; no student's process sees them.
    seed : int, optional
        The seed of all submissions of a run, where it is known ahead; packages of checks find it when imported.
    """

    limits: Limits = field(default_factory=Limits)
    policy: Policy = "required"
    copy_back: CopyBack = "calibrated"
    refusals: Refusals = "end"
    shared: Shared = "allow"
    packages: CoursePackages = field(default_factory=CoursePackages)
    check_data: tuple[str, ...] = ()
    seed: int | None = None


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
        self._beside: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {}  # packages that travel with each notebook

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
        launch(self._servers)

    def start(self) -> None:
        """Start the warm interpreters now, both at once; otherwise the first notebook does it.

        Raises
        ------
        SandboxUnavailableError
            When this machine has no sandbox and the policy requires one.
        """
        tried(self._start_once, OutsideDeathError)

    def _start_once(self) -> None:
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
    def calibrations(self) -> Mapping[str, Calibration]:
        """Return what the instructor's solutions gave, by the digest of the notebook."""
        return self._calibrations

    def learn(self, calibrations: Mapping[str, Calibration]) -> None:
        """Take what solutions gave in an earlier run, with the same course, engine and options."""
        self._calibrations.update(calibrations)

    def calibration(self, instructor: InstructorNotebook) -> Calibration:
        """Return what the instructor's solution gives; it is run once for each version of the notebook."""
        if not instructor.is_python:
            return of_another_language(instructor)
        if instructor.digest not in self._calibrations:
            self.start()
            self._calibrations[instructor.digest] = tried(lambda: self._calibrate(instructor), SandboxError)[0]
        return self._calibrations[instructor.digest]

    def _calibrate(self, instructor: InstructorNotebook) -> Calibration:
        def start(written: frozenset[str]) -> Session:
            environment = {SEED_VARIABLE: "0"}
            return self._session(instructor, instructor.files, environment=environment, written=written)

        return calibrate(
            instructor,
            start,
            lambda: self._shared_process(instructor, instructor.files),
            shared=self.options.shared,
        )

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
            Whose notebook it is: tests of one submission's notebooks run in one process, and the student's process of
            the next is started ahead, `reserve` says why.
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

        def start(*, copy_back: bool = False) -> Session:
            return self._session(instructor, files, submission, environment, copy_back=copy_back)

        def fill_in(some: NotebookNode, session: Session) -> list[Event]:
            with session, self._shared_process(instructor, files) as shared:
                events = NotebookRun(instructor, self.calibration(instructor), session, shared).fill_in(some)
                session.hand_on()
            return events

        def once() -> list[Event]:
            known, session = self.calibration(instructor), start()
            events = fill_in(notebook, session)
            run_again(notebook, instructor, known, start)
            if session.changed:
                again = start(copy_back=True)
                run_with_changes(notebook, instructor, session.changed, lambda other: fill_in(other, again))
            return events

        if not instructor.is_python:
            leave_to_a_person(notebook, instructor)
            return []
        events, times = tried(once, SandboxError)
        if times > 2:  # once is an accident; what recurs, somebody should know
            events = [*events, Event.of(Reason.OUTSIDE_DEATHS, instructor.name, times=times)]
        if submission is not None:
            self._reserve.prepare(self._setting(instructor, instructor.files))
        return events

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

    def revealed(
        self,
        cells: Sequence[NotebookNode],
        instructor: InstructorNotebook,
        files: Mapping[str, bytes],
        asked: Mapping[str, str],
    ) -> dict[str, Any]:
        """Return cases that may be shown, by test: what the course's checks find in a run without a hidden test.

        Parameters
        ----------
        cells : sequence of NotebookNode
            The notebook's.
        instructor : InstructorNotebook
            What was handed out.
        files : mapping of str to bytes
            What lies in the student's work folder, by relative name.
        asked : mapping of str to str
            grade_id of a test -> the code that looks for a case.

        Raises
        ------
        SandboxUnavailableError, SandboxError
            When the sandbox cannot start, or something outside ended a process.
        """
        limits = self.options.limits
        seconds = {
            "cell_seconds": min(limits.cell_seconds, REVEAL_SECONDS),
            "notebook_seconds": min(limits.notebook_seconds, REVEAL_NOTEBOOK_SECONDS),
        }
        session = self._session(instructor, files, limits=replace(limits, **seconds))
        return revealed(cells, instructor, asked, session)

    def _shared_process(self, instructor: InstructorNotebook, files: Mapping[str, bytes]) -> SharedProcess:
        return SharedProcess(self._servers[0], self._setting(instructor, files), self.options.limits)

    def _session(
        self,
        instructor: InstructorNotebook,
        files: Mapping[str, bytes],
        submission: str | None = None,
        environment: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        written: frozenset[str] | None = None,
        *,
        copy_back: bool = False,
    ) -> Session:
        limits, setting = limits or self.options.limits, self._setting(instructor, files, environment, written)
        setting = replace(setting, always_copy_back=setting.always_copy_back or copy_back)
        return Session(Pair(self._reserve, setting, limits, submission), limits)

    def _setting(
        self,
        instructor: InstructorNotebook,
        files: Mapping[str, bytes],
        environment: Mapping[str, str] | None = None,
        written: frozenset[str] | None = None,
    ) -> Setting:
        packages, known = self.options.packages, self._calibrations.get(instructor.digest)
        if written is None:
            written = known.written if known is not None else frozenset()
        if instructor.digest not in self._beside:  # the same in every submission
            links = {name: str(folder) for name, folder in packages.loaded(instructor.files).items()}
            self._beside[instructor.digest] = links, packages.other_than(instructor.files)
        links, others = self._beside[instructor.digest]
        work_files = _without(instructor.files, links)
        work_files |= bytecode(work_files)  # which saves time in every process
        # What a student has put into a package that is loaded is not seen there, as it is not where notebooks run.
        return Setting(
            student_files={**_without(files, links), **work_files},
            trusted_files={name: content for name, content in work_files.items() if name not in written},
            links=links,
            imports=instructor.imports,
            solution_names=sorted(instructor.solution_names),
            always_copy_back=self.options.copy_back == "always",
            refusals=self.options.refusals,
            environment=dict(environment or {}),
            other_packages=others,
        )


def _without(files: Mapping[str, bytes], folders: Iterable[str]) -> dict[str, bytes]:
    """Return the files that are not, and do not lie in, one of the folders."""
    held = {*folders}
    return {name: content for name, content in files.items() if name.partition("/")[0] not in held}


def _servers(options: EngineOptions) -> list[ForkServer]:
    """Return the student's and the trusted fork server, not started."""
    packages = options.packages
    closed = (*packages.checks, *packages.private)
    seen, hidden = packages.folders(packages.travelling), packages.folders(closed)
    student = ForkServer(
        *("student", options.limits),
        policy=options.policy,
        readable=seen,
        private=packages.copies(closed),
        packages=packages.for_students,
        modules=packages.warm,
    )
    trusted = ForkServer(
        *("trusted", options.limits),
        policy=options.policy,
        readable=(*seen, *hidden, *map(Path, options.check_data)),
        packages=packages.for_tests,
        environment=_environment(options),
        modules=packages.warm,
    )
    return [student, trusted]


def _environment(options: EngineOptions) -> dict[str, str]:
    """Return what packages of checks find when they are imported ahead."""
    found = {DATA_VARIABLE: os.pathsep.join(options.check_data)}
    return found if options.seed is None else {**found, SEED_VARIABLE: str(options.seed)}
