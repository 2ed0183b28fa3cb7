"""A group of commands, each loaded when it is called: start-up stays quick."""

from __future__ import annotations

import copy
import errno
import gc
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

import click

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
    listen()
    try:
        with _in_place_of(UNUSED):  # to the end: commands import what they need when they are called
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


def _extension(name: str) -> ModuleType:
    """Return what nbgrader imports of one of its extensions of a Jupyter server, which no command here starts."""
    module = ModuleType(f"nbgrader.server_extensions.{name}")
    module.load_jupyter_server_extension = None  # type: ignore[attr-defined]
    return module


# Modules that cost a command a third of its start and are of no use to it: formats that no schema of notebooks and
# courses has (a module that is None is not there, and jsonschema leaves its format out), and the pages of a server.
UNUSED: Mapping[str, ModuleType | None] = {
    **dict.fromkeys(("rfc3987_syntax", "rfc3986_validator", "isoduration")),
    **{
        extension.__name__: extension
        for extension in map(_extension, ("assignment_list", "course_list", "formgrader", "validate_assignment"))
    },
}


@contextmanager
def _in_place_of(modules: Mapping[str, ModuleType | None]) -> Iterator[None]:
    """Let imports find these modules meanwhile, as far as they have not been imported."""
    new = {name: module for name, module in modules.items() if name not in sys.modules}
    sys.modules.update(new)  # type: ignore[arg-type]  # None is Python's own way of saying that there is none
    try:
        yield
    finally:
        for name in new:
            sys.modules.pop(name, None)
