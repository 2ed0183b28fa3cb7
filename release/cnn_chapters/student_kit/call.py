"""Calling student code so that nothing it does escapes: errors, warnings, printing, changes of its arguments."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import io
import sys
import types
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from student_kit.plain import is_blank

LONGEST_MESSAGE = 160

ASKING = frozenset({"StdinNotImplementedError", "EOFError", "BdbQuit"})
"""Names of the errors of `input()` and of debuggers where nobody is there to answer."""

RAISED_AS = "raised as "

PLATFORM = (KeyboardInterrupt, GeneratorExit, asyncio.CancelledError)
"""Raised by whoever runs the notebook, never caught here."""


@dataclass(frozen=True)
class Outcome:
    """What a call of student code led to.

    Attributes
    ----------
    value : object
        What was returned; None when an error was raised.
    error, message : str
        Name of the error's type and its text, trimmed; "" when the call returned.
    kinds : tuple of str
        Names of the error's type and of all its base classes.
    changed : tuple of int
        Positions of the arguments that the call changed.
    returned : str
        What came back instead of plain data, such as "an object of type generator": said by the engine's error.
    stopped_by : str
        The error that stopped the cell which should have defined a missing name.
    """

    value: object = None
    error: str = ""
    message: str = ""
    kinds: tuple[str, ...] = ()
    changed: tuple[int, ...] = ()
    returned: str = ""
    stopped_by: str = ""

    @property
    def blank(self) -> bool:
        """Whether the function is not written yet: it returned None or `...`, or raised NotImplementedError."""
        if self.asks:
            return False
        return self.error == "NotImplementedError" if self.error else is_blank(self.value)

    @property
    def asks(self) -> bool:
        """Whether the code waits for somebody at the keyboard: `input()`, or a debugger."""
        return not ASKING.isdisjoint(self.kinds)


def call(
    function: Callable[..., object], arguments: tuple[object, ...] = (), keywords: Mapping[str, object] | None = None
) -> Outcome:
    """Call `function` with private copies of the arguments and return what happened; warnings are silenced.

    The error of a student's `sys.exit()` counts as an error like any other; an interrupt from outside passes through.
    """
    [outcome] = call_each(function, [(arguments, keywords or {})])
    return outcome


def call_each(
    function: Callable[..., object], calls: Sequence[tuple[tuple[object, ...], Mapping[str, object]]]
) -> list[Outcome]:
    """Call `function` with private copies of each of several arguments, and return what happened, as `call` does.

    The engine's stand-in for a function in another process has a method ``__call_each__``, which gets all calls at once
    and returns of each its value or its error: then nobody waits for one answer before the next call.
    """
    given = [
        (tuple(map(_copy, arguments)), {name: _copy(item) for name, item in keywords.items()})
        for arguments, keywords in calls
    ]
    several = _engines_own(function) or _one_by_one
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = several(function, given)
    return [
        _returned(value, arguments, seen) if error is None else raised(error)
        for (arguments, _), (seen, _), (value, error) in zip(calls, given, results, strict=True)
    ]


def _engines_own(function: object) -> Callable[..., list[tuple[object, BaseException | None]]] | None:
    """Return how the engine makes several calls; a method of that name in a student's own class is none."""
    method = inspect.getattr_static(type(function), "__call_each__", None)
    known = type(method) is types.FunctionType and method.__globals__.get("__name__", "").startswith("splitgrade.")
    return method if known else None


def _one_by_one(
    function: Callable[..., object], calls: Sequence[tuple[tuple[object, ...], Mapping[str, object]]]
) -> list[tuple[object, BaseException | None]]:
    """Return the value of each call, or what it raised."""
    results: list[tuple[object, BaseException | None]] = []
    for arguments, keywords in calls:
        try:
            results.append((function(*arguments, **keywords), None))
        except PLATFORM:
            raise
        except BaseException as error:
            results.append((None, error))
    return results


def _returned(value: object, arguments: Sequence[object], seen: Sequence[object]) -> Outcome:
    """Return the outcome of a call that returned, with the arguments that it has changed."""
    changed = tuple(place for place, pair in enumerate(zip(arguments, seen, strict=True)) if _differ(*pair))
    return Outcome(_without_names(value), changed=changed)


def _without_names(value: object) -> object:
    """Return a named tuple as the tuple that it is; methods of its own are not asked."""
    named = type(value) is not tuple and issubclass(type(value), tuple)
    return tuple(tuple.__iter__(cast("tuple[object, ...]", value))) if named else value


def raised(error: BaseException) -> Outcome:
    """Return the outcome of a call that raised `error`."""
    names = tuple(kind.__name__ for kind in type(error).__mro__ if kind is not object)
    # An error that crossed from another process keeps the name that it had there as a note.
    notes = _noted(error, "__notes__")
    listed = notes if type(notes) is list else []
    names += tuple(note[len(RAISED_AS) :][:60] for note in listed if type(note) is str and note.startswith(RAISED_AS))
    try:
        message = str(error)
    except Exception:  # a student's own error class may fail to print itself
        message = ""
    returned, stopped_by = (_noted(error, name) for name in ("returned", "stopped_by"))
    return Outcome(
        error=names[0][:60],
        message=trimmed(message),
        kinds=names,
        returned=trimmed(returned) if type(returned) is str else "",
        stopped_by=trimmed(stopped_by) if type(stopped_by) is str else "",
    )


def _noted(error: BaseException, name: str) -> object:
    """Return what an engine noted on an error, None where nothing: a student's own class may fail to answer."""
    try:
        return getattr(error, name, None)
    except Exception:
        return None


def trimmed(message: str) -> str:
    """Return text on one line, printable, of at most `LONGEST_MESSAGE` characters."""
    line = " ".join("".join(char if char.isprintable() else " " for char in message[: 4 * LONGEST_MESSAGE]).split())
    return line if len(line) <= LONGEST_MESSAGE else line[: LONGEST_MESSAGE - 1] + "…"


def value_of(answer: object) -> Outcome:
    """Return the answer itself: the result of a `lambda: name`, so that a missing name is an outcome, not an error."""
    if type(answer) is types.FunctionType:
        code = answer.__code__
        needs = code.co_argcount - len(answer.__defaults__ or ()) + code.co_kwonlyargcount
        if not needs and not code.co_flags & (
            inspect.CO_VARARGS | inspect.CO_VARKEYWORDS
        ):  # a lambda around the answer
            return call(cast("Callable[[], object]", answer))
    return Outcome(answer)


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Swallow everything that is printed or displayed, so that student code cannot print what it is called with."""
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from IPython.utils.capture import capture_output

        with capture_output():
            yield
        return
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def _copy(argument: object) -> object:
    """Return a copy of an argument; the checks pass arrays, lists of tuples, numbers, tuples and None only."""
    if isinstance(argument, np.ndarray):
        return argument.copy(order="K")  # columns first stays columns first
    return argument.copy() if isinstance(argument, list) else argument


def _differ(kept: object, seen: object) -> bool:
    """Return whether an array argument no longer equals the copy that was kept."""
    if not isinstance(kept, np.ndarray) or not isinstance(seen, np.ndarray):
        return False
    return kept.shape != seen.shape or kept.dtype != seen.dtype or kept.tobytes() != seen.tobytes()
