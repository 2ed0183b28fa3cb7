"""Draw the table of a class: a row for each student, a column for each notebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import fsum

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from cnn_course.reporting.gradebook import AssignmentResults, StudentResult
from splitgrade.execution.wire.text import one_line
from splitgrade.grading.record import RunRecord, SubmissionRecord

MOST_ROWS = 200  # on a screen; more than that nobody reads there
STATES = {"missing": "missing", "refused": "refused", "failed": "not graded", "unread": "not read"}


@dataclass(frozen=True)
class GradedAssignment:
    """The results of an assignment, and the record of the run that made them (None before the first).

    ``ungraded`` says of whom something lies in ``submitted/`` that is in no grade, and why.
    """

    results: AssignmentResults
    record: RunRecord | None
    ungraded: Mapping[str, str] = field(default_factory=dict)

    def submission(self, student: str) -> SubmissionRecord | None:
        """Return how a student's submission fared."""
        return self.record.submissions.get(student) if self.record else None


def having(submission: SubmissionRecord | None, *states: str) -> list[str]:
    """Return the names of the notebooks in one of some states; none of a submission that was never run."""
    notebooks = submission.notebooks if submission else {}
    return [name for name, notebook in notebooks.items() if str(notebook.state) in states]


def points_text(points: float) -> str:
    """Write points with two digits at most.

    Examples
    --------
    >>> points_text(2.0), points_text(0.25), points_text(1 / 3)
    ('2', '0.25', '0.33')
    """
    return f"{round(points, 2):g}"


def results_table(graded: Sequence[GradedAssignment], title: str = "") -> Table:
    """Return the table of one or more assignments side by side.

    Parameters
    ----------
    graded : sequence of GradedAssignment
        The assignments, in the order of the columns. All must list the same students, as one gradebook does.
    title : str, optional
        The title above the table.

    Returns
    -------
    rich.table.Table
        Points for each notebook, the total, the points that wait for a marker, and a word such as ``late``.
    """
    table = Table(title=title or None, box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), title_style="bold")
    table.add_column("student", no_wrap=True)
    for each in graded:
        for name, maximum in each.results.maxima.items():
            table.add_column(f"{name}\n/{points_text(maximum)}", justify="right", no_wrap=True, min_width=4)
    total = fsum(each.results.max_score for each in graded)
    table.add_column(f"total\n/{points_text(total)}", justify="right", style="bold", no_wrap=True, min_width=5)
    table.add_column("to\nmark", justify="right", style="blue", no_wrap=True)
    table.add_column("remarks", no_wrap=True)
    rows = [
        students
        for students in zip(*(each.results.students for each in graded), strict=True)
        if any(student.notebooks for student in students)
    ]
    names = Counter(students[0].name for students in rows)
    for students in rows[:MOST_ROWS]:
        name, student = students[0].name, students[0].student
        shown = name if names[name] == 1 else f"{name} ({student})"
        table.add_row(Text(one_line(shown)), *_row(graded, students))
    if len(rows) > MOST_ROWS:
        table.caption = f"and {len(rows) - MOST_ROWS:,} more students: `cnn-course export --to csv` writes them all"
    return table


def marks(graded: GradedAssignment, student: StudentResult) -> list[str]:
    """Return what is to be known of a submission in single words: late, missing, refused, not graded, note."""
    found = ["late"] if student.seconds_late > 0 else []
    submission = graded.submission(student.student)
    if student.student in graded.ungraded:
        found.append("not graded")
    elif submission is None and not student.notebooks:
        found.append("missing")
    if submission is None:
        return found
    found += [word for state, word in STATES.items() if having(submission, state) and word not in found]
    return [*found, "note"] if submission.notes else found


def remarks(graded: GradedAssignment) -> list[str]:
    """Return a line for each thing that a word in the table stands for, by student."""
    lines = []
    for student in graded.results.students:
        submission = graded.submission(student.student)
        if student.seconds_late > 0:
            lines.append(f"{student.student}: late by {timedelta(seconds=round(student.seconds_late))}")
        if student.student in graded.ungraded:
            lines.append(f"{student.student}: {graded.ungraded[student.student]}")
        if submission is None:
            continue
        missing = having(submission, "missing")
        if missing:
            lines.append(f"{student.student}: missing: {', '.join(missing)}")
        for name, notebook in submission.notebooks.items():
            if notebook.state not in ("graded", "missing"):
                lines.append(f"{student.student}, {name}: {STATES[notebook.state]}: {notebook.reason}")
        lines += [f"{student.student}: {note}" for note in submission.notes]
    return lines


def _row(graded: Sequence[GradedAssignment], students: Sequence[StudentResult]) -> list[Text | str]:
    """Return the cells of one student's row, after the name."""
    row: list[Text | str] = []
    for each, student in zip(graded, students, strict=True):
        row.extend(_cell(each, student, name, maximum) for name, maximum in each.results.maxima.items())
    waiting = fsum(student.waiting for student in students)
    said = [mark for each, student in zip(graded, students, strict=True) for mark in marks(each, student)]
    row.append(points_text(fsum(student.score for student in students)))
    row.append(points_text(waiting) if waiting else "")
    row.append(Text(", ".join(dict.fromkeys(said)), style="yellow"))
    return row


def _cell(graded: GradedAssignment, student: StudentResult, name: str, maximum: float) -> Text:
    """Return the points of one notebook: green where full, red where nothing, a dash where nothing was handed in."""
    submission = graded.submission(student.student)
    if name in having(submission, "refused", "failed", "unread"):
        return Text("✗" if name in having(submission, "refused") else "?", style="red")
    if name not in student.notebooks or name in having(submission, "missing"):
        return Text("–", style="dim")
    score, waiting = student.notebooks[name].score, student.notebooks[name].waiting
    full = score >= maximum - waiting - 1e-9
    return Text(points_text(score), style="green" if full and score else "red" if score == 0 else "")
