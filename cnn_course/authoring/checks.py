"""The points of the hidden checks, asked of the package that ``course.toml`` names."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from importlib import import_module
from pathlib import Path

from cnn_course.course import COURSE_FILE, Course
from cnn_course.errors import BuildError, Problem


def load_check_points(course: Course) -> Mapping[str, Fraction]:
    """Return question id to points for every check of the course.

    Parameters
    ----------
    course : Course
        Its ``checks`` is a package with ``QUESTIONS``, a mapping of id to objects with ``id`` and ``points``.

    Raises
    ------
    BuildError
        When the package cannot be imported, or QUESTIONS is not such a mapping.
    """
    with _importable(course.root):
        try:
            questions = import_module(course.checks).QUESTIONS
        except Exception as error:  # whatever the import of someone's package raises is news for the author
            problem = Problem(
                COURSE_FILE,
                "checks",
                f"the package {course.checks} can be imported and has QUESTIONS",
                f"{type(error).__name__}: {error}",
                f"try: python -c 'import {course.checks}'",
            )
            raise BuildError(f"checks of {course.title}", [problem]) from error
    problems = []
    for name, question in questions.items():
        points = getattr(question, "points", None)
        if getattr(question, "id", None) != name or not isinstance(points, Fraction) or points <= 0:
            rule = "QUESTIONS maps an id to an object with this id and positive points (Fraction)"
            found = f"id {getattr(question, 'id', None)!r}, points {points!r}"
            problems.append(Problem(f"package {course.checks}", f"check {name}", rule, found, "correct the check"))
    if problems:
        raise BuildError(f"checks of {course.title}", problems)
    return {name: question.points for name, question in questions.items()}


@contextmanager
def _importable(root: Path) -> Iterator[None]:
    """Let packages that lie in the course folder be imported from anywhere."""
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        sys.path.remove(str(root))
