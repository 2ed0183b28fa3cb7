"""Edits made in JupyterLab go back into the text."""

from __future__ import annotations

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from cnn_course.authoring.build import build, outdated
from cnn_course.authoring.from_notebook import carry_over
from cnn_course.course import load_course
from cnn_course.errors import BuildError
from splitgrade.errors import CourseError

TEXT = "authoring/exercises/ex1.py"


@pytest.fixture
def edit(files):
    """Return a function that changes the built notebook as JupyterLab would, and carries it over."""
    course = load_course(files.root)
    build(course)
    path = files.root / "source/exercises/ex1.ipynb"

    def carry(change):
        notebook = nbformat.read(path, as_version=4)
        change({cell.id: cell for cell in notebook.cells}, notebook)
        nbformat.write(notebook, path)
        return carry_over(course, path)

    return carry


def test_an_unchanged_notebook_gives_back_the_text(files, edit):
    """Build and way back give the very text that was there."""
    before = (files.root / TEXT).read_text(encoding="utf-8")
    carried = edit(lambda _cells, _notebook: None)
    assert (files.root / TEXT).read_text(encoding="utf-8") == before
    assert (carried.file, carried.changed, carried.added, carried.removed) == (TEXT, (), (), ())


def test_an_edit_changes_only_its_cell(files, edit):
    """An edited cell is named, its text is in the file, outputs stay behind, source/ can be built anew."""

    def change(cells, _notebook):
        cells["ex1-try"].source = "size(30)"
        cells["ex1-try"].outputs = [new_output("stream", text="16")]
        cells["ex1-try"].execution_count = 7

    before = (files.root / TEXT).read_text(encoding="utf-8")
    assert edit(change).changed == ("ex1-try",)
    assert (files.root / TEXT).read_text(encoding="utf-8") == before.replace("size(3)", "size(30)")
    assert outdated(load_course(files.root)) == ["exercises/ex1.ipynb: differs in ex1-try"]  # the output


def test_new_cells_get_readable_names(files, edit):
    """Cells with random ids are named after the cell before them; no name is used twice."""

    def change(_cells, notebook):
        notebook.cells[4:4] = [new_code_cell("1", id="c0ffee00"), new_markdown_cell("two", id="0badc0de-1234")]

    assert edit(change).added == ("ex1-try-more", "ex1-try-more1")
    assert '# %% [markdown] id="ex1-try-more1"\n# two\n' in (files.root / TEXT).read_text(encoding="utf-8")


def test_removed_cells_are_named(edit):
    """A deleted cell is reported."""
    assert edit(lambda cells, notebook: notebook.cells.remove(cells["ex1-try"])).removed == ("ex1-try",)


def test_points_can_be_changed_in_the_notebook_only_with_the_check(files, edit):
    """An edit that breaks a rule is refused and the text stays as it was."""
    before = (files.root / TEXT).read_text(encoding="utf-8")
    with pytest.raises(BuildError, match="worth what its check is worth"):
        edit(lambda cells, _notebook: cells["ex1-size-test"].metadata.nbgrader.update(points=2))
    assert (files.root / TEXT).read_text(encoding="utf-8") == before


def test_a_copied_test_cell_is_refused(edit):
    """A cell that was copied with its grade_id would be graded twice."""
    with pytest.raises(BuildError, match="used once"):
        edit(lambda cells, notebook: notebook.cells.append(NotebookNode(cells["ex1-size-test"], id="aabbccdd")))


def test_a_released_notebook_is_refused(edit):
    """A notebook without solutions cannot replace the text."""

    def change(cells, _notebook):
        cells["ex1-size"].source = 'def size(n):\n    """Return the size."""\n    # YOUR CODE HERE'

    with pytest.raises(BuildError, match="SOLUTION region"):
        edit(change)


@pytest.mark.parametrize(
    ("name", "source"),
    [("ex1-try", 'a = 1\n# %% id="ex1-b"\nc = 2'), ("ex1-intro", "![a window](images/ex1-window.png)\n\n#!ls")],
)
def test_a_cell_that_text_cannot_hold_is_refused(files, edit, name, source):
    """A line that text would read as something else, such as a cell marker, is named and nothing is written."""
    before = (files.root / TEXT).read_text(encoding="utf-8")
    with pytest.raises(BuildError, match=f"(?s)cell {name}.*text keeps what a cell holds"):
        edit(lambda cells, _notebook: cells[name].update(source=source))
    assert (files.root / TEXT).read_text(encoding="utf-8") == before


def test_quizzes_and_strangers_are_refused(files):
    """A quiz is changed in its TOML file; a notebook of another folder belongs to no text."""
    course = load_course(files.root)
    build(course)
    with pytest.raises(CourseError, match=r"change authoring/quiz_week/quiz\.toml"):
        carry_over(course, files.root / "source/quiz_week/quiz.ipynb")
    with pytest.raises(CourseError, match=r"it has exercises/ex1\.ipynb"):
        carry_over(course, files.root / "ex1.ipynb")


def test_a_file_that_is_no_notebook_is_refused(files):
    """An unreadable file is named."""
    course = load_course(files.root)
    build(course)
    files.write("source/exercises/ex1.ipynb", "no JSON")
    with pytest.raises(CourseError, match=r"ex1\.ipynb: cannot be read"):
        carry_over(course, files.root / "source/exercises/ex1.ipynb")
