"""Publishing of a finished folder where nbgrader looks for it, in a way that no kill can leave half done."""

from __future__ import annotations

import contextlib
import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from nbgrader.utils import rmtree

from splitgrade.errors import CourseError

_OLD = "old"


def can_write(folder: Path) -> None:
    """Make a folder where there is none, and try whether a run can write there.

    Raises
    ------
    CourseError
        When it cannot; the message says why.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"x")
    except OSError as error:
        raise CourseError(
            f"grading cannot write in {folder}: {error.strerror}. Its results go there: give this user the right to, "
            "or free some space"
        ) from error


@contextmanager
def only_run(root: Path) -> Iterator[None]:
    """Hold the course's lock: two runs at once would record each other's leftovers.

    Raises
    ------
    CourseError
        When another process grades in this course.
    """
    path = root / ".splitgrade" / "grading.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the system lets go of it however the process ends
        except OSError:
            raise CourseError("this course is being graded by another process: wait for it or stop it") from None
        yield


@contextmanager
def staging_folder(root: Path, autograded: Path) -> Iterator[Path]:
    """Give a new folder for a run, on the file system of the course, after clearing up what killed runs left.

    Parameters
    ----------
    root : Path
        The course folder.
    autograded : Path
        Where finished folders go.
    """
    above = root / ".splitgrade" / "staging"
    if above.exists():
        for left in sorted(above.iterdir()):
            _bring_back(left / _OLD, autograded)
        rmtree(str(above))
    folder = above / uuid4().hex[:12]
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        if above.exists():
            rmtree(str(above))


def publish(folder: Path | None, target: Path, staging: Path) -> None:
    """Put a folder in the place of another, or remove the other where there is none.

    Between the two renames a kill leaves the old one in ``staging``; the next run brings it back.

    Parameters
    ----------
    folder : Path or None
        The new folder, inside ``staging``.
    target : Path
        ``autograded/STUDENT/ASSIGNMENT``.
    staging : Path
        The run's folder.
    """
    old = staging / _OLD / target.parent.name / target.name
    if target.exists():
        old.parent.mkdir(parents=True, exist_ok=True)
        target.rename(old)
    if folder is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder.rename(target)
    if old.exists():
        rmtree(str(old))


def _bring_back(old: Path, autograded: Path) -> None:
    """Undo the first half of a `publish` that was killed before the second."""
    for folder in sorted(old.glob("*/*")):
        target = autograded / folder.parent.name / folder.name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                folder.rename(target)
