"""Summary of a grading run for other programs: one JSON document, and an exit status."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from splitgrade.grading.class_run import GradingRun
from splitgrade.grading.record import SubmissionRecord

ALL_GRADED, FAILED, SOME_REFUSED = 0, 1, 3  # 2 is what click says of a wrong command line


def exit_status(outcomes: Mapping[str, SubmissionRecord], unplaced: Sequence[str] = ()) -> int:
    """Return the exit status of a run.

    Parameters
    ----------
    outcomes : mapping of str to SubmissionRecord
        The result of each submission.
    unplaced : sequence of str
        What lies in ``submitted/`` and matches no assignment.

    Returns
    -------
    int
        1 where a notebook could not be graded for a reason other than its own fault, else 3 where something was handed
        in that was refused, could not be read, or matches no assignment, else 0.

    Examples
    --------
    >>> from splitgrade.grading.record import NotebookRecord
    >>> exit_status({"ada": SubmissionRecord({"ex41": NotebookRecord("refused", "the file is empty")})})
    3
    """
    states = _states(outcomes)
    if states["failed"]:
        return FAILED
    return SOME_REFUSED if states["refused"] or states["unread"] or unplaced else ALL_GRADED


def run_summary(run: GradingRun, outcomes: Mapping[str, SubmissionRecord], status: int) -> dict[str, Any]:
    """Return a run as data.

    Parameters
    ----------
    run : GradingRun
        The run, after its end.
    outcomes : mapping of str to SubmissionRecord
        The result of each submission.
    status : int
        The exit status.
    """
    submissions = {
        student: {
            **asdict(record),
            "unchanged": student in run.unchanged,
            "seconds": run.seconds.get(student),
        }
        for student, record in outcomes.items()
    }
    return {
        "assignment": run.assignment,
        "exit_status": status,
        "seed": run.seed,
        "workers": run.workers,
        "submissions_run": len(outcomes) - len(run.unchanged & set(outcomes)),
        "submissions_unchanged": len(run.unchanged & set(outcomes)),
        "notebooks": dict(sorted(_states(outcomes).items())),
        "submissions": submissions,
        "unplaced": run.unplaced,
        "warnings": run.warnings,
    }


def as_json(content: Mapping[str, Any]) -> str:
    """Return the document."""
    return json.dumps(content, indent=1, sort_keys=True)


def _states(outcomes: Mapping[str, SubmissionRecord]) -> Counter[str]:
    return Counter(notebook.state for record in outcomes.values() for notebook in record.notebooks.values())
