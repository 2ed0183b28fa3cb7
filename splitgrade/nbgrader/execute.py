"""The two steps of nbgrader's autograding that make up this engine.

``c.Autograde.sanitize_preprocessors`` begins with `RestoreNotebook`, before nbgrader's own steps, which fail on damaged
metadata; ``c.Autograde.autograde_preprocessors`` has `SplitExecute` in the place of nbgrader's ``Execute``. Each works
without the other: `SplitExecute` restores a notebook again before it runs anything, unless it still is as restored.
"""

from __future__ import annotations

import atexit
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Dict, Enum, List, Unicode

from splitgrade.execution.course_packages import CoursePackages
from splitgrade.execution.engine import Engine, EngineOptions
from splitgrade.execution.files import files_for_student
from splitgrade.execution.instructor import InstructorNotebook, read_instructor_notebook
from splitgrade.execution.setting import SEED_VARIABLE, STUDENT_VARIABLE
from splitgrade.nbgrader.course_imports import imports_of_course
from splitgrade.nbgrader.source import course_directory, source_folder
from splitgrade.nbgrader.written_tests import tests_in_gradebook
from splitgrade.sandbox.limits import Limits
from splitgrade.submission.changes import Change, changes_of
from splitgrade.submission.restore import Restored, restore

RESOURCES = "splitgrade"  # the key in nbgrader's resources: an engine and a seed in, changes out
INSTRUCTOR = "instructor"  # a key below it: the instructor's notebook, where somebody has read it
FILES = "files"  # a key below it: what `files_for_student` gave, where somebody has asked for the whole submission
AS_RESTORED = "as restored"  # a key below it: the notebook as `RestoreNotebook` left it
_engines: dict[EngineOptions, Engine] = {}
_notebooks: dict[tuple[Path, int], InstructorNotebook] = {}


class RestoreNotebook(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader ships no types
    """Rebuild the submitted notebook from the instructor's, and note what was not as it was handed out.

    The changes stand in ``resources[RESOURCES]["changes"]`` and in the notebook's metadata under ``splitgrade``.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the restored notebook.

        Raises
        ------
        FileNotFoundError
            When ``source/`` holds no such notebook.
        """
        nb.get("metadata", {}).pop(RESOURCES, None)  # nobody but this engine notes changes there
        restored = restore(instructor_notebook(self, resources), nb)
        noted = resources.setdefault(RESOURCES, {})
        noted["changes"], noted[AS_RESTORED] = list(restored.changes), _state(restored.notebook)
        for change in restored.changes:
            self.log.warning("%s %s: %s", change.rule, change.cell, change.says)
        return restored.notebook, resources


class SplitExecute(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader ships no types
    """Run a submission: students' cells in a sandbox, tests in another process that never runs students' code."""

    limits = Dict(
        {}, help="Bounds that differ from splitgrade.sandbox.limits.Limits, by name: {'cell_seconds': 60}"
    ).tag(config=True)

    policy = Enum(
        ["required", "none"],
        default_value="required",
        help="'none' grades without any protection where this machine has no sandbox.",
    ).tag(config=True)

    copy_back = Enum(
        ["calibrated", "always"],
        default_value="calibrated",
        help=(
            "Whether tests see in-place changes of their arguments where the instructor's solution makes them, or "
            "always ('always' is for tests that compute expected values from private copies)."
        ),
    ).tag(config=True)

    refusals = Enum(
        ["end", "raise"],
        default_value="end",
        help=(
            "What a test meets where the engine refuses it a value: its end, without points, or a TypeError ('raise' "
            "is for tests that take no error for a right answer)."
        ),
    ).tag(config=True)

    shared = Enum(
        ["allow", "refuse"],
        default_value="allow",
        help=(
            "What becomes of tests that the instructor's solution passes in one process only: graded in the student's "
            "own sandboxed process, which their author can forge, or left to a person ('refuse')."
        ),
    ).tag(config=True)

    warm = List(
        Unicode(),
        allow_none=True,
        default_value=None,
        help="Installed modules that both processes import before the first notebook; those of source/ by default.",
    ).tag(config=True)

    checks = List(
        Unicode(), help="Packages of hidden tests: imported before the first notebook, not visible to students' code."
    ).tag(config=True)

    travelling = List(Unicode(), help="Packages that lie beside the notebooks of each assignment.").tag(config=True)

    private = List(Unicode(), help="Further packages that students' code must not see.").tag(config=True)

    check_data = List(
        Unicode(), help="Files and folders that hidden tests read: where one changes, submissions are graded again."
    ).tag(config=True)

    @property
    def packages(self) -> CoursePackages:
        """Return the packages of the course by what they are for."""
        course = course_directory(self)
        found = imports_of_course(Path(course.root) / course.source_directory) if self.warm is None else self.warm
        return CoursePackages(tuple(found), tuple(self.checks), tuple(self.travelling), tuple(self.private))

    @property
    def options(self) -> EngineOptions:
        """Return these settings."""
        how = (self.policy, self.copy_back, self.refusals, self.shared)
        data = tuple(str(Path(place).resolve()) for place in self.check_data)
        return EngineOptions(Limits(**self.limits), *how, self.packages, data)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the restored notebook with the outputs of its run.

        Raises
        ------
        FileNotFoundError
            When ``source/`` holds no such notebook.
        SandboxUnavailableError
            When this machine has no sandbox and the policy requires one.
        """
        instructor = instructor_notebook(self, resources)
        folder = Path(resources.get("metadata", {}).get("path") or ".")
        found = resources.get(RESOURCES, {}).get(FILES)
        files, left_out = found or files_for_student(folder, instructor.files, Limits(**self.limits))
        before = resources.get(RESOURCES, {}).get(AS_RESTORED)
        untouched = before is not None and before == _state(nb)
        restored = Restored(nb, tuple(changes_of(nb))) if untouched else restore(instructor, nb)
        changes = [*restored.changes, *(Change("files", "", says) for says in left_out)]
        restored.notebook.metadata[RESOURCES] = {"changes": [asdict(change) for change in changes]}
        resources.setdefault(RESOURCES, {})["changes"] = changes
        engine = resources[RESOURCES].get("engine") or shared_engine(self.options)
        known = instructor.digest in engine.calibrations
        names = resources["nbgrader"]
        whose = f"{names['assignment']}/{names['student']}"
        resources[RESOURCES]["events"] = engine.run(
            restored.notebook, instructor, files, whose, environment=_environment(resources)
        )
        for warning in () if known else engine.calibration(instructor).warnings:
            self.log.warning("%s", warning)
        return restored.notebook, resources


def _state(notebook: NotebookNode) -> bytes | None:
    """Return what differs where a restored notebook differs by more than checksums: `restore` leaves those alone.

    None where that cannot be told: the notebook is restored again then.
    """
    cells = [
        {**cell, "metadata": {**marks, "nbgrader": {**marks.get("nbgrader", {}), "checksum": ""}}}
        for cell in notebook.cells
        for marks in (cell["metadata"],)
    ]
    try:
        return orjson.dumps({**notebook, "cells": cells}, default=repr, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # a number of more than 64 bits
        return None


def instructor_notebook(preprocessor: NbGraderPreprocessor, resources: Any) -> InstructorNotebook:
    """Return the instructor's version of the notebook under conversion.

    Parameters
    ----------
    preprocessor : NbGraderPreprocessor
        Who asks; its configuration names the course.
    resources : mapping
        nbgrader's resources: they name assignment and notebook.

    Raises
    ------
    FileNotFoundError
        When ``source/`` holds no such notebook.
    """
    known: InstructorNotebook | None = resources.get(RESOURCES, {}).get(INSTRUCTOR)
    if known is not None:
        return known
    names = resources["nbgrader"]
    path = source_folder(preprocessor, names["assignment"]) / f"{names['notebook']}.ipynb"
    return read_once(path.resolve(), preprocessor.config)


def read_once(path: Path, config: Any) -> InstructorNotebook:
    """Return an instructor's notebook, read again only when it or a file beside it has changed.

    Parameters
    ----------
    path : Path
        A notebook in ``source/<assignment>/``.
    config : traitlets.config.Config
        nbgrader's configuration.

    Raises
    ------
    FileNotFoundError
        When there is no such notebook.
    """
    newest = max(path.stat().st_mtime_ns, newest_change(str(path.parent)))
    if (path, newest) not in _notebooks:
        _notebooks[path, newest] = read_instructor_notebook(path, config, lambda: tests_in_gradebook(path, config))
    return _notebooks[path, newest]


def newest_change(folder: str) -> int:
    """Return when something in a folder, or below it, was changed last."""
    with os.scandir(folder) as found:
        entries = list(found)
    times = [entry.stat(follow_symlinks=False).st_mtime_ns for entry in entries]
    below = [newest_change(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
    return max((*times, *below), default=0)


def shared_engine(options: EngineOptions) -> Engine:
    """Return the engine of nbgrader's own commands with these options; it lives as long as the process.

    nbgrader makes its steps anew for every notebook, so that no step can hold it.
    """
    if options not in _engines:
        _engines[options] = Engine(options)
        atexit.register(_engines[options].close)
    return _engines[options]


def share_engine(engine: Engine) -> None:
    """Have `shared_engine` return this one for its options; it stays the caller's to close."""
    _engines[engine.options] = engine


def _environment(resources: Any) -> dict[str, str]:
    """Return what tests may know: the seed of the run, else the one that the environment names, and the student."""
    seed = resources[RESOURCES].get("seed", os.environ.get(SEED_VARIABLE))
    known = {STUDENT_VARIABLE: str(resources["nbgrader"]["student"])}
    return known if seed is None else {**known, SEED_VARIABLE: str(seed)}
