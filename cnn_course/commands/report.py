"""``cnn-course report``: the results of the class, printed, as a page, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from cnn_course.commands.decide import describe
from cnn_course.commands.working import working
from splitgrade.commands.examples import examples
from splitgrade.errors import CourseError

if TYPE_CHECKING:
    from cnn_course.course import Course
    from cnn_course.reporting.evidence import Evidence
    from cnn_course.reporting.table import GradedAssignment


@click.command(
    "report",
    epilog=examples(
        "cnn-course report",
        "cnn-course report cnn_exercises --html",
        "cnn-course report cnn_quiz --json | jq .misconceptions",
    ),
)
@click.argument("assignments", nargs=-1)
@click.option(
    "--html", "form", flag_value="html", help="Write a page: distribution, questions, misconceptions, students."
)
@click.option("--json", "form", flag_value="json", help="Print the same as JSON and nothing else.")
@click.option("--csv", "form", flag_value="csv", help="Print the questions' statistics as CSV and nothing else.")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write into this file.")
def report_command(assignments: tuple[str, ...], form: str | None, output: Path | None) -> None:
    """Show the results of the class: all ASSIGNMENTS that were released, or those named.

    Without an option, a table is printed. A page, JSON and CSV are of one assignment: they say how hard each question
    is and how well it separates, what was left blank or chosen, which aspects held, which mistakes the class makes,
    who needs help, and what is late, missing or waits. Decisions are applied.

    The exit status is 0, or 1 where there is nothing to report.
    """
    from cnn_course.course import load_course
    from cnn_course.reporting.evidence import reading_evidence
    from splitgrade.nbgrader.course_folders import CourseFolders
    from splitgrade.nbgrader.session import open_gradebook

    course = load_course()
    with open_gradebook(course.root) as gradebook:
        known = {each.name for each in gradebook.assignments}
    names = [course.assignment(name).name for name in assignments] or [n for n in course.assignments if n in known]
    if not names:
        raise CourseError("nothing was released yet: `cnn-course release` comes first")
    if form is None:
        _print(course, _read(course, names))
        return
    if len(names) != 1:
        raise CourseError(f"--{form} is of one assignment; name one of: {', '.join(names)}")
    with reading_evidence(CourseFolders.at(course.root).autograded, names[0]) as evidence:
        (graded,) = _read(course, names)
        with working("counting"):
            content = _content(course, graded, evidence(), form)
    target = output or (course.root / "exports" / f"report-{names[0]}.html" if form == "html" else None)
    if target is None:
        click.echo(content, nl=False)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(content, encoding="utf-8", newline="")
    click.echo(f"{names[0]}: report written to {target}", err=form != "html")


def _read(course: Course, names: Sequence[str]) -> list[GradedAssignment]:
    """Return results, decisions applied."""
    from cnn_course.reporting.class_report import read_graded
    from cnn_course.reporting.settle import settle_course

    settle_course(course.root, names)  # marks in formgrader, or an edit of decisions.toml, may have come since
    with working("reading the gradebook"):
        return read_graded(course.root, names)


def _content(
    course: Course, graded: GradedAssignment, evidence: Mapping[str, Mapping[str, Evidence]], form: str
) -> str:
    """Return the report in the form that was asked for."""
    from cnn_course.collecting.roster import read_sections
    from cnn_course.deciding.beside import beside
    from cnn_course.deciding.decisions import in_force, read_decisions
    from cnn_course.reporting.full_report import make_report
    from cnn_course.reporting.report_files import report_csv, report_json, report_page

    report = make_report(course, graded, evidence)
    decisions = [each for each in in_force(read_decisions(course.root)) if each.assignment == report.assignment]
    notes = beside(decisions)
    words = [f"{describe(each)} ({'; '.join([each.id, *filter(None, [notes.get(each.id)])])})" for each in decisions]
    forms: dict[str, Callable[[], str]] = {
        "html": lambda: report_page(report, read_sections(course.root), words),
        "json": lambda: report_json(report),
        "csv": lambda: report_csv(report),
    }
    return forms[form]()


def _print(course: Course, graded: Sequence[GradedAssignment]) -> None:
    """Print table and summary."""
    from cnn_course.reporting.class_report import class_summary
    from cnn_course.reporting.table import results_table

    console = Console()
    table = results_table(graded, course.title)
    if console.measure(table).maximum <= console.width or len(graded) == 1:
        console.print(table)
    else:  # one below the other: no column is cut
        for each in graded:
            console.print(results_table([each], course.assignment(each.results.assignment).title))
    console.print(class_summary(graded))
