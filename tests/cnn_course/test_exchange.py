"""The exchange whole: our commands and nbgrader's in any order, from release to the page that a student fetches."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from jupyter_core.application import NoStart
from nbgrader.apps import NbGraderApp
from nbgrader.apps.api import NbGraderAPI
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory

from cnn_course.commands.main import cli
from splitgrade.nbgrader.session import load_config, open_gradebook
from splitgrade.sandbox import layers
from tests.cnn_course.conftest import make_course
from tests.splitgrade.nbgrader.conftest import cell, change

pytestmark = [
    pytest.mark.usefixtures("kept_servers"),
    pytest.mark.skipif(layers.probe().isolation == "none", reason="this machine has no sandbox"),
    pytest.mark.filterwarnings(  # nbgrader's
        "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::sqlalchemy.exc.SAWarning"
    ),
]

CONFIG = """\
import sys
from pathlib import Path

from splitgrade.nbgrader import configure

HERE = Path(__file__).parent.resolve()
sys.path.insert(0, str(HERE))
c = get_config()
configure(
    c,
    checks=["CHECKS"],
    travelling=["small_kit"],
    after_grades=["cnn_course.reporting.settle.ApplyDecisions"],
)
c.CourseDirectory.course_id = "small"
c.CourseDirectory.root = str(HERE)
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}
c.Exchange.root = str(HERE.parent / "exchange")
c.CollectApp.check_owner = False  # one account hands in for all
"""
RIGHT, WRONG = "def size(n):\n    return n // 2 + 1", "def size(n):\n    return n"
# What each student hands in, the first and the second time, and the points of its test.
WORK = {"ada": ((WRONG, 0.0), (RIGHT, 1.0)), "ben": ((RIGHT, 1.0), (WRONG, 0.0))}
MARK = 0.5

# A word is one command. `collect`, `grade` and `feedback` are ours; `nb ...` are nbgrader's own, `button` formgrader's.
ORDERS = [
    "release; submit; collect; nb grade; feedback; publish; fetch; submit; nb collect; grade; nb feedback; publish;"
    "fetch",
    "nb release; submit; nb collect; grade; mark; button; nb feedback; publish; submit; collect; feedback; publish;"
    "fetch; nb grade; feedback; publish; fetch",
    "release; nb release; submit; submit; nb collect; collect; button; mark; grade; feedback; nb feedback; nb release;"
    "nb grade; grade; publish; collect; fetch",
]


@dataclass
class Known:
    """What should be known of one student, by the number of the hand-in: -1 is none."""

    submitted: int = -1
    collected: int = -1
    graded: int = -1
    page: int = -1
    total: float = 0.0  # on the page
    marked: int = -1
    published: dict[int, float] = field(default_factory=dict)  # hand-in -> the total on its page


class Walk:
    """A course, its exchange and two students; every method is a word of an order."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.course, self._monkeypatch = root, root / "course", monkeypatch
        self.known = {student: Known() for student in WORK}
        (root / "exchange").mkdir(mode=0o777)
        (root / "exchange").chmod(0o777)
        for student in WORK:
            (root / student).mkdir()
        (root / "roster.csv").write_text("student_id\n" + "\n".join(WORK))
        self.ours("roster", str(root / "roster.csv"))

    def do(self, order: str) -> None:
        """Take the steps of an order, and look after each whether what is known is so."""
        for word in (each.strip() for each in order.split(";")):
            getattr(self, word.replace(" ", "_"))()
            self.check(word)

    def check(self, word: str) -> None:
        """Compare the gradebook, and the hand-ins that lie in the course, with what is known."""
        for student, known in self.known.items():
            if known.collected >= 0:
                there = (self.course / "submitted" / student / "exercises" / "ex1.ipynb").read_text()
                assert words(student, known.collected) in there, (word, student)
            if known.graded >= 0:
                with open_gradebook(self.course) as gradebook:
                    grades = gradebook.find_submission_notebook("ex1", "exercises", student).grades
                    points = {each.name: each.score for each in grades}
                    waits = {each.name: each.needs_manual_grade for each in grades}
                assert points["ex1-size-test"] == WORK[student][known.graded][1], (word, student)
                assert points["ex1-why"] == (MARK if known.marked >= 0 else 0), (word, student)
                assert waits["ex1-why"] == (known.marked != known.graded), (word, student)

    # ---- the instructor, by our commands

    def release(self) -> None:
        """Release into the exchange, by our command and nbgrader's for the exchange."""
        self.ours("release", "exercises")
        self.nb("release_assignment", "exercises", "--force")

    def collect(self) -> None:
        """Collect the exchange's inbound."""
        self.ours("collect", str(self.root / "exchange" / "small" / "inbound"))
        self._collected()

    def grade(self) -> None:
        """Grade all."""
        self.ours("grade", "exercises", "--workers", "1")
        self._graded()

    def feedback(self) -> None:
        """Make pages."""
        self.ours("feedback", "exercises")
        self._paged()

    # ---- by nbgrader's

    def nb_release(self) -> None:
        """Release again."""
        self.nb("generate_assignment", "exercises", "--force")
        self.nb("release_assignment", "exercises", "--force")

    def nb_collect(self) -> None:
        """Collect what is newer."""
        self.nb("collect", "exercises", "--update")
        self._collected()

    def nb_grade(self) -> None:
        """Grade all again."""
        self.nb("autograde", "exercises", "--force")
        self._graded()

    def button(self) -> None:
        """Press formgrader's button for each student."""
        config = load_config(self.course)
        coursedir = CourseDirectory(config=config)
        api = NbGraderAPI(coursedir, Authenticator(config=config), config=config)
        for student in WORK:
            done = api.autograde("exercises", student)
            assert done["success"], done
        self._graded()

    def nb_feedback(self) -> None:
        """Make pages again."""
        self.nb("generate_feedback", "exercises", "--force")
        self._paged()

    def publish(self) -> None:
        """Put the pages into the exchange."""
        self.nb("release_feedback", "exercises")
        for known in self.known.values():
            known.published[known.page] = known.total

    def mark(self) -> None:
        """Mark both answers in words, as a person does in formgrader."""
        with open_gradebook(self.course) as gradebook:
            for student, known in self.known.items():
                grade = gradebook.find_grade("ex1-why", "ex1", "exercises", student)
                grade.manual_score, grade.needs_manual_grade = MARK, False
                known.marked = known.graded
            gradebook.db.commit()

    # ---- the students

    def submit(self) -> None:
        """Fetch the assignment the first time, answer, and submit."""
        for student, known in self.known.items():
            home = self.root / student
            if known.submitted < 0:
                self.nb("fetch_assignment", "exercises", at=home)
            known.submitted += 1
            (code, _), said = WORK[student][known.submitted], words(student, known.submitted)
            for name, source in {"ex1-size": code, "ex1-why": said}.items():
                change(
                    home / "exercises" / "ex1.ipynb",
                    lambda notebook, name=name, source=source: cell(notebook, name).update(source=source),
                )
            self.nb("submit", "exercises", "--student", student, at=home)

    def fetch(self) -> None:
        """Fetch feedback: each hand-in whose page was released has it, with its own words and points, and no other."""
        for student, known in self.known.items():
            home = self.root / student
            self.nb("fetch_feedback", "exercises", "--student", student, at=home)
            folders = sorted(path.name for path in (home / "cache" / "small").iterdir())
            for number, folder in enumerate(folders):
                page = home / "exercises" / "feedback" / folder.split("+")[2] / "ex1.html"
                assert page.exists() == (number in known.published), (student, number)
                if page.exists():
                    text = " ".join(BeautifulSoup(page.read_text("utf-8"), "html.parser").body.get_text(" ").split())
                    said = [words(who, each) for who in WORK for each in (0, 1) if words(who, each) in text]
                    assert said == [words(student, number)]
                    assert f"{known.published[number]:g} / 1.75 points" in text, (student, number, text)

    # ---- how

    def ours(self, *words: str) -> None:
        """Call one of our commands."""
        self._monkeypatch.chdir(self.course)
        done = CliRunner().invoke(cli, words)
        assert done.exit_code == 0, (words, done.output, done.exception)

    def nb(self, *words: str, at: Path | None = None) -> None:
        """Call nbgrader's own command; a student's one has no course folder, but a cache."""
        self._monkeypatch.chdir(at or self.course)
        there = ["--course=small", f"--Exchange.root={self.root}/exchange", "--Exchange.cache=cache"]
        app = NbGraderApp.instance()
        try:
            app.initialize([*words, *(there if at else [])])
            with contextlib.suppress(NoStart):  # how it ends
                app.start()
        finally:
            app.reset()

    def _collected(self) -> None:
        for known in self.known.values():
            known.collected = known.submitted

    def _graded(self) -> None:
        for known in self.known.values():
            known.graded = known.collected

    def _paged(self) -> None:
        for student, known in self.known.items():
            known.page = known.graded
            known.total = WORK[student][known.graded][1] + (MARK if known.marked >= 0 else 0)


def words(student: str, number: int) -> str:
    """Return what a student writes."""
    return f"The {number + 1}. answer of {student}."


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a built course whose check is right for one function."""
    files = make_course(tmp_path_factory.mktemp("exchange") / "course")
    files.change(f"{files.checks}/__init__.py", "return 0.0", "return 1.0 if answer()(4) == 3 else 0.0")
    files.write("nbgrader_config.py", CONFIG)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(files.root)
        done = CliRunner().invoke(cli, ["build"])
    assert done.exit_code == 0, done.output
    return files.root


@pytest.fixture
def walk(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    """Return a walk through a copy of the course."""
    shutil.copytree(built, tmp_path / "course")
    before = list(sys.path)
    yield Walk(tmp_path, monkeypatch)
    sys.path[:] = before


@pytest.mark.parametrize("order", [ORDERS[0], *(pytest.param(each, marks=pytest.mark.long) for each in ORDERS[1:])])
def test_commands_of_both_in_any_order(walk: Walk, order: str) -> None:
    """Every grade, mark and page is right after each step, and belongs to the hand-in that it is of."""
    walk.do(order)
    assert all(known.published for known in walk.known.values())
