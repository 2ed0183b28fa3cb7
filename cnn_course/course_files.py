"""The course as it was shipped: its files in the wheel, or in the checkout that an editable install points to."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from splitgrade.errors import CourseError

FOLDERS = ("authoring", "source", "release", "demo", "autograded")
CONFIG = "nbgrader_config.py"
PACKAGES = ("cnn_ref", "grader_tests", "student_kit")  # a course has its own: a later version changes no verdict
_LEFT_OUT = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", ".*")
_GENERATED = ("autograded",)  # of these only the page that says what they are


def shipped() -> Path:
    """Return the folder with the files of the course.

    Raises
    ------
    CourseError
        When this installation has none.
    """
    here = Path(__file__).resolve().parent
    for folder in (here / "course_files", here.parent):
        if (folder / CONFIG).is_file() and (folder / "authoring").is_dir():
            return folder
    raise CourseError(f"this installation of cnn-course has no course: neither {here}/course_files nor a checkout")


def unpack(folder: Path) -> list[Path]:
    """Put the course into a folder that is not there yet, or empty; all of it or nothing.

    Parameters
    ----------
    folder : Path
        Where to.

    Returns
    -------
    list of Path
        What lies in it now.

    Raises
    ------
    CourseError
        When the folder holds something, or cannot be written to.
    """
    folder = Path(folder.expanduser().absolute())
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CourseError(f"{folder} is there already; a course is unpacked into a new or an empty folder")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as name:
            new = Path(name, "course")
            for source, target in _parts(new):
                if source.is_dir():
                    shutil.copytree(source, target, ignore=_LEFT_OUT)
                else:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(source, target)
            if folder.exists():
                folder.rmdir()
            new.rename(folder)
    except OSError as error:
        raise CourseError(f"the course cannot be unpacked into {folder}: {error.strerror or error}") from error
    return sorted(folder.iterdir())


def _parts(new: Path) -> Iterator[tuple[Path, Path]]:
    """Yield what is copied, and where to."""
    here = shipped()
    yield here / CONFIG, new / CONFIG
    for name in FOLDERS:
        yield (here / name / "README.md", new / name / "README.md") if name in _GENERATED else (here / name, new / name)
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            raise CourseError(f"this installation of cnn-course lacks its package {name}: install it again")
        yield Path(spec.origin).parent, new / name
