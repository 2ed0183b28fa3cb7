"""``splitgrade feedback``: one page for each notebook of an assignment."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import track

from splitgrade.commands.course_folder import find_course
from splitgrade.commands.examples import examples

if TYPE_CHECKING:
    from splitgrade.nbgrader.course_folders import CourseFolders


@click.command(
    "feedback", epilog=examples("PROGRAM feedback cnn_exercises", "PROGRAM feedback cnn_exercises --student ada --json")
)
@click.argument("assignment")
@click.option("--student", "students", multiple=True, help="Only this student; may be given several times.")
@click.option(
    "--workers", type=click.IntRange(min=1), help="Students at the same time; by default one a processor, for many."
)
@click.option("--without-hints", is_flag=True, help="Leave the hints out, for feedback before the deadline.")
@click.option("--json", "as_json", is_flag=True, help="Print what was made as JSON and nothing else.")
def feedback_command(
    assignment: str, students: tuple[str, ...], workers: int | None, without_hints: bool, as_json: bool
) -> None:
    """Make the feedback pages of ASSIGNMENT in feedback/: a start page for each student, and one for each notebook.

    The exit status is 0, or 1 where the pages of a student could not be made; the others are there.
    """
    from splitgrade.feedback.pages import failure, write_feedback
    from splitgrade.feedback.redact import NO_PREVIEW
    from splitgrade.grading.told import told_of
    from splitgrade.nbgrader.course_folders import CourseFolders
    from splitgrade.nbgrader.session import load_config

    config = load_config(find_course())
    folders = CourseFolders.of(config)
    folders.require(assignment)
    config.RedactFeedback.withhold_hints = without_hints
    wanted = list(students) or whose_pages(folders, assignment)
    console, failed, withheld = Console(stderr=True), list[str](), set[str]()
    told = partial(told_of, folders.root, assignment)
    pages = write_feedback(folders.root, config, assignment, wanted, workers, told=told)
    for student, outcome in track(pages, description="feedback", total=len(wanted), console=console):
        if not outcome.success:
            failed.append(student)
            console.print(failure(student, outcome), style="red", markup=False)
        withheld |= {line[line.index(NO_PREVIEW) :] for line in outcome.log if NO_PREVIEW in line}
    for line in sorted(withheld):  # the same reason for all, mostly
        console.print(line, style="yellow", markup=False)
    if as_json:
        made = [student for student in wanted if student not in failed]
        click.echo(json.dumps({"folder": str(folders.feedback), "made": made, "failed": failed}, indent=1))
    else:
        click.echo(f"Feedback for {len(wanted) - len(failed)} students lies in {folders.feedback}.")
    raise SystemExit(1 if failed else 0)


def whose_pages(folders: CourseFolders, assignment: str) -> list[str]:
    """Return who gets pages: who has graded notebooks, then those of whose work nothing could be graded.

    Parameters
    ----------
    folders : CourseFolders
        Of the course.
    assignment : str
        What was graded.
    """
    from splitgrade.feedback.pages import graded_students
    from splitgrade.grading.told import not_graded

    graded = graded_students(folders.autograded, assignment)
    return [*graded, *not_graded(folders.root, folders.submitted, assignment, set(graded))]
