"""``cnn-course decide``: decisions about grades, on record in ``decisions.toml``."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from splitgrade.commands.examples import examples
from splitgrade.errors import CourseError

if TYPE_CHECKING:
    from cnn_course.deciding.decisions import Decision


@click.group(
    "decide",
    epilog=examples(
        'cnn-course decide void cnn_exercises ex41-conv2d --why "the picture was wrong"',
        'cnn-course decide full cnn_quiz q03 --student ada --why "two answers were right"',
        'cnn-course decide late cnn_exercises 10 --most 50 --grace 15 --why "syllabus"',
        "cnn-course decide list",
    ),
)
def decide() -> None:
    """Decide about grades: void or regrade a question, full marks, bonus, drop the lowest, late policy.

    A decision has a reason, a name and a time, and stays in decisions.toml; gradebook, report and export show it.
    Deciding the same twice changes nothing. An extension is made with `cnn-course due`.

    The exit status is 0, or 1 where a rule is broken: then nothing was changed.
    """


def _me() -> str:
    from cnn_course.deciding.decisions import who_decides

    return who_decides()


def _with_reason(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of every decision."""
    command = click.option("--json", "as_json", is_flag=True, help="Print the decision as JSON and nothing else.")(
        command
    )
    command = click.option("--who", default=_me, help="Who decided; your account's name by default.")(command)
    return click.option("--why", required=True, help="The reason; it stays on record.")(command)


@decide.command(
    "void", epilog=examples('cnn-course decide void cnn_exercises ex41-conv2d --why "the picture was wrong"')
)
@click.argument("assignment")
@click.argument("question")
@_with_reason
def void_command(assignment: str, question: str, why: str, who: str, as_json: bool) -> None:
    """QUESTION does not count, for anybody: the assignment's maximum goes down by its points.

    The exit status is 0, or 1 where a rule is broken: then nothing was changed.
    """
    _record("void", why, who, as_json, assignment=assignment, question=question)


@decide.command(
    "full", epilog=examples('cnn-course decide full cnn_quiz q03 --student ada --why "two answers were right"')
)
@click.argument("assignment")
@click.argument("question")
@click.option("--student", "students", multiple=True, help="Only this student; may be given several times.")
@_with_reason
def full_command(assignment: str, question: str, students: tuple[str, ...], why: str, who: str, as_json: bool) -> None:
    """Full marks for QUESTION: for all who handed something in, or for some.

    The exit status is 0, or 1 where a rule is broken: then nothing was changed.
    """
    _record("full", why, who, as_json, assignment=assignment, question=question, students=students)


@decide.command(
    "regrade",
    epilog=examples('cnn-course decide regrade cnn_exercises ex41-conv2d --why "the test refused a right answer"'),
)
@click.argument("assignment")
@click.argument("question")
@_with_reason
def regrade_command(assignment: str, question: str, why: str, who: str, as_json: bool) -> None:
    """Grade QUESTION again, and nothing else: say it after you mended its test, before `cnn-course grade ASSIGNMENT`.

    Until the decision is withdrawn, grading again gives new points to QUESTION only. What else was graded keeps its
    points as long as question and answer stay the same; marks by hand stay.

    The exit status is 0, or 1 where a rule is broken: then nothing was changed.
    """
    _record("regrade", why, who, as_json, assignment=assignment, question=question)
    if not as_json:
        click.echo(f"    `cnn-course grade {assignment}` grades it again")


@decide.command("bonus", epilog=examples('cnn-course decide bonus cnn_quiz 0.5 --why "the server was down"'))
@click.argument("assignment")
@click.argument("points", type=float)
@click.option("--student", "students", multiple=True, help="Only this student; may be given several times.")
@_with_reason
def bonus_command(assignment: str, points: float, students: tuple[str, ...], why: str, who: str, as_json: bool) -> None:
    """Add POINTS to the total of all who handed something in, or of some; it may go beyond the maximum.

    The exit status is 0, or 1 where a rule is broken: then nothing was changed.
    """
    _record("bonus", why, who, as_json, assignment=assignment, points=points, students=students)


@decide.command(
    "drop", epilog=examples('cnn-course decide drop cnn_exercises --lowest 1 --of notebooks --why "syllabus"')
)
@click.argument("assignment")
@click.option("--lowest", type=click.IntRange(min=1), default=1, show_default=True, help="How many are left out.")
@click.option("--of", type=click.Choice(["notebooks", "questions"]), default="notebooks", show_default=True)
@_with_reason
def drop_command(assignment: str, lowest: int, of: str, why: str, who: str, as_json: bool) -> None:
    """Leave out each student's lowest notebooks or questions, by share; the rest is brought to the same maximum.

    The exit status is 0, or 1 where a rule is broken: then nothing was changed.
    """
    _record("drop", why, who, as_json, assignment=assignment, lowest=lowest, of=of)


@decide.command(
    "late", epilog=examples('cnn-course decide late cnn_exercises 10 --most 50 --grace 15 --why "syllabus"')
)
@click.argument("assignment")
@click.argument("percent", type=click.FloatRange(min=0, max=100, min_open=True))
@click.option("--grace", type=click.IntRange(min=0), default=0, help="Minutes that do not count as late.")
@click.option("--most", type=click.FloatRange(min=0, max=100, min_open=True), help="At most this much, in percent.")
@click.option("--of", type=click.Choice(["reached", "maximum"]), default="reached", show_default=True)
@_with_reason
def late_command(
    assignment: str, percent: float, grace: int, most: float | None, of: str, why: str, who: str, as_json: bool
) -> None:
    """Take PERCENT off for each day that has begun since the deadline, of the points reached or of the maximum.

    The exit status is 0, or 1 where a rule is broken: then nothing was changed.
    """
    _record(
        "late",
        why,
        who,
        as_json,
        assignment=assignment,
        percent=percent,
        grace_minutes=grace,
        most_percent=most or 0.0,
        of=of,
    )


@decide.command("withdraw", epilog=examples('cnn-course decide withdraw d3 --why "a slip"'))
@click.argument("decision")
@_with_reason
def withdraw_command(decision: str, why: str, who: str, as_json: bool) -> None:
    """Take a DECISION back (d1, d2, ...); both stay on record.

    The exit status is 0, or 1 where a rule is broken: then nothing was changed.
    """
    from cnn_course.course import load_course
    from cnn_course.deciding.decisions import in_force, read_decisions

    course = load_course()
    known = [each.id for each in in_force(read_decisions(course.root))]
    if decision not in known:
        raise CourseError(f"no decision in force is called {decision!r}; in force: {', '.join(known) or 'none'}")
    _record("withdraw", why, who, as_json, withdraws=decision)


@decide.command("list", epilog=examples("cnn-course decide list --json"))
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def list_command(as_json: bool) -> None:
    """Show the decisions in force.

    The exit status is 0, or 1 where a rule is broken: then nothing was changed.
    """
    from cnn_course.course import load_course
    from cnn_course.deciding.beside import beside
    from cnn_course.deciding.decisions import in_force, read_decisions
    from splitgrade.execution.wire.text import one_line

    found = in_force(read_decisions(load_course().root))
    notes = beside(found)
    if as_json:
        said = [{**_plain(each), **({"note": notes[each.id]} if each.id in notes else {})} for each in found]
        click.echo(json.dumps(said, indent=1, ensure_ascii=False))
        return
    for each in found:
        click.echo(one_line(f"{each.id}  {describe(each)}"))
        click.echo(one_line(f"    {each.why} ({each.who}, {each.when:%Y-%m-%d %H:%M} UTC)"))
        if each.id in notes:
            click.echo(f"    {notes[each.id]}")
    if not found:
        click.echo("No decision is in force.")


def describe(decision: Decision) -> str:
    """Return a decision in words."""
    whom = ", ".join(decision.students) or (f"section {decision.section}" if decision.section else "all")
    until = f"{decision.until:%Y-%m-%d %H:%M} UTC" if decision.until else ""
    grace = f", {decision.grace_minutes} minutes of grace" if decision.grace_minutes else ""
    most = f", at most {decision.most_percent:g} %" if decision.most_percent else ""
    words = {
        "void": f"{decision.question} does not count",
        "full": f"full marks for {decision.question}: {whom}",
        "regrade": f"{decision.question} is graded again, other questions keep their points",
        "bonus": f"{decision.points:+g} points: {whom}",
        "drop": f"the lowest {decision.lowest} of the {decision.of} left out",
        "extension": f"until {until}: {whom}",
        "late": f"{decision.percent:g} % a day of the points {decision.of or 'reached'}{most}{grace}",
        "withdraw": f"{decision.withdraws} taken back",
    }
    return ": ".join(part for part in (decision.assignment, words[decision.kind]) if part)


def _record(kind: str, why: str, who: str, as_json: bool, **fields: Any) -> None:
    """Check what a decision names and add it to the record."""
    from cnn_course.course import load_course
    from cnn_course.deciding.beside import beside
    from cnn_course.deciding.checks import check_people, check_question
    from cnn_course.deciding.decisions import DECISIONS_FILE, Decision, add_decisions, read_decisions
    from cnn_course.reporting.settle import check_applies, settle_course
    from splitgrade.execution.wire.text import one_line

    course = load_course()
    if "assignment" in fields:
        course.assignment(fields["assignment"])
    if any(isinstance(value, float) and not math.isfinite(value) for value in fields.values()):
        raise click.UsageError("points and percent are numbers such as 0.5; nan and inf are none")
    if fields.get("points") == 0:
        raise click.UsageError("a bonus of 0 points changes nothing")
    if "students" in fields:
        fields["students"] = tuple(dict.fromkeys(fields["students"]))
    if "question" in fields:
        check_question(course.root, fields["assignment"], fields["question"])
    check_people(course.root, fields.get("students", ()), None)
    if not why.strip() or not who.strip():
        raise click.UsageError("--why and --who say something: they stay on record")
    decision = Decision(kind, why, who, datetime.now(UTC), **fields)
    check_applies(course.root, decision)
    known = beside(read_decisions(course.root))
    added = add_decisions(course.root, [decision])
    changed = settle_course(course.root)
    notes = [
        f"{name} is {said}" if said.startswith("not") else said
        for name, said in beside(read_decisions(course.root)).items()
        if known.get(name) != said
    ]
    if as_json:
        content = {"decided": [_plain(each) for each in added], "fields_changed": changed, "notes": notes}
        click.echo(json.dumps(content, indent=1, ensure_ascii=False))
    elif added:
        click.echo(one_line(f"{added[0].id}  {describe(added[0])} (in {DECISIONS_FILE})"))
        click.echo(f"    {changed} fields of the gradebook changed")
        for note in notes:
            click.echo(f"    {note}")
    else:
        click.echo("decided already: nothing changed")


def _plain(decision: Decision) -> dict[str, Any]:
    """Return the fields that say something, as JSON can hold them."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(decision).items()
        if value
    }
