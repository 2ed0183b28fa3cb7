"""One submission, from its files to plain values and a folder, without the gradebook: the second stage of a run."""

from __future__ import annotations

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
from nbgrader.utils import find_all_files, is_grade, is_solution, rmtree, setenv
from traitlets.config import Config

from splitgrade.errors import CourseError
from splitgrade.execution.engine import Engine, EngineOptions
from splitgrade.grading.gradebook_copy import GradebookCopy
from splitgrade.grading.partial import Partial
from splitgrade.grading.record import NotebookRecord, SubmissionRecord
from splitgrade.grading.steps_on_copy import COMMENTS, COPY, SCORES, steps_without_gradebook
from splitgrade.nbgrader.execute import RESOURCES, SplitExecute
from splitgrade.submission.intake import Inspection, inspect, stage
from splitgrade.submission.restore import findings_of

# What the file of a submission can bring about; anything else that ends a notebook's run is a fault of the run.
OWN_FAULTS = {
    "NotebookValidationError": "not a valid notebook",
    "ValidationError": "its nbgrader metadata was changed and cannot be used",
    "SchemaTooNewError": "its nbgrader metadata has a schema_version that does not exist",
    "SchemaTooOldError": "its nbgrader metadata has a schema_version that is too old, or none",
}


@dataclass(frozen=True)
class Plan:
    """Settings that every worker gets once.

    Parameters
    ----------
    root : Path
        The course folder.
    config : Config
        nbgrader's configuration, with ``root`` as its course.
    copy : GradebookCopy
        What the gradebook says of the assignment.
    expected : mapping of str to set of str
        The assignment's notebooks and their grade_ids, from ``source/``.
    staging : Path
        Where folders are put together, inside ``root``.
    fingerprints : mapping of str to str
        What each student's verdict depends on: notebooks that a killed run had finished are not run again.
    seed : int
        The seed of fresh inputs.
    """

    root: Path
    config: Config
    copy: GradebookCopy
    expected: Mapping[str, set[str]]
    staging: Path
    fingerprints: Mapping[str, str]
    seed: int


@dataclass(frozen=True)
class NotebookGrades:
    """What a notebook got: score and comment by grade_id, and the text of each answer that is marked by hand."""

    scores: Mapping[str, float | None]
    comments: Mapping[str, str | None]
    written: Mapping[str, str]


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
    """

    student: str
    record: SubmissionRecord
    grades: Mapping[str, NotebookGrades] = field(default_factory=dict)
    folder: Path | None = None
    seconds: float = 0.0


class SubmissionRunner:
    """Runs submissions the way ``nbgrader autograde`` does: the same steps, in the same order, on the same files.

    Left out is what makes nbgrader slow and changes nothing: opening the gradebook for every step, writing and reading
    the notebook between its two passes, copying and checking it again after every step.

    Parameters
    ----------
    plan : Plan
        Course and assignment.

    Raises
    ------
    CourseError
        When the configuration asks for something that only ``nbgrader autograde`` can do.
    """

    def __init__(self, plan: Plan) -> None:
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
        folder = Path(self._format(self._plan.staging, student))
        with warnings.catch_warnings(), setenv(NBGRADER_EXECUTION="autograde"):
            warnings.simplefilter("ignore")  # of damaged notebooks: told in the record, not printed
            try:
                found = inspect(submitted, self._plan.expected)
                record, grades = self._run_accepted(student, submitted, folder, found, engine)
            except Exception as error:  # files that nobody has thought of end no worker: the points stay open
                record, grades = SubmissionRecord({name: _why(error) for name in self._plan.expected}), {}
        if not grades and folder.exists():
            rmtree(str(folder))
        ended = time.perf_counter()
        return Graded(student, record, grades, folder if grades else None, round(ended - started, 3))

    def _run_accepted(
        self, student: str, submitted: Path, folder: Path, found: Inspection, engine: Engine
    ) -> tuple[SubmissionRecord, dict[str, NotebookGrades]]:
        states: dict[str, NotebookRecord] = {}
        grades: dict[str, NotebookGrades] = {}
        source = self._plan.root / "source" / self._plan.copy.assignment
        if found.accepted:
            if folder.exists():
                rmtree(str(folder))
            stage(submitted, found, folder, source)
            self._copy_source_files(source, folder)
        findings: list[str] = []
        for name in found.accepted:
            try:
                grades[name], said = self._run_or_take(student, name, folder, found.notebooks.pop(name), engine)
            except Exception as error:  # one notebook's fault is never another's: said by name
                states[name] = _why(error)
                (folder / f"{name}.ipynb").unlink(missing_ok=True)
            else:
                states[name] = NotebookRecord("graded")
                findings += said
        if grades:
            self._app.set_permissions(self._plan.copy.assignment, student)
        states |= {name: NotebookRecord("refused", reason) for name, reason in found.refused.items()}
        states |= {name: NotebookRecord("missing", "not handed in") for name in found.missing}
        ordered = {name: states[name] for name in self._plan.expected}
        return SubmissionRecord(ordered, [*found.notes, *findings]), grades

    def _run_or_take(
        self, student: str, name: str, folder: Path, notebook: Any, engine: Engine
    ) -> tuple[NotebookGrades, list[str]]:
        """Return what a notebook got and what was found in it, from a run that was killed later where there is one."""
        partial = Partial(self._plan.root, self._plan.copy.assignment, student)
        fingerprint, path = self._plan.fingerprints[student], folder / f"{name}.ipynb"
        finished = partial.take(name, fingerprint, path)
        if finished is not None:
            return NotebookGrades(**finished["grades"]), finished["findings"]
        notebook, grades = self._run_notebook(student, name, folder, notebook, engine)
        findings = _findings(name, notebook)
        partial.keep(name, fingerprint, path, {"grades": asdict(grades), "findings": findings})
        return grades, findings

    def _run_notebook(
        self, student: str, name: str, folder: Path, notebook: Any, engine: Engine
    ) -> tuple[Any, NotebookGrades]:
        """Run nbgrader's steps on one notebook and write the result in its place."""
        path = folder / f"{name}.ipynb"
        resources = self._resources(student, name, folder) | {RESOURCES: {"engine": engine, "seed": self._plan.seed}}
        for step in (*self._sanitize, *self._autograde):
            notebook, resources = step(notebook, resources)
        nbformat.validate(notebook)
        # By the writer of its version, which does not check it a second time.
        path.write_text(nbformat.v4.writes(notebook).rstrip("\n") + "\n", encoding="utf-8")
        written = {
            cell.metadata.nbgrader["grade_id"]: cell.source
            for cell in notebook.cells
            if is_grade(cell) and is_solution(cell)
        }
        names = resources["nbgrader"]
        return notebook, NotebookGrades(names.get(SCORES, {}), names.get(COMMENTS, {}), written)

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
        kept = {str(source / name) for name in self._app.exclude_overwriting.get(self._plan.copy.assignment, [])}
        found = find_all_files(str(source), [*self._app.coursedir.ignore, "*.ipynb"])
        return [Path(name) for name in found if name not in kept]

    def _format(self, step: Path, student: str) -> str:
        relative = step.relative_to(self._plan.root).as_posix()
        return str(self._app.coursedir.format_path(relative, student, self._plan.copy.assignment))


def failed(student: str, notebooks: Sequence[str], reason: str) -> Graded:
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
