"""The folder that a submission is graded in: what a student handed in beside the notebooks."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from splitgrade.sandbox.limits import MAX_NAME_BYTES, MAX_STAGED_BYTES
from splitgrade.submission.intake import Inspection
from splitgrade.submission.names import is_surrogate, shown
from splitgrade.submission.snapshot import File

MAX_PART_BYTES = 255  # of one part of it: what file systems take
NOT_USED = frozenset({".py", ".pyc", ".pyd", ".pth", ".so"})  # they would shadow the modules that a notebook imports


def stage(inspection: Inspection, target: Path, ours: Path) -> None:
    """Write a student's other files into an empty folder; links and Python files stay behind, with a note.

    The bytes are those that `inspect` read. The assignment's own files are not written: nbgrader puts the instructor's
    versions beside the notebooks. Nor are notebooks: they are graded from memory.

    Parameters
    ----------
    inspection : Inspection
        What `inspect` said of the submission; notes are added.
    target : Path
        A folder that does not exist yet.
    ours : Path
        The instructor's version of the assignment.
    """
    target.mkdir(parents=True)
    unpacked = {f"{name}/" for name in inspection.snapshot.files.keys() - inspection.files.keys()}
    above = sorted({file.folder for file in inspection.accepted.values()} | unpacked, key=len, reverse=True)
    left = MAX_STAGED_BYTES
    for file in inspection.files.values():
        inside = _beside_the_notebook(file.name, above)
        if file.kind in ("link", "other") and file.base != "timestamp.txt" and ".ipynb" not in file.base.casefold():
            inspection.notes.append(f"{shown(inside)[:100]} left out: it is a link, a pipe or a device")
        if file.kind != "file" or ".ipynb" in file.base.casefold() or file in inspection.accepted.values():
            continue
        why = _why_not(file, inside, inspection, ours, left)
        if why is None:
            continue
        if why or not _write(target / inside, file.content or b""):
            inspection.notes.append(f"{shown(inside)[:100]} left out: {why or 'another file has its place'}")
            continue
        left -= file.size


def _beside_the_notebook(name: str, above: list[str]) -> str:
    """Return the name of a file as its notebook knows it: notebook and data may lie in a folder of their own."""
    return next((name[len(folder) :] for folder in above if folder and name.startswith(folder)), name)


def _why_not(file: File, inside: str, inspection: Inspection, ours: Path, left: int) -> str | None:
    """Return why a file stays behind: empty where it does not, None where that has been said already."""
    if inside == "timestamp.txt" and (inspection.handed_in.time is None or file.name != "timestamp.txt"):
        return None
    parts = inside.encode("utf-8", "surrogateescape").split(b"/")
    if len(b"/".join(parts)) > MAX_NAME_BYTES or max(map(len, parts)) > MAX_PART_BYTES:
        return f"its name is longer than {MAX_NAME_BYTES} bytes"
    if is_surrogate(inside):
        return "its name is not UTF-8 text"
    if (ours / inside).is_file():
        return None
    if (ours / inside).is_dir() or any((ours / place).is_file() for place in PurePosixPath(inside).parents):
        return "the assignment's own files have its place"
    if any(part.lower().endswith(b".ipynb") for part in parts[:-1]):
        return "it lies in a folder with the name of a notebook"
    if PurePosixPath(inside).suffix in NOT_USED:
        return "Python files beside a notebook are not used"
    if file.content is None:
        return file.why
    return "too many bytes of other files" if file.size > left else ""


def _write(path: Path, content: bytes) -> bool:
    """Write a file; return False where a file or folder is in its way, for several archives may hold the same names."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            return False
        path.write_bytes(content)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        return False
    return True
