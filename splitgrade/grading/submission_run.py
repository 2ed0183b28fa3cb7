"""One submission, from its files to plain values and a folder, without the gradebook: the second stage of a run."""

from __future__ import annotations

import datetime
import logging
import shutil
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import rmtree, setenv
from traitlets.config import Config

from splitgrade.errors import CourseError
from splitgrade.execution.engine import Engine, EngineOptions
from splitgrade.execution.files import files_for_student
from splitgrade.grading.fingerprints import of_submission
from splitgrade.grading.gradebook_copy import GradebookCopy
from splitgrade.grading.partial import Partial
from splitgrade.grading.record import NotebookRecord, SubmissionRecord
from splitgrade.grading.steps_on_copy import COMMENTS, COPY, SCORES, steps_without_gradebook
from splitgrade.nbgrader.execute import FILES, RESOURCES, SplitExecute, read_once
from splitgrade.nbgrader.marks import Grounds, grounds_of_marks
from splitgrade.nbgrader.source import files_below
from splitgrade.submission.identity import Identity
from splitgrade.submission.intake import Inspection, inspect
from splitgrade.submission.restore import findings_of
from splitgrade.submission.staging import stage
from splitgrade.submission.timestamp import HandedIn

# What the file of a submission can bring about; anything else that ends a notebook's run is a fault of the run.
OWN_FAULTS = {
    "NotebookValidationError": "not a valid notebook",
    "ValidationError": "its nbgrader metadata was changed and cannot be used",
    "SchemaTooNewError": "its nbgrader metadata has a schema_version that does not exist",
    "SchemaTooOldError": "its nbgrader metadata has a schema_version that is too old, or none",
}


@dataclass(frozen=True)
class RunPlan:
    """Settings that every worker gets once.

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


@dataclass(frozen=True)
class NotebookGrades:
    """What a notebook got: score and comment by grade_id, and what a mark of each depends on."""

    scores: Mapping[str, float | None]
    comments: Mapping[str, str | None]
    marks: Grounds


@dataclass(frozen=True)
class Graded:
    """A graded submission in plain values only, for they cross to another process.

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


class SubmissionRunner:
    """Runs submissions the way ``nbgrader autograde`` does: the same steps, in the same order, on the same files.

    Left out is what makes nbgrader slow and changes nothing: opening the gradebook for every step, writing and reading
    the notebook between its two passes, copying and checking it again after every step.

    Parameters
    ----------
    plan : RunPlan
        Course and assignment.

    Raises
    ------
    CourseError
        When the configuration asks for something that only ``nbgrader autograde`` can do.
    """

    def __init__(self, plan: RunPlan) -> None:
        self._plan = plan
        course = CourseDirectory(
            config=plan.config,
            assignment_id=plan.copy.assignment,
            autograded_directory=plan.staging.relative_to(plan.root).as_posix(),
        )
        log = logging.Logger("cnn-course")
        log.addHandler(logging.NullHandler())
        self._app = Autograde(coursedir=course, config=plan.config, log=log)
        if self._app.pre_convert_hook is not None or self._app.post_convert_hook is not None:
            raise CourseError("hooks of nbgrader's Autograde are run by `nbgrader autograde` only: grade with it")
        self._sanitize = steps_without_gradebook(self._app.sanitize_preprocessors, self._app)
        self._autograde = steps_without_gradebook(self._app.autograde_preprocessors, self._app)
        self._beside: tuple[dict[str, bytes], list[str]] | None = None  # of the submission under way

    @property
    def engine_options(self) -> EngineOptions:
        """Return how the steps run notebooks.

        Raises
        ------
        CourseError
            When the configuration runs notebooks in another way: a worker has nothing to keep them in.
        """
        for step in self._autograde:
            if isinstance(step, SplitExecute):
                return step.options
        raise CourseError("c.Autograde.autograde_preprocessors has no SplitExecute: grade with `nbgrader autograde`")

    def run(self, student: str, engine: Engine) -> Graded:
        """Run one submission in an engine.

        Whatever is handed in, this returns; a notebook that cannot be run is refused, or failed where the fault is
        not the submission's.
        """
        started = time.perf_counter()
        submitted = self._plan.root / "submitted" / student / self._plan.copy.assignment
        source = self._plan.root / "source" / self._plan.copy.assignment
        folder = Path(self._format(self._plan.staging, student))
        fingerprint, handed_in = "", HandedIn()
        with warnings.catch_warnings(), setenv(NBGRADER_EXECUTION="autograde"):
            warnings.simplefilter("ignore")  # of damaged notebooks: told in the record, not printed
            try:
                found = inspect(submitted, self._plan.expected, source)
                extension = self._plan.extensions.get(student)
                fingerprint = of_submission(self._plan.common, found.snapshot.digest, extension)
                handed_in = found.handed_in
                record, grades = self._run_accepted(student, folder, found, fingerprint, engine)
            except Exception as error:  # files that nobody has thought of end no worker: the points stay open
                record, grades = SubmissionRecord({name: _why(error) for name in self._plan.expected}), {}
        if not grades and folder.exists():
            rmtree(str(folder))
        seconds = round(time.perf_counter() - started, 3)
        return Graded(student, record, grades, folder if grades else None, seconds, fingerprint, handed_in)

    def _run_accepted(
        self, student: str, folder: Path, found: Inspection, fingerprint: str, engine: Engine
    ) -> tuple[SubmissionRecord, dict[str, NotebookGrades]]:
        states: dict[str, NotebookRecord] = {}
        grades: dict[str, NotebookGrades] = {}
        source = self._plan.root / "source" / self._plan.copy.assignment
        if found.accepted:
            if folder.exists():
                rmtree(str(folder))
            stage(found, folder, source)
            self._copy_source_files(source, folder)
            self._beside = None
        findings: list[str] = []
        for name in found.accepted:
            try:
                notebook = found.notebooks.pop(name)
                grades[name], said = self._run_or_take(student, name, folder, notebook, fingerprint, engine)
            except Exception as error:  # one notebook's fault is never another's: said by name
                states[name] = _why(error)
                (folder / f"{name}.ipynb").unlink(missing_ok=True)
            else:
                states[name] = NotebookRecord("graded")
                findings += said
        if grades:
            self._app.set_permissions(self._plan.copy.assignment, student)
        states |= {name: NotebookRecord("refused", reason) for name, reason in found.refused.items()}
        states |= {name: NotebookRecord("unread", reason) for name, reason in found.unread.items()}
        states |= {name: NotebookRecord("missing", "not handed in") for name in found.missing}
        ordered = {name: states[name] for name in self._plan.expected}
        return SubmissionRecord(ordered, [*found.notes, *findings]), grades

    def _run_or_take(
        self, student: str, name: str, folder: Path, notebook: Any, fingerprint: str, engine: Engine
    ) -> tuple[NotebookGrades, list[str]]:
        """Return what a notebook got and what was found in it, from a run that was killed later where there is one."""
        partial = Partial(self._plan.root, self._plan.copy.assignment, student)
        path = folder / f"{name}.ipynb"
        finished = partial.take(name, fingerprint, path)
        if finished is not None:
            return NotebookGrades(**finished["grades"]), finished["findings"]
        grades, findings = self._run_notebook(student, name, folder, notebook, engine)
        partial.keep(name, fingerprint, path, {"grades": asdict(grades), "findings": findings})
        return grades, findings

    def _run_notebook(
        self, student: str, name: str, folder: Path, notebook: Any, engine: Engine
    ) -> tuple[NotebookGrades, list[str]]:
        """Run nbgrader's steps on one notebook and write the result in its place; return also what is to be said."""
        path = folder / f"{name}.ipynb"
        source = self._plan.root / "source" / self._plan.copy.assignment / f"{name}.ipynb"
        instructor = read_once(source.resolve(), self._plan.config)
        # The same for all its notebooks: they lie in one folder.
        self._beside = self._beside or files_for_student(folder, instructor.files, self.engine_options.limits)
        given = {"engine": engine, "seed": self._plan.seed, FILES: self._beside}
        resources = self._resources(student, name, folder) | {RESOURCES: given}
        for step in (*self._sanitize, *self._autograde):
            notebook, resources = step(notebook, resources)
        nbformat.validate(notebook)
        # By the writer of its version, which does not check it a second time.
        path.write_text(nbformat.v4.writes(notebook).rstrip("\n") + "\n", encoding="utf-8")
        marks = grounds_of_marks(instructor, notebook)
        names = resources["nbgrader"]
        said = [*_findings(name, notebook), *_events(name, resources)]
        return NotebookGrades(names.get(SCORES, {}), names.get(COMMENTS, {}), marks), said

    def _resources(self, student: str, name: str, folder: Path) -> dict[str, Any]:
        """Return what nbconvert and nbgrader tell their steps, and the copy of the gradebook."""
        names = {"student": student, "assignment": self._plan.copy.assignment, "notebook": name}
        return {
            "unique_key": name,
            "output_files_dir": f"{name}_files",
            "output_extension": ".ipynb",
            "metadata": {"name": name, "path": str(folder)},
            "nbgrader": {**names, "db_url": self._app.coursedir.db_url, COPY: self._plan.copy},
        }

    def _copy_source_files(self, source: Path, folder: Path) -> None:
        """Put the instructor's files beside the notebooks, as nbgrader does, over whatever has the same name."""
        for path in self._source_files(source):
            target = folder / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            shutil.copy(path, target)

    @lru_cache(maxsize=1)  # noqa: B019 - of one runner, which lives as long as its process
    def _source_files(self, source: Path) -> list[Path]:
        """Return the instructor's files that go beside the notebooks, the same for all submissions of a run."""
        kept = {source / name for name in self._app.exclude_overwriting.get(self._plan.copy.assignment, [])}
        return [path for path in files_below(source, [*self._app.coursedir.ignore, "*.ipynb"]) if path not in kept]

    def _format(self, step: Path, student: str) -> str:
        relative = step.relative_to(self._plan.root).as_posix()
        return str(self._app.coursedir.format_path(relative, student, self._plan.copy.assignment))


def ungraded(student: str, notebooks: Sequence[str], reason: str) -> Graded:
    """Return the result of a submission that no worker could finish: the points stay open, none is a zero."""
    return Graded(student, SubmissionRecord({name: NotebookRecord("failed", reason) for name in notebooks}))


def _why(error: Exception) -> NotebookRecord:
    """Return whose fault an error is."""
    kind = type(error).__name__
    if kind in OWN_FAULTS:
        return NotebookRecord("refused", OWN_FAULTS[kind])
    first = (str(error).strip() or "no message").splitlines()[0][:300]
    return NotebookRecord("failed", f"{kind}: {first}")


def _findings(name: str, notebook: Any) -> list[str]:
    """Return what was not as it had been handed out."""
    return [
        f"{name}: {finding.cell}: {finding.says}" if finding.cell else f"{name}: {finding.says}"
        for finding in findings_of(notebook)
    ]


def _events(name: str, resources: Any) -> list[str]:
    """Return what the engine itself decided while the notebook ran: limits, deaths, outputs that were left out."""
    listed = resources.get(RESOURCES, {}).get("events") or ()
    texts = (each.get("text") if isinstance(each, Mapping) else getattr(each, "text", None) for each in listed)
    return [f"{name}: {text}" for text in dict.fromkeys(texts) if text]
