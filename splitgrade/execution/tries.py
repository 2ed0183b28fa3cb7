"""Doing something again whose processes something outside has ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from splitgrade.errors import SandboxError, SandboxUnavailableError
from splitgrade.sandbox.limits import MAX_TRIES

Result = TypeVar("Result")


def tried(what: Callable[[], Result], kind: type[SandboxError]) -> tuple[Result, int]:
    """Do something until no error of a kind comes, at most `MAX_TRIES` times.

    Parameters
    ----------
    what : callable
        What is done.
    kind : type
        The errors after which it is done again.

    Returns
    -------
    result
        What the last time gave.
    times : int
        How many it took.

    Raises
    ------
    SandboxUnavailableError
        At once: nothing is gained by trying again.
    SandboxError
        The last time's.
    """
    for times in range(1, MAX_TRIES):
        try:
            return what(), times
        except SandboxUnavailableError:
            raise
        except kind:
            continue
    return what(), MAX_TRIES
