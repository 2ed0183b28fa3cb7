"""What lies in a zip or a folder, zips inside it opened too, nothing unpacked to disk.

The download of a learning platform breaks no rule of this module; where it does, nothing of it is used. A student's own
zip inside it may break them: that one is left out and named, and costs nobody else anything.
"""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from cnn_course.errors import BuildError, Problem

MAX_FILES = 200_000
MAX_FILE_BYTES = 100_000_000
MAX_BYTES = 20_000_000_000
MAX_RATIO = 200  # text shrinks to a tenth, empty outputs to a fiftieth; a bomb to a thousandth
SMALL_BYTES = 5_000_000  # below it no ratio matters
MAX_DEPTH = 3
_IS_UTF8 = 0x800
_DRIVE = re.compile(r"[A-Za-z]:", re.DOTALL)
JUNK = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints", "__pycache__"}


@dataclass(frozen=True)
class Item:
    """One file.

    Parameters
    ----------
    source : str
        The zip or folder that was named on the command line.
    path : PurePosixPath
        Its place in there; a zip inside is a folder of its name.
    time : datetime or None
        When it was last changed, without a zone, as the archive says.
    read : callable
        Returns the content.
    within : sequence of tuple
        Place and time of each zip that it lies in, below the source itself, the outermost first.
    """

    source: str
    path: PurePosixPath
    time: datetime | None
    read: Callable[[], bytes]
    within: tuple[tuple[PurePosixPath, datetime | None], ...] = ()

    def handed_in(self, place: int) -> datetime | None:
        """Return when it came to the other system, where the part of its path at ``place`` says whose it is.

        Of what lies in a student's own zip, that is the time of the zip: those inside are the student's to choose.
        """
        return next((time for path, time in self.within if len(path.parts) > place), self.time)

    def __str__(self) -> str:
        """Return where it lies."""
        return f"{self.source}: {self.path}"


@dataclass
class Opened:
    """The files of a source, and the zips inside it that were left out, with the reason."""

    items: list[Item] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def open_source(path: Path) -> Opened:
    """Return the files in a zip or a folder.

    Parameters
    ----------
    path : Path
        The zip or folder; it must stay where it is until the files are read.

    Raises
    ------
    BuildError
        When it is neither, or breaks a rule: a path that leads out, a link, a file too large, a bomb, a password.
    """
    opened, found = Opened(), _in_folder(path) if path.is_dir() else _in_zip(path)
    problems = [each for each in found if isinstance(each, Problem)]
    if problems:
        raise BuildError(f"collect {path.name}", problems[:20])
    for item in found:
        if isinstance(item, Item):
            _open_nested(item, opened, 1)
    if len(opened.items) > MAX_FILES:
        step = "collect it in parts"
        rule = f"at most {MAX_FILES} files"
        raise BuildError(f"collect {path.name}", [Problem(path.name, "", rule, str(len(opened.items)), step)])
    return opened


def _open_nested(item: Item, opened: Opened, depth: int) -> None:
    """Add a file, or the files of the zip that it is; a zip that breaks a rule is left out and named."""
    if item.path.suffix.lower() != ".zip":
        opened.items.append(item)
        return
    content = item.read()
    if depth > MAX_DEPTH:
        opened.left.append(f"{item}: left out: zips in zips, more than {MAX_DEPTH} deep")
        return
    entries = _entries(content, item.source, item.path, (*item.within, (item.path, item.time)))
    problems = [each for each in entries if isinstance(each, Problem)]
    if problems:
        opened.left.append(f"{item}: left out: {problems[0].rule}; found: {problems[0].value}")
        return
    for entry in entries:
        if isinstance(entry, Item):
            _open_nested(entry, opened, depth + 1)


def _in_zip(path: Path) -> list[Item | Problem]:
    return _entries(path, path.name, PurePosixPath())


def _entries(
    archive: Path | bytes,
    source: str,
    above: PurePosixPath,
    within: tuple[tuple[PurePosixPath, datetime | None], ...] = (),
) -> list[Item | Problem]:
    """Return the files of a zip, and what breaks a rule in it."""
    name = str(above) if above.parts else source
    try:
        opened = zipfile.ZipFile(io.BytesIO(archive) if isinstance(archive, bytes) else archive)
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        return [Problem(name, "", "the file is a zip or a folder", str(error), "download it again")]
    infos = [info for info in opened.infolist() if not info.filename.endswith(("/", "\\"))]
    found: list[Item | Problem] = list(_whole(infos, name))
    for info in infos:
        wrong, path = _entry_problem(info), _path(info)
        if wrong:
            found.append(Problem(name, info.filename, *wrong))
        elif not JUNK & set(path.parts):
            inside = above / path
            read = _reader(opened, info, f"{source}: {inside}")
            found.append(Item(source, inside, _time(info), read, within))
    return found


def _whole(infos: list[zipfile.ZipInfo], name: str) -> Iterator[Problem]:
    """Yield what is wrong with a zip as a whole."""
    size, packed = sum(info.file_size for info in infos), sum(info.compress_size for info in infos)
    step = "do not unpack it; ask where it comes from"
    if len(infos) > MAX_FILES:
        yield Problem(name, "", f"at most {MAX_FILES} files", str(len(infos)), step)
    if size > MAX_BYTES or (size > SMALL_BYTES and size > MAX_RATIO * max(packed, 1)):
        found = f"{packed} bytes that become {size}"
        yield Problem(name, "", "a zip is no bomb", found, step)
    names = [str(_path(info)) for info in infos]
    if len(set(names)) < len(names):
        twice = next(each for each in names if names.count(each) > 1)
        yield Problem(name, twice, "a path is there once", "twice", "pack it again")


def _entry_problem(info: zipfile.ZipInfo) -> tuple[str, str, str] | None:
    """Return rule, finding and next step where a file of a zip breaks a rule."""
    path = _path(info)
    leads_out = path.is_absolute() or ".." in path.parts or _DRIVE.match(str(path))
    if not path.parts or leads_out:
        return "paths stay inside the zip", info.filename, "do not unpack it; ask where it comes from"
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return "a zip holds files", "a link or a device", "pack the file that it leads to"
    if info.flag_bits & 0x1:
        return "a zip has no password", "a file with a password", "ask for one without"
    if info.file_size > MAX_FILE_BYTES:
        return f"a file has at most {MAX_FILE_BYTES} bytes", str(info.file_size), "leave the file out"
    return None


def _path(info: zipfile.ZipInfo) -> PurePosixPath:
    """Return the path of a file in a zip; some programs on Windows write it with their own separator.

    macOS writes UTF-8 without the mark that says so, which zipfile then takes for the letters of a PC of 1981.
    """
    name = info.filename
    if not info.flag_bits & _IS_UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return PurePosixPath(name.replace("\\", "/"))


def _reader(opened: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Callable[[], bytes]:
    """Return what reads a file of a zip, never more of it than the zip says it has."""

    def read() -> bytes:
        try:
            return opened.read(info)
        except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
            step = "download it again"
            raise BuildError("collect", [Problem(name, "", "the zip is whole", str(error), step)]) from None

    return read


def _time(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time)
    except ValueError:
        return None


def _in_folder(path: Path) -> list[Item | Problem]:
    """Return the files below a folder."""
    found: list[Item | Problem] = []
    for place, folders, names in os.walk(path, followlinks=False):
        folders[:] = sorted(set(folders) - JUNK)
        for name in sorted({*names, *folders} - JUNK):
            file = Path(place, name)
            inside, status = PurePosixPath(file.relative_to(path).as_posix()), file.lstat()
            if stat.S_ISLNK(status.st_mode):
                step = "put the file itself there"
                found.append(Problem(path.name, str(inside), "a folder holds files", "a link", step))
            elif stat.S_ISREG(status.st_mode) and status.st_size <= MAX_FILE_BYTES:
                time = datetime.fromtimestamp(int(status.st_mtime))
                found.append(Item(path.name, inside, time, file.read_bytes))
            elif stat.S_ISREG(status.st_mode):
                rule = f"a file has at most {MAX_FILE_BYTES} bytes"
                found.append(Problem(path.name, str(inside), rule, str(status.st_size), "leave the file out"))
    return found
