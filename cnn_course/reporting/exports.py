"""Grades as files for other systems: quoted CSV, and what Canvas and Moodle import."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin

from cnn_course.reporting.gradebook import AssignmentResults, read_results

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score", "needs_manual_grade",
)  # fmt: skip  # nbgrader's own columns in nbgrader's order; the last one is ours


def plain_csv(results: Sequence[AssignmentResults]) -> str:
    """Return one row for each student and assignment, in nbgrader's columns, correctly quoted.

    Parameters
    ----------
    results : sequence of AssignmentResults
        The assignments, in the order of the rows.
    """
    rows: list[Sequence[object]] = [COLUMNS]
    for result in results:
        for student in result.students:
            penalty = sum(notebook.penalty for notebook in student.notebooks.values())
            rows.append(
                (
                    result.assignment,
                    result.due or "",
                    student.timestamp or "",
                    student.student,
                    student.last_name,
                    student.first_name,
                    student.email,
                    _number(student.score + penalty),
                    _number(penalty),
                    _number(student.score),
                    _number(result.max_score),
                    int(student.waiting > 0),
                )
            )
    return _csv(rows)


def canvas_csv(results: Sequence[AssignmentResults]) -> str:
    """Return a file for Canvas, *Grades > Import*: five columns that name the student, one for each assignment.

    A student who handed nothing in has an empty field, which Canvas leaves as it is.

    Parameters
    ----------
    results : sequence of AssignmentResults
        The assignments, in the order of the columns.
    """
    rows: list[Sequence[object]] = [
        ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", *(result.assignment for result in results)),
        ("Points Possible", "", "", "", "", *(_number(result.max_score) for result in results)),
    ]
    for students in zip(*(result.students for result in results), strict=True):
        first = students[0]
        scores = (_number(each.score) if each.notebooks else "" for each in students)
        rows.append((first.name, first.lms_user_id, first.student, first.student, "", *scores))
    return _csv(rows)


def moodle_csv(results: Sequence[AssignmentResults]) -> str:
    """Return a file for Moodle, *Grades > Import > CSV file*: map ``username`` or ``email`` to the user.

    A student who handed nothing in has ``-``, which Moodle reads as no grade.

    Parameters
    ----------
    results : sequence of AssignmentResults
        The assignments, in the order of the columns.
    """
    rows: list[Sequence[object]] = [
        ("username", "email", "firstname", "lastname", *(result.assignment for result in results))
    ]
    for students in zip(*(result.students for result in results), strict=True):
        first = students[0]
        scores = (_number(each.score) if each.notebooks else "-" for each in students)
        rows.append((first.student, first.email, first.first_name, first.last_name, *scores))
    return _csv(rows)


FORMATS: dict[str, Callable[[Sequence[AssignmentResults]], str]] = {
    "csv": plain_csv,
    "canvas": canvas_csv,
    "moodle": moodle_csv,
}


class QuotedCsvExport(ExportPlugin):  # type: ignore[misc]  # nbgrader ships no types
    """``nbgrader export`` with every field quoted where it must be; nbgrader's own writes names as they come."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the file that ``--to`` names, ``grades.csv`` by default."""
        wanted, only = [str(name) for name in self.assignment], {str(name) for name in self.student}
        names = [each.name for each in gradebook.assignments if not wanted or each.name in wanted]
        results = [_only(read_results(gradebook, name), only) for name in names]
        target = Path(self.to or "grades.csv")
        target.write_text(plain_csv(results), encoding="utf-8", newline="")
        self.log.info("Exported %d assignments to %s", len(results), target)


def _only(result: AssignmentResults, students: set[str]) -> AssignmentResults:
    """Keep the named students; all of them where none is named."""
    kept = [each for each in result.students if not students or each.student in students]
    return AssignmentResults(result.assignment, result.due, result.maxima, kept)


def _number(value: float) -> str:
    """Write points without the noise of binary fractions."""
    return f"{round(value, 6):g}"


def _csv(rows: Sequence[Sequence[object]]) -> str:
    """Join rows the way RFC 4180 says."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerows(rows)
    return target.getvalue()
