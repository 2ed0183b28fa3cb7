"""``cnn-course grade`` and ``report``: exit status, seeds, JSON, faults of the run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cnn_course.commands.export import export_command
from cnn_course.commands.report import report_command
from cnn_course.reporting.gradebook import read_results
from splitgrade.commands.feedback import feedback_command
from splitgrade.commands.grade import grade_command
from splitgrade.errors import CourseError
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.grading.record import faults
from splitgrade.grading.record_file import read_record
from splitgrade.nbgrader.session import load_config, open_gradebook
from tests.course_fixture import ADD_RIGHT, ASSIGNMENT, PLUS_RIGHT, hand_in

pytestmark = pytest.mark.usefixtures("kept_servers")


@pytest.fixture
def course(released: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a course with one good submission and one that is no notebook."""
    hand_in(released, "ada", one_add=ADD_RIGHT, two_add=PLUS_RIGHT)
    (hand_in(released, "bob") / "one.ipynb").write_text("no notebook")
    monkeypatch.chdir(released)
    return released


def test_from_grading_to_export(course: Path) -> None:
    """The instructor's four commands, one after the other."""
    run = CliRunner()
    graded = run.invoke(grade_command, [ASSIGNMENT, "--seed", "5", "--json"])
    assert graded.exit_code == 3, graded.output
    record = json.loads(graded.stdout)
    assert record["seed"] == 5
    assert record["submissions"]["bob"]["notebooks"]["one"]["state"] == "refused"
    feedback = run.invoke(feedback_command, [ASSIGNMENT, "--without-hints"])
    assert feedback.exit_code == 0, feedback.output
    pages = course / "feedback" / "bob" / "tiny"
    assert sorted(path.name for path in pages.glob("*.html")) == ["index.html", "one.html", "two.html"]
    assert "could not be graded: not a notebook" in (pages / "one.html").read_text("utf-8")
    report = run.invoke(report_command, [])
    assert "bob, one: refused: not a notebook" in " ".join(report.output.split())
    refused = run.invoke(export_command, ["--to", "canvas"])
    assert isinstance(refused.exception, CourseError)  # bob's notebook was refused, its points are open
    assert "tiny, bob: one refused: not a notebook" in str(refused.exception)
    exported = run.invoke(export_command, ["--to", "canvas", "--partial"])
    assert exported.exit_code == 3, exported.output
    table = (course / "exports" / f"grades-{ASSIGNMENT}-for-canvas.csv").read_text().splitlines()
    assert table[0].startswith("Student,ID,SIS User ID")


def test_grading_one_student_keeps_the_record_of_the_others(course: Path) -> None:
    """``--student`` adds to what is known."""
    run = CliRunner()
    for student, status in (("bob", 3), ("ada", 0)):  # bob handed in a file that is no notebook
        done = run.invoke(grade_command, [ASSIGNMENT, "--student", student])
        assert done.exit_code == status
        assert "grading tiny" in done.stderr
        assert "grading tiny" not in done.stdout
    record = read_record(course, ASSIGNMENT)
    assert record is not None
    assert sorted(record.submissions) == ["ada", "bob"]


def test_a_student_who_handed_nothing_in_is_named(course: Path) -> None:
    """A misspelled name is an error, not an empty success."""
    done = CliRunner().invoke(grade_command, [ASSIGNMENT, "--student", "zoe"])
    assert isinstance(done.exception, CourseError)
    assert "zoe" in str(done.exception)


def test_an_unknown_assignment_is_named(course: Path) -> None:
    """The message lists the assignments there are."""
    done = CliRunner().invoke(grade_command, ["nothing"])
    assert isinstance(done.exception, CourseError)
    assert ASSIGNMENT in str(done.exception)


def test_a_fault_of_the_run_is_not_the_students(course: Path) -> None:
    """Where the grader fails, the points stay open, the others are graded, and the exit status says so."""
    grader = Grader.of(course, load_config(course), ASSIGNMENT)
    source = course / "source" / ASSIGNMENT / "one.ipynb"
    source.rename(source.with_suffix(".gone"))
    records = dict(GradingRun(grader, grader.students()).outcomes())
    assert records["ada"].having("failed") == ["one"]
    assert records["ada"].having("graded") == ["two"]
    assert records["bob"].having("refused") == ["one"]
    assert faults(records.values()) == 1
    with open_gradebook(course, grader.config) as gradebook:
        results = {each.student: each for each in read_results(gradebook, ASSIGNMENT).students}
    assert (results["ada"].score, results["ada"].waiting) == (1, 3)
