"""One submission, from bytes to plain values and bytes, without course folder and gradebook: the heart of a run."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import orjson
from nbformat.v4.rwbase import strip_transient
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import setenv
from traitlets.config import Config

from splitgrade.errors import CourseError, SandboxError
from splitgrade.execution.engine import Engine, EngineOptions
from splitgrade.execution.files import files_for_student
from splitgrade.execution.instructor import InstructorNotebook
from splitgrade.execution.trial import try_engine
from splitgrade.grading.gradebook_copy import GradebookCopy
from splitgrade.grading.record import NotebookRecord, SubmissionRecord
from splitgrade.grading.steps_on_copy import COMMENTS, COPY, SCORES, steps_without_gradebook
from splitgrade.grading.task import Finished, NotebookGrades, Task, Verdict
from splitgrade.nbgrader.course_folders import CourseFolders
from splitgrade.nbgrader.execute import FILES, INSTRUCTOR, RESOURCES, SplitExecute, read_once
from splitgrade.nbgrader.marks import grounds_of_marks
from splitgrade.sandbox.limits import KEPT_SECONDS
from splitgrade.submission.identity import Identity
from splitgrade.submission.intake import Inspection, inspect
from splitgrade.submission.restore import changes_of
from splitgrade.submission.staging import stage

Keep = Callable[[str, Finished], None]


def _keep_nothing(name: str, finished: Finished) -> None:
    """Keep no notebook of a submission that is not finished."""


# What the file of a submission can bring about; anything else that ends a notebook's run is a fault of the run.
OWN_FAULTS = {
    "NotebookValidationError": "not a valid notebook",
    "ValidationError": "its nbgrader metadata was changed and cannot be used",
    "SchemaTooNewError": "its nbgrader metadata has a schema_version that does not exist",
    "SchemaTooOldError": "its nbgrader metadata has a schema_version that is too old, or none",
}


class _Keeping:
    """Has notebooks kept once a submission has taken so long that running them again would be a loss."""

    def __init__(self, keep: Keep) -> None:
        self._keep, self._held, self._from = keep, list[tuple[str, Finished]](), time.perf_counter() + KEPT_SECONDS

    def __call__(self, name: str, finished: Finished) -> None:
        self._held.append((name, finished))
        if time.perf_counter() >= self._from:
            for held in self._held:
                self._keep(*held)
            self._held.clear()


@dataclass(frozen=True)
class Workplace:
    """What submissions are run with, wherever that is.

    Parameters
    ----------
    root : Path
        A folder with the assignment in ``source/``: the course, or what a `Bundle` was unpacked to.
    config : Config
        nbgrader's configuration, with ``root`` as its course.
    copy : GradebookCopy
        What the gradebook says of the assignment.
    expected : mapping of str to Identity
        The assignment's notebooks and what each is known by, from ``source/``.
    scratch : Path
        A folder for work that is under way.
    seed : int
        The seed of fresh inputs.
    """

    root: Path
    config: Config
    copy: GradebookCopy
    expected: Mapping[str, Identity]
    scratch: Path
    seed: int

    @cached_property
    def source(self) -> Path:
        """Return the folder of the instructor's files."""
        return CourseFolders.of(self.config).source / self.copy.assignment


class SubmissionRunner:
    """Runs submissions the way ``nbgrader autograde`` does: the same steps, in the same order, on the same files.

    Left out is what makes nbgrader slow and changes nothing: opening the gradebook for every step, writing and reading
    the notebook between its two passes, copying and checking it again after every step.

    Parameters
    ----------
    place : Workplace
        Course and assignment.

    Raises
    ------
    CourseError
        When the configuration asks for something that only ``nbgrader autograde`` can do.
    """

    def __init__(self, place: Workplace) -> None:
        self._place = place
        course = CourseDirectory(config=place.config, assignment_id=place.copy.assignment)
        log = logging.Logger("cnn-course")
        log.disabled = True
        self._app = Autograde(coursedir=course, config=place.config, log=log)
        if self._app.pre_convert_hook is not None or self._app.post_convert_hook is not None:
            raise CourseError("hooks of nbgrader's Autograde are run by `nbgrader autograde` only: grade with it")
        self._sanitize = steps_without_gradebook(self._app.sanitize_preprocessors, self._app)
        self._autograde = steps_without_gradebook(self._app.autograde_preprocessors, self._app)
        self._instructors: dict[str, InstructorNotebook] = {}
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
                return replace(step.options, seed=self._place.seed)
        raise CourseError("c.Autograde.autograde_preprocessors has no SplitExecute: grade with `nbgrader autograde`")

    def calibrate(self, engine: Engine) -> list[str]:
        """Run the instructor's solutions and return what an instructor should know of them.

        Raises
        ------
        SandboxError
            When the sandbox does not start, or a small notebook does not get through it.
        """
        try_engine(engine)  # said once, instead of in every submission
        warnings: list[str] = []
        for name in self._place.expected:
            try:
                warnings += engine.calibration(self._instructor(name)).warnings
            except SandboxError:
                raise
            except (OSError, RuntimeError, ValueError) as error:  # said of this notebook in every submission, too
                warnings.append(f"{name}: the instructor's notebook cannot be run: {error}")
        return warnings

    def run(self, task: Task, engine: Engine, keep: Keep = _keep_nothing) -> Verdict:
        """Run one submission in an engine.

        Whatever is handed in, this returns; a notebook that cannot be run is refused, or failed where the fault is
        not the submission's.

        Parameters
        ----------
        task : Task
            The submission.
        engine : Engine
            Where its notebooks are run.
        keep : callable, optional
            Called with name and result of each notebook that has been run, once the submission has taken a while.
        """
        started = time.perf_counter()
        keep = _Keeping(keep)
        found = Inspection(task.snapshot)
        grades: dict[str, NotebookGrades] = {}
        files: dict[str, bytes] = {}
        with warnings.catch_warnings(), setenv(NBGRADER_EXECUTION="autograde"):
            warnings.simplefilter("ignore")  # of damaged notebooks: told in the record, not printed
            try:
                found = inspect(task.snapshot, self._place.expected, self._place.source)
                with TemporaryDirectory(dir=self._place.scratch, prefix="work-", ignore_cleanup_errors=True) as name:
                    folder = Path(name, "notebooks")
                    record = self._run_accepted(task, folder, found, engine, keep, grades, files)
                    files = {**_contents(folder), **files} if grades else {}
            except Exception as error:  # files that nobody has thought of end no worker: the points stay open
                record, grades, files = SubmissionRecord({name: _why(error) for name in self._place.expected}), {}, {}
        seconds = round(time.perf_counter() - started, 3)
        return Verdict(task.student, record, grades, files, seconds, found.handed_in)

    def _run_accepted(
        self,
        task: Task,
        folder: Path,
        found: Inspection,
        engine: Engine,
        keep: Keep,
        grades: dict[str, NotebookGrades],
        files: dict[str, bytes],
    ) -> SubmissionRecord:
        """Run the accepted notebooks in a folder of their own; fill in what each got, and its text."""
        states: dict[str, NotebookRecord] = {}
        changes: list[str] = []
        if found.accepted:
            stage(found, folder, self._place.source)
            self._beside = None
        for name in found.accepted:
            try:
                finished = task.finished.get(name)
                notebook = found.notebooks.pop(name)
                if finished is None:
                    finished = self._run_notebook(task.student, name, folder, notebook, engine)
                    keep(name, finished)
            except Exception as error:  # one notebook's fault is never another's: said by name
                states[name] = _why(error)
            else:
                states[name] = NotebookRecord("graded")
                grades[name], files[f"{name}.ipynb"] = finished.grades, finished.notebook
                changes += finished.changes
        states |= {name: NotebookRecord("refused", reason) for name, reason in found.refused.items()}
        states |= {name: NotebookRecord("unread", reason) for name, reason in found.unread.items()}
        states |= {name: NotebookRecord("missing", "not handed in") for name in found.missing}
        ordered = {name: states[name] for name in self._place.expected}
        return SubmissionRecord(ordered, [*found.notes, *changes])

    def _run_notebook(self, student: str, name: str, folder: Path, notebook: Any, engine: Engine) -> Finished:
        """Run nbgrader's steps on one notebook."""
        instructor = self._instructor(name)
        # The same for all notebooks of a submission: they lie in one folder.
        self._beside = self._beside or files_for_student(folder, instructor.files, self.engine_options.limits)
        given = {"engine": engine, "seed": self._place.seed, INSTRUCTOR: instructor, FILES: self._beside}
        resources = self._resources(student, name, folder) | {RESOURCES: given}
        for step in (*self._sanitize, *self._autograde):
            notebook, resources = step(notebook, resources)
        nbformat.validate(notebook)
        marks = grounds_of_marks(instructor, notebook)
        names = resources["nbgrader"]
        said = [*_changes(name, notebook), *_events(name, resources)]
        return Finished(_text(notebook), NotebookGrades(names.get(SCORES, {}), names.get(COMMENTS, {}), marks), said)

    def _instructor(self, name: str) -> InstructorNotebook:
        """Return the instructor's notebook, read once: what a run goes by is settled when it begins."""
        if name not in self._instructors:
            path = (self._place.source / f"{name}.ipynb").resolve()
            self._instructors[name] = read_once(path, self._place.config)
        return self._instructors[name]

    def _resources(self, student: str, name: str, folder: Path) -> dict[str, Any]:
        """Return what nbconvert and nbgrader tell their steps, and the copy of the gradebook."""
        names = {"student": student, "assignment": self._place.copy.assignment, "notebook": name}
        return {
            "unique_key": name,
            "output_files_dir": f"{name}_files",
            "output_extension": ".ipynb",
            "metadata": {"name": name, "path": str(folder)},
            "nbgrader": {**names, "db_url": self._app.coursedir.db_url, COPY: self._place.copy},
        }


def _text(notebook: Any) -> bytes:
    """Return a notebook that is valid as JSON with a line for each cell: with a line for each value it takes long."""
    rest = {name: value for name, value in strip_transient(notebook).items() if name != "cells"}
    try:
        cells = b",\n".join(orjson.dumps(cell, option=orjson.OPT_SORT_KEYS) for cell in notebook.cells)
        return b'{"cells": [\n%b\n],\n%b\n' % (cells, orjson.dumps(rest, option=orjson.OPT_SORT_KEYS)[1:])
    except TypeError:  # a number of more than 64 bits
        return str(nbformat.writes(notebook)).encode()


def _contents(folder: Path) -> dict[str, bytes]:
    """Return the content of the files in a folder by relative name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _why(error: Exception) -> NotebookRecord:
    """Return whose fault an error is."""
    kind = type(error).__name__
    if kind in OWN_FAULTS:
        return NotebookRecord("refused", OWN_FAULTS[kind])
    first = (str(error).strip() or "no message").splitlines()[0][:300]
    return NotebookRecord("failed", f"{kind}: {first}")


def _changes(name: str, notebook: Any) -> list[str]:
    """Return what was not as it had been handed out."""
    return [
        f"{name}: {change.cell}: {change.says}" if change.cell else f"{name}: {change.says}"
        for change in changes_of(notebook)
    ]


def _events(name: str, resources: Any) -> list[str]:
    """Return what the engine itself decided while the notebook ran: limits, deaths, outputs that were left out."""
    listed = resources.get(RESOURCES, {}).get("events") or ()
    texts = (each.get("text") if isinstance(each, Mapping) else getattr(each, "text", None) for each in listed)
    return [f"{name}: {text}" for text in dict.fromkeys(texts) if text]
