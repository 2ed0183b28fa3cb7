"""``splitgrade watch``: grade what comes in, for as long as it runs."""

from __future__ import annotations

import copy
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from splitgrade.commands.course_folder import check_released, find_course
from splitgrade.errors import CourseError
from splitgrade.feedback.pages import failure, write_feedback
from splitgrade.grading.arrivals import DropFolder, Exchange
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.grading.record import SubmissionRecord
from splitgrade.grading.watching import Waiting
from splitgrade.nbgrader.session import load_config
from splitgrade.submission.names import shown

LONGEST_PAUSE = 300.0  # seconds, after faults that come again and again


@click.command("watch")
@click.argument("assignment")
@click.option(
    "--drop", type=click.Path(path_type=Path), metavar="FOLDER", help="Take submissions from FOLDER/STUDENT/ASSIGNMENT."
)
@click.option("--exchange", is_flag=True, help="Collect from nbgrader's exchange.")
@click.option("--every", type=click.FloatRange(min=0.1), default=5.0, show_default=True, help="Seconds between looks.")
@click.option(
    "--per-hour", type=click.IntRange(min=1), default=6, show_default=True, help="Runs of one student's work an hour."
)
@click.option("--feedback", is_flag=True, help="Make pages without hints at once; with --exchange, give them back.")
@click.option("--workers", type=click.IntRange(min=1), help="Submissions at the same time; one a processor by default.")
@click.option("--scheduler", metavar="ADDRESS", envvar="SPLITGRADE_SCHEDULER", help="As for `grade`.")
@click.option("--once", is_flag=True, help="Grade what lies there now, and end.")
def watch_command(
    assignment: str,
    *,
    drop: Path | None,
    exchange: bool,
    every: float,
    per_hour: int,
    feedback: bool,
    workers: int | None,
    scheduler: str | None,
    once: bool,
) -> None:
    """Grade what comes in for ASSIGNMENT, as soon as it has not changed between two looks.

    It comes into submitted/, by hand or by `collect`; with --drop or --exchange also from there. Of several versions
    the newest is graded. What was graded before and has not changed is left alone, also after a new start.

    It ends by Ctrl-C or SIGTERM; what was graded by then is recorded.
    """
    root = find_course()
    check_released(root, assignment)
    watch = Watch(root, assignment, drop, per_hour, exchange=exchange, feedback=feedback)
    pause = every
    with _ends_by_sigterm():
        try:
            while True:
                try:
                    watch.look(workers, scheduler)
                    pause = every
                except CourseError as error:  # of the course or the machine: it may be mended meanwhile
                    _say(f"not graded now: {error}")
                    pause = min(2 * pause, LONGEST_PAUSE)
                    if once:
                        raise SystemExit(1) from None
                if once and watch.looks >= 3:
                    return
                time.sleep(pause)
        except KeyboardInterrupt:
            _say("stopped; what was graded is recorded")


class Watch:
    """Looks for new submissions and grades them.

    Parameters
    ----------
    root : Path
        The course folder.
    assignment : str
        What is graded.
    drop : Path or None
        A folder to take submissions from.
    per_hour : int
        Runs of one student's work in an hour.
    exchange, feedback : bool
        Whether to collect from nbgrader's exchange, and to make pages at once.

    Attributes
    ----------
    looks : int
        How often it has looked.
    """

    def __init__(
        self, root: Path, assignment: str, drop: Path | None, per_hour: int, *, exchange: bool, feedback: bool
    ) -> None:
        self._root, self._assignment, self._feedback = root, assignment, feedback
        self._config = load_config(root)
        self._drop = None if drop is None else DropFolder(drop, root, assignment)
        self._exchange = Exchange(self._config, assignment) if exchange else None
        self._grader = Grader.of(root, self._config, assignment)
        self._waiting = Waiting(self._grader.submitted, per_hour)
        self._said: set[str] = set()
        self.looks = 0

    def look(self, workers: int | None, scheduler: str | None) -> None:
        """Take what has come in, and grade what is at rest.

        Raises
        ------
        CourseError
            When nothing can be graded now.
        """
        self.looks += 1
        for source in (self._drop, self._exchange):
            for line in source.collect() if source is not None else ():
                if line not in self._said:
                    _say(line)
                    self._said.add(line)
        ready = self._waiting.ready(self._grader.students(), time.monotonic())
        if not ready:
            return
        run = GradingRun(self._grader, ready, workers=workers, scheduler=scheduler)
        for student in ready:
            self._waiting.begin(student)
        graded: dict[str, SubmissionRecord] = {}
        try:
            for student, record in run.outcomes():
                graded[student] = record
                if record.having("failed"):
                    self._waiting.forget(student)  # nobody's fault: tried again, as often as the rate allows
                if student not in run.unchanged:
                    self._waiting.count(student, time.monotonic())
                    _say(_line(student, record))
        finally:
            for student in set(ready) - set(graded):
                self._waiting.forget(student)
            fresh = [student for student in graded if student not in run.unchanged]
            if self._feedback and fresh:
                self._give_feedback(fresh)

    def _give_feedback(self, students: list[str]) -> None:
        """Make the pages of students whose work was graded now, without hints: the deadline may be to come."""
        config = copy.deepcopy(self._config)
        config.RedactFeedback.withhold_hints = True
        for student, outcome in write_feedback(self._root, config, self._assignment, students):
            if not outcome.success:
                _say(failure(student, outcome))
        if self._exchange is not None:
            self._exchange.give_back()


def _line(student: str, record: SubmissionRecord) -> str:
    states = ", ".join(f"{name} {each.state}" for name, each in record.notebooks.items() if each.state != "missing")
    return f"{shown(student)}: {states or 'nothing handed in'}"


def _say(line: str) -> None:
    click.echo(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {line}")


@contextmanager
def _ends_by_sigterm() -> Iterator[None]:
    """Let SIGTERM, by which a service is stopped, do what Ctrl-C does."""

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a signal handler
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
