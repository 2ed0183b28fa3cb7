"""Grading through any ``concurrent.futures.Executor``: of processes here, or of machines, such as Dask's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import Any

from splitgrade.errors import CourseError
from splitgrade.grading.bundle import Bundle
from splitgrade.grading.desk import Desk
from splitgrade.grading.grade_bytes import calibrate_bytes, grade_bytes
from splitgrade.grading.task import Task, Verdict, no_verdict
from splitgrade.sandbox.limits import MAX_STARTS, MAX_UNDER_WAY

LOOK_SECONDS = 5.0  # between two looks whether anybody works


class ExecutorPool:
    """Hands tasks to an executor whose processes can import this package.

    Parameters
    ----------
    executor : Executor
        Runs functions; what becomes of a lost worker is its business, a task that it gives back is handed out again.
    bundle : Bundle
        The assignment, or what the executor turns into it, such as a future of Dask's.
    at_once : callable
        Gives how many tasks may be under way, which may change.
    look : callable, optional
        Called now and then while nothing comes back; raises CourseError where nothing will.
    others : callable, optional
        Says whether another worker may do what one could not: one without a sandbox need not end the run.

    Attributes
    ----------
    warnings : list of str
        What an instructor should know; workers that cannot grade are added as they are found.
    """

    def __init__(
        self,
        executor: Executor,
        bundle: Bundle | Any,
        at_once: Callable[[], int],
        look: Callable[[], None] = lambda: None,
        others: Callable[[], bool] = lambda: False,
    ) -> None:
        self._executor, self._bundle, self._at_once = executor, bundle, at_once
        self._look, self._others = look, others
        self.warnings: list[str] = []

    def calibrate(self) -> list[str]:
        """Run the instructor's solutions in one of the workers.

        Raises
        ------
        CourseError
            When it cannot grade.
        """
        while True:
            future = self._executor.submit(calibrate_bytes, self._bundle)
            self._completed([future])
            try:
                self.warnings += future.result()
            except CourseError as error:
                self._go_on_without(error)
            else:
                return self.warnings

    def run(self, students: Iterable[str], desk: Desk) -> Iterator[Verdict]:
        """Run submissions, yielding each as it is done, in no particular order.

        Parameters
        ----------
        students : iterable of str
            Whose submissions.
        desk : Desk
            Where they come from.

        Yields
        ------
        Verdict
            One for each student. Where workers died several times with it, every notebook is ``failed``, with why.

        Raises
        ------
        CourseError
            When a worker cannot grade.
        """
        coming, again = iter(students), list[Task]()
        starts: dict[str, int] = {}
        under_way: dict[Future[Verdict], Task] = {}
        while True:
            while len(under_way) < max(1, self._at_once()) and _size(under_way) < MAX_UNDER_WAY:
                task = again.pop() if again else next(map(desk.task, coming), None)
                if task is None:
                    break
                if isinstance(task, Verdict):
                    yield task
                    continue
                starts[task.student] = starts.get(task.student, 0) + 1
                under_way[self._executor.submit(grade_bytes, self._bundle, task)] = task
            if not under_way:
                return
            for future in self._completed(under_way):
                task = under_way.pop(future)
                try:
                    yield future.result()
                except CourseError as error:  # of that worker, before it began
                    self._go_on_without(error)
                    starts[task.student] -= 1
                    again.append(task)
                except Exception as error:  # a worker that died, or could not send: whatever it was, the others go on
                    if starts[task.student] < MAX_STARTS:
                        again.append(task)
                    else:
                        reason = f"the grader's own process ended: {type(error).__name__}: {error}"
                        yield no_verdict(task.student, desk.notebooks, reason)

    def _go_on_without(self, error: CourseError) -> None:
        """Note a worker that cannot grade; raise where there is no other."""
        if not self._others():
            raise error
        if str(error) not in self.warnings:
            self.warnings.append(str(error))

    def _completed(self, futures: Iterable[Future[Any]]) -> set[Future[Any]]:
        """Wait until one is done; return all that are."""
        while True:
            done, _ = wait(futures, LOOK_SECONDS, FIRST_COMPLETED)
            if done:
                return done
            self._look()


def _size(under_way: dict[Future[Verdict], Task]) -> int:
    """Return the bytes of the submissions that are under way."""
    return sum(len(file.content or b"") for task in under_way.values() for file in task.snapshot.files.values())
