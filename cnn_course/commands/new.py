"""``cnn-course new``: a course, an assignment, an exercise or a quiz item that builds at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from splitgrade.commands.examples import examples

_JSON = click.option("--json", "as_json", is_flag=True, help="Print the files as JSON and nothing else.")
_TITLE = click.option("--title", help="What people call it; the name by default.")


@click.group(
    "new",
    epilog=examples(
        "cnn-course new assignment week_5 --notebook ex45",
        "cnn-course new exercise cnn_exercises ex45",
        "cnn-course new item cnn_quiz",
        "cnn-course new course ~/rnn --name rnn",
    ),
)
def new() -> None:
    """Start an assignment, an exercise, a quiz item or a course: with a question that builds at once.

    Then change its texts, and run `cnn-course build`, which names what does not fit. Nothing is written over.
    CONTRIBUTING.md has the recipes.

    The exit status is 0, or 1 where a rule is broken: then nothing was written.
    """


@new.command("assignment", epilog=examples("cnn-course new assignment week_5", "cnn-course new assignment test --quiz"))
@click.argument("name")
@click.option("--notebook", help="The name of its first notebook; the assignment's by default.")
@click.option("--quiz", is_flag=True, help="A quiz instead of an exercise.")
@_TITLE
@_JSON
def assignment_command(name: str, notebook: str | None, quiz: bool, title: str | None, as_json: bool) -> None:
    """Add the assignment NAME with one notebook of one question, or with a quiz of one item.

    The exit status is 0, or 1 where a rule is broken: then nothing was written.
    """
    from cnn_course.authoring.new import new_assignment
    from cnn_course.course import load_course

    course = load_course()
    _say(course.root, new_assignment(course, name, notebook or name, title or name, quiz=quiz), as_json=as_json)


@new.command("exercise", epilog=examples("cnn-course new exercise cnn_exercises ex45"))
@click.argument("assignment")
@click.argument("notebook")
@_TITLE
@_JSON
def exercise_command(assignment: str, notebook: str, title: str | None, as_json: bool) -> None:
    """Add the notebook NOTEBOOK with one question to ASSIGNMENT.

    The exit status is 0, or 1 where a rule is broken: then nothing was written.
    """
    from cnn_course.authoring.new import new_exercise
    from cnn_course.course import load_course

    course = load_course()
    _say(course.root, new_exercise(course, assignment, notebook, title or notebook), as_json=as_json)


@new.command("item", epilog=examples("cnn-course new item cnn_quiz", "cnn-course new item cnn_quiz q40"))
@click.argument("assignment")
@click.argument("item", required=False)
@_JSON
def item_command(assignment: str, item: str | None, as_json: bool) -> None:
    """Add an item to the quiz of ASSIGNMENT, with the next free number where ITEM is not given.

    The exit status is 0, or 1 where a rule is broken: then nothing was written.
    """
    from cnn_course.authoring.new import new_item
    from cnn_course.course import load_course

    course = load_course()
    _say(course.root, new_item(course, assignment, item), as_json=as_json)


@new.command("course", epilog=examples("cnn-course new course ~/rnn --name rnn --title 'Recurrent networks'"))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", required=True, help="What nbgrader calls it; its packages begin with it.")
@_TITLE
@_JSON
def course_command(folder: Path, name: str, title: str | None, as_json: bool) -> None:
    """Start a course on another topic in FOLDER: the machinery of this one, none of its questions.

    Then, in FOLDER: cnn-course new assignment NAME, and cnn-course build.

    The exit status is 0, or 1 where a rule is broken: then nothing was written.
    """
    from cnn_course.authoring.new_course import new_course
    from cnn_course.course import load_course

    _say(folder, new_course(load_course(), folder, name, title or name), as_json=as_json)


def _say(root: Path, files: Sequence[Path], *, as_json: bool) -> None:
    """Name the files that were written, and the next step."""
    names = [path.relative_to(root).as_posix() for path in files]
    if as_json:
        click.echo(json.dumps({"folder": str(root), "files": names}, indent=1))
        return
    for name in names if len(names) < 10 else [f"{len(names)} files in {root}"]:
        click.echo(name)
    click.echo("Change the texts; `cnn-course build` names what does not fit.")
