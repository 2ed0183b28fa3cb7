"""What an export is made from: results, standings and markers' remarks of one or more assignments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cnn_course.reporting.class_report import read_graded
from cnn_course.reporting.gradebook import Remark, StudentResult, read_comments
from cnn_course.reporting.standing import Standing, class_standings
from cnn_course.reporting.table import GradedAssignment
from splitgrade.errors import CourseError
from splitgrade.execution.wire.text import one_line
from splitgrade.nbgrader.session import open_gradebook

MOST_LINES = 20


@dataclass(frozen=True)
class Part:
    """One assignment of an export.

    Parameters
    ----------
    title : str
        What people call the assignment.
    graded : GradedAssignment
        Results, decisions applied, and the record of the run.
    standings : mapping of str to Standing
        By student.
    unplaced : sequence of str
        What was handed in and belongs to nobody.
    remarks : mapping of str to list of Remark
        What markers wrote, by student.
    """

    title: str
    graded: GradedAssignment
    standings: Mapping[str, Standing]
    unplaced: Sequence[str] = ()
    remarks: Mapping[str, list[Remark]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the assignment's name."""
        return self.graded.results.assignment

    def points(self, student: str) -> float | None:
        """Return the points of a student, None where nothing was read."""
        return self.standings[student].points

    def comment(self, student: StudentResult) -> str:
        """Return what a student may read beside the points: notebooks, decisions, markers' remarks."""
        lines = [
            f"{name}: {round(book.score, 2):g} of {round(self.graded.results.maxima[name], 2):g}"
            for name, book in student.notebooks.items()
        ]
        lines += [*self.standings[student.student].remarks, *student.because]
        lines += [f"{each.question}: {each.text}" for each in self.remarks.get(student.student, ())]
        return "\n".join(lines)


def read_parts(root: Path, titles: Mapping[str, str]) -> list[Part]:
    """Return what there is of some assignments.

    Parameters
    ----------
    root : Path
        The course folder.
    titles : mapping of str to str
        The assignments' names, and what people call them.

    Raises
    ------
    CourseError
        When the gradebook does not know one of them.
    """
    parts = []
    for graded in read_graded(root, list(titles)):
        name = graded.results.assignment
        with open_gradebook(root) as gradebook:
            remarks = read_comments(gradebook, name)
        parts.append(Part(titles[name], graded, *class_standings(graded), remarks))
    return parts


def students(parts: Sequence[Part]) -> Iterator[tuple[StudentResult, ...]]:
    """Yield each student with the results in every assignment, in the order of names."""
    return zip(*(part.graded.results.students for part in parts), strict=True)


def unfinished(parts: Sequence[Part]) -> list[str]:
    """Return a line for everything that keeps grades from being final."""
    lines = []
    for part in parts:
        lines += [
            one_line(f"{part.name}, {student}: {reason}")
            for student, each in part.standings.items()
            for reason in each.open
        ]
        lines += [one_line(f"{part.name}: {line}") for line in part.unplaced]
    return lines


def check_finished(parts: Sequence[Part]) -> None:
    """Refuse grades that are not final.

    Raises
    ------
    CourseError
        With a list of what is open, and what to do.
    """
    lines = unfinished(parts)
    if not lines:
        return
    more = [f"  and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
    step = (
        "Grade or mark these, have refused work handed in again, or add --partial: "
        "it writes what is known and says in the file what is open."
    )
    said = "1 grade or file is" if len(lines) == 1 else f"{len(lines)} grades or files are"
    title = f"{said} unfinished; nothing was written."
    raise CourseError("\n".join([title, *(f"  {line}" for line in lines[:MOST_LINES]), *more, step]))
