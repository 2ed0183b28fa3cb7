"""The course that a command is meant for: the folder around the working directory that holds ``nbgrader_config.py``."""

from __future__ import annotations

from pathlib import Path

from splitgrade.errors import CourseError


def find_course(start: Path | None = None) -> Path:
    """Return the folder of the course that ``start`` (else the working directory) lies in.

    Raises
    ------
    CourseError
        When neither it nor a folder above holds ``nbgrader_config.py``.
    """
    from splitgrade.nbgrader.session import CONFIG  # nbgrader takes a second: not for `--help`

    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG).is_file():
            return folder
    raise CourseError(f"no course here: neither {start} nor a folder above it holds {CONFIG}")
