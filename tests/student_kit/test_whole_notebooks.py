"""Whole notebooks, answered right and answered wrong: every cell runs, and each question says how it stands."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import nbformat
import pytest

import grader_tests
from grader_tests.answers import wrong_answers_of
from student_kit.terminal import OPEN, RIGHT, run_checks

SOURCE = Path(__file__).parents[2] / "source"
NOTEBOOKS = sorted(SOURCE.glob("cnn_exercises/*.ipynb")) + sorted(SOURCE.glob("cnn_chapters/*.ipynb"))


def run(notebook: nbformat.NotebookNode, path: Path, folder: Path) -> tuple[int, str]:
    """Run all cells of a notebook beside its manifest; return the exit status and what was said."""
    shutil.copy(path.parent / "questions.json", folder)
    nbformat.write(notebook, folder / path.name)
    out = io.StringIO()
    return run_checks(folder / path.name, out), out.getvalue()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_answered_right_every_question_holds(path: Path, tmp_path: Path) -> None:
    """With the instructor's solutions no cell stops, nothing is open."""
    status, said = run(nbformat.read(path, as_version=4), path, tmp_path)
    assert "stopped with" not in said
    assert (status, re.findall("^[✗·].*", said, re.MULTILINE)) == (RIGHT, [])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_answered_wrong_every_cell_still_runs(path: Path, tmp_path: Path) -> None:
    """With a known mistake in every answer no cell outside the answers stops, and all questions are reported."""
    notebook = nbformat.read(path, as_version=4)
    wrong_ones = 0
    for cell in notebook.cells:
        known = wrong_answers_of(cell.id)
        if cell.metadata.get("nbgrader", {}).get("solution") and known:
            cell.source = grader_tests.QUESTIONS[cell.id].source(known[0].answer, known[0].needs)
            wrong_ones += 1
    status, said = run(notebook, path, tmp_path)
    assert wrong_ones
    assert "stopped with" not in "".join(re.findall("^code cell.*", said, re.MULTILINE))
    questions = re.findall("^[✓✗●·] .*", said, re.MULTILINE)
    assert f"of {len(questions)} questions are right so far or answered." in said
    assert status == (OPEN if any(line[0] in "✗·" for line in questions) else RIGHT)
