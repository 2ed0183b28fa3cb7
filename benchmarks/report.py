"""The report on a class of thousands: gradebook, graded notebooks, statistics, page.

``python benchmarks/report.py [--students 3000]`` makes a class in a temporary folder, six notebooks of 45 kB and thirty
questions each, and prints the seconds of each step. The bound is 10 s for 3,000 students.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from nbgrader.api import (
    Grade,
    Gradebook,
    GradeCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from sqlalchemy import insert

from cnn_course.course import Assignment, Course
from cnn_course.reporting.full_report import make_report
from cnn_course.reporting.gradebook import read_results
from cnn_course.reporting.report_files import report_page
from cnn_course.reporting.table import Graded
from splitgrade.feedback.result_view import RESULT_TYPE
from splitgrade.grading.record import NotebookRecord, RunRecord, SubmissionRecord
from splitgrade.nbgrader.environment import prepare

NOTEBOOKS, QUESTIONS, NOTEBOOK_BYTES, BOUND = 6, 5, 45_000, 10.0


def main() -> int:
    """Measure and return the exit status: 1 where the bound was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=3000)
    count = parser.parse_args().students
    prepare()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        course = make_class(root, count)
        started, used = time.perf_counter(), time.process_time()
        with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
            results = read_results(gradebook, "big")
        after_read = time.perf_counter()
        books = {f"n{n}": NotebookRecord("graded") for n in range(NOTEBOOKS)}
        record = RunRecord("big", 1, {each.student: SubmissionRecord(dict(books)) for each in results.students})
        report = make_report(course, Graded(results, record))
        after_report = time.perf_counter()
        page = report_page(report, {})
        ended, cpu = time.perf_counter(), time.process_time() - used
    print(f"{count} students: {ended - started:.1f} s wall, {cpu:.1f} s CPU, page of {len(page) / 1e6:.1f} MB")
    steps = (after_read - started, after_report - after_read, ended - after_report)
    print("gradebook {:.1f} s, notebooks and statistics {:.1f} s, page {:.1f} s".format(*steps))
    return int(cpu > BOUND * count / 3000)


def make_class(root: Path, count: int) -> Course:
    """Write gradebook and graded notebooks of a class with random results."""
    draw = random.Random(1)  # noqa: S311 - no secret
    questions = {f"n{n}": [f"n{n}-q{q}" for q in range(QUESTIONS)] for n in range(NOTEBOOKS)}
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        gradebook.add_assignment("big", duedate=datetime(2026, 11, 20))
        for notebook, names in questions.items():
            gradebook.add_notebook(notebook, "big")
            for name in names:
                gradebook.add_grade_cell(f"{name}-test", notebook, "big", max_score=1.0, cell_type="code")
        _submissions(gradebook, root, questions, count, draw)
    points = {name: Fraction(QUESTIONS) for name in questions}
    return Course(root, "Big", "big", "checks", (), (), {"big": Assignment("big", "Big", points)})


def _submissions(
    gradebook: Gradebook, root: Path, questions: dict[str, list[str]], count: int, draw: random.Random
) -> None:
    """Add all submissions at once."""
    assignment = gradebook.find_assignment("big")
    notebooks = {each.name: each.id for each in assignment.notebooks}
    cells = {each.name: each.id for each in gradebook.db.query(GradeCell)}
    rows: dict[type, list[dict[str, object]]] = {
        t: [] for t in (Student, SubmittedAssignment, SubmittedNotebook, Grade)
    }
    for number in range(count):
        student, submission, able = f"s{number:05}", new_uuid(), draw.random()
        rows[Student].append({"id": student, "first_name": f"First{number}", "last_name": f"Özlast{number % 97}"})
        rows[SubmittedAssignment].append({"id": submission, "assignment_id": assignment.id, "student_id": student})
        for name, asked in questions.items():
            key = new_uuid()
            rows[SubmittedNotebook].append({"id": key, "assignment_id": submission, "notebook_id": notebooks[name]})
            right = {question: draw.random() < able for question in asked}
            for question, held in right.items():
                grade = {"id": new_uuid(), "cell_id": cells[f"{question}-test"], "notebook_id": key}
                rows[Grade].append({**grade, "auto_score": float(held), "needs_manual_grade": False})
            path = root / "autograded" / student / "big" / f"{name}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(notebook_text(right))
    for table, values in rows.items():
        gradebook.db.execute(insert(table), values)
    gradebook.db.commit()


def notebook_text(right: dict[str, bool]) -> str:
    """Return a graded notebook of the usual size."""
    cells = []
    for question, held in right.items():
        marks = {"nbgrader": {"grade_id": question, "grade": False, "solution": True, "locked": False}}
        filler = "x" * (NOTEBOOK_BYTES // len(right) - 900)
        cells.append({"cell_type": "code", "metadata": marks, "source": filler, "outputs": []})
        aspects = [{"name": f"aspect {n}", "held": held, "points": 0.2, "earned": 0.2 * held} for n in range(5)]
        data = {"answered": True, "aspects": aspects, "misconceptions": [] if held else [f"E-{question}"], "hint": "h"}
        marks = {"nbgrader": {"grade_id": f"{question}-test", "grade": True, "solution": False, "locked": True}}
        outputs = [{"output_type": "display_data", "metadata": {}, "data": {RESULT_TYPE: data}}]
        cells.append({"cell_type": "code", "metadata": marks, "source": "check", "outputs": outputs})
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


if __name__ == "__main__":
    sys.exit(main())
