"""Take out of a graded notebook what a student must not read."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool, Dict, List, Unicode

from splitgrade.execution.instructor import InstructorNotebook, role_of
from splitgrade.feedback.advice import Advice
from splitgrade.feedback.case_view import case_of
from splitgrade.feedback.door import check_notebook, markers_of, texts_in
from splitgrade.feedback.explaining import date_of, model_answer, solution_marks
from splitgrade.feedback.own_outputs import TestlessRuns
from splitgrade.feedback.questions import is_graded, lost, titles
from splitgrade.feedback.result_view import is_answered, outcome_of, result_of
from splitgrade.feedback.student_text import Public
from splitgrade.nbgrader.execute import instructor_notebook
from splitgrade.nbgrader.show_rubric import is_for_the_marker
from splitgrade.nbgrader.source import course_directory
from splitgrade.sandbox.limits import Limits
from splitgrade.submission.changes import changes_of
from splitgrade.submission.stray_text import READ_IT

SAFE_TYPES = ("text/plain", "image/png", "image/jpeg")
NO_PREVIEW = "what a student's cells have shown is withheld: "  # begins the reason in the log
WITHHELD = "withheld"  # in the notebook's metadata under "splitgrade": the page says so, once


class RedactFeedback(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader ships no types
    """Leave of each test cell its score and result, of the student's cells what can only be read.

    nbgrader's own step against hidden tests clears the source and leaves the traceback, which quotes it. Here a test
    cell loses source and outputs altogether; ``metadata.nbgrader.result`` holds the fields that `result_view` lets
    through. A student's function can keep the hidden inputs that it was called with, and a later cell can show them, or
    tell them by whether it prints, fails or hangs. So nothing that a cell showed while grading reaches the page, not
    even whether it showed anything: in its place stands what a run without tests shows (`TestlessRuns`), and where
    there is none, nothing. It must be a preprocessor of nbgrader's kind: a plain one of nbconvert is switched off by
    default.
    """

    display_data_priority = List(list(SAFE_TYPES)).tag(config=True)  # the HTML exporter sets it on its steps
    withhold_hints = Bool(False, help="Leave hints out, for feedback that goes out before the deadline.").tag(
        config=True
    )
    preview = Bool(
        True,
        help=(
            "Run set-up cells and the student's own once more without tests, in the sandbox, so that what they print "
            "and draw can be shown."
        ),
    ).tag(config=True)

    advice = Unicode(
        "", help="Module of the course that says what to practice, explains, and reveals cases, see `feedback.advice`."
    ).tag(config=True)
    explain_from = Dict(
        key_trait=Unicode(),
        help=(
            "Assignment -> date and time (ISO 8601; without a zone, this machine's): pages made from then on explain "
            "the right answers. Never, for an assignment that is not named."
        ),
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook as the student may have it.

        Raises
        ------
        CourseError
            Where the notebook holds what only the instructor may have, see `door`.
        """
        hide, advice = self._places(), Advice(self.advice)
        nb.cells = [cell for cell in nb.cells if not is_for_the_marker(cell)]
        instructor = self._instructor(resources)
        self._check(nb.cells, instructor, resources)
        if instructor is not None:
            _as_released(nb.cells, instructor)
        runs = TestlessRuns(self, instructor, nb.cells, resources) if instructor is not None and self.preview else None
        shown = self._shown(runs, resources)
        nb.metadata["splitgrade"] = {WITHHELD: shown is None, "put_right": _put_right(nb)}
        cases = self._cases(nb.cells, runs, resources, advice)
        public = self._public(nb.cells)
        named = titles(instructor.notebook.cells) if instructor is not None else {}
        for number, cell in enumerate(nb.cells):
            if is_graded(cell):
                cell.metadata.nbgrader["title"] = named.get(cell.metadata.nbgrader.grade_id, "")
                cell.metadata.nbgrader["topic"] = advice.topic(cell.metadata.nbgrader.grade_id) if lost(cell) else ""
                cell.metadata.nbgrader["case"] = cases.get(cell.metadata.nbgrader.grade_id)
            if _is_test(cell):
                self._redact_test(cell, public)
            elif cell.cell_type == "code":
                cell.outputs = [_readable(output, hide) for output in (shown or {}).get(number, [])]
        self._explain(nb, instructor, resources, advice)
        return nb, resources

    def _instructor(self, resources: Any) -> InstructorNotebook | None:
        """Return the notebook that was handed out, None where ``source/`` has none that can be used."""
        try:
            return instructor_notebook(self, resources)
        except (OSError, ValueError) as error:  # feedback goes out anyway, without what cells have shown
            self._withhold(error, resources)
            return None

    def _check(self, cells: list[NotebookNode], instructor: InstructorNotebook | None, resources: Any) -> None:
        """Make sure that the notebook is a student's."""
        names, course = resources["nbgrader"], course_directory(self)
        where = (names.get("student", "."), names["assignment"])
        place = Path(course.format_path(course.autograded_directory, *where)) / f"{names['notebook']}.ipynb"
        submitted = Path(course.format_path(course.submitted_directory, *where))
        check_notebook(cells, instructor, markers_of(self.config), lambda: texts_in(submitted), place)

    def _shown(self, runs: TestlessRuns | None, resources: Any) -> dict[int, list[NotebookNode]] | None:
        """Return what cells show without tests, by position; None where that cannot be had."""
        if runs is None:
            return None
        try:
            return runs.outputs()
        except (OSError, RuntimeError) as error:  # of the machine; feedback goes out anyway
            self._withhold(error, resources)
            return None

    def _cases(
        self, cells: list[NotebookNode], runs: TestlessRuns | None, resources: Any, advice: Advice
    ) -> dict[str, dict[str, Any]]:
        """Return by test a case that may be shown, for the tests that lost points."""
        tests = [
            cell.metadata.nbgrader.grade_id
            for cell in cells
            if _is_test(cell) and lost(cell) and is_answered(cell.outputs)
        ]
        asked = {grade_id: advice.code(grade_id) for grade_id in tests if advice.reveals(grade_id)}
        if runs is None or not asked:
            return {}
        try:
            found = runs.cases(asked)
        except (OSError, RuntimeError) as error:  # of the machine; feedback goes out anyway
            self._withhold(error, resources)
            return {}
        return {grade_id: case for grade_id, data in found.items() if (case := case_of(data)) is not None}

    def _explain(self, nb: NotebookNode, instructor: InstructorNotebook | None, resources: Any, advice: Advice) -> None:
        """Put explanations into graded cells where it is time; before, note from when on there are some."""
        names = resources["nbgrader"]
        date = date_of(self.explain_from, names["assignment"])
        is_time = date is not None and date <= datetime.now(UTC)
        nb.metadata["splitgrade"]["explained_from"] = f"{date:%d %B %Y, %H:%M}" if date and not is_time else ""
        if not is_time or instructor is None:
            return
        for cell in filter(is_graded, nb.cells):
            grade_id = cell.metadata.nbgrader.grade_id
            text, kind = advice.explanation(grade_id, names["student"]), "text"
            if not text:
                text, kind = model_answer(instructor, grade_id, solution_marks(self.config))
            cell.metadata.nbgrader["explanation"] = {"text": text, "kind": kind} if text else None

    def _withhold(self, error: Exception, resources: Any) -> None:
        self.log.warning("%s: %s%s", resources["nbgrader"]["notebook"], NO_PREVIEW, error)

    def _redact_test(self, cell: NotebookNode, public: Public) -> None:
        """Replace a test by what came of it."""
        result = result_of(cell.outputs, public)
        if result is None or any(output.output_type == "error" for output in cell.outputs):
            result = {"message": outcome_of(cell.outputs), "hint": "", "aspects": []}
        if self.withhold_hints:
            result["hint"] = ""
        cell.metadata.nbgrader["result"] = result
        cell.source = ""
        cell.outputs = []

    def _public(self, cells: list[NotebookNode]) -> Public:
        """Return what is no secret: the student's cells, and the limits of a submission."""
        limits = Limits(**dict(self.config.SplitExecute.get("limits", {})))
        numbers = (limits.cell_seconds, limits.notebook_seconds, limits.memory_mb, limits.processes)
        source = "\n".join(cell.source for cell in cells if not _is_test(cell))
        return Public(source, frozenset(map(str, numbers)))

    def _places(self) -> re.Pattern[str]:
        """Match the folders of the grading machine, longest first."""
        places = {str(course_directory(self).root), sys.prefix, sys.base_prefix, str(Path.home())} - {"/", ""}
        return re.compile("|".join(re.escape(place) for place in sorted(places, key=len, reverse=True)))


def _as_released(cells: list[NotebookNode], instructor: InstructorNotebook) -> None:
    """Give the instructor's cells the text that was handed out: a hidden part of a set-up cell is none of the page."""
    for cell in cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in instructor.cells and role_of(instructor.cells[grade_id]) != "answer":
            cell.source = instructor.released[grade_id]


def _put_right(nb: NotebookNode) -> list[str]:
    """Return what was not as it had been handed out, said to the student; all of it was known before anything ran."""
    # Left out is what is about their editor, and what is said to the marker.
    changes = [each for each in changes_of(nb) if each.rule != "identity" and not each.says.endswith(READ_IT)]
    says = [f"{change.cell}: {change.says}" if change.cell else change.says for change in changes]
    for theirs, yours in (("the student's own", "your own"), ("of the student's", "of yours"), ("the student", "you")):
        says = [each.replace(theirs, yours) for each in says]
    return list(dict.fromkeys(says))


def _is_test(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


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
