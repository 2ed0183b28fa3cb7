"""Worker processes: each runs one submission at a time, and none can take another along.

They share one pair of warm interpreters, which the pool starts; the processes of each notebook belong to one worker and
end with it. Should an interpreter end, a worker starts one for itself.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Self

from splitgrade.errors import CourseError, SandboxError
from splitgrade.execution.engine import Engine
from splitgrade.grading.calibrations import Kept
from splitgrade.grading.desk import Desk
from splitgrade.grading.submission_run import SubmissionRunner, Workplace
from splitgrade.grading.task import Finished, Verdict, no_verdict
from splitgrade.sandbox import forked
from splitgrade.sandbox.limits import MAX_STARTS
from splitgrade.sandbox.processor import go_on

STOP_SECONDS = 10.0
LOOK_SECONDS = 5.0  # without a word, until somebody looks whether a worker was stopped
_fork = multiprocessing.get_context("fork")  # imports are done, and the gradebook is closed, when workers start


@dataclass
class _Worker:
    process: Any
    connection: Connection
    student: str | None = None


class WorkerPool:
    """A fixed number of workers; use it as a context manager, for it holds processes.

    Parameters
    ----------
    place : Workplace
        What all workers run submissions with.
    workers : int
        How many at the same time.
    kept : Kept, optional
        What the instructor's solutions gave in an earlier run.

    Raises
    ------
    ValueError
        When ``workers`` is below 1.
    CourseError
        When the configuration or this machine cannot grade, for example without a sandbox.
    """

    def __init__(self, place: Workplace, workers: int, kept: Kept | None = None) -> None:
        if workers < 1:
            raise ValueError(f"workers must be at least 1, got {workers}")
        self._count, self._kept = workers, kept
        self._runner = SubmissionRunner(place)
        self._engine = Engine(self._runner.engine_options)
        with _cannot_start():
            self._engine.launch()
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def calibrate(self) -> list[str]:
        """Run the instructor's solutions, once for all workers; those that are kept from an earlier run are not run.

        Returns
        -------
        list of str
            What an instructor should know of them.

        Raises
        ------
        CourseError
            When the sandbox does not start, or a small notebook does not get through it.
        """
        known = {} if self._kept is None else self._kept.read()
        self._engine.learn(known)
        with _cannot_start():
            warnings = self._runner.calibrate(self._engine)
        if self._kept is not None and self._engine.calibrations != known:
            self._kept.write(self._engine.calibrations)
        return warnings

    def run(self, students: Iterable[str], desk: Desk) -> Iterator[Verdict]:
        """Run submissions, yielding each as it is done, in no particular order.

        Parameters
        ----------
        students : iterable of str
            Whose submissions.
        desk : Desk
            Where they come from, and where finished notebooks are kept meanwhile.

        Yields
        ------
        Verdict
            One for each student. Where the worker died twice, every notebook is ``failed`` and the reason says how.

        Raises
        ------
        CourseError
            When no worker can be started.
        """
        waiting, starts = deque(students), dict[str, int]()
        while waiting or any(worker.student for worker in self._workers):
            while len(self._workers) < self._count and self._may_start(waiting):
                self._workers.append(self._start())
            for worker in self._workers:
                yield from _hand_out(worker, waiting, starts, desk)
            for worker in self._ready():
                answer, student = self._answer(worker), worker.student
                if isinstance(answer, Verdict):
                    worker.student = None
                    yield from _hand_out(worker, waiting, starts, desk)  # first: it runs while this one is recorded
                    yield answer
                elif isinstance(answer, str):
                    self._workers.remove(worker)
                    if student is not None and starts[student] < MAX_STARTS:
                        waiting.append(student)
                    elif student is not None:
                        yield no_verdict(student, desk.notebooks, f"the grader's own process ended: {answer}")
                elif student is not None:
                    desk.keep(student, *answer)

    def close(self) -> None:
        """End the workers and what they hold; may be called twice."""
        for worker in self._workers:
            worker.connection.close()  # an idle worker ends by itself
            if worker.student is not None:
                worker.process.terminate()
        for worker in self._workers:
            worker.process.join(STOP_SECONDS)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.process.close()
        self._workers = []
        self._engine.close()

    def _may_start(self, waiting: deque[str]) -> bool:
        """Say whether there is work that no idle worker takes."""
        return len(waiting) > sum(worker.student is None for worker in self._workers)

    def _start(self) -> _Worker:
        with _cannot_start():
            engine = self._engine.lend()
        ours, theirs = _fork.Pipe()
        with theirs, engine:  # in this process, that is: the worker has its own ends
            process = _fork.Process(target=_serve, args=(self._runner, engine, ours, theirs, os.getpid()), daemon=True)
            process.start()
        return _Worker(process, ours)

    def _ready(self) -> list[_Worker]:
        """Wait until a worker has said something or has ended."""
        while not (found := wait([worker.connection for worker in self._workers], LOOK_SECONDS)):
            for worker in self._workers:
                go_on(worker.process.pid)
        return [worker for worker in self._workers if worker.connection in found]

    def _answer(self, worker: _Worker) -> Verdict | tuple[str, Finished] | str:
        """Return what a worker says: its verdict, a notebook that it has finished, or how it ended."""
        try:
            answer: Verdict | tuple[str, Finished] = worker.connection.recv()
        except (EOFError, OSError):
            worker.connection.close()
            worker.process.join()
            code = worker.process.exitcode
            worker.process.close()
            return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
        return answer


def _hand_out(worker: _Worker, waiting: deque[str], starts: dict[str, int], desk: Desk) -> Iterator[Verdict]:
    """Send an idle worker the next submission; yield the verdicts on those that cannot be read."""
    while worker.student is None and waiting:
        student = waiting.popleft()
        task = desk.task(student)
        if isinstance(task, Verdict):
            yield task
            continue
        worker.student = student
        starts[student] = starts.get(student, 0) + 1
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it has died: seen when it is waited for
            worker.connection.send(task)


@contextlib.contextmanager
def _cannot_start() -> Iterator[None]:
    """Raise the error that grading cannot start, for a sandbox that does not start."""
    try:
        yield
    except SandboxError as error:
        raise CourseError(f"grading cannot start: {error}") from error


def _serve(
    runner: SubmissionRunner, engine: Engine, others_end: Connection, connection: Connection, parent: int
) -> None:
    """Work as one worker: take submissions, send back finished notebooks and verdicts."""
    forked.begin(parent)
    others_end.close()
    signal.signal(signal.SIGTERM, forked.stop)
    try:
        while True:
            connection.send(runner.run(connection.recv(), engine, lambda *finished: connection.send(finished)))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the parent wants no more
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # nothing may stop the clearing up half way
        engine.close()
