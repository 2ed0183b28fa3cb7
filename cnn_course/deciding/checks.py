"""Whether what a decision names is there: questions, students, sections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cnn_course.collecting.roster import read_roster, sections_in
from cnn_course.deciding.decisions import question_name
from splitgrade.errors import CourseError
from splitgrade.nbgrader.session import open_gradebook


def check_question(root: Path, assignment: str, question: str) -> None:
    """Refuse a question that a released assignment does not have.

    Raises
    ------
    CourseError
        With the questions that there are.
    """
    with open_gradebook(root) as gradebook:
        found = next((each for each in gradebook.assignments if each.name == assignment), None)
        notebooks = found.notebooks if found is not None else []
        known = {cell.name for notebook in notebooks for cell in notebook.grade_cells}
    if not known:
        raise CourseError(f"{assignment} was not released yet: `cnn-course release {assignment}` comes first")
    if question_name(known, question) is None:
        there = ", ".join(sorted(name.removesuffix("-test") for name in known))
        raise CourseError(f"{assignment} has no question {question!r}; it has: {there}")


def check_people(root: Path, students: Sequence[str], section: str | None) -> None:
    """Refuse students and sections that there are not.

    Raises
    ------
    CourseError
        By name.
    """
    with open_gradebook(root) as gradebook:
        known = {student.id for student in gradebook.students}
    unknown = sorted(set(students) - known)
    if unknown:
        raise CourseError(f"not in the gradebook: {', '.join(unknown)}; `cnn-course roster FILE` adds students")
    sections = sorted({person.section for person in read_roster(root)} - {""})
    if section is not None and not any(section in sections_in(each) for each in sections):
        raise CourseError(f"the roster has no section {section!r}; it has: {', '.join(sections) or 'none'}")


def check_extends(root: Path, assignment: str, until: datetime) -> None:
    """Refuse an extension that ends with the deadline or before it: it would give nobody any time.

    Raises
    ------
    CourseError
        With both times.
    """
    with open_gradebook(root) as gradebook:
        due = next((each.duedate for each in gradebook.assignments if each.name == assignment), None)
    if due is not None and until <= due.replace(tzinfo=UTC):
        both = f"{until:%Y-%m-%d %H:%M} UTC is not after the deadline, {due:%Y-%m-%d %H:%M} UTC"
        raise CourseError(
            f"{assignment}: {both}; give a later time, or set the deadline without --student and --section"
        )
