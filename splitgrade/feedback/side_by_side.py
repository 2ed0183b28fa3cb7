"""Several students' pages at a time, by worker processes that share one pair of warm interpreters."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from multiprocessing.util import Finalize
from typing import Any

from splitgrade.execution.engine import Engine
from splitgrade.nbgrader.execute import share_engine
from splitgrade.nbgrader.session import Conversion
from splitgrade.sandbox import forked

Make = Callable[[str], Conversion]

_fork = multiprocessing.get_context("fork")  # a configuration may hold what cannot be sent
_worker: list[tuple[Make, Finalize]] = []  # of a worker: what it does for a student, and at its end


def side_by_side(make: Make, students: Sequence[str], engine: Engine, workers: int) -> Iterator[tuple[str, Conversion]]:
    """Make pages in worker processes, in the order of the students.

    Where a worker ends, the students that are left are this process's own: none goes without.

    Parameters
    ----------
    make : callable
        Makes the pages of a student; it finds the engine by its options.
    students : sequence of str
        Whose pages.
    engine : Engine
        Whose warm interpreters all share.
    workers : int
        How many at the same time.

    Raises
    ------
    SandboxUnavailableError
        When this machine has no sandbox.
    SandboxError
        When the sandbox does not start.
    """
    made = 0
    with ExitStack() as ours:
        lent = [ours.enter_context(engine.lend()) for _ in range(workers)]
        numbers = _fork.SimpleQueue()
        for number in range(workers):
            numbers.put(number)
        how: dict[str, Any] = {"initializer": _begin, "initargs": (make, lent, numbers, os.getpid())}
        with ProcessPoolExecutor(workers, _fork, **how) as pool:
            found = pool.map(_work, students)
            ours.close()  # the workers have their own ends by now
            try:
                for student, outcome in zip(students, found, strict=True):
                    made += 1
                    yield student, outcome
            except BrokenProcessPool:
                pass  # whoever ended it, the rest is made here
            except BaseException:  # Ctrl-C, or nobody wants the rest
                for worker in [*pool._processes.values()]:  # `terminate_workers` from Python 3.14 on
                    worker.terminate()
                raise
    for student in students[made:]:
        yield student, make(student)


def _begin(make: Make, lent: Sequence[Engine], numbers: Any, parent: int) -> None:
    """Work as one worker, with one of the engines."""
    forked.begin(parent)
    engine = lent[numbers.get()]
    for other in lent:
        if other is not engine:
            other.close()
    share_engine(engine)
    signal.signal(signal.SIGTERM, forked.stop)
    _worker[:] = [(make, Finalize(None, engine.close, exitpriority=1))]


def _work(student: str) -> Conversion:
    make, close = _worker[0]
    try:
        return make(student)
    except SystemExit:  # told to stop; the pool would have it go on with the next
        close()
        os._exit(0)
