"""Read every text of a course, and hold the whole against the rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from cnn_course.authoring.cells import Page
from cnn_course.authoring.checks import load_check_points
from cnn_course.authoring.quiz import read_quiz
from cnn_course.authoring.quiz_cells import quiz_page
from cnn_course.authoring.rules import check_assignment, check_questions
from cnn_course.authoring.text import read_page
from cnn_course.course import COURSE_FILE, Assignment, Course
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


def check_pages(course: Course, pages: Pages, images: Mapping[str, frozenset[str]]) -> list[Problem]:
    """Return every rule that the course breaks.

    Parameters
    ----------
    course : Course
        What ``course.toml`` says.
    pages : mapping of str to tuple of Page
        All notebooks, from `read_pages`.
    images : mapping of str to frozenset of str
        The pictures that lie beside the notebooks of each assignment.
    """
    problems: list[Problem] = []
    for name, assignment in course.assignments.items():
        problems.extend(check_assignment(assignment, pages[name], images[name]))
    problems.extend(check_drawn_items(course))
    points = collect(problems, lambda: load_check_points(course))
    if points is not None:
        every = [page for found in pages.values() for page in found]
        problems.extend(check_questions(every, points, course.checks))
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
        return quiz_page(read_quiz(folder / assignment.quiz, file), name, file, course.checks, _kit(course))
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


def _kit(course: Course) -> str:
    """Return the first package among the students' files: quizzes take check and progress from it."""
    packages = [Path(name).name for name in course.student_files if (course.root / name / "__init__.py").is_file()]
    if not packages:
        rule, next_step = "a quiz needs a package among the student_files", "name one that has check and progress"
        raise BuildError(COURSE_FILE, [Problem(COURSE_FILE, "student_files", rule, "none", next_step)])
    return packages[0]
