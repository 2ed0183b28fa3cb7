"""From texts to notebooks: what is written, and that nothing is written when a rule is broken."""

from __future__ import annotations

import json

import nbformat
import numpy as np
import pytest
from matplotlib.image import imread, imsave
from nbgrader.nbgraderformat import reads as nbgrader_reads

from cnn_course.authoring.build import build, outdated
from cnn_course.course import load_course
from cnn_course.errors import BuildError


def test_source_holds_notebooks_pictures_and_kit(files):
    """A build writes exactly the notebooks, the pictures and the students' files."""
    build(load_course(files.root))
    assert set(files.snapshot("source")) == {
        "exercises/ex1.ipynb",
        "exercises/images/ex1-window.png",
        "exercises/questions.json",
        "exercises/small_kit/__init__.py",
        "exercises/small_kit/examples.py",
        "quiz_week/questions.json",
        "quiz_week/quiz.ipynb",
        "quiz_week/small_kit/__init__.py",
        "quiz_week/small_kit/examples.py",
    }


def test_folders_are_those_of_the_configuration(files):
    """Source and release lie where nbgrader, too, will look for them."""
    stub = "c.ClearSolutions.code_stub"
    moved = 'c.CourseDirectory.source_directory, c.CourseDirectory.release_directory = "teachers", "handout"'
    files.change("nbgrader_config.py", stub, f"{moved}\n{stub}")
    course = load_course(files.root)
    build(course)
    assert (files.root / "teachers/exercises/ex1.ipynb").is_file()
    assert outdated(course) == []
    assert course.release == files.root / "handout"
    assert not (files.root / "source").exists()


def test_two_builds_are_equal_byte_for_byte(files):
    """Building twice gives the same bytes."""
    course = load_course(files.root)
    build(course)
    first = files.snapshot("source")
    build(course)
    assert files.snapshot("source") == first


def test_nothing_is_left_beside_source(files):
    """The temporary folder of a build is gone afterwards, after a failure too."""
    before = {path.name for path in files.root.iterdir()}
    build(load_course(files.root))
    files.change("authoring/exercises/ex1.py", "points=0.75", "points=0.5")
    with pytest.raises(BuildError):
        build(load_course(files.root))
    assert {path.name for path in files.root.iterdir()} == before | {"source"}


def test_cells_carry_what_nbgrader_reads(files):
    """Cell ids are the names; nbgrader's metadata say who owns a cell and what it is worth."""
    build(load_course(files.root))
    text = (files.root / "source/exercises/ex1.ipynb").read_text(encoding="utf-8")
    notebook = nbgrader_reads(text, as_version=4)  # nbgrader validates schema, points and unique ids
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    table = {cell.id: cell.metadata.get("nbgrader") for cell in notebook.cells}
    assert table["ex1-intro"] is None
    assert table["ex1-try"] is None
    flags = {name: (m["grade"], m["solution"], m["locked"], m.get("points")) for name, m in table.items() if m}
    assert flags == {
        "ex1-setup": (False, False, True, None),
        "ex1-size": (False, True, False, None),
        "ex1-size-test": (True, False, True, 1),
        "ex1-why": (True, True, False, 0.75),
    }
    assert all(m["grade_id"] == name and m["schema_version"] == 3 and not m["task"] for name, m in table.items() if m)


def test_notebooks_name_no_machine(files):
    """A notebook holds no output, no execution count and no version of Python."""
    build(load_course(files.root))
    for path in files.root.glob("source/*/*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert "version" not in notebook.metadata.language_info
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert code
        assert all(cell.outputs == [] and cell.execution_count is None for cell in code)


def test_quiz_becomes_prompt_answer_and_test(files):
    """Each quiz item is a prompt with a plain list, a variable with the key in its solution, and a test cell."""
    build(load_course(files.root))
    notebook = nbformat.read(files.root / "source/quiz_week/quiz.ipynb", as_version=4)
    cells = {cell.id: cell.source for cell in notebook.cells}
    assert "- **a)** the picture\n- **b)** the filter" in cells["q01-prompt"]
    lines = cells["q01"].split("\n")
    assert lines[0].startswith("q01 = ...")
    assert lines[1:] == ["### BEGIN SOLUTION", 'q01 = "b"', "### END SOLUTION"]
    assert cells["q02"].split("\n")[2] == "q02 = 9"
    assert cells["q01-test"].startswith('check("q01", lambda: q01)\n### BEGIN HIDDEN TESTS\n')
    assert notebook.cells[-1].source == 'from small_kit import progress\nprogress("quiz")'


def test_a_fresh_build_is_up_to_date(files):
    """Directly after a build nothing is outdated."""
    course = load_course(files.root)
    build(course)
    assert outdated(course) == []


def test_check_names_the_changed_cell(files):
    """The check names file and cell of an edit, and writes nothing."""
    course = load_course(files.root)
    build(course)
    files.change("authoring/exercises/ex1.py", "size(3)", "size(4)")
    before = files.snapshot("source")
    assert outdated(course) == ["exercises/ex1.ipynb: differs in ex1-try"]
    assert files.snapshot("source") == before


def test_check_names_missing_and_stray_files(files):
    """The check names files that are missing and files that nothing makes."""
    course = load_course(files.root)
    build(course)
    (files.root / "source/quiz_week/quiz.ipynb").unlink()
    files.write("source/exercises/notes.txt", "mine")
    assert outdated(course) == [
        "quiz_week/quiz.ipynb: is missing",
        "exercises/notes.txt: belongs to nothing in authoring/",
    ]


@pytest.mark.parametrize(("levels", "lines"), [(2, []), (3, ["exercises/images/ex1-window.png: looks different"])])
def test_pictures_are_compared_by_what_is_seen(files, levels, lines):
    """A picture may differ by two levels in each channel, not by three."""
    course = load_course(files.root)
    build(course)
    path = files.root / "source/exercises/images/ex1-window.png"
    pixels = np.round(imread(path) * 255).astype(np.int64)
    moved = np.where(pixels < 128, pixels + levels, pixels - levels)
    imsave(path, moved.astype(np.uint8))
    assert outdated(course) == lines


def test_a_build_keeps_the_bytes_of_equal_pictures(files):
    """A picture that looks the same is not written anew."""
    course = load_course(files.root)
    build(course)
    path = files.root / "source/exercises/images/ex1-window.png"
    imsave(path, np.round(imread(path) * 255).astype(np.uint8), metadata={"Software": "another machine"})
    other = path.read_bytes()
    build(course)
    assert path.read_bytes() == other


def test_edited_json_without_cells_is_named(files):
    """A file of source/ that is no notebook any more is named as such."""
    course = load_course(files.root)
    build(course)
    files.write("source/exercises/ex1.ipynb", json.dumps({"cells": 3}))
    assert outdated(course) == ["exercises/ex1.ipynb: differs (it is no readable notebook)"]


def test_instructions_are_filled_and_travel_where_there_are_any(files):
    """START-HERE.md and requirements.txt of authoring/ lie beside the notebooks of each assignment."""
    files.write("authoring/START-HERE.md", "# {title} in {folder}\n{notebooks}\n")
    files.write("authoring/requirements.txt", "numpy\n")
    build(load_course(files.root))
    written = files.snapshot("source")
    assert written["quiz_week/requirements.txt"] == b"numpy\n"
    assert written["exercises/START-HERE.md"].decode().startswith("# exercises in exercises\n- `ex1.ipynb`: ")
