"""A file for Canvas, *Grades > Import*, made against the instructor's own *Grades > Export*.

What Canvas does with a column is in its source, ``lib/gradebook_importer.rb`` (``parse_assignments``,
``process_student``, ``no_change_to_value?``): a header ``Title (id)`` is the assignment of that id, any other header
becomes a **new** assignment; a field that differs from the grade in Canvas is a change, an empty one too. So this file
has the columns that name the student, and one ``Title (id)`` for each assignment, nothing else; where there is no grade
to give, the value of the export is written back, which changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cnn_course.collecting.roster_file import is_maxima
from cnn_course.errors import BuildError, Problem
from cnn_course.exporting.grades import Part
from cnn_course.spreadsheet import Row, Sheet, number, to_csv

# As in GRADEBOOK_IMPORTER_RESERVED_NAMES of Canvas' importer.
STUDENT_COLUMNS = (
    "Student", "LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account",
    "Section",
)  # fmt: skip
_NOT_ASKED = {"EX": "excused", "N/A": "not assigned"}
_TITLE_AND_ID = re.compile(r"(?P<title>.*\S)\s*\((?P<id>\d+)\)")


@dataclass
class Filled:
    """A file for another system, and what is to be said of it."""

    text: str
    warnings: list[str] = field(default_factory=list)


def fill_canvas(parts: Sequence[Part], theirs: Sheet, columns: Mapping[str, str]) -> Filled:
    """Return the import file for the rows and columns of a Canvas export.

    Parameters
    ----------
    parts : sequence of Part
        The assignments.
    theirs : Sheet
        The export.
    columns : mapping of str to str
        Assignment -> the header to fill, where titles differ.

    Raises
    ------
    BuildError
        When the file is no export of a Canvas gradebook, has no column for an assignment, or none of the students.
    """
    if theirs.position("Student", "LastName") is None or theirs.position("ID") is None:
        rule, step = "the header has Student and ID", "in Canvas: Grades > Export > Export entire gradebook"
        raise _stop(theirs, rule, ", ".join(theirs.columns[:6]), step)
    kept = [place for name in STUDENT_COLUMNS if (place := theirs.position(name)) is not None]
    targets = [_column(part, theirs, columns.get(part.name)) for part in parts]
    rows: list[Sequence[object]] = [[theirs.columns[place] for place in (*sorted(kept), *targets)]]
    filled, found, by_id = Filled(""), dict[str, int](), _by_id(theirs, parts[0])
    for row in theirs.rows:
        student = None if _is_no_student(row) else _student(row, by_id)
        if student in found:
            raise _stop(theirs, "a student has one row", f"lines {found[student]} and {row.line}", "remove one of them")
        given = [row.fields[place] for place in targets]
        if student is not None:
            found[student] = row.line
            given = [_given(part, student, old, filled) for part, old in zip(parts, given, strict=True)]
        rows.append([*(row.fields[place] for place in sorted(kept)), *given])
    if not found:
        step = "take the export of this course; `cnn-course roster` reads the ids from it"
        raise _stop(theirs, "rows are students of this course", f"none of {len(theirs.rows)} is", step)
    filled.text = to_csv(rows)
    filled.warnings += _points_possible(parts, theirs, targets)
    filled.warnings += [
        f"{part.name}, {student}: has a grade, but no row in {theirs.name}"
        for part in parts
        for student in part.standings
        if student not in found and part.points(student) is not None
    ]
    return filled


def new_canvas(parts: Sequence[Part]) -> Filled:
    """Return an import file without an export to go by: Canvas makes a new assignment for each column.

    Parameters
    ----------
    parts : sequence of Part
        The assignments.
    """
    rows: list[Sequence[object]] = [
        ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", *(part.title for part in parts)),
        ("    Points Possible", "", "", "", "", *(number(part.graded.results.max_score) for part in parts)),
    ]
    for each in parts[0].graded.results.students:
        scores = (number(part.points(each.student)) for part in parts)
        rows.append((each.name, each.lms_user_id, each.student, each.student, "", *scores))
    titles = ", ".join(f"{part.title!r}" for part in parts)
    warning = f"Canvas will make new assignments called {titles}; give --for EXPORT.csv to fill those that exist"
    return Filled(to_csv(rows), [warning])


def _column(part: Part, theirs: Sheet, header: str | None) -> int:
    """Return the position of the column of an assignment."""
    if header is not None:
        place = theirs.position(header)
        if place is None:
            raise _stop(theirs, f"the column of {part.name} exists", header, f"one of: {_assignments(theirs)}")
        if not _TITLE_AND_ID.fullmatch(theirs.columns[place]):
            raise _stop(theirs, "a column to fill is called Title (id)", header, f"one of: {_assignments(theirs)}")
        return place
    wanted = {part.title.casefold(), part.name.casefold()}
    found = [
        place
        for place, name in enumerate(theirs.columns)
        if (match := _TITLE_AND_ID.fullmatch(name)) and match["title"].casefold() in wanted
    ]
    if len(found) != 1:
        step = f'add --column {part.name}="Title (id)"; the file has: {_assignments(theirs)}'
        rule = f"one assignment is called {' or '.join(dict.fromkeys((part.title, part.name)))}"
        raise _stop(theirs, rule, f"{len(found)} are", step)
    return found[0]


def _by_id(theirs: Sheet, part: Part) -> list[tuple[int, Mapping[str, str]]]:
    """Return the columns that say whose a row is, the surest first, each with the students by what stands there."""
    ours = {student: student for student in part.standings}
    canvas = {each.lms_user_id: each.student for each in part.graded.results.students if each.lms_user_id}
    known = {"ID": canvas, **dict.fromkeys(("SIS Login ID", "SIS User ID", "Integration ID"), ours)}
    return [(place, students) for name, students in known.items() if (place := theirs.position(name)) is not None]


def _student(row: Row, by_id: Sequence[tuple[int, Mapping[str, str]]]) -> str | None:
    """Return whose row it is, by ids alone; None for a student that this course does not know."""
    said = ((row.fields[place].strip(), students) for place, students in by_id)
    return next((students[each] for each, students in said if each in students), None)


def _given(part: Part, student: str, old: str, filled: Filled) -> str:
    """Return what is written into a field; an excuse given in Canvas stands until it is taken back there."""
    points = part.points(student)
    if points is not None and old.strip() in _NOT_ASKED:
        why = _NOT_ASKED[old.strip()]
        filled.warnings.append(f"{part.name}, {student}: {why} in Canvas, which is kept; {number(points)} points here")
    return old if points is None or old.strip() in _NOT_ASKED else number(points)


def _is_no_student(row: Row) -> bool:
    """Say whether a row describes assignments: points possible, or which are posted by hand."""
    return is_maxima(row) or not row.fields[0].strip()


def _points_possible(parts: Sequence[Part], theirs: Sheet, targets: Sequence[int]) -> list[str]:
    """Name the assignments that are worth something else in Canvas."""
    row = next((row for row in theirs.rows if is_maxima(row)), None)
    lines = []
    for part, place in zip(parts, targets, strict=True) if row else ():
        said = row.fields[place].strip() if row else ""
        if said.replace(",", ".") != "" and number(part.graded.results.max_score) != _plain(said):
            ours = number(part.graded.results.max_score)
            lines.append(
                f"{theirs.columns[place]}: {said} points possible in Canvas, {ours} here; points go in as they are"
            )
    return lines


def _plain(text: str) -> str:
    """Return a number as `number` writes it; other text unchanged."""
    try:
        return number(float(text.replace(",", ".")))
    except ValueError:
        return text


def _assignments(theirs: Sheet) -> str:
    return ", ".join(name for name in theirs.columns if _TITLE_AND_ID.fullmatch(name)) or "none"


def _stop(theirs: Sheet, rule: str, value: str, step: str) -> BuildError:
    return BuildError("export", [Problem(theirs.name, "", rule, value, step)])
