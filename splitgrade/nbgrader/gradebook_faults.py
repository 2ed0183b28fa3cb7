"""What can be wrong with a gradebook, in one sentence each; a locked one is waited for.

SQLite tells kinds of trouble apart by words only, PostgreSQL by codes (https://www.postgresql.org/docs/current/
errcodes-appendix.html).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from splitgrade.errors import CourseError

Result = TypeVar("Result")

GRADEBOOK_SECONDS: Final = 600.0  # for which a gradebook that another program holds is waited for
_LISTEN_SECONDS: Final = 2.0  # in which SQLite waits by itself, and hears no Ctrl-C
_PAUSE_SECONDS: Final = 1.0
_LOCKED_CODES: Final = ("40001", "40P01", "55P03", "57P01", "57P02", "57P03")
_BUSY_WORDS: Final = ("database is locked", "database table is locked", "database schema is locked")
_GONE_WORDS: Final = ("server closed the connection", "connection is lost", "starting up", "shutting down")
_DAMAGED_WORDS: Final = ("file is not a database", "malformed", "disk i/o error", "unsupported file format")
_FULL_WORDS: Final = ("is full", "no space left")
_READ_ONLY_WORDS: Final = ("readonly database", "read-only transaction", "unable to open database file")
_FOREIGN_WORDS: Final = ("no such table", "no such column", "has no column", "already exists")
_FOREIGN_CODES: Final = ("42P01", "42703")
_log = logging.getLogger(__name__)


def patient(url: str) -> str:
    """Return the URL of a gradebook with which SQLite waits a moment for others; `when_free` waits longer."""
    try:
        found = make_url(url)
    except ArgumentError:  # whoever opens it says so
        return url
    if found.get_backend_name() != "sqlite" or "timeout" in found.query:
        return url
    return found.update_query_dict({"timeout": str(_LISTEN_SECONDS)}).render_as_string(hide_password=False)


def when_free(what: Callable[[], Result], *, patience: float = GRADEBOOK_SECONDS) -> Result:
    """Do something with the gradebook, again while another program holds it; the first time a word is logged.

    Parameters
    ----------
    what : callable
        What is done; all of it or nothing, so that it can be done again.
    patience : float
        Seconds after which waiting has no sense any more.

    Raises
    ------
    CourseError
        When the gradebook was not free in that time.
    SQLAlchemyError
        When something else is wrong.
    """
    started, said = time.monotonic(), False
    while True:
        try:
            result = what()
        except SQLAlchemyError as error:
            if not is_held(error):
                raise
            waited = time.monotonic() - started
            if waited > patience:
                raise CourseError(
                    f"the gradebook was held by another program for {waited:.0f} s: {_first_line(error)}. Close what "
                    "holds it and start the same command again: what is done is kept"
                ) from error
            if not said:
                _log.warning("The gradebook is held by another program (%s): waiting for it ...", _first_line(error))
                said = True
            time.sleep(_PAUSE_SECONDS)
        else:
            if said:
                _log.warning("The gradebook is free again, after %.0f s.", time.monotonic() - started)
            return result


def is_held(error: SQLAlchemyError) -> bool:
    """Say whether it is a matter of waiting: somebody else writes, or the server is being started again."""
    if not isinstance(error, DBAPIError):
        return False
    return _code(error) in _LOCKED_CODES or _has(error, (*_BUSY_WORDS, *_GONE_WORDS))


def in_one_sentence(error: Exception, url: str) -> str:
    """Return what is wrong with a gradebook and what to do about it.

    Parameters
    ----------
    error : Exception
        Of SQLAlchemy, or of a driver that is not there.
    url : str
        The gradebook's; its password is not shown.

    Examples
    --------
    >>> in_one_sentence(ModuleNotFoundError("No module named 'psycopg'", name="psycopg"), "postgresql://ta:pw@db/cnn")
    "the gradebook postgresql://ta:***@db/cnn needs the driver psycopg: pip install 'cnn-course[postgres]'"
    """
    name = f"the gradebook {_shown(url)}"
    if isinstance(error, ModuleNotFoundError):
        return f"{name} needs the driver {error.name}: pip install 'cnn-course[postgres]'"
    said = _first_line(error)
    if isinstance(error, ArgumentError | NoSuchModuleError):
        return f"{name} cannot be used: {said}; c.CourseDirectory.db_url in nbgrader_config.py names it"
    if isinstance(error, SQLAlchemyError) and is_held(error):
        return f"{name} is held by another program ({said}): close it and start the same command again"
    if _has(error, _DAMAGED_WORDS):
        return (
            f"{name} is damaged or no gradebook ({said}): put a copy of it back; without one, move it away, release "
            "and grade again (marks by hand are in the gradebook only)"
        )
    if _code(error) in _FOREIGN_CODES or _has(error, _FOREIGN_WORDS):
        return (
            f"{name} is not one of this version of nbgrader ({said}): `nbgrader db upgrade` brings an older one up to "
            "date; what is no gradebook has to be moved away"
        )
    if _has(error, _FULL_WORDS):
        return f"{name} cannot be written, for the disk is full ({said}): free some space and start the command again"
    if _has(error, _READ_ONLY_WORDS):
        return f"{name} cannot be opened for writing ({said}): give yourself the right to write it and its folder"
    return f"{name} cannot be used: {said}"


def _shown(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "of this course"


def _code(error: Exception) -> str:
    """Return what PostgreSQL calls the error; empty for others."""
    return str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")


def _has(error: Exception, words: tuple[str, ...]) -> bool:
    said = str(getattr(error, "orig", error)).lower()
    return any(each in said for each in words)


def _first_line(error: Exception) -> str:
    return (str(getattr(error, "orig", None) or error).strip() or type(error).__name__).splitlines()[0][:300]
