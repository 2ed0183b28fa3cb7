"""``cnn-course variants``: look at questions with own numbers before students do, and draw those that travel."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cnn_course.commands.working import working
from cnn_course.errors import BuildError
from splitgrade.commands.examples import examples
from splitgrade.errors import CourseError

if TYPE_CHECKING:
    from cnn_course.course import Course
    from cnn_course.drawing.bank import Bank, Survey

SHOWN = 3  # variants of an item that are printed in full


@click.command(
    "variants",
    epilog=examples(
        "cnn-course variants padding-same --draws 50",
        "cnn-course variants --all --json",
        "cnn-course variants --write",
        "cnn-course variants --answers cnn_quiz_variants",
    ),
)
@click.argument("items", nargs=-1)
@click.option("--all", "every", is_flag=True, help="One line for every item of the bank.")
@click.option("--draws", type=click.IntRange(1, 10_000), default=200, show_default=True, help="Draws of each item.")
@click.option("--write", "writes", is_flag=True, help="Draw the variants of the students' kit anew.")
@click.option("--check", is_flag=True, help="Write nothing; fail where the bank breaks a rule or the kit is outdated.")
@click.option("--answers", metavar="ASSIGNMENT", help="Equal answers to different numbers, among graded submissions.")
@click.option("--json", "as_json", is_flag=True, help="Print surveys or equal answers as JSON and nothing else.")
def variants_command(
    items: tuple[str, ...], every: bool, draws: int, writes: bool, check: bool, answers: str | None, as_json: bool
) -> None:
    """Preview ITEMS of the bank: variants, different right answers, how often a draw is refused.

    The exit status is 0, or 1 where the bank breaks a rule, or --check finds the kit outdated.
    """
    from cnn_course.course import load_course
    from cnn_course.drawing.bank import check_bank, has_bank, load_bank
    from cnn_course.drawing.drawn_items import check_drawn_items, write_drawn_items

    course, console = load_course(), Console()
    if not has_bank(course):
        raise CourseError("this course has no bank: authoring/bank/ holds the items")
    if answers is not None:
        _print_answers(course, answers, console, as_json=as_json)
        return
    if check:
        with working("drawing to compare"):
            problems = check_bank(course) or check_drawn_items(course)
        if problems:
            raise BuildError("variants", problems)
        console.print("the bank holds its rules, and the kit's variants are those of the bank")
        return
    if writes:
        with working("drawing"):
            file = write_drawn_items(course)
        console.print(f"{file.relative_to(course.root)}: {file.stat().st_size / 1000:.0f} kB written", markup=False)
    bank = load_bank(course)
    if as_json:
        names = bank.item_ids() if every else items
        with working("drawing"):
            click.echo(json.dumps([_as_data(_survey(bank, course, name, draws)) for name in names], indent=1))
        return
    if every:
        console.print(_overview(bank, course, draws))
    for item in items:
        _preview(bank, course, item, draws, console)
    if not (every or items or writes):
        raise click.UsageError("name items of the bank, or use --all, --write, --check or --answers")


def _survey(bank: Bank, course: Course, item: str, draws: int) -> Survey:
    """Return the survey of an item; a breach of a rule stops with file, item and rule."""
    try:
        return bank.survey(item, course.course_id, draws)
    except ValueError as error:
        raise CourseError(str(error)) from error


def _overview(bank: Bank, course: Course, draws: int) -> Table:
    """Return a table with a line for each item."""
    table = Table(title=f"{draws} draws of each item", title_justify="left")
    for heading in ("item", "form"):  # topic, level and difficulty are in --json: a line has 80 columns
        table.add_column(heading, no_wrap=True)
    for heading in ("different keys", "possible draws", "drawn again"):
        table.add_column(heading, justify="right")
    for name in bank.item_ids():
        found = _survey(bank, course, name, draws)
        table.add_row(*(Text(text) for text in _cells(found)))
    return table


def _as_data(found: Survey) -> dict[str, Any]:
    """Return a survey without its variants."""
    names = ("item", "topic", "level", "form", "difficulty", "distinct_keys", "space", "share_refused")
    return {**{name: getattr(found, name) for name in names}, "refused": dict(found.refused)}


def _cells(found: Survey) -> tuple[str, ...]:
    """Return the cells of one line."""
    space = f"{found.space:,}" if found.space < 10**7 else f"{found.space / 10**6:,.0f} M"
    return found.item, found.form, str(found.distinct_keys), space, f"{found.share_refused:.0%}"


def _preview(bank: Bank, course: Course, item: str, draws: int, console: Console) -> None:
    """Print some variants of an item with key, mistakes and solution, and how drawing went."""
    found = _survey(bank, course, item, draws)
    for number, one in enumerate(found.variants[:SHOWN], 1):
        console.rule(Text(f"{item}, variant {number}"), align="left")
        console.print(Text(one.prompt))
        console.print(Text(f"key: {', '.join(one.key)}", style="green"))
        for wrong, mistake in zip(one.wrong, one.item.mistakes, strict=True):
            console.print(Text(f"mistake: {', '.join(wrong)}  {mistake.hint}", style="dim"))
        console.print(Text(one.solution))
    console.rule(Text(f"{item}: {draws} draws"), align="left")
    console.print(Text(f"different right answers: {found.distinct_keys}"))
    console.print(Text(f"possible draws, refused ones included: {found.space:,}"))
    console.print(Text(f"drawn again: {found.share_refused:.0%}"))
    for reason, count in found.refused.items():
        console.print(Text(f"  {count:>5}  {reason}"))


def _print_answers(course: Course, assignment: str, console: Console, *, as_json: bool) -> None:
    """Print equal answers to different numbers; each is a remark, nobody loses points for it."""
    from cnn_course.drawing.equal_answers import equal_answers, read_answers

    name = course.assignment(assignment).name
    found = equal_answers(read_answers(course.root, name))
    if as_json:
        click.echo(json.dumps([str(remark) for remark in found], indent=1, ensure_ascii=False))
        return
    if not found:
        console.print(Text("no two students gave an equal answer to different numbers"))
    for remark in found:
        console.print(Text(str(remark)))
