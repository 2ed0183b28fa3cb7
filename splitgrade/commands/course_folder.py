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


def check_released(root: Path, assignment: str) -> None:
    """Make sure that an assignment is one of the course.

    Raises
    ------
    CourseError
        When ``source/`` holds no such folder.
    """
    if not (root / "source" / assignment).is_dir():
        known = sorted(folder.name for folder in (root / "source").iterdir()) if (root / "source").is_dir() else []
        raise CourseError(f"no assignment is called {assignment!r}; this course has: {', '.join(known) or 'none'}")
