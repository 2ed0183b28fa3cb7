"""``cnn-course grade``: grade what was handed in, show how far it is, say what could not be graded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from cnn_course.course import load_course
from cnn_course.errors import CourseError
from cnn_course.grading import summary as summaries
from cnn_course.grading.progress import show
from cnn_course.grading.record import SubmissionRecord
from cnn_course.grading.run import Grader, GradingRun
from cnn_course.nbgrader.session import load_config
from cnn_course.reporting.class_report import read_graded, summary
from cnn_course.reporting.table import results_table


@click.command("grade")
@click.argument("assignment")
@click.option("--student", "students", multiple=True, help="Only this student; may be given several times.")
@click.option("--workers", type=click.IntRange(min=1), help="Submissions at the same time; one a processor by default.")
@click.option("--force", is_flag=True, help="Grade again what has not changed since it was graded, with a new seed.")
@click.option("--seed", type=click.IntRange(min=0), help="Repeat a verdict: the seed of the run that gave it.")
@click.option(
    "--json",
    "json_file",
    is_flag=False,
    flag_value="-",
    metavar="[FILE]",
    help="Write a summary as JSON; without a FILE, print it and nothing else.",
)
def grade_command(
    assignment: str,
    students: tuple[str, ...],
    workers: int | None,
    force: bool,
    seed: int | None,
    json_file: str | None,
) -> None:
    """Grade what was handed in for ASSIGNMENT.

    A submission that has not changed since it was graded is left alone; so a run that was stopped goes on where it
    stopped. It has changed when its files, the assignment, the checks, the engine or the seed have.

    The exit status is 0 where every notebook that was handed in was graded, 3 where some were refused for a fault of
    their own, 1 where something failed that is not the submissions' fault, and 130 after Ctrl-C.
    """
    course = load_course()
    course.assignment(assignment)
    grader = Grader.of(course.root, load_config(course.root), assignment)
    console = Console(stderr=json_file == "-")
    run = _run(grader, list(students) or grader.students(), seed, workers, force=force)
    graded: dict[str, SubmissionRecord] = {}
    try:
        show(run, console, graded)
        status = summaries.exit_status(graded)
    except KeyboardInterrupt:
        status = summaries.INTERRUPTED
        console.print(f"stopped: {len(graded)} of {len(run.students)} are graded; the same command goes on from here")
    content = summaries.as_json(summaries.summary(run, graded, status))
    if json_file == "-":
        click.echo(content)
    elif json_file is not None:
        Path(json_file).write_text(content + "\n", encoding="utf-8")
    if json_file != "-" and status != summaries.INTERRUPTED:
        results = read_graded(course.root, [assignment])
        console.print(results_table(results, course.assignment(assignment).title))
        console.print(summary(results))
    raise SystemExit(status)


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
    graded: dict[str, SubmissionRecord] = {}
    show(_run(grader, students, seed, None, force=False), console, graded)
    return graded


def _run(grader: Grader, students: Sequence[str], seed: int | None, workers: int | None, *, force: bool) -> GradingRun:
    """Return the run, after looking whether everybody handed something in."""
    unknown = sorted(set(students) - set(grader.students()))
    if unknown:
        raise CourseError(f"nothing was handed in for {grader.assignment!r} by: {', '.join(unknown)}")
    return GradingRun(grader, students, seed, workers=workers, force=force)
