"""Signals that ask a command to end: each is an error that is cleaned up after like Ctrl-C, and none gets lost."""

from __future__ import annotations

import signal
import sys
from functools import partial
from types import FrameType
from typing import Any, NoReturn

INTERRUPTED = 130  # what shells say of a program that Ctrl-C ended
_SOON = 0.05  # seconds


class Stopped(KeyboardInterrupt):
    """A signal that asks this process to end.

    Attributes
    ----------
    number : int
        Which it was.
    """

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


def listen() -> None:
    """Have SIGTERM and SIGHUP raise `Stopped`, where nobody else has a use for them."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:  # `nohup` ignores one of them
            signal.signal(number, _stop)
    sys.unraisablehook = partial(_once_more, sys.unraisablehook)


def status_of(error: BaseException) -> int:
    """Return the exit status that says which signal ended a command.

    Parameters
    ----------
    error : BaseException
        What it ended with: `Stopped`, an error that came of it, or any other for Ctrl-C.
    """
    cause = error if isinstance(error, Stopped) else error.__context__
    return 128 + cause.number if isinstance(cause, Stopped) else INTERRUPTED


def _stop(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - the signature of a signal handler
    raise Stopped(number)


def _once_more(otherwise: Any, unraisable: Any) -> None:
    """Send a signal again, soon, whose error came where Python lets none through: at a fork, in a finalizer."""
    error = unraisable.exc_value
    if not isinstance(error, KeyboardInterrupt):
        otherwise(unraisable)
        return
    number = error.number if isinstance(error, Stopped) else signal.SIGINT
    signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(number))
    signal.setitimer(signal.ITIMER_REAL, _SOON)
