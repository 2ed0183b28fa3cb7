"""How far a grading run is: a bar with rate, remaining time and failures; what cannot be graded is named at once."""

from __future__ import annotations

import time

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from splitgrade.grading.class_run import GradingRun
from splitgrade.grading.record import OPEN_STATES, SubmissionRecord
from splitgrade.submission.names import shown

EVERY = 10.0  # seconds between two lines where no bar can be drawn: a pipe, a log
MAX_UNPLACED = 20  # lines; all are in the run's record


class RateColumn(ProgressColumn):
    """Submissions a minute, of those that were run."""

    def render(self, task: Task) -> Text:
        """Return the rate, or nothing before there is one."""
        speed = task.finished_speed or task.speed
        return Text(f"{60 * speed:.0f}/min" if speed else "", style="progress.data.speed")


def show(run: GradingRun, console: Console, outcomes: dict[str, SubmissionRecord]) -> None:
    """Grade behind a progress bar.

    Parameters
    ----------
    run : GradingRun
        The run.
    console : Console
        Where to show it.
    outcomes : dict of str to SubmissionRecord
        Gets how each submission fared, as it is recorded: what is there after an interruption is recorded.
    """
    columns = (BarColumn(), MofNCompleteColumn(), RateColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    not_graded, told, said = 0, False, time.monotonic()
    with Progress(
        TextColumn("{task.description}"), *columns, TextColumn("{task.fields[faults]}"), console=console
    ) as bar:
        task = bar.add_task(f"grading {run.assignment}", total=len(run.students), faults="")
        for student, submission in run.outcomes():
            outcomes[student] = submission
            for warning in () if told else run.warnings:
                bar.console.print(warning, style="yellow", markup=False)
            told = told or bool(run.warnings)
            if student in run.unchanged:  # no part of the rate
                run_total = len(run.students) - len(run.unchanged)
                bar.update(task, total=run_total)
            else:
                bar.advance(task)
            for name, notebook in submission.notebooks.items():
                if notebook.state in OPEN_STATES:
                    not_graded += 1
                    color = "red" if notebook.state == "failed" else "yellow"
                    says = f"{shown(student)}, {name}: {notebook.state}: {notebook.reason}"
                    bar.console.print(says, style=color, markup=False)
            bar.update(task, faults=f"{not_graded} not graded" if not_graded else "")
            if not console.is_terminal and time.monotonic() - said > EVERY:
                said = time.monotonic()
                console.print(f"grading {run.assignment}: {len(outcomes)} of {len(run.students)}", markup=False)
    for line in run.unplaced[:MAX_UNPLACED]:
        console.print(f"not graded: {line}", style="yellow", markup=False)
    if len(run.unplaced) > MAX_UNPLACED:
        console.print(f"and {len(run.unplaced) - MAX_UNPLACED} more that match no assignment", style="yellow")
    if run.unchanged:
        console.print(f"{len(run.unchanged)} of {len(run.students)} unchanged since they were graded: left alone")
