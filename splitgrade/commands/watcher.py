"""Looks for new submissions and grades them: what `splitgrade watch` does every few seconds."""

from __future__ import annotations

import copy
import json
import time
from functools import partial
from pathlib import Path

import click

from splitgrade.feedback.pages import failure, write_feedback
from splitgrade.grading.arrivals import DropFolder, Exchange
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.grading.record import SubmissionRecord
from splitgrade.grading.told import told_of
from splitgrade.grading.watching import Waiting
from splitgrade.nbgrader.course_folders import CourseFolders
from splitgrade.nbgrader.session import load_config
from splitgrade.submission.names import shown


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
    exchange, feedback, as_json : bool
        Whether to collect from nbgrader's exchange, to make pages at once, and to print JSON.

    Attributes
    ----------
    looks : int
        How often it has looked.
    """

    def __init__(
        self,
        root: Path,
        assignment: str,
        drop: Path | None,
        per_hour: int,
        *,
        exchange: bool,
        feedback: bool,
        as_json: bool,
    ) -> None:
        self._assignment, self._feedback, self._as_json = assignment, feedback, as_json
        self._config = load_config(root)
        folders = CourseFolders.of(self._config)
        folders.require(assignment)
        self._root = folders.root
        self._drop = None if drop is None else DropFolder(drop, folders, assignment)
        self._exchange = Exchange(self._config, assignment) if exchange else None
        self._grader = Grader.of(folders.root, self._config, assignment)
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
                    self.say(line)
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
                    self._tell(student, record)
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
        told = partial(told_of, self._root, self._assignment)
        for student, outcome in write_feedback(self._root, config, self._assignment, students, told=told):
            if not outcome.success:
                self.say(failure(student, outcome))
        if self._exchange is not None:
            self._exchange.give_back()

    def say(self, line: str) -> None:
        """Print a line with its time, to standard error where standard output belongs to the JSON."""
        click.echo(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {line}", err=self._as_json)

    def _tell(self, student: str, record: SubmissionRecord) -> None:
        """Print what came of a submission."""
        states = {name: each.state for name, each in record.notebooks.items() if each.state != "missing"}
        if self._as_json:
            moment = time.strftime("%Y-%m-%dT%H:%M:%S%z")
            click.echo(json.dumps({"time": moment, "student": shown(student), "notebooks": states}))
            return
        told = ", ".join(f"{name} {state}" for name, state in states.items())
        self.say(f"{shown(student)}: {told or 'nothing handed in'}")
