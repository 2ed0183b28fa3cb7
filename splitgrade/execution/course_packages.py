"""The packages of a course that its grading knows by name: kept warm, travelling with notebooks, or private."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class CoursePackages:
    """Names of importable packages, as ``nbgrader_config.py`` lists them; those that are not there are left out.

    Parameters
    ----------
    warm : tuple of str
        Installed modules that are imported before the first notebook, on both sides.
    checks : tuple of str
        Imported before the first notebook, for tests only; students' processes never see them.
    travelling : tuple of str
        Packages that lie beside the notebooks of an assignment; imported on both sides where they are the same.
    private : tuple of str
        Further packages that students' processes never see.
    """

    warm: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    travelling: tuple[str, ...] = ()
    private: tuple[str, ...] = ()

    @property
    def for_students(self) -> tuple[str, ...]:
        """Return what a student's process imports ahead."""
        return self.travelling

    @property
    def for_tests(self) -> tuple[str, ...]:
        """Return what a trusted process imports ahead."""
        return (*self.checks, *self.for_students)

    def folders(self, names: Iterable[str]) -> tuple[Path, ...]:
        """Return where packages lie; modules of a single file and what is not there are left out."""
        return tuple(dict.fromkeys(folder for name in names if (folder := _folder(name)) is not None))

    def copies(self, names: Iterable[str]) -> tuple[Path, ...]:
        """Return every place where packages lie: a course may have its own of one that is installed as well."""
        places = dict.fromkeys(Path(place).resolve() for place in sys.path if place)
        found = [place / name for name in names for place in places if (place / name / "__init__.py").is_file()]
        return tuple(dict.fromkeys((*self.folders(names), *found)))

    @cached_property
    def code_folders(self) -> tuple[Path, ...]:
        """Return where the course's own packages lie: all but those that are only kept warm."""
        return self.folders((*self.checks, *self.travelling, *self.private))

    @cached_property
    def _travel(self) -> dict[str, dict[str, bytes]]:
        folders = ((name, _folder(name)) for name in self.travelling)
        return {name: dict(_files(folder)) for name, folder in folders if folder is not None}

    def loaded(self, files: Mapping[str, bytes]) -> dict[str, Path]:
        """Return the travelling packages that an assignment has as they are loaded, each with its folder."""
        return {name: folders[0] for name in self._same_as(files) if (folders := self.folders([name]))}

    def other_than(self, files: Mapping[str, bytes]) -> tuple[str, ...]:
        """Return the travelling packages that are not, file for file, those among the files of an assignment.

        An assignment may have been released with an earlier one: students have tried their answers with that.

        Parameters
        ----------
        files : mapping of str to bytes
            Relative name -> content of what lies beside the notebooks.
        """
        return tuple(name for name in self._travel if name not in self._same_as(files))

    def _same_as(self, files: Mapping[str, bytes]) -> list[str]:
        """Return the travelling packages that lie among the files just as they are here."""
        return [
            name
            for name, own in self._travel.items()
            if own == {path: content for path, content in files.items() if path.startswith(f"{name}/")}
        ]


def _folder(name: str) -> Path | None:
    """Return the folder of a package, None where there is none of this name."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):  # of a module that has none below it
        return None
    return Path(spec.origin).resolve().parent if spec is not None and spec.origin and spec.parent == name else None


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file() and path.parent.name != "__pycache__":
            yield path.relative_to(folder.parent).as_posix(), path.read_bytes()
