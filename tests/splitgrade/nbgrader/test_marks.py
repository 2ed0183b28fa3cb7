"""A mark by hand stands as long as what it was given for: on every path of grading, and no longer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell
from nbgrader.converters import Autograde, GenerateAssignment

from splitgrade.execution.instructor import InstructorNotebook, read_instructor_notebook
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.nbgrader.marks import MarkGrounds, grounds_of_marks, stands
from splitgrade.nbgrader.session import convert, load_config, open_gradebook
from tests.course_fixture import ADD_RIGHT, ASSIGNMENT, PLUS_RIGHT, RUBRIC, hand_in

pytestmark = pytest.mark.usefixtures("kept_servers")

NAMES = ("double-test", "why", "later-test")


@pytest.fixture
def instructor(notebooks: SimpleNamespace, tmp_path: Path) -> InstructorNotebook:
    """Make a notebook with two tests and a written answer, each below its question."""
    n = notebooks
    made: InstructorNotebook = n.instructor_notebook(
        tmp_path,
        new_markdown_cell("Double it.", id="p-double"),
        n.answer("double", "def double(x):\n    return 2 * x"),
        n.tests_of("double-test", "assert double(4) == 8"),
        new_markdown_cell("Why?", id="p-why"),
        n.written("why", "Because.\n\n**Rubric**\n\n- 1: says so"),
        new_markdown_cell("Later.", id="p-later"),
        n.answer("later", "later = 4"),
        n.tests_of("later-test", "assert later == 4"),
    )
    return made


def _cell(notebook: Any, name: str) -> Any:
    return next(each for each in notebook.cells if each["id"] == name)


EDITS: dict[str, tuple[Callable[[Any], object], Callable[[Any], object], set[str]]] = {
    "nothing": (lambda nb: None, lambda nb: None, set()),
    "points of the words": (lambda nb: _cell(nb, "why").metadata.nbgrader.update(points=2), lambda nb: None, {"why"}),
    "rubric": (lambda nb: _cell(nb, "why").update(source="Other\n\n**Rubric**"), lambda nb: None, {"why"}),
    "question": (lambda nb: _cell(nb, "p-why").update(source="Why not?"), lambda nb: None, {"why"}),
    "test": (lambda nb: _cell(nb, "double-test").update(source="assert True"), lambda nb: None, {"double-test"}),
    "words": (lambda nb: None, lambda nb: _cell(nb, "why").update(source="Else"), {"why"}),
    "picture": (
        lambda nb: None,
        lambda nb: _cell(nb, "why").update(attachments={"a.png": {"image/png": "x"}}),
        {"why"},
    ),
    "code": (lambda nb: None, lambda nb: _cell(nb, "later").update(source="later = 5"), {"later-test"}),
    "line ends": (lambda nb: None, lambda nb: _cell(nb, "why").update(source="My reasons  \r\n"), set()),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_mark_depends_on_its_own_question_alone(
    notebooks: SimpleNamespace, instructor: InstructorNotebook, tmp_path: Path, edit: str
) -> None:
    """Prompt, points, rubric or test, and the student's work for it: that, and nothing of another question."""
    of_course, of_student, changed = EDITS[edit]
    submitted = notebooks.answered(instructor, double="def double(x): return x", why="My reasons", later="later = 4")
    before = grounds_of_marks(instructor, submitted)
    assert set(before) == set(NAMES)
    source = nbformat.read(tmp_path / "exercise.ipynb", as_version=4)
    of_course(source)
    nbformat.write(source, tmp_path / "exercise.ipynb")
    of_student(submitted)
    after = grounds_of_marks(read_instructor_notebook(tmp_path / "exercise.ipynb"), submitted)
    assert {name for name in NAMES if after[name] != before[name]} == changed


def test_a_mark_stands_only_where_it_was_settled_for_the_same(tmp_path: Path) -> None:
    """Never marked, other grounds, none known, or another outcome of its own test: it is asked for."""
    assert stands(None, None, "a", "a", settled=True)
    assert not stands(None, None, "a", "a", settled=False)
    assert not stands(None, None, "a", "b", settled=True)
    assert not stands(None, None, "a", None, settled=True)
    assert not stands(1.0, 0.5, "a", "a", settled=True)
    kept = MarkGrounds(tmp_path, "tiny", "../" * 100)
    assert kept.read() == {}


def test_what_was_known_of_other_notebooks_stays(tmp_path: Path) -> None:
    """Grounds of one notebook are added to those of the others; a damaged file asks once more."""
    kept = MarkGrounds(tmp_path, "tiny", "ada")
    kept.write({"one": {"why": "a"}})
    kept.write({"two": {"why": "b"}})
    assert kept.read() == {"one": {"why": "a"}, "two": {"why": "b"}}
    [path] = (tmp_path / ".splitgrade").rglob("*.json")
    path.write_text("[1")
    assert kept.read() == {}


def _by_run(root: Path) -> None:
    list(GradingRun(Grader.of(root, load_config(root), ASSIGNMENT), ["ada"], seed=1, force=True).outcomes())


def _by_nbgrader(root: Path) -> None:
    outcome = convert(Autograde, load_config(root), ASSIGNMENT, "ada")
    assert outcome.success, outcome.log


@pytest.mark.parametrize("grade", [_by_run, _by_nbgrader], ids=["grade", "nbgrader autograde"])
def test_marks_survive_on_every_path(released: Path, grade: Callable[[Path], None]) -> None:
    """A mark does not wait again until its rubric changes; that of an overridden test beside it never does."""
    hand_in(released, "ada", one_add=ADD_RIGHT, two_add=PLUS_RIGHT, one_why="The order does not matter.")
    grade(released)
    with open_gradebook(released, load_config(released)) as gradebook:
        for name, score in (("one-why", 0.5), ("one-add-test", 1.5)):
            mark = gradebook.find_grade(name, "one", ASSIGNMENT, "ada")
            mark.manual_score, mark.needs_manual_grade = score, False
        gradebook.db.commit()
    grade(released)
    assert _waiting(released) == {"one-why": False, "one-add-test": False}
    path = released / "source" / ASSIGNMENT / "one.ipynb"
    path.write_text(path.read_text().replace(RUBRIC, "says that it is symmetric"))
    assert convert(GenerateAssignment, load_config(released), ASSIGNMENT).success
    grade(released)
    assert _waiting(released) == {"one-why": True, "one-add-test": False}
    grade(released)
    assert _waiting(released) == {"one-why": True, "one-add-test": False}


def _waiting(root: Path) -> dict[str, bool]:
    with open_gradebook(root, load_config(root)) as gradebook:
        submission = gradebook.find_submission_notebook("one", ASSIGNMENT, "ada")
        return {each.name: bool(each.needs_manual_grade) for each in submission.grades}
