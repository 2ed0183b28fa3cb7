"""Questions with own numbers as a notebook: the id once, then for each question the numbers, an answer, a test."""

from __future__ import annotations

from cnn_course.authoring.cell_rules import say
from cnn_course.authoring.cells import TEST_SUFFIX, Cell, Kind, Page
from cnn_course.course import Course
from cnn_course.drawing.bank import load_bank
from cnn_course.drawing.drawn_items import check_drawn_items, kit
from cnn_course.drawing.variants_file import VariantQuestion, read_variants
from cnn_course.errors import BuildError

AUTHOR = "instructor"  # the id that the solutions belong to

_ID = """\
## Your id

Type it between quotation marks, as your instructor has it (it is the name of the folder that you hand in), and run the
cell. Your numbers depend on it."""


def variants_page(course: Course, assignment: str, name: str) -> Page:
    """Return the notebook of an assignment whose questions have own numbers.

    Raises
    ------
    BuildError
        When the file or the bank breaks a rule, or the kit's variants are outdated.
    """
    problems = check_drawn_items(course)
    if problems:
        raise BuildError("variants", problems)
    content, kit_name = read_variants(course, assignment), kit(course).name
    cells = [
        Cell(f"{name}-intro", Kind.TEXT, f"# {content.title}\n\n{content.intro.strip()}"),
        Cell(f"{name}-setup", Kind.SETUP, f"from {kit_name} import ask, check, practice, progress"),
        Cell(f"{name}-id-prompt", Kind.TEXT, _ID),
        Cell(f"{name}-id", Kind.STUDENT, 'student = ...  # your id in quotation marks, such as "ada"'),
    ]
    for number, question in enumerate(content.questions, 1):
        cells += _question(course, assignment, question, number)
    cells += [
        Cell(f"{name}-end", Kind.TEXT, "## Where you stand\n\nRun the next cell to see which questions are answered."),
        Cell(f"{name}-progress", Kind.STUDENT, "progress()"),
    ]
    return Page(name, f"authoring/{assignment}/{course.assignment(assignment).variants}", tuple(cells))


def _question(course: Course, assignment: str, question: VariantQuestion, number: int) -> list[Cell]:
    """Return the cells of one question; its text is printed by a cell, since it holds the student's numbers."""
    name = question.id
    worth = f"{say(question.points)} point{'' if question.points == 1 else 's'}"
    solution = load_bank(course).answer_source(course.course_id, assignment, name, AUTHOR)
    answer = [
        f"{name} = ...",
        "### BEGIN SOLUTION",
        f'student = "{AUTHOR}"',
        f"{name} = {solution}",
        "### END SOLUTION",
    ]
    test = [
        f'check("{name}", lambda: {name})',
        "### BEGIN HIDDEN TESTS",
        f'import {course.checks}; {course.checks}.grade("{name}", lambda: {{"answer": {name}, "student": student}})',
        "### END HIDDEN TESTS",
    ]
    return [
        Cell(f"{name}-prompt", Kind.TEXT, f"## {number}. ({worth})\n\nRun this cell: it prints the question."),
        Cell(f"{name}-ask", Kind.STUDENT, f'ask("{name}", lambda: student)'),
        Cell(name, Kind.ANSWER, "\n".join(answer)),
        Cell(f"{name}{TEST_SUFFIX}", Kind.TEST, "\n".join(test), question.points),
    ]
