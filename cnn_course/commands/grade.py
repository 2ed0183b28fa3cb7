"""``cnn-course grade``: splitgrade's command, and the table of results below it."""

from __future__ import annotations

from typing import Any

import click

from splitgrade.commands.grade import grade, with_options
from splitgrade.commands.grade import grade_command as of_any_course


@click.command("grade", help=of_any_course.help, epilog=of_any_course.epilog)
@with_options
def grade_command(assignment: str, **options: Any) -> None:
    """Grade an assignment of this course."""
    from cnn_course.course import load_course
    from cnn_course.reporting.class_report import class_summary, read_graded
    from cnn_course.reporting.settle import settle_course
    from cnn_course.reporting.table import results_table

    course = load_course()
    title = course.assignment(assignment).title
    status, console = grade(course.root, assignment, **options)
    settle_course(course.root, [assignment])  # also where a submission was left alone
    if console is not None:
        results = read_graded(course.root, [assignment])
        console.print(results_table(results, title))
        console.print(class_summary(results))
    raise SystemExit(status)
