"""Traps that only the split-process engine closes: damaged and hostile submissions that keep every earned point."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbgrader.converters import Autograde

from cnn_course.reporting.gradebook import read_results
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.nbgrader.session import convert, load_config, open_gradebook
from tests.course_fixture import ADD_RIGHT, ASSIGNMENT, PLUS_RIGHT, REPOSITORY, hand_in
from tests.splitgrade.nbgrader.conftest import GradedClass, cell, change

pytestmark = pytest.mark.usefixtures("kept_servers")

if "SplitExecute" not in (REPOSITORY / "nbgrader_config.py").read_text():
    pytest.skip("nbgrader_config.py runs notebooks with nbgrader's own Execute", allow_module_level=True)


def score(root: Path, student: str) -> dict[str, float]:
    """Grade one submission and return its points by cell."""
    grader = Grader.of(root, load_config(root), ASSIGNMENT)
    [(_, record)] = GradingRun(grader, [student]).outcomes()
    assert record.having("graded") == ["one", "two"]
    with open_gradebook(root, grader.config) as gradebook:
        [result] = read_results(gradebook, ASSIGNMENT).students
    return {question.name: question.score for book in result.notebooks.values() for question in book.questions}


def test_3b_a_result_planted_from_inside_the_test_is_not_counted(released: Path) -> None:
    """``sys.displayhook`` in the student's function reaches nothing of the test cell."""
    planted = "def add(a, b):\n    import sys\n    sys.displayhook(2.0)\n    return a - b"
    hand_in(released, "eve", one_add=planted, two_add=PLUS_RIGHT)
    assert score(released, "eve")["one-add-test"] == 0


@pytest.mark.parametrize("student", ["duplicated", "forged"])
def test_6_damaged_metadata_are_repaired(graded: GradedClass, student: str) -> None:
    """A duplicated cell and a forged schema_version cost nothing at all."""
    assert graded.results[student].score == 3


def test_6_a_submission_without_any_test_or_answer_cell_left_of_a_question_is_graded(released: Path) -> None:
    """Who deletes answer and test of one question loses that question only."""
    path = hand_in(released, "eve", one_add=ADD_RIGHT, two_add=PLUS_RIGHT) / "one.ipynb"
    change(path, lambda nb: [nb.cells.remove(cell(nb, name)) for name in ("one-add", "one-add-test")])
    assert score(released, "eve") == {"one-add-test": 0, "one-why": 0, "two-add-test": 1}


def test_7_a_crash_costs_its_own_question_only(graded: GradedClass) -> None:
    """A notebook whose code ended its process is graded, has a page, and the page says what happened."""
    assert graded.records["crash"].having("graded") == ["one", "two"]
    assert "Your code raised StudentGoneError." in graded.feedback("crash", "one")


def test_8_a_module_beside_the_notebook_is_not_imported_by_nbgraders_own_command(released: Path) -> None:
    """Formgrader's button and ``nbgrader autograde`` do not import a submitted ``math.py`` either."""
    folder = hand_in(released, "eve", one_add=ADD_RIGHT, two_add=PLUS_RIGHT)
    (folder / "random.py").write_text("raise SystemExit('shadowed')")
    config = load_config(released)
    assert convert(Autograde, config, ASSIGNMENT, "eve").success
    with open_gradebook(released, config) as gradebook:
        [result] = read_results(gradebook, ASSIGNMENT).students
    assert result.score == 3


def test_14_a_tag_on_a_test_cell_changes_nothing(released: Path) -> None:
    """A right answer keeps its points though its test cell has the tag ``skip-execution``."""
    path = hand_in(released, "eve", one_add=ADD_RIGHT, two_add=PLUS_RIGHT) / "one.ipynb"
    change(path, lambda nb: cell(nb, "one-add-test").metadata.update(tags=["skip-execution"]))
    assert score(released, "eve")["one-add-test"] == 2
