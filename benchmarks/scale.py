"""What a class costs on how many cores: parameters measured in a run, a simulation with them, checked against runs.

Run ``.venv/bin/python benchmarks/scale.py [--submissions 60] [--dask]`` on a machine that does nothing else. A run with
one worker gives what a submission costs: seconds in its worker, seconds of the coordinator (reading it before,
recording it after), and the start. The simulation puts these together: workers and the coordinator each do one thing at
a time and share the cores. It predicts runs with one and two workers (and two Dask workers), which are then made and
compared, and what larger classes take. The last line is JSON; ``predicted_over_measured`` should be near 1.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from grading import ASSIGNMENT, make_course

from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.grading.desk import Desk
from splitgrade.grading.settling import Settling
from splitgrade.nbgrader.session import load_config

CLASSES = ((1_000, 2), (1_000, 16), (30_000, 2), (30_000, 16), (30_000, 64), (1_000_000, 64), (1_000_000, 256))


@dataclass(frozen=True)
class Costs:
    """Measured seconds.

    Parameters
    ----------
    start : float
        Until the first submission is handed out.
    work : sequence of float
        In a worker, of each submission; longer classes take them again and again.
    read, record : float
        Of the coordinator, before and after, for one submission.
    """

    start: float
    work: Sequence[float]
    read: float
    record: float


def simulate(costs: Costs, submissions: int, workers: int, cores: int) -> float:
    """Return the seconds of a run.

    The coordinator reads a submission, hands it to an idle worker, and records what comes back; a worker that is done
    gets its next submission before the last one is recorded. Whoever is busy has a core, or an equal share of all.
    """
    work = itertools.cycle(costs.work)
    waiting, done, clock = submissions, 0, costs.start
    busy: list[float] = []  # seconds of work left, by busy worker
    idle, results = workers, 0
    task, kind = 0.0, ""  # what the coordinator does
    while done < submissions:
        if not kind and waiting and idle:
            task, kind = costs.read, "read"
        elif not kind and results:
            task, kind = costs.record, "record"
        active = len(busy) + bool(kind)
        rate = min(1.0, cores / active)
        step = min([*busy, task] if kind else busy)
        clock += step / rate
        busy = [left - step for left in busy]
        finished = [left for left in busy if left <= 1e-12]
        busy = [left for left in busy if left > 1e-12]
        idle, results = idle + len(finished), results + len(finished)
        if kind:
            task -= step
            if task <= 1e-12:
                if kind == "read":
                    busy.append(next(work))
                    waiting, idle = waiting - 1, idle - 1
                else:
                    results, done = results - 1, done + 1
                kind = ""
    return clock


@contextmanager
def timed(kind: type, name: str, into: list[float]) -> Iterator[None]:
    """Note how long each call of a method takes."""
    original: Callable[..., Any] = getattr(kind, name)

    def call(*args: Any) -> Any:
        started = time.perf_counter()
        try:
            return original(*args)
        finally:
            into.append(time.perf_counter() - started)

    setattr(kind, name, call)
    try:
        yield
    finally:
        setattr(kind, name, original)


def measured(root: Path, **options: Any) -> tuple[float, Costs]:
    """Grade the class anew; return the seconds of the run and what they were spent on."""
    for name in ("gradebook.db", "autograded", ".splitgrade"):
        path = root / name
        shutil.rmtree(path) if path.is_dir() else None
    read, record, first = list[float](), list[float](), list[float]()
    started = time.perf_counter()
    grader = Grader.of(root, load_config(root), ASSIGNMENT)
    run = GradingRun(grader, grader.students(), 1, force=True, **options)
    with timed(Desk, "task", read), timed(Settling, "settle", record):
        for student, submission in run.outcomes():
            if not first:
                first.append(time.perf_counter() - started - run.seconds[student])
            if submission.having("failed"):
                raise RuntimeError(f"{student}: {submission}")
    seconds = time.perf_counter() - started
    return seconds, Costs(first[0], list(run.seconds.values()), fmean(read), fmean(record))


def checked(costs: Costs, submissions: int, cores: int, runs: dict[str, tuple[int, float]]) -> dict[str, float]:
    """Return what was predicted for each run over what it took."""
    ratios = {}
    for name, (workers, seconds) in runs.items():
        predicted = simulate(costs, submissions, workers, cores)
        ratios[name] = round(predicted / seconds, 3)
        print(f"{name:16} predicted {predicted:7.1f} s, measured {seconds:7.1f} s, ratio {ratios[name]}")
    return ratios


def larger(costs: Costs) -> dict[str, float]:
    """Return the hours of larger classes, with a core for each worker and one for the coordinator."""
    hours = {}
    for submissions, workers in CLASSES:
        some = min(submissions, 20 * workers + 2_000)  # long enough that the rest goes on at the same rate
        rate = (simulate(costs, some, workers, workers + 1) - costs.start) / some
        took = hours[f"{submissions} on {workers}"] = round((costs.start + rate * submissions) / 3600, 2)
        print(f"| {submissions:,} | {workers} | {took:.2f} h |")
    return hours


def measure(submissions: int, *, dask: bool) -> tuple[Costs, dict[str, tuple[int, float]]]:
    """Grade a class in several ways; return its costs with one worker, and workers and seconds of each way."""
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        root = Path(folder) / "course"
        root.mkdir()
        make_course(root, submissions)
        shutil.copy(Path(__file__).resolve().parents[1] / "nbgrader_config.py", root)
        seconds, costs = measured(root, workers=1)
        runs = {"1 worker": (1, seconds), "2 workers": (2, measured(root, workers=2)[0])}
        if dask:
            from distributed import LocalCluster

            with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
                measured(root, scheduler=cluster.scheduler_address)  # each starts its interpreters once
                runs["2 Dask workers"] = (2, measured(root, scheduler=cluster.scheduler_address)[0])
    return costs, runs


def main() -> None:
    """Measure, predict, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--dask", action="store_true", help="grade with two Dask workers, too")
    parser.add_argument("--costs", help="START,WORK,READ,RECORD in seconds: measure nothing")
    options = parser.parse_args()
    cores, ratios = len(os.sched_getaffinity(0)), dict[str, float]()
    if options.costs:
        start, work, read, record = map(float, options.costs.split(","))
        costs = Costs(start, [work], read, record)
    else:
        costs, runs = measure(options.submissions, dask=options.dask)
        ratios = checked(costs, options.submissions, cores, runs)
    work, own = fmean(costs.work), costs.read + costs.record
    print(f"start {costs.start:.2f} s; a submission: {work:.3f} s in its worker, {own:.4f} s of the coordinator")
    result = {"cores": cores, "start": round(costs.start, 2), "work": round(work, 4), "read": round(costs.read, 4)}
    result |= {"record": round(costs.record, 4), "workers_kept_busy": round(work / own, 1)}
    print(json.dumps({**result, "predicted_over_measured": ratios, "hours": larger(costs)}))


if __name__ == "__main__":
    main()
