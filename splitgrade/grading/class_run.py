"""Grade a class: prepare, run, record; each submission on its own, none at the cost of another.

The gradebook is read once (`prepare`); worker processes run the submissions without it (`stages`, `pool`); one writer
records each as it is done (`gradebook_writer`, `publish`, `fingerprints`). The order of the three steps of recording
makes a kill harmless at any moment: the state that lets a later run leave a submission alone is written last.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from splitgrade.errors import CourseError
from splitgrade.grading import fingerprints
from splitgrade.grading.gradebook_copy import GradebookCopy, Standing, read_assignment, read_standings
from splitgrade.grading.gradebook_writer import GradebookWriter, gradebook_writer
from splitgrade.grading.partial import Partial
from splitgrade.grading.pool import WorkerPool
from splitgrade.grading.publish import only_run, publish, staging_folder
from splitgrade.grading.record import RunRecord, SubmissionRecord, read_record, write_record
from splitgrade.grading.submission_run import Graded, Plan, failed
from splitgrade.nbgrader.session import open_gradebook
from splitgrade.submission.intake import grade_ids
from splitgrade.submission.timestamp import read_timestamp

RECORD_SECONDS = 1.0  # between two writings of the run's record, which grows with the class


@dataclass(frozen=True)
class Grader:
    """What a run needs to know.

    Parameters
    ----------
    root : Path
        The course folder; its gradebook, ``source/``, ``submitted/`` and ``autograded/`` are used.
    config : Config
        nbgrader's configuration, with ``root`` as its course.
    assignment : str
        What is graded.
    expected : mapping of str to set of str
        The assignment's notebooks and their grade_ids, from ``source/``.
    """

    root: Path
    config: Config
    assignment: str
    expected: Mapping[str, set[str]]

    @classmethod
    def of(cls, root: Path, config: Config, assignment: str) -> Grader:
        """Return the grader of an assignment.

        Raises
        ------
        CourseError
            When the assignment has no notebooks in ``source/`` or the gradebook does not know it.
        """
        folder = root / "source" / assignment
        paths = sorted(folder.glob("*.ipynb"))
        if not paths:
            raise CourseError(f"{folder} holds no notebooks: build and release {assignment!r} first")
        with open_gradebook(root, config) as gradebook:  # made here if need be: several at once would race
            read_assignment(gradebook, assignment)
        return cls(
            root, config, assignment, {path.stem: grade_ids(nbformat.read(path, as_version=4)) for path in paths}
        )

    def students(self) -> list[str]:
        """Return who handed something in."""
        return sorted(
            path.parent.name for path in (self.root / "submitted").glob(f"*/{self.assignment}") if path.is_dir()
        )

    def submitted(self, student: str) -> Path:
        """Return the folder of a submission."""
        return self.root / "submitted" / student / self.assignment


class GradingRun:
    """One run over submissions of an assignment.

    Parameters
    ----------
    grader : Grader
        Course and assignment.
    students : sequence of str
        Whose submissions.
    seed : int, optional
        The seed of fresh inputs. By default that of the run before, so that a class is graded with the same inputs
        whenever its parts come in; drawn anew for the first run, and where ``force`` is set.
    workers : int, optional
        Submissions at the same time; the number of processors by default.
    force : bool
        Run what has not changed since it was graded, too.

    Attributes
    ----------
    assignment : str
        What is graded.
    students : list of str
        Whose submissions, each once.
    unchanged : set of str
        Students whose submissions were left alone, as nothing had changed.
    seconds : dict of str to float
        Wall time of each submission that was run.
    warnings : list of str
        What an instructor should know of the assignment's own solutions, once the first submission is run.
    """

    def __init__(
        self,
        grader: Grader,
        students: Sequence[str],
        seed: int | None = None,
        *,
        workers: int | None = None,
        force: bool = False,
    ) -> None:
        self._grader, self._force = grader, force
        self.assignment, self.students = grader.assignment, list(dict.fromkeys(students))
        before = read_record(grader.root, grader.assignment)
        self.seed = _seed(seed, None if force else before)
        self.workers = workers or _processors()
        self.unchanged: set[str] = set()
        self.seconds: dict[str, float] = {}
        self.warnings: list[str] = []
        handed_in = set(grader.students())
        known = before.submissions if before else {}
        self._record = RunRecord(
            grader.assignment, self.seed, {name: each for name, each in known.items() if name in handed_in}
        )
        self._recorded = 0.0

    def outcomes(self) -> Iterator[tuple[str, SubmissionRecord]]:
        """Grade, yielding each submission as it is recorded; first those that have not changed.

        Raises
        ------
        CourseError
            When nothing can be graded: another run is under way, or this machine has no sandbox.
        """
        grader = self._grader
        course = CourseDirectory(config=grader.config)
        autograded = Path(course.format_path(course.autograded_directory, ".", ".")).resolve()
        with ExitStack() as stack:
            stack.enter_context(only_run(grader.root))
            staging = stack.enter_context(staging_folder(grader.root, autograded))
            gradebook = stack.enter_context(open_gradebook(grader.root, grader.config))
            copy = read_assignment(gradebook, grader.assignment)
            prints = self._fingerprints(copy, standings := read_standings(gradebook, grader.assignment))
            stack.callback(self._write_record, at_once=True)
            todo = []
            for student in self.students:
                state = self._kept(student, prints[student], standings.get(student))
                if state is None:
                    todo.append(student)
                else:
                    self.unchanged.add(student)
                    yield self._note(student, state.record)
            if not todo:
                return
            self._write_record(at_once=True)  # the seed first: a run that goes on after a kill has to draw the same
            if self._force:
                for student in todo:
                    Partial(grader.root, grader.assignment, student).remove()
            writer = stack.enter_context(gradebook_writer(gradebook, copy, _penalties(grader)))
            plan = Plan(grader.root, grader.config, copy, grader.expected, staging, prints, self.seed)
            pool = stack.enter_context(WorkerPool(plan, min(self.workers, len(todo))))
            self.warnings = pool.calibrate()
            for graded in pool.run(todo):
                self.seconds[graded.student] = graded.seconds
                target = Path(course.format_path(course.autograded_directory, graded.student, grader.assignment))
                yield self._note(graded.student, self._settle(writer, graded, prints[graded.student], target, staging))

    def _fingerprints(self, copy: GradebookCopy, standings: Mapping[str, Standing]) -> dict[str, str]:
        grader = self._grader
        common = fingerprints.common_part(grader.root, grader.config, copy, self.seed)
        return {
            student: fingerprints.of_submission(common, grader.submitted(student), standings.get(student))
            for student in self.students
        }

    def _kept(self, student: str, fingerprint: str, standing: Standing | None) -> fingerprints.State | None:
        """Return the state of a submission that need not be run."""
        state = None if self._force else fingerprints.read_state(self._state_path(student))
        return state if state is not None and state.holds(fingerprint, standing) else None

    def _state_path(self, student: str) -> Path:
        return fingerprints.state_path(self._grader.root, self._grader.assignment, student)

    def _settle(
        self, writer: GradebookWriter, graded: Graded, fingerprint: str, target: Path, staging: Path
    ) -> SubmissionRecord:
        """Record one submission: gradebook, folder, state, in this order."""
        path = self._state_path(graded.student)
        path.unlink(missing_ok=True)
        timestamp = read_timestamp(self._grader.submitted(graded.student) / "timestamp.txt")
        try:
            submission, scores = writer.write(graded, timestamp, target)
        except SQLAlchemyError as error:
            reason = f"the gradebook could not be written: {type(error).__name__}: {str(error).splitlines()[0]}"
            return failed(graded.student, list(self._grader.expected), reason).record
        publish(graded.folder, target, staging)
        fingerprints.write_state(path, fingerprints.State(fingerprint, submission, scores, graded.record))
        if not graded.record.having("failed"):
            Partial(self._grader.root, self._grader.assignment, graded.student).remove()
        return graded.record

    def _note(self, student: str, record: SubmissionRecord) -> tuple[str, SubmissionRecord]:
        self._record.submissions[student] = record
        self._write_record()
        return student, record

    def _write_record(self, *, at_once: bool = False) -> None:
        if at_once or time.monotonic() - self._recorded >= RECORD_SECONDS:
            write_record(self._grader.root, self._record)
            self._recorded = time.monotonic()


def _seed(seed: int | None, before: RunRecord | None) -> int:
    if seed is not None:
        return seed
    return secrets.randbits(32) if before is None else before.seed


def _processors() -> int:
    """Return the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _penalties(grader: Grader) -> Any:
    """Return nbgrader's step for late submissions with its plugin, None where the configuration leaves it out."""
    app = Autograde(coursedir=CourseDirectory(config=grader.config), config=grader.config)
    listed = [*app.sanitize_preprocessors, *app.autograde_preprocessors]
    named = AssignLatePenalties in listed or "nbgrader.preprocessors.AssignLatePenalties" in listed
    return AssignLatePenalties(parent=app) if named else None
