"""`python -m student_kit`: the public checks of a notebook in a terminal."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import student_kit

ROOT = Path(student_kit.__file__).parents[1]
RIGHT = """
def conv_parameters(k, c, f):
    h, w = k if isinstance(k, tuple) else (k, k)
    return h * w * c + 1, (h * w * c + 1) * f
"""
CHECKS = ['check("ex41-conv-parameters", lambda: conv_parameters)', 'check("q01", lambda: q01)']


def status(folder, *cells, name="mine.ipynb"):
    """Return exit status and text for a notebook in a folder where only the kit is beside it."""
    if not (folder / "student_kit").exists():
        shutil.copytree(ROOT / "student_kit", folder / "student_kit", ignore=shutil.ignore_patterns("__pycache__"))
    if cells:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        nbformat.write(notebook, folder / name)
    program = f"import sys; sys.path.insert(0, {str(folder)!r}); sys.argv = ['student_kit', {name!r}]\n"
    program += "import runpy; runpy.run_module('student_kit', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def test_a_finished_notebook_has_status_0(tmp_path):
    """Right so far and answered: nothing is open."""
    code, text = status(tmp_path, "%matplotlib inline\nfrom student_kit import check", RIGHT, 'q01 = "a"', *CHECKS)
    assert code == 0
    assert "✓ ex41-conv-parameters" in text
    assert "● q01" in text
    assert "2 of 2" in text


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("q01 = c", 'q01 = "c"'),
        ('q01 = "c', "not closed"),
        ("q01 = ...", "not answered yet"),
        ("raise SystemExit", "SystemExit"),
        ("q01 = input()", "EOFError"),
        ('q01 = "x"', "one letter out of"),
    ],
)
def test_a_slip_has_status_1_and_costs_one_question(tmp_path, cell, wanted):
    """The cell is named, the other question still counts."""
    code, text = status(tmp_path, "from student_kit import check", cell, RIGHT, *CHECKS)
    assert code == 1
    assert wanted in text
    assert "1 of 2" in text


def test_questions_of_the_manifest_cannot_be_left_out(tmp_path):
    """A question whose check cell was deleted is still open."""
    questions = [{"id": name, "title": "", "answer": name} for name in ("q01", "q02")]
    (tmp_path / "questions.json").write_text(json.dumps({"notebooks": {"mine": questions}}))
    code, text = status(tmp_path, 'q01 = "a"')
    assert code == 1
    assert "q02: not answered yet" in text


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"cells": [{"cell_type": "code"}]}', '{"cells": []}'])
def test_what_is_no_notebook_has_status_2(tmp_path, content):
    """A sentence, no traceback."""
    (tmp_path / "mine.ipynb").write_text(content)
    code, text = status(tmp_path)
    assert code == 2
    assert "mine.ipynb" in text
    assert status(tmp_path, name="nowhere.ipynb")[0] == 2
