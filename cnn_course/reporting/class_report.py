"""Summary of a class after a grading run: means, the hardest question, what waits for a marker, what was refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from rich.bar import Bar
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from traitlets.config import Config

from cnn_course.collecting.roster import read_sections
from cnn_course.deciding.decisions import read_decisions
from cnn_course.reporting.decided import apply
from cnn_course.reporting.gradebook import NotebookScore, read_results
from cnn_course.reporting.table import MOST_ROWS, GradedAssignment, having, points_text, remarks
from cnn_course.reporting.ungraded import find_ungraded
from splitgrade.grading.record_file import read_record
from splitgrade.nbgrader.session import open_gradebook


@dataclass(frozen=True)
class QuestionSummary:
    """How the class did on one graded cell: the mean of its points as a share of its maximum, and who waits."""

    name: str
    share: float
    waiting: int
    written: bool


def read_graded(root: Path, assignments: Sequence[str], config: Config | None = None) -> list[GradedAssignment]:
    """Return results, decisions applied, and run records of assignments of the course in ``root``.

    Parameters
    ----------
    root : Path
        The course folder.
    assignments : sequence of str
        Their names.
    config : Config, optional
        nbgrader's configuration; read from ``root`` by default.

    Raises
    ------
    CourseError
        When the gradebook does not know one of them, or a decision is about what there is not.
    """
    decisions, sections = read_decisions(root), read_sections(root)
    with open_gradebook(root, config) as gradebook:
        results = [apply(read_results(gradebook, name), decisions, sections) for name in assignments]
    records = {name: read_record(root, name) for name in assignments}
    return [
        GradedAssignment(each, record, find_ungraded(root, each, record))
        for each, record in zip(results, records.values(), strict=True)
    ]


def notebook_means(graded: GradedAssignment) -> dict[str, float]:
    """Return the mean points of each notebook over the students who handed it in."""
    return {
        name: fmean(scores) if (scores := [book.score for book in _handed_in(graded, name)]) else 0.0
        for name in graded.results.maxima
    }


def question_summaries(graded: GradedAssignment) -> list[QuestionSummary]:
    """Return how the class did on each graded cell, the hardest first.

    Blank notebooks count as zero; refused ones, whose points are open, are left out.

    A question that nobody has marked yet has the share 0 and stands last.
    """
    shares: dict[str, list[float]] = defaultdict(list)
    waiting: dict[str, int] = defaultdict(int)
    written: dict[str, bool] = {}
    for name in graded.results.maxima:
        for book in _handed_in(graded, name):
            for question in book.questions:
                written[question.name] = question.written
                waiting[question.name] += question.waiting
                if not question.waiting and question.max_score:
                    shares[question.name].append(question.score / question.max_score)
    found = [QuestionSummary(name, fmean(shares[name] or [0.0]), waiting[name], written[name]) for name in written]
    return sorted(found, key=lambda each: (not shares[each.name], each.share, each.name))


def class_summary(graded: Sequence[GradedAssignment], feedback: Path | None = None) -> RenderableType:
    """Return the summary of a class, to be printed below its table.

    Parameters
    ----------
    graded : sequence of GradedAssignment
        The assignments.
    feedback : Path, optional
        Where the feedback pages lie.
    """
    questions = [question for each in graded for question in question_summaries(each)]
    automatic = sorted((each for each in questions if not each.written), key=lambda each: (each.share, each.name))
    lines = [
        f"Hardest question: {each.name.removesuffix('-test')}, {each.share:.0%} of its points on average."
        for each in automatic[:1]
    ]
    waiting = [
        f"{each.name.removesuffix('-test')} ({each.waiting})"
        for each in sorted(questions, key=lambda q: q.name)
        if each.waiting
    ]
    lines.append(f"Waiting for a marker: {', '.join(waiting)}." if waiting else "Nothing waits for a marker.")
    if feedback is not None:
        lines.append(f"Feedback: {feedback}")
    said = list(dict.fromkeys(line for each in graded for line in remarks(each)))
    if len(said) > MOST_ROWS:
        said = [*said[:MOST_ROWS], f"and {len(said) - MOST_ROWS:,} more: `cnn-course grade --json` has them all"]
    heading = [Text("Remarks", style="bold")] if said else []
    return Group(_means(graded), "", *map(Text, lines), *heading, *(Text(f"  {line}") for line in said))


def _means(graded: Sequence[GradedAssignment]) -> Table:
    """Return the mean of each notebook with a bar."""
    table = Table.grid(padding=(0, 2))
    for each in graded:
        for name, mean in notebook_means(each).items():
            maximum = each.results.maxima[name]
            count = len(list(_handed_in(each, name)))
            bar = Bar(maximum, 0, mean, width=24, color="green", bgcolor="grey30")
            table.add_row(name, bar, f"mean {points_text(mean)} of {points_text(maximum)}", f"{count} handed in")
    return table


def _handed_in(graded: GradedAssignment, notebook: str) -> Iterator[NotebookScore]:
    """Yield the scores of those who handed a notebook in that could be graded."""
    for student in graded.results.students:
        submission = graded.submission(student.student)
        without = notebook in having(submission, "missing", "failed", "unread", "refused")
        if notebook in student.notebooks and not without:
            yield student.notebooks[notebook]
