"""The reasons for which the engine ends, stops or leaves out something, as codes, and the one table of their texts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """What the engine itself decided; the values stand in records and never change."""

    CELL_TOO_LONG = "cell-too-long"
    NOTEBOOK_TOO_LONG = "notebook-too-long"
    PROCESS_ENDED = "process-ended"
    TEST_ENDED = "test-ended"
    NOT_KEPT_ALIVE = "not-kept-alive"
    OUTPUT_LEFT_OUT = "output-left-out"
    OUTPUT_CUT = "output-cut"
    NO_MEMORY = "no-memory"
    OUTSIDE_DEATHS = "outside-deaths"
    SHARED_FAILED = "shared-failed"
    WAITS = "waits"
    NO_NUMBER = "no-number"
    NOT_TRUE = "not-true"


TEXTS: Final[dict[Reason, str]] = {
    Reason.CELL_TOO_LONG: "{label} took longer than {seconds} s",
    Reason.NOTEBOOK_TOO_LONG: "{label} was stopped: the notebook took longer than {seconds} s",
    Reason.PROCESS_ENDED: "{label}: the notebook's process ended: {why}",
    Reason.TEST_ENDED: "{label}: the test ended: {why}",
    Reason.NOT_KEPT_ALIVE: "{label}: the notebook's process cannot be kept alive: {why}",
    Reason.OUTPUT_LEFT_OUT: "{label}: its outputs are left out: those of the notebook are too many to be shown",
    Reason.OUTPUT_CUT: "{label}: what it printed is cut off after {kb} KB",
    Reason.NO_MEMORY: "{label} stopped with a MemoryError: a notebook may use {mb} MB",
    Reason.OUTSIDE_DEATHS: "run {times} times, since something outside ended its processes; that costs no point",
    Reason.SHARED_FAILED: "the test, which runs in the student's own process, did not pass",
    Reason.WAITS: "this test cannot be run here: its points are given by a person",
    Reason.NO_NUMBER: "the test ended without the number that it ends with for the instructor's solution",
    Reason.NOT_TRUE: "the test ended with something else than True",
}

ERROR_NAMES: Final[dict[Reason, str]] = {
    Reason.CELL_TOO_LONG: "CellTimeoutError",
    Reason.NOTEBOOK_TOO_LONG: "NotebookTimeoutError",
    Reason.PROCESS_ENDED: "ProcessEndedError",
    Reason.TEST_ENDED: "TestEndedError",
    Reason.NOT_KEPT_ALIVE: "ProcessEndedError",
    Reason.SHARED_FAILED: "SharedTestError",
    Reason.WAITS: "WaitsForPerson",
    Reason.NO_NUMBER: "NoResult",
    Reason.NOT_TRUE: "NotTrueError",
}
"""Reason -> the name of the error among a cell's outputs."""


HARMFUL: Final = frozenset(
    (Reason.CELL_TOO_LONG, Reason.NOTEBOOK_TOO_LONG, Reason.PROCESS_ENDED, Reason.NOT_KEPT_ALIVE)
)
"""Of cells with these, run again, the same would become."""


@dataclass(frozen=True)
class Event:
    """One thing that the engine decided about a cell.

    Parameters
    ----------
    label : str
        The cell: its grade_id, or its place.
    reason : Reason
        What was decided.
    text : str
        The same in words.

    Examples
    --------
    >>> Event.of(Reason.CELL_TOO_LONG, "ex41-conv2d", seconds=30).text
    'ex41-conv2d took longer than 30 s'
    """

    label: str
    reason: Reason
    text: str

    @classmethod
    def of(cls, reason: Reason, label: str, **values: object) -> Event:
        """Return the event with the text of its reason."""
        return cls(label, reason, TEXTS[reason].format(label=label, **values))
