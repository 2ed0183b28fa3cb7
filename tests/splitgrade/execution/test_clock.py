"""The time of a cell is its own: a busy machine takes none of it away, and idling is not free."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from splitgrade.execution import clock
from splitgrade.execution.clock import CellClock
from splitgrade.sandbox.processor import Times, times

SPIN = "while True: pass"
WORK = """
def double(x):
    import time
    end = time.process_time() + 1.2
    while time.process_time() < end:
        pass
    return 2 * x
"""


@contextmanager
def load(processes: int) -> Iterator[None]:
    """Keep the processors busy."""
    spinning = [subprocess.Popen([sys.executable, "-S", "-c", SPIN]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.wait()


def test_a_right_answer_keeps_its_points_on_a_busy_machine(grade, course, tmp_path):
    """An answer that needs 1.2 of its 2 seconds of processor time has them, though it gets a third of a processor."""
    instructor = course(tmp_path)
    with load(2 * (os.cpu_count() or 1) + 1):
        graded = grade(instructor, course.answered(instructor, WORK))
    assert graded.scores == {"double-test": 1, "later-test": 1}


def test_a_crowd_of_threads_is_stopped_by_its_processor_time(grade, course, tmp_path):
    """Processes that a cell starts count for it."""
    code = "import os, time\nfor _ in range(6):\n    if os.fork() == 0:\n        while True: pass\ntime.sleep(3600)"
    instructor = course(tmp_path)
    graded = grade(instructor, course.answered(instructor, code))
    assert graded.scores == {"double-test": 0, "later-test": 1}
    assert "took longer than 2 s" in graded.text("double")


class FakeChild:
    """A child whose times the test says."""

    pid = 7


def test_waiting_for_a_processor_is_not_charged(monkeypatch):
    """Of ten seconds after the first half, eight in the queue: one of work and half of one idle are charged."""
    now = {"wall": 100.0, "times": Times(0.0, 0.0)}
    monkeypatch.setattr(clock.time, "monotonic", lambda: now["wall"])
    monkeypatch.setattr(clock, "own_times", lambda _: now["times"])
    monkeypatch.setattr(clock, "times", lambda _: now["times"])
    cell = CellClock(5, [FakeChild()])
    cell.start()
    now["wall"] += clock.AT_ONCE
    cell.left()  # the first look
    now.update(wall=110.5, times=Times(used=1.0, waited=8.0))
    assert cell.charged() == 2.0
    assert cell.left() > 0
    now.update(wall=113.5, times=Times(used=5.0, waited=8.0))
    assert cell.left() == 0


def test_what_was_seen_once_stays_charged(monkeypatch):
    """A process that lets its children vanish uncounted does not get their time back."""
    now = {"wall": 0.0, "times": Times(0.0, 0.0)}
    monkeypatch.setattr(clock.time, "monotonic", lambda: now["wall"])
    monkeypatch.setattr(clock, "own_times", lambda _: now["times"])
    monkeypatch.setattr(clock, "times", lambda _: now["times"])
    cell = CellClock(5, [FakeChild()])
    cell.start()
    now["wall"] += clock.AT_ONCE
    cell.left()  # the first look
    now.update(wall=4.0, times=Times(used=6.0, waited=0.0))
    assert cell.charged() == 6.5
    now.update(wall=4.1, times=Times(used=0.1, waited=0.0))
    assert cell.charged() == 6.5


def test_a_cell_that_was_never_begun_is_charged_nothing():
    """Where the process had ended before it was asked, no second has passed for the notebook."""
    cell = CellClock(5, [FakeChild()])
    assert cell.charged() == 0
    assert cell.left() == 5


def test_without_proc_only_the_backstop_counts(monkeypatch):
    """Where nothing is known of the processes, a cell has twenty times its seconds of wall time."""
    now = {"wall": 0.0}
    monkeypatch.setattr(clock.time, "monotonic", lambda: now["wall"])
    monkeypatch.setattr(clock, "own_times", lambda _: None)
    cell = CellClock(5, [FakeChild()])
    cell.start()
    now["wall"] += clock.AT_ONCE
    cell.left()  # the first look
    now["wall"] = 99.0
    assert cell.left() > 0
    now["wall"] = 101.0
    assert cell.left() == 0


def test_a_process_that_a_hand_has_stopped_goes_on(monkeypatch):
    """Whoever looks at the clock lets it go on: the seconds in which it stood still would be the answer's."""
    now = {"wall": 0.0}
    monkeypatch.setattr(clock.time, "monotonic", lambda: now["wall"])
    with subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE) as process:
        process.send_signal(signal.SIGSTOP)
        assert os.WIFSTOPPED(os.waitpid(process.pid, os.WUNTRACED)[1])
        cell = CellClock(5, [SimpleNamespace(pid=process.pid)])
        cell.start()
        now["wall"] += clock.AT_ONCE
        cell.left()
        try:
            assert os.WIFCONTINUED(os.waitpid(process.pid, os.WCONTINUED | os.WNOHANG)[1])
        finally:
            process.kill()


def test_the_times_of_a_family_hold_its_children():
    """A child that works counts for its parent while it lives, and after it was waited for."""
    code = """
import os, time
if os.fork() == 0:
    end = time.process_time() + 0.5
    while time.process_time() < end:
        pass
    os._exit(0)
os.wait()
print(flush=True)
input()
"""
    with subprocess.Popen([sys.executable, "-S", "-c", code], stdin=-1, stdout=-1) as process:
        process.stdout.readline()
        found = times(process.pid)
        os.kill(process.pid, signal.SIGKILL)
    assert found is not None
    assert 0.4 < found.used < 2
