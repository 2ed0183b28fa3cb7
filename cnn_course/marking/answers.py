"""The answers of a class to one question, equal ones together, without a name."""

from __future__ import annotations

import hashlib
import os
import stat
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
from nbgrader.api import BaseCell, Comment, Grade, Gradebook
from sqlalchemy.orm import aliased

from cnn_course.reporting.graded_rows import graded_rows
from splitgrade.nbgrader.course_folders import CourseFolders

_MAX_BYTES = 100_000_000
_AT_ONCE = 500  # answers whose marks are read with one query


@dataclass(frozen=True, slots=True)
class Mark:
    """What the gradebook says of one answer; two markers who saw the same have equal ones."""

    score: float | None
    waiting: bool
    comment: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One student's answer: the gradebook's keys, text and pictures, its mark, and the file that it was read from."""

    grade_id: str
    comment_id: str
    text: str
    attachments: Mapping[str, Any]
    most: float
    mark: Mark
    file: str
    stamp: int


@dataclass(frozen=True)
class Group:
    """Equal answers.

    Parameters
    ----------
    key : str
        A hash of text and pictures.
    answers : sequence of Answer
        In an order that says nothing about the students.
    """

    key: str
    answers: Sequence[Answer]

    @property
    def waiting(self) -> int:
        """Return how many of them wait for a marker."""
        return sum(answer.mark.waiting for answer in self.answers)


def read_groups(gradebook: Gradebook, root: Path, assignment: str, question: str) -> list[Group]:
    """Return the answers to a question that wait or were marked by hand, the commonest first.

    Only those of graded notebooks: of one that was refused nobody has read an answer, and it is not a blank one.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        An open gradebook; it is only read.
    root : Path
        The course folder; the texts are in its graded notebooks.
    assignment, question : str
        Which.
    """
    groups: dict[str, list[Answer]] = defaultdict(list)
    graded = CourseFolders.at(root).autograded
    for row in _rows(gradebook, assignment).filter(BaseCell.name == question).order_by(None):  # sorted below
        file = f"{graded}/{row.student}/{assignment}/{row.notebook}.ipynb"
        stamp = _stamp(file)
        if not stamp:
            continue
        text, attachments = _cell(file, question)
        mark = Mark(row.manual_score, bool(row.needs_manual_grade), row.manual_comment or "")
        answer = Answer(row.grade, row.comment, text, attachments, float(row.max_score), mark, file, stamp)
        groups[_key(text, attachments)].append(answer)
    found = [Group(key, sorted(answers, key=lambda each: each.grade_id)) for key, answers in groups.items()]
    return sorted(found, key=lambda group: (-len(group.answers), group.key))


def with_present_marks(gradebook: Gradebook, group: Group) -> Group | None:
    """Return a group that was read before with the marks that the gradebook holds now.

    It costs what the group is large, however many answers the class has given.

    Returns
    -------
    Group or None
        None where one of the answers was graded again since: all have to be read anew.
    """
    if any(_stamp(each.file) != each.stamp for each in group.answers):
        return None
    answers = []
    for start in range(0, len(group.answers), _AT_ONCE):
        some = group.answers[start : start + _AT_ONCE]
        grades = {
            row.id: row
            for row in gradebook.db.query(Grade.id, Grade.manual_score, Grade.needs_manual_grade).filter(
                Grade.id.in_([each.grade_id for each in some])
            )
        }
        comments = {
            row.id: row.manual_comment
            for row in gradebook.db.query(Comment.id, Comment.manual_comment).filter(
                Comment.id.in_([each.comment_id for each in some])
            )
        }
        if len(grades) < len(some) or len(comments) < len(some):
            return None
        for each in some:
            row = grades[each.grade_id]
            mark = Mark(row.manual_score, bool(row.needs_manual_grade), comments[each.comment_id] or "")
            answers.append(replace(each, mark=mark))
    return Group(group.key, answers)


def count_waiting(gradebook: Gradebook, root: Path, assignment: str) -> dict[str, tuple[int, int]]:
    """Return question -> how many answers wait, and how many people mark at all, as `read_groups` has them."""
    rows, graded = _rows(gradebook, assignment).order_by(None).subquery().c, CourseFolders.at(root).autograded
    counts: dict[str, tuple[int, int]] = {}
    is_graded: dict[str, bool] = {}  # by submitted notebook: it has a row for each of its questions
    found = gradebook.db.query(rows.question, rows.needs_manual_grade, rows.student, rows.notebook, rows.book)
    for question, waits, student, notebook, book in found:
        if book not in is_graded:
            is_graded[book] = bool(_stamp(f"{graded}/{student}/{assignment}/{notebook}.ipynb"))
        if is_graded[book]:
            waiting, all_ = counts.get(question, (0, 0))
            counts[question] = waiting + bool(waits), all_ + 1
    return counts


def _rows(gradebook: Gradebook, assignment: str) -> Any:
    """Return the rows of the gradebook, as a query: what waits, or has a score by hand."""
    commented = aliased(BaseCell)  # one cell of a notebook is two in the gradebook: what is graded, what is commented
    return (
        graded_rows(gradebook.db, gradebook.find_assignment(assignment).id)
        .join(Comment, Comment.notebook_id == Grade.notebook_id)
        .join(commented, (commented.id == Comment.cell_id) & (commented.name == BaseCell.name))
        .add_columns(Comment.id.label("comment"), Comment.manual_comment)
        .filter(Grade.needs_manual_grade | Grade.manual_score.isnot(None))
    )


def _stamp(file: str) -> int:
    """Return what differs once a file has been written anew; 0 where there is none."""
    try:
        return os.stat(file).st_mtime_ns  # noqa: PTH116 - a class has many
    except OSError:
        return 0


def _cell(file: str, question: str) -> tuple[str, Mapping[str, Any]]:
    """Return text and pictures of an answer; empty where nothing was graded."""
    try:
        status = os.lstat(file)
    except FileNotFoundError:  # it is being graded anew
        return "", {}
    if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_BYTES:
        return "", {}
    for cell in orjson.loads(Path(file).read_bytes())["cells"]:
        marks = cell["metadata"].get("nbgrader")
        if isinstance(marks, Mapping) and marks.get("grade_id") == question and marks.get("grade"):
            attachments = cell.get("attachments")
            return "".join(cell["source"]), attachments if isinstance(attachments, Mapping) else {}
    return "", {}


def _key(text: str, attachments: Mapping[str, Any]) -> str:
    """Return what equal answers have in common: the words; blanks at line ends and empty lines do not count."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    plain = "\n".join(line for line in lines if line).encode("utf-8", "surrogatepass")
    pictures = orjson.dumps(attachments, option=orjson.OPT_SORT_KEYS) if attachments else b""
    return hashlib.sha256(plain + b"\0" + pictures).hexdigest()[:16]
