"""The ``cnn-course`` command: a table of commands, each loaded when it is called.

To add a command, write a click command in its own module and add a line to `COMMANDS`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import NamedTuple

import click

from cnn_course.errors import CourseError


class Command(NamedTuple):
    """Where a command is defined (``module:name``), and the one line that ``--help`` shows without loading it."""

    target: str
    summary: str


COMMANDS: dict[str, Command] = {
    "demo": Command("cnn_course.demo:demo_command", "Grade the demo class before your eyes."),
    "build": Command("cnn_course.authoring.commands:build", "Make source/ from the texts in authoring/."),
    "release": Command("cnn_course.authoring.commands:release", "Make release/ from source/ and search it for leaks."),
    "grade": Command("cnn_course.grading.command:grade_command", "Grade what was handed in for an assignment."),
    "feedback": Command("cnn_course.reporting.feedback:feedback_command", "Make the feedback pages of an assignment."),
    "report": Command("cnn_course.reporting.class_report:report_command", "Print the results of the class."),
    "export": Command("cnn_course.reporting.exports:export_command", "Write grades as CSV, for Canvas or for Moodle."),
    "doctor": Command("cnn_course.grading.doctor:doctor", "Say what keeps students' code in on this machine."),
    "test": Command("cnn_course.cli:test", "Run the tests of the course."),
}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is called: start-up stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of all commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load a command; None where there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].target.split(":")
        with _without("rfc3987_syntax"):
            command = getattr(import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{COMMANDS[cmd_name].target} must be a click command; found {type(command).__name__}")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.summary) for name, command in COMMANDS.items()])


@contextmanager
def _without(module: str) -> Iterator[None]:
    """Let imports of a module fail meanwhile, as if it were not installed.

    jsonschema builds a grammar of international addresses on import, which takes a second, for a format that no schema
    of notebooks and courses uses; without the module it leaves the format out.
    """
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]  # Python's own way of saying that there is none
    try:
        yield
    finally:
        del sys.modules[module]


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cnn-course")
def cli() -> None:
    """Write, release, grade and report a course for nbgrader."""


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def test(words: tuple[str, ...]) -> None:
    """Run the tests of the course; all words go to pytest."""
    raise SystemExit(subprocess.run([sys.executable, "-m", "pytest", *words], check=False).returncode)  # noqa: S603


def main() -> None:
    """Run the command line; an error of the course is a message, not a traceback."""
    try:
        cli(prog_name="cnn-course")
    except CourseError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None
