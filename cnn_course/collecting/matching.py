"""Who an owner is in the roster: by id, else by a full name that only one student has; never by likeness."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cnn_course.collecting.hand_in import Owner
from cnn_course.collecting.roster import Person, participants, plain_name, with_number

ALONE = "number alone"


@dataclass(frozen=True)
class Match:
    """What is known of an owner: the student, how that is known; or why it is not."""

    student: str = ""
    by: str = ""
    why_not: str = ""


@dataclass
class Matcher:
    """Finds owners among people.

    Parameters
    ----------
    people : sequence of Person
        Roster and gradebook.
    ask : callable, optional
        Asked for each owner whom nobody knows; returns an id, or nothing.
    """

    people: Sequence[Person]
    ask: Callable[[Owner, str], str] | None = None
    answers: dict[Owner, Match] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._people = {person.id: person for person in self.people}
        self._by_number = _numbers(self.people)
        emails = Counter(person.email.casefold() for person in self.people)
        self._by_email = {each.email.casefold(): each.id for each in self.people if emails[each.email.casefold()] == 1}
        self._by_name: dict[str, set[str]] = defaultdict(set)
        for person in self.people:
            for name in person.names:
                self._by_name[name].add(person.id)
                self._by_name[name.replace(" ", "")].add(person.id)  # as Canvas writes it

    def match(self, owner: Owner) -> Match:
        """Return who an owner is; asked once for each."""
        if owner not in self.answers:
            found = self._find(owner)
            if found.why_not and self.ask is not None:
                said = self.ask(owner, found.why_not)
                found = Match(said, "asked") if said else found
            self.answers[owner] = found
        return self.answers[owner]

    def learned(self) -> list[Person]:
        """Return the people whose number in another system was told by hand."""
        found = []
        for owner, match in self.answers.items():
            if match.by == "asked" and owner.system in ("moodle", "canvas") and match.student in self._people:
                person = self._people[match.student]
                before = person.aliases.get("moodle", "") if owner.system == "moodle" else ""
                number = with_number(before, owner.number)
                found.append(replace(person, aliases={**person.aliases, owner.system: number}))
        return found

    def _find(self, owner: Owner) -> Match:
        """Look an owner up: number, email, full name."""
        number = self._by_number.get((owner.system, owner.number))
        if number is not None:
            return Match(number, "id" if self._has_name(number, owner) else ALONE)
        if owner.system == "anonymous":
            return Match(why_not="graded anonymously: switch that off in Canvas and download again")
        if owner.email and owner.email.casefold() in self._by_email:
            return Match(self._by_email[owner.email.casefold()], "email")
        named = self._names(owner.name)
        if len(named) == 1:
            return Match(next(iter(named)), "name")
        if named:
            return Match(why_not=f"{len(named)} students have this name: {', '.join(sorted(named))}")
        return Match(why_not="nobody in the roster has this number or name")

    def _has_name(self, student: str, owner: Owner) -> bool:
        """Say whether Canvas calls a student by name; the file of a group has the group's name there."""
        names = {name.replace(" ", "") for name in self._people[student].names}
        return owner.system != "canvas" or not names or plain_name(owner.name).replace(" ", "") in names

    def _names(self, name: str) -> set[str]:
        """Return who has a name; Moodle may put a group and a hyphen in front."""
        parts = name.split("-")
        for start in range(len(parts)):
            found = self._by_name.get(plain_name("-".join(parts[start:])), set())
            if found:
                return found
        return set()


def _numbers(people: Sequence[Person]) -> Mapping[tuple[str, str], str]:
    """Return system and number -> id."""
    found = {}
    for person in people:
        for system in ("id", "exchange", "gradescope", "blackboard"):
            found[system, person.id] = person.id
        for name in ("number", "login"):
            if name in person.aliases:
                found["gradescope", person.aliases[name]] = found["blackboard", person.aliases[name]] = person.id
        if "canvas" in person.aliases:
            found["canvas", person.aliases["canvas"]] = person.id
    return {**found, **{("moodle", number): student for number, student in participants(people).items()}}
