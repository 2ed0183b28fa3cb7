"""Look at what a student handed in before anything is run: what can be graded, what is missing, what is refused."""

from __future__ import annotations

import codecs
import os
import shutil
import stat
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat.reader import NotJSONError
from nbgrader.utils import parse_utc

MAX_NOTEBOOK_BYTES = 20_000_000  # a notebook with a hundred plots has about 5 MB
MAX_FILES_BYTES = 50_000_000  # of all other files together
IGNORED = {".ipynb_checkpoints", "__pycache__"}
NOT_USED = {".py", ".pyc", ".pyd", ".pth", ".so"}  # beside a notebook they would shadow the modules that it imports


@dataclass
class Inspection:
    """What a submission holds.

    Parameters
    ----------
    accepted : dict of str to Path
        Notebook name -> the file that holds it (under another name where a student renamed it).
    refused : dict of str to str
        Notebook name -> why it cannot be graded, in words for instructor and student.
    missing : list of str
        Notebooks that were not handed in.
    notes : list of str
        What was put right or left out.
    """

    accepted: dict[str, Path] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class RefusedNotebookError(ValueError):
    """A file cannot be graded as a notebook; the message says why."""


def grade_ids(notebook: Any) -> set[str]:
    """Return the grade_ids of a notebook's cells; of a damaged notebook, those that can be read."""
    found = set()
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader")
        if isinstance(marks, Mapping) and isinstance(marks.get("grade_id"), str):
            found.add(marks["grade_id"])
    return found


def inspect(folder: Path, expected: Mapping[str, set[str]]) -> Inspection:
    """Sort the files of a submission; nothing in it is changed.

    Parameters
    ----------
    folder : Path
        The submission.
    expected : mapping of str to set of str
        The assignment's notebooks, and the grade_ids that each has.

    Returns
    -------
    Inspection
        Every expected notebook is in exactly one of ``accepted``, ``refused`` and ``missing``.
    """
    found = Inspection()
    for name, ids in expected.items():
        path = folder / f"{name}.ipynb"
        if not os.path.lexists(path):
            found.missing.append(name)
            continue
        try:
            _belongs(grade_ids(read_notebook(path)), name, ids, expected)
        except RefusedNotebookError as error:
            found.refused[name] = str(error)
        else:
            found.accepted[name] = path
    for path in sorted(folder.glob("*.ipynb")):
        if path.stem not in expected:
            _take_renamed(path, found, expected)
    return found


def read_notebook(path: Path) -> Any:
    """Return the notebook in a file that a student handed in.

    Raises
    ------
    RefusedNotebookError
        When the file is no regular file, too large, empty, or not a notebook.
    """
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        raise RefusedNotebookError("the file is a link, a folder or a device, not a regular file")
    if status.st_size > MAX_NOTEBOOK_BYTES:
        size, most = status.st_size // 1_000_000, MAX_NOTEBOOK_BYTES // 1_000_000
        raise RefusedNotebookError(f"the file has {size} MB; at most {most} MB are read")
    content = path.read_bytes()
    if not content.strip():
        raise RefusedNotebookError("the file is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of double or missing cell ids: dealt with later, not printed
            notebook = nbformat.reads(content.decode("utf-8-sig"), as_version=4)
    except UnicodeDecodeError:
        raise RefusedNotebookError("not a notebook: the file is not UTF-8 text") from None
    except RecursionError:
        raise RefusedNotebookError("not a notebook: it is nested too deeply") from None
    except NotJSONError:
        raise RefusedNotebookError("not a notebook: the file is not JSON") from None
    except Exception as error:  # nbformat lets KeyError, AttributeError and others of damaged files through
        raise RefusedNotebookError(f"not a notebook: {_first_line(error)}") from None
    _check_cells(notebook)
    return notebook


def stage(folder: Path, inspection: Inspection, target: Path, ours: Path) -> None:
    """Copy what is to be graded into an empty folder; links and Python files stay behind, with a note.

    The assignment's own files are not copied: nbgrader puts the instructor's versions beside the notebooks.

    Parameters
    ----------
    folder : Path
        The submission; it is only read.
    inspection : Inspection
        What `inspect` said of it; notes are added.
    target : Path
        A folder that does not exist yet.
    ours : Path
        The instructor's version of the assignment.
    """
    target.mkdir(parents=True)
    for name, path in inspection.accepted.items():
        # Windows editors put the mark there; nbgrader takes a file with it for no JSON.
        (target / f"{name}.ipynb").write_bytes(path.read_bytes().removeprefix(codecs.BOM_UTF8))
    left = MAX_FILES_BYTES
    for path in _other_files(folder):
        inside = path.relative_to(folder)
        if (ours / inside).is_file():
            continue
        left -= path.stat().st_size
        if path.suffix in NOT_USED or left < 0:
            why = "Python files beside a notebook are not used" if left >= 0 else "too many bytes of other files"
            inspection.notes.append(f"{inside} left out: {why}")
        elif inside.as_posix() == "timestamp.txt" and not _is_time(path):
            inspection.notes.append("timestamp.txt left out: it holds no time")
        else:
            (target / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / inside)


def _check_cells(notebook: Any) -> None:
    """Refuse what nbformat reads but nothing else can use."""
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell.get("source"), str) for cell in cells):
        raise RefusedNotebookError("not a notebook: it has no list of cells with text")
    if not all(isinstance(cell.get("metadata"), Mapping) for cell in cells):
        raise RefusedNotebookError("not a notebook: a cell has no metadata")


def _belongs(found: set[str], name: str, ids: set[str], expected: Mapping[str, set[str]]) -> None:
    """Refuse a notebook that holds no cell of the one it is named after."""
    if found & ids:
        return
    others = [other for other, other_ids in expected.items() if found & other_ids]
    if others:
        raise RefusedNotebookError(f"this is the notebook {others[0]}, under the name {name}")
    if found:
        raise RefusedNotebookError("it belongs to another assignment: none of its graded cells is of this one")
    raise RefusedNotebookError("it belongs to no assignment: it has no graded cell")


def _take_renamed(path: Path, found: Inspection, expected: Mapping[str, set[str]]) -> None:
    """Take a file with a name of its own for the missing notebook whose cells it holds."""
    try:
        ids = grade_ids(read_notebook(path))
    except RefusedNotebookError as error:
        found.notes.append(f"{path.name} left out: {error}")
        return
    fits = [name for name in found.missing if ids & expected[name]]
    if len(fits) == 1:
        found.missing.remove(fits[0])
        found.accepted[fits[0]] = path
        found.notes.append(f"{path.name} taken for {fits[0]}.ipynb")
    else:
        found.notes.append(f"{path.name} left out: it is none of the missing notebooks")


def _other_files(folder: Path) -> Iterator[Path]:
    """Yield the regular files of a submission that are no notebooks; links are not followed."""
    for place, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(set(folders) - IGNORED)
        for name in sorted(names):
            path = Path(place) / name
            if path.suffix != ".ipynb" and stat.S_ISREG(path.lstat().st_mode):
                yield path


def _is_time(path: Path) -> bool:
    """Say whether nbgrader can read a timestamp file."""
    try:
        parse_utc(path.read_text(encoding="utf-8").strip())
    except (ValueError, OverflowError):
        return False
    return True


def _first_line(error: Exception) -> str:
    """Return what an error says, shortly."""
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0][:160]
