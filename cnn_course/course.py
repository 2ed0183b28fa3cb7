"""A course as ``authoring/course.toml`` describes it: its folders, assignments and points, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from cnn_course.errors import BuildError, Problem
from cnn_course.toml import read_toml
from splitgrade.errors import CourseError
from splitgrade.nbgrader.course_folders import CourseFolders

COURSE_FILE = "authoring/course.toml"

_NAME = {"type": "string", "pattern": r"^[a-z][a-z0-9_]*$"}
_POINTS = {"type": "number", "exclusiveMinimum": 0, "description": "points are a positive number"}
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["title", "course_id", "checks", "assignments"],
    "properties": {
        "title": {"type": "string", "minLength": 1},
        "course_id": {"type": "string", "minLength": 1},
        "checks": {**_NAME, "description": "checks names an importable package"},
        "private": {"type": "array", "items": _NAME},
        "student_files": {"type": "array", "items": {"type": "string", "minLength": 1}},
        "assignments": {
            "type": "object",
            "propertyNames": _NAME,
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["points"],
                "properties": {
                    "title": {"type": "string"},
                    "notebooks": {"type": "array", "items": _NAME},
                    "quiz": {"type": "string", "pattern": r"^[a-z][a-z0-9_]*\.toml$"},
                    "variants": {"type": "string", "pattern": r"^[a-z][a-z0-9_]*\.toml$"},
                    "points": {
                        "type": "object",
                        "minProperties": 1,
                        "propertyNames": _NAME,
                        "additionalProperties": _POINTS,
                    },
                },
            },
        },
    },
}


@dataclass(frozen=True)
class Assignment:
    """One assignment: a folder of notebooks that is released and handed in as a whole.

    Parameters
    ----------
    name : str
        The folder's name, also nbgrader's assignment id.
    title : str
        The name that people read.
    points : mapping of str to Fraction
        The points of each notebook, in the order of the course.
    quiz : str or None
        The TOML file that becomes the notebook of the same name, where there is one.
    variants : str or None
        The TOML file whose questions have numbers of their own for every student; becomes a notebook too.
    """

    name: str
    title: str
    points: Mapping[str, Fraction]
    quiz: str | None = None
    variants: str | None = None

    @property
    def notebooks(self) -> tuple[str, ...]:
        """Return the names of the notebooks, without a suffix."""
        return tuple(self.points)

    @property
    def quiz_notebook(self) -> str | None:
        """Return the name of the notebook that is made from the quiz file."""
        return None if self.quiz is None else PurePosixPath(self.quiz).stem

    @property
    def variants_notebook(self) -> str | None:
        """Return the name of the notebook whose questions have numbers of their own."""
        return None if self.variants is None else PurePosixPath(self.variants).stem


@dataclass(frozen=True)
class Course:
    """A course on disk.

    Parameters
    ----------
    root : Path
        The folder that holds ``authoring/`` and ``nbgrader_config.py``.
    title, course_id : str
        The name that people read, and nbgrader's.
    checks : str
        The package that holds the hidden checks.
    student_files : tuple of str
        Folders or files under ``root`` that travel with every assignment.
    private : tuple of str
        Packages that nothing released may mention; ``checks`` is one of them anyway.
    assignments : mapping of str to Assignment
        In the order of the file.
    """

    root: Path
    title: str
    course_id: str
    checks: str
    student_files: tuple[str, ...]
    private: tuple[str, ...]
    assignments: Mapping[str, Assignment]

    @property
    def authoring(self) -> Path:
        """Return the folder of the texts that people edit."""
        return self.root / "authoring"

    @cached_property
    def folders(self) -> CourseFolders:
        """Return the folders that ``nbgrader_config.py`` names."""
        return CourseFolders.at(self.root)

    @property
    def source(self) -> Path:
        """Return the folder of the generated notebooks with solutions."""
        return self.folders.source

    @property
    def release(self) -> Path:
        """Return the folder of the notebooks that students get."""
        return self.folders.release

    def assignment(self, name: str) -> Assignment:
        """Return an assignment by name.

        Raises
        ------
        CourseError
            When the course has no such assignment.
        """
        if name not in self.assignments:
            raise CourseError(f"no assignment is called {name!r}; this course has: {', '.join(self.assignments)}")
        return self.assignments[name]


def find_root(start: Path | None = None) -> Path:
    """Return the folder of the course that ``start`` (else the working directory) lies in.

    Raises
    ------
    CourseError
        When neither it nor a folder above holds ``authoring/course.toml``.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / COURSE_FILE).is_file():
            return folder
    raise CourseError(f"no course here: neither {start} nor a folder above it holds {COURSE_FILE}")


def load_course(root: Path | None = None) -> Course:
    """Return the course that lies in ``root``, or around the working directory.

    Parameters
    ----------
    root : Path, optional
        The course folder.

    Raises
    ------
    CourseError
        When there is no course, or when ``course.toml`` breaks a rule (`BuildError`, all breaches named).
    """
    root = find_root() if root is None else root.resolve()
    content = read_toml(root / COURSE_FILE, _SCHEMA, COURSE_FILE)
    problems = _check_assignments(content["assignments"]) + _check_student_files(root, content.get("student_files", []))
    if problems:
        raise BuildError(COURSE_FILE, problems)
    assignments = {
        name: Assignment(
            name=name,
            title=table.get("title", name),
            points={notebook: Fraction(points) for notebook, points in table["points"].items()},
            quiz=table.get("quiz"),
            variants=table.get("variants"),
        )
        for name, table in content["assignments"].items()
    }
    return Course(
        root=root,
        title=content["title"],
        course_id=content["course_id"],
        checks=content["checks"],
        student_files=tuple(content.get("student_files", ())),
        private=tuple(content.get("private", ())),
        assignments=assignments,
    )


def _check_assignments(tables: Mapping[str, Any]) -> list[Problem]:
    """Hold the lists of notebooks, the quiz and the variants against the points."""
    problems = []
    for name, table in tables.items():
        item, pointed = f"assignments.{name}", list(table["points"])
        listed = table.get("notebooks", pointed)
        if sorted(listed) != sorted(pointed):
            rule = "every listed notebook has points, every notebook with points is listed"
            found = f"listed {', '.join(listed)}; points for {', '.join(pointed)}"
            problems.append(Problem(COURSE_FILE, item, rule, found, "make the two lists equal"))
        for key, kind in (("quiz", "quiz"), ("variants", "file of variants")):
            file = table.get(key)
            if file is not None and PurePosixPath(file).stem not in pointed:
                rule = f"the {kind} has points under the name of its file"
                next_step = f"add {PurePosixPath(file).stem} to the points"
                problems.append(Problem(COURSE_FILE, item, rule, f"points for {', '.join(pointed)}", next_step))
    return problems


def _check_student_files(root: Path, names: list[str]) -> list[Problem]:
    """Make sure that what travels with the notebooks exists and lies inside the course."""
    problems = []
    for name in names:
        path = (root / name).resolve()
        if not path.exists() or not path.is_relative_to(root) or path == root:
            rule = "student_files names files or folders inside the course"
            problems.append(Problem(COURSE_FILE, "student_files", rule, name, "correct the name or take it out"))
    return problems
