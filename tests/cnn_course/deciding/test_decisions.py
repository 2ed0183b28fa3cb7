"""Decisions: on record once, applied the same however often, refused where they name what there is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cnn_course.deciding.beside import beside
from cnn_course.deciding.decisions import DECISIONS_FILE, Decision, add_decisions, in_force, read_decisions
from cnn_course.errors import BuildError
from cnn_course.reporting.decided import apply
from splitgrade.errors import CourseError
from tests.cnn_course.small_class import DUE, book, results, student

WHEN = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
CLASS = results(
    student("ada", book(2.0, 0.5), book(1.0, 1.0, name="two"), late=90_000.0),
    student("ben", book(1.0, 0.0, waiting=True), book(0.0, 1.0, name="two")),
    student("dan"),
    maxima={"one": 3.0, "two": 3.0},
)


def decision(kind: str, number: int = 1, **fields) -> Decision:
    """Return a decision on record."""
    return Decision(kind, "the reason", "kim", WHEN, f"d{number}", "tiny", **fields)


def scores(*decisions: Decision, sections=None) -> list[float]:
    """Return the points of the class after decisions."""
    return [round(each.score, 9) for each in apply(CLASS, decisions, sections).students]


def test_without_decisions_results_are_what_they_were() -> None:
    """The same object comes back."""
    assert apply(CLASS, []) is CLASS
    assert scores() == [4.5, 2.0, 0.0]


def test_a_void_question_counts_for_nobody() -> None:
    """Its points leave scores and maximum."""
    found = apply(CLASS, [decision("void", question="a")])
    assert dict(found.maxima) == {"one": 1.0, "two": 3.0}
    assert [each.score for each in found.students] == [2.5, 1.0, 0.0]
    assert found.students[0].because == ("a does not count: the reason (d1)",)


def test_full_marks_for_all_or_for_some() -> None:
    """A question that waited for a marker waits no more; who handed nothing in gets nothing."""
    assert scores(decision("full", question="b")) == [5.0, 3.0, 0.0]
    assert scores(decision("full", question="b", students=("ben",))) == [4.5, 3.0, 0.0]
    assert apply(CLASS, [decision("full", question="b")]).students[1].waiting == 0


def test_a_bonus_may_go_beyond_the_maximum_but_gives_nothing_for_nothing() -> None:
    """It is added to what was handed in."""
    assert scores(decision("bonus", points=3.0)) == [7.5, 5.0, 0.0]
    assert scores(decision("bonus", points=-9.0, students=("ada",))) == [0.0, 2.0, 0.0]


def test_dropping_the_lowest_keeps_the_maximum() -> None:
    """By hand: ada keeps 2.5 of 3, times 6 over 3; ben has 1 of 3 in both; of questions, ada's worst are left out."""
    assert scores(decision("drop", lowest=1, of="notebooks")) == [5.0, 2.0, 0.0]
    # ada: 2/2, 0.5/1, 1/2, 1/1 without one of the halves (the first, of 1 point): 4 of 5, times 6
    assert scores(decision("drop", lowest=1, of="questions"))[0] == pytest.approx(4.8)


def test_something_is_always_left_to_count() -> None:
    """Two notebooks of which two are left out, by one decision or by two, or all questions that are not void."""
    for drops in ((2,), (1, 1)):
        with pytest.raises(CourseError, match="2 notebooks that count, and 2 would be left out"):
            scores(*(decision("drop", number, lowest=lowest, of="notebooks") for number, lowest in enumerate(drops, 1)))
    with pytest.raises(CourseError, match="3 questions that count"):
        scores(decision("void", question="b"), decision("drop", 2, lowest=3, of="questions"))


def test_a_late_policy_counts_days_that_have_begun() -> None:
    """90,000 s are two days: 20 % of 4.5 points, or of 6; capped at 15 %; nothing within the grace time."""
    assert scores(decision("late", percent=10.0))[0] == pytest.approx(3.6)
    assert scores(decision("late", percent=10.0, of="maximum"))[0] == pytest.approx(3.3)
    assert scores(decision("late", percent=10.0, most_percent=15.0))[0] == pytest.approx(3.825)
    assert scores(decision("late", percent=10.0, grace_minutes=1500))[0] == 4.5
    assert scores(decision("late", percent=60.0))[0] == 0.0


def test_an_extension_counts_before_the_late_policy() -> None:
    """For a student or a section; the latest counts; who is in time has nothing taken off."""
    late = decision("late", percent=10.0)
    until = DUE.replace(tzinfo=UTC) - timedelta(seconds=3600)
    assert scores(late, decision("extension", 2, until=until, students=("ada",)))[0] == pytest.approx(4.05)
    later = decision("extension", 3, until=until + timedelta(hours=2), section="A")
    for sections in ("A", "A and B", "B, C, and A", "B, A", "A et B"):  # of somebody who is in several
        assert scores(late, later, sections={"ada": sections})[0] == 4.5
    for sections in ("", "B", "B and C", "A1 and B"):
        assert scores(late, later, sections={"ada": sections})[0] == pytest.approx(3.6)


def test_applying_twice_is_applying_once() -> None:
    """Bonus and penalty are not doubled, and other decisions start from the results as graded."""
    all_ = [decision("bonus", points=1.0), decision("late", 2, percent=10.0), decision("void", 3, question="b")]
    once = apply(CLASS, all_)
    assert apply(once, all_) == once
    assert apply(once, []) == CLASS


def test_what_there_is_not_is_refused_by_name() -> None:
    """A misspelled question, a student whom nobody knows."""
    with pytest.raises(CourseError, match=r"d1: tiny has no question 'conv'; it has: a, b, two-a, two-b"):
        apply(CLASS, [decision("void", question="conv")])
    with pytest.raises(CourseError, match="zoe"):
        apply(CLASS, [decision("bonus", points=1.0, students=("zoe",))])


def test_decisions_are_recorded_once_and_read_back(tmp_path: Path) -> None:
    """Who, when and why stay; the same matter again changes nothing, whatever the reason says."""
    hard = 'he said "yes"\nand \\ \x7f é \u2028'
    new = [
        replace(decision("full", question="b", students=("ada", "ben"), points=0.0), why=hard, id=""),
        replace(decision("extension", until=WHEN, section="A"), id=""),
        replace(decision("late", percent=12.5, grace_minutes=5, most_percent=50.0, of="maximum"), id=""),
        replace(decision("drop", lowest=2, of="questions"), id=""),
    ]
    added = add_decisions(tmp_path, new)
    assert [each.id for each in added] == ["d1", "d2", "d3", "d4"]
    assert read_decisions(tmp_path) == added
    before = (tmp_path / DECISIONS_FILE).read_bytes()
    assert add_decisions(tmp_path, [replace(new[0], why="again", who="lee")]) == []
    assert (tmp_path / DECISIONS_FILE).read_bytes() == before


def test_a_withdrawn_decision_stays_on_record_and_may_be_made_again(tmp_path: Path) -> None:
    """Both stand in the file; neither is applied."""
    first = replace(decision("bonus", points=1.0), id="")
    add_decisions(tmp_path, [first])
    add_decisions(tmp_path, [Decision("withdraw", "a slip", "kim", WHEN, withdraws="d1")])
    assert in_force(read_decisions(tmp_path)) == []
    assert [each.id for each in add_decisions(tmp_path, [first])] == ["d3"]
    assert len(read_decisions(tmp_path)) == 3


GOOD = """\
[[decisions]]
id = "d1"
kind = "void"
assignment = "tiny"
question = "a"
who = "kim"
when = 2026-11-28T12:00:00Z
why = "x"
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('why = "x"', "", "why"),
        ('kind = "void"', 'kind = "gift"', "gift"),
        ('question = "a"', "", "no question"),
        ('question = "a"', 'question = "a"\npoints = 2', "also points"),
        ("2026-11-28T12:00:00Z", "2026-11-28T12:00:00", "a time with an offset"),
        ('id = "d1"', 'id = "x"', "an id is d and a number"),
        ("[[decisions]]", "[[decision]]", "decision"),
        ('question = "a"', "points = nan", "'nan' is no number to count with"),
    ],
)
def test_a_record_that_breaks_a_rule_is_refused_with_its_place(tmp_path: Path, old: str, new: str, words: str) -> None:
    """The message names the file; adding to such a file is refused too, and it stays as it is."""
    text = GOOD.replace(old, new)
    (tmp_path / DECISIONS_FILE).write_text(text)
    for attempt in (lambda: read_decisions(tmp_path), lambda: add_decisions(tmp_path, [decision("bonus", points=1.0)])):
        with pytest.raises(BuildError) as caught:
            attempt()
        assert words in str(caught.value)
        assert DECISIONS_FILE in str(caught.value)
    assert (tmp_path / DECISIONS_FILE).read_text() == text


def test_comments_of_people_stay_in_the_record(tmp_path: Path) -> None:
    """Adding keeps what is there, byte for byte."""
    (tmp_path / DECISIONS_FILE).write_text("# ours\n" + GOOD)
    add_decisions(tmp_path, [replace(decision("bonus", points=1.0), id="")])
    assert (tmp_path / DECISIONS_FILE).read_text().startswith("# ours\n" + GOOD)


def test_what_another_decision_makes_of_one_is_what_is_applied() -> None:
    """What is said not to be used can be taken out: the points stay; what is left out in all is said."""
    first, second = decision("late", percent=50.0), decision("late", 2, percent=10.0)
    void, full = decision("void", 3, question="a-test"), decision("full", 4, question="a")
    early = decision("extension", 5, until=datetime(2026, 11, 21, tzinfo=UTC), students=("ada",))
    later = decision("extension", 6, until=datetime(2026, 11, 22, tzinfo=UTC), students=("ben", "ada"))
    of_one, others = decision("extension", 7, until=later.until, section="A"), decision("bonus", 8, points=1.0)
    decided = [first, second, void, full, early, later, of_one, others]
    said = beside(decided)
    assert said == {
        "d1": "not used: d2 came later",
        "d4": "not used: d3 voids the question",
        "d5": "not used: d6 is as late or later",
    }
    assert scores(*decided) == scores(*(each for each in decided if each.id not in said))
    assert beside([decision("full", question="b", students=("ben",)), decision("full", 2, question="b")]) == {
        "d1": "not needed: d2 is for all"
    }
    drops = [decision("drop", lowest=1, of="questions"), decision("drop", 2, lowest=2, of="questions")]
    assert beside(drops) == {"d2": "beside d1: 3 questions are left out in all"}
