"""The coordinator's side of a submission: its folder becomes a task, the verdict a folder that can be published."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import rmtree
from traitlets.config import Config

from splitgrade.grading.fingerprints import of_submission
from splitgrade.grading.gradebook_copy import GradebookCopy
from splitgrade.grading.partial import Partial
from splitgrade.grading.record import SubmissionRecord
from splitgrade.grading.submission_run import Workplace
from splitgrade.grading.task import Finished, NotebookGrades, Task, Verdict, no_verdict
from splitgrade.nbgrader.course_folders import CourseFolders
from splitgrade.nbgrader.source import files_below
from splitgrade.submission.identity import Identity
from splitgrade.submission.snapshot import take_snapshot
from splitgrade.submission.timestamp import HandedIn


@dataclass(frozen=True)
class RunPlan:
    """Settings of a run.

    Parameters
    ----------
    root : Path
        The course folder.
    config : Config
        nbgrader's configuration, with ``root`` as its course.
    copy : GradebookCopy
        What the gradebook says of the assignment.
    expected : mapping of str to Identity
        The assignment's notebooks and what each is known by, from ``source/``.
    staging : Path
        Where folders are put together, inside ``root``.
    common : str
        The part of all fingerprints that does not depend on a submission, see `fingerprints.common_part`.
    extensions : mapping of str to timedelta or None
        What the gradebook grants the students that it knows.
    seed : int
        The seed of fresh inputs.
    """

    root: Path
    config: Config
    copy: GradebookCopy
    expected: Mapping[str, Identity]
    staging: Path
    common: str
    extensions: Mapping[str, datetime.timedelta | None]
    seed: int

    @property
    def workplace(self) -> Workplace:
        """Return the course folder itself as the place where submissions are run."""
        return Workplace(self.root, self.config, self.copy, self.expected, self.staging, self.seed)


@dataclass(frozen=True)
class Graded:
    """A graded submission on the machine of the course.

    Parameters
    ----------
    student : str
        Whose it is.
    record : SubmissionRecord
        The result of each notebook, in the assignment's order.
    grades : mapping of str to NotebookGrades
        Of the notebooks that were graded.
    folder : Path or None
        The folder that becomes ``autograded/STUDENT/ASSIGNMENT``; None where no notebook was graded.
    seconds : float
        Wall time.
    fingerprint : str
        What the verdict depends on, with the very bytes that were graded; empty where nothing was.
    handed_in : HandedIn
        When it was handed in, as far as that is certain.
    """

    student: str
    record: SubmissionRecord
    grades: Mapping[str, NotebookGrades] = field(default_factory=dict)
    folder: Path | None = None
    seconds: float = 0.0
    fingerprint: str = ""
    handed_in: HandedIn = field(default_factory=HandedIn)


class Desk:
    """Reads what was handed in and writes what came of it; workers see neither folder.

    Parameters
    ----------
    plan : RunPlan
        Settings of the run.
    """

    def __init__(self, plan: RunPlan) -> None:
        self._plan = plan
        self.notebooks = list(plan.expected)
        self._fingerprints: dict[str, str] = {}
        self._folders = CourseFolders.of(plan.config)
        course = CourseDirectory(
            config=plan.config,
            assignment_id=plan.copy.assignment,
            autograded_directory=plan.staging.relative_to(plan.root).as_posix(),
        )
        log = logging.Logger("cnn-course")
        log.disabled = True
        self._app = Autograde(coursedir=course, config=plan.config, log=log)

    def task(self, student: str) -> Task | Verdict:
        """Return a submission as a task; where its files cannot be read at all, the verdict that says so."""
        assignment = self._plan.copy.assignment
        try:
            snapshot = take_snapshot(self._folders.submitted / student / assignment)
        except Exception as error:  # whatever a student's folder holds, the others are graded
            return no_verdict(student, self.notebooks, f"it could not be read: {type(error).__name__}: {error}")
        extension = self._plan.extensions.get(student)
        fingerprint = of_submission(self._plan.common, snapshot.digest, extension)
        self._fingerprints[student] = fingerprint
        partial = Partial(self._plan.root, assignment, student)
        found = {name: partial.take(name, fingerprint) for name in self.notebooks}
        return Task(student, snapshot, {name: each for name, each in found.items() if each is not None})

    def keep(self, student: str, name: str, finished: Finished) -> None:
        """Keep a notebook of a submission that is under way, for the case that it does not come to its end."""
        fingerprint = self._fingerprints[student]
        Partial(self._plan.root, self._plan.copy.assignment, student).keep(name, fingerprint, finished)

    def graded(self, verdict: Verdict) -> Graded:
        """Write the folder of a verdict, and return it with what the gradebook gets.

        Raises
        ------
        OSError
            When it cannot be written.
        """
        student = verdict.student
        fingerprint = self._fingerprints.pop(student, "")
        folder = self._write(student, verdict.files) if verdict.files else None
        return Graded(student, verdict.record, verdict.grades, folder, verdict.seconds, fingerprint, verdict.handed_in)

    @cached_property
    def _source_files(self) -> dict[str, bytes]:
        """Return the instructor's files that go beside the notebooks, over whatever has the same name; read once."""
        assignment = self._plan.copy.assignment
        source, kept = self._folders.source / assignment, self._app.exclude_overwriting.get(assignment, [])
        files = files_below(source, [*self._app.coursedir.ignore, "*.ipynb"])
        named = {path.relative_to(source).as_posix(): path for path in files}
        return {name: path.read_bytes() for name, path in named.items() if name not in kept}

    def _write(self, student: str, files: Mapping[str, bytes]) -> Path:
        assignment = self._plan.copy.assignment
        above = self._plan.staging.relative_to(self._plan.root).as_posix()
        folder = Path(self._app.coursedir.format_path(above, student, assignment))
        if folder.exists():
            rmtree(str(folder))
        every = {**files, **self._source_files}
        for above in sorted({name.rpartition("/")[0] for name in every}):
            (folder / above).mkdir(parents=True, exist_ok=True)
        for name, content in every.items():
            with open(f"{folder}/{name}", "wb") as stream:  # noqa: PTH123 - a path takes longer to make
                stream.write(content)
        self._app.set_permissions(assignment, student)
        return folder
