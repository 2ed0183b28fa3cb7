"""Whose file is whose in the downloads of other systems.

- Moodle, *View all submissions > Download all submissions*: ``Ada Okafor_11_assignsubmission_file/ex41.ipynb``, with a
  ``_`` at the end of the folder before 4.1, without folders in 3.0; 11 is the participant, a group may stand in front
  (its source, ``mod/assign/feedback/file/importziplib.php``).
- Canvas, *Download Submissions*: ``okaforada_LATE_1001_55_ex41-1.ipynb``: sortable name without punctuation, a word
  where it is late, user, attachment, name; ``-1`` counts hand-ins. A group's name stands in place of one member's; a
  text or a link has no attachment; graded anonymously it is ``LATE_anon_x7Kp2_55_ex41.ipynb`` (its source,
  ``lib/content_zipper.rb``).
- Blackboard, *Assignment File Download*: ``Homework_ada_attempt_2026-11-20-21-00-00_ex41.ipynb``, and for each attempt
  a text file without a name at its end.
- Gradescope, *Export Submissions*: ``submission_7/...`` and ``submission_metadata.yml``, which lists each folder's
  ``:submitters:`` (name, sid, email) and ``:created_at:``.
- nbgrader's exchange, its folder ``inbound``: ``ada+cnn_quiz+2026-11-20 21:00:00.000000 UTC+xyz/quiz.ipynb``.
- folders or zips named after a student's id, as nbgrader keeps them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import PurePosixPath

from cnn_course.collecting.archive import Item
from cnn_course.collecting.gradescope import METADATA, Submission, read_owners
from cnn_course.collecting.hand_in import HandIn, Owner

TIMESTAMP = "timestamp.txt"
_MOODLE = re.compile(r"(?P<name>[^_]+)_(?P<number>\d+)_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<rest>.*))?")
_CANVAS = re.compile(
    r"(?P<name>[^_]+(?:_\D[^_]*)*?)_(?:(?P<late>LATE)_)?(?P<number>\d+)_"
    r"(?:(?P<attachment>\d+)_(?P<file>.+)|(?:text|link)\.html)"
)
_ANONYMOUS = re.compile(r"(?:LATE_)?anon_(?P<number>[A-Za-z0-9]+)_.+")
_BLACKBOARD = re.compile(r"(?P<whose>.+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)")
_EXCHANGE = re.compile(r"(?P<id>[^+]+)\+(?P<assignment>[^+]+)\+(?P<time>[^+]+) UTC(?:\+[\w-]+)?")


def hand_ins(items: Sequence[Item], students: Collection[str]) -> tuple[list[HandIn], list[str]]:
    """Return the files of a source with their owners, and what belongs to nobody, in words.

    Parameters
    ----------
    items : sequence of Item
        The files of one source.
    students : collection of str
        The ids that are known.

    Raises
    ------
    BuildError
        When Gradescope's list of submissions cannot be read.
    """
    submissions: dict[PurePosixPath, Submission] = {}
    known = {_one_form(student): student for student in students}
    for item in sorted((each for each in items if each.path.name == METADATA), key=lambda each: len(each.path.parts)):
        if not _read(item, known, submissions):  # one inside a hand-in is a student's own
            submissions |= read_owners(item)
    found: list[HandIn] = []
    left: list[str] = []
    for item in items:
        mine = _read(item, known, submissions)
        if mine and mine[0].owner.system == "exchange" and mine[0].inside.name == TIMESTAMP:
            continue  # the folder's name has the same time
        if not mine and item.path.name != METADATA:
            left.append(f"{item}: whose it is cannot be seen from its path")
        elif mine and mine[0].inside.name == "":
            left.append(f"{item}: a text for the other system, not a file")
        else:
            found += mine
    return found, left


def _read(item: Item, known: Mapping[str, str], submissions: Mapping[PurePosixPath, Submission]) -> list[HandIn]:
    """Return a file as a hand-in of each of its owners.

    The outermost part of its path that names one decides: what lies deeper the student has named, after anybody.
    """
    for place, part in enumerate(item.path.parts):
        rest = item.path.parts[place + 1 :]
        folder = PurePosixPath(*item.path.parts[: place + 1])
        if folder in submissions and rest:
            people, time = submissions[folder]
            return [HandIn(each, PurePosixPath(*rest), item, time or item.handed_in(place)) for each in people]
        mine = (
            _moodle(item, place, part, rest)
            or (place < _OUTER and (_canvas(item, place, part, rest) or _blackboard(item, part, rest, known)))
            or (rest and (_exchange(item, part, rest) or (place <= _OUTER and _by_id(item, place, part, known))))
        )
        if mine:
            return [mine]
    return []


_OUTER = 2  # folders, such as that of an unpacked download, which may lie around a part that names an owner


def _moodle(item: Item, place: int, part: str, rest: tuple[str, ...]) -> HandIn | None:
    """Read a part of a path in Moodle's download."""
    match = _MOODLE.fullmatch(part)
    if match is None:
        return None
    own = [match["rest"]] if match["rest"] else []
    inside = PurePosixPath(*own, *rest) if match["plugin"] == "file" else PurePosixPath()
    return HandIn(Owner("moodle", match["name"], match["number"]), inside, item, item.handed_in(place))


def _canvas(item: Item, place: int, part: str, rest: tuple[str, ...]) -> HandIn | None:
    """Read a part of a path in Canvas' download; a zip that was handed in is a folder here."""
    if (match := _ANONYMOUS.fullmatch(part)) is not None:
        owner = Owner("anonymous", "somebody whom Canvas does not name", match["number"])
        return HandIn(owner, PurePosixPath(*(rest or [part])), item, item.handed_in(place))
    if (match := _CANVAS.fullmatch(part)) is None:
        return None
    inside = PurePosixPath(*(rest or [match["file"] or ""]))
    owner, order = Owner("canvas", match["name"], match["number"]), int(match["attachment"] or 0)
    return HandIn(owner, inside, item, item.handed_in(place), order, match["late"] is not None)


def _blackboard(item: Item, part: str, rest: tuple[str, ...], known: Mapping[str, str]) -> HandIn | None:
    """Read a part of a path in Blackboard's download; names of assignments and of users may hold a ``_``."""
    match = _BLACKBOARD.fullmatch(part)
    if match is None:
        return None
    words = match["whose"].split("_")
    ends = ["_".join(words[start:]) for start in range(1, len(words))] or words
    user = next((known[_one_form(end)] for end in ends if _one_form(end) in known), ends[-1])
    time = None
    with suppress(ValueError):  # a name that only looks like one of Blackboard's
        time = datetime.strptime(match["time"], "%Y-%m-%d-%H-%M-%S")
    return HandIn(Owner("blackboard", user, user), PurePosixPath(*(rest or [match["file"] or ""])), item, time)


def _exchange(item: Item, part: str, rest: tuple[str, ...]) -> HandIn | None:
    """Read a folder of the exchange's ``inbound``; every hand-in is there, with the key to its feedback."""
    match = _EXCHANGE.fullmatch(part)
    if match is None:
        return None
    time = None
    with suppress(ValueError):  # a folder that somebody made by hand
        time = datetime.fromisoformat(match["time"]).replace(tzinfo=UTC)
    owner = Owner("exchange", match["id"], match["id"])
    return HandIn(owner, PurePosixPath(*rest), item, time, assignment=match["assignment"])


def _by_id(item: Item, place: int, part: str, known: Mapping[str, str]) -> HandIn | None:
    """Read a folder or a zip that is named after a student's id."""
    name = known.get(_one_form(part)) or known.get(_one_form(part.removesuffix(".zip")))
    if name is None:
        return None
    inside = PurePosixPath(*item.path.parts[place + 1 :])
    return HandIn(Owner("id", name, name), inside, item, item.handed_in(place))


def _one_form(name: str) -> str:
    """Return a name as it is compared: macOS writes an accent as a sign of its own."""
    return unicodedata.normalize("NFC", name)
