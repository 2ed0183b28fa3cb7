"""The record of a grading run as data: read by the table of results, by other programs, and by the next run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from splitgrade.execution.wire.text import one_line
from splitgrade.sandbox.limits import MAX_NOTE, MAX_NOTES

State = Literal["graded", "missing", "refused", "unread", "failed"]
# Something lies there, and nobody has looked at it as a grader: never a zero, a person decides.
OPEN_STATES: frozenset[State] = frozenset({"refused", "unread", "failed"})


@dataclass(slots=True)
class NotebookRecord:
    """The result of one notebook.

    Parameters
    ----------
    state : {"graded", "missing", "refused", "unread", "failed"}
        ``missing``: nothing lies there, no points. In all other cases the points are open: ``refused``, the file is at
        fault; ``unread``, what lies there could not be read as this notebook; ``failed``, the run is at fault.
    reason : str
        Why it was not graded.
    """

    state: State
    reason: str = ""

    def __post_init__(self) -> None:
        self.reason = one_line(self.reason)


@dataclass(slots=True)
class SubmissionRecord:
    """The result of one submission: its notebooks by name, and what was put right or left out."""

    notebooks: dict[str, NotebookRecord] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Names of files may move the cursor of a terminal, and a submission may have a hundred thousand of them.
        more = [f"and {len(self.notes) - MAX_NOTES} more like these"] if len(self.notes) > MAX_NOTES + 1 else []
        self.notes = [one_line(note)[:MAX_NOTE] for note in self.notes[: MAX_NOTES if more else None]] + more

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON has it; a class is written whole, and `dataclasses.asdict` takes ten times as long."""
        books = {name: {"state": book.state, "reason": book.reason} for name, book in self.notebooks.items()}
        return {"notebooks": books, "notes": self.notes}

    def having(self, state: State) -> list[str]:
        """Return the names of the notebooks in a state."""
        return [name for name, notebook in self.notebooks.items() if notebook.state == state]


@dataclass
class RunRecord:
    """What is known of the submissions of one assignment.

    Parameters
    ----------
    assignment : str
        Which one.
    seed : int
        That of the last run.
    submissions : dict of str to SubmissionRecord
        By student, as names are shown.
    unplaced : list of str
        A line for each thing in ``submitted/`` that matches no assignment.
    warnings : list of str
        What the instructor should know of the solutions: which tests are not graded apart from students' code, and why.
    """

    assignment: str
    seed: int
    submissions: dict[str, SubmissionRecord] = field(default_factory=dict)
    unplaced: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def faults(submissions: Iterable[SubmissionRecord]) -> int:
    """Count the notebooks that were not graded for a reason other than the submission's own fault."""
    return sum(len(submission.having("failed")) for submission in submissions)
