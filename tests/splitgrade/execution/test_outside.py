"""Deaths that neither the submission nor the grader caused: run again, and never a point."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import psutil
import pytest

from splitgrade.errors import OutsideDeathError
from splitgrade.sandbox.layers import probe
from splitgrade.sandbox.limits import MAX_TRIES
from splitgrade.submission.restore import restore

RIGHT = "def double(x):\n    return 2 * x"
SLOW = f"import time\ntime.sleep(1)\n{RIGHT}"
BOTH = {"double-test": 1, "later-test": 1}

pytestmark = pytest.mark.skipif(probe().isolation != "namespaces", reason="only namespaces tell whose SIGKILL it was")


class Killer:
    """Kills what was forked for a notebook, from outside, as a machine without memory does."""

    def __init__(self, times: int) -> None:
        self.left, self.killed = times, 0
        self._before = {process.pid for process in psutil.Process().children(recursive=True)}
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._end = threading.Event()

    def __enter__(self) -> Killer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        while self.left > 0 and not self._end.wait(0.05):
            for process in psutil.Process().children(recursive=True):
                if process.pid not in self._before and time.time() - process.create_time() > 0.3:
                    os.kill(process.pid, signal.SIGKILL)
                    self._before.add(process.pid)
                    self.left -= 1
                    self.killed += 1
                    break


def test_a_process_killed_from_outside_costs_nothing(grade, course, tmp_path: Path):
    """The notebook is run again from its beginning: a right answer has all of its points."""
    instructor = course(tmp_path)
    grade(instructor, course.answered(instructor, RIGHT))  # the interpreters are warm, the solution is known
    with Killer(times=1) as killer:
        graded = grade(instructor, course.answered(instructor, SLOW))
    assert killer.killed == 1
    assert graded.scores == BOTH
    assert "ended" not in graded.text("double")


def test_where_it_recurs_the_points_stay_open(engine, course, tmp_path: Path):
    """A machine that kills again and again gives an error, which is no verdict."""
    instructor = course(tmp_path)
    engine.calibration(instructor)
    notebook = restore(instructor, course.answered(instructor, SLOW)).notebook
    with Killer(times=99) as killer, pytest.raises(OutsideDeathError, match="ended from outside"):
        engine.run(notebook, instructor, instructor.files)
    assert killer.killed >= MAX_TRIES


def test_a_process_that_ends_itself_is_not_run_again(grade, course, tmp_path: Path):
    """An ending of its own costs the question, however often it is tried."""
    instructor = course(tmp_path)
    ending = "import os, pathlib\nos.abort()"
    assert grade(instructor, course.answered(instructor, ending)).scores == {"double-test": 0, "later-test": 1}
