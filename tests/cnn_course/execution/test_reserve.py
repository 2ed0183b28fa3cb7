"""Processes that were started ahead serve one notebook, with its own files and variables."""

from __future__ import annotations

import os
import signal

import psutil

RIGHT = "def double(x):\n    return 2 * x"
TRUE = {"double-test": 1, "later-test": 1}


def waiting(engine):
    """Return the pair that waits for the next notebook."""
    assert engine._reserve._ready is not None, "none was started ahead"
    return engine._reserve._ready


def test_the_next_pair_waits_when_a_notebook_is_done_and_is_used(engine, grade, course, tmp_path):
    """The pair that waits after one notebook serves the next one, and another waits after that."""
    instructor = course(tmp_path)
    submitted = course.answered(instructor, RIGHT)
    assert grade(instructor, submitted).scores == TRUE
    first = waiting(engine)
    assert grade(instructor, submitted).scores == TRUE
    assert waiting(engine) is not first
    assert first.student.child.closed
    assert first.trusted.child.closed


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


def test_a_waiting_process_that_has_ended_is_replaced(engine, grade, course, tmp_path):
    """A process that died while it waited costs nobody anything."""
    instructor = course(tmp_path)
    submitted = course.answered(instructor, RIGHT)
    grade(instructor, submitted)
    waiting(engine).student.child.signal(signal.SIGKILL)
    assert waiting(engine).student.child.wait(5)
    assert grade(instructor, submitted).scores == TRUE


def test_the_waiting_pair_is_ended_with_it(engine, grade, course, tmp_path):
    """After closing the reserve no process of the pair is left."""
    instructor = course(tmp_path)
    grade(instructor, course.answered(instructor, RIGHT))
    before = {process.pid for process in psutil.Process(os.getpid()).children(recursive=True)}
    ready = waiting(engine)
    engine._reserve.close()
    assert engine._reserve._ready is None
    assert ready.student.child.closed
    assert ready.trusted.child.closed
    after = {process.pid for process in psutil.Process(os.getpid()).children(recursive=True)}
    assert len(after) < len(before)
