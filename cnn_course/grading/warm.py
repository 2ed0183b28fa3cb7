"""What the warm interpreters import before the first notebook comes: the packages that the course's file names."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cnn_course.course import COURSE_FILE
from cnn_course.grading.sandbox.visible import import_root


@dataclass(frozen=True)
class WarmPackages:
    """The packages of the course around this project; none where there is no such course.

    Parameters
    ----------
    root : Path
        The folder that holds them.
    checks : tuple of str
        For the trusted side only.
    kit : tuple of str
        Packages that travel with every assignment, for both sides.
    """

    root: Path
    checks: tuple[str, ...] = ()
    kit: tuple[str, ...] = ()

    @classmethod
    def of_project(cls) -> WarmPackages:
        """Return those of the course that lies around this project."""
        root = import_root()
        file = root / COURSE_FILE
        if not file.is_file():
            return cls(root)
        course = tomllib.loads(file.read_text(encoding="utf-8"))
        kit = [name for name in course.get("student_files", ()) if (root / name / "__init__.py").is_file()]
        return cls(root, (course["checks"],), tuple(kit))

    @cached_property
    def _kit_files(self) -> dict[str, dict[str, bytes]]:
        return {name: dict(self._modules(name)) for name in self.kit}

    def _modules(self, name: str) -> Iterator[tuple[str, bytes]]:
        for path in (self.root / name).rglob("*.py"):
            yield path.relative_to(self.root).as_posix(), path.read_bytes()

    def other_than(self, files: Mapping[str, bytes]) -> tuple[str, ...]:
        """Return the packages of the kit that are not, module for module, those among the files of an assignment.

        An assignment may have been released with an earlier kit: students have tried their answers with that one.

        Parameters
        ----------
        files : mapping of str to bytes
            Relative name -> content of what lies beside the notebooks.
        """
        return tuple(
            name
            for name, modules in self._kit_files.items()
            if modules
            != {path: text for path, text in files.items() if path.startswith(f"{name}/") and path.endswith(".py")}
        )
