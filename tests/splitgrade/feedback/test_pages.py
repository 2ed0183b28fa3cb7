"""Pages for a class: names are data, one student's fault is nobody else's, and what lies beside the pages."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat
import psutil
import pytest
from bs4 import BeautifulSoup, Tag
from click.testing import CliRunner
from nbformat.v4 import new_code_cell
from nbgrader.auth import Authenticator
from nbgrader.converters import GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import (
    ExchangeCollect,
    ExchangeFetchAssignment,
    ExchangeFetchFeedback,
    ExchangeReleaseAssignment,
    ExchangeReleaseFeedback,
    ExchangeSubmit,
)
from nbgrader.utils import rmtree
from traitlets.config import Config

from splitgrade.commands.feedback import feedback_command
from splitgrade.feedback.own_outputs import engine_without_tests
from splitgrade.feedback.pages import graded_students, write_feedback
from splitgrade.feedback.side_by_side import side_by_side
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.grading.fingerprints import State, state_path, write_state
from splitgrade.grading.record import NotebookRecord, SubmissionRecord
from splitgrade.grading.told import not_graded, told_of
from splitgrade.nbgrader.execute import SplitExecute
from splitgrade.nbgrader.session import Conversion, convert, load_config
from splitgrade.sandbox import layers, server_process
from splitgrade.submission.told import Told
from tests.course_fixture import (
    ADD_RIGHT,
    ADD_WRONG,
    ASSIGNMENT,
    MODEL_ANSWER,
    PLUS_RIGHT,
    RUBRIC,
    hand_in,
    make_course,
)

pytestmark = [
    pytest.mark.usefixtures("kept_servers"),
    pytest.mark.skipif(layers.probe().isolation == "none", reason="this machine has no sandbox"),
]

STUDENTS = {"ada": "The order.", "[abc]": "In brackets.", "*": "All stars.", "b": "Plainly.", "%s {0} é": "With signs."}
NOBODY = "cleo"  # of whose work nothing can be graded
BESIDE = {"index.html", "timestamp.txt", "submission_secret.txt"}


@dataclass(frozen=True)
class Class:
    """A graded class in a folder whose name has every sign that some language takes for its own."""

    root: Path

    @property
    def config(self) -> Config:
        """Return nbgrader's configuration."""
        return load_config(self.root, self.root)

    def feedback(self, *students: str) -> dict[str, str]:
        """Make pages and return the reason of each failure, empty for success."""
        wanted = students or graded_students(self.root / "autograded", ASSIGNMENT)
        told = partial(told_of, self.root, ASSIGNMENT)
        outcomes = write_feedback(self.root, self.config, ASSIGNMENT, wanted, told=told)
        return {student: outcome.reason for student, outcome in outcomes}

    def folder(self, student: str) -> Path:
        """Return the folder of a student's pages."""
        return self.root / "feedback" / student / ASSIGNMENT

    def text(self, student: str, page: str) -> str:
        """Return what a page says."""
        content = (self.folder(student) / f"{page}.html").read_text(encoding="utf-8")
        return " ".join(BeautifulSoup(content, "html.parser").body.get_text(" ").split())


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """Grade the class in a folder with a plain name, and rename the folder."""
    root = make_course(tmp_path_factory.mktemp("pages") / "course")
    config = load_config(root)
    assert convert(GenerateAssignment, config, ASSIGNMENT).success
    for student, words in STUDENTS.items():
        hand_in(root, student, one_add=ADD_WRONG, two_add=PLUS_RIGHT, one_why=words)
    (root / "submitted" / "b" / ASSIGNMENT / "two.ipynb").unlink()
    (root / "submitted" / "ada" / ASSIGNMENT / "notes.html").write_text("<p>handed in</p>")
    star = root / "submitted" / "*" / ASSIGNMENT
    (star / "two.ipynb").write_text("no notebook")
    (star / "one.ipynb").write_text((star / "one.ipynb").read_text().replace('"import math"', '"import <b>maths</b>"'))
    for path in hand_in(root, NOBODY).glob("*.ipynb"):
        path.write_text("<b>no</b> notebook")
    (root / "submitted" / "ada" / ASSIGNMENT / "helper.py").write_text("x = 1")
    for student, record in GradingRun(Grader.of(root, config, ASSIGNMENT), [*STUDENTS, NOBODY], seed=3).outcomes():
        assert record.notebooks["one"].state == ("refused" if student == NOBODY else "graded"), (student, record)
    return Class(root.rename(root.parent / "Teaching [2026] (é) +%"))


def test_what_was_put_right_and_what_is_open_is_on_the_students_own_pages(graded: Class) -> None:
    """A set-up cell that was changed, a file that is no notebook: said to whom it concerns, and nobody else."""
    assert graded.feedback("*", "ada") == {"*": "", "ada": ""}
    says = "What was put right in your notebook one-setup: the text was changed; the instructor's is used"
    assert says in graded.text("*", "one")
    says = "two – / 1 what was handed in could not be graded: not a notebook: the file is not JSON. Its points are open"
    assert says in graded.text("*", "index")
    assert says in graded.text("*", "one")
    assert graded.text("*", "two") == graded.text("*", "index")
    assert "What was put right" not in graded.text("ada", "one")
    left_out = "What became of your files helper.py left out: Python files beside a notebook are not used"
    assert left_out in graded.text("ada", "index")
    assert left_out in graded.text("ada", "one")
    assert "What became of your files" not in graded.text("*", "index")


def test_who_has_no_graded_notebook_is_told_why(graded: Class) -> None:
    """A page for each file that was handed in, with what was wrong with it; the points are open, no zero."""
    submitted, all_graded = graded.root / "submitted", graded_students(graded.root / "autograded", ASSIGNMENT)
    assert not_graded(graded.root, submitted, ASSIGNMENT, all_graded) == [NOBODY]
    assert graded.feedback(NOBODY) == {NOBODY: ""}
    assert {path.name for path in graded.folder(NOBODY).iterdir()} == {"one.html", "two.html"} | BESIDE
    for page in ("one", "two", "index"):
        text = graded.text(NOBODY, page)
        assert "0 / 4 points 4 of these points wait for a person to mark them." in text
        says = "what was handed in could not be graded: not a notebook: the file is not JSON. Its points are open"
        assert f"one – / 3 {says}" in text


def test_a_fault_of_the_grader_is_said_without_its_words(tmp_path: Path) -> None:
    """Names of folders and modules of the machine are nothing for a student; neither is what graded pages say."""
    books = {"one": NotebookRecord("failed", "OSError: /srv/course is full"), "two": NotebookRecord("graded")}
    record = SubmissionRecord(books, ["two: one-setup: the text was changed", "a.zip was unpacked"])
    write_state(state_path(tmp_path, ASSIGNMENT, "ada"), State("", "", "", record))
    told = told_of(tmp_path, ASSIGNMENT, "ada")
    assert told.reasons == {"one": "the grader could not run it, which is not your fault"}
    assert told.notes == ["a.zip was unpacked"]
    assert told_of(tmp_path, ASSIGNMENT, "bob") == Told()


def soup_of(path: Path) -> BeautifulSoup:
    """Return a page, read."""
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def follow(part: Tag, pages: Mapping[str, BeautifulSoup]) -> set[str]:
    """Return the pages that links of a part of a page lead to; each of them, and each place in it, has to be there."""
    found = set()
    for link in part.find_all("a"):
        page, _, anchor = str(link["href"]).partition("#")
        assert not anchor or pages[page].find(id=anchor), link
        found.add(page)
    return found


def test_several_at_a_time_make_the_same_pages(graded: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers write byte for byte what this process writes alone, in its order, with its warm interpreters."""
    starts, launch = tmp_path / "starts", server_process.launch

    def noted(*args: object) -> object:
        with starts.open("a") as file:
            file.write(f"{os.getpid()}\n")
        return launch(*args)

    monkeypatch.setattr(server_process, "launch", noted)

    def written(workers: int) -> tuple[list[str], dict[str, bytes]]:
        done = [name for name, _ in write_feedback(graded.root, graded.config, ASSIGNMENT, sorted(STUDENTS), workers)]
        pages = sorted((graded.root / "feedback").rglob("*.html"))
        return done, {str(page): page.read_bytes() for page in pages}

    assert written(2) == written(1)
    assert not starts.exists() or set(starts.read_text().split()) == {str(os.getpid())}


def test_a_worker_that_is_killed_costs_nobody_the_pages(graded: Class) -> None:
    """What a worker cannot do, and all that comes after it, is done by the process that asked."""
    ours, engine = os.getpid(), engine_without_tests(SplitExecute(config=graded.config))

    def make(student: str) -> Conversion:
        if student == "c" and os.getpid() != ours:
            os.kill(os.getpid(), signal.SIGKILL)
        return Conversion(True, reason=f"{student} by {'us' if os.getpid() == ours else 'a worker'}")

    found = [(student, outcome.reason) for student, outcome in side_by_side(make, list("abcd"), engine, 2)]
    assert [student for student, _ in found] == list("abcd")
    assert found[2:] == [("c", "c by us"), ("d", "d by us")]


def test_whoever_wants_no_more_pages_does_not_wait_for_them(graded: Class, tmp_path: Path) -> None:
    """Workers end in the middle of a student's pages, and leave no process."""
    engine = engine_without_tests(SplitExecute(config=graded.config))
    engine.start()
    before = set(psutil.Process().children(recursive=True))

    def make(student: str) -> Conversion:
        if student != "a":
            time.sleep(5)
            (tmp_path / student).touch()
        return Conversion(True)

    pages = side_by_side(make, list("abcdef"), engine, 2)
    assert next(pages)[0] == "a"
    pages.close()
    assert list(tmp_path.iterdir()) == []
    assert set(psutil.Process().children(recursive=True)) <= before


def test_workers_must_be_some(graded: Class) -> None:
    """None at all is refused."""
    with pytest.raises(ValueError, match="workers must be at least 1, got 0"):
        list(write_feedback(graded.root, graded.config, ASSIGNMENT, ["b"], workers=0))


def test_names_of_folders_and_students_are_data(graded: Class) -> None:
    """Brackets, stars, braces and umlauts are letters: everybody has their own pages, and nothing else beside them."""
    assert graded_students(graded.root / "autograded", ASSIGNMENT) == sorted(STUDENTS)
    assert graded.feedback() == dict.fromkeys(STUDENTS, "")
    for student, words in STUDENTS.items():
        text = graded.text(student, "one")
        assert [other for other in STUDENTS.values() if other in text] == [words]
        pages = {"one.html"} if student == "b" else {"one.html", "two.html"}
        assert {path.name for path in graded.folder(student).iterdir()} == pages | BESIDE


def test_the_start_page_has_total_order_and_what_is_missing(graded: Class) -> None:
    """Points of all notebooks, also of one that was not handed in; lost points first, then what waits."""
    graded.feedback("ada", "b")
    text = graded.text("ada", "index")
    # ``add`` subtracts: none of its 2 points; ``plus`` is right; the answer in words (1 point) waits.
    assert "1 / 4 points" in text
    assert "1 of these points wait for a person to mark them." in text
    assert text.index("Look at first") < text.index("one-add") < text.index("Not marked yet") < text.index("one-why")
    assert "two 0 / 1 not handed in" in graded.text("b", "index")
    assert "0 / 4 points" in graded.text("b", "index")
    soups = {path.name: soup_of(path) for path in graded.folder("ada").glob("*.html")}
    assert follow(soups["index.html"], soups) == {"one.html", "two.html"}


def test_a_student_without_grades_costs_no_other_and_is_told_in_words(graded: Class) -> None:
    """A folder in ``autograded/`` that the gradebook knows nothing of: a sentence, and pages for the rest."""
    ghost = graded.root / "autograded" / "ghost" / ASSIGNMENT
    shutil.copytree(graded.root / "autograded" / "ada" / ASSIGNMENT, ghost)
    try:
        reasons = graded.feedback("ghost", "ada")
    finally:
        rmtree(str(ghost.parent))
    assert "the gradebook has no grades of one by ghost in tiny: grade the submission again" in reasons["ghost"]
    assert reasons["ada"] == ""
    assert not graded.folder("ghost").exists()


def test_the_command_names_failures_and_folder_as_they_are(graded: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    """Brackets are no markup, and a name with an escape sequence does nothing to the terminal."""
    monkeypatch.chdir(graded.root)
    monkeypatch.setenv("COLUMNS", "400")
    config = graded.config
    monkeypatch.setattr("splitgrade.nbgrader.session.load_config", lambda _: config)
    done = CliRunner().invoke(feedback_command, [ASSIGNMENT, "--student", "[abc]", "--student", "no\x1b[2J[red]body"])
    assert done.exit_code == 1, done.output
    assert done.stdout == f"Feedback for 1 students lies in {graded.root / 'feedback'}.\n"
    assert "[2J[red]body: no feedback: " in done.stderr
    assert "\x1b" not in done.output


def whole_source(path: Path, source: Path) -> None:
    """Put the instructor's notebook in the place of a student's."""
    path.write_bytes(source.read_bytes())


def model_answer(path: Path, source: Path) -> None:
    """Put the instructor's text into one answer: it has no marker."""
    _set(path, "one-why", next(c.source for c in nbformat.read(source, 4).cells if c["id"] == "one-why"))


def marked_solution(path: Path, source: Path) -> None:
    """Put a solution of another version of the source into an answer."""
    _set(path, "one-add", "def add(a, b):\n    ### BEGIN SOLUTION\n    return b + a\n    ### END SOLUTION")


def hidden_test(path: Path, source: Path) -> None:
    """Put a hidden test into a cell that is nobody's."""
    content = nbformat.read(path, as_version=4)
    content.cells.append(new_code_cell("### BEGIN HIDDEN TESTS\nassert True\n### END HIDDEN TESTS"))
    nbformat.write(content, path)


def _set(path: Path, cell_id: str, text: str) -> None:
    content = nbformat.read(path, as_version=4)
    next(cell for cell in content.cells if cell["id"] == cell_id).source = text
    path.chmod(0o644)
    nbformat.write(content, path)


@pytest.fixture
def ada(graded: Class) -> Iterator[Path]:
    """Give ada's graded notebook, and put it back."""
    path = graded.root / "autograded" / "ada" / ASSIGNMENT / "one.ipynb"
    before = path.read_bytes()
    path.chmod(0o644)
    yield path
    path.write_bytes(before)


@pytest.mark.parametrize(
    ("put", "changed"),
    [
        *((put, False) for put in (whole_source, model_answer, marked_solution, hidden_test)),
        *((put, True) for put in (whole_source, marked_solution, hidden_test)),  # a text without a marker needs source/
    ],
)
def test_no_page_is_made_of_what_only_the_instructor_may_have(
    graded: Class, ada: Path, put: Callable[[Path, Path], None], changed: bool
) -> None:
    """The folder is named, the others have their pages, and no model answer lies in ``feedback/``."""
    source = graded.root / "source" / ASSIGNMENT / "one.ipynb"
    put(ada, source)
    before = source.read_text(encoding="utf-8")
    try:
        if changed:
            source.write_text(before.replace("return a + b", "return b + a"), encoding="utf-8")
        reasons = graded.feedback("ada", "*")
    finally:
        source.write_text(before, encoding="utf-8")
    assert f"{ada.parent} holds what only the instructor may have: one.ipynb" in reasons["ada"]
    assert reasons["*"] == ""
    assert not graded.folder("ada").exists()
    pages = [path.read_text(encoding="utf-8") for path in (graded.root / "feedback").rglob("*.html")]
    assert [word for word in (MODEL_ANSWER, RUBRIC) for page in pages if word in page] == []


def test_nbgraders_own_command_refuses_as_well(graded: Class, ada: Path) -> None:
    """The check is a step of the conversion: formgrader's button and ``nbgrader generate_feedback`` have it too."""
    whole_source(ada, graded.root / "source" / ASSIGNMENT / "one.ipynb")
    plain = graded.root.rename(graded.root.parent / "plain")  # nbgrader itself finds no notebook in brackets
    try:
        outcome = convert(GenerateFeedback, load_config(plain, plain), ASSIGNMENT, "ada")
    finally:
        plain.rename(graded.root)
    assert not outcome.success
    assert "holds what only the instructor may have" in outcome.reason


def test_a_student_who_writes_a_marker_has_a_page(graded: Class, ada: Path) -> None:
    """What was handed in is the student's own, whatever it says."""
    submitted = graded.root / "submitted" / "ada" / ASSIGNMENT / "one.ipynb"
    before = submitted.read_bytes()
    marked_solution(ada, ada)
    _set(submitted, "one-add", "def add(a, b):\n    ### BEGIN SOLUTION\n    return b + a\n    ### END SOLUTION")
    try:
        assert graded.feedback("ada") == {"ada": ""}
    finally:
        submitted.write_bytes(before)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")  # nbgrader's
def test_feedback_goes_through_a_real_exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Released, fetched, submitted, collected, graded; nbgrader releases our pages and the student fetches them.

    What the start page says has come along in each, and leads from one to the other where they lie now.
    A student who handed in by another way, and so has no secret, keeps nobody from theirs.
    """
    root = make_course(tmp_path / "course")
    config = load_config(root)
    config.Exchange.root = str(tmp_path / "exchange")
    config.Exchange.cache = str(tmp_path / "cache")
    (tmp_path / "exchange").mkdir(mode=0o777)
    (tmp_path / "exchange").chmod(0o777)
    home = tmp_path / "home"
    home.mkdir()
    assert convert(GenerateAssignment, config, ASSIGNMENT).success

    def step(kind: type, **traits: str) -> None:
        coursedir = CourseDirectory(config=config, assignment_id=ASSIGNMENT, **traits)
        kind(coursedir=coursedir, authenticator=Authenticator(config=config), config=config).start()

    step(ExchangeReleaseAssignment)
    monkeypatch.chdir(home)
    config.Exchange.assignment_dir = str(home)
    step(ExchangeFetchAssignment)
    _set(home / ASSIGNMENT / "one.ipynb", "one-add", ADD_RIGHT)
    _set(home / ASSIGNMENT / "two.ipynb", "two-add", PLUS_RIGHT)
    step(ExchangeSubmit)
    monkeypatch.chdir(root)
    step(ExchangeCollect)
    [student] = [path.name for path in (root / "submitted").iterdir()]
    hand_in(root, "by-mail", one_add=ADD_WRONG)
    grader = Grader.of(root, config, ASSIGNMENT)
    assert {name for name, _ in GradingRun(grader, grader.students(), seed=3).outcomes()} == {student, "by-mail"}
    for name, outcome in write_feedback(root, config, ASSIGNMENT, graded_students(root / "autograded", ASSIGNMENT)):
        assert outcome.success, (name, outcome.log)
    step(ExchangeReleaseFeedback)
    monkeypatch.chdir(home)
    step(ExchangeFetchFeedback)
    fetched = {path.name: path for path in (home / ASSIGNMENT / "feedback").rglob("*.html")}
    assert set(fetched) == {"one.html", "two.html"}
    assert fetched["one.html"].read_bytes() == (root / "feedback" / student / ASSIGNMENT / "one.html").read_bytes()
    soups = {name: soup_of(path) for name, path in fetched.items()}
    for soup in soups.values():
        whole = soup.select_one("details.whole")
        assert whole.find("summary").get_text() == "The whole assignment: 3 / 4 points, 2 notebooks"
        assert follow(whole, soups) == {"one.html", "two.html"}
    folders = [root / "feedback" / name / ASSIGNMENT for name in (student, "by-mail")]
    secrets = {(folder / "submission_secret.txt").read_text() for folder in folders}
    assert len(secrets) == 2
    assert os.environ.get("JPY_USER", student) == student
