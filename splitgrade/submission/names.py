"""Names of folders and files that came from outside: how they are shown, and which no gradebook can hold."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from splitgrade.execution.wire.text import one_line
from splitgrade.sandbox.limits import MAX_STUDENT

MAX_STATE_NAME_BYTES = 240  # of a file's name; the system takes 255, with the ending


def shown(name: str) -> str:
    r"""Return a name as one printable line; bytes that are no UTF-8 stand there as ``\xe9``.

    Parameters
    ----------
    name : str
        As Python gets it from the file system: bytes that are no UTF-8 are lone surrogates.

    Examples
    --------
    >>> shown("J\udcfcrgen")
    'J\\xfcrgen'
    """
    return one_line(os.fsencode(name).decode("utf-8", "backslashreplace")) if is_surrogate(name) else one_line(name)


def recorded(name: str) -> str:
    """Return the name under which a student is recorded: the folder's own, or as it is shown where that is no text."""
    return shown(name) if is_surrogate(name) else name


def kept_about(root: Path, kind: str, assignment: str, student: str, ending: str = "") -> Path:
    """Return where something is kept about a student's submission, in the course's own folder.

    Parameters
    ----------
    root : Path
        The course.
    kind : str
        What is kept, such as ``marks``.
    assignment, student : str
        Whose submission; a hash stands for a name that is too long for a file's.
    ending : str
        Of the file's name.
    """
    raw = os.fsencode(student)
    stem = student if len(raw) <= MAX_STATE_NAME_BYTES else hashlib.sha256(raw).hexdigest()
    return root / ".splitgrade" / kind / assignment / f"{stem}{ending}"


def is_surrogate(name: str) -> bool:
    r"""Return whether a name cannot be written as UTF-8.

    Examples
    --------
    >>> is_surrogate("J\udcfcrgen"), is_surrogate("Jürgen")
    (True, False)
    """
    return not name.isascii() and any("\ud800" <= each <= "\udfff" for each in name)


def student_fault(name: str) -> str:
    """Return why a folder cannot be a student's, an empty text where it can.

    Parameters
    ----------
    name : str
        The folder's name in ``submitted/``.

    Examples
    --------
    >>> student_fault("ada"), student_fault("x" * 255)
    ('', "the folder's name has 255 characters, the gradebook takes 128: rename the folder")
    """
    if is_surrogate(name):
        return "the folder's name is not UTF-8 text, and the gradebook takes no other: rename the folder"
    if len(name) > MAX_STUDENT:
        return f"the folder's name has {len(name)} characters, the gradebook takes {MAX_STUDENT}: rename the folder"
    if name.strip() != name or "\n" in name or "\r" in name:
        return "the folder's name has blanks at its ends or a line end in it, which nbgrader loses: rename the folder"
    return ""
