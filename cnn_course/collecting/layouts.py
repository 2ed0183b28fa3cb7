"""Whose file is whose in the downloads of other systems.

- Moodle, *View all submissions > Download all submissions*: ``Ada Okafor_11_assignsubmission_file/ex41.ipynb``, with a
  ``_`` at the end of the folder before 4.1, without folders in 3.0; 11 is the participant, a group may stand in front
  (its source, ``mod/assign/feedback/file/importziplib.php``).
- Canvas, *Download Submissions*: ``okaforada_LATE_1001_55_ex41-1.ipynb``: sortable name without punctuation, a word
  where it is late, user, attachment, name; ``-1`` counts hand-ins (its source, ``lib/content_zipper.rb``).
- Gradescope, *Export Submissions*: ``submission_7/...`` and ``submission_metadata.yml``, which lists each folder's
  ``:submitters:`` (name, sid, email) and ``:created_at:``.
- nbgrader's exchange, its folder ``inbound``: ``ada+cnn_quiz+2026-11-20 21:00:00.000000 UTC+xyz/quiz.ipynb``.
- folders or zips named after a student's id, as nbgrader keeps them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

import yaml

from cnn_course.collecting.archive import Item
from cnn_course.errors import BuildError, Problem

METADATA, TIMESTAMP = "submission_metadata.yml", "timestamp.txt"
_MOODLE = re.compile(r"(?P<name>[^_]+)_(?P<number>\d+)_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<rest>.*))?")
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?:(?P<late>LATE)_)?(?P<number>\d+)_(?P<attachment>\d+)_(?P<file>.+)")
_EXCHANGE = re.compile(r"(?P<id>[^+]+)\+(?P<assignment>[^+]+)\+(?P<time>[^+]+) UTC(?:\+[\w-]+)?")


@dataclass(frozen=True)
class Owner:
    """Whose a file is, as the other system says.

    Parameters
    ----------
    system : {"moodle", "canvas", "gradescope", "exchange", "id"}
        Who says so.
    name, number, email : str
        What it says; ``number`` is the participant, the user, the SID or the id.
    """

    system: str
    name: str
    number: str = ""
    email: str = ""

    def __str__(self) -> str:
        """Return the owner in words."""
        known = ", ".join(part for part in (self.number, self.email) if part and part != self.name)
        return f"{self.name} ({self.system} {known})" if known else f"{self.name} ({self.system})"


@dataclass(frozen=True)
class HandIn:
    """One file that somebody handed in.

    Parameters
    ----------
    owner : Owner
        Who.
    inside : PurePosixPath
        The file's name, with the folders that the student made.
    item : Item
        The file.
    time : datetime or None
        When it was handed in: exact with a zone, without one as the archive says.
    order : int
        Later hand-ins have a higher one where the time does not tell.
    late : bool
        Whether the other system says that it is late.
    assignment : str
        What the other system says that it belongs to; empty where it says nothing.
    """

    owner: Owner
    inside: PurePosixPath
    item: Item
    time: datetime | None
    order: int = 0
    late: bool = False
    assignment: str = ""


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
    gradescope = _gradescope_owners(items)
    found: list[HandIn] = []
    left: list[str] = []
    for item in items:
        if item.path.name == METADATA:
            continue
        mine = (
            _gradescope(item, gradescope) or _moodle(item) or _canvas(item) or _exchange(item) or _by_id(item, students)
        )
        if mine and mine[0].owner.system == "exchange" and mine[0].inside.name == TIMESTAMP:
            continue  # the folder's name has the same time
        if not mine:
            left.append(f"{item}: whose it is cannot be seen from its path")
        elif mine[0].owner.system == "moodle" and mine[0].inside.name == "":
            left.append(f"{item}: an online text, not a file")
        else:
            found += mine
    return found, left


def _moodle(item: Item) -> list[HandIn]:
    """Read a path of Moodle's download."""
    for place, part in enumerate(item.path.parts):
        match = _MOODLE.fullmatch(part)
        if match is not None:
            rest = [match["rest"]] if match["rest"] else []
            inside = PurePosixPath(*rest, *item.path.parts[place + 1 :])
            if match["plugin"] != "file":
                inside = PurePosixPath()
            return [HandIn(Owner("moodle", match["name"], match["number"]), inside, item, item.handed_in(place))]
    return []


def _canvas(item: Item) -> list[HandIn]:
    """Read a path of Canvas' download; a zip that was handed in is a folder here."""
    for place, part in enumerate(item.path.parts[:2]):
        match = _CANVAS.fullmatch(part)
        if match is not None:
            rest = item.path.parts[place + 1 :]
            inside = PurePosixPath(*(rest or [match["file"]]))
            owner, order = Owner("canvas", match["name"], match["number"]), int(match["attachment"])
            return [HandIn(owner, inside, item, item.handed_in(place), order, match["late"] is not None)]
    return []


def _exchange(item: Item) -> list[HandIn]:
    """Read a path of the exchange's ``inbound``; every hand-in is there, with the key to its feedback."""
    for place, part in enumerate(item.path.parts[:-1]):
        match = _EXCHANGE.fullmatch(part)
        if match is not None:
            inside, owner = PurePosixPath(*item.path.parts[place + 1 :]), Owner("exchange", match["id"], match["id"])
            time = None
            with suppress(ValueError):  # a folder that somebody made by hand
                time = datetime.fromisoformat(match["time"]).replace(tzinfo=UTC)
            return [HandIn(owner, inside, item, time, assignment=match["assignment"])]
    return []


def _by_id(item: Item, students: Collection[str]) -> list[HandIn]:
    """Read a path with a folder or a zip that is named after a student's id."""
    for place, part in enumerate(item.path.parts[:-1][:3]):
        name = part if part in students else part.removesuffix(".zip")
        if name in students:
            inside = PurePosixPath(*item.path.parts[place + 1 :])
            return [HandIn(Owner("id", name, name), inside, item, item.handed_in(place))]
    return []


def _gradescope(item: Item, owners: Mapping[PurePosixPath, tuple[list[Owner], datetime | None]]) -> list[HandIn]:
    """Return a copy for each member of a group."""
    for folder, (people, time) in owners.items():
        if folder in item.path.parents:
            inside = item.path.relative_to(folder)
            return [HandIn(owner, inside, item, time or item.time) for owner in people]
    return []


def _gradescope_owners(items: Sequence[Item]) -> dict[PurePosixPath, tuple[list[Owner], datetime | None]]:
    """Read every list of submissions among the files."""
    found = {}
    for item in items:
        if item.path.name != METADATA:
            continue
        try:
            content = yaml.load(item.read(), _Loader)  # noqa: S506 - a SafeLoader
            for folder, said in content.items():
                people = [_owner(each) for each in said[":submitters"]]
                found[item.path.parent / str(folder)] = people, _time(said.get(":created_at"))
        except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
            rule, step = "it lists submitters of each submission", "export the submissions again"
            problem = Problem(item.source, str(item.path), rule, str(error).splitlines()[0], step)
            raise BuildError("collect", [problem]) from None
    return found


def _owner(said: Mapping[str, Any]) -> Owner:
    return Owner("gradescope", *(str(said.get(name) or "") for name in (":name", ":sid", ":email")))


def _time(said: object) -> datetime | None:
    """Return an exact time, None where there is none; YAML's own times without a zone are UTC."""
    if isinstance(said, str):
        said = datetime.fromisoformat(said.replace(" Z", "Z").replace(" UTC", "Z"))
    if not isinstance(said, datetime):
        return None
    return said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # yaml ships no types
    """YAML without objects; of Ruby's times the UTC half is taken."""


def _ruby(loader: Any, _suffix: str, node: Any) -> object:
    if not isinstance(node, yaml.MappingNode):
        return loader.construct_scalar(node)
    return loader.construct_mapping(node).get("utc")


_Loader.add_multi_constructor("!ruby/", _ruby)
