"""Three of nbgrader's own functions, replaced where they take a name for a pattern or a text for another time.

nbgrader calls them before any step that a configuration can name, so `configure` puts these in their place. What they
do for ordinary names and times is the same.
"""

from __future__ import annotations

import datetime
import fnmatch
import glob
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory

from splitgrade.errors import CourseError
from splitgrade.sandbox.limits import MAX_TIMESTAMP_BYTES
from splitgrade.submission.names import shown, student_fault
from splitgrade.submission.timestamp import read_timestamp

_nbgraders_search = BaseConverter.init_notebooks


def repair() -> None:
    """Put the replacements in their places; a second time changes nothing."""
    utils.is_ignored = is_ignored
    BaseConverter.init_notebooks = init_notebooks
    CourseDirectory.get_existing_timestamp = existing_timestamp


def is_ignored(filename: str, ignore_globs: Sequence[str] | None = None) -> bool:
    """Return whether the name of a file fits one of the patterns; nbgrader's takes its folders for patterns, too."""
    name = os.path.basename(filename)  # noqa: PTH119 - nbgrader has texts here
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in ignore_globs or ())


def init_notebooks(converter: Any) -> None:
    """Find the notebooks of a conversion: a folder that is there under the very name goes before a pattern."""
    course = converter.coursedir
    if isinstance(converter, Autograde):
        _check_released(course)
    converter.assignments, converter.notebooks = {}, []
    assignment, student = (_escaped(converter, name) for name in ("assignment_id", "student_id"))
    root = os.path.join(course.root, "")  # noqa: PTH118 - with the stroke at the end
    pattern = converter._format_source(assignment, student)
    inside = pattern[len(root) :] if pattern.startswith(root) else None
    for folder in sorted(glob.glob(pattern if inside is None else glob.escape(root) + inside)):  # noqa: PTH207
        if fault := student_fault(Path(folder).parent.name):
            converter.log.error("%s: refused: %s", shown(folder), fault)
            continue
        found = sorted(glob.glob(os.path.join(glob.escape(folder), f"{course.notebook_id}.ipynb")))  # noqa: PTH118, PTH207
        if found:
            converter.assignments[folder] = found
        else:
            converter.log.warning("No notebooks in %s", shown(folder))
    if not converter.assignments:
        _nbgraders_search(converter)  # its words for that


def _check_released(course: Any) -> None:
    """Say before anything is written that an assignment was not released; nbgrader leaves an empty folder behind.

    Raises
    ------
    CourseError
        When the gradebook does not know the assignment.
    """
    with Gradebook(course.db_url, course.course_id) as gradebook:
        try:
            gradebook.find_assignment(course.assignment_id)
        except MissingEntry:
            says = f"the gradebook does not know {course.assignment_id!r}: release it first"
            raise CourseError(says) from None


def existing_timestamp(course: Any, dest_path: str) -> datetime.datetime | None:
    """Return when something was handed in, as far as that is certain; nbgrader's guesses, or ends the run."""
    path = Path(dest_path, "timestamp.txt")
    try:
        with path.open("rb") as stream:
            found = read_timestamp(stream.read(MAX_TIMESTAMP_BYTES + 1))
    except OSError:
        return None
    if found.why:
        course.log.warning("%s: %s", shown(str(path)), found.why)
    return found.time


def _escaped(converter: Any, trait: str) -> str:
    """Return a name of the configuration as a pattern that fits it alone, where such a folder is there."""
    names = {each: getattr(converter.coursedir, each) for each in ("assignment_id", "student_id")}
    name: str = names[trait]
    if not glob.has_magic(name) or name == "*":
        return name
    others = {each: "*" if each == "student_id" else value for each, value in names.items()}
    parts = {**others, trait: glob.escape(name)}
    root = glob.escape(os.path.join(converter.coursedir.root, ""))  # noqa: PTH118
    pattern = converter._format_source(parts["assignment_id"], parts["student_id"])
    there = glob.glob(root + pattern[len(converter.coursedir.root) + 1 :])  # noqa: PTH207
    return glob.escape(name) if there else name
