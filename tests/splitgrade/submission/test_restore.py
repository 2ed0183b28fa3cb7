"""Whatever comes back, the instructor's cells are run: text, kind, order, points and metadata."""

import base64
import copy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.utils import compute_checksum

from splitgrade.execution.instructor import read_instructor_notebook
from splitgrade.sandbox.limits import MAX_CELL_TEXT, MAX_OWN_CELLS
from splitgrade.submission.changes import changes_of
from splitgrade.submission.restore import restore

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n picture").decode()


@pytest.fixture
def instructor(notebooks, tmp_path):
    """Make a notebook with every kind of cell."""
    n = notebooks
    return n.instructor_notebook(
        tmp_path,
        new_markdown_cell("# Exercise", id="intro"),
        n.locked("setup", "import numpy as np"),
        n.answer("double", "def double(x):\n    return 2 * x"),
        n.tests_of("double-test", "assert double(4) == 8", points=2),
        new_code_cell("double(3)", id="try"),
        n.written("why", "Because.\n\n**Rubric**"),
        n.answer("later", "later = 4"),
        n.tests_of("later-test", "assert later == 4"),
        files={"data.csv": "1,2"},
    )


@pytest.fixture
def submitted(notebooks, instructor):
    """Make an honest submission."""
    notebook = notebooks.answered(instructor, double="def double(x):\n    return x + x", later="later = 4")
    next(cell for cell in notebook.cells if cell.id == "why").source = "My reasons"
    return notebook


def rules(restored):
    """Return rule and cell of each change."""
    return [(change.rule, change.cell) for change in restored.changes]


def cell_of(notebook, name):
    """Return a cell by its id."""
    return next(cell for cell in notebook.cells if cell.get("id") == name)


def texts(notebook):
    """Return id and text of every cell."""
    return [(cell.get("id"), cell.source) for cell in notebook.cells]


def test_an_honest_submission_is_only_given_its_hidden_tests_back(instructor, submitted):
    """Nothing is found, answers and own cells stay, tests are whole again."""
    restored = restore(instructor, submitted)
    assert rules(restored) == []
    assert [cell.id for cell in restored.notebook.cells] == [cell.id for cell in instructor.notebook.cells]
    assert cell_of(restored.notebook, "double").source == "def double(x):\n    return x + x"
    assert cell_of(restored.notebook, "why").source == "My reasons"
    assert "assert double(4) == 8" in cell_of(restored.notebook, "double-test").source
    nbformat.validate(restored.notebook)


def test_what_was_submitted_stays_as_it_was(instructor, submitted):
    """Restoring changes a copy."""
    before = copy.deepcopy(submitted)
    restore(instructor, submitted)
    assert submitted == before


def test_restoring_twice_changes_nothing_more(instructor, submitted):
    """A restored notebook is its own restored notebook, and keeps its changes."""
    cell_of(submitted, "double-test").source = "1"
    once = restore(instructor, submitted)
    twice = restore(instructor, once.notebook)
    assert twice.notebook == once.notebook
    assert twice.changes == once.changes == tuple(changes_of(once.notebook))


TAMPERING = {
    "edited test": (lambda nb: cell_of(nb, "double-test").update(source="1.0"), ("edited", "double-test")),
    "edited set-up": (lambda nb: cell_of(nb, "setup").update(source="np = None"), ("edited", "setup")),
    "removed test": (lambda nb: nb.cells.remove(cell_of(nb, "double-test")), ("missing", "double-test")),
    "removed answer and test": (
        lambda nb: [nb.cells.remove(cell_of(nb, name)) for name in ("double", "double-test")],
        ("missing", "double"),
    ),
    "everything removed": (lambda nb: nb.cells.clear(), ("missing", "later-test")),
    "duplicated test": (
        lambda nb: nb.cells.append(copy.deepcopy(cell_of(nb, "double-test"))),
        ("duplicate", "double-test"),
    ),
    "duplicated answer": (lambda nb: nb.cells.append(copy.deepcopy(cell_of(nb, "double"))), ("duplicate", "double")),
    "reordered": (lambda nb: nb.cells.reverse(), ("moved", "later")),
    "test turned to text": (
        lambda nb: cell_of(nb, "double-test").update(cell_type="markdown"),
        ("kind", "double-test"),
    ),
    "answer turned to text": (lambda nb: cell_of(nb, "double").update(cell_type="raw"), ("kind", "double")),
    "points": (lambda nb: marks_of(nb, "double-test").update(points=100), ("flags", "double-test")),
    "grade off": (lambda nb: marks_of(nb, "double-test").update(grade=False), ("flags", "double-test")),
    "solution on": (lambda nb: marks_of(nb, "double-test").update(solution=True), ("flags", "double-test")),
    "schema": (lambda nb: marks_of(nb, "double-test").update(schema_version=99), ("flags", "double-test")),
    "no schema": (lambda nb: marks_of(nb, "double-test").pop("schema_version"), ("flags", "double-test")),
    "grade_id": (lambda nb: marks_of(nb, "double-test").update(grade_id="x"), ("identity", "double-test")),
    "grade_id of another kind": (
        lambda nb: marks_of(nb, "double-test").update(grade_id=[1]),
        ("identity", "double-test"),
    ),
    "skip": (lambda nb: cell_of(nb, "double-test").metadata.update(tags=["skip-execution"]), ("tags", "double-test")),
    "own graded cell": (
        lambda nb: nb.cells.append(new_code_cell("1", metadata={"nbgrader": {"grade": True, "points": 9}})),
        ("foreign", ""),
    ),
    "unknown grade_id": (
        lambda nb: nb.cells.append(new_code_cell("1", metadata={"nbgrader": {"grade_id": "bonus", "grade": True}})),
        ("foreign", "bonus"),
    ),
    "metadata no mapping": (lambda nb: cell_of(nb, "double-test").update(metadata=5), ("identity", "double-test")),
    "nbgrader no mapping": (
        lambda nb: cell_of(nb, "double-test").metadata.update(nbgrader=[]),
        ("identity", "double-test"),
    ),
    "text no string": (lambda nb: cell_of(nb, "double").update(source=5), ("text", "")),
    "cell no mapping": (lambda nb: nb.cells.append(7), ("text", "")),
    "kind unknown": (lambda nb: nb.cells.append({"cell_type": "worm", "source": ""}), ("text", "")),
    "lone surrogate": (lambda nb: cell_of(nb, "double").update(source="'\ud800'"), ("text", "double")),
    "endless text": (lambda nb: cell_of(nb, "double").update(source="#" * (MAX_CELL_TEXT + 1)), ("text", "double")),
    "ten thousand cells": (
        lambda nb: nb.cells.extend(new_code_cell("1") for _ in range(10_000)),
        ("cells", ""),
    ),
}


def marks_of(notebook, name):
    """Return nbgrader's metadata of a cell."""
    return cell_of(notebook, name).metadata.nbgrader


def test_points_that_the_instructor_changed_since_the_release_are_nobodys_tampering(instructor, submitted):
    """The cell is held against the version that was handed out; what a student made of that is still said."""
    test, why = (cell_of(submitted, name) for name in ("double-test", "why"))
    test.metadata.nbgrader.points, why.metadata.nbgrader.points = 1, 5  # of last week; today's are 2 and 1
    test.source = "assert double(1) == 2"
    for cell in (test, why):
        cell.metadata.nbgrader.checksum = compute_checksum(cell)
    why.source = "My other reasons"
    assert rules(restore(instructor, submitted)) == []
    test.metadata.nbgrader.points = 100
    assert set(rules(restore(instructor, submitted))) == {("edited", "double-test"), ("flags", "double-test")}


@pytest.mark.parametrize("name", TAMPERING)
def test_tampering_is_put_right_and_reported(instructor, submitted, name):
    """The instructor's cells are there once, in order, with their own text and metadata; the change names the cell."""
    tamper, change = TAMPERING[name]
    tamper(submitted)
    restored = restore(instructor, submitted)
    assert change in rules(restored)
    known = [cell for cell in restored.notebook.cells if "nbgrader" in cell.metadata]
    assert [cell.metadata.nbgrader.grade_id for cell in known] == list(instructor.cells)
    for cell in known:
        source = instructor.cells[cell.metadata.nbgrader.grade_id]
        assert cell.metadata == source.metadata
        assert cell.cell_type == source.cell_type
        if not cell.metadata.nbgrader.solution:
            assert cell.source == source.source
        assert "return 2 * x" not in cell.source
    assert len(restored.notebook.cells) <= len(instructor.notebook.cells) + MAX_OWN_CELLS
    nbformat.validate(restored.notebook)
    nbformat.writes(restored.notebook).encode()


def test_a_missing_answer_is_the_released_one_and_never_the_solution(instructor, submitted):
    """A student who deletes an answer cell gets the stub back."""
    submitted.cells.clear()
    restored = restore(instructor, submitted)
    assert cell_of(restored.notebook, "double").source == instructor.released["double"]
    assert cell_of(restored.notebook, "later").source == instructor.released["later"]


def test_the_first_of_several_answers_counts_and_the_others_stay_behind_it(instructor, submitted):
    """A copied answer cell becomes an ordinary cell where it stood."""
    twin = copy.deepcopy(cell_of(submitted, "double"))
    twin.source, twin.id = "second = 1", "twin"
    submitted.cells.insert(submitted.cells.index(cell_of(submitted, "double-test")), twin)
    restored = restore(instructor, submitted).notebook
    assert cell_of(restored, "double").source == "def double(x):\n    return x + x"
    assert cell_of(restored, "twin").metadata == {}
    order = [cell.id for cell in restored.cells]
    assert order.index("double") < order.index("twin") < order.index("double-test")


def test_own_cells_keep_their_text_and_lose_their_metadata(instructor, submitted):
    """Notes and trials of the student's stay after the cell they followed."""
    own = new_code_cell("mine = 1", metadata={"tags": ["skip-execution"], "deletable": False}, id="mine")
    submitted.cells.insert(2, own)
    restored = restore(instructor, submitted)
    order = [cell.id for cell in restored.notebook.cells]
    assert order[order.index("mine") - 1] == "setup"
    assert cell_of(restored.notebook, "mine").metadata == {}
    assert cell_of(restored.notebook, "try").source == "double(3)"


def test_ids_of_cells_stay_unique(instructor, submitted):
    """An own cell that took the id of a test, or none, gets another."""
    thief = new_code_cell("1", id="double-test")
    broken = new_code_cell("2")
    broken.id = "no valid id!"
    submitted.cells[:0] = [thief, broken, copy.deepcopy(thief)]
    ids = [cell.id for cell in restore(instructor, submitted).notebook.cells]
    assert len(set(ids)) == len(ids)


def test_pictures_in_a_written_answer_stay_and_nothing_else_attached_does(instructor, submitted):
    """A pasted photograph belongs to the answer; SVG and HTML could run."""
    cell_of(submitted, "why").attachments = {
        "a.png": {"image/png": PNG, "text/html": "<b>"},
        "b.svg": {"image/svg+xml": "<svg/>"},
        "c": {"text/html": "<b>"},
        "d": 5,
        "e.png": {"image/png": "aGk="},
        "f.png": {"image/png": f'{PNG}"><script>'},
    }
    restored = restore(instructor, submitted).notebook
    assert cell_of(restored, "why").attachments == {"a.png": {"image/png": PNG}}


def test_text_that_was_handed_out_is_shown_as_the_instructor_wrote_it(notebooks, tmp_path):
    """HTML and pictures of the instructor's stay, and cost no remark; the same HTML in a text of the student's does."""
    text = '<div style="color: red">Look</div>\n\n![a](attachment:a.png)'
    prose = new_markdown_cell(text, id="prose", attachments={"a.png": {"image/png": PNG}})
    instructor = notebooks.instructor_notebook(tmp_path, prose, notebooks.answer("x", "x = 1"))
    submitted = notebooks.released(instructor)
    cell_of(submitted, "prose").attachments = {"a.png": {"text/html": "<script>"}}
    submitted.cells.append(new_markdown_cell(f"{text} here", id="mine"))
    restored = restore(instructor, submitted)
    shown = cell_of(restored.notebook, "prose")
    assert (shown.source, shown.attachments) == (text, {"a.png": {"image/png": PNG}})
    assert "< div" in cell_of(restored.notebook, "mine").source
    assert "markup" in {rule for rule, _ in rules(restored)}


def test_fake_outputs_and_kernelspecs_do_not_survive(instructor, submitted):
    """Outputs are cleared, the notebook's metadata are the instructor's."""
    submitted.metadata.kernelspec = {"name": "evil", "display_name": "x", "language": "R"}
    submitted.metadata.splitgrade = {"changes": "none"}
    cell_of(submitted, "double-test").outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "2.0"})]
    restored = restore(instructor, submitted).notebook
    assert cell_of(restored, "double-test").outputs == []
    said = [(each.rule, each.cell) for each in changes_of(restored)]
    assert said == [("outputs", "double-test")]
    assert {**restored.metadata, "splitgrade": None} == {**instructor.notebook.metadata, "splitgrade": None}


def test_older_notebooks_have_no_cell_ids(notebooks, instructor, submitted, tmp_path):
    """A source notebook of format 4.4 stays one."""
    for cell in instructor.notebook.cells:
        cell.pop("id")
    instructor.notebook.nbformat_minor = 4
    restored = restore(instructor, submitted).notebook
    assert all("id" not in cell for cell in restored.cells)
    nbformat.validate(restored)


def test_imports_and_names_of_the_solution(notebooks, tmp_path):
    """Imports of students' cells are known, those of modules beside the notebook are the student's."""
    n = notebooks
    instructor = n.instructor_notebook(
        tmp_path,
        n.answer(
            "a",
            "import numpy as np\nfrom math import *\nfrom kit import helper\nimport kit.sub\n"
            "%matplotlib inline\nx, (y, *z) = 1, (2, 3)",
        ),
        new_code_cell("for i in range(3):\n    w = i\nwith open('f') as f:\n    pass\ndef g():\n    inner = 1", id="b"),
        n.locked("c", "set_up = 1"),
        files={"kit/__init__.py": "helper = 1", "kit/sub.py": ""},
    )
    assert instructor.imports == ("import numpy as np",)
    assert instructor.solution_names == {"x", "y", "z", "i", "w", "f", "g"}


def test_an_instructors_notebook_with_a_grade_id_twice_is_refused(notebooks, tmp_path):
    """The message names the cell."""
    twin = notebooks.answer("double", "2")
    twin.id = "twin"
    with pytest.raises(ValueError, match="double"):
        notebooks.instructor_notebook(tmp_path, notebooks.answer("double", "1"), twin)


def test_the_digest_changes_with_notebook_and_files(instructor, tmp_path):
    """A changed data file makes another version of the assignment."""
    path = tmp_path / "exercise.ipynb"
    assert read_instructor_notebook(path).digest == instructor.digest
    (tmp_path / "data.csv").write_text("3,4")
    assert read_instructor_notebook(path).digest != instructor.digest


@pytest.mark.parametrize(
    ("name", "info", "said"),
    [
        ("myenv", {"name": "python", "version": "3.12.1"}, []),
        ("bash", {"name": "python"}, [("kernel", "")]),
        ("ir", {"name": "R", "version": "4.4.0"}, [("kernel", "")]),
    ],
)
def test_a_kernel_is_known_by_the_language_that_it_ran(instructor, submitted, name, info, said):
    """An environment of the student's may be called anything; a kernel of another language is said."""
    instructor.notebook.metadata.kernelspec = {"name": "python3", "language": "python"}
    submitted.metadata = nbformat.from_dict({"kernelspec": {"name": name}, "language_info": info})
    assert rules(restore(instructor, submitted)) == said
