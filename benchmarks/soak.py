"""A long run: memory, descriptors, processes and time a submission stay what they were at its beginning.

Run ``.venv/bin/python benchmarks/soak.py [--submissions 2000] [--workers 2]``. One run grades a class of which one in
five is hostile: endless loops, memory, floods of output, processes and files, crashes. The kinds come in turn, forty in
a round, so that each tenth of 400, 800 or 2,000 submissions holds the same. Times are CPU seconds of all processes, for
wall time depends on what else the machine does; both are printed. The last line is JSON: ``cpu_ratio`` is the last
tenth over the first; memory (what processes do not share), descriptors and processes are the last tenth over the
second. None may be above 1.1.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import tempfile
import threading
import time
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median

import psutil
from nbgrader.converters import GenerateAssignment

from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.nbgrader.session import convert, load_config, open_gradebook
from tests.course_fixture import ADD_RIGHT, ADD_WRONG, ASSIGNMENT, PLUS_RIGHT, hand_in, make_course

CELL_SECONDS, SAMPLE_SECONDS, MOST = 2, 1.0, 1.1
HONEST = [ADD_RIGHT, ADD_WRONG, ADD_RIGHT, "def add(a, b):\n    raise KeyError('mine')"]
HOSTILE = [
    "while True: pass",
    "held = []\n    while True: held.append(bytearray(1 << 24))",
    "while True: print('x' * 10_000)",
    "os.abort()",
    "[os.fork() for _ in range(8)]",
    "for n in range(5000): open(f'{n}', 'wb').write(b'x' * 10_000)",
    "import threading, time\n    for _ in range(200): threading.Thread(target=time.sleep, args=(60,)).start()",
    "os.kill(os.getppid(), 9); os._exit(0)",
]
EVERY = 5  # one in so many is hostile


@dataclass(frozen=True)
class Sample:
    """What all processes of the run hold at a moment."""

    memory_mb: float
    descriptors: int
    processes: int


def answer(number: int) -> str:
    """Return the answer of a submission: the same for the same remainder, so that every part of a class is alike."""
    if number % EVERY:
        return HONEST[number % len(HONEST)]
    return f"import os\ndef add(a, b):\n    {HOSTILE[number // EVERY % len(HOSTILE)]}\n    return a + b"


def make_class(folder: Path, submissions: int) -> Path:
    """Release a small course and hand in the submissions."""
    root = make_course(folder / "course")
    made = convert(GenerateAssignment, load_config(root), ASSIGNMENT)
    if not made.success:
        raise RuntimeError(made.log)
    for number in range(submissions):
        hand_in(root, f"s{number:06}", one_add=answer(number), two_add=PLUS_RIGHT)
    return root


def sample(own: psutil.Process) -> tuple[Sample, float]:
    """Return what the processes below this one hold, and the CPU seconds that they and their dead have used."""
    memory, descriptors, count, used = 0, 0, 0, 0.0
    for process in (own, *own.children(recursive=True)):
        with contextlib.suppress(psutil.Error, OSError):
            held = process.memory_info()
            memory += held.rss - held.shared
            descriptors += process.num_fds()
            times = process.cpu_times()
            used += times.user + times.system + times.children_user + times.children_system
            count += 1
    return Sample(memory / 2**20, descriptors, count), used


class Watch:
    """Samples this process and all below it while a run goes on."""

    def __init__(self) -> None:
        self.samples: list[tuple[int, Sample]] = []  # how many submissions were done, and what was held
        self.done, self._over, self._own = 0, threading.Event(), psutil.Process()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def used(self) -> float:
        """Return the CPU seconds until now."""
        return sample(self._own)[1]

    def _run(self) -> None:
        while not self._over.wait(SAMPLE_SECONDS):
            self.samples.append((self.done, sample(self._own)[0]))

    def held(self, first: int, last: int) -> Sample:
        """Return the medians between two numbers of submissions."""
        within = [each for done, each in self.samples if first <= done < last] or [self.samples[-1][1]]
        return Sample(*(median(getattr(each, field.name) for each in within) for field in fields(Sample)))


def main() -> None:
    """Grade, compare the ends of the run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    tenth = options.submissions // 10
    if tenth < 1:
        parser.error(f"a tenth has to be at least one submission; got {options.submissions}")
    moments: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        root = make_class(Path(folder), options.submissions)
        config = load_config(root)
        config.SplitExecute.limits = {"cell_seconds": CELL_SECONDS, "memory_mb": 512}
        grader = Grader.of(root, config, ASSIGNMENT)
        run = GradingRun(grader, grader.students(), 1, workers=options.workers)
        states: dict[str, int] = {}
        with Watch() as watch:
            for _, record in run.outcomes():
                if watch.done % tenth == 0:
                    moments.append((time.monotonic(), watch.used()))
                watch.done += 1
                for notebook in record.notebooks.values():
                    states[notebook.state] = states.get(notebook.state, 0) + 1
            moments.append((time.monotonic(), watch.used()))
        with open_gradebook(root, config) as gradebook:
            points = sum(each.score for each in gradebook.assignment_submissions(ASSIGNMENT))
    # The first moment is that of the first submission: what starts up is over by then.
    wall, cpu = (
        [(later - sooner) / tenth for sooner, later in itertools.pairwise(each)] for each in zip(*moments, strict=True)
    )
    for number, (seconds, used) in enumerate(zip(wall, cpu, strict=True)):
        held = watch.held(number * tenth, (number + 1) * tenth)
        counts = f"{held.memory_mb:.0f} MB, {held.descriptors} descriptors, {held.processes} processes"
        print(f"tenth {number + 1:2}: {seconds:.3f} s and {used:.3f} CPU s each, {counts}")
    early, late = watch.held(tenth, 2 * tenth), watch.held(9 * tenth, options.submissions)
    names = [field.name for field in fields(Sample)]
    ratios = {f"{name}_ratio": round(getattr(late, name) / getattr(early, name), 3) for name in names}
    ratios["cpu_ratio"] = round(cpu[9] / cpu[0], 3)
    result = {"submissions": options.submissions, **ratios, "wall_ratio": round(wall[9] / wall[0], 3)}
    result |= {"cpu_seconds_each": round(sum(cpu) / len(cpu), 3), "points": points}
    print(json.dumps({**result, "notebooks": states}))
    raise SystemExit(any(ratio > MOST for ratio in ratios.values()) or "failed" in states)


if __name__ == "__main__":
    main()
