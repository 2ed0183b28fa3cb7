"""A released assignment as one zip file to hand out."""

from __future__ import annotations

import zipfile
from pathlib import Path

from cnn_course.course import Course

FOLDER = "handouts"
MADE = (2000, 1, 1, 0, 0, 0)  # one time for all files: equal releases make equal bytes
READABLE = 0o644 << 16


def write_handout(course: Course, name: str) -> Path:
    """Write ``handouts/NAME.zip``: the released folder, under its own name.

    Parameters
    ----------
    course : Course
        Its ``release/`` holds the assignment.
    name : str
        The assignment.

    Returns
    -------
    Path
        The zip, which takes the place of an earlier one.
    """
    folder, target = course.release / name, course.root / FOLDER / f"{name}.zip"
    target.parent.mkdir(exist_ok=True)
    part = target.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
            entry = zipfile.ZipInfo(f"{name}/{path.relative_to(folder).as_posix()}", MADE)
            entry.external_attr, entry.compress_type = READABLE, zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return part.replace(target)
