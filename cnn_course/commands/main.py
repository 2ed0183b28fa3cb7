"""The ``cnn-course`` command: a table of commands, each loaded when it is called.

To add a command, write a click command in a module of its own and add a line to `COMMANDS`.
"""

from __future__ import annotations

import subprocess
import sys

import click

from splitgrade.commands.lazy import Command, LazyGroup, run

COMMANDS = {
    "demo": Command("cnn_course.commands.demo:demo_command", "Grade the demo class before your eyes."),
    "init": Command("cnn_course.commands.init:init", "Unpack the course into a folder of your own."),
    "new": Command("cnn_course.commands.new:new", "Start an assignment, an exercise, a quiz item, a course."),
    "build": Command("cnn_course.commands.authoring:build", "Make source/ from the texts in authoring/."),
    "release": Command("cnn_course.commands.authoring:release", "Make release/ from source/ and search it for leaks."),
    "lite": Command("cnn_course.commands.lite:lite_command", "Make a static site that runs in students' browsers."),
    "check": Command("cnn_course.commands.check:check_command", "Run the checks of one notebook."),
    "grade": Command("cnn_course.commands.grade:grade_command", "Grade what was handed in for an assignment."),
    "watch": Command("splitgrade.commands.watch:watch_command", "Grade what comes in, for as long as it runs."),
    "feedback": Command("splitgrade.commands.feedback:feedback_command", "Make the feedback pages of an assignment."),
    "roster": Command("cnn_course.commands.roster:roster_command", "Read a class list, or show the roster."),
    "due": Command("cnn_course.commands.roster:due_command", "Set a deadline, or extend it for some."),
    "collect": Command(
        "cnn_course.commands.collect:collect_command", "Put downloads of Moodle, Canvas, Gradescope in."
    ),
    "decide": Command(
        "cnn_course.commands.decide:decide", "Void a question, full marks, bonus, late policy, on record."
    ),
    "mark": Command(
        "cnn_course.commands.mark:mark_command", "Mark written answers in a browser, one question at a time."
    ),
    "variants": Command("cnn_course.commands.variants:variants_command", "Look at questions with own numbers."),
    "report": Command("cnn_course.commands.report:report_command", "Print the results of the class."),
    "similar": Command("cnn_course.commands.similar:similar_command", "List code that is alike: a hint, no proof."),
    "export": Command(
        "cnn_course.commands.export:export_command", "Write grades for Canvas, Moodle, Gradescope, a spreadsheet."
    ),
    "doctor": Command("splitgrade.commands.doctor:doctor", "Say what keeps students' code in on this machine."),
    "test": Command("cnn_course.commands.main:test", "Run the tests of the course."),
}


@click.group(cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cnn-course")
def cli() -> None:
    """Write, release, grade and report a course for nbgrader."""


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def test(words: tuple[str, ...]) -> None:
    """Run the tests of the course; all words go to pytest.

    The exit status is pytest's.
    """
    raise SystemExit(subprocess.run([sys.executable, "-m", "pytest", *words], check=False).returncode)  # noqa: S603


def main() -> None:
    """Run the command line."""
    run(cli, "cnn-course")
