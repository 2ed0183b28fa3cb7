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
from splitgrade.execution.engine import Engine, EngineOptions
from splitgrade.execution.reasons import Reason
from splitgrade.sandbox.launcher import ForkServer
from splitgrade.sandbox.layers import probe
from splitgrade.sandbox.limits import MAX_TRIES, Limits
from splitgrade.submission.restore import restore
from tests.splitgrade.conftest import Graded

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
                    # what runs beside it belongs to the same try: a second death there would not be a second try's
                    self._before.update(each.pid for each in psutil.Process().children(recursive=True))
                    os.kill(process.pid, signal.SIGKILL)
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


def test_what_recurs_is_noted_and_costs_no_point(engine, course, tmp_path: Path):
    """One death is an accident and nothing is said; two stand in the notes, with all points."""
    instructor = course(tmp_path)
    engine.calibration(instructor)
    for deaths in (1, MAX_TRIES - 1):
        notebook = restore(instructor, course.answered(instructor, SLOW)).notebook
        with Killer(times=deaths) as killer:
            events = engine.run(notebook, instructor, instructor.files)
        assert killer.killed == deaths
        said = [event.text for event in events if event.reason is Reason.OUTSIDE_DEATHS]
        assert said == (
            [] if deaths == 1 else ["run 3 times, since something outside ended its processes; that costs no point"]
        )


def test_interpreters_that_are_killed_are_started_again(course, tmp_path: Path):
    """While they start, while the solution runs, and between notebooks: nobody has to start the grader again."""
    instructor = course(tmp_path)
    with Engine(EngineOptions(Limits(cell_seconds=5), policy="none")) as engine:
        before = {process.pid for process in psutil.Process().children(recursive=True)}

        def kill_new() -> int:
            found = [each for each in psutil.Process().children() if each.pid not in before]
            before.update(each.pid for each in found)
            for process in found:
                for each in (*process.children(recursive=True), process):
                    os.kill(each.pid, signal.SIGKILL)
            return len(found)

        engine.launch()
        assert kill_new() == 1, "one program loads for both"
        engine.start()
        for _ in range(2):
            notebook = restore(instructor, course.answered(instructor, RIGHT)).notebook
            engine.run(notebook, instructor, instructor.files)
            assert Graded(notebook).scores == BOTH
            assert kill_new() == 2


def test_a_start_that_something_outside_ends_each_time_says_so():
    """The error names the signal and what it may mean; nothing stands empty behind it."""
    server = ForkServer("student", Limits(), policy="none")
    server.launch()
    for process in psutil.Process().children():
        if "execution.interpreter.base" in " ".join(process.cmdline()) and time.time() - process.create_time() < 5:
            for each in (*process.children(recursive=True), process):
                each.kill()
    with pytest.raises(OutsideDeathError, match=r"something outside killed it \(SIGKILL\), .*memory"):
        server.start()
    server.close()
