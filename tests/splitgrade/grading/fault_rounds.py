"""Faults from outside while a class is graded, and a look at everything that they may leave behind.

A round grades a class while something happens to it at random moments, grades it once more undisturbed, and compares
gradebook and autograded files with those of a class that nothing happened to. The process that runs rounds becomes the
parent of whatever loses its own, so that nothing that stays alive can hide.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing import forkserver
from pathlib import Path

import psutil
from nbgrader.converters import GenerateAssignment
from nbgrader.utils import parse_utc

from splitgrade.commands.main import main
from splitgrade.nbgrader.session import convert, load_config, open_gradebook
from splitgrade.sandbox.layers import probe
from splitgrade.sandbox.processor import busy
from tests.course_fixture import ADD_RIGHT, ADD_WRONG, ASSIGNMENT, PLUS_RIGHT, REPOSITORY, hand_in, make_course
from tests.splitgrade.grading.conftest import files, rows

SEED = 5
SLOW = ADD_RIGHT.replace("    return", "    import time\n    time.sleep(0.1)\n    return")
CRASHING = "def add(a, b):\n    import os\n    os.abort()"
RUN_SECONDS = 300.0  # after which a run counts as one that does not end
GONE_SECONDS = 15.0  # on an idle machine, for processes to end after the command that started them
HALF_DONE = 3  # the exit status of the class: one notebook of it is refused
CELL_SECONDS = 10
# The engine alone: nothing of this project's course has to be loaded, so that a round costs little.
CONFIG = f"""
from splitgrade.nbgrader import configure
c = get_config()
configure(c, warm=[], cell_seconds={CELL_SECONDS})
c.CourseDirectory.course_id = "tiny"
"""
# A clock that jumps to and fro by up to a day whenever somebody asks for the time of day, in Python or in a library:
# only the machine's administrator could move the real one, and for all its programs.
JUMPING = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
int clock_gettime(clockid_t clock, struct timespec *now) {
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(clock, now);
    if (!failed && clock == CLOCK_REALTIME) now->tv_sec += rand() % 172800 - 86400;
    return failed;
}
"""


@dataclass
class Round:
    """What came of one round.

    Parameters
    ----------
    faults : list of str
        What was done to the class.
    statuses : list of int
        The exit status of each disturbed run, negative for a signal.
    endings : list of str
        The last line of each that ended otherwise than an undisturbed one.
    inside : bool
        Whether the disturbed runs alone gave all that an undisturbed one gives.
    differences, left, said : list of str
        What differs after the last run; what was left behind; what was printed that should not be.
    """

    faults: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    endings: list[str] = field(default_factory=list)
    inside: bool = False
    differences: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Return whether nothing was lost and nothing was left."""
        return not (self.differences or self.left or self.said)


class FaultRounds:
    """Runs rounds over copies of one class.

    Parameters
    ----------
    folder : Path
        A folder of its own.
    seed : int
        Of the moments and the choices.
    lock_seconds : float
        For how long the gradebook is held.
    """

    def __init__(self, folder: Path, seed: int, lock_seconds: float = 3.0) -> None:
        self._folder, self._random = folder, random.Random(seed)  # noqa: S311 - moments, not secrets
        self._lock_seconds, self._number = lock_seconds, 0
        _adopt_orphans()
        forkserver.ensure_running()
        self._before = _own_processes()
        self._class = make_class(folder / "class")
        self._clock = _jumping_clock(folder)
        undisturbed = shutil.copytree(self._class, folder / "undisturbed")
        started = time.monotonic()
        status, said = Run(undisturbed, folder / "tmp").end()
        if status != HALF_DONE:
            raise RuntimeError(f"the undisturbed run ended with status {status}: {said}")
        self._seconds = time.monotonic() - started
        self._rows, self._files = rows(undisturbed), files(undisturbed)

    def kinds(self) -> list[str]:
        """Return the faults that can be tried here: some need the right to mount, one a compiler."""
        missing = {*(() if os.geteuid() == 0 else MOUNTING), *(() if self._clock else (JUMPS,))}
        return [name for name in FAULTS if name not in missing]

    def round(self, faults: Sequence[str]) -> Round:
        """Grade a copy of the class with faults, one run for each, and once without."""
        self._number += 1
        place = self._folder / f"round{self._number}"
        place.mkdir()
        outcome = Round(list(faults))
        with _mounted(place, wanted=any(fault in MOUNTING for fault in faults)):
            root = shutil.copytree(self._class, place / "course")
            before, seen = Path("/proc/self/mounts").read_text(), set[int]()
            for fault in faults:
                clock = self._clock if fault == JUMPS else None
                run = Run(root, place / "tmp", ["--force"] if outcome.statuses else [], preloaded=clock)
                with run.watched(seen):
                    self._disturb(run, fault)
                    status, said = run.end()
                outcome.statuses.append(status)
                outcome.endings += [] if status == HALF_DONE else [f"{fault}: {status}: {said.strip()[-600:]}"]
                outcome.said += _unwanted(said, fault)
                outcome.left += [f"after {fault}: {each}" for each in _processes_left(self._before)]
            outcome.inside = not outcome.endings and not self._differences(root)
            with Run(root, place / "tmp").watched(seen) as last:
                status, said = last.end()
            outcome.said += _unwanted(said, "the last run") + ([] if status == HALF_DONE else [f"status {status}"])
            outcome.differences = self._differences(root)
            outcome.left += _processes_left(self._before) + _groups_left(seen) + _files_left(root, place / "tmp")
            outcome.left += sorted(set(Path("/proc/self/mounts").read_text().split("\n")) - set(before.split("\n")))
        shutil.rmtree(place)
        return outcome

    def _disturb(self, run: Run, fault: str) -> None:
        """Let a fault happen at a random moment of a run."""
        deadline = time.monotonic() + self._random.uniform(0.05, 1.0) * self._seconds
        while time.monotonic() < deadline and run.alive:
            time.sleep(0.02)
        FAULTS[fault](run, self._random, self._lock_seconds)

    def _differences(self, root: Path) -> list[str]:
        found: list[str] = []
        for name, ours, theirs in (("row", rows(root), self._rows), ("file", files(root), self._files)):
            found += [f"{name} {key}" for key in sorted({*ours, *theirs}) if ours.get(key) != theirs.get(key)]
        return found


_warm = multiprocessing.get_context("forkserver")
_warm.set_forkserver_preload([__name__, "splitgrade.commands.grade", "splitgrade.commands.progress"])


def _command(root: Path, environment: Mapping[str, str], command: Sequence[str], log: str) -> None:
    """Be a ``splitgrade grade``: in a fork of a process that has loaded the program, or, with a library, started anew.

    Loading it takes more than a small class, and nothing of a run is under way by then.
    """
    os.setsid()
    os.chdir(root)
    os.environ.update(environment)
    tempfile.tempdir = None
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    if "LD_PRELOAD" in environment:
        os.execv(sys.executable, [sys.executable, "-m", *command])  # noqa: S606 - no shell is wanted
    sys.argv = [*command]
    main()


class Run:
    """One ``splitgrade grade`` under way.

    Parameters
    ----------
    root : Path
        The course.
    temporary : Path
        The folder for temporary files, which nothing may stay in.
    words : sequence of str
        Further options.
    preloaded : Path, optional
        A library that takes the place of some of the system's functions.
    """

    def __init__(
        self, root: Path, temporary: Path, words: Sequence[str] = (), *, preloaded: Path | None = None
    ) -> None:
        self.root = root
        temporary.mkdir(exist_ok=True)
        environment = {"PYTHONPATH": str(REPOSITORY), "TMPDIR": str(temporary), "COLUMNS": "200"}
        environment |= {} if preloaded is None else {"LD_PRELOAD": str(preloaded)}
        command = ["splitgrade", "grade", ASSIGNMENT, "--seed", str(SEED), "--workers", "2", *words]
        descriptor, self._log = tempfile.mkstemp()  # not on a disk that is filled
        os.close(descriptor)
        self.process = _warm.Process(target=_command, args=(root, environment, command, self._log))
        self.process.start()
        self.pid: int = self.process.pid
        self.afterwards: list[Callable[[], None]] = []

    @property
    def alive(self) -> bool:
        """Return whether the command is still running."""
        return bool(self.process.is_alive())

    def end(self) -> tuple[int, str]:
        """Wait for the end; return the exit status and what was printed."""
        self.process.join(RUN_SECONDS)
        late = "\nTraceback: it did not end" if self.alive else ""
        self.process.kill()
        self.process.join()
        for undo in self.afterwards:
            undo()
        said = Path(self._log).read_text(errors="replace")
        Path(self._log).unlink()
        return self.process.exitcode, said + late

    @contextlib.contextmanager
    def watched(self, seen: set[int]) -> Iterator[Run]:
        """Note the numbers of all of its processes meanwhile."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.5):
                with contextlib.suppress(psutil.Error):
                    seen.update(each.pid for each in psutil.Process(self.pid).children(recursive=True))

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        seen.add(self.pid)
        try:
            yield self
        finally:
            over.set()
            watcher.join()

    def some(self, role: str, chance: random.Random) -> psutil.Process | None:
        """Return one of its processes: coordinator, worker, student server, student, trusted server, trusted."""
        with contextlib.suppress(psutil.Error):
            own = psutil.Process(self.pid)
            if role == "coordinator":
                return own
            found = [each for each in own.children(recursive=True) if _role(each, own) == role]
            return chance.choice(found) if found else None
        return None


def _role(process: psutil.Process, coordinator: psutil.Process) -> str:
    try:
        words = process.cmdline()
        if words == coordinator.cmdline():
            return "worker"
        side = next((side for side in ("student", "trusted") if f"splitgrade.execution.{side}.{side}" in words[-1]), "")
        # The program that the host started, the loop in its namespaces, the children that it forked.
        above = [each for each in process.parents() if each.cmdline() == words]
        return f"{side} server" if len(above) < 2 else side
    except (psutil.Error, IndexError):
        return ""


def make_class(root: Path) -> Path:
    """Make a released course with six submissions: right, wrong, slow, crashing, damaged, incomplete."""
    make_course(root)
    (root / "nbgrader_config.py").write_text(CONFIG)
    config = load_config(root)
    made = convert(GenerateAssignment, config, ASSIGNMENT)
    if not made.success:
        raise RuntimeError(made.log)
    with open_gradebook(root, config) as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate=parse_utc("2026-01-10 12:00:00 UTC"))
    answers = {"right": ADD_RIGHT, "wrong": ADD_WRONG, "slow": SLOW, "crashing": CRASHING}
    for student, answer in answers.items():
        hand_in(root, student, one_add=answer, two_add=PLUS_RIGHT, one_why="The order does not matter.")
    (hand_in(root, "damaged", one_add=ADD_RIGHT) / "two.ipynb").write_text("no notebook")
    (hand_in(root, "incomplete", one_add=SLOW) / "two.ipynb").unlink()
    (root / "submitted" / "wrong" / ASSIGNMENT / "timestamp.txt").write_text("2026-01-11 10:00:00 UTC")
    return root


# ---- faults: what happens to a run, at a moment that has been chosen


def _signal(role: str, *numbers: int, pause: float = 0.0) -> Callable[..., None]:
    """Return the fault that one process of a role gets signals."""

    def fault(run: Run, chance: random.Random, lock_seconds: float) -> None:
        deadline = time.monotonic() + 20
        while (process := run.some(role, chance)) is None and run.alive and time.monotonic() < deadline:
            time.sleep(0.05)
        for number in numbers if process is not None else ():
            with contextlib.suppress(psutil.Error):
                assert process is not None
                process.send_signal(number)
            time.sleep(pause)

    return fault


def _stop_for_good(run: Run, chance: random.Random, lock_seconds: float) -> None:
    """Stop the whole run; somebody sees that it stands still, and kills what he started."""
    _signal("coordinator", signal.SIGSTOP, pause=1.0)(run, chance, lock_seconds)
    run.process.kill()


def _kill_all(run: Run, chance: random.Random, lock_seconds: float) -> None:
    """Kill every process of a run at once, as a power cut does."""
    with contextlib.suppress(psutil.Error):
        own = psutil.Process(run.pid)
        for process in [own, *own.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                process.kill()


def _hold_gradebook(run: Run, chance: random.Random, lock_seconds: float) -> None:
    with contextlib.closing(sqlite3.connect(run.root / "gradebook.db", isolation_level=None)) as connection:
        with contextlib.suppress(sqlite3.OperationalError):  # it is held by the run itself, at this moment
            connection.execute("BEGIN EXCLUSIVE")
        time.sleep(chance.choice([1.0, lock_seconds]))


def _second_grader(run: Run, chance: random.Random, lock_seconds: float) -> None:
    other = Run(run.root, run.root.parent / "tmp")
    status, said = other.end()
    if status not in (1, HALF_DONE) or (status == 1 and "is being graded by another process" not in said):
        raise RuntimeError(f"the second grader ended with status {status}: {said}")


def _fill_disk(run: Run, chance: random.Random, lock_seconds: float) -> None:
    filler = run.root.parent / "filler"
    run.afterwards.append(lambda: filler.unlink(missing_ok=True))
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as stream:
        while True:
            stream.write(bytes(1 << 16))


def _read_only(run: Run, chance: random.Random, lock_seconds: float) -> None:
    folder = run.root / chance.choice(["autograded", ".splitgrade"])
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "--bind", folder, folder], check=True)
    subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
    run.afterwards.append(lambda: subprocess.run(["umount", "-l", folder], check=True) and None)


def _nothing(run: Run, chance: random.Random, lock_seconds: float) -> None:
    """Do nothing more: the clock has been jumping from the start."""


JUMPS = "clock jumps"
STOPPED = ("worker", "student server", "trusted server", "student", "trusted")  # roles
FAULTS: dict[str, Callable[[Run, random.Random, float], None]] = {
    **{
        f"kill {role}": _signal(role, signal.SIGKILL)
        for role in ("coordinator", "worker", "student server", "trusted server", "student", "trusted")
    },
    "power cut": _kill_all,
    "Ctrl-C": _signal("coordinator", signal.SIGINT),
    "Ctrl-C twice": _signal("coordinator", signal.SIGINT, signal.SIGINT, pause=0.2),
    "SIGTERM": _signal("coordinator", signal.SIGTERM),
    "SIGHUP": _signal("coordinator", signal.SIGHUP),
    "SIGTERM of a worker": _signal("worker", signal.SIGTERM),
    **{
        f"stop and go on, {role}": _signal(role, signal.SIGSTOP, signal.SIGCONT, pause=1.0)
        for role in ("coordinator", *STOPPED)
    },
    **{f"stop {role}": _signal(role, signal.SIGSTOP) for role in STOPPED},
    "stop coordinator, kill it": _stop_for_good,
    "gradebook locked": _hold_gradebook,
    "two graders": _second_grader,
    JUMPS: _nothing,
    "disk full": _fill_disk,
    "read-only folder": _read_only,
}
MOUNTING = frozenset({"disk full", "read-only folder"})
# What a run survives by itself: nobody has to start it again.
REPAIRED_INSIDE = frozenset(
    {name for name in FAULTS if name.startswith(("stop ", "kill "))} - {"kill coordinator", "stop coordinator, kill it"}
    | {"SIGTERM of a worker", "gradebook locked", "two graders", JUMPS}
)


def _jumping_clock(folder: Path) -> Path | None:
    """Build the library of a clock that jumps; None without a compiler."""
    if (compiler := shutil.which("cc")) is None:
        return None
    (folder / "clock.c").write_text(JUMPING)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", "clock.so", "clock.c", "-ldl"], cwd=folder, check=True)
    return folder / "clock.so"


# ---- what is left behind


def _adopt_orphans() -> None:
    set_child_subreaper = 36
    if ctypes.CDLL(None, use_errno=True).prctl(set_child_subreaper, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def _own_processes() -> set[psutil.Process]:
    """Return the processes below this one: after a round, those of before it are somebody else's."""
    return set(psutil.Process().children(recursive=True))


def _processes_left(before: set[psutil.Process]) -> list[str]:
    """Return the processes that are still there some seconds after a run; they are ended then."""
    deadline = time.monotonic() + GONE_SECONDS * busy()
    while left := [each for each in _own_processes() - before if not _over(each)]:
        if time.monotonic() > deadline:
            return [_ended(process) for process in left]
        time.sleep(0.05)
    return []


def _ended(process: psutil.Process) -> str:
    """End a process that should have gone; return what it was."""
    found = f"process {process.pid}"
    with contextlib.suppress(psutil.Error):
        found += f", {process.status()}: {' '.join(process.cmdline())[:200]}"
        process.kill()
    return found


def _over(process: psutil.Process) -> bool:
    """Collect a process that has ended; say whether it has."""
    with contextlib.suppress(psutil.Error):
        if process.status() != psutil.STATUS_ZOMBIE:
            return False
        with contextlib.suppress(ChildProcessError):
            os.waitpid(process.pid, os.WNOHANG)
    return True


def _groups_left(seen: set[int]) -> list[str]:
    """Return the control groups of processes of a round."""
    place = probe().cgroup
    groups = [] if place is None else place.folder.glob("splitgrade-*")
    return [f"group {group.name}" for group in groups if any(f"-{pid}-" in group.name for pid in seen)]


def _files_left(root: Path, temporary: Path) -> list[str]:
    own = root / ".splitgrade"
    found = [own / "staging", *own.glob("partial/*/*"), *own.rglob("*.new"), *temporary.iterdir()]
    return [str(path.relative_to(root.parent)) for path in found if path.exists()]


def _unwanted(said: str, when: str) -> list[str]:
    """Return what no run may print."""
    start = said.find("Traceback")
    return [f"{when}: {said[start : start + 3000]}"] if start >= 0 else []


@contextlib.contextmanager
def _mounted(place: Path, *, wanted: bool) -> Iterator[None]:
    """Put a small disk there, where one is to be filled."""
    if wanted:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "faults", place], check=True)
    try:
        yield
    finally:
        if wanted:
            subprocess.run(["umount", "-l", place], check=True)
