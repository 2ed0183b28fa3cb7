"""Class lists of Canvas, Moodle and spreadsheets, read into a roster.

Columns: Canvas' *Grades > Export* has ``Student``, ``ID``, ``SIS User ID``, ``SIS Login ID``, ``Section`` (its source,
``lib/gradebook_exporter.rb``); Moodle's lists of participants and grades have ``First name``, ``Last name``
(``Surname`` before 4.0), ``Email address``, ``ID number``, ``Username``, ``Groups``, its grading worksheet
``Identifier`` and ``Full name``; every other table names its columns as it likes among `COLUMNS`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from cnn_course.collecting.roster import Person, plain_name, with_number
from cnn_course.collecting.times import read_time
from cnn_course.errors import BuildError, Problem
from cnn_course.spreadsheet import Row, Sheet

# Moodle's headings, as its language packs have them: English, German, French, Spanish, Italian, Portuguese, Dutch.
IDENTIFIER = ("identifier", "identifiant", "identificador", "identificatore", "identificativo", "identificatie")
FULL_NAME = ("full name", "vollständiger name", "nom complet", "nombre completo", "nome completo", "volledige naam")
EMAIL = (
    *("email address", "e-mail-adresse", "adresse de courriel", "dirección de correo", "dirección email"),
    *("correo electrónico", "indirizzo email", "endereço de e-mail", "endereço de email", "e-mailadres"),
)
ID_NUMBER = (
    *("id number", "id-nummer", "numéro d'identification", "número de id", "codice identificativo"),
    *("número de identificação", "idnummer"),
)
USERNAME = (
    *("username", "anmeldename", "nom d'utilisateur", "nombre de usuario", "nome utente", "nome de utilizador"),
    *("identificação de usuário", "gebruikersnaam"),
)
GROUPS = ("groups", "gruppe", "gruppen", "groupes", "grupos", "gruppi", "groepen")
_FIRST_NAME = ("vorname", "prénom", "nombre", "nome", "voornaam")
_LAST_NAME = (
    *("nachname", "nom", "nom de famille", "apellido(s)", "apellidos", "cognome", "apelido", "sobrenome"),
    "achternaam",
)
CANVAS_ID = ("SIS Login ID", "SIS User ID", "ID")
COLUMNS = {
    "id": (
        "student_id",
        "student id",
        "id",
        "username",
        "user name",
        "login",
        "sid",
        *USERNAME,
        *ID_NUMBER,
        "matrikelnummer",
    ),
    "first_name": ("first_name", "first name", "firstname", "given name", *_FIRST_NAME),
    "last_name": ("last_name", "last name", "lastname", "surname", "family name", *_LAST_NAME),
    "full_name": (*FULL_NAME, "first name / last name", "name", "student", "student name"),
    "email": ("email", "e-mail", "mail", *EMAIL),
    "section": ("section", "sections", "group", *GROUPS),
    "canvas": ("lms_user_id", "canvas id"),
    "number": ("sid", "sis user id", "matrikelnummer", *ID_NUMBER),
    "login": ("sis login id", "login", *USERNAME),
    "identifier": IDENTIFIER,
}
_NUMBERED = re.compile(r"(?P<word>[^\d.@_-]*?) ?(?P<number>\d+)")
_GRADED = 5  # columns that a grading worksheet has at least
_ID = re.compile(r"[^\s./\\\x00-\x1f\x7f*?\[\]{}<>|:\"'+&][^/\\\x00-\x1f\x7f*?\[\]{}<>|:\"'+&]{0,99}")
_SHORTENED = re.compile(r"\d+([.,]\d+)?[eE]\+\d+")  # what a spreadsheet makes of a long number: others have the same
_EXTENSION = re.compile(r"extension[ :](?P<assignment>\w+)", re.IGNORECASE)


@dataclass
class ClassList:
    """What a file says.

    Parameters
    ----------
    people : list of Person
        In the order of the file.
    extensions : list of tuple
        Student, assignment and time, from columns ``extension ASSIGNMENT``.
    notes : list of str
        What was left out.
    """

    people: list[Person] = field(default_factory=list)
    extensions: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_class_list(sheet: Sheet, known: Sequence[Person], id_column: str | None = None) -> ClassList:
    """Return the people of a class list, joined with those that are known.

    Parameters
    ----------
    sheet : Sheet
        The file.
    known : sequence of Person
        The roster so far: somebody of the same id or email address is the same person.
    id_column : str, optional
        The column that holds the ids; found by its name by default.

    Raises
    ------
    BuildError
        When there is no column of ids, a row has none, or two rows have the same; all such rows are named.
    """
    found, problems = ClassList(), list[Problem]()
    by_email = {person.email.casefold(): person for person in known if person.email}
    by_id = {person.id: person for person in known}
    by_number = by_id | {person.aliases["number"]: person for person in known if "number" in person.aliases}
    emails = dict[str, int]()
    columns, lines = _columns(sheet, id_column, known), dict[str, int]()
    for row in sheet.rows:
        said = {name: " ".join(row.fields[place].split()) for name, place in columns.items()}
        if _is_canvas(sheet) and _is_no_student(row, said):
            found.notes.append(f"{sheet.name}:{row.line} left out: no student ({row.fields[0].strip() or 'no name'})")
            continue
        given = unicodedata.normalize("NFC", said.get("id", ""))
        email = said.get("email", "").casefold()
        before = by_id.get(given) or by_email.get(email) or by_email.get(given.casefold())
        if before is None and "identifier" in columns:
            before = by_number.get(said.get("number", ""))
        student = before.id if before else given
        if before is None and "id" not in columns:
            rule = "a list without ids is of people in the roster, by email or ID number"
            step = "name a column of ids with --id, or read a list that has them first"
            found_here = repr(" ".join(filter(None, (email, said.get("number")))))
            problems.append(Problem(f"{sheet.name}:{row.line}", "", rule, found_here, step))
        elif _SHORTENED.fullmatch(student):
            step = "make the column text in the spreadsheet, enter the numbers again and export it anew"
            problems.append(Problem(f"{sheet.name}:{row.line}", "", "an id has all its digits", student, step))
        elif not _ID.fullmatch(student) or len(student.encode()) > 100:
            rule = "an id is a folder's name: letters, digits, . _ - @, at most 100 bytes"
            step = "correct the field, or name the column of ids with --id"
            problems.append(Problem(f"{sheet.name}:{row.line}", "", rule, repr(student), step))
        elif student in lines:
            step = "remove one of the rows, or name the column of ids with --id"
            problems.append(
                Problem(f"{sheet.name}:{row.line}", student, "an id is there once", f"also line {lines[student]}", step)
            )
        elif email and email in emails:
            rule, step = "an email address is one person's", "correct one of the rows, or leave one field empty"
            problems.append(Problem(f"{sheet.name}:{row.line}", student, rule, f"also line {emails[email]}", step))
        else:
            lines[student] = emails[email] = row.line
            found.people.append(_person(student, said, before))
            found.extensions += _extensions(sheet, row, student, problems)
    if problems:
        raise BuildError(f"roster {sheet.name}", problems)
    moved = [each.id for each in found.people if each.id in by_id and by_id[each.id].section not in ("", each.section)]
    if moved:  # extensions of a section follow
        found.notes.append(f"in another section than before: {', '.join(moved[:5])}" + (" ..." if moved[5:] else ""))
    return found


def participant_column(sheet: Sheet) -> int | None:
    """Return where Moodle's grading worksheet names its participants, in any language; None in other tables.

    It is the first column, and holds one word and a number: "Participant 12", "Teilnehmer/in12".
    """
    found = [_NUMBERED.fullmatch(row.fields[0].strip()) for row in sheet.rows]
    if found and len({each["word"] if each else "" for each in found}) == 1 and found[0] and found[0]["word"]:
        return 0
    return sheet.position(*IDENTIFIER)


def participant_number(text: str) -> str:
    """Return the number of a participant; empty where there is none."""
    found = _NUMBERED.fullmatch(text.strip())
    return found["number"] if found else ""


def joined(known: Sequence[Person], new: Sequence[Person]) -> list[Person]:
    """Return the roster with the people of a class list in it; nobody is taken out."""
    people = {person.id: person for person in known}
    people.update({person.id: person for person in new})
    return list(people.values())


def _columns(sheet: Sheet, id_column: str | None, known: Sequence[Person]) -> dict[str, int]:
    """Return where each piece of knowledge stands."""
    places = {name: place for name, names in COLUMNS.items() if (place := sheet.position(*names)) is not None}
    if _is_canvas(sheet):
        places["canvas"] = _place(sheet, "ID")
        places["id"] = next(place for name in CANVAS_ID if (place := sheet.position(name)) is not None)
    elif len(sheet.columns) >= _GRADED and (place := participant_column(sheet)) is not None:
        places["identifier"] = place
        if "email" not in places and (place := _email_column(sheet)) is not None:
            places["email"] = place
    if "identifier" in places and sheet.position("student_id", *USERNAME) is None:
        places.pop("id", None)  # a worksheet: its ID number, where it has one, is an alias
    if id_column is not None:
        places["id"] = _place(sheet, id_column)
    if "id" not in places and not (known and {"email", "number"} & set(places)):
        rule = "a column holds the ids of students"
        step = "name it with --id COLUMN; a Moodle worksheet is read after a list that has ids"
        raise BuildError(f"roster {sheet.name}", [Problem(f"{sheet.name}:1", "", rule, ", ".join(sheet.columns), step)])
    return places


def _email_column(sheet: Sheet) -> int | None:
    """Return the one column that holds addresses, under a heading of a language that is not listed here."""
    found = []
    for place in range(len(sheet.columns)):
        said = {row.fields[place].strip() for row in sheet.rows} - {"", "-"}
        if said and all("@" in text for text in said):
            found.append(place)
    return found[0] if len(found) == 1 else None


def _place(sheet: Sheet, name: str) -> int:
    place = sheet.position(name)
    if place is None:
        step = f"one of: {', '.join(sheet.columns)}"
        raise BuildError(f"roster {sheet.name}", [Problem(f"{sheet.name}:1", "", "the column exists", name, step)])
    return place


def _is_canvas(sheet: Sheet) -> bool:
    """Say whether a table is Canvas' gradebook; an instructor may have names in one column or in two there."""
    one = sheet.position("Student") is not None
    two = sheet.position("LastName") is not None and sheet.position("SIS Login ID") is not None
    return (one or two) and sheet.position("ID") is not None


def _is_no_student(row: Row, said: dict[str, str]) -> bool:
    """Say whether a row is Canvas' maxima, its note on posting, or its test student."""
    names = (said.get("full_name"), f"{said.get('last_name')}, {said.get('first_name')}")
    if is_maxima(row) or {"Student, Test", "Test Student"} & set(names):
        return True
    return not (row.fields[0].strip() or said.get("id"))


def is_maxima(row: Row) -> bool:
    """Say whether a row of Canvas' has the points possible: blanks stand before these words, in any language."""
    return "Points Possible" in row.fields[0] or row.fields[0].startswith("    ")


def _person(student: str, said: dict[str, str], before: Person | None) -> Person:
    """Return a person; what the file does not say stays as it was."""
    person = before or Person(student)
    first, last = said.get("first_name", ""), said.get("last_name", "")
    full = said.get("full_name", "")
    if not (first or last) and "," in full:
        last, _, first = (part.strip() for part in full.partition(","))
    if not (first or last or person.first_name or person.last_name):
        last = full  # where the family name begins is not guessed
    aliases = dict(person.aliases)
    for name in ("canvas", "number", "login"):
        if said.get(name) and (name == "canvas" or said[name] != student):
            aliases[name] = said[name]
    if full and plain_name(full) not in replace(person, first_name=first, last_name=last).names:
        aliases["full_name"] = full
    if said.get("identifier"):
        aliases["moodle"] = with_number(aliases.get("moodle", ""), participant_number(said["identifier"]))
    new = {"first_name": first, "last_name": last, "email": said.get("email", ""), "section": said.get("section", "")}
    return replace(person, aliases=aliases, **{name: text for name, text in new.items() if text})


def _extensions(sheet: Sheet, row: Row, student: str, problems: list[Problem]) -> Iterator[tuple[str, str, str]]:
    """Yield the extensions of a row, after reading their times."""
    for place, column in enumerate(sheet.columns):
        match, text = _EXTENSION.fullmatch(column), row.fields[place].strip()
        if match is None or not text:
            continue
        try:
            read_time(text)
        except ValueError as error:
            step = "correct the field or leave it empty"
            problems.append(Problem(f"{sheet.name}:{row.line}", column, "an extension is a time", str(error), step))
        yield student, match["assignment"], text
