"""Feedback pages for a class: one HTML file for each notebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from nbgrader.converters import GenerateFeedback
from traitlets.config import Config

from splitgrade.nbgrader.session import Outcome, convert


def write_feedback(
    root: Path, config: Config, assignment: str, students: Sequence[str]
) -> Iterator[tuple[str, Outcome]]:
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
    tuple of str and Outcome
        The student, and whether the pages could be made.
    """
    for student in students:
        outcome = convert(GenerateFeedback, config, assignment, student)
        folder = root / "feedback" / student / assignment
        if folder.is_dir():
            _keep_pages(folder, {path.stem for path in (root / "autograded" / student / assignment).glob("*.ipynb")})
        yield student, outcome


def graded_students(root: Path, assignment: str) -> list[str]:
    """Return who has autograded notebooks."""
    return sorted({path.parents[1].name for path in (root / "autograded").glob(f"*/{assignment}/*.ipynb")})


def _keep_pages(folder: Path, notebooks: set[str]) -> None:
    """Remove what nbgrader copies beside the pages: they need no other file, and a page that was handed in is none."""
    pages = {folder / f"{name}.html" for name in notebooks}
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path not in pages:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
