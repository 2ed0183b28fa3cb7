"""A submission's files as they were at one moment: what is graded, and what the verdict is remembered for.

A file may be replaced while it is graded. So every byte is read once, here; the fingerprint is the hash of the bytes
that notebooks and files are then made from, never of what lies there a moment later.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from splitgrade.sandbox.limits import MAX_ENTRIES, MAX_FILE_BYTES, MAX_SUBMISSION_BYTES

IGNORED = frozenset({".ipynb_checkpoints", "__pycache__", "__MACOSX", ".git"})
_PATH_BYTES = 4095  # the system opens no longer path

Kind = Literal["file", "folder", "link", "other"]


@dataclass(frozen=True)
class File:
    """One entry of a submission.

    Parameters
    ----------
    name : str
        Relative to the submission, with ``/``; may hold lone surrogates.
    kind : {"file", "folder", "link", "other"}
        Links are never followed.
    size : int
        In bytes.
    changed : float
        When it was last written, in seconds since 1970.
    content : bytes or None
        None where it is no regular file, or was not read.
    why : str
        Why it was not read.
    """

    name: str
    kind: Kind
    size: int = 0
    changed: float = 0.0
    content: bytes | None = None
    why: str = ""

    @property
    def base(self) -> str:
        """Return the name without its folders."""
        return self.name.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """Return the folders with a ``/`` at the end; empty at the top."""
        return self.name[: len(self.name) - len(self.base)]


@dataclass(frozen=True)
class Snapshot:
    """A submission as bytes and plain values, so that it can be graded where its folder is not.

    Parameters
    ----------
    files : dict of str to File
        All entries by name, in order.
    digest : str
        What differs when one of them differs.
    notes : tuple of str
        What was not looked at.
    is_link : bool
        Whether the folder itself is a link; then nothing was read.
    checkpoints : frozenset of str
        Names of the copies that Jupyter keeps of notebooks; their contents are nobody's work.
    """

    files: dict[str, File]
    digest: str
    notes: tuple[str, ...] = ()
    is_link: bool = False
    checkpoints: frozenset[str] = frozenset()


def take_snapshot(folder: Path) -> Snapshot:
    """Read a submission once; what cannot be read is named in its place, and nothing is changed.

    Parameters
    ----------
    folder : Path
        What was handed in; it may hold anything.
    """
    if folder.is_symlink():
        return Snapshot({}, hashlib.sha256(b"link").hexdigest(), is_link=True)
    files: dict[str, File] = {}
    notes: list[str] = []
    text, left = hashlib.sha256(), MAX_SUBMISSION_BYTES
    closed: list[OSError] = []
    for path, inside in _entries(str(folder), closed.append):
        if len(files) >= MAX_ENTRIES:
            notes.append(f"more than {MAX_ENTRIES} files and folders; the others are not looked at")
            break
        file = _read(path, inside, left)
        files[file.name] = file
        left -= len(file.content or b"")
        name = os.fsencode(file.name)
        text.update(f"\0{file.kind}\0{len(name)}\0".encode() + name + f"\0{file.size}\0{file.why}\0".encode())
        if file.content is not None:
            text.update(hashlib.sha256(file.content).digest())
        elif file.kind == "file":
            text.update(f"{file.changed!r}".encode())
    for error in closed:  # of folders: what lies in them is not known
        inside = os.path.relpath(os.fsdecode(error.filename or folder), folder)
        files[inside] = File(inside, "other", why=f"the folder cannot be looked into: {error.strerror}")
        text.update(f"\0closed\0{error.strerror}\0".encode() + os.fsencode(inside))
    checkpoints = _checkpoints(folder)
    for each in sorted(checkpoints):
        text.update(b"\0checkpoint\0" + os.fsencode(each))
    return Snapshot(files, text.hexdigest(), tuple(notes), checkpoints=checkpoints)


def _checkpoints(folder: Path) -> frozenset[str]:
    """Return the names in the folder where Jupyter keeps copies."""
    try:
        with os.scandir(folder / ".ipynb_checkpoints") as entries:
            return frozenset(entry.name for entry in islice(entries, MAX_ENTRIES))
    except OSError:
        return frozenset()


def _entries(folder: str, closed: Callable[[OSError], None]) -> Iterator[tuple[str, str]]:
    """Yield path and relative name of all that lies in a folder, in the order of names.

    ``closed`` is told of folders that cannot be read.
    """
    for place, folders, names in os.walk(folder, onerror=closed, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in IGNORED)
        for name in sorted((*folders, *names)):
            if len(os.fsencode(place)) + len(os.fsencode(name)) < _PATH_BYTES and name not in IGNORED:
                path = os.path.join(place, name)  # noqa: PTH118 - a class has hundreds of thousands of them
                yield path, path[len(folder) + 1 :]


def _read(path: str, name: str, left: int) -> File:
    """Return an entry with its content, as far as that is wanted."""
    try:
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode):
            kind: Kind = "folder" if stat.S_ISDIR(status.st_mode) else "other"
            return File(name, "link" if stat.S_ISLNK(status.st_mode) else kind)
        size, changed = status.st_size, status.st_mtime
        if size > min(left, MAX_FILE_BYTES):
            return File(name, "file", size, changed, None, f"too many bytes: the file has {size // 1_000_000} MB")
        # Without waiting and without following: it may have become a pipe or a link in the meantime.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as stream:
            content = stream.read(size + 1)
    except PermissionError:
        return File(name, "file", 0, 0.0, None, "the file is closed to the grader: its mode allows no reading")
    except OSError as error:
        return File(name, "other", 0, 0.0, None, f"it cannot be read: {error.strerror}")
    return File(name, "file", len(content), changed, content)
