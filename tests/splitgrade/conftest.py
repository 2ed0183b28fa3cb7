"""Notebooks in a few lines, and an engine that grades them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.utils import determine_grade

from splitgrade.execution.course_packages import CoursePackages
from splitgrade.execution.engine import Engine, EngineOptions
from splitgrade.execution.instructor import InstructorNotebook, read_instructor_notebook
from splitgrade.sandbox.limits import Limits
from splitgrade.submission.restore import restore

CELL_SECONDS = 2


def marks(grade_id: str, **flags: Any) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell."""
    plain = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {**plain, "grade_id": grade_id, **flags}}


def locked(grade_id: str, source: str) -> NotebookNode:
    """Return a read-only set-up cell."""
    return new_code_cell(source, metadata=marks(grade_id, locked=True), id=grade_id)


def answer(grade_id: str, source: str) -> NotebookNode:
    """Return an answer cell whose text is the solution."""
    text = f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"
    return new_code_cell(text, metadata=marks(grade_id, solution=True), id=grade_id)


def tests_of(grade_id: str, source: str, points: float = 1) -> NotebookNode:  # noqa: PT028 - no test, a maker of tests
    """Return a test cell, all of it hidden."""
    text = f"### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS"
    metadata = marks(grade_id, grade=True, locked=True, points=points)
    return new_code_cell(text, metadata=metadata, id=grade_id)


def written(grade_id: str, source: str, points: float = 1) -> NotebookNode:
    """Return a written answer, marked by hand."""
    return new_markdown_cell(source, metadata=marks(grade_id, grade=True, solution=True, points=points), id=grade_id)


def instructor_notebook(
    folder: Path, *cells: NotebookNode, files: Mapping[str, str | bytes] | None = None
) -> InstructorNotebook:
    """Write a source notebook and the files beside it, and read it as the engine does."""
    for name, content in (files or {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    nbformat.write(new_notebook(cells=list(cells)), folder / "exercise.ipynb")
    return read_instructor_notebook(folder / "exercise.ipynb")


def released(instructor: InstructorNotebook) -> NotebookNode:
    """Return what students get."""
    notebook = nbformat.from_dict(nbformat.reads(nbformat.writes(instructor.notebook), as_version=4))
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = instructor.released.get(grade_id, cell.source)
    return notebook


def answered(instructor: InstructorNotebook, **answers: str) -> NotebookNode:
    """Return a submission: the released notebook with these answers; the ids have _ for -."""
    notebook = released(instructor)
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        cell.source = answers.get(grade_id.replace("-", "_"), cell.source)
    return notebook


@dataclass
class Graded:
    """A notebook that was run."""

    notebook: NotebookNode

    def cell(self, name: str) -> NotebookNode:
        """Return a cell by its id."""
        return next(cell for cell in self.notebook.cells if cell.get("id") == name)

    def score(self, grade_id: str) -> float | None:
        """Return what nbgrader makes of a test."""
        return determine_grade(self.cell(grade_id))[0]

    @property
    def scores(self) -> dict[str, float | None]:
        """Return the scores of all tests."""
        cells = [cell for cell in self.notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
        return {cell.metadata.nbgrader.grade_id: determine_grade(cell)[0] for cell in cells}

    def text(self, name: str) -> str:
        """Return everything that a cell shows as text."""
        parts = []
        for output in self.cell(name).outputs:
            if output.output_type == "error":
                parts.append("\n".join([output.ename, output.evalue, *output.traceback]))
            else:
                parts.append(output.get("text") or output.get("data", {}).get("text/plain", ""))
        return "\n".join(parts)

    def kinds(self, name: str) -> list[str]:
        """Return the MIME types that a cell displays."""
        return [kind for output in self.cell(name).outputs for kind in output.get("data", {})]


Grade = Callable[..., Graded]


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """Start an engine with the protection that this machine offers, and little patience."""
    limits = Limits(cell_seconds=CELL_SECONDS, memory_mb=512, output_kb=64)
    packages = CoursePackages(checks=("grader_tests",), travelling=("student_kit",), private=("cnn_ref", "cnn_course"))
    with Engine(EngineOptions(limits, policy="none", copy_back="calibrated", packages=packages)) as engine:
        yield engine


@pytest.fixture(scope="session")
def grade(engine: Engine) -> Grade:
    """Restore and run a submission."""

    def run(
        instructor: InstructorNotebook, submitted: NotebookNode, files: Mapping[str, bytes] | None = None
    ) -> Graded:
        notebook = restore(instructor, submitted).notebook
        engine.run(notebook, instructor, instructor.files if files is None else files)
        nbformat.validate(notebook)
        return Graded(notebook)

    return run


@pytest.fixture
def student_cell(grade: Grade, tmp_path: Path) -> Callable[[str], Graded]:
    """Run one cell of a student's and return the notebook; the cell is called ``cell``."""
    instructor = instructor_notebook(tmp_path, answer("cell", "pass"))
    return lambda code: grade(instructor, answered(instructor, cell=code))


class SmallCourse:
    """A notebook of two questions: the second shows whether a fault in the first stayed its own."""

    def __call__(
        self,
        folder: Path,
        test: str = "assert double(4) == 8",
        solution: str = "",
        later_test: str = "assert later == 4",
    ) -> InstructorNotebook:
        """Write it."""
        return instructor_notebook(
            folder,
            locked("setup", "import numpy as np\nlimit = 3"),
            answer("double", solution or "def double(x):\n    return 2 * x"),
            tests_of("double-test", test),
            answer("later", "later = limit + 1"),
            tests_of("later-test", later_test),
        )

    def answered(self, instructor: InstructorNotebook, double: str, later: str = "later = limit + 1") -> NotebookNode:
        """Return a submission."""
        return answered(instructor, double=double, later=later)


@pytest.fixture(scope="session")
def course() -> SmallCourse:
    """Give the maker of the notebook of two questions."""
    return SmallCourse()


@pytest.fixture(scope="session")
def notebooks() -> SimpleNamespace:
    """Give the makers of cells and notebooks."""
    makers = (locked, answer, tests_of, written, instructor_notebook, released, answered)
    return SimpleNamespace(**{maker.__name__: maker for maker in makers})
