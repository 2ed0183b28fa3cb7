"""Export files of a small class: columns of the other side, guarded text, nothing unread as 0."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cnn_course.collecting.roster import Person
from cnn_course.collecting.roster_file import read_class_list
from cnn_course.errors import BuildError
from cnn_course.exporting.canvas import fill_canvas, new_canvas
from cnn_course.exporting.grades import Part, check_finished, unfinished
from cnn_course.exporting.gradescope import gradescope_csv
from cnn_course.exporting.moodle import fill_worksheet, gradebook_csv
from cnn_course.exporting.plain import COLUMNS, as_json, plain_csv, workbook
from cnn_course.reporting.gradebook import Remark
from cnn_course.reporting.standing import standing
from cnn_course.reporting.ungraded import ANEW, NEVER
from cnn_course.spreadsheet import read_sheet
from splitgrade.errors import CourseError
from tests.cnn_course.small_class import book, graded, student

STUDENTS = (
    student("ada", book(2.0, 0.5), last="Okafor", first="Ada", lms="1001"),
    student("ben", book(1.0, 1.0, penalty=0.5), late=3600.0, last="=1+1", first="Ben"),
    student("cyd", book(0.0, 0.0)),
    student("dan"),
    student("eva", book(0.0, 0.0)),
)


def part(states: dict[str, str] | None = None, *, ungraded: dict[str, str] | None = None, students=STUDENTS) -> Part:
    """Return the small class as a part of an export."""
    found = graded(*students, states=states, ungraded=ungraded)
    standings = {each.student: standing(found, each) for each in students}
    return Part("Homework", found, standings, (), {"ada": [Remark("one", "b", 'Good <b>"idea"</b>')]})


def rows(text: str) -> list[dict[str, str]]:
    """Read a CSV file."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def sheet(tmp_path: Path, text: str):
    """Write and read the file of another system."""
    path = tmp_path / "theirs.csv"
    path.write_text(text, encoding="utf-8")
    return read_sheet(path)


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,Homework (77),Other (78),Current Score
    Points Possible,,,,,,3.00,10.00,(read only)
"Okafor, Ada",1001,s1,x1,A,hm,,7.00,1
Ben,1002,s2,ben,A,,1.00,,2
Cyd,1003,s3,cyd,A,,0.50,,3
Dan,1004,s4,dan,A,,,,4
Zoe,1005,s5,zoe,B,,2.00,,5
"""


def test_a_submission_that_was_not_read_is_empty_and_a_zero_is_a_zero() -> None:
    """Zero points are 0; failed, unread, refused and missing submissions are an empty field in every format."""
    for state in ("failed", "unread", "refused", "missing"):
        found = part({"eva": state})
        assert rows(plain_csv([found]))[4]["score"] == ""
        assert rows(gradebook_csv([found]).text)[4]["Homework"] == ""
        assert rows(new_canvas([found]).text)[5]["Homework"] == ""
        assert rows(gradescope_csv(found))[4]["Total Score"] == ""
        assert json.loads(as_json([found]))["assignments"][0]["students"][4]["score"] is None
        assert load_workbook(io.BytesIO(workbook([found])))["grades"].cell(6, 5).value is None
    assert rows(plain_csv([part()]))[2]["score"] == "0"


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (part({"eva": "failed"}), "eva: one could not be graded: the reason"),
        (part({"eva": "unread"}), "eva: one was not read: the reason"),
        (part(ungraded={"dan": NEVER}), "dan: handed in, not graded yet"),
        (part(ungraded={"ada": ANEW}), "ada: handed in anew, not graded since"),
        (part(students=(student("ada", book(2.0, 0.0, waiting=True)),)), "ada: 1 point waits for a marker (one)"),
        (Part("Homework", graded(*STUDENTS), {}, ("cnn_exercise/ fits no assignment",)), "cnn_exercise/ fits no"),
    ],
)
def test_unfinished_grades_are_refused_with_a_list(found: Part, words: str) -> None:
    """What waits, failed, was not read, not graded or not placed stops an export and is named."""
    with pytest.raises(CourseError) as caught:
        check_finished([found])
    assert words in str(caught.value)
    assert "--partial" in str(caught.value)


def test_finished_grades_are_let_through() -> None:
    """A missing and a refused submission are final: nothing more will come."""
    assert unfinished([part({"eva": "refused"})]) == []


def test_a_partial_export_says_in_a_column_what_is_open() -> None:
    """The state has its column in the files for people, and in Moodle's table."""
    found = part({"eva": "unread"})
    assert rows(plain_csv([found]))[4]["state"] == "unfinished: one was not read: the reason"
    assert rows(gradebook_csv([found]).text)[4]["Homework (state)"].startswith("unfinished")
    assert rows(gradescope_csv(found))[4]["Status"] == "Ungraded"


def test_csv_has_nbgraders_columns_and_adds_up() -> None:
    """Raw score, penalty and score of a late submission; names are guarded."""
    second = rows(plain_csv([part()]))[1]
    assert tuple(second) == COLUMNS
    assert (second["raw_score"], second["late_submission_penalty"], second["score"]) == ("2", "0.5", "1.5")
    assert second["last_name"] == "'=1+1"


def test_workbooks_hold_texts_as_texts_and_points_as_numbers() -> None:
    """No cell of the workbook is a formula."""
    found = load_workbook(io.BytesIO(workbook([part()])))
    cells = [cell for name in found.sheetnames for row in found[name].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    assert found["grades"].cell(3, 2).value == "'=1+1"
    assert found["grades"].cell(3, 5).value == 1.5
    assert [cell.value for cell in found["tiny"][1]] == ["student", "total", "state", "a-test", "b"]


def test_canvas_gets_its_own_columns_and_no_other(tmp_path: Path) -> None:
    """Student columns as exported, the column Title (id) filled, nothing that Canvas would make an assignment of."""
    filled = fill_canvas([part()], sheet(tmp_path, CANVAS), {})
    table = list(csv.reader(io.StringIO(filled.text, newline="")))
    assert table[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Homework (77)"]
    assert [row[-1] for row in table[1:]] == ["3.00", "2.5", "1.5", "0", "", "2.00"]
    assert filled.warnings == ["tiny, eva: has a grade, but no row in theirs.csv"]


def test_canvas_keeps_its_grade_where_there_is_none_to_give(tmp_path: Path) -> None:
    """An empty field would erase the grade in Canvas; the old value changes nothing."""
    table = rows(fill_canvas([part({"cyd": "unread"})], sheet(tmp_path, CANVAS), {}).text)
    assert table[3]["Homework (77)"] == "0.50"


def test_an_excuse_in_canvas_stands_and_is_said(tmp_path: Path) -> None:
    """A number would take it back; nobody decided that."""
    text = CANVAS.replace("ben,A,,1.00", "ben,A,,EX").replace("cyd,A,,0.50", "cyd,A,,N/A")
    filled = fill_canvas([part()], sheet(tmp_path, text), {})
    assert [row["Homework (77)"] for row in rows(filled.text)[2:4]] == ["EX", "N/A"]
    assert filled.warnings[:2] == [
        "tiny, ben: excused in Canvas, which is kept; 1.5 points here",
        "tiny, cyd: not assigned in Canvas, which is kept; 0 points here",
    ]


def test_canvas_columns_can_be_named(tmp_path: Path) -> None:
    """Another title than the course's is given with --column."""
    table = rows(fill_canvas([part()], sheet(tmp_path, CANVAS), {"tiny": "Other (78)"}).text)
    assert table[1]["Other (78)"] == "2.5"


@pytest.mark.parametrize(
    ("text", "columns", "words"),
    [
        (CANVAS.replace("Homework (77)", "Homework"), {}, "Other (78)"),
        (CANVAS.replace("Other (78)", "homework (79)"), {}, "2 are"),
        (CANVAS, {"tiny": "Nothing (1)"}, "the column of tiny exists"),
        (CANVAS, {"tiny": "Notes"}, "Title (id)"),
        ("a,b\n1,2\n", {}, "Student and ID"),
        (CANVAS.replace("1001", "9").replace("ben", "q").replace("cyd", "r").replace("dan", "t"), {}, "none of 6 is"),
        (CANVAS.replace("1002,s2,ben", "1001,s2,ben"), {}, "lines 3 and 4"),
    ],
)
def test_a_file_of_another_course_is_refused(tmp_path: Path, text: str, columns: dict[str, str], words: str) -> None:
    """The message names file, rule, what was found and the next step."""
    with pytest.raises(BuildError) as caught:
        fill_canvas([part()], sheet(tmp_path, text), columns)
    assert words in str(caught.value)
    assert "theirs.csv" in str(caught.value)


def test_canvas_rows_are_found_by_the_integration_id_too(tmp_path: Path) -> None:
    """Some schools have their own ids there alone; maxima in another language are no student."""
    text = CANVAS.replace("SIS Login ID", "Integration ID").replace("Points Possible", "Mögliche Punkte")
    table = rows(fill_canvas([part()], sheet(tmp_path, text.replace("3.00,10.00", "30.00,10.00")), {}).text)
    assert [row["Homework (77)"] for row in table] == ["30.00", "2.5", "1.5", "0", "", "2.00"]


def test_other_points_possible_are_said(tmp_path: Path) -> None:
    """Points go in as they are, and the instructor hears that Canvas has another maximum."""
    filled = fill_canvas([part()], sheet(tmp_path, CANVAS.replace("3.00,10.00", "30.00,10.00")), {})
    assert "30.00 points possible in Canvas, 3 here" in filled.warnings[0]


WORKSHEET = """\
Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed","Last modified (grade)",\
"Feedback comments"
"Participant 11","Ada Okafor",ada@example.org,Submitted,,3.00,Yes,-,
"Participant 12","Ben",other@example.org,Submitted,1.00,3.00,Yes,"Friday, 20 November 2026, 9:00 AM",old
"Participant 13","Zoe",zoe@example.org,Submitted,2.00,3.00,Yes,-,
"""


def test_a_worksheet_comes_back_with_grades_and_comments(tmp_path: Path) -> None:
    """Rows are found by participant or email; every other column is as Moodle wrote it."""
    filled = fill_worksheet(part(), sheet(tmp_path, WORKSHEET), {"12": "ben"})
    before, after = rows(WORKSHEET), rows(filled.text)
    assert [row["Grade"] for row in after] == ["2.5", "1.5", "2.00"]
    for old, new in zip(before, after, strict=True):
        same = set(old) - {"Grade", "Feedback comments"}
        assert {name: old[name] for name in same} == {name: new[name] for name in same}
    assert after[0]["Feedback comments"] == "one: 2.5 of 3<br>b: Good &lt;b&gt;&quot;idea&quot;&lt;/b&gt;"
    assert after[2]["Feedback comments"] == ""


def test_an_email_of_two_students_names_neither(tmp_path: Path) -> None:
    """Their rows stay as they are; nobody gets another's grade."""
    students = (student("ada", book(2.0, 0.5)), replace(student("ben", book(1.0, 0.0)), email="ada@example.org"))
    theirs = sheet(tmp_path, WORKSHEET)
    with pytest.raises(BuildError, match="rows are students of this course"):
        fill_worksheet(part(students=students), theirs, {})
    filled = rows(fill_worksheet(part(students=students), theirs, {"12": "ben"}).text)
    assert [row["Grade"] for row in filled] == ["", "1", "2.00"]


def test_what_moodle_would_skip_without_a_word_is_said(tmp_path: Path) -> None:
    """A locked grade, and points above the maximum, such as those of a bonus: both are named."""
    theirs = sheet(tmp_path, WORKSHEET.replace("1.00,3.00,Yes", "1.00,3.00,No"))
    above = (student("ada", book(2.0, 1.0, penalty=-0.5), last="Okafor", first="Ada"), *STUDENTS[1:])
    warnings = fill_worksheet(part(students=above), theirs, {"11": "ada", "12": "ben"}).warnings
    assert warnings[0].startswith("tiny, ada: 3.5 is above Moodle's maximum, which skips the row")
    assert warnings[1].startswith("tiny, ben: locked in Moodle, which skips the row")


WORKSHEETS = {
    "de": ("ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Feedback als Kommentar", "Teilnehmer/in"),
    "fr": (
        "Identifiant,Nom complet,Adresse de courriel,Statut,Note,Note maximale,Feedback par commentaires",
        "Participant ",
    ),
    "es": (
        "Identificador,Nombre completo,Dirección de correo,-,Calificación,Calificación máxima,x",
        "Participante ",
    ),
    "it": (
        "Identificatore,Nome completo,Indirizzo email,Stato,Valutazione,Voto massimo,Commenti di feedback",
        "Partecipante ",
    ),
    "pt": ("Identificador,Nome completo,Endereço de e-mail,Estado,Nota,Nota máxima,x", "Participante "),
    "nl": ("Identificatie,Volledige naam,E-mailadres,Status,Cijfer,Maximumcijfer,Feedback opmerkingen", "Deelnemer "),
    "nobody's": ("Tunniste,Koko nimi,Osoite,Tila,Arvosana,Suurin arvosana,Palaute", "Osallistuja "),
}


def test_a_worksheet_in_another_language_is_filled_too(tmp_path: Path) -> None:
    """Known headings, or the place of the columns: participant first, the maximum right behind the grade."""
    for language, (header, word) in WORKSHEETS.items():
        lines = [f'{word}11,Ada Okafor,ada@example.org,-,,"3,00",', f'{word}12,Ben,-,-,,"3,00",']
        theirs = sheet(tmp_path, "\n".join([header, *lines, ""]))
        known = read_class_list(theirs, [Person("ben", email="-"), Person("ada", email="ada@example.org")]).people
        assert {each.id: each.aliases["moodle"] for each in known} == {"ada": "11", "ben": "12"}, language
        filled = fill_worksheet(part(), theirs, {"11": "ada", "12": "ben"})
        grade = header.split(",")[4]
        assert [row[grade] for row in rows(filled.text)] == ["2.5", "1.5"], language


def test_another_maximum_is_refused_or_scaled(tmp_path: Path) -> None:
    """3 of 3 points are no 3 of 100."""
    theirs = sheet(tmp_path, WORKSHEET.replace("3.00", "100,00").replace(",100,00,", ',"100,00",'))
    with pytest.raises(BuildError, match="--scale"):
        fill_worksheet(part(), theirs, {})
    assert rows(fill_worksheet(part(), theirs, {}, scale=True).text)[0]["Grade"] == "83.333333"


def test_a_file_that_is_no_worksheet_is_refused(tmp_path: Path) -> None:
    """The message says where Moodle has it."""
    with pytest.raises(BuildError, match="Download grading worksheet"):
        fill_worksheet(part(), sheet(tmp_path, "a,b\n1,2\n"), {})


def test_a_worksheet_of_another_course_is_refused(tmp_path: Path) -> None:
    """None of its rows is a student of this one: the message says what to take."""
    with pytest.raises(BuildError, match=r"none of 3 is(.|\n)*worksheet of this course"):
        fill_worksheet(part(), sheet(tmp_path, WORKSHEET.replace("ada@", "zoe@")), {})


def test_gradescope_has_its_own_header_and_a_column_a_question() -> None:
    """Totals, status, lateness, questions; a missing submission has none."""
    table = rows(gradescope_csv(part()))
    assert table[0]["Total Score"] == "2.5"
    assert table[0]["2: b (1 pts)"] == "0.5"
    assert table[1]["Lateness (H:M:S)"] == "01:00:00"
    assert (table[3]["Status"], table[3]["Total Score"], table[3]["1: a-test (2 pts)"]) == ("Missing", "", "")
