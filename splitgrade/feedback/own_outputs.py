"""What feedback may show of a student's cells: outputs, and results of cases, of runs that never meet a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
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


def own_outputs(
    step: NbGraderPreprocessor, instructor: InstructorNotebook, cells: Sequence[NotebookNode], resources: Any
) -> dict[int, list[NotebookNode]]:
    """Run the cells of a graded notebook in a process that never meets a test, and return what each shows.

    All of them run, in their order, whatever they did while grading: what is shown is a function of the text that was
    released and of what was handed in. Nothing else is read: neither outputs, nor errors, nor which cell was stopped.

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

    Returns
    -------
    dict of int to list of NotebookNode
        Position of each code cell -> its outputs, as short as nbgrader's ``LimitOutput`` makes them.

    Raises
    ------
    SandboxUnavailableError
        When this machine has no sandbox.
    RuntimeError
        When the sandbox does not start.
    """
    engine, files = _engine_and_files(step, instructor, resources)
    shorten = _as_configured(LimitOutput, step)
    found: dict[int, list[NotebookNode]] = {}
    with engine.preview(instructor, files) as preview:
        code_cells = [(number, cell) for number, cell in enumerate(cells) if cell.cell_type == "code"]
        for count, (number, cell) in enumerate(code_cells, start=1):
            label = cell.metadata.get("nbgrader", {}).get("grade_id") or f"cell {count}"
            shown = preview.run(label, text_for_preview(instructor, cell))
            run = NotebookNode(cell_type="code", outputs=[nbformat.from_dict(output) for output in shown])
            found[number] = shorten.preprocess_cell(run, resources, number)[0].outputs
    return found


def revealed_cases(
    step: NbGraderPreprocessor,
    instructor: InstructorNotebook,
    cells: Sequence[NotebookNode],
    resources: Any,
    asked: Mapping[str, str],
) -> dict[str, Any]:
    """Run the cells of a graded notebook without its tests, and return by test a case that may be shown.

    Parameters
    ----------
    step, instructor, cells, resources
        As for `own_outputs`.
    asked : mapping of str to str
        grade_id of a test -> the code that looks for a case.

    Raises
    ------
    SandboxUnavailableError, RuntimeError
        As for `own_outputs`.
    """
    engine, files = _engine_and_files(step, instructor, resources)
    return engine.revealed(cells, instructor, files, asked)


def _engine_and_files(
    step: NbGraderPreprocessor, instructor: InstructorNotebook, resources: Any
) -> tuple[Engine, dict[str, bytes]]:
    """Return an engine that requires the sandbox, and the files beside the notebook."""
    folder = Path(resources.get("metadata", {}).get("path") or ".")
    options = _as_configured(SplitExecute, step).options
    files, _ = files_for_student(folder, instructor.files, options.limits)
    return shared_engine(replace(options, policy="required")), files


def _as_configured(kind: Any, step: NbGraderPreprocessor) -> Any:
    """Return another step with its part of the configuration; the HTML exporter's part is not for it."""
    return kind(config=Config({kind.__name__: step.config[kind.__name__]}))
