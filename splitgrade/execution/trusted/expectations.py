"""What the instructor's solution gave a test cell, and holding a student's values against it.

A test reaches values along paths: ``conv2d`` is a name, ``conv2d()`` what calling it gave, ``net.layers[]`` an item.
While the instructor's solution runs, the paths that led to opaque objects, the operators used on them and the
arguments that calls changed are recorded; while a student's runs, nothing else is let through.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from splitgrade.errors import OpaqueError

Mode = Literal["free", "record", "enforce"]


class Expectations:
    """The record of one test cell.

    Parameters
    ----------
    mode : {"free", "record", "enforce"}
        ``free`` where there is no record to hold against.
    record : mapping, optional
        What an earlier run in ``record`` mode returned from `to_json`.

    Examples
    --------
    >>> recorded = Expectations("record")
    >>> recorded.check_value("Vector()", "object", "Vector")
    >>> enforced = Expectations("enforce", recorded.to_json())
    >>> enforced.check_value("Vector()", "object", "Vector")
    >>> try:
    ...     enforced.check_value("norm()", "object", "Liar")
    ... except OpaqueError as error:
    ...     print(error)
    norm() gave an object of type "Liar"; plain data was expected
    """

    def __init__(self, mode: Mode = "free", record: Mapping[str, Any] | None = None) -> None:
        self.mode = mode
        record = record or {}
        self._opaque: set[str] = set(record.get("opaque", ()))
        self._operators: set[str] = set(record.get("operators", ()))
        self._seen: set[str] = set(record.get("seen", ()))
        self._fields: set[str] = set(record.get("fields", ()))
        self._derived: set[str] = set(record.get("derived", ()))
        self.holds = mode == "record" or bool(record.get("holds"))  # values that cross are one object on both sides
        self._needs_holding = False
        self._changed: dict[str, list[int | str]] = {path: list(p) for path, p in record.get("changed", {}).items()}

    def check_plain(self, path: str) -> None:
        """Note that a path led to plain data."""
        if self.mode == "record":
            self._seen.add(path)

    def check_value(self, path: str, kind: str, type_name: str) -> None:
        """Note an opaque object, or refuse it.

        Raises
        ------
        OpaqueError
            When the instructor's solution gave plain data there.
        """
        if self.mode == "record":
            self._seen.add(path)
            self._opaque.add(path)
        elif self.mode == "enforce" and path not in self._opaque:
            # A function under a name that the solution's run never reached can do no harm before it is called.
            if path.isidentifier() and path not in self._seen and kind == "function":
                return
            verb = "is" if path.isidentifier() else "gave"
            what = f"a {kind}" if kind in ("function", "class", "module") else f'an object of type "{type_name}"'
            raise OpaqueError(f"{path} {verb} {what}; plain data was expected", what)

    def permits(self, path: str, operator: str) -> bool:
        """Return whether an opaque object may meet plain data in an operator."""
        if self.mode == "record":
            self._operators.add(f"{path} {operator}")
        return self.mode == "record" or f"{path} {operator}" in self._operators

    def note_holding(self) -> None:
        """Note that the test needs values that cross to be one object on both sides."""
        self._needs_holding = True

    def note_change(self, path: str, place: int | str) -> None:
        """Note that a call changed an argument in place."""
        if self.mode == "record":
            places = self._changed.setdefault(path, [])
            if place not in places:
                places.append(place)

    def changes(self, path: str) -> list[int | str]:
        """Return which arguments of a call the instructor's solution changed."""
        return self._changed.get(path, [])

    def names_fields(self, path: str) -> bool:
        """Return whether a named tuple may come there as one: else its fields could be a lying ``shape``."""
        return self.mode != "enforce" or path in self._fields

    def note_fields(self, path: str) -> None:
        """Note that a named tuple came there."""
        if self.mode == "record":
            self._fields.add(path)

    def check_derived(self, path: str) -> None:
        """Note that something derived came there, or refuse it: for a test that asks for types.

        Raises
        ------
        OpaqueError
            When the instructor's solution gave the very type there.
        """
        if self.mode == "record":
            self._derived.add(path)
        elif self.mode == "enforce" and path not in self._derived:
            raise OpaqueError(f"{path} gave an object of a derived class; the very class was expected")

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON data."""
        return {
            "opaque": sorted(self._opaque),
            "operators": sorted(self._operators),
            "seen": sorted(self._seen),
            "fields": sorted(self._fields),
            "derived": sorted(self._derived),
            "changed": self._changed,
            "holds": self._needs_holding,
        }
