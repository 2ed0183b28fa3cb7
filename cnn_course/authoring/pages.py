"""Read every text of a course, and hold the whole against the rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from cnn_course.authoring.cells import Page
from cnn_course.authoring.checks import Check
from cnn_course.authoring.kit import Kit, kit_name
from cnn_course.authoring.placeholders import Values, fill, values_of
from cnn_course.authoring.public_rules import check_public
from cnn_course.authoring.quiz import Item, read_quiz
from cnn_course.authoring.quiz_cells import quiz_page
from cnn_course.authoring.rules import asked_twice, check_assignment, check_questions
from cnn_course.authoring.text import read_page
from cnn_course.course import Assignment, Course
from cnn_course.drawing.drawn_items import check_drawn_items
from cnn_course.drawing.variants_page import variants_page
from cnn_course.errors import BuildError, Problem

Pages = Mapping[str, tuple[Page, ...]]  # assignment name -> its notebooks
_T = TypeVar("_T")


def read_pages(course: Course) -> Pages:
    """Return the notebooks of every assignment, in the order of ``course.toml``.

    Raises
    ------
    BuildError
        When a text or quiz cannot be read; the problems of all files are named.
    """
    problems: list[Problem] = []
    pages: dict[str, tuple[Page, ...]] = {}
    for assignment in course.assignments.values():
        problems.extend(_check_files(course, assignment))
        found = [collect(problems, partial(_read, course, assignment, name)) for name in assignment.notebooks]
        pages[assignment.name] = tuple(page for page in found if page is not None)
    if problems:
        raise BuildError("reading the course", problems)
    return pages


def fill_pages(pages: Pages, kit: Kit) -> Pages:
    """Return the notebooks with points and public examples in their places.

    Raises
    ------
    BuildError
        When a text asks for something that is not there; the problems of all files are named.
    """
    values, problems = values_for(pages, kit), list[Problem]()
    filled = {
        name: tuple(collect(problems, partial(fill, page, values)) or page for page in found)
        for name, found in pages.items()
    }
    if problems:
        raise BuildError("filling the texts", problems)
    return filled


def values_for(pages: Pages, kit: Kit) -> Values:
    """Return what the places of a course are filled with."""
    return values_of([page for found in pages.values() for page in found], kit.examples)


def read_items(course: Course) -> tuple[Item, ...]:
    """Return the items of all quizzes.

    Raises
    ------
    BuildError
        When a quiz cannot be read.
    """
    files = [
        (course.authoring / a.name / a.quiz, f"authoring/{a.name}/{a.quiz}")
        for a in course.assignments.values()
        if a.quiz
    ]
    return tuple(item for path, file in files for item in read_quiz(path, file).items)


def check_pages(
    course: Course, pages: Pages, images: Mapping[str, frozenset[str]], checks: Mapping[str, Check] | None, kit: Kit
) -> list[Problem]:
    """Return every rule that the course breaks.

    Parameters
    ----------
    course : Course
        What ``course.toml`` says.
    pages : mapping of str to tuple of Page
        All notebooks, from `read_pages`, before their places are filled.
    images : mapping of str to frozenset of str
        The pictures that lie beside the notebooks of each assignment.
    checks : mapping of str to Check, optional
        The hidden checks, where they could be loaded.
    kit : Kit
        The public examples and forms.
    """
    problems: list[Problem] = []
    for name, assignment in course.assignments.items():
        problems.extend(check_assignment(assignment, pages[name], images[name]))
    problems.extend(check_drawn_items(course))
    every = [page for found in pages.values() for page in found]
    problems.extend(asked_twice(every))
    problems.extend(check_public(every, kit, read_items(course)))
    if checks is not None:
        problems.extend(check_questions(every, {name: check.points for name, check in checks.items()}, course.checks))
    return problems


def collect(problems: list[Problem], step: Callable[[], _T]) -> _T | None:
    """Return what a step returns; where rules stop it, note them and return None."""
    try:
        return step()
    except BuildError as error:
        problems.extend(error.problems)
        return None


def _read(course: Course, assignment: Assignment, name: str) -> Page:
    """Read one notebook, from text, from a quiz, or from a file of questions with own numbers."""
    folder = course.authoring / assignment.name
    if name == assignment.quiz_notebook and assignment.quiz is not None:
        file = f"authoring/{assignment.name}/{assignment.quiz}"
        return quiz_page(read_quiz(folder / assignment.quiz, file), name, file, course.checks, kit_name(course))
    if name == assignment.variants_notebook:
        return variants_page(course, assignment.name, name)
    return read_page(folder / f"{name}.py", f"authoring/{assignment.name}/{name}.py")


def _check_files(course: Course, assignment: Assignment) -> list[Problem]:
    """Find texts in the assignment's folder that ``course.toml`` does not know."""
    known = {f"{name}.py" for name in assignment.notebooks} | {"pictures.py", assignment.quiz, assignment.variants}
    folder = course.authoring / assignment.name
    strays = sorted(
        path.name for path in folder.glob("*") if path.suffix in {".py", ".toml"} and path.name not in known
    )
    rule, next_step = "every text of an assignment has points in course.toml", "give it points or move it away"
    return [Problem(f"authoring/{assignment.name}/{name}", "", rule, "no points", next_step) for name in strays]
