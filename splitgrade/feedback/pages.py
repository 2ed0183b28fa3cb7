"""Feedback pages for a class: for each student one file of HTML for each notebook, and a start page."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from traitlets.config import Config

from splitgrade.errors import SandboxError
from splitgrade.feedback.converter import StudentFeedback
from splitgrade.feedback.own_outputs import engine_without_tests
from splitgrade.feedback.side_by_side import side_by_side
from splitgrade.nbgrader.execute import SplitExecute
from splitgrade.nbgrader.session import Conversion, convert
from splitgrade.submission.told import Told

FEW = 4  # students for whom no further worker is started


def _nothing(student: str) -> Told:  # noqa: ARG001 - as `told`
    return Told()


def write_feedback(
    root: Path,
    config: Config,
    assignment: str,
    students: Sequence[str],
    workers: int | None = None,
    *,
    told: Callable[[str], Told] = _nothing,
) -> Iterator[tuple[str, Conversion]]:
    """Make the pages of each student from the autograded notebooks; one that fails costs no other.

    Parameters
    ----------
    root : Path
        The course folder.
    config : Config
        nbgrader's configuration.
    assignment : str
        Which assignment.
    students : sequence of str
        Whose pages.
    workers : int, optional
        How many students at the same time; by default one a processor, where there are enough students for it.
    told : callable, optional
        Gives what became of a student's files, and why notebooks could not be graded; without any graded notebook a
        student has pages only where it says why.

    Yields
    ------
    tuple of str and Conversion
        The student, and whether the pages could be made; in the order of the students.

    Raises
    ------
    ValueError
        When ``workers`` is below 1.
    """
    if workers is None:
        workers = max(1, min(len(os.sched_getaffinity(0)), len(students) // FEW))
    if workers < 1:
        raise ValueError(f"workers must be at least 1, got {workers}")
    make = partial(_write_pages, root, config, assignment, told)
    if workers > 1:
        try:
            yield from side_by_side(make, students, engine_without_tests(SplitExecute(config=config)), workers)
        except SandboxError:
            pass  # nothing is run then, and each page says so
        else:
            return
    for student in students:
        yield student, make(student)


def _write_pages(root: Path, config: Config, assignment: str, told: Callable[[str], Told], student: str) -> Conversion:
    config = copy.deepcopy(config)
    config.StudentFeedback.told = told(student)
    # As a setting of the course: `convert` itself would write the name as a pattern for nbgrader's own search.
    return convert(StudentFeedback, config, assignment, student_id=student, root=str(root.resolve()))


def failure(student: str, outcome: Conversion) -> str:
    """Return why a student has no pages, as a line that a terminal can show whatever it holds."""
    line = f"{student}: no feedback: {outcome.reason}"
    return "".join(each if each.isprintable() else "\ufffd" for each in line)


def graded_students(autograded: Path, assignment: str) -> list[str]:
    """Return who has autograded notebooks."""
    folders = autograded.iterdir() if autograded.is_dir() else ()
    return sorted(path.name for path in folders if _has_notebooks(path / assignment))


def _has_notebooks(folder: Path) -> bool:
    return folder.is_dir() and any(path.suffix == ".ipynb" for path in folder.iterdir())
