"""Take out of a graded notebook what a student must not read."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool, List

from cnn_course.nbgrader.result_view import result_of, stopped_because
from cnn_course.nbgrader.show_rubric import is_for_the_marker
from cnn_course.nbgrader.source import course_directory

SAFE_TYPES = ("text/plain", "image/png", "image/jpeg")


class RedactFeedback(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader ships no types
    """Leave of each test cell its score and result, of the student's cells what can only be read.

    nbgrader's own step against hidden tests clears the source and leaves the traceback, which quotes it. Here a test
    cell loses source and outputs altogether; ``metadata.nbgrader.result`` holds the fields that `result_view` lets
    through. It must be a preprocessor of nbgrader's kind: a plain one of nbconvert is switched off by default.
    """

    display_data_priority = List(list(SAFE_TYPES)).tag(config=True)  # the HTML exporter sets it on its steps
    withhold_hints = Bool(False, help="Leave hints out, for feedback that goes out before the deadline.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook as the student may have it."""
        hide = self._places()
        nb.cells = [cell for cell in nb.cells if not is_for_the_marker(cell)]
        for cell in nb.cells:
            if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
                self._redact_test(cell)
            elif cell.cell_type == "code":
                cell.outputs = [_readable(output, hide) for output in cell.outputs]
        return nb, resources

    def _redact_test(self, cell: NotebookNode) -> None:
        """Replace a test by what came of it."""
        result = result_of(cell.outputs)
        if result is None or any(output.output_type == "error" for output in cell.outputs):
            result = {"message": stopped_because(cell.outputs), "hint": "", "aspects": []}
        if self.withhold_hints:
            result["hint"] = ""
        cell.metadata.nbgrader["result"] = result
        cell.source = ""
        cell.outputs = []

    def _places(self) -> re.Pattern[str]:
        """Match the folders of the grading machine, longest first."""
        places = {str(course_directory(self).root), sys.prefix, sys.base_prefix, str(Path.home())} - {"/", ""}
        return re.compile("|".join(re.escape(place) for place in sorted(places, key=len, reverse=True)))


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
