"""The record of a grading run as data: read by the table of results, by other programs, and by the next run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from splitgrade.errors import CourseError
from splitgrade.execution.wire.text import one_line
from splitgrade.sandbox.limits import MAX_NOTE, MAX_NOTES

State = Literal["graded", "missing", "refused", "unread", "failed"]
# Something lies there, and nobody has looked at it as a grader: never a zero, a person decides.
OPEN_STATES: frozenset[State] = frozenset({"refused", "unread", "failed"})


@dataclass(slots=True)
class NotebookRecord:
    """The result of one notebook.

    Parameters
    ----------
    state : {"graded", "missing", "refused", "unread", "failed"}
        ``missing``: nothing lies there, no points. In all other cases the points are open: ``refused``, the file is at
        fault; ``unread``, what lies there could not be read as this notebook; ``failed``, the run is at fault.
    reason : str
        Why it was not graded.
    """

    state: State
    reason: str = ""

    def __post_init__(self) -> None:
        self.reason = one_line(self.reason)


@dataclass(slots=True)
class SubmissionRecord:
    """The result of one submission: its notebooks by name, and what was put right or left out."""

    notebooks: dict[str, NotebookRecord] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Names of files may move the cursor of a terminal, and a submission may have a hundred thousand of them.
        more = [f"and {len(self.notes) - MAX_NOTES} more like these"] if len(self.notes) > MAX_NOTES + 1 else []
        self.notes = [one_line(note)[:MAX_NOTE] for note in self.notes[: MAX_NOTES if more else None]] + more

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON has it; a class is written whole, and `dataclasses.asdict` takes ten times as long."""
        books = {name: {"state": book.state, "reason": book.reason} for name, book in self.notebooks.items()}
        return {"notebooks": books, "notes": self.notes}

    def having(self, state: State) -> list[str]:
        """Return the names of the notebooks in a state."""
        return [name for name, notebook in self.notebooks.items() if notebook.state == state]


@dataclass
class RunRecord:
    """What is known of the submissions of one assignment.

    Parameters
    ----------
    assignment : str
        Which one.
    seed : int
        That of the last run.
    submissions : dict of str to SubmissionRecord
        By student, as names are shown.
    unplaced : list of str
        A line for each thing in ``submitted/`` that matches no assignment.
    warnings : list of str
        What the instructor should know of the solutions: which tests are not graded apart from students' code, and why.
    """

    assignment: str
    seed: int
    submissions: dict[str, SubmissionRecord] = field(default_factory=dict)
    unplaced: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def record_path(root: Path, assignment: str) -> Path:
    """Return where the record of an assignment is kept."""
    return root / ".splitgrade" / "runs" / f"{assignment}.jsonl"


class RecordFile:
    """The record on disk, a line of JSON for the run and one for each submission; a later line counts.

    Use it as a context manager. It is written whole when a run begins and grows by a line for each submission then: a
    kill costs the line that was being written, and that submission is looked at again.

    Parameters
    ----------
    root : Path
        The course folder.
    record : RunRecord
        What is known when the run begins; it gets what is added.
    """

    def __init__(self, root: Path, record: RunRecord) -> None:
        self.record = record
        path = record_path(root, record.assignment)
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        with new.open("w", encoding="utf-8") as stream:
            own = {"assignment": record.assignment, "seed": record.seed, "unplaced": record.unplaced}
            stream.write(_line({**own, "warnings": record.warnings}))
            stream.writelines(_line({"student": name, **each.as_dict()}) for name, each in record.submissions.items())
        new.replace(path)
        self._stream = path.open("a", encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def warn(self, warnings: Sequence[str]) -> None:
        """Note what an instructor should know of the assignment."""
        if self.record.warnings != list(warnings):
            self.record.warnings = list(warnings)
            self._append({"warnings": self.record.warnings})

    def add(self, student: str, submission: SubmissionRecord) -> None:
        """Note the result of a submission, where it is another than the one that is known."""
        if self.record.submissions.get(student) != submission:
            self.record.submissions[student] = submission
            self._append({"student": student, **submission.as_dict()})

    def _append(self, content: Mapping[str, Any]) -> None:
        self._stream.write(_line(content))
        self._stream.flush()


def read_record(root: Path, assignment: str) -> RunRecord | None:
    """Return the record of an assignment, None before its first run.

    Raises
    ------
    CourseError
        When the file is damaged; deleting it loses no grade.
    """
    path = record_path(root, assignment)
    if not path.exists():
        return None
    with _readable(path), path.open(encoding="utf-8") as stream:
        data = json.loads(next(stream, ""))
        unplaced, warnings = ([str(line) for line in data[key]] for key in ("unplaced", "warnings"))
        record = RunRecord(data["assignment"], int(data["seed"]), {}, unplaced, warnings)
        for line in stream:
            if not line.endswith("\n"):
                break  # a run was killed while it wrote this
            each = json.loads(line)
            if "student" not in each:
                record.warnings = [str(warning) for warning in each["warnings"]]
                continue
            books = {name: NotebookRecord(**notebook) for name, notebook in each["notebooks"].items()}
            record.submissions[each["student"]] = SubmissionRecord(books, list(each["notes"]))
    return record


def read_seed(root: Path, assignment: str) -> int | None:
    """Return the seed of the run before, None before the first.

    Raises
    ------
    CourseError
        As `read_record`.
    """
    path = record_path(root, assignment)
    if not path.exists():
        return None
    with _readable(path), path.open(encoding="utf-8") as stream:
        return int(json.loads(next(stream, ""))["seed"])


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Raise the error of a damaged record."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CourseError(f"{path} is damaged ({error}); delete it and grade again: no grade is lost") from error


def _line(content: Mapping[str, Any]) -> str:
    return json.dumps(content) + "\n"


def faults(submissions: Iterable[SubmissionRecord]) -> int:
    """Count the notebooks that were not graded for a reason other than the submission's own fault."""
    return sum(len(submission.having("failed")) for submission in submissions)
