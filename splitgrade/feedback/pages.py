"""Feedback pages for a class: for each student one file of HTML for each notebook, and a start page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from traitlets.config import Config

from splitgrade.feedback.converter import StudentFeedback
from splitgrade.nbgrader.session import Conversion, convert


def write_feedback(
    root: Path, config: Config, assignment: str, students: Sequence[str]
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

    Yields
    ------
    tuple of str and Conversion
        The student, and whether the pages could be made.
    """
    for student in students:
        # As a setting of the course: `convert` itself would write the name as a pattern for nbgrader's own search.
        traits = {"student_id": student, "root": str(root.resolve())}
        yield student, convert(StudentFeedback, config, assignment, **traits)


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
