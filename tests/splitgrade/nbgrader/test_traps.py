"""The sixteen traps of nbgrader 0.9.6 that this course has met: none of them closes on its users."""

from __future__ import annotations

import filecmp
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_output
from nbgrader.converters import Autograde
from nbgrader.utils import determine_grade

from cnn_course.authoring.release import generate
from cnn_course.course import load_course
from cnn_course.reporting.gradebook import read_results
from splitgrade.errors import CourseError
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.nbgrader.session import convert, load_config, open_gradebook
from splitgrade.nbgrader.strict_results import StrictResults
from tests.course_fixture import ADD_RIGHT, ADD_WRONG, ASSIGNMENT, PLUS_RIGHT, SECRETS, TABLE, hand_in, marked
from tests.splitgrade.nbgrader.conftest import GradedClass

pytestmark = pytest.mark.usefixtures("kept_servers")

PAGES = [(student, notebook) for student in ("ada", "bob", "cyd", "crash") for notebook in ("one", "two")]


def graded_as(outputs: list[object], source: str = "grade()") -> float:
    """Return the points nbgrader gives for these outputs of a test cell of 2 points."""
    cell = new_code_cell(source, outputs=outputs, metadata=marked("x-test", grade=True, points=2.0))
    strict, _ = StrictResults().preprocess_cell(cell, {}, 0)
    return float(determine_grade(strict)[0])


def result(text: str) -> object:
    """Return an execute_result that shows ``text``."""
    return new_output("execute_result", data={"text/plain": text}, execution_count=1)


@pytest.mark.parametrize(("student", "notebook"), PAGES)
def test_1_feedback_shows_nothing_of_hidden_tests(graded: GradedClass, student: str, notebook: str) -> None:
    """No hidden input, seed, reference value, model answer, rubric, marker or line of a test is on a page."""
    page = graded.feedback(student, notebook)
    assert [secret for secret in (*SECRETS, TABLE) if secret in page] == []
    assert "def grade" not in page
    assert "Traceback" not in page
    assert str(graded.root) not in page


def test_1_feedback_still_says_what_was_found(graded: GradedClass) -> None:
    """Scores, aspects, hint and the type of the student's own error are on the page."""
    page = BeautifulSoup(graded.feedback("bob", "two"), "html.parser").get_text(" ", strip=True)
    assert "0 / 1" in page
    assert "large numbers" in page
    assert "Look at the sign." in page
    assert "Your code raised KeyError." in page
    assert "a print inside a test" not in page


@pytest.mark.parametrize(
    "text", ["np.float64(0.5)", "'2'", "True", "nan", "-1", "-1.0", "inf", "99", "None", "[1]", "1e400"]
)
def test_2_nothing_but_a_number_in_range_gives_points(text: str) -> None:
    """What nbgrader takes for full points, or fails the submission for, gives none."""
    assert graded_as([result(text)]) == 0


@pytest.mark.parametrize(("text", "points"), [("0.5", 0.5), ("2.0", 2), ("2", 2), ("0.0", 0), ("1e-05", 1e-05)])
def test_2_a_plain_number_in_range_is_the_score(text: str, points: float) -> None:
    """What Python shows for a float between 0 and the points of the cell counts as it is."""
    assert graded_as([result(text)]) == points


def test_3_a_warning_on_stderr_costs_nothing() -> None:
    """A library that warns while a test runs does not take the points."""
    assert graded_as([new_output("stream", name="stderr", text="RuntimeWarning: overflow"), result("1.5")]) == 1.5


def test_3_a_result_planted_before_an_error_gives_nothing() -> None:
    """``sys.displayhook(2)`` inside the student's function does not survive the error that follows."""
    assert graded_as([result("2"), new_output("error", ename="E", evalue="", traceback=[])]) == 0


def test_3_a_result_planted_before_the_real_one_is_not_counted() -> None:
    """The last result of a test cell is the one that its last line gives."""
    assert graded_as([result("2"), result("0.5")]) == 0.5


def test_4_a_blank_release_runs_from_top_to_bottom(released: Path) -> None:
    """Stubs are comments: no cell of a released notebook raises before anything is typed."""
    for path in (released / "release" / ASSIGNMENT).glob("*.ipynb"):
        names: dict[str, object] = {}
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                exec(cell.source, names)  # noqa: S102 - our own release


def test_5_a_deleted_test_cell_comes_back_and_is_graded(graded: GradedClass) -> None:
    """Who deletes a test has the points of a right answer, and nobody is asked to mark by hand."""
    assert graded.score("deleted", "one", "one-add-test") == 2
    assert not any(question.waiting for question in graded.results["deleted"].notebooks["one"].questions)


def test_6_a_damaged_submission_costs_no_other_its_grade(graded: GradedClass) -> None:
    """Students before and after a duplicated cell, a forged schema_version and a dead kernel have their points."""
    for student in ("ada", "shadow", "renamed"):
        assert graded.results[student].score == 3, student
    assert graded.score("duplicated", "two", "two-add-test") == 1
    assert graded.score("forged", "two", "two-add-test") == 1


def test_6_no_submission_counts_as_a_fault_of_the_run(graded: GradedClass) -> None:
    """Whatever was handed in is graded, missing or refused with a reason; nothing failed."""
    for student, record in graded.records.items():
        assert record.having("failed") == [], student
        assert all(notebook.reason for notebook in record.notebooks.values() if notebook.state == "refused")


def test_7_a_dead_kernel_costs_its_own_notebook_only(graded: GradedClass) -> None:
    """Code that ends its process gets no points for it; the other notebook has them, and both students' pages exist."""
    assert graded.score("crash", "one", "one-add-test") == 0
    assert graded.score("crash", "two", "two-add-test") == 1


def test_7_no_score_of_an_earlier_run_is_left(released: Path) -> None:
    """A better version that can no longer be read does not keep the points of the one before; they are open."""
    path = hand_in(released, "ada", one_add=ADD_RIGHT, two_add=PLUS_RIGHT)
    grader = Grader.of(released, load_config(released), ASSIGNMENT)
    assert [record.having("graded") for _, record in GradingRun(grader, ["ada"]).outcomes()] == [["one", "two"]]
    (path / "one.ipynb").write_text("{")
    (path / "two.ipynb").unlink()
    [(_, record)] = GradingRun(grader, ["ada"]).outcomes()
    assert (record.having("refused"), record.having("missing")) == (["one"], ["two"])
    with open_gradebook(released, grader.config) as gradebook:
        [student] = read_results(gradebook, ASSIGNMENT).students
    assert (student.score, student.waiting) == (0, 3)
    assert not list((released / "autograded" / "ada").rglob("*.ipynb"))


def test_8_a_submitted_module_does_not_shadow_an_installed_one(graded: GradedClass) -> None:
    """A ``math.py`` beside the notebook changes nothing, and the record says that it was left out."""
    assert graded.results["shadow"].score == 3
    assert any("math.py left out" in note for note in graded.records["shadow"].notes)


def test_9_validate_names_the_failed_cell_though_it_exits_with_0(released: Path) -> None:
    """``nbgrader validate`` cannot be trusted by its exit status; its words are right with our configuration."""
    path = released / "source" / ASSIGNMENT / "two.ipynb"
    assert "Success" in nbgrader(released, "validate", str(path)).stdout
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source = ADD_WRONG.replace("add", "plus")
    nbformat.write(notebook, path)
    failed = nbgrader(released, "validate", str(path))
    assert failed.returncode == 0
    assert "VALIDATION FAILED ON 1 CELL" in failed.stdout


def test_10_nbgrader_works_where_the_environment_is_not_activated(tmp_path: Path, released: Path) -> None:
    """A gradebook made with a bare PATH knows its version: alembic was found."""
    (released / "gradebook.db").unlink()
    done = nbgrader(released, "generate_assignment", ASSIGNMENT, "--force")
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(released / "gradebook.db") as database:
        assert database.execute("select count(*) from alembic_version").fetchone() == (1,)
    database.close()


def test_11_a_failed_submission_leaves_the_process_as_it_was(released: Path) -> None:
    """Environment and working directory are those of before; nbgrader leaves NBGRADER_EXECUTION behind."""
    (hand_in(released, "bad") / "one.ipynb").write_text("{")
    before, folder = dict(os.environ), Path.cwd()
    outcome = convert(Autograde, load_config(released), ASSIGNMENT, "bad")
    assert not outcome.success
    assert outcome.error == "NotJSONError"
    assert dict(os.environ) == before
    assert Path.cwd() == folder


def test_11_no_hook_is_trusted_with_anything(released: Path) -> None:
    """Nbgrader swallows what a hook raises, so the configuration has none."""
    config = load_config(released)
    assert not any("hook" in trait for section in config.values() for trait in section)


def test_12_grading_again_does_not_ask_for_marks_anew(released: Path) -> None:
    """A marked answer stays marked as long as its text is the same, and waits again when it changed."""
    path = hand_in(released, "ada", one_add=ADD_WRONG, one_why="The order does not matter.")
    grader = Grader.of(released, load_config(released), ASSIGNMENT)
    list(GradingRun(grader, ["ada"]).outcomes())
    with open_gradebook(released, grader.config) as gradebook:
        grade = gradebook.find_grade("one-why", "one", ASSIGNMENT, "ada")
        grade.manual_score, grade.needs_manual_grade = 0.5, False
        gradebook.db.commit()
    assert (_why(grader), _why(grader)) == ((0.5, False), (0.5, False))
    notebook = nbformat.read(path / "one.ipynb", as_version=4)
    notebook.cells[-1].source = "Something else."
    nbformat.write(notebook, path / "one.ipynb")
    assert _why(grader) == (0.5, True)


def test_13_a_release_that_nbgrader_refuses_leaves_the_old_one(released: Path, tmp_path: Path) -> None:
    """Cells renamed after somebody handed in: nbgrader would delete release/, we generate beside it."""
    hand_in(released, "ada", one_add=ADD_RIGHT)
    list(GradingRun(Grader.of(released, load_config(released), ASSIGNMENT), ["ada"]).outcomes())
    path = released / "source" / ASSIGNMENT / "two.ipynb"
    path.write_text(path.read_text().replace("two-add", "two-sum"))
    with pytest.raises(CourseError, match="there are submissions associated with it"):
        generate(load_course(released), ASSIGNMENT, tmp_path)
    assert len(list((released / "release" / ASSIGNMENT).glob("*.ipynb"))) == 2


def test_14_a_test_cell_that_is_not_run_gives_nothing(graded: GradedClass) -> None:
    """The tag ``skip-execution`` on a test cell does not give a wrong answer its points."""
    assert graded.score("skipped", "one", "one-add-test") == 0


@pytest.mark.parametrize(("student", "notebook"), PAGES)
def test_15_pages_load_nothing(graded: GradedClass, student: str, notebook: str) -> None:
    """A feedback page has no script and no address but data in itself and links to be clicked."""
    page = graded.feedback(student, notebook)
    soup = BeautifulSoup(page, "html.parser")
    assert soup.find_all(["script", "link", "iframe", "object", "embed", "base", "form"]) == []
    assert all(image["src"].startswith("data:image/") for image in soup.find_all("img"))
    assert not re.search(r"url\(|@import", "".join(str(style) for style in soup.find_all("style")))


def test_15_pictures_and_formulas_are_in_the_page(graded: GradedClass) -> None:
    """Picture and formula of the assignment need no network, and nothing that was handed in lies beside the page."""
    soup = BeautifulSoup(graded.feedback("ada", "one"), "html.parser")
    assert [image["src"].split(",")[0] for image in soup.find_all("img")] == ["data:image/png;base64"]
    assert [formula.get_text() for formula in soup.find_all("math")] == ["⌊(W−F)/S⌋+1"]
    folder = graded.root / "feedback" / "ada" / ASSIGNMENT
    beside = ["submission_secret.txt", "timestamp.txt"]  # for nbgrader's release_feedback
    assert sorted(path.name for path in folder.iterdir()) == sorted(["index.html", "one.html", "two.html", *beside])


def test_16_the_marker_reads_rubric_and_model_answer_beside_the_answer(graded: GradedClass) -> None:
    """In the autograded notebook the rubric stands right after the written answer; the student's page lacks it."""
    path = graded.root / "autograded" / "ada" / ASSIGNMENT / "one.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    position = next(i for i, cell in enumerate(cells) if cell["id"] == "one-why")
    assert "says that the order does not matter" in cells[position + 1].source
    assert "Because addition commutes" in cells[position + 1].source
    assert "nbgrader" not in cells[position + 1].metadata


def test_submitted_files_are_never_changed(graded: GradedClass) -> None:
    """Grading leaves every byte of what was handed in as it was."""
    compared = filecmp.dircmp(graded.before, graded.root / "submitted")
    pending = [compared]
    while pending:
        each = pending.pop()
        assert [*each.left_only, *each.right_only, *each.diff_files] == [], each.left
        pending.extend(each.subdirs.values())


def nbgrader(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run nbgrader's own command in a course with a PATH on which the environment's programs are not."""
    program = Path(sys.executable).parent / "nbgrader"
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(root), "JUPYTER_PLATFORM_DIRS": "1"}
    return subprocess.run([program, *words], cwd=root, env=environment, capture_output=True, text=True, check=False)


def _why(grader: Grader) -> tuple[float, bool]:
    """Grade again and return the marked score, and whether it waits."""
    list(GradingRun(grader, ["ada"]).outcomes())
    with open_gradebook(grader.root, grader.config) as gradebook:
        grade = gradebook.find_grade("one-why", "one", ASSIGNMENT, "ada")
        return float(grade.score), bool(grade.needs_manual_grade)
