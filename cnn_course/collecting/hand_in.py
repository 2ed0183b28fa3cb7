"""One file that somebody handed in through another system, and whose it is, as that system says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from cnn_course.collecting.archive import Item


@dataclass(frozen=True)
class Owner:
    """Whose a file is, as the other system says.

    Parameters
    ----------
    system : {"moodle", "canvas", "anonymous", "gradescope", "blackboard", "exchange", "id"}
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
