"""Plain values that crossed in a test, either way, and are one object on both sides for as long as the test runs.

Values cross as copies. A test that changes a list which it handed over, or got, and then asks again means the student's
own list: in a kernel there is one. Only for tests that do so with the instructor's solution, and while it is recorded:
what such a test changes is sent before its next question, and an object that comes again is the one that it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from splitgrade.execution.trusted.mirror import Mirror
from splitgrade.execution.wire.snapshot import is_mutable, snapshot
from splitgrade.sandbox.limits import MAX_CROSSED


class Crossed:
    """The values by the numbers that the student's process has for its objects.

    Examples
    --------
    >>> crossed, items = Crossed(), [1]
    >>> crossed.lend(7, items)
    >>> items.append(2)
    >>> list(crossed.changes()), crossed.number_of(items)
    ([(7, [1, 2])], 7)
    >>> crossed.take(7, [1, 2]) is items, crossed.take(7, [5]), items
    (True, [5], [1, 2])
    """

    def __init__(self) -> None:
        self._mirror: Mirror = Mirror()
        self._numbers: dict[int, tuple[int, Any]] = {}  # by identity, each kept alive
        self._lent: dict[int, Any] = {}
        self._taken: set[int] = set()

    @property
    def full(self) -> bool:
        """Return whether nothing more is held."""
        return len(self._numbers) >= MAX_CROSSED

    def number_of(self, value: Any) -> int | None:
        """Return the number of a value that has crossed."""
        return self._numbers.get(id(value), (None,))[0]

    def lend(self, number: int, value: Any) -> None:
        """Hold an argument; what the student's code changes in it never comes here by itself."""
        if number not in self._lent and number not in self._taken:
            self._lent[number] = value
            self._hold(number, value)

    def take(self, number: int, value: Any) -> Any:
        """Return a value of the student's as the object that the test has of it, if it has one."""
        if number in self._lent:
            lent = self._lent[number]
            return lent if snapshot(lent) == snapshot(value) else value
        if not is_mutable(value):
            return value
        self._taken.add(number)
        return self._hold(number, value)

    def changes(self) -> Iterator[tuple[int, Any]]:
        """Yield what the test has changed since it crossed."""
        return self._mirror.changes()

    def may_be_entangled(self) -> bool:
        """Return whether the test has changed the inside of a value that may be another's too, which no copy shows.

        Both an argument and a value of the student's have lists in them: after ``list(argument)`` those are the same.
        """
        deep = {number for number, value in self._numbers.values() if _is_deep(value)}
        touched = deep & {number for number, _ in self._mirror.changes()}
        return bool(touched and deep & self._lent.keys() and deep & self._taken)

    def _hold(self, number: int, value: Any) -> Any:
        held = self._mirror.hold(number, value)
        self._numbers[id(held)] = number, held
        return held


def _is_deep(value: Any) -> bool:
    """Return whether a value holds others that may change."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return any(is_mutable(each) for each in inside)
