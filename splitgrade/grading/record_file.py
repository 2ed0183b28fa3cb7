"""The record of an assignment's runs on disk: it grows by what a run has to say, and a kill costs a line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from splitgrade.errors import CourseError
from splitgrade.grading.record import NotebookRecord, RunRecord, SubmissionRecord

GONE = "its folder in submitted/ is gone since it was graded; the points stay as they were"
_RUN = b'{"assignment":'


def record_path(root: Path, assignment: str) -> Path:
    """Return where the record of an assignment is kept."""
    return root / ".splitgrade" / "runs" / f"{assignment}.jsonl"


class RecordFile:
    """The record on disk, a line of JSON for each run and one for each submission; a later line counts.

    Use it as a context manager. A run adds lines: one for itself, and one for each submission of which it has something
    new to say; so it costs what it grades, not what the class is. A kill costs the line that was being written, and
    that submission is looked at again. Where more than half of the lines count no more, the file is written anew.

    Parameters
    ----------
    root : Path
        The course folder.
    assignment : str
        Which assignment.
    seed : int
        That of this run.
    unplaced : sequence of str
        A line for each thing in ``submitted/`` that matches no assignment.

    Raises
    ------
    CourseError
        When the file is damaged; deleting it loses no grade.
    """

    def __init__(self, root: Path, assignment: str, seed: int, unplaced: Sequence[str]) -> None:
        path = self._path = record_path(root, assignment)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lines: dict[str, bytes] = {}  # the one that counts, by student
        self._warnings: list[str] = []
        count, whole = self._read(path) if path.exists() else (0, 0)
        own = _line({"assignment": assignment, "seed": seed, "unplaced": unplaced, "warnings": self._warnings})
        if count == 0 or count > 2 * (1 + len(self._lines)):
            new = path.with_suffix(".new")
            new.write_bytes(b"".join([own, *self._lines.values()]))
            new.replace(path)
            self._stream = path.open("ab")
        else:
            self._stream = path.open("ab")
            self._stream.truncate(whole)
            self._append(own)

    def _read(self, path: Path) -> tuple[int, int]:
        """Read what earlier runs have said; return how many lines that are, and how many bytes."""
        count = whole = 0
        with _readable(path):
            for line in _lines(path):
                content = orjson.loads(line)
                count, whole = count + 1, whole + len(line)
                if "student" in content:
                    self._lines[content["student"]] = line
                else:
                    self._warnings = content["warnings"]
        return count, whole

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def warn(self, warnings: Sequence[str]) -> None:
        """Note what an instructor should know of the assignment."""
        if self._warnings != list(warnings):
            self._warnings = list(warnings)
            self._append(_line({"warnings": self._warnings}))

    def add(self, student: str, submission: SubmissionRecord) -> None:
        """Note the result of a submission, where it is another than the one that is known."""
        line = _line({"student": student, **submission.as_dict()})
        if self._lines.get(student) != line:
            self._lines[student] = line
            self._append(line)

    def mark_gone(self, handed_in: Collection[str]) -> None:
        """Note of the submissions that are in ``submitted/`` no more that their points stay as they were.

        Raises
        ------
        CourseError
            When what is known of one of them is damaged.
        """
        for student in self._lines.keys() - handed_in:
            with _readable(self._path):
                known = _submission(orjson.loads(self._lines[student]))
            self.add(
                student, SubmissionRecord(known.notebooks, [GONE, *(note for note in known.notes if note != GONE)])
            )

    def _append(self, line: bytes) -> None:
        self._stream.write(line)
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
    run: dict[str, Any] = {}
    submissions: dict[str, SubmissionRecord] = {}
    with _readable(path):
        for line in _lines(path):
            content = orjson.loads(line)
            if "student" in content:
                submissions[content["student"]] = _submission(content)
            else:
                run |= content
        texts = ([str(line) for line in run[key]] for key in ("unplaced", "warnings"))
        return RunRecord(run["assignment"], int(run["seed"]), submissions, *texts)


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
    with _readable(path):
        *_, last = [line for line in _lines(path) if line.startswith(_RUN)]
        return int(orjson.loads(last)["seed"])


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Raise the error of a damaged record."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CourseError(f"{path} is damaged ({error}); delete it and grade again: no grade is lost") from error


def _lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a record; the last one may be cut off where a run was killed while it wrote it.

    Raises
    ------
    ValueError
        When the first one is not that of a run.
    """
    with path.open("rb") as stream:
        if not (first := stream.readline()).startswith(_RUN):
            raise ValueError("it does not begin with a run")
        yield first
        yield from (line for line in stream if line.endswith(b"\n"))


def _submission(content: Mapping[str, Any]) -> SubmissionRecord:
    books = {name: NotebookRecord(**notebook) for name, notebook in content["notebooks"].items()}
    return SubmissionRecord(books, list(content["notes"]))


def _line(content: Mapping[str, Any]) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)
