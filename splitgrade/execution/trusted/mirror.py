"""Plain values of the student's that a test holds, kept equal with the student's process in both directions.

Only for tests whose solution needs it: what a test changes in such a value is sent before the next question, and what
the student's code has changed meanwhile comes into the value that the test holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from splitgrade.execution.wire.snapshot import assign, is_mutable, snapshot


class Mirror:
    """The values by the names, or numbers, under which they were fetched.

    Examples
    --------
    >>> mirror = Mirror()
    >>> held = mirror.hold("cart", [3])
    >>> held.append(4)
    >>> list(mirror.changes()), list(mirror.changes())
    ([('cart', [3, 4])], [])
    >>> mirror.hold("cart", [5]) is held, held
    (True, [5])
    """

    def __init__(self) -> None:
        self._held: dict[Any, tuple[Any, Any]] = {}

    def hold(self, name: Any, value: Any) -> Any:
        """Return a value that was fetched, as the object that the test holds under this name if it has one."""
        if not is_mutable(value):
            self._held.pop(name, None)
            return value
        known = self._held[name][0] if name in self._held else None
        if known is not None and known is not value and assign(known, value):
            value = known
        self._held[name] = value, snapshot(value)
        return value

    def changes(self) -> Iterator[tuple[Any, Any]]:
        """Yield what the test has changed since it was fetched or sent."""
        for name, (value, before) in list(self._held.items()):
            now = snapshot(value)
            if now != before:
                self._held[name] = value, now
                yield name, value

    def forget(self, name: Any) -> None:
        """Hold nothing under a name any more."""
        self._held.pop(name, None)
