"""Intake of a submission before anything is run: which files can be graded, which are missing, which are refused."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from splitgrade.errors import RefusedNotebookError
from splitgrade.sandbox.limits import MAX_FURTHER_NOTEBOOKS
from splitgrade.submission.archives import PACKED, is_archive, unpack
from splitgrade.submission.identity import Identity, likeness, names_in, work_in
from splitgrade.submission.names import shown
from splitgrade.submission.notebook_file import read_notebook
from splitgrade.submission.snapshot import File, Snapshot
from splitgrade.submission.timestamp import HandedIn, read_timestamp

MAX_PART = 255  # bytes of one part of a name; the system has no longer ones
SAME_TIME = 2.0  # seconds: a zip counts in steps of two
# Endings of files that somebody may hand in instead of a notebook.
_OTHER = (".pdf", ".html", ".htm", ".py", ".md", ".doc", ".docx", ".odt", ".rtf")
_WORK = frozenset(("", ".txt", ".json", *_OTHER))
# How Canvas and Moodle name the file or folder of one person in a download of all.
_CANVAS = re.compile(r"[^/_]+_(?:LATE_)?(\d+)_\d+_", re.IGNORECASE)
_MOODLE = re.compile(r"(?:^|/)[^/]*_(\d+)_assignsubmission_")


@dataclass
class Inspection:
    """What a submission holds.

    Parameters
    ----------
    snapshot : Snapshot
        All of it, as it was read.
    accepted : dict of str to File
        Notebook name -> the file that holds it (under another name or in a folder where a student put it there).
    refused : dict of str to str
        Notebook name -> why the file of this name cannot be graded, in words for instructor and student.
    unread : dict of str to str
        Notebook name -> what lies there that may be it, and could not be read as this notebook.
    missing : list of str
        Notebooks of which nothing lies there.
    notes : list of str
        What was put right or left out.
    notebooks : dict of str to NotebookNode
        The accepted notebooks, parsed.
    handed_in : HandedIn
        When, as far as that is certain.
    files : dict of str to File
        All files, those of unpacked archives among them.
    """

    snapshot: Snapshot
    accepted: dict[str, File] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    notebooks: dict[str, Any] = field(default_factory=dict)
    handed_in: HandedIn = field(default_factory=HandedIn)
    files: dict[str, File] = field(default_factory=dict)


@dataclass(frozen=True)
class _Candidate:
    """A file that is a notebook, and how much of it is a student's work."""

    file: File
    work: int
    notebook: Any = None  # of the usual file only: many parsed notebooks would fill the memory


def inspect(snapshot: Snapshot, expected: Mapping[str, Identity], ours: Path) -> Inspection:
    """Sort the files of a submission.

    Parameters
    ----------
    snapshot : Snapshot
        The submission.
    expected : mapping of str to Identity
        The assignment's notebooks, and what each is known by.
    ours : Path
        The instructor's version of the assignment: files of the same names are no clue.

    Returns
    -------
    Inspection
        Every expected notebook is in exactly one of ``accepted``, ``refused``, ``unread`` and ``missing``.
    """
    if snapshot.is_link:
        return Inspection(snapshot, refused=dict.fromkeys(expected, "the submission's folder is a link"))
    found = Inspection(snapshot, notes=list(snapshot.notes), files=dict(snapshot.files))
    _read_time(found)
    puzzling = _unpack(found, ours)  # what may be work and cannot be read: name -> why
    puzzling |= {file.name: file.why for file in found.files.values() if file.kind == "other" and file.why}
    if len(people := _people(found)) > 1:
        why = f"the files of {len(people)} people lie in one folder: {', '.join(sorted(people)[:5])}"
        found.refused = dict.fromkeys(expected, why)
        return found
    at_fault, fitting = _sort(found, expected, puzzling)
    for name in expected:
        if fitting[name]:
            _choose(found, name, fitting[name])
            found.notes += [f"{name}.ipynb left out: {at_fault[name]}"] if name in at_fault else []
        elif name in at_fault:
            found.refused[name] = at_fault[name]
        elif clues := [*_clues(name, expected, puzzling), *_instead(found, name, expected, ours)]:
            found.unread[name] = f"no {name}.ipynb, but something that could not be read as it: {_few(clues)}"
        elif f"{name}-checkpoint.ipynb" in snapshot.checkpoints:
            found.unread[name] = f"no {name}.ipynb, but a copy that Jupyter made of it, in .ipynb_checkpoints"
        else:
            found.missing.append(name)
    found.notes += [f"{shown(file)} left out: {why}" for file, why in puzzling.items()]
    return found


def _read_time(found: Inspection) -> None:
    file = found.files.get("timestamp.txt")
    if file is None:
        return
    found.handed_in = HandedIn(given=True, why=file.why) if file.why else read_timestamp(file.content)
    if found.handed_in.time is None:
        found.notes.append(f"timestamp.txt left out: it holds no time: {found.handed_in.why}; lateness is left open")
    elif found.handed_in.why:
        found.notes.append(f"timestamp.txt: {found.handed_in.why}")


def _unpack(found: Inspection, ours: Path) -> dict[str, str]:
    """Put the members of archives that hold notebooks among the files; return the archives that cannot be read."""
    puzzling = {}
    for file in [each for each in found.files.values() if is_archive(each)]:
        if (ours / file.name).is_file() and not file.base.endswith(".ipynb"):
            continue
        unpacked = unpack(file)
        holds_work = any(_is_work(member) for member in unpacked.members)
        if holds_work:
            found.files |= {member.name: member for member in unpacked.members}
            del found.files[file.name]
            found.notes.append(f"{shown(file.name)} was unpacked")
        if unpacked.why:
            puzzling[file.name] = unpacked.why
        inner = [member.name for member in unpacked.members if is_archive(member)]
        puzzling |= dict.fromkeys(inner, "an archive in an archive is not unpacked")
    return puzzling


def _people(found: Inspection) -> set[str]:
    """Return the numbers of the people whose work a learning platform would have put here under such names."""
    work = [file for file in found.files.values() if _is_work(file) or is_archive(file)]
    matches = [match for file in work for match in (_CANVAS.match(file.base), *_MOODLE.finditer(file.name)) if match]
    return {match[1] for match in matches}


def _is_work(file: File) -> bool:
    """Return whether a file is a notebook, or once was one: browsers and mail programs add endings."""
    name = file.base.casefold()
    if name.endswith(".ipynb"):
        return True
    if name.endswith((*_OTHER, *PACKED)) and ".ipynb" not in name:
        return False
    begin = (file.content or b"")[:1000].lstrip(b"\xef\xbb\xbf \r\n\t")
    return begin.startswith(b"{") and b'"nbformat"' in (file.content or b"")


def _sort(
    found: Inspection, expected: Mapping[str, Identity], puzzling: dict[str, str]
) -> tuple[dict[str, str], dict[str, list[_Candidate]]]:
    """Return why files with the right name cannot be graded, and the candidates for each notebook."""
    at_fault: dict[str, str] = {}
    fitting: dict[str, list[_Candidate]] = {name: [] for name in expected}
    pasted: dict[str, list[_Candidate]] = {name: [] for name in expected}
    own_names = {f"{name}.ipynb": name for name in expected}
    files = [file for file in found.files.values() if file.name in own_names or _is_work(file)]
    files.sort(key=lambda file: (file.name not in own_names, file.name))
    further = sum(file.name not in own_names for file in files)
    most = len(files) - further + MAX_FURTHER_NOTEBOOKS
    if further > MAX_FURTHER_NOTEBOOKS:
        says = f"{further} notebooks of other names or in other places"
        found.notes.append(f"{says}; the first {MAX_FURTHER_NOTEBOOKS} are looked at")
        puzzling |= dict.fromkeys([file.name for file in files[most:]], "there are too many notebooks")
    for file in files[:most]:
        own = own_names.get(file.name)
        try:
            notebook = read_notebook(file)
            name = _which(notebook, own, file, expected)
        except RefusedNotebookError as error:
            if own is not None:
                at_fault[own] = str(error)
            else:
                puzzling[file.name] = str(error)
            continue
        if own is not None and name != own:
            at_fault[own] = f"this is the notebook {name}, under the name {own}"
        work = work_in(notebook, expected[name])
        fitting[name].append(_Candidate(file, work, notebook if own is not None else None))
        for each in _pasted_into(notebook, name, expected):
            pasted[each].append(_Candidate(file, work_in(notebook, expected[each])))
    for name in expected:
        if not any(each.work for each in fitting[name]):
            fitting[name] += pasted[name]
    return at_fault, fitting


def _which(notebook: Any, own: str | None, file: File, expected: Mapping[str, Identity]) -> str:
    """Return the notebook of the assignment that a file holds.

    Raises
    ------
    RefusedNotebookError
        When it holds none of them.
    """
    alike = likeness(notebook, expected)
    named = own if own is not None else next(iter(_claims(file.name, expected)), "")
    best = max(alike, key=lambda name: (alike[name], name == named))
    if any(alike[best]):
        return best
    if any(isinstance(cell.metadata.get("nbgrader"), Mapping) for cell in notebook.cells) and names_in(notebook):
        raise RefusedNotebookError("it belongs to another assignment: none of its graded cells is of this one")
    raise RefusedNotebookError("it belongs to no assignment: it has no graded cell, and none of the assignment's texts")


def _pasted_into(notebook: Any, name: str, expected: Mapping[str, Identity]) -> list[str]:
    """Return the other notebooks of which a notebook holds most cells, too: somebody put them into one file."""
    others = {each: identity.ids - expected[name].ids for each, identity in expected.items() if each != name}
    names = names_in(notebook)
    return [each for each, ids in others.items() if 2 * len(names & ids) > len(ids)]


def _choose(found: Inspection, name: str, candidates: list[_Candidate]) -> None:
    """Take the newest of several files that hold work; of those of one moment the fullest; a blank one only alone."""
    filled = [each for each in candidates if each.work] or candidates
    newest = max(each.file.changed for each in filled)
    filled = [each for each in filled if newest - each.file.changed <= SAME_TIME]
    usual = f"{name}.ipynb"
    best = max(filled, key=lambda each: (each.work, each.file.name == usual, -len(each.file.name), each.file.name))
    found.accepted[name] = best.file
    found.notebooks[name] = best.notebook if best.notebook is not None else read_notebook(best.file)
    if best.file.name != usual:
        found.notes.append(f"{shown(best.file.name)} taken for {usual}")
    for each in candidates:
        if each is best:
            continue
        if each.file.content == best.file.content:
            why = f"the same as {shown(best.file.name)}"
        elif not each.work and best.work:
            why = f"it is blank, {shown(best.file.name)} is not"
        elif best.file.changed - each.file.changed > SAME_TIME:
            why = f"{shown(best.file.name)} is newer"
        else:
            why = f"as old as {shown(best.file.name)}, which " + ("is fuller" if best.work > each.work else "is taken")
        found.notes.append(f"{shown(each.file.name)} left out: {why}")


def _claims(name: str, expected: Iterable[str]) -> list[str]:
    """Return the notebooks that a file is named after (``ex41 (1).ipynb``), the longest name first."""
    base = _CANVAS.sub("", name.rpartition("/")[2], count=1).casefold()
    found = [each for each in expected if base.startswith(each.casefold())]
    return sorted((each for each in found if not base[len(each) :][:1].isalnum()), key=len, reverse=True)


def _clues(name: str, expected: Mapping[str, Identity], puzzling: Mapping[str, str]) -> list[str]:
    """Return the unreadable files that may be a notebook: those named after it, or after none."""
    found = []
    for file, why in puzzling.items():
        claimed = _claims(file, expected)
        if not claimed or name in claimed:
            found.append(f"{shown(file)} ({why})")
    return found


def _instead(found: Inspection, name: str, expected: Mapping[str, Identity], ours: Path) -> list[str]:
    """Return the files that were handed in instead of a notebook, such as its printout."""
    return [
        f"{shown(file.name)} (it is no notebook)"
        for file in found.files.values()
        if file.kind == "file"
        and PurePosixPath(file.base).suffix.casefold() in _WORK
        and name in _claims(file.name, expected)
        and not _is_ours(file.name, ours)
        and not _is_work(file)
    ]


def _is_ours(name: str, ours: Path) -> bool:
    """Return whether a file was handed out with the assignment, wherever a student put the folder."""
    parts = PurePosixPath(name).parts
    if max(len(os.fsencode(part)) for part in parts) > MAX_PART:
        return False
    return any(ours.joinpath(*parts[start:]).is_file() for start in range(len(parts)))


def _few(clues: list[str]) -> str:
    return ", ".join(clues[:3]) + (f" and {len(clues) - 3} more" if len(clues) > 3 else "")
