"""``cnn-course collect``: the downloads of Moodle, Canvas and Gradescope into ``submitted/``."""

from __future__ import annotations

import json
import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cnn_course.collecting.times import in_zone
from cnn_course.commands.working import working
from splitgrade.commands.examples import examples
from splitgrade.errors import CourseError

if TYPE_CHECKING:
    from cnn_course.collecting.hand_in import HandIn, Owner
    from cnn_course.collecting.plan import Plan
    from cnn_course.collecting.roster import Person

PLACED, SOME_LEFT = 0, 3
COLUMNS = 80


@click.command(
    "collect",
    epilog=examples(
        "cnn-course collect ~/Downloads/CNN-Homework-1234.zip --dry-run",
        "cnn-course collect moodle.zip --zone Europe/Vienna",
        "cnn-course collect submissions/ --assignment cnn_exercises",
    ),
)
@click.argument("sources", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--assignment", help="Take only what belongs to this assignment.")
@click.option("--zone", help="Where the clock of the archive is, such as Europe/Vienna: its times are then exact.")
@click.option("--dry-run", is_flag=True, help="Say who matched and what would be placed; change nothing.")
@click.option("--ask/--no-ask", default=None, help="Ask for ids that are not in the roster; in a terminal by default.")
@click.option("--verbose", is_flag=True, help="Print a line for each file too.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON and nothing else.")
def collect_command(
    sources: tuple[Path, ...],
    assignment: str | None,
    zone: str | None,
    dry_run: bool,
    ask: bool | None,
    verbose: bool,
    as_json: bool,
) -> None:
    """Put what was handed in elsewhere into submitted/, from zips or folders as they were downloaded.

    Moodle's and Canvas' download of all submissions, Gradescope's export, the `inbound` of nbgrader's exchange, folders
    named after students; zips that students handed in are opened. Every file is placed or named. Which notebook a
    file is, its cells say; whose it is, the roster (`cnn-course roster`). Of several, the newest wins. What is replaced
    is kept in .cnn-course/replaced/, and a receipt with hash and time of each file in .cnn-course/receipts/.

    What is printed: numbers, and what needs a person; each file with --verbose and in --json.

    The exit status is 0 where every file was placed, 3 where some are named instead, 1 where a source breaks a rule:
    then nothing was changed.
    """
    from cnn_course.collecting.matching import Matcher
    from cnn_course.collecting.notebooks import expected_notebooks
    from cnn_course.collecting.place import carry_out
    from cnn_course.collecting.plan import make_plan
    from cnn_course.collecting.roster import read_roster, write_roster
    from cnn_course.collecting.roster_file import joined
    from cnn_course.course import load_course

    course = load_course()
    only = course.assignment(assignment).name if assignment else None
    people = _people(course.root)
    with working("reading"):
        found, left = _read(sources, people, zone)
    asking = sys.stdin.isatty() and not as_json if ask is None else ask
    matcher = Matcher(people, _asker({person.id for person in people}) if asking else None)
    expected = expected_notebooks(course.source)
    if not expected:
        raise CourseError(f"{course.source} holds no notebook: `cnn-course build` comes first")
    with nullcontext() if asking else working("finding out whose and which they are"):
        plan = make_plan(course.root, found, matcher, expected, only)
    plan.left = [*left, *plan.left]
    if not dry_run:
        with working("placing"):
            plan.notes += carry_out(course.root, plan, datetime.now(UTC))
        if matcher.learned():
            write_roster(course.root, joined(read_roster(course.root), matcher.learned()))
    if as_json:
        _print_json(plan, dry_run=dry_run)
    else:
        ways = {match.student: match.by for match in matcher.answers.values() if match.student}.values()
        _print(plan, ways, dry_run=dry_run, verbose=verbose)
    raise SystemExit(SOME_LEFT if plan.left else PLACED)


def _people(root: Path) -> list[Person]:
    """Return the roster, and who else is in the gradebook."""
    from cnn_course.collecting.roster import Person, read_roster
    from cnn_course.collecting.roster_file import joined
    from splitgrade.nbgrader.session import open_gradebook

    with open_gradebook(root) as gradebook:
        known = [
            Person(
                each.id,
                each.first_name or "",
                each.last_name or "",
                each.email or "",
                aliases={"canvas": each.lms_user_id} if each.lms_user_id else {},
            )
            for each in gradebook.students
        ]
    people = joined(known, read_roster(root))
    if not people:
        raise CourseError("nobody is in roster or gradebook: `cnn-course roster FILE` comes first")
    return people


def _read(sources: Sequence[Path], people: Sequence[Person], zone: str | None) -> tuple[list[HandIn], list[str]]:
    """Return the hand-ins of all sources, and what belongs to nobody."""
    from cnn_course.collecting.archive import open_source
    from cnn_course.collecting.layouts import hand_ins

    found: list[HandIn] = []
    left: list[str] = []
    for source in sources:
        opened = open_source(source)
        if not (opened.items or opened.left):
            raise CourseError(f"{source} holds no file: name the zip or folder that was downloaded")
        mine, others = hand_ins(opened.items, {person.id for person in people})
        found += mine
        left += [*opened.left, *others]
    return ([_exact(each, zone) for each in found] if zone else found), left


def _exact(hand_in: HandIn, zone: str) -> HandIn:
    """Return a hand-in with an exact time."""
    if hand_in.time is None or hand_in.time.tzinfo is not None:
        return hand_in
    try:
        return replace(hand_in, time=in_zone(hand_in.time, zone, earlier=True))  # nobody is late by a change of clocks
    except ValueError as error:
        raise CourseError(f"--zone, {hand_in.item}: {error}") from None


def _asker(known: Collection[str]) -> Callable[[Owner, str], str]:
    """Return what asks for the id of an owner whom nobody knows."""
    from splitgrade.execution.wire.text import one_line

    def ask(owner: Owner, why: str) -> str:
        question = one_line(f"Whose is {owner}? ({why}) id, or Enter to leave it out")
        while True:
            said: str = click.prompt(question, default="", show_default=False)
            if not said or said in known:
                return said
            click.echo(f"no student has the id {said!r}")

    return ask


def _print_json(plan: Plan, *, dry_run: bool) -> None:
    """Print everything as data."""
    files = [
        {
            "student": each.student,
            "assignment": each.assignment,
            "file": str(each.name),
            "state": each.state,
            "source": str(each.hand_in.item),
            "recognized": each.by,
            "sha256": each.sha256,
        }
        for each in plan.placements
    ]
    said = {"files": files, "left": plan.left, "notes": list(map(str, plan.notes))}
    click.echo(json.dumps({"dry_run": dry_run, "counts": _counts(plan), **said}, indent=1))


def _print(plan: Plan, ways: Iterable[str], *, dry_run: bool, verbose: bool) -> None:
    """Print what was done, or would be: numbers, and what needs a person."""
    if verbose:
        for each in plan.placements:
            _line(f"{each.student}, {each.assignment}: {each.name} <- {each.hand_in.item} ({each.by}; {each.state})")
        for note in plan.notes:
            _line(str(note))
    said = ", ".join(f"{count} {_STATES[state]}" for state, count in _counts(plan).items() if count) or "no file"
    students = len({each.student for each in plan.placements})
    click.echo(f"{said}, of {students} students" + (": nothing was changed" if dry_run else ""))
    if ways:
        _line(f"students known by {', '.join(f'{way} ({count})' for way, count in Counter(ways).most_common())}", "  ")
    kinds: Counter[str] = Counter()
    for note in plan.notes:
        kinds[note.kind] += note.count
    for kind, count in kinds.items():
        _line(f"{count} {kind}", "  ")
    if plan.left:
        click.echo(f"{len(plan.left)} not placed:")
        for line in plan.left:
            _line(line, "  ")
    elif (plan.placements or plan.notes) and not verbose:
        click.echo("--verbose lists each file")


def _line(text: str, indent: str = "") -> None:
    """Print a line in as many of 80 columns as it needs; names of files stay whole."""
    from splitgrade.execution.wire.text import one_line

    below = f"{indent}  "
    wrapped = textwrap.wrap(
        one_line(text), COLUMNS, initial_indent=indent, subsequent_indent=below,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    click.echo("\n".join(wrapped))


def _counts(plan: Plan) -> dict[str, int]:
    """Return how many files are in each state."""
    return {state: sum(each.state == state for each in plan.placements) for state in _STATES}


_STATES = {"new": "new", "replaces": "replaced", "same": "there already", "older": "older than what lies there"}
