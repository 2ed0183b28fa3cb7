"""Let nothing but a number in range count as the result of a test cell."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

NO_RESULT = "NoResult"  # the name of the error that stands where a result should be
_NUMBER = re.compile(r"\d+(\.\d+)?(e[+-]\d+)?")


class StrictResults(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader ships no types
    """Reduce the outputs of each test cell to one that nbgrader cannot misread.

    nbgrader's own rules give full points for no output at all, for ``np.float64(0.5)``, a string, nan and negative
    numbers; they fail the whole submission for a number above the maximum, give nothing where a library warned on
    stderr, and take the first result that a cell shows instead of its last. After this step:

    - an error stays, and every result beside it goes;
    - a cell that ends with a call of ``grade`` has one plain number between 0 and its points, or an error that says why
      not (a cell that was never run has no number either);
    - any other result is a plain number in range, or becomes that error too;
    - what was printed on stderr is ordinary text.
    """

    def preprocess_cell(
        self,
        cell: NotebookNode,
        resources: Any,
        cell_index: int,  # noqa: ARG002 - nbconvert's signature
    ) -> tuple[NotebookNode, Any]:
        """Return a test cell with one unmistakable result; leave every other cell as it is."""
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
            cell.outputs = _strict(cell.outputs, float(cell.metadata.nbgrader["points"]), _ends_with_grade(cell.source))
        return cell, resources


def _strict(outputs: list[NotebookNode], points: float, required: bool) -> list[NotebookNode]:
    """Return what was shown, then one error or one result, or neither where no result is required."""
    shown = [output for output in outputs if output.output_type in ("display_data", "stream")]
    for output in shown:
        if output.output_type == "stream":
            output["name"] = "stdout"
    errors = [output for output in outputs if output.output_type == "error"]
    if errors:
        return [*shown, *errors]
    results = [output for output in outputs if output.output_type == "execute_result"]
    if not results:
        return [*shown, _no_result("it ended without a number of points")] if required else shown
    text = results[-1].data.get("text/plain", "")
    text = "".join(text) if isinstance(text, list) else str(text)
    if not _NUMBER.fullmatch(text):
        return [*shown, _no_result("what it ended with is not a plain number")]
    if float(text) > points:
        return [*shown, _no_result(f"it ended with a number above {points:g}")]
    return [*shown, results[-1]]


def _no_result(why: str) -> NotebookNode:
    """Return the error output that stands in for a result."""
    says = f"{NO_RESULT}: the test has no valid result: {why}"
    return new_output("error", ename=NO_RESULT, evalue=says, traceback=[says])


@lru_cache(maxsize=1024)  # the tests of a class are the same
def _ends_with_grade(source: str) -> bool:
    """Say whether the last statement of a cell is a call of a function or method named ``grade``."""
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a cell with magics: nothing is known of its last line
        return False
    if not body or not isinstance(body[-1], ast.Expr) or not isinstance(body[-1].value, ast.Call):
        return False
    called = body[-1].value.func
    return getattr(called, "attr", getattr(called, "id", None)) == "grade"
