"""Grading a class: stock ``nbgrader autograde`` against ``cnn-course grade``, the same submissions, in one run.

Run ``.venv/bin/python benchmarks/grading.py [--submissions N] [--stock N]``. The submissions are those of the demo
class that stock nbgrader can grade and that do not wait for a time limit, over and over. Stock nbgrader has its own
list of steps and its own Execute; it grades the first ``--stock`` of them, as it takes its time. Seconds are wall time
from start to end of each command, CPU seconds are those of all its processes. ``ratio_to_floor`` is the CPU time of the
command, start-up included, over that of the same cells in one warm interpreter without any wall (``floor.py``); and
``startup_cpu_seconds`` is what a run over a single submission takes beyond what one more submission does, and
``startup_cpu_seconds_again`` the same of a second run in the same course, which knows what the instructor's solutions
gave. The last line is JSON.

``--growth 10,100,1000`` grades classes of these sizes instead, with ``cnn-course grade`` only: seconds and memory, and
a line of JSON.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from cnn_course.course import load_course
from cnn_course.demo.recipes import hand_in, read_class
from cnn_course.demo.run import demo_config, release_into

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENT = "cnn_exercises"
STOCK_CONFIG = """
from pathlib import Path
c = get_config()
c.CourseDirectory.course_id = "cnn"
c.CourseDirectory.root = str(Path(__file__).parent.resolve())
c.Execute.timeout = 30
c.Execute.startup_timeout = 120
"""


@dataclass(frozen=True)
class Measured:
    """Wall and CPU seconds of a command, and the most memory that its processes held together, in MB."""

    wall: float
    cpu: float
    memory: int


def make_course(folder: Path, submissions: int) -> None:
    """Release the assignment and hand in the submissions."""
    course = load_course(ROOT)
    demo = read_class(ROOT)
    release_into(course, folder, demo_config(course, folder, demo), demo)
    hand_in(course, folder, demo)
    fit = [
        recipe.id
        for recipe in demo.students
        if not recipe.files and not any("while " in answer for answer in recipe.answers.values())
    ]
    made = folder / "made"
    (folder / "submitted").rename(made)
    for number, student in zip(range(submissions), itertools.cycle(fit), strict=False):
        shutil.copytree(made / student / ASSIGNMENT, folder / "submitted" / f"{number:04}-{student}" / ASSIGNMENT)
    shutil.copytree(ROOT / "authoring", folder / "authoring", ignore=shutil.ignore_patterns("__pycache__"))
    for name in course.student_files:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))


def set_aside(folder: Path, kept: int) -> None:
    """Leave the first submissions where they are; nothing is deleted, for some file systems make files slower then."""
    for rest in sorted((folder / "submitted").iterdir())[kept:]:
        (folder / "aside").mkdir(exist_ok=True)
        rest.rename(folder / "aside" / rest.name)


def measure(folder: Path, *words: str) -> Measured:
    """Run a command in a course and measure it and all its processes."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    most, over = [0], threading.Event()
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen([sys.executable, *words], cwd=folder, env=environment, stdout=log, stderr=log)
        watcher = threading.Thread(target=_watch, args=(process.pid, most, over))
        watcher.start()
        status = process.wait()
        wall = time.perf_counter() - started
        over.set()
        watcher.join()
    if status:
        raise SystemExit(f"{' '.join(words)}: exit status {status}\n{(folder / 'log.txt').read_text()[-3000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(wall, cpu, most[0] >> 20)


def _watch(pid: int, most: list[int], over: threading.Event) -> None:
    """Note the proportional set size of a process and all below it, every three seconds: to ask takes time, too."""
    while not over.wait(3.0):
        total = 0
        with contextlib.suppress(psutil.Error):
            parent = psutil.Process(pid)
            for process in (parent, *parent.children(recursive=True)):
                with contextlib.suppress(psutil.Error, OSError):
                    total += process.memory_full_info().pss
        most[0] = max(most[0], total)


def stock(folder: Path, submissions: int) -> Measured:
    """Grade the first submissions with stock nbgrader."""
    (folder / "nbgrader_config.py").write_text(STOCK_CONFIG)
    set_aside(folder, submissions)
    return measure(folder, "-m", "nbgrader", "autograde", ASSIGNMENT)


def ours(folder: Path, workers: int, *more: str) -> tuple[Measured, float]:
    """Grade all submissions with this engine; return also the seconds in which no worker ran a submission.

    With one worker these are start-up, and what comes after the last submission; several also wait for the last one.
    """
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    words = ["-m", "cnn_course", "grade", ASSIGNMENT, "--workers", str(workers), "--json", "summary.json", *more]
    measured = measure(folder, *words)
    found = json.loads((folder / "summary.json").read_text())["submissions"].values()
    return measured, measured.wall - sum(each["seconds"] for each in found) / workers


def floor(folder: Path) -> float:
    """Return the CPU seconds that the cells of a submission take alone, on average."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(ROOT / "benchmarks" / "floor.py"), str(folder), ASSIGNMENT]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return float(found["cpu_seconds"]) / int(found["submissions"])


def cpu_of_first(folder: Path) -> tuple[float, float]:
    """Return the CPU seconds of a run over the first submission alone, and those of the same once more."""
    set_aside(folder, 1)
    first = ours(folder, 1)[0].cpu
    seed = json.loads((folder / "summary.json").read_text())["seed"]
    return first, ours(folder, 1, "--force", "--seed", str(seed))[0].cpu


def growth(sizes: list[int], workers: int) -> None:
    """Grade classes of several sizes and print what each submission costs."""
    print(f"{'':24}{'submissions':>12}{'s each':>9}{'CPU s each':>12}{'peak MB':>9}")
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            make_course(Path(name) / "course", size)
            measured, startup = ours(Path(name) / "course", workers)
        show(f"cnn-course, {workers} workers", size, measured)
        after = (measured.wall - startup) / size
        found.append(
            {
                "submissions": size,
                "seconds": round(measured.wall, 1),
                "seconds_each_after_startup": round(after, 3),
                "cpu_seconds": round(measured.cpu, 1),
                "peak_memory_mb": measured.memory,
            }
        )
    print(json.dumps({"growth": found, "workers": workers, "load_average": round(os.getloadavg()[0], 1)}))


def show(label: str, count: int, each: Measured) -> None:
    """Print a line of the table."""
    print(f"{label:24}{count:12}{each.wall / count:9.3f}{each.cpu / count:12.3f}{each.memory:9}", flush=True)


def main() -> None:
    """Measure, and print a table and one line of JSON."""
    parser = argparse.ArgumentParser(description="Grade a class with stock nbgrader and with cnn-course grade.")
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--stock", type=int, default=6, help="how many of them stock nbgrader grades")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--growth", type=lambda text: [int(size) for size in text.split(",")], metavar="N,N,...")
    options = parser.parse_args()
    if options.growth:
        growth(options.growth, options.workers)
        return
    stock_count = min(options.stock, options.submissions)
    with tempfile.TemporaryDirectory() as name:
        first = Path(name) / "first"
        make_course(first, options.submissions)
        copies = [shutil.copytree(first, Path(name) / copy) for copy in ("one", "stock", "single")]
        print(f"{'':24}{'submissions':>12}{'s each':>9}{'CPU s each':>12}{'peak MB':>9}")
        several, _ = ours(first, options.workers)
        show(f"cnn-course, {options.workers} workers", options.submissions, several)
        one, startup = ours(copies[0], 1)
        show("cnn-course, 1 worker", options.submissions, one)
        single, again = cpu_of_first(copies[2])
        each = (one.cpu - single) / (options.submissions - 1)
        least = floor(first)
        theirs = stock(copies[1], stock_count)
        show("stock nbgrader", stock_count, theirs)
    wall, cpu = theirs.wall / stock_count, theirs.cpu / stock_count
    result = {
        "submissions": options.submissions,
        "stock_seconds_per_submission": round(wall, 3),
        "ours_seconds_per_submission": round(several.wall / options.submissions, 3),
        "ratio_wall": round(wall / (several.wall / options.submissions), 1),
        "ratio_wall_one_worker": round(wall / (one.wall / options.submissions), 1),
        "ratio_cpu": round(cpu / (several.cpu / options.submissions), 1),
        "ratio_to_floor": round(several.cpu / options.submissions / least, 2),
        "floor_cpu_seconds_per_submission": round(least, 3),
        "startup_cpu_seconds": round(single - each, 2),
        "startup_cpu_seconds_again": round(again - each, 2),
        "peak_memory_mb": several.memory,
        "startup_seconds": round(startup, 2),
        "load_average": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
