"""Feedback pages for a class: one HTML file for each notebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from nbgrader.converters import GenerateFeedback
from rich.console import Console
from rich.progress import track
from traitlets.config import Config

from cnn_course.course import load_course
from cnn_course.nbgrader.redact_feedback import NO_PREVIEW
from cnn_course.nbgrader.session import Outcome, convert, load_config


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


@click.command("feedback")
@click.argument("assignment")
@click.option("--student", "students", multiple=True, help="Only this student; may be given several times.")
@click.option("--without-hints", is_flag=True, help="Leave the hints out, for feedback before the deadline.")
def feedback_command(assignment: str, students: tuple[str, ...], without_hints: bool) -> None:
    """Make the feedback pages of ASSIGNMENT in feedback/, one HTML file for each notebook."""
    course = load_course()
    course.assignment(assignment)
    config = load_config(course.root)
    config.RedactFeedback.withhold_hints = without_hints
    wanted = list(students) or graded_students(course.root, assignment)
    console, failed, withheld = Console(), 0, set()
    pages = write_feedback(course.root, config, assignment, wanted)
    for student, outcome in track(pages, description="feedback", total=len(wanted), console=console):
        if not outcome.success:
            failed += 1
            console.print(f"{student}: no feedback: {outcome.reason}", style="red", markup=False)
        withheld |= {line[line.index(NO_PREVIEW) :] for line in outcome.log if NO_PREVIEW in line}
    for line in sorted(withheld):  # the same reason for all, mostly
        console.print(line, style="yellow", markup=False)
    console.print(f"Feedback for {len(wanted) - failed} students lies in {course.root / 'feedback'}.")
    raise SystemExit(1 if failed else 0)


def _keep_pages(folder: Path, notebooks: set[str]) -> None:
    """Remove what nbgrader copies beside the pages: they need no other file, and a page that was handed in is none."""
    pages = {folder / f"{name}.html" for name in notebooks}
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path not in pages:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
