"""Rules for the texts of a course; every rule reads, none changes anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from cnn_course.authoring.cell_rules import check_cell, say
from cnn_course.authoring.cells import STEP_SUFFIX, TEST_SUFFIX, Kind, Page
from cnn_course.authoring.follows import check_follows
from cnn_course.course import COURSE_FILE, Assignment
from cnn_course.errors import Problem

_IMAGE = re.compile(r"images/[\w./-]+\.png")


def check_assignment(assignment: Assignment, pages: Iterable[Page], images: frozenset[str]) -> list[Problem]:
    """Return every rule that an assignment breaks on its own, without the checks.

    Parameters
    ----------
    assignment : Assignment
        What ``course.toml`` says.
    pages : iterable of Page
        Its notebooks.
    images : frozenset of str
        The pictures that lie beside the notebooks, such as ``images/window.png``.
    """
    pages = tuple(pages)
    problems = [*_duplicates(pages), *_missing_images(pages, images), *_unused_images(assignment, pages, images)]
    for page in pages:
        problems.extend(_page_points(assignment, page))
        problems.extend(_pairs(page))
        problems.extend(check_follows(page))
        for cell in page.cells:
            problems.extend(check_cell(page, cell))
    return problems


def check_questions(pages: Iterable[Page], points: Mapping[str, Fraction], checks: str) -> list[Problem]:
    """Return every question of the course without a check, check without a question, and unequal points.

    Parameters
    ----------
    pages : iterable of Page
        All notebooks of the course.
    points : mapping of str to Fraction
        The points of each check.
    checks : str
        The name of the package that the checks come from.
    """
    problems: list[Problem] = []
    asked: set[str] = set()
    for page in pages:
        cells = {cell.name: cell for cell in page.cells}
        steps = _steps(page)
        for cell in page.cells:
            if cell.kind is not Kind.ANSWER or cell.name in steps:
                continue
            where, item = page.where(cell), f"cell {cell.name}"
            asked.add(cell.name)
            test = cells.get(cell.name + TEST_SUFFIX, cell)
            if cell.name not in points:
                next_step = f"add it to {checks}.QUESTIONS or rename the cell"
                problems.append(Problem(where, item, "every question has a check", "no check of this name", next_step))
            elif test.points is not None and test.points != points[cell.name]:
                rule = "a test cell is worth what its check is worth"
                found = f"cell {say(test.points)}, check {say(points[cell.name])}"
                problems.append(Problem(page.where(test), f"cell {test.name}", rule, found, "make the two equal"))
    for name in sorted(set(points) - asked):
        next_step = "write an answer cell of this name or take the check out"
        problems.append(Problem(f"package {checks}", f"check {name}", "every check has a question", name, next_step))
    return problems


def asked_twice(pages: Iterable[Page]) -> Iterator[Problem]:
    """Yield every question that is asked in two notebooks of the course, with both places."""
    asked: dict[str, tuple[str, str]] = {}
    for page in pages:
        for cell in page.cells:
            if cell.question is None or cell.kind is Kind.TEST:
                continue
            before = asked.setdefault(cell.name, (page.name, page.where(cell)))
            if before[0] != page.name or before[1].split(":")[0] != page.file:
                rule, found = "a question is asked once in a course", f"also in {before[1]}"
                yield Problem(page.where(cell), f"cell {cell.name}", rule, found, "rename one of the two")


def _duplicates(pages: Iterable[Page]) -> Iterator[Problem]:
    """Find names that are used twice in one assignment."""
    places: dict[str, list[str]] = {}
    for page in pages:
        for cell in page.cells:
            places.setdefault(cell.name, []).append(page.where(cell))
    for name, found in places.items():
        if len(found) > 1:
            rule = "a name is used once in an assignment"
            yield Problem(found[1], f"cell {name}", rule, "also in " + found[0], "rename one of the cells")


def _missing_images(pages: Iterable[Page], images: frozenset[str]) -> Iterator[Problem]:
    """Find pictures that a text shows and nobody drew."""
    for page in pages:
        for cell in page.cells:
            for name in sorted(set(_IMAGE.findall(cell.source)) - images):
                next_step = "draw it in pictures.py or correct the name"
                yield Problem(page.where(cell), f"cell {cell.name}", "every picture shown exists", name, next_step)


def _unused_images(assignment: Assignment, pages: Iterable[Page], images: frozenset[str]) -> Iterator[Problem]:
    """Find pictures that would be released although no text shows them."""
    shown = {name for page in pages for cell in page.cells for name in _IMAGE.findall(cell.source)}
    for name in sorted(images - shown):
        folder = f"authoring/{assignment.name}"
        yield Problem(folder, name, "every picture is shown by a text", "shown nowhere", "show it or take it out")


def _page_points(assignment: Assignment, page: Page) -> Iterator[Problem]:
    """Compare the points of a notebook with what the course file promises."""
    total = sum((cell.points for cell in page.cells if cell.points is not None), Fraction(0))
    promised = assignment.points[page.name]
    if total != promised:
        found = f"the cells add up to {say(total)}, {COURSE_FILE} says {say(promised)}"
        rule = "the points of the cells add up to the points of the notebook"
        yield Problem(page.file, page.name, rule, found, f"change a cell's points or {COURSE_FILE}")


def _pairs(page: Page) -> Iterator[Problem]:
    """Make sure that each answer has one test (a step a check), later in the notebook, and each test an answer."""
    places = {cell.name: index for index, cell in enumerate(page.cells)}
    answers = {cell.name for cell in page.cells if cell.kind is Kind.ANSWER}
    tests = {cell.question for cell in page.cells if cell.kind is Kind.TEST}
    steps = _steps(page)
    for cell in page.cells:
        where, item = page.where(cell), f"cell {cell.name}"
        if cell.step in steps and f'check("{cell.step}", ' not in cell.source:
            rule = "the cell below a step calls check() with the id of the step"
            yield Problem(where, item, rule, cell.source, f'write check("{cell.step}", lambda: ...)')
        if cell.kind is Kind.ANSWER and cell.name not in tests and cell.name not in steps:
            next_step = f'add a cell id="{cell.name}{TEST_SUFFIX}" points=N, or "{cell.name}{STEP_SUFFIX}" for a step'
            yield Problem(where, item, "every answer cell has a test cell", "none", next_step)
        if cell.kind is not Kind.TEST:
            continue
        if not cell.name.endswith(TEST_SUFFIX) or cell.question not in answers:
            rule = f"a test cell is named after its answer cell: name{TEST_SUFFIX}"
            found = f"no answer cell {cell.question}" if cell.name.endswith(TEST_SUFFIX) else cell.name
            yield Problem(where, item, rule, found, "rename the test cell or add the answer cell")
        elif places[cell.name] < places[str(cell.question)]:
            yield Problem(where, item, "a test cell follows its answer cell", "it comes first", "move it down")


def _steps(page: Page) -> frozenset[str]:
    """Return the answers that earn nothing: a later cell of the student's, named after them, tries them in public."""
    places = {cell.name: place for place, cell in enumerate(page.cells)}
    checks = ((cell.step, place) for place, cell in enumerate(page.cells))
    tests = {cell.question for cell in page.cells if cell.kind is Kind.TEST}
    return frozenset(step for step, place in checks if step and step not in tests and places.get(step, place) < place)
