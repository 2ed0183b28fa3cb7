"""The course of this repository: in sync, safe to release, and runnable from top to bottom."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from PIL import Image

from cnn_course.authoring.cells import Kind
from cnn_course.authoring.leaks import find_leaks
from cnn_course.authoring.notebook import to_cells, to_notebook
from cnn_course.authoring.pages import read_pages
from cnn_course.authoring.quiz import read_quiz
from cnn_course.authoring.text import write_text
from cnn_course.course import load_course
from splitgrade.execution.instructor import read_instructor_notebook
from splitgrade.nbgrader.session import load_config
from splitgrade.submission.restore import restore

ROOT = Path(__file__).parents[3]
COURSE = load_course(ROOT)
PAGES = read_pages(COURSE)
NOTEBOOKS = [f"{assignment}/{page.name}" for assignment, pages in PAGES.items() for page in pages]
TEXTS = {page.file: page for pages in PAGES.values() for page in pages if page.file.endswith(".py")}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_nothing_is_remarked_on_what_was_handed_out(name):
    """A notebook that comes back blank is restored without a word: no call in it is taken for an answer elsewhere."""
    instructor = read_instructor_notebook(ROOT / "source" / f"{name}.ipynb", load_config(ROOT))
    restored = restore(instructor, nbformat.read(ROOT / "release" / f"{name}.ipynb", as_version=4))
    assert restored.changes == ()


@pytest.mark.parametrize("file", TEXTS)
def test_text_survives_the_way_to_the_notebook_and_back(file):
    """Text, notebook, cells, text: byte for byte the same."""
    page = TEXTS[file]
    gaps = {cell.name: cell.gap for cell in page.cells}
    cells = [replace(cell, gap=gaps[cell.name]) for cell in to_cells(to_notebook(page))]
    assert write_text(cells) == (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("assignment", COURSE.assignments)
def test_the_committed_release_gives_nothing_away(assignment):
    """No marker, answer, hidden test, key, hint, explanation or rubric, and no file too many, is in release/."""
    assert find_leaks(COURSE, assignment, COURSE.release / assignment) == []


@pytest.mark.parametrize("assignment", [name for name, a in COURSE.assignments.items() if a.quiz])
def test_no_key_can_be_read_off_a_release(assignment):
    """Each quiz variable is assigned once in the release, and what it gets is `...`."""
    quiz_file = COURSE.assignments[assignment].quiz
    quiz = read_quiz(COURSE.authoring / assignment / quiz_file, quiz_file)
    lines = [
        line.split("#")[0].strip()
        for cell in nbformat.read(COURSE.release / assignment / f"{Path(quiz_file).stem}.ipynb", as_version=4).cells
        if cell.cell_type == "code"
        for line in cell.source.split("\n")
    ]
    for item in quiz.items:
        assert [line for line in lines if line.replace(" ", "").startswith(f"{item.id}=")] == [f"{item.id} = ..."]


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_what_an_answer_gets_is_said_in_few_lines(notebook):
    """The words in a function to be written are fewer than a page: one line a parameter."""
    said = [
        (node.name, len((ast.get_docstring(node) or "").splitlines()) - len(node.args.args))
        for cell in nbformat.read(COURSE.release / f"{notebook}.ipynb", as_version=4).cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.FunctionDef)
    ]
    assert [(name, lines) for name, lines in said if lines > 4] == []


@pytest.mark.parametrize("picture", sorted(COURSE.source.glob("*/images/*.png")), ids=lambda path: path.stem)
def test_no_picture_glares_on_a_dark_page(picture):
    """Its ground is not white: (height, width, 3) -> the brightest of its four corners."""
    with Image.open(picture) as opened:
        corners = np.asarray(opened.convert("RGB"))[:: opened.height - 1, :: opened.width - 1]
    assert corners.mean(axis=-1).max() < 240


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_blank_notebook_runs_from_top_to_bottom(notebook, tmp_path):
    """On a copied folder no cell raises or writes to stderr; every question is asked for, none with a bare 0.0."""
    assignment, name = notebook.split("/")
    folder = shutil.copytree(COURSE.release / assignment, tmp_path / assignment)
    released = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    NotebookClient(released, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    outputs = [output for cell in released.cells for output in cell.get("outputs", [])]
    assert [output for output in outputs if output.get("name") == "stderr"] == []
    tests = {cell.name for page in PAGES[assignment] for cell in page.cells if cell.kind is Kind.TEST}
    checks = [cell for cell in released.cells if cell.id in tests]
    assert [cell.id for cell in checks if not cell.outputs] == []
    assert [cell.id for cell in checks for output in cell.outputs if output.output_type == "execute_result"] == []
    said = "".join(output.text for output in released.cells[-1].outputs if "text" in output)
    assert f"of {len(checks)} questions." in said
    printed = "".join(output.get("text", "") for output in outputs)
    assert [line for line in printed.splitlines() if set(line.split()) == {"None"}] == []


@pytest.mark.slow
def test_every_notebook_with_its_solutions_passes_nbval(tmp_path):
    """Run by nbval, no cell of a notebook of source/ fails."""
    folder = shutil.copytree(COURSE.source, tmp_path / "source")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval-lax", str(folder)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout
