"""Files for Moodle: the offline grading worksheet filled in, or a table for *Grades > Import > CSV file*.

The worksheet's rules are in Moodle's source, ``mod/assign/feedback/offline/importgradeslib.php``: a row is found by
``Identifier`` ("Participant 123"), ``Grade`` and the columns of feedback are read, and ``Last modified (grade)`` is
compared so that a grade given in Moodle meanwhile is not lost. So every other column goes back as it came. Comments are
HTML.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from cnn_course.collecting.roster_file import EMAIL, ID_NUMBER, USERNAME, participant_column, participant_number
from cnn_course.errors import BuildError, Problem
from cnn_course.exporting.canvas import Filled
from cnn_course.exporting.grades import Part, students
from cnn_course.reporting.gradebook import StudentResult
from cnn_course.spreadsheet import Sheet, number, to_csv

# Moodle's headings, as its language packs have them: English, German, French, Spanish, Italian, Portuguese, Dutch.
# Where a heading is none of these, the column is known by its place and what it holds, see `_columns`.
GRADE = ("Grade", "Bewertung", "Note", "Calificación", "Valutazione", "Nota", "Avaliação", "Cijfer")
MAXIMUM = (
    *("Maximum grade", "Bestwertung", "Note maximale", "Calificación máxima", "Voto massimo", "Valutazione massima"),
    *("Nota máxima", "Avaliação máxima", "Maximumcijfer", "Maximum cijfer"),
)
COMMENTS = (
    *("Feedback comments", "Feedback als Kommentar", "Feedback par commentaires", "Commentaires de feedback"),
    *("Comentarios de retroalimentación", "Commenti di feedback", "Commenti al feedback", "Comentários de feedback"),
    *("Comentários do feedback", "Feedback als commentaar", "Feedback opmerkingen"),
)


def fill_worksheet(part: Part, theirs: Sheet, participants: Mapping[str, str], *, scale: bool = False) -> Filled:
    """Return a worksheet with grades and comments; rows and all other columns are those of the one downloaded.

    Parameters
    ----------
    part : Part
        The assignment.
    theirs : Sheet
        The worksheet: *View all submissions > Download grading worksheet*.
    participants : mapping of str to str
        The student of each participant's number that the roster knows; other rows are found by ID number or email.
    scale : bool
        Whether points are brought to the maximum that Moodle has.

    Raises
    ------
    BuildError
        When the file is no grading worksheet, has another maximum, or none of the students.
    """
    places = _columns(theirs)
    if None in (places["Identifier"], places["Grade"]):
        missing = " and ".join(name for name in ("Identifier", "Grade") if places[name] is None)
        step = "in Moodle: View all submissions > Download grading worksheet (Offline grading worksheet must be on)"
        raise _stop(theirs, "a grading worksheet has Identifier and Grade", f"no {missing}", step)
    grade, comments, maximum = places["Grade"], theirs.position(*COMMENTS), places["Maximum"]
    people = part.graded.results.students
    emails = Counter(each.email.casefold() for each in people)
    by_email = {each.email.casefold(): each for each in people if each.email and emails[each.email.casefold()] == 1}
    by_id = {each.student: each for each in people}
    rows: list[Sequence[object]] = [theirs.columns]
    found: dict[str, int] = {}
    skipped, locked = list[str](), _locked_column(theirs)
    for row in theirs.rows:
        fields: list[object] = list(row.fields)
        student = _student(row.fields, theirs, places["Identifier"], participants, by_id, by_email)
        if student is not None and student.student in found:
            lines = f"lines {found[student.student]} and {row.line} are both {student.student}"
            raise _stop(theirs, "a student has one row", lines, "remove one of them")
        points = None if student is None else part.points(student.student)
        if student is not None:
            found[student.student] = row.line
        if student is not None and points is not None and grade is not None:
            theirs_max = row.fields[maximum] if maximum is not None else ""
            given = points * _factor(part, theirs, row.line, theirs_max, scale=scale)
            fields[grade] = number(given)
            changeable = "" if locked is None else row.fields[locked]
            skipped += _skipped(f"{part.name}, {student.student}", given, theirs_max, changeable)
            if comments is not None:
                fields[comments] = html.escape(part.comment(student)).replace("\n", "<br>")
        rows.append(fields)
    if not found:
        step = "take the worksheet of this course; `cnn-course roster` reads the ids from it"
        raise _stop(theirs, "rows are students of this course", f"none of {len(theirs.rows)} is", step)
    warnings = skipped + [
        f"{part.name}, {student}: has a grade, but no row in {theirs.name}"
        for student in part.standings
        if student not in found and part.points(student) is not None
    ]
    if comments is None:
        warnings.append(f"{theirs.name} has no column {COMMENTS[0]!r}: switch Feedback comments on to send them")
    return Filled(to_csv(rows), warnings)


def gradebook_csv(parts: Sequence[Part]) -> Filled:
    """Return a table for Moodle's *Grades > Import > CSV file*: map ``username`` or ``email`` to the user.

    Each assignment has a column of points and one of feedback; a student of whom nothing was read has empty fields.

    Parameters
    ----------
    parts : sequence of Part
        The assignments, in the order of the columns.
    """
    header = ["username", "email", "firstname", "lastname"]
    for part in parts:
        header += [part.title, f"{part.title} (feedback)", f"{part.title} (state)"]
    rows: list[Sequence[object]] = [header]
    for each in students(parts):
        row: list[object] = [each[0].student, each[0].email, each[0].first_name, each[0].last_name]
        for part, student in zip(parts, each, strict=True):
            points = part.points(student.student)
            comment = "" if points is None else html.escape(part.comment(student)).replace("\n", "<br>")
            row += [number(points), comment, part.standings[student.student].words]
        rows.append(row)
    return Filled(to_csv(rows))


def _columns(theirs: Sheet) -> dict[str, int | None]:
    """Return where participants, grades and maxima stand, whatever the language.

    Moodle writes the participant first, a word and a number, and the maximum, the same number in all rows, right behind
    the grade (its source, ``mod/assign/gradingtable.php``).
    """
    identifier = participant_column(theirs)
    maximum, grade = theirs.position(*MAXIMUM), theirs.position(*GRADE)
    if maximum is None and identifier is not None and grade is None:
        same = [
            place for place in range(2, len(theirs.columns)) if _one_number({row.fields[place] for row in theirs.rows})
        ]
        maximum = same[0] if len(same) == 1 else None
    if grade is None and identifier is not None and maximum is not None:
        grade = maximum - 1
    return {"Identifier": identifier, "Grade": grade, "Maximum": maximum}


def _one_number(fields: set[str]) -> bool:
    """Say whether all rows of a column hold the same number."""
    return len(fields) == 1 and re.fullmatch(r"\d+([.,]\d+)?", next(iter(fields)).strip()) is not None


def _student(
    fields: Sequence[str],
    theirs: Sheet,
    identifier: int | None,
    participants: Mapping[str, str],
    by_id: Mapping[str, StudentResult],
    by_email: Mapping[str, StudentResult],
) -> StudentResult | None:
    """Return whose row it is, by ids alone."""
    number = "" if identifier is None else participant_number(fields[identifier])
    if number in participants:
        return by_id.get(participants[number])
    place = theirs.position(*ID_NUMBER, *USERNAME)
    if place is not None and fields[place].strip() in by_id:
        return by_id[fields[place].strip()]
    place = theirs.position(*EMAIL)
    return None if place is None else by_email.get(fields[place].strip().casefold())


_CHANGEABLE = ({"yes", "ja", "oui", "sí", "si", "sì", "sim"}, {"no", "nein", "non", "não", "nee"})


def _locked_column(theirs: Sheet) -> int | None:
    """Return where Moodle says whether a grade can be changed: the one column of yes and no."""
    for place in range(2, len(theirs.columns)):
        said = {row.fields[place].strip().casefold() for row in theirs.rows}
        if said and said <= _CHANGEABLE[0] | _CHANGEABLE[1]:
            return place
    return None


def _skipped(whose: str, given: float, maximum: str, changeable: str) -> list[str]:
    """Return why Moodle's import passes a grade over without a word, as its source does."""
    if changeable.strip().casefold() in _CHANGEABLE[1]:
        return [f"{whose}: locked in Moodle, which skips the row: unlock the grade there first"]
    if maximum.strip() and given > float(maximum.replace(",", ".")) + 1e-9:
        step = "raise the maximum grade there, or enter it by hand"
        return [f"{whose}: {number(given)} is above Moodle's maximum, which skips the row: {step}"]
    return []


def _factor(part: Part, theirs: Sheet, line: int, said: str, *, scale: bool) -> float:
    """Return what points are multiplied with, 1 where Moodle's maximum is ours."""
    ours = part.graded.results.max_score
    try:
        maximum = float(said.replace(",", ".")) if said.strip() else ours
    except ValueError:
        step = "choose points as the grade type in Moodle"
        raise _stop(theirs, "the maximum grade is a number", f"line {line}: {said}", step) from None
    if abs(maximum - ours) < 1e-9 or not ours:
        return 1.0
    if scale:
        return maximum / ours
    step = f"set the maximum grade in Moodle to {number(ours)}, or add --scale"
    raise _stop(theirs, f"the maximum grade is {number(ours)}, as here", f"line {line}: {said}", step)


def _stop(theirs: Sheet, rule: str, value: str, step: str) -> BuildError:
    return BuildError("export", [Problem(theirs.name, "", rule, value, step)])
