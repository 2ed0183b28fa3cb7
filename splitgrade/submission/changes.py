"""Changes: what in a submission is not as it was handed out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from splitgrade.execution.wire.text import clean_text


@dataclass(frozen=True)
class Change:
    """Something in a submission that is not as it was handed out.

    Parameters
    ----------
    rule : str
        One word: ``edited``, ``missing``, ``duplicate``, ``moved``, ``flags``, ``tags``, ``kind``, ``foreign``,
        ``text``, ``markup``, ``cells``, ``files``,
        ``identity``, ``place``, ``outputs`` or ``kernel``.
    cell : str
        The grade_id; empty where no cell is meant.
    says : str
        What was found and what was done.
    """

    rule: str
    cell: str
    says: str


def changes_of(notebook: Any) -> list[Change]:
    """Return the changes that an earlier `restore` wrote into the notebook's metadata."""
    noted = mapping(mapping(notebook.get("metadata")).get("splitgrade")).get("changes")
    rows = [row for row in (noted if isinstance(noted, list) else []) if isinstance(row, Mapping)]
    return [
        Change(*(clean_text(row[key][:500]) for key in ("rule", "cell", "says")))
        for row in rows[:1000]
        if set(row) == {"rule", "cell", "says"} and all(isinstance(value, str) for value in row.values())
    ]


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a mapping as it is, and an empty one in place of anything else."""
    return value if isinstance(value, Mapping) else {}
