"""A group of commands, each loaded when it is called: start-up stays quick."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any, NamedTuple

import click

from splitgrade.errors import CourseError


class Command(NamedTuple):
    """Where a command is defined (``module:name``), and the one line that ``--help`` shows without loading it."""

    target: str
    summary: str


class LazyGroup(click.Group):
    """A group whose commands are named in a table.

    Parameters
    ----------
    table : mapping of str to Command
        The commands by name, in the order of ``--help``.
    """

    def __init__(self, *args: Any, table: Mapping[str, Command], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of all commands, in the order of the table."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; None where there is none of this name."""
        if cmd_name not in self._table:
            return None
        module, name = self._table[cmd_name].target.split(":")
        with _without("rfc3987_syntax"):
            command = getattr(import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self._table[cmd_name].target} must be a click command; found {type(command).__name__}")
        if "PROGRAM" not in (command.epilog or ""):
            return command
        named = copy.copy(command)  # the same command belongs to two programs
        named.epilog = str(command.epilog).replace("PROGRAM", ctx.find_root().info_name or "")
        return named

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.summary) for name, command in self._table.items()])


def run(group: Callable[..., Any], program: str) -> None:
    """Run a command line; an error of the course is a message, not a traceback."""
    try:
        group(prog_name=program)
    except CourseError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None


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
