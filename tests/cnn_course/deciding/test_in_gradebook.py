"""Decisions in nbgrader's gradebook: on every path of grading the same, once, apart from marks by hand, taken back."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from nbgrader.api import Grade, SubmittedNotebook
from nbgrader.converters import Autograde, GenerateAssignment

from cnn_course.commands.main import cli
from cnn_course.reporting.class_report import read_graded
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.nbgrader.session import convert, load_config, open_gradebook
from tests.course_fixture import ADD_RIGHT, ADD_WRONG, ASSIGNMENT, PLUS_RIGHT, hand_in, make_course

pytestmark = [
    pytest.mark.usefixtures("kept_servers"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),  # nbgrader's own queries
]
LATE = "2026-12-03 12:00:00 UTC"


def _run(*words: str) -> Result:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return CliRunner().invoke(cli, words)


def _by_run(root: Path) -> None:
    list(GradingRun(Grader.of(root, load_config(root), ASSIGNMENT), ["ada", "ben"], seed=1, force=True).outcomes())


def _by_nbgrader(root: Path) -> None:
    for student in ("ada", "ben"):
        outcome = convert(Autograde, load_config(root), ASSIGNMENT, student)
        assert outcome.success, outcome.log


PATHS: dict[str, Callable[[Path], None]] = {"grade": _by_run, "nbgrader autograde": _by_nbgrader}


def _shown(root: Path) -> dict[str, float]:
    """Return the points that nbgrader counts itself, penalties taken off, as its own export does."""
    with open_gradebook(root) as gradebook:
        found = {each.student.id: each for each in gradebook.assignment_submissions(ASSIGNMENT)}
        return {name: round(each.score - each.late_submission_penalty, 9) for name, each in found.items()}


def _decided(root: Path) -> dict[str, float]:
    [graded] = read_graded(root, [ASSIGNMENT])
    return {each.student: round(each.score, 9) for each in graded.results.students if each.notebooks}


def _fields(root: Path) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Return every field of nbgrader's that grading, people or decisions may have changed."""
    with open_gradebook(root) as gradebook:
        grades = {
            (each.student.id, each.name): (
                *(each.auto_score, each.manual_score, each.extra_credit, bool(each.needs_manual_grade)),
            )
            for each in gradebook.db.query(Grade)
        }
        late = {
            (each.student.id, each.name): (each.late_submission_penalty,)
            for each in gradebook.db.query(SubmittedNotebook)
        }
        extensions = {
            (each.student.id, "extension"): (each.extension,) for each in gradebook.assignment_submissions(ASSIGNMENT)
        }
    return grades | late | extensions


def _mark(root: Path, name: str, student: str, score: float) -> None:
    with open_gradebook(root) as gradebook:
        grade = gradebook.find_grade(name, "one", ASSIGNMENT, student)
        grade.manual_score, grade.needs_manual_grade = score, False
        gradebook.db.commit()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a released course with two submissions: ada's late and right, ben's in time and wrong; a due date."""
    root = make_course(tmp_path_factory.mktemp("made") / "course")
    assert convert(GenerateAssignment, load_config(root), ASSIGNMENT).success
    ada = hand_in(root, "ada", one_add=ADD_RIGHT, two_add=PLUS_RIGHT, one_why="The order does not matter.")
    (ada / "timestamp.txt").write_text(LATE)
    ben = hand_in(root, "ben", one_add=ADD_WRONG, two_add=PLUS_RIGHT, one_why="Because.")
    (ben / "timestamp.txt").write_text("2026-11-30 12:00:00 UTC")
    with open_gradebook(root) as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate=datetime(2026, 12, 1, 23, 59))
    return root


@pytest.fixture(scope="module")
def graded(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same, graded."""
    root = shutil.copytree(made, tmp_path_factory.mktemp("graded") / "course")
    _by_run(root)
    return root


@pytest.fixture
def course(graded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a copy of the graded course."""
    root = shutil.copytree(graded, tmp_path / "course")
    monkeypatch.chdir(root)
    return root


def test_every_path_shows_what_was_decided_and_it_can_be_taken_back(course: Path) -> None:
    """Grade and nbgrader autograde, each twice, in turn; all kinds at once; withdrawn, each field is as it was."""
    _mark(course, "one-why", "ben", 0.25)
    _mark(course, "one-add-test", "ada", 1.5)
    plain = _fields(course)
    assert _shown(course) == _decided(course) == {"ada": 2.5, "ben": 1.25}
    words = {
        "d1": ("decide", "void", ASSIGNMENT, "two-add"),
        "d2": ("decide", "full", ASSIGNMENT, "one-why", "--student", "ada"),  # waits for a marker
        "d3": ("decide", "late", ASSIGNMENT, "10"),
        "d4": ("decide", "bonus", ASSIGNMENT, "0.5"),
        "d5": ("decide", "drop", ASSIGNMENT, "--of", "questions"),
        "d6": ("due", ASSIGNMENT, "2026-12-02 13:00 UTC", "--student", "ada"),
    }
    expected = [
        {"ada": 1.5, "ben": 0.25},
        {"ada": 2.5, "ben": 0.25},
        {"ada": 2.0, "ben": 0.25},  # two days begun: 20 %
        {"ada": 2.5, "ben": 0.75},
        {"ada": 2.9, "ben": 1.25},  # ada's 1.5 of 2 left out: 1 of 1 is 3 of 3; ben's 0 of 2: 0.25 of 1 is 0.75 of 3
        {"ada": 3.2, "ben": 1.25},  # one day
    ]
    for command, points in zip(words.values(), expected, strict=True):
        done = _run(*command, "--why", "the reason")
        assert done.exit_code == 0, done.output + str(done.exception)
        assert _shown(course) == _decided(course) == points
    after = _fields(course)
    assert after["ada", "one-why"] == (None, 3.0, None, False)
    for path in (_by_nbgrader, _by_run, _by_nbgrader):
        path(course)
        assert _shown(course) == _decided(course) == expected[-1], path
        assert _fields(course) == after, path
    for name in words:
        assert _run("decide", "withdraw", name, "--why", "a slip").exit_code == 0
        assert _shown(course) == _decided(course)
    assert _fields(course) == plain


@pytest.mark.parametrize("path", PATHS)
def test_decisions_made_before_anything_was_graded_hold_too(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """The first run shows them."""
    root = shutil.copytree(made, tmp_path / "course")
    monkeypatch.chdir(root)
    assert _run("decide", "bonus", ASSIGNMENT, "0.5", "--why", "helped").exit_code == 0
    assert _run("decide", "late", ASSIGNMENT, "10", "--why", "syllabus").exit_code == 0
    PATHS[path](root)
    assert _shown(root) == _decided(root) == {"ada": 2.9, "ben": 1.5}


def test_what_a_person_types_in_formgrader_stays_theirs(course: Path) -> None:
    """A mark over decided full marks, and extra credit beside decided credit, survive regrading and withdrawing."""
    assert _run("decide", "full", ASSIGNMENT, "one-why", "--why", "unclear").exit_code == 0
    assert _run("decide", "bonus", ASSIGNMENT, "0.5", "--why", "helped").exit_code == 0
    _mark(course, "one-why", "ada", 0.75)
    with open_gradebook(course) as gradebook:
        grade = gradebook.find_grade("one-add-test", "one", ASSIGNMENT, "ben")
        assert grade.extra_credit == 0.5  # the bonus; a person makes 0.75 of it, so 0.25 is theirs
        grade.extra_credit = 0.75
        gradebook.db.commit()
    for path in PATHS.values():
        path(course)
    assert _shown(course) == _decided(course) == {"ada": 4.5, "ben": 2.75}
    for name in ("d1", "d2"):
        assert _run("decide", "withdraw", name, "--why", "a slip").exit_code == 0
    found = _fields(course)
    assert found["ada", "one-why"] == (None, 0.75, None, False)
    assert found["ben", "one-why"] == (None, None, None, True)
    assert found["ben", "one-add-test"] == (0.0, None, 0.25, False)


def test_a_record_that_is_wrong_costs_no_submission_its_grades(course: Path) -> None:
    """Grading goes on as graded; report and export name the decision."""
    assert _run("decide", "bonus", ASSIGNMENT, "0.5", "--why", "helped").exit_code == 0
    record = course / "decisions.toml"
    record.write_text(record.read_text().replace('kind = "bonus"', 'kind = "gift"'))
    for path in PATHS.values():
        path(course)
    assert "gift" in str(_run("report", ASSIGNMENT).exception)
    record.write_text(record.read_text().replace('kind = "gift"', 'kind = "bonus"'))
    assert _run("report", ASSIGNMENT).exit_code == 0
    assert _shown(course) == _decided(course) == {"ada": 3.5, "ben": 1.5}
