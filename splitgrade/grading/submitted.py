"""The folder ``submitted/``: whose work lies there for an assignment, and what lies there that belongs to none."""

from __future__ import annotations

import difflib
import os
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from splitgrade.submission.names import shown
from splitgrade.submission.snapshot import IGNORED

# What operating systems and people leave in folders without handing it in.
_NO_WORK = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep", ".gitignore", "README.md", *IGNORED})


@dataclass(frozen=True)
class Unplaced:
    """Something that matches no assignment: the folder of ``submitted/`` that it lies in, and a line that says so."""

    student: str
    says: str


def students_of(submitted: Path, assignment: str) -> list[str]:
    """Return who has a folder for an assignment, as the file system names them.

    Parameters
    ----------
    submitted : Path
        ``submitted/``; it need not exist.
    assignment : str
        The name of the assignment; it is a name, never a pattern.
    """
    return [name for each in _entries(submitted) for name in _holder(each, assignment)]


def look_through(submitted: Path, assignment: str, assignments: Collection[str]) -> tuple[list[str], list[Unplaced]]:
    """Return whom `students_of` returns, and what matches no assignment, with a line for each thing.

    Parameters
    ----------
    submitted : Path
        ``submitted/``; it need not exist.
    assignment : str
        The one that is graded.
    assignments : collection of str
        All assignments of the course.
    """
    students, found = list[str](), list[Unplaced]()
    for each in _entries(submitted):
        if each.name in _NO_WORK:
            students += _holder(each, assignment)
            continue
        if not _is_folder(each):
            found.append(Unplaced(each.name, f"{shown(each.name)}: lies in submitted/ itself, in no student's folder"))
            continue
        try:
            inner = _entries(each.path, strict=True)
        except OSError as error:
            found.append(Unplaced(each.name, f"{shown(each.name)}/: cannot be looked into: {error.strerror}"))
            students += _holder(each, assignment)
            continue
        known = {entry.name for entry in inner if entry.name in assignments and _is_folder(entry)}
        if assignment in known:
            students.append(each.name)
        odd = [entry for entry in inner if entry.name not in known]
        found += [
            Unplaced(each.name, _why(each.name, entry, assignments)) for entry in odd if entry.name not in _NO_WORK
        ]
    return students, found


def look_alikes(students: Iterable[str]) -> dict[str, str]:
    """Return, for each name that looks like another in the same folder, a line that says so.

    Examples
    --------
    >>> sorted(look_alikes(["Zoë", "Zoe\u0308", "ada"])) == ["Zoe\u0308", "Zoë"]
    True
    >>> len(look_alikes(["ada", "ada\u200b", "bob"]))  # a blank without a width
    2
    """
    groups: dict[str, list[str]] = {}
    for name in students:
        groups.setdefault(_as_seen(name), []).append(name)
    return {
        name: f"another folder's name looks the same: this is {name!a}, the other {other!a}"
        for group in groups.values()
        for name in group
        for other in [each for each in group if each != name][:1]
    }


def _as_seen(name: str) -> str:
    """Return what names that look the same have in common."""
    if name.isascii():  # quickly: every run of a large class looks at all names
        return name.strip()
    return "".join(each for each in unicodedata.normalize("NFKC", name) if unicodedata.category(each) != "Cf").strip()


def _holder(student: os.DirEntry[str], assignment: str) -> list[str]:
    """Return the name of a folder where it holds one of an assignment; nothing where it does not."""
    # A class may have tens of thousands, and making a Path takes longer than looking.
    return [student.name] if os.path.isdir(student.path + os.sep + assignment) else []  # noqa: PTH112


def _why(student: str, entry: os.DirEntry[str], assignments: Collection[str]) -> str:
    """Return what there is to say of something in a student's folder."""
    says = f"{shown(student)}/{shown(entry.name)}"
    if not _is_folder(entry):
        return f"{says}: lies in the student's folder itself, in the folder of no assignment"
    alike = difflib.get_close_matches(entry.name, assignments, n=1)
    return f"{says}/: no assignment is called so" + (f"; is {alike[0]!r} meant?" if alike else "")


def _entries(folder: Path | str, *, strict: bool = False) -> list[os.DirEntry[str]]:
    """Return what lies in a folder, in the order of names."""
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError:
        if strict:
            raise
        return []
    return found if len(found) < 2 else sorted(found, key=lambda entry: os.fsencode(entry.name))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
