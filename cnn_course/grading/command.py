"""``cnn-course grade``: grade what was handed in, show how far it is, say what could not be graded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from cnn_course.course import load_course
from cnn_course.errors import CourseError
from cnn_course.grading.record import SubmissionRecord, faults, read_record
from cnn_course.grading.run import Grader, grade_class
from cnn_course.nbgrader.session import load_config
from cnn_course.reporting.class_report import read_graded, summary
from cnn_course.reporting.table import results_table


@click.command("grade")
@click.argument("assignment")
@click.option("--student", "students", multiple=True, help="Only this student; may be given several times.")
@click.option("--seed", type=click.IntRange(min=0), help="Repeat a verdict: the seed of the run that gave it.")
@click.option("--json", "as_json", is_flag=True, help="Print the record of the run as JSON and nothing else.")
def grade_command(assignment: str, students: tuple[str, ...], seed: int | None, as_json: bool) -> None:
    """Grade what was handed in for ASSIGNMENT.

    The exit status is 0 where every submission was graded or refused for a fault of its own, else 1.
    """
    course = load_course()
    course.assignment(assignment)
    grader = Grader.of(course.root, load_config(course.root), assignment)
    console = Console(stderr=as_json)
    graded = grade_with_progress(grader, list(students) or grader.students(), console, seed)
    record = read_record(course.root, assignment)
    if as_json:
        click.echo(json.dumps(asdict(record) if record else {}, indent=1, sort_keys=True))
    else:
        results = read_graded(course.root, [assignment])
        console.print(results_table(results, course.assignment(assignment).title))
        console.print(summary(results))
    raise SystemExit(1 if faults(graded.values()) else 0)


def grade_with_progress(
    grader: Grader, students: Sequence[str], console: Console, seed: int | None = None
) -> dict[str, SubmissionRecord]:
    """Grade submissions behind a progress bar; each one that could not be graded is named at once.

    Parameters
    ----------
    grader : Grader
        Course and assignment.
    students : sequence of str
        Whose submissions.
    console : Console
        Where to show it.
    seed : int, optional
        The seed of fresh inputs.

    Returns
    -------
    dict of str to SubmissionRecord
        How each submission fared.

    Raises
    ------
    CourseError
        When one of the students handed nothing in.
    """
    unknown = sorted(set(students) - set(grader.students()))
    if unknown:
        raise CourseError(f"nothing was handed in for {grader.assignment!r} by: {', '.join(unknown)}")
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    graded: dict[str, SubmissionRecord] = {}
    with Progress(TextColumn("{task.description}"), *columns, console=console) as progress:
        task = progress.add_task(f"grading {grader.assignment}", total=len(students))
        for student, submission in grade_class(grader, students, seed):
            graded[student] = submission
            for name, notebook in submission.notebooks.items():
                if notebook.state in ("refused", "failed"):
                    color = "red" if notebook.state == "failed" else "yellow"
                    progress.console.print(f"{student}, {name}: {notebook.state}: {notebook.reason}", style=color)
            progress.advance(task)
    return graded
