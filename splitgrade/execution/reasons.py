"""The reasons for which the engine stops a cell, a test or a process: a code each, and one table of what is said.

Whoever wants to know why something was stopped asks for the code or for the name of the error, never for words of a
message: words are for people and may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Reason(StrEnum):
    """Why something was stopped."""

    CELL_TIME = "cell-time"
    NOTEBOOK_TIME = "notebook-time"
    CALL_TIME = "call-time"
    PROCESS_ENDED = "process-ended"
    NOT_KEPT_ALIVE = "not-kept-alive"
    TEST_ENDED = "test-ended"
    MEMORY = "memory"
    PROCESSES = "processes"
    SIGNAL = "signal"
    EXIT_STATUS = "exit-status"
    PROTOCOL = "protocol"
    CLOSED = "closed"
    OVERTIME = "overtime"


# What is said, with the fields that each needs. `why` is the text of one of `ENDINGS`.
TEXTS: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.CELL_TIME: "{label} took longer than {seconds} s",
        Reason.NOTEBOOK_TIME: "the notebook took longer than {seconds} s",
        Reason.CALL_TIME: "took longer than {seconds} s",
        Reason.PROCESS_ENDED: "the notebook's process ended: {why}",
        Reason.NOT_KEPT_ALIVE: "the notebook's process cannot be kept alive: {why}",
        Reason.TEST_ENDED: "the test ended: {why}",
        Reason.MEMORY: "used more than {megabytes} MiB",
        Reason.PROCESSES: "had more than {processes} processes and threads",
        Reason.SIGNAL: "signal {signal}",
        Reason.EXIT_STATUS: "exit status {status}",
        Reason.PROTOCOL: "it broke the protocol: {says}",
        Reason.CLOSED: "it closed its connection to the grader",
        Reason.OVERTIME: "it took longer than {seconds} s",
    }
)
# Why a process can have ended.
ENDINGS = (
    *(Reason.MEMORY, Reason.PROCESSES, Reason.SIGNAL, Reason.EXIT_STATUS, Reason.PROTOCOL, Reason.CLOSED),
    Reason.OVERTIME,
)
# The name of the error that stands among a cell's outputs.
ERROR_NAMES: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.CELL_TIME: "CellTimeoutError",
        Reason.NOTEBOOK_TIME: "NotebookTimeoutError",
        Reason.PROCESS_ENDED: "ProcessEndedError",
        Reason.NOT_KEPT_ALIVE: "ProcessEndedError",
        Reason.TEST_ENDED: "TestEndedError",
    }
)


def says(reason: Reason, **fields: object) -> str:
    """Return what is said of a reason.

    Parameters
    ----------
    reason : Reason
        Why something was stopped.
    **fields
        What `TEXTS` has in braces.

    Raises
    ------
    KeyError
        When a field is missing.

    Examples
    --------
    >>> says(Reason.PROCESS_ENDED, why=says(Reason.MEMORY, megabytes=2048))
    "the notebook's process ended: used more than 2048 MiB"
    """
    return TEXTS[reason].format(**fields)
