"""Regrade one question: after its test was mended its points change, on every path of grading, and no others."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from nbgrader.apps.api import NbGraderAPI
from nbgrader.auth import Authenticator
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from cnn_course.commands.main import cli
from cnn_course.deciding.decisions import read_decisions
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.nbgrader.session import convert, load_config, open_gradebook
from splitgrade.sandbox import layers
from tests.cnn_course.conftest import Files
from tests.cnn_course.test_exchange import CONFIG
from tests.splitgrade.nbgrader.conftest import cell, change

pytestmark = [
    pytest.mark.usefixtures("kept_servers"),
    pytest.mark.skipif(layers.probe().isolation == "none", reason="this machine has no sandbox"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),  # nbgrader's own queries
]
QUIZ = "quiz_week"
# The check of each question gives what this table says: what a mended test gives is another table.
CHECKS = "import json\nfrom pathlib import Path\n\nTABLE = Path(__file__).with_name('points.json')"


def by_grade(root: Path) -> None:
    """Grade all again by our command's run, with a new seed."""
    list(GradingRun(Grader.of(root, load_config(root), QUIZ), ["ada", "ben"], force=True, workers=1).outcomes())


def by_nbgrader(root: Path) -> None:
    """Grade all again as `nbgrader autograde --force` does."""
    for student in ("ada", "ben"):
        outcome = convert(Autograde, load_config(root), QUIZ, student)
        assert outcome.success, outcome.log


def by_button(root: Path) -> None:
    """Grade all again as formgrader's button does."""
    config = load_config(root)
    api = NbGraderAPI(CourseDirectory(config=config), Authenticator(config=config), config=config)
    for student in ("ada", "ben"):
        done = api.autograde(QUIZ, student)
        assert done["success"], done


PATHS: tuple[Callable[[Path], None], ...] = (by_grade, by_nbgrader, by_button)


def run(*words: str) -> Result:
    """Call a command."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return CliRunner().invoke(cli, words)


def points(root: Path) -> dict[str, tuple[float, ...]]:
    """Return what nbgrader shows of q01 and q02."""
    with open_gradebook(root) as gradebook:
        found = {}
        for each in gradebook.assignment_submissions(QUIZ):
            scores = {grade.name: grade.score for notebook in each.notebooks for grade in notebook.grades}
            found[each.student.id] = (scores["q01-test"], scores["q02-test"])
        return found


@pytest.fixture(scope="module")
def graded(make_files: Callable[[], Files], tmp_path_factory: pytest.TempPathFactory) -> tuple[Files, Path]:
    """Make a course with two graded submissions to a quiz of two questions; ben's q02 is marked by hand; and a copy."""
    files = make_files()
    checks = f"{files.checks}/__init__.py"
    files.change(checks, "from fractions", f"{CHECKS}\nfrom fractions")
    files.change(checks, "return 0.0", "return json.loads(TABLE.read_text())[question_id]")
    files.write("nbgrader_config.py", CONFIG)
    let_tests_give(files, q01=0.0, q02=0.25)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(files.root)
        for words in (("build",), ("release", QUIZ)):
            done = run(*words)
            assert done.exit_code == 0, done.output
    for student in ("ada", "ben"):
        shutil.copytree(files.root / "release" / QUIZ, files.root / "submitted" / student / QUIZ)
    by_grade(files.root)
    with open_gradebook(files.root) as gradebook:
        grade = gradebook.find_grade("q02-test", "quiz", QUIZ, "ben")
        grade.manual_score, grade.needs_manual_grade = 0.375, False
        gradebook.db.commit()
    return files, shutil.copytree(files.root, tmp_path_factory.mktemp("graded") / "course")


@pytest.fixture
def course(graded: tuple[Files, Path], monkeypatch: pytest.MonkeyPatch) -> Files:
    """Stand in the course as it was made, in the same place: its warm interpreters serve all tests."""
    files, kept = graded
    for path in files.root.iterdir():
        if path.name not in (files.checks, "small_kit"):  # warm interpreters hold these folders
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(kept, files.root, dirs_exist_ok=True)
    monkeypatch.chdir(files.root)
    assert points(files.root) == {"ada": (0.0, 0.25), "ben": (0.0, 0.375)}
    return files


def let_tests_give(files: Files, **table: float) -> None:
    """Let the tests give these points from now on."""
    files.write(f"{files.checks}/points.json", json.dumps(table))


def test_only_the_question_that_was_decided_gets_new_points(course: Files) -> None:
    """All tests give something else, as where inputs are fresh: only q01 changes, however often and by whom."""
    let_tests_give(course, q01=1.0, q02=0.5)
    done = run("decide", "regrade", QUIZ, "q01", "--why", "the test refused a right answer", "--who", "grace")
    assert done.exit_code == 0, done.output
    assert points(course.root) == {"ada": (0.0, 0.25), "ben": (0.0, 0.375)}
    for path in (*PATHS, by_grade):
        path(course.root)
        assert points(course.root) == {"ada": (1.0, 0.25), "ben": (1.0, 0.375)}, path
    [kept] = read_decisions(course.root)
    assert (kept.who, kept.why, kept.question) == ("grace", "the test refused a right answer", "q01")
    assert "q01 is graded again" in run("decide", "list").output


@pytest.mark.parametrize("path", PATHS)
def test_new_work_is_graded_whatever_was_decided(course: Files, path: Callable[[Path], None]) -> None:
    """Another answer to q02 gets the points of q02's test as it is now; withdrawn, everything does."""
    let_tests_give(course, q01=1.0, q02=0.5)
    assert run("decide", "regrade", QUIZ, "q01", "--why", "mended").exit_code == 0
    answers = course.root / "submitted" / "ada" / QUIZ / "quiz.ipynb"
    change(answers, lambda notebook: cell(notebook, "q02").update(source="q02 = 9"))
    path(course.root)
    assert points(course.root) == {"ada": (1.0, 0.5), "ben": (1.0, 0.375)}
    let_tests_give(course, q01=0.5, q02=0.0)
    assert run("decide", "withdraw", "d1", "--why", "all is graded again").exit_code == 0
    path(course.root)
    assert points(course.root) == {"ada": (0.5, 0.0), "ben": (0.5, 0.375)}


def test_a_question_that_there_is_not_is_named(course: Files) -> None:
    """With those that there are; nothing is recorded."""
    done = run("decide", "regrade", QUIZ, "q07", "--why", "mended")
    assert "no question 'q07'; it has: q01, q02" in str(done.exception)
    assert read_decisions(course.root) == []
