"""Scores in the columns of Gradescope's *Review Grades > Download Grades*, a column for each question."""

from __future__ import annotations

from collections.abc import Sequence

from cnn_course.exporting.grades import Part
from cnn_course.reporting.gradebook import StudentResult
from cnn_course.spreadsheet import number, to_csv

# Gradescope's own header, as files from courses of several years show it.
HEADER = (
    "First Name", "Last Name", "SID", "Email", "Sections", "Total Score", "Max Points", "Status", "Submission ID",
    "Submission Time", "Lateness (H:M:S)", "View Count", "Submission Count",
)  # fmt: skip
STATUS = {"final": "Graded", "unfinished": "Ungraded", "missing": "Missing", "refused": "Ungraded"}


def gradescope_csv(part: Part) -> str:
    """Return the table of one assignment; totals are empty where nothing was read, questions where nobody has marked.

    Parameters
    ----------
    part : Part
        The assignment.
    """
    maxima = {
        question.name: question.max_score
        for student in part.graded.results.students
        for notebook in student.notebooks.values()
        for question in notebook.questions
    }
    titles = [f"{place}: {name} ({number(most)} pts)" for place, (name, most) in enumerate(maxima.items(), start=1)]
    rows: list[Sequence[object]] = [(*HEADER, *titles)]
    for student in part.graded.results.students:
        rows.append((*_student(part, student), *_questions(part, student, list(maxima))))
    return to_csv(rows)


def _student(part: Part, student: StudentResult) -> Sequence[object]:
    """Return the fields that Gradescope has for everybody."""
    standing, results = part.standings[student.student], part.graded.results
    there = standing.state != "missing"
    minutes, seconds = divmod(round(student.seconds_late), 60)
    return (
        student.first_name,
        student.last_name,
        student.student,
        student.email,
        "",
        number(standing.points),
        number(results.max_score),
        STATUS[standing.state],
        "",
        f"{student.timestamp:%Y-%m-%d %H:%M:%S} +0000" if student.timestamp and there else "",
        f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}" if there else "",
        "",
        int(there),
    )


def _questions(part: Part, student: StudentResult, names: Sequence[str]) -> list[object]:
    """Return the points of each question."""
    if part.points(student.student) is None:
        return [""] * len(names)
    found = {
        question.name: "" if question.waiting else number(question.score)
        for notebook in student.notebooks.values()
        for question in notebook.questions
    }
    return [found.get(name, "") for name in names]
