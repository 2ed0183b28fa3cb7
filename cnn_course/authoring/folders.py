"""Generated folders: made aside, compared file by file, put in place in one step."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from cnn_course.authoring.pictures import same_picture

_LITTER = ("__pycache__", "*.pyc", ".ipynb_checkpoints", ".DS_Store")


@contextmanager
def scratch_folder(place: Path) -> Iterator[Path]:
    """Make an empty folder beside ``place``, so that it can be moved there, and leave nothing behind."""
    folder = Path(mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # gone already where it was moved


def swap(new: Path, place: Path) -> None:
    """Put the folder ``new`` where ``place`` is; the old folder goes only when the new one is there."""
    new.chmod(0o755)  # temporary folders are closed to others
    old = new.with_name(f"{new.name}-old")
    if place.exists():
        place.rename(old)
    try:
        new.rename(place)
    except OSError:
        if old.exists():
            old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def copy_clean(path: Path, target: Path) -> None:
    """Copy a file or folder into the folder ``target``, without what programs leave lying about."""
    if path.is_dir():
        shutil.copytree(path, target / path.name, ignore=shutil.ignore_patterns(*_LITTER))
    else:
        shutil.copyfile(path, target / path.name)


def list_files(folder: Path) -> frozenset[str]:
    """Return the files below a folder as relative paths, without what programs leave lying about."""
    return frozenset(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not any(part.match(litter) for part in _parts(path, folder) for litter in _LITTER)
    )


def differences(old: Path, new: Path) -> list[str]:
    """Return one line for each file that differs: bytes for notebooks and code, looks for pictures.

    Parameters
    ----------
    old : Path
        The folder as it lies there.
    new : Path
        The folder as it would be made now.
    """
    have, want = list_files(old) if old.is_dir() else frozenset(), list_files(new)
    lines = [f"{name}: is missing" for name in sorted(want - have)]
    lines += [f"{name}: belongs to nothing in authoring/" for name in sorted(have - want)]
    for name in sorted(have & want):
        if name.endswith(".png"):
            if not same_picture(old / name, new / name):
                lines.append(f"{name}: looks different")
        elif (old / name).read_bytes() != (new / name).read_bytes():
            cells = _changed_cells(old / name, new / name) if name.endswith(".ipynb") else ""
            lines.append(f"{name}: differs{cells}")
    return lines


def keep_equal_pictures(old: Path, new: Path) -> None:
    """Take the old bytes of each picture that looks the same: a build on another machine changes no file."""
    for name in sorted(list_files(new)):
        if name.endswith(".png") and (old / name).is_file() and same_picture(old / name, new / name):
            shutil.copyfile(old / name, new / name)


def _parts(path: Path, folder: Path) -> tuple[Path, ...]:
    """Return each step of a path below a folder, as a path of its own."""
    return tuple(Path(part) for part in path.relative_to(folder).parts)


def _changed_cells(old: Path, new: Path) -> str:
    """Name the cells in which two notebooks differ."""
    try:
        tables = [{cell["id"]: cell for cell in json.loads(path.read_text("utf-8"))["cells"]} for path in (old, new)]
    except (ValueError, KeyError, TypeError):  # edited by hand into something that is no notebook
        return " (it is no readable notebook)"
    names = [name for name in {**tables[1], **tables[0]} if tables[0].get(name) != tables[1].get(name)]
    return f" in {', '.join(names)}" if names else " in the order of the cells or in the metadata"
