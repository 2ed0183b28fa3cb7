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

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from splitgrade.errors import CourseError
from splitgrade.grading import fingerprints
from splitgrade.grading.cluster import ClusterPool
from splitgrade.grading.desk import Desk, Graded, RunPlan
from splitgrade.grading.gradebook_copy import Standing, read_assignment, read_standings
from splitgrade.grading.gradebook_writer import GradebookWriter, gradebook_writer
from splitgrade.grading.partial import Partial
from splitgrade.grading.pool import WorkerPool
from splitgrade.grading.publish import only_run, publish, staging_folder
from splitgrade.grading.record import NotebookRecord, RunRecord, SubmissionRecord, read_record, write_record
from splitgrade.grading.released import require_as_released
from splitgrade.grading.submission_run import Workplace
from splitgrade.grading.submitted import Unplaced, look_alikes, students_of, unplaced
from splitgrade.grading.task import no_verdict
from splitgrade.nbgrader.after_grades import AfterGrades
from splitgrade.nbgrader.execute import read_once
from splitgrade.nbgrader.marks import MarkGrounds
from splitgrade.nbgrader.session import open_gradebook
from splitgrade.submission.identity import Identity, identities
from splitgrade.submission.names import recorded, student_fault
from splitgrade.submission.snapshot import take_snapshot

GONE = "its folder in submitted/ is gone since it was graded; the points stay as they were"
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
    expected : mapping of str to Identity
        The assignment's notebooks and what each is known by, from ``source/``.
    """

    root: Path
    config: Config
    assignment: str
    expected: Mapping[str, Identity]

    @classmethod
    def of(cls, root: Path, config: Config, assignment: str) -> Grader:
        """Return the grader of an assignment.

        Raises
        ------
        CourseError
            When the assignment has no notebooks in ``source/`` or the gradebook does not know it.
        """
        folder = root / "source" / assignment
        paths = [path for path in sorted(folder.iterdir()) if path.suffix == ".ipynb"] if folder.is_dir() else []
        if not paths:
            raise CourseError(f"{folder} holds no notebooks: build and release {assignment!r} first")
        with open_gradebook(root, config) as gradebook:  # made here if need be: several at once would race
            copy = read_assignment(gradebook, assignment)
        try:
            notebooks = [read_once(path.resolve(), config) for path in paths]
        except (ValueError, OSError) as error:
            raise CourseError(f"the assignment {assignment!r} cannot be read: {error}") from error
        require_as_released(copy, notebooks)
        return cls(root, config, assignment, identities(notebooks))

    def students(self) -> list[str]:
        """Return who has a folder for the assignment, as the file system names them."""
        return students_of(self.root / "submitted", self.assignment)

    def unplaced(self) -> list[Unplaced]:
        """Return what lies in ``submitted/`` and matches no assignment of the course."""
        above = (self.root / "source", self.root / "release")
        known = {each.name for folder in above if folder.is_dir() for each in folder.iterdir() if each.is_dir()}
        return unplaced(self.root / "submitted", sorted({*known, self.assignment}))

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
    scheduler : str, optional
        Address of a scheduler of Dask's, whose workers grade then instead of this machine's.
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
    unplaced : list of str
        A line for each thing in ``submitted/`` that matches no assignment; of these students only, where not all of
        the class is graded.
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
        scheduler: str | None = None,
        force: bool = False,
    ) -> None:
        self._grader, self._force, self._scheduler = grader, force, scheduler
        self.assignment, self.students = grader.assignment, list(dict.fromkeys(students))
        before = read_record(grader.root, grader.assignment)
        self.seed = _seed(seed, None if force else before)
        self.workers = workers or _processors()
        self.unchanged: set[str] = set()
        self.seconds: dict[str, float] = {}
        self.warnings: list[str] = []
        handed_in = grader.students()
        loose = grader.unplaced()
        whole = set(self.students) >= set(handed_in)
        self.unplaced = [each.says for each in loose if whole or each.student in self.students]
        self._alike = look_alikes(handed_in)
        self._record = RunRecord(
            grader.assignment,
            self.seed,
            _kept_records(before, {recorded(student) for student in handed_in}),
            [each.says for each in loose],
            [] if before is None else before.warnings,
        )
        self._recorded = 0.0

    def outcomes(self) -> Iterator[tuple[str, SubmissionRecord]]:
        """Grade, yielding each submission as it is recorded; first those that are refused or have not changed.

        A folder whose name is no text is named as it is shown. Whatever one of them holds, the others are graded.

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
            standings = read_standings(gradebook, grader.assignment)
            common = fingerprints.common_part(grader.root, grader.config, copy, self.seed)
            stack.callback(self._write_record, at_once=True)
            todo = []
            for student in self.students:
                record = self._without_a_run(student, common, standings.get(student))
                if record is None:
                    todo.append(student)
                else:
                    yield self._note(student, record)
            if not todo:
                return
            self._write_record(at_once=True)  # the seed first: a run that goes on after a kill has to draw the same
            if self._force:
                for student in todo:
                    Partial(grader.root, grader.assignment, student).remove()
            writer = stack.enter_context(gradebook_writer(gradebook, copy, *_on_gradebook(grader)))
            extensions = {student: standing.extension for student, standing in standings.items()}
            plan = RunPlan(grader.root, grader.config, copy, grader.expected, staging, common, extensions, self.seed)
            desk = Desk(plan)
            pool = self._pool(plan.workplace, len(todo))
            stack.callback(pool.close)
            self.warnings = self._record.warnings = pool.calibrate()
            for verdict in pool.run(todo, desk):
                graded = desk.graded(verdict)
                self.seconds[graded.student] = graded.seconds
                target = Path(course.format_path(course.autograded_directory, graded.student, grader.assignment))
                yield self._note(graded.student, self._settle(writer, graded, target, staging))

    def _pool(self, place: Workplace, count: int) -> WorkerPool | ClusterPool:
        """Return who grades that many submissions."""
        if self._scheduler is not None:
            return ClusterPool(place, self._scheduler)
        return WorkerPool(place, min(self.workers, count))

    def _without_a_run(self, student: str, common: str, standing: Standing | None) -> SubmissionRecord | None:
        """Return what is known of a submission that no worker has to look at."""
        if fault := student_fault(student):
            return SubmissionRecord({name: NotebookRecord("refused", fault) for name in self._grader.expected})
        state = None if self._force else fingerprints.read_state(self._state_path(student))
        if state is None:
            return None
        try:
            digest = take_snapshot(self._grader.submitted(student)).digest
        except Exception:  # whatever it is, the worker meets it, too, and says it by name
            return None
        extension = None if standing is None else standing.extension
        if not state.holds(fingerprints.of_submission(common, digest, extension), standing):
            return None
        self.unchanged.add(student)
        return state.record

    def _state_path(self, student: str) -> Path:
        return fingerprints.state_path(self._grader.root, self._grader.assignment, student)

    def _settle(self, writer: GradebookWriter, graded: Graded, target: Path, staging: Path) -> SubmissionRecord:
        """Record one submission: gradebook, folder, state, in this order."""
        path = self._state_path(graded.student)
        try:
            path.unlink(missing_ok=True)
            grounds = MarkGrounds(self._grader.root, self._grader.assignment, graded.student)
            submission, scores = writer.write(graded, grounds.read())
            grounds.write({name: grades.marks for name, grades in graded.grades.items()})
            publish(graded.folder, target, staging)
            fingerprints.write_state(path, fingerprints.State(graded.fingerprint, submission, scores, graded.record))
            if not graded.record.having("failed"):
                Partial(self._grader.root, self._grader.assignment, graded.student).remove()
        except Exception as error:  # one submission's fault, or a full disk, is said by name; the class goes on
            what = "the gradebook could not be written" if isinstance(error, SQLAlchemyError) else "it was not recorded"
            reason = f"{what}: {type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
            return no_verdict(graded.student, list(self._grader.expected), reason).record
        return graded.record

    def _note(self, student: str, record: SubmissionRecord) -> tuple[str, SubmissionRecord]:
        if student in self._alike:
            record = SubmissionRecord(record.notebooks, [self._alike[student], *record.notes])
        self._record.submissions[recorded(student)] = record
        self._write_record()
        return recorded(student), record

    def _write_record(self, *, at_once: bool = False) -> None:
        if at_once or time.monotonic() - self._recorded >= RECORD_SECONDS:
            write_record(self._grader.root, self._record)
            self._recorded = time.monotonic()


def _kept_records(before: RunRecord | None, handed_in: set[str]) -> dict[str, SubmissionRecord]:
    """Return what earlier runs recorded; those that are gone keep their points, with a note."""
    kept = {} if before is None else dict(before.submissions)
    for student in kept.keys() - handed_in:
        notes = [note for note in kept[student].notes if note != GONE]
        kept[student] = SubmissionRecord(kept[student].notebooks, [GONE, *notes])
    return kept


def _seed(seed: int | None, before: RunRecord | None) -> int:
    if seed is not None:
        return seed
    return secrets.randbits(32) if before is None else before.seed


def _processors() -> int:
    """Return the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _on_gradebook(grader: Grader) -> tuple[Any, list[AfterGrades]]:
    """Return the steps that need the gradebook: nbgrader's for late submissions, if it is listed, and the course's."""
    app = Autograde(coursedir=CourseDirectory(config=grader.config), config=grader.config)
    listed = [*app.sanitize_preprocessors, *app.autograde_preprocessors]
    named = [import_item(each) if isinstance(each, str) else each for each in listed]
    kinds = [each for each in named if isinstance(each, type)]
    penalties = AssignLatePenalties(parent=app) if AssignLatePenalties in kinds else None
    return penalties, [kind(parent=app) for kind in kinds if issubclass(kind, AfterGrades)]
