"""Take out of a graded notebook what a student must not read."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool, List

from splitgrade.sandbox.limits import Limits
from splitgrade.feedback.own_outputs import own_outputs
from splitgrade.feedback.result_view import OF_THE_ENGINE, result_of, stopped_because
from splitgrade.nbgrader.show_rubric import is_for_the_marker
from splitgrade.nbgrader.source import course_directory
from splitgrade.feedback.student_text import known_message, known_type

SAFE_TYPES = ("text/plain", "image/png", "image/jpeg")
NO_PREVIEW = "what cells behind a test have shown is withheld: "  # begins the reason in the log
WITHHELD = "What this cell printed or drew is not shown here: it ran after a test.\n"


class RedactFeedback(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader ships no types
    """Leave of each test cell its score and result, of the student's cells what can only be read.

    nbgrader's own step against hidden tests clears the source and leaves the traceback, which quotes it. Here a test
    cell loses source and outputs altogether; ``metadata.nbgrader.result`` holds the fields that `result_view` lets
    through. A student's function can keep the hidden inputs that it was called with, and a later cell can show them: in
    place of what the cells behind the first test have shown while grading stands what they show in a run without tests
    (`own_outputs`). Where there is none, only the type of an error and what Python says of it remain. It must be a
    preprocessor of nbgrader's kind: a plain one of nbconvert is switched off by default.
    """

    display_data_priority = List(list(SAFE_TYPES)).tag(config=True)  # the HTML exporter sets it on its steps
    withhold_hints = Bool(False, help="Leave hints out, for feedback that goes out before the deadline.").tag(
        config=True
    )
    preview = Bool(
        True,
        help=(
            "Run set-up cells and the student's own once more without tests, in the sandbox, so that what the cells "
            "behind a test print and draw can be shown."
        ),
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook as the student may have it."""
        hide = self._places()
        nb.cells = [cell for cell in nb.cells if not is_for_the_marker(cell)]
        source = "\n".join([*(cell.source for cell in nb.cells if not _is_test(cell)), self._limits()])
        shown = self._own_outputs(nb.cells, resources)
        tested = False
        for number, cell in enumerate(nb.cells):
            if _is_test(cell):
                self._redact_test(cell, source)
                tested = True
            elif cell.cell_type == "code" and tested and number in shown:
                cell.outputs = [_readable(output, hide) for output in shown[number]]
            elif cell.cell_type == "code" and tested:
                cell.outputs = _withheld(cell.outputs, source)
            elif cell.cell_type == "code":
                cell.outputs = [_readable(output, hide) for output in cell.outputs]
        return nb, resources

    def _own_outputs(self, cells: list[NotebookNode], resources: Any) -> dict[int, list[NotebookNode]]:
        """Return what cells show without tests, by position; nothing where no cell needs it or it cannot be had."""
        first = next((number for number, cell in enumerate(cells) if _is_test(cell)), len(cells))
        wanted = [n for n, cell in enumerate(cells) if n > first and _shows(cell) and not _is_test(cell)]
        if not self.preview or not wanted:
            return {}
        try:
            return own_outputs(self, cells[: wanted[-1] + 1], resources)
        except (OSError, RuntimeError, ValueError) as error:  # of the machine or of source/; feedback goes out anyway
            name = resources.get("nbgrader", {}).get("notebook", "")
            self.log.warning("%s: %s%s", name, NO_PREVIEW, error)
            return {}

    def _redact_test(self, cell: NotebookNode, source: str) -> None:
        """Replace a test by what came of it."""
        result = result_of(cell.outputs, source)
        if result is None or any(output.output_type == "error" for output in cell.outputs):
            result = {"message": stopped_because(cell.outputs, source), "hint": "", "aspects": []}
        if self.withhold_hints:
            result["hint"] = ""
        cell.metadata.nbgrader["result"] = result
        cell.source = ""
        cell.outputs = []

    def _limits(self) -> str:
        """Return the limits of a submission in the engine's words: they are no secret."""
        limits = Limits(**dict(self.config.SplitExecute.get("limits", {})))
        return f"took longer than {limits.cell_seconds:g} s, used more than {limits.memory_mb} MiB"

    def _places(self) -> re.Pattern[str]:
        """Match the folders of the grading machine, longest first."""
        places = {str(course_directory(self).root), sys.prefix, sys.base_prefix, str(Path.home())} - {"/", ""}
        return re.compile("|".join(re.escape(place) for place in sorted(places, key=len, reverse=True)))


def _is_test(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def _shows(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.outputs)


def _withheld(outputs: list[NotebookNode], source: str) -> list[NotebookNode]:
    """Return what may be shown of a cell that could know hidden inputs."""
    kept = []
    for output in outputs:
        if output.output_type == "error":
            name = output.ename if output.ename in OF_THE_ENGINE else known_type(output.ename)
            message = known_message(output.evalue, source)
            line = f"{name}: {message}" if message else name
            kept.append(new_output("error", ename=name, evalue=message, traceback=[line]))
    if len(kept) < len(outputs):
        kept.insert(0, new_output("stream", name="stdout", text=WITHHELD))
    return kept


def _readable(output: NotebookNode, hide: re.Pattern[str]) -> NotebookNode:
    """Return an output of a student's cell as text and pictures, without the names of the machine's folders."""
    if output.output_type == "stream":
        output["text"] = hide.sub("...", output.text)
    elif output.output_type == "error":
        output["evalue"] = hide.sub("...", output.evalue)
        output["traceback"] = [hide.sub("...", line) for line in output.traceback]
    else:
        output["data"] = {kind: output.data[kind] for kind in SAFE_TYPES if kind in output.data}
        output["metadata"] = {}
        if isinstance(output.data.get("text/plain"), str):
            output["data"]["text/plain"] = hide.sub("...", output.data["text/plain"])
    return output
