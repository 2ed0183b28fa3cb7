"""Search a release for what students must not get."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat

from cnn_course.authoring.attachments import attached
from cnn_course.authoring.cells import Cell, Kind, Page
from cnn_course.authoring.companions import companions
from cnn_course.authoring.folders import list_files
from cnn_course.authoring.kit import load_kit
from cnn_course.authoring.pages import fill_pages, read_pages
from cnn_course.authoring.quiz import read_quiz
from cnn_course.authoring.regions import MARKERS, RUBRIC_HEADING, TEXT_STUB, released_code
from cnn_course.authoring.secrets import Secret, secrets_of, squeeze
from cnn_course.course import Assignment, Course
from cnn_course.errors import Problem


def find_leaks(course: Course, name: str, folder: Path) -> list[Problem]:
    """Return everything in a released assignment that gives something away or does not belong there.

    Parameters
    ----------
    course : Course
        Its texts say what is secret.
    name : str
        The assignment.
    folder : Path
        The released folder, as nbgrader wrote it.
    """
    assignment = course.assignment(name)
    pages = fill_pages(read_pages(course), load_kit(course))[name]
    quiz = assignment.quiz
    quizzes = [] if quiz is None else [read_quiz(course.authoring / name / quiz, f"authoring/{name}/{quiz}")]
    secrets = secrets_of(pages, quizzes)
    problems = list(_wrong_files(course, assignment, folder))
    for file in sorted(list_files(folder)):
        where = f"release/{name}/{file}"
        if file.endswith(".png"):
            continue
        content = (folder / file).read_bytes()
        text = (gzip.decompress(content) if file.endswith(".gz") else content).decode("utf-8", errors="replace")
        problems.extend(_forbidden_words(where, text, (course.checks, *course.private)))
        if not file.endswith(".ipynb"):
            problems.extend(_secrets_in_file(where, text, secrets))
    for page in pages:
        path = folder / f"{page.name}.ipynb"
        if path.is_file():
            problems.extend(_check_notebook(f"release/{name}/{path.name}", path, page, secrets))
    return problems


def _wrong_files(course: Course, assignment: Assignment, folder: Path) -> Iterator[Problem]:
    """Compare the released files with those that ``source/`` is meant to hold."""
    wanted = {*(f"{name}.ipynb" for name in assignment.notebooks), *companions(course)}
    for name in course.student_files:
        path = course.root / name
        wanted |= {f"{path.name}/{file}" for file in list_files(path)} if path.is_dir() else {path.name}
    have = list_files(folder)
    wanted |= {name for name in list_files(course.source / assignment.name) if name.startswith("images/")}
    rule = "a release holds the notebooks, their pictures and the students' files, nothing else"
    for file in sorted(have ^ wanted):
        found, next_step = ("not meant for students", "take it out") if file in have else ("is missing", "build anew")
        yield Problem(f"release/{assignment.name}/{file}", "", rule, found, next_step)


def _forbidden_words(where: str, text: str, private: Iterable[str]) -> Iterator[Problem]:
    """Find markers of regions and names of packages that stay with the teacher."""
    for marker in (*MARKERS, RUBRIC_HEADING):
        if marker in text:
            yield Problem(where, "", "no marker is released", marker, "see why nbgrader left it there")
    for package in private:
        if re.search(rf"\b{re.escape(package)}\b", text):
            yield Problem(where, "", "packages of the teacher are not mentioned", package, "say it without the name")


def _secrets_in_file(where: str, text: str, secrets: Iterable[Secret]) -> Iterator[Problem]:
    """Find prose that is secret, and solutions that are there as a whole: single lines of code are common property."""
    squeezed = squeeze(text)
    for secret in secrets:
        hits = [line for line in secret.lines if line in squeezed]
        if hits and (not secret.is_code or len(hits) == len(secret.lines)):
            yield Problem(where, "", f"the teacher keeps {secret.owner}", hits[0], "take it out of the students' files")


def _check_notebook(where: str, path: Path, page: Page, secrets: Iterable[Secret]) -> Iterator[Problem]:
    """Hold a released notebook against its text, cell by cell."""
    released = nbformat.read(path, as_version=4)
    names = [cell.id for cell in released.cells]
    if names != [cell.name for cell in page.cells]:
        yield Problem(where, "", "a release has the cells of its text, in order", ", ".join(names), "build anew")
        return
    for raw, cell in zip(released.cells, page.cells, strict=True):
        item = f"cell {cell.name}"
        if raw.get("outputs") or raw.get("execution_count") is not None:
            yield Problem(where, item, "no output is released", "the cell was run", "build anew")
        if raw.source != _expected(cell):
            rule = "a released cell is its text without the regions"
            yield Problem(where, item, rule, raw.source, "see nbgrader_config.py")
        squeezed = squeeze(raw.source)
        for secret in secrets:
            for line in secret.lines:
                if line in squeezed:
                    rule = f"the teacher keeps {secret.owner}"
                    yield Problem(where, item, rule, line, "reword the cell or put the line into its region")


def _expected(cell: Cell) -> str:
    """Return the text of a cell as students must get it."""
    if cell.kind is Kind.WRITTEN:
        return TEXT_STUB
    return attached(cell.source) if cell.is_markdown else released_code(cell.source)
