"""What a student's own cells show when no test has run: the outputs that feedback may show behind a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import LimitOutput, NbGraderPreprocessor
from traitlets.config import Config

from splitgrade.nbgrader.execute import SplitExecute, instructor_notebook, shared_engine
from splitgrade.execution.files import files_for_student
from splitgrade.execution.preview import text_for_preview
from splitgrade.feedback.result_view import OF_THE_ENGINE

_TOOK_LONGER = "took longer than"  # the engine's words beside the result of a test that was stopped and went on


def own_outputs(
    step: NbGraderPreprocessor, cells: Sequence[NotebookNode], resources: Any
) -> dict[int, list[NotebookNode]]:
    """Run the cells of a graded notebook in a process that never meets a test, and return what each shows.

    Cells that the engine had to stop while grading are not run: they would take their time again.

    Parameters
    ----------
    step : NbGraderPreprocessor
        Who asks; its configuration names course and limits. The sandbox is required, whatever grading does without:
        code that can read ``source/`` could show it.
    cells : sequence of NotebookNode
        The notebook's, up to the last one that is wanted. They stay as they are.
    resources : mapping
        nbgrader's resources: they name assignment and notebook, and the folder of the files beside it.

    Returns
    -------
    dict of int to list of NotebookNode
        Position of each code cell that was run -> its outputs, as short as nbgrader's ``LimitOutput`` makes them.

    Raises
    ------
    OSError, ValueError
        When ``source/`` holds no such notebook, or not a usable one.
    SandboxUnavailableError
        When this machine has no sandbox.
    RuntimeError
        When the sandbox does not start.
    """
    instructor = instructor_notebook(step, resources)
    folder = Path(resources.get("metadata", {}).get("path") or ".")
    options = _as_configured(SplitExecute, step).options
    files, _ = files_for_student(folder, instructor.files, options.limits)
    engine = shared_engine(replace(options, policy="required"))
    shorten = _as_configured(LimitOutput, step)
    found: dict[int, list[NotebookNode]] = {}
    with engine.preview(instructor, files) as preview:
        code_cells = [(number, cell) for number, cell in enumerate(cells) if cell.cell_type == "code"]
        for count, (number, cell) in enumerate(code_cells, start=1):
            if _was_stopped(cell):
                continue
            label = cell.metadata.get("nbgrader", {}).get("grade_id") or f"cell {count}"
            shown = preview.run(label, text_for_preview(instructor, cell))
            run = NotebookNode(cell_type="code", outputs=[nbformat.from_dict(output) for output in shown])
            found[number] = shorten.preprocess_cell(run, resources, number)[0].outputs
    return found


def _as_configured(kind: Any, step: NbGraderPreprocessor) -> Any:
    """Return another step with its part of the configuration; the HTML exporter's part is not for it."""
    return kind(config=Config({kind.__name__: step.config[kind.__name__]}))


def _was_stopped(cell: NotebookNode) -> bool:
    """Return whether a cell ran into a limit while grading; a student can only say so of an own cell."""
    is_test = cell.metadata.get("nbgrader", {}).get("grade", False)
    return any(
        output.get("ename") in OF_THE_ENGINE or (is_test and _TOOK_LONGER in output.get("text", ""))
        for output in cell.outputs
    )
