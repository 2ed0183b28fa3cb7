"""The causes for which a process has ended, and the one table of their texts; other modules read them from here."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Cause(StrEnum):
    """Why a child is not there any more; the values are codes and never change."""

    MEMORY = "memory"
    PROCESSES = "processes"
    FILES = "files"
    FILE_BYTES = "file-bytes"
    CLOSED_FOLDER = "closed-folder"
    TOO_LONG = "too-long"
    PROTOCOL = "protocol"
    HUNG_UP = "hung-up"
    SIGNAL = "signal"
    STATUS = "status"
    NOT_CONFINED = "not-confined"
    SANDBOX = "sandbox"


TEXTS: Final[dict[Cause, str]] = {
    Cause.MEMORY: "used more than {memory_mb} MiB",
    Cause.PROCESSES: "had more than {processes} processes and threads",
    Cause.FILES: "made more than {tmp_files} files",
    Cause.FILE_BYTES: "wrote more than {tmp_mb} MiB of files",
    Cause.CLOSED_FOLDER: "made a folder that nobody can look into",
    Cause.TOO_LONG: "it took too long",
    Cause.PROTOCOL: "it broke the protocol: {says}",
    Cause.HUNG_UP: "it closed its connection to the grader",
    Cause.SIGNAL: "signal {signal}",
    Cause.STATUS: "exit status {status}",
    Cause.NOT_CONFINED: "could not be confined: {says}",
    Cause.SANDBOX: "the sandbox ended",
}


def text_of(cause: Cause, **values: object) -> str:
    """Return a cause in words.

    Examples
    --------
    >>> text_of(Cause.MEMORY, memory_mb=2048)
    'used more than 2048 MiB'
    """
    return TEXTS[cause].format(**values)
