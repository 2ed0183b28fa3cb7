"""``cnn-course roster`` and ``cnn-course due``: who is in the class, and until when."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cnn_course.collecting.times import EXAMPLE, read_time
from splitgrade.commands.examples import examples
from splitgrade.errors import CourseError

if TYPE_CHECKING:
    from cnn_course.collecting.roster import Person
    from cnn_course.collecting.roster_file import ClassList
    from cnn_course.course import Course
    from cnn_course.deciding.decisions import Decision


@click.command(
    "roster",
    epilog=examples(
        "cnn-course roster ~/Downloads/grades.csv",
        'cnn-course roster participants.csv --id "ID number" --dry-run',
        "cnn-course roster",
    ),
)
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--id", "id_column", metavar="COLUMN", help="The column that holds the ids of students.")
@click.option("--dry-run", is_flag=True, help="Say what would be read; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the roster as JSON and nothing else.")
def roster_command(file: Path | None, id_column: str | None, dry_run: bool, as_json: bool) -> None:
    """Read a class list into roster and gradebook; without FILE, show the roster.

    FILE is Canvas' Grades > Export, Moodle's list of participants or grading worksheet, or a table with columns such
    as student_id, first_name, last_name, email, section, and `extension ASSIGNMENT` (a time with its zone). People
    are added and brought up to date, never removed.

    The exit status is 0, or 1 where the file breaks a rule: then nothing was changed.
    """
    from cnn_course.collecting.roster import read_roster, write_roster
    from cnn_course.collecting.roster_file import joined, read_class_list
    from cnn_course.course import load_course
    from cnn_course.deciding.decisions import add_decisions
    from cnn_course.reporting.settle import settle_course
    from cnn_course.spreadsheet import SEPARATORS, read_sheet
    from splitgrade.execution.wire.text import one_line

    course = load_course()
    known = read_roster(course.root)
    if file is None:
        _show(known, as_json=as_json)
        return
    sheet = read_sheet(file)
    found = read_class_list(sheet, known, id_column)
    decisions = _extensions(course, found, sheet.name)
    if not dry_run:
        _enter(course, found.people)
        write_roster(course.root, joined(known, found.people))
        add_decisions(course.root, decisions)
        settle_course(course.root)
    if as_json:
        _show(found.people, as_json=True)
        return
    new = len({person.id for person in found.people} - {person.id for person in known})
    students = "1 student" if len(found.people) == 1 else f"{len(found.people)} students"
    did = "would be read" if dry_run else "read"
    separator = SEPARATORS.get(sheet.separator, sheet.separator)
    click.echo(f"{students} {did}, {new} of them new ({sheet.encoding}, {separator})")
    for note in found.notes:
        click.echo(f"  {one_line(note)}")
    if decisions:
        extensions = "1 extension" if len(decisions) == 1 else f"{len(decisions)} extensions"
        click.echo(f"  {extensions}, in decisions.toml")


@click.command(
    "due",
    epilog=examples(
        'cnn-course due cnn_exercises "2026-12-01 23:59 Europe/Vienna"',
        'cnn-course due cnn_exercises "2026-12-08 23:59 Europe/Vienna" --student ada --why "ill"',
        "cnn-course due cnn_exercises",
    ),
)
@click.argument("assignment")
@click.argument("time", required=False)
@click.option("--student", "students", multiple=True, help="An extension for this student; may be given several times.")
@click.option("--section", help="An extension for everybody of a section of the roster.")
@click.option("--zone", help="The zone of a TIME that names none, such as Europe/Vienna.")
@click.option("--why", default="", help="The reason of an extension; it stays on record.")
@click.option("--json", "as_json", is_flag=True, help="Print deadline and extensions as JSON and nothing else.")
def due_command(
    assignment: str,
    time: str | None,
    students: tuple[str, ...],
    section: str | None,
    zone: str | None,
    why: str,
    as_json: bool,
) -> None:
    """Set the deadline of ASSIGNMENT, or extend it for some; without TIME, show it.

    TIME is a date, a time and a zone. The deadline goes into the gradebook; an extension is a decision on record
    (decisions.toml), and counts in gradebook, report and export.

    The exit status is 0, or 1 where a rule is broken: then nothing was changed.
    """
    from cnn_course.course import load_course
    from cnn_course.deciding.checks import check_extends, check_people
    from cnn_course.deciding.decisions import Decision, add_decisions, who_decides
    from cnn_course.reporting.settle import settle_course
    from splitgrade.nbgrader.session import open_gradebook

    course = load_course()
    name = course.assignment(assignment).name
    if time is None and (students or section):
        raise click.UsageError(f"an extension has a TIME, such as {EXAMPLE!r}")
    if time is not None:
        try:
            until = read_time(time, zone)
        except ValueError as error:
            raise CourseError(str(error)) from None
        if not (students or section):
            with open_gradebook(course.root) as gradebook:
                gradebook.update_or_create_assignment(name, duedate=until.replace(tzinfo=None))
        else:
            if not why.strip():
                raise click.UsageError("an extension needs --why: it stays on record")
            check_people(course.root, students, section)
            check_extends(course.root, name, until)
            fields: dict[str, Any] = {"students": tuple(dict.fromkeys(students)), "section": section or ""}
            now, who = datetime.now(UTC), who_decides()
            add_decisions(course.root, [Decision("extension", why, who, now, assignment=name, until=until, **fields)])
        settle_course(course.root, [name])
    _show_due(course, name, as_json=as_json)


def _enter(course: Course, people: Sequence[Person]) -> None:
    """Bring the gradebook up to date; an empty field leaves what the gradebook has."""
    from splitgrade.nbgrader.session import open_gradebook

    with open_gradebook(course.root) as gradebook:
        for person in people:
            fields = {
                "first_name": person.first_name,
                "last_name": person.last_name,
                "email": person.email,
                "lms_user_id": person.aliases.get("canvas", ""),
            }
            gradebook.update_or_create_student(person.id, **{name: text for name, text in fields.items() if text})


def _extensions(course: Course, found: ClassList, source: str) -> list[Decision]:
    """Return the extensions of a class list as decisions."""
    from cnn_course.deciding.decisions import Decision, who_decides

    now, who = datetime.now(UTC), who_decides()
    return [
        Decision(
            "extension", f"from {source}", who, now,
            assignment=course.assignment(assignment).name, students=(student,), until=read_time(text),
        )
        for student, assignment, text in found.extensions
    ]  # fmt: skip


def _show(people: Sequence[Person], *, as_json: bool) -> None:
    """Print the roster."""
    from cnn_course.reporting.collation import collated
    from splitgrade.execution.wire.text import one_line

    if as_json:
        click.echo(json.dumps([asdict(person) for person in people], indent=1, ensure_ascii=False))
        return
    if not people:
        click.echo("The roster is empty: cnn-course roster FILE reads a class list.")
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("id", "name", "email", "section"):
        table.add_column(name, overflow="fold")
    for person in sorted(people, key=lambda each: (collated(each.last_name), collated(each.first_name), each.id)):
        name = ", ".join(part for part in (person.last_name, person.first_name) if part)
        table.add_row(*(Text(one_line(text)) for text in (person.id, name, person.email, person.section)))
    Console().print(table)


def _show_due(course: Course, name: str, *, as_json: bool) -> None:
    """Print the deadline in the gradebook, and the extensions that are decided."""
    from cnn_course.deciding.beside import beside
    from cnn_course.deciding.decisions import in_force, read_decisions
    from splitgrade.execution.wire.text import one_line
    from splitgrade.nbgrader.session import open_gradebook

    with open_gradebook(course.root) as gradebook:
        found = next((each for each in gradebook.assignments if each.name == name), None)
        due = found.duedate if found is not None else None
    decided = in_force(read_decisions(course.root))
    given = [each for each in decided if each.kind == "extension" and each.assignment == name and each.until]
    notes = beside(decided)
    lines = [
        (
            each.id,
            ", ".join(each.students) or (f"section {each.section}" if each.section else "all"),
            f"{each.until:%Y-%m-%d %H:%M} UTC",
            notes.get(each.id, ""),
        )
        for each in given
    ]
    if as_json:
        extensions = [dict(zip(("id", "for", "until", "note"), line, strict=True)) for line in lines]
        content = {"assignment": name, "due": f"{due:%Y-%m-%d %H:%M} UTC" if due else None, "extensions": extensions}
        click.echo(json.dumps(content, indent=1, ensure_ascii=False))
        return
    click.echo(f"{name} is due {due:%Y-%m-%d %H:%M} UTC" if due else f"{name} has no deadline")
    for number, whom, until, note in lines:
        click.echo(one_line(f"  {whom}: until {until} ({'; '.join(part for part in (number, note) if part)})"))
