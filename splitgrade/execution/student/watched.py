"""Arguments that a call may change in place, in the student's process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from splitgrade.execution.wire.snapshot import is_mutable, snapshot


class Watched:
    """Arguments that a call may change in place.

    Parameters
    ----------
    places : sequence of (place, value)
        Position or name, and the argument.
    """

    def __init__(self, places: Sequence[tuple[int | str, Any]]) -> None:
        self._kept = [(place, value, snapshot(value)) for place, value in places if is_mutable(value)]

    def place_of(self, value: Any) -> int | str | None:
        """Return where ``value`` itself was among the arguments."""
        return next((place for place, argument, _ in self._kept if argument is value), None)

    def held(self) -> list[tuple[int | str, Any]]:
        """Return the places and arguments that may change."""
        return [(place, value) for place, value, _ in self._kept]

    def changed(self) -> list[tuple[int | str, Any]]:
        """Return the places and arguments that hold something else now."""
        return [(place, value) for place, value, before in self._kept if snapshot(value) != before]
