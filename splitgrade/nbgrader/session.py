"""nbgrader inside this process: its configuration, its gradebook, one conversion at a time."""

from __future__ import annotations

import functools
import glob
import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import BaseConverter
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning, SQLAlchemyError
from traitlets.config import Config, PyFileConfigLoader

from splitgrade.errors import CourseError
from splitgrade.nbgrader.gradebook_faults import in_one_sentence, patient, when_free

CONFIG = "nbgrader_config.py"


@dataclass
class Conversion:
    """What came of one conversion: the type and the last line of the error that ended it, and the whole log."""

    success: bool
    error: str = ""
    reason: str = ""
    log: list[str] = field(default_factory=list)


def load_config(folder: Path, root: Path | None = None) -> Config:
    """Return the course's nbgrader configuration, and nothing from this user's home.

    Parameters
    ----------
    folder : Path
        The folder of ``nbgrader_config.py``.
    root : Path, optional
        A course folder to use instead of the one that the file names; where it names none, it is ``folder``.

    Raises
    ------
    CourseError
        When there is no such file.
    """
    if not (folder / CONFIG).is_file():
        raise CourseError(f"{folder} holds no {CONFIG}: grading needs it")
    config = PyFileConfigLoader(CONFIG, path=str(folder)).load_config()
    if root is not None or "root" not in config.CourseDirectory:
        config.CourseDirectory.root = str((root or folder).resolve())
    return config


@contextmanager
def open_gradebook(root: Path, config: Config | None = None) -> Iterator[Any]:
    """Open the gradebook of the course in ``root``; it is created where there is none.

    Parameters
    ----------
    root : Path
        The course folder.
    config : Config, optional
        The configuration; read from ``root`` by default.

    Raises
    ------
    CourseError
        When it cannot be used: damaged, foreign, held by another program for long. The message says what to do.
    """
    config = load_config(root) if config is None else config
    course = CourseDirectory(config=config)
    try:
        with warnings.catch_warnings(), _open(course.db_url, course.course_id) as gradebook:
            warnings.simplefilter("ignore", SAWarning)  # nbgrader's own queries; nothing a user could do
            yield gradebook
    except SQLAlchemyError as error:
        raise CourseError(in_one_sentence(error, course.db_url)) from error


@functools.lru_cache(maxsize=1)
def kept_gradebook(url: str) -> Any:
    """Return nbgrader's gradebook as it was opened first, to be used in a ``with``: closed, it may be used again.

    A process that opens it for each notebook pays most for what SQLAlchemy then finds out anew about every query.
    """
    return _open(url)


class _Opened(Gradebook):  # type: ignore[misc]
    """nbgrader's gradebook; where it cannot be opened, no connection stays open."""

    def __init__(self, url: str, course: str) -> None:
        try:
            super().__init__(url, course)
        except BaseException:
            if hasattr(self, "engine"):  # not where the URL is none
                self.close()
            raise


def _open(url: str, course: str = "default_course") -> Any:
    """Return nbgrader's gradebook, as soon as nobody holds it."""
    try:
        return when_free(lambda: _Opened(patient(url), course))
    except ModuleNotFoundError as error:  # of a driver; nbgrader has been imported
        raise CourseError(in_one_sentence(error, url)) from error


def convert(
    converter: type[BaseConverter], config: Config, assignment: str, student: str = "", **traits: Any
) -> Conversion:
    """Run one of nbgrader's converters on one student's assignment, and let nothing it does end this process.

    Parameters
    ----------
    converter : type
        ``GenerateAssignment``, ``Autograde`` or ``GenerateFeedback``.
    config : Config
        The configuration.
    assignment, student : str
        What is converted; ``student`` is empty for a release.
    **traits
        Settings of the course directory (``notebook_id``, ``submitted_directory``) for this conversion.

    Returns
    -------
    Conversion
        Failures are told, not raised: a keyboard interrupt alone gets through.
    """
    course = CourseDirectory(config=config, assignment_id=assignment, **traits)
    if student:
        course.student_id = glob.escape(student)  # nbgrader takes it for a pattern
    with _quiet_log() as (logger, records), _kept_environment(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of nbgrader's queries, of damaged notebooks: nothing a user could do
        app = converter(coursedir=course, config=config, log=logger)
        app.force = True
        try:
            app.start()
        except Exception as error:  # one submission's fault is never another's: said by name, see Conversion
            return _failure(error, records)
    return Conversion(True, log=records)


@contextmanager
def _quiet_log() -> Iterator[tuple[logging.Logger, list[str]]]:
    """Collect what a converter logs instead of printing it."""
    records: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(f"{record.levelname}: {record.getMessage()}")

    logger = logging.Logger("cnn-course", logging.INFO)  # not registered: each conversion has its own
    logger.addHandler(Collect())
    yield logger, records


@contextmanager
def _kept_environment() -> Iterator[None]:
    """Put the environment and the working directory back: nbgrader leaves both changed after a failure."""
    environment, folder = dict(os.environ), Path.cwd()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)


def _failure(error: Exception, records: list[str]) -> Conversion:
    """Find the error behind nbgrader's own, which says no more than that there was one."""
    if error.__context__ is not None and not error.__suppress_context__:
        return Conversion(False, type(error.__context__).__name__, _last_line(str(error.__context__)), records)
    for record in reversed(records):
        if "Traceback (most recent call last)" in record:
            line = _last_line(record)
            return Conversion(False, line.partition(":")[0].rpartition(".")[2], line, records)
        if "the kernel became unresponsive" in record:
            return Conversion(False, "UnresponsiveKernelError", "the kernel became unresponsive", records)
    return Conversion(False, type(error).__name__, _last_line(str(error)), records)


def _last_line(text: str) -> str:
    """Return the last line of a traceback that starts at the margin: what was raised, not where."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith((" ", "\t"))]
    return lines[-1][:300] if lines else text.strip()[:300]
