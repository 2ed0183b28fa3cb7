"""The ``splitgrade`` command, for any nbgrader course."""

from __future__ import annotations

import click

from splitgrade.commands.lazy import Command, LazyGroup, run

COMMANDS = {
    "grade": Command("splitgrade.commands.grade:grade_command", "Grade what was handed in for an assignment."),
    "watch": Command("splitgrade.commands.watch:watch_command", "Grade what comes in, for as long as it runs."),
    "feedback": Command("splitgrade.commands.feedback:feedback_command", "Make the feedback pages of an assignment."),
    "doctor": Command("splitgrade.commands.doctor:doctor", "Say what keeps students' code in on this machine."),
}


@click.group(cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Grade an nbgrader course: students' code in a sandbox, tests in another process."""


def main() -> None:
    """Run the command line."""
    run(cli, "splitgrade")
