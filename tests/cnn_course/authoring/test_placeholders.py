"""Points, numbers of questions and public examples in texts are filled by the build and put back by an edit."""

from __future__ import annotations

import nbformat

from cnn_course.authoring.build import build
from cnn_course.authoring.from_notebook import carry_over
from cnn_course.course import load_course

TEXT = "authoring/exercises/ex1.py"
NOTEBOOK = "source/exercises/ex1.ipynb"


def text_of(files, name):
    """Return the text of one cell of the notebook."""
    cells = nbformat.read(files.root / NOTEBOOK, as_version=4).cells
    return next(cell.source for cell in cells if cell.id == name)


def test_places_are_filled(files):
    """Points come with their unit where asked, examples as the list that the kit gives."""
    files.change("authoring/quiz_week/quiz.toml", "Two items.", "{questions:quiz} items, {worth:quiz}.")
    build(load_course(files.root))
    assert text_of(files, "ex1-examples") == "The size is worth 1 point of 1.75.\n\n- `size(5)` gives **3**."
    intro = nbformat.read(files.root / "source/quiz_week/quiz.ipynb", as_version=4).cells[0].source
    assert intro.endswith("2 items, 1.5 points.")


def test_points_in_prose_follow_the_points(files):
    """Where the points of a question change, every sentence that names them changes too."""
    files.change(TEXT, "points=1\n", "points=2\n")
    files.change(f"{files.checks}/__init__.py", '"ex1-size": "1"', '"ex1-size": "2"')
    files.change("authoring/course.toml", "ex1 = 1.75", "ex1 = 2.75")
    build(load_course(files.root))
    assert text_of(files, "ex1-examples").startswith("The size is worth 2 points of 2.75.")


def test_code_and_braces_stay_as_they_are(files):
    """Only texts are filled, and only what looks like a place: dictionaries and formulas are left alone."""
    files.change(TEXT, "size(3)", 'print("{points:ex1}")')
    files.change(TEXT, "Why is that so?", "Why is $2^{10}$ or {a: 1} so?")
    build(load_course(files.root))
    assert text_of(files, "ex1-try") == 'print("{points:ex1}")'
    assert text_of(files, "ex1-why-prompt") == "Why is $2^{10}$ or {a: 1} so?"


def test_an_edit_in_jupyterlab_keeps_the_places(files):
    """A line that was added goes into the text; the places beside it stay."""
    course = load_course(files.root)
    build(course)
    path = files.root / NOTEBOOK
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.id == "ex1-examples")
    cell.source = cell.source.replace("\n\n", "\n\nLook:\n\n")
    nbformat.write(notebook, path)
    assert carry_over(course, path).changed == ("ex1-examples",)
    text = (files.root / TEXT).read_text(encoding="utf-8")
    assert "# The size is worth {worth:ex1-size} of {points:ex1}.\n#\n# Look:\n#\n# {examples:ex1-size}\n" in text
