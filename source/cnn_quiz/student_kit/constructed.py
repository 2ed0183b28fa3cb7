"""The form of answers that are constructed: tables of numbers, pairs of sizes, verdicts with a reason.

Hidden checks read answers with the same functions, so a form that is accepted here is accepted there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from student_kit import plain
from student_kit.form import all_of
from student_kit.plain import Array, Finding, type_name

LONGEST_SIDE = 64


@dataclass(frozen=True)
class Numbers:
    """An array of numbers, or lists of them.

    Attributes
    ----------
    axes : tuple of (int or None)
        The length of each axis; None where it may be anything from 1 to 64.
    whole : bool
        Whether only whole numbers from 1 to 1,000 are asked for: sizes.
    says : str
        What is asked for, in words.
    """

    axes: tuple[int | None, ...]
    says: str
    whole: bool = False

    def read(self, value: object) -> Array | Finding:
        """Return the numbers as float64, or what is wrong with their form."""
        got = plain.array(value)
        if isinstance(got, Finding):
            return Finding(got.stage, f"{got.message} Asked for: {self.says}.")
        sides = zip(got.shape, self.axes, strict=False)
        if got.ndim != len(self.axes) or any(
            side != (wanted or min(max(side, 1), LONGEST_SIDE)) for side, wanted in sides
        ):
            return Finding("shape", f"Asked for: {self.says}; this has shape {got.shape}.")
        if got.dtype.kind not in "iuf":
            return Finding("type", f"Asked for: {self.says}; True and False are no numbers here.")
        numbers = got.astype(np.float64)
        if not np.isfinite(numbers).all() or np.abs(numbers).max() > 1e9:
            return Finding("non-finite", f"Asked for: {self.says}; every number finite and at most a billion.")
        if self.whole and ((numbers != np.round(numbers)).any() or numbers.min() < 1 or numbers.max() > 1000):
            return Finding("type", f"Asked for: {self.says}; sizes are whole numbers from 1 to 1,000.")
        return numbers


@dataclass(frozen=True)
class Constructed:
    """A dict with an array of numbers for each name."""

    entries: Mapping[str, Numbers]

    def finding(self, value: object) -> Finding | None:
        """Return the first thing that is wrong with the form of an answer."""
        read = by_name(value, self.entries)
        return read if isinstance(read, Finding) else all_of(read)


@dataclass(frozen=True)
class Claims:
    """A dict with a verdict and the letter of a reason for each claim, such as ``(True, "b")``."""

    keys: tuple[str, ...]
    reasons: str

    def finding(self, value: object) -> Finding | None:
        """Return the first thing that is wrong with the form of an answer."""
        read = claims_by_name(value, self.keys, self.reasons)
        return read if isinstance(read, Finding) else all_of(read)


def by_name(value: object, entries: Mapping[str, Numbers]) -> dict[str, Array | Finding] | Finding:
    """Return the numbers of each entry, or what is wrong with their form; `...` counts as not answered."""
    given = _dict(value)
    if isinstance(given, Finding):
        return given
    return {name: _present(given, name) or form.read(given[name]) for name, form in entries.items()}


def claims_by_name(
    value: object, keys: tuple[str, ...], reasons: str
) -> dict[str, tuple[bool, str] | Finding] | Finding:
    """Return verdict and reason for each claim, or what is wrong with their form."""
    given = _dict(value)
    if isinstance(given, Finding):
        return given
    return {key: _present(given, key) or _claim(given[key], reasons) for key in keys}


def _dict(value: object) -> dict[str, object] | Finding:
    if type(value) is not dict or any(type(key) is not str for key in value):
        return Finding("type", f"A dict with text as keys is asked for, but this is {type_name(value)}.")
    return value


def _present(given: dict[str, object], key: str) -> Finding | None:
    if key not in given:
        return Finding("missing", f'The dict has no key "{key}".')
    return Finding("not answered", "Not answered yet.") if plain.is_blank(given[key]) else None


def _claim(value: object, reasons: str) -> tuple[bool, str] | Finding:
    legal = f'Asked for: True or False and a letter out of {", ".join(reasons)}, such as (True, "{reasons[0]}").'
    if type(value) not in (tuple, list):
        return Finding("type", legal)
    pair = cast("tuple[object, ...]", value)
    if len(pair) != 2:
        return Finding("type", legal)
    verdict, reason = pair
    if plain.is_blank(verdict) or plain.is_blank(reason):
        return Finding("not answered", "Not answered yet.")
    if type(verdict) not in plain.BOOL_TYPES:
        return Finding("type", legal)
    letter = plain.letters(reason, reasons, several=False)
    return Finding("type", legal) if isinstance(letter, Finding) else (bool(verdict), letter)
