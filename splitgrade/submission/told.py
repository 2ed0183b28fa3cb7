"""What a student is told of a submission beside the graded notebooks: what became of the files, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Told:
    """What was decided before any notebook was run.

    Parameters
    ----------
    reasons : mapping of str to str
        Why notebooks that were handed in could not be graded.
    notes : sequence of str
        What was found, taken, unpacked and left out.
    """

    reasons: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
