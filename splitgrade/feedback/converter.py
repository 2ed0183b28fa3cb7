"""nbgrader's feedback converter for one student, whose name is data: never a pattern for files or texts."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException
from traitlets import Instance

from splitgrade.feedback.start_page import PageSummary, Ungraded, overview, start_page, with_overview
from splitgrade.nbgrader.session import kept_gradebook
from splitgrade.sandbox.limits import MAX_MARK_BYTES
from splitgrade.submission.told import Told

START = "index.html"
# What nbgrader's `release_feedback` reads beside the pages: when it was handed in, and the key to the student's copies.
TIMESTAMP, SECRET = "timestamp.txt", "submission_secret.txt"


class StudentFeedback(GenerateFeedback):  # type: ignore[misc]  # nbgrader ships no types
    """Makes the pages of the one student that ``coursedir.student_id`` names, and a start page beside them.

    nbgrader's own looks for ``student_id`` as a pattern: a course in a folder ``Teaching [2026]`` has no notebooks for
    it, a student ``*`` is the whole class. Everything else that it does to a notebook stays its code. Beside the pages
    lie the two files that its ``release_feedback`` needs, and nothing that was handed in. A notebook that could not be
    graded has the start page for its own, which says why.
    """

    told = Instance(Told, (), help="What became of the files that were handed in, and why.").tag(config=True)

    def init_notebooks(self) -> None:
        """Find the notebooks.

        Raises
        ------
        NbGraderException
            When there are none, and nothing is known of why.
        """
        folder = self._folder(self._input_directory)
        found = sorted(str(path) for path in folder.iterdir() if path.suffix == ".ipynb") if folder.is_dir() else []
        if not found and not self.told.reasons:
            raise NbGraderException(f"{folder} holds no graded notebook")
        self.assignments = {str(folder): found}
        self._summaries: list[PageSummary] = []

    def init_single_notebook_resources(self, notebook_filename: str) -> dict[str, Any]:
        """Return what nbgrader's steps are told of a notebook."""
        name = Path(notebook_filename).stem
        names = {
            "student": self.coursedir.student_id,
            "assignment": self.coursedir.assignment_id,
            "notebook": name,
            "db_url": self.coursedir.db_url,
        }
        return {"unique_key": name, "output_files_dir": f"{name}_files", "nbgrader": names}

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Write the page of a notebook, and note its sums for the start page."""
        resources = self.init_single_notebook_resources(notebook_filename)
        page, resources = self.exporter.from_filename(notebook_filename, resources=resources)
        self.write_single_notebook(page, resources)
        self._summaries.append(PageSummary.of(resources))

    def init_assignment(self, assignment_id: str, student_id: str) -> None:  # noqa: ARG002 - nbgrader's signature
        """Put beside the pages what nbgrader's ``release_feedback`` reads.

        A submission that came by another way than the exchange has no secret. It is given one that nobody knows:
        without, ``release_feedback`` ends there, and the rest of the class gets nothing.
        """
        target = self._folder(self._output_directory)
        target.mkdir(parents=True, exist_ok=True)
        for name, otherwise in ((TIMESTAMP, ""), (SECRET, secrets.token_hex(16))):
            for step in (self._input_directory, self.coursedir.submitted_directory):
                path = self._folder(step) / name
                if path.is_file() and not path.is_symlink() and 0 < path.stat().st_size <= MAX_MARK_BYTES:
                    shutil.copyfile(path, target / name)
                    break
            else:
                (target / name).write_text(otherwise, encoding="utf-8")

    def set_permissions(self, assignment_id: str, student_id: str) -> None:
        """Write the start page, put what it says into each page, and set the permissions of all."""
        graded = {summary.notebook for summary in self._summaries}
        with kept_gradebook(self.coursedir.db_url) as gradebook:
            notebooks = gradebook.find_assignment(assignment_id).notebooks
            points = {each.name: float(each.max_score) for each in notebooks if each.name not in graded}
            handed_in = {each.name: each for each in gradebook.find_submission(assignment_id, student_id).notebooks}
            missing = {name: self._ungraded(name, most, handed_in.get(name)) for name, most in points.items()}
        page = start_page(assignment_id, student_id, self._summaries, missing, self.told.notes)
        folder = self._folder(self._output_directory)
        for name in (Path(START).stem, *(name for name in missing if name in self.told.reasons)):
            (folder / f"{name}.html").write_text(page, encoding="utf-8")
        above = overview(self._summaries, missing, self.told.notes)
        for name in graded:
            path = folder / f"{name}.html"
            path.write_text(with_overview(path.read_text("utf-8"), above), encoding="utf-8")
        super().set_permissions(assignment_id, student_id)

    def _ungraded(self, name: str, points: float, row: Any) -> Ungraded:
        """Return what the start page says of a notebook without a page of its own."""
        if row is None:
            return Ungraded(points)
        reason = self.told.reasons.get(name, "")
        return Ungraded(points, float(row.score or 0), bool(row.needs_manual_grade), reason)

    def _folder(self, step: str) -> Path:
        """Return the folder of the student's assignment in a step of nbgrader's."""
        course = self.coursedir
        return Path(os.path.normpath(course.format_path(step, course.student_id, course.assignment_id)))
