"""The instructor's notebook behind the one that is being converted."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.coursedir import CourseDirectory


def course_directory(configurable: Any) -> Any:
    """Return the course directory of the converter that a preprocessor or exporter works for.

    Parameters
    ----------
    configurable : traitlets.config.Configurable
        A preprocessor or exporter. nbgrader's converter, somewhere above it, knows the course; without one (a
        conversion by hand) the configuration does.
    """
    above = configurable
    while above is not None:
        if getattr(above, "coursedir", None) is not None:
            return above.coursedir
        above = above.parent
    return CourseDirectory(config=configurable.config)


def source_folder(configurable: Any, assignment: str) -> Path:
    """Return the folder of the instructor's version of an assignment."""
    course = course_directory(configurable)
    return Path(course.format_path(course.source_directory, ".", assignment))


def files_below(folder: Path, left_out: Sequence[str]) -> list[Path]:
    """Return all files of a folder but those that a pattern leaves out, or whose folder one does.

    nbgrader's own function of this kind takes the path of the folder for a pattern, too; in ``Teaching [2026]`` it
    leaves out nothing at all, and hands the instructor's notebooks to students.

    Parameters
    ----------
    folder : Path
        Its path is a name, never a pattern.
    left_out : sequence of str
        Patterns such as ``*.pyc`` for names without folders.
    """
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _matches(name, left_out))
        found += [Path(place, name) for name in sorted(names) if not _matches(name, left_out)]
    return found


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def source_cells(configurable: Any, resources: Any) -> dict[str, Any]:
    """Return the instructor's cells of the notebook under conversion, by grade_id.

    Parameters
    ----------
    configurable : traitlets.config.Configurable
        The preprocessor that asks.
    resources : mapping
        nbgrader's resources: they name assignment and notebook.

    Raises
    ------
    FileNotFoundError
        When ``source/`` holds no such notebook.
    """
    names = resources["nbgrader"]
    path = source_folder(configurable, names["assignment"]) / f"{names['notebook']}.ipynb"
    return _cells(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)  # a class hands in the same few notebooks
def _cells(path: Path, _changed: int) -> dict[str, Any]:
    """Read one notebook; the time of its last change is part of the key."""
    notebook = nbformat.read(path, as_version=4)
    named = ((cell.metadata.get("nbgrader", {}).get("grade_id"), cell) for cell in notebook.cells)
    return {grade_id: cell for grade_id, cell in named if grade_id}
