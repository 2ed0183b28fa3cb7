"""``cnn-course similar``: whose code is alike."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cnn_course.commands.working import working
from splitgrade.commands.examples import examples
from splitgrade.errors import CourseError

HINT = "A hint, no proof: short tasks have few right answers. Read both before you say anything."


@click.command(
    "similar",
    epilog=examples(
        "cnn-course similar cnn_exercises",
        "cnn-course similar cnn_exercises --html",
        "cnn-course similar cnn_exercises --at-least 0.95 --json",
    ),
)
@click.argument("assignment")
@click.option("--at-least", type=click.FloatRange(0, 1), default=0.8, show_default=True, help="The least share.")
@click.option("--length", type=click.IntRange(min=1), default=200, show_default=True, help="The least length.")
@click.option("--html", is_flag=True, help="Also write a page that shows both sides of each pair.")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Where; exports/similar-ASSIGNMENT.html."
)
@click.option("--json", "as_json", is_flag=True, help="Print the pairs as JSON and nothing else.")
def similar_command(
    assignment: str, at_least: float, length: int, html: bool, output: Path | None, as_json: bool
) -> None:
    """List pairs of students whose graded code of ASSIGNMENT is alike, what you released left out.

    The share is that of the shorter notebook; names, comments and layout do not count. It is a hint, no proof.

    The exit status is 0, or 1 where the assignment was not released.
    """
    from cnn_course.course import load_course
    from cnn_course.reporting.similarity import similar_pairs
    from cnn_course.reporting.similarity_page import similarity_page
    from splitgrade.execution.wire.text import one_line

    course = load_course()
    name = course.assignment(assignment).name
    if not (course.release / name).is_dir():
        raise CourseError(f"{name} was not released yet: `cnn-course release {name}` comes first")
    with working("comparing"):
        pairs = similar_pairs(course.root, name, at_least, length)
    target = output or course.root / "exports" / f"similar-{name}.html"
    if html or output:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(similarity_page(course.assignment(name).title, name, pairs, HINT), encoding="utf-8")
        click.echo(f"{name}: both sides of each pair written to {target}", err=as_json)
    if as_json:
        fields = ("share", "length", "notebook", "first", "second")
        found = [{field: getattr(pair, field) for field in fields} for pair in pairs]
        click.echo(json.dumps({"hint": HINT, "pairs": found}, indent=1))
        return
    if pairs:
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for heading in ("notebook", "student", "student", "alike", "length"):
            table.add_column(heading, overflow="fold", justify="right" if heading in ("alike", "length") else "left")
        for pair in pairs:
            people = (Text(one_line(each)) for each in (pair.first, pair.second))
            table.add_row(pair.notebook, *people, f"{pair.share:.0%}", str(pair.length))
        Console().print(table)
    click.echo(f"{len(pairs)} pairs. {HINT}")
