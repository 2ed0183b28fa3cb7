"""The files that lie beside a notebook, bounded, and which of them a student's process gets to see."""

from __future__ import annotations

import fnmatch
import importlib.util
import marshal
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from splitgrade.sandbox.limits import MAX_FILES, MAX_WORK_BYTES, Limits

_PAGE = 4096  # what the smallest file takes of a folder in memory
_LEFT_OUT = frozenset({"__pycache__", "timestamp.txt"})


def folder_files(folder: Path, ignored: Sequence[str] = ()) -> Iterator[tuple[str, Path]]:
    """Yield relative name and path of the regular files of a folder.

    Notebooks, hidden files, symbolic links (which may lead anywhere) and compiled Python are left out.

    Parameters
    ----------
    folder : Path
        The folder of an assignment.
    ignored : sequence of str
        Patterns of names, of files or of folders above them, that are left out, too (``c.CourseDirectory.ignore``).
    """
    yield from _files_of(str(folder), "", ignored)


def _files_of(folder: str, above: str, ignored: Sequence[str]) -> Iterator[tuple[str, Path]]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: (entry.is_dir(follow_symlinks=False), entry.name))
    except OSError:
        return  # it is gone, or shut: as if it were empty
    for entry in entries:
        name = entry.name
        if name.startswith(".") or name in _LEFT_OUT or any(fnmatch.fnmatchcase(name, each) for each in ignored):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files_of(entry.path, f"{above}{name}/", ignored)
        elif entry.is_file(follow_symlinks=False) and not name.endswith((".ipynb", ".pyc")):
            yield f"{above}{name}", Path(entry.path)


def files_for_student(
    folder: Path, instructor: Mapping[str, bytes], limits: Limits | None = None
) -> tuple[dict[str, bytes], list[str]]:
    """Return what lies in a student's work folder: the instructor's files, and the student's beside them.

    Parameters
    ----------
    folder : Path
        What the student handed in.
    instructor : mapping of str to bytes
        The instructor's files, by relative name.
    limits : Limits, optional
        What the work folder can hold: a quarter of it stays free. The usual bounds by default.

    Returns
    -------
    files : dict of str to bytes
        By relative name. A file of the student's never takes the place of the instructor's, nor of a module of the
        instructor's by standing beside it.
    left_out : list of str
        Why files of the student's are not among them.
    """
    own_names = {_module(name) for name in instructor}
    limits = limits or Limits()
    most_files, most_bytes = min(MAX_FILES, limits.tmp_files // 2), min(MAX_WORK_BYTES, (limits.tmp_mb << 20) * 3 // 4)
    files, left_out, size = dict(instructor), [], sum(map(len, instructor.values()))
    entries: set[Path] = set()  # folders count, too
    for name, path in folder_files(folder):
        if _module(name) in own_names:
            if name not in instructor or path.read_bytes() != instructor[name]:
                left_out.append(f"{name}: the instructor's file is used instead")
            continue
        size += -(-path.stat().st_size // _PAGE) * _PAGE
        entries |= {Path(name), *Path(name).parents}
        if len(entries) > most_files + 1 or size > most_bytes:
            left_out.append(f"{name}: a submission may have {most_files} files and folders and {most_bytes} bytes")
            break
        files[name] = path.read_bytes()
    return files, left_out


def _module(name: str) -> str:
    """Return the top of a relative name without suffixes: ``kit.so`` would stand in for the package ``kit``."""
    return name.partition("/")[0].partition(".")[0]


def bytecode(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the compiled modules among files, under the names where Python looks for it."""
    modules = ((name, _module_code(name, content)) for name, content in files.items() if name.endswith(".py"))
    return {importlib.util.cache_from_source(name): code for name, code in modules if code is not None}


@lru_cache(maxsize=256)  # the notebooks of an assignment have the same files beside them
def _module_code(name: str, content: bytes) -> bytes | None:
    try:
        code = compile(content, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):  # whoever imports it is told
        return None
    # PEP 552: no check against the source, which lies beside it and cannot change.
    head = importlib.util.MAGIC_NUMBER + (0b01).to_bytes(4, "little")
    return head + importlib.util.source_hash(content) + marshal.dumps(code)
