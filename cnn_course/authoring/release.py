"""Make ``release/`` with nbgrader, and let it through only when it gives nothing away."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from nbgrader.converters import GenerateAssignment

from cnn_course.authoring.attachments import attach_pictures
from cnn_course.authoring.build import outdated
from cnn_course.authoring.folders import differences, scratch_folder, swap
from cnn_course.authoring.leaks import find_leaks
from cnn_course.course import Course
from cnn_course.errors import BuildError
from splitgrade.errors import CourseError
from splitgrade.nbgrader.environment import prepare
from splitgrade.nbgrader.session import convert, load_config


def release(course: Course, names: Iterable[str] = ()) -> tuple[str, ...]:
    """Release assignments: ``nbgrader generate_assignment``, then the leak scan, then the swap.

    The gradebook learns the assignments' cells, as it does whenever nbgrader is called by hand.

    Parameters
    ----------
    course : Course
        Its ``source/`` must be up to date.
    names : iterable of str
        Assignments; all where none is given.

    Returns
    -------
    tuple of str
        What was released.

    Raises
    ------
    CourseError
        When ``source/`` is outdated, nbgrader fails, or the release would give something away
        (`BuildError`); ``release/`` stays as it was.
    """
    names = tuple(course.assignment(name).name for name in names) or tuple(course.assignments)
    _require_current_source(course)
    with scratch_folder(course.release) as folder:
        for name in names:
            generate(course, name, folder)
        _require_no_leaks(course, names, folder)
        course.release.mkdir(exist_ok=True)
        for name in names:
            swap(folder / name, course.release / name)
    return names


def outdated_release(course: Course) -> list[str]:
    """Return one line for each file of ``release/`` that differs from what would be released now.

    The gradebook of the course is not touched.

    Raises
    ------
    CourseError
        As `release`.
    """
    _require_current_source(course)
    with scratch_folder(course.release) as folder, TemporaryDirectory() as elsewhere:
        for name in course.assignments:
            generate(course, name, folder, gradebook=Path(elsewhere) / "gradebook.db")
        _require_no_leaks(course, course.assignments, folder)
        return differences(course.release, folder)


def generate(course: Course, name: str, folder: Path, gradebook: Path | None = None) -> None:
    """Run ``nbgrader generate_assignment`` with the course's own configuration, and put pictures into the notebooks.

    Parameters
    ----------
    course : Course
        Its root holds ``nbgrader_config.py``.
    name : str
        The assignment.
    folder : Path
        Gets the folder of the assignment.
    gradebook : Path, optional
        A SQLite file to use in place of the course's gradebook.

    Raises
    ------
    CourseError
        When nbgrader fails; the end of what it said is part of the message.
    """
    prepare()
    config = load_config(course.root)
    config.CourseDirectory.release_directory = str(folder)
    if gradebook is not None:
        config.CourseDirectory.db_url = f"sqlite:///{gradebook}"
    outcome = convert(GenerateAssignment, config, name)
    if not outcome.success or not (folder / name).is_dir():
        said = "\n".join([*outcome.log, outcome.reason][-15:])
        raise CourseError(f"nbgrader could not generate {name}:\n{said}")
    attach_pictures(folder / name)


def _require_current_source(course: Course) -> None:
    """Stop where ``source/`` is not what the texts say."""
    lines = outdated(course)
    if lines:
        found = "\n".join(f"  {line}" for line in lines)
        raise CourseError(f"source/ is not what authoring/ says; run: cnn-course build\n{found}")


def _require_no_leaks(course: Course, names: Iterable[str], folder: Path) -> None:
    """Stop where a folder that is about to be released gives something away."""
    problems = [problem for name in names for problem in find_leaks(course, name, folder / name)]
    if problems:
        raise BuildError("release", problems)
