"""What the instructor's notebook says: the one source of text, order, points and tests."""

from __future__ import annotations

import ast
import copy
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions, IncludeHeaderFooter

from splitgrade.execution.cell_code import bound_names, changed_names, handed_on, syntax_tree
from splitgrade.execution.files import folder_files

AUTOTEST = re.compile(r"^\s*###\s*(HASHED\s+)?AUTOTEST\b", re.MULTILINE)
Written = Callable[[], Mapping[str, str]]
Role = Literal["test", "locked", "answer", "text"]


@dataclass(frozen=True)
class InstructorNotebook:
    """An instructor's notebook, with solutions and hidden tests, and the files beside it.

    Parameters
    ----------
    name : str
        The notebook's name, without a suffix.
    notebook : NotebookNode
        As it is in ``source/``.
    released : mapping of str to str
        grade_id -> the text that students got.
    files : mapping of str to bytes
        Relative name -> content of the files that go with it.
    """

    name: str
    notebook: NotebookNode
    released: Mapping[str, str]
    files: Mapping[str, bytes]

    @cached_property
    def language(self) -> str:
        """Return what its code is written in, as its kernel is called; Python where it says nothing."""
        metadata = self.notebook.metadata
        named = metadata.get("kernelspec", {}).get("language"), metadata.get("language_info", {}).get("name")
        return next((str(name) for name in named if name), "python")

    @property
    def is_python(self) -> bool:
        """Return whether its code can be run here."""
        return self.language.casefold() in ("python", "python3", "ipython")

    @cached_property
    def cells(self) -> dict[str, NotebookNode]:
        """Return the cells that nbgrader knows, by grade_id, in order."""
        named = ((grade_id_of(cell), cell) for cell in self.notebook.cells)
        return {grade_id: cell for grade_id, cell in named if grade_id is not None}

    @cached_property
    def prose(self) -> dict[str, NotebookNode]:
        """Return the Markdown cells that nbgrader does not know, by their text."""
        unknown = (cell for cell in self.notebook.cells if grade_id_of(cell) is None)
        return {cell.source: cell for cell in unknown if cell.cell_type == "markdown"}

    @cached_property
    def digest(self) -> str:
        """Return what differs when the notebook or a file beside it differs."""
        text = hashlib.sha256(json.dumps(self.notebook, sort_keys=True).encode())
        for name, content in sorted(self.files.items()):
            text.update(f"\0{name}\0{len(content)}\0".encode() + content)
        return text.hexdigest()

    @cached_property
    def for_students(self) -> dict[str, str]:
        """Return, by the grade_id of a test, what later cells of the student's may need of its released part."""
        tests = [name for name, cell in self.cells.items() if role_of(cell) == "test"]
        return {name: handed_on(self.released[name], self.solution_names) for name in tests}

    @cached_property
    def _students_trees(self) -> list[ast.Module]:
        """Return the code of the cells that students change, instructor's version."""
        cells = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        return [syntax_tree(cell.source) for cell in cells if role_of(cell) in ("answer", "text")]

    @cached_property
    def imports(self) -> tuple[str, ...]:
        """Return the import statements of students' cells that tests may rely on.

        Star imports, and modules that lie beside the notebook, are left out: their names are the student's.
        """
        local = {Path(name).parts[0].removesuffix(".py") for name in self.files}
        statements = [node for tree in self._students_trees for node in tree.body]
        found = []
        for node in statements:
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not any(alias.name == "*" for alias in node.names):
                modules = [node.module or ""]
            else:
                continue
            if not local & {module.split(".")[0] for module in modules}:
                found.append(ast.unparse(node))
        return tuple(dict.fromkeys(found))

    @cached_property
    def solution_names(self) -> frozenset[str]:
        """Return the globals that the cells students change bind, or whose content they change; imports left out."""
        found = {name for tree in self._students_trees for name in bound_names(tree)}
        set_up = [cell for cell in self.notebook.cells if cell.cell_type == "code" and role_of(cell) == "locked"]
        given = {name for cell in set_up for name in bound_names(syntax_tree(cell.source))}
        return frozenset(
            found | {name for tree in self._students_trees for name in changed_names(ast.walk(tree)) if name in given}
        )


def read_instructor_notebook(path: Path, config: Any = None, written: Written = dict) -> InstructorNotebook:
    """Return the instructor's notebook in a file, between the header and the footer of the course.

    Parameters
    ----------
    path : Path
        A notebook in ``source/<assignment>/``.
    config : traitlets.config.Config, optional
        nbgrader's configuration: it names header, footer, and the markers of solutions and hidden tests.
    written : callable, optional
        Gives the text, by grade_id, of tests that nbgrader wrote at release: in ``source/`` they are comments.

    Raises
    ------
    FileNotFoundError
        When there is no such notebook.
    ValueError
        When a grade_id occurs twice, or nbgrader has not written a test that it has to write.
    """
    notebook = with_cell_ids(_framed(nbformat.read(path, as_version=4), config, path))
    ids = [grade_id for cell in notebook.cells if (grade_id := grade_id_of(cell)) is not None]
    if len(set(ids)) != len(ids):
        twice = sorted({grade_id for grade_id in ids if ids.count(grade_id) > 1})
        raise ValueError(f"a grade_id occurs once in a notebook; {path.name} has twice: {', '.join(twice)}")
    _write_autotests(notebook, path.name, written)
    ignored = CourseDirectory(config=config).ignore
    files = {name: file.read_bytes() for name, file in folder_files(path.parent, ignored)}
    return InstructorNotebook(path.stem, notebook, _released_texts(notebook, config), files)


def with_cell_ids(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook as format 4.5 has it; one of 4.0 to 4.4 gets cell ids that are the same every time.

    nbformat's own upgrade draws them at random; here a cell is called by its grade_id, or else by its place.
    """
    if (notebook.nbformat, notebook.nbformat_minor) >= (4, 5) and all("id" in cell for cell in notebook.cells):
        return notebook
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    taken: set[str] = set()
    for number, cell in enumerate(notebook.cells, start=1):
        name = re.sub(r"[^a-zA-Z0-9_-]", "-", grade_id_of(cell) or "")[:56] or f"cell-{number}"
        cell["id"] = name if name not in taken else f"{name}-{number}"
        taken.add(cell["id"])
    return notebook


def _framed(notebook: NotebookNode, config: Any, path: Path) -> NotebookNode:
    """Return a notebook with the cells that nbgrader puts before and behind those of every notebook of the course."""
    if config is None or not ({"header", "footer"} & set(config.get("IncludeHeaderFooter", {}))):
        return notebook
    root = Path(config.get("CourseDirectory", {}).get("root") or path.resolve().parents[2])
    frame = IncludeHeaderFooter(config=config)
    frame.header, frame.footer = (str(root / name) if name else "" for name in (frame.header, frame.footer))
    framed: NotebookNode = frame.preprocess(notebook, {})[0]
    return framed


def _write_autotests(notebook: NotebookNode, name: str, written: Written) -> None:
    """Put the tests in place that stand in ``source/`` as comments only: run as they are, they would give all points.

    Raises
    ------
    ValueError
        With the cells that nbgrader has not written.
    """
    found = [cell for cell in notebook.cells if cell.cell_type == "code" and AUTOTEST.search(cell.source)]
    texts = written() if found else {}
    for cell in found:
        cell.source = texts.get(grade_id_of(cell) or "", cell.source)
    left = [str(grade_id_of(cell) or cell["id"]) for cell in found if AUTOTEST.search(cell.source)]
    if left:
        raise ValueError(
            f"{name}: the cells {', '.join(left)} hold ### AUTOTEST lines, which nbgrader turns into tests at release, "
            "and the gradebook has none for them: run nbgrader generate_assignment for this assignment first"
        )


def grade_id_of(cell: Any) -> str | None:
    """Return the grade_id of an instructor's cell, None for a cell that nbgrader does not know."""
    grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return grade_id if isinstance(grade_id, str) and role_of(cell) != "text" else None


def role_of(cell: Any) -> Role:
    """Return what an instructor's cell is for.

    Returns
    -------
    {"test", "locked", "answer", "text"}
        ``answer`` cells belong to students by grade_id, ``text`` cells (code or not) altogether.
    """
    marks = cell["metadata"].get("nbgrader", {})  # read once: this is asked hundreds of times a submission
    if marks.get("solution"):
        return "answer"
    if marks.get("grade"):
        return "test" if cell["cell_type"] == "code" else "locked"
    return "locked" if marks.get("locked") or marks.get("task") else "text"


def _released_texts(notebook: NotebookNode, config: Any) -> dict[str, str]:
    """Return the texts that nbgrader's own preprocessors leave for students."""
    released = copy.deepcopy(notebook)
    resources: dict[str, Any] = {}
    for kind in (ClearSolutions, ClearHiddenTests, ClearMarkScheme):
        preprocessor = (
            kind(config=config, enforce_metadata=False) if config is not None else kind(enforce_metadata=False)
        )
        released, resources = preprocessor.preprocess(released, resources)
    return {grade_id: cell.source for cell in released.cells if (grade_id := grade_id_of(cell)) is not None}
