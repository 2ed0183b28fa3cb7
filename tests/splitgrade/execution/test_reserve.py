"""Processes that were there before they were asked for serve what they may, and nothing else."""

from __future__ import annotations

import os
import signal

import nbformat
import psutil
import pytest

from splitgrade.submission.restore import restore
from tests.splitgrade.conftest import Graded, answer, answered, instructor_notebook
from tests.splitgrade.conftest import tests_of as hidden_tests

RIGHT = "def double(x):\n    return 2 * x"
TRUE = {"double-test": 1, "later-test": 1}


def waiting(engine):
    """Return the student's process that waits for the next notebook."""
    assert engine._reserve._ready is not None, "none was started ahead"
    return engine._reserve._ready.student


def kept(engine):
    """Return the trusted process that waits for the submission's next notebook, None where there is none."""
    return engine._reserve._kept and engine._reserve._kept.trusted


@pytest.fixture
def grade_of(engine):
    """Grade a notebook of a named submission."""

    def run(submission, instructor, submitted):
        notebook = restore(instructor, submitted).notebook
        engine.run(notebook, instructor, instructor.files, submission)
        nbformat.validate(notebook)
        return Graded(notebook)

    return run


def test_the_next_student_waits_when_a_notebook_is_done_and_is_used(engine, grade_of, course, tmp_path):
    """The process that waits after one notebook serves the next one, and another waits after that."""
    instructor = course(tmp_path)
    submitted = course.answered(instructor, RIGHT)
    assert grade_of("eve", instructor, submitted).scores == TRUE
    first = waiting(engine)
    assert grade_of("eve", instructor, submitted).scores == TRUE
    assert waiting(engine) is not first
    assert first.child.closed


def test_nothing_of_a_notebook_is_left_for_the_next(grade, course, tmp_path):
    """Names, files and poison of one submission are not there in the next one."""
    instructor = course(tmp_path)
    poison = f"import builtins\nbuiltins.left = 1\nopen('left.txt', 'w').write('x')\n{RIGHT}"
    assert grade(instructor, course.answered(instructor, poison)).scores == TRUE
    looks = f"import builtins, os\nassert not hasattr(builtins, 'left') and not os.path.exists('left.txt')\n{RIGHT}"
    graded = grade(instructor, course.answered(instructor, looks))
    assert graded.scores == TRUE
    assert graded.cell("double").outputs == []


def test_a_submission_with_files_of_its_own_gets_them(grade, course, tmp_path):
    """Who handed in a file finds it, and the next student does not."""
    instructor = course(tmp_path)
    reads = f"number = int(open('mine.txt').read())\n{RIGHT.replace('2', 'number')}"
    submitted = course.answered(instructor, reads)
    assert grade(instructor, submitted, {**instructor.files, "mine.txt": b"2"}).scores == TRUE
    assert grade(instructor, submitted).scores == {"double-test": 0, "later-test": 1}


def test_a_waiting_process_that_has_ended_is_replaced(engine, grade_of, course, tmp_path):
    """A process that died while it waited costs nobody anything."""
    instructor = course(tmp_path)
    submitted = course.answered(instructor, RIGHT)
    grade_of("ada", instructor, submitted)
    for process in (waiting(engine), kept(engine)):
        process.child.signal(signal.SIGKILL)
        assert process.child.wait(5)
    assert grade_of("ada", instructor, submitted).scores == TRUE


def test_what_waits_is_ended_with_the_reserve(engine, grade_of, course, tmp_path):
    """After closing the reserve no process that waited is left."""
    instructor = course(tmp_path)
    grade_of("ada", instructor, course.answered(instructor, RIGHT))
    before = {process.pid for process in psutil.Process(os.getpid()).children(recursive=True)}
    processes = [waiting(engine), kept(engine)]
    engine._reserve.close()
    assert engine._reserve._ready is engine._reserve._kept is None
    assert all(process.child.closed for process in processes)
    after = {process.pid for process in psutil.Process(os.getpid()).children(recursive=True)}
    assert len(after) == len(before) - 2


def test_tests_of_one_submission_run_in_one_process_and_of_two_in_two(engine, grade_of, grade, course, tmp_path):
    """The trusted process waits for the same submission's next notebook, and ends before another submission's."""
    instructor = course(tmp_path)
    submitted = course.answered(instructor, RIGHT)
    grade_of("ada", instructor, submitted)
    first = kept(engine)
    assert grade_of("ada", instructor, submitted).scores == TRUE
    assert kept(engine) is first
    assert grade_of("bob", instructor, submitted).scores == TRUE
    assert first.child.closed
    second = kept(engine)
    assert grade(instructor, submitted).scores == TRUE  # of nobody's
    assert kept(engine) is second


def test_nothing_of_a_notebook_is_left_for_the_next_one_s_tests(engine, grade_of, tmp_path):
    """Names, results, the folder and the seed of one notebook's tests are forgotten before the submission's next."""
    leaves = "import os, random\nos.chdir('/')\nleft, solution_of_one = 1, one\nrandom.seed(5)\nnp.random.seed(5)\n1.0"
    looks = (
        "import os, random\n"
        "gone = not [name for name in ('left', 'solution_of_one', 'one', '_1', '_2') if name in globals()]\n"
        "try:\n    one\n    gone = False\nexcept NameError:\n    pass\n"
        "seeded = random.Random(5).random() == random.random()\n"
        "seeded = seeded or np.random.RandomState(5).rand() == np.random.rand()\n"
        "float(gone and two == 2 and os.getcwd() != '/' and not seeded)"
    )
    for name, code, test in (("one", "one = 1", leaves), ("two", "two = 2", looks)):
        (tmp_path / name).mkdir()
        text = f"import numpy as np\n{code}"
        instructor = instructor_notebook(tmp_path / name, answer(name, text), hidden_tests(f"{name}-test", test))
        before = kept(engine)
        graded = grade_of("eve", instructor, answered(instructor, **{name: text}))
        assert graded.scores == {f"{name}-test": 1}, graded.text(f"{name}-test")
        assert name == "one" or kept(engine) is before is not None


@pytest.mark.parametrize(
    "trouble", ["import os\ndef double(x):\n    os._exit(3)", "def double(x):\n    while True:\n        pass"]
)
def test_after_trouble_the_tests_of_the_next_notebook_have_a_new_process(engine, grade_of, course, tmp_path, trouble):
    """Where a cell took too long or a student's process ended, nothing is carried over."""
    instructor = course(tmp_path)
    assert grade_of("dan", instructor, course.answered(instructor, trouble)).score("double-test") == 0
    assert kept(engine) is None
    assert grade_of("dan", instructor, course.answered(instructor, RIGHT)).scores == TRUE


def test_what_a_student_s_object_was_is_gone_with_its_notebook(engine, grade_of, tmp_path):
    """A test that keeps a student's object in a module finds no process behind it in the next notebook."""
    keeps, looks = "import math\nmath.kept = thing\n1.0", "import math\nif hasattr(math, 'kept'):\n    math.kept()\n1.0"
    code = "def thing():\n    return 7"
    graded = {}
    for name, test in (("one", keeps), ("two", looks)):
        (tmp_path / name).mkdir()
        instructor = instructor_notebook(tmp_path / name, answer("thing", code), hidden_tests("thing-test", test))
        graded[name] = grade_of("kim", instructor, answered(instructor, thing=code))
    assert graded["one"].scores == {"thing-test": 1}
    assert graded["two"].scores == {"thing-test": 0}
    assert "an object of a process that has ended" in graded["two"].text("thing-test")


def test_tests_that_have_run_for_long_end_with_their_notebook(engine, grade_of, course, tmp_path, monkeypatch):
    """A process has CPU time for one notebook and a cell: an old one is not handed on."""
    instructor = course(tmp_path)
    submitted = course.answered(instructor, RIGHT)
    grade_of("lea", instructor, submitted)
    old = kept(engine)
    monkeypatch.setattr(old, "started", old.started - engine.options.limits.cell_seconds)
    assert grade_of("lea", instructor, submitted).scores == TRUE
    assert old.child.closed
    assert kept(engine) is None
