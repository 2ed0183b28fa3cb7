"""Intake of a submission before anything is run: which files can be graded, which are missing, which are refused."""

from __future__ import annotations

import codecs
import os
import re
import shutil
import stat
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat.reader import NotJSONError

from splitgrade.errors import RefusedNotebookError
from splitgrade.submission.timestamp import read_timestamp

MAX_NOTEBOOK_BYTES = 20_000_000  # a notebook with a hundred plots has about 5 MB
MAX_NOTEBOOK_PARTS = 300_000  # lists and objects, half a kilobyte each in memory; a hundred plots have 1,000
MAX_FILES_BYTES = 50_000_000  # of all other files together
MAX_NAME_BYTES = 1000  # of a file's name with its folders; the system's own bound is 4096 for the whole path
MAX_FURTHER_NOTEBOOKS = 20  # under names that the assignment does not have
IGNORED = {".ipynb_checkpoints", "__pycache__"}
NOT_USED = {".py", ".pyc", ".pyd", ".pth", ".so"}  # beside a notebook they would shadow the modules that it imports
_TEXT_IN_JSON = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)


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
    notebooks : dict of str to NotebookNode
        The accepted notebooks as they were read; the files may change meanwhile.
    """

    accepted: dict[str, Path] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    notebooks: dict[str, Any] = field(default_factory=dict)

    def accept(self, name: str, path: Path, notebook: Any) -> None:
        """Take a file for a notebook of the assignment."""
        self.accepted[name], self.notebooks[name] = path, notebook


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
            notebook = read_notebook(path)
            _belongs(grade_ids(notebook), name, ids, expected)
        except RefusedNotebookError as error:
            found.refused[name] = str(error)
        else:
            found.accept(name, path, notebook)
    further = sorted(path for path in folder.glob("*.ipynb") if path.stem not in expected)
    for path in further[:MAX_FURTHER_NOTEBOOKS]:
        _take_renamed(path, found, expected)
    if len(further) > MAX_FURTHER_NOTEBOOKS:
        found.notes.append(f"{len(further)} notebooks of other names; the first {MAX_FURTHER_NOTEBOOKS} are looked at")
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
    try:
        content = path.read_bytes()
    except PermissionError:
        raise RefusedNotebookError("the file is closed to the grader: its mode allows no reading") from None
    if not content.strip():
        raise RefusedNotebookError("the file is empty")
    _check_parts(content)
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
    for path in _other_files(folder, inspection.notes):
        inside = path.relative_to(folder)
        if (ours / inside).is_file():
            continue
        if (ours / inside).is_dir() or any((ours / above).is_file() for above in inside.parents):
            inspection.notes.append(f"{inside} left out: the assignment's own files have its place")
            continue
        left -= path.stat().st_size
        if path.suffix in NOT_USED or left < 0:
            why = "Python files beside a notebook are not used" if left >= 0 else "too many bytes of other files"
            inspection.notes.append(f"{inside} left out: {why}")
        elif inside.as_posix() == "timestamp.txt" and read_timestamp(path) is None:
            inspection.notes.append("timestamp.txt left out: it holds no time")
        elif not os.access(path, os.R_OK, effective_ids=True):
            inspection.notes.append(f"{inside} left out: its mode allows no reading")
        else:
            (target / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / inside)


def _check_parts(content: bytes) -> None:
    """Refuse what would fill the memory as Python objects: 20 MB of JSON can hold ten million empty lists."""
    brackets = content.count(b"[") + content.count(b"{")
    if brackets > MAX_NOTEBOOK_PARTS:  # in text they cost nothing, and that may be most of a notebook
        structure = _TEXT_IN_JSON.sub(b"", content)
        brackets = structure.count(b"[") + structure.count(b"{")
    if brackets > MAX_NOTEBOOK_PARTS:
        most = f"at most {MAX_NOTEBOOK_PARTS} are read"
        raise RefusedNotebookError(f"not a notebook: the file has {brackets} lists and objects; {most}")


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
        notebook = read_notebook(path)
    except RefusedNotebookError as error:
        found.notes.append(f"{path.name} left out: {error}")
        return
    ids = grade_ids(notebook)
    fits = [name for name in found.missing if ids & expected[name]]
    if len(fits) == 1:
        found.missing.remove(fits[0])
        found.accept(fits[0], path, notebook)
        found.notes.append(f"{path.name} taken for {fits[0]}.ipynb")
    else:
        found.notes.append(f"{path.name} left out: it is none of the missing notebooks")


def _other_files(folder: Path, notes: list[str]) -> Iterator[Path]:
    """Yield the regular files of a submission that are no notebooks; links are not followed."""
    for place, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(set(folders) - IGNORED)
        above = Path(place).relative_to(folder)
        for name in (*folders, *sorted(names)):
            if len(os.fsencode(above / name)) > MAX_NAME_BYTES:
                notes.append(f"{str(above / name)[:100]}... left out: its name is longer than {MAX_NAME_BYTES} bytes")
                folders[:] = [each for each in folders if each != name]
            elif name in folders and name.endswith(".ipynb"):
                notes.append(f"{above / name} left out: a folder with the name of a notebook")
                folders[:] = [each for each in folders if each != name]
            elif name in folders:
                continue
            elif (path := Path(place, name)).suffix != ".ipynb" and stat.S_ISREG(path.lstat().st_mode):
                yield path


def _first_line(error: Exception) -> str:
    """Return what an error says, shortly."""
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0][:160]
