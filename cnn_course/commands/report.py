"""``cnn-course report``: the results of the class, printed."""

from __future__ import annotations

import click
from rich.console import Console

from cnn_course.course import load_course
from cnn_course.reporting.class_report import class_summary, read_graded
from cnn_course.reporting.table import results_table
from splitgrade.errors import CourseError
from splitgrade.nbgrader.session import open_gradebook


@click.command("report")
@click.argument("assignments", nargs=-1)
def report_command(assignments: tuple[str, ...]) -> None:
    """Print the results of the class: all ASSIGNMENTS that were released, or those named."""
    course = load_course()
    with open_gradebook(course.root) as gradebook:
        known = {each.name for each in gradebook.assignments}
    names = assignments or tuple(name for name in course.assignments if name in known)
    if not names:
        raise CourseError("nothing was released yet: `cnn-course release` comes first")
    graded = read_graded(course.root, names)
    console = Console()
    console.print(results_table(graded, course.title))
    console.print(class_summary(graded))
