"""Names that tell which process made a thing that outlives it, and what the dead have left behind.

A grader that is killed removes nothing. What it made bears its number, so the next one does.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Final

from splitgrade.sandbox import folders

_PREFIX: Final = "splitgrade-"


def prefix() -> str:
    """Return how the names of what this process makes begin: its PID namespace, and its number there."""
    return f"{_of_namespace()}{os.getpid()}-"


def _of_namespace() -> str:
    try:
        namespace = os.stat("/proc/self/ns/pid").st_ino  # noqa: PTH116 - no file, and once for each child
    except OSError:
        namespace = 0
    return f"{_PREFIX}{namespace}-"


def left_behind(folder: Path) -> list[Path]:
    """Return what lies there of processes that have ended; those of another PID namespace are not ours to judge."""
    ours = _of_namespace()
    return [path for path in folder.glob(f"{ours}*") if _has_ended(path.name.removeprefix(ours).partition("-")[0])]


def _has_ended(owner: str) -> bool:
    """Say whether no process has this number, or one that nobody has collected yet."""
    if not owner.isdecimal():
        return False
    try:
        status = Path("/proc", owner, "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return Path("/proc/self").exists()  # without /proc all would seem to have ended
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] in ("Z", "X")


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a folder for as long as it is used, which `remove_folders` knows for ours."""
    return tempfile.TemporaryDirectory(prefix=prefix())


def remove_folders() -> None:
    """Remove the temporary folders of graders that were killed, of this user only: others may use the same names."""
    for folder in left_behind(Path(tempfile.gettempdir())):
        with contextlib.suppress(OSError):  # somebody else's, or another grader removes it at the same moment
            found = folder.lstat()
            if found.st_uid == os.geteuid() and not folder.is_symlink() and folder.is_dir():
                folders.remove(folder)
