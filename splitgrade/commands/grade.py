"""``splitgrade grade``: grade what was handed in, show how far it is, say what could not be graded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from splitgrade.commands.course_folder import find_course
from splitgrade.commands.examples import examples
from splitgrade.commands.stopping import status_of
from splitgrade.errors import CourseError

if TYPE_CHECKING:
    from splitgrade.grading.class_run import Grader, GradingRun
    from splitgrade.grading.record import SubmissionRecord

_OPTIONS = (
    click.argument("assignment"),
    click.option("--student", "students", multiple=True, help="Only this student; may be given several times."),
    click.option(
        "--workers", type=click.IntRange(min=1), help="Submissions at the same time; one a processor by default."
    ),
    click.option(
        "--scheduler",
        metavar="ADDRESS",
        envvar="SPLITGRADE_SCHEDULER",
        help="Grade on the workers of a Dask scheduler, such as tls://10.0.0.1:8786.",
    ),
    click.option(
        "--force", is_flag=True, help="Grade again what has not changed since it was graded, with a new seed."
    ),
    click.option("--seed", type=click.IntRange(min=0), help="Repeat a verdict: the seed of the run that gave it."),
    click.option(
        "--json",
        "json_file",
        is_flag=False,
        flag_value="-",
        metavar="[FILE]",
        help="Write a summary as JSON; without a FILE, print it and nothing else.",
    ),
)


def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the argument and the options of grading."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


EXAMPLES = examples(
    "PROGRAM grade cnn_exercises",
    "PROGRAM grade cnn_exercises --student ada --force",
    "PROGRAM grade cnn_exercises --json run.json",
)


@click.command("grade", epilog=EXAMPLES)
@with_options
def grade_command(assignment: str, **options: Any) -> None:
    """Grade what was handed in for ASSIGNMENT.

    A submission that has not changed since it was graded is left alone; so a run that was stopped goes on where it
    stopped. It has changed when its files, the assignment, the checks, the engine or the seed have.

    The exit status is 0 where everything that was handed in was graded, 3 where something was refused, could not be
    read or matches no assignment, 1 where something failed that is not the submissions' fault, and 130 after Ctrl-C,
    143 after SIGTERM, 129 after SIGHUP: what is done by then is kept.
    """
    from splitgrade.nbgrader.course_folders import CourseFolders
    from splitgrade.nbgrader.session import load_config

    root = find_course()
    folders = CourseFolders.of(load_config(root))
    folders.require(assignment)
    status, console = grade(root, assignment, **options)
    if console is not None:
        console.print(f"Points are in the gradebook, graded notebooks in {folders.autograded}.", markup=False)
    raise SystemExit(status)


def grade(
    root: Path,
    assignment: str,
    *,
    students: Sequence[str] = (),
    workers: int | None = None,
    scheduler: str | None = None,
    force: bool = False,
    seed: int | None = None,
    json_file: str | None = None,
) -> tuple[int, Console | None]:
    """Grade behind a progress bar on standard error, and write the summary that was asked for.

    Parameters
    ----------
    root : Path
        The folder of ``nbgrader_config.py``.
    assignment : str
        What is graded.
    students, workers, scheduler, force, seed, json_file
        As on the command line.

    Returns
    -------
    status : int
        The exit status.
    console : Console or None
        Where results may be printed; None after an interruption, and where standard output belongs to the JSON.

    Raises
    ------
    CourseError
        When the assignment cannot be graded, or one of the students handed nothing in.
    """
    from splitgrade.commands.progress import show
    from splitgrade.grading import run_summary
    from splitgrade.grading.class_run import Grader
    from splitgrade.nbgrader.session import load_config

    config = load_config(root)
    grader = Grader.of(Path(config.CourseDirectory.root), config, assignment)
    progress = Console(stderr=True)
    wanted = list(students) or grader.students()
    run = _run(grader, wanted, seed, workers=workers, scheduler=scheduler, force=force)
    graded: dict[str, SubmissionRecord] = {}
    try:
        show(run, progress, graded)
        status = run_summary.exit_status(graded, run.unplaced)
        stopped = False
    except KeyboardInterrupt as stop:
        stopped, status = True, status_of(stop)
        progress.print(f"stopped: {len(graded)} of {len(run.students)} are graded; the same command goes on from here")
    content = run_summary.as_json(run_summary.run_summary(run, graded, status))
    if json_file == "-":
        click.echo(content)
    elif json_file is not None:
        Path(json_file).write_text(content + "\n", encoding="utf-8")
    return status, None if json_file == "-" or stopped else Console()


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
    from splitgrade.commands.progress import show

    graded: dict[str, SubmissionRecord] = {}
    show(_run(grader, students, seed), console, graded)
    return graded


def _run(grader: Grader, students: Sequence[str], seed: int | None, **options: Any) -> GradingRun:
    """Return the run, after looking whether everybody handed something in."""
    from splitgrade.grading.class_run import GradingRun
    from splitgrade.submission.names import shown

    unknown = sorted(set(students) - set(grader.students()))
    if unknown:
        raise CourseError(f"nothing was handed in for {grader.assignment!r} by: {', '.join(map(shown, unknown))}")
    return GradingRun(grader, students, seed, **options)
