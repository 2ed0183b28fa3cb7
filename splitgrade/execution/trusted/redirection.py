"""What a test puts in place of `print`, `input`, ``sys.stdout`` and ``sys.stdin``, and what becomes of it."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable
from typing import Any

from splitgrade.execution.interpreter.recorder import Stream
from splitgrade.execution.interpreter.shell import recorder

_own: dict[str, Any] = {}


def note_originals() -> None:
    """Note what is there before any test; called once."""
    _own.update(print=builtins.print, input=builtins.input, stdin=sys.stdin)


def say(text: str) -> None:
    """Put what the student's code has printed where the test wants it: into its own ``sys.stdout``, or its outputs."""
    if isinstance(sys.stdout, Stream):
        recorder.stream("stdout", text)
    else:
        sys.stdout.write(text)


def replaced_builtins() -> dict[str, Callable[..., Any]]:
    """Return the functions that the student's code is to call instead of `print` and `input`."""
    found: dict[str, Callable[..., Any]] = {}
    if builtins.print is not _own["print"]:
        found["print"] = builtins.print
    if builtins.input is not _own["input"]:
        found["input"] = builtins.input
    elif sys.stdin is not _own["stdin"]:
        found["input"] = _read_line
    return found


def _read_line(prompt: object = "") -> str:
    """Stand in for `input` where a test has put lines into ``sys.stdin``.

    Raises
    ------
    EOFError
        When there are no more.
    """
    say(str(prompt))
    line = sys.stdin.readline()
    if not line:
        raise EOFError("EOF when reading a line")
    return line.rstrip("\n")
