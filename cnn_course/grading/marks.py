"""The few changes that a grading run makes to the gradebook beside nbgrader's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import MissingEntry
from nbgrader.utils import is_grade, is_solution, parse_utc

Marked = dict[tuple[str, str], str]  # (notebook, grade_id) -> the text that was marked


def read(gradebook: Any, root: Path, assignment: str, student: str) -> Marked:
    """Return the written answers that a person has marked, with the text that was marked.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        An open gradebook.
    root : Path
        The course folder.
    assignment, student : str
        Whose answers to what.
    """
    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        return {}
    done = {
        (notebook.name, grade.name)
        for notebook in submission.notebooks
        for grade in notebook.grades
        if grade.manual_score is not None and not grade.needs_manual_grade
    }
    texts = _written(root, assignment, student, {name for name, _ in done})
    return {key: texts[key] for key in done if key in texts}


def restore(gradebook: Any, root: Path, assignment: str, student: str, earlier: Marked) -> None:
    """Take the request for marking back where the answer is still the text that was marked.

    nbgrader asks for every manual mark anew on each run, and an instructor who corrects one hidden test would have
    to look at every written answer of the class again.
    """
    texts = _written(root, assignment, student, {name for name, _ in earlier})
    for (notebook, grade_id), text in earlier.items():
        if texts.get((notebook, grade_id)) == text:
            gradebook.find_grade(grade_id, notebook, assignment, student).needs_manual_grade = False
    gradebook.db.commit()


def ensure(gradebook: Any, root: Path, assignment: str, student: str) -> None:
    """Make sure that student and submission are in the gradebook, also where nothing could be graded."""
    gradebook.update_or_create_student(student)
    path = root / "submitted" / student / assignment / "timestamp.txt"
    try:
        timestamp = parse_utc(path.read_text(encoding="utf-8").strip()) if path.is_file() else None
    except (ValueError, OverflowError):
        timestamp = None  # said in the notes of the inspection
    values = {} if timestamp is None else {"timestamp": timestamp}
    gradebook.update_or_create_submission(assignment, student, **values)


def clear(gradebook: Any, assignment: str, student: str, notebook: str, score: float | None) -> None:
    """Give every cell of a notebook that was not graded the same score.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        An open gradebook.
    assignment, student, notebook : str
        Whose notebook.
    score : float or None
        0 where the submission is at fault; None where the run is: the points stay open.
    """
    for grade in gradebook.find_submission_notebook(notebook, assignment, student).grades:
        grade.auto_score = score
        grade.needs_manual_grade = score is None
    gradebook.db.commit()


def _written(root: Path, assignment: str, student: str, notebooks: set[str]) -> Marked:
    """Return the written answers in the autograded notebooks."""
    texts: Marked = {}
    for name in notebooks:
        path = root / "autograded" / student / assignment / f"{name}.ipynb"
        if path.is_file():
            for cell in nbformat.read(path, as_version=4).cells:
                if is_grade(cell) and is_solution(cell):
                    texts[name, cell.metadata.nbgrader["grade_id"]] = cell.source
    return texts
