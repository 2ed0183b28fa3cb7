"""The two steps of nbgrader's autograding that make up this engine.

``c.Autograde.sanitize_preprocessors`` begins with `RestoreNotebook`, before nbgrader's own steps, which fail on damaged
metadata; ``c.Autograde.autograde_preprocessors`` has `SplitExecute` in the place of nbgrader's ``Execute``. Each works
without the other: `SplitExecute` restores the notebook again before it runs anything.
"""

from __future__ import annotations

import atexit
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Dict, Enum

from cnn_course.grading.engine import Engine, EngineOptions
from cnn_course.grading.files import files_for_student
from cnn_course.grading.findings import Finding
from cnn_course.grading.instructor import InstructorNotebook, read_instructor_notebook
from cnn_course.grading.limits import Limits
from cnn_course.grading.restore import restore
from cnn_course.nbgrader.source import source_folder

_engines: dict[tuple[int, EngineOptions], Engine] = {}
_notebooks: dict[tuple[Path, int], InstructorNotebook] = {}


class RestoreNotebook(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader ships no types
    """Rebuild the submitted notebook from the instructor's, and note what was not as it was handed out.

    The findings stand in ``resources["cnn_course"]["findings"]`` and in the notebook's metadata under ``cnn_course``.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the restored notebook.

        Raises
        ------
        FileNotFoundError
            When ``source/`` holds no such notebook.
        """
        nb.get("metadata", {}).pop("cnn_course", None)  # nobody but this engine notes findings there
        restored = restore(instructor_notebook(self, resources), nb)
        resources.setdefault("cnn_course", {})["findings"] = list(restored.findings)
        for finding in restored.findings:
            self.log.warning("%s %s: %s", finding.rule, finding.cell, finding.says)
        return restored.notebook, resources


class SplitExecute(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader ships no types
    """Run a submission: students' cells in a sandbox, tests in another process that never runs students' code."""

    limits = Dict(
        {}, help="Bounds that differ from cnn_course.grading.limits.Limits, by name: {'cell_seconds': 60}"
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

    @property
    def options(self) -> EngineOptions:
        """Return these settings."""
        return EngineOptions(Limits(**self.limits), self.policy, self.copy_back)

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
        files, left_out = files_for_student(folder, instructor.files, Limits(**self.limits))
        restored = restore(instructor, nb)
        findings = [*restored.findings, *(Finding("files", "", says) for says in left_out)]
        restored.notebook.metadata["cnn_course"] = {"findings": [asdict(finding) for finding in findings]}
        resources.setdefault("cnn_course", {})["findings"] = findings
        engine = shared_engine(self.options)
        known = instructor.digest in engine.calibrated
        names = resources["nbgrader"]
        engine.run(restored.notebook, instructor, files, f"{names['assignment']}/{names['student']}")
        for warning in () if known else engine.calibration(instructor).warnings:
            self.log.warning("%s", warning)
        return restored.notebook, resources


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
    newest = max(file.stat().st_mtime_ns for file in (path, *path.parent.rglob("*")))
    if (path, newest) not in _notebooks:
        _notebooks[path, newest] = read_instructor_notebook(path, config)
    return _notebooks[path, newest]


def shared_engine(options: EngineOptions) -> Engine:
    """Return the engine of this process with these options; it lives as long as the process."""
    key = os.getpid(), options
    if key not in _engines:
        _engines[key] = Engine(options)
        atexit.register(_engines[key].close)
    return _engines[key]


def adopt(engine: Engine) -> None:
    """Make an engine the one that this process grades with; closing it is left to whoever made it."""
    _engines[os.getpid(), engine.options] = engine
