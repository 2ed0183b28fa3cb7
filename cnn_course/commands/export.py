"""``cnn-course export``: grades as a file for another system."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cnn_course.commands.working import working
from splitgrade.commands.examples import examples
from splitgrade.errors import CourseError

if TYPE_CHECKING:
    from cnn_course.course import Course
    from cnn_course.exporting.canvas import Filled
    from cnn_course.exporting.grades import Part
    from cnn_course.spreadsheet import Sheet

SUFFIXES = {"canvas": "csv", "moodle": "csv", "gradescope": "csv", "csv": "csv", "xlsx": "xlsx", "json": "json"}
_ONE = ("gradescope",)  # a file for each assignment
_IN_FILE = ("csv", "xlsx", "json", "gradescope", "moodle")  # what is unfinished stands in the file itself


@dataclass(frozen=True)
class Wish:
    """What was asked for on the command line."""

    form: str
    theirs: Sheet | None
    columns: Mapping[str, str]
    scale: bool


@click.command(
    "export",
    epilog=examples(
        "cnn-course export cnn_exercises --to canvas --for ~/Downloads/grades.csv",
        "cnn-course export cnn_quiz --to moodle --for worksheet.csv",
        "cnn-course export --to xlsx --partial",
    ),
)
@click.argument("assignments", nargs=-1)
@click.option("--to", "form", type=click.Choice(list(SUFFIXES)), default="csv", show_default=True, help="For whom.")
@click.option(
    "--for",
    "theirs",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file that Canvas or Moodle gave you; its rows and columns are filled in, none is added.",
)
@click.option(
    "--column", "columns", multiple=True, metavar='NAME="TITLE (ID)"', help="Which column of a Canvas export to fill."
)
@click.option("--scale", is_flag=True, help="Bring points to the maximum that Moodle has.")
@click.option("--partial", is_flag=True, help="Write unfinished grades too, and say in the file what is open.")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="The file; in exports/ by default."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON and nothing else.")
def export_command(
    assignments: tuple[str, ...],
    form: str,
    theirs: Path | None,
    columns: tuple[str, ...],
    scale: bool,
    partial: bool,
    output: Path | None,
    as_json: bool,
) -> None:
    """Write grades as a file: all ASSIGNMENTS of the gradebook, or those named.

    Unfinished grades (not marked, not graded, not read, handed in by nobody known) are refused with a list. A field is
    empty, never 0, where a submission was not read. Decisions (`cnn-course decide`) are applied.

    The exit status is 0, 3 where the file was written and something in it is to be known (a list follows), 1 where
    nothing was written.
    """
    from cnn_course.course import load_course
    from cnn_course.exporting.grades import check_finished, read_parts, unfinished
    from cnn_course.reporting.settle import settle_course
    from cnn_course.spreadsheet import read_sheet
    from splitgrade.execution.wire.text import one_line

    course = load_course()
    wish = Wish(form, read_sheet(theirs) if theirs else None, _columns(columns), scale)
    if wish.theirs is not None and form not in ("canvas", "moodle"):
        raise click.UsageError(f"--for is a file of Canvas or Moodle; --to {form} needs none")
    for option, given, whose in (("--column", columns, "canvas"), ("--scale", scale, "moodle")):
        if given and (form != whose or theirs is None):
            raise click.UsageError(f"{option} is about the file that {whose.title()} gave you: --to {whose} --for FILE")
    titles = {name: course.assignment(name).title for name in _names(course, assignments)}
    if strange := sorted(set(wish.columns) - set(titles)):
        exported = ", ".join(titles)
        raise click.UsageError(f"--column is for {', '.join(strange)}, which is not exported; exported: {exported}")
    settle_course(course.root, list(titles))  # marks in formgrader, or an edit of decisions.toml, may have come since
    with working("reading the gradebook"):
        parts = read_parts(course.root, titles)
    if not partial:
        check_finished(parts)
    target = output or course.root / "exports" / _file_name(parts, form)
    if theirs is not None and target.resolve() == theirs.resolve():
        raise CourseError(f"{target} is the file given with --for; choose another --output")
    written = _write(course, parts, wish, target)
    warnings = [*written, *_remarks(parts)]
    names, status = [part.name for part in parts], 3 if warnings or unfinished(parts) else 0
    if as_json:
        content = {"file": str(target), "assignments": names, "warnings": warnings, "unfinished": unfinished(parts)}
        click.echo(json.dumps(content, indent=1, ensure_ascii=False))
        raise SystemExit(status)
    click.echo(f"{', '.join(names)}: written to {target}")
    for line in warnings:
        click.echo(f"  {one_line(line)}", err=True)
    raise SystemExit(status)


def _write(course: Course, parts: Sequence[Part], wish: Wish, target: Path) -> list[str]:
    """Write the file, and one beside it where it cannot say itself what is unfinished; return what is to be said."""
    from cnn_course.exporting.grades import unfinished
    from cnn_course.spreadsheet import to_csv

    if wish.form in _ONE and len(parts) > 1:
        raise CourseError(f"--to {wish.form} writes one assignment; name one of: {', '.join(p.name for p in parts)}")
    filled = _fill(course, parts, wish)
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(filled, bytes):
        target.write_bytes(filled)
        return []
    target.write_text(filled.text, encoding="utf-8", newline="")
    lines = unfinished(parts)
    beside = target.with_name(f"{target.stem}-unfinished.csv")
    if lines and (wish.form not in _IN_FILE or wish.theirs is not None):
        open_ = [
            (part.name, student, each.words) for part in parts for student, each in part.standings.items() if each.open
        ]
        beside.write_text(to_csv([("assignment", "student", "unfinished"), *open_]), encoding="utf-8", newline="")
        return [*filled.warnings, f"unfinished grades are listed in {beside}"]
    return filled.warnings


def _fill(course: Course, parts: Sequence[Part], wish: Wish) -> Filled | bytes:
    """Return the content of the file."""
    from cnn_course.collecting.roster import participants, read_roster
    from cnn_course.exporting.canvas import Filled, fill_canvas, new_canvas
    from cnn_course.exporting.gradescope import gradescope_csv
    from cnn_course.exporting.moodle import fill_worksheet, gradebook_csv
    from cnn_course.exporting.plain import as_json, plain_csv, workbook

    if wish.form == "xlsx":
        return workbook(parts)
    if wish.form == "canvas":
        return new_canvas(parts) if wish.theirs is None else fill_canvas(parts, wish.theirs, wish.columns)
    if wish.form == "moodle" and wish.theirs is not None:
        if len(parts) != 1:
            raise CourseError(
                f"a grading worksheet is of one assignment; name one of: {', '.join(p.name for p in parts)}"
            )
        return fill_worksheet(parts[0], wish.theirs, participants(read_roster(course.root)), scale=wish.scale)
    if wish.form == "moodle":
        return gradebook_csv(parts)
    makers: dict[str, Callable[[], str]] = {
        "csv": lambda: plain_csv(parts),
        "json": lambda: as_json(parts),
        "gradescope": lambda: gradescope_csv(parts[0]),
    }
    return Filled(makers[wish.form]())


def _names(course: Course, wanted: Sequence[str]) -> list[str]:
    """Return the assignments to export: those named, else all that were released."""
    from splitgrade.nbgrader.session import open_gradebook

    if wanted:
        return [course.assignment(name).name for name in dict.fromkeys(wanted)]
    with open_gradebook(course.root) as gradebook:
        known = {each.name for each in gradebook.assignments}
    names = [name for name in course.assignments if name in known]
    if not names:
        raise CourseError("nothing was released yet: `cnn-course release` comes first")
    return names


def _file_name(parts: Sequence[Part], form: str) -> str:
    """Return a name that says what the file is."""
    what = parts[0].name if len(parts) == 1 else f"{len(parts)}-assignments"
    whom = f"-for-{form}" if form in ("canvas", "moodle", "gradescope") else ""
    return f"grades-{what}{whom}.{SUFFIXES[form]}"


def _columns(words: Sequence[str]) -> dict[str, str]:
    """Return assignment -> header from ``NAME=HEADER``."""
    found = dict(word.partition("=")[::2] for word in words)
    if "" in found.values():
        raise click.UsageError('--column is written NAME="Title (id)"')
    return found


def _remarks(parts: Sequence[Part]) -> list[str]:
    """Return what is to be known of grades that are final: notebooks that were refused or are missing."""
    return [
        f"{part.name}, {student}: {'; '.join(each.remarks)}" + ("" if each.points is not None else " (left empty)")
        for part in parts
        for student, each in part.standings.items()
        if any("refused" in remark for remark in each.remarks)
    ]
