"""The commands ``cnn-course build`` and ``cnn-course release``."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from cnn_course.authoring import build as building
from cnn_course.authoring import release as releasing
from cnn_course.authoring.cell_rules import say
from cnn_course.authoring.cells import Kind, Page
from cnn_course.authoring.from_notebook import carry_over
from cnn_course.authoring.handout import write_handout
from cnn_course.authoring.pages import Pages
from cnn_course.course import Course, load_course
from splitgrade.errors import CourseError


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail and name what differs from authoring/.")
@click.option(
    "--from-notebook",
    "notebook",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="First carry the edits of this notebook of source/ back into its text.",
)
def build(check: bool, notebook: Path | None) -> None:
    """Make source/ from the texts in authoring/: all or nothing."""
    course, console = load_course(), Console()
    if check and notebook is not None:
        raise click.UsageError("--check writes nothing, --from-notebook writes; use one of them")
    if check:
        _report_differences("source/", building.outdated(course), "cnn-course build", console)
        return
    if notebook is not None:
        carried = carry_over(course, notebook)
        for word, names in (("changed", carried.changed), ("added", carried.added), ("removed", carried.removed)):
            if names:
                console.print(f"{carried.file}: {word} {', '.join(names)}", markup=False)
    console.print(_overview(course, building.build(course)))


@click.command()
@click.argument("assignments", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; fail and name what differs from source/, or leaks.")
def release(assignments: tuple[str, ...], check: bool) -> None:
    """Make release/ from source/ with nbgrader and search it for leaks; all assignments where none is named.

    Each one is also written to handouts/ as a zip file to hand out.
    """
    course, console = load_course(), Console()
    if check:
        if assignments:
            raise click.UsageError("--check looks at every assignment; name none")
        _report_differences("release/", releasing.outdated_release(course), "cnn-course release", console)
        return
    with console.status("nbgrader generates the release ..."):
        names = releasing.release(course, assignments)
    console.print(f"released {', '.join(names)}: nothing given away", markup=False)
    for name in names:
        console.print(f"to hand out: {write_handout(course, name).relative_to(course.root)}", markup=False)


def _report_differences(folder: str, lines: list[str], command: str, console: Console) -> None:
    """Say that a folder is up to date, or stop and name what differs."""
    if lines:
        raise CourseError("\n".join([f"{folder} is outdated; run: {command}", *(f"  {line}" for line in lines)]))
    console.print(f"{folder} is up to date", markup=False)


def _overview(course: Course, pages: Pages) -> Table:
    """Return a table of what was built."""
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
