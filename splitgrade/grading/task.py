"""What crosses between the coordinator of a run and its workers: bytes and plain values, no path and no gradebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from splitgrade.grading.record import NotebookRecord, SubmissionRecord
from splitgrade.nbgrader.marks import Grounds
from splitgrade.submission.snapshot import Snapshot
from splitgrade.submission.timestamp import HandedIn


@dataclass(frozen=True)
class NotebookGrades:
    """What a notebook got: score and comment by grade_id, and what a mark of each depends on."""

    scores: Mapping[str, float | None]
    comments: Mapping[str, str | None]
    marks: Grounds


@dataclass(frozen=True)
class Finished:
    """A notebook that has been run, of a submission that may not be finished: its text, grades, and what was found."""

    notebook: bytes
    grades: NotebookGrades
    changes: Sequence[str]


@dataclass(frozen=True)
class Task:
    """A submission to be graded.

    Parameters
    ----------
    student : str
        Whose it is.
    snapshot : Snapshot
        What was handed in.
    finished : mapping of str to Finished
        Notebooks of it that need not be run again.
    """

    student: str
    snapshot: Snapshot
    finished: Mapping[str, Finished] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """A graded submission.

    Parameters
    ----------
    student : str
        Whose it is.
    record : SubmissionRecord
        The result of each notebook, in the assignment's order.
    grades : mapping of str to NotebookGrades
        Of the notebooks that were graded.
    files : mapping of str to bytes
        Relative name -> content of the graded folder; empty where no notebook was graded.
    seconds : float
        Wall time.
    handed_in : HandedIn
        When it was handed in, as far as that is certain.
    """

    student: str
    record: SubmissionRecord
    grades: Mapping[str, NotebookGrades] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    seconds: float = 0.0
    handed_in: HandedIn = field(default_factory=HandedIn)


def no_verdict(student: str, notebooks: Sequence[str], reason: str) -> Verdict:
    """Return the result of a submission that nobody could finish: the points stay open, none is a zero."""
    return Verdict(student, SubmissionRecord({name: NotebookRecord("failed", reason) for name in notebooks}))
