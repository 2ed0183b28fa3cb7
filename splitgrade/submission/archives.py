"""Zip files inside a submission, unpacked in memory within bounds."""

from __future__ import annotations

import io
import posixpath
import stat
import time
import zipfile
import zlib
from dataclasses import dataclass

from splitgrade.sandbox.limits import MAX_MEMBERS, MAX_UNPACKED
from splitgrade.submission.names import shown
from splitgrade.submission.snapshot import IGNORED, File

PACKED = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zip")
_ZIP = b"PK\3\4"  # how such a file begins, whatever it is called
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others may ask for any amount of memory


@dataclass(frozen=True)
class Unpacked:
    """The members of an archive, named below it (``work.zip/ex41.ipynb``), and why it could not be read, or not all."""

    members: tuple[File, ...] = ()
    why: str = ""


def is_archive(file: File) -> bool:
    """Return whether a file is packed in some way."""
    name = file.base.casefold()
    unnamed = (file.content or b"").startswith(_ZIP) and (".ipynb" in name or "." not in name)
    return file.kind == "file" and (name.endswith(PACKED) or unnamed)


def unpack(file: File) -> Unpacked:
    """Return what an archive holds.

    Left out are names that lead out of the archive, links, encrypted members, and what is beyond the bounds; each
    makes the reason say so. A file that is packed in any other way than as zip is named, not read.

    Parameters
    ----------
    file : File
        The archive with its content.
    """
    if file.content is None:
        return Unpacked(why=file.why or "it is no regular file")
    if not (file.base.casefold().endswith(".zip") or file.content.startswith(_ZIP)):
        return Unpacked(why="only zip files are unpacked")
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            return _members(file.name, archive)
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, RuntimeError) as error:  # of every kind of damage
        return Unpacked(why=f"it is no zip file that can be read: {shown(str(error))[:100]}")


def _members(above: str, archive: zipfile.ZipFile) -> Unpacked:
    found: dict[str, File] = {}
    faults: list[str] = []
    left = MAX_UNPACKED
    for info in archive.infolist():
        if info.is_dir():
            continue
        if len(found) >= MAX_MEMBERS:
            faults.append(f"it holds more than {MAX_MEMBERS} files")
            break
        name = _inside(info.filename)
        if name is not None and IGNORED & set(name.split("/")):
            continue
        fault = _fault(name, info, left)
        if fault or name is None:
            faults.append(f"{shown(info.filename)[:100]} in it {fault}")
            continue
        try:
            with archive.open(info) as stream:
                content = stream.read(left + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
            faults.append(f"{shown(name)[:100]} in it is damaged: {shown(str(error))[:100]}")
            continue
        if len(content) > left:
            faults.append(f"it unpacks to more than {MAX_UNPACKED // 1_000_000} MB")
            break
        left -= len(content)
        full = f"{above}/{name}"
        found[full] = File(full, "file", len(content), _changed(info), content)
    return Unpacked(tuple(found.values()), "; ".join(faults[:3]) + ("; ..." if len(faults) > 3 else ""))


def _inside(name: str) -> str | None:
    """Return a member's name without detours, None where it leads out of the archive."""
    name = name.replace("\\", "/")
    plain = posixpath.normpath(name)
    leads_out = name.startswith("/") or ":" in name.partition("/")[0] or plain.startswith("../") or plain in ("..", ".")
    return None if leads_out or "\0" in name else plain


def _fault(name: str | None, info: zipfile.ZipInfo, left: int) -> str:
    """Return why a member is not unpacked, an empty text where it is."""
    if name is None:
        return "has a name that leads out of the archive"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link"
    if info.flag_bits & 1:
        return "is encrypted"
    if info.compress_type not in _METHODS:
        return "is packed in an unusual way"
    return "is too large" if info.file_size > left else ""


def _changed(info: zipfile.ZipInfo) -> float:
    """Return when a member was last written, as the archive says; zip knows no zone, and counts in steps of 2 s."""
    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0
