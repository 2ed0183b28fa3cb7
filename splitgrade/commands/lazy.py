"""A group of commands, each loaded when it is called: start-up stays quick."""

from __future__ import annotations

import atexit
import copy
import errno
import gc
import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, NamedTuple

import click

from splitgrade.commands.spared import spared
from splitgrade.commands.stopping import listen, status_of
from splitgrade.errors import CourseError

# What is no fault of this program: a full disk, a folder or file that this user may not write.
OF_THE_MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM})
_YOUNG = 20_000  # objects between two looks for garbage; with Python's 700 an eighth of the imports' time is looking


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
    """Run a command line; an error of the course is a message, not a traceback, and a signal to end ends it cleanly."""
    gc.set_threshold(_YOUNG)
    atexit.register(_end_at_once)
    listen()
    try:
        with spared():  # to the end: commands import what they need when they are called
            status = group(prog_name=program, standalone_mode=False)
    except CourseError as error:
        click.echo(str(error), err=True)
        status = 1
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt) as stop:
        status = status_of(stop)
        click.echo("stopped", err=True)
    except BrokenPipeError:  # such as `| head`; what the interpreter still wants to print goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    except OSError as error:
        if error.errno not in OF_THE_MACHINE:
            raise
        where = f": {error.filename}" if error.filename else ""
        click.echo(f"{error.strerror}{where}. Put that right and start the same command again", err=True)
        status = 1
    raise SystemExit(status if isinstance(status, int) else 0)


def _end_at_once() -> None:
    """Have the interpreter end without looking for garbage among all that was imported, which takes half a second."""
    gc.freeze()
    gc.disable()
