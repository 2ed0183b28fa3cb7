"""What a worker process does first that was forked from the grader."""

from __future__ import annotations

import gc
import os
import sys
from types import FrameType

from splitgrade.sandbox import syscalls


def begin(parent: int) -> None:
    """Leave the terminal to the parent, end with it, and let its objects be.

    Parameters
    ----------
    parent : int
        The process that has forked this one; where it has ended meanwhile, so does this one.
    """
    os.setsid()  # Ctrl-C in a terminal is the parent's to handle
    syscalls.die_with_parent()  # one that was killed, and even where this process is stopped
    if os.getppid() != parent:
        os._exit(0)
    gc.freeze()  # the parent's objects, an open gradebook among them, are not ours to finalise


def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a signal handler
    """Turn a signal into SystemExit, so that every ``finally`` runs."""
    sys.exit(0)
