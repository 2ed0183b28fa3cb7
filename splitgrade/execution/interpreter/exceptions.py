"""Exceptions on the wire: described by the student's process, rebuilt as their nearest builtin type in the other."""

from __future__ import annotations

import builtins
import traceback
from collections.abc import Callable
from typing import Any

from splitgrade.errors import StudentError, WireError
from splitgrade.execution.interpreter.shell import without_machinery
from splitgrade.execution.wire.decoder import Decoder
from splitgrade.execution.wire.encoder import Encoder
from splitgrade.execution.wire.said import CALL_TOO_LONG
from splitgrade.execution.wire.text import clean_text

_STOPS = (StopIteration, StopAsyncIteration)


def describe(error: BaseException) -> dict[str, Any]:
    """Return the type names, arguments, message and traceback of an exception as plain data."""
    message = _attempt(lambda: str(error), f"<no message: __str__ of {type(error).__name__} failed>")
    plain = all(type(argument) in (bool, int, float, str, type(None)) for argument in error.args[:5])
    args = [a[:4000] if isinstance(a, str) else a for a in error.args[:5]] if plain else [message[:4000]]
    error.__traceback__ = without_machinery(error.__traceback__)
    lines = _attempt(lambda: "".join(traceback.format_exception(error, limit=-8)), "")
    return {
        "types": [kind.__name__ for kind in type(error).__mro__][:20],
        "args": Encoder().encode(args),
        "message": clean_text(message[:4000]),
        "traceback": clean_text(lines[-8000:]),
    }


def _attempt(function: Callable[[], str], otherwise: str) -> str:
    """Return what a method of the student's says about itself, or something that says that it failed."""
    try:
        return function()
    except Exception:
        return otherwise


def rebuild(
    raised: Any, cell_seconds: int, *, may_stop: bool, refuse: Callable[[Exception], BaseException]
) -> BaseException:
    """Return what the student's code raised, with its traceback as a note.

    Parameters
    ----------
    raised : object
        What `describe` gave, or whatever a student's process claims that it gave.
    cell_seconds : int
        The limit that an interrupted call has broken.
    may_stop : bool
        Whether StopIteration keeps its meaning; anywhere but in ``next`` it would end a ``map`` of the test unseen.
    refuse : callable
        Gives what is raised where nothing was raised that a test may expect: the call took too long, or wanted out.
    """
    raised = raised if type(raised) is dict else {}
    names = [name for name in _list(raised.get("types")) if type(name) is str] or ["StudentError"]
    message = clean_text(str(raised.get("message"))[:4000])
    if names[0] == "KeyboardInterrupt":
        return refuse(TimeoutError(CALL_TOO_LONG.format(seconds=cell_seconds)))
    kind = next((builtin for name in names if (builtin := _builtin_exception(name)) is not None), StudentError)
    says = f"the student's code raised {clean_text(names[0][:100])}"
    if "BaseException" in names and "Exception" not in names:
        return refuse(StudentError(says))
    if issubclass(kind, _STOPS) and not may_stop:
        return StudentError(says)
    error = _instantiate(StudentError if kind is Exception else kind, raised.get("args"), message)
    if kind.__name__ != names[0]:
        error.raised_as = clean_text(names[0][:100])  # type: ignore[attr-defined]  # for tests that explain
        error.add_note(f"raised as {clean_text(names[0][:100])}")
    trace = raised.get("traceback")
    if type(trace) is str and trace:
        error.add_note(f"in the student's code:\n{clean_text(trace[:8000])}")
    return error


def _list(value: Any) -> list[Any]:
    return value[:20] if type(value) is list else []


def _builtin_exception(name: str) -> type[Exception] | None:
    kind = getattr(builtins, name, None)
    return kind if isinstance(kind, type) and issubclass(kind, Exception) else None


def _instantiate(kind: type[Exception], args: Any, message: str) -> Exception:
    """Return an exception with the student's arguments, or with its message where the type wants others."""
    try:
        values = Decoder([]).decode(args)
        return kind(*values)
    except (WireError, TypeError, ValueError):
        pass
    try:
        return kind(message)
    except (TypeError, ValueError):  # UnicodeDecodeError and its like want five arguments
        return StudentError(message)
