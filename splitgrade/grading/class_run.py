"""Grade a class: prepare, run, record; each submission on its own, none at the cost of another.

The gradebook is read once (`gradebook_copy`); worker processes run the submissions without it (`submission_run`,
`pool`); one writer records each as it is done (`gradebook_writer`, `publish`, `fingerprints`). The order of the three
steps of recording makes a kill harmless at any moment: the state that lets a later run leave a submission alone is
written last. What one submission is at fault for is said of it; what would meet all the others, too, such as a full
disk or a gradebook that is held for long, ends the run with one sentence, and the next start goes on.
"""

from __future__ import annotations

import datetime
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traitlets.config import Config

from splitgrade.errors import CourseError
from splitgrade.grading import fingerprints
from splitgrade.grading.calibrations import Kept
from splitgrade.grading.desk import Desk, RunPlan
from splitgrade.grading.gradebook_copy import Standing, read_assignment, read_standings
from splitgrade.grading.gradebook_writer import gradebook_writer, make_indexes
from splitgrade.grading.partial import Partial
from splitgrade.grading.pool import WorkerPool
from splitgrade.grading.publish import can_write, only_run, staging_folder
from splitgrade.grading.record import NotebookRecord, SubmissionRecord
from splitgrade.grading.record_file import RecordFile, read_seed
from splitgrade.grading.released import require_as_released
from splitgrade.grading.settling import Settling, on_gradebook
from splitgrade.grading.submitted import Unplaced, look_alikes, look_through, students_of
from splitgrade.nbgrader.course_folders import CourseFolders
from splitgrade.nbgrader.execute import read_once
from splitgrade.nbgrader.gradebook_faults import when_free
from splitgrade.nbgrader.session import open_gradebook
from splitgrade.sandbox.cgroups import find_place
from splitgrade.sandbox.launcher import remove_left_behind
from splitgrade.submission.identity import Identity, identities
from splitgrade.submission.names import recorded, student_fault
from splitgrade.submission.snapshot import take_snapshot

if TYPE_CHECKING:
    from splitgrade.grading.cluster import ClusterPool

AT_ONCE = 500  # students whose rows in the gradebook are read with one query


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
        folder = CourseFolders.of(config).source / assignment
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

    @cached_property
    def folders(self) -> CourseFolders:
        """Return the folders of the course."""
        return CourseFolders.of(self.config)

    def students(self) -> list[str]:
        """Return who has a folder for the assignment, as the file system names them."""
        return students_of(self.folders.submitted, self.assignment)

    def look_through(self) -> tuple[list[str], list[Unplaced]]:
        """Return who has a folder for the assignment, and what in ``submitted/`` matches none of the course."""
        above = (self.folders.source, self.folders.release)
        known = {each.name for folder in above if folder.is_dir() for each in folder.iterdir() if each.is_dir()}
        return look_through(self.folders.submitted, self.assignment, {*known, self.assignment})

    def submitted(self, student: str) -> Path:
        """Return the folder of a submission."""
        return self.folders.submitted / student / self.assignment


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
        self.seed = _seed(seed, None if force else read_seed(grader.root, grader.assignment))
        self.workers = workers or _processors()
        self.unchanged: set[str] = set()
        self.seconds: dict[str, float] = {}
        self.warnings: list[str] = []
        handed_in, loose = grader.look_through()
        whole = set(self.students) >= set(handed_in)
        self.unplaced = [each.says for each in loose if whole or each.student in self.students]
        self._alike = look_alikes(handed_in)
        self._handed_in = {recorded(student) for student in handed_in}
        self._loose = [each.says for each in loose]

    def outcomes(self) -> Iterator[tuple[str, SubmissionRecord]]:
        """Grade, yielding each submission as it is recorded; first those that are refused or have not changed.

        A folder whose name is no text is named as it is shown. Whatever one of them holds, the others are graded.

        Raises
        ------
        CourseError
            When nothing can be graded, or nothing more: another run is under way, this machine has no sandbox, its disk
            is full, the gradebook is held by another program.
        """
        try:
            yield from self._outcomes()
        except OSError as error:
            where = f": {error.filename}" if error.filename else ""
            raise CourseError(
                f"grading stopped: {error.strerror or error}{where}. Put that right and start the same command again: "
                "it goes on from here"
            ) from error

    def _outcomes(self) -> Iterator[tuple[str, SubmissionRecord]]:
        grader = self._grader
        autograded = grader.folders.autograded.resolve()
        with ExitStack() as stack:
            for folder in (grader.root / ".splitgrade", autograded):
                can_write(folder)
            stack.enter_context(only_run(grader.root))
            staging = stack.enter_context(staging_folder(grader.root, autograded))
            gradebook = stack.enter_context(open_gradebook(grader.root, grader.config))
            make_indexes(gradebook)
            copy = when_free(lambda: read_assignment(gradebook, grader.assignment))
            common = fingerprints.common_part(grader.config, copy, self.seed)
            # The seed first: a run that goes on after a kill has to draw the same.
            record = stack.enter_context(RecordFile(grader.root, self.assignment, self.seed, self._loose))
            record.mark_gone(self._handed_in)
            todo, extensions = list[str](), dict[str, datetime.timedelta]()
            for student, standing in self._standings(gradebook):
                found = self._without_a_run(student, common, standing)
                if found is not None:
                    yield self._note(record, student, found)
                    continue
                todo.append(student)
                if standing is not None and standing.extension is not None:
                    extensions[student] = standing.extension
            if not todo:  # no engine starts, which removes it otherwise
                remove_left_behind(find_place())
                return
            if self._force:
                for student in todo:
                    Partial(grader.root, grader.assignment, student).remove()
            writer = stack.enter_context(gradebook_writer(gradebook, copy, *on_gradebook(grader.config)))
            settling = Settling(grader.root, grader.config, grader.assignment, writer, staging)
            plan = RunPlan(grader.root, grader.config, copy, grader.expected, staging, common, extensions, self.seed)
            desk = Desk(plan)
            pool = self._pool(plan, len(todo))
            stack.callback(pool.close)
            self.warnings = pool.calibrate()
            record.warn(self.warnings)
            for verdict in pool.run(todo, desk):
                self.seconds[verdict.student] = verdict.seconds
                yield self._note(record, verdict.student, settling.settle(verdict, desk))

    def _standings(self, gradebook: Any) -> Iterator[tuple[str, Standing | None]]:
        """Yield each student with what the gradebook holds of the submission, read for some of them at a time."""
        for start in range(0, len(self.students), AT_ONCE):
            some = self.students[start : start + AT_ONCE]
            asked = [student for student in some if not student_fault(student)]  # others cannot be in it
            found = when_free(partial(read_standings, gradebook, self.assignment, asked))
            yield from ((student, found.get(student)) for student in some)

    def _pool(self, plan: RunPlan, count: int) -> WorkerPool | ClusterPool:
        """Return who grades that many submissions."""
        if self._scheduler is not None:
            from splitgrade.grading.cluster import ClusterPool

            return ClusterPool(plan.workplace, self._scheduler)
        kept = Kept(plan.root / ".splitgrade" / "calibrations" / f"{self.assignment}.json", plan.common)
        return WorkerPool(plan.workplace, min(self.workers, count), kept)

    def _without_a_run(self, student: str, common: str, standing: Standing | None) -> SubmissionRecord | None:
        """Return what is known of a submission that no worker has to look at."""
        if fault := student_fault(student):
            return SubmissionRecord({name: NotebookRecord("refused", fault) for name in self._grader.expected})
        path = fingerprints.state_path(self._grader.root, self.assignment, student)
        state = None if self._force else fingerprints.read_state(path)
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
        Partial(self._grader.root, self.assignment, student).remove()  # of a run that was to grade it again
        return state.record

    def _note(self, record: RecordFile, student: str, submission: SubmissionRecord) -> tuple[str, SubmissionRecord]:
        if student in self._alike:
            submission = SubmissionRecord(submission.notebooks, [self._alike[student], *submission.notes])
        record.add(recorded(student), submission)
        return recorded(student), submission


def _seed(seed: int | None, before: int | None) -> int:
    found = before if seed is None else seed
    return secrets.randbits(32) if found is None else found


def _processors() -> int:
    """Return the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
