"""All that an assignment is graded with, as bytes and plain values: a worker gets it instead of the course folder."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from traitlets.config import Config

from splitgrade.errors import CourseError
from splitgrade.grading.gradebook_copy import GradebookCopy
from splitgrade.grading.submission_run import Workplace
from splitgrade.grading.versions import Versions, versions_here
from splitgrade.nbgrader.execute import SplitExecute
from splitgrade.submission.identity import Identity

Files = Mapping[str, bytes]
PACKAGES = "packages"  # the folder of the course's own in an unpacked bundle


@dataclass(frozen=True)
class Bundle:
    """An assignment on its way to workers.

    Parameters
    ----------
    versions : Versions
        What it has to be graded with.
    config : str
        nbgrader's configuration as JSON, classes by name; the gradebook's address is not in it.
    copy : GradebookCopy
        What the gradebook says of the assignment.
    expected : mapping of str to Identity
        The assignment's notebooks and what each is known by.
    source : mapping of str to bytes
        The instructor's files.
    packages : mapping of str to mapping of str to bytes
        The course's own packages, checks among them, by name.
    check_data : tuple of mapping of str to bytes
        What tests read, place by place.
    seed : int
        The seed of fresh inputs.
    """

    versions: Versions
    config: str
    copy: GradebookCopy
    expected: Mapping[str, Identity]
    source: Files
    packages: Mapping[str, Files]
    check_data: tuple[Files, ...]
    seed: int

    @classmethod
    def of(cls, place: Workplace) -> Bundle:
        """Return what is graded with in the course folder.

        Raises
        ------
        CourseError
            When a setting of nbgrader's configuration cannot cross to another machine.
        """
        split = SplitExecute(config=place.config)
        data = tuple(dict(_files(Path(each))) for each in split.check_data)
        packages = {folder.name: dict(_files(folder)) for folder in split.packages.code_folders}
        source, config = dict(_files(place.source)), config_text(place.config)
        return cls(versions_here(), config, place.copy, place.expected, source, packages, data, place.seed)

    @cached_property
    def digest(self) -> str:
        """Return what differs when anything in it differs."""
        plain = (asdict(self.versions), self.config, asdict(self.copy), self.seed, sorted(self.packages))
        identities = {name: [sorted(part) for part in vars(each).values()] for name, each in self.expected.items()}
        text = hashlib.sha256(json.dumps([plain, identities], default=str, sort_keys=True).encode())
        packages = (files for _, files in sorted(self.packages.items()))
        for files in (self.source, *packages, *self.check_data):
            for name, content in sorted(files.items()):
                text.update(f"\0{name}\0{len(content)}\0".encode("utf-8", "surrogateescape") + content)
            text.update(b"\0\0")
        return text.hexdigest()

    def unpack(self, folder: Path) -> Workplace:
        """Write its files into an empty folder, and return that as a place to run submissions.

        Where a sandbox has another user, that user has to be able to open the files by name; nobody can list them.
        """
        config = Config(json.loads(self.config))
        config.CourseDirectory.root, config.CourseDirectory.source_directory = str(folder), "source"
        _write(folder / "source" / self.copy.assignment, self.source)
        for name, files in self.packages.items():
            _write(folder / PACKAGES / name, files)
        config.SplitExecute.check_data = [str(folder / "data" / str(number)) for number in range(len(self.check_data))]
        for place, files in zip(config.SplitExecute.check_data, self.check_data, strict=True):
            _write(Path(place), files)
        scratch = folder / "scratch"
        scratch.mkdir(mode=0o700)
        return Workplace(folder, config, self.copy, self.expected, scratch, self.seed)


def config_text(config: Config) -> str:
    """Return nbgrader's configuration as JSON, without what belongs to the machine of the course.

    Raises
    ------
    CourseError
        When a setting is no plain value, class or path.
    """
    kept = {section: dict(settings) for section, settings in config.items()}
    for name in ("db_url", "root"):
        kept.get("CourseDirectory", {}).pop(name, None)
    return json.dumps(kept, default=_by_name, sort_keys=True)


def _by_name(value: Any) -> Any:
    if isinstance(value, type):
        return f"{value.__module__}.{value.__qualname__}"
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, set | frozenset | tuple):
        return sorted(value)
    if isinstance(value, datetime.datetime | datetime.timedelta):
        return str(value)
    raise CourseError(
        f"a setting in nbgrader_config.py cannot cross to other machines: {value!r}; use a text, a number, a list, or "
        "the name of a class, or grade without --scheduler"
    )


def _files(place: Path) -> Iterator[tuple[str, bytes]]:
    """Yield relative name and content of a file, or of all files of a folder."""
    if place.is_file():
        yield place.name, place.read_bytes()
    for path in place.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(place).as_posix(), path.read_bytes()


def _write(folder: Path, files: Files) -> None:
    folder.mkdir(parents=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
