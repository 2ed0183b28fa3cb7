"""Who is in the class: ids, names, sections, and what other systems call each person; kept beside the gradebook."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from splitgrade.errors import CourseError

ROSTER = Path(".cnn-course") / "roster.json"
_JOINED = re.compile(r",? (?:and|und|et|y|e|en) |, ")


@dataclass(frozen=True)
class Person:
    """One student.

    Parameters
    ----------
    id : str
        The folder's name in ``submitted/``, also nbgrader's student id.
    first_name, last_name, email, section : str
        Empty where nobody said.
    aliases : mapping of str to str
        What others call this person: ``canvas`` (number), ``moodle`` (numbers of the participant, one for each
        assignment, with blanks between), ``login``, ``number`` (of the matriculation), ``full_name``.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    section: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """Return how the name may be written, ready to be compared."""
        pairs = (f"{self.first_name} {self.last_name}", f"{self.last_name} {self.first_name}")
        return {plain_name(name) for name in (*pairs, self.aliases.get("full_name", ""))} - {""}


def plain_name(name: str) -> str:
    """Return a name ready to be compared: one form of each letter, lower case, words only.

    Examples
    --------
    >>> plain_name("O'Neil,  Ana-Lena") == plain_name("oneil ana lena")
    True
    """
    folded = unicodedata.normalize("NFKC", name).casefold().replace("'", "").replace("\u2019", "")
    return " ".join("".join(letter if letter.isalnum() else " " for letter in folded).split())


def sections_in(text: str) -> set[str]:
    """Return the sections that a field names, and the field as a whole.

    Canvas writes somebody's sections as a sentence in the language of the course, Moodle with commas.

    Examples
    --------
    >>> sorted(sections_in("Lab 1, Lab 2, and Lecture"))
    ['Lab 1', 'Lab 1, Lab 2, and Lecture', 'Lab 2', 'Lecture']
    """
    return {text, *_JOINED.split(text)}


def read_roster(root: Path) -> list[Person]:
    """Return the roster of a course, empty before the first import.

    Raises
    ------
    CourseError
        When the file is damaged.
    """
    path = root / ROSTER
    if not path.is_file():
        return []
    try:
        return [Person(**person) for person in json.loads(path.read_text(encoding="utf-8"))["students"]]
    except (ValueError, KeyError, TypeError) as error:
        raise CourseError(f"{path} is damaged ({error}); delete it and import the roster again") from None


def read_sections(root: Path) -> dict[str, str]:
    """Return the section of each student, as the roster has it."""
    return {person.id: person.section for person in read_roster(root)}


def write_roster(root: Path, people: Sequence[Person]) -> None:
    """Write the roster in one step."""
    path = root / ROSTER
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    content = {"version": 1, "students": [asdict(person) for person in people]}
    new.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    new.replace(path)


def participants(people: Sequence[Person]) -> dict[str, str]:
    """Return Moodle's number of each student -> id; its worksheet puts a word of its language before the number."""
    return {number: person.id for person in people for number in person.aliases.get("moodle", "").split()}


def with_number(known: str, new: str) -> str:
    """Return the numbers of a participant with another one; Moodle has a number of its own for each assignment.

    Examples
    --------
    >>> with_number("11", "52"), with_number("11 52", "11")
    ('11 52', '11 52')
    """
    return " ".join(dict.fromkeys([*known.split(), *new.split()]))
