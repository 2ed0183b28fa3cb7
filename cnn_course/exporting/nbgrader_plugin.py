"""``nbgrader export`` as ``cnn-course export`` would do it: quoted, guarded, nothing unread as 0."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin


class QuotedCsvExport(ExportPlugin):  # type: ignore[misc]  # nbgrader ships no types
    """``nbgrader export`` with every field quoted where it must be; nbgrader's own writes names as they come."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the file that ``--to`` names, ``grades.csv`` by default; unfinished grades are marked in it."""
        from cnn_course.exporting.grades import read_parts
        from cnn_course.exporting.plain import plain_csv

        wanted, only = [str(name) for name in self.assignment], {str(name) for name in self.student}
        names = [each.name for each in gradebook.assignments if not wanted or each.name in wanted]
        parts = []
        for part in read_parts(Path(self.parent.coursedir.root), {name: name for name in names}):
            results = part.graded.results
            kept = [each for each in results.students if not only or each.student in only]
            parts.append(replace(part, graded=replace(part.graded, results=replace(results, students=kept))))
        target = Path(self.to or "grades.csv")
        target.write_text(plain_csv(parts), encoding="utf-8", newline="")
        self.log.info("Exported %d assignments to %s", len(parts), target)
