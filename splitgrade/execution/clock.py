"""Clocks of a cell: seconds that are its own, not those in which others had the processor.

A cell is charged the larger of two: the processor time that its processes used, and a share of the time in which they
did nothing although nobody kept them from it. So an answer that computes has all of its seconds on a busy machine, and
one that sleeps ends all the same. Where /proc says nothing, only the wide backstop of wall time is left.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Protocol

from splitgrade.sandbox.child import Child
from splitgrade.sandbox.limits import AT_ONCE, BACKSTOP, IDLE_SHARE
from splitgrade.sandbox.processor import Times, busy, go_on, own_times, times

_SHORTEST_WAIT = 0.02  # seconds between two looks


class Clock(Protocol):
    """What `Process.ask` waits by."""

    def start(self) -> None:
        """Begin to count."""

    def left(self) -> float:
        """Return for how many seconds of wall time nobody need look again; 0 when the time is over."""


class Patience:
    """Wall time for something short, longer where many processes want the processor.

    Parameters
    ----------
    seconds : float
        On an idle machine.

    Examples
    --------
    >>> clock = Patience(100)
    >>> clock.start()
    >>> clock.left() > 99
    True
    """

    def __init__(self, seconds: float) -> None:
        self._seconds, self._until = seconds, 0.0

    def start(self) -> None:
        """Begin to count."""
        self._until = time.monotonic() + self._seconds * busy()

    def left(self) -> float:
        """Return the seconds that are left."""
        return max(self._until - time.monotonic(), 0.0)


class CellClock:
    """The time of one cell, charged to the processes that run it.

    Parameters
    ----------
    seconds : float
        What the cell may use.
    children : sequence of Child
        The processes that work for it.
    """

    def __init__(self, seconds: float, children: Sequence[Child]) -> None:
        self._seconds, self._children = seconds, children
        self._started: float | None = None  # a process that has ended is asked nothing
        self._begun = 0.0
        self._before: list[Times | None] | None = None  # read only of a cell that is not over at once
        self._most = 0.0

    def start(self) -> None:
        """Begin to count."""
        self._started = time.monotonic()

    def left(self) -> float:
        """Return the seconds of wall time that the cell has at least, 0 when its own are used up."""
        if self._started is None:
            return self._seconds
        wall = time.monotonic() - self._started
        at_once = min(AT_ONCE, self._seconds * IDLE_SHARE)
        if wall < at_once:
            return at_once - wall
        for child in self._children:
            go_on(child.pid)  # or the seconds of a hand that stopped it would be the cell's
        if self._before is None:
            self._begun, self._before = time.monotonic(), [own_times(child.pid) for child in self._children]
        if wall < self._seconds * IDLE_SHARE:  # a crowd may have used more by then; nobody looks so early
            return self._seconds * IDLE_SHARE - wall
        if wall > self._seconds * BACKSTOP:
            return 0.0
        left = self._seconds - self.charged()
        return 0.0 if left <= 0 else max(left / 4, _SHORTEST_WAIT)

    def charged(self) -> float:
        """Return the seconds that the cell has to answer for."""
        if self._started is None:
            return 0.0
        now = time.monotonic()
        if self._before is None:
            return now - self._started
        if not any(self._before):
            return 0.0  # nothing is known: the backstop alone counts
        used, waited = 0.0, 0.0
        for child, before in zip(self._children, self._before, strict=True):
            found = times(child.pid)
            if found is not None and before is not None:
                used += found.used - before.used
                waited += found.waited - before.waited
        idle = max(now - self._begun - used - waited, 0.0)
        # What was seen once counts: a process whose children nobody waits for shows less afterwards.
        self._most = max(self._most, self._begun - self._started + used + IDLE_SHARE * idle)
        return self._most
