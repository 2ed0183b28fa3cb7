"""Errors in the texts of a course: every problem says where, which rule, what came and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from splitgrade.errors import CourseError


@dataclass(frozen=True, order=True)
class Problem:
    """One broken rule.

    Parameters
    ----------
    file : str
        The file, relative to the course, with a line number where one is known (``ex41.py:12``).
    item : str
        The cell, quiz item or key inside the file; empty where the whole file is meant.
    rule : str
        What must hold.
    value : str
        What was found instead.
    next_step : str
        What to change.

    Examples
    --------
    >>> print(Problem("ex41.py:12", "cell ex41-a", "points are positive", "-1", "write points=1"))
    ex41.py:12, cell ex41-a
      rule:  points are positive
      found: -1
      next:  write points=1
    """

    file: str
    item: str
    rule: str
    value: str
    next_step: str

    def __str__(self) -> str:
        """Return the problem as four lines."""
        where = f"{self.file}, {self.item}" if self.item else self.file
        return f"{where}\n  rule:  {self.rule}\n  found: {self.value}\n  next:  {self.next_step}"


class BuildError(CourseError):
    """Rules of the course are broken; nothing was written.

    Parameters
    ----------
    action : str
        What was stopped.
    problems : iterable of Problem
        All that was found, at least one.
    """

    def __init__(self, action: str, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = tuple(problems)
        count = len(self.problems)
        title = f"{action}: stopped by {count} problem{'s' if count != 1 else ''}; the old files stay as they are."
        super().__init__("\n\n".join([title, *map(str, self.problems)]))
