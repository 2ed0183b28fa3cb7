"""What comes in while a course runs: submissions in a drop folder or in nbgrader's exchange, put into submitted/."""

from __future__ import annotations

import logging
import os
import shutil
import uuid
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeFactory
from traitlets.config import Config

from splitgrade.errors import CourseError
from splitgrade.grading.submitted import students_of
from splitgrade.nbgrader.course_folders import CourseFolders
from splitgrade.sandbox.limits import MAX_ENTRIES
from splitgrade.submission.names import student_fault
from splitgrade.submission.snapshot import Snapshot, take_snapshot

Look = tuple[int, int, int]


def look_at(folder: Path) -> Look:
    """Return what changes when files come, go or are written: their number, their bytes, the newest time.

    No file is read: this is done for each student every few seconds.
    """
    count = size = newest = 0
    for place, _, names in os.walk(folder, onerror=None, followlinks=False):
        for path in (place, *(os.path.join(place, name) for name in names)):  # noqa: PTH118 - thousands of names
            try:
                status = os.lstat(path)
            except OSError:
                continue  # gone meanwhile: seen at the next look
            count, newest = count + 1, max(newest, status.st_mtime_ns)
            size += status.st_size if path != place else 0
            if count > MAX_ENTRIES:
                return count, size, newest
    return count, size, newest


class DropFolder:
    """A folder ``STUDENT/ASSIGNMENT`` that others write to; nothing in it is changed.

    Parameters
    ----------
    folder : Path
        The folder.
    folders : CourseFolders
        Those of the course.
    assignment : str
        What is taken from it.

    Raises
    ------
    CourseError
        When there is no such folder.
    """

    def __init__(self, folder: Path, folders: CourseFolders, assignment: str) -> None:
        if not folder.is_dir():
            raise CourseError(f"{folder} is no folder: it holds one for each student, with one named {assignment}")
        self._folder, self._folders, self._assignment = folder, folders, assignment
        self._before: dict[str, Look] = {}
        self._taken: dict[str, Look] = {}

    def collect(self) -> list[str]:
        """Put into submitted/ what is new and has not changed since the last look; return a line for what is left."""
        left = []
        for student in students_of(self._folder, self._assignment):
            if fault := student_fault(student):
                left.append(fault)
                continue
            place = self._folder / student / self._assignment
            seen = look_at(place)
            if seen != self._taken.get(student) and seen == self._before.get(student):
                self._take(student, take_snapshot(place))
                self._taken[student] = seen
            self._before[student] = seen
        return left

    def _take(self, student: str, snapshot: Snapshot) -> None:
        """Put a submission in the place of the one before, all of it or nothing."""
        target = self._folders.submitted / student / self._assignment
        if target.is_dir() and take_snapshot(target).digest == snapshot.digest:
            return
        work = self._folders.root / ".splitgrade" / "incoming" / uuid.uuid4().hex[:12]
        new, old = work / "new", work / "old"
        try:
            new.mkdir(parents=True)
            for name, file in snapshot.files.items():
                if file.content is not None:
                    path = new / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(file.content)
                    os.utime(path, (file.changed, file.changed))  # of two files the newer one counts
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                target.rename(old)
            new.rename(target)
        finally:
            shutil.rmtree(work, ignore_errors=True)


class Exchange:
    """nbgrader's exchange, by nbgrader's own commands.

    Parameters
    ----------
    config : Config
        nbgrader's configuration: it says where the exchange is.
    assignment : str
        What is collected.
    """

    def __init__(self, config: Config, assignment: str) -> None:
        self._config, self._assignment = config, assignment

    def collect(self) -> list[str]:
        """Collect what is newer than what lies in submitted/.

        Raises
        ------
        CourseError
            When the exchange cannot be used.
        """
        self._run("collect", update=True)
        return []

    def give_back(self) -> None:
        """Release the feedback pages of the assignment to the students.

        Raises
        ------
        CourseError
            When the exchange cannot be used.
        """
        self._run("release_feedback")

    def _run(self, what: str, *, update: bool = False) -> None:
        log = logging.Logger("splitgrade")
        log.addHandler(logging.NullHandler())
        course = CourseDirectory(config=self._config, assignment_id=self._assignment)
        app = getattr(ExchangeFactory(config=self._config), what)(coursedir=course, config=self._config, log=log)
        if update:
            app.update = True
        try:
            app.start()
        except (Exception, SystemExit) as error:  # nbgrader ends the process where a folder is missing
            raise CourseError(f"nbgrader's exchange cannot be used: {error or type(error).__name__}") from error
