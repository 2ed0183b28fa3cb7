"""Who is to be graded next while submissions come in: whoever's is new and at rest, and not too often."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

from splitgrade.grading.arrivals import Look, look_at

HOUR = 3600.0


class Waiting:
    """Keeps what was graded of each student, and when.

    Parameters
    ----------
    folder : callable
        Gives the folder of a student's submission.
    per_hour : int
        How often a student's submission is graded within an hour; what comes more often waits, and only the newest
        counts then.

    Raises
    ------
    ValueError
        When ``per_hour`` is below 1.
    """

    def __init__(self, folder: Callable[[str], Path], per_hour: int) -> None:
        if per_hour < 1:
            raise ValueError(f"per_hour must be at least 1, got {per_hour}")
        self._folder, self._per_hour = folder, per_hour
        self._before: dict[str, Look] = {}
        self._done: dict[str, Look] = {}
        self._times: dict[str, deque[float]] = {}

    def ready(self, students: Iterable[str], now: float) -> list[str]:
        """Return whose submission is to be graded now.

        Parameters
        ----------
        students : iterable of str
            Who has handed in.
        now : float
            Seconds of a clock that is never set back.
        """
        found = []
        for student in students:
            seen = look_at(self._folder(student))
            at_rest = seen == self._before.get(student)  # somebody may be writing it
            self._before[student] = seen
            if at_rest and seen != self._done.get(student) and self._may(student, now):
                found.append(student)
        return found

    def begin(self, student: str) -> None:
        """Note that a submission is graded as it was at the last look; what comes from now on is new."""
        self._done[student] = self._before[student]

    def forget(self, student: str) -> None:
        """Note that it was not graded after all."""
        self._done.pop(student, None)

    def count(self, student: str, now: float) -> None:
        """Note that a submission was run: it counts for the rate."""
        self._times.setdefault(student, deque(maxlen=self._per_hour)).append(now)

    def _may(self, student: str, now: float) -> bool:
        times = self._times.get(student)
        return times is None or len(times) < self._per_hour or now - times[0] >= HOUR
