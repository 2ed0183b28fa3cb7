"""Equal answers to different numbers: a remark for the instructor, never a penalty."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from splitgrade.errors import CourseError
from splitgrade.execution.wire.outputs import RESULT
from splitgrade.nbgrader.course_folders import CourseFolders


@dataclass(frozen=True)
class Answer:
    """What one student answered to one question.

    Attributes
    ----------
    student, question : str
        Who, and what.
    variant : int
        Which of the question's variants was asked.
    answer : tuple of str
        The numbers that were given.
    right : bool
        Whether they are right for these numbers.
    """

    student: str
    question: str
    variant: int
    answer: tuple[str, ...]
    right: bool


@dataclass(frozen=True, order=True)
class EqualAnswer:
    """Students whose numbers differ and whose answers do not.

    Attributes
    ----------
    question : str
        What was asked.
    answer : tuple of str
        What all of them gave.
    right_for : tuple of str
        Students for whom it is right; the right answers of two variants never agree, so these share one variant.
    students : tuple of str
        The others.
    """

    question: str
    answer: tuple[str, ...]
    right_for: tuple[str, ...]
    students: tuple[str, ...]

    def __str__(self) -> str:
        """Return the remark as one sentence."""
        others = ", ".join(self.students)
        if not self.right_for:
            return f"{self.question}: {others} gave the same wrong answer {self._shown} to different numbers"
        owners = ", ".join(self.right_for)
        return f"{self.question}: {others} gave {self._shown}, which is right for the numbers of {owners}"

    @property
    def _shown(self) -> str:
        return f"({', '.join(self.answer)})"


def equal_answers(answers: Iterable[Answer]) -> list[EqualAnswer]:
    """Return equal answers to different variants of a question, in the order of questions and answers.

    Parameters
    ----------
    answers : iterable of Answer
        Of a whole class.

    Examples
    --------
    >>> ada, bob = (Answer(name, "v01", number, ("7",), number == 1) for number, name in enumerate(["bob", "ada"]))
    >>> print(*equal_answers([ada, bob]))
    v01: bob gave (7), which is right for the numbers of ada
    """
    groups: dict[tuple[str, tuple[str, ...]], list[Answer]] = defaultdict(list)
    for answer in answers:
        groups[answer.question, answer.answer].append(answer)
    found = []
    for (question, given), group in groups.items():
        if len({one.variant for one in group}) > 1:
            owners = sorted({one.student for one in group if one.right})
            others = sorted({one.student for one in group if not one.right})
            found.append(EqualAnswer(question, given, tuple(owners), tuple(others)))
    return sorted(found)


def read_answers(root: Path, assignment: str) -> list[Answer]:
    """Return all answers of an assignment that graded notebooks hold.

    Raises
    ------
    CourseError
        When nothing of the assignment was graded yet, or a graded notebook cannot be read.
    """
    folder = CourseFolders.at(root).autograded
    students = sorted(path for path in folder.iterdir() if (path / assignment).is_dir()) if folder.is_dir() else []
    if not students:
        raise CourseError(f"nothing of {assignment} was graded yet; run: cnn-course grade {assignment}")
    return [answer for path in students for answer in _of_student(path.name, path / assignment)]


def _of_student(student: str, folder: Path) -> Iterator[Answer]:
    """Yield the answers in the graded notebooks of one student."""
    for path in sorted(file for file in folder.iterdir() if file.suffix == ".ipynb"):
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CourseError(f"{path} is no graded notebook ({error}); grade the submission again") from error
        for cell in cells:
            yield from _of_cell(student, cell)


def _of_cell(student: str, cell: dict[str, Any]) -> Iterator[Answer]:
    """Yield the answer that a test cell's result holds; only cells that the grader owns count."""
    if not cell.get("metadata", {}).get("nbgrader", {}).get("grade"):
        return
    for output in cell.get("outputs", []):
        result = output.get("data", {}).get(RESULT, {})
        remark = result.get("remark") if isinstance(result, dict) else None
        if isinstance(remark, dict) and "variant" in remark:
            yield Answer(student, result["question"], remark["variant"], tuple(remark["answer"]), remark["right"])
