"""The form of answers that are values: which words, letters or numbers are legal. Nothing here says which are right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from student_kit import plain
from student_kit.plain import Finding


@dataclass(frozen=True)
class Letters:
    """One letter, or with `several` any number of letters, out of `options`."""

    options: str
    several: bool = False

    def finding(self, value: object) -> Finding | None:
        """Return what is wrong with the form of an answer."""
        got = plain.letters(value, self.options, self.several)
        return got if isinstance(got, Finding) else None

    def legal(self) -> str:
        """Return the legal answers in words."""
        return f"{'letters' if self.several else 'one letter'} out of {', '.join(self.options)}"


@dataclass(frozen=True)
class OneNumber:
    """One finite number."""

    def finding(self, value: object) -> Finding | None:
        """Return what is wrong with the form of an answer."""
        got = plain.number(value)
        return got if isinstance(got, Finding) else None


@dataclass(frozen=True)
class Numbers:
    """A tuple of `count` finite numbers."""

    count: int

    def finding(self, value: object) -> Finding | None:
        """Return what is wrong with the form of an answer."""
        got = plain.numbers(value, self.count)
        return got if isinstance(got, Finding) else None


@dataclass(frozen=True)
class DictOfNumbers:
    """A dict with a finite number for each of `keys`."""

    keys: tuple[str, ...]

    def finding(self, value: object) -> Finding | None:
        """Return everything that is wrong with the form of an answer."""
        read = plain.numbers_by_name(value, self.keys)
        return read if isinstance(read, Finding) else all_of(read)


@dataclass(frozen=True)
class DictOfSets:
    """A dict with one set out of the printed `words` for each of `keys`."""

    keys: tuple[str, ...]
    words: frozenset[str]

    def finding(self, value: object) -> Finding | None:
        """Return everything that is wrong with the form of an answer."""
        read = plain.sets_of_text(value, self.keys)
        if isinstance(read, Finding):
            return read
        return all_of({key: self._foreign(entry) or entry for key, entry in read.items()})

    def _foreign(self, entry: frozenset[str] | Finding) -> Finding | None:
        """Return a finding for words that are not printed in the notebook."""
        foreign = [] if isinstance(entry, Finding) else sorted(entry - self.words)
        named = ", ".join(repr(word[:40]) for word in foreign[:3])
        return Finding("type", f"Not in the printed list of words: {named}.") if foreign else None


Form = Letters | OneNumber | Numbers | DictOfNumbers | DictOfSets


def all_of(entries: Mapping[str, object]) -> Finding | None:
    """Return what is wrong with the entries, a line for each; not answered where some are blank and none is wrong."""
    found = {key: entry for key, entry in entries.items() if isinstance(entry, Finding)}
    if not found:
        return None
    if len(found) == len(entries) and all(entry.stage == "not answered" for entry in found.values()):
        return Finding("not answered", "Not answered yet.")
    stage = next((entry.stage for entry in found.values() if entry.stage != "not answered"), "not answered")
    absent = ", ".join(f'"{key}"' for key, entry in found.items() if entry.stage == "missing")
    lines = [f'"{key}": {entry.message}' for key, entry in found.items() if entry.stage != "missing"]
    return Finding(stage, "\n".join([*([f"The dict has no key {absent}."] if absent else []), *lines]))
