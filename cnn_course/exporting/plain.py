"""Grades as CSV in nbgrader's columns, as a workbook, and as JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from math import fsum
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from cnn_course.exporting.grades import Part, students
from cnn_course.reporting.gradebook import StudentResult
from cnn_course.spreadsheet import guarded, number, to_csv

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score", "needs_manual_grade", "state",
)  # fmt: skip  # nbgrader's own columns in nbgrader's order; the last two are ours


def plain_csv(parts: Sequence[Part]) -> str:
    """Return one row for each student and assignment, in nbgrader's columns.

    ``raw_score``, ``late_submission_penalty`` and ``score`` are empty where nothing was read; ``state`` says why.

    Parameters
    ----------
    parts : sequence of Part
        The assignments, in the order of the rows.
    """
    return to_csv([COLUMNS, *(_row(part, student) for part in parts for student in part.graded.results.students)])


def _row(part: Part, student: StudentResult) -> Sequence[object]:
    """Return a student's row."""
    results, standing = part.graded.results, part.standings[student.student]
    penalty = fsum(notebook.penalty for notebook in student.notebooks.values()) + student.late_penalty
    known = standing.points is not None
    return (
        results.assignment,
        results.due or "",
        student.timestamp or "",
        student.student,
        student.last_name,
        student.first_name,
        student.email,
        number(student.score + penalty if known else None),
        number(penalty if known else None),
        number(standing.points),
        number(results.max_score),
        int(student.waiting > 0),
        standing.words,
    )


def workbook(parts: Sequence[Part]) -> bytes:
    """Return an Excel workbook: a sheet of totals, and one for each assignment with every question.

    Texts are stored as texts, so that none is ever computed; points are numbers.

    Parameters
    ----------
    parts : sequence of Part
        The assignments.
    """
    book = Workbook()
    book.remove(book.active)
    header: list[object] = ["student", "last name", "first name", "email"]
    for part in parts:
        header += [f"{part.title} ({number(part.graded.results.max_score)})", "state"]
    rows: list[list[object]] = [header]
    for each in students(parts):
        row: list[object] = [each[0].student, each[0].last_name, each[0].first_name, each[0].email]
        for part in parts:
            row += [_value(part.points(each[0].student)), part.standings[each[0].student].words]
        rows.append(row)
    _sheet(book, "grades", rows)
    for part in parts:
        _sheet(book, part.name[:31], list(_questions(part)))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def as_json(parts: Sequence[Part]) -> str:
    """Return everything as JSON: points are numbers, null where nothing was read.

    Parameters
    ----------
    parts : sequence of Part
        The assignments.
    """
    return json.dumps({"version": 1, "assignments": [_assignment(part) for part in parts]}, indent=1) + "\n"


def _assignment(part: Part) -> dict[str, Any]:
    """Return one assignment as data."""
    results = part.graded.results
    return {
        "assignment": results.assignment,
        "title": part.title,
        "due": results.due.isoformat() if results.due else None,
        "max_score": _value(results.max_score),
        "unplaced": list(part.unplaced),
        "students": [_student(part, each) for each in results.students],
    }


def _student(part: Part, student: StudentResult) -> dict[str, Any]:
    """Return one student as data."""
    standing = part.standings[student.student]
    return {
        "student": student.student,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
        "timestamp": student.timestamp.isoformat() if student.timestamp else None,
        "seconds_late": student.seconds_late,
        "score": _value(standing.points),
        "state": standing.state,
        "open": list(standing.open),
        "remarks": [*standing.remarks, *student.because],
        "questions": {
            question.name: {"score": _value(question.score), "max_score": question.max_score, "open": question.waiting}
            for notebook in student.notebooks.values()
            for question in notebook.questions
        },
    }


def _questions(part: Part) -> Iterator[list[object]]:
    """Yield the rows of an assignment's sheet: a column for each question; empty where a person has yet to mark."""
    names = list(
        dict.fromkeys(
            question.name
            for student in part.graded.results.students
            for notebook in student.notebooks.values()
            for question in notebook.questions
        )
    )
    yield ["student", "total", "state", *names]
    for student in part.graded.results.students:
        found = {
            question.name: None if question.waiting else _value(question.score)
            for notebook in student.notebooks.values()
            for question in notebook.questions
        }
        standing = part.standings[student.student]
        scores = [found.get(name) if standing.points is not None else None for name in names]
        yield [student.student, _value(standing.points), standing.words, *scores]


def _sheet(book: Any, title: str, rows: Sequence[Sequence[object]]) -> None:
    """Add a sheet with a bold, fixed header."""
    sheet = book.create_sheet(title)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if isinstance(value, str):
                cell = sheet.cell(line, column)
                cell.value = guarded(ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value))
                cell.data_type = "s"
            elif value is not None:
                sheet.cell(line, column, value)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"


def _value(points: float | None) -> float | None:
    """Return points without the noise of binary fractions."""
    return None if points is None else round(points, 6) + 0.0
