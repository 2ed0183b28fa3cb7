"""What feedback may show of a student's cells: outputs, and results of cases, of runs that never meet a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import LimitOutput, NbGraderPreprocessor
from traitlets.config import Config

from splitgrade.execution.engine import Engine
from splitgrade.execution.files import files_for_student
from splitgrade.execution.instructor import InstructorNotebook
from splitgrade.execution.preview import text_for_preview
from splitgrade.nbgrader.execute import SplitExecute, shared_engine


class TestlessRuns:
    """Runs of the cells of a graded notebook in processes that never meet a hidden test.

    Parameters
    ----------
    step : NbGraderPreprocessor
        Who asks; its configuration names course and limits. The sandbox is required, whatever grading does without:
        code that can read ``source/`` could show it.
    instructor : InstructorNotebook
        What was handed out.
    cells : sequence of NotebookNode
        The notebook's. They stay as they are.
    resources : mapping
        nbgrader's resources: they name the folder of the files beside the notebook.
    """

    def __init__(
        self, step: NbGraderPreprocessor, instructor: InstructorNotebook, cells: Sequence[NotebookNode], resources: Any
    ) -> None:
        self._step, self._instructor, self._cells, self._resources = step, instructor, cells, resources

    def outputs(self) -> dict[int, list[NotebookNode]]:
        """Return what each code cell shows, by its position, as short as nbgrader's ``LimitOutput`` makes it.

        All of them run, in their order, whatever they did while grading: what is shown is a function of the text that
        was released and of what was handed in. Nothing else is read: neither outputs, nor errors, nor which cell was
        stopped.

        Raises
        ------
        SandboxUnavailableError
            When this machine has no sandbox.
        RuntimeError
            When the sandbox does not start.
        """
        shorten = _as_configured(LimitOutput, self._step)
        found: dict[int, list[NotebookNode]] = {}
        with self._engine.preview(self._instructor, self._files) as preview:
            code_cells = [(number, cell) for number, cell in enumerate(self._cells) if cell.cell_type == "code"]
            for count, (number, cell) in enumerate(code_cells, start=1):
                label = cell.metadata.get("nbgrader", {}).get("grade_id") or f"cell {count}"
                shown = preview.run(label, text_for_preview(self._instructor, cell))
                run = NotebookNode(cell_type="code", outputs=[nbformat.from_dict(output) for output in shown])
                found[number] = shorten.preprocess_cell(run, self._resources, number)[0].outputs
        return found

    def cases(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """Return by test a case that may be shown.

        Parameters
        ----------
        asked : mapping of str to str
            grade_id of a test -> the code that looks for a case.

        Raises
        ------
        SandboxUnavailableError, RuntimeError
            As for `outputs`.
        """
        return self._engine.revealed(self._cells, self._instructor, self._files, asked)

    @cached_property
    def _engine(self) -> Engine:
        return engine_without_tests(self._execute)

    @cached_property
    def _files(self) -> dict[str, bytes]:
        """Return the files beside the notebook."""
        folder = Path(self._resources.get("metadata", {}).get("path") or ".")
        return files_for_student(folder, self._instructor.files, self._execute.options.limits)[0]

    @cached_property
    def _execute(self) -> SplitExecute:
        return _as_configured(SplitExecute, self._step)  # type: ignore[no-any-return]


def engine_without_tests(configured: SplitExecute) -> Engine:
    """Return this process's engine for such runs; it requires the sandbox, whatever grading does without."""
    return shared_engine(replace(configured.options, policy="required"))


def _as_configured(kind: Any, step: NbGraderPreprocessor) -> Any:
    """Return another step with its part of the configuration; the HTML exporter's part is not for it."""
    return kind(config=Config({kind.__name__: step.config[kind.__name__]}))
