"""One small notebook through the whole engine: whether this machine, as it is arranged now, can grade."""

from __future__ import annotations

import copy

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from splitgrade.errors import SandboxError, SandboxUnavailableError
from splitgrade.execution.engine import Engine
from splitgrade.execution.instructor import InstructorNotebook

_SOLUTION = "def {name}(values):\n    return [2 * value for value in values]"
_WRONG = "def wrong(values):\n    return values"
_TEST = "assert {name}([1, factor]) == [2, 4]\n1.0"
_ANSWERS = ("right", "wrong")
# What every submission relies on: files of its own, in the work folder and in the temporary one.
_OWN_FILES = """import tempfile
with open("notes.txt", "w") as file:
    file.write("kept")
with tempfile.TemporaryFile() as file:
    file.write(open("notes.txt", "rb").read())"""


def _marked(name: str, source: str, **marks: object) -> NotebookNode:
    marks = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False, **marks}
    return new_code_cell(source, id=name, metadata={"nbgrader": {"grade_id": name, **marks}})


def trial_notebook() -> InstructorNotebook:
    """Return an instructor's notebook with two answers, a test of each, and a cell that writes files."""
    cells = [
        _marked("setup", "factor = 2", locked=True),
        _marked("files", _OWN_FILES, solution=True),
        *(_marked(name, _SOLUTION.format(name=name), solution=True) for name in _ANSWERS),
        *(_marked(f"{name}-test", _TEST.format(name=name), grade=True, locked=True, points=1) for name in _ANSWERS),
    ]
    notebook = new_notebook(cells=cells)
    return InstructorNotebook("trial", notebook, {cell.id: cell.source for cell in cells}, {})


def try_engine(engine: Engine) -> None:
    """Grade a right and a wrong answer.

    Parameters
    ----------
    engine : Engine
        With the options of the course; it is started where it was not.

    Raises
    ------
    SandboxUnavailableError
        When this machine has no sandbox and the policy requires one.
    SandboxError
        When the notebook does not get the verdict that it must get; the message is one sentence with the cause.
    """
    try:
        right, wrong = _verdicts(engine)
    except SandboxUnavailableError:
        raise
    except (OSError, RuntimeError) as error:
        raise SandboxError(f"a small notebook could not be run: {last_line(error)}") from error
    if right != "1.0" or not wrong.startswith("AssertionError"):
        raise SandboxError(f"a right answer must get 1.0 and a wrong one an AssertionError; they got: {right}; {wrong}")


def last_line(error: BaseException) -> str:
    """Return what an error says without the traceback that may stand before it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:300] if lines else type(error).__name__


def _verdicts(engine: Engine) -> list[str]:
    """Return the results of both tests, the second of a wrong answer; an error before them is the result of each."""
    instructor = trial_notebook()
    notebook = copy.deepcopy(instructor.notebook)
    cells = {cell.id: cell for cell in notebook.cells}
    cells["wrong"].source = _WRONG
    engine.run(notebook, instructor, {})
    before = [cell for name, cell in cells.items() if not name.endswith("-test")]
    return [_result([*before, cells[f"{name}-test"]]) for name in _ANSWERS]


def _result(cells: list[NotebookNode]) -> str:
    """Return the first error of some cells, else the result of the last."""
    for cell in cells:
        for output in cell.outputs:
            if output.output_type == "error":
                return f"{output.ename}: {output.evalue}"[:300]
    results = [each for each in cells[-1].outputs if each.output_type == "execute_result"]
    return str(results[0].data.get("text/plain", "")) if results else "no result"
