"""``cnn-course export``: grades as a file for another system."""

from __future__ import annotations

from pathlib import Path

import click

from cnn_course.course import load_course
from cnn_course.reporting.exports import FORMATS
from cnn_course.reporting.gradebook import read_results
from splitgrade.nbgrader.session import open_gradebook


@click.command("export")
@click.argument("assignments", nargs=-1)
@click.option("--format", "form", type=click.Choice(sorted(FORMATS)), default="csv", show_default=True)
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="The file; exports/FORMAT.csv by default.")
def export_command(assignments: tuple[str, ...], form: str, to: Path | None) -> None:
    """Write grades as a file: all ASSIGNMENTS of the gradebook, or those named."""
    course = load_course()
    with open_gradebook(course.root) as gradebook:
        known = [name for name in course.assignments if name in {each.name for each in gradebook.assignments}]
        results = [read_results(gradebook, name) for name in assignments or known]
    target = to or course.root / "exports" / f"{form}.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(FORMATS[form](results), encoding="utf-8", newline="")
    click.echo(f"{len(results)} assignments written to {target}")
