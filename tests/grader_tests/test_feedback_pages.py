"""Feedback on every known wrong answer: graded by the engine, rendered, searched for what students must not read."""

from __future__ import annotations

import io
from collections import defaultdict
from functools import cache
from itertools import zip_longest
from pathlib import Path

import nbformat
import pytest
from rich.console import Console

from cnn_course.authoring.regions import SOLUTION, split_regions
from cnn_course.course import Course, load_course
from cnn_course.demo.recipes import DemoClass, Recipe, hand_in
from cnn_course.demo.run import demo_config, grade_all, release_into
from grader_tests.answers import WrongAnswer, wrong_answers
from splitgrade.feedback.pages import graded_students, write_feedback
from tests.course.test_demo import hidden_lines, look
from tests.course_fixture import REPOSITORY

pytestmark = pytest.mark.long  # some minutes; the pages of the demo class are searched in tests/course/test_demo.py

SEED = 4711094857
ASSIGNMENTS = ("cnn_exercises", "cnn_quiz", "cnn_claims")


def rounds() -> list[list[WrongAnswer]]:
    """Return all wrong answers, in rounds with at most one for each question."""
    by_question: dict[str, list[WrongAnswer]] = defaultdict(list)
    for wrong in wrong_answers().values():
        by_question[wrong.question].append(wrong)
    return [[wrong for wrong in each if wrong] for each in zip_longest(*by_question.values())]


def wrong_class(course: Course) -> DemoClass:
    """Return a class in which student number k gives the k-th wrong answer to every question that has one."""
    notebooks = {name: each for each in ASSIGNMENTS for name in course.assignment(each).notebooks}
    students = []
    for number, wrongs in enumerate(rounds()):
        answers = {wrong.question: f"wrong:{wrong.id}" for wrong in wrongs if notebook_of(wrong) in notebooks}
        used = {notebook_of(wrong) for wrong in wrongs}
        files = {name: "missing" for name in notebooks if name not in used}
        recipe = Recipe(
            f"s{number:02}", f"Student {number}", "", "blank", "2026-11-18 16:20:00 UTC", answers, {}, files, {}
        )
        students.append(recipe)
    return DemoClass(ASSIGNMENTS, "2026-11-20 22:00:00 UTC", SEED, 10, tuple(each for each in students if each.answers))


@cache
def cells() -> dict[str, str]:
    """Return for every cell of the course the notebook that holds it."""
    notebooks = sorted((REPOSITORY / "source").rglob("*.ipynb"))
    return {cell["id"]: path.stem for path in notebooks for cell in nbformat.read(path, as_version=4).cells}


def notebook_of(wrong: WrongAnswer) -> str:
    """Return the notebook of a question."""
    return cells()[wrong.question]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build, release, hand in, grade and render, in a folder of its own."""
    course = load_course(REPOSITORY)
    recipes = wrong_class(course)
    folder = tmp_path_factory.mktemp("wrong") / "course"
    config = demo_config(course, folder, recipes)
    release_into(course, folder, config, recipes)
    hand_in(course, folder, recipes)
    grade_all(folder, config, recipes, Console(file=io.StringIO()))
    for name in ASSIGNMENTS:
        for student, outcome in write_feedback(folder, config, name, graded_students(folder / "autograded", name)):
            assert outcome.success, (student, outcome.reason)
    return folder


def pages(folder: Path) -> list[Path]:
    """Return all feedback pages of notebooks."""
    return sorted(path for path in (folder / "feedback").rglob("*.html") if path.name != "index.html")


def text_of(page: Path) -> str:
    """Return what a reader sees of a page."""
    return look(page).text


def submitted(folder: Path, page: Path) -> str:
    """Return all that the student handed in for a page."""
    student, assignment = page.parents[1].name, page.parent.name
    notebook = nbformat.read(folder / "submitted" / student / assignment / f"{page.stem}.ipynb", as_version=4)
    return "\n".join(cell.source for cell in notebook.cells)


def model_lines(path: Path) -> set[str]:
    """Return the lines of the model answers that say something of their own."""
    cells = nbformat.read(path, as_version=4).cells
    lines = (line.strip() for cell in cells for line in split_regions(cell.source, SOLUTION).inside)
    return {line for line in lines if len(line) > 20}


def test_every_wrong_answer_has_a_page(folder: Path) -> None:
    """Nothing that is known to be wrong stays without feedback."""
    course = load_course(REPOSITORY)
    graded = {name for each in ASSIGNMENTS for name in course.assignment(each).notebooks}
    expected = {
        (f"s{number:02}", notebook_of(wrong))
        for number, wrongs in enumerate(rounds())
        for wrong in wrongs
        if notebook_of(wrong) in graded
    }
    assert {(page.parents[1].name, page.stem) for page in pages(folder)} == expected


def test_every_hint_reaches_its_student(folder: Path) -> None:
    """Each wrong answer reads its own hint on its page."""
    for number, wrongs in enumerate(rounds()):
        for wrong in wrongs:
            found = list((folder / "feedback" / f"s{number:02}").glob(f"*/{notebook_of(wrong)}.html"))
            text = text_of(found[0]) if found else ""
            assert not found or " ".join(wrong.hint.split()) in text, wrong.id


def test_no_page_shows_anything_of_the_checks(folder: Path) -> None:
    """Hidden lines, packages of the checks, the seed, ids of mistakes and folders stay behind.

    A traceback of a test would show its line, which is searched for; those of the student's own cells may be shown.
    """
    hidden = {line.strip() for path in (folder / "source").rglob("*.ipynb") for line in hidden_lines(path)}
    assert hidden
    forbidden = [
        *hidden,
        *("grader_tests", "cnn_ref", "HIDDEN TESTS", "BEGIN SOLUTION", "SPLITGRADE_SEED", "misconception"),
        *("site-packages", "np.random", str(SEED), str(folder), str(REPOSITORY)),
        *(wrong.id for wrong in wrong_answers().values()),
    ]
    for page in pages(folder):
        text = page.read_text(encoding="utf-8")
        assert [secret for secret in forbidden if secret in text] == [], page


def test_no_page_shows_a_line_of_the_model_answer(folder: Path) -> None:
    """Who answers wrongly reads no line of the right answer but those they wrote themselves or were given."""
    models = {path.stem: model_lines(path) for path in (folder / "source").rglob("*.ipynb")}
    assert all(models[name] for name in ("ex39", "ex41", "ex43"))
    for page in pages(folder):
        text, own = text_of(page), submitted(folder, page)
        assert [line for line in models[page.stem] if line in text and line not in own] == [], page
