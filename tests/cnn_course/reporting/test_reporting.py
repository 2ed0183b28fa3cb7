"""Tables and summary of a small class."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from rich.console import Console

from cnn_course.reporting.class_report import class_summary, notebook_means, question_summaries
from cnn_course.reporting.gradebook import AssignmentResults, NotebookScore, QuestionScore, StudentResult
from cnn_course.reporting.table import MOST_ROWS, GradedAssignment, marks, remarks, results_table
from splitgrade.grading.record import NotebookRecord, RunRecord, SubmissionRecord

DUE = datetime(2026, 11, 20, 22, 0)


def book(*scores: float, waiting: bool = False, penalty: float = 0.0) -> NotebookScore:
    """Return the score of a notebook with a question of 2 points and a written answer of 1."""
    easy, written = scores
    questions = (QuestionScore("a-test", easy, 2.0, False, False), QuestionScore("b", written, 1.0, waiting, True))
    return NotebookScore("one", questions, penalty)


def student(name: str, *notebooks: NotebookScore, late: float = 0.0, last: str = "", first: str = "") -> StudentResult:
    """Return what a student has."""
    named = {each.name: each for each in notebooks}
    return StudentResult(name, first, last, f"{name}@example.org", "", DUE if notebooks else None, late, named)


STUDENTS = (
    student("ada", book(2.0, 0.0, waiting=True), last='Okafor, "Ada"', first="Á."),
    student("ben", book(1.0, 1.0, penalty=0.5), late=3600.0),
    student("cyd", book(0.0, 0.0)),
    student("dan"),
)
RESULTS = AssignmentResults("tiny", DUE, {"one": 3.0}, STUDENTS)
RECORD = RunRecord(
    "tiny",
    1,
    {
        "ada": SubmissionRecord({"one": NotebookRecord("graded")}, ["one (1).ipynb taken for one.ipynb"]),
        "ben": SubmissionRecord({"one": NotebookRecord("graded")}),
        "cyd": SubmissionRecord({"one": NotebookRecord("refused", "the file is empty")}),
    },
)
GRADED = GradedAssignment(RESULTS, RECORD)


def printed(thing: object, width: int = 100) -> str:
    """Return what a console shows."""
    target = io.StringIO()
    Console(file=target, width=width).print(thing)
    return target.getvalue()


def test_points_add_up_alike_in_every_python() -> None:
    """Ten tenths are one, in a notebook and over notebooks: from 3.12 on `sum` says so, before it did not."""
    tenths = [QuestionScore(f"q{number}", 0.1, 0.1, True, True) for number in range(10)]
    eve = student("eve", *(NotebookScore(each.name, [each], 0.0) for each in tenths))
    assert NotebookScore("one", tenths, 0.0).score == NotebookScore("one", tenths, 0.0).waiting == 1.0
    assert eve.score == eve.waiting == 1.0


def test_penalties_are_taken_off_and_never_below_zero() -> None:
    """A notebook's score is its points less the penalty, at least 0."""
    assert book(1.0, 1.0, penalty=0.5).score == 1.5
    assert book(0.0, 0.25, penalty=0.5).score == 0.0


def test_the_table_shows_points_totals_and_what_waits() -> None:
    """A row has the notebook's points, the total and the points to mark."""
    line = next(line for line in printed(results_table([GRADED])).splitlines() if "Okafor" in line)
    assert line.split()[-4:] == ["2", "2", "1", "note"]


def test_the_table_leaves_out_who_handed_nothing_in() -> None:
    """A student without any submission has no row."""
    assert "dan" not in printed(results_table([GRADED]))


def test_students_of_one_name_are_told_apart() -> None:
    """By their ids, which others do not need."""
    people = [student(name, book(1.0, 0.0), last="Young", first="Cy") for name in ("cy1", "cy2")]
    people.append(student("ada", book(1.0, 0.0), last="Okafor", first="Ada"))
    text = printed(results_table([GradedAssignment(AssignmentResults("tiny", DUE, {"one": 3.0}, people), RECORD)]))
    assert "Young, Cy (cy1)" in text
    assert "Young, Cy (cy2)" in text
    assert "(ada)" not in text


def test_a_class_of_thousands_does_not_flood_the_screen() -> None:
    """So many rows and remarks as somebody reads, and how many more there are."""
    people = [student(f"s{number:05}", book(2.0, 0.0), late=60.0) for number in range(3 * MOST_ROWS)]
    graded = GradedAssignment(AssignmentResults("tiny", DUE, {"one": 3.0}, people), RECORD)
    for text in (printed(results_table([graded])), printed(class_summary([graded]))):
        assert MOST_ROWS <= len(text.splitlines()) < MOST_ROWS + 20
        assert f"and {2 * MOST_ROWS} more" in text


@pytest.mark.parametrize(("position", "words"), [(0, ["note"]), (1, ["late"]), (2, ["refused"]), (3, ["missing"])])
def test_marks_are_single_words(position: int, words: list[str]) -> None:
    """The table has room for a word; the rest is said below."""
    assert marks(GRADED, STUDENTS[position]) == words


def test_remarks_say_what_the_words_stand_for() -> None:
    """One line for each: the note, the time, the reason."""
    assert remarks(GRADED) == [
        "ada: one (1).ipynb taken for one.ipynb",
        "ben: late by 1:00:00",
        "cyd, one: refused: the file is empty",
    ]


def test_the_hardest_question_is_the_one_with_the_lowest_share() -> None:
    """Answers that nobody has marked do not count as zero."""
    found = {each.name: (each.share, each.waiting) for each in question_summaries(GRADED)}
    assert found == {"a-test": (0.75, 0), "b": (1.0, 1)}
    assert notebook_means(GRADED) == {"one": pytest.approx((2 + 1.5) / 2)}


def test_the_summary_names_hardest_question_marking_and_remarks() -> None:
    """An instructor reads what to do next."""
    text = printed(class_summary([GRADED]))
    assert "Hardest question: a, 75% of its points on average." in text
    assert "Waiting for a marker: b (1)." in text
    assert "cyd, one: refused: the file is empty" in text
