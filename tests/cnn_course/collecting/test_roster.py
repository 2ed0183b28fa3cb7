"""Class lists of Canvas, Moodle and spreadsheets; times as people type them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cnn_course.collecting.roster import Person, participants
from cnn_course.collecting.roster_file import joined, read_class_list
from cnn_course.collecting.times import days_late, in_zone, read_time
from cnn_course.errors import BuildError
from cnn_course.spreadsheet import read_sheet

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework (7)
    Points Possible,,,,,3
"Okafor, Ada",1001,m11,ada,A,
"de la Cruz, Ana",1002,m12,ana,B,
"Student, Test",1999,,f00f,A,
"""
MOODLE = """\
First name,Last name,ID number,Email address,Groups
Ada,Okafor,m11,ada@example.org,A
"""
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Last modified (grade)
Participant 11,Ada Okafor,ADA@example.org,Submitted,,-
"""
PLAIN = """\
student_id;Vorname;Nachname;E-Mail;extension tiny
ada;Ada;Okafor;ada@example.org;2026-12-01 23:59 Europe/Vienna
"""


def read(tmp_path: Path, text: str, known=(), id_column: str | None = None):
    """Read a class list from its text."""
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    return read_class_list(read_sheet(path), known, id_column)


def test_canvas_gives_logins_numbers_and_sections(tmp_path: Path) -> None:
    """Maxima and the test student are no students, and that is said."""
    found = read(tmp_path, CANVAS)
    ada = Person("ada", "Ada", "Okafor", "", "A", {"canvas": "1001", "number": "m11"})
    assert found.people[0] == ada
    assert (found.people[1].last_name, found.people[1].first_name) == ("de la Cruz", "Ana")
    assert len(found.people) == 2
    assert len(found.notes) == 2


def test_canvas_with_names_in_two_columns_is_the_same(tmp_path: Path) -> None:
    """The login is the id, not Canvas' number; maxima, the note on posting and the test student are none."""
    rows = (
        ("LastName,FirstName,ID,SIS User ID,SIS Login ID,Section,Homework (7),Final Score",),
        (",,,,,,Manual Posting,",),
        ("    Points Possible,,,,,,3.00,(read only)",),
        ('Okafor,Ada,1001,m11,ada,"A and B",,',),
        ("Student,Test,1999,,f00f,A,,",),
    )
    found = read(tmp_path, "".join(f"{row}\n" for (row,) in rows))
    assert found.people == [Person("ada", "Ada", "Okafor", "", "A and B", {"canvas": "1001", "number": "m11"})]
    assert len(found.notes) == 3


def test_canvas_in_another_language_has_maxima_too(tmp_path: Path) -> None:
    """Canvas writes four blanks before them, whatever the words."""
    found = read(tmp_path, CANVAS.replace("Points Possible", "Mögliche Punkte"))
    assert [person.id for person in found.people] == ["ada", "ana"]


def test_an_extension_is_of_the_person_that_the_email_names(tmp_path: Path) -> None:
    """A list with other ids than the roster's, such as numbers of the matriculation."""
    known = [Person("ada", "Ada", "Okafor", "ada@example.org")]
    found = read(tmp_path, PLAIN.replace("\nada;", "\nm11;"), known)
    assert found.people[0].id == found.extensions[0][0] == "ada"


def test_people_of_a_list_without_ids_have_to_be_known(tmp_path: Path) -> None:
    """By their email; the message says so, not that an id is wrong."""
    with pytest.raises(BuildError, match="by email"):
        read(tmp_path, WORKSHEET, [Person("ben", email="ben@example.org")])


def test_moodles_participants_have_numbers_as_ids_or_what_is_named(tmp_path: Path) -> None:
    """The ID number is the id where there is no username; another column can be named."""
    assert read(tmp_path, MOODLE).people[0] == Person("m11", "Ada", "Okafor", "ada@example.org", "A")
    assert read(tmp_path, MOODLE, id_column="Email address").people[0].id == "ada@example.org"


def test_a_worksheet_adds_participants_to_people_that_are_known(tmp_path: Path) -> None:
    """The same email is the same person; names stay as they were."""
    known = [Person("ada", "Ada Á.", "Okafor", "ada@example.org", "A", {"canvas": "1001"})]
    people = joined(known, read(tmp_path, WORKSHEET, known).people)
    assert len(people) == 1
    assert (people[0].id, people[0].first_name, people[0].section) == ("ada", "Ada Á.", "A")
    assert people[0].aliases == {"canvas": "1001", "moodle": "11", "full_name": "Ada Okafor"}
    assert participants(people)["11"] == "ada"


def test_a_worksheet_names_people_by_id_number_too(tmp_path: Path) -> None:
    """Where the emails differ; every assignment of Moodle's has another number for a participant, and all are kept."""
    text = WORKSHEET.replace("Email address", "ID number,Email address").replace("ADA@", "m11,other@")
    people = [Person("ada", "Ada", "Okafor", "ada@example.org", aliases={"number": "m11"})]
    for number in ("11", "52"):
        people = joined(people, read(tmp_path, text.replace("Participant 11", f"Participant {number}"), people).people)
    assert participants(people) == {"11": "ada", "52": "ada"}


def test_canvas_without_sis_ids_gives_its_own_numbers(tmp_path: Path) -> None:
    """They are ids then, and known as Canvas' numbers: its downloads and exports have no other."""
    found = read(tmp_path, 'Student,ID,Section,HW (1)\n"Okafor, Ada",1001,A,\n')
    assert found.people == [Person("1001", "Ada", "Okafor", section="A", aliases={"canvas": "1001"})]


def test_who_changes_the_section_is_said(tmp_path: Path) -> None:
    """Another system has other sections, and an extension of a section is about those who are in it now."""
    known = [Person("ada", section="A"), Person("ben", section="A"), Person("cy", section="A"), Person("dan")]
    assert read(tmp_path, "id,section\nada,B\nben,A\ncy,\ndan,B\n", known).notes == [
        "in another section than before: ada"
    ]


def test_a_login_that_is_a_known_email_is_the_same_person(tmp_path: Path) -> None:
    """So one list of Moodle's and one of Canvas' make one class."""
    known = [Person("ada", "Ada", "Okafor", "Ada@example.org")]
    found = read(tmp_path, 'Student,ID,SIS Login ID\n"Okafor, Ada",1001,ada@example.org\n', known)
    assert [(each.id, each.aliases["canvas"]) for each in found.people] == [("ada", "1001")]


def test_headings_and_fields_as_programs_write_them(tmp_path: Path) -> None:
    """A number of matriculation is an id; names in one column; a line break in a name; the byte order mark twice."""
    text = '\ufeff\ufeffMatrikelnummer,First name / Last name\n123,"Ada\nOkafor"\n'
    assert read(tmp_path, text).people == [Person("123", "", "Ada Okafor")]


def test_plain_tables_may_hold_extensions(tmp_path: Path) -> None:
    """German headings, semicolons, and a column extension ASSIGNMENT."""
    found = read(tmp_path, PLAIN)
    assert found.people == [Person("ada", "Ada", "Okafor", "ada@example.org")]
    assert found.extensions == [("ada", "tiny", "2026-12-01 23:59 Europe/Vienna")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("first_name,last_name\nAda,Okafor\n", ["list.csv:1", "a column holds the ids", "--id"]),
        (WORKSHEET, ["list.csv:1", "a column holds the ids", "after a list that has ids"]),
        ("id,name\nada,A\n,B\nada,C\n", ["list.csv:3", "list.csv:4", "also line 2", "stopped by 2 problems"]),
        ("id,name\n1.23457E+11,A\n", ["list.csv:2", "all its digits", "column text"]),
        ("id,name\nZoë,A\nZoe\u0308,B\n", ["list.csv:3", "also line 2"]),
        ("id,name\n../etc,A\n", ["list.csv:2", "'../etc'"]),
        ("id,name\na*b,A\n", ["list.csv:2"]),
        ("id,name\n..,A\n", ["list.csv:2"]),
        ("id,email\nada,x@y.org\nben,X@y.org\n", ["list.csv:3, ben", "one person's", "also line 2"]),
        ("id,extension tiny\nada,tomorrow\n", ["list.csv:2", "tomorrow", "Europe/Vienna"]),
    ],
)
def test_what_breaks_a_rule_is_named_with_its_line(tmp_path: Path, text: str, words: list[str]) -> None:
    """All broken rows are named; no id is made up."""
    with pytest.raises(BuildError) as caught:
        read(tmp_path, text)
    for word in words:
        assert word in str(caught.value)


def test_an_unknown_id_column_is_named(tmp_path: Path) -> None:
    """The message lists the columns that there are."""
    with pytest.raises(BuildError, match="one of: First name, Last name"):
        read(tmp_path, MOODLE, id_column="Matrikel")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-12-01 23:59 Europe/Vienna", "2026-12-01 22:59:00+00:00"),
        ("2026-07-01T23:59:30 Europe/Vienna", "2026-07-01 21:59:30+00:00"),
        ("2026-12-01 23:59+01:00", "2026-12-01 22:59:00+00:00"),
        ("2026-12-01 23:59 -0500", "2026-12-02 04:59:00+00:00"),
        ("2026-12-01 23:59 UTC", "2026-12-01 23:59:00+00:00"),
        ("2026-12-01T23:59:00Z", "2026-12-01 23:59:00+00:00"),
    ],
)
def test_times_are_read_with_their_zone(text: str, utc: str) -> None:
    """Offsets, places and UTC; summer time counts."""
    assert str(read_time(text)) == utc


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-01 23:59",
        "23:59",
        "2026",
        "2026-13-01 10:00 UTC",
        "2026-12-01 25:00 UTC",
        "2026-12-01 23:59 +25:00",
        "2026-12-01 23:59 CEST",
        "2026-12-01 23:59 EST",
        "2026-12-01 23:59 Mars/Base",
        "2026-03-29 02:30 Europe/Vienna",
        "2026-10-25 02:30 Europe/Vienna",
        "2026-12-01 23:59 ../../etc/passwd",
        "2026-12-01 23:59 UTC and more",
    ],
)
def test_times_that_are_not_fully_understood_are_refused(text: str) -> None:
    """No zone, an abbreviation, an hour that the clocks skip or repeat: nothing is filled in."""
    with pytest.raises(ValueError, match=r"time|zone|clocks|never|twice"):
        read_time(text)


def test_an_hour_that_is_there_twice_can_be_taken_as_the_earlier() -> None:
    """A download has the clock's time only: nobody is late by it. An hour that is not there is refused."""
    assert str(in_zone(datetime(2026, 10, 25, 2, 30), "Europe/Vienna", earlier=True)) == "2026-10-25 00:30:00+00:00"
    with pytest.raises(ValueError, match="never"):
        in_zone(datetime(2026, 3, 29, 2, 30), "Europe/Vienna", earlier=True)


def test_days_late_are_days_that_have_begun() -> None:
    """Grace time does not count, but does not shorten the first day either."""
    grace = timedelta(minutes=10)
    assert [days_late(s, grace) for s in (0, 600, 601, 86_400, 86_401, -5)] == [0, 0, 1, 1, 2, 0]
