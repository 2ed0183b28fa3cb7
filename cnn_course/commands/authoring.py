"""The commands ``cnn-course build`` and ``cnn-course release``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from cnn_course.commands.working import working
from splitgrade.commands.examples import examples
from splitgrade.errors import CourseError

if TYPE_CHECKING:
    from cnn_course.authoring.cells import Kind, Page
    from cnn_course.authoring.pages import Pages
    from cnn_course.course import Course


@click.command(
    epilog=examples(
        "cnn-course build",
        "cnn-course build --check",
        "cnn-course build --from-notebook source/cnn_exercises/ex41.ipynb",
    )
)
@click.option("--check", is_flag=True, help="Write nothing; fail and name what differs from authoring/.")
@click.option(
    "--from-notebook",
    "notebook",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="First carry the edits of this notebook of source/ back into its text.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was built as JSON and nothing else.")
def build(check: bool, notebook: Path | None, as_json: bool) -> None:
    """Make source/ from the texts in authoring/: all or nothing.

    The exit status is 0, or 1 where a rule is broken (all breaches are named, nothing is written) or --check finds a
    difference.
    """
    from cnn_course.authoring import build as building
    from cnn_course.authoring.from_notebook import carry_over
    from cnn_course.course import load_course

    course, console = load_course(), Console()
    if check and notebook is not None:
        raise click.UsageError("--check writes nothing, --from-notebook writes; use one of them")
    if check:
        with working("building source/ to compare"):
            lines = building.outdated(course)
        _report_differences("source/", lines, "cnn-course build", as_json=as_json)
        return
    if notebook is not None:
        carried = carry_over(course, notebook)
        for word, names in (("changed", carried.changed), ("added", carried.added), ("removed", carried.removed)):
            if names and not as_json:
                console.print(f"{carried.file}: {word} {', '.join(names)}", markup=False)
    with working("building source/"):
        pages = building.build(course)
    if as_json:
        click.echo(json.dumps(_as_data(course, pages), indent=1))
    else:
        console.print(_overview(course, pages))


@click.command(epilog=examples("cnn-course release", "cnn-course release cnn_exercises", "cnn-course release --check"))
@click.argument("assignments", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; fail and name what differs from source/, or leaks.")
@click.option("--json", "as_json", is_flag=True, help="Print what was released as JSON and nothing else.")
def release(assignments: tuple[str, ...], check: bool, as_json: bool) -> None:
    """Make release/ from source/ with nbgrader and search it for leaks; all assignments where none is named.

    Each one is also written to handouts/ as a zip file to hand out.

    The exit status is 0, or 1 where something would give an answer away (it is named, the old release stays) or --check
    finds a difference.
    """
    from cnn_course.authoring import release as releasing
    from cnn_course.authoring.handout import write_handout
    from cnn_course.course import load_course

    course = load_course()
    if check:
        if assignments:
            raise click.UsageError("--check looks at every assignment; name none")
        with working("nbgrader generates a release to compare"):
            lines = releasing.outdated_release(course)
        _report_differences("release/", lines, "cnn-course release", as_json=as_json)
        return
    with working("nbgrader generates the release"):
        names = releasing.release(course, assignments)
    handouts = [str(write_handout(course, name).relative_to(course.root)) for name in names]
    if as_json:
        click.echo(json.dumps({"released": list(names), "handouts": handouts}, indent=1))
        return
    click.echo(f"released {', '.join(names)}: nothing given away")
    for handout in handouts:
        click.echo(f"to hand out: {handout}")


def _report_differences(folder: str, lines: list[str], command: str, *, as_json: bool) -> None:
    """Say that a folder is up to date, or stop and name what differs."""
    if as_json:
        click.echo(json.dumps({"outdated": lines}, indent=1))
        raise SystemExit(1 if lines else 0)
    if lines:
        raise CourseError("\n".join([f"{folder} is outdated; run: {command}", *(f"  {line}" for line in lines)]))
    click.echo(f"{folder} is up to date")


def _as_data(course: Course, pages: Pages) -> dict[str, Any]:
    """Return what was built: questions and points of each notebook."""
    from cnn_course.authoring.cells import Kind

    return {
        name: {
            page.name: {
                "questions": _count(page, Kind.TEST),
                "by_hand": _count(page, Kind.WRITTEN),
                "points": float(course.assignments[name].points[page.name]),
            }
            for page in found
        }
        for name, found in pages.items()
    }


def _overview(course: Course, pages: Pages) -> Table:
    """Return a table of what was built."""
    from cnn_course.authoring.cell_rules import say
    from cnn_course.authoring.cells import Kind

    table = Table("assignment", "notebook", "questions", "by hand", "points")
    for column in table.columns[2:]:
        column.justify = "right"
    for name, found in pages.items():
        for page in found:
            counts = (str(_count(page, Kind.TEST)), str(_count(page, Kind.WRITTEN)))
            table.add_row(name, page.name, *counts, say(course.assignments[name].points[page.name]))
    return table


def _count(page: Page, kind: Kind) -> int:
    """Return how many cells of a kind a notebook has."""
    return sum(cell.kind is kind for cell in page.cells)
