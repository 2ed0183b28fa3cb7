"""``nbgrader validate`` through this engine, for the notebooks that the course knows.

In ``c.Validator.preprocessors`` the step takes the place of nbgrader's ``Execute``. nbgrader hands it a notebook
without its name, so the notebook is known by its grade_ids.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import Execute

from splitgrade.execution.files import files_for_student
from splitgrade.execution.instructor import InstructorNotebook, role_of
from splitgrade.nbgrader.execute import SplitExecute, read_once, shared_engine
from splitgrade.nbgrader.source import source_folder
from splitgrade.submission.restore import restore

VALIDATING = {"NBGRADER_VALIDATING": "1"}  # what nbgrader tells the kernels of a validation


class ValidateExecute(Execute):  # type: ignore[misc]  # nbgrader ships no types
    """Run a notebook of the course in split processes, and any other the way nbgrader does.

    A notebook of ``source/`` is run with its hidden tests. A released one, or a submission, is run with the tests that
    students have: what validation says is what a student could have seen. Its own text stays, so that nbgrader's
    warning of changed test cells works; the tests that are run are the instructor's all the same.
    """

    def preprocess(self, nb: NotebookNode, resources: Any, **options: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook with the outputs of its run.

        Raises
        ------
        SandboxUnavailableError
            When this machine has no sandbox and the policy of `SplitExecute` requires one.
        """
        path = self._source_of(nb)
        if path is None:
            run_by_nbgrader: tuple[NotebookNode, Any] = super().preprocess(nb, resources, **options)
            return run_by_nbgrader
        instructor = read_once(path, self.config)
        if not _has_hidden_tests(nb, instructor):
            instructor = _as_released(instructor)
        files, _ = files_for_student(Path.cwd(), instructor.files)  # nbgrader validates in the notebook's folder
        run = restore(instructor, nb).notebook
        engine = shared_engine(SplitExecute(parent=self.parent).options)
        engine.run(run, instructor, files, environment=VALIDATING)
        outputs = {_grade_id(cell): cell.outputs for cell in run.cells if cell.cell_type == "code"}
        for cell in nb.cells:
            if cell.cell_type == "code" and _grade_id(cell) is not None:
                cell.outputs = outputs.get(_grade_id(cell), [])
        return nb, resources

    def _source_of(self, nb: NotebookNode) -> Path | None:
        """Return the notebook of ``source/`` with most of the grade_ids; a folder of the same name goes first."""
        wanted = set(_grade_ids(nb))
        here = Path.cwd().name
        best: tuple[tuple[bool, int], Path | None] = ((False, 0), None)
        for path in sorted(source_folder(self, "*").parent.glob("*/*.ipynb")):
            shared = len(wanted & set(_grade_ids(nbformat.read(path, as_version=4))))
            if shared and (path.parent.name == here, shared) > best[0]:
                best = (path.parent.name == here, shared), path
        return best[1]


def _grade_id(cell: Any) -> Any:
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _grade_ids(nb: NotebookNode) -> Iterable[str]:
    return (grade_id for cell in nb.cells if isinstance(grade_id := _grade_id(cell), str))


def _has_hidden_tests(nb: NotebookNode, instructor: InstructorNotebook) -> bool:
    """Return whether the tests of a notebook are those of ``source/``, hidden ones included."""
    texts = {grade_id: cell.source for cell in nb.cells if isinstance(grade_id := _grade_id(cell), str)}
    tests = [(grade_id, cell.source) for grade_id, cell in instructor.cells.items() if role_of(cell) == "test"]
    return any(texts.get(grade_id) == text != instructor.released[grade_id] for grade_id, text in tests)


def _as_released(instructor: InstructorNotebook) -> InstructorNotebook:
    """Return the instructor's notebook with solutions, and with the tests that students have."""
    notebook = copy.deepcopy(instructor.notebook)
    for cell in notebook.cells:
        if role_of(cell) == "test":
            cell.source = instructor.released[_grade_id(cell)]
    return dataclasses.replace(instructor, notebook=notebook)
