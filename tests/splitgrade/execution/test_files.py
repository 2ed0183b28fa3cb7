"""Files beside a notebook: whose they are and who sees them."""

import pytest

from splitgrade.execution.files import files_for_student, folder_files
from splitgrade.sandbox.limits import MAX_FILES


def test_links_notebooks_and_hidden_files_are_left_out(tmp_path):
    """Only regular files of the folder itself are taken."""
    for name in ("a.csv", "sub/b.csv", "x.ipynb", ".hidden", ".git/c", "__pycache__/numpy.pyc", "timestamp.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "folder").symlink_to("/etc")
    assert [name for name, _ in folder_files(tmp_path)] == ["a.csv", "sub/b.csv"]
    assert [name for name, _ in folder_files(tmp_path, ["a.*"])] == ["sub/b.csv"]
    assert [name for name, _ in folder_files(tmp_path, ["su?"])] == ["a.csv"]


def test_the_instructors_file_wins_over_anything_of_its_name(tmp_path):
    """Neither the file itself nor a module that would be imported in its place is the student's."""
    instructor = {"kit/__init__.py": b"right", "data.csv": b"1"}
    for name in ("kit/__init__.py", "kit.py", "kit.so", "kit/extra.py", "data.csv", "mine.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("forged")
    files, left_out = files_for_student(tmp_path, instructor)
    assert files == {**instructor, "mine.csv": b"forged"}
    assert sorted(text.split(":")[0] for text in left_out) == [
        "data.csv",
        "kit.py",
        "kit.so",
        "kit/__init__.py",
        "kit/extra.py",
    ]


def test_an_unchanged_copy_is_no_finding(tmp_path):
    """Students hand the files back that they got."""
    (tmp_path / "data.csv").write_bytes(b"1")
    assert files_for_student(tmp_path, {"data.csv": b"1"}) == ({"data.csv": b"1"}, [])


def test_the_number_of_files_is_bounded(tmp_path):
    """A flood of files is cut and reported."""
    for number in range(MAX_FILES + 5):
        (tmp_path / f"{number}").write_text("")
    files, left_out = files_for_student(tmp_path, {})
    assert len(files) == MAX_FILES
    assert len(left_out) == 1


@pytest.mark.parametrize(
    "name", ["numpy.py", "sitecustomize.py", "json.py", "cnn_ref.py", "random.py", "matplotlib/__init__.py"]
)
def test_a_file_of_the_students_shadows_no_module(grade, course, tmp_path, name):
    """Installed modules go before files beside the notebook, in students' cells as in tests."""
    instructor = course(tmp_path, "import numpy, json, random\nassert numpy.ones(2).sum() == double(1) == 2")
    student = "import numpy, json, random, matplotlib\ndef double(x):\n    return float(numpy.ones(2).sum()) * x"
    graded = grade(instructor, course.answered(instructor, student), {name: b"raise SystemExit('shadowed')"})
    assert graded.scores == {"double-test": 1, "later-test": 1}


def test_a_module_of_the_students_own_can_be_imported(grade, course, tmp_path):
    """A helper file handed in beside the notebook works in the student's cells and is no part of the test."""
    instructor = course(
        tmp_path, "assert double(4) == 8\ntry:\n    import helper\nexcept ImportError:\n    pass\nelse:\n    1 / 0"
    )
    graded = grade(
        instructor,
        course.answered(instructor, "from helper import double"),
        {"helper.py": b"def double(x): return 2 * x"},
    )
    assert graded.scores == {"double-test": 1, "later-test": 1}


def test_the_instructors_files_are_on_both_sides(grade, notebooks, tmp_path):
    """Data and modules that go with the assignment are read by students' cells and by tests."""
    n = notebooks
    instructor = n.instructor_notebook(
        tmp_path,
        n.locked("setup", "from kit import check"),
        n.answer("value", "value = open('data.csv').read()"),
        n.tests_of("value-test", "assert check(value) and open('data.csv').read() == value == '1,2'"),
        files={"kit.py": "def check(value): return value == '1,2'", "data.csv": "1,2"},
    )
    assert grade(instructor, n.answered(instructor, value="value = open('data.csv').read()")).scores == {
        "value-test": 1
    }
