"""The release: made by nbgrader, searched for leaks, put in place only when it gives nothing away."""

from __future__ import annotations

import shutil
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.api import Gradebook

from cnn_course.authoring.build import build
from cnn_course.authoring.leaks import find_leaks
from cnn_course.authoring.release import outdated_release, release
from cnn_course.course import load_course
from cnn_course.errors import BuildError
from splitgrade.errors import CourseError

pytestmark = pytest.mark.slow  # nbgrader starts anew for each assignment


@pytest.fixture
def course(files):
    """Return a small course with a fresh source/."""
    found = load_course(files.root)
    build(found)
    return found


@pytest.fixture(scope="module")
def released(make_files):
    """Return the files of a course, the course and what was released, once; not to be changed."""
    files = make_files()
    course = load_course(files.root)
    build(course)
    return files, course, release(course)


def test_release_holds_what_students_get(released):
    """A release has notebooks without solutions, pictures and the kit, and the gradebook knows it."""
    files, course, names = released
    assert names == ("exercises", "quiz_week")
    made = files.snapshot("release")
    assert set(made) == set(files.snapshot("source"))
    everything = b"".join(made.values())
    for secret in (b"SOLUTION", b"HIDDEN", b"np.floor", files.checks.encode(), b"Rubric", b'q01 = "b"', b"moves over"):
        assert secret not in everything
    assert b"# YOUR CODE HERE" in made["exercises/ex1.ipynb"]
    assert (files.root / "gradebook.db").is_file()
    assert outdated_release(course) == []


def test_blank_release_runs_from_top_to_bottom(released):
    """No cell of a released notebook raises before the student types anything, and progress() is reached."""
    for path in sorted(released[0].root.glob("release/*/*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(path.parent)}}).execute()
        assert notebook.cells[-1].outputs[0].text == "hidden tests exist\n"


def test_release_check_leaves_the_gradebook_alone(files, course):
    """The check writes neither release/ nor a gradebook, and names what differs."""
    lines = outdated_release(course)
    assert "exercises/ex1.ipynb: is missing" in lines
    assert not (files.root / "gradebook.db").exists()
    assert not (files.root / "release").exists()


def test_release_needs_a_current_source(files, course):
    """With texts newer than source/ nothing is released."""
    files.change("authoring/exercises/ex1.py", "size(3)", "size(4)")
    with pytest.raises(CourseError, match=r"(?s)cnn-course build.*ex1-try"):
        release(course)
    assert not (files.root / "release").exists()


def test_a_leak_stops_the_release(files, course):
    """A solution that is also in a public cell keeps the old release in place."""
    files.write("release/exercises/old.txt", "the old release")
    files.change("authoring/exercises/ex1.py", "size(3)", "answer = int(np.floor(n / 2)) + 1")
    build(course)
    with pytest.raises(BuildError, match="the teacher keeps the solution of ex1-size"):
        release(course, ["exercises"])
    assert files.snapshot("release") == {"exercises/old.txt": b"the old release"}


def test_nbgrader_failing_is_reported(files, course):
    """What nbgrader says about its failure is in the message."""
    files.write("nbgrader_config.py", 'get_config().CourseDirectory.source_directory = "nowhere"')
    with pytest.raises(CourseError, match=r"(?s)could not generate exercises.*No notebooks were matched.*nowhere"):
        release(course, ["exercises"])


@pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")  # nbgrader's own way of adding
def test_cells_cannot_be_renamed_once_work_was_handed_in(files, course):
    """With a submission in the gradebook a renamed test cell is refused, and release/ stays as it was."""
    release(course, ["quiz_week"])
    with Gradebook(f"sqlite:///{files.root}/gradebook.db", "small") as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission("quiz_week", "ada")
    before = files.snapshot("release")
    files.change("authoring/quiz_week/quiz.toml", 'id = "q02"', 'id = "q03"')
    files.change(f"{files.checks}/__init__.py", '"q02"', '"q03"')
    files.change("small_kit/examples.py", '"q02"', '"q03"')
    for name in [module for module in sys.modules if module.startswith(files.checks)]:
        del sys.modules[name]
    build(course)
    with pytest.raises(CourseError, match="could not generate quiz_week"):
        release(course, ["quiz_week"])
    assert files.snapshot("release") == before


def test_unknown_assignments_are_refused(course):
    """A name that is no assignment is answered with those that are."""
    with pytest.raises(CourseError, match="exercises, quiz_week"):
        release(course, ["exercise"])


@pytest.fixture
def course_and_out(released, tmp_path):
    """Return the course and a copy of its release, which is clean, that a test may spoil."""
    files, course, names = released
    out = shutil.copytree(files.root / "release", tmp_path / "out")
    assert [problem for name in names for problem in find_leaks(course, name, out / name)] == []
    return course, out


def edit_cell(folder, name, **changes):
    """Change one cell of the released notebook."""
    notebook = nbformat.read(folder / "ex1.ipynb", as_version=4)
    next(cell for cell in notebook.cells if cell.id == name).update(changes)
    nbformat.write(notebook, folder / "ex1.ipynb")


LEAKS = {
    "marker": (lambda f: edit_cell(f, "ex1-try", source="### BEGIN SOLUTION"), "no marker", "BEGIN SOLUTION"),
    "solution": (
        lambda f: edit_cell(f, "ex1-try", source="answer =  int(np.floor(n / 2)) + 1"),
        "the teacher keeps the solution of ex1-size",
        "np.floor",
    ),
    "cell not cleared": (lambda f: edit_cell(f, "ex1-size", source="size = 1"), "its text without", "size = 1"),
    "rubric": (
        lambda f: edit_cell(f, "ex1-intro", source="one says that half of the places are skipped"),
        "the teacher keeps the rubric of ex1-why",
        "says that half",
    ),
    "model answer": (
        lambda f: edit_cell(f, "ex1-intro", source="Half of the places are skipped, and the first one counts too."),
        "the teacher keeps the model answer of ex1-why",
        "Half of the",
    ),
    "private package": (
        lambda f: edit_cell(f, "ex1-try", source="import secret_reference"), "packages of the teacher", "secret_ref",
    ),
    "output": (
        lambda f: edit_cell(f, "ex1-try", execution_count=3), "no output is released", "was run",
    ),
    "missing cell": (lambda f: edit_cell(f, "ex1-try", id="other"), "the cells of its text", "other"),
    "extra file": (lambda f: (f / "notes.txt").write_text("n"), "nothing else", "not meant for students"),
    "missing file": (lambda f: (f / "small_kit/__init__.py").unlink(), "nothing else", "is missing"),
    "kit with solution": (
        lambda f: (f / "small_kit/__init__.py").write_text("def size(n):\n  answer = int(np.floor(n / 2)) + 1"),
        "the teacher keeps the solution of ex1-size",
        "np.floor",
    ),
    "kit with package": (
        lambda f: (f / "small_kit/__init__.py").write_text("from secret_reference import size"),
        "packages of the teacher",
        "secret_reference",
    ),
}  # fmt: skip


@pytest.mark.parametrize("leak", LEAKS)
def test_every_kind_of_leak_is_found(course_and_out, leak):
    """Whatever is put into a clean release by hand is named with its rule and value."""
    (course, out), (spoil, rule, value) = course_and_out, LEAKS[leak]
    spoil(out / "exercises")
    problems = find_leaks(course, "exercises", out / "exercises")
    assert any(rule in problem.rule and value in problem.value for problem in problems), problems


def test_a_key_is_secret_however_short(course_and_out):
    """The line that answers a quiz item is found in any other cell."""
    course, out = course_and_out
    path = out / "quiz_week/quiz.ipynb"
    path.write_text(
        path.read_text(encoding="utf-8").replace("Two items.", 'Two items: q01 =  \\"b\\".'), encoding="utf-8"
    )
    found = [(problem.item, problem.rule) for problem in find_leaks(course, "quiz_week", out / "quiz_week")]
    assert ("cell quiz-intro", "the teacher keeps the solution of q01") in found


def test_quiz_hints_and_explanations_are_secret(course_and_out):
    """A kit that holds the explanation or a hint of an item is stopped, however its lines are broken."""
    course, out = course_and_out
    told = "The filter is what moves\nover the picture. Think about which of the\n  two is the smaller one."
    (out / "quiz_week/small_kit/__init__.py").write_text(told)
    rules = {problem.rule for problem in find_leaks(course, "quiz_week", out / "quiz_week")}
    assert rules == {"the teacher keeps the explanation of q01", "the teacher keeps the hints of q01"}
