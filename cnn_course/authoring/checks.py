"""The hidden checks as the build sees them: points and keys, asked of the package that ``course.toml`` names."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

from cnn_course.course import COURSE_FILE, Course
from cnn_course.errors import BuildError, Problem

Number = int | float | Fraction


@dataclass(frozen=True)
class Check:
    """What the build has to know about one hidden check.

    Parameters
    ----------
    points : Fraction
        What the question is worth.
    numbers : mapping of str to number
        The right numbers of a question that is answered by numbers, by entry ("" for a single one).
    sets : mapping of str to frozenset of str
        The right sets of a question that is answered by sets of words.
    """

    points: Fraction
    numbers: Mapping[str, Number]
    sets: Mapping[str, frozenset[str]]


def load_checks(course: Course) -> Mapping[str, Check]:
    """Return question id to check for every check of the course.

    Parameters
    ----------
    course : Course
        Its ``checks`` is a package with ``QUESTIONS``, a mapping of id to objects with ``id`` and ``points``, and with
        ``expected`` where one number, or numbers or sets by name, are the right answer. It may have ``validate()``,
        which raises ValueError, with file, entry and rule, where its own data are not legal: a price, for example.

    Raises
    ------
    BuildError
        When the package cannot be imported, QUESTIONS is not such a mapping, or `validate` raises.
    """
    with importable(course.root):
        try:
            package = import_module(course.checks)
            questions, validate = package.QUESTIONS, getattr(package, "validate", None)
        except Exception as error:  # whatever the import of someone's package raises is news for the author
            problem = Problem(
                COURSE_FILE,
                "checks",
                f"the package {course.checks} can be imported and has QUESTIONS",
                f"{type(error).__name__}: {error}",
                f"try: python -c 'import {course.checks}'",
            )
            raise BuildError(f"checks of {course.title}", [problem]) from error
    problems = _illegal_data(course, validate)
    for name, question in questions.items():
        points = getattr(question, "points", None)
        if getattr(question, "id", None) != name or not isinstance(points, Fraction) or points <= 0:
            rule = "QUESTIONS maps an id to an object with this id and positive points (Fraction)"
            found = f"id {getattr(question, 'id', None)!r}, points {points!r}"
            problems.append(Problem(f"package {course.checks}", f"check {name}", rule, found, "correct the check"))
    if problems:
        raise BuildError(f"checks of {course.title}", problems)
    return {name: _check(question) for name, question in questions.items()}


def _illegal_data(course: Course, validate: Callable[[], None] | None) -> list[Problem]:
    """Return what the checks say about their own data."""
    try:
        if validate is not None:
            validate()
    except ValueError as error:
        found = str(error).replace(f"{course.root}/", "")
        rule = "the data of the checks are legal: prices, known answers"
        return [Problem(f"package {course.checks}", "", rule, found, "correct the entry that is named")]
    return []


@contextmanager
def importable(root: Path) -> Iterator[None]:
    """Let packages that lie in the course folder be imported from anywhere."""
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        sys.path.remove(str(root))


def _check(question: Any) -> Check:
    """Return what a question says about itself."""
    expected = getattr(question, "expected", None)
    entries: Mapping[Any, Any] = expected if isinstance(expected, Mapping) else {"": expected}
    numbers = {str(name): value for name, value in entries.items() if _is_number(value)}
    sets = {str(name): frozenset(map(str, value)) for name, value in entries.items() if isinstance(value, frozenset)}
    return Check(question.points, numbers, sets)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Fraction) and not isinstance(value, bool)
