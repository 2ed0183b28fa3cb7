"""The time at which something was handed in, from the file that says so."""

from __future__ import annotations

import datetime
import stat
from pathlib import Path

from nbgrader.utils import parse_utc

MAX_BYTES = 1000


def read_timestamp(path: Path) -> datetime.datetime | None:
    """Return the time in a ``timestamp.txt``, in UTC; None where there is no file, or none that holds a time.

    Parameters
    ----------
    path : Path
        The file; as it lies in a submission, it may hold anything and be of any size or kind.
    """
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        with path.open("rb") as stream:
            return parse_utc(stream.read(MAX_BYTES).decode("utf-8").strip())  # type: ignore[no-any-return]
    except (FileNotFoundError, PermissionError, ValueError, OverflowError):
        return None
